//! Words to visitors who have done nothing yet (PRODUCT V13): rules that are added, worded and removed.

use domain::{INVITE_PAGE, INVITE_SECONDS, INVITE_TEXT, INVITE_VISITS, INVITES, Invite};
use leptos::prelude::*;

use super::super::fields::Wrong;
use crate::browser;

/// The rules as they stand, in order.
#[derive(Clone, Copy)]
pub struct InviteList {
    all: RwSignal<Vec<Rule>>,
    /// Numbers for rows, so that a row stays the same wherever it stands.
    next: StoredValue<u32>,
    /// Of the whole form: what belongs to a rule lives as long as that.
    owner: StoredValue<Owner>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Rule {
    row: u32,
    text: RwSignal<String>,
    page: RwSignal<String>,
    seconds: RwSignal<String>,
    visits: RwSignal<String>,
}

impl InviteList {
    pub fn of(invites: Vec<Invite>) -> Self {
        let owner = StoredValue::new(Owner::current().unwrap_or_default());
        let list = Self { all: RwSignal::default(), next: StoredValue::new(0), owner };
        list.all.set(invites.into_iter().map(|invite| list.rule(invite)).collect());
        list
    }

    /// What is no number is out of every range, and told by the server as such.
    pub fn invites(self) -> Vec<Invite> {
        let number = |text: RwSignal<String>| text.with_untracked(|text| text.trim().parse().unwrap_or(u16::MAX));
        let invite = |rule: &Rule| Invite {
            text: rule.text.get_untracked(),
            page: rule.page.get_untracked(),
            seconds: number(rule.seconds),
            visits: number(rule.visits),
        };
        self.all.with_untracked(|all| all.iter().map(invite).collect())
    }

    fn rule(self, invite: Invite) -> Rule {
        self.next.update_value(|next| *next += 1);
        self.owner.get_value().with(|| Rule {
            row: self.next.get_value(),
            text: RwSignal::new(invite.text),
            page: RwSignal::new(invite.page),
            seconds: RwSignal::new(invite.seconds.to_string()),
            visits: RwSignal::new(invite.visits.max(1).to_string()),
        })
    }

    fn add(self) {
        let rule = self.rule(Invite { seconds: 20, ..Invite::default() });
        self.all.update(|all| all.push(rule));
        browser::focus(&rule.id("text"));
    }
}

impl Rule {
    fn id(self, part: &str) -> String {
        format!("invite-{}-{part}", self.row)
    }
}

#[component]
pub fn InviteGroup(
    list: InviteList,
    wrong: RwSignal<Wrong>,
    noted: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let full = move || list.all.with(Vec::len) >= INVITES;
    let add = move |_| {
        list.add();
        noted();
    };
    view! {
        <fieldset class="dk-group" id="invites" tabindex="-1">
            <legend>"Invitations"</legend>
            <p class="dk-field__hint">
                "A few words beside the button for visitors who have not opened it. The first that holds speaks, once on a \
                 page; whoever closes it is left alone for a day. Nobody is invited while nobody is there."
            </p>
            <ol class="dk-asked">
                <For each=move || list.all.get() key=|rule| rule.row let:rule>
                    <Card list=list rule=rule wrong=wrong noted=noted />
                </For>
            </ol>
            <button
                type="button"
                class="dk-button dk-asked__more"
                disabled=full
                on:click=add
            >
                "Add an invitation"
            </button>
        </fieldset>
    }
}

#[component]
fn Card(
    list: InviteList,
    rule: Rule,
    wrong: RwSignal<Wrong>,
    noted: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let place = Memo::new(move |_| list.all.with(|all| all.iter().position(|one| *one == rule)).unwrap_or_default());
    let problem =
        move |part: &'static str| wrong.with(|wrong| wrong.problem(&format!("invites.{}.{part}", place.get())));
    let field = move |part: &'static str, label: String, value: RwSignal<String>, most: usize, line: String| {
        let id = rule.id(part);
        view! {
            <div class="dk-field">
                <label for=id.clone()>{label}</label>
                <input
                    id=id.clone()
                    maxlength=most
                    dir="auto"
                    inputmode=if most < 10 { "numeric" } else { "text" }
                    aria-describedby=format!("{id}-wrong")
                    aria-invalid=move || problem(part).map(|_| "true")
                    prop:value=move || value.get()
                    on:input:target=move |event| value.set(event.target().value())
                />
                <p class="dk-field__wrong" id=format!("{id}-wrong") role="alert">
                    {move || problem(part).map(|_| line.clone())}
                </p>
            </div>
        }
    };
    let remove = move |_| {
        list.all.update(|all| all.retain(|one| *one != rule));
        noted();
        browser::focus("invites");
    };
    let number = |most: u16| format!("A number from 0 to {most}.");
    view! {
        <li class="dk-asked__card">
            <div class="dk-asked__head">
                <b>{move || format!("Invitation {}", place.get() + 1)}</b>
                <button
                    type="button"
                    class="dk-button"
                    aria-label=move || format!("Remove invitation {}", place.get() + 1)
                    on:click=remove
                >
                    "Remove"
                </button>
            </div>
            {field("text", "Words".into(), rule.text, INVITE_TEXT, "Say something, in at most 200 characters.".into())}
            {field(
                "page",
                "On pages whose address holds (empty: on all)".into(),
                rule.page,
                INVITE_PAGE,
                "At most 200 characters.".into(),
            )}
            {field("seconds", "After so many seconds there".into(), rule.seconds, 5, number(INVITE_SECONDS))}
            {field(
                "visits",
                "From this visit on (more than 1: the visitor’s browser counts, which needs their consent in some countries)".into(),
                rule.visits,
                5,
                number(INVITE_VISITS),
            )}
        </li>
    }
}

use std::collections::BTreeSet;

use domain::{
    AfterWait, AgentId, LONGEST_QUEUE_NAME, QueueId, QueueRules, QueueSettings, Returning, Strategy, Targets, WrapUp,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use wire::{
    Error, Field,
    queues::{Queue, QueueDraft},
};

use super::{
    super::{
        fields::{Labelled, Wrong},
        parts::{Foot, Numeric, Select, number, refused},
    },
    Page, api,
    choices::{PeopleChoice, StrategyChoice},
    words,
};
use crate::live::Live;

/// The form's fields as they stand; numbers as they were typed.
#[derive(Clone, Copy)]
struct Fields {
    name: RwSignal<String>,
    strategy: RwSignal<Strategy>,
    ring: RwSignal<String>,
    pause: RwSignal<String>,
    chat_limit: RwSignal<String>,
    priority: RwSignal<String>,
    wait_timeout: RwSignal<String>,
    after_wait: RwSignal<String>,
    returning: RwSignal<String>,
    wrap_up: RwSignal<String>,
    wrap_up_seconds: RwSignal<String>,
    target_assign: RwSignal<String>,
    target_reply: RwSignal<String>,
    owner_wait: RwSignal<String>,
    members: RwSignal<BTreeSet<AgentId>>,
    supervisors: RwSignal<BTreeSet<AgentId>>,
}

impl Fields {
    /// A new one begins as the first queue of an installation does.
    fn of(queue: Option<Queue>) -> Self {
        let fresh = || {
            let rules = QueueRules { chat_limit: 5, ..QueueRules::default() };
            let settings = QueueSettings { strategy: Strategy::RingByTurns, ..QueueSettings::default() };
            (String::new(), rules, settings, Vec::new(), Vec::new())
        };
        let (name, rules, settings, members, supervisors) = queue
            .map_or_else(fresh, |queue| (queue.name, queue.rules, queue.settings, queue.members, queue.supervisors));
        let number = |n: u32| RwSignal::new(n.to_string());
        let (wrap_up, seconds) = match rules.wrap_up {
            WrapUp::None => ("none", 30),
            WrapUp::Timed(seconds) => ("timed", seconds),
            WrapUp::Manual => ("manual", 30),
        };
        let after_wait = match settings.after_wait {
            AfterWait::Missed => "missed".to_owned(),
            AfterWait::Queue(next) => next.to_string(),
        };
        let returning = match settings.returning {
            Returning::AnyAgent => "any",
            Returning::SameAgent => "same",
            Returning::NewAgent => "new",
        };
        let people = |people: Vec<AgentId>| RwSignal::new(people.into_iter().collect::<BTreeSet<_>>());
        Self {
            name: RwSignal::new(name),
            strategy: RwSignal::new(settings.strategy),
            ring: number(settings.ring),
            pause: number(settings.pause),
            chat_limit: number(rules.chat_limit),
            priority: number(settings.priority.into()),
            wait_timeout: number(rules.wait_timeout),
            after_wait: RwSignal::new(after_wait),
            returning: RwSignal::new(returning.to_owned()),
            wrap_up: RwSignal::new(wrap_up.to_owned()),
            wrap_up_seconds: number(seconds),
            target_assign: number(settings.targets.assign),
            target_reply: number(settings.targets.reply),
            owner_wait: number(settings.owner_wait),
            members: people(members),
            supervisors: people(supervisors),
        }
    }

    /// What is to be saved, or the fields that hold no number.
    fn draft(self) -> Result<QueueDraft, Vec<Field>> {
        let mut wrong = Vec::new();
        let mut numeric = |field, text: RwSignal<String>| text.with_untracked(|text| number(field, text, &mut wrong));
        let wrap_up = match self.wrap_up.get_untracked().as_str() {
            "timed" => WrapUp::Timed(numeric("wrap_up", self.wrap_up_seconds)),
            "manual" => WrapUp::Manual,
            _ => WrapUp::None,
        };
        let rules = QueueRules {
            wait_timeout: numeric("wait_timeout", self.wait_timeout),
            chat_limit: numeric("chat_limit", self.chat_limit),
            wrap_up,
        };
        let next = self.after_wait.with_untracked(|value| value.parse::<QueueId>().ok());
        let settings = QueueSettings {
            strategy: self.strategy.get_untracked(),
            ring: numeric("ring", self.ring),
            pause: numeric("pause", self.pause),
            // What is too large for it is out of range all the same.
            priority: u8::try_from(numeric("priority", self.priority)).unwrap_or(u8::MAX),
            after_wait: next.map_or(AfterWait::Missed, AfterWait::Queue),
            returning: match self.returning.get_untracked().as_str() {
                "same" => Returning::SameAgent,
                "new" => Returning::NewAgent,
                _ => Returning::AnyAgent,
            },
            targets: Targets {
                assign: numeric("target_assign", self.target_assign),
                reply: numeric("target_reply", self.target_reply),
            },
            owner_wait: numeric("owner_wait", self.owner_wait),
            ..QueueSettings::default()
        };
        let people =
            |people: RwSignal<BTreeSet<AgentId>>| people.with_untracked(|people| people.iter().copied().collect());
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(QueueDraft {
            name: self.name.get_untracked(),
            rules,
            settings,
            members: people(self.members),
            supervisors: people(self.supervisors),
        })
    }
}

/// A new queue, or one to be changed.
#[component]
pub fn QueueForm(page: Page, queue: Option<Queue>) -> impl IntoView {
    let live = expect_context::<Live>();
    let id = queue.as_ref().map(|queue| queue.id);
    let fields = Fields::of(queue);
    let (wrong, busy) = (RwSignal::new(Wrong::default()), RwSignal::new(false));
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let draft = match fields.draft() {
            Ok(draft) => draft,
            Err(found) => return refused(wrong, &Error::Invalid(found)),
        };
        busy.set(true);
        spawn_local(async move {
            match api::save_queue(id, draft).await {
                Ok(queue) => page.put(live, queue),
                Err(error) => refused(wrong, &error),
            }
            busy.try_set(false);
        });
    };
    view! {
        <form
            class="dk-panel-card dk-fields"
            aria-label=if id.is_some() { "Change queue" } else { "New queue" }
            novalidate=true
            on:submit=save
            on:input=move |_| page.unsaved.note()
            on:change=move |_| page.unsaved.note()
        >
            <Labelled
                id="queue-name"
                label="Name"
                wrong=Signal::derive(move || wrong.with(|wrong| wrong.line("name", "")))
            >
                <input
                    id="queue-name"
                    type="text"
                    maxlength=LONGEST_QUEUE_NAME
                    autocomplete="off"
                    dir="auto"
                    aria-describedby="queue-name-wrong"
                    aria-invalid=move || wrong.with(|wrong| wrong.problem("name").is_some()).then_some("true")
                    prop:value=move || fields.name.get()
                    on:input:target=move |event| fields.name.set(event.target().value())
                />
            </Labelled>
            <StrategyChoice strategy=fields.strategy />
            <Offers fields=fields wrong=wrong />
            <Waiting page=page id=id fields=fields wrong=wrong />
            <Afterwards fields=fields wrong=wrong />
            <Staff page=page fields=fields wrong=wrong />
            <Foot wrong=wrong busy=busy cancel=move || page.close() />
        </form>
    }
}

#[component]
fn Offers(fields: Fields, wrong: RwSignal<Wrong>) -> impl IntoView {
    let rings = move || !matches!(fields.strategy.get(), Strategy::Pick | Strategy::AutoAnswer);
    view! {
        <fieldset class="dk-group dk-group--two">
            <legend>"Offers"</legend>
            <Show when=rings>
                <Numeric field="ring" label="Ring time" hint="How long a chat rings with one agent." value=fields.ring wrong=wrong />
                <Numeric
                    field="pause"
                    label="Pause after a decline"
                    hint="Until it rings again with who declined it or let it ring."
                    value=fields.pause
                    wrong=wrong
                />
            </Show>
            <Numeric
                field="chat_limit"
                label="Chats per agent"
                unit="chats"
                hint="Whoever has as many gets no more of this queue; 0 for no limit. A person's own limit counts too."
                value=fields.chat_limit
                wrong=wrong
            />
            <Numeric
                field="priority"
                label="Priority"
                unit=""
                hint="Chats of the queue with the higher number are served first."
                value=fields.priority
                wrong=wrong
            />
        </fieldset>
    }
}

#[component]
fn Waiting(page: Page, id: Option<QueueId>, fields: Fields, wrong: RwSignal<Wrong>) -> impl IntoView {
    let next = page.all.with_untracked(|all| {
        let others = all.iter().filter(|queue| Some(queue.id) != id);
        let others = others.map(|queue| (queue.id.to_string(), format!("It waits on in {}", queue.name)));
        std::iter::once(("missed".to_owned(), "It ends as missed".to_owned())).chain(others).collect::<Vec<_>>()
    });
    let returning = [
        ("any", "Any agent"),
        ("same", "The agent they had before, if free"),
        ("new", "Another agent than before, if there is one"),
    ];
    view! {
        <fieldset class="dk-group dk-group--two">
            <legend>"Waiting"</legend>
            <Numeric
                field="wait_timeout"
                label="Longest wait"
                hint="How long a chat waits for an agent."
                value=fields.wait_timeout
                wrong=wrong
            />
            <Select field="after_wait" label="What then" options=next value=fields.after_wait wrong=wrong />
            <Select
                field="returning"
                label="Who gets visitors who come back"
                options=returning.map(|(value, word)| (value.to_owned(), word.to_owned())).to_vec()
                value=fields.returning
                wrong=wrong
            />
            <Numeric
                field="owner_wait"
                label="Wait for an agent who is cut off"
                hint="Then the chat goes back to the queue."
                value=fields.owner_wait
                wrong=wrong
            />
            <Numeric
                field="target_assign"
                label="Target: an agent within"
                hint="Measured in reports; nothing happens by itself."
                value=fields.target_assign
                wrong=wrong
            />
            <Numeric field="target_reply" label="Target: a reply within" value=fields.target_reply wrong=wrong />
        </fieldset>
    }
}

#[component]
fn Afterwards(fields: Fields, wrong: RwSignal<Wrong>) -> impl IntoView {
    let options = [("none", "Nothing"), ("timed", "Wrap-up for a set time"), ("manual", "Wrap-up until Close")];
    view! {
        <fieldset class="dk-group dk-group--two">
            <legend>"After a chat"</legend>
            <Select
                field="wrap_up_kind"
                label="What follows when an agent ends it"
                hint="In wrap-up an agent is offered nothing, to finish notes; picking by hand stays possible."
                options=options.map(|(value, word)| (value.to_owned(), word.to_owned())).to_vec()
                value=fields.wrap_up
                wrong=wrong
            />
            <Show when=move || fields.wrap_up.with(|kind| kind == "timed")>
                <Numeric field="wrap_up" label="Wrap-up time" value=fields.wrap_up_seconds wrong=wrong />
            </Show>
        </fieldset>
    }
}

#[component]
fn Staff(page: Page, fields: Fields, wrong: RwSignal<Wrong>) -> impl IntoView {
    let of = |may: fn(&domain::Roles) -> bool| {
        page.people.with_untracked(|people| people.iter().filter(|one| may(&one.roles)).cloned().collect::<Vec<_>>())
    };
    view! {
        <PeopleChoice
            legend="Members"
            field="members"
            people=of(|roles| roles.agent)
            nobody="Nobody here is an agent yet."
            chosen=fields.members
            wrong=wrong
        />
        <p class="dk-warning" role="status">
            {move || fields.members.with(BTreeSet::is_empty).then_some(words::NOBODY)}
        </p>
        <PeopleChoice
            legend="Supervisors"
            field="supervisors"
            people=of(|roles| roles.supervisor)
            nobody="Nobody here is a supervisor yet. Admins see every queue."
            chosen=fields.supervisors
            wrong=wrong
        />
    }
}

use domain::{Channel, SessionId, Status, Strategy};
use leptos::{html, prelude::*};
use wire::agent::{Me, Row};

use super::{
    Section, badges,
    handover::{Ask, Asking},
    lines::name_or,
    part::{self, Part},
    use_claim,
};
use crate::{
    browser,
    live::Live,
    ringing::ring_word,
    ui::{
        Avatar, Count, Glyph, Icon, status_dot, status_word,
        time::{ago, duration, seconds_between},
    },
};

/// Waiting longer than this many seconds misses the target (PRODUCT M2: two minutes to assign).
const LATE: i64 = 120;

/// One line of Incoming or Active.
#[component]
pub fn LiveRow(
    id: SessionId,
    section: Section,
    session: Memo<Option<SessionId>>,
    part: Part,
    rows: Memo<part::Rows>,
) -> impl IntoView {
    let node = NodeRef::<html::Li>::new();
    Effect::new(move |_| {
        if let Some(element) = node.get() {
            let height = browser::on_height(&element, move |height| part.measured_row(height));
            on_cleanup(move || browser::forget_height(height));
        }
    });
    // A list that is not all in the document says how long it is.
    let number = Memo::new(move |_| {
        let at = |rows: &part::Rows| rows.shown.iter().find(|(_, session)| *session == id).map(|(at, _)| at + 1);
        rows.with(|rows| (rows.shown.len() < rows.all).then(|| at(rows)).flatten().map(|at| (at, rows.all)))
    });
    let gap =
        Memo::new(move |_| rows.with(|rows| rows.between.filter(|(session, _)| *session == id).map(|(_, gap)| gap)));
    let open = move || session.get() == Some(id);
    let live = expect_context::<Live>();
    let row = Memo::new(move |_| live.rows.with(|rows| rows.shown(id).cloned()));
    let gone = Memo::new(move |_| {
        live.rows.with(|rows| rows.leaving(id).map(|leaving| leaving.taken_by.clone().unwrap_or_default()))
    });
    let of =
        move |f: fn(&Row) -> String| Signal::derive(move || row.with(|row| row.as_ref().map(f).unwrap_or_default()));
    let unread = Signal::derive(move || row.with(|row| row.as_ref().map_or(0, |row| row.unread)));
    let status = move || row.with(|row| row.as_ref().map(|row| row.status));
    let hue = Signal::derive(move || row.with(|row| row.as_ref().map_or(0, |row| row.visitor.hue)));
    let dot = Signal::derive(move || status().map_or("", status_dot));
    let takes = Memo::new(move |_| {
        let may = |row: &Row| live.me.with(|me| live.queues.with(|queues| badges::may_take(me, queues, row)));
        gone.with(Option::is_none) && row.with(|row| row.as_ref().is_some_and(may))
    });
    let owns = Memo::new(move |_| {
        gone.with(Option::is_none)
            && live.me.with(|me| row.with(|row| row.as_ref().is_some_and(|row| badges::owns(me, row))))
    });
    let picks = Memo::new(move |_| {
        let queue = row.with(|row| row.as_ref().map(|row| row.queue));
        live.queues.with(|queues| queues.iter().any(|one| Some(one.id) == queue && one.strategy == Strategy::Pick))
    });
    let rings = Memo::new(move |_| {
        let to = row.with(|row| row.as_ref().and_then(|row| row.ring.as_ref().map(|ring| ring.to.clone())));
        let me = live.me.with(|me| me.id);
        to.filter(|_| gone.with(Option::is_none)).map(|to| ring_word(&to, me, |id| live.name_of(id)))
    });
    let words = move || match gone.get() {
        Some(name) if name.is_empty() => "No longer here".to_owned(),
        Some(name) => format!("{name} has it"),
        None => live.me.with(|me| row.with(|row| row.as_ref().map(|row| last_words(me, row)).unwrap_or_default())),
    };
    view! {
        <li
            class="dk-row"
            node_ref=node
            aria-posinset=move || number.get().map(|(at, _)| at)
            aria-setsize=move || number.get().map(|(_, all)| all)
            style:margin-block-end=move || gap.get().map(|gap| format!("{gap}px"))
            on:focusin=move |_| part.has_keyboard(id, true)
            on:focusout=move |_| part.has_keyboard(id, false)
            class:dk-row--open=open
            class:dk-row--unread=move || { unread.get() > 0 }
            class:dk-row--gone=move || gone.with(Option::is_some)
        >
            <Avatar initials=of(|row| row.visitor.initials.clone()) hue=hue dot=dot />
            <div class="dk-row__who">
                <a
                    class="dk-row__link"
                    href=section.chat_href(id)
                    aria-current=move || open().then_some("true")
                    dir="auto"
                >
                    {of(|row| name_or(&row.visitor.name).to_owned())}
                </a>
                <Show when=move || status() == Some(Status::WaitingForAgent) && gone.with(Option::is_none)>
                    <span class="dk-new">"New"</span>
                </Show>
                <ByEmail row=row />
                <Show when=move || rings.with(Option::is_some)>
                    <span class="dk-rung"><Icon glyph=Glyph::Bell small=true /> {move || rings.get()}</span>
                </Show>
            </div>
            <RowTime row=row />
            <p class="dk-row__words" dir="auto">{words}</p>
            <span class="dk-row__end">
                <Count n=unread class="dk-badge" />
            </span>
            <span class="dk-hidden">
                {move || status().map(status_word)}
                {move || (unread.get() > 0).then(|| format!(", {} unread", unread.get()))}
            </span>
            <Show when=move || takes.get()>
                <Respond id=id picks=picks />
            </Show>
            <Show when=move || owns.get()>
                <Quick id=id name=of(|row| name_or(&row.visitor.name).to_owned()) />
            </Show>
        </li>
    }
}

/// Nobody sits in front of it.
#[component]
fn ByEmail(row: Memo<Option<Row>>) -> impl IntoView {
    let by_email = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.channel == Channel::Email)));
    view! {
        <Show when=move || by_email.get()>
            <span class="dk-row__channel" title="Left a message, answered by e-mail">
                <Icon glyph=Glyph::Mail small=true />
                <span class="dk-hidden">"left a message, answered by e-mail"</span>
            </span>
        </Show>
    }
}

/// In a queue that rings nobody, agents pick from the list.
#[component]
fn Respond(id: SessionId, picks: Memo<bool>) -> impl IntoView {
    let claim = use_claim();
    view! {
        <button type="button" class="dk-button dk-button--accent dk-row__respond" on:click=move |_| claim(id)>
            {move || if picks.get() { "Pick" } else { "Respond" }}
        </button>
    }
}

/// What is done most to one's own, without opening it.
#[component]
fn Quick(id: SessionId, #[prop(into)] name: Signal<String>) -> impl IntoView {
    let asking = expect_context::<Asking>();
    view! {
        <span class="dk-row__quick">
            <button
                type="button"
                class="dk-icon-button"
                title="Transfer"
                aria-label=move || format!("Transfer the chat with {}", name.get())
                on:click=move |_| asking.ask(id, Ask::Transfer)
            >
                <Icon glyph=Glyph::Transfer small=true />
            </button>
            <button
                type="button"
                class="dk-icon-button dk-icon-button--red"
                title="End"
                aria-label=move || format!("End the chat with {}", name.get())
                on:click=move |_| asking.ask(id, Ask::End)
            >
                <Icon glyph=Glyph::Close small=true />
            </button>
        </span>
    }
}

#[component]
fn RowTime(row: Memo<Option<Row>>) -> impl IntoView {
    let clock = expect_context::<Live>().clock;
    let shown = move || {
        row.with(|row| {
            let row = row.as_ref()?;
            let now = clock.now();
            let waited = seconds_between(row.waiting_since, now);
            Some(match row.status {
                Status::WaitingForAgent if waited >= LATE => (duration(waited), "dk-row__time dk-row__time--late"),
                Status::WaitingForAgent => (duration(waited), "dk-row__time"),
                Status::WrapUp => {
                    let left = row.deadline.map(|end| format!(" {}", duration(seconds_between(now, end))));
                    (format!("wrap-up{}", left.unwrap_or_default()), "dk-row__time dk-row__time--wrapup")
                }
                _ => (ago(seconds_between(row.last_at, now)), "dk-row__time"),
            })
        })
        .unwrap_or_default()
    };
    view! { <span class=move || shown().1>{move || shown().0}</span> }
}

/// The last words, with who said them when it was not the visitor.
pub fn last_words(me: &Me, row: &Row) -> String {
    match (&row.owner_name, row.last_by_staff) {
        (_, true) if row.owner == Some(me.id) => format!("You: {}", row.last_text),
        (Some(name), true) => format!("{name}: {}", row.last_text),
        _ => row.last_text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::sample;

    #[test]
    fn last_words_say_whose_they_are() {
        let me = sample::me((true, false, false));
        let mut row = sample::mine(1, 1, 0);
        assert_eq!(last_words(&me, &row), "Hello?");
        row.last_by_staff = true;
        assert_eq!(last_words(&me, &row), "You: Hello?");
        (row.owner, row.owner_name) = (Some(sample::agent(5)), Some("Kai".into()));
        assert_eq!(last_words(&me, &row), "Kai: Hello?");
        (row.owner, row.owner_name) = (None, None);
        assert_eq!(last_words(&me, &row), "Hello?");
    }
}

use domain::{SessionId, Status};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use wire::{
    Error,
    agent::{Classified, Details, Row, Thread},
};

use super::{
    api, badges,
    composer::Composer,
    current::{keep_current, refresh},
    customer::CustomerPanel,
    header::ChatHeader,
    lines::{ended_line, error_line},
    log::Log,
    ring_bar::RingBar,
    use_accept, use_claim, use_decline,
    wrap_up::WrapUpNote,
};
use crate::{
    carried::carried,
    files::Lightbox,
    keys::{Command, Keyboard, aria_keys},
    live::{Live, Talk},
};

/// Everything that opening a chat needs, so that it comes whole.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Opened {
    thread: Thread,
    details: Details,
    draft: String,
    noted: Option<Classified>,
}

/// The open chat: conversation and customer panel.
#[component]
pub fn Chat(session: SessionId, #[prop(into)] back: Signal<String>) -> impl IntoView {
    let opened = Callback::new(move |talk: Talk| view! { <OpenChat talk=talk back=back /> }.into_any());
    view! { <Opening session=session back=back opened=opened /> }
}

/// Reads what a chat consists of, unless it is here already, and shows it.
#[component]
pub fn Opening(session: SessionId, back: Signal<String>, opened: Callback<Talk, AnyView>) -> impl IntoView {
    let live = expect_context::<Live>();
    let talk = live.talk(session);
    if talk.details.with_untracked(Option::is_some) && talk.here.get_untracked() {
        refresh(live, talk);
        return opened.run(talk);
    }
    let read = carried(|| (), move |()| open(session));
    view! {
        <Suspense fallback=|| view! { <ChatSkeleton /> }>
            {move || Suspend::new(async move {
                match read.await {
                    Ok(whole) => {
                        talk.absorb(whole.thread);
                        talk.put_details(whole.details);
                        talk.draft.came(whole.draft);
                        talk.noted().opened(whole.noted);
                        opened.run(talk)
                    }
                    Err(error) => view! { <NotOpened error=error back=back /> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

async fn open(session: SessionId) -> Result<Opened, Error> {
    let (thread, details, draft, noted) = futures::join!(
        api::thread(session, 0, String::new()),
        api::details(session),
        api::draft(session),
        api::read_classification(session)
    );
    // Who may read a chat has not always a draft in it.
    Ok(Opened { thread: thread?, details: details?, draft: draft.unwrap_or_default(), noted: noted.ok().flatten() })
}

#[component]
fn OpenChat(talk: Talk, back: Signal<String>) -> impl IntoView {
    let live = expect_context::<Live>();
    let session = talk.session;
    let row = row_of(live, talk);
    let panel = RwSignal::new(None::<bool>);
    keep_current(live, talk, row);
    view! {
        <div
            class="dk-chat"
            class:dk-chat--panel=move || panel.get() == Some(true)
            class:dk-chat--bare=move || panel.get() == Some(false)
        >
            <main class="dk-thread" id="main">
                <ChatHeader row=row back=back panel=panel />
                <Log talk=talk row=row />
                <RingBar session=session row=row />
                <Foot talk=talk row=row />
                <Lightbox talk=talk />
            </main>
            <CustomerPanel talk=talk row=row panel=panel />
        </div>
    }
}

/// The live row where there is one; ended chats have none.
pub fn row_of(live: Live, talk: Talk) -> Memo<Option<Row>> {
    let session = talk.session;
    Memo::new(move |before: Option<&Option<Row>>| {
        let (live, taken_by) = live.rows.with(|rows| {
            (rows.get(session).cloned(), rows.leaving(session).and_then(|leaving| leaving.taken_by.clone()))
        });
        let before = before.and_then(Option::as_ref).filter(|row| row.owner.is_none() && row.status.open());
        let taken_by = taken_by.or_else(|| before.and_then(|row| row.owner_name.clone()));
        live.or_else(|| talk.details.with(|d| d.as_ref().map(|d| let_go(d.row.clone(), taken_by))))
    })
}

/// A row that is not on the list any more: of a chat that still goes on, it is somebody else's.
fn let_go(row: Row, taken_by: Option<String>) -> Row {
    if row.status.open() {
        Row { owner: None, owner_name: taken_by, ring: None, colleagues: Vec::new(), ..row }
    } else {
        row
    }
}

/// What one can do here now.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Below {
    Write,
    Take,
    /// It is handed over to who looks at it, by whom.
    Answer(String),
    WrapUp(&'static str),
    /// Somebody else has it, or one may only look.
    Look(String),
    Over(&'static str),
}

#[component]
pub fn Foot(talk: Talk, row: Memo<Option<Row>>) -> impl IntoView {
    let live = expect_context::<Live>();
    let below = Memo::new(move |_| {
        row.with(|row| {
            let row = row.as_ref()?;
            let gone = live.rows.with(|rows| rows.get(row.session).is_none());
            Some(live.me.with(|me| {
                if badges::may_write(me, row) {
                    Below::Write
                } else if let (Status::WrapUp, Some(outcome), true) =
                    (row.status, row.outcome, me.roles.agent && row.owner == Some(me.id))
                {
                    Below::WrapUp(ended_line(outcome))
                } else if let (Some(owner), true) = (&row.owner_name, badges::rings(me, row)) {
                    Below::Answer(owner.clone())
                } else if let (Status::WrapUp | Status::Resolved, Some(outcome)) = (row.status, row.outcome) {
                    Below::Over(ended_line(outcome))
                } else if live.queues.with(|queues| badges::may_take(me, queues, row)) && !gone {
                    Below::Take
                } else {
                    Below::Look(match &row.owner_name {
                        Some(name) if gone => format!("{name} has this chat now."),
                        Some(name) => format!("{name} has this chat. You are reading along."),
                        None if gone => "This chat is no longer waiting.".to_owned(),
                        None => "This chat is waiting. Taking it needs the agent role in its queue.".to_owned(),
                    })
                }
            }))
        })
    });
    move || match below.get() {
        Some(Below::Write) => view! { <Composer talk=talk /> }.into_any(),
        Some(Below::Take) => view! { <Preview session=talk.session /> }.into_any(),
        Some(Below::Answer(owner)) => view! { <HandedOver session=talk.session owner=owner /> }.into_any(),
        Some(Below::WrapUp(text)) => view! { <WrapUpNote row=row text=text /> }.into_any(),
        Some(Below::Look(text)) => view! { <p class="dk-foot">{text}</p> }.into_any(),
        Some(Below::Over(text)) => view! { <p class="dk-foot">{text}</p> }.into_any(),
        None => ().into_any(),
    }
}

/// A waiting chat is read before it is taken.
#[component]
fn Preview(session: SessionId) -> impl IntoView {
    let claim = use_claim();
    let keyboard = expect_context::<Keyboard>();
    view! {
        <div class="dk-foot dk-foot--take">
            <span>"You are reading a waiting chat. The visitor does not see that."</span>
            <button
                type="button"
                class="dk-button dk-button--accent dk-button--large"
                aria-keyshortcuts=aria_keys(Command::Respond)
                title=move || keyboard.chord(Command::Respond)
                on:click=move |_| claim(session)
            >
                "Respond"
            </button>
        </div>
    }
}

/// What rings oneself can be answered here too.
#[component]
fn HandedOver(session: SessionId, owner: String) -> impl IntoView {
    let (accept, decline) = (use_accept(), use_decline());
    view! {
        <div class="dk-foot dk-foot--take">
            <span><bdi>{owner}</bdi> " hands this chat over to you."</span>
            <button
                type="button"
                class="dk-button dk-button--danger dk-button--large"
                on:click=move |_| decline(session, Callback::new(|()| ()))
            >
                "Decline"
            </button>
            <button type="button" class="dk-button dk-button--green dk-button--large" on:click=move |_| accept(session)>
                "Accept"
            </button>
        </div>
    }
}

#[component]
fn NotOpened(error: Error, back: Signal<String>) -> impl IntoView {
    let title = if matches!(error, Error::NotFound | Error::Forbidden) {
        "This chat is not here for you"
    } else {
        "The chat did not open"
    };
    view! {
        <main class="dk-void" id="main">
            <h2>{title}</h2>
            <p>{error_line(&error)}</p>
            <a class="dk-button" href=move || back.get()>"Back to the list"</a>
        </main>
    }
}

#[component]
fn ChatSkeleton() -> impl IntoView {
    view! {
        <main class="dk-thread dk-skeleton" id="main" role="status" aria-label="Loading">
            <div class="dk-skeleton__head"></div>
            <div class="dk-skeleton__bubble"></div>
            <div class="dk-skeleton__bubble dk-skeleton__bubble--staff"></div>
            <div class="dk-skeleton__bubble"></div>
        </main>
    }
}

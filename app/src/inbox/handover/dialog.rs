mod block;

use domain::{ClientId, SessionId};
use leptos::{html, prelude::*, task::spawn_local};
use wire::{
    Error,
    agent::{Ack, Destinations},
};

use self::block::BlockDialog;
use super::{
    list::{People, Queues},
    rules::{Ask, LONGEST_NOTE, To, candidates, refusal},
};
use crate::{
    browser,
    inbox::{Section, api, lines::name_or},
    live::Live,
    ui::{close_dialog, open_dialog},
};

/// What is asked about a chat: whom to hand it to, or whether to block its visitor.
#[component]
pub fn HandOver(session: SessionId, ask: Ask, done: Callback<()>) -> impl IntoView {
    if ask == Ask::Block {
        view! { <BlockDialog session=session done=done /> }.into_any()
    } else {
        view! { <Choice session=session ask=ask done=done /> }.into_any()
    }
}

/// Whom to ask, and with which word.
#[component]
fn Choice(session: SessionId, ask: Ask, done: Callback<()>) -> impl IntoView {
    let live = expect_context::<Live>();
    let dialog = NodeRef::<html::Dialog>::new();
    let (chosen, to_queue) = (RwSignal::new(None::<To>), RwSignal::new(false));
    let (note, said) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let places = RwSignal::new(None::<Destinations>);
    let visitor = live.row(session).map(|row| name_or(&row.visitor.name).to_owned()).unwrap_or_default();
    open_dialog(dialog);
    Effect::new(move |_| {
        spawn_local(async move {
            match api::destinations().await {
                Ok(found) => drop(places.try_set(Some(found))),
                Err(error) => drop(said.try_set(refusal(&error, ""))),
            }
        });
    });
    let people = Memo::new(move |_| {
        let row = live.rows.with(|rows| rows.get(session).cloned());
        let all = live.colleagues.get();
        places.with(|places| match (places, row) {
            (Some(places), Some(row)) => candidates(ask, &row, places, &all),
            _ => Vec::new(),
        })
    });
    let queues =
        Memo::new(move |_| places.with(|places| places.as_ref().map(|p| p.queues.clone()).unwrap_or_default()));
    let length = Memo::new(move |_| note.with(|note| note.chars().count()));
    let name = move |to: To| match to {
        To::Agent(id) => {
            people.with_untracked(|all| all.iter().find(|one| one.id == id).map(|one| one.face.name.clone()))
        }
        To::Queue(id) => {
            queues.with_untracked(|all| all.iter().find(|one| one.queue == id).map(|one| one.name.clone()))
        }
    };
    let submit = move || {
        let (Some(to), Some(id)) = (chosen.get_untracked(), browser::client_id()) else { return };
        let name = name(to).unwrap_or_default();
        let note = Some(note.get_untracked()).filter(|note| !note.trim().is_empty());
        busy.set(true);
        said.set(String::new());
        spawn_local(async move {
            match carry_out(id, session, ask, to, note).await {
                Ok(_) => {
                    live.notify(ask.done(to, &name));
                    if ask.gives_away(to) && live.shows(session) && browser::here().starts_with("/inbox") {
                        live.destination.set(Some(Section::Active.href()));
                    }
                    close_dialog(dialog);
                }
                Err(error) => drop(said.try_set(refusal(&error, &name))),
            }
            busy.try_set(false);
        });
    };
    let may = move || !busy.get() && chosen.with(Option::is_some) && length.get() <= LONGEST_NOTE;
    view! {
        <dialog class="dk-dialog" node_ref=dialog aria-labelledby="hand-over" on:close=move |_| done.run(())>
            <form
                class="dk-dialog__form"
                on:submit=move |event| {
                    event.prevent_default();
                    if may() {
                        submit();
                    }
                }
            >
                <h2 id="hand-over">{ask.title(&visitor)}</h2>
                <p class="dk-dialog__hint">{move || ask.hint(to_queue.get())}</p>
                {(ask == Ask::Transfer).then(|| view! { <Kind to_queue=to_queue chosen=chosen /> })}
                <div class="dk-dialog__list">
                    <Show when=move || places.with(Option::is_none) && said.with(String::is_empty)>
                        <div class="dk-skeleton" role="status" aria-label="Loading">
                            <div class="dk-skeleton__row"><i></i><b></b></div>
                            <div class="dk-skeleton__row"><i></i><b></b></div>
                        </div>
                    </Show>
                    <Show when=move || places.with(Option::is_some)>
                        <Show when=move || to_queue.get() fallback=move || view! { <People people=people chosen=chosen /> }>
                            <Queues queues=queues chosen=chosen />
                        </Show>
                    </Show>
                </div>
                {(ask == Ask::Transfer).then(|| view! { <Note note=note length=length /> })}
                <p class="dk-dialog__said" role="alert">{move || said.get()}</p>
                <div class="dk-dialog__acts">
                    <button type="button" class="dk-button" on:click=move |_| close_dialog(dialog)>"Cancel"</button>
                    <button type="submit" class="dk-button dk-button--accent" disabled=move || !may()>{ask.verb()}</button>
                </div>
            </form>
        </dialog>
    }
}

/// A colleague or a queue.
#[component]
fn Kind(to_queue: RwSignal<bool>, chosen: RwSignal<Option<To>>) -> impl IntoView {
    let choice = move |(queue, word): (bool, &'static str)| {
        view! {
            <label class="dk-kind__one">
                <input
                    type="radio"
                    name="kind"
                    prop:checked=move || to_queue.get() == queue
                    on:change=move |_| {
                        to_queue.set(queue);
                        chosen.set(None);
                    }
                />
                {word}
            </label>
        }
    };
    view! {
        <fieldset class="dk-kind">
            <legend class="dk-hidden">"Transfer to"</legend>
            {[(false, "Colleague"), (true, "Queue")].map(choice).into_iter().collect_view()}
        </fieldset>
    }
}

#[component]
fn Note(note: RwSignal<String>, length: Memo<usize>) -> impl IntoView {
    let too_long = move || length.get() > LONGEST_NOTE;
    view! {
        <div class="dk-dialog__note">
            <label for="hand-over-note">"Note " <small>"for colleagues only"</small></label>
            <textarea
                id="hand-over-note"
                rows="2"
                dir="auto"
                class:dk-wrong=too_long
                aria-describedby="hand-over-length"
                aria-invalid=move || too_long().then_some("true")
                prop:value=move || note.get()
                on:input:target=move |event| note.set(event.target().value())
            ></textarea>
            <small id="hand-over-length" class:dk-dialog__over=too_long>
                {move || format!("{} / {LONGEST_NOTE}", length.get())}
            </small>
        </div>
    }
}

async fn carry_out(id: ClientId, session: SessionId, ask: Ask, to: To, note: Option<String>) -> Result<Ack, Error> {
    match (to, ask) {
        (To::Queue(queue), _) => api::requeue(id, session, queue, note).await,
        (To::Agent(to), Ask::Assign) => api::assign(id, session, to).await,
        (To::Agent(to), Ask::Reassign) => api::reassign(id, session, to).await,
        (To::Agent(to), Ask::Add) => api::add_colleague(id, session, to).await,
        (To::Agent(to), Ask::Transfer | Ask::End | Ask::Block) => api::transfer(id, session, to, note).await,
    }
}

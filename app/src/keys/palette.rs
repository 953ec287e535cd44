use leptos::{ev::KeyboardEvent, html, prelude::*, task::spawn_local};
use wire::{agent::Row, composer::Macro};

use super::{
    offers::{Act, Offer, Offers, Stock, offers},
    run::{Parts, Runner},
};
use crate::{
    browser,
    inbox::{api, macros_for},
    settings,
    ui::{Glyph, Icon, close_dialog, open_dialog, status_word},
};

/// Everything by its name: a field, and what fits below it. The focus stays in the field; the browser keeps it in the
/// dialog, and gives it back afterwards.
#[component]
pub fn PaletteDialog(runner: Runner, chats: bool) -> impl IntoView {
    let keyboard = runner.parts().keyboard;
    let dialog = NodeRef::<html::Dialog>::new();
    let typed = RwSignal::new(String::new());
    let ended = RwSignal::new(Vec::<Row>::new());
    let found = Memo::new(move |_| typed.with(|typed| find(runner, typed, chats, &ended.get())));
    // The act, so that it stays the same one while chats come and go above it.
    let chosen = RwSignal::new(None::<Act>);
    let at = Memo::new(move |_| found.with(|found| chosen.with(|chosen| place_of(found, chosen.as_ref()))));
    open_dialog(dialog);
    Effect::new(move |_| {
        if runner.parts().live.me.with_untracked(|me| me.roles.agent) {
            spawn_local(async move {
                // Without them there are still all the others.
                if let Ok(recent) = api::recent(None, None).await {
                    ended.try_set(recent.rows);
                }
            });
        }
    });
    let taken = StoredValue::new(None::<Act>);
    let take = move |act: Act| {
        taken.set_value(Some(act));
        close_dialog(dialog);
    };
    // Not before the cursor is back where it was: whatever opens next gives it back there too.
    let closed = move |_| {
        if let Some(act) = taken.try_update_value(Option::take).flatten() {
            request_animation_frame(move || carry_out(runner, act));
        }
        keyboard.open.set(None);
    };
    let on_key = move |event: KeyboardEvent| {
        if event.is_composing() || event.key_code() == 229 {
            return;
        }
        match event.key().as_str() {
            key @ ("ArrowDown" | "ArrowUp") => {
                let n = found.with_untracked(|found| all(found).count()).max(1);
                let to = (at.get_untracked() + if key == "ArrowDown" { 1 } else { n - 1 }) % n;
                chosen.set(found.with_untracked(|found| all(found).nth(to).map(|offer| offer.act.clone())));
                browser::reveal(&option_id(to));
            }
            "Enter" => {
                let act =
                    found.with_untracked(|found| all(found).nth(at.get_untracked()).map(|offer| offer.act.clone()));
                if let Some(act) = act {
                    take(act);
                }
            }
            "k" if event.ctrl_key() || event.meta_key() => close_dialog(dialog),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let words = if chats { "Search chats by name, address or last words" } else { "Type a command, or a name" };
    view! {
        <dialog
            class="dk-dialog dk-palette"
            node_ref=dialog
            aria-label=if chats { "Search chats" } else { "Commands" }
            on:close=closed
        >
            <div class="dk-palette__field">
                <Icon glyph=Glyph::Search />
                <input
                    type="text"
                    role="combobox"
                    aria-label=words
                    aria-autocomplete="list"
                    aria-expanded="true"
                    aria-controls="palette"
                    aria-activedescendant=move || found.with(|found| !found.is_empty()).then(|| option_id(at.get()))
                    placeholder=words
                    autocomplete="off"
                    spellcheck="false"
                    dir="auto"
                    on:input:target=move |event| {
                        chosen.set(None);
                        typed.set(event.target().value());
                    }
                    on:keydown=on_key
                />
            </div>
            <p class="dk-hidden" role="status">{move || count_word(found.with(|found| all(found).count()))}</p>
            <div id="palette" class="dk-palette__list" role="listbox" aria-label="Results">
                {move || found.with(|found| listed(runner, found, at, chosen, take))}
            </div>
            <Show when=move || found.with(Vec::is_empty)>
                <p class="dk-palette__none">"Nothing fits. Try other words, or fewer."</p>
            </Show>
            <p class="dk-palette__keys" aria-hidden="true">
                <span><kbd>"↑"</kbd> <kbd>"↓"</kbd> " choose"</span>
                <span><kbd>"Enter"</kbd> " do it"</span>
                <span><kbd>"Esc"</kbd> " close"</span>
            </p>
        </dialog>
    }
}

/// What fits now; tracked.
fn find(runner: Runner, typed: &str, chats: bool, ended: &[Row]) -> Vec<Offers> {
    let Parts { live, tools, keyboard, .. } = runner.parts();
    let commands = runner.possible();
    let macros = if chats || typed.trim().is_empty() { Vec::new() } else { macros_for(tools, typed) };
    live.me.with(|me| {
        live.rows.with(|rows| {
            let mut of: Vec<&Row> = rows.iter().filter(|row| row.status.open() || row.owner == Some(me.id)).collect();
            of.sort_by_key(|row| (row.owner != Some(me.id), row.unread == 0, std::cmp::Reverse(row.last_at)));
            let known = |row: &&Row| rows.get(row.session).is_none();
            let chat = |row| (row, chat_hint(row));
            keyboard.used.with(|used| {
                let stock = Stock {
                    commands,
                    used,
                    chats: of.into_iter().chain(ended.iter().filter(known)).map(chat).collect(),
                    macros,
                    pages: settings::pages(me).collect(),
                    resolved: me.roles.supervisor || me.roles.admin,
                };
                offers(&stock, typed, chats)
            })
        })
    })
}

fn carry_out(runner: Runner, act: Act) {
    match act {
        Act::Run(command) => {
            runner.parts().keyboard.note_used(command);
            runner.run(command, true);
        }
        Act::Open(session, section) => runner.open(session, section),
        Act::Insert(id) => {
            let one: Option<Macro> =
                runner.parts().tools.macros.with_untracked(|macros| macros.iter().find(|one| one.id == id).cloned());
            if let Some(one) = one {
                runner.parts().tools.insert(&one);
            }
        }
        Act::Go(address) => runner.go(address),
    }
}

fn listed(
    runner: Runner,
    found: &[Offers],
    at: Memo<usize>,
    chosen: RwSignal<Option<Act>>,
    take: impl Fn(Act) + Copy + Send + Sync + 'static,
) -> Vec<AnyView> {
    let mut n = 0;
    let mut group = |(g, offers): (usize, &Offers)| {
        let heading = format!("palette-group-{g}");
        let named = heading.clone();
        let lines: Vec<AnyView> = offers
            .lines
            .iter()
            .map(|offer| {
                let place = n;
                n += 1;
                line(runner, offer, place, at, chosen, take)
            })
            .collect();
        view! {
            <div role="group" aria-labelledby=named>
                <p id=heading class="dk-palette__heading" role="presentation">{offers.heading}</p>
                {lines}
            </div>
        }
        .into_any()
    };
    found.iter().enumerate().map(&mut group).collect()
}

fn line(
    runner: Runner,
    offer: &Offer,
    place: usize,
    at: Memo<usize>,
    chosen: RwSignal<Option<Act>>,
    take: impl Fn(Act) + Copy + Send + Sync + 'static,
) -> AnyView {
    let Offer { word, hint, act } = offer.clone();
    let keys = match act {
        Act::Run(command) => runner.parts().keyboard.chord(command),
        _ => String::new(),
    };
    let (hovered, pressed) = (act.clone(), act);
    view! {
        <div
            role="option"
            id=option_id(place)
            class="dk-palette__option"
            aria-selected=move || if at.get() == place { "true" } else { "false" }
            on:mousedown=move |event| event.prevent_default()
            on:mousemove=move |_| if at.get_untracked() != place { chosen.set(Some(hovered.clone())) }
            on:click=move |_| take(pressed.clone())
        >
            <span dir="auto">{word}</span>
            <small dir="auto">{hint}</small>
            <kbd aria-hidden="true">{keys}</kbd>
        </div>
    }
    .into_any()
}

fn all(found: &[Offers]) -> impl Iterator<Item = &Offer> {
    found.iter().flat_map(|group| &group.lines)
}

/// Where this one stands; the first place when it is there no more.
fn place_of(found: &[Offers], chosen: Option<&Act>) -> usize {
    chosen.and_then(|chosen| all(found).position(|offer| offer.act == *chosen)).unwrap_or(0)
}

fn option_id(place: usize) -> String {
    format!("palette-{place}")
}

fn chat_hint(row: &Row) -> String {
    match row.unread {
        0 => format!("{} · {}", status_word(row.status), row.queue_name),
        n => format!("{n} unread · {}", row.queue_name),
    }
}

fn count_word(n: usize) -> String {
    match n {
        0 => "Nothing fits".to_owned(),
        1 => "1 result".to_owned(),
        n => format!("{n} results"),
    }
}

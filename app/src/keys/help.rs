use leptos::{html, prelude::*};

use super::{
    Keyboard,
    command::{Command, Group},
};
use crate::ui::{close_dialog, open_dialog};

/// Keys that belong to what has the focus.
const IN_PLACE: [(&str, &str); 6] = [
    ("Enter", "Send the message"),
    ("Shift+Enter", "Begin a new line"),
    ("/", "Macros, at the beginning of a word"),
    ("↑ ↓", "Choose in lists and menus"),
    ("Esc", "Close what is open, or decline what rings"),
    ("Tab", "Go on to the next thing"),
];

/// The list of keys, above everything.
#[component]
pub fn HelpDialog() -> impl IntoView {
    let keyboard = expect_context::<Keyboard>();
    let dialog = NodeRef::<html::Dialog>::new();
    open_dialog(dialog);
    view! {
        <dialog
            class="dk-dialog dk-keys"
            node_ref=dialog
            aria-labelledby="keys-title"
            on:close=move |_| keyboard.open.set(None)
        >
            <div class="dk-dialog__form">
                <h2 id="keys-title">"Keyboard shortcuts"</h2>
                <div class="dk-keys__scroll" tabindex="0" role="group" aria-label="List of keys"><Shortcuts /></div>
                <div class="dk-dialog__acts">
                    <button type="button" class="dk-button" autofocus on:click=move |_| close_dialog(dialog)>"Close"</button>
                </div>
            </div>
        </dialog>
    }
}

/// Settings: the same list.
#[component]
pub fn ShortcutsPage() -> impl IntoView {
    view! {
        <h2 class="dk-settings__title">"Keyboard"</h2>
        <Shortcuts />
    }
}

#[component]
fn Shortcuts() -> impl IntoView {
    let keyboard = expect_context::<Keyboard>();
    let row = move |word: &'static str, keys: AnyView| view! { <div><dt>{word}</dt> <dd>{keys}</dd></div> }.into_any();
    let command = move |one: Command| {
        let letter = one.letter().map(|letter| letter.to_ascii_uppercase().to_string()).unwrap_or_default();
        let alone = move || (one.alone() && keyboard.alone.get()).then(|| view! { " or " <kbd>{letter.clone()}</kbd> });
        row(one.word(), view! { <kbd>{move || keyboard.chord(one)}</kbd> {alone} }.into_any())
    };
    let group = move |group: Group| {
        let lines: Vec<AnyView> =
            Command::WITH_LETTER.into_iter().filter(|one| one.group() == group).map(command).collect();
        view! {
            <section>
                <h3>{group.word()}</h3>
                <dl>{lines}</dl>
            </section>
        }
        .into_any()
    };
    let everywhere = vec![
        row("Commands and search", view! { <kbd>{move || keyboard.palette_word()}</kbd> }.into_any()),
        row(Command::Help.word(), view! { <kbd>"?"</kbd> }.into_any()),
    ];
    let in_place: Vec<AnyView> =
        IN_PLACE.into_iter().map(|(keys, word)| row(word, view! { <kbd>{keys}</kbd> }.into_any())).collect();
    view! {
        <label class="dk-keys__alone">
            <input
                type="checkbox"
                prop:checked=move || keyboard.alone.get()
                on:change=move |event| keyboard.set_alone(event_target_checked(&event))
            />
            <span>
                "Letters by themselves "
                <small>"and ?, wherever nothing is being typed. Switch them off if you speak to your computer."</small>
            </span>
        </label>
        <div class="dk-keys__groups">
            <section>
                <h3>"Everywhere"</h3>
                <dl>{everywhere}</dl>
            </section>
            {[Group::Ringing, Group::Chat, Group::Inbox, Group::Go].map(group).into_iter().collect_view()}
            <section>
                <h3>"Where the cursor is"</h3>
                <dl>{in_place}</dl>
            </section>
        </div>
    }
}

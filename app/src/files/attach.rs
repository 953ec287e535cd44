use leptos::{
    ev::{self, ClipboardEvent, DragEvent, KeyboardEvent},
    html,
    prelude::*,
};

use super::{
    Files, browser,
    tray::{Picked, Stage, percent},
};
use crate::{
    inbox::lines::{error_line, fault_line, file_size},
    keys::{Command, Keyboard, aria_keys},
    later::{Later, Part},
    ui::{Glyph, Icon},
};

/// What the file dialog offers first; what is taken is decided by content.
const OFFERED: &str = "image/jpeg,image/png,image/gif,image/webp,video/mp4,video/webm,application/pdf,text/plain";

/// Opens the browser's file dialog.
#[component]
pub fn AttachButton(files: Files) -> impl IntoView {
    let keyboard = expect_context::<Keyboard>();
    let input = NodeRef::<html::Input>::new();
    let choose = move |_| {
        if let Some(input) = input.get_untracked() {
            browser::choose(&input);
        }
    };
    let chosen = move |_| {
        if let Some(input) = input.get_untracked() {
            files.take(browser::listed(input.files()));
        }
    };
    view! {
        <input
            type="file"
            multiple
            hidden
            accept=OFFERED
            data-attach=""
            node_ref=input
            on:change=chosen
        />
        <button
            type="button"
            id="attach-files"
            class="dk-icon-button"
            aria-label="Attach files"
            aria-keyshortcuts=aria_keys(Command::Files)
            title=keyboard.tip("Attach files", Command::Files)
            on:click=choose
        >
            <Icon glyph=Glyph::Clip />
        </button>
    }
}

/// Takes files out of what is pasted; whether there were any. Where words came with them, as from a text editor, the
/// words are meant.
pub fn paste_files(files: Files, event: &ClipboardEvent) -> bool {
    let Some(data) = event.clipboard_data() else { return false };
    let words = data.get_data("text/plain").unwrap_or_default();
    let pasted = browser::carried(Some(data));
    if pasted.is_empty() || !words.trim().is_empty() {
        return false;
    }
    event.prevent_default();
    files.take(pasted);
    true
}

/// As long as it stands, files can be dropped anywhere on the page: missing a small target would open the file in
/// place of the dashboard.
#[component]
pub fn DropPlace(files: Files) -> impl IntoView {
    let over = RwSignal::new(false);
    let dragged = move |event: DragEvent| {
        if browser::holds_files(event.data_transfer().as_ref()) {
            event.prevent_default();
            over.set(true);
        }
    };
    let left = move |event: DragEvent| {
        // Not from one element of the page to the next.
        if event.related_target().is_none() {
            over.set(false);
        }
    };
    let dropped = move |event: DragEvent| {
        over.set(false);
        let carried = browser::carried(event.data_transfer());
        if !carried.is_empty() {
            event.prevent_default();
            files.take(carried);
        }
    };
    Effect::new(move |_| {
        let handles = [
            window_event_listener(ev::dragover, dragged),
            window_event_listener(ev::dragleave, left),
            window_event_listener(ev::drop, dropped),
        ];
        on_cleanup(move || handles.into_iter().for_each(WindowListenerHandle::remove));
    });
    view! {
        <Show when=move || over.get()>
            <div class="dk-drop" aria-hidden="true">
                <p><Icon glyph=Glyph::Clip /> "Drop files to look at them before they are sent"</p>
            </div>
        </Show>
    }
}

/// What is about to be sent, looked at before; then how far it is.
#[component]
pub fn TrayPanel(files: Files) -> impl IntoView {
    let tray = files.tray;
    let any = Memo::new(move |_| tray.with(|tray| !tray.picked().is_empty()));
    move || any.get().then(|| view! { <Later part=move || Part::Tray(files) /> })
}

/// Of [`Part::Tray`].
#[component]
pub fn Panel(files: Files) -> impl IntoView {
    let tray = files.tray;
    let keys = move || tray.with(|tray| tray.picked().iter().map(|picked| picked.key).collect::<Vec<_>>());
    let chosen = Memo::new(move |_| tray.with(|tray| tray.chosen().len()));
    let settled = Memo::new(move |_| tray.with(|tray| !tray.settled().is_empty()));
    let button = NodeRef::<html::Button>::new();
    // Enter then sends, as in the composer.
    Effect::new(move |_| {
        if let Some(button) = button.get() {
            let _ = button.focus();
        }
    });
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && settled.get_untracked() {
            event.stop_propagation();
            files.clear();
            crate::browser::focus("composer");
        }
    };
    let send = move |_| {
        files.send();
        crate::browser::focus("composer");
    };
    let cancel = move |_| {
        files.clear();
        crate::browser::focus("composer");
    };
    view! {
        <section class="dk-tray" aria-label="Files to send" on:keydown=on_key>
            <ul class="dk-tray__list">
                <For each=keys key=|key| *key let:key>
                    <Line files=files key=key />
                </For>
            </ul>
            <Show when=move || settled.get()>
                <div class="dk-tray__acts">
                    <button type="button" class="dk-button" on:click=cancel>"Cancel"</button>
                    <Show when=move || { chosen.get() > 0 }>
                        <button type="button" class="dk-button dk-button--accent" node_ref=button on:click=send>
                            {move || match chosen.get() {
                                1 => "Send file".to_owned(),
                                n => format!("Send {n} files"),
                            }}
                        </button>
                    </Show>
                </div>
            </Show>
        </section>
    }
}

#[component]
fn Line(files: Files, key: u32) -> impl IntoView {
    let picked = Memo::new(move |_| files.tray.with(|tray| tray.get(key).cloned()));
    let name = move || picked.with(|picked| picked.as_ref().map(|picked| picked.name.clone()));
    let picture = Memo::new(move |_| picked.with(|picked| picked.as_ref().and_then(|picked| picked.picture.clone())));
    let of = Memo::new(move |_| picked.with(|picked| picked.as_ref().map(about)));
    let stage = Memo::new(move |_| picked.with(|picked| picked.as_ref().map(|picked| picked.stage.clone())));
    let bytes = Memo::new(move |_| picked.with(|picked| picked.as_ref().map_or(0, |picked| picked.bytes)));
    let going = Memo::new(move |_| stage.with(|stage| matches!(stage, Some(Stage::Sending(_) | Stage::Checking))));
    let remove_label =
        move || format!("{} {}", if going.get() { "Stop sending" } else { "Remove" }, name().unwrap_or_default());
    view! {
        <li class="dk-tray__file">
            <span class="dk-tray__thumb">
                {move || match picture.get() {
                    Some(address) => view! { <img src=address alt="" /> }.into_any(),
                    None => view! { <Icon glyph=Glyph::File /> }.into_any(),
                }}
            </span>
            <span class="dk-tray__about">
                <bdi class="dk-tray__name">{name}</bdi>
                <small>{move || of.get()}</small>
                {move || match stage.get() {
                    Some(Stage::Refused(fault)) => {
                        view! { <span class="dk-tray__fault" role="alert">{fault_line(fault)}</span> }.into_any()
                    }
                    Some(Stage::Stopped(error)) => view! {
                        <span class="dk-tray__fault" role="alert">
                            "Not sent. " {error_line(&error)} " "
                            <button type="button" class="dk-link" on:click=move |_| files.retry(key)>"Retry"</button>
                        </span>
                    }
                    .into_any(),
                    _ => ().into_any(),
                }}
                <Show when=move || going.get()>
                    <Progress stage=stage bytes=bytes />
                </Show>
            </span>
            <button
                type="button"
                class="dk-icon-button"
                aria-label=remove_label
                on:click=move |_| files.remove(key)
            >
                <Icon glyph=Glyph::Close small=true />
            </button>
        </li>
    }
}

#[component]
fn Progress(stage: Memo<Option<Stage>>, bytes: Memo<u64>) -> impl IntoView {
    let done = move || match stage.get() {
        Some(Stage::Sending(sent)) => percent(sent, bytes.get()),
        _ => 100,
    };
    view! {
        <span class="dk-tray__progress">
            <progress max="100" prop:value=move || done().to_string() aria-label="Sent"></progress>
            <small>
                {move || match stage.get() {
                    Some(Stage::Checking) => "Checking…".to_owned(),
                    _ => format!("{} %", done()),
                }}
            </small>
        </span>
    }
}

/// `2.4 MB · JPEG`
fn about(picked: &Picked) -> String {
    match picked.media {
        Some(media) => format!("{} · {}", file_size(picked.bytes), media.word()),
        None => file_size(picked.bytes),
    }
}

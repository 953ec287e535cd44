use domain::{Attachment, AttachmentId, EventKind};
use leptos::{ev::KeyboardEvent, html, prelude::*};

use super::{Files, browser};
use crate::{
    inbox::lines::file_size,
    later::{Later, Part},
    live::Talk,
    ui::{Glyph, Icon},
};

/// A picture of the conversation, large. Arrows lead to the others, Escape closes.
#[component]
pub fn Lightbox(talk: Talk) -> impl IntoView {
    let opened = talk.files().opened;
    let file = Memo::new(move |_| {
        let id = opened.get()?;
        pictures(talk).into_iter().find(|file| file.id == id)
    });
    move || file.get().map(|file| view! { <Later part=move || Part::Picture(file.clone(), talk) /> })
}

/// Of [`Part::Picture`].
pub fn large(file: Attachment, talk: Talk) -> AnyView {
    view! { <Large file=file talk=talk /> }.into_any()
}

#[component]
fn Large(file: Attachment, talk: Talk) -> impl IntoView {
    let Files { opened, .. } = talk.files();
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            browser::open_dialog(&dialog);
        }
    });
    let id = file.id;
    let (before, after) = (beside(talk, id, -1), beside(talk, id, 1));
    let on_key = move |event: KeyboardEvent| {
        let to = match event.key().as_str() {
            "ArrowLeft" => before,
            "ArrowRight" => after,
            _ => None,
        };
        if to.is_some() {
            event.prevent_default();
            opened.set(to);
        }
    };
    // A press beside the picture closes, as people expect.
    let on_press = move |event: leptos::ev::MouseEvent| {
        if event.target() == event.current_target() {
            opened.set(None);
        }
    };
    let step = move |to: Option<AttachmentId>, label: &'static str, class: &'static str, glyph: Glyph| {
        to.map(|to| {
            view! {
                <button type="button" class=class aria-label=label on:click=move |_| opened.set(Some(to))>
                    <Icon glyph=glyph />
                </button>
            }
        })
    };
    let address = format!("/agent/files/{id}/file");
    view! {
        <dialog
            class="dk-lightbox"
            node_ref=dialog
            aria-label=format!("Picture {}", file.name)
            on:close=move |_| opened.set(None)
            on:keydown=on_key
        >
            <div class="dk-lightbox__bar">
                <bdi>{file.name.clone()}</bdi>
                <small>{file_size(file.bytes)}</small>
                <a class="dk-icon-button" href=address.clone() download=file.name.clone() aria-label="Download" title="Download">
                    <Icon glyph=Glyph::Download />
                </a>
                <button type="button" class="dk-icon-button" aria-label="Close" autofocus on:click=move |_| opened.set(None)>
                    <Icon glyph=Glyph::Close />
                </button>
            </div>
            <div class="dk-lightbox__stage" on:click=on_press>
                {step(before, "Previous picture", "dk-lightbox__step", Glyph::Back)}
                <img src=address alt=file.name.clone() />
                {step(after, "Next picture", "dk-lightbox__step dk-lightbox__step--next", Glyph::Next)}
            </div>
        </dialog>
    }
}

/// All that can be opened, in their order.
fn pictures(talk: Talk) -> Vec<Attachment> {
    talk.events.with_untracked(|events| {
        let file = |event: &wire::agent::StaffEvent| match &event.shown.as_ref()?.kind {
            EventKind::Attachment(file) if file.preview => Some(file.clone()),
            _ => None,
        };
        events.iter().filter_map(file).collect()
    })
}

fn beside(talk: Talk, id: AttachmentId, step: isize) -> Option<AttachmentId> {
    let pictures = pictures(talk);
    let at = pictures.iter().position(|file| file.id == id)?;
    pictures.get(at.checked_add_signed(step)?).map(|file| file.id)
}

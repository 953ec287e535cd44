use domain::Attachment;
use leptos::prelude::*;

use super::Files;
use crate::{
    inbox::lines::file_size,
    ui::{Glyph, Icon},
};

/// A file in the conversation: a picture one can open, a film one can play, or a card.
#[component]
pub fn FileView(file: Attachment, files: Files) -> impl IntoView {
    let Attachment { id, name, media, bytes, size, preview } = file;
    let address = format!("/agent/files/{id}/file");
    if preview {
        let label = format!("Open picture {name}");
        let (width, height) = size.map_or((None, None), |(width, height)| (Some(width), Some(height)));
        return view! {
            <button
                type="button"
                class="dk-file dk-file--picture"
                aria-label=label
                on:click=move |_| files.opened.set(Some(id))
            >
                <img src=format!("/agent/files/{id}/preview") width=width height=height alt=name loading="lazy" />
            </button>
        }
        .into_any();
    }
    let card = view! {
        <a class="dk-file dk-file--card" href=address.clone() download=name.clone()>
            <span class="dk-file__sign"><Icon glyph=if media.video() { Glyph::Film } else { Glyph::File } /></span>
            <span class="dk-file__about">
                <bdi>{name.clone()}</bdi>
                <small>{file_size(bytes)} " · " {media.word()}</small>
            </span>
            <Icon glyph=Glyph::Download small=true />
        </a>
    };
    if media.video() {
        return view! {
            <video class="dk-file dk-file--film" src=address controls preload="metadata" aria-label=name></video>
            {card}
        }
        .into_any();
    }
    card.into_any()
}

//! Files as the browser has them. Event handlers and effects never run on the server; what needs the browser's line has
//! a twin there.

use std::{cell::RefCell, collections::HashMap};

use domain::AttachmentId;
use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, DataTransfer, File, FileList, Url};

thread_local! {
    /// The browser's own handles, which no signal can hold: signals may be sent to other threads, handles may not.
    static KEPT: RefCell<HashMap<u32, File>> = RefCell::default();
}

/// Name, length and the first bytes.
pub async fn look(file: &File) -> (String, u64, Vec<u8>) {
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let head = file.slice_with_f64_and_f64(0.0, media::HEAD as f64).ok();
    let bytes = match head {
        Some(head) => JsFuture::from(head.array_buffer()).await.map(|buffer| Uint8Array::new(&buffer).to_vec()),
        None => Ok(Vec::new()),
    };
    (file.name(), length(file), bytes.unwrap_or_default())
}

/// Keeps the file, and gives an address for looking at it.
pub fn keep(key: u32, file: File, picture: bool) -> Option<String> {
    let address = picture.then(|| Url::create_object_url_with_blob(&file).ok()).flatten();
    KEPT.with_borrow_mut(|kept| kept.insert(key, file));
    address
}

pub fn forget(key: u32, address: Option<&str>) {
    KEPT.with_borrow_mut(|kept| kept.remove(&key));
    if let Some(address) = address {
        let _ = Url::revoke_object_url(address);
    }
}

/// Files that were dropped or pasted.
pub fn carried(carrier: Option<DataTransfer>) -> Vec<File> {
    listed(carrier.and_then(|carrier| carrier.files()))
}

pub fn listed(list: Option<FileList>) -> Vec<File> {
    let Some(list) = list else { return Vec::new() };
    (0..list.length()).filter_map(|n| list.get(n)).collect()
}

/// Whether something that is dragged holds files.
pub fn holds_files(carrier: Option<&DataTransfer>) -> bool {
    carrier.is_some_and(|carrier| carrier.types().includes(&"Files".into(), 0))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length in bytes")]
fn length(blob: &Blob) -> u64 {
    blob.size() as u64
}

/// The bytes of a kept file from `at` on, at most `size` of them.
#[expect(clippy::cast_precision_loss, reason = "lengths of files lie far below 2^53")]
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "the browser's line, which uses it, is not here"))]
fn piece(key: u32, at: u64, size: u64) -> Option<Blob> {
    KEPT.with_borrow(|kept| kept.get(&key)?.slice_with_f64_and_f64(at as f64, (at + size) as f64).ok())
}

#[cfg(feature = "hydrate")]
pub use line::{pause, put};

#[cfg(feature = "hydrate")]
mod line {
    use std::time::Duration;

    use gloo_net::http::{Method, RequestBuilder};
    use wire::{
        Error, Result,
        file::{UPLOAD_OFFSET, Upload},
        visitor::Refused,
    };

    use super::{AttachmentId, JsCast, piece};

    /// Brings one piece.
    pub async fn put(upload: AttachmentId, key: u32, at: u64, size: u64) -> Result<Upload> {
        let piece = piece(key, at, size).ok_or(Error::Internal)?;
        let request = RequestBuilder::new(&format!("/agent/uploads/{upload}"))
            .method(Method::PUT)
            .header(UPLOAD_OFFSET, &at.to_string())
            .body(piece.unchecked_into::<wasm_bindgen::JsValue>())
            .map_err(|_| Error::Transport)?;
        let answer = request.send().await.map_err(|_| Error::Transport)?;
        if answer.ok() {
            return answer.json().await.map_err(|_| Error::Transport);
        }
        // What is not in our words comes from something in between.
        let refused: Refused = answer.json().await.map_err(|_| Error::Transport)?;
        Err(refused.error)
    }

    pub async fn pause(time: Duration) {
        gloo_timers::future::sleep(time).await;
    }
}

/// On the server nobody sends.
#[cfg(not(feature = "hydrate"))]
pub async fn put(_: AttachmentId, _: u32, _: u64, _: u64) -> wire::Result<wire::file::Upload> {
    std::future::ready(Err(wire::Error::Transport)).await
}

#[cfg(not(feature = "hydrate"))]
pub async fn pause(_: std::time::Duration) {
    std::future::ready(()).await;
}

/// The dialog opens over everything, with the keyboard in it.
pub fn open_dialog(dialog: &web_sys::HtmlDialogElement) {
    if !dialog.open() {
        let _ = dialog.show_modal();
    }
}

/// Presses a hidden file input.
pub fn choose(input: &web_sys::HtmlInputElement) {
    // The same file may be chosen again.
    input.set_value("");
    input.unchecked_ref::<web_sys::HtmlElement>().click();
}

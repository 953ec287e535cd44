//! Sending: announced, brought in pieces, attached. Lives on while one looks at other chats.

use std::time::Duration;

use domain::SessionId;
use leptos::{prelude::*, task::spawn_local};
use wire::{Error, file::NewUpload};

use super::{
    api, browser,
    tray::{Stage, Tray, goes_on},
};
use crate::browser::client_id;

/// A piece: what common proxies let through (nginx takes bodies of 1 MB), halved on slow lines so that one sees it move.
const LARGEST: u64 = 1024 * 1024;
const SMALLEST: u64 = 64 * 1024;

/// A piece should take about this long, in milliseconds.
const PACE: std::ops::Range<i64> = 500..3_000;

/// Attempts in a row that bring nothing, before the person is asked.
const PATIENCE: u32 = 5;

/// The files of one conversation.
#[derive(Clone, Copy)]
pub struct Files {
    pub session: SessionId,
    pub tray: RwSignal<Tray>,
    /// The picture that is shown large.
    pub opened: RwSignal<Option<domain::AttachmentId>>,
}

impl Files {
    pub fn new(session: SessionId) -> Self {
        Self { session, tray: RwSignal::default(), opened: RwSignal::new(None) }
    }

    /// Takes files in, to be looked at.
    pub fn take(self, files: Vec<web_sys::File>) {
        spawn_local(async move {
            for file in files {
                let (name, bytes, head) = browser::look(&file).await;
                let key = self.tray.try_update(|tray| tray.add(name, bytes, &head)).flatten();
                let Some(key) = key else { break };
                let picture = self.tray.with_untracked(|tray| {
                    tray.get(key).is_some_and(|picked| picked.media.is_some_and(domain::Media::picture))
                });
                let address = browser::keep(key, file, picture);
                self.tray.update(|tray| tray.change(key, |picked| picked.picture = address));
            }
        });
    }

    /// Sends all that was chosen, one after the other.
    pub fn send(self) {
        let chosen = self.tray.with_untracked(Tray::chosen);
        self.tray.update(|tray| {
            for key in &chosen {
                tray.change(*key, |picked| {
                    picked.stage = Stage::Sending(0);
                    picked.client_id = client_id();
                });
            }
        });
        spawn_local(async move {
            for key in chosen {
                self.bring(key).await;
            }
        });
    }

    pub fn retry(self, key: u32) {
        self.tray.update(|tray| tray.change(key, |picked| picked.stage = Stage::Sending(0)));
        spawn_local(async move { self.bring(key).await });
    }

    /// Puts one back, or stops it on its way.
    pub fn remove(self, key: u32) {
        let picked = self.tray.try_update(|tray| tray.remove(key)).flatten();
        let Some(picked) = picked else { return };
        browser::forget(key, picked.picture.as_deref());
        if let Some(upload) = picked.upload {
            // If this does not get through, the server forgets it after a day.
            spawn_local(async move { drop(api::drop_upload(upload).await) });
        }
    }

    /// Puts back what is not on its way.
    pub fn clear(self) {
        for key in self.tray.with_untracked(Tray::settled) {
            self.remove(key);
        }
    }

    async fn bring(self, key: u32) {
        match self.brought(key).await {
            Ok(()) => {
                let picked = self.tray.try_update(|tray| tray.remove(key)).flatten();
                browser::forget(key, picked.and_then(|picked| picked.picture).as_deref());
            }
            Err(error) => {
                self.tray.try_update(|tray| tray.failed(key, error));
            }
        }
    }

    async fn brought(self, key: u32) -> Result<(), Error> {
        let Some(picked) = self.tray.try_with_untracked(|tray| tray.get(key).cloned()).flatten() else { return Ok(()) };
        let Some(id) = picked.client_id else { return Err(Error::Internal) };
        let upload = if let Some(upload) = picked.upload {
            upload
        } else {
            let new = NewUpload { name: picked.name, bytes: picked.bytes };
            let upload = api::begin_upload(self.session, new).await?.id;
            self.tray.try_update(|tray| tray.change(key, |picked| picked.upload = Some(upload)));
            if !self.wanted(key) {
                let _ = api::drop_upload(upload).await;
                return Ok(());
            }
            upload
        };
        let (mut at, mut size, mut failures) = (0, SMALLEST * 4, 0);
        while at < picked.bytes {
            let began = crate::browser::clock().millis();
            match browser::put(upload, key, at, size).await {
                Ok(coming) => {
                    failures = 0;
                    at = coming.offset;
                    let took = crate::browser::clock().millis() - began;
                    if took < PACE.start {
                        size = (size * 2).min(LARGEST);
                    } else if took > PACE.end {
                        size = (size / 2).max(SMALLEST);
                    }
                }
                Err(error) => {
                    at = goes_on(&error, at).filter(|_| failures < PATIENCE).ok_or(error)?;
                    failures += 1;
                    browser::pause(Duration::from_millis(300 << failures)).await;
                }
            }
            if !self.wanted(key) {
                return Ok(());
            }
            self.tray.try_update(|tray| tray.change(key, |picked| picked.stage = Stage::Sending(at)));
        }
        self.tray.try_update(|tray| tray.change(key, |picked| picked.stage = Stage::Checking));
        api::attach(id, self.session, upload).await.map(drop)
    }

    /// Whether nobody has taken it back.
    fn wanted(self, key: u32) -> bool {
        self.tray.try_with_untracked(|tray| tray.get(key).is_some()) == Some(true)
    }
}

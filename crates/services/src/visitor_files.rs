//! A visitor's files: their own uploads, and what is part of their own chats.

use bytes::Bytes;
use domain::{AttachmentId, Author, ClientId, Move};
use futures::Stream;
use wire::{
    Conflict, Error, Result,
    file::{FileLinks, NewUpload, Upload as Coming},
    visitor::Ack,
};

use crate::{Services, SiteEntry, VisitorAccess, faults, files::Sender};

impl Services {
    /// Bytes of the largest file that this site's chats take.
    pub fn largest_file(&self, site: &SiteEntry) -> u64 {
        self.most_bytes(site.settings.attachment_megabytes)
    }
}

impl VisitorAccess {
    /// Announces a file for the latest chat, if the agent lets them.
    pub async fn begin_upload(&self, new: &NewUpload) -> Result<Coming> {
        self.services.inner().guard.visitor_writes(self.visitor.id, self.services.now())?;
        let session = self.latest().await?.session;
        if !session.status.open() {
            return Err(Error::Conflict(Conflict::Ended));
        }
        if !session.attachments {
            return Err(Error::Conflict(Conflict::AttachmentsOff));
        }
        let site = self.services.directory().sites.get(&self.site).cloned();
        let megabytes = site.map_or(u16::MAX, |site| site.settings.attachment_megabytes);
        self.services.begin_upload(self.sender(), session.id, megabytes, new).await
    }

    /// How much of one's own upload is here.
    pub async fn upload(&self, id: AttachmentId) -> Result<Coming> {
        let upload = self.services.own_upload(self.sender(), id).await?;
        self.services.progress(&upload).await
    }

    /// Takes bytes of it; `offset` is where they begin.
    pub async fn receive<E: std::fmt::Display>(
        &self,
        id: AttachmentId,
        offset: u64,
        body: impl Stream<Item = std::result::Result<Bytes, E>>,
    ) -> Result<Coming> {
        let upload = self.services.own_upload(self.sender(), id).await?;
        self.services.receive(&upload, offset, body).await
    }

    pub async fn drop_upload(&self, id: AttachmentId) -> Result<()> {
        let upload = self.services.own_upload(self.sender(), id).await?;
        self.services.drop_upload(&upload).await
    }

    /// Sends a file that has come whole. What is wrong with it is found out here, by its content.
    pub(crate) async fn attach(&self, client_id: ClientId, id: AttachmentId) -> Result<Ack> {
        let upload = self.services.own_upload(self.sender(), id).await?;
        let latest = self.latest().await?.session;
        if upload.session != latest.id {
            return Err(Error::NotFound);
        }
        if upload.seq.is_some() {
            // By an earlier request, whose answer was lost.
            let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
            let first = conn.first_answer(self.visitor.id.uuid(), client_id).await.map_err(faults::stored)?;
            first.ok_or(Error::Conflict(Conflict::Exists))?;
        } else {
            self.services.inner().guard.visitor_writes(self.visitor.id, self.services.now())?;
            // Before the work: switched off meanwhile, or over.
            if !latest.status.open() {
                return Err(Error::Conflict(Conflict::Ended));
            }
            if !latest.attachments {
                return Err(Error::Conflict(Conflict::AttachmentsOff));
            }
        }
        let file = self.services.finish_upload(&upload).await?;
        self.act(client_id, Move::VisitorAttaches { file }).await
    }

    /// Where a file of one of their chats lies, for a short time.
    pub async fn file_links(&self, id: AttachmentId) -> Result<FileLinks> {
        let upload = self.services.sent_upload(id).await?;
        let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
        let chat = conn.session(upload.session).await.map_err(faults::stored)?.ok_or(Error::NotFound)?;
        if chat.session.visitor == self.visitor.id { Ok(self.services.links(&upload)) } else { Err(Error::NotFound) }
    }

    const fn sender(&self) -> Sender {
        Sender { author: Author::Visitor, id: self.visitor.id.uuid() }
    }
}

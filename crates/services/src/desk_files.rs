//! An agent's files.

use bytes::Bytes;
use domain::{AttachmentId, Author, ClientId, Move, SessionId};
use futures::Stream;
use wire::{
    Conflict, Error, Result,
    agent::Ack,
    file::{NewUpload, Upload as Coming},
};

use crate::{Desk, files::Sender};

impl Desk {
    /// Announces a file for a chat that one has, or writes along in.
    pub async fn begin_upload(&self, session: SessionId, new: &NewUpload) -> Result<Coming> {
        let (row, _) = self.staff.seen(session).await?;
        if !row.session.status.open() {
            return Err(Error::Conflict(Conflict::Ended));
        }
        if !row.session.worked_on_by(self.staff.member.id) {
            return Err(Error::Forbidden);
        }
        let site = self.staff.services.directory().sites.get(&row.session.site).cloned();
        let megabytes = site.map_or(u16::MAX, |site| site.settings.attachment_megabytes);
        self.staff.services.begin_upload(self.sender(), session, megabytes, new).await
    }

    /// How much of one's own upload is here.
    pub async fn upload(&self, id: AttachmentId) -> Result<Coming> {
        let upload = self.staff.services.own_upload(self.sender(), id).await?;
        self.staff.services.progress(&upload).await
    }

    /// Takes bytes of it; `offset` is where they begin.
    pub async fn receive<E: std::fmt::Display>(
        &self,
        id: AttachmentId,
        offset: u64,
        body: impl Stream<Item = std::result::Result<Bytes, E>>,
    ) -> Result<Coming> {
        let upload = self.staff.services.own_upload(self.sender(), id).await?;
        self.staff.services.receive(&upload, offset, body).await
    }

    pub async fn drop_upload(&self, id: AttachmentId) -> Result<()> {
        let upload = self.staff.services.own_upload(self.sender(), id).await?;
        self.staff.services.drop_upload(&upload).await
    }

    /// Sends a file that has come whole. What is wrong with it is found out here, by its content.
    pub async fn attach(&self, client_id: ClientId, session: SessionId, id: AttachmentId) -> Result<Ack> {
        let agent = self.staff.member.id;
        let may = self.staff.seen(session).await.map(drop);
        let upload = match &may {
            Ok(()) => self.staff.services.own_upload(self.sender(), id).await,
            Err(unseen) => Err(unseen.clone()),
        };
        let fits = upload.and_then(|upload| if upload.session == session { Ok(upload) } else { Err(Error::NotFound) });
        match fits {
            Ok(upload) if upload.seq.is_some() => self.first_answer(client_id, Error::Conflict(Conflict::Exists)).await,
            Ok(upload) => {
                let file = self.staff.services.finish_upload(&upload).await?;
                self.act_if(may, client_id, session, Move::AgentAttaches { agent, file }).await
            }
            Err(refused) => self.first_answer(client_id, refused).await,
        }
    }

    /// Lets the visitor send files in this chat, or no longer.
    pub async fn allow_attachments(&self, client_id: ClientId, session: SessionId, on: bool) -> Result<Ack> {
        let agent = self.staff.member.id;
        self.act_as_owner(client_id, session, Move::AllowAttachments { agent, on }).await
    }

    const fn sender(&self) -> Sender {
        let agent = self.staff.member.id;
        Sender { author: Author::Agent(agent), id: agent.uuid() }
    }
}

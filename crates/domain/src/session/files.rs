//! Files: sent like messages, the visitor's only while the owner lets them.

use super::{Refusal, Session, turn::Turn};
use crate::{AgentId, Attachment, Author, EventKind, Status};

impl Session {
    pub(super) fn visitor_attaches(&self, turn: &mut Turn, file: Attachment) -> Result<(), Refusal> {
        self.must_be_open()?;
        if !self.attachments {
            return Err(Refusal::AttachmentsOff);
        }
        turn.attach(Author::Visitor, file);
        Ok(())
    }

    pub(super) fn agent_attaches(&self, turn: &mut Turn, agent: AgentId, file: Attachment) -> Result<(), Refusal> {
        self.must_be_open()?;
        self.must_work_on(agent)?;
        turn.attach(Author::Agent(agent), file);
        let now = turn.now;
        turn.session.first_reply_at.get_or_insert(now);
        if self.owner == Some(agent) {
            turn.session.status = Status::ActiveChat;
        }
        Ok(())
    }

    pub(super) fn allow_attachments(&self, turn: &mut Turn, agent: AgentId, on: bool) -> Result<(), Refusal> {
        self.must_be_open()?;
        self.must_own(agent)?;
        if self.attachments != on {
            turn.session.attachments = on;
            turn.log(Author::Agent(agent), EventKind::AttachmentsAllowed { on });
        }
        Ok(())
    }
}

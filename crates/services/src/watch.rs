//! One open dashboard: what its socket may ask and what it is told. The socket itself lies in `server`.

use domain::{AgentId, SessionId, Viewer};
use realtime::{Connection, Frame, Signal};
use store::Side;
use wire::{
    Error, Result,
    agent::{ClientFrame, ServerFrame},
};

use crate::{Services, Staff, directory::Member, faults, heads::Head};

/// A dashboard's line. Dropping it removes its presence.
pub struct AgentLine {
    staff: Staff,
    connection: Connection,
    _leaving: Leaving,
}

/// What has become of the rights that a line was opened with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rights {
    Same,
    /// Whoever comes back has the new ones.
    Changed,
    Gone,
}

/// Declared after the connection, so that it is dropped after it: the hub has then forgotten the line.
struct Leaving {
    services: Services,
    agent: AgentId,
    line: u64,
}

impl Staff {
    /// Opens a line; subscribe first, then ask for [`AgentLine::welcome`].
    pub fn connect(&self) -> AgentLine {
        let connection = self.services.inner().hub.connect_agent(self.member.id);
        self.services.inner().alerts.looks.opened(connection.id(), self.member.id);
        self.services.agent_arrived(self.member.id);
        let leaving = Leaving { services: self.services.clone(), agent: self.member.id, line: connection.id() };
        AgentLine { staff: self.clone(), connection, _leaving: leaving }
    }
}

impl AgentLine {
    pub async fn welcome(&self) -> Result<ServerFrame> {
        let inbox = self.staff.inbox().await?;
        Ok(ServerFrame::Welcome { epoch: self.staff.services.inner().epoch.clone(), inbox })
    }

    /// The next thing to send; `None` when this line was cut off for being too slow.
    pub async fn next(&mut self) -> Option<Frame> {
        loop {
            match self.connection.next().await? {
                Signal::Frame(frame) => return Some(frame),
                Signal::Greet | Signal::Over => {}
            }
        }
    }

    /// A number that differs between lines.
    pub fn id(&self) -> u64 {
        self.connection.id()
    }

    /// Does what a frame asks for; the answer, where there is one.
    pub async fn handle(&mut self, frame: ClientFrame) -> Option<ServerFrame> {
        let done = match frame {
            ClientFrame::Hello { .. } => return None,
            ClientFrame::Ping => return Some(self.beat().await),
            ClientFrame::Watch { session, after, epoch } => match self.watch(session, after, &epoch).await {
                Ok(frame) => return Some(frame),
                Err(error) => Err(error),
            },
            ClientFrame::Unwatch { session } => {
                self.connection.unwatch(session);
                Ok(())
            }
            ClientFrame::Typing { session, on } => self.typing(session, on).await,
            ClientFrame::Mark { session, delivered, read } => self.mark(session, delivered, read).await,
            ClientFrame::Look { visible, focused } => {
                let agent = self.staff.member.id;
                self.staff.services.inner().alerts.looks.says(self.id(), agent, visible, focused);
                Ok(())
            }
        };
        done.err().map(ServerFrame::Error)
    }

    /// The newest number of every watched session.
    pub async fn beat(&self) -> ServerFrame {
        let mut newest = Vec::new();
        for session in self.connection.watched() {
            if let Ok((head, _)) = self.staff.seen_head(session).await {
                newest.push((session, head.seq));
            }
        }
        ServerFrame::Beat { newest }
    }

    /// Whether the sign-in still stands, and with the rights it had when the line was opened.
    pub async fn rights(&self) -> Rights {
        match self.staff.services.rights_now(&self.staff).await {
            Ok(Some(epoch)) if epoch == self.staff.member.auth_epoch => Rights::Same,
            Ok(Some(_)) => Rights::Changed,
            Ok(None) => Rights::Gone,
            // The database does not answer just now; that is no reason to sign everyone out.
            Err(_) => Rights::Same,
        }
    }

    async fn watch(&self, session: SessionId, after: u32, epoch: &str) -> Result<ServerFrame> {
        // Judged by the rights of this moment: the queues someone serves may have changed since the line was opened.
        let staff = self.now()?;
        let (_, viewer) = staff.readable(session).await?;
        self.connection.watch(session, viewer);
        // Looked at again after subscribing: a claim in between could have taken the right away unnoticed.
        match staff.thread(session, after, epoch).await {
            Ok(thread) => Ok(ServerFrame::Thread(thread)),
            Err(error) => {
                self.connection.unwatch(session);
                Err(error)
            }
        }
    }

    async fn typing(&self, session: SessionId, on: bool) -> Result<()> {
        let (head, _) = self.staff.seen_head(session).await?;
        if !head.worked_on_by(self.staff.member.id) {
            return Err(Error::Forbidden);
        }
        if head.open() {
            let frame = Frame::of(&wire::visitor::ServerFrame::Typing { on });
            self.staff.services.inner().hub.tell_visitor(head.visitor, &frame);
        }
        Ok(())
    }

    async fn mark(&self, session: SessionId, delivered: u32, read: u32) -> Result<()> {
        let head = self.owned(session).await?;
        if head.staff_marks.cover(delivered, read) {
            return Ok(());
        }
        let services = &self.staff.services;
        let marked = services.inner().store.mark(session, Side::Staff, delivered, read).await;
        marked.map(drop).map_err(|cause| faults::acted(cause, &services.directory()))
    }

    /// The session, if this agent has it: others who look at it leave no marks and are not seen typing.
    async fn owned(&self, session: SessionId) -> Result<Head> {
        let (head, viewer) = self.staff.seen_head(session).await?;
        let owner = viewer == Viewer::Staff && head.place.owner == Some(self.staff.member.id);
        if owner && !head.waits() { Ok(head) } else { Err(Error::Forbidden) }
    }

    fn now(&self) -> Result<Staff> {
        let directory = self.staff.services.directory();
        let member: Member = directory.member(self.staff.member.id).cloned().ok_or(Error::Unauthenticated)?;
        Ok(Staff { member, ..self.staff.clone() })
    }
}

impl Drop for Leaving {
    fn drop(&mut self) {
        self.services.inner().alerts.looks.closed(self.line);
        self.services.agent_line_lost(self.agent);
    }
}

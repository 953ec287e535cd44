//! What everyone who is signed in may do: see what is theirs to see, keep drafts, say how available they are.

use std::collections::HashSet;

use domain::{
    AgentId, AttachmentId, Author, Availability, ClientId, Move, QueueId, SessionId, SignInId, Status, Timestamp,
    Viewer,
};
use store::{Act, SessionRow};
use wire::{
    Error, PAGE, Result,
    agent::{Ack, Inbox, Me, Rest, Row, StaffEvent, Thread},
    file::FileLinks,
};

use crate::{
    Administration, Desk, Services, Supervision,
    directory::{Member, place},
    faults, frames,
    heads::Head,
    views,
};

/// Longest draft kept; more than any message may have.
const LONGEST_DRAFT: usize = domain::MAX_BYTES;

/// So many waiting chats, and so many that colleagues have, come with a page.
const FIRST_ROWS: u32 = 100;

/// Someone signed in, with their rights as they were when the request came.
#[derive(Clone)]
pub struct Staff {
    pub(crate) services: Services,
    pub(crate) member: Member,
    pub(crate) sign_in: SignInId,
    pub(crate) token_hash: [u8; 32],
}

impl Staff {
    pub fn me(&self) -> Me {
        let member = &self.member;
        let mut serving: Vec<_> = member.member_of.iter().copied().filter(|queue| member.serves(*queue)).collect();
        serving.sort_unstable();
        Me {
            id: member.id,
            name: member.name.clone(),
            email: member.email.clone(),
            face: member.face.clone(),
            roles: member.roles,
            availability: member.availability,
            serving,
            alerts: member.alerts,
        }
    }

    /// Everything that can be done with chats; only for agents.
    pub fn desk(&self) -> Result<Desk> {
        if self.member.roles.agent { Ok(Desk { staff: self.clone() }) } else { Err(Error::Forbidden) }
    }

    /// What supervisors and admins may see.
    pub fn supervision(&self) -> Result<Supervision> {
        let roles = self.member.roles;
        if roles.supervisor || roles.admin { Ok(Supervision { staff: self.clone() }) } else { Err(Error::Forbidden) }
    }

    /// What only admins may do.
    pub fn administration(&self) -> Result<Administration> {
        if self.member.roles.admin { Ok(Administration { staff: self.clone() }) } else { Err(Error::Forbidden) }
    }

    pub async fn inbox(&self) -> Result<Inbox> {
        let directory = self.services.directory();
        let member = &self.member;
        let served: Vec<_> = member.member_of.iter().copied().filter(|queue| member.serves(*queue)).collect();
        let overseen: Vec<_> = directory.queues.keys().copied().filter(|queue| member.oversees(*queue)).collect();
        let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
        let mut rows = conn.inbox(&served, member.id).await.map_err(faults::stored)?;
        let mut more = conn.guest_sessions(member.id).await.map_err(faults::stored)?;
        if !overseen.is_empty() {
            more.extend(conn.open_in_queues(&overseen).await.map_err(faults::stored)?);
        }
        let mut known: HashSet<_> = rows.iter().map(|row| row.session.id).collect();
        rows.extend(more.into_iter().filter(|row| known.insert(row.session.id)));
        Ok(Inbox {
            me: self.me(),
            rows: rows.iter().map(|row| views::row(row, &directory)).collect(),
            rest: Rest::default(),
            colleagues: self.services.colleagues(),
            queues: directory.queues_of(member),
            now: self.services.now(),
        })
    }

    /// The inbox as a page shows it first: everything that is one's own business, and of the others those that stand at the
    /// top of their lists. The socket brings the whole.
    pub async fn first_inbox(&self) -> Result<Inbox> {
        let mut inbox = self.inbox().await?;
        let me = self.member.id;
        let rings = |row: &Row| row.ring.as_ref().is_some_and(|ring| ring.to.contains(&me));
        let own = |row: &Row| row.owner == Some(me) || row.colleagues.contains(&me) || rings(row);
        // Waiting ones stand in the order of their waiting already, the others after the latest words.
        inbox
            .rows
            .sort_by_key(|row| if row.status == Status::WaitingForAgent { row.waiting_since } else { row.last_at });
        let (mut waiting, mut taken) = (0, 0);
        let mut kept = Vec::new();
        let (waits, others): (Vec<Row>, Vec<Row>) =
            inbox.rows.into_iter().partition(|row| row.status == Status::WaitingForAgent);
        for row in waits {
            if waiting < FIRST_ROWS || own(&row) {
                kept.push(row);
            } else {
                inbox.rest.waiting += 1;
            }
            waiting += 1;
        }
        for row in others.into_iter().rev() {
            if taken < FIRST_ROWS || own(&row) {
                kept.push(row);
            } else {
                inbox.rest.taken += 1;
            }
            taken += 1;
        }
        inbox.rows = kept;
        Ok(inbox)
    }

    /// A session's events after `after`, or its newest ones when `after` is 0 or of another epoch.
    pub async fn thread(&self, session: SessionId, after: u32, epoch: &str) -> Result<Thread> {
        let (row, viewer) = self.readable(session).await?;
        let services = self.services.inner();
        let newest = row.session.seq;
        let resumes = after > 0 && epoch == services.epoch && after <= newest;
        let mut conn = services.store.read().await.map_err(faults::stored)?;
        let events = if resumes {
            conn.events_after(session, after, PAGE).await
        } else {
            conn.events_before(session, newest + 1, PAGE).await
        };
        let page = conn.newest_page_visit(session).await.map_err(faults::stored)?;
        let mut events = self.shown(&events.map_err(faults::stored)?, viewer);
        let more = if resumes {
            frames::first_that_fit(&mut events);
            events.last().is_some_and(|last| last.seq < newest)
        } else {
            frames::last_that_fit(&mut events);
            events.first().is_some_and(|first| first.seq > 1)
        };
        Ok(Thread { page: page.map(views::visit), ..self.thread_of(&row, events, !resumes, more) })
    }

    /// The page of events before `before`, oldest first; `more` says whether there are earlier ones.
    pub async fn history(&self, session: SessionId, before: u32) -> Result<Thread> {
        let (row, viewer) = self.readable(session).await?;
        let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
        let events = conn.events_before(session, before, PAGE).await.map_err(faults::stored)?;
        let mut events = self.shown(&events, viewer);
        frames::last_that_fit(&mut events);
        let more = events.first().is_some_and(|first| first.seq > 1);
        Ok(self.thread_of(&row, events, false, more))
    }

    /// The page that begins with the first event at `at` or later; empty when there is none. `more` says whether others
    /// follow.
    pub async fn thread_at(&self, session: SessionId, at: Timestamp) -> Result<Thread> {
        let (row, viewer) = self.readable(session).await?;
        let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
        let Some(first) = conn.first_event_at(session, at).await.map_err(faults::stored)? else {
            return Ok(self.thread_of(&row, Vec::new(), false, false));
        };
        let events = conn.events_after(session, first - 1, PAGE).await.map_err(faults::stored)?;
        let mut events = self.shown(&events, viewer);
        frames::first_that_fit(&mut events);
        let more = events.last().is_some_and(|last| last.seq < row.session.seq);
        Ok(self.thread_of(&row, events, false, more))
    }

    /// Where a file of a chat that one may see lies, for a short time.
    pub async fn file_links(&self, id: AttachmentId) -> Result<FileLinks> {
        let upload = self.services.sent_upload(id).await?;
        self.seen_head(upload.session).await?;
        Ok(self.services.links(&upload))
    }

    pub async fn draft(&self, session: SessionId) -> Result<String> {
        let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
        Ok(conn.draft(self.member.id, session).await.map_err(faults::stored)?.unwrap_or_default())
    }

    /// Keeps what is being written; an empty text forgets it.
    pub async fn save_draft(&self, session: SessionId, text: String) -> Result<()> {
        if text.len() > LONGEST_DRAFT {
            return Err(Error::invalid("text", domain::FieldProblem::TooLong));
        }
        self.seen(session).await?;
        if text.trim().is_empty() && self.draft(session).await?.is_empty() {
            // After most messages: nothing to forget, and no commit for it.
            return Ok(());
        }
        let mut tx = self.services.inner().store.begin().await.map_err(faults::stored)?;
        if text.trim().is_empty() {
            tx.clear_draft(self.member.id, session).await.map_err(faults::stored)?;
        } else {
            tx.set_draft(self.member.id, session, &text, self.services.now()).await.map_err(faults::stored)?;
        }
        tx.commit().await.map_err(faults::stored)
    }

    pub async fn set_availability(&self, to: Availability) -> Result<Me> {
        let mut tx = self.services.inner().store.begin().await.map_err(faults::stored)?;
        tx.set_availability(self.member.id, to).await.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)?;
        self.changed().await
    }

    /// Serves these of one's queues from now on, and not the others.
    pub async fn serve(&self, queues: Vec<QueueId>) -> Result<Me> {
        let paused: Vec<String> =
            self.member.member_of.iter().filter(|queue| !queues.contains(queue)).map(ToString::to_string).collect();
        let mut tx = self.services.inner().store.begin().await.map_err(faults::stored)?;
        tx.set_setting(&paused_key(self.member.id), &paused.join(" ")).await.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)?;
        self.changed().await
    }

    pub async fn sign_out(&self) -> Result<()> {
        let mut tx = self.services.inner().store.begin().await.map_err(faults::stored)?;
        tx.delete_sign_in(self.sign_in).await.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)
    }

    /// The session, if this viewer may see it, and how much of it.
    pub(crate) async fn seen(&self, session: SessionId) -> Result<(SessionRow, Viewer)> {
        let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
        let row = conn.session(session).await.map_err(faults::stored)?.ok_or(Error::NotFound)?;
        let viewer = self.member.viewer(&place(&row.session)).ok_or(Error::NotFound)?;
        Ok((row, viewer))
    }

    /// Where the session stands, if this viewer may see it.
    pub(crate) async fn seen_head(&self, session: SessionId) -> Result<(Head, Viewer)> {
        let head = self.services.head(session).await?;
        let viewer = self.member.viewer(&head.place).ok_or(Error::NotFound)?;
        Ok((head, viewer))
    }

    /// A command of this person on a chat, once they may.
    pub(crate) async fn act(&self, client_id: ClientId, session: SessionId, movement: Move) -> Result<Ack> {
        let agent = self.member.id;
        self.services.agent_heard(agent);
        let act = Act {
            session,
            movement,
            author: Author::Agent(agent),
            author_id: agent.uuid(),
            client_id: Some(client_id),
            now: self.services.now(),
        };
        let done = self.services.act(act).await;
        let done = done.map_err(|cause| faults::acted(cause, &self.services.directory()))?;
        Ok(Ack { session, seq: done.seq, at: done.at })
    }

    fn shown(&self, events: &[domain::Event], viewer: Viewer) -> Vec<StaffEvent> {
        let directory = self.services.directory();
        events.iter().filter_map(|event| views::for_staff(event, viewer, &directory)).collect()
    }

    fn thread_of(&self, row: &SessionRow, events: Vec<StaffEvent>, fresh: bool, more: bool) -> Thread {
        Thread {
            session: row.session.id,
            epoch: self.services.inner().epoch.clone(),
            events,
            fresh,
            more,
            visitor_marks: views::marks(row.visitor_marks),
            staff_marks: views::marks(row.staff_marks),
            page: None,
        }
    }

    async fn changed(&self) -> Result<Me> {
        self.services.reload_directory().await.map_err(faults::stored)?;
        self.services.tell_presence(self.member.id);
        let member = self.services.directory().member(self.member.id).cloned().ok_or(Error::Unauthenticated)?;
        Ok(Self { member, ..self.clone() }.me())
    }
}

/// The setting under which an agent's queues that are not served just now stand.
pub(crate) fn paused_key(agent: AgentId) -> String {
    format!("paused_queues:{agent}")
}

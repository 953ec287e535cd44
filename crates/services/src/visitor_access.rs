//! What a visitor may do: everything here acts on their own latest chat and on nothing else; what came before it can be
//! read (`earlier`).

mod attributes;
mod earlier;
mod rating;

use domain::{
    Author, Channel, ClientId, Event, Move, Outcome, SessionId, SiteId, Stars, Status, mask_cards, message_text,
};
use realtime::{Connection, Frame};
use store::{Act, SessionRow, Side, StoreError, Visitor};
use wire::{
    Conflict, Error, PAGE, Result, agent,
    visitor::{Ack, ClientFrame, Hello, Page, Place, ServerFrame, State, Welcome},
};

pub(crate) use self::rating::AnonymousOnce;
use crate::{
    Services,
    directory::{Directory, SiteEntry},
    faults, frames,
    heads::Head,
    random, views,
    visitor_start::clean_page,
};

/// A visitor with a valid token.
#[derive(Clone)]
pub struct VisitorAccess {
    pub(crate) services: Services,
    pub(crate) visitor: Visitor,
    pub(crate) site: SiteId,
}

/// A chat to be written down.
#[derive(Debug, Clone)]
pub struct Conversation {
    /// The visitor's, empty when it is not known.
    pub name: String,
    /// Of the visitor's clock.
    pub zone: String,
    pub events: Vec<wire::visitor::Event>,
    /// The events' numbers among all of the session's.
    pub seqs: Vec<u32>,
}

impl Services {
    /// The visitor with this token. `Conflict(Unidentified)` for a stranger where the site serves none.
    pub async fn visitor(&self, token: &str) -> Result<VisitorAccess> {
        let hash = random::token_hash(token);
        let mut conn = self.inner().store.read().await.map_err(faults::stored)?;
        let found = conn.visitor_by_token(&hash).await.map_err(faults::stored)?;
        let (visitor, _) = found.ok_or(Error::Unauthenticated)?;
        let site = visitor.site;
        if !self.directory().sites.contains_key(&site) {
            return Err(Error::Unauthenticated);
        }
        let access = VisitorAccess { services: self.clone(), visitor, site };
        if access.let_in() { Ok(access) } else { Err(Error::Conflict(Conflict::Unidentified)) }
    }

    /// A whole chat, as its visitor may see it.
    pub(crate) async fn conversation_of(
        &self,
        session: SessionId,
        visitor: &Visitor,
    ) -> std::result::Result<Conversation, StoreError> {
        let directory = self.directory();
        let mut conn = self.inner().store.read().await?;
        let (mut events, mut seqs) = (Vec::new(), Vec::new());
        let mut after = 0;
        loop {
            let page = conn.visitor_events_after(session, after, PAGE).await?;
            let Some(last) = page.last().and_then(|event| event.vseq) else { break };
            after = last;
            for event in &page {
                if let Some(shown) = views::for_visitor(event, &directory) {
                    events.push(shown);
                    seqs.push(event.seq);
                }
            }
        }
        let zone = if visitor.time_zone.is_empty() { "UTC".to_owned() } else { visitor.time_zone.clone() };
        Ok(Conversation { name: visitor.name.clone(), zone, events, seqs })
    }

    /// Where a chat stands, as its visitor sees it.
    pub(crate) fn state(row: &SessionRow, queue: Option<Place>, stars: Option<Stars>, directory: &Directory) -> State {
        let session = &row.session;
        // For the visitor a chat in wrap-up is over, and who had it is told by its events.
        let status = if session.status == Status::WrapUp { Status::Resolved } else { session.status };
        State {
            status,
            outcome: session.outcome,
            agent: session.owner.map(|id| directory.face(id)),
            queue,
            stars,
            attachments: session.attachments && session.status.open(),
            by_email: session.channel == Channel::Email,
        }
    }
}

/// Lines of one visitor at the same time: each tab has one, and what is told goes to all of them.
const MOST_LINES: usize = 64;

impl VisitorAccess {
    /// A place in the hub; subscribe first, then catch up. [`Error::RateLimited`] when one visitor has as many as nobody has
    /// tabs.
    pub fn connect(&self) -> Result<Connection> {
        let hub = &self.services.inner().hub;
        if hub.lines_of_visitor(self.visitor.id) >= MOST_LINES {
            return Err(Error::RateLimited { retry_after: 30 });
        }
        Ok(hub.connect_visitor(self.visitor.id))
    }

    /// A request by plain HTTP: not more often than a line would take frames.
    pub fn asks(&self) -> Result<()> {
        self.services.inner().guard.visitor_asks(self.visitor.id, self.services.now())
    }

    /// Where the visitor came from; `None` when it is there no more.
    pub fn site(&self) -> Option<SiteEntry> {
        self.services.directory().sites.get(&self.site).cloned()
    }

    /// Whether a page of this origin may use the API with this visitor's token.
    pub fn allows_origin(&self, origin: &str) -> bool {
        self.services.directory().sites.get(&self.site).is_some_and(|site| site.allows(origin))
    }

    /// Whether the site still has them: it may have come to serve only visitors whom it has identified.
    pub fn let_in(&self) -> bool {
        !self.visitor.user_id.is_empty()
            || self.services.directory().sites.get(&self.site).is_some_and(|site| !site.settings.identified_only)
    }

    /// Where the chat stands and what was missed since the position in `hello`. Nothing to go on with when the visitor
    /// has no chat, which only erasure can bring about.
    pub(crate) async fn welcome(&self, hello: &Hello) -> Result<Welcome> {
        let row = self.latest().await?;
        let session = &row.session;
        let services = self.services.inner();
        let mut conn = services.store.read().await.map_err(faults::stored)?;
        let directory = self.services.directory();
        let resumes = hello.after > 0
            && hello.epoch == services.epoch
            && hello.session == Some(session.id)
            && hello.after <= session.vseq;
        let events = if resumes {
            conn.visitor_events_after(session.id, hello.after, PAGE).await
        } else {
            conn.visitor_events_before(session.id, session.vseq + 1, PAGE).await
        };
        let mut events = shown(&events.map_err(faults::stored)?, &directory);
        let more = if resumes {
            frames::first_that_fit(&mut events);
            events.last().is_some_and(|last| last.vseq < session.vseq)
        } else {
            frames::last_that_fit(&mut events);
            events.first().is_some_and(|first| first.vseq > 1)
        };
        let place = self.services.place_of(&mut conn, &row).await.map_err(faults::stored)?;
        drop(conn);
        let stars = if session.ended_at.is_some() { self.named_rating(&row).await? } else { None };
        let mut state = Services::state(&row, place, stars, &directory);
        if state.outcome == Some(Outcome::Blocked) && !self.blocked().await? {
            // Let in again since: they may go on as after any other end.
            state.outcome = None;
        }
        Ok(Welcome {
            epoch: services.epoch.clone(),
            session: session.id,
            state,
            marks: views::marks(row.staff_marks),
            own: views::marks(row.visitor_marks),
            now: self.services.now(),
            page: Page { events, more },
        })
    }

    /// The page of a long resume that follows `after`.
    pub(crate) async fn page_after(&self, session: SessionId, after: u32) -> Result<Page> {
        let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
        // One more than is shown, to know whether more follow.
        let events = conn.visitor_events_after(session, after, PAGE + 1).await.map_err(faults::stored)?;
        let more = events.len() > PAGE as usize;
        let mut events = shown(&events, &self.services.directory());
        events.truncate(PAGE as usize);
        let more = frames::first_that_fit(&mut events) || more;
        Ok(Page { events, more })
    }

    /// The newest number, for heartbeats.
    pub async fn newest(&self) -> Result<u32> {
        Ok(self.head().await?.vseq)
    }

    /// Does what a frame asks for; the answer, where there is one.
    pub async fn handle(&self, frame: ClientFrame) -> Option<ServerFrame> {
        match frame {
            ClientFrame::Hello(_) => None,
            ClientFrame::Typing { on } => self.typing(on).await.err().map(ServerFrame::Error),
            ClientFrame::Ping => Some(match self.newest().await {
                Ok(vseq) => ServerFrame::Beat { vseq },
                Err(error) => ServerFrame::Error(error),
            }),
            // Boxed: these need room of which an idle connection has no use.
            rest => Box::pin(self.handle_rare(rest)).await,
        }
    }

    async fn handle_rare(&self, frame: ClientFrame) -> Option<ServerFrame> {
        match frame {
            ClientFrame::Hello(_) | ClientFrame::Ping | ClientFrame::Typing { .. } => None,
            ClientFrame::Send { client_id, text } => Some(answer(client_id, self.send(client_id, &text).await)),
            ClientFrame::Attach { client_id, file } => Some(answer(client_id, self.attach(client_id, file).await)),
            ClientFrame::Leave { client_id } => Some(answer(client_id, self.leave(client_id).await)),
            ClientFrame::Resume { client_id } => Some(answer(client_id, self.resume(client_id).await)),
            ClientFrame::Rate(rate) => Some(answer(rate.client_id, self.rate(rate).await)),
            ClientFrame::Attributes { client_id, set } => {
                Some(answer(client_id, self.set_attributes(client_id, &set).await))
            }
            ClientFrame::Mark { delivered, read } => self.mark(delivered, read).await.err().map(ServerFrame::Error),
            ClientFrame::Page(page) => {
                let head = match self.head().await {
                    Ok(head) => head,
                    Err(error) => return Some(ServerFrame::Error(error)),
                };
                let page = clean_page(&page);
                if !head.open() || page.url.is_empty() {
                    return None;
                }
                self.services.note_page(head.session, &page).await.err().map(ServerFrame::Error)
            }
            ClientFrame::History { before } => Some(match self.history(before).await {
                Ok(page) => ServerFrame::History(page),
                Err(error) => ServerFrame::Error(error),
            }),
        }
    }

    async fn send(&self, client_id: ClientId, text: &str) -> Result<Ack> {
        self.services.inner().guard.visitor_writes(self.visitor.id, self.services.now())?;
        let text = message_text(text).map_err(|error| {
            let problem = match error {
                domain::TextError::Empty => domain::FieldProblem::Missing,
                domain::TextError::TooLong => domain::FieldProblem::TooLong,
            };
            Error::invalid("text", problem)
        })?;
        let masks = self.site().is_some_and(|site| site.settings.mask_cards);
        // The widget has done it already; others who use the API have not.
        let text = Some(&text).filter(|_| masks).and_then(|text| mask_cards(text)).unwrap_or(text);
        self.act(client_id, Move::VisitorWrites { text }).await
    }

    async fn leave(&self, client_id: ClientId) -> Result<Ack> {
        self.services.inner().guard.visitor_writes(self.visitor.id, self.services.now())?;
        self.act(client_id, Move::Leave).await
    }

    /// Takes the latest chat up again; where its queue is no more, in the one where new chats of the site begin.
    async fn resume(&self, client_id: ClientId) -> Result<Ack> {
        self.services.inner().guard.visitor_writes(self.visitor.id, self.services.now())?;
        self.must_not_be_blocked().await?;
        let ack = self.act(client_id, Move::Resume).await?;
        let head = self.head().await?;
        let directory = self.services.directory();
        if let Some(site) =
            directory.sites.get(&self.site).filter(|_| !directory.queues.contains_key(&head.place.queue))
        {
            let movement = Move::Requeue { by: Author::System, queue: site.queue, note: None };
            let (author, now) = (Author::System, self.services.now());
            let act =
                Act { session: head.session, movement, author, author_id: uuid::Uuid::nil(), client_id: None, now };
            self.services.act(act).await.map_err(|cause| faults::acted(cause, &directory))?;
        }
        Ok(ack)
    }

    async fn typing(&self, on: bool) -> Result<()> {
        let head = self.head().await?;
        if head.open() {
            let frame = Frame::of(&agent::ServerFrame::Typing { session: head.session, on });
            self.services.inner().hub.tell_watchers(head.session, |_| Some(frame.clone()));
        }
        Ok(())
    }

    async fn mark(&self, delivered: u32, read: u32) -> Result<()> {
        let head = self.head().await?;
        if head.visitor_marks.cover(delivered, read) {
            return Ok(());
        }
        let marked = self.services.inner().store.mark(head.session, Side::Visitor, delivered, read).await;
        marked.map(drop).map_err(|cause| faults::acted(cause, &self.services.directory()))
    }

    async fn history(&self, before: u32) -> Result<Page> {
        let session = self.head().await?.session;
        let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
        let events = conn.visitor_events_before(session, before, PAGE).await.map_err(faults::stored)?;
        let mut events = shown(&events, &self.services.directory());
        frames::last_that_fit(&mut events);
        let more = events.first().is_some_and(|first| first.vseq > 1);
        Ok(Page { events, more })
    }

    /// The whole of the visitor's latest chat, as they may see it.
    pub async fn conversation(&self) -> Result<Conversation> {
        // It reads more than any other question, and nobody needs it often.
        self.services.inner().guard.visitor_writes(self.visitor.id, self.services.now())?;
        let session = self.head().await?.session;
        self.services.conversation_of(session, &self.visitor).await.map_err(faults::stored)
    }

    /// A command on the visitor's latest chat.
    pub(crate) async fn act(&self, client_id: ClientId, movement: Move) -> Result<Ack> {
        let session = self.head().await?.session;
        let act = Act {
            session,
            movement,
            author: Author::Visitor,
            author_id: self.visitor.id.uuid(),
            client_id: Some(client_id),
            now: self.services.now(),
        };
        let done = self.services.act(act).await;
        let done = done.map_err(|cause| faults::acted(cause, &self.services.directory()))?;
        Ok(Ack { client_id, vseq: done.vseq.unwrap_or_default(), at: done.at })
    }

    /// Where their latest chat stands, without asking the database where that can be helped.
    async fn head(&self) -> Result<Head> {
        let head = self.services.latest_head(self.visitor.id).await?;
        self.services.inner().absences.heard(head.session, self.services.now());
        Ok(head)
    }

    pub(crate) async fn latest(&self) -> Result<SessionRow> {
        let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
        let latest = conn.latest_session_of_visitor(self.visitor.id).await.map_err(faults::stored)?;
        let latest = latest.ok_or(Error::NotFound)?;
        self.services.inner().absences.heard(latest.session.id, self.services.now());
        Ok(latest)
    }
}

fn answer(client_id: ClientId, done: Result<Ack>) -> ServerFrame {
    match done {
        Ok(ack) => ServerFrame::Ack(ack),
        Err(error) => ServerFrame::Refused { client_id, error },
    }
}

fn shown(events: &[Event], directory: &Directory) -> Vec<wire::visitor::Event> {
    events.iter().filter_map(|event| views::for_visitor(event, directory)).collect()
}

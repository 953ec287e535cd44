//! From what is kept to what crosses the wire: names are put in, and nothing goes out that the viewer may not see.

use domain::{Answer, Author, Event, EventKind, View, Viewer, visible};
use store::{ResolvedRow, SessionRow};
use wire::{
    agent::{Rating, Ring, Row, StaffEvent, Visit, Who as StaffWho},
    visitor::{self, Marks, What, Who},
};

use crate::directory::Directory;

/// An event as the visitor sees it; `None` when it is not for them.
pub fn for_visitor(event: &Event, directory: &Directory) -> Option<visitor::Event> {
    let View::Plain { vseq, event } = visible(event, Viewer::Visitor)? else { return None };
    let what = match &event.kind {
        EventKind::Started { .. } => What::Started,
        EventKind::Answered { answers, echoed: true } => What::Message { text: echo(answers) },
        EventKind::Answered { echoed: false, .. } => What::Other,
        EventKind::Message { text } => What::Message { text: text.clone() },
        EventKind::Attachment(file) => What::Attachment(file.clone()),
        EventKind::AttachmentsAllowed { on } => What::AttachmentsAllowed { on: *on },
        EventKind::Joined | EventKind::ColleagueJoined { .. } => What::Joined,
        EventKind::Assigned { to } | EventKind::Given { to, .. } => What::Assigned { to: directory.face(*to) },
        EventKind::Requeued { .. } | EventKind::GaveBack { .. } | EventKind::Overflowed { .. } => What::Requeued,
        EventKind::Ended { outcome } => What::Ended { outcome: *outcome },
        EventKind::Resumed => What::Resumed,
        EventKind::Rated { stars, .. } => What::Rated { stars: *stars },
        EventKind::OwnerLost { agent } => What::Away { agent: directory.face(*agent) },
        EventKind::OwnerBack { agent } => What::Back { agent: directory.face(*agent) },
        EventKind::ColleagueLeft { .. } => What::Left,
        EventKind::Note { .. }
        | EventKind::Overrode { .. }
        | EventKind::WrapUpClosed
        | EventKind::Offered { .. }
        | EventKind::OfferEnded { .. }
        | EventKind::Mailed { .. } => {
            return None;
        }
    };
    let author = match event.kind {
        // For the visitor it is the colleague who comes or goes, whoever asked them to.
        EventKind::ColleagueJoined { agent } | EventKind::ColleagueLeft { agent } => Author::Agent(agent),
        _ => event.author,
    };
    let who = match author {
        Author::Visitor => Who::Visitor,
        Author::Agent(agent) => Who::Agent(directory.face(agent)),
        Author::System => Who::Site,
    };
    // An agent's client ids are none of the visitor's business.
    let client_id = event.client_id.filter(|_| event.author == Author::Visitor);
    Some(visitor::Event { vseq, at: event.at, who, what, client_id })
}

/// What they said to the site's own questions; those in our words have no words here, and say who they are.
fn echo(answers: &[Answer]) -> String {
    let own = answers.iter().filter(|answer| !answer.label.is_empty());
    own.map(|answer| format!("{}: {}", answer.label, answer.value)).collect::<Vec<_>>().join("\n")
}

/// An event as a member of staff sees it.
pub fn for_staff(event: &Event, viewer: Viewer, directory: &Directory) -> Option<StaffEvent> {
    match visible(event, viewer)? {
        View::Withheld { seq, at } => Some(StaffEvent::withheld(seq, at)),
        View::Plain { .. } => None,
        View::Full(event) => {
            let who = match event.author {
                Author::Visitor => StaffWho::Visitor,
                Author::Agent(id) => StaffWho::Agent { id, face: directory.face(id) },
                Author::System => StaffWho::System,
            };
            let named = match &event.kind {
                EventKind::Assigned { to } | EventKind::Given { to, .. } => Some(directory.name(*to)),
                EventKind::Requeued { queue, .. } | EventKind::Overflowed { queue, .. } => {
                    Some(directory.queue_name(*queue))
                }
                EventKind::Offered { to: agents, .. } | EventKind::OfferEnded { from: agents, .. } => {
                    Some(directory.names(agents))
                }
                EventKind::GaveBack { from: agent, .. }
                | EventKind::OwnerLost { agent }
                | EventKind::OwnerBack { agent }
                | EventKind::ColleagueJoined { agent }
                | EventKind::ColleagueLeft { agent } => Some(directory.name(*agent)),
                _ => None,
            };
            let mut told = StaffEvent::full(event, who, named);
            // Whoever repeats a visitor's start by its id is given a token for that visitor: nobody else may know it.
            if let Some(shown) = told.shown.as_mut().filter(|_| event.author == Author::Visitor) {
                shown.client_id = None;
            }
            Some(told)
        }
    }
}

/// A line of the list.
pub fn row(row: &SessionRow, directory: &Directory) -> Row {
    let session = &row.session;
    Row {
        session: session.id,
        rev: session.seq,
        status: session.status,
        outcome: session.outcome,
        queue: session.queue,
        queue_name: directory.queue_name(session.queue),
        owner: session.owner,
        owner_name: session.owner.map(|owner| directory.name(owner)),
        visitor: crate::faces::person(
            &row.visitor_name,
            &row.visitor_email,
            &row.visitor_phone,
            session.visitor.uuid(),
        ),
        last_text: session.last_text.clone(),
        last_by_staff: matches!(session.last_author, Author::Agent(_)),
        last_at: session.last_at,
        waiting_since: session.waiting_since,
        ended_at: session.ended_at,
        unread: session.unread,
        ring: session.routing.ring.as_ref().map(|ring| Ring {
            to: ring.to.clone(),
            since: ring.since,
            until: ring.until,
            why: ring.why,
            note: ring.note.clone(),
        }),
        colleagues: session.routing.colleagues.clone(),
        attachments: session.attachments,
        channel: session.channel,
        deadline: session.deadline.filter(|_| session.status == domain::Status::WrapUp),
        rating: None,
    }
}

/// A line of the list of ended chats.
pub fn resolved(ended: &ResolvedRow, directory: &Directory) -> Row {
    let rating = ended
        .rating
        .as_ref()
        .and_then(|rating| Some(Rating { stars: rating.stars, words: rating.words.clone(), at: rating.at? }));
    Row { rating, ..row(&ended.row, directory) }
}

pub fn visit(visit: store::Visit) -> Visit {
    Visit { url: visit.page.url, title: visit.page.title, at: visit.at }
}

pub fn marks(marks: store::Marks) -> Marks {
    Marks { delivered: marks.delivered, read: marks.read }
}

#[cfg(test)]
mod tests {
    use domain::{AfterOffer, AgentId, BackWhy, ClientId, OfferEnd, OfferWhy, Outcome, QueueId, Stars, Timestamp};
    use uuid::Uuid;

    use super::*;

    fn every_kind() -> Vec<EventKind> {
        let id = Uuid::from_u128(7);
        vec![
            EventKind::Started { page: Some("/secret-page".into()) },
            EventKind::Message { text: "hello".into() },
            EventKind::Attachment(domain::Attachment {
                id: domain::AttachmentId::from_uuid(id),
                name: "boots.jpg".into(),
                media: domain::Media::Jpeg,
                bytes: 1,
                size: None,
                preview: false,
            }),
            EventKind::AttachmentsAllowed { on: true },
            EventKind::Note { text: "internal".into() },
            EventKind::Overrode { rules: vec!["internal".into()] },
            EventKind::Joined,
            EventKind::Assigned { to: AgentId::from_uuid(id) },
            EventKind::Requeued { queue: QueueId::from_uuid(id), from: Some(AgentId::from_uuid(id)) },
            EventKind::Ended { outcome: Outcome::Handled },
            EventKind::WrapUpClosed,
            EventKind::Offered { to: vec![AgentId::from_uuid(id)], seconds: 20, why: OfferWhy::LongestIdle },
            EventKind::OfferEnded {
                from: vec![AgentId::from_uuid(id)],
                why: OfferEnd::Declined,
                then: AfterOffer::Waits,
            },
            EventKind::Given { to: AgentId::from_uuid(id), why: OfferWhy::LongestIdle },
            EventKind::GaveBack { from: AgentId::from_uuid(id), why: BackWhy::OwnerLost },
            EventKind::Overflowed { queue: QueueId::from_uuid(id), from: QueueId::from_uuid(id), seconds: 300 },
            EventKind::OwnerLost { agent: AgentId::from_uuid(id) },
            EventKind::OwnerBack { agent: AgentId::from_uuid(id) },
            EventKind::ColleagueJoined { agent: AgentId::from_uuid(id) },
            EventKind::ColleagueLeft { agent: AgentId::from_uuid(id) },
            EventKind::Resumed,
            EventKind::Rated { stars: Stars::try_from(3).expect("three"), words: "words".into() },
        ]
    }

    #[test]
    fn no_frame_to_a_visitor_holds_what_is_not_theirs() {
        let agent = AgentId::from_uuid(Uuid::from_u128(0xA9E27));
        for (n, kind) in every_kind().into_iter().enumerate() {
            let vseq = kind.for_visitor().then_some(1);
            let expected = kind.for_visitor();
            let client_id = Some(ClientId::from_uuid(Uuid::from_u128(0xC11E)));
            let event = Event {
                seq: 900 + u32::try_from(n).expect("small"),
                vseq,
                at: Timestamp::from_millis(0),
                author: Author::Agent(agent),
                kind,
                client_id,
            };
            let shown = for_visitor(&event, &Directory::default());
            assert_eq!(shown.is_some(), expected, "{:?}", event.kind);
            let json = serde_json::to_string(&shown).expect("encodes");
            for secret in ["internal", "secret-page", "90", "a9e27", "c11e", "words"] {
                assert!(!json.contains(secret), "{secret} in {json}");
            }
        }
    }
    #[test]
    fn staff_are_told_their_own_ids_and_never_a_visitors() {
        for author in [Author::Visitor, Author::Agent(AgentId::from_uuid(Uuid::from_u128(1)))] {
            let kind = EventKind::Started { page: None };
            let client_id = Some(ClientId::from_uuid(Uuid::from_u128(2)));
            let event = Event { seq: 1, vseq: Some(1), at: Timestamp::from_millis(0), author, kind, client_id };
            let told = for_staff(&event, Viewer::Staff, &Directory::default()).and_then(|told| told.shown);
            let told = told.expect("staff see it whole").client_id;
            assert_eq!(told, client_id.filter(|_| author != Author::Visitor));
        }
    }
}

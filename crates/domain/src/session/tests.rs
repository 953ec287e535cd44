use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    AfterOffer, AutoText, BackWhy, Channel, EventKind, OfferEnd, OfferWhy, QueueRules, View, Viewer, WrapUp, visible,
};

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn agent(n: u8) -> AgentId {
    AgentId::from_uuid(id(100 + u128::from(n)))
}

fn begun(rules: QueueRules) -> Acted {
    let start = Start {
        id: SessionId::from_uuid(id(1)),
        site: SiteId::from_uuid(id(2)),
        queue: QueueId::from_uuid(id(3)),
        visitor: VisitorId::from_uuid(id(4)),
        channel: Channel::Chat,
        client_id: ClientId::from_uuid(id(5)),
        page: Some("/cart".into()),
        question: "Is it in stock?".into(),
        answers: Vec::new(),
        echo: false,
        greeting: Some("A person will be with you.".into()),
    };
    Session::start(start, rules, Timestamp::from_micros(0))
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000)
}

fn go(session: &Session, movement: Move, seconds: i64) -> Session {
    session.apply(movement, None, QueueRules::default(), at(seconds)).expect("a legal move").session
}

#[test]
fn the_whole_road() {
    let session = begun(QueueRules::default()).session;
    assert_eq!((session.status, session.seq, session.unread), (Status::WaitingForAgent, 3, 1));
    let session = go(&session, Move::Claim { agent: agent(1) }, 10);
    assert_eq!((session.status, session.owner), (Status::AssignedToAgent, Some(agent(1))));
    let session = go(&session, Move::AgentWrites { agent: agent(1), text: "Yes".into() }, 20);
    assert_eq!((session.status, session.first_reply_at), (Status::ActiveChat, Some(at(20))));
    let session = go(&session, Move::End { agent: agent(1), closing: None }, 30);
    assert_eq!((session.status, session.outcome), (Status::Resolved, Some(Outcome::Handled)));
    let session = go(&session, Move::Rate { stars: Stars::try_from(5).expect("five"), words: String::new() }, 40);
    let session = go(&session, Move::Resume, 50);
    assert_eq!((session.status, session.episode, session.owner), (Status::WaitingForAgent, 2, None));
    assert_eq!(session.ended_at, None);
}

#[test]
fn one_claim_wins_and_the_others_learn_who() {
    let session = begun(QueueRules::default()).session;
    let taken = go(&session, Move::Claim { agent: agent(1) }, 1);
    let late = taken.apply(Move::Claim { agent: agent(2) }, None, QueueRules::default(), at(1));
    assert_eq!(late, Err(Refusal::TakenBy(agent(1))));
    let again = taken.apply(Move::Claim { agent: agent(1) }, None, QueueRules::default(), at(2)).expect("harmless");
    assert_eq!((again.session, again.events), (taken, Vec::new()));
}

#[test]
fn a_wait_times_out_as_missed_and_not_before() {
    let session = begun(QueueRules::default()).session;
    let early = session.apply(Move::TimeOut, None, QueueRules::default(), at(299));
    assert_eq!(early, Err(Refusal::NotDue));
    let missed = go(&session, Move::TimeOut, 300);
    assert_eq!((missed.status, missed.outcome, missed.deadline), (Status::Resolved, Some(Outcome::Missed), None));
}

#[test]
fn an_ended_chat_takes_no_message() {
    let left = go(&begun(QueueRules::default()).session, Move::Leave, 1);
    let late = left.apply(Move::VisitorWrites { text: "one more".into() }, None, QueueRules::default(), at(2));
    assert_eq!(late, Err(Refusal::Ended));
}

#[test]
fn for_the_visitor_wrap_up_is_the_end() {
    let rules = QueueRules { wrap_up: WrapUp::Timed(60), ..QueueRules::default() };
    let session = go(&begun(rules).session, Move::Claim { agent: agent(1) }, 1);
    let wrapping =
        session.apply(Move::End { agent: agent(1), closing: None }, None, rules, at(2)).expect("ends").session;
    assert_eq!((wrapping.status, wrapping.status.open()), (Status::WrapUp, false));
    let closed = go(&wrapping, Move::TimeOut, 62);
    assert_eq!((closed.status, closed.vseq), (Status::Resolved, wrapping.vseq));
    let resumed = go(&wrapping, Move::Resume, 5);
    assert_eq!((resumed.status, resumed.seq), (Status::WaitingForAgent, wrapping.seq + 2));
}

#[test]
fn notes_never_reach_the_visitor() {
    let session = begun(QueueRules::default()).session;
    let acted = session
        .apply(Move::AgentNotes { agent: agent(1), text: "difficult".into() }, None, QueueRules::default(), at(1))
        .expect("a note");
    let note = &acted.events[0];
    assert_eq!(note.vseq, None);
    assert_eq!(visible(note, Viewer::Visitor), None);
    assert_eq!(visible(note, Viewer::Passer), Some(View::Withheld { seq: 4, at: at(1) }));
    assert!(matches!(visible(note, Viewer::Staff), Some(View::Full(_))));
}

#[test]
fn what_was_sent_over_the_guard_is_noted_for_staff_without_its_text() {
    let session = go(&begun(QueueRules::default()).session, Move::Claim { agent: agent(1) }, 1);
    let insists = Move::AgentInsists { agent: agent(1), text: "4111".into(), rules: vec!["Cards".into()] };
    let client_id = Some(ClientId::from_uuid(id(9)));
    let acted = session.apply(insists, client_id, QueueRules::default(), at(2)).expect("a message");
    let [message, note] = &acted.events[..] else { panic!("{:?}", acted.events) };
    assert_eq!((message.client_id, note.client_id), (client_id, None), "the message is what was asked for");
    assert_eq!(acted.session.status, Status::ActiveChat);
    assert_eq!(note.kind, EventKind::Overrode { rules: vec!["Cards".into()] });
    assert_eq!((note.vseq, visible(note, Viewer::Visitor)), (None, None));
    assert_eq!(visible(note, Viewer::Passer), Some(View::Withheld { seq: note.seq, at: at(2) }));
}

#[test]
fn a_rating_closes_after_fourteen_days() {
    let ended = go(&begun(QueueRules::default()).session, Move::Leave, 0);
    let rate = Move::Rate { stars: Stars::try_from(1).expect("one"), words: String::new() };
    let fortnight = 14 * 24 * 3600;
    assert!(ended.apply(rate.clone(), None, QueueRules::default(), at(fortnight)).is_ok());
    assert_eq!(ended.apply(rate, None, QueueRules::default(), at(fortnight + 1)), Err(Refusal::RatingClosed));
}

#[test]
fn a_chat_rings_is_declined_and_rings_the_next() {
    let rules = QueueRules::default();
    let session = begun(rules).session;
    let offer = |to, seconds| Move::Offer { to: vec![agent(to)], until: at(seconds), why: OfferWhy::LongestIdle };
    let session = go(&session, offer(1, 20), 0);
    let early = session.apply(offer(2, 20), None, rules, at(1));
    assert_eq!(early, Err(Refusal::Ringing));
    let foreign = session.apply(Move::Decline { agent: agent(2), until: at(9) }, None, rules, at(1));
    assert_eq!(foreign, Err(Refusal::NotRinging));
    let declined = session.apply(Move::Decline { agent: agent(1), until: at(65) }, None, rules, at(5)).expect("may");
    let ended = EventKind::OfferEnded { from: vec![agent(1)], why: OfferEnd::Declined, then: AfterOffer::Waits };
    assert_eq!(declined.events[0].kind, ended);
    assert_eq!(declined.events[0].vseq, None, "not for the visitor");
    let session = declined.session;
    assert!(session.routing.paused(agent(1), at(64)) && !session.routing.paused(agent(1), at(65)));
    let session = go(&session, offer(2, 25), 5);
    let late = session.apply(Move::Accept { agent: agent(2) }, None, rules, at(25));
    assert_eq!(late, Err(Refusal::NotRinging));
    let session = go(&session, Move::Accept { agent: agent(2) }, 24);
    assert_eq!((session.owner, session.routing.ring.clone()), (Some(agent(2)), None));
    let beaten = session.apply(Move::Accept { agent: agent(1) }, None, rules, at(24));
    assert_eq!(beaten, Err(Refusal::TakenBy(agent(2))));
}

#[test]
fn a_transfer_stays_until_it_is_accepted() {
    let rules = QueueRules::default();
    let session = go(&begun(rules).session, Move::Claim { agent: agent(1) }, 1);
    let session = go(&session, Move::AgentWrites { agent: agent(1), text: "Let me ask.".into() }, 2);
    let transfer = Move::Transfer { by: agent(1), to: agent(2), until: at(30), note: Some("knows boots".into()) };
    let session = go(&session, transfer, 3);
    assert_eq!((session.status, session.owner), (Status::ActiveChat, Some(agent(1))));
    let declined = go(&session, Move::Decline { agent: agent(2), until: at(63) }, 4);
    assert_eq!((declined.status, declined.owner, &declined.routing.ring), (Status::ActiveChat, Some(agent(1)), &None));
    let accepted = session.apply(Move::Accept { agent: agent(2) }, None, rules, at(5)).expect("it rings them");
    assert_eq!((accepted.session.status, accepted.session.owner), (Status::AssignedToAgent, Some(agent(2))));
    assert_eq!(accepted.events[0].kind, EventKind::Assigned { to: agent(2) });
}

#[test]
fn a_transfer_to_a_queue_keeps_the_waiting_age() {
    let session = go(&begun(QueueRules::default()).session, Move::Claim { agent: agent(1) }, 100);
    let queue = QueueId::from_uuid(id(4));
    let session = go(&session, Move::Requeue { by: Author::Agent(agent(1)), queue, note: None }, 200);
    assert_eq!((session.status, session.queue, session.waiting_since), (Status::WaitingForAgent, queue, at(0)));
    assert_eq!((session.deadline, session.routing.from), (Some(at(500)), Some(agent(1))));
}

#[test]
fn a_colleague_writes_along_and_leaves_the_chat_to_its_owner() {
    let session = go(&begun(QueueRules::default()).session, Move::Claim { agent: agent(1) }, 1);
    let outsider =
        session.apply(Move::AgentWrites { agent: agent(2), text: "Hello".into() }, None, QueueRules::default(), at(2));
    assert_eq!(outsider, Err(Refusal::TakenBy(agent(1))));
    let session = go(&session, Move::AddColleague { by: agent(1), agent: agent(2) }, 3);
    let session = go(&session, Move::AgentWrites { agent: agent(2), text: "Hello".into() }, 4);
    assert_eq!((session.owner, session.status), (Some(agent(1)), Status::AssignedToAgent));
}

#[test]
fn the_smaller_limit_counts() {
    assert_eq!(room(2, 3, 2), Err(Refusal::AtLimit(2)));
    assert_eq!(room(2, 3, 0), Ok(()));
    assert_eq!(room(3, 3, 0), Err(Refusal::AtLimit(3)));
    assert_eq!(room(99, 0, 0), Ok(()));
}

fn file() -> crate::Attachment {
    crate::Attachment {
        id: crate::AttachmentId::from_uuid(id(6)),
        name: "photo.jpg".into(),
        media: crate::Media::Jpeg,
        bytes: 1000,
        size: Some((40, 30)),
        preview: true,
    }
}

#[test]
fn a_visitor_sends_files_only_while_the_owner_lets_them() {
    let attach = Move::VisitorAttaches { file: file() };
    let refused = |session: &Session, movement: Move| session.apply(movement, None, QueueRules::default(), at(9)).err();
    let waiting = begun(QueueRules::default()).session;
    assert_eq!(refused(&waiting, attach.clone()), Some(Refusal::AttachmentsOff));
    let on = |agent| Move::AllowAttachments { agent, on: true };
    assert_eq!(refused(&waiting, on(agent(1))), Some(Refusal::NotTaken));
    let taken = go(&waiting, Move::Claim { agent: agent(1) }, 1);
    assert_eq!(refused(&taken, attach.clone()), Some(Refusal::AttachmentsOff));
    assert_eq!(refused(&taken, on(agent(2))), Some(Refusal::TakenBy(agent(1))));
    let allowed = go(&taken, on(agent(1)), 2);
    assert_eq!((allowed.attachments, allowed.vseq), (true, taken.vseq + 1));
    let again = allowed.apply(on(agent(1)), None, QueueRules::default(), at(3)).expect("harmless");
    assert_eq!(again.events, Vec::new());
    let sent = go(&allowed, attach.clone(), 4);
    assert_eq!((sent.unread, sent.last_text.as_str()), (allowed.unread + 1, "photo.jpg"));
    let off = go(&sent, Move::AllowAttachments { agent: agent(1), on: false }, 5);
    assert_eq!(refused(&off, attach.clone()), Some(Refusal::AttachmentsOff));
    // Each episode begins without.
    let resumed = go(&go(&sent, Move::Leave, 6), Move::Resume, 7);
    assert_eq!(refused(&resumed, attach), Some(Refusal::AttachmentsOff));
}

#[test]
fn an_agents_file_is_a_reply() {
    let taken = go(&begun(QueueRules::default()).session, Move::Claim { agent: agent(1) }, 1);
    let replied = go(&taken, Move::AgentAttaches { agent: agent(1), file: file() }, 2);
    assert_eq!((replied.status, replied.first_reply_at), (Status::ActiveChat, Some(at(2))));
    let foreign =
        taken.apply(Move::AgentAttaches { agent: agent(2), file: file() }, None, QueueRules::default(), at(2));
    assert_eq!(foreign, Err(Refusal::TakenBy(agent(1))));
}

fn any_move() -> impl Strategy<Value = Move> {
    let who = (0u8..3).prop_map(agent);
    prop_oneof![
        3 => "[a-z]{1,200}".prop_map(|text| Move::VisitorWrites { text }),
        3 => (who.clone(), "[a-z]{1,9}").prop_map(|(agent, text)| Move::AgentWrites { agent, text }),
        1 => (who.clone(), "[a-z]{1,9}").prop_map(|(agent, text)| Move::AgentInsists { agent, text, rules: vec!["Cards".into()] }),
        1 => (who.clone(), "[a-z]{1,9}").prop_map(|(agent, text)| Move::AgentNotes { agent, text }),
        1 => Just(Move::VisitorAttaches { file: file() }),
        1 => who.clone().prop_map(|agent| Move::AgentAttaches { agent, file: file() }),
        2 => (who.clone(), any::<bool>()).prop_map(|(agent, on)| Move::AllowAttachments { agent, on }),
        3 => who.clone().prop_map(|agent| Move::Claim { agent }),
        1 => (who.clone(), who.clone()).prop_map(|(by, to)| Move::Assign { by, to }),
        1 => (3u128..5).prop_map(|n| Move::Requeue {
            by: Author::System,
            queue: QueueId::from_uuid(id(n)),
            note: None,
        }),
        1 => who.clone().prop_map(|agent| Move::End { agent, closing: Some("Goodbye.".into()) }),
        1 => Just(Move::CloseIdle { closing: None }),
        2 => (who.clone(), 0i64..2000).prop_map(|(to, until)| Move::Offer {
            to: vec![to],
            until: at(until),
            why: OfferWhy::LongestIdle,
        }),
        2 => who.clone().prop_map(|agent| Move::Accept { agent }),
        1 => (who.clone(), 0i64..2000).prop_map(|(agent, until)| Move::Decline { agent, until: at(until) }),
        1 => who.clone().prop_map(|agent| Move::Withdraw { from: vec![agent], why: OfferEnd::WentAway, until: at(0) }),
        1 => who.clone().prop_map(|to| Move::Give { to, why: OfferWhy::LongestIdle }),
        1 => (who.clone(), who.clone(), 0i64..2000).prop_map(|(by, to, until)| Move::Transfer {
            by,
            to,
            until: at(until),
            note: Some("a note".into()),
        }),
        1 => who.clone().prop_map(|by| Move::CancelTransfer { by }),
        1 => Just(Move::GiveBack { why: BackWhy::OwnerLost }),
        1 => (3u128..5).prop_map(|n| Move::Overflow { queue: QueueId::from_uuid(id(n)) }),
        1 => (0i64..2000).prop_map(|until| Move::OwnerLost { until: at(until) }),
        1 => Just(Move::OwnerBack),
        1 => (who.clone(), who.clone()).prop_map(|(by, agent)| Move::AddColleague { by, agent }),
        1 => (who.clone(), who.clone()).prop_map(|(by, agent)| Move::RemoveColleague { by, agent }),
        1 => Just(Move::Post { what: AutoText::Waiting, text: "A moment, please.".into() }),
        1 => who.clone().prop_map(|agent| Move::CloseWrapUp { agent }),
        1 => Just(Move::Leave),
        1 => Just(Move::Abandon),
        1 => who.prop_map(|by| Move::Block { by }),
        2 => Just(Move::Resume),
        2 => Just(Move::TimeOut),
        1 => (1u8..=5).prop_map(|n| Move::Rate { stars: Stars::try_from(n).expect("1 to 5"), words: String::new() }),
    ]
}

fn any_rules() -> impl Strategy<Value = QueueRules> {
    prop_oneof![Just(WrapUp::None), (1u32..100).prop_map(WrapUp::Timed), Just(WrapUp::Manual)]
        .prop_map(|wrap_up| QueueRules { wait_timeout: 60, wrap_up, chat_limit: 0 })
}

/// The status a move may lead to, written down a second time and from the other side: as a table.
#[expect(clippy::match_same_arms, reason = "a table: one line for each move")]
fn may_become(from: Status, movement: &Move) -> &'static [Status] {
    use Status::{ActiveChat, AssignedToAgent, Resolved, WaitingForAgent, WrapUp};
    match (movement, from) {
        (Move::AgentWrites { .. } | Move::AgentInsists { .. } | Move::AgentAttaches { .. }, AssignedToAgent) => {
            &[AssignedToAgent, ActiveChat]
        }
        (Move::AgentWrites { .. } | Move::AgentInsists { .. } | Move::AgentAttaches { .. }, _) => &[ActiveChat],
        (Move::Claim { .. } | Move::Accept { .. } | Move::Assign { .. } | Move::Give { .. }, _) => &[AssignedToAgent],
        (Move::Requeue { .. } | Move::GiveBack { .. } | Move::Overflow { .. } | Move::Resume, _) => &[WaitingForAgent],
        (Move::End { .. } | Move::CloseIdle { .. }, _) => &[WrapUp, Resolved],
        (Move::CloseWrapUp { .. } | Move::TimeOut, _) => &[Resolved],
        (Move::Leave | Move::Abandon | Move::Block { .. }, _) => &[Resolved],
        // Everything else leaves it where it was.
        (_, WaitingForAgent) => &[WaitingForAgent],
        (_, AssignedToAgent) => &[AssignedToAgent],
        (_, ActiveChat) => &[ActiveChat],
        (_, WrapUp) => &[WrapUp],
        (_, Resolved) => &[Resolved],
    }
}

proptest! {
    #[test]
    fn every_history_keeps_the_promises(rules in any_rules(), moves in prop::collection::vec((any_move(), 0i64..90), 0..60)) {
        let Acted { mut session, events } = begun(rules);
        let mut log = events;
        let mut now = 0;
        for (movement, pause) in moves {
            now += pause;
            let before = session.clone();
            match session.apply(movement.clone(), None, rules, at(now)) {
                Err(_) => prop_assert_eq!(&before, &session),
                Ok(Acted { session: after, events }) => {
                    if events.is_empty() {
                        prop_assert_eq!(&before, &after);
                    } else {
                        prop_assert!(may_become(before.status, &movement).contains(&after.status),
                            "{:?} by {:?} became {:?}", before.status, movement, after.status);
                    }
                    session = after;
                    log.extend(events);
                }
            }
            // What holds of every session, whatever happened to it.
            prop_assert_eq!(session.outcome.is_some(), !session.status.open());
            prop_assert_eq!(session.ended_at.is_some(), !session.status.open());
            prop_assert_eq!(session.owner.is_none() && session.status.open(), session.status == Status::WaitingForAgent);
            if session.status == Status::WaitingForAgent {
                prop_assert!(session.deadline.is_some(), "a waiting chat always ends");
            }
            if session.first_reply_at.is_some() {
                prop_assert!(session.assigned_at.is_some());
            }
            let routing = &session.routing;
            if let Some(ring) = &routing.ring {
                prop_assert!(session.status.open() && !ring.to.is_empty());
                prop_assert!(session.owner.is_none() || ring.why == OfferWhy::Transfer);
                prop_assert!(session.owner.is_none_or(|owner| !routing.rings(owner)), "it rings its own owner");
            }
            prop_assert!(session.owner.is_none_or(|owner| !routing.colleagues.contains(&owner)));
            // It is kept as text and comes back the same.
            let kept = serde_json::to_string(routing).expect("encodes");
            prop_assert_eq!(&serde_json::from_str::<crate::Routing>(&kept).expect("decodes"), routing);
        }
        // Both sequences are dense and in order.
        for (n, event) in log.iter().enumerate() {
            prop_assert_eq!(event.seq as usize, n + 1);
        }
        let vseqs: Vec<u32> = log.iter().filter_map(|event| event.vseq).collect();
        prop_assert_eq!(vseqs, (1..=session.vseq).collect::<Vec<_>>());
        // The same history gives the same decisions: nothing is read but the arguments.
        prop_assert_eq!(log.len(), session.seq as usize);
    }
}

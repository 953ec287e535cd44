use domain::QueueId;
use uuid::Uuid;

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_000_000);

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn head(session: u128, seq: u32, owner: Option<u128>) -> Head {
    Head {
        session: SessionId::from_uuid(id(session)),
        visitor: VisitorId::from_uuid(id(1)),
        place: Place {
            status: Status::ActiveChat,
            owner: owner.map(|owner| AgentId::from_uuid(id(owner))),
            queue: QueueId::from_uuid(id(1)),
            rung: Vec::new(),
            colleagues: Vec::new(),
        },
        seq,
        vseq: seq,
        episode: 1,
        visitor_marks: Marks::default(),
        staff_marks: Marks::default(),
        waiting_since: Timestamp::from_millis(i64::try_from(session).expect("small")),
        ended_at: None,
    }
}

fn kept(alone: bool) -> Kept<u8> {
    Kept::new(alone)
}

#[test]
fn what_is_published_while_the_database_is_asked_is_not_overwritten_by_its_older_answer() {
    let kept = kept(true);
    assert_eq!(kept.get(1, NOW), None);
    kept.publish(1, head(9, 6, None), NOW);
    assert_eq!(kept.answer(1, Some(head(9, 5, Some(7))), NOW), Some(head(9, 6, None)), "the owner of 5 has lost it");
    assert_eq!(kept.get(1, NOW), Some(head(9, 6, None)));
}

#[test]
fn nothing_is_kept_that_might_have_missed_a_change() {
    let kept = kept(true);
    kept.publish(1, head(9, 5, None), NOW);
    assert_eq!(kept.get(1, NOW), None, "nobody had asked");
    // Forgotten between question and answer, with a change in between.
    kept.lock().clear();
    kept.publish(1, head(9, 6, None), NOW);
    assert_eq!(kept.answer(1, Some(head(9, 5, Some(7))), NOW), Some(head(9, 5, Some(7))));
    assert_eq!(kept.get(1, NOW), None);
}

#[test]
fn own_deeds_are_known_before_they_are_published_and_older_ones_do_not_undo_them() {
    let kept = kept(true);
    kept.get(1, NOW);
    kept.answer(1, Some(head(9, 5, None)), NOW);
    kept.learn(1, head(9, 6, Some(7)), NOW);
    kept.publish(1, head(9, 5, None), NOW);
    assert_eq!(kept.get(1, NOW), Some(head(9, 6, Some(7))));
    let read = Head { visitor_marks: Marks { delivered: 6, read: 6 }, ..head(9, 6, Some(7)) };
    kept.publish(1, read.clone(), NOW);
    kept.learn(1, head(9, 6, Some(7)), NOW);
    assert_eq!(kept.get(1, NOW), Some(read), "an acknowledgement knows no newer marks");
}

#[test]
fn a_visitors_latest_chat_is_the_one_that_began_last() {
    let kept = kept(true);
    kept.get(1, NOW);
    kept.publish(1, head(3, 40, None), NOW);
    assert_eq!(kept.answer(1, Some(head(4, 1, None)), NOW), Some(head(4, 1, None)));
    kept.publish(1, head(3, 41, None), NOW);
    assert_eq!(kept.get(1, NOW), Some(head(4, 1, None)));
    kept.learn(1, head(5, 1, None), NOW);
    assert_eq!(kept.get(1, NOW), Some(head(5, 1, None)));
}

#[test]
fn where_others_write_too_the_database_is_asked_again_soon() {
    let kept = kept(false);
    kept.get(1, NOW);
    kept.answer(1, Some(head(9, 5, Some(7))), NOW);
    let later = |millis| Timestamp::from_millis(NOW.millis() + millis);
    assert_eq!(kept.get(1, later(1_999)), Some(head(9, 5, Some(7))));
    assert_eq!(kept.get(1, later(2_000)), None);
}

#[test]
fn what_is_not_there_takes_no_room_and_the_number_is_bounded() {
    let few = kept(true);
    few.get(1, NOW);
    assert_eq!(few.answer(1, None, NOW), None);
    assert!(few.lock().is_empty());
    let many = Kept::<usize>::new(true);
    for n in 0..=MOST {
        many.get(n, NOW);
    }
    assert_eq!(many.lock().len(), 1);
}

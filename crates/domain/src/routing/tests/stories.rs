//! One story each.

use super::*;

fn ringing(strategy: Strategy) -> QueueState {
    state(QueueSettings { strategy, ..QueueSettings::default() }, QueueRules::default())
}

#[test]
fn it_rings_the_one_whose_last_offer_is_longest_ago() {
    let mut agents = vec![ready(0, &[0]), ready(1, &[0]), ready(2, &[0])];
    agents[0].last_offer = Some(at(-10));
    agents[1].last_offer = Some(at(-30));
    agents[2].last_offer = Some(at(-20));
    let mut house = House::new(vec![ringing(Strategy::RingByTurns)], agents);
    assert_eq!(moves(&house.begin(0, 0)), [offer(&[1], 20, OfferWhy::LongestIdle)]);
    assert_eq!(moves(&house.begin(1, 0)), [offer(&[2], 20, OfferWhy::LongestIdle)]);
    assert_eq!(moves(&house.begin(2, 0)), [offer(&[0], 20, OfferWhy::LongestIdle)]);
}

#[test]
fn declined_it_rings_the_next_and_the_first_again_after_the_pause() {
    let mut house = House::new(vec![ringing(Strategy::RingByTurns)], vec![ready(0, &[0]), ready(1, &[0])]);
    house.begin(0, 0);
    let decline = |n: usize, until: i64| Move::Decline { agent: agent(n), until: at(until) };
    assert_eq!(moves(&house.go(chat(0), decline(0, 60)).expect("it rings")), [offer(&[1], 20, OfferWhy::LongestIdle)]);
    assert_eq!(moves(&house.go(chat(0), decline(1, 60)).expect("it rings")), []);
    assert_eq!(house.floor.next_due(at(0)), Some(at(60)));
    assert_eq!(moves(&house.wait(59)), []);
    // Both pauses are over; the first's turn is longer ago.
    assert_eq!(moves(&house.wait(1)), [offer(&[0], 80, OfferWhy::LongestIdle)]);
}

#[test]
fn unanswered_it_goes_back_and_says_how_long_it_rang() {
    let mut house = House::new(vec![ringing(Strategy::RingByTurns)], vec![ready(0, &[0]), ready(1, &[0])]);
    house.begin(0, 0);
    assert_eq!(house.floor.next_due(at(0)), Some(at(20)));
    let back = Move::Withdraw { from: vec![agent(0)], why: OfferEnd::NotAnswered { seconds: 20 }, until: at(80) };
    assert_eq!(moves(&house.wait(20)), [back, offer(&[1], 40, OfferWhy::LongestIdle)]);
}

#[test]
fn the_least_busy_is_rung_offers_counted() {
    let mut house = House::new(vec![ringing(Strategy::RingLeastBusy)], vec![ready(0, &[0]), ready(1, &[0])]);
    assert_eq!(moves(&house.begin(0, 0)), [offer(&[0], 20, OfferWhy::LeastBusy { chats: 0 })]);
    assert_eq!(moves(&house.begin(1, 0)), [offer(&[1], 20, OfferWhy::LeastBusy { chats: 0 })]);
    house.go(chat(0), Move::Accept { agent: agent(0) }).expect("it rings");
    house.go(chat(0), Move::Leave).expect("may");
    house.now = 1;
    assert_eq!(moves(&house.begin(2, 0)), [offer(&[0], 21, OfferWhy::LeastBusy { chats: 0 })]);
    assert_eq!(moves(&house.begin(3, 0)), [offer(&[1], 21, OfferWhy::LeastBusy { chats: 1 })]);
}

#[test]
fn ring_all_rings_everyone_who_is_free_and_stops_when_one_has_it() {
    let mut house = House::new(vec![ringing(Strategy::RingAll)], vec![ready(0, &[0]), ready(1, &[0]), ready(2, &[])]);
    assert_eq!(moves(&house.begin(0, 0)), [offer(&[0, 1], 20, OfferWhy::Everyone)]);
    house.go(chat(0), Move::Accept { agent: agent(1) }).expect("it rings");
    assert_eq!((house.chat(chat(0)).owner, house.ringing(agent(0))), (Some(agent(1)), 0));
}

#[test]
fn auto_answer_gives_without_asking() {
    let mut house = House::new(vec![ringing(Strategy::AutoAnswer)], vec![ready(0, &[0])]);
    assert_eq!(moves(&house.begin(0, 0)), [Move::Give { to: agent(0), why: OfferWhy::LongestIdle }]);
    assert_eq!(house.chat(chat(0)).status, Status::AssignedToAgent);
}

#[test]
fn pick_queues_ring_nobody() {
    let mut house = House::new(vec![ringing(Strategy::Pick)], vec![ready(0, &[0])]);
    assert_eq!(moves(&house.begin(0, 0)), []);
}

#[test]
fn the_backlog_is_drained_by_priority_then_age_the_moment_someone_is_free() {
    let low = ringing(Strategy::RingByTurns);
    let mut high = ringing(Strategy::RingByTurns);
    high.settings.priority = 5;
    let mut busy = ready(0, &[0, 1]);
    busy.available = false;
    busy.limit = 1;
    let mut house = House::new(vec![low, high], vec![busy]);
    house.begin(0, 0);
    house.wait(1);
    house.begin(1, 1);
    house.wait(1);
    house.begin(2, 0);
    let first = house.set(0, |agent| agent.available = true);
    assert_eq!(first.iter().map(|decision| decision.session).collect::<Vec<_>>(), [chat(1)]);
    house.go(chat(1), Move::Accept { agent: agent(0) }).expect("it rings");
    let next = house.go(chat(1), Move::End { agent: agent(0), closing: None }).expect("theirs");
    assert_eq!(next.iter().map(|decision| decision.session).collect::<Vec<_>>(), [chat(0)]);
}

#[test]
fn in_wrap_up_nothing_new_is_offered() {
    for wrap_up in [WrapUp::Timed(30), WrapUp::Manual] {
        let mut queue = ringing(Strategy::RingByTurns);
        queue.rules.wrap_up = wrap_up;
        let mut house = House::new(vec![queue], vec![ready(0, &[0])]);
        house.begin(0, 0);
        house.go(chat(0), Move::Accept { agent: agent(0) }).expect("it rings");
        house.go(chat(0), Move::End { agent: agent(0), closing: None }).expect("theirs");
        assert_eq!(moves(&house.begin(1, 0)), []);
        if wrap_up == WrapUp::Manual {
            assert_eq!(moves(&house.wait(60)), []);
            let closed = house.go(chat(0), Move::CloseWrapUp { agent: agent(0) }).expect("theirs");
            assert_eq!(moves(&closed), [offer(&[0], 80, OfferWhy::LongestIdle)]);
        } else {
            assert_eq!(moves(&house.wait(29)), []);
            assert_eq!(moves(&house.wait(1)), [Move::TimeOut, offer(&[0], 50, OfferWhy::LongestIdle)]);
        }
    }
}

#[test]
fn whoever_goes_away_is_no_longer_rung() {
    let mut house = House::new(vec![ringing(Strategy::RingByTurns)], vec![ready(0, &[0]), ready(1, &[0])]);
    house.begin(0, 0);
    let gone = Move::Withdraw { from: vec![agent(0)], why: OfferEnd::WentAway, until: at(0) };
    let after = house.set(0, |agent| agent.available = false);
    assert_eq!(moves(&after), [gone, offer(&[1], 20, OfferWhy::LongestIdle)]);
}

#[test]
fn a_chat_taken_by_hand_silences_what_is_too_much() {
    let mut house = House::new(vec![ringing(Strategy::RingByTurns), ringing(Strategy::Pick)], vec![ready(0, &[0, 1])]);
    house.set(0, |agent| agent.limit = 1);
    house.begin(0, 0);
    house.begin(1, 1);
    let claimed = house.go(chat(1), Move::Claim { agent: agent(0) }).expect("it waits");
    assert_eq!(moves(&claimed), [Move::Withdraw { from: vec![agent(0)], why: OfferEnd::Full, until: at(0) }]);
}

#[test]
fn nobody_came_so_it_moves_on_once_and_then_is_missed() {
    let mut first = ringing(Strategy::RingByTurns);
    first.settings.after_wait = AfterWait::Queue(queue(1));
    let mut second = ringing(Strategy::RingByTurns);
    second.settings.after_wait = AfterWait::Queue(queue(0));
    let mut house = House::new(vec![first, second], vec![]);
    house.begin(0, 0);
    assert_eq!(moves(&house.wait(299)), []);
    assert_eq!(moves(&house.wait(1)), [Move::Overflow { queue: queue(1) }]);
    assert_eq!(moves(&house.wait(300)), [Move::TimeOut]);
    assert_eq!(house.chat(chat(0)).outcome, Some(crate::Outcome::Missed));
}

#[test]
fn a_transfer_to_a_queue_that_nobody_takes_comes_back() {
    let mut house = House::new(vec![ringing(Strategy::Pick), ringing(Strategy::Pick)], vec![ready(0, &[0])]);
    house.begin(0, 0);
    house.go(chat(0), Move::Claim { agent: agent(0) }).expect("it waits");
    let by = Author::Agent(agent(0));
    house.go(chat(0), Move::Requeue { by, queue: queue(1), note: None }).expect("theirs");
    assert_eq!(moves(&house.wait(300)), [Move::Give { to: agent(0), why: OfferWhy::NobodyTook }]);
}

#[test]
fn a_lost_owners_chat_goes_back_at_once_or_waits_for_them() {
    let mut house = House::new(vec![ringing(Strategy::Pick)], vec![ready(0, &[0])]);
    house.begin(0, 0);
    house.begin(1, 0);
    house.go(chat(0), Move::Claim { agent: agent(0) }).expect("it waits");
    house.go(chat(1), Move::Claim { agent: agent(0) }).expect("it waits");
    house.go(chat(1), Move::AgentWrites { agent: agent(0), text: "Hello".into() }).expect("theirs");
    let lost = house.set(0, |agent| (agent.available, agent.lost) = (false, true));
    let wait = Move::OwnerLost { until: at(120) };
    assert_eq!(moves(&lost), [Move::GiveBack { why: BackWhy::OwnerLost }, wait]);
    // The laptop opens again, closes again, and stays closed.
    let back = house.set(0, |agent| (agent.available, agent.lost) = (true, false));
    assert_eq!(moves(&back), [Move::OwnerBack]);
    house.set(0, |agent| (agent.available, agent.lost) = (false, true));
    let gone = Move::GiveBack { why: BackWhy::OwnerDidNotReturn { seconds: 120 } };
    assert_eq!(moves(&house.wait(120)), [gone]);
}

#[test]
fn who_comes_back_meets_whom_the_queue_says() {
    for (returning, expected, why) in [
        (Returning::SameAgent, 0, OfferWhy::SameAgent),
        (Returning::NewAgent, 1, OfferWhy::LongestIdle),
        (Returning::AnyAgent, 1, OfferWhy::LongestIdle),
    ] {
        let mut queue = ringing(Strategy::RingByTurns);
        queue.settings.returning = returning;
        let mut house = House::new(vec![queue], vec![ready(0, &[0]), ready(1, &[0])]);
        house.begin(0, 0);
        house.go(chat(0), Move::Accept { agent: agent(0) }).expect("it rings");
        house.go(chat(0), Move::Leave).expect("may");
        house.now = 5;
        let resumed = house.go(chat(0), Move::Resume).expect("it ended");
        assert_eq!(moves(&resumed), [offer(&[expected], 25, why)], "{returning:?}");
    }
}

#[test]
fn who_puts_a_chat_into_a_queue_is_asked_last() {
    let rings = || ringing(Strategy::RingByTurns);
    let mut house = House::new(vec![rings(), rings()], vec![ready(0, &[0, 1]), ready(1, &[1])]);
    house.begin(0, 0);
    house.go(chat(0), Move::Accept { agent: agent(0) }).expect("it rings");
    let put = Move::Requeue { by: Author::Agent(agent(0)), queue: queue(1), note: None };
    let given = house.go(chat(0), put).expect("theirs");
    assert_eq!(moves(&given), [offer(&[1], 20, OfferWhy::LongestIdle)]);
    // It waits for the other while they are there, and comes back when they go.
    let declined = house.go(chat(0), Move::Decline { agent: agent(1), until: at(60) }).expect("it rings them");
    assert_eq!(moves(&declined), []);
    let alone = house.set(1, |agent| agent.available = false);
    assert_eq!(moves(&alone), [offer(&[0], 20, OfferWhy::LongestIdle)]);
}

#[test]
fn after_hours_only_those_are_served_who_came_before() {
    let mut closed = ringing(Strategy::RingByTurns);
    closed.settings.texts.away = Some("Back at nine.".into());
    closed.open = false;
    let mut house = House::new(vec![closed], vec![ready(0, &[0])]);
    house.begin(0, 0);
    assert_eq!(house.chat(chat(0)).routing.ring.as_ref().map(|ring| ring.why), Some(OfferWhy::LongestIdle));
    let late = Session { id: chat(1), routing: Routing::default(), ..house.chat(chat(0)).clone() };
    house.chats.push(late.clone());
    let decided = house.tell(vec![News::Chat { session: Box::new(late), in_hours: false }]);
    assert_eq!(moves(&decided), [Move::Post { what: AutoText::Away, text: "Back at nine.".into() }]);
    house.queues[0].open = true;
    let opened = house.tell(vec![News::Queue(queue(0), Box::new(house.queues[0].clone()))]);
    assert_eq!(moves(&opened), [offer(&[0], 20, OfferWhy::LongestIdle)]);
}

#[test]
fn a_queue_speaks_once_and_closes_the_silent() {
    let mut queue = ringing(Strategy::Pick);
    let text = |after, text: &str| Some(TimedText { after, text: text.into() });
    queue.settings.texts = AutoTexts {
        waiting: text(60, "Still looking for somebody."),
        silence: text(120, "Are you there?"),
        closing: Some("Goodbye.".into()),
        close_idle: 300,
        away: None,
    };
    let mut house = House::new(vec![queue], vec![ready(0, &[0])]);
    house.begin(0, 0);
    assert_eq!(house.floor.next_due(at(0)), Some(at(60)));
    let waiting = Move::Post { what: AutoText::Waiting, text: "Still looking for somebody.".into() };
    assert_eq!(moves(&house.wait(60)), [waiting]);
    assert_eq!(moves(&house.wait(60)), []);
    house.go(chat(0), Move::Claim { agent: agent(0) }).expect("it waits");
    house.go(chat(0), Move::AgentWrites { agent: agent(0), text: "Which size?".into() }).expect("theirs");
    let silence = Move::Post { what: AutoText::Silence, text: "Are you there?".into() };
    assert_eq!(moves(&house.wait(120)), std::slice::from_ref(&silence));
    house.go(chat(0), Move::VisitorWrites { text: "Yes".into() }).expect("open");
    assert_eq!(moves(&house.wait(400)), []);
    house.go(chat(0), Move::AgentWrites { agent: agent(0), text: "Which size?".into() }).expect("theirs");
    assert_eq!(moves(&house.wait(120)), [silence]);
    assert_eq!(moves(&house.wait(180)), [Move::CloseIdle { closing: Some("Goodbye.".into()) }]);
}

#[test]
fn a_decision_that_failed_is_made_again_from_what_is() {
    let mut house = House::new(vec![ringing(Strategy::RingByTurns)], vec![ready(0, &[0])]);
    house.begin(0, 0);
    // Somebody took it by hand before the offer reached the database.
    let before = Session { routing: Routing::default(), ..house.chat(chat(0)).clone() };
    let taken = before.apply(Move::Claim { agent: agent(0) }, None, QueueRules::default(), at(0)).expect("it waits");
    house.floor.correct(taken.session.clone());
    assert_eq!(house.floor.chat(chat(0)), Some(&taken.session));
    assert_eq!(house.floor.turn(Vec::new(), at(0)), []);
}

//! Random histories, and what holds after each step of every one.

use proptest::strategy::Strategy as Generator;

use super::*;

const AGENTS: usize = 4;
const QUEUES: usize = 3;

#[derive(Debug, Clone)]
enum Step {
    Arrive(usize),
    Availability(usize, bool),
    Line(usize, bool),
    Serve(usize, usize, bool),
    Limit(usize, u32),
    Settings(usize, Box<QueueState>),
    Deactivate(usize),
    /// A person does something to the n-th chat.
    Do(usize, Doing),
    Wait(i64),
    Restart,
}

#[derive(Debug, Clone, Copy)]
enum Doing {
    Accept(usize),
    Decline(usize),
    Claim(usize),
    Write(usize),
    VisitorWrites,
    End(usize),
    CloseWrapUp(usize),
    Transfer(usize, usize),
    Cancel(usize),
    Requeue(usize, usize),
    Assign(usize, usize),
    Add(usize, usize),
    Leave,
    Resume,
}

fn any_queue() -> impl Generator<Value = QueueState> {
    let strategy = prop_oneof![
        Just(Strategy::RingByTurns),
        Just(Strategy::RingLeastBusy),
        Just(Strategy::RingAll),
        Just(Strategy::Pick),
        Just(Strategy::AutoAnswer)
    ];
    let returning = prop_oneof![Just(Returning::AnyAgent), Just(Returning::SameAgent), Just(Returning::NewAgent)];
    let wrap_up = prop_oneof![Just(WrapUp::None), (5u32..40).prop_map(WrapUp::Timed), Just(WrapUp::Manual)];
    let after = prop_oneof![Just(AfterWait::Missed), (0..QUEUES).prop_map(|n| AfterWait::Queue(queue(n)))];
    let numbers = (5u32..60, 0u32..90, 0u8..3, 0u32..4, any::<bool>(), any::<bool>());
    (strategy, returning, wrap_up, after, numbers).prop_map(|(strategy, returning, wrap_up, after_wait, numbers)| {
        let (ring, pause, priority, chat_limit, talks, open) = numbers;
        let texts = if talks {
            AutoTexts {
                waiting: Some(TimedText { after: 30, text: "wait".into() }),
                silence: Some(TimedText { after: 40, text: "there?".into() }),
                closing: Some("bye".into()),
                away: Some("away".into()),
                close_idle: 90,
            }
        } else {
            AutoTexts::default()
        };
        let settings = QueueSettings {
            strategy,
            ring,
            pause,
            priority,
            after_wait,
            returning,
            owner_wait: 25,
            texts,
            ..QueueSettings::default()
        };
        QueueState { rules: QueueRules { wait_timeout: 100, wrap_up, chat_limit }, settings, open }
    })
}

fn any_step() -> impl Generator<Value = Step> {
    let a = || 0..AGENTS;
    let doing = prop_oneof![
        6 => a().prop_map(Doing::Accept),
        3 => a().prop_map(Doing::Decline),
        3 => a().prop_map(Doing::Claim),
        4 => a().prop_map(Doing::Write),
        2 => Just(Doing::VisitorWrites),
        4 => a().prop_map(Doing::End),
        2 => a().prop_map(Doing::CloseWrapUp),
        2 => (a(), a()).prop_map(|(by, to)| Doing::Transfer(by, to)),
        1 => a().prop_map(Doing::Cancel),
        2 => (a(), 0..QUEUES).prop_map(|(by, to)| Doing::Requeue(by, to)),
        1 => (a(), a()).prop_map(|(by, to)| Doing::Assign(by, to)),
        1 => (a(), a()).prop_map(|(by, agent)| Doing::Add(by, agent)),
        1 => Just(Doing::Leave),
        1 => Just(Doing::Resume),
    ];
    prop_oneof![
        5 => (0..QUEUES).prop_map(Step::Arrive),
        3 => (a(), prop::bool::weighted(0.7)).prop_map(|(n, on)| Step::Availability(n, on)),
        2 => (a(), prop::bool::weighted(0.6)).prop_map(|(n, on)| Step::Line(n, on)),
        1 => (a(), 0..QUEUES, any::<bool>()).prop_map(|(n, queue, on)| Step::Serve(n, queue, on)),
        1 => (a(), 0u32..3).prop_map(|(n, limit)| Step::Limit(n, limit)),
        1 => (0..QUEUES, any_queue()).prop_map(|(n, state)| Step::Settings(n, Box::new(state))),
        1 => a().prop_map(Step::Deactivate),
        20 => (0usize..30, doing).prop_map(|(chat, doing)| Step::Do(chat, doing)),
        5 => (0i64..70).prop_map(Step::Wait),
        1 => Just(Step::Restart),
    ]
}

fn movement(doing: Doing, now: i64) -> Move {
    match doing {
        Doing::Accept(n) => Move::Accept { agent: agent(n) },
        Doing::Decline(n) => Move::Decline { agent: agent(n), until: at(now + 60) },
        Doing::Claim(n) => Move::Claim { agent: agent(n) },
        Doing::Write(n) => Move::AgentWrites { agent: agent(n), text: "word".into() },
        Doing::VisitorWrites => Move::VisitorWrites { text: "word".into() },
        Doing::End(n) => Move::End { agent: agent(n), closing: None },
        Doing::CloseWrapUp(n) => Move::CloseWrapUp { agent: agent(n) },
        Doing::Transfer(by, to) => Move::Transfer { by: agent(by), to: agent(to), until: at(now + 20), note: None },
        Doing::Cancel(by) => Move::CancelTransfer { by: agent(by) },
        Doing::Requeue(by, to) => Move::Requeue { by: Author::Agent(agent(by)), queue: queue(to), note: None },
        Doing::Assign(by, to) => Move::Assign { by: agent(by), to: agent(to) },
        Doing::Add(by, colleague) => Move::AddColleague { by: agent(by), agent: agent(colleague) },
        Doing::Leave => Move::Leave,
        Doing::Resume => Move::Resume,
    }
}

/// One step, and what the engine did about it.
fn step(house: &mut House, step: Step) {
    match step {
        Step::Arrive(n) => drop(house.begin(house.chats.len(), n)),
        Step::Availability(n, on) => drop(house.set(n, |agent| agent.available = on && !agent.lost)),
        Step::Line(n, on) => drop(house.set(n, |agent| (agent.available, agent.lost) = (on, !on))),
        Step::Serve(n, of, on) => drop(house.set(n, |agent| {
            if on {
                agent.serves.insert(queue(of));
            } else {
                agent.serves.remove(&queue(of));
            }
        })),
        Step::Limit(n, limit) => drop(house.set(n, |agent| agent.limit = limit)),
        Step::Settings(n, state) => {
            house.queues[n] = *state.clone();
            house.tell(vec![News::Queue(queue(n), state)]);
        }
        Step::Deactivate(n) => {
            house.agents[n].available = false;
            house.agents[n].lost = true;
            house.tell(vec![News::AgentGone(agent(n))]);
        }
        Step::Do(n, doing) => {
            if n < house.chats.len() {
                // Refused is fine: people press what they see, and it may be too late.
                let _ = house.go(chat(n), movement(doing, house.now));
            }
        }
        Step::Wait(seconds) => drop(house.wait(seconds)),
        Step::Restart => {
            // Only what the database has is known again; the turns of agents are rows too.
            for n in 0..AGENTS {
                let known = house.floor.agents.get(&agent(n)).and_then(|agent| agent.last_offer);
                house.agents[n].last_offer = house.agents[n].last_offer.max(known);
            }
            house.floor = Floor::default();
            let news = house.everything();
            house.tell(news);
        }
    }
}

/// What holds after every step.
fn promises(house: &House) -> Result<(), TestCaseError> {
    let now = at(house.now);
    for session in &house.chats {
        // The floor knows every chat that is not over, as it is.
        let known = house.floor.chat(session.id);
        prop_assert_eq!(known, Some(session).filter(|session| session.status != Status::Resolved));
        if let Some(ring) = &session.routing.ring {
            prop_assert!(ring.until > now, "a ring that nobody can answer any more");
            for rung in &ring.to {
                let who = house.floor.agents.get(rung);
                prop_assert!(who.is_some_and(|agent| agent.available), "{:?} is away and is rung", rung);
                prop_assert!(!wrapping(house, *rung), "{:?} is in wrap-up and is rung", rung);
                prop_assert!(!session.routing.paused(*rung, now), "{:?} declined and is rung", rung);
            }
        }
        if session.status == Status::WaitingForAgent && session.routing.ring.is_none() {
            let free = eligible(house, session, now);
            prop_assert!(free.is_empty(), "{:?} waits although {:?} are free", session.id, free);
            prop_assert!(session.deadline.is_some_and(|deadline| deadline > now), "a chat that waits for ever");
        }
        if session.status == Status::WrapUp {
            prop_assert!(session.deadline.is_none_or(|deadline| deadline > now));
        }
    }
    // Nothing is due any more.
    let mut again = house.floor.clone();
    prop_assert_eq!(again.turn(Vec::new(), now), Vec::new(), "a second look decides something else");
    Ok(())
}

fn wrapping(house: &House, agent: AgentId) -> bool {
    house.chats.iter().any(|session| session.status == Status::WrapUp && session.owner == Some(agent))
}

/// Who could be offered this chat now, written down from PRODUCT and DECISIONS.
fn eligible(house: &House, session: &Session, now: Timestamp) -> BTreeSet<AgentId> {
    let n = (0..QUEUES).find(|n| queue(*n) == session.queue).expect("a known queue");
    let state = &house.queues[n];
    if state.settings.strategy == Strategy::Pick {
        return BTreeSet::new();
    }
    let serving = |agent: &&Agent| agent.available && agent.serves.contains(&session.queue);
    let others = |except: AgentId| house.floor.agents.values().filter(serving).any(|agent| agent.id != except);
    let new_only = state.settings.returning == Returning::NewAgent;
    let barred = |agent: AgentId| {
        let had_it = (new_only && session.routing.previous == Some(agent)) || session.routing.from == Some(agent);
        had_it && others(agent)
    };
    house
        .floor
        .agents
        .values()
        .filter(serving)
        .filter(|agent| !wrapping(house, agent.id))
        .filter(|agent| {
            limit(agent.limit, state.rules.chat_limit)
                .is_none_or(|limit| house.in_hand(agent.id) + house.ringing(agent.id) < limit)
        })
        .map(|agent| agent.id)
        .filter(|agent| !session.routing.paused(*agent, now) && !barred(*agent))
        .collect()
}

/// Nobody is given a chat above their limit, or rung above it.
fn within_limits(house: &House, before: &House, step: &Step) -> Result<(), TestCaseError> {
    for known in &house.agents {
        let (had, has, rings) = (before.in_hand(known.id), house.in_hand(known.id), house.ringing(known.id));
        if known.limit > 0 {
            // Whoever takes one by hand knows what they can do.
            let by_hand = u32::from(matches!(step, Step::Do(_, Doing::Claim(n)) if agent(*n) == known.id));
            prop_assert!(has <= known.limit.max(had + by_hand), "{:?} has {} of {}", known.id, has, known.limit);
            prop_assert!(rings == 0 || has + rings <= known.limit, "{:?}: {} and {} ring", known.id, has, rings);
        }
        for session in house.chats.iter().filter(|session| session.routing.rings(known.id)) {
            let n = (0..QUEUES).find(|n| queue(*n) == session.queue).expect("a known queue");
            let allowed = house.queues[n].rules.chat_limit;
            prop_assert!(allowed == 0 || has < allowed, "{:?} could not accept what rings", known.id);
        }
    }
    Ok(())
}

fn snapshot(house: &House) -> House {
    House {
        floor: house.floor.clone(),
        chats: house.chats.clone(),
        queues: house.queues.clone(),
        agents: house.agents.clone(),
        now: house.now,
        decisions: house.decisions.clone(),
    }
}

fn open_house(queues: &[QueueState]) -> House {
    let agents = (0..AGENTS).map(|n| ready(n, &[n % QUEUES, (n + 1) % QUEUES])).collect();
    House::new(queues.to_vec(), agents)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_history_keeps_the_promises(
        queues in prop::collection::vec(any_queue(), QUEUES),
        steps in prop::collection::vec(any_step(), 1..80),
    ) {
        let mut house = open_house(&queues);
        for next in steps.clone() {
            let before = snapshot(&house);
            let made = next.clone();
            step(&mut house, next);
            promises(&house)?;
            within_limits(&house, &before, &made)?;
        }
        // The same history gives the same decisions.
        let mut again = open_house(&queues);
        for next in steps {
            step(&mut again, next);
        }
        prop_assert_eq!(&house.decisions, &again.decisions);
        // Every chat ends: with nobody there, those that wait are over in the end.
        for n in 0..AGENTS {
            house.set(n, |agent| (agent.available, agent.lost) = (false, true));
        }
        for _ in 0..40 {
            let Some(due) = house.floor.next_due(at(house.now)) else { break };
            house.now = due.micros() / 1_000_000;
            house.tell(Vec::new());
        }
        let open: Vec<_> = house.chats.iter().filter(|session| session.status.open()).collect();
        prop_assert!(open.is_empty(), "still open: {open:?}");
    }
}

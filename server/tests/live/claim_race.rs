//! Twenty agents press Respond at the same moment: one has it, nineteen are told who.

use std::sync::Arc;

use domain::Role;
use tokio::sync::Barrier;
use wire::{Conflict, Error, visitor::What};

use crate::common::{Agent, Books, Server, Setup, Visitor};

const AGENTS: usize = 20;
const ROUNDS: usize = 40;

/// A server with that many agents in the demo's queue, and their names.
async fn with_agents() -> (Server, Vec<(String, Agent)>) {
    // Once, so that the demo's queue exists.
    let setup = Setup::demo().start().await.stop().await;
    let books = Books::open(&setup).await;
    let queue = books.sales().await;
    let mut colleagues = Vec::new();
    for n in 0..AGENTS {
        colleagues.push(books.colleague(&format!("Agent {n}"), Role::Agent, &[queue]).await);
    }
    books.store.close().await;
    let server = setup.start().await;
    let agents = colleagues.into_iter().map(|made| (made.name, Agent::with_token(&server, made.token)));
    let agents = agents.collect();
    (server, agents)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_twenty_has_it_and_the_others_learn_who() {
    let (server, agents) = with_agents().await;
    let mut winners = std::collections::HashSet::new();
    for round in 0..ROUNDS {
        let visitor = Visitor::start(&server, &format!("round {round}")).await;
        let session = visitor.session;
        let ready = Arc::new(Barrier::new(AGENTS));
        let presses = agents.iter().cloned().map(|(name, agent)| {
            let ready = Arc::clone(&ready);
            tokio::spawn(async move {
                ready.wait().await;
                (name, agent.claim(session).await)
            })
        });
        let mut winner = None;
        let mut losers = Vec::new();
        for pressed in futures::future::join_all(presses).await {
            match pressed.expect("the press is answered") {
                (name, Ok(_)) => assert_eq!(winner.replace(name), None, "round {round}: two have it"),
                (name, Err(error)) => losers.push((name, error)),
            }
        }
        let winner = winner.unwrap_or_else(|| panic!("round {round}: nobody has it: {losers:?}"));
        assert_eq!(losers.len(), AGENTS - 1);
        for (name, error) in losers {
            let taken = Error::Conflict(Conflict::TakenBy { name: winner.clone() });
            assert_eq!(error, taken, "round {round}, {name}");
        }
        let events = visitor.whole_chat().await;
        assert_eq!(events.iter().filter(|event| event.what == What::Joined).count(), 1);
        winners.insert(winner);
    }
    assert!(winners.len() > 1, "always the same one won: that was no race");
}

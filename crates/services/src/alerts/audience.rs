//! Who is to be told of what happened in a chat.

use domain::{AgentId, AlertKind, Author, Availability, EventKind, Outcome, Span, Status, Strategy};
use store::Committed;

use crate::directory::{Directory, Member};

/// Somebody who is to be told, before their own choice is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    pub agent: AgentId,
    pub kind: AlertKind,
    /// Their open tabs.
    pub live: bool,
    /// Their browsers, when no tab is on the screen.
    pub push: bool,
    /// Likewise.
    pub email: bool,
    /// How long it is worth telling.
    pub worth: Span,
}

/// How long a message is news to a device that is off.
const MESSAGE: Span = Span::seconds(3600);
const MISSED: Span = Span::seconds(24 * 3600);

/// `here` says who has a line, or had one just now.
pub fn of(committed: &Committed, directory: &Directory, here: impl Fn(AgentId) -> bool) -> Vec<Told> {
    let session = &committed.row.session;
    let mut told = Vec::new();
    let mut began = false;
    for event in &committed.events {
        match &event.kind {
            EventKind::Offered { to, seconds, .. } => {
                let worth = Span::seconds((*seconds).into());
                told.extend(to.iter().map(|agent| offered(*agent, worth)));
            }
            EventKind::Given { to, .. } => told.push(offered(*to, MESSAGE)),
            EventKind::Started { .. }
            | EventKind::Resumed
            | EventKind::Requeued { .. }
            | EventKind::GaveBack { .. }
            | EventKind::Overflowed { .. } => began = true,
            EventKind::Message { .. } if event.author == Author::Visitor && session.status.open() => {
                let owner = session.owner.filter(|_| session.status != Status::WaitingForAgent);
                let live = |agent| Told {
                    agent,
                    kind: AlertKind::Message,
                    live: true,
                    push: true,
                    email: true,
                    worth: MESSAGE,
                };
                told.extend(owner.map(live));
            }
            EventKind::Ended { outcome: Outcome::Missed } => {
                let everyone = serving(directory, committed);
                told.extend(everyone.map(|member| Told {
                    agent: member.id,
                    kind: AlertKind::Missed,
                    live: true,
                    push: true,
                    email: true,
                    worth: MISSED,
                }));
            }
            _ => {}
        }
    }
    if began && session.status == Status::WaitingForAgent && session.routing.ring.is_none() {
        told.extend(waits(committed, directory, here));
    }
    told
}

/// A chat rings: only a moment is left, too little for an e-mail.
const fn offered(agent: AgentId, worth: Span) -> Told {
    Told { agent, kind: AlertKind::Offered, live: true, push: true, email: false, worth }
}

/// A chat has begun to wait. Where it rings nobody because agents take from the list, those who are there are told; and
/// where nobody is there who could be rung, those are called who are not.
fn waits<'a>(
    committed: &'a Committed,
    directory: &'a Directory,
    here: impl Fn(AgentId) -> bool + 'a,
) -> impl Iterator<Item = Told> + 'a {
    let session = &committed.row.session;
    let queue = directory.queues.get(&session.queue);
    let pick = queue.is_some_and(|queue| queue.settings.strategy == Strategy::Pick);
    let worth = Span::seconds(committed.row.rules.wait_timeout.into());
    let there = move |member: &Member| member.availability == Availability::Online && here(member.id);
    let anyone = serving(directory, committed).any(&there);
    serving(directory, committed).filter_map(move |member| {
        let online = member.availability == Availability::Online;
        let told = Told { agent: member.id, kind: AlertKind::Offered, live: false, push: online, email: false, worth };
        if there(member) {
            pick.then_some(Told { live: true, ..told })
        } else if !anyone && member.availability != Availability::Offline {
            Some(Told { email: true, ..told })
        } else {
            (pick && online).then_some(told)
        }
    })
}

fn serving<'a>(directory: &'a Directory, committed: &Committed) -> impl Iterator<Item = &'a Member> {
    let queue = committed.row.session.queue;
    directory.members.values().filter(move |member| member.serves(queue))
}

//! The quick way of a batch on SQLite: what most batches are (messages and marks in chats whose heads are known) is
//! judged with nothing read, and goes to SQLite's thread as one script, from `BEGIN` to `COMMIT`. Each way to that thread
//! and back costs about as much as a flush of a fast disk.
//!
//! As nothing is read, the script itself notices what would have been found out: a client id that was answered before
//! collides in the index of client ids, and the script stops at once when another process has written since the heads
//! were read. Whatever fails, or cannot be judged this way, is rolled back and done by `batch.rs`, which reads first.

use std::{collections::hash_map::Entry, sync::LazyLock};

use domain::Move;

use super::{
    Act, Command, Job, Mark,
    ledger::{Answer, Head, Judged, Ledger},
    save::{SAVE_EVENTS, SAVE_LIGHT, light_cells},
};
use crate::{
    known::Known,
    many::{Portion, SIZES},
    sqlite::Line,
};

/// An error when another process has written since; no row otherwise. SQLite has no assertion outside triggers, but the
/// absolute value of the smallest number is an error.
const GUARD: &str =
    "SELECT 1 FROM pragma_data_version WHERE CASE data_version WHEN ? THEN 0 ELSE abs(-9223372036854775807 - 1) END";

/// By the size of the events' portion (none first) and that of the heads'.
static SCRIPTS: LazyLock<[[String; SIZES.len()]; SIZES.len() + 1]> = LazyLock::new(|| {
    std::array::from_fn(|events| {
        std::array::from_fn(|heads| {
            let heads = SAVE_LIGHT.sqlite(heads);
            match events.checked_sub(1) {
                Some(events) => {
                    format!("BEGIN IMMEDIATE; {GUARD}; {}; {heads}; COMMIT", SAVE_EVENTS.sqlite(events))
                }
                None => format!("BEGIN IMMEDIATE; {GUARD}; {heads}; COMMIT"),
            }
        })
    })
});

/// `None` when the batch has to go the whole way; nothing of it is written then.
pub(super) async fn write(line: &mut Line, jobs: &[Job]) -> Option<Judged> {
    let (mut ledger, answers) = judge(&line.known, jobs)?;
    let (events, heads) = ledger.light()?;
    if !heads.is_empty() {
        let events = if events.is_empty() { None } else { Some(Portion::whole(events)?) };
        let heads = Portion::whole(heads.into_iter().map(light_cells).collect())?;
        let script = &SCRIPTS[events.as_ref().map_or(0, |events| events.size + 1)][heads.size];
        let cells = events.into_iter().flat_map(|events| events.rows).flatten().chain(heads.rows.into_iter().flatten());
        if let Err(error) = line.script(script, cells).await {
            tracing::debug!(%error, "a batch goes the whole way");
            return None;
        }
    }
    Some(ledger.judged(answers, Vec::new()))
}

/// All of them, from what is known.
fn judge(known: &Known, jobs: &[Job]) -> Option<(Ledger, Vec<Answer>)> {
    let mut ledger = Ledger::default();
    let mut answers = Vec::with_capacity(jobs.len());
    for job in jobs {
        let session = match &job.command {
            Command::Act(act) => act.session,
            Command::Mark(mark) => mark.session,
            Command::Start(_) => return None,
        };
        if let Entry::Vacant(place) = ledger.heads.entry(session) {
            place.insert(Head::clean(known.get(session)?.clone()));
        }
        answers.push(match &job.command {
            Command::Act(act) => self::act(&mut ledger, act)?,
            Command::Mark(mark) => self::mark(&mut ledger, *mark)?,
            Command::Start(_) => return None,
        });
    }
    Some((ledger, answers))
}

fn act(ledger: &mut Ledger, act: &Act) -> Option<Answer> {
    let movement = &act.movement;
    if *movement == Move::Resume || movement.into_queue().is_some() || movement.taker().is_some() {
        return None;
    }
    if let Some(first) = ledger.first(act) {
        return Some(Ok(ledger.repeat(first)));
    }
    // What is refused or has no effect may have been answered before, under this client id.
    let acted = ledger.apply(act).ok().filter(|acted| !acted.events.is_empty())?;
    Some(ledger.take_in(act, acted))
}

fn mark(ledger: &mut Ledger, mark: Mark) -> Option<Answer> {
    let raised = ledger.raised(mark).ok().filter(|raised| !raised.uncounted)?;
    Some(Ok(ledger.mark(mark, raised)))
}

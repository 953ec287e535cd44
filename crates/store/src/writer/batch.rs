//! One batch: judged in memory, written together.

use std::collections::{BTreeSet, HashMap};

use domain::{AgentId, Move, QueueId, SessionId};
use uuid::Uuid;

use super::{
    Act, ActError, Command, Job, Mark,
    ledger::{Answer, Dirty, Head, Judged, Ledger},
    load, save, start,
};
use crate::{StoreError, known::Known, sql::Engine};

/// A batch with the connection that it reads and writes on.
pub(super) struct Batch<'c> {
    pub(super) engine: Engine<'c>,
    pub(super) ledger: Ledger,
}

/// Judges and writes all of them; the caller commits. An error means that nothing of the batch may be kept.
pub(super) async fn judge(engine: Engine<'_>, known: Option<&Known>, jobs: &[Job]) -> Result<Judged, StoreError> {
    let mut batch = Batch::load(engine, known, jobs).await?;
    let mut answers = Vec::with_capacity(jobs.len());
    let mut named = Vec::new();
    for job in jobs {
        let answer = match &job.command {
            Command::Act(act) => batch.act(act).await,
            Command::Start(new) => {
                if !new.new_visitor {
                    named.push(new.visitor.id);
                }
                start::start(&mut batch, new).await
            }
            Command::Mark(mark) => batch.mark(*mark).await,
        };
        match answer {
            Err(ActError::Store(error)) => return Err(error),
            answer => answers.push(answer),
        }
    }
    batch.flush().await?;
    Ok(batch.ledger.judged(answers, named))
}

impl<'c> Batch<'c> {
    async fn load(mut engine: Engine<'c>, known: Option<&Known>, jobs: &[Job]) -> Result<Self, StoreError> {
        let mut sessions = BTreeSet::new();
        let mut queues = BTreeSet::new();
        let mut takers = BTreeSet::new();
        let mut clients = Vec::new();
        for job in jobs {
            match &job.command {
                Command::Act(act) => {
                    sessions.insert(act.session.uuid());
                    if let Some(client) = act.client_id {
                        clients.push((act.author_id, client.uuid()));
                    }
                    queues.extend(act.movement.into_queue().map(QueueId::uuid));
                    takers.extend(act.movement.taker().map(AgentId::uuid));
                }
                Command::Mark(mark) => {
                    sessions.insert(mark.session.uuid());
                }
                Command::Start(_) => {}
            }
        }
        let mut heads = HashMap::with_capacity(sessions.len());
        if let Some(known) = known {
            sessions.retain(|id| {
                let row = known.get(SessionId::from_uuid(*id));
                heads.extend(row.map(|row| (row.session.id, Head::clean(row.clone()))));
                row.is_none()
            });
        }
        let unknown: Vec<Uuid> = sessions.into_iter().collect();
        let rows = load::heads(&mut engine, &unknown).await?;
        heads.extend(rows.into_iter().map(|row| (row.session.id, Head::clean(row))));
        let answered = load::answered(&mut engine, &clients).await?;
        let queues: Vec<Uuid> = queues.into_iter().collect();
        let rules = load::rules(&mut engine, &queues).await?;
        let takers: Vec<Uuid> = takers.into_iter().collect();
        let hands = load::hands(&mut engine, &takers).await?;
        Ok(Self { engine, ledger: Ledger { heads, rules, answered, hands, ..Ledger::default() } })
    }

    async fn act(&mut self, act: &Act) -> Answer {
        if let Some(first) = self.ledger.first(act) {
            return Ok(self.ledger.repeat(first));
        }
        if act.movement == Move::Resume {
            return start::resume(self, act).await;
        }
        let acted = self.ledger.apply(act)?;
        self.ledger.take_in(act, acted)
    }

    async fn mark(&mut self, mark: Mark) -> Answer {
        let mut raised = self.ledger.raised(mark)?;
        if raised.uncounted {
            // The count has to see what this batch has added.
            self.flush().await?;
            let session = &raised.row.session;
            raised.row.session.unread = load::unread(&mut self.engine, session, raised.row.staff_marks.read).await?;
        }
        Ok(self.ledger.mark(mark, raised))
    }

    /// Writes what has come together so far.
    pub(super) async fn flush(&mut self) -> Result<(), StoreError> {
        let Self { engine, ledger } = self;
        save::events(engine, std::mem::take(&mut ledger.events)).await?;
        let mut light = Vec::new();
        let mut whole = Vec::new();
        let mut episodes = Vec::new();
        for head in ledger.heads.values() {
            match head.dirty {
                Dirty::No => {}
                Dirty::Light => light.push(&head.row),
                Dirty::Whole => whole.push(&head.row),
            }
            if head.episode_dirty {
                episodes.push(&head.row.session);
            }
        }
        save::heads_light(engine, &light).await?;
        save::heads_whole(engine, &whole).await?;
        save::episodes(engine, &episodes).await?;
        for head in ledger.heads.values_mut() {
            head.dirty = Dirty::No;
            head.episode_dirty = false;
        }
        save::offers(engine, std::mem::take(&mut ledger.offers)).await?;
        save::attached(engine, &std::mem::take(&mut ledger.attached)).await?;
        for rating in ledger.ratings.drain(..) {
            save::rating(engine, rating).await?;
        }
        for letter in ledger.letters.drain(..) {
            letter.save(engine).await?;
        }
        Ok(())
    }
}

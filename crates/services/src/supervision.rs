//! What supervisors see of their queues, and admins of all.

use domain::Timestamp;
use store::{Average, ResolvedFilter as Filter};
use wire::{
    Result,
    agent::{AnonymousRating, Resolved, ResolvedFilter},
};

use crate::{Staff, desk::whole, faults, views};

/// Rows of one page.
const PAGE: u32 = 50;

/// Anonymous ratings shown per agent.
const ANONYMOUS: u32 = 50;

const DAY: i64 = 24 * 3600 * 1_000_000;

/// Someone with the supervisor or admin role.
#[derive(Clone)]
pub struct Supervision {
    pub(crate) staff: Staff,
}

impl Supervision {
    /// Ended chats of the supervised queues, newest first.
    pub async fn resolved(&self, filter: ResolvedFilter) -> Result<Resolved> {
        let directory = self.staff.services.directory();
        let member = &self.staff.member;
        let all = directory.queues.keys().chain(directory.former_queues.keys());
        let mut overseen: Vec<_> = all.copied().filter(|queue| member.oversees(*queue)).collect();
        if let Some(queue) = filter.queue {
            overseen.retain(|own| *own == queue);
        }
        let narrowed = Filter {
            queues: Some(overseen),
            agent: filter.agent,
            outcome: filter.outcome,
            stars: filter.stars,
            from: filter.from,
            to: filter.to,
            text: Some(filter.text.trim().to_owned()).filter(|text| !text.is_empty()),
        };
        let mut conn = self.staff.services.inner().store.read().await.map_err(faults::stored)?;
        let before = filter.before.map(whole);
        let mut rows = conn.resolved(&narrowed, before, PAGE + 1).await.map_err(faults::stored)?;
        let more = rows.len() > PAGE as usize;
        rows.truncate(PAGE as usize);
        let mut averages = Vec::new();
        let mut anonymous = Vec::new();
        let agents: Vec<_> = directory
            .members
            .values()
            .filter(|other| {
                other.roles.agent
                    && other.member_of.iter().any(|queue| member.oversees(*queue))
                    && filter.agent.is_none_or(|agent| agent == other.id)
            })
            .collect();
        for agent in &agents {
            if let Some(given) = conn.average_rating(agent.id).await.map_err(faults::stored)? {
                let (stars, count) = average(given);
                averages.push((agent.id, stars, count));
            }
            let given = conn.anonymous_ratings(agent.id, ANONYMOUS).await.map_err(faults::stored)?;
            anonymous.extend(given.into_iter().map(|(day, rating)| AnonymousRating {
                agent: Some(agent.name.clone()),
                day: Timestamp::from_micros(day.saturating_mul(DAY)),
                stars: rating.stars,
                words: rating.words,
            }));
        }
        anonymous.sort_by_key(|rating| std::cmp::Reverse(rating.day));
        let mut colleagues = self.staff.services.colleagues();
        colleagues.retain(|colleague| agents.iter().any(|agent| agent.id == colleague.id));
        Ok(Resolved {
            rows: rows.iter().map(|row| views::resolved(row, &directory)).collect(),
            more,
            agents: colleagues,
            queues: directory.queues_of(member),
            averages,
            anonymous,
        })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "an average of 1 to 5 shown with one or two decimals")]
pub(crate) fn average(given: Average) -> (f32, u32) {
    (given.stars as f32, given.count)
}

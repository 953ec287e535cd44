//! Queues, their hours and what they say, and people's limits, as an admin sets them (PRODUCT M1 to M4).
//!
//! Whatever is saved holds at once, for chats that wait already too: the dispatcher hears of it before the answer goes
//! out. Each form changes its own part and leaves the others as they are.

use std::collections::BTreeSet;

use domain::{
    AfterWait, AgentId, AutoTexts, FieldError, FieldProblem, Hours, LONGEST_QUEUE_NAME, QueueId, QueueSettings,
    is_zone, one_line, setting_range,
};
use serde_json::json;
use store::{NewQueue, Queue as Row, Tx};
use wire::{
    Conflict, Error, Field, Result,
    queues::{HoursNow, Person, Queue, QueueDraft, Queues},
};

use crate::{
    Administration, Services,
    directory::{Directory, Member, QueueEntry, SiteEntry},
    faults, random,
};

impl Administration {
    /// Every queue with everything that is set, and all who work here.
    pub fn queues(&self) -> Queues {
        let directory = self.staff.services.directory();
        let mut queues: Vec<_> = directory.queues.values().map(|queue| self.shown(&directory, queue)).collect();
        queues.sort_by_cached_key(|queue| (queue.name.to_lowercase(), queue.id));
        let mut people: Vec<_> = directory.members.values().filter(|member| member.active).map(person).collect();
        people.sort_by_cached_key(|person| (person.name.to_lowercase(), person.id));
        Queues { queues, people }
    }

    /// Makes a queue, or changes one apart from its hours and texts. `Conflict(Exists)` when another has the name,
    /// `Invalid` with every field that is wrong. A queue without members may be saved: the form warns.
    pub async fn save_queue(&self, id: Option<QueueId>, draft: QueueDraft) -> Result<Queue> {
        let services = &self.staff.services;
        let now = services.now();
        let _turn = services.inner().settings_turn.lock().await;
        let directory = services.directory();
        let name = checked(id, &draft, &directory)?;
        let settings = draft.settings;
        let mut tx = services.inner().store.begin().await.map_err(faults::stored)?;
        let taken = tx.queues().await.map_err(faults::stored)?;
        if taken.iter().any(|other| Some(other.id) != id && other.name.to_lowercase() == name.to_lowercase()) {
            return Err(Error::Conflict(Conflict::Exists));
        }
        let (made, action) = match id {
            None => {
                let made = QueueId::from_uuid(random::id(now));
                let queue = NewQueue { id: made, name: name.clone(), rules: draft.rules, settings, now };
                tx.create_queue(queue).await.map_err(faults::stored)?;
                (made, "queue.created")
            }
            Some(id) => {
                let before = taken.into_iter().find(|queue| queue.id == id).ok_or(Error::NotFound)?;
                let Row { settings: QueueSettings { hours, texts, .. }, .. } = before;
                let settings = QueueSettings { hours, texts, ..settings };
                tx.update_queue(id, &name, draft.rules, &settings).await.map_err(faults::stored)?;
                (id, "queue.changed")
            }
        };
        self.people_of(&mut tx, made, &draft.members, &draft.supervisors).await?;
        let data = json!({"name": name, "members": draft.members.len(), "supervisors": draft.supervisors.len()});
        self.staff.note(&mut tx, action, &made.to_string(), data, now).await?;
        tx.commit().await.map_err(faults::stored)?;
        self.reread(made).await
    }

    /// Changes when a queue is open; `None`: always.
    pub async fn save_hours(&self, id: QueueId, hours: Option<Hours>) -> Result<Queue> {
        let wrong = hours.as_ref().map(hours_faults).unwrap_or_default();
        refuse(wrong)?;
        self.change(id, "queue.hours_changed", move |settings| settings.hours = hours).await
    }

    /// Changes what a queue says by itself.
    pub async fn save_texts(&self, id: QueueId, texts: AutoTexts) -> Result<Queue> {
        refuse(texts.check().into_iter().map(field).collect())?;
        self.change(id, "queue.texts_changed", move |settings| settings.texts = texts).await
    }

    /// Takes a queue out of use. Its ended chats stay. `Conflict` with what stands against it: chats that are not over,
    /// a site whose chats begin there, a queue whose chats move on to it.
    pub async fn delete_queue(&self, id: QueueId) -> Result<()> {
        let services = &self.staff.services;
        let now = services.now();
        let _turn = services.inner().settings_turn.lock().await;
        let mut tx = services.inner().store.begin().await.map_err(faults::stored)?;
        let queues = tx.queues().await.map_err(faults::stored)?;
        let queue = queues.iter().find(|queue| queue.id == id).ok_or(Error::NotFound)?;
        if let Some(site) = services.directory().sites.values().find(|site| leads_to(site, id)) {
            return Err(Error::Conflict(Conflict::UsedBySite { name: site.name.clone() }));
        }
        if let Some(other) = queues.iter().find(|other| other.settings.after_wait == AfterWait::Queue(id)) {
            return Err(Error::Conflict(Conflict::UsedByQueue { name: other.name.clone() }));
        }
        let count = tx.unresolved_in_queue(id).await.map_err(faults::stored)?;
        if count > 0 {
            return Err(Error::Conflict(Conflict::HasChats { count }));
        }
        let members = tx.queue_members(id).await.map_err(faults::stored)?;
        let supervisors = tx.queue_supervisors(id).await.map_err(faults::stored)?;
        for agent in members.into_iter().chain(supervisors).collect::<BTreeSet<_>>() {
            tx.bump_auth_epoch(agent).await.map_err(faults::stored)?;
        }
        tx.delete_queue(id, now).await.map_err(faults::stored)?;
        self.staff.note(&mut tx, "queue.deleted", &id.to_string(), json!({"name": queue.name}), now).await?;
        tx.commit().await.map_err(faults::stored)?;
        services.reload_directory().await.map_err(faults::stored)
    }

    /// Sets the most chats that somebody may have in hand; 0 for no limit.
    pub async fn set_chat_limit(&self, agent: AgentId, limit: u32) -> Result<Person> {
        let services = &self.staff.services;
        if let Some((min, max)) = setting_range("chat_limit").filter(|(min, max)| !(*min..=*max).contains(&limit)) {
            return Err(Error::invalid("chat_limit", FieldProblem::OutOfRange { min, max }));
        }
        let known = services.directory().member(agent).filter(|member| member.active).cloned();
        let before = known.ok_or(Error::NotFound)?.chat_limit;
        let now = services.now();
        let mut tx = services.inner().store.begin().await.map_err(faults::stored)?;
        tx.set_chat_limit(agent, limit).await.map_err(faults::stored)?;
        let data = json!({"from": before, "to": limit});
        self.staff.note(&mut tx, "agent.limit_changed", &agent.to_string(), data, now).await?;
        tx.commit().await.map_err(faults::stored)?;
        services.reload_directory().await.map_err(faults::stored)?;
        services.directory().member(agent).map(person).ok_or(Error::NotFound)
    }

    /// Where these hours would stand at this moment, before they are saved.
    pub fn preview_hours(&self, hours: &Hours) -> Result<HoursNow> {
        refuse(hours_faults(hours))?;
        Ok(self.staff.services.hours_now(hours))
    }

    /// The names of all time zones.
    pub fn zones(&self) -> Vec<String> {
        domain::zones()
    }

    /// One part of a queue's settings becomes another one.
    async fn change(&self, id: QueueId, action: &str, change: impl FnOnce(&mut QueueSettings) + Send) -> Result<Queue> {
        let services = &self.staff.services;
        let now = services.now();
        let _turn = services.inner().settings_turn.lock().await;
        let mut tx = services.inner().store.begin().await.map_err(faults::stored)?;
        let queues = tx.queues().await.map_err(faults::stored)?;
        let Row { name, rules, mut settings, .. } =
            queues.into_iter().find(|queue| queue.id == id).ok_or(Error::NotFound)?;
        change(&mut settings);
        tx.update_queue(id, &name, rules, &settings).await.map_err(faults::stored)?;
        self.staff.note(&mut tx, action, &id.to_string(), json!({"name": name}), now).await?;
        tx.commit().await.map_err(faults::stored)?;
        self.reread(id).await
    }

    /// Replaces members and supervisors. Whose rights change proves them anew, so that what their pages show is what
    /// they may see.
    async fn people_of(&self, tx: &mut Tx, queue: QueueId, members: &[AgentId], supervisors: &[AgentId]) -> Result<()> {
        let set = |agents: &[AgentId]| agents.iter().copied().collect::<BTreeSet<_>>();
        let served = set(&tx.queue_members(queue).await.map_err(faults::stored)?);
        let watched = set(&tx.queue_supervisors(queue).await.map_err(faults::stored)?);
        let (serve, watch) = (set(members), set(supervisors));
        let changed: BTreeSet<_> =
            served.symmetric_difference(&serve).chain(watched.symmetric_difference(&watch)).copied().collect();
        if changed.is_empty() {
            return Ok(());
        }
        tx.set_queue_members(queue, members).await.map_err(faults::stored)?;
        tx.set_queue_supervisors(queue, supervisors).await.map_err(faults::stored)?;
        for agent in changed {
            tx.bump_auth_epoch(agent).await.map_err(faults::stored)?;
        }
        Ok(())
    }

    /// The queue as it is after a change that everybody has heard of.
    async fn reread(&self, id: QueueId) -> Result<Queue> {
        let services = &self.staff.services;
        services.reload_directory().await.map_err(faults::stored)?;
        let directory = services.directory();
        directory.queues.get(&id).map(|queue| self.shown(&directory, queue)).ok_or(Error::NotFound)
    }

    fn shown(&self, directory: &Directory, queue: &QueueEntry) -> Queue {
        let of = |held: fn(&Member, QueueId) -> bool| {
            let mut of: Vec<_> = directory.members.values().filter(|member| held(member, queue.id)).collect();
            of.sort_by_cached_key(|member| (member.name.to_lowercase(), member.id));
            of.into_iter().map(|member| member.id).collect()
        };
        let mut sites: Vec<_> =
            directory.sites.values().filter(|site| site.queue == queue.id).map(|site| site.name.clone()).collect();
        sites.sort_unstable();
        Queue {
            id: queue.id,
            name: queue.name.clone(),
            rules: queue.rules,
            settings: queue.settings.clone(),
            members: of(Member::may_take),
            supervisors: of(|member, queue| {
                member.active && member.roles.supervisor && member.supervises.contains(&queue)
            }),
            sites,
            hours: queue.settings.hours.as_ref().map(|hours| self.staff.services.hours_now(hours)),
        }
    }
}

impl Services {
    fn hours_now(&self, hours: &Hours) -> HoursNow {
        let now = self.now();
        HoursNow {
            open: hours.open_at(now),
            now: hours.local(now),
            change: hours.next_change(now).map(|change| hours.local(change)),
        }
    }
}

/// The name as it is kept, or everything that is wrong with the draft.
/// Whether chats of this site come to the queue, by themselves or by an answer.
fn leads_to(site: &SiteEntry, queue: QueueId) -> bool {
    let mut options = site.settings.form.fields.iter().flat_map(|field| &field.options);
    site.queue == queue || options.any(|option| option.queue == Some(queue))
}

fn checked(id: Option<QueueId>, draft: &QueueDraft, directory: &Directory) -> Result<String> {
    let mut wrong = Vec::new();
    let name = one_line(&draft.name, LONGEST_QUEUE_NAME + 1);
    match name.chars().count() {
        0 => wrong.push(told("name", FieldProblem::Missing)),
        1..=LONGEST_QUEUE_NAME => {}
        _ => wrong.push(told("name", FieldProblem::TooLong)),
    }
    wrong.extend(draft.rules.check().into_iter().chain(draft.settings.check()).map(field));
    if id.is_none() {
        wrong.extend(draft.settings.hours.as_ref().map(hours_faults).unwrap_or_default());
    }
    // To itself it would never move on, and one that was deleted meanwhile serves nobody.
    if let AfterWait::Queue(next) = draft.settings.after_wait
        && (Some(next) == id || !directory.queues.contains_key(&next))
    {
        wrong.push(told("after_wait", FieldProblem::Unknown));
    }
    let works = |agent: &AgentId, may: fn(&Member) -> bool| {
        directory.member(*agent).is_some_and(|member| member.active && may(member))
    };
    if !draft.members.iter().all(|agent| works(agent, |member| member.roles.agent)) {
        wrong.push(told("members", FieldProblem::Unknown));
    }
    if !draft.supervisors.iter().all(|agent| works(agent, |member| member.roles.supervisor)) {
        wrong.push(told("supervisors", FieldProblem::Unknown));
    }
    refuse(wrong)?;
    Ok(name)
}

fn person(member: &Member) -> Person {
    Person {
        id: member.id,
        name: member.name.clone(),
        email: member.email.clone(),
        roles: member.roles,
        chat_limit: member.chat_limit,
    }
}

fn hours_faults(hours: &Hours) -> Vec<Field> {
    let mut wrong: Vec<_> =
        hours.faults().into_iter().map(|(part, problem)| Field { field: part.field(), problem }).collect();
    if hours.zone.trim().is_empty() {
        wrong.push(told("zone", FieldProblem::Missing));
    } else if !is_zone(&hours.zone) {
        wrong.push(told("zone", FieldProblem::Unknown));
    }
    wrong
}

fn told(field: &str, problem: FieldProblem) -> Field {
    Field { field: field.to_owned(), problem }
}

fn field(error: FieldError) -> Field {
    told(error.field, error.problem)
}

fn refuse(wrong: Vec<Field>) -> Result<()> {
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

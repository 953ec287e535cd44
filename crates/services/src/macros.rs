//! Macros: one's own, those of a queue's members, and those of everyone.

use domain::{
    FieldProblem, MACRO_TITLE, MACROS, MacroId, MacroOwner, TextError, check_template, message_text, one_line,
};
use store::Macro as Kept;
use wire::{
    Error, Field, Result,
    composer::{Macro, MacroDraft, Tools},
};

use crate::{Desk, Staff, Supervision, faults, random};

/// The macros of one owner, for who may change them.
#[derive(Clone)]
pub struct Shelf {
    staff: Staff,
    owner: MacroOwner,
}

impl Desk {
    /// What the composer works with.
    pub async fn tools(&self) -> Result<Tools> {
        let directory = self.staff.services.directory();
        let queues: Vec<_> = self.staff.member.member_of.iter().copied().collect();
        let mut conn = self.staff.services.inner().store.read().await.map_err(faults::stored)?;
        let macros = conn.macros_for(self.staff.member.id, &queues).await.map_err(faults::stored)?;
        Ok(Tools {
            macros: macros.into_iter().map(told).collect(),
            guard: directory.guard.rules().cloned().collect(),
            clean_on_paste: directory.clean_up.on_paste,
        })
    }

    /// One's own, by title.
    pub async fn own_macros(&self) -> Result<Vec<Macro>> {
        let mut conn = self.staff.services.inner().store.read().await.map_err(faults::stored)?;
        let mut macros = conn.macros_for(self.staff.member.id, &[]).await.map_err(faults::stored)?;
        macros.retain(|one| one.owner == MacroOwner::Agent(self.staff.member.id));
        Ok(macros.into_iter().map(told).collect())
    }
}

impl Supervision {
    /// Those of the supervised queues and those of everyone, by title.
    pub async fn shared_macros(&self) -> Result<Vec<Macro>> {
        let directory = self.staff.services.directory();
        let member = &self.staff.member;
        let queues: Vec<_> = directory.queues.keys().copied().filter(|queue| member.oversees(*queue)).collect();
        let mut conn = self.staff.services.inner().store.read().await.map_err(faults::stored)?;
        let mut macros = conn.macros_for(member.id, &queues).await.map_err(faults::stored)?;
        macros.retain(|one| !matches!(one.owner, MacroOwner::Agent(_)));
        Ok(macros.into_iter().map(told).collect())
    }
}

impl Staff {
    /// The macros of this owner, to be changed: one's own with the agent role, a queue's by who supervises it, everyone's
    /// by admins.
    pub fn shelf(&self, owner: MacroOwner) -> Result<Shelf> {
        let member = &self.member;
        let may = match owner {
            MacroOwner::Agent(agent) => member.roles.agent && agent == member.id,
            MacroOwner::Queue(queue) => member.oversees(queue) && self.services.directory().queues.contains_key(&queue),
            MacroOwner::Everyone => member.roles.admin,
        };
        if may { Ok(Shelf { staff: self.clone(), owner }) } else { Err(Error::Forbidden) }
    }

    /// The shelf on which this macro stands; who may not even read it is told nothing of it.
    pub async fn shelf_of(&self, id: MacroId) -> Result<Shelf> {
        let mut conn = self.services.inner().store.read().await.map_err(faults::stored)?;
        let one = conn.reply_macro(id).await.map_err(faults::stored)?.ok_or(Error::NotFound)?;
        let reads = match one.owner {
            MacroOwner::Agent(agent) => agent == self.member.id,
            MacroOwner::Queue(queue) => self.member.may_take(queue) || self.member.oversees(queue),
            MacroOwner::Everyone => true,
        };
        if reads { self.shelf(one.owner) } else { Err(Error::NotFound) }
    }
}

impl Shelf {
    /// Makes a macro, or changes the one with this id, which may come from another shelf that is one's to change.
    /// An owner has no two of one title.
    pub async fn save(&self, id: Option<MacroId>, draft: MacroDraft) -> Result<Macro> {
        if draft.owner != self.owner {
            return Err(Error::Forbidden);
        }
        let services = &self.staff.services;
        let now = services.now();
        let (title, text) = checked(&draft)?;
        let moved = match id {
            Some(id) => self.staff.shelf_of(id).await?.owner != self.owner,
            None => true,
        };
        let id = id.unwrap_or_else(|| MacroId::from_uuid(random::id(now)));
        let one = Kept { id, owner: self.owner, title, text };
        let mut tx = services.inner().store.begin().await.map_err(faults::stored)?;
        if moved && tx.count_macros(self.owner).await.map_err(faults::stored)? >= MACROS as u64 {
            return Err(Error::invalid("macros", FieldProblem::TooLong));
        }
        tx.put_macro(&one, now).await.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)?;
        Ok(told(one))
    }

    pub async fn delete(&self, id: MacroId) -> Result<()> {
        let mut tx = self.staff.services.inner().store.begin().await.map_err(faults::stored)?;
        let one = tx.reply_macro(id).await.map_err(faults::stored)?;
        if one.is_none_or(|one| one.owner != self.owner) {
            return Err(Error::NotFound);
        }
        tx.delete_macro(id).await.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)
    }
}

/// Title and text as they are kept, or everything that is wrong with them.
fn checked(draft: &MacroDraft) -> Result<(String, String)> {
    let mut wrong = Vec::new();
    let fault = |field: &str, problem| Field { field: field.to_owned(), problem };
    let title = one_line(&draft.title, MACRO_TITLE + 1);
    match title.chars().count() {
        0 => wrong.push(fault("title", FieldProblem::Missing)),
        1..=MACRO_TITLE => {}
        _ => wrong.push(fault("title", FieldProblem::TooLong)),
    }
    // Places are those of the text as it was written, so this comes before anything is taken off it.
    let text = check_template(&draft.text).and_then(|()| {
        message_text(&draft.text).map_err(|error| match error {
            TextError::Empty => FieldProblem::Missing,
            TextError::TooLong => FieldProblem::TooLong,
        })
    });
    match text {
        Ok(text) if wrong.is_empty() => Ok((title, text)),
        Ok(_) => Err(Error::Invalid(wrong)),
        Err(problem) => {
            wrong.push(fault("text", problem));
            Err(Error::Invalid(wrong))
        }
    }
}

fn told(one: Kept) -> Macro {
    Macro { id: one.id, owner: one.owner, title: one.title, text: one.text }
}

//! What an agent does to a chat, as far as several components need it.

use domain::{ClientId, SessionId, Status};
use leptos::{prelude::*, task::spawn_local};
use wire::{Conflict, Error, agent::Ack};

use super::{Section, api, lines::error_line};
use crate::{
    browser,
    live::{Docked, Live},
};

/// Takes a chat: whoever is first has it, the others are told who. On success it is opened among the active ones, with
/// the cursor in the composer.
pub fn use_claim() -> impl Fn(SessionId) + Clone + Send + Sync + 'static {
    use_taking(api::claim)
}

/// Takes a chat that rings; it opens as after [`use_claim`].
pub fn use_accept() -> impl Fn(SessionId) + Clone + Send + Sync + 'static {
    use_taking(api::accept)
}

/// Lets others have a chat that rings. `refused` is called when it still does.
pub fn use_decline() -> impl Fn(SessionId, Callback<()>) + Clone + Send + Sync + 'static {
    let live = expect_context::<Live>();
    move |session, refused| {
        let Some(id) = browser::client_id() else { return };
        spawn_local(async move {
            match api::decline(id, session).await {
                // It has stopped by itself meanwhile.
                Ok(_) | Err(Error::Conflict(_) | Error::NotFound) => {}
                Err(error) => {
                    live.refused(&error);
                    refused.try_run(());
                }
            }
        });
    }
}

fn use_taking<F>(take: fn(ClientId, SessionId) -> F) -> impl Fn(SessionId) + Clone + Send + Sync + 'static
where
    F: Future<Output = Result<Ack, Error>> + 'static,
{
    let live = expect_context::<Live>();
    let Docked(docked) = expect_context();
    let busy = StoredValue::new(false);
    move |session| {
        let Some(id) = browser::client_id().filter(|_| !busy.get_value()) else { return };
        busy.set_value(true);
        spawn_local(async move {
            match take(id, session).await {
                Ok(ack) => {
                    live.claimed(session, &ack);
                    live.talk(session).wants_focus.set_value(true);
                    // What is typed on a form stays: the chat comes to it.
                    if browser::unsaved() {
                        docked.set(Some(session));
                    } else {
                        live.destination.set(Some(Section::Active.chat_href(session)));
                    }
                    browser::focus("composer");
                }
                Err(Error::Conflict(Conflict::TakenBy { name })) => live.lost(session, name),
                Err(error) => live.refused(&error),
            }
            busy.try_set_value(false);
        });
    }
}

impl Live {
    /// It is one's own now; the row that the socket brings says so too.
    fn claimed(self, session: SessionId, ack: &Ack) {
        let (me, name) = self.me.with_untracked(|me| (me.id, me.face.name.clone()));
        if let Some(row) = self.row(session)
            && row.rev <= ack.seq
        {
            let (owner, owner_name) = (Some(me), Some(name));
            let (rev, status) = (ack.seq, Status::AssignedToAgent);
            let row = wire::agent::Row { rev, status, owner, owner_name, ring: None, ..row };
            self.rows.update(|rows| {
                rows.put(row);
            });
        }
    }

    /// Somebody else was faster.
    fn lost(self, session: SessionId, name: String) {
        self.notify(format!("{name} has it"));
        let now = self.clock.read();
        if let Some(rev) = self.row(session).map(|row| row.rev) {
            self.rows.update(|rows| {
                rows.remove(session, rev, Some(name), now);
            });
        }
    }

    /// Says why something was not done; who is signed out goes to sign in.
    pub fn refused(self, error: &Error) {
        if *error == Error::Unauthenticated {
            browser::go_to(&crate::console::sign_in_address(&browser::here()));
        }
        self.notify(error_line(error));
    }
}

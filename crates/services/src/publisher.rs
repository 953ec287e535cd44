//! After the commit: who hears of a change. One task, fed by the writer in commit order, so that nobody ever sees two
//! events of a session the wrong way round.

use domain::{Status, Viewer};
use realtime::{Frame, Hearing, Place, hearing};
use store::{Change, Committed, Marks, SessionRow};
use tokio::sync::mpsc;
use wire::{agent, visitor};

use crate::{
    Services,
    directory::{Directory, Member, place},
    views,
};

pub async fn run(services: Services, mut changes: mpsc::UnboundedReceiver<Change>) {
    while let Some(change) = changes.recv().await {
        match change {
            Change::Session(committed) => {
                services.inner().heads.published(&committed.row, services.now());
                session_changed(&services, &committed);
            }
            Change::Marks { row, .. } => {
                services.inner().heads.published(&row, services.now());
                marks_rose(&services, &row);
            }
        }
    }
}

fn session_changed(services: &Services, committed: &Committed) {
    let directory = services.directory();
    let session = &committed.row.session;
    let now = place(session);
    let before = committed.was.as_ref().map(|was| Place {
        status: was.status,
        owner: was.owner,
        queue: was.queue,
        rung: was.rung.clone(),
        colleagues: was.colleagues.clone(),
    });
    let moved = before.as_ref() != Some(&now);
    services.inner().metrics.committed(committed, &directory);
    services.inner().dispatch.chat(committed);

    tell_visitor(services, committed, &directory);
    if moved {
        // Rights first: whoever just lost the session must not get its next event.
        services.inner().hub.rejudge(session.id, |agent| directory.member(agent)?.viewer(&now));
    }
    tell_watchers(services, committed, &directory);
    tell_lists(services, &committed.row, before.as_ref(), &directory);
    services.alert(committed, &directory);
    services.inner().letters.committed(committed);

    if moved {
        let waits = now.status == Status::WaitingForAgent;
        if waits || before.as_ref().is_some_and(|before| before.status == Status::WaitingForAgent) {
            services.inner().places.changed(now.queue);
            if let Some(before) = before {
                services.inner().places.changed(before.queue);
            }
        }
    }
}

fn tell_visitor(services: &Services, committed: &Committed, directory: &Directory) {
    let hub = &services.inner().hub;
    let session = &committed.row.session;
    let Some(was) = &committed.was else {
        // Their other tabs still look at an earlier chat, or at none.
        hub.greet_visitor(session.visitor);
        return;
    };
    if !hub.visitor_connected(session.visitor) {
        return;
    }
    for event in committed.events.iter().filter_map(|event| views::for_visitor(event, directory)) {
        hub.tell_visitor(session.visitor, &Frame::of(&visitor::ServerFrame::Event(event)));
    }
    // Whom it rings is none of the visitor's business.
    if (was.status, was.owner, was.queue) != (session.status, session.owner, session.queue) {
        let state = Services::state(&committed.row, None, None, directory);
        hub.tell_visitor(session.visitor, &Frame::of(&visitor::ServerFrame::State(state)));
    }
}

fn tell_watchers(services: &Services, committed: &Committed, directory: &Directory) {
    let session = committed.row.session.id;
    for event in &committed.events {
        services.inner().hub.tell_watchers(session, |viewer: Viewer| {
            let event = views::for_staff(event, viewer, directory)?;
            Some(Frame::of(&agent::ServerFrame::Event { session, event }))
        });
    }
}

pub fn tell_lists(services: &Services, row: &SessionRow, before: Option<&Place>, directory: &Directory) {
    let hub = &services.inner().hub;
    let session = &row.session;
    let now = place(session);
    let mut row_frame = None;
    let mut gone_frame = None;
    for agent in hub.connected_agents() {
        let Some(member) = directory.member(agent) else { continue };
        match heard(member, before, &now) {
            Some(Hearing::Row) => {
                let frame =
                    row_frame.get_or_insert_with(|| Frame::of(&agent::ServerFrame::Row(views::row(row, directory))));
                hub.tell_agent(agent, frame);
            }
            Some(Hearing::Gone) => {
                let frame = gone_frame.get_or_insert_with(|| {
                    let taken_by = session.owner.filter(|_| session.status.open()).map(|owner| directory.name(owner));
                    Frame::of(&agent::ServerFrame::Gone { session: session.id, rev: session.seq, taken_by })
                });
                hub.tell_agent(agent, frame);
            }
            None => {}
        }
    }
}

fn heard(member: &Member, before: Option<&Place>, now: &Place) -> Option<Hearing> {
    hearing(member.id, before, now, |queue| member.serves(queue), |queue| member.oversees(queue))
}

fn marks_rose(services: &Services, row: &SessionRow) {
    let directory = services.directory();
    let session = &row.session;
    let hub = &services.inner().hub;
    let to_visitor = visitor::ServerFrame::Marks(views::marks(row.staff_marks));
    hub.tell_visitor(session.visitor, &Frame::of(&to_visitor));
    let visitor: Marks = row.visitor_marks;
    let to_staff = agent::ServerFrame::Marks { session: session.id, visitor: views::marks(visitor) };
    hub.tell_watchers(session.id, |_| Some(Frame::of(&to_staff)));
    tell_lists(services, row, Some(&place(session)), &directory);
}

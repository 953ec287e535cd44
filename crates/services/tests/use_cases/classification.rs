//! What agents note about a chat, on both engines: who may, who sees it, and what two at once do.

use domain::{Classification, EventKind, FieldProblem, SessionId};
use services::AgentLine;
use testkit::both_dbs;
use wire::{
    Conflict, Error,
    agent::{ClientFrame as Ask, ServerFrame as Told, StaffEvent},
    visitor::ClientFrame,
};

use super::{House, acked, only_row};

fn given(notes: &str) -> Classification {
    Classification {
        qualified: Some(true),
        tags: vec!["refund".into(), "Refund".into(), "boots".into()],
        value: Some(12_500),
        currency: "eur".into(),
        notes: notes.into(),
    }
}

async fn watching(line: &mut AgentLine, session: SessionId) {
    let watch = Ask::Watch { session, after: 0, epoch: String::new() };
    assert!(matches!(line.handle(watch).await, Some(Told::Thread(_))));
}

/// The next of the frames that this test is about: what was noted, or what the visitor said.
async fn next(line: &mut AgentLine) -> Told {
    loop {
        let frame = line.next().await.expect("the line stands");
        let told = serde_json::from_slice(&frame.bytes()).expect("a frame");
        let said = |event: &StaffEvent| {
            event.shown.as_ref().is_some_and(|shown| matches!(shown.kind, EventKind::Message { .. }))
        };
        match told {
            Told::Classified { .. } => return told,
            Told::Event { ref event, .. } if said(event) => return told,
            _ => {}
        }
    }
}

both_dbs! {
    async fn what_is_noted_about_a_chat_is_for_those_who_have_it(db: TestDb) {
        let house = House::new(db).await;
        let (aki, jo, sam) = (house.staff("aki").await, house.staff("jo").await, house.staff("sup").await);
        let _visitor = house.visitor().await;
        let session = only_row(&aki).await.session;
        assert_eq!(aki.classify(session, 0, given("")).await, Err(Error::Forbidden), "nobody has it yet");
        assert_eq!(aki.classification(session).await, Ok(None), "who passes by does not read it");
        aki.desk().expect("an agent").claim(house.ids.client(), session).await.expect("takes it");
        assert_eq!(aki.classify(session, 0, given("first")).await, Ok(1));
        assert_eq!(jo.classify(session, 1, given("")).await, Err(Error::NotFound));
        assert_eq!(jo.classification(session).await, Err(Error::NotFound));
        // Two at once: the second is told, and nothing of the first is lost.
        assert_eq!(sam.classify(session, 0, given("late")).await, Err(Error::Conflict(Conflict::Changed)));
        assert_eq!(sam.classify(session, 1, given("second")).await, Ok(2));
        aki.desk().expect("an agent").end(house.ids.client(), session).await.expect("ends");
        assert_eq!(aki.classify(session, 2, given("after the end")).await, Ok(3));
        let read = aki.classification(session).await.expect("theirs").expect("read whole");
        assert_eq!((read.rev, read.may_edit, read.tags), (3, true, vec!["boots".to_owned(), "refund".to_owned()]));
        assert_eq!((read.given.tags.as_slice(), read.currency.as_str()), (["boots", "refund"].map(str::to_owned).as_slice(), "EUR"));
        assert_eq!((read.given.value, read.given.currency.as_str()), (Some(12_500), "EUR"));
        let wrong = aki.classify(session, 3, Classification { value: Some(1), ..Classification::default() }).await;
        assert_eq!(wrong, Err(Error::invalid("currency", FieldProblem::Unknown)));
        house.services.stop().await;
    }

    async fn who_looks_at_a_chat_sees_what_is_noted_at_once_and_who_passes_by_does_not(db: TestDb) {
        let house = House::new(db).await;
        let (aki, jo, sam) = (house.staff("aki").await, house.staff("jo").await, house.staff("sup").await);
        let visitor = house.visitor().await;
        let session = only_row(&aki).await.session;
        let (mut jos, mut sams) = (jo.connect(), sam.connect());
        watching(&mut jos, session).await;
        watching(&mut sams, session).await;
        sam.classify(session, 0, given("A regular")).await.expect("their queue");
        acked(&visitor, ClientFrame::Send { client_id: house.ids.client(), text: "Hello?".into() }).await;
        let Told::Classified { session: of, given: told, rev } = next(&mut sams).await else { panic!("not told") };
        assert_eq!((of, rev, told.notes.as_str(), told.currency.as_str()), (session, 1, "A regular", "EUR"));
        assert!(matches!(next(&mut jos).await, Told::Event { .. }), "only the visitor's words are for them");
        house.services.stop().await;
    }
}

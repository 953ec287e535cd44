//! Sites are set by admins alone; what is wrong is refused with its place, and what is saved is asked of visitors.

use domain::{Answers, EventKind, FieldProblem};
use serde_json::{Value, json};
use wire::{
    Error, Field,
    agent::Thread,
    sites::{Site, Sites},
    visitor::StartRequest,
};

use crate::common::{Agent, Server, Visitor};

async fn only_site(admin: &Agent) -> (Site, Sites) {
    let all: Sites = admin.call("sites-admin", json!({})).await.expect("an admin sees them");
    (all.sites[0].clone(), all)
}

/// Something done to a right draft.
type Change = fn(&mut Value);

fn invalid(field: &str, problem: FieldProblem) -> Error {
    Error::Invalid(vec![Field { field: field.to_owned(), problem }])
}

#[tokio::test]
async fn nobody_but_an_admin_sets_them() {
    let server = Server::start().await;
    let admin = Agent::sign_in(&server, "admin", 0).await;
    let (site, _) = only_site(&admin).await;
    for role in ["agent", "supervisor"] {
        let other = Agent::sign_in(&server, role, 0).await;
        for (function, arguments) in [
            ("sites-admin", json!({})),
            ("save-site", json!({"id": site.id, "draft": site.draft})),
            ("site-secrets", json!({"site": site.id})),
            ("make-site-secret", json!({"site": site.id})),
            ("retire-site-secret", json!({"site": site.id, "secret": site.id})),
        ] {
            assert_eq!(other.call::<Value>(function, arguments).await, Err(Error::Forbidden), "{role}: {function}");
        }
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_by_its_field() {
    let server = Server::start().await;
    let admin = Agent::sign_in(&server, "admin", 0).await;
    let (site, all) = only_site(&admin).await;
    let save = async |change: Change| {
        let mut draft = json!(site.draft);
        change(&mut draft);
        admin.call::<Site>("save-site", json!({"id": site.id, "draft": draft})).await
    };
    let nobody = "00000000-0000-7000-8000-000000000000";
    let unknown = admin.call::<Site>("save-site", json!({"id": nobody, "draft": site.draft})).await;
    assert_eq!(unknown, Err(Error::NotFound));
    let cases: [(Change, Error); 6] = [
        (|draft| draft["name"] = json!(" \n"), invalid("name", FieldProblem::Missing)),
        (|draft| draft["origins"] = json!(["https://*"]), invalid("origins", FieldProblem::Unknown)),
        (
            |draft| draft["queue"] = json!("00000000-0000-7000-8000-000000000000"),
            invalid("queue", FieldProblem::Unknown),
        ),
        (
            |draft| draft["settings"]["attachment_megabytes"] = json!(151),
            invalid("attachment_megabytes", FieldProblem::OutOfRange { min: 1, max: 150 }),
        ),
        (|draft| draft["settings"]["colour"] = json!("red;x"), invalid("colour", FieldProblem::Unknown)),
        (|draft| draft["settings"]["form"]["fields"] = json!([]), invalid("form.0.key", FieldProblem::Missing)),
    ];
    for (change, expected) in cases {
        assert_eq!(save(change).await.err(), Some(expected));
    }
    assert_eq!(only_site(&admin).await.1, all, "nothing of it was kept");
    let saved = save(|draft| draft["origins"] = json!(["Shop.Example/cart", "", "https://shop.example"])).await;
    assert_eq!(saved.map(|site| site.draft.origins), Ok(vec!["https://shop.example".to_owned()]));
}

#[tokio::test]
async fn the_form_is_asked_by_the_server_too_and_stands_in_the_chat() {
    let server = Server::picking().await;
    let admin = Agent::sign_in(&server, "admin", 0).await;
    let (site, all) = only_site(&admin).await;
    let mut draft = json!(site.draft);
    draft["settings"]["echo"] = json!(true);
    draft["settings"]["form"]["fields"] = json!([
        {"key": "name", "kind": "name"},
        {"key": "topic", "kind": "choice", "label": "Topic", "required": true,
         "options": [{"label": "Order", "queue": all.queues[0].0}, {"label": "<b>Other</b>"}]},
        {"key": "phone", "kind": "phone"},
        {"key": "terms", "kind": "consent", "label": "I agree", "url": "https://oak.example/terms"},
        {"key": "question", "kind": "question"},
    ]);
    admin.call::<Site>("save-site", json!({"id": site.id, "draft": draft})).await.expect("it is saved");

    let asked = |pairs: &[(&str, &str)]| StartRequest {
        answers: Answers(pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()),
        ..Visitor::request(&server, "")
    };
    let wrong = asked(&[("phone", "soon"), ("topic", "Weather")]);
    let wrong = Visitor::try_start(&server, &wrong, None, &[]).await.expect_err("refused");
    let problems = [
        ("topic", FieldProblem::Unknown),
        ("phone", FieldProblem::NotAPhone),
        ("terms", FieldProblem::Missing),
        ("question", FieldProblem::Missing),
    ];
    let problems = problems.map(|(field, problem)| Field { field: field.to_owned(), problem });
    assert_eq!(wrong.error, Some(Error::Invalid(problems.into())));

    let right = [("topic", "<b>Other</b>"), ("phone", "+49 30 1234567"), ("terms", "yes"), ("question", "In stock?")];
    let visitor = Visitor::try_start(&server, &asked(&right), None, &[]).await.expect("all is right");
    let thread: Thread = admin
        .call("thread", json!({"session": visitor.session, "after": 0, "epoch": ""}))
        .await
        .expect("an admin reads it");
    let answered = thread.events.iter().find_map(|event| match event.shown.as_ref().map(|shown| &shown.kind) {
        Some(EventKind::Answered { answers, echoed }) => Some((answers.clone(), *echoed)),
        _ => None,
    });
    let (answers, echoed) = answered.expect("what the form asked stands in the chat");
    let values: Vec<_> = answers.iter().map(|answer| answer.value.as_str()).collect();
    assert_eq!((values, echoed), (vec!["<b>Other</b>", "+49 30 1234567", "yes"], true));
}

//! Who may set what: every function of the settings asked by every role.

use serde_json::{Value, json};
use wire::{Conflict, Error, composer::Macro};

use crate::common::{Agent, Server, Visitor, client_id};

const NOBODY: &str = "00000000-0000-7000-8000-000000000001";

fn rule(name: &str) -> Value {
    json!({"name": name, "reason": "Not here.", "pattern": {"words": ["refund"]}, "on": true})
}

#[tokio::test]
async fn each_role_sets_what_is_its_own() {
    let server = Server::start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let sam = Agent::sign_in(&server, "supervisor", 0).await;
    let ada = Agent::sign_in(&server, "admin", 0).await;
    let (me, queue) = (aki.id().await, aki.inbox().await.queues[0].id);
    let one = |owner: Value, title: &str| json!({"id": null, "draft": {"owner": owner, "title": title, "text": "Hi"}});
    let (own, team) = (json!({"agent": me}), json!({"queue": queue}));
    let functions = [
        // The function, its arguments, and whether agent, supervisor and admin may.
        ("tools", json!({}), [true, false, false]),
        ("clean-up", json!({"markup": "<p>x</p>"}), [true, false, false]),
        ("own-macros", json!({}), [true, false, false]),
        ("shared-macros", json!({}), [false, true, true]),
        ("save-macro", one(own, "Own"), [true, false, false]),
        ("save-macro", one(json!({"agent": NOBODY}), "Somebody's"), [false, false, false]),
        ("guard-rules", json!({}), [false, false, true]),
        ("save-guard-rule", json!({"id": null, "draft": rule("Money")}), [false, false, true]),
        ("try-guard-rule", json!({"draft": rule("Money"), "text": "a refund"}), [false, false, true]),
        ("delete-guard-rule", json!({"id": NOBODY}), [false, false, true]),
        ("clean-up-rules", json!({}), [false, false, true]),
        ("try-clean-up", json!({"rules": {}, "markup": "<p>x"}), [false, false, true]),
        ("save-clean-up-rules", json!({"rules": {}}), [false, false, true]),
    ];
    for (function, arguments, may) in functions {
        for (who, may) in [&aki, &sam, &ada].into_iter().zip(may) {
            let answer = who.call::<Value>(function, arguments.clone()).await;
            // What is not there is not there for those who may look.
            let fine = answer.is_ok() || (may && answer == Err(Error::NotFound));
            assert_eq!(fine, may, "{function} {arguments}: {answer:?}");
            assert!(may || answer == Err(Error::Forbidden), "{function} {arguments}: {answer:?}");
        }
    }
    for (owner, may) in [(team, [false, true, true]), (json!("everyone"), [false, false, true])] {
        for ((n, who), may) in [&aki, &sam, &ada].into_iter().enumerate().zip(may) {
            let saved = who.call::<Macro>("save-macro", one(owner.clone(), &format!("Shared {n}"))).await;
            assert_eq!(saved.is_ok(), may, "{owner}: {saved:?}");
            if let Ok(saved) = saved {
                let id = json!({"id": saved.id});
                assert_eq!(aki.call::<Value>("delete-macro", id.clone()).await, Err(Error::Forbidden), "a reader");
                who.call::<Value>("delete-macro", id).await.expect("deleted by whose it is");
            }
        }
    }
}

#[tokio::test]
async fn what_is_guarded_is_refused_by_the_server_whatever_the_browser_says() {
    let server = Server::start().await;
    let (aki, ada) = (Agent::sign_in(&server, "agent", 0).await, Agent::sign_in(&server, "admin", 0).await);
    let visitor = Visitor::start(&server, "one").await;
    aki.claim(visitor.session).await.expect("claimed");
    ada.call::<Value>("save-guard-rule", json!({"id": null, "draft": rule("Money")})).await.expect("saved");
    let Err(Error::Conflict(Conflict::Guarded { hits })) = aki.write(visitor.session, "A refund?").await else {
        panic!("it is sent");
    };
    assert_eq!((hits[0].name.as_str(), hits[0].from, hits[0].to), ("Money", 2, 8));
    let anyway = json!({
        "client_id": client_id(), "session": visitor.session, "text": "A refund?", "anyway": [hits[0].rule],
    });
    aki.call::<Value>("send", anyway).await.expect("sent");
    let told = serde_json::to_string(&visitor.whole_chat().await).expect("encodes");
    assert!(told.contains("A refund?") && !told.contains("Money"), "the visitor is not told of the guard: {told}");
    let thread = serde_json::to_string(&aki.thread(visitor.session, 0, "").await.expect("hers")).expect("encodes");
    assert!(thread.contains(r#"{"overrode":{"rules":["Money"]}}"#), "{thread}");
}

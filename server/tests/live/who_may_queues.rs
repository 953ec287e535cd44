//! Queues are set by admins alone, and what is wrong is refused with its place.

use serde_json::{Value, json};
use wire::{
    Conflict, Error, Field,
    queues::{Person, Queue, Queues},
};

use crate::common::{Agent, Server, Visitor};

/// Every function of these settings, with arguments that are right.
fn functions(queue: &Queue) -> Vec<(&'static str, Value)> {
    let draft = draft(queue, &json!({}));
    let hours = json!({"zone": "Europe/Berlin", "week": vec![json!([]); 7]});
    vec![
        ("queues-admin", json!({})),
        ("save-queue", json!({"id": queue.id, "draft": draft})),
        ("save-hours", json!({"id": queue.id, "hours": hours})),
        ("save-texts", json!({"id": queue.id, "texts": {}})),
        ("delete-queue", json!({"id": queue.id})),
        ("set-chat-limit", json!({"agent": queue.members[0], "limit": 3})),
        ("preview-hours", json!({"hours": hours})),
        ("zones", json!({})),
    ]
}

/// The queue as it is, apart from these settings.
fn draft(queue: &Queue, settings: &Value) -> Value {
    let mut all = json!(queue.settings);
    if let (Some(all), Some(other)) = (all.as_object_mut(), settings.as_object()) {
        all.extend(other.clone());
    }
    json!({
        "name": queue.name, "rules": queue.rules, "settings": all,
        "members": queue.members, "supervisors": queue.supervisors,
    })
}

async fn only_queue(admin: &Agent) -> Queue {
    let all: Queues = admin.call("queues-admin", json!({})).await.expect("an admin sees them");
    all.queues.into_iter().next().expect("the demo's queue")
}

fn wrong(done: Result<Queue, Error>) -> Vec<String> {
    match done {
        Err(Error::Invalid(fields)) => fields.into_iter().map(|Field { field, .. }| field).collect(),
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn only_admins_see_and_set_queues() {
    let server = Server::start().await;
    let admin = Agent::sign_in(&server, "admin", 0).await;
    let before = only_queue(&admin).await;
    for (role, n) in [("agent", 0), ("supervisor", 0)] {
        let other = Agent::sign_in(&server, role, n).await;
        for (function, arguments) in functions(&before) {
            assert_eq!(other.call::<Value>(function, arguments).await, Err(Error::Forbidden), "{role} {function}");
        }
    }
    assert_eq!(only_queue(&admin).await, before, "nothing has changed");
    // For an admin each does what it says, but for deleting a queue that a site uses.
    for (function, arguments) in functions(&before) {
        let done = admin.call::<Value>(function, arguments).await;
        if function == "delete-queue" {
            assert_eq!(done, Err(Error::Conflict(Conflict::UsedBySite { name: "Oak & Co.".into() })));
        } else {
            assert!(done.is_ok(), "{function}: {done:?}");
        }
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_queue_is_refused_field_by_field() {
    let server = Server::start().await;
    let admin = Agent::sign_in(&server, "admin", 0).await;
    let queue = only_queue(&admin).await;
    let save = async |draft: Value| admin.call::<Queue>("save-queue", json!({"id": queue.id, "draft": draft})).await;
    let nobody = "00000000-0000-7000-8000-00000000dead";

    let mut everything = draft(&queue, &json!({"ring": 1, "pause": 3601, "after_wait": {"queue": nobody}}));
    everything["name"] = json!(" \n ");
    everything["members"] = json!([queue.supervisors[0]]);
    everything["supervisors"] = json!([nobody]);
    let fields = ["name", "ring", "pause", "after_wait", "members", "supervisors"];
    assert_eq!(wrong(save(everything).await), fields, "an admin is told everything at once");
    let itself = draft(&queue, &json!({"after_wait": {"queue": queue.id}}));
    assert_eq!(wrong(save(itself).await), ["after_wait"], "to itself it would never move on");
    let unreadable = save(draft(&queue, &json!({"ring": -5}))).await;
    assert_eq!(unreadable.expect_err("refused").status(), 422);

    let open = |day: Value| {
        let mut week = vec![json!([]); 7];
        week[2] = day;
        json!({"zone": "Europe/Atlantis", "week": week, "exceptions": [
            {"date": "2026-12-25", "open": []}, {"date": "2026-12-25", "open": []}, {"date": "2026-02-30", "open": []},
        ]})
    };
    let overlapping = open(json!([{"from": 540, "to": 720}, {"from": 700, "to": 800}]));
    let told = wrong(admin.call("save-hours", json!({"id": queue.id, "hours": overlapping})).await);
    assert_eq!(told, ["day.2", "exception.1", "exception.2", "zone"]);
    let texts = json!({"waiting": {"after": 0, "text": " "}, "close_idle": 5});
    let told = wrong(admin.call("save-texts", json!({"id": queue.id, "texts": texts})).await);
    assert_eq!(told, ["waiting_after", "waiting_text", "close_idle"]);
    let limit = admin.call::<Person>("set-chat-limit", json!({"agent": queue.members[0], "limit": 101})).await;
    assert_eq!(limit.expect_err("refused").status(), 422);
    let stranger = admin.call::<Person>("set-chat-limit", json!({"agent": nobody, "limit": 1})).await;
    assert_eq!(stranger, Err(Error::NotFound));
    assert_eq!(only_queue(&admin).await, queue, "nothing has changed");
}

#[tokio::test]
async fn a_queue_comes_and_goes() {
    let server = Server::start().await;
    let admin = Agent::sign_in(&server, "admin", 0).await;
    let sales = only_queue(&admin).await;
    let mut nights = draft(&sales, &json!({"strategy": "pick"}));
    nights["name"] = json!("sALES");
    let twice = admin.call::<Queue>("save-queue", json!({"id": null, "draft": nights})).await;
    assert_eq!(twice, Err(Error::Conflict(Conflict::Exists)));
    nights["name"] = json!("Nights");
    nights["members"] = json!([]);
    let nights: Queue = admin.call("save-queue", json!({"id": null, "draft": nights})).await.expect("a second queue");
    assert!(nights.members.is_empty() && nights.sites.is_empty());

    // Sales moves on to it, so it has to stay.
    let chained = draft(&sales, &json!({"after_wait": {"queue": nights.id}}));
    admin.call::<Queue>("save-queue", json!({"id": sales.id, "draft": chained})).await.expect("chained");
    let delete = async |queue: &Queue| admin.call::<()>("delete-queue", json!({"id": queue.id})).await;
    assert_eq!(delete(&nights).await, Err(Error::Conflict(Conflict::UsedByQueue { name: "Sales".into() })));
    let alone = draft(&sales, &json!({"after_wait": "missed"}));
    admin.call::<Queue>("save-queue", json!({"id": sales.id, "draft": alone.clone()})).await.expect("alone again");

    // A chat is in it.
    let visitor = Visitor::start(&server, "one").await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    aki.claim(visitor.session).await.expect("taken");
    let id = crate::common::client_id();
    let hand_over = json!({"client_id": id, "session": visitor.session, "queue": nights.id});
    aki.call::<Value>("requeue", hand_over).await.expect("it waits there");
    assert_eq!(delete(&nights).await, Err(Error::Conflict(Conflict::HasChats { count: 1 })));
    let leave = wire::visitor::ClientFrame::Leave { client_id: crate::common::client_id() };
    visitor.frame(&leave).await.expect("the visitor goes");
    delete(&nights).await.expect("nothing is in it");

    let all: Queues = admin.call("queues-admin", json!({})).await.expect("an admin sees them");
    assert_eq!(all.queues.len(), 1);
    assert_eq!(delete(&nights).await, Err(Error::NotFound));
    let to_nowhere = draft(&sales, &json!({"after_wait": {"queue": nights.id}}));
    assert_eq!(
        wrong(admin.call("save-queue", json!({"id": sales.id, "draft": to_nowhere})).await),
        ["after_wait"],
        "no chat moves on to what is no more"
    );
    // Its ended chat still says where it was; whoever takes it up again waits where new chats do.
    let resolved: wire::agent::Resolved =
        admin.call("resolved", json!({"filter": {}})).await.expect("an admin sees it");
    assert_eq!(resolved.rows.iter().map(|row| row.queue_name.as_str()).collect::<Vec<_>>(), ["Nights"]);
    let resume = wire::visitor::ClientFrame::Resume { client_id: crate::common::client_id() };
    visitor.frame(&resume).await.expect("taken up again");
    let row = aki.inbox().await.rows.into_iter().find(|row| row.session == visitor.session).expect("it waits");
    assert_eq!(row.queue, sales.id);
}

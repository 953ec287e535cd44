//! Being signed in: without it nothing, and no longer than it holds.

use std::time::{Duration, Instant};

use domain::{Span, Timestamp};
use reqwest::StatusCode;
use serde_json::{Value, json};
use wire::{Close, Error};

use crate::common::{Agent, Books, COOKIE, Server, Setup, client_id};

/// Every server function with arguments that can be read. The test of the routes below holds it against the program.
fn functions() -> Vec<(&'static str, Value)> {
    let session = "00000000-0000-7000-8000-000000000001";
    let command = json!({"client_id": client_id(), "session": session});
    let rules = json!({"wait_timeout": 300, "wrap_up": "none", "chat_limit": 0});
    let draft = json!({"name": "Nights", "rules": rules, "settings": {}, "members": [], "supervisors": []});
    vec![
        ("inbox", json!({})),
        ("thread", json!({"session": session, "after": 0, "epoch": ""})),
        ("history", json!({"session": session, "before": 1})),
        ("thread-at", json!({"session": session, "at": 0})),
        ("details", json!({"session": session})),
        ("draft", json!({"session": session})),
        ("save-draft", json!({"session": session, "text": ""})),
        ("availability", json!({"to": "online"})),
        ("serve", json!({"queues": []})),
        ("claim", command.clone()),
        ("send", json!({"client_id": client_id(), "session": session, "text": "x"})),
        ("end", command.clone()),
        ("close-wrap-up", command.clone()),
        ("classification", json!({"session": session})),
        ("classify", json!({"session": session, "rev": 0, "given": {}})),
        ("block", command.clone()),
        ("unblock", json!({"session": session})),
        ("accept", command.clone()),
        ("decline", command.clone()),
        ("cancel-transfer", command),
        ("transfer", json!({"client_id": client_id(), "session": session, "to": session})),
        ("assign", json!({"client_id": client_id(), "session": session, "to": session})),
        ("reassign", json!({"client_id": client_id(), "session": session, "to": session})),
        ("add-colleague", json!({"client_id": client_id(), "session": session, "agent": session})),
        ("destinations", json!({})),
        ("remove-colleague", json!({"client_id": client_id(), "session": session, "agent": session})),
        ("requeue", json!({"client_id": client_id(), "session": session, "queue": session})),
        ("begin-upload", json!({"session": session, "file": {"name": "x.txt", "bytes": 1}})),
        ("drop-upload", json!({"file": session})),
        ("attach", json!({"client_id": client_id(), "session": session, "file": session})),
        ("allow-attachments", json!({"client_id": client_id(), "session": session, "on": true})),
        ("recent", json!({"outcome": null, "before": null})),
        ("alerts", json!({})),
        ("alerts-set", json!({"prefs": {}})),
        ("alerts-test", json!({"way": "push"})),
        ("alerts-subscribe", json!({"browser": {"endpoint": "https://push.example/1", "p256dh": "", "auth": ""}})),
        ("alerts-unsubscribe", json!({})),
        ("resolved", json!({"filter": {}})),
        ("tools", json!({})),
        ("clean-up", json!({"markup": "<p>x"})),
        ("own-macros", json!({})),
        ("shared-macros", json!({})),
        ("save-macro", json!({"id": null, "draft": {"owner": "everyone", "title": "x", "text": "x"}})),
        ("delete-macro", json!({"id": session})),
        ("guard-rules", json!({})),
        ("save-guard-rule", json!({"id": null, "draft": guard_rule()})),
        ("delete-guard-rule", json!({"id": session})),
        ("try-guard-rule", json!({"draft": guard_rule(), "text": "x"})),
        ("clean-up-rules", json!({})),
        ("save-clean-up-rules", json!({"rules": {}})),
        ("try-clean-up", json!({"rules": {}, "markup": "x"})),
        ("sites-admin", json!({})),
        ("save-site", json!({"id": session, "draft": {"name": "x", "origins": [], "queue": session, "settings": {}}})),
        ("site-secrets", json!({"site": session})),
        ("make-site-secret", json!({"site": session})),
        ("retire-site-secret", json!({"site": session, "secret": session})),
        ("queues-admin", json!({})),
        ("save-queue", json!({"id": null, "draft": draft})),
        ("save-hours", json!({"id": session, "hours": null})),
        ("save-texts", json!({"id": session, "texts": {}})),
        ("delete-queue", json!({"id": session})),
        ("set-chat-limit", json!({"agent": session, "limit": 1})),
        ("preview-hours", json!({"hours": {"zone": "UTC", "week": vec![json!([]); 7]}})),
        ("zones", json!({})),
    ]
}

fn guard_rule() -> Value {
    json!({"name": "Cards", "reason": "", "pattern": "card", "on": true})
}

async fn refused_everywhere(agent: &Agent) {
    for (function, arguments) in functions() {
        assert_eq!(agent.call::<Value>(function, arguments).await, Err(Error::Unauthenticated), "{function}");
    }
    let mut socket = agent.open().await.expect("the upgrade itself is allowed");
    assert_eq!(socket.end().await, Some(Close::Unauthenticated.code()));
    let page = agent.get("/inbox").await;
    assert_eq!(page.status(), StatusCode::SEE_OTHER);
    assert!(page.headers()["location"].to_str().is_ok_and(|to| to.starts_with("/sign-in")));
}

#[tokio::test]
async fn without_a_sign_in_nothing_is_told() {
    let server = Server::start().await;
    let token = "x".repeat(43);
    for token in [String::new(), token] {
        refused_everywhere(&Agent::with_token(&server, token)).await;
    }
    for (email, password) in [("aki@demo.example", "wrong password"), ("nobody@demo.example", "wrong password")] {
        let own = [("origin", server.dashboard.as_str())];
        let refused = Agent::try_sign_in(&server, email, password, &own).await;
        assert_eq!(refused, Err(StatusCode::UNAUTHORIZED), "{email}");
    }
}

#[tokio::test]
async fn every_server_function_stands_in_the_table() {
    // The table is only as good as it is complete: the program's own list of functions, read from its sources.
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src");
    let mut found = Vec::new();
    let mut folders = vec![sources];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the sources are there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                let ends = text.match_indices("endpoint = \"").map(|(at, start)| &text[at + start.len()..]);
                found.extend(ends.filter_map(|rest| rest.split('"').next()).map(str::to_owned));
            }
        }
    }
    let mut listed: Vec<_> = functions().into_iter().map(|(name, _)| name.to_owned()).collect();
    found.sort();
    listed.sort();
    assert_eq!(listed, found);

    // And each of them is really there.
    let server = Server::start().await;
    let sam = Agent::sign_in(&server, "admin", 0).await;
    for (function, arguments) in functions() {
        let (status, body) = sam.raw(function, &arguments, &[("origin", server.dashboard.as_str())]).await;
        assert!(matches!(status, 200 | 403 | 404 | 422), "{function} answered {status}: {body}");
    }
}

#[tokio::test]
async fn a_sign_in_ends_when_it_expires() {
    let server = Server::start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let id = aki.id().await;
    let books = Books::open(server.setup()).await;
    let now = Books::now();
    books.sign_in(id, "expired", Timestamp::from_micros(now.micros() - 1)).await;
    books.sign_in(id, "lasting", now + Span::seconds(60)).await;
    refused_everywhere(&Agent::with_token(&server, "expired".into())).await;
    Agent::with_token(&server, "lasting".into()).inbox().await;
}

#[tokio::test]
async fn after_signing_out_it_is_worth_nothing_and_open_lines_close() {
    let server = Server::start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let elsewhere = Agent::sign_in(&server, "agent", 0).await;
    let (mut line, _) = aki.connect().await;
    let (mut other, _) = elsewhere.connect().await;
    let answer = server.http.post(format!("{}/sign-out", server.dashboard)).header("cookie", aki.cookie());
    let answer = answer.header("origin", &server.dashboard).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let cleared = answer.headers()["set-cookie"].to_str().expect("text").to_owned();
    assert!(cleared.starts_with(&format!("{COOKIE}=;")) && cleared.contains("Max-Age=0"), "{cleared}");
    let began = Instant::now();
    refused_everywhere(&aki).await;
    assert_eq!(line.end().await, Some(Close::Unauthenticated.code()));
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    elsewhere.inbox().await;
    other.heard_so_far().await;
}

#[tokio::test]
async fn who_is_deactivated_is_out_within_five_seconds() {
    let server = Server::start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let jo = Agent::sign_in(&server, "agent", 1).await;
    let (mut line, inbox) = aki.connect().await;
    let (mut other, _) = jo.connect().await;
    // From outside, as another node would do it.
    let books = Books::open(server.setup()).await;
    books.deactivate(inbox.me.id).await;
    let began = Instant::now();
    refused_everywhere(&aki).await;
    assert_eq!(line.end().await, Some(Close::Unauthenticated.code()));
    // Five seconds, and what a busy machine adds.
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    let account = server.account("agent", 0);
    let password = account.password.as_deref().expect("a password");
    let own = [("origin", server.dashboard.as_str())];
    let refused = Agent::try_sign_in(&server, &account.email, password, &own).await;
    assert_eq!(refused, Err(StatusCode::UNAUTHORIZED), "nor can they come back");
    other.heard_so_far().await;
}

#[tokio::test]
async fn guessing_passwords_is_slowed_down() {
    let setup = Setup::demo().limit("SIGN_IN_ATTEMPTS_PER_MINUTE", 1).limit("SIGN_IN_ATTEMPTS_BURST", 2);
    let server = setup.start().await;
    let own = [("origin", server.dashboard.as_str())];
    for _ in 0..2 {
        let refused = Agent::try_sign_in(&server, "aki@demo.example", "a guess of mine", &own).await;
        assert_eq!(refused, Err(StatusCode::UNAUTHORIZED));
    }
    let account = server.account("agent", 0);
    let password = account.password.as_deref().expect("a password");
    let refused = Agent::try_sign_in(&server, &account.email, password, &own).await;
    assert_eq!(refused, Err(StatusCode::TOO_MANY_REQUESTS), "even with the right one");
}

//! Who a site's page says its visitor is: what proves it, what becomes of a browser's chats, and what nobody can take over.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{AttributeChanges, ClientId, FieldProblem, Outcome, SecretId};
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use wire::{
    Close, Conflict, Error,
    agent::{Details, ServerFrame as StaffFrame},
    sites::{NewSecret, Secret, Site, Sites},
    visitor::{ClientFrame, Identified, Refused, ServerFrame, What},
};

use crate::common::{Agent, Books, Server, Visitor, client_id, send, texts};

/// A site that can identify its visitors, and its admin.
struct House {
    server: Server,
    admin: Agent,
    site: Site,
    secret: String,
}

impl House {
    async fn open() -> Self {
        let server = Server::picking().await;
        let admin = Agent::sign_in(&server, "admin", 0).await;
        let all: Sites = admin.call("sites-admin", json!({})).await.expect("an admin sees them");
        let site = all.sites[0].clone();
        let NewSecret { secret, .. } = make(&admin, &site).await.expect("a first secret");
        Self { server, admin, site, secret }
    }

    fn signed(&self, user_id: &str) -> Value {
        signed(&self.secret, &self.site.key, user_id, in_seconds(3_600), "")
    }

    async fn identify(&self, token: Option<&str>, identity: &Value) -> Result<Identified, Error> {
        let body = json!({"site": self.site.key, "identity": identity});
        let mut request = self.server.http.post(format!("{}/w/api/identify", self.server.dashboard)).json(&body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let text = answer.text().await.expect("a body");
        if status == 200 {
            return Ok(serde_json::from_str(&text).expect("an identified visitor"));
        }
        let refused: Refused = serde_json::from_str(&text).expect("the API's own error");
        assert_eq!(status, refused.error.status());
        Err(refused.error)
    }

    /// Another browser of this person.
    async fn come(&self, user_id: &str, token: Option<&str>) -> Identified {
        self.identify(token, &self.signed(user_id)).await.expect("the signature is right")
    }

    async fn details(&self, visitor: &Visitor) -> Details {
        self.admin.call("details", json!({"session": visitor.session})).await.expect("an admin reads it")
    }

    async fn only_identified(&self, on: bool) {
        let mut draft = json!(self.site.draft);
        draft["settings"]["identified_only"] = json!(on);
        let saved = self.admin.call::<Site>("save-site", json!({"id": self.site.id, "draft": draft})).await;
        saved.expect("it is saved");
    }
}

async fn make(admin: &Agent, site: &Site) -> Result<NewSecret, Error> {
    admin.call("make-site-secret", json!({"site": site.id})).await
}

fn in_seconds(seconds: i64) -> i64 {
    Books::now().millis() / 1_000 + seconds
}

fn signed(secret: &str, site: &str, user_id: &str, expires: i64, email: &str) -> Value {
    let text = format!("deskbell-identity-v1\n{site}\n{user_id}\n{expires}\n\n{email}\n");
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
    mac.update(text.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    json!({"user_id": user_id, "expires": expires, "email": email, "signature": signature})
}

fn wrong(field: &str, problem: FieldProblem) -> Error {
    Error::invalid(field, problem)
}

async fn is_dead(visitor: &Visitor) {
    let failure = visitor.frame(&ClientFrame::Ping).await.expect_err("the token is worth nothing");
    assert_eq!(failure.error, Some(Error::Unauthenticated));
    let mut socket = visitor.open().await;
    socket.send(&visitor.hello(0, None, "")).await;
    assert_eq!(socket.end().await, Some(Close::Unauthenticated.code()));
}

fn attributes(json: Value) -> AttributeChanges {
    serde_json::from_value(json).expect("an object")
}

#[tokio::test]
async fn only_what_the_sites_own_secret_has_signed_is_believed() {
    let house = House::open().await;
    let (secret, key) = (house.secret.as_str(), house.site.key.as_str());
    let soon = in_seconds(3_600);
    let signature = FieldProblem::Unknown;
    let changed = |field: &str, value: Value| {
        let mut identity = house.signed("user-1");
        identity[field] = value;
        identity
    };
    for (identity, error) in [
        (signed("a guess", key, "user-1", soon, ""), wrong("signature", signature)),
        (signed(secret, "another-site", "user-1", soon, ""), wrong("signature", signature)),
        (changed("user_id", json!("user-2")), wrong("signature", signature)),
        (changed("expires", json!(soon + 60)), wrong("signature", signature)),
        (changed("email", json!("eve@example.org")), wrong("signature", signature)),
        (changed("signature", json!("")), wrong("signature", signature)),
        (changed("user_id", json!("user-1\n")), wrong("user_id", FieldProblem::Unknown)),
        (signed(secret, key, "user-1", in_seconds(-400), ""), wrong("expires", FieldProblem::Expired)),
        (signed(secret, key, "user-1", in_seconds(3 * 86_400), ""), wrong("expires", FieldProblem::TooFar)),
        (signed(secret, key, "user-1", soon, "lena@"), wrong("email", FieldProblem::NotAnEmail)),
        (json!({}), wrong("user_id", FieldProblem::Missing)),
    ] {
        assert_eq!(house.identify(None, &identity).await, Err(error), "{identity}");
    }
    // A clock that is a little behind; and the same signature again is the same person.
    let late = signed(secret, key, "user-1", in_seconds(-200), "");
    let first = house.identify(None, &late).await.expect("five minutes are forgiven");
    let token = first.token.expect("a token");
    let again = house.identify(Some(&token), &house.signed("user-1")).await.expect("right");
    assert_eq!((again.token, again.other), (None, false), "the token is theirs already");
}

#[tokio::test]
async fn a_secret_is_good_until_it_is_retired() {
    let House { server, admin, site, secret } = House::open().await;
    let new = make(&admin, &site).await.expect("a second one");
    assert_eq!(make(&admin, &site).await, Err(wrong("secret", FieldProblem::TooMany)));
    let house = House { server, admin, site, secret };
    let with_new = || signed(&new.secret, &house.site.key, "user-1", in_seconds(60), "");
    house.identify(None, &house.signed("user-1")).await.expect("the old one is good");
    house.identify(None, &with_new()).await.expect("so is the new one");
    let retire = async |id: SecretId| {
        let arguments = json!({"site": house.site.id, "secret": id});
        house.admin.call::<Vec<Secret>>("retire-site-secret", arguments).await
    };
    assert!(house.secret.ends_with(&new.all[0].ending));
    let left = retire(new.all[0].id).await.expect("it is retired");
    assert_eq!(left, new.all[1..]);
    let refused = house.identify(None, &house.signed("user-1")).await;
    assert_eq!(refused, Err(wrong("signature", FieldProblem::Unknown)));
    house.identify(None, &with_new()).await.expect("the new one goes on");
    house.only_identified(true).await;
    assert_eq!(retire(new.all[1].id).await, Err(wrong("secret", FieldProblem::Missing)), "nobody could chat any more");
    house.only_identified(false).await;
    assert_eq!(retire(new.all[1].id).await, Ok(Vec::new()));
    let refused = house.identify(None, &with_new()).await;
    assert_eq!(refused, Err(wrong("secret", FieldProblem::Missing)));
    assert_eq!(retire(new.all[1].id).await, Err(Error::NotFound));
}

#[tokio::test]
async fn a_strangers_chat_becomes_the_persons_in_all_their_browsers() {
    let house = House::open().await;
    let stranger = Visitor::start(&house.server, "Is it in stock?").await;
    let (mut line, _) = stranger.connect().await;
    let sent = client_id();
    line.command(&send(sent, "In oak?")).await.expect("taken");
    let email = "lena@shop.example";
    let identity = signed(&house.secret, &house.site.key, "user-1", in_seconds(60), email);
    let answer = house.identify(Some(&stranger.token), &identity).await.expect("right");
    assert_eq!(answer.session, Some(stranger.session));
    let known = stranger.with_token(answer.token.expect("a new token"));
    assert_eq!(line.end().await, Some(Close::GoingAway.code()), "the open line was the stranger's");
    is_dead(&stranger).await;
    // What was on its way and is sent again finds its first answer; nothing stands there twice.
    known.command(&send(sent, "In oak?")).await.expect("the first answer");
    known.write("Or beech?").await;
    let (mut here, _) = known.connect().await;

    let elsewhere = house.come("user-1", None).await;
    assert_eq!(elsewhere.session, Some(stranger.session), "the same chat");
    let other = stranger.with_token(elsewhere.token.expect("a token of its own"));
    other.write("From my phone").await;
    assert_eq!(here.event().await.what, What::Message { text: "From my phone".into() });
    let said = ["Is it in stock?", "In oak?", "Or beech?", "From my phone"];
    let all = known.whole_chat().await;
    let texts: Vec<_> = texts(&all).into_iter().filter(|text| !text.starts_with("Thank you")).collect();
    assert_eq!(texts, said);
    let details = house.details(&known).await;
    assert_eq!((details.customer.user_id.as_str(), details.row.visitor.email.as_str()), ("user-1", email));
    assert_eq!(details.row.visitor.name, "Lena S.", "what was not signed stays as they wrote it");
}

#[tokio::test]
async fn what_is_signed_is_not_changed_by_what_is_written() {
    let house = House::open().await;
    let email = "lena@shop.example";
    let identity = signed(&house.secret, &house.site.key, "user-1", in_seconds(60), email);
    let answer = house.identify(None, &identity).await.expect("right");
    assert_eq!((answer.session, answer.known.len()), (None, 1));
    let token = answer.token.expect("a token before any chat");
    let request = Visitor::request(&house.server, "Who am I?");
    let started = Visitor::try_start(&house.server, &request, Some(&token), &[]).await.expect("it begins");
    assert_eq!(started.token, None, "they have one");
    let visitor = Visitor::of(&house.server, wire::visitor::Started { token: Some(token), ..started });
    let person = house.details(&visitor).await.row.visitor;
    assert_eq!((person.email.as_str(), person.name.as_str()), (email, "Lena S."));
}

#[tokio::test]
async fn nobody_takes_over_what_is_anothers() {
    let house = House::open().await;
    let a = Visitor::start(&house.server, "A's question").await;
    let a_token = house.come("user-a", Some(&a.token)).await.token.expect("a token");
    let phone = house.come("user-a", None).await.token.expect("a token");
    let b = Visitor::start(&house.server, "B's question").await;

    // The same browser, another person: nothing of the first comes along, and their token is gone from there.
    let switched = house.come("user-b", Some(&a_token)).await;
    assert_eq!((switched.session, switched.other), (None, true));
    let b_token = switched.token.expect("a token of their own");
    is_dead(&a.with_token(a_token)).await;
    let at_home = a.with_token(phone);
    assert_eq!(texts(&at_home.whole_chat().await)[0], "A's question", "their other browsers go on");
    let failure = a.with_token(b_token.clone()).frame(&ClientFrame::History { before: 9 }).await.expect_err("no chat");
    assert_eq!(failure.error, Some(Error::NotFound));

    // Nor do a stranger's chats go anywhere but to whoever holds the stranger's token.
    assert_eq!(house.come("user-b", Some(&b_token)).await.session, None);
    assert_eq!(house.come("user-b", Some("x")).await.session, None);
    assert_eq!(texts(&b.whole_chat().await)[0], "B's question");

    // Whoever knows by which id the chat was begun has had its token; not any more.
    let request = Visitor::request(&house.server, "Fixed");
    let planted = Visitor::try_start(&house.server, &request, None, &[]).await.expect("it begins");
    let planted = Visitor::of(&house.server, planted);
    house.come("user-c", Some(&planted.token)).await;
    let failure = Visitor::try_start(&house.server, &request, None, &[]).await.expect_err("refused");
    assert_eq!(failure.error, Some(Error::NotFound));
}

#[tokio::test]
async fn of_two_open_chats_the_one_that_began_later_goes_on() {
    let house = House::open().await;
    for later_is_the_strangers in [true, false] {
        let user = format!("user-{later_is_the_strangers}");
        let (first, second) =
            (Visitor::start(&house.server, "First").await, Visitor::start(&house.server, "Second").await);
        let (known, stranger) = if later_is_the_strangers { (&first, &second) } else { (&second, &first) };
        house.come(&user, Some(&known.token)).await;
        let merged = house.come(&user, Some(&stranger.token)).await;
        assert_eq!(merged.session, Some(second.session));
        let now = second.with_token(merged.token.expect("a token"));
        assert_eq!(texts(&now.whole_chat().await)[0], "Second");
        let older = house.details(&first).await;
        assert_eq!(older.row.outcome, Some(Outcome::Left), "ended, and still there");
        let newer = house.details(&second).await;
        assert_eq!((newer.row.outcome, newer.before), (None, older.before + 1), "among their earlier chats");
        house
            .admin
            .call::<Value>("block", json!({"client_id": client_id(), "session": second.session}))
            .await
            .expect("ended");
    }
}

#[tokio::test]
async fn a_blocked_strangers_chats_stay_behind() {
    let house = House::open().await;
    let stranger = Visitor::start(&house.server, "Rude").await;
    let block = json!({"client_id": client_id(), "session": stranger.session});
    house.admin.call::<Value>("block", block).await.expect("blocked");
    let answer = house.come("user-1", Some(&stranger.token)).await;
    assert_eq!(answer.session, None);
    let token = answer.token.expect("a token");
    let request = Visitor::request(&house.server, "Hello");
    Visitor::try_start(&house.server, &request, Some(&token), &[]).await.expect("the person is not blocked");
    assert_eq!(house.details(&stranger).await.customer.user_id, "");
}

#[tokio::test]
async fn where_it_is_enforced_nothing_works_for_strangers() {
    let house = House::open().await;
    let stranger = Visitor::start(&house.server, "Before").await;
    let (mut line, _) = stranger.connect().await;
    let mut lines = stranger.stream(0, None, "").await;
    lines.next().await.expect("welcome");
    house.only_identified(true).await;
    line.send(&send(client_id(), "Still here?")).await;
    assert_eq!(line.end().await, Some(Close::Unidentified.code()));
    let mut socket = stranger.open().await;
    socket.send(&stranger.hello(0, None, "")).await;
    assert_eq!(socket.end().await, Some(Close::Unidentified.code()));
    let no = Error::Conflict(Conflict::Unidentified);
    for frame in [
        send(client_id(), "Hello"),
        ClientFrame::Resume { client_id: client_id() },
        ClientFrame::Leave { client_id: client_id() },
        ClientFrame::Attributes { client_id: client_id(), set: AttributeChanges::default() },
        ClientFrame::Ping,
    ] {
        assert_eq!(stranger.frame(&frame).await.expect_err("refused").error, Some(no.clone()));
    }
    for path in ["stream", "transcript"] {
        let request = house.server.http.get(format!("{}/w/api/{path}", stranger.base)).bearer_auth(&stranger.token);
        assert_eq!(request.send().await.expect("an answer").status().as_u16(), 409, "{path}");
    }
    for token in [None, Some(stranger.token.as_str())] {
        let request = Visitor::request(&house.server, "Let me in");
        let failure = Visitor::try_start(&house.server, &request, token, &[]).await.expect_err("refused");
        assert_eq!(failure.error, Some(no.clone()));
    }
    // Whoever proves who they are goes on with what they had.
    let answer = house.come("user-1", Some(&stranger.token)).await;
    let known = stranger.with_token(answer.token.expect("a token"));
    known.write("Here I am").await;
    let (mut line, welcome) = known.connect().await;
    assert_eq!(welcome.session, stranger.session);
    line.write("And here").await;
}

#[tokio::test]
async fn attributes_are_kept_whole_or_not_at_all_and_told_at_once() {
    let house = House::open().await;
    let visitor = Visitor::start(&house.server, "What do I pay?").await;
    let (mut desk, _) = house.admin.connect().await;
    desk.watch(visitor.session, 0, "").await.expect("an admin looks");
    let set = |client_id: ClientId, json: Value| ClientFrame::Attributes { client_id, set: attributes(json) };
    let (mut line, _) = visitor.connect().await;
    let hostile = "<img src=x onerror=alert(1)>\u{202E}\u{7}";
    line.command(&set(client_id(), json!({"Plan": "pro", "seats": 12, "trial": true, "note": hostile})))
        .await
        .expect("kept");
    let heard = desk
        .until("what the page said", |frame| match frame {
            StaffFrame::Customer { customer, .. } => Some(customer.attributes),
            _ => None,
        })
        .await;
    let shown: Vec<_> = heard.iter().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(shown, ["note=<img src=x onerror=alert(1)>", "plan=pro", "seats=12", "trial=yes"]);
    // Over plain HTTP too; one that is wrong keeps all of it out.
    for (json, field, problem) in [
        (json!({"plan": "free", "deep": {"a": 1}}), "attributes.deep", FieldProblem::Unknown),
        (json!({"plan": "free", "a b": 1}), "attributes.a b", FieldProblem::Unknown),
        (json!({"plan": "x".repeat(256)}), "attributes.plan", FieldProblem::TooLong),
    ] {
        let failure = visitor.frame(&set(client_id(), json)).await.expect_err("refused");
        assert_eq!(failure.error, Some(wrong(field, problem)));
    }
    assert_eq!(house.details(&visitor).await.customer.attributes, heard);
    visitor.command(&set(client_id(), json!({"note": null, "seats": 13}))).await.expect("kept");
    // They go along when the stranger turns out to be somebody, whose own stay otherwise.
    let token = house.come("user-1", None).await.token.expect("a token");
    let person = visitor.with_token(token);
    let ack =
        person.command(&set(client_id(), json!({"plan": "old", "city": "Wien"}))).await.expect("no chat is needed");
    assert_eq!(ack.vseq, 0);
    house.come("user-1", Some(&visitor.token)).await;
    let kept = house.details(&visitor).await.customer.attributes;
    let shown: Vec<_> = kept.iter().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(shown, ["city=Wien", "plan=pro", "seats=13", "trial=yes"]);
}

#[tokio::test]
async fn pages_of_other_origins_identify_nobody() {
    let house = House::open().await;
    let body = json!({"site": house.site.key, "identity": house.signed("user-1")});
    for (origin, status) in [("https://evil.example", 403), ("null", 403), (house.server.shop.as_str(), 200)] {
        let request = house.server.http.post(format!("{}/w/api/identify", house.server.dashboard)).json(&body);
        let answer = request.header("origin", origin).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), status, "{origin}");
    }
    let body = json!({"site": "no-such-site", "identity": house.signed("user-1")});
    let request = house.server.http.post(format!("{}/w/api/identify", house.server.dashboard)).json(&body);
    assert_eq!(request.send().await.expect("an answer").status().as_u16(), 404);
}

#[tokio::test]
async fn neither_secrets_nor_tokens_nor_signatures_are_logged() {
    let house = House::open().await;
    let identity = house.signed("user-1");
    let token = house.come("user-1", None).await.token.expect("a token");
    let visitor = Visitor::start(&house.server, "Hello").await;
    let known = house.come("user-2", Some(&visitor.token)).await;
    let (mut line, _) = visitor.with_token(known.token.clone().expect("a token")).connect().await;
    line.send(&ClientFrame::Ping).await;
    line.until("a beat", |frame| matches!(frame, ServerFrame::Beat { .. }).then_some(())).await;
    let log = house.server.log();
    let signature = identity["signature"].as_str().expect("text");
    for secret in [house.secret.as_str(), &token, signature, &visitor.token] {
        assert!(!log.contains(secret));
    }
}

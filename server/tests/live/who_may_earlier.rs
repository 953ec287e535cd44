//! A visitor's earlier chats are for that visitor (PRODUCT V10): whole as they saw them, and for nobody else.

use domain::{Outcome, SessionId, Stars};
use wire::{
    Error,
    visitor::{ClientFrame, EarlierChats, Page, Rate, Refused, What},
};

use crate::common::{Agent, Books, Server, Setup, Visitor, client_id, texts, within};

/// Asks with this token, or with none.
async fn get(server: &Server, path: &str, token: Option<&str>, headers: &[(&str, &str)]) -> reqwest::Response {
    let request = server.http.get(format!("{}{path}", server.dashboard));
    let request = token.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    within("an answer", request.send()).await.expect("the server answers")
}

async fn refused(answer: reqwest::Response) -> (u16, Error) {
    let status = answer.status().as_u16();
    (status, answer.json::<Refused>().await.expect("in the API's own form").error)
}

async fn chats(server: &Server, token: &str, query: &str) -> EarlierChats {
    let answer = get(server, &format!("/w/api/chats{query}"), Some(token), &[]).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    answer.json().await.expect("a list")
}

async fn read(server: &Server, token: &str, session: SessionId, query: &str) -> Page {
    let answer = get(server, &format!("/w/api/chats/{session}{query}"), Some(token), &[]).await;
    assert_eq!(answer.status(), 200);
    answer.json().await.expect("a page")
}

async fn leave(visitor: &Visitor) {
    visitor.command(&ClientFrame::Leave { client_id: client_id() }).await.expect("left");
}

/// The next chat of somebody who has left the last one.
async fn again(server: &Server, visitor: &Visitor, question: &str) -> SessionId {
    let request = Visitor::request(server, question);
    let started = Visitor::try_start(server, &request, Some(&visitor.token), &[]).await.expect("the next chat");
    assert_eq!(started.token, None, "it is the same visitor");
    started.session
}

#[tokio::test]
async fn what_was_said_is_read_again_without_what_was_not_for_them() {
    let server = Server::picking().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let lena = Visitor::start(&server, "The first question").await;
    assert_eq!(chats(&server, &lena.token, "").await, EarlierChats::default(), "the one that runs is none of them");
    aki.claim(lena.session).await.expect("claimed");
    aki.write(lena.session, "The answer").await.expect("written");
    let books = Books::open(server.setup()).await;
    books.note(lena.session, aki.id().await, "confidential").await;
    lena.write("Thank you").await;
    aki.end(lena.session).await.expect("ended");
    let rate = Rate {
        client_id: client_id(),
        stars: Stars::try_from(4).expect("1 to 5"),
        words: "kind".into(),
        anonymous: false,
        edit_secret: None,
    };
    lena.command(&ClientFrame::Rate(rate)).await.expect("rated");
    let seen = lena.whole_chat().await;
    assert_eq!(chats(&server, &lena.token, "").await, EarlierChats::default(), "nor the last one, while it is that");

    let second = again(&server, &lena, "The second question").await;
    let list = chats(&server, &lena.token, "").await;
    let [first] = &list.chats[..] else { panic!("one chat, not {list:?}") };
    assert_eq!((first.session, first.first_words.as_str(), list.more), (lena.session, "The first question", false));
    assert_eq!((first.outcome, first.stars.map(u8::from)), (Some(Outcome::Handled), Some(4)));
    assert!(first.agent.is_some());
    let page = read(&server, &lena.token, lena.session, "").await;
    assert_eq!((&page.events, page.more), (&seen, false), "as it was seen then");
    assert!(!format!("{page:?}{list:?}").contains("confidential"));
    let part = read(&server, &lena.token, lena.session, "?before=3").await;
    assert_eq!(part.events[..], seen[..2]);
    assert!(matches!(seen.last().map(|event| &event.what), Some(What::Rated { .. })));

    // The one that runs is no earlier one.
    let running = get(&server, &format!("/w/api/chats/{second}"), Some(&lena.token), &[]).await;
    assert_eq!(refused(running).await, (404, Error::NotFound));
}

#[tokio::test]
async fn nobody_else_reads_them() {
    let setup = Setup::demo().start().await.stop().await;
    let books = Books::open(&setup).await;
    books.other_site("other-site", "https://other.example").await;
    books.store.close().await;
    let server = setup.start().await;
    let lena = Visitor::start(&server, "Lena's secret").await;
    leave(&lena).await;
    again(&server, &lena, "Lena's next").await;
    // The same name and the same address, as anybody may type them: on this site and on another.
    let mallory = Visitor::start(&server, "Mallory's question").await;
    leave(&mallory).await;
    again(&server, &mallory, "Mallory's next").await;
    let request = wire::visitor::StartRequest { site: "other-site".into(), ..Visitor::request(&server, "elsewhere") };
    let started = Visitor::try_start(&server, &request, Some(&lena.token), &[]).await.expect("as somebody new");
    let elsewhere = Visitor::of(&server, started);

    let path = format!("/w/api/chats/{}", lena.session);
    for (who, token) in [("another visitor", &mallory.token), ("another site's", &elsewhere.token)] {
        let known = chats(&server, token, "").await;
        assert!(known.chats.iter().all(|chat| !chat.first_words.contains("Lena")), "{who}: {known:?}");
        assert_eq!(refused(get(&server, &path, Some(token), &[]).await).await, (404, Error::NotFound), "{who}");
        let paged = format!("/w/api/chats?before={}", lena.session);
        assert_eq!(refused(get(&server, &paged, Some(token), &[]).await).await, (404, Error::NotFound), "{who}");
    }
    assert_eq!(chats(&server, &mallory.token, "").await.chats.len(), 1);
    assert_eq!(chats(&server, &elsewhere.token, "").await.chats.len(), 0);

    let random = format!("/w/api/chats/{}", client_id());
    assert_eq!(refused(get(&server, &random, Some(&lena.token), &[]).await).await, (404, Error::NotFound));
    for path in [path.as_str(), "/w/api/chats"] {
        assert_eq!(refused(get(&server, path, None, &[]).await).await, (401, Error::Unauthenticated), "{path}");
        let wrong = get(&server, path, Some("x".repeat(43).as_str()), &[]).await;
        assert_eq!(refused(wrong).await, (401, Error::Unauthenticated), "{path}");
        // In an address it counts for nothing.
        let named = get(&server, &format!("{path}?token={}", lena.token), None, &[]).await;
        assert_eq!(named.status(), 401, "{path}");
        for (origin, status) in [("https://evil.example", 403), ("https://other.example", 403), (&server.shop, 200)] {
            let answer = get(&server, path, Some(&lena.token), &[("origin", origin)]).await;
            assert_eq!(answer.status(), status, "{path} from {origin}");
        }
    }
    for odd in ["/w/api/chats/nonsense", "/w/api/chats?before=nonsense", &format!("{path}?before=-1")] {
        assert_eq!(get(&server, odd, Some(&lena.token), &[]).await.status(), 400, "{odd}");
    }
    // Of the staff's cookie it knows nothing.
    let aki = Agent::sign_in(&server, "agent", 0).await;
    assert_eq!(aki.get(&path).await.status(), 401);
}

#[tokio::test]
async fn long_lists_and_long_chats_come_in_pages() {
    let server =
        Setup::demo().limit("VISITOR_MESSAGES_BURST", 1_000).limit("STARTS_BURST_PER_ADDRESS", 1_000).start().await;
    let lena = Visitor::start(&server, "chat 1").await;
    for n in 2..=110 {
        lena.write(&format!("line {n}")).await;
    }
    leave(&lena).await;
    let seen = lena.whole_chat().await;
    let mut sessions = vec![lena.session];
    for n in 2..=23 {
        sessions.push(again(&server, &lena, &format!("chat {n}")).await);
        leave(&lena).await;
    }
    sessions.pop();
    sessions.reverse();

    let first = chats(&server, &lena.token, "").await;
    assert_eq!((first.chats.len(), first.more), (20, true));
    let before = first.chats[19].session;
    let rest = chats(&server, &lena.token, &format!("?before={before}")).await;
    assert_eq!((rest.chats.len(), rest.more), (2, false));
    let all: Vec<_> = first.chats.iter().chain(&rest.chats).map(|chat| chat.session).collect();
    assert_eq!(all, sessions, "each once, newest first");
    assert_eq!(rest.chats[1].first_words, "chat 1");

    let page = read(&server, &lena.token, lena.session, "").await;
    assert!(page.more);
    let newest = page.events.first().expect("events").vseq;
    let earlier = read(&server, &lena.token, lena.session, &format!("?before={newest}")).await;
    assert!(!earlier.more);
    let all = [earlier.events, page.events].concat();
    assert_eq!(all, seen);
    assert_eq!(texts(&all)[0], "chat 1");
}

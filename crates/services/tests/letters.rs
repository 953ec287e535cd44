//! Letters to visitors on both engines, with a real mail server at the other end and a clock that the test steers.

mod house;

use std::sync::Arc;

use domain::{Away, EventKind, Handover, Identified, LetterKind, SessionId, SiteSettings, Status, VisitorId};
use outgoing::{Http, Mailer};
use services::{Caller, Clock, Desk, OpenLetter, Outgoing, Services, VisitorAccess, Words, Written, demo::Demo};
use store::NewVisitor;
use testkit::{Ids, MailServer, TestDb, at, both_dbs};
use wire::{
    Conflict, Error,
    visitor::{ClientFrame, ServerFrame, StartRequest, What},
};

struct House {
    services: Services,
    clock: Clock,
    demo: Demo,
    ids: Ids,
    mail: MailServer,
}

impl House {
    async fn new(db: &TestDb, settings: SiteSettings) -> Self {
        let (services, clock, demo) = house::open(db, |_| {}).await;
        let mail = MailServer::start().await;
        let outgoing = Outgoing {
            http: Http::new(None),
            mailer: Mailer::new(&mail.url(), "Deskbell <desk@example.org>"),
            public_url: "https://desk.example".to_owned(),
        };
        services.start_alerts(outgoing).await.expect("alerts start");
        services.start_letters(Arc::new(|words: &Words<'_>| match words {
            Words::Letter(open) => written(open),
            Words::Code { code, asked, .. } => {
                Written { subject: format!("{asked:?}"), text: format!("{code}\n"), html: String::new() }
            }
        }));
        let house = Self { services, clock, demo, ids: Ids::seeded(7), mail };
        let admin = house.staff("admin").await.administration().expect("an admin");
        let site = admin.sites().sites.remove(0);
        admin.save_site(site.id, wire::sites::SiteDraft { settings, ..site.draft }).await.expect("saved");
        house
    }

    async fn staff(&self, email: &str) -> services::Staff {
        house::staff(&self.services, &self.demo, email).await
    }

    async fn aki(&self) -> Desk {
        self.staff("aki").await.desk().expect("an agent")
    }

    async fn start(&self, email: &str, message: bool) -> Result<(VisitorAccess, SessionId), Error> {
        let request = StartRequest {
            site: self.demo.site_key.clone(),
            client_id: self.ids.client(),
            answers: testkit::answers("Lena", email, "In stock?"),
            message,
            page: None,
            language: Some("de-AT".to_owned()),
            time_zone: None,
        };
        let caller = Caller { address: house::home(), user_agent: "Test/1".to_owned() };
        let started = self.services.start_chat(request, None, &caller).await?;
        let visitor = self.services.visitor(&started.token.expect("a token")).await.expect("the token is good");
        Ok((visitor, started.session))
    }

    /// What staff have read of letters in this chat.
    async fn mailed(&self, session: SessionId) -> Vec<(LetterKind, String, Handover)> {
        let page = self.staff("admin").await.history(session, u32::MAX).await.expect("readable");
        let told = page.events.into_iter().filter_map(|event| match event.shown?.kind {
            EventKind::Mailed { letter, to, handover } => Some((letter, to, handover)),
            _ => None,
        });
        told.collect()
    }

    async fn wait_until(&self, seconds: i64) {
        self.clock.set(at(seconds));
        self.services.settle().await;
        self.services.send_letters().await.expect("the outbox is read");
    }
}

/// Words that say what they are made of.
fn written(open: &OpenLetter) -> Written {
    let said = open.chat.events.iter().filter_map(|event| match &event.what {
        What::Message { text } => Some(text.as_str()),
        _ => None,
    });
    let text = format!("{}\n{}\n", said.collect::<Vec<_>>().join(" | "), open.code.as_deref().unwrap_or("no code"));
    Written {
        subject: format!("{:?} {}", open.kind, open.language),
        text: text.clone(),
        html: format!("<p>{text}</p>"),
    }
}

fn messages() -> SiteSettings {
    SiteSettings { away: Away::Message, ..SiteSettings::default() }
}

/// The code in a letter, or "no code".
fn code_in(data: &str) -> String {
    let words = data.lines().skip_while(|line| !["Yes.", "And in ash.", "And in fir."].contains(line));
    words.skip(1).map(str::to_owned).next().expect("a line after the words")
}

async fn visitor_of(db: &TestDb, session: SessionId) -> VisitorId {
    let row = db.store.read().await.expect("reads").session(session).await.expect("reads");
    row.expect("a chat").session.visitor
}

fn identified(user_id: &str, email: &str) -> Identified {
    Identified { user_id: user_id.to_owned(), name: String::new(), email: email.to_owned(), phone: String::new() }
}

/// What a visitor's page would say of them, as far as it is proved.
async fn named(db: &TestDb, visitor: VisitorId, user_id: &str, email: &str) {
    let held = db.store.read().await.expect("reads").visitor(visitor).await.expect("reads").expect("a visitor");
    let mut tx = db.store.begin().await.expect("a transaction");
    let new = NewVisitor { email: email.to_owned(), ..as_new(held) };
    tx.set_identity(&new, &identified(user_id, email), testkit::NOW).await.expect("noted");
    tx.commit().await.expect("committed");
}

fn as_new(held: store::Visitor) -> NewVisitor {
    let store::Visitor { id, site, name, email, phone, language, user_agent, time_zone, .. } = held;
    NewVisitor { id, site, name, email, phone, language, user_agent, time_zone }
}

both_dbs! {
    async fn a_chat_is_mailed_when_it_is_over_where_the_site_says_so(db: TestDb) {
        for mail_transcripts in [true, false] {
            let db = TestDb::fresh(db.engine).await;
            let mut house = House::new(&db, SiteSettings { mail_transcripts, ..SiteSettings::default() }).await;
            let desk = house.aki().await;
            let (_, session) = house.start("lena@example.org", false).await.expect("starts");
            desk.claim(house.ids.client(), session).await.expect("takes it");
            desk.send(house.ids.client(), session, "Yes, in oak.".into()).await.expect("sends");
            desk.end(house.ids.client(), session).await.expect("ends");
            house.wait_until(1).await;
            if mail_transcripts {
                let posted = house.mail.next().await;
                assert!(posted.to[0].contains("<lena@example.org>"), "{posted:?}");
                assert!(posted.data.contains("Subject: Transcript de-AT\n"), "{}", posted.data);
                assert!(posted.data.contains("multipart/alternative") && posted.data.contains("text/html"));
                assert!(posted.data.contains("In stock? | Yes, in oak."), "{}", posted.data);
                assert!(posted.data.contains("Auto-Submitted: auto-generated\n"), "{}", posted.data);
                let sent = (LetterKind::Transcript, "lena@example.org".to_owned(), Handover::Sent);
                house.wait_until(2).await;
                assert_eq!(house.mailed(session).await, [sent]);
            } else {
                assert_eq!(house.mailed(session).await, []);
            }
            assert!(house.mail.is_empty());
            house.services.stop().await;
        }
    }

    async fn whoever_asks_gets_their_chat_once_an_agent_has_written_in_it(db: TestDb) {
        let mut house = House::new(db, SiteSettings::default()).await;
        let desk = house.aki().await;
        let (visitor, session) = house.start("", false).await.expect("starts");
        let early = visitor.mail_transcript("victim@example.org", "en", house::home()).await;
        assert_eq!(early, Err(Error::Conflict(Conflict::NotTaken)), "nobody's words but theirs are in it");
        desk.claim(house.ids.client(), session).await.expect("takes it");
        desk.send(house.ids.client(), session, "Yes.".into()).await.expect("sends");
        for wrong in ["", "lena", "lena@example", "a@b.example\r\nBcc: c@d.example"] {
            let refused = visitor.mail_transcript(wrong, "en", house::home()).await;
            assert!(matches!(refused, Err(Error::Invalid(_))), "{wrong:?}: {refused:?}");
        }
        for _ in 0..4 {
            visitor.mail_transcript("lena@example.org", "fr", house::home()).await.expect("is on its way");
            let posted = house.mail.next().await;
            assert!(posted.data.contains("Subject: Transcript fr\n"), "{}", posted.data);
        }
        let more = visitor.mail_transcript("lena@example.org", "fr", house::home()).await;
        assert!(matches!(more, Err(Error::RateLimited { .. })), "{more:?}");
    }

    async fn a_message_that_was_left_waits_quietly_and_is_answered_by_one_letter(db: TestDb) {
        let mut house = House::new(db, messages()).await;
        let desk = house.aki().await;
        let (visitor, session) = house.start("lena@example.org", true).await.expect("leaves it");
        // It neither rings nor runs out, whatever the queue says and wherever the visitor is.
        house.wait_until(3 * 24 * 3600).await;
        house.services.run_absences().await.expect("looks");
        let row = house.staff("aki").await.inbox().await.expect("an inbox").rows.remove(0);
        assert_eq!((row.session, row.status, row.ring), (session, Status::WaitingForAgent, None));
        desk.claim(house.ids.client(), session).await.expect("takes it");
        for text in ["Yes,", "in oak."] {
            desk.send(house.ids.client(), session, text.into()).await.expect("sends");
        }
        house.services.send_letters().await.expect("the outbox is read");
        assert!(house.mail.is_empty(), "more may be coming");
        house.wait_until(3 * 24 * 3600 + 20).await;
        let first = house.mail.next().await;
        assert!(first.data.contains("Subject: Answer de-AT\n") && first.data.contains("Yes, | in oak.\n"), "{}", first.data);
        desk.send(house.ids.client(), session, "Or in ash.".into()).await.expect("sends");
        house.wait_until(3 * 24 * 3600 + 60).await;
        let second = house.mail.next().await;
        assert!(second.data.contains("\nOr in ash.\n"), "only what is new: {}", second.data);
        assert!(house.mail.is_empty());
        let sent = (LetterKind::Answer, "lena@example.org".to_owned(), Handover::Sent);
        assert_eq!(house.mailed(session).await, [sent.clone(), sent]);
        // For the visitor none of this is in the way.
        let page = visitor.conversation().await.expect("readable");
        assert!(!page.events.iter().any(|event| matches!(event.what, What::Other)));
    }

    async fn the_link_of_a_letter_leads_back_into_the_same_conversation(db: TestDb) {
        let mut house = House::new(db, messages()).await;
        let desk = house.aki().await;
        let (_, session) = house.start("lena@example.org", true).await.expect("leaves it");
        desk.claim(house.ids.client(), session).await.expect("takes it");
        desk.send(house.ids.client(), session, "Yes.".into()).await.expect("sends");
        desk.end(house.ids.client(), session).await.expect("ends it");
        house.wait_until(60).await;
        let letter = house.mail.next().await;
        let (_, text) = letter.data.split_once("Yes.\n").expect("the answer");
        let code = text.lines().next().expect("a code").to_owned();
        let back = house.services.return_by_letter(&code, house::home()).await.expect("lets in");
        assert_eq!(back.session, session);
        let visitor = house.services.visitor(&back.token.expect("a token")).await.expect("the token is good");
        let client_id = house.ids.client();
        let resumed = visitor.handle(ClientFrame::Resume { client_id }).await;
        assert!(matches!(resumed, Some(ServerFrame::Ack(_))), "{resumed:?}");
        let (client_id, text) = (house.ids.client(), "Then I take two.".to_owned());
        let sent = visitor.handle(ClientFrame::Send { client_id, text }).await;
        assert!(matches!(sent, Some(ServerFrame::Ack(_))), "{sent:?}");
        let row = house.staff("aki").await.inbox().await.expect("an inbox").rows.remove(0);
        assert_eq!((row.session, row.last_text.as_str()), (session, "Then I take two."));
        for wrong in ["", "x", &code[1..]] {
            assert_eq!(house.services.return_by_letter(wrong, house::home()).await, Err(Error::NotFound));
        }
        house.wait_until(31 * 24 * 3600).await;
        assert_eq!(house.services.return_by_letter(&code, house::home()).await, Err(Error::NotFound), "it has grown old");
    }

    async fn a_typed_address_lets_nobody_into_the_chats_of_whom_the_site_has_named(db: TestDb) {
        let mut house = House::new(db, messages()).await;
        let desk = house.aki().await;
        let (_, session) = house.start("typed@example.org", true).await.expect("leaves it");
        desk.claim(house.ids.client(), session).await.expect("takes it");
        desk.send(house.ids.client(), session, "Yes.".into()).await.expect("sends");
        house.wait_until(20).await;
        let code = code_in(&house.mail.next().await.data);
        house.services.return_by_letter(&code, house::home()).await.expect("a stranger's own letter lets in");
        named(db, visitor_of(db, session).await, "user-1", "").await;
        let back = house.services.return_by_letter(&code, house::home()).await;
        assert_eq!(back, Err(Error::NotFound), "from now on only the site opens them");
        desk.send(house.ids.client(), session, "And in ash.".into()).await.expect("sends");
        house.wait_until(60).await;
        assert_eq!(code_in(&house.mail.next().await.data), "no code");
        named(db, visitor_of(db, session).await, "user-1", "signed@example.org").await;
        desk.send(house.ids.client(), session, "And in fir.".into()).await.expect("sends");
        house.wait_until(120).await;
        let letter = house.mail.next().await;
        assert!(letter.to[0].contains("signed@example.org"), "{letter:?}");
        let code = code_in(&letter.data);
        assert_eq!(house.services.return_by_letter(&code, house::home()).await.expect("lets in").session, session);
    }

    async fn an_address_that_was_given_up_lets_nobody_in(db: TestDb) {
        let mut house = House::new(db, messages()).await;
        let desk = house.aki().await;
        let (_, session) = house.start("lena@exmaple.org", true).await.expect("leaves it");
        desk.claim(house.ids.client(), session).await.expect("takes it");
        desk.send(house.ids.client(), session, "Yes.".into()).await.expect("sends");
        house.wait_until(20).await;
        let code = code_in(&house.mail.next().await.data);
        let visitor = visitor_of(db, session).await;
        let held = db.store.read().await.expect("reads").visitor(visitor).await.expect("reads").expect("a visitor");
        let mut tx = db.store.begin().await.expect("a transaction");
        let corrected = NewVisitor { email: "lena@example.org".to_owned(), ..as_new(held) };
        tx.set_identity(&corrected, &identified("", ""), testkit::NOW).await.expect("noted");
        tx.commit().await.expect("committed");
        assert_eq!(house.services.return_by_letter(&code, house::home()).await, Err(Error::NotFound));
    }

    async fn nobody_has_a_mailbox_filled(db: TestDb) {
        let mut house = House::new(db, SiteSettings { mail_transcripts: true, ..SiteSettings::default() }).await;
        let desk = house.aki().await;
        let (visitor, session) = house.start("victim@example.org", false).await.expect("starts");
        desk.claim(house.ids.client(), session).await.expect("takes it");
        desk.send(house.ids.client(), session, "Hello.".into()).await.expect("sends");
        let does = async |frame: ClientFrame| {
            let done = visitor.handle(frame).await;
            assert!(matches!(done, Some(ServerFrame::Ack(_))), "{done:?}");
        };
        for round in 0..8 {
            if round > 0 {
                does(ClientFrame::Resume { client_id: house.ids.client() }).await;
            }
            does(ClientFrame::Leave { client_id: house.ids.client() }).await;
            house.wait_until(10 + round).await;
        }
        // Those that wait are not lost: one goes out every ten minutes.
        for (seconds, letters) in [(20, 6), (640, 1), (1_280, 1)] {
            house.wait_until(seconds).await;
            for _ in 0..letters {
                house.mail.next().await;
            }
            assert!(house.mail.is_empty(), "after {seconds} s");
        }
        let told = house.mailed(session).await;
        assert!(told.iter().all(|(.., handover)| *handover == Handover::Sent), "{told:?}");
        // Nor by asking, nor by somebody who has been blocked.
        let asked = visitor.mail_transcript("victim@example.org", "en", house::home()).await;
        assert!(matches!(asked, Err(Error::RateLimited { .. })), "{asked:?}");
        does(ClientFrame::Resume { client_id: house.ids.client() }).await;
        desk.claim(house.ids.client(), session).await.expect("takes it");
        house.staff("aki").await.block(house.ids.client(), session).await.expect("blocks");
        let asked = visitor.mail_transcript("other@example.org", "en", house::home()).await;
        assert_eq!(asked, Err(Error::Forbidden));
    }

    async fn a_message_needs_an_address_and_a_site_that_takes_any(db: TestDb) {
        let house = House::new(db, messages()).await;
        assert!(matches!(house.start("", true).await, Err(Error::Invalid(_))));
        let db = TestDb::fresh(db.engine).await;
        let house = House::new(&db, SiteSettings::default()).await;
        assert_eq!(house.start("lena@example.org", true).await.err(), Some(Error::Forbidden));
    }

    async fn what_becomes_of_a_letter_is_told_to_staff(db: TestDb) {
        let mut house = House::new(db, messages()).await;
        let desk = house.aki().await;
        let (_, session) = house.start("lena@example.org", true).await.expect("leaves it");
        desk.claim(house.ids.client(), session).await.expect("takes it");
        house.mail.busy_for(1);
        desk.send(house.ids.client(), session, "Yes.".into()).await.expect("sends");
        house.wait_until(20).await;
        assert!(house.mail.is_empty());
        assert_eq!(house.mailed(session).await, [], "it is tried again");
        house.wait_until(31).await;
        house.mail.next().await;
        house.mail.refuse();
        desk.send(house.ids.client(), session, "Hello?".into()).await.expect("sends");
        house.wait_until(60).await;
        let to = "lena@example.org".to_owned();
        let told = [(LetterKind::Answer, to.clone(), Handover::Sent), (LetterKind::Answer, to, Handover::Bounced)];
        assert_eq!(house.mailed(session).await, told);
        assert!(house.mail.is_empty());
    }
}

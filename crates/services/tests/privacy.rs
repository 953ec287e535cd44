//! A copy of one's data, and its erasure, on both engines, with a real mail server at the other end.

mod house;

use std::{path::Path, sync::Arc};

use domain::FieldProblem;
use outgoing::{Http, Mailer};
use services::{Caller, Clock, Outgoing, PrivacyDone, Services, VisitorAccess, Words, Written, demo::Demo};
use testkit::{Engine, Ids, MailServer, TestDb, at, both_dbs};
use wire::{
    Error,
    visitor::{ClientFrame, PrivacyAsk, PrivacyRequest, ServerFrame, StartRequest},
};

/// Words that stand nowhere else.
const NEEDLE: &str = "zebra-finch-in-the-attic";

struct House {
    services: Services,
    clock: Clock,
    demo: Demo,
    ids: Ids,
    mail: MailServer,
}

impl House {
    async fn new(db: &TestDb) -> Self {
        let (services, clock, demo) = house::open(db, |_| {}).await;
        let mail = MailServer::start().await;
        let outgoing = Outgoing {
            http: Http::new(None),
            mailer: Mailer::new(&mail.url(), "Deskbell <desk@example.org>"),
            public_url: "https://desk.example".to_owned(),
        };
        services.start_alerts(outgoing).await.expect("alerts start");
        services.start_letters(Arc::new(|words: &Words<'_>| {
            let text = match words {
                Words::Code { code, asked, .. } => format!("{asked:?} {code}\n"),
                Words::Letter(_) => String::new(),
            };
            Written { subject: "A code".to_owned(), text, html: String::new() }
        }));
        Self { services, clock, demo, ids: Ids::seeded(7), mail }
    }

    async fn visitor(&self, name: &str, email: &str, question: &str) -> VisitorAccess {
        let request = StartRequest {
            site: self.demo.site_key.clone(),
            client_id: self.ids.client(),
            answers: testkit::answers(name, email, question),
            message: false,
            page: None,
            language: None,
            time_zone: None,
        };
        let caller = Caller { address: house::home(), user_agent: "Test/1".to_owned() };
        let started = self.services.start_chat(request, None, &caller).await.expect("starts");
        self.services.visitor(&started.token.expect("a token")).await.expect("the token is good")
    }

    /// The next with a code; alerts to agents pass by.
    async fn letter(&mut self) -> testkit::Posted {
        loop {
            let letter = self.mail.next().await;
            if letter.data.contains("\nSubject: A code\n") {
                return letter;
            }
        }
    }

    /// Asks, and reads the code from the letter.
    async fn code(&mut self, visitor: &VisitorAccess, ask: PrivacyAsk) -> String {
        let sent = visitor.privacy(&request(ask, None), house::home()).await.expect("is sent");
        let PrivacyDone::Sent(sent) = sent else { panic!("{sent:?}") };
        assert_eq!(sent.to, "l•••@example.org");
        let letter = self.letter().await;
        assert!(letter.to[0].contains("<lena@example.org>"), "{letter:?}");
        let said = letter.data.lines().find_map(|line| line.strip_prefix(&format!("{ask:?} "))).expect("a code");
        assert_eq!(said.len(), 9);
        said.to_owned()
    }
}

fn request(ask: PrivacyAsk, code: Option<&str>) -> PrivacyRequest {
    PrivacyRequest { ask, email: String::new(), language: "en".to_owned(), code: code.map(str::to_owned) }
}

/// Whether any file below holds these words.
fn holds(folder: &Path, words: &str) -> bool {
    let inside = std::fs::read_dir(folder).expect("a folder");
    inside.flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return holds(&path, words);
        }
        let bytes = std::fs::read(&path).expect("readable");
        bytes.windows(words.len()).any(|window| window == words.as_bytes())
    })
}

both_dbs! {
    async fn a_copy_holds_everything_that_the_address_stands_for_and_nothing_else(db: TestDb) {
        let mut house = House::new(db).await;
        let lena = house.visitor("Lena", "lena@example.org", "In oak?").await;
        house.visitor("Lena at work", "LENA@example.org", "And in ash?").await;
        house.visitor("Mo", "mo@example.org", NEEDLE).await;
        let code = house.code(&lena, PrivacyAsk::Copy).await;
        let copy = lena.privacy(&request(PrivacyAsk::Copy, Some(&code)), house::home()).await.expect("is right");
        let PrivacyDone::Copy(copy) = copy else { panic!("{copy:?}") };
        for kept in ["In oak?", "And in ash?", "lena@example.org", "Lena at work", "Test/1"] {
            assert!(copy.contains(kept), "{kept}: {copy}");
        }
        assert!(!copy.contains(NEEDLE) && !copy.contains("mo@example.org"), "{copy}");
        let began = serde_json::from_str::<serde_json::Value>(&copy).expect("JSON");
        assert_eq!(began["visitors"][1]["chats"][0]["events"][0]["client_id"], serde_json::Value::Null, "it is worth a token");
        let again = lena.privacy(&request(PrivacyAsk::Copy, Some(&code)), house::home()).await;
        assert_eq!(again.err(), Some(Error::invalid("code", FieldProblem::Unknown)), "a code is good for once");
    }

    async fn a_code_is_for_one_thing_for_some_minutes_and_for_few_guesses(db: TestDb) {
        let mut house = House::new(db).await;
        let lena = house.visitor("Lena", "lena@example.org", "In oak?").await;
        let wrong = Some(Error::invalid("code", FieldProblem::Unknown));
        let code = house.code(&lena, PrivacyAsk::Copy).await;
        assert_eq!(lena.privacy(&request(PrivacyAsk::Erase, Some(&code)), house::home()).await.err(), wrong, "another thing");
        let mo = house.visitor("Mo", "mo@example.org", "Hello").await;
        assert_eq!(mo.privacy(&request(PrivacyAsk::Copy, Some(&code)), house::home()).await.err(), wrong, "somebody else's");
        house.clock.set(at(15 * 60));
        assert_eq!(lena.privacy(&request(PrivacyAsk::Copy, Some(&code)), house::home()).await.err(), wrong, "too late");
        let code = house.code(&lena, PrivacyAsk::Copy).await;
        for _ in 0..5 {
            assert_eq!(lena.privacy(&request(PrivacyAsk::Copy, Some("no")), house::home()).await.err(), wrong);
        }
        assert_eq!(lena.privacy(&request(PrivacyAsk::Copy, Some(&code)), house::home()).await.err(), wrong, "guessed too often");
        // Who gave no address is asked for one, and it speaks for nobody else.
        let anna = house.visitor("Anna", "", "Hello").await;
        let asked = anna.privacy(&request(PrivacyAsk::Copy, None), house::home()).await.err();
        assert_eq!(asked, Some(Error::invalid("email", FieldProblem::Missing)));
        let email = "lena@example.org".to_owned();
        let typed = PrivacyRequest { email, ..request(PrivacyAsk::Copy, None) };
        anna.privacy(&typed, house::home()).await.expect("is sent");
        let letter = house.letter().await;
        let code = letter.data.lines().find_map(|line| line.strip_prefix("Copy ")).expect("a code");
        let copy = anna.privacy(&request(PrivacyAsk::Copy, Some(code)), house::home()).await.expect("is right");
        let PrivacyDone::Copy(copy) = copy else { panic!("{copy:?}") };
        assert!(copy.contains("Anna") && !copy.contains("In oak?"), "{copy}");
    }

    async fn many_visitors_are_not_many_codes_for_one_address(db: TestDb) {
        let mut house = House::new(db).await;
        let lena = house.visitor("Lena", "lena@example.org", "In oak?").await;
        house.code(&lena, PrivacyAsk::Copy).await;
        for n in 0..5 {
            let another = house.visitor(&format!("Mallory {n}"), "Lena@example.org", "Let me see").await;
            another.privacy(&request(PrivacyAsk::Copy, None), house::home()).await.expect("is sent");
            house.letter().await;
        }
        let another = house.visitor("Mallory", "lena@EXAMPLE.org", "Let me see").await;
        let refused = another.privacy(&request(PrivacyAsk::Erase, None), house::home()).await.err();
        assert!(matches!(refused, Some(Error::RateLimited { .. })), "{refused:?}");
        let wrong = another.privacy(&request(PrivacyAsk::Erase, Some("2222-2222")), house::home()).await.err();
        assert_eq!(wrong, Some(Error::invalid("code", FieldProblem::Unknown)), "there is none to be guessed");
    }

    async fn what_is_erased_is_nowhere(db: TestDb) {
        let mut house = House::new(db).await;
        let lena = house.visitor("Lena", "lena@example.org", NEEDLE).await;
        let elsewhere = house.visitor("Lena", "lena@example.org", "In another browser").await;
        let mo = house.visitor("Mo", "mo@example.org", "I stay").await;
        let client_id = house.ids.client();
        let sent = lena.handle(ClientFrame::Send { client_id, text: format!("again {NEEDLE}") }).await;
        assert!(matches!(sent, Some(ServerFrame::Ack(_))), "{sent:?}");
        let admin = house::staff(&house.services, &house.demo, "admin").await;
        assert_eq!(admin.inbox().await.expect("an inbox").rows.len(), 3);

        let code = house.code(&lena, PrivacyAsk::Erase).await;
        let erased = lena.privacy(&request(PrivacyAsk::Erase, Some(&code)), house::home()).await.expect("is right");
        assert!(matches!(erased, PrivacyDone::Erased), "{erased:?}");
        for gone in [&lena, &elsewhere] {
            assert!(gone.conversation().await.is_err(), "nobody is there");
        }
        let rows = admin.inbox().await.expect("an inbox").rows;
        assert_eq!(rows.iter().map(|row| row.visitor.name.as_str()).collect::<Vec<_>>(), ["Mo"]);
        assert!(mo.conversation().await.is_ok());
        house.services.settle().await;
        if db.engine == Engine::Sqlite {
            let house = db.folder.clone();
            assert!(!holds(&house, NEEDLE) && !holds(&house, "lena@example.org"), "neither in the file nor in its log");
            assert!(holds(&house, "I stay"), "this is where it would be");
        }
        house.services.stop().await;
    }
}

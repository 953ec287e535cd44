use testkit::MailServer;

use super::*;

fn block_on(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(test);
}

fn letter() -> Letter {
    Letter {
        to: "ada@example.org".into(),
        subject: "Lena wrote".into(),
        text: "In stock?\n.\nLena\n".into(),
        ..Letter::default()
    }
}

#[test]
fn a_letter_arrives_as_it_was_written() {
    block_on(async {
        let mut server = MailServer::start().await;
        let mailer = Mailer::new(&server.url(), "Deskbell <desk@example.org>").expect("usable");
        mailer.send(&letter()).await.expect("taken");
        let posted = server.next().await;
        assert!(posted.from.contains("<desk@example.org>") && posted.to[0].contains("<ada@example.org>"), "{posted:?}");
        assert!(posted.data.contains("\nSubject: Lena wrote\n"), "{}", posted.data);
        assert!(posted.data.contains("\nIn stock?\n.\nLena\n"), "the dot of the text is no end: {}", posted.data);
    });
}

#[test]
fn nothing_can_be_added_to_the_headers() {
    block_on(async {
        let mut server = MailServer::start().await;
        let mailer = Mailer::new(&server.url(), "desk@example.org").expect("usable");
        for hostile in ["a\r\nBcc: evil@example.org", "a\nBcc: evil@example.org\n\nHello", "a\rBcc: evil@example.org\0"]
        {
            mailer.send(&Letter { subject: hostile.into(), ..letter() }).await.expect("taken");
            let posted = server.next().await;
            let (headers, _) = posted.data.split_once("\n\n").expect("headers and text");
            assert!(!headers.lines().any(|line| line.to_ascii_lowercase().starts_with("bcc")), "{headers}");
            assert!(headers.contains("\nSubject: a Bcc: evil@example.org"), "{headers}");
            assert_eq!(posted.to.len(), 1);
            let refused = mailer.send(&Letter { to: format!("ada@example.org{hostile}"), ..letter() }).await;
            assert!(matches!(refused, Err(SendError::Refused(_))), "{refused:?}");
        }
        assert!(server.is_empty());
    });
}

#[test]
fn a_busy_server_is_asked_again_later() {
    block_on(async {
        let mut server = MailServer::start().await;
        server.busy_for(1);
        let mailer = Mailer::new(&server.url(), "desk@example.org").expect("usable");
        assert!(matches!(mailer.send(&letter()).await, Err(SendError::Later { .. })));
        mailer.send(&letter()).await.expect("taken");
        server.next().await;
    });
}

#[test]
fn what_is_no_mail_server_is_refused() {
    assert!(mail_server("smtps://me:s3cret@mail.example") && mail_server("smtp://mail.example:2525"));
    for wrong in ["", "mail.example", "http://mail.example", "smtp://"] {
        assert!(!mail_server(wrong), "{wrong}");
    }
    assert!(mailbox("Deskbell <desk@example.org>") && !mailbox("Deskbell") && !mailbox("a@b.example, c@d.example"));
}

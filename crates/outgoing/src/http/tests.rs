use testkit::PushService;

use super::*;
use crate::{Keys, Push, Recipient, Urgency};

fn block_on(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(test);
}

async fn send(http: &Http, recipient: &Recipient) -> Result<(), SendError> {
    let keys = Keys::of([7; 32]).expect("a key");
    let push = Push {
        body: b"{\"title\":\"L\xc3\xa9na\"}",
        ttl: Duration::from_secs(20),
        urgency: Urgency::High,
        topic: "abc",
        now: domain::Timestamp::from_millis(0),
        contact: "mailto:desk@example.org",
    };
    recipient.send(http, &keys, &push).await
}

fn behind(service: &PushService) -> Recipient {
    let (p256dh, auth) = service.keys();
    Recipient { endpoint: service.endpoint(), p256dh, auth }
}

#[test]
fn a_browser_can_read_what_is_pushed_to_it() {
    block_on(async {
        let mut service = PushService::start().await;
        let http = Http::new(["127.0.0.0/8".parse().expect("a network")]);
        send(&http, &behind(&service)).await.expect("taken");
        let pushed = service.next().await;
        assert_eq!((pushed.path.as_str(), pushed.body.as_str()), ("/browser/1", "{\"title\":\"Léna\"}"));
        for (name, value) in [("ttl", "20"), ("urgency", "high"), ("topic", "abc"), ("content-encoding", "aes128gcm")] {
            assert_eq!(pushed.headers.get(name).map(String::as_str), Some(value), "{name}");
        }
        assert!(pushed.headers["authorization"].starts_with("vapid t="));
        assert_eq!(pushed.headers["host"], service.address.to_string());
        for (status, gone) in [(410, true), (404, true), (503, false)] {
            service.answer(status);
            let sent = send(&http, &behind(&service)).await;
            assert_eq!(matches!(sent, Err(SendError::Gone(_))), gone, "{status}: {sent:?}");
            service.next().await;
        }
    });
}

#[test]
fn private_addresses_are_refused_however_they_are_written() {
    block_on(async {
        let mut service = PushService::start().await;
        let http = Http::new([]);
        let port = service.address.port();
        for host in
            ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0"]
        {
            let recipient = Recipient { endpoint: format!("http://{host}:{port}/"), ..behind(&service) };
            let sent = send(&http, &recipient).await;
            assert!(
                matches!(sent, Err(SendError::Refused(_) | SendError::Later { .. } | SendError::Gone(_))),
                "{host}: {sent:?}"
            );
        }
        let sent = send(&http, &behind(&service)).await;
        assert_eq!(sent, Err(SendError::Refused("127.0.0.1 is a private address".to_owned())));
        let user = Recipient { endpoint: format!("http://a@127.0.0.1:{port}/"), ..behind(&service) };
        assert!(matches!(send(&http, &user).await, Err(SendError::Refused(_))));
        assert!(service.is_empty(), "nobody was spoken to");
    });
}

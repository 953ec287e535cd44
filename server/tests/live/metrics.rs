//! The figures for Prometheus: where they are, and where they are not.

use crate::common::{Agent, Setup, Visitor, quiet_port};

/// Configuration.
const CONFIG: i32 = 3;

#[tokio::test]
async fn figures_stand_on_their_own_address_and_nowhere_else() {
    let address = format!("127.0.0.1:{}", quiet_port());
    let server = Setup::demo().environment("DESKBELL_METRICS__LISTEN", &address).start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let visitor = Visitor::start(&server, "Quillon").await;
    aki.claim(visitor.session).await.expect("claimed");
    let _waits = Visitor::start(&server, "Zephyrine").await;

    let answer = server.http.get(format!("http://{address}/metrics")).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let kind = answer.headers()["content-type"].to_str().expect("text").to_owned();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let told = answer.text().await.expect("figures");
    assert!(told.contains("deskbell_routing_claims_total{queue=\"Sales\"} 1\n"), "{told}");
    assert!(told.contains("deskbell_routing_waiting{queue=\"Sales\"} 1\n"), "{told}");
    for private in ["Quillon", "Zephyrine", &aki.id().await.to_string(), &visitor.session.to_string(), "Aki"] {
        assert!(!told.contains(private), "{private} in {told}");
    }
    for path in ["/", "/inbox", "/healthz"] {
        let elsewhere = server.http.get(format!("http://{address}{path}")).send().await.expect("an answer");
        assert_eq!(elsewhere.status(), 404, "{path} is not served there");
    }
    let dashboard = server.http.get(format!("{}/metrics", server.dashboard)).send().await.expect("an answer");
    assert_eq!(dashboard.status(), 404, "nor the figures here");
}

#[tokio::test]
async fn an_address_that_is_none_is_refused() {
    let refusal = Setup::demo().environment("DESKBELL_METRICS__LISTEN", "localhost").start_in_vain().await;
    assert_eq!(refusal.code, Some(CONFIG), "{refusal:?}");
    assert!(refusal.words.contains("metrics.listen"), "{refusal:?}");
}

use domain::{Outcome, Status};
use uuid::Uuid;

use super::*;

fn said(seq: u32, by: By, name: &str, text: &str) -> Line {
    // 2025-11-03T10:20:30Z
    let moment = Timestamp::from_millis(1_762_165_230_000 + i64::from(seq) * 60_000);
    Line {
        seq,
        at: rfc3339(moment),
        by,
        name: name.to_owned(),
        kind: "message".to_owned(),
        text: text.to_owned(),
        internal: false,
        moment,
        said: true,
    }
}

fn transcript(events: Vec<Line>) -> Transcript {
    let started = Timestamp::from_millis(1_762_165_230_000);
    Transcript {
        chat: SessionId::from_uuid(Uuid::from_u128(7)),
        site: "Oak & Co.".to_owned(),
        queue: "Sales".to_owned(),
        visitor: Visitor { name: "Lena / \"S\" ..".to_owned(), email: "lena@example.org".to_owned() },
        agent: Some("Aki Kimura".to_owned()),
        status: Status::Resolved,
        outcome: Some(Outcome::Handled),
        started_at: rfc3339(started),
        ended_at: None,
        rating: Some(Rating { stars: Stars::try_from(4).expect("four"), words: "Quick\nand kind".to_owned() }),
        classification: Some(Classification {
            qualified: Some(true),
            tags: vec!["delivery".to_owned()],
            value: Some(64_000),
            currency: "EUR".to_owned(),
            notes: "Saturdays".to_owned(),
        }),
        events,
        started,
        ended: Some(started),
    }
}

#[test]
fn the_text_is_for_people_and_nobodys_words_look_like_another_line() {
    let system = Line { said: false, text: "took the chat".to_owned(), ..said(2, By::Agent, "Aki Kimura", "") };
    let note = Line { internal: true, ..said(3, By::Agent, "Aki Kimura", "Careful") };
    let forged = said(1, By::Visitor, "Lena", "Hello\n10:22  Aki Kimura: You get it for free");
    let text = transcript(vec![forged, system, note, said(4, By::System, "", "Thank you")]).text("Europe/Berlin");
    let expected = "Chat with Lena / \"S\" .. <lena@example.org>
Oak & Co. · Sales
Began 2025-11-03 11:20 (times of Europe/Berlin)
Ended 2025-11-03 11:20: handled
Agent: Aki Kimura
Rating: 4 of 5, Quick
       and kind
Qualified
Tags: delivery
Value: EUR 640.00
Notes: Saturdays

--- 2025-11-03 ---
11:21  Lena: Hello
       10:22  Aki Kimura: You get it for free
11:22  * Aki Kimura took the chat
11:23  Aki Kimura (note): Careful
11:24  Automatic: Thank you
";
    assert_eq!(text, expected);
}

#[test]
fn cells_hold_text_and_no_formulas() {
    let rows =
        [("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""), ("a,\"b\"\nc", "\"a,\"\"b\"\"\nc\""), ("-1", "\"'-1\"")];
    for (text, cell) in rows {
        let csv = transcript(vec![said(1, By::Visitor, "@Lena", text)]).csv();
        assert!(csv.starts_with("\u{feff}\"seq\",\"at\""), "{csv}");
        assert!(csv.contains(&format!("\"visitor\",\"'@Lena\",\"message\",{cell},\"no\"\r\n")), "{csv}");
    }
}

#[test]
fn the_json_says_everything_once() {
    let json: serde_json::Value =
        serde_json::from_str(&transcript(vec![said(1, By::Visitor, "Lena", "Hello")]).json()).expect("JSON");
    assert_eq!(json["events"][0]["at"], "2025-11-03T10:21:30Z");
    assert_eq!(
        (&json["status"], &json["outcome"], &json["rating"]["stars"]),
        (&"resolved".into(), &"handled".into(), &4.into())
    );
    assert_eq!(json["classification"]["value"], 64_000);
}

#[test]
fn a_files_name_is_a_name_whatever_the_visitor_is_called() {
    let of = |name: &str| {
        let mut one = transcript(Vec::new());
        one.visitor.name = name.to_owned();
        one.file_name(TranscriptFormat::Csv, "UTC")
    };
    assert_eq!(of("Lena / \"S\" .."), "chat-Lena-S-2025-11-03.csv");
    assert_eq!(of("../../etc/passwd"), "chat-etc-passwd-2025-11-03.csv");
    assert_eq!(of(""), "chat-2025-11-03.csv");
    assert_eq!(of(&"x".repeat(300)).len(), "chat--2025-11-03.csv".len() + 40);
}

#[test]
fn kinds_are_named_as_on_the_wire() {
    assert_eq!(kind_name(&EventKind::Joined), "joined");
    assert_eq!(kind_name(&EventKind::Message { text: "x".into() }), "message");
    assert_eq!(kind_name(&EventKind::Ended { outcome: Outcome::Left }), "ended");
}

use std::sync::LazyLock;

use domain::{Field, FieldKind, FieldOption, Form, Theme};
use wire::visitor::Face;

use super::*;

fn sample<'a>(origins: &'a [String], faces: &'a [Face]) -> Panel<'a> {
    static FORM: LazyLock<Form> = LazyLock::new(Form::default);
    Panel {
        away: None,
        form: &FORM,
        form_once: true,
        identified_only: false,
        key: "oak",
        site: "Oak & Co. </script><u>",
        brand: Brand::from_hex("#007a68"),
        theme: Theme::Auto,
        language: Language::German,
        faces,
        reply_minutes: Some(2),
        keep_months: Some(12),
        privacy_url: Some("javascript:alert(1)"),
        origins,
        css: "body{margin:0}",
        script_url: "/w/assets/widget.js",
        wasm_url: "/w/assets/widget.wasm",
        more_url: "/w/assets/widget-more.js",
        sound_url: "/w/assets/widget-sound.js",
        cards_script: None,
    }
}

#[test]
fn the_document_holds_what_the_client_looks_for() {
    let html = panel(&sample(&["https://shop.example".into()], &[])).html;
    assert!(html.starts_with("<!doctype html><html lang=\"de\" dir=\"ltr\"><head><meta charset"), "{}", &html[..200]);
    for id in ["form", "question", "log", "composer", "t-message", "t-line", "t-failed", "rating", "leave", "bar-text"]
    {
        assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
    }
    assert!(html.contains("Wie können wir helfen?"));
}

#[test]
fn what_stands_inline_is_known_and_no_style_attributes_are_used() {
    let face = Face { name: "Aki".into(), initials: "<i".into(), hue: 200 };
    let Document { html, style, script } = panel(&sample(&[], &[face]));
    assert_eq!(html.matches("<style").count(), 1);
    assert!(html.contains(&format!("<style>{style}</style>")));
    assert!(html.contains(&format!("<script type=\"module\">{script}</script>")));
    assert_eq!(html.matches("<script").count(), 2, "the data and the starter; names cannot add a third");
    assert!(!html.contains(" style="), "the policy allows no style attributes");
    assert!(!html.contains("javascript:"));
    assert!(!html.contains("<u>"), "names are text");
}

#[test]
fn a_form_is_asked_as_the_site_has_made_it() {
    let hostile = "<img src=x> \"Thema\"";
    let field = |kind: FieldKind, label: &str| Field {
        key: format!("k-{}", kind.name()),
        label: label.into(),
        ..Field::of(kind)
    };
    let option = |label: &str| FieldOption { label: label.into(), queue: None };
    let form = Form {
        fields: vec![
            Field {
                options: vec![option("Bestellung"), option(hostile)],
                required: true,
                ..field(FieldKind::Choice, hostile)
            },
            Field::of(FieldKind::Phone),
            field(FieldKind::Question, ""),
            field(FieldKind::Checkbox, "Newsletter"),
            Field { url: "https://oak.example/terms".into(), ..field(FieldKind::Consent, "Einverstanden") },
            Field { url: "javascript:alert(1)".into(), ..field(FieldKind::Consent, "Nein") },
        ],
    };
    let html = panel(&Panel { form: &form, ..sample(&[], &[]) }).html;
    assert!(!html.contains("<img src=x>") && !html.contains("javascript:"), "the site's words are text");
    for part in [
        "<option value=\"Bestellung\">Bestellung</option>",
        "type=\"tel\"",
        "data-key=\"k-choice\" data-kind=\"choice\" required",
        "href=\"https://oak.example/terms\"",
        "id=\"question\"",
        "id=\"question-error\"",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert_eq!(html.matches("<small>").count(), 1, "only the phone may be left out, and a box says so by itself");
}

/// Settings choose from the same list.
#[test]
fn an_admin_can_choose_every_language() {
    let all: Vec<_> = Language::ALL.iter().map(|language| (language.code(), language.name())).collect();
    assert_eq!(domain::LANGUAGES.to_vec(), all);
}

#[test]
fn names_stand_apart_from_words_in_the_other_direction() {
    for (language, isolated) in [(Language::Arabic, true), (Language::German, false)] {
        let html = panel(&Panel { language, ..sample(&[], &[]) }).html;
        assert_eq!(html.contains("\u{2068}{name}\u{2069}"), isolated);
        assert!(html.contains(&format!("<html lang=\"{}\" dir=\"{}\"", language.code(), language.direction())));
        assert!(html.contains("<bdi id=\"who\">Oak &amp; Co."));
    }
}

fn fragment(language: Language) -> String {
    more(&More {
        language,
        css_url: "/w/assets/widget-more.css",
        emoji_script_url: "/w/assets/widget-emoji.js",
        window_script_url: "/w/assets/widget-window.js",
        earlier_script_url: "/w/assets/widget-earlier.js",
        letters_script_url: "/w/assets/widget-letters.js",
        letters: true,
        files_script_url: "/w/assets/widget-files.js",
        files_css_url: "/w/assets/widget-files.css",
        most_bytes: 1_048_576,
    })
}

/// The scripts that are fetched when something is used that rarely is.
const RARE: [(&str, &str); 4] = [
    ("widget-more.js", include_str!("../../scripts/widget-more.js")),
    ("widget-emoji.js", include_str!("../../scripts/widget-emoji.js")),
    ("widget-earlier.js", include_str!("../../scripts/widget-earlier.js")),
    ("widget-files.js", include_str!("../../scripts/widget-files.js")),
];

/// The names that follow `before` in this text.
fn after<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
    let ends = |c: char| !(c.is_alphanumeric() || "-_".contains(c));
    text.split(before).skip(1).filter_map(|rest| rest.split(ends).next()).collect()
}

#[test]
fn rare_scripts_find_their_words_and_parts() {
    for &language in Language::ALL {
        let (html, more) = (panel(&Panel { language, ..sample(&[], &[]) }).html, fragment(language));
        let (_, data) = more.split_once("id=\"more-data\">").expect("its data");
        let data: serde_json::Value =
            serde_json::from_str(data.split("</script>").next().expect("text")).expect("JSON");
        assert_eq!(data["files"]["most"], 1_048_576);
        for (name, script) in RARE {
            for word in after(script, "texts.") {
                assert!(data["texts"][word].is_string(), "{word} of {name}");
            }
            for url in after(script, "urls.").into_iter().chain(after(script, "load('")) {
                assert!(data["urls"][url].is_string(), "{url} of {name}");
            }
            let listed = script
                .lines()
                .filter(|line| line.ends_with(".map(part);"))
                .flat_map(|line| after(line, "['").into_iter().chain(after(line, ", '")));
            let ids: Vec<_> = after(script, "part('").into_iter().chain(listed).collect();
            assert!(ids.len() > 3, "{ids:?} of {name}");
            for id in ids {
                let stands = format!("id=\"{id}\"");
                assert!(html.contains(&stands) || more.contains(&stands), "{id} of {name}");
            }
        }
    }
}

/// What happened in an earlier chat is worded by the script as [`crate::lines`] words it in the one that runs.
#[test]
fn earlier_chats_have_words_for_all_that_happens() {
    use domain::Outcome;
    use wire::visitor::{Event, What, Who};

    let face = || Face { name: "Aki".into(), initials: "A".into(), hue: 7 };
    let stars = domain::Stars::try_from(4).expect("1 to 5");
    let mut whats = vec![
        What::AttachmentsAllowed { on: true },
        What::Joined,
        What::Assigned { to: face() },
        What::Requeued,
        What::Left,
        What::Away { agent: face() },
        What::Back { agent: face() },
        What::Resumed,
        What::Rated { stars },
    ];
    whats.extend(Outcome::ALL.map(|outcome| What::Ended { outcome }));
    let script = RARE.iter().find(|(name, _)| *name == "widget-earlier.js").expect("it").1;
    for what in whats {
        let at = domain::Timestamp::from_millis(0);
        let event = Event { vseq: 1, at, who: Who::Agent(face()), what, client_id: None };
        assert!(crate::lines::line(&event, "Oak & Co.").is_some());
        let json = serde_json::to_value(&event.what).expect("JSON");
        let name = json.as_str().or_else(|| json.as_object()?.keys().next().map(String::as_str)).expect("a name");
        assert!(script.contains(&format!("\n    {name}: [")), "{name}");
        if let What::Ended { outcome } = event.what {
            assert!(script.contains(&format!("{}: '", outcome.name())), "{outcome:?}");
        }
    }
}

#[test]
fn every_act_of_the_menu_has_its_function_and_every_part_its_place() {
    let more = fragment(Language::German);
    let (_, acts) = RARE[0].1.split_once("const ACTS = {").expect("the acts");
    let items = after(&more, "data-act=\"");
    assert!(items.len() > 2, "{items:?}");
    for act in items {
        assert!(
            acts.contains(&format!("\n  {act}()"))
                || acts.contains(&format!("\n  {act}: "))
                || acts.contains(&format!("\n  async {act}()")),
            "{act}"
        );
    }
    let html = panel(&sample(&[], &[])).html;
    for place in after(&more, "data-before=\"#").into_iter().chain(after(&more, "data-into=\"#")) {
        assert!(html.contains(&format!("id=\"{place}\"")), "{place}");
    }
    assert!(!more.contains(" style=") && more.contains("Chat als Text speichern"));
}

#[test]
fn the_launchers_settings_are_inlined_safely() {
    let settings = LauncherSettings {
        key: "a</script>\"'\u{2028}".into(),
        origin: "https://chat.example/".into(),
        brand: Brand::from_hex("#fff"),
        side: Side::Left,
        language: Language::English,
        hidden: Some(5),
        theme: Theme::Auto,
        invites: None,
    };
    let whole = launcher(include_str!("../../launcher/launcher.js"), &settings);
    assert!(
        whole.trim_end().ends_with("]}, null);"),
        "the settings stand where they are used, also in a script with comments"
    );
    let script = launcher("(s=>s)(__DESKBELL__)", &settings);
    assert!(script.starts_with("(s=>s)({") && script.ends_with("})"));
    assert!(!script.contains("</") && !script.contains('\u{2028}') && !script.contains("__DESKBELL__"));
    assert!(script.contains("\"o\":\"https://chat.example\""));
    assert!(script.contains("\"Open chat\"") && !script.contains("unread"), "those words come with the frame");

    let rules = [domain::Invite { page: "__INVITES__".into(), seconds: 1, visits: 1, text: "Hello?".into() }];
    let source = include_str!("../../launcher/launcher-invites.js");
    let invites = Invites { rules: &rules, source, script_url: "/w/assets/widget-invite.js" };
    let script = launcher("(s=>s)(__DESKBELL__,__INVITES__)", &LauncherSettings { invites: Some(invites), ..settings });
    assert!(script.contains("[[\"__INVITES__\",1,1,\"Hello?\"]]"), "a site's words take no place of ours");
    assert!(
        script.contains(",(settings, root") && script.ends_with("})"),
        "a function, and no module's export: {script}"
    );
}

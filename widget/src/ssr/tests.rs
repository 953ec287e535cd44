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
        files_script_url: "/w/assets/widget-files.js",
        files_css_url: "/w/assets/widget-files.css",
        most_bytes: 1_048_576,
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

/// The script takes its words by their places: its names for them stand in the order of [`crate::Say`].
#[test]
fn the_script_that_sends_files_knows_its_words() {
    let script = include_str!("../../scripts/widget-files.js");
    let (_, rest) = script.split_once("\nconst [FILE_EMPTY").expect("its list of names");
    let (names, _) = rest.split_once(']').expect("the end of the list");
    let names = format!("FILE_EMPTY{names}").replace('_', "").to_lowercase();
    let says = crate::Say::ALL.iter().map(|say| format!("{say:?}").to_lowercase());
    let says: Vec<_> =
        says.skip_while(|name| *name != "fileempty").take_while(|name| name.starts_with("file")).collect();
    assert_eq!(names.split(", ").collect::<Vec<_>>(), says);
}

/// What it looks for in the document is there.
#[test]
fn the_script_that_sends_files_finds_its_parts() {
    let html = panel(&sample(&[], &[])).html;
    let script = include_str!("../../scripts/widget-files.js");
    let ids = script.split("part('").skip(1).filter_map(|rest| rest.split_once('\'')).map(|(id, _)| id);
    let (_, listed) = script.split_once("  ['tray'").expect("its list of parts");
    let (listed, _) = listed.split_once(']').expect("the end of the list");
    let listed = listed.split('\'').filter(|id| !id.trim_matches([',', ' ']).is_empty());
    let ids: Vec<_> = ids.chain(["tray"]).chain(listed).collect();
    assert!(ids.len() > 14, "{ids:?}");
    assert!(html.contains("\"most\":1048576") && html.contains("import(\"/w/assets/widget-files.js\"+q)"));
    for id in ids {
        assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
    }
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
        invites: None,
    };
    let whole = launcher(include_str!("../../launcher/launcher.js"), &settings);
    assert!(
        whole.trim_end().ends_with("]});"),
        "the settings stand where they are used, also in a script with comments"
    );
    let script = launcher("(s=>s)(__DESKBELL__)", &settings);
    assert!(script.starts_with("(s=>s)({") && script.ends_with("})"));
    assert!(!script.contains("</") && !script.contains('\u{2028}') && !script.contains("__DESKBELL__"));
    assert!(script.contains("\"o\":\"https://chat.example\""));
    assert!(script.contains(r#"{"one":"Open chat, # unread message","other":"Open chat, # unread messages"}"#));
}

use std::fs;

use super::*;

/// Loads with these sources in an empty folder of its own.
fn load(file: &str, environment: &[(&str, &str)], flags: &[(&'static str, &str)]) -> Result<Config> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.toml");
    fs::write(&path, file).expect("written");
    let flags = flags.iter().map(|(key, text)| (*key, "--flag", (*text).to_owned())).collect();
    let environment = environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Config::load_from(&Given { file: Some(path), flags }, environment)
}

fn refusal(file: &str, environment: &[(&str, &str)]) -> String {
    load(file, environment, &[]).expect_err("refused").to_string()
}

#[test]
fn the_printed_file_is_the_defaults() {
    let printed = load(&default_file(), &[], &[]).expect("valid");
    assert_eq!(printed, load("", &[], &[]).expect("defaults"));
    assert_eq!(printed.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(printed.drain(), Duration::from_secs(10));
    assert_eq!((&printed.public_url, &printed.widget_url), (&None, &None));
    // Nothing is missing from it, and every key has words.
    for key in keys::KEYS {
        let last = key.name.rsplit('.').next().expect("a name");
        assert!(default_file().contains(&format!("\n{last} = {}\n", key.default)), "{}", key.name);
    }
}

#[test]
fn the_document_has_the_printed_text() {
    let document = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/configuration.md")).expect("there");
    assert!(
        document.contains(&format!("```toml\n{}```\n", default_file())),
        "docs/configuration.md must contain what `deskbell config print-default` prints"
    );
}

#[test]
fn later_sources_win() {
    let file = "listen = \"127.0.0.1:1\"\ndrain_seconds = 1\n[limits]\nvisitor_messages_burst = 1\n";
    let environment = [("DESKBELL_LISTEN", "127.0.0.1:2"), ("DESKBELL_LIMITS__VISITOR_MESSAGES_BURST", "7.5")];
    let config = load(file, &environment, &[("listen", "127.0.0.1:3")]).expect("valid");
    assert_eq!(config.listen.port(), 3);
    assert_eq!(config.drain(), Duration::from_secs(1));
    assert!((config.limits.visitor_messages_burst - 7.5).abs() < f64::EPSILON);
}

#[test]
fn the_file_is_found_in_the_data_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(FILE_NAME), "drain_seconds = 3").expect("written");
    let data = folder.path().to_string_lossy().into_owned();
    let given = Given { file: None, flags: vec![("data", "--data", data)] };
    assert_eq!(Config::load_from(&given, Vec::new()).expect("valid").drain(), Duration::from_secs(3));
}

#[test]
fn unknown_keys_are_refused_with_the_nearest_and_their_place() {
    let text = refusal("# a comment\n\n[limits]\nvisitor_mesages_per_second = 1\n", &[]);
    assert!(text.contains("x.toml, line 4: there is no key `limits.visitor_mesages_per_second`"), "{text}");
    assert!(text.contains("did you mean `limits.visitor_messages_per_second`?"), "{text}");
    let text = refusal("busy_timeout_ms = 1", &[]);
    assert!(text.contains("did you mean `storage.busy_timeout_ms`?"), "{text}");
    let text = refusal("", &[("DESKBELL_PUBLIC_ULR", "x")]);
    assert!(text.contains("environment, DESKBELL_PUBLIC_ULR: there is no key `public_ulr`"), "{text}");
    assert!(text.contains("did you mean `public_url`?"), "{text}");
    let text = refusal("zebra = 1", &[]);
    assert!(text.contains("`zebra`") && !text.contains("did you mean"), "{text}");
}

#[test]
fn wrong_values_name_the_key_what_is_expected_and_the_source() {
    let text = refusal("drain_seconds = \"soon\"\nlisten = 3000\n[log]\nlevel = 1", &[("DESKBELL_LOG__JSON", "maybe")]);
    assert!(text.contains("line 1: `drain_seconds` must be a whole number from 0 to 600, not \"soon\""), "{text}");
    assert!(text.contains("line 2: `listen` must be an IP address with a port"), "{text}");
    assert!(text.contains("line 4: `log.level` must be error, warn"), "{text}");
    assert!(text.contains("DESKBELL_LOG__JSON: `log.json` must be true or false, not \"maybe\""), "{text}");
    assert!(refusal("drain_seconds = 601", &[]).contains("from 0 to 600, not 601"));
    assert!(refusal("limits = 3", &[]).contains("write [limits]"));
    assert!(refusal("listen = {a = 1}", &[]).contains("`listen` must be"));
    assert!(refusal("listen =", &[]).contains("line 1: this is not TOML"));
    assert!(refusal("public_url = \"https://a.example/desk\"", &[]).contains("without a path"));
    assert!(refusal("trusted_proxies = [\"10.0.0.0/33\"]", &[]).contains("a list of networks"));
}

#[test]
fn a_database_address_is_never_shown() {
    let text = refusal("", &[("DESKBELL_DATABASE", "mysql://me:s3cret@host/db")]);
    assert!(text.contains("`database` must be") && !text.contains("s3cret"), "{text}");
    let config = load("database = \"postgres://me:s3cret@host/db\"", &[], &[]).expect("valid");
    assert!(!format!("{config:?}").contains("s3cret"));
    assert!(matches!(config.database.location(&config.data), store::Location::Postgres(_)));
    let mail = "[mail]\nserver = \"smtps://me:s3cret@mail.example\"\nfrom = \"Desk <desk@mail.example>\"";
    assert!(!format!("{:?}", load(mail, &[], &[]).expect("valid")).contains("s3cret"));
    let text = refusal("", &[("DESKBELL_MAIL__SERVER", "mail.example:s3cret")]);
    assert!(text.contains("`mail.server` must be") && !text.contains("s3cret"), "{text}");
    let config = load("data = \"/srv/desk\"", &[], &[]).expect("valid");
    assert_eq!(config.database.location(&config.data), store::Location::Sqlite("/srv/desk/deskbell.db".into()));
}

#[test]
fn variables_of_builds_and_tests_are_not_configuration() {
    let foreign = [("DESKBELL_CACHE", "x"), ("DESKBELL_BIN", "x"), ("DESKBELL_SITE", "x"), ("DESKBELL_TEST_ANY", "x")];
    assert!(load("", &foreign, &[]).is_ok());
    assert!(load("", &[("DESKBELL_CACHES", "x")], &[]).is_err());
    assert!(load("", &[("PATH", "x")], &[]).is_ok());
}

#[test]
fn networks_and_single_addresses() {
    let config = load("", &[("DESKBELL_TRUSTED_PROXIES", "10.0.0.0/8, ::1")], &[]).expect("valid");
    let trusts = |text: &str| config.trusted_proxies.contain(text.parse().expect("an address"));
    assert!(trusts("10.1.2.3") && trusts("::1"));
    assert!(!trusts("11.0.0.1") && !trusts("::2"));
}

//! The table of all keys.

use super::kind::Kind;

/// One key.
pub struct Key {
    /// With its section: `log.level`.
    pub name: &'static str,
    pub kind: Kind,
    /// As TOML.
    pub default: &'static str,
    /// For people; one comment line each.
    pub about: &'static [&'static str],
    /// Whether the value may hold a password and is therefore never shown.
    pub secret: bool,
}

/// Sections with what they are about, in the order of the printed file.
pub const SECTIONS: &[(&str, &str)] = &[
    ("log", "What is written to stderr. Texts of messages, passwords and tokens never are."),
    ("limits", "How often one visitor or one address may do something; beyond that the answer says when to retry."),
    ("storage", "How the database is used. The defaults are meant for use."),
    ("attachments", "Files in chats. What is checked and taken out of them cannot be switched off."),
    ("mail", "E-mail: alerts to agents who want them; to visitors answers to messages they left, and transcripts."),
    ("metrics", "Figures for Prometheus; docs/metrics.md says what they mean."),
    ("outgoing", "Requests to addresses that others chose, such as push services and webhooks."),
];

/// Keys outside sections first.
pub const KEYS: &[Key] = &[
    key(
        "listen",
        Kind::Address,
        r#""127.0.0.1:3000""#,
        &[
            "Where the dashboard, the widget and the API are served. TLS is the business of a proxy in front.",
            "Port 0 takes any free one.",
        ],
    ),
    key(
        "demo_listen",
        Kind::Address,
        r#""127.0.0.1:3001""#,
        &["Where `serve --demo` serves its shop, which stands for a customer's website."],
    ),
    key(
        "data",
        Kind::Folder,
        r#""./data""#,
        &["The folder for everything that is kept; made when it is missing. Relative to the working folder."],
    ),
    Key {
        secret: true,
        ..key(
            "database",
            Kind::Database,
            r#""""#,
            &["Empty: SQLite in the data folder. Else PostgreSQL: postgres://user:password@host/database"],
        )
    },
    key(
        "public_url",
        Kind::Origin,
        r#""""#,
        &[
            "The address at which browsers reach this server: https://desk.example.com, without a path.",
            "Sign-in and sockets are refused from pages of any other origin. Empty: http:// and `listen`.",
        ],
    ),
    key(
        "widget_url",
        Kind::Origin,
        r#""""#,
        &["A second host name for the visitors' frame, if it shall not have the dashboard's. Empty: `public_url`."],
    ),
    key(
        "trusted_proxies",
        Kind::Networks,
        "[]",
        &[
            "Networks of the proxies in front, such as [\"10.0.0.0/8\", \"::1\"]. Only from these are X-Forwarded-For and",
            "X-Forwarded-Proto believed; without them every visitor behind a proxy shares the proxy's address.",
        ],
    ),
    key(
        "drain_seconds",
        Kind::Whole { least: 0, most: 600 },
        "10",
        &["On SIGTERM: so long requests may finish and sockets may close before the process ends."],
    ),
    key(
        "log.level",
        Kind::Level,
        r#""info""#,
        &["error, warn, info, debug or trace; parts can differ: \"info,store=debug\"."],
    ),
    key("log.json", Kind::Switch, "false", &["One JSON object per line, for programs that collect logs."]),
    key("limits.visitor_messages_per_second", RATE, "2.0", &["Messages of one visitor, in the long run and at once."]),
    key("limits.visitor_messages_burst", BURST, "20", &[]),
    key(
        "limits.starts_per_minute_per_address",
        RATE,
        "30.0",
        &[
            "Chats begun from one address (IPv6: from one /64), in the long run and at once. Generous, because all people",
            "of an office share one address.",
        ],
    ),
    key("limits.starts_burst_per_address", BURST, "60", &[]),
    key(
        "limits.sign_in_attempts_per_minute",
        RATE,
        "12.0",
        &["Attempts to sign in from one address, in the long run and at once."],
    ),
    key("limits.sign_in_attempts_burst", BURST, "20", &[]),
    key(
        "storage.busy_timeout_ms",
        Kind::Whole { least: 0, most: 600_000 },
        "5000",
        &["SQLite: so long a write waits for another process that holds the database locked."],
    ),
    key("storage.readers", Kind::Whole { least: 1, most: 256 }, "8", &["Connections for reading."]),
    key(
        "attachments.max_megabytes",
        Kind::Whole { least: 1, most: 150 },
        "150",
        &["The largest file. A site may have a lower limit of its own."],
    ),
    key(
        "attachments.store",
        Kind::FileStore,
        r#""""#,
        &["Where files are kept. Empty: the folder `files` in the data folder. Else a bucket: s3://bucket/prefix"],
    ),
    key(
        "attachments.s3_endpoint",
        Kind::Text,
        r#""""#,
        &[
            "For a bucket: address and region of the service, and the key. What is empty is taken from the environment",
            "(AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY).",
        ],
    ),
    key("attachments.s3_region", Kind::Text, r#""""#, &[]),
    key("attachments.s3_access_key_id", Kind::Text, r#""""#, &[]),
    Key { secret: true, ..key("attachments.s3_secret_access_key", Kind::Text, r#""""#, &[]) },
    key(
        "attachments.clamd",
        Kind::Scanner,
        r#""""#,
        &[
            "A virus scanner that speaks clamd's protocol: host:port, or unix:/path/of/socket. Every file goes through it,",
            "and none is taken while it does not answer. Empty: none.",
        ],
    ),
    Key {
        secret: true,
        ..key(
            "mail.server",
            Kind::MailServer,
            r#""""#,
            &[
                "Empty: no e-mail is sent. smtps://user:password@host (TLS, port 465),",
                "smtp://user:password@host?tls=required (STARTTLS, port 587), or smtp://host:port without TLS.",
                "Special characters in user and password are written as in addresses: @ is %40.",
            ],
        )
    },
    key(
        "mail.from",
        Kind::Mailbox,
        r#""""#,
        &["Who the e-mails come from: \"Deskbell <desk@example.com>\". Needed with `mail.server`."],
    ),
    key(
        "metrics.listen",
        Kind::AddressOrNone,
        r#""""#,
        &[
            "Where they are served, such as \"127.0.0.1:9464\". Whoever reaches that address can read them, without a",
            "password; they count by queue and tell nothing about visitors or agents. Empty: nowhere.",
        ],
    ),
    key(
        "outgoing.allow_private",
        Kind::Networks,
        "[]",
        &[
            "Private networks that may be reached nevertheless, such as [\"10.0.0.0/8\"], also without TLS. Everything else",
            "that is not an address of the open internet is refused, whatever name it hides behind.",
        ],
    ),
];

const RATE: Kind = Kind::Number { least: 0.001, most: 1_000_000.0 };
const BURST: Kind = Kind::Number { least: 1.0, most: 1_000_000.0 };

pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// The known key that the unknown one was probably meant to be. A key in the wrong section counts as near.
pub fn nearest(name: &str) -> Option<&'static str> {
    let last = |name: &'static str| name.rsplit('.').next().unwrap_or(name);
    let given = name.rsplit('.').next().unwrap_or(name);
    KEYS.iter()
        .map(|key| {
            let whole = strsim::normalized_damerau_levenshtein(name, key.name);
            let end = strsim::normalized_damerau_levenshtein(given, last(key.name));
            (whole.max(end), whole, key.name)
        })
        .filter(|(likeness, ..)| *likeness >= 0.6)
        .max_by(|a, b| (a.0, a.1).partial_cmp(&(b.0, b.1)).unwrap_or(std::cmp::Ordering::Equal))
        .map(|(.., name)| name)
}

const fn key(name: &'static str, kind: Kind, default: &'static str, about: &'static [&'static str]) -> Key {
    Key { name, kind, default, about, secret: false }
}

//! The sources, laid over each other. All problems are collected, so that they can be mended in one go.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use toml::{Table, Value, de::DeTable};

use super::{
    candidates,
    keys::{self, KEYS, SECTIONS},
};
use crate::failure::{Exit, Failure, Result};

pub type Environment = Vec<(OsString, OsString)>;

const PREFIX: &str = "DESKBELL_";
/// Names the file; not a key itself.
const FILE_VARIABLE: &str = "DESKBELL_CONFIG";
/// Variables of builds and tests, which may be set around a server but are not its configuration.
const FOREIGN: [&str; 5] = ["DESKBELL_CACHE", "DESKBELL_BIN", "DESKBELL_SITE", "DESKBELL_CHECKOUT", "DESKBELL_REPORT"];
const FOREIGN_PREFIX: &str = "DESKBELL_TEST_";

/// Which source wins; the later the stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    File,
    Environment,
    Flag,
}

#[derive(Default)]
pub struct Layers {
    values: BTreeMap<&'static str, (Rank, Value)>,
    file: Option<PathBuf>,
    problems: Vec<String>,
}

impl Layers {
    pub fn add_environment(&mut self, mut environment: Environment) {
        environment.sort();
        for (name, value) in environment {
            let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX)) else { continue };
            if FOREIGN.contains(&name) || name.starts_with(FOREIGN_PREFIX) {
                continue;
            }
            if name == FILE_VARIABLE {
                self.file = Some(value.into()).filter(|file: &PathBuf| !file.as_os_str().is_empty());
                continue;
            }
            let key = name[PREFIX.len()..].to_lowercase().replace("__", ".");
            let source = format!("environment, {name}");
            match value.to_str() {
                Some(text) => self.add_text(Rank::Environment, &source, &key, text),
                None => self.problems.push(format!("{source}: the value is not UTF-8")),
            }
        }
    }

    pub fn add_flags(&mut self, flags: &[(&'static str, &'static str, String)]) {
        for (key, flag, text) in flags {
            self.add_text(Rank::Flag, &format!("command line, {flag}"), key, text);
        }
    }

    /// The file to read: the one that was named, which must be there, or the first that is found. Environment and flags
    /// have been added, because they may say where the data folder is.
    pub fn find_file(&self, named: Option<&Path>) -> Result<Option<(PathBuf, String)>> {
        if let Some(path) = named.or(self.file.as_deref()) {
            let text = fs::read_to_string(path).map_err(|cause| unreadable(path, &cause))?;
            return Ok(Some((path.to_owned(), text)));
        }
        let data = self.values.get("data").and_then(|(_, value)| value.as_str()).unwrap_or("./data");
        for path in candidates(Path::new(data)) {
            match fs::read_to_string(&path) {
                Ok(text) => return Ok(Some((path, text))),
                Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {}
                // The data folder itself may be wrong; that has a better message of its own.
                Err(cause) if cause.kind() == std::io::ErrorKind::NotADirectory => {}
                Err(cause) => return Err(unreadable(&path, &cause)),
            }
        }
        Ok(None)
    }

    pub fn add_file(&mut self, path: &Path, text: &str) {
        let line_at = |offset: usize| text[..offset.min(text.len())].matches('\n').count() + 1;
        let place = |offset: usize| format!("{}, line {}", path.display(), line_at(offset));
        let (spans, values) = match (DeTable::parse(text), text.parse::<Table>()) {
            (Ok(spans), Ok(values)) => (spans.into_inner(), values),
            (Err(cause), _) | (_, Err(cause)) => {
                let at = place(cause.span().map_or(0, |span| span.start));
                self.problems.push(format!("{at}: this is not TOML: {}", cause.message()));
                return;
            }
        };
        self.add_table("", &spans, values, &place);
    }

    /// One table of everything, defaults included.
    pub fn finish(self) -> Result<Table> {
        if !self.problems.is_empty() {
            let many = if self.problems.len() == 1 { "a problem" } else { "problems" };
            return Err(Failure::new(
                Exit::Config,
                format!("the configuration has {many}:\n  {}", self.problems.join("\n  ")),
                "`deskbell config print-default` shows every key with its default.",
            ));
        }
        let mut whole = Table::new();
        for key in KEYS {
            let value = self.values.get(key.name).map_or_else(|| default(key), |(_, value)| value.clone());
            let (table, name) = match key.name.split_once('.') {
                Some((section, name)) => {
                    let section = whole.entry(section).or_insert_with(|| Table::new().into());
                    (section.as_table_mut(), name)
                }
                None => (Some(&mut whole), key.name),
            };
            if let Some(table) = table {
                table.insert(name.to_owned(), value);
            }
        }
        Ok(whole)
    }

    fn add_table(&mut self, prefix: &str, spans: &DeTable<'_>, values: Table, place: &dyn Fn(usize) -> String) {
        // The table of spans knows where each key stands.
        let position =
            |name: &str| spans.iter().find(|(key, _)| key.get_ref() == name).map_or(0, |(key, _)| key.span().start);
        let nested = |name: &str| {
            spans.iter().find(|(key, _)| key.get_ref() == name).and_then(|(_, value)| value.get_ref().as_table())
        };
        for (name, value) in values {
            let full = format!("{prefix}{name}");
            let source = place(position(&name));
            match (SECTIONS.iter().any(|(section, _)| *section == full), value) {
                (true, Value::Table(values)) => {
                    if let Some(spans) = nested(&name) {
                        self.add_table(&format!("{full}."), spans, values, place);
                    }
                }
                (true, _) => self.problems.push(format!("{source}: `{full}` is a section: write [{full}]")),
                (false, value) => self.add_value(Rank::File, &source, &full, Given::Toml(value)),
            }
        }
    }

    fn add_text(&mut self, rank: Rank, source: &str, name: &str, text: &str) {
        self.add_value(rank, source, name, Given::Text(text));
    }

    fn add_value(&mut self, rank: Rank, source: &str, name: &str, given: Given<'_>) {
        let Some(key) = keys::find(name) else {
            let hint = keys::nearest(name).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            self.problems.push(format!("{source}: there is no key `{name}`{hint}"));
            return;
        };
        let shown = if key.secret { String::new() } else { format!(", not {given}") };
        let accepted = match given {
            Given::Text(text) => key.kind.accept_text(text),
            Given::Toml(value) => key.kind.accept(value),
        };
        match accepted {
            Some(value) => {
                let older = self.values.get(key.name).is_none_or(|(before, _)| *before <= rank);
                if older {
                    self.values.insert(key.name, (rank, value));
                }
            }
            None => self.problems.push(format!("{source}: `{name}` must be {}{shown}", key.kind.expected())),
        }
    }
}

/// A value as it came.
enum Given<'a> {
    Text(&'a str),
    Toml(Value),
}

impl std::fmt::Display for Given<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => write!(f, "\"{text}\""),
            Self::Toml(value) => write!(f, "{value}"),
        }
    }
}

fn default(key: &keys::Key) -> Value {
    let row = format!("it = {}", key.default);
    // A test parses them all.
    row.parse::<Table>()
        .ok()
        .and_then(|mut table| table.remove("it"))
        .and_then(|value| key.kind.accept(value))
        .unwrap_or_else(|| Value::String(String::new()))
}

fn unreadable(path: &Path, cause: &std::io::Error) -> Failure {
    Failure::new(
        Exit::Config,
        format!("the configuration file {} cannot be read: {cause}", path.display()),
        "Name another with --config, or give this user the right to read it.",
    )
}

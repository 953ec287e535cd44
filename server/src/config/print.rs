//! The default configuration as a commented file.

use std::fmt::Write;

use super::keys::{KEYS, Key, SECTIONS};

/// What `deskbell config print-default` prints: every key with its default and what it is for.
pub fn default_file() -> String {
    let mut text = String::from(
        "# Configuration of Deskbell. Every key is shown with its default; only what differs needs to be kept.\n",
    );
    let section_of = |key: &Key| key.name.split_once('.').map(|(section, _)| section);
    for key in KEYS.iter().filter(|key| section_of(key).is_none()) {
        add(&mut text, key, key.name);
    }
    for (section, about) in SECTIONS {
        let _ = write!(text, "\n# {about}\n[{section}]\n");
        for key in KEYS.iter().filter(|key| section_of(key) == Some(section)) {
            add(&mut text, key, &key.name[section.len() + 1..]);
        }
    }
    text
}

fn add(text: &mut String, key: &Key, name: &str) {
    if !key.about.is_empty() {
        text.push('\n');
    }
    for line in key.about {
        let _ = writeln!(text, "# {line}");
    }
    let _ = writeln!(text, "{name} = {}", key.default);
}

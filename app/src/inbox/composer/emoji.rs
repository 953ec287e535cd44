use std::sync::Arc;

use leptos::{ev::KeyboardEvent, prelude::*, task::spawn_local};

use super::writing::{Popup, Writing};
use crate::{browser, inbox::tools::Tools};

/// Emoji in one row; the sheet lays them out so.
const COLUMNS: usize = 9;

/// Everything there is to choose from, as it is fetched when the first picker opens.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Emoji(Vec<Group>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    name: String,
    /// The sign and its words.
    signs: Vec<(String, String)>,
}

impl Emoji {
    /// From lines: `# Group`, or a sign, a blank, and its words.
    fn read(text: &str) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("# ") {
                groups.push(Group { name: name.to_owned(), signs: Vec::new() });
            } else if let (Some(group), Some((sign, words))) = (groups.last_mut(), line.split_once(' ')) {
                group.signs.push((sign.to_owned(), words.to_owned()));
            }
        }
        Self(groups)
    }

    /// Those whose words begin with every word of the query.
    fn found(&self, query: &str) -> Self {
        let query = query.to_lowercase();
        let fits = |words: &str| {
            query
                .split_whitespace()
                .all(|asked| words.split([' ', '-']).any(|word| word.to_lowercase().starts_with(asked)))
        };
        let groups = self.0.iter().filter_map(|group| {
            let signs: Vec<_> = group.signs.iter().filter(|(_, words)| fits(words)).cloned().collect();
            (!signs.is_empty()).then(|| Group { name: group.name.clone(), signs })
        });
        Self(groups.collect())
    }

    fn sign(&self, at: usize) -> Option<&str> {
        self.0.iter().flat_map(|group| &group.signs).nth(at).map(|(sign, _)| sign.as_str())
    }

    fn sizes(&self) -> Vec<usize> {
        self.0.iter().map(|group| group.signs.len()).collect()
    }
}

/// Where an arrow leads from the sign at `at`: by rows of [`COLUMNS`], each group beginning a row of its own.
fn step(sizes: &[usize], at: usize, key: &str) -> usize {
    let all: usize = sizes.iter().sum();
    let last = all.saturating_sub(1);
    match key {
        "ArrowLeft" => return at.saturating_sub(1),
        "ArrowRight" => return (at + 1).min(last),
        _ => {}
    }
    let (mut first, mut group) = (0, 0);
    while group + 1 < sizes.len() && at >= first + sizes[group] {
        first += sizes[group];
        group += 1;
    }
    let size = sizes.get(group).copied().unwrap_or_default();
    let (row, column) = ((at - first) / COLUMNS, (at - first) % COLUMNS);
    if key == "ArrowDown" {
        let rows = size.div_ceil(COLUMNS);
        if row + 1 < rows {
            return first + ((row + 1) * COLUMNS + column).min(size - 1);
        }
        return sizes.get(group + 1).map_or(at, |next| first + size + column.min(next - 1));
    }
    if row > 0 {
        return at - COLUMNS;
    }
    match group.checked_sub(1).map(|before| sizes[before]) {
        Some(before) => {
            let last_row = (before - 1) / COLUMNS * COLUMNS;
            first - before + (last_row + column).min(before - 1)
        }
        None => at,
    }
}

/// Signs by group, with a field to search in. Arrows go from sign to sign while one types.
#[component]
pub fn EmojiPicker(writing: Writing, tools: Tools) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let chosen = RwSignal::new(0usize);
    let failed = RwSignal::new(false);
    let place = StoredValue::new(writing.selection());
    let found = Memo::new(move |_| {
        let all = tools.emoji.get();
        all.map(|all| query.with(|query| if query.trim().is_empty() { (*all).clone() } else { all.found(query) }))
    });
    let fetch = move || {
        failed.set(false);
        spawn_local(async move {
            match browser::fetch_text(&browser::meta("emoji")).await {
                Some(text) => drop(tools.emoji.try_set(Some(Arc::new(Emoji::read(&text))))),
                None => drop(failed.try_set(true)),
            }
        });
    };
    Effect::new(move |_| {
        if tools.emoji.with_untracked(Option::is_none) {
            fetch();
        }
    });
    let pick = move |sign: String| {
        writing.open.set(Popup::None);
        writing.replace(&place.get_value(), &sign);
    };
    let on_key = move |event: KeyboardEvent| {
        let key = event.key();
        let taken = found.with_untracked(|found| {
            found.as_ref().and_then(|found| found.sign(chosen.get_untracked()).map(str::to_owned))
        });
        match key.as_str() {
            "Enter" => {
                if let Some(sign) = taken {
                    pick(sign);
                }
            }
            "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" => {
                let sizes = found.with_untracked(|found| found.as_ref().map(Emoji::sizes)).unwrap_or_default();
                let next = step(&sizes, chosen.get_untracked(), &key);
                chosen.set(next);
                browser::reveal(&format!("emoji-{next}"));
            }
            _ => return,
        }
        event.prevent_default();
    };
    let active = move || {
        let some = found.with(|found| found.as_ref().is_some_and(|found| !found.0.is_empty()));
        some.then(|| format!("emoji-{}", chosen.get()))
    };
    let none = move || match found.with(|found| found.as_ref().map(|found| found.0.is_empty())) {
        Some(true) => "No emoji has such a name.",
        None if !failed.get() => "Loading…",
        _ => "",
    };
    view! {
        <input
            id="emoji-search"
            class="dk-pop__search"
            type="search"
            role="combobox"
            aria-label="Search emoji"
            aria-autocomplete="list"
            aria-expanded="true"
            aria-controls="emoji"
            aria-activedescendant=active
            placeholder="Search"
            autocomplete="off"
            on:input:target=move |event| {
                chosen.set(0);
                query.set(event.target().value());
            }
            on:keydown=on_key
        />
        <Signs found=found chosen=chosen pick=pick />
        <p class="dk-pop__none" role="status">{none}</p>
        <Show when=move || failed.get()>
            <p class="dk-pop__none" role="alert">
                "The emoji did not load. "
                <button type="button" class="dk-link" on:click=move |_| fetch()>"Try again"</button>
            </p>
        </Show>
    }
}

#[component]
fn Signs(
    found: Memo<Option<Emoji>>,
    chosen: RwSignal<usize>,
    pick: impl Fn(String) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let sign = move |n: usize, (sign, words): (String, String)| {
        let taken = sign.clone();
        view! {
            <span
                role="option"
                id=format!("emoji-{n}")
                class="dk-emoji__sign"
                aria-selected=move || if chosen.get() == n { "true" } else { "false" }
                aria-label=words.clone()
                title=words
                on:mousedown=move |event| event.prevent_default()
                on:click=move |_| pick(taken.clone())
            >
                {sign}
            </span>
        }
    };
    let group = move |first: usize, group: Group| {
        let name = group.name.clone();
        view! {
            <div role="group" aria-label=group.name>
                <p class="dk-emoji__group" aria-hidden="true">{name}</p>
                <div class="dk-emoji__signs" role="presentation">
                    {group.signs.into_iter().enumerate().map(|(n, one)| sign(first + n, one)).collect_view()}
                </div>
            </div>
        }
    };
    let groups = move || {
        let mut first = 0;
        let counted = found.get().unwrap_or_default().0.into_iter().map(|one| {
            let from = first;
            first += one.signs.len();
            group(from, one)
        });
        counted.collect_view()
    };
    view! { <div id="emoji" class="dk-pop__list dk-emoji" role="listbox" aria-label="Emoji">{groups}</div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = include_str!("../../../../style/assets/emoji.txt");

    #[test]
    fn the_own_list_has_groups_of_signs_with_words_each_once() {
        let all = Emoji::read(OWN);
        assert_eq!(all.0.len(), 8);
        let mut signs: Vec<_> = all.0.iter().flat_map(|group| &group.signs).collect();
        assert!(signs.len() > 500 && signs.iter().all(|(sign, words)| !sign.is_ascii() && !words.is_empty()));
        let before = signs.len();
        signs.sort();
        signs.dedup_by_key(|(sign, _)| sign);
        assert_eq!(signs.len(), before);
    }

    #[test]
    fn words_are_found_by_their_beginnings() {
        let all = Emoji::read(OWN);
        let first = |query| all.found(query).sign(0).map(str::to_owned);
        assert_eq!(first("thu up").as_deref(), Some("👍"));
        assert_eq!(first("PARCEL").as_deref(), Some("📦"));
        assert_eq!(first("no such thing at all"), None);
    }

    #[test]
    fn arrows_go_by_rows_and_from_group_to_group() {
        // 9 + 2, then 3, then 20.
        let sizes = [11, 3, 20];
        for (from, key, to) in [
            (0, "ArrowLeft", 0),
            (0, "ArrowRight", 1),
            (33, "ArrowRight", 33),
            (0, "ArrowDown", 9),
            (5, "ArrowDown", 10),
            (10, "ArrowDown", 12),
            (12, "ArrowDown", 15),
            (33, "ArrowDown", 33),
            (15, "ArrowUp", 12),
            (13, "ArrowUp", 10),
            (9, "ArrowUp", 0),
            (4, "ArrowUp", 4),
        ] {
            assert_eq!(step(&sizes, from, key), to, "{from} {key}");
        }
    }
}

//! Chats whose messages make no sound in this browser. The script reads the same list.

use domain::SessionId;
use leptos::prelude::*;

use crate::{browser, ui::MenuCheck};

/// The name under which the script finds it.
const KEPT: &str = "alerts-quiet";

/// The oldest ones are forgotten: they have long been over.
const MOST: usize = 50;

/// Whether new messages of this chat are heard in this browser.
#[component]
pub fn Sounds(session: SessionId) -> impl IntoView {
    let on = RwSignal::new(!is_quiet(session));
    let toggle = move || {
        on.update(|on| *on = !*on);
        set_quiet(session, !on.get_untracked());
    };
    view! {
        <MenuCheck on=on toggle=toggle word="Sounds" small="for new messages here" />
    }
}

fn is_quiet(session: SessionId) -> bool {
    browser::kept(KEPT).is_some_and(|kept| kept.split(' ').any(|one| one == session.to_string()))
}

fn set_quiet(session: SessionId, quiet: bool) {
    browser::keep(KEPT, Some(&changed(&browser::kept(KEPT).unwrap_or_default(), &session.to_string(), quiet)));
}

fn changed(kept: &str, session: &str, quiet: bool) -> String {
    let mut all: Vec<_> = kept.split_whitespace().filter(|one| *one != session).collect();
    if quiet {
        all.push(session);
    }
    let from = all.len().saturating_sub(MOST);
    all[from..].join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chat_is_quiet_once_and_the_list_stays_short() {
        assert_eq!(changed("", "a", true), "a");
        assert_eq!(changed("a b", "a", true), "b a");
        assert_eq!(changed("b a", "b", false), "a");
        let many = (0..MOST + 10).fold(String::new(), |kept, n| changed(&kept, &n.to_string(), true));
        assert_eq!(many.split(' ').count(), MOST);
        assert!(many.ends_with(" 59") && many.starts_with("10 "), "{many}");
    }
}

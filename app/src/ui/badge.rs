use leptos::prelude::*;

/// A number in a pill; nothing when it is 0. The words for screen readers stand in the name of what it sits on.
#[component]
pub fn Count(#[prop(into)] n: Signal<u32>, class: &'static str) -> impl IntoView {
    view! {
        <Show when=move || { n.get() > 0 }>
            <span class=class aria-hidden="true">
                {move || count_text(n.get())}
            </span>
        </Show>
    }
}

/// As it fits into a badge.
pub fn count_text(n: u32) -> String {
    if n > 99 { "99+".to_owned() } else { n.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_stays_small() {
        assert_eq!(count_text(7), "7");
        assert_eq!(count_text(99), "99");
        assert_eq!(count_text(4_000), "99+");
    }
}

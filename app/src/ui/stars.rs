use domain::Stars;
use leptos::prelude::*;

/// A rating as stars, with the words for screen readers.
#[component]
pub fn StarsView(stars: Stars) -> impl IntoView {
    let given = u8::from(stars);
    view! {
        <span class="dk-stars" role="img" aria-label=stars_word(given)>
            <span class="dk-stars__on">{"★".repeat(usize::from(given))}</span>
            <span class="dk-stars__off">{"★".repeat(usize::from(5 - given))}</span>
        </span>
    }
}

fn stars_word(stars: u8) -> String {
    if stars == 1 { "1 of 5 stars".to_owned() } else { format!("{stars} of 5 stars") }
}

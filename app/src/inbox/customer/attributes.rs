//! What the visitor's page says of them: who they are, by signature, and whatever else, by its word.

use domain::FieldKind;
use leptos::prelude::*;
use wire::agent::Customer;

use crate::ui::{Glyph, Icon};

/// The site's own name for the person; nothing for a stranger.
#[component]
pub fn Verified(customer: Customer) -> impl IntoView {
    let Customer { user_id, signed, .. } = customer;
    (!user_id.is_empty()).then(|| {
        view! {
            <div class="dk-verified">
                <Icon glyph=Glyph::Check small=true />
                <p>
                    <strong>{verified_word(&signed)}</strong>
                    <span>"User " <bdi>{user_id}</bdi></span>
                </p>
            </div>
        }
    })
}

/// Keys and values, in order; live.
#[component]
pub fn AttributeList(rows: Vec<(String, String)>) -> impl IntoView {
    let row = |(key, value): (String, String)| {
        view! {
            <dt title=key.clone()>{key.clone()}</dt>
            <dd dir="auto" title=value.clone()>{value.clone()}</dd>
        }
    };
    (!rows.is_empty()).then(|| {
        view! {
            <section class="dk-card" aria-labelledby="attributes-title">
                <h3 id="attributes-title">"Attributes"</h3>
                <dl class="dk-facts dk-facts--said">{rows.into_iter().map(row).collect_view()}</dl>
                <p class="dk-unknown dk-facts__from">"Told by the page, not verified."</p>
            </section>
        }
    })
}

/// What the site has signed, in words.
fn verified_word(signed: &[FieldKind]) -> String {
    let details: Vec<_> = signed
        .iter()
        .filter_map(|kind| match kind {
            FieldKind::Name => Some("name"),
            FieldKind::Email => Some("e-mail"),
            FieldKind::Phone => Some("phone"),
            _ => None,
        })
        .collect();
    match details.as_slice() {
        [] => "Verified".to_owned(),
        [one] => format!("Verified, with {one}"),
        [rest @ .., last] => format!("Verified, with {} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_verified() {
        let words = [
            &[][..],
            &[FieldKind::Email],
            &[FieldKind::Name, FieldKind::Email],
            &[FieldKind::Name, FieldKind::Email, FieldKind::Phone],
        ]
        .map(verified_word);
        assert_eq!(
            words,
            [
                "Verified",
                "Verified, with e-mail",
                "Verified, with name and e-mail",
                "Verified, with name, e-mail and phone"
            ]
        );
    }
}

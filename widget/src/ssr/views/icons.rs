//! Icons (Lucide), once in the document and used by name.

use leptos::prelude::*;

const SHEET: &str = concat!(
    r#"<symbol id="i-down" viewBox="0 0 24 24"><path d="m6 9 6 6 6-6"/></symbol>"#,
    r#"<symbol id="i-more" viewBox="0 0 24 24"><path d="M12 5h.01M12 12h.01M12 19h.01" stroke-width="3"/></symbol>"#,
    r#"<symbol id="i-send" viewBox="0 0 24 24"><path d="M12 19V5M5 12l7-7 7 7" stroke-width="2.2"/></symbol>"#,
    r#"<symbol id="i-smile" viewBox="0 0 24 24"><path d="M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM8 14s1.5 2 4 2 4-2 4-2M9 9h.01M15 9h.01"/></symbol>"#,
    r#"<symbol id="i-star" viewBox="0 0 24 24"><path d="m12 2.6 2.9 5.9 6.5 1-4.7 4.6 1.1 6.5-5.8-3.1-5.8 3.1 1.1-6.5L2.6 9.5l6.5-1z"/></symbol>"#,
);

/// Those of what is rarely used.
const MORE: &str = concat!(
    r#"<symbol id="i-clip" viewBox="0 0 24 24"><path d="m21 11-9 9a6 6 0 0 1-8-8L13 3a4 4 0 0 1 5 5l-8 9a2 2 0 0 1-3-3l8-8"/></symbol>"#,
    r#"<symbol id="i-back" viewBox="0 0 24 24"><path d="m15 6-6 6 6 6"/></symbol>"#,
    r#"<symbol id="i-close" viewBox="0 0 24 24"><path d="M18 6 6 18M6 6l12 12"/></symbol>"#,
);

/// The sheet of all icons that the panel begins with, unseen.
pub fn sheet() -> impl IntoView {
    view! { <svg class="sheet" aria-hidden="true" inner_html=SHEET></svg> }
}

/// The sheet of those that come when they are needed.
pub fn more() -> impl IntoView {
    view! { <svg class="sheet" aria-hidden="true" inner_html=MORE></svg> }
}

/// One icon; what it means is said by the control around it.
pub fn icon(name: &str) -> impl IntoView + use<> {
    let html = format!("<use href=\"#i-{name}\"/>");
    view! { <svg class="icon" aria-hidden="true" inner_html=html></svg> }
}

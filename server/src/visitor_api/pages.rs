//! What a company's page loads: the launcher with the site's settings in it, and the frame.

use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::SiteSettings;
use serde::Deserialize;
use services::SiteEntry;
use sha2::{Digest, Sha256};
use widget::ssr::{
    Away, Brand, Invites, Language, LauncherSettings, More, Panel, Side, launcher as launcher_script,
    more as more_fragment, panel as panel_page,
};

use crate::{assets, security::csp, state::AppState};

/// `GET /w/{site_key}.js`: a stable address, so it is asked for again each time and answered by 304 when nothing
/// changed.
pub async fn launcher(
    State(state): State<AppState>,
    Path(file): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let site = file.strip_suffix(".js").and_then(|key| state.services.site(key));
    let (Some(site), Some(source)) = (site, assets::by_name("launcher.js")) else {
        // A page must not break over it: an error here would stand in the console of every page of the site.
        let said = "console.warn('Deskbell: there is no site with this key. Copy the snippet again.')";
        return (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/javascript")], said).into_response();
    };
    // Nobody is invited to where nobody is.
    let invited = !site.settings.invites.is_empty()
        && (site.settings.away == domain::Away::Wait || state.services.closed(&site).is_none());
    let invite_url = assets::by_name("widget-invite.js").map(assets::Asset::visitor_url).unwrap_or_default();
    let inviting = assets::by_name("launcher-invites.js").map_or(b"".as_slice(), |script| script.raw);
    let inviting = String::from_utf8_lossy(inviting);
    let settings = LauncherSettings {
        key: site.key.clone(),
        origin: state.origins.frame().to_string(),
        brand: brand(&site),
        side: if site.settings.left { Side::Left } else { Side::Right },
        language: language(asked.lang.as_deref(), &headers, &site),
        hidden: hidden(&state, &site),
        theme: site.settings.theme,
        invites: invited.then_some(Invites {
            rules: &site.settings.invites,
            source: &inviting,
            script_url: &invite_url,
        }),
    };
    let script = launcher_script(&String::from_utf8_lossy(source.raw), &settings);
    let etag = etag(&script);
    let common = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::VARY, HeaderValue::from_static("accept-language, accept-encoding")),
        (header::HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
        (header::ETAG, etag.clone()),
    ];
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| {
        known.to_str().is_ok_and(|known| known.split(',').any(|one| one.trim().as_bytes() == etag.as_bytes()))
    });
    if known {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    (common, state.packed.body(script, &headers).await).into_response()
}

/// `GET /w/launcher-panel.js`: what the launcher fetches together with the frame. At a stable address, because a page that
/// was loaded before an update asks for it after.
pub async fn launcher_panel(headers: HeaderMap) -> Response {
    match assets::by_name("launcher-panel.js") {
        Some(script) => script.response(&headers, assets::Audience::Everyone),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[derive(Deserialize)]
pub struct Asked {
    /// The language that the page wants, whatever the browser says.
    lang: Option<String>,
}

/// `GET /w/{site_key}/panel`: the frame's document. The pages that may embed it stand in its policy.
pub async fn panel(
    State(state): State<AppState>,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let Some(site) = state.services.site(&key) else {
        return (StatusCode::NOT_FOUND, "There is no site with this key.\n").into_response();
    };
    let css = assets::by_name("widget.css").map(|asset| String::from_utf8_lossy(asset.raw)).unwrap_or_default();
    let cards = assets::by_name("widget-cards.js").map(|asset| String::from_utf8_lossy(asset.raw));
    let document = panel_page(&Panel {
        key: &site.key,
        site: &site.name,
        brand: brand(&site),
        theme: site.settings.theme,
        language: language(asked.lang.as_deref(), &headers, &site),
        faces: &state.services.team(&site),
        reply_minutes: state.services.reply_minutes(&site).await,
        away: away(&state, &site),
        form: &site.settings.form,
        form_once: site.settings.form_once,
        identified_only: site.settings.identified_only,
        keep_months: None,
        privacy_url: None,
        origins: &site.origins,
        css: &css,
        script_url: &url("widget.js"),
        wasm_url: &url("widget_bg.wasm"),
        more_url: &url("widget-more.js"),
        sound_url: &url("widget-sound.js"),
        cards_script: cards.as_deref().filter(|_| site.settings.mask_cards),
    });
    let answer = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, csp::frame(&document, state.origins.frame(), &site.origins)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::VARY, HeaderValue::from_static("accept-language, accept-encoding")),
    ];
    (answer, state.packed.body(document.html, &headers).await).into_response()
}

/// What visitors find instead of the form.
fn away<'a>(state: &AppState, site: &'a SiteEntry) -> Option<Away<'a>> {
    let form = match site.settings.away {
        domain::Away::Wait => return None,
        domain::Away::Message => Some(&site.settings.away_form),
        // Hidden, and asked for all the same: a page that was open when the others left.
        domain::Away::Return | domain::Away::Hide => None,
    };
    let back = state.services.closed(site)?.back;
    Some(Away { back, form })
}

/// For how long nobody is there, where the site wants no launcher then.
fn hidden(state: &AppState, site: &SiteEntry) -> Option<u64> {
    if site.settings.away != domain::Away::Hide {
        return None;
    }
    let back = state.services.closed(site)?.back;
    let millis = back.map_or(0, |back| (back - state.services.now()).micros() / 1_000);
    // More than 24 days would overflow a browser's timer; whoever leaves a page open that long may look again.
    Some(u64::try_from(millis).unwrap_or(0).min(i32::MAX.unsigned_abs().into()))
}

/// `GET /w/{site_key}/more`: markup and words of what is rarely used. The script that asks says which release it is of, so that
/// the answer may be kept: with another release it asks under another address.
pub async fn more(
    State(state): State<AppState>,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let Some(site) = state.services.site(&key) else {
        return (StatusCode::NOT_FOUND, "There is no site with this key.\n").into_response();
    };
    let fragment = more_fragment(&More {
        language: language(asked.lang.as_deref(), &headers, &site),
        css_url: &url("widget-more.css"),
        emoji_script_url: &url("widget-emoji.js"),
        window_script_url: &url("widget-window.js"),
        earlier_script_url: &url("widget-earlier.js"),
        letters_script_url: &url("widget-letters.js"),
        letters: state.services.sends_letters(),
        files_script_url: &url("widget-files.js"),
        files_css_url: &url("widget-files.css"),
        most_bytes: state.services.largest_file(&site),
    });
    let answer = [
        // No page of its own, whatever stands in it.
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600")),
        (header::VARY, HeaderValue::from_static("accept-language, accept-encoding")),
    ];
    (answer, state.packed.body(fragment, &headers).await).into_response()
}

/// The address of a file that the frame may fetch.
fn url(name: &str) -> String {
    assets::by_name(name).map(assets::Asset::visitor_url).unwrap_or_default()
}

fn brand(site: &SiteEntry) -> Brand {
    Brand::from_hex(&site.settings.colour)
}

/// The one that the page asks for, else the visitor's own, else the site's.
pub fn language(asked: Option<&str>, headers: &HeaderMap, site: &SiteEntry) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|accepted| accepted.to_str().ok());
    let SiteSettings { language, only_language, .. } = &site.settings;
    Language::choose(
        asked,
        accepted.filter(|_| !only_language),
        Language::choose(Some(language), None, Language::English),
    )
}

/// Weak, because compression happens on the way out.
fn etag(script: &str) -> HeaderValue {
    let mut text = String::from("W/\"");
    for byte in &Sha256::digest(script.as_bytes())[..12] {
        use std::fmt::Write;
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text.push('"');
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("W/\"0\""))
}

//! Signing in and out, and the page for the first admin: plain forms that need no JavaScript.
//!
//! Requests from other origins have been refused before they come here (`security`), or a foreign page could sign a
//! browser in to an account of its own.

use axum::{
    Extension, Form,
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::{FieldProblem, Role};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use services::{NewPerson, SHORTEST_PASSWORD};
use wire::{Conflict, Error};

use crate::{
    listener::{ClientAddr, Https},
    security::Nonce,
    state::{AppState, dashboard_assets},
};

const COOKIE: &str = "deskbell_sign_in";

/// As long as browsers keep any. How long a sign-in lasts is the server's decision, and use prolongs it there.
const COOKIE_SECONDS: u32 = 400 * 24 * 3600;

/// Where one goes who did not say where to.
const HOME: &str = "/inbox";

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct SignIn {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct Setup {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

/// The token in the sign-in cookie.
pub fn token_of(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, token)| token.to_owned()).filter(|token| !token.is_empty())
}

/// Also for somebody who is signed in: two people may share a machine.
pub async fn form(Query(wanted): Query<Wanted>, Extension(nonce): Extension<Nonce>) -> Response {
    show(StatusCode::OK, &nonce, String::new(), None, &wanted.next)
}

pub async fn submit(
    State(state): State<AppState>,
    Extension(nonce): Extension<Nonce>,
    Extension(ClientAddr(address)): Extension<ClientAddr>,
    Extension(https): Extension<Https>,
    Form(given): Form<SignIn>,
) -> Response {
    match state.services.sign_in(&given.email, &given.password, address).await {
        Ok(token) => signed_in(&state, https, &token, own_path(&given.next)),
        Err(error) => {
            tracing::info!(%address, why = error.code(), "refused to sign somebody in");
            let said = match &error {
                Error::Unauthenticated => "E-mail or password is not right.".to_owned(),
                Error::RateLimited { retry_after } => format!("Too many tries. Try again in {retry_after} seconds."),
                _ => "Signing in is not possible just now. Try again in a moment.".to_owned(),
            };
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = show(status, &nonce, given.email, Some(said), &given.next);
            if let Error::RateLimited { retry_after } = error {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
            }
            response
        }
    }
}

pub async fn sign_out(
    State(state): State<AppState>,
    Extension(https): Extension<Https>,
    Extension(nonce): Extension<Nonce>,
    headers: HeaderMap,
) -> Response {
    if let Some(token) = token_of(&headers)
        && let Ok(staff) = state.services.staff(&token).await
        && let Err(error) = staff.sign_out().await
    {
        // The cookie must not go while the sign-in behind it still stands, or nobody could end it any more.
        return failed(&error, &nonce);
    }
    with_cookie(Redirect::to("/sign-in").into_response(), &state, https, "", 0)
}

pub async fn setup_form(
    State(state): State<AppState>,
    Path(token): Path<String>,
    Extension(nonce): Extension<Nonce>,
) -> Response {
    match state.services.setup_open(&token).await {
        Ok(true) => {
            let page = app::pages::SetupPage {
                assets: dashboard_assets(),
                nonce: nonce.to_string(),
                token,
                ..app::pages::SetupPage::default()
            };
            setup_page(StatusCode::OK, &page)
        }
        Ok(false) => failed(&Error::NotFound, &nonce),
        Err(error) => failed(&error, &nonce),
    }
}

pub async fn setup_submit(
    State(state): State<AppState>,
    Path(token): Path<String>,
    Extension(nonce): Extension<Nonce>,
    Extension(https): Extension<Https>,
    Form(given): Form<Setup>,
) -> Response {
    let person = NewPerson {
        name: given.name.clone(),
        email: given.email.clone(),
        password: given.password,
        roles: vec![Role::Admin, Role::Agent],
    };
    match state.services.setup(&token, person).await {
        Ok(sign_in) => signed_in(&state, https, &sign_in, HOME),
        Err(Error::Invalid(fields)) => {
            let errors = fields.into_iter().map(|field| (field.field, worded(field.problem))).collect();
            let page = app::pages::SetupPage {
                assets: dashboard_assets(),
                nonce: nonce.to_string(),
                token,
                name: given.name,
                email: given.email,
                errors,
            };
            setup_page(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        // Somebody else was quicker: the link is used up.
        Err(Error::Conflict(Conflict::Exists)) => failed(&Error::NotFound, &nonce),
        Err(error) => failed(&error, &nonce),
    }
}

fn show(status: StatusCode, nonce: &Nonce, email: String, error: Option<String>, next: &str) -> Response {
    let page = app::pages::SignInPage {
        assets: dashboard_assets(),
        nonce: nonce.to_string(),
        email,
        error,
        next: own_path(next).to_owned(),
    };
    (status, Html(app::pages::sign_in(&page))).into_response()
}

/// The address of this page is a secret: no request that it causes may name it, only the origin (without which the form
/// itself would come from nowhere and be refused).
fn setup_page(status: StatusCode, page: &app::pages::SetupPage) -> Response {
    (status, [(header::REFERRER_POLICY, "strict-origin")], Html(app::pages::setup(page))).into_response()
}

fn failed(error: &Error, nonce: &Nonce) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Html(app::pages::error(error.status(), &dashboard_assets(), &nonce.to_string()))).into_response()
}

fn signed_in(state: &AppState, https: Https, token: &str, next: &str) -> Response {
    with_cookie(Redirect::to(next).into_response(), state, https, token, COOKIE_SECONDS)
}

fn with_cookie(mut response: Response, state: &AppState, https: Https, token: &str, seconds: u32) -> Response {
    let cookie = cookie(token, seconds, https.0 || state.origins.public.is_https());
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn cookie(token: &str, seconds: u32, encrypted: bool) -> String {
    // Over plain HTTP a browser would drop a Secure cookie.
    let secure = if encrypted { "; Secure" } else { "" };
    format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}

/// A path of this dashboard; anything that could lead elsewhere is the inbox.
fn own_path(next: &str) -> &str {
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if plain && next.starts_with('/') && !next.starts_with("//") { next } else { HOME }
}

fn worded(problem: FieldProblem) -> String {
    match problem {
        FieldProblem::Missing => "This is needed.".to_owned(),
        FieldProblem::TooLong => "This is too long.".to_owned(),
        FieldProblem::TooShort => format!("At least {SHORTEST_PASSWORD} characters, please."),
        FieldProblem::NotAnEmail => "This address is not complete.".to_owned(),
        _ => "This cannot be used.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_never_leads_elsewhere() {
        assert_eq!(own_path("/inbox/active?x=1"), "/inbox/active?x=1");
        for hostile in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\nb", "javascript:alert(1)"]
        {
            assert_eq!(own_path(hostile), "/inbox", "{hostile}");
        }
    }

    #[test]
    fn the_cookie_is_for_servers_only() {
        let plain = cookie("tok", 60, false);
        assert_eq!(plain, "deskbell_sign_in=tok; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
        assert_eq!(cookie("tok", 60, true), format!("{plain}; Secure"));
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; deskbell_sign_in=tok; c=d"));
        assert_eq!(token_of(&headers).as_deref(), Some("tok"));
        headers.insert(header::COOKIE, HeaderValue::from_static("xdeskbell_sign_in=tok"));
        assert_eq!(token_of(&headers), None);
    }
}

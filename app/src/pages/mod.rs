//! Pages that only the server renders: plain forms, no module of the browser's.

use leptos::prelude::*;

use crate::{
    shell::{Assets, THEME},
    ui::{Glyph, Icon},
};

/// The sign-in form, empty or with what was wrong.
#[derive(Debug, Clone, Default)]
pub struct SignInPage {
    pub assets: Assets,
    /// For the page's own script and style tags.
    pub nonce: String,
    pub email: String,
    pub error: Option<String>,
    /// Where to go afterwards: a path of this dashboard, already checked by the caller.
    pub next: String,
}

/// The form that makes the first admin.
#[derive(Debug, Clone, Default)]
pub struct SetupPage {
    pub assets: Assets,
    pub nonce: String,
    /// Posted to `/setup/{token}`.
    pub token: String,
    pub name: String,
    pub email: String,
    /// Field (`name`, `email`, `password`) and what is wrong with it.
    pub errors: Vec<(String, String)>,
}

pub fn sign_in(page: &SignInPage) -> String {
    let SignInPage { assets, nonce, email, error, next } = page.clone();
    let wrong = error.is_some();
    let form = view! {
        <form class="dk-form" method="post" action="/sign-in">
            <h1>"Sign in"</h1>
            {error.map(|error| view! { <p class="dk-form__error" role="alert" id="wrong">{error}</p> })}
            <input type="hidden" name="next" value=next />
            <label>
                "E-mail"
                <input type="email" name="email" autocomplete="username" required autofocus=!wrong value=email
                    aria-describedby=wrong.then_some("wrong") />
            </label>
            <label>
                "Password"
                <input type="password" name="password" autocomplete="current-password" required autofocus=wrong
                    aria-describedby=wrong.then_some("wrong") />
            </label>
            <button type="submit" class="dk-button dk-button--accent dk-button--large">"Sign in"</button>
        </form>
    };
    document("Sign in", assets, nonce, form)
}

pub fn setup(page: &SetupPage) -> String {
    let SetupPage { assets, nonce, token, name, email, errors } = page.clone();
    let length = format!("At least {} characters.", services::SHORTEST_PASSWORD);
    let wrong = |field: &str| errors.iter().find(|(of, _)| of == field).map(|(_, text)| text.clone());
    let form = view! {
        <form class="dk-form" method="post" action=format!("/setup/{token}")>
            <h1>"Welcome to Deskbell"</h1>
            <p>"This makes the first admin. The link works once."</p>
            {field(("Name", "name", "text", "name"), name, None, wrong("name"))}
            {field(("E-mail", "email", "email", "username"), email, None, wrong("email"))}
            {field(("Password", "password", "password", "new-password"), String::new(), Some(length), wrong("password"))}
            <button type="submit" class="dk-button dk-button--accent dk-button--large">"Create the account"</button>
        </form>
    };
    document("Welcome", assets, nonce, form)
}

/// What a status means for a person, and the way out.
pub fn error(status: u16, assets: &Assets, nonce: &str) -> String {
    let (title, text) = match status {
        401 => ("You are signed out", "Sign in, and this page opens."),
        403 => ("Not for your role", "You are signed in, but not with the right for this page."),
        404 | 410 => ("There is no such page", "The address may be mistyped, or what was here is gone."),
        429 => ("Too many tries", "Wait a minute, then try again."),
        503 => ("Deskbell cannot answer just now", "It is starting, stopping, or its disk is full. Try again soon."),
        _ => ("Something went wrong", "It has been logged. Try again; if it stays, tell your admin."),
    };
    let body = view! {
        <div class="dk-form">
            <h1>{title}</h1>
            <p>{text}</p>
            <a class="dk-button dk-button--accent dk-button--large" href="/inbox">"Go to the inbox"</a>
        </div>
    };
    document(title, assets.clone(), nonce.to_owned(), body)
}

/// What the service worker shows while the server cannot be reached.
pub fn offline(assets: &Assets, nonce: &str) -> String {
    let body = view! {
        <div class="dk-form">
            <h1>"Deskbell cannot be reached"</h1>
            <p>"This device has no connection, or the server is starting. What you wrote is kept in this browser."</p>
            <a class="dk-button dk-button--accent dk-button--large" href="/inbox">"Try again"</a>
        </div>
    };
    document("Offline", assets.clone(), nonce.to_owned(), body)
}

/// What is asked for stands below until it is wrong; then what is wrong with it stands there.
fn field(
    (label, name, kind, autocomplete): (&'static str, &'static str, &'static str, &'static str),
    value: String,
    hint: Option<String>,
    wrong: Option<String>,
) -> impl IntoView {
    let id = format!("{name}-wrong");
    let hint = hint.filter(|_| wrong.is_none());
    let hint_id = format!("{name}-hint");
    let described = if wrong.is_some() { Some(id.clone()) } else { hint.is_some().then(|| hint_id.clone()) };
    view! {
        <label>
            {label}
            <input type=kind name=name autocomplete=autocomplete required value=value
                aria-invalid=wrong.is_some().then_some("true") aria-describedby=described />
        </label>
        {hint.map(|hint| view! { <p class="dk-form__hint" id=hint_id>{hint}</p> })}
        {wrong.map(|wrong| view! { <p class="dk-form__wrong" role="alert" id=id>{wrong}</p> })}
    }
}

fn document(title: &'static str, assets: Assets, nonce: String, body: impl IntoView) -> String {
    let page = view! {
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title inner_html=format!("{title} · Deskbell")></title>
                <script nonce=nonce>{THEME}</script>
                <link rel="stylesheet" href=assets.css />
                <link rel="icon" type="image/svg+xml" href=assets.icon />
            </head>
            <body class="dk-plain">
                <main class="dk-plain__main">
                    <p class="dk-plain__mark"><span class="dk-rail__mark"><Icon glyph=Glyph::Bell /></span> "Deskbell"</p>
                    {body}
                </main>
            </body>
        </html>
    };
    format!("<!DOCTYPE html>{}", page.to_html())
}

#[cfg(test)]
mod tests;

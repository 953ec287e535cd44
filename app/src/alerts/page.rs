use domain::{AlertKind, AlertWay};
use leptos::{prelude::*, task::spawn_local};
use serde::Deserialize;
use wire::agent::{AlertTest, Alerts};

use super::{Tell, api, tell};
use crate::{browser, live::Live};

/// Whether one way can work in this browser now, in the script's words.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
struct State {
    ok: bool,
    words: String,
    /// What its button does about it.
    fix: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Health {
    desktop: State,
    sound: State,
    badge: State,
    push: State,
    /// What was asked for and refused.
    failed: String,
}

/// Settings: what one wants to be told of, how, and whether that works here.
#[component]
pub fn AlertsPage() -> impl IntoView {
    view! {
        <h2 class="dk-settings__title">"Alerts"</h2>
        <p class="dk-settings__lead">
            "What you are told of, and how. Push and e-mail come only while no tab of yours is on a screen."
        </p>
        <Choices />
        <HealthCheck />
    }
}

#[component]
fn Choices() -> impl IntoView {
    let live = expect_context::<Live>();
    let choose = move |kind: AlertKind, way: AlertWay, on: bool| {
        let before = live.me.with_untracked(|me| me.alerts);
        let mut prefs = before;
        prefs.of_mut(kind).set(way, on);
        live.me.update(|me| me.alerts = prefs);
        spawn_local(async move {
            if let Err(error) = api::set_alerts(prefs).await {
                live.me.update(|me| me.alerts = before);
                live.refused(&error);
            }
        });
    };
    let cell = move |kind: AlertKind, way: AlertWay| {
        view! {
            <td>
                <label class="dk-alerts__choice">
                    <input
                        type="checkbox"
                        aria-label=format!("{}: {}", kind_words(kind).0, way_word(way))
                        prop:checked=move || live.me.with(|me| me.alerts.of(kind).get(way))
                        checked=live.me.with_untracked(|me| me.alerts.of(kind).get(way))
                        on:change=move |event| choose(kind, way, event_target_checked(&event))
                    />
                </label>
            </td>
        }
    };
    let row = move |kind: AlertKind| {
        let (word, hint) = kind_words(kind);
        view! {
            <tr>
                <th scope="row">{word} " " <small>{hint}</small></th>
                {AlertWay::ALL.map(|way| cell(kind, way)).into_iter().collect_view()}
            </tr>
        }
    };
    view! {
        <section class="dk-panel-card" aria-label="What you are told of">
            <table class="dk-alerts">
                <thead>
                    <tr>
                        <td></td>
                        {AlertWay::ALL.map(|way| view! { <th scope="col">{way_word(way)}</th> }).into_iter().collect_view()}
                    </tr>
                </thead>
                <tbody>{AlertKind::ALL.map(row).into_iter().collect_view()}</tbody>
            </table>
        </section>
    }
}

#[component]
fn HealthCheck() -> impl IntoView {
    let health = RwSignal::new(None::<Health>);
    let server = RwSignal::new(None::<Alerts>);
    Effect::new(move |_| {
        let listening =
            browser::on_said("deskbell-health", move |json| health.set(serde_json::from_slice(json.as_bytes()).ok()));
        on_cleanup(move || listening.remove());
        tell(&Tell::Do("health"));
        spawn_local(async move {
            if let Ok(alerts) = api::alerts().await {
                server.try_set(Some(alerts));
            }
        });
    });
    let state = move |way: AlertWay| match way {
        AlertWay::Email => server.with(|server| server.as_ref().map(|server| email_state(server.email))),
        _ => health.with(|health| health.as_ref().map(|health| health.of(way).clone())),
    };
    let failed = move || health.with(|health| health.as_ref().is_some_and(|health| !health.failed.is_empty()));
    view! {
        <section class="dk-panel-card" aria-labelledby="alerts-health">
            <h3 id="alerts-health">"Does it work here?"</h3>
            <p class="dk-settings__hint">"For this browser, at this moment."</p>
            <ul class="dk-health">
                {AlertWay::ALL
                    .map(|way| view! { <Line way=way state=Signal::derive(move || state(way)) /> })
                    .into_iter()
                    .collect_view()}
            </ul>
            <p class="dk-health__failed" role="status">
                {move || failed().then_some("That did not work: the browser refused it, or its push service is out of reach.")}
            </p>
        </section>
    }
}

#[component]
fn Line(way: AlertWay, state: Signal<Option<State>>) -> impl IntoView {
    let live = expect_context::<Live>();
    let ok = Memo::new(move |_| state.with(|state| state.as_ref().is_some_and(|state| state.ok)));
    let fix = Memo::new(move |_| state.with(|state| state.as_ref().and_then(|state| state.fix.clone())));
    let test = move |_| match way {
        AlertWay::Push | AlertWay::Email => spawn_local(async move {
            match api::test_alert(way).await {
                Ok(AlertTest::Sent) => live.notify("Sent.".to_owned()),
                Ok(AlertTest::NotSetUp) => live.notify("Nothing was sent: it is not set up.".to_owned()),
                Ok(AlertTest::Failed) => live.notify("It was refused; the server's log says why.".to_owned()),
                Err(error) => live.refused(&error),
            }
        }),
        _ => tell(&Tell::Do(test_name(way))),
    };
    view! {
        <li class="dk-health__line" class:dk-health__line--ok=ok>
            <i class="dk-health__mark" aria-hidden="true"></i>
            <div class="dk-health__words">
                <b>{way_word(way)}</b>
                <span>
                    {move || state.with(|state| state.as_ref().map_or("Looking…".to_owned(), |state| state.words.clone()))}
                </span>
            </div>
            <Show when=move || fix.with(Option::is_some)>
                <button
                    type="button"
                    class="dk-button"
                    aria-label=move || format!("{}: {}", way_word(way), fix.get().unwrap_or_default())
                    on:click=move |_| tell(&Tell::Do(fix_name(way)))
                >
                    {move || fix.get().unwrap_or_default()}
                </button>
            </Show>
            <button
                type="button"
                class="dk-button"
                aria-label=format!("{}: Test", way_word(way))
                disabled=move || !ok.get()
                on:click=test
            >
                "Test"
            </button>
        </li>
    }
}

impl Health {
    const fn of(&self, way: AlertWay) -> &State {
        match way {
            AlertWay::Desktop => &self.desktop,
            AlertWay::Sound => &self.sound,
            AlertWay::Badge | AlertWay::Email => &self.badge,
            AlertWay::Push => &self.push,
        }
    }
}

fn email_state(set_up: bool) -> State {
    let words = if set_up { "To your own address." } else { "No mail server is set up. An admin does that." };
    State { ok: set_up, words: words.to_owned(), fix: None }
}

/// The script's names for trying it out. The server tests the other two.
const fn test_name(way: AlertWay) -> &'static str {
    match way {
        AlertWay::Desktop => "test-desktop",
        AlertWay::Sound => "test-sound",
        AlertWay::Badge | AlertWay::Push | AlertWay::Email => "test-badge",
    }
}

/// And for doing something about it.
const fn fix_name(way: AlertWay) -> &'static str {
    match way {
        AlertWay::Desktop => "fix-desktop",
        AlertWay::Sound => "fix-sound",
        AlertWay::Badge | AlertWay::Push | AlertWay::Email => "fix-push",
    }
}

const fn kind_words(kind: AlertKind) -> (&'static str, &'static str) {
    match kind {
        AlertKind::Offered => ("Offered chat", "rings you, or waits to be taken"),
        AlertKind::Message => ("New message", "in a chat of yours"),
        AlertKind::Missed => ("Missed chat", "nobody took it in time"),
    }
}

const fn way_word(way: AlertWay) -> &'static str {
    match way {
        AlertWay::Desktop => "Desktop",
        AlertWay::Sound => "Sound",
        AlertWay::Badge => "Badge",
        AlertWay::Push => "Push",
        AlertWay::Email => "E-mail",
    }
}

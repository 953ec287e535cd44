use std::time::Duration;

use domain::Hours;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use wire::{Error, queues::Queue};

use super::{
    super::{
        fields::{Labelled, Wrong},
        parts::{Foot, refused},
    },
    Page, PartsPage, api,
    openings::Openings,
    plan::{At, Plan},
    words::{DAYS, hours_now},
};
use crate::{
    browser,
    live::Live,
    ui::{Glyph, Icon},
};

/// How long one may go on typing before the server is asked what it would mean.
const STILL: Duration = Duration::from_millis(300);

/// When queues are open.
#[component]
pub fn HoursPage() -> impl IntoView {
    view! {
        <PartsPage
            title="Working hours"
            lead="Outside its hours a queue rings nobody, and who comes then is told so. Who came before is still served."
            line=line
            focus="hours-limited"
            form=|page, queue| view! { <HoursForm page=page queue=queue /> }.into_any()
        />
    }
}

fn line(queue: &Queue) -> String {
    match (&queue.hours, &queue.settings.hours) {
        (Some(now), Some(hours)) => hours_now(now, &hours.zone),
        _ => "Always open.".to_owned(),
    }
}

#[component]
fn HoursForm(page: Page, queue: Queue) -> impl IntoView {
    let live = expect_context::<Live>();
    let id = queue.id;
    let plan = RwSignal::new(Plan::of(queue.settings.hours.as_ref(), &browser::zone()));
    let (wrong, busy) = (RwSignal::new(Wrong::default()), RwSignal::new(false));
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let hours = match plan.with_untracked(Plan::hours) {
            Ok(hours) => hours,
            Err(found) => return refused(wrong, &Error::Invalid(found)),
        };
        busy.set(true);
        spawn_local(async move {
            match api::save_hours(id, hours).await {
                Ok(queue) => page.put(live, queue),
                Err(error) => refused(wrong, &error),
            }
            busy.try_set(false);
        });
    };
    let limited = Memo::new(move |_| plan.with(|plan| plan.limited));
    view! {
        <form
            class="dk-panel-card dk-fields"
            aria-label=format!("Hours of {}", queue.name)
            novalidate=true
            on:submit=save
            on:input=move |_| page.unsaved.note()
            on:change=move |_| page.unsaved.note()
        >
            <h3 dir="auto">{queue.name.clone()}</h3>
            <label class="dk-check">
                <input
                    type="checkbox"
                    id="hours-limited"
                    prop:checked=move || limited.get()
                    on:change:target=move |event| plan.update(|plan| plan.limited = event.target().checked())
                />
                "Open at set hours; else always"
            </label>
            <Show when=move || limited.get()>
                <Zone plan=plan wrong=wrong />
                <Week page=page plan=plan wrong=wrong />
                <Exceptions page=page plan=plan wrong=wrong />
                <Preview plan=plan />
            </Show>
            <Foot wrong=wrong busy=busy cancel=move || page.close() />
        </form>
    }
}

/// A field that finds time zones by any part of their name.
#[component]
fn Zone(plan: RwSignal<Plan>, wrong: RwSignal<Wrong>) -> impl IntoView {
    let names = RwSignal::new(Vec::<String>::new());
    Effect::new(move || {
        spawn_local(async move {
            // Without the list the name can still be typed.
            if let Ok(zones) = api::zones().await {
                names.try_set(zones);
            }
        });
    });
    let line = move || match wrong.with(|wrong| wrong.problem("zone")) {
        Some(domain::FieldProblem::Unknown) => "There is no such time zone. Choose one from the list.".to_owned(),
        _ => wrong.with(|wrong| wrong.line("zone", "")),
    };
    view! {
        <Labelled
            id="zone"
            label="Time zone"
            hint="Type a city, such as Berlin or New_York, and choose."
            wrong=Signal::derive(line)
        >
            <input
                id="zone"
                type="text"
                list="zones"
                autocomplete="off"
                spellcheck="false"
                aria-describedby="zone-hint zone-wrong"
                aria-invalid=move || wrong.with(|wrong| wrong.problem("zone").is_some()).then_some("true")
                prop:value=move || plan.with(|plan| plan.zone.clone())
                on:input:target=move |event| plan.update(|plan| plan.zone = event.target().value())
            />
            <datalist id="zones">
                <For each=move || names.get() key=Clone::clone let:name>
                    <option value=name></option>
                </For>
            </datalist>
        </Labelled>
    }
}

#[component]
fn Week(page: Page, plan: RwSignal<Plan>, wrong: RwSignal<Wrong>) -> impl IntoView {
    let day = move |(n, name): (usize, &'static str)| {
        view! {
            <div class="dk-weekday">
                <span class="dk-weekday__name">{name}</span>
                <div>
                    <Openings
                        at=At::Week(n)
                        day=Signal::stored(name.to_owned())
                        plan=plan
                        wrong=wrong
                        unsaved=page.unsaved
                    />
                </div>
            </div>
        }
    };
    view! {
        <fieldset class="dk-group">
            <legend>"Every week"</legend>
            {DAYS.into_iter().enumerate().map(day).collect_view()}
            <p class="dk-field__hint">"A night goes on at 00:00 of the next day. 00:00 as an end is midnight."</p>
        </fieldset>
    }
}

#[component]
fn Exceptions(page: Page, plan: RwSignal<Plan>, wrong: RwSignal<Wrong>) -> impl IntoView {
    let keys = Memo::new(move |_| plan.with(|plan| plan.exceptions.iter().map(|day| day.key).collect::<Vec<_>>()));
    let text = move |key: u32, of: fn(&super::plan::Day) -> String| {
        plan.with(|plan| plan.exceptions.iter().find(|day| day.key == key).map(of).unwrap_or_default())
    };
    let row = move |key: u32| {
        let name = Signal::derive(move || {
            text(key, |day| {
                let named = [&day.name, &day.date].into_iter().find(|text| !text.trim().is_empty());
                named.map_or_else(|| "the new day".to_owned(), Clone::clone)
            })
        });
        let change = move |change: &dyn Fn(&mut super::plan::Day)| {
            plan.update(|plan| {
                if let Some(day) = plan.exception(key) {
                    change(day);
                }
            });
        };
        let invalid =
            move || wrong.with(|wrong| plan.with(|plan| wrong.problem(&plan.field(At::Exception(key))).is_some()));
        let remove = move |_| {
            page.unsaved.note();
            plan.update(|plan| plan.exceptions.retain(|day| day.key != key));
        };
        view! {
            <li class="dk-exception">
                <div class="dk-exception__head">
                    <input
                        type="date"
                        aria-label="Date"
                        aria-invalid=move || invalid().then_some("true")
                        prop:value=move || text(key, |day| day.date.clone())
                        on:input:target=move |event| change(&|day| day.date = event.target().value())
                    />
                    <input
                        type="text"
                        aria-label="What the day is"
                        placeholder="Holiday"
                        maxlength="100"
                        dir="auto"
                        prop:value=move || text(key, |day| day.name.clone())
                        on:input:target=move |event| change(&|day| day.name = event.target().value())
                    />
                    <button
                        type="button"
                        class="dk-icon-button"
                        aria-label=move || format!("Remove {}", name.get())
                        on:click=remove
                    >
                        <Icon glyph=Glyph::Close small=true />
                    </button>
                </div>
                <Openings at=At::Exception(key) day=name plan=plan wrong=wrong unsaved=page.unsaved />
            </li>
        }
    };
    let add = move |_| {
        page.unsaved.note();
        plan.update(Plan::add_exception);
    };
    view! {
        <fieldset class="dk-group">
            <legend>"Days that differ"</legend>
            <p class="dk-field__hint">"Holidays, and days with other hours. On them the weekly plan does not count."</p>
            <ul>
                <For each=move || keys.get() key=|key| *key children=row />
            </ul>
            <p class="dk-field__wrong" role="alert">{move || wrong.with(|wrong| wrong.line("exceptions", ""))}</p>
            <button type="button" class="dk-button" on:click=add>
                <Icon glyph=Glyph::Plus small=true /> "Add a day"
            </button>
        </fieldset>
    }
}

/// What the plan means at this moment, told by the server, because browsers do not know every time zone.
#[component]
fn Preview(plan: RwSignal<Plan>) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let turn = StoredValue::new(0_u32);
    let ask = move |hours: Hours, mine: u32| {
        spawn_local(async move {
            let zone = hours.zone.clone();
            let answer = match api::preview_hours(hours).await {
                Ok(now) => hours_now(&now, &zone),
                // What is wrong is said at its field when it is saved.
                Err(_) => String::new(),
            };
            if turn.try_get_value() == Some(mine) {
                said.try_set(answer);
            }
        });
    };
    Effect::new(move || {
        let hours = plan.with(Plan::hours);
        let mine = turn.get_value() + 1;
        turn.set_value(mine);
        match hours {
            Ok(Some(hours)) => set_timeout(
                move || {
                    if turn.try_get_value() == Some(mine) {
                        ask(hours, mine);
                    }
                },
                STILL,
            ),
            _ => said.set(String::new()),
        }
    });
    view! {
        <p class="dk-preview" role="status">{move || said.get()}</p>
    }
}

use leptos::prelude::*;
use wire::agent::Row;

use crate::{
    live::Live,
    ui::time::{duration, seconds_between},
};

/// Under one's own chat that is over for the visitor: what is left of the wrap-up, and what it keeps away.
#[component]
pub fn WrapUpNote(row: Memo<Option<Row>>, text: &'static str) -> impl IntoView {
    let clock = expect_context::<Live>().clock;
    let deadline = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|row| row.deadline)));
    view! {
        <div class="dk-foot dk-foot--wrap-up">
            <p>
                <span>{text}</span>
                " "
                <span>"No new chat rings you until the wrap-up is closed."</span>
            </p>
            {move || deadline.get().map(|end| view! {
                <span class="dk-wrap-up" role="timer" aria-label="Wrap-up ends in">
                    {move || duration(seconds_between(clock.now(), end))}
                </span>
            })}
        </div>
    }
}

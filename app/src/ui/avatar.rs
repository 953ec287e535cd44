use domain::{Availability, Status};
use leptos::prelude::*;

/// Initials on the person's colour, with a dot for the status of a chat or the availability of a colleague. For the
/// eye only: the name and the word stand beside it.
#[component]
pub fn Avatar(
    #[prop(into)] initials: Signal<String>,
    #[prop(into)] hue: Signal<u16>,
    /// Class suffix of the dot; empty for none.
    #[prop(into, default = Signal::stored(""))]
    dot: Signal<&'static str>,
    #[prop(optional)] size: &'static str,
) -> impl IntoView {
    let class = move || match size {
        "" => format!("dk-avatar dk-hue-{}", hue_step(hue.get())),
        size => format!("dk-avatar dk-avatar--{size} dk-hue-{}", hue_step(hue.get())),
    };
    view! {
        <span class=class aria-hidden="true">
            {move || initials.get()}
            <i class=move || match dot.get() {
                "" => "dk-avatar__dot".to_owned(),
                dot => format!("dk-avatar__dot dk-dot--{dot}"),
            }></i>
        </span>
    }
}

/// The policy of the page allows no style attributes: the sheet has a class for each of 24 hues.
const fn hue_step(hue: u16) -> u16 {
    hue % 360 / 15
}

pub const fn status_dot(status: Status) -> &'static str {
    match status {
        Status::WaitingForAgent => "waiting",
        Status::AssignedToAgent => "assigned",
        Status::ActiveChat => "active",
        Status::WrapUp => "wrapup",
        Status::Resolved => "resolved",
    }
}

pub const fn availability_dot(availability: Availability) -> &'static str {
    match availability {
        Availability::Online => "active",
        Availability::Away => "waiting",
        Availability::Offline => "resolved",
    }
}

//! Every sentence a visitor may read. A language is a value of [`Texts`]: one that lacks a text does not compile.

mod de;
mod en;

pub use de::DE;
pub use en::EN;

use crate::Say;

/// The words of one language. Braces hold what is filled in.
pub struct Texts {
    // The launcher on the host page.
    pub open_chat: &'static str,
    pub close_chat: &'static str,
    pub chat: &'static str,
    /// Beside "Open chat": by number, because plurals differ from language to language.
    pub unread: fn(u32) -> String,

    // The panel's head.
    pub reply_in: fn(u32) -> String,
    pub reply_soon: &'static str,
    pub more_options: &'static str,
    pub larger_text: &'static str,
    pub leave_item: &'static str,

    // The form.
    pub how_can_we_help: &'static str,
    pub form_lead: &'static str,
    pub name: &'static str,
    pub email: &'static str,
    pub phone: &'static str,
    pub question: &'static str,
    /// In a list from which nothing is chosen yet.
    pub choose: &'static str,
    pub optional: &'static str,
    pub start_chat: &'static str,
    pub back_to_chat: &'static str,
    pub kept_for: fn(u32) -> String,
    pub privacy: &'static str,

    // The conversation.
    pub conversation: &'static str,
    pub new_messages: &'static str,
    pub message: &'static str,
    pub write_a_message: &'static str,
    pub send_message: &'static str,
    pub retry: &'static str,
    pub delete: &'static str,

    // Leaving.
    pub leave_question: &'static str,
    pub leave_lead: &'static str,
    pub leave_chat: &'static str,
    pub stay: &'static str,

    // After the end.
    pub how_was_it: &'static str,
    pub stars: [&'static str; 5],
    pub anything_to_add: &'static str,
    pub without_my_name: &'static str,
    pub send_rating: &'static str,
    pub thank_you: &'static str,
    pub change_rating: &'static str,
    pub text_kept: &'static str,
    pub resume_chat: &'static str,
    pub new_chat: &'static str,

    // When something is missing.
    pub no_script: &'static str,
    pub not_loaded: &'static str,

    // What the client fills in.
    pub today: &'static str,
    pub yesterday: &'static str,
    pub you: &'static str,
    pub sending: &'static str,
    pub waiting_to_send: &'static str,
    pub sent: &'static str,
    pub delivered: &'static str,
    pub read: &'static str,
    pub not_sent: &'static str,
    pub not_sent_ended: &'static str,
    pub slow_down: &'static str,
    pub too_long: &'static str,
    pub joined: &'static str,
    pub attachments_on: &'static str,
    pub attachments_off: &'static str,
    pub assigned: &'static str,
    pub requeued: &'static str,
    pub agent_left: &'static str,
    pub agent_away: &'static str,
    pub agent_back: &'static str,
    pub ended_by: &'static str,
    pub left: &'static str,
    pub missed: &'static str,
    pub abandoned: &'static str,
    pub blocked: &'static str,
    pub resumed: &'static str,
    pub rated: &'static str,
    pub place_next: &'static str,
    pub place_n: &'static str,
    pub wait_short: &'static str,
    pub wait_n: &'static str,
    pub typing: &'static str,
    pub offline: &'static str,
    pub trying_in: &'static str,
    pub trying: &'static str,
    pub reload: &'static str,
    pub missing: &'static str,
    pub field_too_long: &'static str,
    pub not_an_email: &'static str,
    pub not_a_phone: &'static str,
    pub needed: &'static str,
    pub agree: &'static str,
    pub start_offline: &'static str,
    pub start_failed: &'static str,
    pub starting: &'static str,
    pub unkept: &'static str,
    pub rating_closed: &'static str,
    pub rating_fixed: &'static str,
    pub pick_stars: &'static str,
}

impl Texts {
    /// What the client is sent under this name.
    pub const fn say(&self, what: Say) -> &'static str {
        match what {
            Say::Today => self.today,
            Say::Yesterday => self.yesterday,
            Say::You => self.you,
            Say::Sending => self.sending,
            Say::WaitingToSend => self.waiting_to_send,
            Say::Sent => self.sent,
            Say::Delivered => self.delivered,
            Say::Read => self.read,
            Say::NotSent => self.not_sent,
            Say::NotSentEnded => self.not_sent_ended,
            Say::SlowDown => self.slow_down,
            Say::TooLong => self.too_long,
            Say::Joined => self.joined,
            Say::AttachmentsOn => self.attachments_on,
            Say::AttachmentsOff => self.attachments_off,
            Say::Assigned => self.assigned,
            Say::Requeued => self.requeued,
            Say::AgentLeft => self.agent_left,
            Say::AgentAway => self.agent_away,
            Say::AgentBack => self.agent_back,
            Say::EndedBy => self.ended_by,
            Say::Left => self.left,
            Say::Missed => self.missed,
            Say::Abandoned => self.abandoned,
            Say::Blocked => self.blocked,
            Say::Resumed => self.resumed,
            Say::Rated => self.rated,
            Say::PlaceNext => self.place_next,
            Say::PlaceN => self.place_n,
            Say::WaitShort => self.wait_short,
            Say::WaitN => self.wait_n,
            Say::Typing => self.typing,
            Say::Offline => self.offline,
            Say::TryingIn => self.trying_in,
            Say::Trying => self.trying,
            Say::Reload => self.reload,
            Say::Missing => self.missing,
            Say::FieldTooLong => self.field_too_long,
            Say::NotAnEmail => self.not_an_email,
            Say::NotAPhone => self.not_a_phone,
            Say::Needed => self.needed,
            Say::Agree => self.agree,
            Say::StartOffline => self.start_offline,
            Say::StartFailed => self.start_failed,
            Say::Starting => self.starting,
            Say::Resume => self.resume_chat,
            Say::Retry => self.retry,
            Say::Unkept => self.unkept,
            Say::RatingClosed => self.rating_closed,
            Say::RatingFixed => self.rating_fixed,
            Say::PickStars => self.pick_stars,
        }
    }
}

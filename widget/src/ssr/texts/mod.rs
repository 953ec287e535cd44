//! Every sentence a visitor may read. A language is a value of [`Texts`]: one that lacks a text does not compile.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod he;
mod it;
mod ja;
mod ko;
mod nl;
mod pl;
mod pt;
mod tr;
mod uk;
mod zh;
mod zh_hant;

pub use ar::AR;
pub use de::DE;
pub use en::EN;
pub use es::ES;
pub use fr::FR;
pub use he::HE;
pub use it::IT;
pub use ja::JA;
pub use ko::KO;
pub use nl::NL;
pub use pl::PL;
pub use pt::PT;
pub use tr::TR;
pub use uk::UK;
pub use zh::ZH;
pub use zh_hant::ZH_HANT;

use super::plural::{Plural, plural};
use crate::Say;

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident $(: $kind:ty)?,)*) => {
        /// The words of one language. Braces hold what the client fills in.
        #[derive(Debug)]
        pub struct Texts {
            $($(#[$doc])* pub $name: kind!($($kind)?),)*
        }

        #[cfg(test)]
        impl Texts {
            /// Everything in it, by name.
            pub fn each(&self) -> Vec<(&'static str, &dyn tests::Words)> {
                vec![$((stringify!($name), &self.$name),)*]
            }
        }
    };
}

macro_rules! kind {
    () => { &'static str };
    ($kind:ty) => { $kind };
}

texts! {
    // The launcher on the host page.
    open_chat,
    close_chat,
    chat,
    /// An invite.
    close,
    /// Nothing came into the frame.
    not_through,
    /// The button's name while messages wait behind it: what it does, then how many.
    unread: Plural,

    // The panel's head.
    reply_within_minute,
    /// From two minutes on.
    reply_in: Plural,
    reply_soon,
    more_options,
    larger_text,
    sounds,
    earlier_chats,
    pop_out,
    window_blocked,
    download,
    leave_item,

    // With nobody there.
    leave_message,
    away_lead,
    away,
    /// `{when}`: a weekday and a time.
    back_at,
    by_email,

    // Letters.
    letter_transcript_subject,
    letter_transcript_lead,
    letter_answer_subject,
    /// A link follows.
    letter_answer_again,
    letter_answer_why,
    letter_transcript_why,
    /// A code follows.
    letter_code_subject,
    letter_code_copy,
    letter_code_erase,
    letter_code_why,

    // Letters and data, in the menu.
    mail_item,
    mail_sent,
    mail_nothing,
    mail_failed,
    send,
    cancel,
    data_item,
    data_lead,
    data_copy,
    data_erase,
    data_erase_lead,
    code_label,
    code_wrong,
    code_go,
    data_erased,
    /// Of a letter.
    link_old,

    // The form.
    how_can_we_help,
    form_lead,
    /// In place of the form, where the site serves only those whom its page has identified.
    strangers,
    name,
    email,
    phone,
    question,
    /// In a list from which nothing is chosen yet.
    choose,
    optional,
    start_chat,
    back_to_chat,
    /// In months.
    kept_for: Plural,
    privacy,

    // The conversation.
    conversation,
    new_messages,
    message,
    write_a_message,
    send_message,
    retry,
    delete,

    // Leaving.
    leave_question,
    leave_lead,
    leave_chat,
    stay,

    // After the end.
    how_was_it,
    stars: [&'static str; 5],
    anything_to_add,
    without_my_name,
    send_rating,
    thank_you,
    change_rating,
    text_kept,
    resume_chat,
    new_chat,

    // Sending pictures.
    attach,
    files_to_send,
    send_files,
    put_files_back,
    file_empty,
    file_too_large,
    file_type,
    file_script,
    file_hides,
    file_damaged,
    file_infected,
    files_off,
    files_ended,
    files_many,
    file_checking,
    file_sent,
    file_chosen,
    file_progress,
    file_remove,
    file_stop,
    files_drop,

    // The picker of emoji: the button, then the groups.
    emoji,
    emoji_recent,
    emoji_smileys,
    emoji_people,
    emoji_hearts,
    emoji_nature,
    emoji_food,
    emoji_things,

    // Reading earlier chats.
    earlier_back,
    older_chats,
    older_messages,
    loading,

    // When something is missing.
    no_script,
    /// A browser that is too old, or too strict.
    no_wasm,
    not_loaded,
    /// One of the scripts that are fetched when they are used did not come.
    more_lost,

    // What the client fills in.
    today,
    yesterday,
    you,
    sending,
    waiting_to_send,
    sent,
    delivered,
    read,
    not_sent,
    not_sent_ended,
    slow_down,
    too_long,
    joined,
    attachments_on,
    attachments_off,
    assigned,
    requeued,
    agent_left,
    agent_away,
    agent_back,
    ended_by,
    left,
    missed,
    abandoned,
    blocked,
    resumed,
    rated,
    place_next,
    place_n,
    wait_short,
    wait_n,
    typing,
    offline,
    trying_in,
    trying,
    reload,
    missing,
    field_too_long,
    not_an_email,
    not_a_phone,
    needed,
    agree,
    start_offline,
    start_failed,
    download_failed,
    starting,
    unkept,
    rating_closed,
    rating_fixed,
    pick_stars,
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
            Say::ByEmail => self.by_email,
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

#[cfg(test)]
mod tests;

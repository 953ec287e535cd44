//! What a chat *is*: ids, statuses, the session state machine, who may see which event, and the rules for text.
//!
//! Never here: I/O, clocks, randomness, async. Time is a parameter, ids come from the caller, and everything
//! compiles to wasm so that server, dashboard and widget judge by the same rules.
//!
//! To add a move: a variant of [`Move`], its arm in [`Session::apply`], the events it leaves behind
//! ([`EventKind`]) and their line in [`visible`]; the model test in `session/tests.rs` then has to learn it.

mod alerts;
mod attributes;
mod channel;
mod classification;
mod clean_up;
pub mod currency;
mod event;
mod file;
mod form;
mod guard;
mod hours;
mod identity;
mod ids;
mod problem;
mod queue;
mod rating;
mod role;
mod routing;
mod session;
mod site;
mod status;
mod template;
mod text;
mod time;
mod visible;

pub use alerts::{AlertKind, AlertPrefs, AlertWay, AlertWays};
pub use attributes::{
    ATTRIBUTE_KEY, ATTRIBUTE_TEXT, ATTRIBUTES, AttributeChange, AttributeChanges, AttributeValue, Attributes,
};
pub use channel::{Channel, Handover, LetterKind};
pub use classification::{Classification, MOST_TAGS, NOTES_CHARS, TAG_CHARS, amount, amount_text, holds as holds_tag};
pub use clean_up::{CleanUpRules, NEVER as NEVER_PASTED};
pub use event::{Author, Event, EventKind};
pub use file::{Attachment, FileFault, MAX_FILE_BYTES, Media, file_name, fitting_name};
pub use form::{
    Answer, Answers, FIELD_LABEL, FIELD_OPTIONS, FORM_FIELDS, Field, FieldKind, FieldOption, FieldPart,
    Filled as FilledForm, Form, PageVisit, YES, plausible_email, plausible_phone,
};
#[cfg(feature = "places")]
pub use guard::check_expression;
pub use guard::{
    EXPRESSION, GUARD_NAME, GUARD_REASON, GUARD_RULES, GUARD_WORD, GUARD_WORDS, Guard, GuardPattern, GuardRule, Hit,
    check_pattern, mask_cards,
};
pub use hours::{Exception, Hours, HoursPart, LocalTime, MINUTES_OF_A_DAY, Open};
#[cfg(feature = "hours")]
pub use hours::{is_zone, local_time, rfc3339, utc_offset, zones};
pub use identity::{IDENTITY_AHEAD, IDENTITY_CLOCK, IDENTITY_SECRETS, Identified, Identity, USER_ID};
pub use ids::{
    AgentId, AttachmentId, ClientId, ContactId, GuardId, IdError, MacroId, QueueId, RatingId, SecretId, SessionId,
    SignInId, SiteId, VisitorId,
};
pub use problem::{Fault, FieldError, FieldProblem};
pub use queue::{
    AfterWait, AutoTexts, LONGEST_AUTO_TEXT, LONGEST_QUEUE_NAME, QueueRules, QueueSettings, Returning, Strategy,
    Targets, TimedText, WrapUp, setting_range,
};
pub use rating::{RATING_OPEN, RATING_WORDS, Stars, StarsError};
pub use role::{Availability, Role, Roles};
pub use routing::{
    AfterOffer, Agent, AutoText, BackWhy, Decision, Floor, News, OfferEnd, OfferWhy, Pause, QueueState, Ring, Routing,
};
pub use session::{Acted, Move, Refusal, Session, Start, room};
pub use site::{
    Away, INVITE_PAGE, INVITE_SECONDS, INVITE_TEXT, INVITE_VISITS, INVITES, Invite, LANGUAGES, MOST_MEGABYTES,
    SITE_NAME, SITE_ORIGINS, SiteSettings, Theme, page_origin,
};
pub use status::{Outcome, Status};
pub use template::{Filled, MACRO_TITLE, MACROS, MacroOwner, Variable, blanks, check_template, fill_template};
pub use text::{MAX_BYTES, MAX_CHARS, TextError, clip, message_text, one_line};
pub use time::{Span, Timestamp};
pub use visible::{View, Viewer, visible};

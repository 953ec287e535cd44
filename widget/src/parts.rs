//! Names of things in the frame's document: `id`s, classes where there are many, and attributes of fields.

macro_rules! names {
    ($($name:ident = $text:literal;)*) => {
        $(pub const $name: &str = $text;)*
    };
}

names! {
    DATA = "data";
    NOTICE = "notice";
    LOST = "lost";
    STUCK = "stuck";
    WHO = "who";
    SUB = "sub";
    FACES = "faces";
    MENU_BUTTON = "menu-button";
    CLOSE = "close";
    FORM_VIEW = "form-view";
    STRANGERS = "strangers";
    FORM = "form";
    QUESTION = "question";
    FORM_ERROR = "form-error";
    START = "start";
    BACK = "back";
    CHAT_VIEW = "chat-view";
    BAR = "bar";
    BAR_TEXT = "bar-text";
    BAR_WHEN = "bar-when";
    PLACE = "place";
    LOG = "log";
    TYPING = "typing";
    JUMP = "jump";
    COMPOSER = "composer";
    MESSAGE = "message";
    MESSAGE_ERROR = "message-error";
    EMOJI = "emoji";
    SEND = "send";
    END = "end";
    RATING = "rating";
    STARS = "stars";
    WORDS = "words";
    ANONYMOUS = "anonymous";
    RATING_ERROR = "rating-error";
    THANKS = "thanks";
    THANKED = "thanked";
    CHANGE = "change";
    KEPT = "kept";
    RESUME = "resume";
    ANEW = "anew";
    LEAVE = "leave";
    LEAVE_YES = "leave-yes";
    LEAVE_NO = "leave-no";
    T_MESSAGE = "t-message";
    T_FILE = "t-file";
    T_LINE = "t-line";
    T_FAILED = "t-failed";
    // Of the form's fields: the key of the answer, and what it holds; of the form: that whom it knows it asks only once.
    KEY = "data-key";
    KIND = "data-kind";
    ONCE = "data-once";
    // Of a form for a message that is answered by e-mail; and of when somebody is back, in milliseconds since 1970.
    AWAY = "data-away";
    BACK_AT = "back-at";
    // Of the view with the form: only who is identified may use it.
    ONLY = "data-only";
}

/// The line that says what is wrong with the field of this id.
pub fn error_of(field: &str) -> String {
    let mut id = String::from(field);
    id.push_str("-error");
    id
}

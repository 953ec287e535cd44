//! Texts that the client puts in: the server sends them as a list in this order.

macro_rules! says {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// One text of the list. `{name}`, `{n}` and so on are filled in by the client.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Say {
            $($(#[$doc])* $name,)*
        }

        impl Say {
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

says! {
    Today,
    Yesterday,
    /// The author of one's own messages.
    You,
    Sending,
    /// Written without a connection.
    WaitingToSend,
    Sent,
    Delivered,
    Read,
    NotSent,
    /// Why a message was not sent: the chat is over.
    NotSentEnded,
    /// Too much at once; goes out by itself in `{n}` seconds.
    SlowDown,
    TooLong,
    /// `{name}` joined.
    Joined,
    /// `{name}` has it now.
    Assigned,
    Requeued,
    /// `{name}` no longer writes along.
    AgentLeft,
    /// `{name}`'s line is lost.
    AgentAway,
    /// `{name}` is back.
    AgentBack,
    /// `{name}` lets the visitor send pictures.
    AttachmentsOn,
    AttachmentsOff,
    /// `{name}` ended the chat.
    EndedBy,
    Left,
    Missed,
    Abandoned,
    Blocked,
    Resumed,
    /// `{n}` stars were given.
    Rated,
    PlaceNext,
    /// `{n}` in the queue.
    PlaceN,
    WaitShort,
    /// About `{n}` minutes.
    WaitN,
    /// A message was left.
    ByEmail,
    /// `{name}` is typing.
    Typing,
    Offline,
    /// Next try in `{n}` seconds.
    TryingIn,
    Trying,
    /// The page has to be loaded anew.
    Reload,
    /// The question is.
    Missing,
    FieldTooLong,
    NotAnEmail,
    NotAPhone,
    /// A field that may not stay empty.
    Needed,
    /// A consent that is not given.
    Agree,
    /// The chat could not be started for want of a connection.
    StartOffline,
    StartFailed,
    Starting,
    Resume,
    Retry,
    /// Nothing can be stored in this browser.
    Unkept,
    RatingClosed,
    RatingFixed,
    PickStars,
}

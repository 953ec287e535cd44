//! Why a socket was closed, as the close frame's code (RFC 6455 section 7.4: 4000–4999 are the application's).

/// The close codes of both sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Close {
    /// The server stops or restarts: come back at once, with jitter.
    GoingAway,
    /// A frame was not what the protocol allows. Coming back with the same frame will not help.
    Protocol,
    /// A frame was larger than [`crate::MAX_FRAME`].
    TooBig,
    /// No valid hello within [`crate::HELLO_SECONDS`].
    HelloTimeout,
    /// The token or sign-in is unknown, expired or revoked: do not come back with it.
    Unauthenticated,
    /// The client speaks a version that this server does not.
    Version,
    /// The client read too slowly and its queue was full: come back and resume.
    TooSlow,
    /// Too many frames: come back after a pause.
    RateLimited,
    /// Nothing was heard from the client for too long: come back.
    Idle,
    /// The site serves only visitors whom its page has identified, and this token is not one's: come back with theirs.
    Unidentified,
}

impl Close {
    pub const ALL: [Self; 10] = [
        Self::GoingAway,
        Self::Protocol,
        Self::TooBig,
        Self::HelloTimeout,
        Self::Unauthenticated,
        Self::Version,
        Self::TooSlow,
        Self::RateLimited,
        Self::Idle,
        Self::Unidentified,
    ];

    pub const fn code(self) -> u16 {
        match self {
            Self::GoingAway => 1001,
            Self::TooBig => 1009,
            Self::Protocol => 4000,
            Self::HelloTimeout => 4001,
            Self::Unauthenticated => 4002,
            Self::Version => 4003,
            Self::TooSlow => 4004,
            Self::RateLimited => 4005,
            Self::Idle => 4006,
            Self::Unidentified => 4007,
        }
    }

    pub const fn reason(self) -> &'static str {
        match self {
            Self::GoingAway => "going away",
            Self::TooBig => "frame too big",
            Self::Protocol => "protocol error",
            Self::HelloTimeout => "no hello",
            Self::Unauthenticated => "unauthenticated",
            Self::Version => "unknown version",
            Self::TooSlow => "too slow, resume",
            Self::RateLimited => "rate limited",
            Self::Idle => "idle",
            Self::Unidentified => "not identified",
        }
    }

    /// Whether a client may come back by itself with what it has.
    pub const fn resumable(code: u16) -> bool {
        !matches!(code, 4000 | 4002 | 4003 | 4007)
    }
}

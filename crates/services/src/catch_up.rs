//! What a visitor's line is told when it opens: the welcome, and all pages of a long resume after it.

use domain::SessionId;
use wire::{
    Result,
    visitor::{Hello, Page, ServerFrame},
};

use crate::VisitorAccess;

/// The frames of one catching up, one after the other, so that the longest absence needs no more memory than a page.
pub struct CatchUp<'a> {
    access: &'a VisitorAccess,
    next: Next<'a>,
}

enum Next<'a> {
    Welcome(&'a Hello),
    After(SessionId, u32),
    Nothing,
}

impl VisitorAccess {
    /// Connect first, then catch up, then tell what the connection has heard meanwhile: the client may get an event
    /// twice, never not at all.
    pub const fn catch_up<'a>(&'a self, hello: &'a Hello) -> CatchUp<'a> {
        CatchUp { access: self, next: Next::Welcome(hello) }
    }
}

impl CatchUp<'_> {
    /// The next frame; `None` when nothing is missing any more.
    pub async fn next(&mut self) -> Result<Option<ServerFrame>> {
        let (frame, next) = match self.next {
            Next::Nothing => return Ok(None),
            Next::Welcome(hello) => {
                let welcome = self.access.welcome(hello).await?;
                // In a fresh snapshot `more` speaks of earlier events, which the client asks for when it wants them.
                let resumed = hello.after > 0 && hello.session == Some(welcome.session) && hello.epoch == welcome.epoch;
                let next = if resumed { following(welcome.session, &welcome.page) } else { Next::Nothing };
                (ServerFrame::Welcome(welcome), next)
            }
            Next::After(session, last) => {
                let page = self.access.page_after(session, last).await?;
                let next = following(session, &page);
                (ServerFrame::Events(page), next)
            }
        };
        self.next = next;
        Ok(Some(frame))
    }
}

fn following<'a>(session: SessionId, page: &Page) -> Next<'a> {
    match page.events.last() {
        Some(last) if page.more => Next::After(session, last.vseq),
        _ => Next::Nothing,
    }
}

//! How a chat begins: the one thing a visitor does without a token.

use std::net::IpAddr;

use domain::{
    Away, Channel, FieldKind, FieldProblem, FilledForm, PageVisit, SessionId, SiteId, Start, VisitorId, is_zone,
    mask_cards, one_line,
};
use realtime::Frame;
use store::{ActError, NewChat, NewVisitor};
use wire::{
    Conflict, Error, Result,
    agent::{ServerFrame, Visit},
    visitor::{StartRequest, Started},
};

use crate::{Services, VisitorAccess, directory::SiteEntry, faults, random};

/// What is known of whoever asks.
#[derive(Debug, Clone)]
pub struct Caller {
    pub address: IpAddr,
    pub user_agent: String,
}

impl Caller {
    /// As it is kept.
    pub(crate) fn user_agent(&self) -> String {
        one_line(&self.user_agent, 300)
    }
}

impl Services {
    /// Begins a chat. `token` is that of a known visitor, if the request carried one; an unknown one is no error: the
    /// visitor is then new and gets another. A repeat of the same `client_id` answers with the same chat.
    pub async fn start_chat(&self, request: StartRequest, token: Option<&str>, caller: &Caller) -> Result<Started> {
        let now = self.now();
        self.inner().guard.chat_starts(caller.address, now)?;
        let site = self.site(&request.site).ok_or(Error::NotFound)?;
        let known = match token {
            Some(token) => self.visitor(token).await.ok().filter(|known| known.site == site.id),
            None => None,
        };
        let settings = &site.settings;
        if let Some(known) = &known {
            known.must_not_be_blocked().await?;
        } else if settings.identified_only {
            return Err(Error::Conflict(Conflict::Unidentified));
        }
        let (channel, filled) = if request.message {
            // Not what the site says now: whoever was asked to leave a message may do so when somebody has come back.
            if settings.away != Away::Message {
                return Err(Error::Forbidden);
            }
            let signed = known.as_ref().map_or(&[][..], |known| &known.visitor.signed);
            (Channel::Email, settings.away_form.check(&request.answers, signed))
        } else {
            (Channel::Chat, settings.form.check(&request.answers, &self.not_asked(known.as_ref()).await?))
        };
        let mut filled = filled.map_err(invalid)?;
        if settings.mask_cards {
            let answers = filled.answers.iter_mut().map(|answer| &mut answer.value);
            for text in answers.chain([&mut filled.question, &mut filled.name]) {
                if let Some(masked) = mask_cards(text) {
                    *text = masked;
                }
            }
        }
        if let Some(known) = &known {
            known.keep_what_is_signed(&mut filled);
        }
        // A queue that was deleted since is no reason to turn somebody away.
        let queue = filled.queue.filter(|queue| self.directory().queues.contains_key(queue)).unwrap_or(site.queue);
        let page = request.page.as_ref().map(clean_page);
        let new_token = known.is_none().then(random::token);
        let visitor_id = match &known {
            Some(known) => known.visitor.id,
            None => VisitorId::from_uuid(random::id(now)),
        };
        let start = Start {
            id: SessionId::from_uuid(random::id(now)),
            site: site.id,
            queue,
            visitor: visitor_id,
            channel,
            client_id: request.client_id,
            page: page.as_ref().map(|page| page.url.clone()),
            question: filled.question.clone(),
            answers: filled.answers.clone(),
            echo: settings.echo,
            // It speaks to somebody who waits.
            greeting: settings.greeting.clone().filter(|_| channel == Channel::Chat),
        };
        let visitor = new_visitor(visitor_id, site.id, &request, caller, filled, known.as_ref());
        let chat = NewChat {
            start,
            visitor,
            new_visitor: known.is_none(),
            token_hash: new_token.as_deref().map(random::token_hash),
            now,
        };
        let done = self.inner().store.start_chat(chat).await.map_err(|cause| self.not_started(cause))?;
        self.learn(&done.ack);
        if let Some(page) = page.filter(|_| !done.repeated) {
            self.note_page(done.session, &page).await?;
        }
        Ok(Started { token: new_token, session: done.session })
    }

    /// The kinds of fields whose answers are known of whoever begins a chat.
    async fn not_asked(&self, known: Option<&VisitorAccess>) -> Result<Vec<FieldKind>> {
        let Some(known) = known else { return Ok(Vec::new()) };
        let once = self.directory().sites.get(&known.site).is_some_and(|site| site.settings.form_once);
        // Who has only been identified has filled in nothing yet.
        match self.latest_head(known.visitor.id).await {
            Ok(_) if once => Ok(FieldKind::ALL.into()),
            Ok(_) | Err(Error::NotFound) => Ok(known.visitor.signed.clone()),
            Err(error) => Err(error),
        }
    }

    fn not_started(&self, cause: ActError) -> Error {
        faults::acted(cause, &self.directory())
    }

    pub(crate) async fn note_page(&self, session: SessionId, page: &PageVisit) -> Result<()> {
        let mut tx = self.inner().store.begin().await.map_err(faults::stored)?;
        // Told again on every welcome: only another page is news.
        let newest = tx.page_visits(session).await.map_err(faults::stored)?.into_iter().next();
        if newest.is_some_and(|newest| newest.page.url == page.url) {
            return Ok(());
        }
        let at = self.now();
        tx.add_page_visit(session, page, at).await.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)?;
        let visit = Visit { url: page.url.clone(), title: page.title.clone(), at };
        let frame = Frame::of(&ServerFrame::Visited { session, visit });
        self.inner().hub.tell_watchers(session, |_| Some(frame.clone()));
        Ok(())
    }
}

fn new_visitor(
    id: VisitorId,
    site: SiteId,
    request: &StartRequest,
    caller: &Caller,
    filled: FilledForm,
    known: Option<&VisitorAccess>,
) -> NewVisitor {
    // What a known visitor left empty this time stays as it was.
    let or_known = |said: String, held: fn(&store::Visitor) -> &String| match known {
        Some(known) if said.is_empty() => held(&known.visitor).clone(),
        _ => said,
    };
    NewVisitor {
        id,
        site,
        name: or_known(filled.name, |held| &held.name),
        email: or_known(filled.email, |held| &held.email),
        phone: or_known(filled.phone, |held| &held.phone),
        language: one_line(request.language.as_deref().unwrap_or_default(), 35),
        user_agent: caller.user_agent(),
        time_zone: request.time_zone.clone().filter(|zone| is_zone(zone)).unwrap_or_default(),
    }
}

impl VisitorAccess {
    /// What the site has signed of them is not changed by what they write.
    fn keep_what_is_signed(&self, filled: &mut FilledForm) {
        for kind in &self.visitor.signed {
            match kind {
                FieldKind::Name => filled.name.clear(),
                FieldKind::Email => filled.email.clear(),
                FieldKind::Phone => filled.phone.clear(),
                _ => {}
            }
        }
        filled.answers.retain(|answer| !self.visitor.signed.contains(&answer.kind));
    }
}

/// A page as it is kept: http or https, without its fragment and without credentials in it, of bounded length.
pub(crate) fn clean_page(page: &PageVisit) -> PageVisit {
    let url = page.url.split('#').next().unwrap_or_default();
    let kept = match url.split_once("://") {
        Some((scheme @ ("http" | "https"), rest)) => {
            let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
            format!("{scheme}://{host}{path}")
        }
        None if url.starts_with('/') => url.to_owned(),
        _ => String::new(),
    };
    PageVisit { url: one_line(&kept, 500), title: one_line(&page.title, 200) }
}

fn invalid(wrong: Vec<(String, FieldProblem)>) -> Error {
    Error::Invalid(wrong.into_iter().map(|(field, problem)| wire::Field { field, problem }).collect())
}

impl SiteEntry {
    /// Whether the site may be embedded on, and its API used from, this origin.
    pub fn allows(&self, origin: &str) -> bool {
        self.origins.iter().any(|own| own == origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_lose_what_is_nobodys_business() {
        let cases = [
            ("https://shop.example/cart?x=1#pay", "https://shop.example/cart?x=1"),
            ("https://user:pw@shop.example/", "https://shop.example/"),
            ("javascript:alert(1)", ""),
            ("/cart", "/cart"),
            ("file:///etc/passwd", ""),
        ];
        for (url, kept) in cases {
            let page = PageVisit { url: url.into(), title: " a\nb ".into() };
            assert_eq!(clean_page(&page), PageVisit { url: kept.into(), title: "a b".into() });
        }
    }
}

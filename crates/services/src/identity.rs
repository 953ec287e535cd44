//! Visitors whom their site has identified (PRODUCT V15; LIMITS 4): the proof, and what becomes of a browser's chats.
//!
//! A browser that was a stranger's until now brings its chats along: they become the person's, wherever else they are
//! known. A browser in which somebody else was identified brings nothing. Either way it gets a token of its own, and the one
//! it had is worth nothing any more, so that nobody who knows it comes along. Other browsers of the person go on as they are.
//!
//! One chat may be open (LIMITS I8). Where the stranger and the person both have one, that which began later goes on, and
//! the other ends as if they had left it: it stands among their earlier chats.
//!
//! A stranger who is blocked stays that, with their chats: on a shared computer the next person to sign in must not be
//! taken for them. Whoever is blocked as a person is so in every browser.

use domain::{Author, FieldProblem, Identified, Identity, Move, SessionId, Timestamp, VisitorId};
use hmac::{Hmac, Mac};
use realtime::Frame;
use sha2::Sha256;
use store::{Act, NewVisitor, SessionRow, StoreError, Tx, Visitor};
use wire::{
    Conflict, Error, Result,
    agent::{Customer, ServerFrame},
    visitor::{self, IdentifyRequest},
};

use crate::{Caller, Services, directory::SiteEntry, faults, publisher, random, views};

/// How often it is begun anew when another request for the same person was quicker.
const ATTEMPTS: usize = 4;

impl Services {
    /// Takes the page's word for who its visitor is. `token` is what the browser has, if anything; one that is unknown or
    /// another site's is no error. `Invalid` with the field that is wrong: `secret`, `signature`, `expires`, or a detail.
    pub async fn identify(
        &self,
        request: IdentifyRequest,
        token: Option<&str>,
        caller: &Caller,
    ) -> Result<visitor::Identified> {
        self.inner().guard.identifies(caller.address, self.now())?;
        let site = self.site(&request.site).ok_or(Error::NotFound)?;
        let person = self.proved(&site, &request.identity).await?;
        for _ in 0..ATTEMPTS {
            match self.become_person(&site, &person, token, caller).await {
                // Somebody has begun a chat, or the same person came with another browser in this moment.
                Err(Error::Conflict(Conflict::Exists)) => {}
                done => return done,
            }
        }
        Err(Error::Unavailable)
    }

    /// Who it is, if one of the site's secrets has signed it and it holds now.
    async fn proved(&self, site: &SiteEntry, said: &Identity) -> Result<Identified> {
        let wrong = |(field, problem)| Error::invalid(field, problem);
        let person = said.check().map_err(wrong)?;
        let mut conn = self.inner().store.read().await.map_err(faults::stored)?;
        let secrets = conn.identity_secrets(site.id).await.map_err(faults::stored)?;
        drop(conn);
        if secrets.is_empty() {
            return Err(Error::invalid("secret", FieldProblem::Missing));
        }
        let text = said.signed_text(&site.key);
        if !secrets.iter().any(|secret| signed_with(&secret.secret, &text, &said.signature)) {
            return Err(Error::invalid("signature", FieldProblem::Unknown));
        }
        said.in_time(self.now()).map_err(wrong)?;
        Ok(person)
    }

    async fn become_person(
        &self,
        site: &SiteEntry,
        person: &Identified,
        token: Option<&str>,
        caller: &Caller,
    ) -> Result<visitor::Identified> {
        let now = self.now();
        let hash = token.map(random::token_hash);
        let Meeting { held, known, stranger } = self.meeting(site, person, hash.as_ref()).await?;
        let same = known.as_ref().is_some_and(|known| held.as_ref().is_some_and(|held| held.id == known.id));
        let other = !same && held.is_some_and(|held| !held.user_id.is_empty());
        let visitor = described(site, person, known.as_ref(), stranger.as_ref(), caller, now);
        let answer = |token, latest: Option<SessionRow>| visitor::Identified {
            token,
            session: latest.map(|latest| latest.session.id),
            other,
            known: person.signed(),
        };
        if let Some(known) = known.as_ref().filter(|known| same && as_before(known, &visitor, person)) {
            // As most often: the same page once more.
            let mut conn = self.inner().store.read().await.map_err(faults::stored)?;
            return Ok(answer(None, conn.latest_session_of_visitor(known.id).await.map_err(faults::stored)?));
        }
        if let (Some(stranger), Some(known)) = (&stranger, &known) {
            self.leave_one_open(stranger.id, known.id, now).await?;
        }
        let new_token = (!same).then(random::token);

        let mut tx = self.inner().store.begin().await.map_err(faults::stored)?;
        if known.is_none() {
            tx.add_visitor(&visitor, now).await.map_err(faults::stored)?;
        }
        // First of all, because here another request for the same person is noticed.
        tx.set_identity(&visitor, person, now).await.map_err(faults::stored)?;
        let moved = match &stranger {
            Some(stranger) => merge(&mut tx, stranger.id, visitor.id).await.map_err(faults::stored)?,
            None => Vec::new(),
        };
        if let Some(hash) = hash.filter(|_| other) {
            // Who was here before has gone from this browser.
            tx.remove_visitor_token(&hash).await.map_err(faults::stored)?;
        }
        if let Some(token) = &new_token {
            tx.add_visitor_token(visitor.id, &random::token_hash(token), now).await.map_err(faults::stored)?;
        }
        tx.commit().await.map_err(faults::stored)?;

        if let Some(stranger) = stranger {
            self.inner().heads.forget_those(&[stranger.id, visitor.id], &moved);
            self.inner().hub.end_visitor(stranger.id);
        }
        if !moved.is_empty() {
            // Their latest chat may be another one now.
            self.inner().hub.greet_visitor(visitor.id);
        }
        Ok(answer(new_token, self.customer_changed(visitor.id).await?))
    }

    /// Whose the browser's token is, and who the person is to the site.
    async fn meeting(&self, site: &SiteEntry, person: &Identified, hash: Option<&[u8; 32]>) -> Result<Meeting> {
        let mut conn = self.inner().store.read().await.map_err(faults::stored)?;
        let held = match hash {
            Some(hash) => conn.visitor_by_token(hash).await.map_err(faults::stored)?.map(|(held, _)| held),
            None => None,
        };
        let held = held.filter(|held| held.site == site.id);
        let known = conn.visitor_by_user(site.id, &person.user_id).await.map_err(faults::stored)?;
        let mut stranger = held.clone().filter(|held| held.user_id.is_empty());
        if let Some(found) = &stranger
            && conn.block(found.id).await.map_err(faults::stored)?.is_some()
        {
            stranger = None;
        }
        Ok(Meeting { held, known, stranger })
    }

    /// Ends the older one where both have an open chat.
    async fn leave_one_open(&self, stranger: VisitorId, known: VisitorId, now: Timestamp) -> Result<()> {
        let mut conn = self.inner().store.read().await.map_err(faults::stored)?;
        let mut open = Vec::new();
        for visitor in [stranger, known] {
            let latest = conn.latest_session_of_visitor(visitor).await.map_err(faults::stored)?;
            open.extend(latest.filter(|latest| latest.session.status.open()));
        }
        drop(conn);
        let [one, other] = open.as_slice() else { return Ok(()) };
        let began = |row: &SessionRow| (row.session.waiting_since, row.session.id);
        let older = if began(one) < began(other) { one } else { other };
        let act = Act {
            session: older.session.id,
            movement: Move::Leave,
            author: Author::Visitor,
            author_id: older.session.visitor.uuid(),
            client_id: None,
            now,
        };
        match self.act(act).await.map_err(|cause| faults::acted(cause, &self.directory())) {
            // It has ended by itself meanwhile.
            Ok(_) | Err(Error::Conflict(Conflict::Ended)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Tells the staff who have to do with the visitor's chat that something about them is another now. That chat.
    pub(crate) async fn customer_changed(&self, visitor: VisitorId) -> Result<Option<SessionRow>> {
        let mut conn = self.inner().store.read().await.map_err(faults::stored)?;
        let latest = conn.latest_session_of_visitor(visitor).await.map_err(faults::stored)?;
        let Some(row) = latest else { return Ok(None) };
        let directory = self.directory();
        let session = row.session.id;
        if self.inner().hub.watched(session)
            && let Some(kept) = conn.visitor(visitor).await.map_err(faults::stored)?
        {
            let attributes = conn.attributes(visitor).await.map_err(faults::stored)?;
            let customer = Customer { user_id: kept.user_id, signed: kept.signed, attributes };
            let person = views::row(&row, &directory).visitor;
            let frame = Frame::of(&ServerFrame::Customer { session, person, customer });
            self.inner().hub.tell_watchers(session, |_| Some(frame.clone()));
        }
        if row.session.status.open() {
            publisher::tell_lists(self, &row, None, &directory);
        }
        Ok(Some(row))
    }
}

/// Who meets when somebody is identified.
struct Meeting {
    /// Whose token the browser has.
    held: Option<Visitor>,
    /// The person, if they were here before.
    known: Option<Visitor>,
    /// The browser's, if their chats become the person's.
    stranger: Option<Visitor>,
}

async fn merge(tx: &mut Tx, stranger: VisitorId, person: VisitorId) -> std::result::Result<Vec<SessionId>, StoreError> {
    let newer = tx.lock_attributes(stranger).await?;
    let older = tx.lock_attributes(person).await?;
    tx.set_attributes(person, &older.joined(newer)).await?;
    tx.merge_visitor(stranger, person).await
}

/// What is to be kept of the person: what is signed; else what is known; else what the stranger said of themselves.
fn described(
    site: &SiteEntry,
    person: &Identified,
    known: Option<&Visitor>,
    stranger: Option<&Visitor>,
    caller: &Caller,
    now: Timestamp,
) -> NewVisitor {
    let detail = |signed: &str, of: fn(&Visitor) -> &String| {
        let held = || [known, stranger].into_iter().flatten().map(of).find(|held| !held.is_empty()).cloned();
        if signed.is_empty() { held().unwrap_or_default() } else { signed.to_owned() }
    };
    NewVisitor {
        id: known.map_or_else(|| VisitorId::from_uuid(random::id(now)), |known| known.id),
        site: site.id,
        name: detail(&person.name, |visitor| &visitor.name),
        email: detail(&person.email, |visitor| &visitor.email),
        phone: detail(&person.phone, |visitor| &visitor.phone),
        language: stranger.map(|stranger| stranger.language.clone()).unwrap_or_default(),
        user_agent: caller.user_agent(),
        time_zone: stranger.map(|stranger| stranger.time_zone.clone()).unwrap_or_default(),
    }
}

/// Whether nothing of the person is new.
fn as_before(known: &Visitor, now: &NewVisitor, person: &Identified) -> bool {
    (&known.name, &known.email, &known.phone) == (&now.name, &now.email, &now.phone) && known.signed == person.signed()
}

/// In constant time. Signatures come in hex or in base64, of either alphabet.
fn signed_with(secret: &str, text: &str, signature: &str) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return false };
    mac.update(text.as_bytes());
    bytes(signature).is_some_and(|given| mac.verify_slice(&given).is_ok())
}

fn bytes(signature: &str) -> Option<Vec<u8>> {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    if signature.len() == 64 {
        let nibble = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let (pairs, _) = signature.as_bytes().as_chunks::<2>();
        return pairs.iter().map(|[high, low]| Some(nibble(high)? << 4 | nibble(low)?)).collect();
    }
    let url = signature.trim_end_matches('=').replace('+', "-").replace('/', "_");
    URL_SAFE_NO_PAD.decode(url).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of docs/widget.md: all four languages there sign exactly this.
    #[test]
    fn what_the_docs_sign_is_what_is_proved() {
        let said = Identity {
            user_id: "user-42".into(),
            expires: 1_900_000_000,
            name: "Zoë Müller".into(),
            email: "zoe@example.org".into(),
            phone: String::new(),
            signature: String::new(),
        };
        let secret = "an-example-secret-that-no-server-has-made-00";
        let text = said.signed_text("k3y");
        let hex = "c4145792343d0f30cd8f8425163b0fd999da9b79469d8f81306d411639774981";
        let base = "xBRXkjQ9DzDNj4QlFjsP2Znam3lGnY-BMG1BFjl3SYE";
        for right in [hex.to_owned(), hex.to_uppercase(), base.to_owned(), format!("{base}=")] {
            assert!(signed_with(secret, &text, &right), "{right}");
        }
        for wrong in ["", "00", "=", &hex[1..], &hex.replace('a', "g"), &"0".repeat(64), &base.to_lowercase()] {
            assert!(!signed_with(secret, &text, wrong), "{wrong}");
        }
        assert!(!signed_with("another", &text, hex));
        for changed in [
            Identity { user_id: "user-43".into(), ..said.clone() },
            Identity { expires: 1_900_000_001, ..said.clone() },
            Identity { email: "eve@example.org".into(), ..said.clone() },
            Identity { name: String::new(), ..said.clone() },
        ] {
            assert!(!signed_with(secret, &changed.signed_text("k3y"), hex), "{changed:?}");
        }
        assert!(!signed_with(secret, &said.signed_text("another-site"), hex));
    }
}

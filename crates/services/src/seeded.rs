//! Many chats and long ones, for the stories: what a busy desk gathers in months, in seconds. Only in builds for
//! development; the way is the same as everyone's, through the writer.

use domain::{AgentId, Author, Channel, ClientId, Move, QueueId, SessionId, SiteId, Span, Start, Timestamp};
use store::{Act, NewChat, NewVisitor};
use uuid::Uuid;
use wire::{Error, Result};

use crate::{Services, random};

/// So many commands wait for the writer at once. More would not be sent in order: `join_all` begins only so many one after
/// another.
const AT_ONCE: usize = 30;

/// Longest sentence of a seeded message, in words.
const WORDS: usize = 24;

/// A chat, and what its visitor proves to be it with.
pub struct Seeded {
    pub session: SessionId,
    pub token: String,
    visitor: Uuid,
}

impl Services {
    /// A chat that this agent has had for `days`, with so many messages from both sides, evenly over that time. They are
    /// numbered: `1`, `2` … at their beginning.
    pub async fn seed_chat(&self, owner: &str, visitor: &str, messages: u32, days: u32) -> Result<Seeded> {
        let owner =
            self.directory().members.values().find(|member| member.email.starts_with(owner)).map(|member| member.id);
        let owner = owner.ok_or(Error::NotFound)?;
        // Who is not there yet would lose the chat at once: their page has only just been opened.
        while !self.inner().presence.here(owner) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let begin = self.now() + Span::seconds(i64::from(days) * -86_400);
        let step = (self.now() - begin).micros() / i64::from(messages.max(1) + 1);
        let session = SessionId::from_uuid(random::shapeless_id());
        // Together, so that routing never sees a chat that has waited for days.
        let claim = self.seed_act(session, Move::Claim { agent: owner }, owner, begin);
        let (seeded, claimed) = futures::join!(self.seed_start(session, visitor, begin), claim);
        let seeded = seeded?;
        claimed?;
        for first in (1..=messages).step_by(AT_ONCE) {
            let last = messages.min(first + u32::try_from(AT_ONCE).unwrap_or(1) - 1);
            let said = (first..=last).map(|n| {
                let at = Timestamp::from_micros(begin.micros() + step * i64::from(n));
                let text = sentence(n);
                let (movement, author) = if n % 3 == 0 {
                    (Move::AgentWrites { agent: owner, text }, Author::Agent(owner))
                } else {
                    (Move::VisitorWrites { text }, Author::Visitor)
                };
                let author_id = if author == Author::Visitor { seeded.visitor } else { owner.uuid() };
                let client_id = Some(ClientId::from_uuid(random::shapeless_id()));
                self.inner().store.act(Act { session, movement, author, author_id, client_id, now: at })
            });
            for done in futures::future::join_all(said).await {
                done.map_err(|_| Error::Internal)?;
            }
        }
        Ok(seeded)
    }

    /// So many chats that wait, begun a hundredth of a second after one another.
    pub async fn seed_waiting(&self, visitor: &str, chats: u32) -> Result<()> {
        let now = self.now();
        let all: Vec<u32> = (0..chats).collect();
        for some in all.chunks(AT_ONCE) {
            let begun = some.iter().map(|n| {
                let at = Timestamp::from_micros(now.micros() + (i64::from(*n) - i64::from(chats)) * 10_000);
                async move {
                    self.seed_start(SessionId::from_uuid(random::shapeless_id()), &format!("{visitor} {}", n + 1), at)
                        .await
                }
            });
            for done in futures::future::join_all(begun).await {
                done?;
            }
        }
        Ok(())
    }

    async fn seed_start(&self, id: SessionId, name: &str, now: Timestamp) -> Result<Seeded> {
        let (site, queue): (SiteId, QueueId) = {
            let directory = self.directory();
            let found = directory.sites.iter().next().map(|(id, site)| (*id, site.queue));
            found.ok_or(Error::NotFound)?
        };
        let visitor = domain::VisitorId::from_uuid(random::shapeless_id());
        let token = random::token();
        let new = NewChat {
            start: Start {
                id,
                site,
                queue,
                visitor,
                channel: Channel::Chat,
                client_id: ClientId::from_uuid(random::shapeless_id()),
                page: Some("https://shop.example/chairs".into()),
                question: "Do you have this chair in oak?".into(),
                answers: Vec::new(),
                echo: false,
                greeting: None,
            },
            visitor: NewVisitor {
                id: visitor,
                site,
                name: name.to_owned(),
                email: String::new(),
                phone: String::new(),
                language: "en".into(),
                user_agent: String::new(),
                time_zone: String::new(),
            },
            new_visitor: true,
            token_hash: Some(random::token_hash(&token)),
            now,
        };
        let done = self.inner().store.start_chat(new).await.map_err(|_| Error::Internal)?;
        Ok(Seeded { session: done.session, token, visitor: visitor.uuid() })
    }

    async fn seed_act(&self, session: SessionId, movement: Move, agent: AgentId, now: Timestamp) -> Result<()> {
        let client_id = Some(ClientId::from_uuid(random::shapeless_id()));
        let act = Act { session, movement, author: Author::Agent(agent), author_id: agent.uuid(), client_id, now };
        self.inner().store.act(act).await.map(drop).map_err(|_| Error::Internal)
    }
}

/// Of another length for each number, so that no two rows need to be of the same height.
fn sentence(n: u32) -> String {
    let length = usize::try_from(n).unwrap_or(0) * 7919 % WORDS;
    let words = ["oak", "chair", "with", "a", "seat", "of", "leather", "and", "legs", "that", "fold"];
    let mut text = format!("{n}:");
    for word in words.iter().cycle().skip(length % 5).take(length + 1) {
        text.push(' ');
        text.push_str(word);
    }
    text
}

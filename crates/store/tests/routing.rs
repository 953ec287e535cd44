//! What routing keeps: rings and pauses in the chat's head, limits, and whose turn it was.

use domain::{Move, OfferWhy, Pause, QueueRules, Refusal, Ring, Span, Status};
use store::ActError;
use testkit::{NOW, both_dbs};

type Checked = Result<(), Box<dyn std::error::Error>>;

both_dbs! {
    async fn a_ring_is_kept_with_everything_about_it(db: TestDb) -> Checked {
        let world = db.world().await;
        let chat = world.chat().await;
        let until = NOW + Span::seconds(20);
        let offer = Move::Offer { to: vec![world.agent], until, why: OfferWhy::LongestIdle };
        world.act(&chat, offer).await?;
        let mut read = db.store.read().await?;
        let kept = read.session(chat.session).await?.ok_or("gone")?.session.routing;
        assert_eq!(kept.ring, Some(Ring { to: vec![world.agent], since: NOW, until, why: OfferWhy::LongestIdle, note: None }));
        assert_eq!(read.agent(world.agent).await?.and_then(|agent| agent.last_offer), Some(NOW));
        drop(read);
        world.act(&chat, Move::Decline { agent: world.agent, until }).await?;
        let kept = db.store.read().await?.session(chat.session).await?.ok_or("gone")?.session.routing;
        assert_eq!((kept.ring, kept.pauses), (None, vec![Pause { agent: world.agent, until }]));
        Ok(())
    }

    async fn nobody_is_given_more_than_they_may_have(db: TestDb) -> Checked {
        let world = db.world().await;
        let mut tx = db.store.begin().await?;
        tx.set_chat_limit(world.agent, 2).await?;
        tx.commit().await?;
        let chats = [world.chat().await, world.chat().await, world.chat().await];
        let give = Move::Give { to: world.agent, why: OfferWhy::LongestIdle };
        for chat in &chats[..2] {
            world.act(chat, give.clone()).await?;
        }
        let third = world.act(&chats[2], give.clone()).await;
        assert!(matches!(third, Err(ActError::Refused(Refusal::AtLimit(2)))), "{third:?}");
        world.act(&chats[0], Move::Leave).await?;
        world.act(&chats[2], give).await?;
        // By hand one may take more.
        world.act(&world.chat().await, Move::Claim { agent: world.agent }).await?;
        Ok(())
    }

    async fn of_gifts_that_come_together_only_as_many_arrive_as_the_limit_allows(db: TestDb) -> Checked {
        let world = db.world().await;
        let queue = world.queue("Narrow", QueueRules { chat_limit: 3, ..QueueRules::default() }).await;
        let mut chats = Vec::new();
        for _ in 0..12 {
            let mut start = world.start();
            start.start.queue = queue;
            chats.push(db.store.start_chat(start).await?);
        }
        let give = Move::Give { to: world.agent, why: OfferWhy::LongestIdle };
        let done = futures::future::join_all(chats.iter().map(|chat| world.act(chat, give.clone()))).await;
        assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 3);
        let refused = |done: &Result<_, ActError>| matches!(done, Err(ActError::Refused(Refusal::AtLimit(3))));
        assert_eq!(done.iter().filter(|done| refused(done)).count(), 9);
        Ok(())
    }

    async fn a_chat_moves_on_under_the_rules_of_its_new_queue(db: TestDb) -> Checked {
        let world = db.world().await;
        let next = world.queue("Second", QueueRules { wait_timeout: 7, ..QueueRules::default() }).await;
        let chat = world.chat().await;
        let mut overflow = testkit::act(chat.session, chat.visitor, Move::Overflow { queue: next }, None);
        overflow.now = NOW + Span::seconds(300);
        let row = db.store.act(overflow).await?.row.ok_or("no row")?;
        assert_eq!((row.session.status, row.session.queue), (Status::WaitingForAgent, next));
        assert_eq!(row.session.deadline, Some(NOW + Span::seconds(307)));
        assert_eq!(row.session.routing.left, [world.queue]);
        Ok(())
    }
}

//! What the writer keeps of chats between its batches is what stands in the database, whoever wrote it.

use domain::{Move, QueueRules, QueueSettings, Stars, Status, WrapUp};
use testkit::{act, both_dbs};

type Checked = Result<(), Box<dyn std::error::Error>>;

both_dbs! {
    async fn what_another_process_wrote(db: TestDb) -> Checked {
        let world = db.world().await;
        let chat = world.chat().await;
        let other = db.another().await;
        let says = || act(chat.session, chat.visitor, Move::VisitorWrites { text: "Hi".into() }, Some(world.ids.client()));
        let mut seqs = Vec::new();
        for _ in 0..4 {
            seqs.push(db.store.act(says()).await?.seq);
            seqs.push(db.store.act(says()).await?.seq);
            seqs.push(other.act(says()).await?.seq);
        }
        assert_eq!(seqs, (3..15).collect::<Vec<_>>());
        other.close().await;
        Ok(())
    }

    async fn new_rules_of_the_queue(db: TestDb) -> Checked {
        let world = db.world().await;
        let chat = world.chat().await;
        world.act(&chat, Move::Claim { agent: world.agent }).await?;
        let mut tx = db.store.begin().await?;
        tx.update_queue(world.queue, "Sales", QueueRules { wrap_up: WrapUp::Manual, ..QueueRules::default() }, &QueueSettings::default()).await?;
        tx.commit().await?;
        let ended = world.act(&chat, Move::End { agent: world.agent, closing: None }).await?;
        assert_eq!(ended.row.map(|row| row.session.status), Some(Status::WrapUp));
        Ok(())
    }

    async fn a_visitors_new_name(db: TestDb) -> Checked {
        let world = db.world().await;
        let chat = world.chat().await;
        world.act(&chat, Move::Leave).await?;
        let mut next = world.start_of(chat.visitor, false);
        next.visitor.name = "Magdalena".into();
        db.store.start_chat(next).await?;
        let rated = Move::Rate { stars: Stars::try_from(5).map_err(|error| error.to_string())?, words: String::new() };
        let row = world.act(&chat, rated).await?.row.ok_or("no row")?;
        assert_eq!(row.visitor_name, "Magdalena");
        assert_eq!(Some(row), db.store.read().await?.session(chat.session).await?);
        Ok(())
    }
}

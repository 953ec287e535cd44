//! Chats through the writer, on both engines.

use domain::{Move, Refusal, Status};
use store::{ActError, Change};
use testkit::{NOW, both_dbs};

type Checked = Result<(), Box<dyn std::error::Error>>;

both_dbs! {
    async fn a_chat_from_start_to_end(db: TestDb) -> Checked {
        let world = db.world().await;
        let chat = world.chat().await;
        assert!(!chat.repeated);
        assert_eq!((chat.ack.seq, chat.ack.vseq, chat.ack.at), (1, Some(1), NOW));
        let claimed = world.act(&chat, Move::Claim { agent: world.agent }).await?;
        assert_eq!((claimed.seq, claimed.vseq), (3, Some(3)));
        let note = world.act(&chat, Move::AgentNotes { agent: world.agent, text: "VIP".into() }).await?;
        assert_eq!((note.seq, note.vseq), (4, None));
        let said = world.act(&chat, Move::AgentWrites { agent: world.agent, text: "Hello".into() }).await?;
        assert_eq!((said.seq, said.vseq), (5, Some(4)));
        let ended = world.act(&chat, Move::End { agent: world.agent }).await?;
        assert_eq!(ended.row.map(|row| row.session.status), Some(Status::Resolved));
        let late = world.act(&chat, Move::VisitorWrites { text: "wait".into() }).await;
        assert!(matches!(late, Err(ActError::Refused(Refusal::Ended))), "{late:?}");

        let changes = db.changes().await;
        assert_eq!(changes.len(), 5);
        let Some(Change::Session(first)) = changes.first() else { return Err("no change for the start".into()) };
        assert_eq!((first.was, first.events.len()), (None, 2));

        let mut read = db.store.read().await?;
        let row = read.session(chat.session).await?.ok_or("gone")?;
        let Some(Change::Session(last)) = changes.last() else { return Err("no last change".into()) };
        assert_eq!(last.row, row, "what was told is what is kept");
        let told: Vec<_> = changes
            .iter()
            .flat_map(|change| match change {
                Change::Session(committed) => committed.events.clone(),
                Change::Marks { .. } => Vec::new(),
            })
            .collect();
        assert_eq!(read.events_after(chat.session, 0, 100).await?, told);
        let visible = read.visitor_events_after(chat.session, 0, 100).await?;
        assert_eq!(visible.iter().filter_map(|event| event.vseq).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        Ok(())
    }
}

//! Files beside their chats, on both engines.

use domain::{Attachment, AttachmentId, Author, EventKind, Media, Move, Refusal};
use store::{ActError, Checked as Found, NewUpload};
use testkit::{NOW, World, act, at, both_dbs};

type Checked = Result<(), Box<dyn std::error::Error>>;

fn file(id: AttachmentId) -> Attachment {
    Attachment { id, name: "a.jpg".into(), media: Media::Jpeg, bytes: 90, size: Some((4, 3)), preview: true }
}

fn found() -> Found {
    Found {
        name: "a.jpg".into(),
        media: Media::Jpeg,
        bytes: 90,
        size: Some((4, 3)),
        preview: Some(Media::Png),
        sha256: [7; 32],
    }
}

fn upload(world: &World, session: domain::SessionId, n: u128) -> NewUpload {
    NewUpload {
        id: AttachmentId::from_uuid(uuid::Uuid::from_u128(n)),
        session,
        author: Author::Agent(world.agent),
        author_id: world.agent.uuid(),
        name: "a".into(),
        expected: 100,
        now: NOW,
    }
}

both_dbs! {
    async fn a_file_comes_is_checked_and_becomes_part_of_the_chat(db: TestDb) -> Checked {
        let world = db.world().await;
        let chat = world.chat().await;
        let new = upload(&world, chat.session, 1);
        let mut tx = db.store.begin().await?;
        tx.create_upload(&new).await?;
        tx.create_upload(&upload(&world, chat.session, 2)).await?;
        tx.commit().await?;
        let mut read = db.store.read().await?;
        let kept = read.upload(new.id).await?.ok_or("kept")?;
        assert_eq!((kept.name.as_str(), kept.expected, kept.seq, kept.checked), ("a", 100, None, None));
        assert_eq!(kept.author, new.author);
        assert_eq!(read.unsent_uploads(world.agent.uuid()).await?, (2, 200));
        drop(read);

        let mut tx = db.store.begin().await?;
        tx.upload_checked(new.id, &found()).await?;
        tx.commit().await?;
        world.act(&chat, Move::Claim { agent: world.agent }).await?;
        let sent = world.act(&chat, Move::AgentAttaches { agent: world.agent, file: file(new.id) }).await?;
        let mut read = db.store.read().await?;
        let kept = read.upload(new.id).await?.ok_or("kept")?;
        assert_eq!((kept.seq, kept.checked), (Some(sent.seq), Some(found())));
        assert_eq!(read.unsent_uploads(world.agent.uuid()).await?, (1, 100));
        let event = read.events_after(chat.session, sent.seq - 1, 1).await?.pop().ok_or("an event")?;
        assert_eq!(event.kind, EventKind::Attachment(file(new.id)));
        // Only what never became part of a chat is stale, and only that can be forgotten.
        assert_eq!(read.stale_uploads(NOW, 9).await?, []);
        let stale = read.stale_uploads(at(1), 9).await?;
        assert_eq!(stale, [upload(&world, chat.session, 2).id]);
        drop(read);
        let mut tx = db.store.begin().await?;
        assert!(!tx.forget_upload(new.id).await?);
        assert!(tx.forget_upload(stale[0]).await?);
        tx.commit().await?;
        assert_eq!(db.store.read().await?.upload(stale[0]).await?, None);
        Ok(())
    }

    async fn the_switch_is_kept_and_a_visitors_file_counts_as_unread(db: TestDb) -> Checked {
        let world = db.world().await;
        let chat = world.chat().await;
        let attach = Move::VisitorAttaches { file: file(AttachmentId::from_uuid(uuid::Uuid::from_u128(3))) };
        world.act(&chat, Move::Claim { agent: world.agent }).await?;
        let early = world.act(&chat, attach.clone()).await;
        assert!(matches!(early, Err(ActError::Refused(Refusal::AttachmentsOff))), "{early:?}");
        world.act(&chat, Move::AllowAttachments { agent: world.agent, on: true }).await?;
        assert!(db.store.read().await?.session(chat.session).await?.ok_or("kept")?.session.attachments);
        let sent = world.act(&chat, attach).await?;
        let row = sent.row.ok_or("a row")?;
        assert_eq!(row.session.unread, 2);
        // What is counted anew from the rows comes to the same.
        db.store.mark(chat.session, store::Side::Staff, 1, 1).await?;
        assert_eq!(db.store.read().await?.session(chat.session).await?.ok_or("kept")?.session.unread, 2);
        let client = world.ids.client();
        let say = act(chat.session, chat.visitor, Move::VisitorWrites { text: "There it is".into() }, Some(client));
        db.store.act(say).await?;
        db.store.mark(chat.session, store::Side::Staff, 4, 4).await?;
        assert_eq!(db.store.read().await?.session(chat.session).await?.ok_or("kept")?.session.unread, 2);
        Ok(())
    }
}

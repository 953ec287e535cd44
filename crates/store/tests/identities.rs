//! Visitors whom their site has identified, on both engines.

use domain::{AttributeChanges, Attributes, Author, FieldKind, Identified, Move, SecretId, Timestamp, VisitorId};
use store::{Act, ActError, IdentitySecret, NewVisitor, StoreError};
use testkit::{NOW, World, at, both_dbs, token};

type Checked = Result<(), Box<dyn std::error::Error>>;

fn person(user_id: &str) -> Identified {
    let email = "zoe@example.org".to_owned();
    Identified { user_id: user_id.into(), name: String::new(), email, phone: String::new() }
}

fn visitor(world: &World, id: VisitorId) -> NewVisitor {
    NewVisitor { id, email: "zoe@example.org".into(), ..world.start().visitor }
}

fn attributes(json: &str) -> Attributes {
    let changes: AttributeChanges = serde_json::from_str(json).expect("an object");
    Attributes::default().with(&changes).expect("they fit")
}

async fn identified(world: &World, id: VisitorId, user_id: &str) -> Result<(), StoreError> {
    let mut tx = world.store.begin().await?;
    tx.set_identity(&visitor(world, id), &person(user_id), NOW).await?;
    tx.commit().await
}

both_dbs! {
    async fn a_site_has_its_own_secrets(db: TestDb) -> Checked {
        let world = db.world().await;
        let other = World::at(&db.store, 2).await;
        let secret = |n: u8, made_at: Timestamp| IdentitySecret {
            id: SecretId::from_uuid(world.ids.client().uuid()),
            secret: format!("secret-{n}"),
            made_at,
        };
        let (old, new) = (secret(1, NOW), secret(2, at(5)));
        let mut tx = db.store.begin().await?;
        tx.add_identity_secret(world.site, &new).await?;
        tx.add_identity_secret(world.site, &old).await?;
        assert!(!tx.remove_identity_secret(other.site, old.id).await?, "another site's");
        assert_eq!(tx.identity_secrets(world.site).await?, [old.clone(), new.clone()]);
        assert_eq!(tx.identity_secrets(other.site).await?, []);
        assert!(tx.remove_identity_secret(world.site, old.id).await?);
        tx.commit().await?;
        assert_eq!(db.store.read().await?.identity_secrets(world.site).await?, [new]);
        Ok(())
    }

    async fn a_site_knows_each_person_once(db: TestDb) -> Checked {
        let world = db.world().await;
        let (first, second) = (world.chat().await, world.chat().await);
        identified(&world, first.visitor, "user-1").await?;
        let taken = identified(&world, second.visitor, "user-1").await;
        assert!(matches!(taken, Err(StoreError::Taken)), "{taken:?}");
        let mut read = db.store.read().await?;
        let found = read.visitor_by_user(world.site, "user-1").await?.ok_or("not found")?;
        assert_eq!((found.id, found.signed.as_slice()), (first.visitor, &[FieldKind::Email][..]));
        assert_eq!(found.email, "zoe@example.org");
        assert!(read.visitor_by_user(world.site, "").await?.is_none(), "strangers are nobody");
        assert!(read.visitor_by_user(world.ids.site(), "user-1").await?.is_none());
        // The new address stands in the head that the writer holds, too.
        drop(read);
        let acked = world.act(&first, Move::VisitorWrites { text: "Hello".into() }).await?;
        assert_eq!(acked.row.map(|row| row.visitor_email).as_deref(), Some("zoe@example.org"));
        Ok(())
    }

    async fn a_merge_moves_all_of_one_visitor_and_nothing_of_others(db: TestDb) -> Checked {
        let world = db.world().await;
        let (stranger, known, other) = (world.chat().await, world.chat().await, world.chat().await);
        identified(&world, known.visitor, "user-1").await?;
        let client = world.ids.client();
        let write = |author: VisitorId| Act {
            session: stranger.session,
            movement: Move::VisitorWrites { text: "Once".into() },
            author: Author::Visitor,
            author_id: author.uuid(),
            client_id: Some(client),
            now: at(1),
        };
        let first = db.store.act(write(stranger.visitor)).await?;
        let mut tx = db.store.begin().await?;
        tx.add_visitor_token(stranger.visitor, &token(1), NOW).await?;
        tx.add_visitor_token(known.visitor, &token(2), NOW).await?;
        tx.commit().await?;

        // Both have an open one.
        let mut tx = db.store.begin().await?;
        let taken = tx.merge_visitor(stranger.visitor, known.visitor).await;
        assert!(matches!(taken, Err(StoreError::Taken)), "{taken:?}");
        drop(tx);
        let mut leave = write(known.visitor);
        (leave.session, leave.movement, leave.client_id) = (known.session, Move::Leave, None);
        leave.now = at(20);
        db.store.act(leave).await?;
        let mut tx = db.store.begin().await?;
        assert_eq!(tx.merge_visitor(stranger.visitor, known.visitor).await?, [stranger.session]);
        tx.commit().await?;

        let repeat = db.store.act(write(known.visitor)).await?;
        assert_eq!((repeat.repeated, repeat.seq), (true, first.seq), "a repeat finds its first answer");
        let acked = world.act(&stranger, Move::VisitorWrites { text: "On".into() }).await?;
        let row = acked.row.ok_or("no row")?;
        assert_eq!((row.session.visitor, row.visitor_email.as_str()), (known.visitor, "zoe@example.org"));
        let mut read = db.store.read().await?;
        assert!(read.visitor(stranger.visitor).await?.is_none());
        assert!(read.visitor_by_token(&token(1)).await?.is_none());
        assert_eq!(read.visitor_by_token(&token(2)).await?.map(|(found, _)| found.id), Some(known.visitor));
        assert_eq!(read.session(other.session).await?.map(|row| row.session.visitor), Some(other.visitor));
        assert_eq!(read.chats_of_visitor(known.visitor).await?, 2);
        // The one that goes on is the latest, though the other one ended meanwhile; then the one that ended last.
        let latest = read.latest_session_of_visitor(known.visitor).await?.ok_or("none")?;
        assert_eq!((latest.session.id, latest.session.status.open()), (stranger.session, true));
        Ok(())
    }

    async fn the_latest_chat_is_the_open_one_or_the_one_that_ended_last(db: TestDb) -> Checked {
        let world = db.world().await;
        let older = world.chat().await;
        let mut start = world.start();
        start.now = at(50);
        let younger = db.store.start_chat(start).await?;
        identified(&world, older.visitor, "user-1").await?;
        let leave = |chat: &store::StartDone, author: VisitorId, now: Timestamp| Act {
            session: chat.session,
            movement: Move::Leave,
            author: Author::Visitor,
            author_id: author.uuid(),
            client_id: None,
            now,
        };
        db.store.act(leave(&younger, younger.visitor, at(60))).await?;
        let mut tx = db.store.begin().await?;
        tx.merge_visitor(younger.visitor, older.visitor).await?;
        tx.commit().await?;
        for end in [None, Some(at(70))] {
            if let Some(end) = end {
                db.store.act(leave(&older, older.visitor, end)).await?;
            }
            let latest = db.store.read().await?.latest_session_of_visitor(older.visitor).await?.ok_or("none")?;
            assert_eq!(latest.session.id, older.session, "{end:?}");
        }
        Ok(())
    }

    async fn the_id_of_a_start_opens_no_identified_visitors_chat(db: TestDb) -> Checked {
        let world = db.world().await;
        let start = world.start();
        let first = db.store.start_chat(start.clone()).await?;
        let mut again = start.clone();
        again.token_hash = Some(token(1));
        db.store.start_chat(again.clone()).await?;
        let found = db.store.read().await?.visitor_by_token(&token(1)).await?;
        assert_eq!(found.map(|(found, _)| found.id), Some(first.visitor), "a stranger's repeat");

        // As it is done: the stranger's row goes, the chat is another visitor's.
        let person = world.ids.visitor();
        let mut tx = db.store.begin().await?;
        tx.add_visitor(&visitor(&world, person), NOW).await?;
        tx.set_identity(&visitor(&world, person), &self::person("user-1"), NOW).await?;
        tx.merge_visitor(first.visitor, person).await?;
        tx.commit().await?;
        again.token_hash = Some(token(2));
        again.start.id = world.ids.session();
        let refused = db.store.start_chat(again).await;
        assert!(matches!(refused, Err(ActError::NotFound)), "{refused:?}");
        assert!(db.store.read().await?.visitor_by_token(&token(2)).await?.is_none());
        assert!(db.store.read().await?.visitor_by_token(&token(1)).await?.is_none());
        Ok(())
    }

    async fn attributes_are_the_visitors(db: TestDb) -> Checked {
        let world = db.world().await;
        let (one, other) = (world.chat().await, world.chat().await);
        let said = attributes(r#"{"plan": "pro", "seats": 12.5, "trial": false}"#);
        let mut tx = db.store.begin().await?;
        tx.set_attributes(one.visitor, &said).await?;
        tx.commit().await?;
        let mut read = db.store.read().await?;
        assert_eq!(read.attributes(one.visitor).await?, said);
        assert_eq!(read.attributes(other.visitor).await?, Attributes::default());
        assert_eq!(read.attributes(world.ids.visitor()).await?, Attributes::default());
        Ok(())
    }
}

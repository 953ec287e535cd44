//! Copies and the way back.

use std::fs;

use domain::Move;
use store::{BackupError, Location, OpenError, Options, Store, restore_sqlite};
use testkit::{Engine, block_on};
use tokio::sync::mpsc;

type Checked = Result<(), Box<dyn std::error::Error>>;

#[test]
fn a_backup_taken_in_use_comes_back_with_another_epoch() -> Checked {
    block_on(Engine::Sqlite, async |db| {
        let world = db.world().await;
        let chat = world.chat().await;
        let copy = db.folder.join("copy.db");
        db.store.backup(&copy).await?;
        world.act(&chat, Move::VisitorWrites { text: "after the copy".into() }).await?;
        let twice = db.store.backup(&copy).await;
        assert!(matches!(twice, Err(BackupError::Exists(_))), "{twice:?}");

        let elsewhere = db.folder.join("new/place/deskbell.db");
        restore_sqlite(&copy, &elsewhere, false).await?;
        let again = restore_sqlite(&copy, &elsewhere, false).await;
        assert!(matches!(again, Err(BackupError::Exists(_))), "{again:?}");
        restore_sqlite(&copy, &elsewhere, true).await?;
        let (sender, _) = mpsc::unbounded_channel();
        let restored = Store::open(&Location::Sqlite(elsewhere.clone()), Options::default(), sender).await?;
        assert_ne!(restored.epoch(), db.store.epoch());
        let row = restored.read().await?.session(chat.session).await?.ok_or("the chat is gone")?;
        assert_eq!(row.session.seq, 2, "as it was when the copy was taken");
        let world = testkit::World { store: restored.clone(), ..world };
        assert_eq!(world.act(&chat, Move::VisitorWrites { text: "on we go".into() }).await?.seq, 3);
        restored.close().await;
        let left: Vec<_> = fs::read_dir(db.folder.join("new/place"))?.collect::<Result<_, _>>()?;
        assert_eq!(left.len(), 1, "one file is the whole database: {left:?}");
        Ok(())
    })
}

#[test]
fn what_is_no_whole_backup_is_refused() -> Checked {
    block_on(Engine::Sqlite, async |db| {
        let data = db.folder.join("data.db");
        let garbage = db.folder.join("garbage");
        fs::write(&garbage, "x".repeat(9000))?;
        let refused = restore_sqlite(&garbage, &data, false).await;
        assert!(matches!(refused, Err(BackupError::Schema(OpenError::NotADatabase { .. }))), "{refused:?}");
        let empty = db.folder.join("empty");
        fs::write(&empty, "")?;
        let refused = restore_sqlite(&empty, &data, false).await;
        assert!(matches!(refused, Err(BackupError::Unusable { .. })), "{refused:?}");
        let refused = restore_sqlite(&db.folder.join("nothing"), &data, false).await;
        assert!(matches!(refused, Err(BackupError::File { .. })), "{refused:?}");

        let copy = db.folder.join("copy.db");
        db.store.backup(&copy).await?;
        let mut torn = fs::read(&copy)?;
        let half = torn.len() / 2;
        for byte in &mut torn[half..] {
            *byte = 0xAA;
        }
        fs::write(&copy, torn)?;
        let refused = restore_sqlite(&copy, &data, false).await;
        assert!(refused.is_err(), "{refused:?}");
        assert!(!data.exists());
        Ok(())
    })
}

#[test]
fn postgres_points_to_its_own_tools() -> Checked {
    block_on(Engine::Postgres, async |db| {
        let refused = db.store.backup(&db.folder.join("copy")).await;
        assert!(matches!(&refused, Err(error @ BackupError::UsePgDump) if error.to_string().contains("pg_dump")));
        Ok(())
    })
}

//! Storage that fails for a while: everyone is told to try again, nothing acknowledged is lost, and no restart is
//! needed afterwards.

use std::{fs, io::Write, path::Path, process::Command};

use domain::Stars;
use nix::errno::Errno;
use sqlx::Executor;
use wire::{
    Error,
    visitor::{ClientFrame, Rate},
};

use crate::common::{Agent, Books, Setup, Visitor, client_id, send, texts};

#[tokio::test]
async fn a_database_locked_by_another_process() {
    let server = Setup::demo().environment("DESKBELL_STORAGE__BUSY_TIMEOUT_MS", "200").start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let visitor = Visitor::start(&server, "one").await;
    let (mut socket, _) = visitor.connect().await;
    aki.claim(visitor.session).await.expect("claimed");
    // For a while it has not been noted that the agent is here.
    let mut other = Books::raw(server.setup()).await;
    other.execute("UPDATE sign_ins SET last_seen_at = 0").await.expect("written");
    other.execute("BEGIN EXCLUSIVE").await.expect("locked");

    let message = client_id();
    assert_eq!(socket.command(&send(message, "two")).await, Err(Error::Unavailable));
    let failure = visitor.command(&send(message, "two")).await.expect_err("over HTTP too");
    assert_eq!((failure.status, failure.error), (503, Some(Error::Unavailable)));
    let request = Visitor::request(&server, "another");
    let failure = Visitor::try_start(&server, &request, None, &[]).await.expect_err("a start too");
    assert_eq!(failure.error, Some(Error::Unavailable));
    let reply = client_id();
    assert_eq!(aki.write_as(reply, visitor.session, "reply").await, Err(Error::Unavailable));
    // Looking goes on, on both sides.
    assert_eq!(socket.newest().await, 4);
    assert_eq!(aki.inbox().await.rows.len(), 1);
    assert_eq!(aki.thread(visitor.session, 0, "").await.expect("the thread").events.len(), 4);
    aki.connect().await;
    assert_eq!(server.health().await, 200);

    other.execute("ROLLBACK").await.expect("unlocked");
    assert_eq!(socket.command(&send(message, "two")).await.expect("the same again").vseq, 5);
    aki.write_as(reply, visitor.session, "reply").await.expect("the same again");
    Visitor::try_start(&server, &request, None, &[]).await.expect("the same again");
    assert_eq!(texts(&visitor.whole_chat().await)[2..], ["two", "reply"]);
}

/// A small file system in memory, gone with the test.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    /// `None` where this user may not mount.
    fn mount(at: &Path, megabytes: u32) -> Option<Self> {
        fs::create_dir_all(at).expect("a folder");
        let size = format!("size={megabytes}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(at).output();
        mounted.is_ok_and(|output| output.status.success()).then(|| Self(at.to_owned()))
    }

    /// Takes all the space that is left, and gives it back when removed.
    fn fill(&self) {
        let mut file = fs::File::create(self.0.join("filler")).expect("a file");
        let block = vec![0; 4096];
        loop {
            match file.write(&block) {
                Ok(_) => {}
                Err(full) if full.raw_os_error() == Some(Errno::ENOSPC as i32) => return,
                Err(cause) => panic!("{cause}"),
            }
        }
    }

    fn free(&self) {
        fs::remove_file(self.0.join("filler")).expect("the filler is there");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the server may not be quite gone.
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

#[tokio::test]
async fn a_full_disk_and_then_space_again() {
    let setup = Setup::demo();
    let Some(disk) = SmallDisk::mount(&setup.data_folder(), 24) else {
        eprintln!("not tested: this user may not mount a small disk");
        return;
    };
    let server = setup.start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let visitor = Visitor::start(&server, "one").await;
    aki.claim(visitor.session).await.expect("claimed");
    let ended = Visitor::start(&server, "to be rated").await;
    ended.command(&ClientFrame::Leave { client_id: client_id() }).await.expect("left");
    let (mut socket, _) = visitor.connect().await;
    let mut said = Vec::new();
    disk.fill();
    // What the files have already may still take some.
    let refused = loop {
        let (id, text) = (client_id(), format!("{} {}", said.len(), "x".repeat(9_000)));
        assert!(said.len() < 3_000, "the disk never got full");
        match socket.command(&send(id, &text)).await {
            Ok(_) => said.push(text),
            Err(error) => {
                assert_eq!(error, Error::Unavailable);
                break (id, text);
            }
        }
    };
    // Everything that writes is refused in the same way, everything that looks goes on.
    let failure = visitor.command(&send(refused.0, &refused.1)).await.expect_err("over HTTP too");
    assert_eq!((failure.status, failure.error), (503, Some(Error::Unavailable)));
    assert_eq!(aki.write(visitor.session, &refused.1).await, Err(Error::Unavailable));
    let rating = Rate {
        client_id: client_id(),
        stars: Stars::try_from(2).expect("two"),
        words: "x".repeat(2_000),
        anonymous: true,
        edit_secret: Some("0123456789abcdef".into()),
    };
    let rated = ended.command(&ClientFrame::Rate(rating.clone())).await;
    let expected = 4 + u32::try_from(said.len()).expect("few");
    assert_eq!(socket.newest().await, expected);
    assert_eq!(aki.thread(visitor.session, 0, "").await.expect("the thread").events.len(), said.len().min(96) + 4);
    assert_eq!(server.health().await, 200);

    disk.free();
    assert_eq!(socket.command(&send(refused.0, &refused.1)).await.expect("without a restart").vseq, expected + 1);
    said.push(refused.1);
    if let Err(failure) = rated {
        assert_eq!(failure.error, Some(Error::Unavailable));
        ended.command(&ClientFrame::Rate(rating)).await.expect("a rating that failed can be given again");
    }
    let kept = visitor.whole_chat().await;
    assert_eq!(texts(&kept)[2..], said, "everything acknowledged, once and in order");

    // And it is a sound database.
    let setup = server.kill().await;
    let mut database = Books::raw(&setup).await;
    let (verdict,): (String,) =
        sqlx::query_as("PRAGMA integrity_check").fetch_one(&mut database).await.expect("checked");
    assert_eq!(verdict, "ok");
    sqlx::Connection::close(database).await.expect("closed");
    let server = setup.start().await;
    let visitor = visitor.at(&server);
    assert_eq!(texts(&visitor.whole_chat().await)[2..], said);
}

//! The binary as a process: how it starts, refuses to start, and stops.

use std::{
    collections::HashSet,
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use domain::ClientId;
use nix::sys::signal::Signal;
use wire::{
    Close,
    visitor::{ClientFrame, ServerFrame},
};

use crate::common::{Agent, Books, Heard, Server, Setup, Visitor, VisitorSocket, client_id, send, texts, within};

/// Exit codes, as `deskbell --help` lists them.
const CONFIG: i32 = 3;
const FOLDER: i32 = 4;
const DATABASE: i32 = 5;
const NEWER: i32 = 6;
const IN_USE: i32 = 7;
const PORT: i32 = 8;

#[tokio::test]
async fn a_taken_port() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr();
    let holder = TcpListener::bind(taken.expect("an address")).expect("the port is ours");
    let address = holder.local_addr().expect("an address").to_string();
    let refusal = Setup::demo().listen(&address).start_in_vain().await;
    assert_eq!(refusal.code, Some(PORT), "{refusal:?}");
    assert!(refusal.words.contains(&address) && refusal.words.contains("--listen"), "{refusal:?}");
}

#[tokio::test]
async fn a_data_folder_that_cannot_be_written() {
    let setup = Setup::demo();
    let file = setup.beside("file");
    fs::write(&file, "no folder").expect("a file");
    // /proc takes no folders from anyone, not even from root, whom no permission bits stop.
    let mut folders = vec![file.join("data"), "/proc/deskbell".into()];
    if !nix::unistd::geteuid().is_root() {
        let closed = setup.beside("closed");
        fs::create_dir(&closed).expect("a folder");
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o500)).expect("closed");
        folders.push(closed.clone());
        folders.push(closed.join("data"));
    }
    for folder in folders {
        let refusal = setup.clone().data(folder.clone()).start_in_vain().await;
        assert_eq!(refusal.code, Some(FOLDER), "{refusal:?}");
        assert!(refusal.words.contains(&*folder.to_string_lossy()) && refusal.words.contains("--data"), "{refusal:?}");
    }
}

#[tokio::test]
async fn a_database_newer_than_the_program() {
    let setup = Server::start().await.stop().await;
    let mut database = Books::raw(&setup).await;
    let newer = "INSERT INTO schema_versions (version, name) VALUES (4711, 'from the future')";
    sqlx::query(newer).execute(&mut database).await.expect("written");
    sqlx::Connection::close(database).await.expect("closed");
    let before = fs::read(setup.database()).expect("the database");
    let refusal = setup.clone().start_in_vain().await;
    assert_eq!(refusal.code, Some(NEWER), "{refusal:?}");
    assert!(refusal.words.contains("4711"), "{refusal:?}");
    assert!(fs::read(setup.database()).expect("the database") == before, "left as it was");
}

#[tokio::test]
async fn a_file_that_is_no_database() {
    let setup = Setup::demo();
    fs::create_dir(setup.data_folder()).expect("a folder");
    fs::write(setup.database(), "something else entirely, and long enough to be looked at".repeat(100))
        .expect("a file");
    let refusal = setup.clone().start_in_vain().await;
    assert_eq!(refusal.code, Some(DATABASE), "{refusal:?}");
    assert!(fs::read_to_string(setup.database()).expect("still there").starts_with("something else"));
}

#[tokio::test]
async fn two_servers_on_one_folder() {
    let server = Server::start().await;
    let refusal = server.setup().clone().start_in_vain().await;
    assert_eq!(refusal.code, Some(IN_USE), "{refusal:?}");
    assert_eq!(server.health().await, 200, "the first one does not care");
    // Nor does one that was killed stand in the way of the next.
    server.kill().await.start().await;
}

#[tokio::test]
async fn keys_that_nobody_knows() {
    let refusal = Setup::demo().environment("DESKBELL_LISTN", "127.0.0.1:0").start_in_vain().await;
    assert_eq!(refusal.code, Some(CONFIG), "{refusal:?}");
    assert!(refusal.words.contains("DESKBELL_LISTN") && refusal.words.contains("`listen`"), "{refusal:?}");

    let setup = Setup::demo();
    fs::create_dir(setup.data_folder()).expect("a folder");
    let file = setup.data_folder().join("deskbell.toml");
    fs::write(file, "[limits]\nvisitor_message_burst = 3\nsign_in_attempts_burst = \"many\"\n").expect("a file");
    let refusal = setup.start_in_vain().await;
    assert_eq!(refusal.code, Some(CONFIG), "{refusal:?}");
    assert!(refusal.words.contains("line 2") && refusal.words.contains("visitor_messages_burst"), "{refusal:?}");
    assert!(refusal.words.contains("line 3"), "all problems at once: {refusal:?}");
}

#[tokio::test]
async fn demo_accounts_are_for_the_demo_only() {
    let server = Server::start().await;
    let file = server.setup().data_folder().join("demo-accounts.json");
    let mode = fs::metadata(&file).expect("the file of the accounts").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let passwords: Vec<_> = server.accounts.iter().map(|account| account.password.clone()).collect();
    assert!(passwords.iter().all(Option::is_some));
    assert_eq!(passwords.iter().collect::<HashSet<_>>().len(), 4, "each has its own");
    let other = Server::start().await;
    assert!(other.accounts.iter().all(|account| !passwords.contains(&account.password)), "made at the first start");

    let setup = server.stop().await;
    let refusal = setup.clone().without_demo().start_in_vain().await;
    assert_eq!(refusal.code, Some(CONFIG), "{refusal:?}");
    assert!(refusal.words.contains("--demo"), "{refusal:?}");

    // The file may be lost: the accounts are active all the same, and the demo gives them passwords that can be read.
    fs::remove_file(&file).expect("removed");
    let refusal = setup.clone().without_demo().start_in_vain().await;
    assert_eq!(refusal.code, Some(CONFIG), "{refusal:?}");
    let server = setup.start().await;
    let renewed: Vec<_> = server.accounts.iter().map(|account| account.password.clone()).collect();
    assert!(renewed.iter().all(|password| password.is_some() && !passwords.contains(password)), "{renewed:?}");
    let passwords = renewed;
    let mode = fs::metadata(&file).expect("the file of the accounts").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    Agent::sign_in(&server, "agent", 0).await;
    let setup = server.stop().await;

    // A later start shows the same ones; the one that was changed meanwhile is not shown any more.
    let changed = setup.clone().start().await;
    let shown: Vec<_> = changed.accounts.iter().map(|account| account.password.clone()).collect();
    assert_eq!(shown, passwords);
    let setup = changed.stop().await;
    let mut database = Books::raw(&setup).await;
    let sql = "UPDATE agents SET password_hash = 'changed' WHERE email = 'aki@demo.example'";
    sqlx::query(sql).execute(&mut database).await.expect("changed");
    let server = setup.start().await;
    assert_eq!(server.account("agent", 0).password, None);
    assert!(server.account("agent", 1).password.is_some());

    // Once all of them are gone, it is an installation like any other.
    let setup = server.stop().await;
    sqlx::query("UPDATE agents SET password_hash = 'changed'").execute(&mut database).await.expect("changed");
    sqlx::Connection::close(database).await.expect("closed");
    let server = setup.without_demo().start().await;
    assert!(server.accounts.is_empty());
    assert_eq!(server.health().await, 200);
}

#[tokio::test]
async fn the_first_admin() {
    // By the one-time link, which each start renews.
    let first = Setup::demo().without_demo().start().await;
    let stale = first.link.clone().expect("nobody works there yet");
    let server = first.stop().await.start().await;
    let link = server.link.clone().expect("nobody works there yet");
    let path = |link: &str| link.split_once("/setup/").map(|(_, token)| format!("/setup/{token}")).expect("a link");
    let form = |email: &'static str| [("name", "Ada"), ("email", email), ("password", "long enough for this")];
    let submit = async |path: String, email| {
        let request = server.http.post(format!("{}{path}", server.dashboard)).header("origin", &server.dashboard);
        within("an answer", request.form(&form(email)).send()).await.expect("the server answers")
    };
    assert_eq!(submit(path(&stale), "ada@example.org").await.status(), 404, "the link of an earlier start");
    assert_eq!(submit(path(&link), "ada@").await.status(), 422);
    assert_eq!(submit(path(&link), "ada@example.org").await.status(), 303);
    assert_eq!(submit(path(&link), "eve@example.org").await.status(), 404, "it works once");
    let own = [("origin", server.dashboard.as_str())];
    let token = Agent::try_sign_in(&server, "ada@example.org", "long enough for this", &own).await;
    let me = Agent::with_token(&server, token.expect("signed in")).inbox().await.me;
    assert!(me.roles.admin && me.roles.agent);

    // By the command line, while no server runs.
    let setup = server.setup().clone();
    let create = async |email: &str, password: &str| {
        let arguments = ["admin", "create", "--name", "Bo", "--email", email, "--password-stdin"];
        setup.run_with(&arguments, &format!("{password}\n")).await
    };
    assert_eq!(create("bo@example.org", "long enough for this").await.0, Some(IN_USE), "the server runs");
    let stopped = server.stop().await;
    let (code, words) = create("bo@example.org", "short").await;
    assert!(code != Some(0) && words.contains("password"), "{words}");
    assert_eq!(create("bo@example.org", "long enough for this").await.0, Some(0));
    assert_ne!(create("BO@example.org", "long enough for this").await.0, Some(0), "there is one already");
    let server = stopped.start().await;
    let own = [("origin", server.dashboard.as_str())];
    Agent::try_sign_in(&server, "bo@example.org", "long enough for this", &own).await.expect("signed in");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_says_goodbye_and_acknowledges_what_it_has_taken() {
    let mut server = Server::start().await;
    let aki = Agent::sign_in(&server, "agent", 0).await;
    let (mut desk, _) = aki.connect().await;
    let listener = Visitor::start(&server, "listening").await;
    let mut line = listener.stream(0, None, "").await;
    let mut greeting = listener.open().await;
    let acked = Arc::new(AtomicUsize::new(0));
    let mut writers = Vec::new();
    for n in 0..20 {
        let visitor = Visitor::start(&server, &format!("writer {n}")).await;
        let (socket, _) = visitor.connect().await;
        writers.push((visitor, socket));
    }
    let write = |(visitor, socket)| tokio::spawn(write_to_the_end(visitor, socket, Arc::clone(&acked)));
    let writers: Vec<_> = writers.into_iter().map(write).collect();
    within("writing to be under way", async {
        while acked.load(Ordering::Relaxed) < 200 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    server.signal(Signal::SIGTERM);
    let mut told = Vec::new();
    for writer in writers {
        told.push(writer.await.expect("the writer's task ends well"));
    }
    assert_eq!(desk.end().await, Some(Close::GoingAway.code()));
    assert_eq!(greeting.end().await, Some(Close::GoingAway.code()), "one that had not said hello yet");
    while line.next().await.is_some() {}
    assert_eq!(server.ended().await.code(), Some(0), "{}", server.log());
    let log_of_writes = server.setup().database().with_extension("db-wal");
    assert!(!log_of_writes.exists(), "the database was closed in order");

    // Whatever was written has been acknowledged, and the other way round.
    let books = Books::open(server.setup()).await;
    for (visitor, acked, code) in told {
        assert_eq!(code, Some(Close::GoingAway.code()));
        let events = books.events(visitor.session).await;
        let kept: Vec<_> = events.iter().skip(2).filter_map(|event| event.client_id).collect();
        assert_eq!(kept, acked);
    }
}

/// Writes one message after the other until the line ends: which were acknowledged, and how it ended.
async fn write_to_the_end(
    visitor: Visitor,
    mut socket: VisitorSocket,
    count: Arc<AtomicUsize>,
) -> (Visitor, Vec<ClientId>, Option<u16>) {
    let mut acked = Vec::new();
    // Fewer than the frames that one line may send at once.
    for n in 0.. {
        if n < 380 && socket.try_send(&send(client_id(), &format!("message {n}"))).await.is_err() {
            return (visitor, acked, socket.end().await);
        }
        loop {
            match socket.hear().await {
                Heard::Frame(ServerFrame::Ack(ack)) => {
                    count.fetch_add(1, Ordering::Relaxed);
                    acked.push(ack.client_id);
                    break;
                }
                Heard::Frame(_) => {}
                Heard::Closed(code) => return (visitor, acked, Some(code)),
                Heard::Gone => return (visitor, acked, None),
            }
        }
    }
    unreachable!("the loop has no end of its own")
}

#[tokio::test]
async fn ctrl_c_is_a_stop_too() {
    let mut server = Server::start().await;
    server.signal(Signal::SIGINT);
    assert_eq!(server.ended().await.code(), Some(0));
}

#[tokio::test]
async fn a_backup_under_load_is_restored_elsewhere() {
    let server = Server::start().await;
    let visitor = Visitor::start(&server, "one").await;
    let (mut socket, welcome) = visitor.connect().await;
    let busy = Visitor::start(&server, "busy").await;
    let backed_up = Arc::new(AtomicBool::new(false));
    let load = tokio::spawn({
        let (busy, backed_up) = (busy.clone(), backed_up.clone());
        async move {
            let (mut socket, _) = busy.connect().await;
            for n in 0.. {
                if backed_up.load(Ordering::Relaxed) {
                    break;
                }
                socket.write(&format!("load {n}")).await;
            }
        }
    });
    for n in 0..5 {
        socket.write(&format!("before {n}")).await;
    }
    let file = server.setup().beside("backup.db");
    let name = file.to_str().expect("a name in UTF-8").to_owned();
    let (code, said) = server.setup().run(&["backup", &name]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(!load.is_finished(), "it goes on during the backup");
    backed_up.store(true, Ordering::Relaxed);
    let (code, said) = server.setup().run(&["backup", &name]).await;
    assert_eq!(code, Some(FOLDER), "never over an existing file: {said}");
    socket.write("after the backup").await;
    within("the load to end", load).await.expect("it ends well");

    // Elsewhere, where the file with the demo's passwords is not.
    let elsewhere = Setup::demo();
    let (code, said) = elsewhere.run(&["restore", &name]).await;
    assert_eq!(code, Some(0), "{said}");
    let restored = elsewhere.start().await;
    let there = visitor.at(&restored);
    let after = socket.newest().await;
    let (mut back, fresh) = there.connect_from(after, Some(visitor.session), &welcome.epoch).await;
    assert_ne!(fresh.epoch, welcome.epoch, "positions of the other history are void");
    let expected: Vec<_> = (0..5).map(|n| format!("before {n}")).collect();
    assert_eq!(texts(&fresh.page.events)[2..], expected);
    assert_eq!(fresh.page.events.first().map(|event| event.vseq), Some(1), "a fresh snapshot, not what follows");
    back.write("goes on").await;
    // What the load had written at that moment is a gapless beginning of it.
    let there = busy.at(&restored);
    let events = there.whole_chat().await;
    let load = &texts(&events)[2..];
    assert_eq!(load, (0..load.len()).map(|n| format!("load {n}")).collect::<Vec<_>>());

    // Over a database only when asked twice, and never under a running server.
    let (code, said) = restored.setup().run(&["restore", &name, "--force"]).await;
    assert_eq!(code, Some(IN_USE), "{said}");
    let setup = restored.stop().await;
    assert_eq!(setup.run(&["restore", &name]).await.0, Some(FOLDER));
    let (code, said) = setup.run(&["restore", &name, "--force"]).await;
    assert_eq!(code, Some(0), "{said}");
    let nonsense = setup.beside("nonsense.db");
    fs::write(&nonsense, "no backup").expect("a file");
    let (code, said) = setup.run(&["restore", nonsense.to_str().expect("UTF-8"), "--force"]).await;
    assert_eq!(code, Some(DATABASE), "{said}");
    let again = setup.start().await;
    let there = visitor.at(&again);
    assert!(!texts(&there.whole_chat().await).contains(&"goes on"), "the backup's state");
    assert!(there.frame(&ClientFrame::Ping).await.is_ok());
}

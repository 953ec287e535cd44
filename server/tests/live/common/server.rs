//! The binary as a process.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::Arc,
    thread::{self, JoinHandle},
};

use domain::{QueueSettings, Strategy};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde::Deserialize;
use serde_json::json;
use store::Location;
use tempfile::TempDir;
use tokio::sync::watch;
use wire::queues::{Queue, QueueDraft, Queues};

use super::{Agent, Books, within};

/// How a server is to be started. Its data lie in a folder of its own, which is gone with the last of its owners.
#[derive(Clone)]
pub struct Setup {
    folder: Arc<TempDir>,
    data: PathBuf,
    demo: bool,
    listen: String,
    demo_listen: String,
    /// PostgreSQL in place of SQLite.
    postgres: Option<String>,
    environment: Vec<(String, String)>,
}

/// A running one; killed when dropped.
pub struct Server {
    setup: Setup,
    process: Process,
    /// Addresses without a slash at the end.
    pub dashboard: String,
    pub shop: String,
    pub accounts: Vec<Account>,
    /// The key of the demo's site.
    pub site: String,
    /// For making the first admin.
    pub link: Option<String>,
    pub http: reqwest::Client,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Account {
    pub role: String,
    pub email: String,
    pub password: Option<String>,
}

/// The line that says it is ready.
#[derive(Deserialize)]
struct Facts {
    dashboard: String,
    shop: Option<String>,
    #[serde(default)]
    accounts: Vec<Account>,
    setup: Option<String>,
}

/// A start that did not succeed.
#[derive(Debug)]
pub struct Refusal {
    pub code: Option<i32>,
    pub words: String,
}

impl Setup {
    /// The demo, with the limits out of the way.
    pub fn demo() -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a folder for the test"));
        let data = folder.path().join("data");
        let any = "127.0.0.1:0".to_owned();
        let setup = Self {
            folder,
            data,
            demo: true,
            listen: any.clone(),
            demo_listen: any,
            postgres: None,
            environment: Vec::new(),
        };
        [
            "VISITOR_MESSAGES_PER_SECOND",
            "VISITOR_MESSAGES_BURST",
            "STARTS_PER_MINUTE_PER_ADDRESS",
            "STARTS_BURST_PER_ADDRESS",
            "SIGN_IN_ATTEMPTS_PER_MINUTE",
            "SIGN_IN_ATTEMPTS_BURST",
        ]
        .iter()
        .fold(setup, |setup, limit| setup.limit(limit, 1_000_000))
    }

    pub fn without_demo(mut self) -> Self {
        self.demo = false;
        self
    }

    /// Sets one of the limits.
    pub fn limit(self, name: &str, to: u32) -> Self {
        self.environment(&format!("DESKBELL_LIMITS__{name}"), &to.to_string())
    }

    /// A later value of the same name wins.
    pub fn environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn data(mut self, data: PathBuf) -> Self {
        self.data = data;
        self
    }

    pub fn listen(mut self, address: &str) -> Self {
        address.clone_into(&mut self.listen);
        self
    }

    /// On a database of this PostgreSQL address.
    pub fn postgres(mut self, address: &str) -> Self {
        self.postgres = Some(address.to_owned());
        self.environment("DESKBELL_DATABASE", address)
    }

    /// On ports that stay the same when it is started again.
    pub fn fixed_ports(mut self) -> Self {
        self.listen = format!("127.0.0.1:{}", quiet_port());
        self.demo_listen = format!("127.0.0.1:{}", quiet_port());
        self
    }

    /// Where the data lie.
    pub fn data_folder(&self) -> PathBuf {
        self.data.clone()
    }

    /// The file, where it is SQLite.
    pub fn database(&self) -> PathBuf {
        self.data.join("deskbell.db")
    }

    pub fn location(&self) -> Location {
        self.postgres.clone().map_or_else(|| Location::Sqlite(self.database()), Location::Postgres)
    }

    /// A folder beside the data.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub async fn start(self) -> Server {
        match self.launch().await {
            Ok(server) => server,
            Err(refusal) => panic!("the server did not start: {refusal:?}"),
        }
    }

    /// A start that must not succeed.
    pub async fn start_in_vain(self) -> Refusal {
        match self.launch().await {
            Ok(_) => panic!("the server started although it should not"),
            Err(refusal) => refusal,
        }
    }

    /// Another command on the same data: exit code and everything it said.
    pub async fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        self.run_with(arguments, "").await
    }

    /// With something on its stdin.
    pub async fn run_with(&self, arguments: &[&str], input: &str) -> (Option<i32>, String) {
        let mut command = self.command();
        command.args(arguments).arg("--data").arg(&self.data);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let input = input.to_owned();
        let run = tokio::task::spawn_blocking(move || -> std::io::Result<Output> {
            let mut process = command.spawn()?;
            if let Some(mut stdin) = process.stdin.take() {
                // It may refuse before it has read anything.
                let _ = stdin.write_all(input.as_bytes());
            }
            process.wait_with_output()
        });
        let output = within("the command", run).await.expect("no panic").expect("the binary runs");
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&said).into_owned())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deskbell"));
        // A folder without a configuration file, and nothing of the environment that could be taken for one.
        command.current_dir(self.folder.path());
        for (name, _) in
            std::env::vars().filter(|(name, _)| name.starts_with("DESKBELL_") || name.starts_with("LEPTOS_"))
        {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().cloned());
        command
    }

    async fn launch(self) -> Result<Server, Refusal> {
        let log = self.log();
        let mut command = self.command();
        command.args(["serve", "--json", "--listen", &self.listen, "--data"]).arg(&self.data);
        if self.demo {
            command.args(["--demo", "--demo-listen", &self.demo_listen]);
        }
        let stderr = File::options().create(true).append(true).open(&log).expect("a file for the log");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(stderr);
        let (mut process, first_line) = Process::of(command.spawn().expect("the binary runs"));
        let line = within("the server to be ready", first_line).await.expect("its output is read");
        let Some(line) = line else {
            let status = process.ended().await;
            return Err(Refusal { code: status.code(), words: fs::read_to_string(log).unwrap_or_default() });
        };
        let facts: Facts =
            serde_json::from_str(&line).unwrap_or_else(|cause| panic!("no JSON line but {line}: {cause}"));
        // No connection is used twice: after a refused body the server closes, and a request sent into that is lost.
        let http =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().pool_max_idle_per_host(0);
        let trimmed = |address: String| address.trim_end_matches('/').to_owned();
        let mut server = Server {
            process,
            dashboard: trimmed(facts.dashboard),
            shop: trimmed(facts.shop.unwrap_or_default()),
            accounts: facts.accounts,
            site: String::new(),
            link: facts.setup,
            http: http.build().expect("a client"),
            setup: self,
        };
        if !server.shop.is_empty() {
            server.site = Books::demo_site(&server.setup).await;
        }
        Ok(server)
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

impl Server {
    /// The demo with the limits out of the way.
    pub async fn start() -> Self {
        Setup::demo().start().await
    }

    /// With a queue that rings nobody: for tests that count events, of which a ring makes some.
    pub async fn picking() -> Self {
        let server = Self::start().await;
        let admin = Agent::sign_in(&server, "admin", 0).await;
        let all: Queues = admin.call("queues-admin", json!({})).await.expect("an admin sees the queues");
        for queue in all.queues {
            let settings = QueueSettings { strategy: Strategy::Pick, ..queue.settings };
            let Queue { id, name, rules, members, supervisors, .. } = queue;
            let draft = QueueDraft { name, rules, settings, members, supervisors };
            admin.call::<Queue>("save-queue", json!({"id": id, "draft": draft})).await.expect("it is saved");
        }
        server
    }

    pub const fn setup(&self) -> &Setup {
        &self.setup
    }

    pub fn account(&self, role: &str, n: usize) -> &Account {
        self.accounts.iter().filter(|account| account.role == role).nth(n).expect("the demo has such an account")
    }

    /// SIGKILL, and waits until it is gone.
    pub async fn kill(mut self) -> Setup {
        self.signal(Signal::SIGKILL);
        self.ended().await;
        self.setup.clone()
    }

    pub fn signal(&self, signal: Signal) {
        self.process.signal(signal);
    }

    /// Waits until it has ended.
    pub async fn ended(&mut self) -> ExitStatus {
        self.process.ended().await
    }

    /// SIGTERM, and waits until it is gone.
    pub async fn stop(mut self) -> Setup {
        self.signal(Signal::SIGTERM);
        let status = self.ended().await;
        assert_eq!(status.code(), Some(0), "a stop on request is a success");
        self.setup.clone()
    }

    /// What it wrote to its log so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.setup.log()).unwrap_or_default()
    }

    pub async fn health(&self) -> u16 {
        let answer = self.http.get(format!("{}/healthz", self.dashboard)).send();
        within("the health check", answer).await.expect("the server answers").status().as_u16()
    }
}

/// A process that is waited for by a thread of its own (tokio's processes are a feature that the server itself does not
/// need: with it the whole tree of dependencies would be compiled once more for the tests).
struct Process {
    pid: Pid,
    status: watch::Receiver<Option<ExitStatus>>,
    waiter: Option<JoinHandle<()>>,
}

impl Process {
    /// With its first line, if there will be one.
    fn of(mut child: Child) -> (Self, tokio::task::JoinHandle<Option<String>>) {
        let pid = Pid::from_raw(i32::try_from(child.id()).expect("an id"));
        let stdout = child.stdout.take().expect("its output is piped");
        let first_line = tokio::task::spawn_blocking(move || {
            let mut lines = BufReader::new(stdout).lines();
            let first = lines.next().and_then(Result::ok);
            // Read on, or it would one day wait for a full pipe.
            thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
            first
        });
        let (ended, status) = watch::channel(None);
        let waiter = thread::spawn(move || {
            ended.send_replace(child.wait().ok());
        });
        (Self { pid, status, waiter: Some(waiter) }, first_line)
    }

    /// Nothing happens to one that has ended: its number may be another's by now.
    fn signal(&self, signal: Signal) {
        if self.status.borrow().is_none() {
            let _ = kill(self.pid, signal);
        }
    }

    async fn ended(&mut self) -> ExitStatus {
        let ended = within("the process to exit", self.status.wait_for(Option::is_some)).await;
        ended.expect("it is waited for").expect("it has ended")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.signal(Signal::SIGKILL);
        if let Some(waiter) = self.waiter.take() {
            let _ = waiter.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let newest: Vec<_> = log.lines().rev().take(30).collect();
            for line in newest.into_iter().rev() {
                eprintln!("server: {line}");
            }
        }
    }
}

/// A free port below those that the system hands out by itself: nobody takes it while a server is being restarted.
pub fn quiet_port() -> u16 {
    use std::sync::atomic::{AtomicU16, Ordering};
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = u16::try_from(std::process::id() % 1_900).unwrap_or_default() * 10;
    loop {
        let port = 12_000 + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 19_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

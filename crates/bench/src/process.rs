//! The server as a process, and what the system tells of it.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, SysconfVar, sysconf},
};
use serde_json::Value;

use crate::{Result, http};

/// Ended when dropped.
pub struct Process(Child);

/// A demo server that is ready, with the limits out of the way.
pub struct Server {
    pub process: Process,
    /// `127.0.0.1:PORT`.
    pub address: String,
    pub site: String,
    pub ready_in: Duration,
    agent: Option<(String, String)>,
}

impl Process {
    pub const fn of(child: Child) -> Self {
        Self(child)
    }

    /// Processor time so far.
    pub fn cpu(&self) -> Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id()))?;
        // The name in parentheses may hold anything; after it the fields are plain, user and system time the 12th and 13th.
        let fields: Vec<&str> = stat.rsplit_once(')').ok_or("no stat")?.1.split_whitespace().collect();
        let ticks: u64 = fields[11].parse::<u64>()? + fields[12].parse::<u64>()?;
        let per_second = u64::try_from(sysconf(SysconfVar::CLK_TCK)?.ok_or("no clock")?)?;
        Ok(Duration::from_millis(ticks * 1_000 / per_second))
    }

    /// Bytes in memory.
    pub fn resident(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
    }

    fn stop(&mut self) {
        if let Ok(pid) = i32::try_from(self.0.id()) {
            let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
        }
        let _ = self.0.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Server {
    pub fn demo(binary: &Path, data: &Path, postgres: Option<&str>) -> Result<Self> {
        Self::start(binary, data, postgres, true)
    }

    pub fn start(binary: &Path, data: &Path, postgres: Option<&str>, demo: bool) -> Result<Self> {
        let mut command = Command::new(binary);
        command.args(["serve", "--json", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        if demo {
            command.args(["--demo", "--demo-listen", "127.0.0.1:0"]);
        }
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("DESKBELL_")) {
            command.env_remove(name);
        }
        for limit in ["VISITOR_MESSAGES_PER_SECOND", "VISITOR_MESSAGES_BURST"] {
            command.env(format!("DESKBELL_LIMITS__{limit}"), "1000000");
        }
        for limit in ["STARTS_PER_MINUTE_PER_ADDRESS", "STARTS_BURST_PER_ADDRESS"] {
            command.env(format!("DESKBELL_LIMITS__{limit}"), "1000000");
        }
        command.env("DESKBELL_LOG__LEVEL", "warn");
        if let Some(postgres) = postgres {
            command.env("DESKBELL_DATABASE", postgres);
        }
        let began = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        let process = Process::of(child);
        let line = lines.next().ok_or("the server did not start")??;
        let ready_in = began.elapsed();
        thread::spawn(move || lines.map_while(std::result::Result::ok).for_each(drop));
        let facts: Value = serde_json::from_str(&line)?;
        let plain = |key: &str| facts[key].as_str().unwrap_or_default().trim_start_matches("http://").to_owned();
        let agent = facts["accounts"].as_array().into_iter().flatten().find(|account| account["role"] == "agent");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let agent = agent.map(|agent| (text(&agent["email"]), text(&agent["password"])));
        let shop = plain("shop");
        let site = if shop.is_empty() { String::new() } else { site_key(&shop)? };
        Ok(Self { process, address: plain("dashboard"), site, ready_in, agent })
    }

    /// Signs the demo's first agent in: the cookie.
    pub async fn sign_in(&self) -> Result<String> {
        let (email, password) = self.agent.as_ref().ok_or("the demo has no agent")?;
        let form = format!("email={}&password={password}&next=/inbox", email.replace('@', "%40"));
        let origin = format!("http://{}", self.address);
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", origin.as_str())];
        let answer = http::post(&self.address, "/sign-in", &headers, &form).await?;
        let cookie = answer.header("set-cookie").ok_or("signing in gave no cookie")?;
        Ok(cookie.split(';').next().unwrap_or_default().to_owned())
    }

    pub fn stop(mut self) {
        self.process.stop();
    }
}

/// From the snippet on the shop's page.
fn site_key(shop: &str) -> Result<String> {
    let page = http::get_blocking(shop, "/")?;
    let key = page.split("/w/").nth(1).and_then(|rest| rest.split_once(".js")).map(|(key, _)| key.to_owned());
    key.ok_or_else(|| "the shop's page has no snippet: the binary lacks the browser's files".into())
}

/// The value below which this part of them lies.
pub fn percentile(values: &mut [Duration], part: f64) -> Duration {
    values.sort_unstable();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index"
    )]
    let index = (values.len() as f64 * part) as usize;
    values.get(index.min(values.len().saturating_sub(1))).copied().unwrap_or_default()
}

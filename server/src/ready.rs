//! What is said when the server is ready: a block for people, or one line of JSON for
//! scripts. Both go to stdout; the log goes to stderr.

use std::{
    fmt::{self, Write as _},
    io::Write as _,
};

use serde::Serialize;
use services::demo::Account;

/// The facts.
#[derive(Debug, Serialize)]
pub struct Ready {
    /// The dashboard's address.
    pub dashboard: String,
    /// The demo shop's, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop: Option<String>,
    /// The demo's; `password` is null where it was changed.
    pub accounts: Vec<Account>,
    /// The one-time link for making the first admin, while there is nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setup: Option<String>,
    pub pid: u32,
}

impl Ready {
    /// To stdout, at once and in one piece. Nobody listening is no reason to stop.
    pub fn print(&self, json: bool) {
        let mut text = if json { serde_json::to_string(self).unwrap_or_default() } else { self.to_string() };
        text.push('\n');
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }
}

impl fmt::Display for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n  Deskbell is ready.\n")?;
        writeln!(f, "  Dashboard  {}", self.dashboard)?;
        if let Some(shop) = &self.shop {
            writeln!(f, "  Demo shop  {shop}")?;
        }
        if !self.accounts.is_empty() {
            writeln!(f, "\n  Sign in as")?;
            let widest = |of: fn(&Account) -> &str| self.accounts.iter().map(|account| of(account).len()).max();
            let (role, email) = (widest(|a| &a.role).unwrap_or(0), widest(|a| &a.email).unwrap_or(0));
            for account in &self.accounts {
                let password = account.password.as_deref().unwrap_or("(changed)");
                writeln!(f, "    {:role$}  {:email$}  {password}", account.role, account.email)?;
            }
        }
        if let Some(setup) = &self.setup {
            writeln!(f, "\n  Nobody works here yet. Make the first admin (the link works once):\n  {setup}")?;
        }
        f.write_str("\n  Ctrl-C stops it.")?;
        f.write_char('\n')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_get_one_line_and_people_a_block() {
        let account = |password: Option<&str>| Account {
            role: "agent".into(),
            name: "Aki".into(),
            email: "aki@demo.example".into(),
            password: password.map(Into::into),
        };
        let ready = Ready {
            dashboard: "http://127.0.0.1:3000".into(),
            shop: Some("http://localhost:3001".into()),
            accounts: vec![account(Some("s3cret")), account(None)],
            setup: None,
            pid: 7,
        };
        let line = serde_json::to_string(&ready).expect("JSON");
        assert!(!line.contains('\n'));
        let facts: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(facts["shop"], "http://localhost:3001");
        assert_eq!(facts["accounts"][0]["password"], "s3cret");
        assert!(facts["accounts"][1]["password"].is_null());
        let block = ready.to_string();
        assert!(block.contains("http://127.0.0.1:3000") && block.contains("aki@demo.example  s3cret"), "{block}");
        assert!(block.contains("(changed)"), "{block}");
    }
}

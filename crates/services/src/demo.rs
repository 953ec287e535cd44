//! The demo: a shop, its queue and four people with passwords made at first start.
//!
//! The passwords stand in `demo-accounts.json` in the data folder, readable by its owner only, so that a later start
//! can show them again. One that was changed meanwhile is shown as `null`.

use std::{io::Write, path::Path};

use domain::{Availability, QueueId, Role};
use serde::{Deserialize, Serialize};
use wire::{Error, Result};

use crate::{
    NewPerson, Services, SiteSettings, faults, passwords, random,
    setup::{first_queue, first_site, new_agent},
};

/// The file in the data folder.
pub const FILE: &str = "demo-accounts.json";

/// The setting that tells the demo's site among others.
const SITE: &str = "demo_site";

/// One account, as it is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub role: String,
    pub name: String,
    pub email: String,
    /// `None` when it was changed.
    pub password: Option<String>,
}

const PEOPLE: [(&str, &str, &str, &[Role]); 4] = [
    ("admin", "Ada Keller", "admin@demo.example", &[Role::Admin]),
    ("supervisor", "Sam Rivers", "supervisor@demo.example", &[Role::Supervisor]),
    ("agent", "Aki Kimura", "aki@demo.example", &[Role::Agent]),
    ("agent", "Jo Marsh", "jo@demo.example", &[Role::Agent]),
];

/// What the demo consists of.
pub struct Demo {
    pub accounts: Vec<Account>,
    /// The key of the shop's site.
    pub site_key: String,
}

/// Makes the demo's data where it is missing, and lets the shop's site be embedded on `shop_origins` (and on nothing
/// else) from now on.
pub async fn seed(services: &Services, data: &Path, shop_origins: &[String]) -> Result<Demo> {
    let file = data.join(FILE);
    let accounts = match read(&file) {
        Some(accounts) => still_true(services, accounts).await?,
        None if known(services).await? => still_true(services, without_passwords()).await?,
        None => make(services, &file).await?,
    };
    let mut tx = services.inner().store.begin().await.map_err(faults::stored)?;
    let site = tx.setting(SITE).await.map_err(faults::stored)?.and_then(|id| id.parse().ok()).ok_or(Error::NotFound)?;
    tx.set_site_origins(site, shop_origins).await.map_err(faults::stored)?;
    tx.commit().await.map_err(faults::stored)?;
    services.reload_directory().await.map_err(faults::stored)?;
    let site_key = services.directory().sites.get(&site).map(|site| site.key.clone()).ok_or(Error::NotFound)?;
    Ok(Demo { accounts, site_key })
}

/// The demo accounts that can still be signed in to with the password in the file: a start without the demo refuses
/// while there are any.
pub async fn active(services: &Services, data: &Path) -> Result<Vec<Account>> {
    let Some(accounts) = read(&data.join(FILE)) else { return Ok(Vec::new()) };
    let accounts = still_true(services, accounts).await?;
    Ok(accounts.into_iter().filter(|account| account.password.is_some()).collect())
}

fn read(file: &Path) -> Option<Vec<Account>> {
    serde_json::from_slice(&std::fs::read(file).ok()?).ok()
}

/// Whether the demo's people are in the database: it was restored, or the file was taken away.
async fn known(services: &Services) -> Result<bool> {
    let mut conn = services.inner().store.read().await.map_err(faults::stored)?;
    Ok(conn.setting(SITE).await.map_err(faults::stored)?.is_some())
}

fn without_passwords() -> Vec<Account> {
    let account = |(role, name, email, _): (&str, &str, &str, &[Role])| Account {
        role: role.to_owned(),
        name: name.to_owned(),
        email: email.to_owned(),
        password: None,
    };
    PEOPLE.into_iter().map(account).collect()
}

async fn still_true(services: &Services, accounts: Vec<Account>) -> Result<Vec<Account>> {
    let mut checked = Vec::with_capacity(accounts.len());
    for mut account in accounts {
        let mut conn = services.inner().store.read().await.map_err(faults::stored)?;
        let found = conn.credentials(&account.email).await.map_err(faults::stored)?;
        drop(conn);
        let hash = found.filter(|found| found.agent.deactivated_at.is_none()).map(|found| found.password_hash);
        if let Some(password) = account.password.take()
            && passwords::verify(password.clone(), hash).await
        {
            account.password = Some(password);
        }
        checked.push(account);
    }
    Ok(checked)
}

async fn make(services: &Services, file: &Path) -> Result<Vec<Account>> {
    let now = services.now();
    let mut accounts = Vec::new();
    let mut agents = Vec::new();
    let (mut members, mut supervisors) = (Vec::new(), Vec::new());
    for (role, name, email, roles) in PEOPLE {
        let password = random::password();
        let person = NewPerson {
            name: name.to_owned(),
            email: email.to_owned(),
            password: password.clone(),
            roles: roles.to_vec(),
        };
        let agent = new_agent(person, now).await?;
        if roles.contains(&Role::Agent) {
            members.push(agent.id);
        }
        if roles.contains(&Role::Supervisor) {
            supervisors.push(agent.id);
        }
        agents.push(agent);
        accounts.push(Account {
            role: role.to_owned(),
            name: name.to_owned(),
            email: email.to_owned(),
            password: Some(password),
        });
    }
    // Before the database: a password that is nowhere to be read would lock everyone out of the demo.
    write_private(file, &accounts).map_err(|cause| {
        tracing::error!(%cause, file = %file.display(), "demo accounts not written");
        Error::Unavailable
    })?;
    let mut tx = services.inner().store.begin().await.map_err(faults::stored)?;
    for agent in agents {
        let id = agent.id;
        tx.create_agent(agent).await.map_err(faults::stored)?;
        tx.set_availability(id, Availability::Online).await.map_err(faults::stored)?;
    }
    let queue: QueueId = first_queue(&mut tx, "Sales", &members, now).await?;
    tx.set_queue_supervisors(queue, &supervisors).await.map_err(faults::stored)?;
    let settings = SiteSettings {
        greeting: Some("Thank you for your question. A person will be with you in a moment.".to_owned()),
        ..SiteSettings::default()
    };
    let site = first_site(&mut tx, "Oak & Co.", queue, Vec::new(), settings, now).await?;
    tx.set_setting(SITE, &site.to_string()).await.map_err(faults::stored)?;
    tx.commit().await.map_err(faults::stored)?;
    services.reload_directory().await.map_err(faults::stored)?;
    Ok(accounts)
}

fn write_private(file: &Path, accounts: &[Account]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file)?;
    file.write_all(&serde_json::to_vec_pretty(accounts)?)?;
    file.sync_all()
}

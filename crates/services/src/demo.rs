//! The demo: a shop, its queue and four people with passwords made at first start.
//!
//! The passwords stand in `demo-accounts.json` in the data folder, readable by its owner only, so that a later start
//! can show them again. One that was changed meanwhile is shown as `null`. The database knows which accounts still have
//! their first password: where the file was lost, or a backup was restored elsewhere, a plain start refuses all the
//! same, and a start of the demo gives them new ones. (Whoever can start it on a data folder has the database anyway.)

use std::{io::Write, path::Path};

use domain::{AgentId, Availability, QueueId, Role, SiteSettings, Strategy};
use serde::{Deserialize, Serialize};
use wire::{Error, Result};

use crate::{
    NewPerson, Services, faults, passwords, random,
    setup::{first_queue, first_site, new_agent},
};

/// The file in the data folder.
pub const FILE: &str = "demo-accounts.json";

/// The setting that tells the demo's site among others.
const SITE: &str = "demo_site";

/// The setting that marks the demo's accounts: a JSON list of [`Made`].
const ACCOUNTS: &str = "demo_accounts";

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

/// What the database knows of an account's first password: the hash that signs in with it, as long as nobody has changed
/// it, and a digest that tells whether the file has the password to it. The passwords are random, 98 bits: their digest
/// gives nothing away, and comparing it costs no start the memory and the time of four argon2 hashes.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Made {
    email: String,
    hash: String,
    digest: [u8; 32],
}

/// Makes the demo's data where it is missing, and lets the shop's site be embedded on `shop_origins` (and on nothing
/// else) from now on. Accounts whose first password can be read nowhere any more get a new one.
pub async fn seed(services: &Services, data: &Path, shop_origins: &[String]) -> Result<Demo> {
    let file = data.join(FILE);
    let made = made(services).await?;
    let accounts = if made.is_empty() { make(services, &file).await? } else { shown(services, &file, made).await? };
    let mut tx = services.inner().store.begin().await.map_err(faults::stored)?;
    let site = tx.setting(SITE).await.map_err(faults::stored)?.and_then(|id| id.parse().ok()).ok_or(Error::NotFound)?;
    tx.set_site_origins(site, shop_origins).await.map_err(faults::stored)?;
    tx.commit().await.map_err(faults::stored)?;
    services.reload_directory().await.map_err(faults::stored)?;
    let site_key = services.directory().sites.get(&site).map(|site| site.key.clone()).ok_or(Error::NotFound)?;
    Ok(Demo { accounts, site_key })
}

/// The addresses of the demo accounts that can still be signed in to with the password made for them, whether or not
/// the file with it is still there: a start without the demo refuses while there are any.
pub async fn active(services: &Services) -> Result<Vec<String>> {
    let mut active = Vec::new();
    for made in made(services).await? {
        if unchanged(services, &made).await?.is_some() {
            active.push(made.email);
        }
    }
    Ok(active)
}

/// Empty when this database has never seen the demo.
async fn made(services: &Services) -> Result<Vec<Made>> {
    let mut conn = services.inner().store.read().await.map_err(faults::stored)?;
    let Some(kept) = conn.setting(ACCOUNTS).await.map_err(faults::stored)? else { return Ok(Vec::new()) };
    serde_json::from_str(&kept).map_err(|cause| {
        tracing::error!(%cause, "the demo's accounts in the database cannot be read");
        Error::Internal
    })
}

/// The account, if it is active and still has its first password.
async fn unchanged(services: &Services, made: &Made) -> Result<Option<AgentId>> {
    let mut conn = services.inner().store.read().await.map_err(faults::stored)?;
    let found = conn.credentials(&made.email).await.map_err(faults::stored)?;
    let unchanged = found.filter(|found| found.agent.deactivated_at.is_none() && found.password_hash == made.hash);
    Ok(unchanged.map(|found| found.agent.id))
}

async fn shown(services: &Services, file: &Path, mut made: Vec<Made>) -> Result<Vec<Account>> {
    let mut readable = read(file).unwrap_or_default();
    let mut accounts = Vec::with_capacity(PEOPLE.len());
    let mut anew = Vec::new();
    for (role, name, email, _) in PEOPLE {
        let kept = readable.iter_mut().find(|account| account.email == email);
        let mut password = kept.and_then(|account| account.password.take());
        if let Some(made) = made.iter_mut().find(|made| made.email == email)
            && let Some(id) = unchanged(services, made).await?
        {
            if password.as_ref().is_none_or(|kept| random::token_hash(kept) != made.digest) {
                let fresh = random::password();
                *made = Made::of(email, &fresh, passwords::hash(fresh.clone()).await.ok_or(Error::Internal)?);
                anew.push((id, made.hash.clone()));
                password = Some(fresh);
            }
        } else {
            password = None;
        }
        accounts.push(Account { role: role.to_owned(), name: name.to_owned(), email: email.to_owned(), password });
    }
    if !anew.is_empty() {
        tracing::warn!(file = %file.display(), "the passwords of demo accounts were lost; these accounts have new ones");
        keep(file, &accounts)?;
        let mut tx = services.inner().store.begin().await.map_err(faults::stored)?;
        for (id, hash) in anew {
            tx.set_password_hash(id, &hash).await.map_err(faults::stored)?;
        }
        tx.set_setting(ACCOUNTS, &json(&made)?).await.map_err(faults::stored)?;
        tx.commit().await.map_err(faults::stored)?;
    }
    Ok(accounts)
}

impl Made {
    fn of(email: &str, password: &str, hash: String) -> Self {
        Self { email: email.to_owned(), hash, digest: random::token_hash(password) }
    }
}

fn read(file: &Path) -> Option<Vec<Account>> {
    serde_json::from_slice(&std::fs::read(file).ok()?).ok()
}

fn json(made: &[Made]) -> Result<String> {
    serde_json::to_string(made).map_err(|_| Error::Internal)
}

/// Before the database: a password that is nowhere to be read would lock everyone out of the demo.
fn keep(file: &Path, accounts: &[Account]) -> Result<()> {
    write_private(file, accounts).map_err(|cause| {
        tracing::error!(%cause, file = %file.display(), "demo accounts not written");
        Error::Unavailable
    })
}

async fn make(services: &Services, file: &Path) -> Result<Vec<Account>> {
    let now = services.now();
    let mut accounts = Vec::new();
    let mut agents = Vec::new();
    let mut made = Vec::new();
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
        made.push(Made::of(email, &password, agent.password_hash.clone()));
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
    keep(file, &accounts)?;
    let mut tx = services.inner().store.begin().await.map_err(faults::stored)?;
    for agent in agents {
        let id = agent.id;
        tx.create_agent(agent).await.map_err(faults::stored)?;
        tx.set_availability(id, Availability::Online).await.map_err(faults::stored)?;
    }
    let queue: QueueId = first_queue(&mut tx, "Sales", Strategy::RingByTurns, &members, now).await?;
    tx.set_queue_supervisors(queue, &supervisors).await.map_err(faults::stored)?;
    let settings = SiteSettings {
        greeting: Some("Thank you for your question. A person will be with you in a moment.".to_owned()),
        ..SiteSettings::default()
    };
    let site = first_site(&mut tx, "Oak & Co.", queue, Vec::new(), settings, now).await?;
    tx.set_setting(ACCOUNTS, &json(&made)?).await.map_err(faults::stored)?;
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

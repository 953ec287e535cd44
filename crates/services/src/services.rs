//! The one handle on everything, and how it is started.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use domain::{Span, Timestamp};
use realtime::Hub;
use store::{Location, OpenError, Options, Store, StoreError};
use tokio::sync::mpsc;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Clock, FilesConfig, FilesError, Limits,
    absences::Absences,
    alerts::Alerts,
    directory::{Directory, Member, QueueEntry, SiteEntry},
    dispatcher::{Dispatch, Heard},
    files::{self, Files},
    heads::Heads,
    letters::Letters,
    limits::Guard,
    metrics::Metrics,
    places::Places,
    presence::Presence,
    publisher,
    visitor_access::AnonymousOnce,
};

/// What a server is begun with.
pub struct Begin {
    pub location: Location,
    pub store: Options,
    pub limits: Limits,
    pub files: FilesConfig,
    pub clock: Clock,
}

/// Why it did not begin.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Services(Arc<Inner>);

pub(crate) struct Inner {
    pub store: Store,
    pub hub: Hub,
    pub clock: Clock,
    pub guard: Guard,
    pub files: Files,
    pub presence: Presence,
    pub absences: Absences,
    pub alerts: Alerts,
    pub letters: Letters,
    pub heads: Heads,
    pub places: Places,
    pub metrics: Metrics,
    pub anonymous: AnonymousOnce,
    /// Changes when the data is restored from a backup, so that clients drop positions that are no longer true.
    pub epoch: String,
    pub dispatch: Dispatch,
    directory: RwLock<Arc<Directory>>,
    directory_turn: tokio::sync::Mutex<()>,
    /// Held by whoever changes settings that have to fit together, from reading them to the commit.
    pub settings_turn: tokio::sync::Mutex<()>,
    stop: CancellationToken,
    tasks: TaskTracker,
    publisher: Mutex<Option<tokio::task::JoinHandle<()>>>,
}

impl Services {
    /// Opens the store and starts what runs beside the requests: publishing, routing, places in the queue.
    pub async fn start(begin: Begin) -> Result<Self, StartError> {
        let alone = matches!(begin.location, Location::Sqlite(_));
        let (changes, committed) = mpsc::unbounded_channel();
        let (dispatch, heard) = Dispatch::new();
        let store = Store::open(&begin.location, begin.store, changes).await?;
        let directory = read_directory(&store).await?;
        let files = Files::open(begin.files, files::key(&store).await?)?;
        let epoch = store.epoch().to_owned();
        let services = Self(Arc::new(Inner {
            store,
            hub: Hub::default(),
            clock: begin.clock,
            guard: Guard::new(begin.limits),
            files,
            presence: Presence::default(),
            absences: Absences::default(),
            alerts: Alerts::default(),
            letters: Letters::default(),
            heads: Heads::new(alone),
            places: Places::default(),
            metrics: Metrics::default(),
            anonymous: AnonymousOnce::default(),
            epoch,
            dispatch,
            directory: RwLock::new(Arc::new(directory)),
            directory_turn: tokio::sync::Mutex::default(),
            settings_turn: tokio::sync::Mutex::default(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            publisher: Mutex::default(),
        }));
        let publisher = tokio::spawn(publisher::run(services.clone(), committed));
        *services.0.publisher.lock().unwrap_or_else(PoisonError::into_inner) = Some(publisher);
        services.expect_agents().await?;
        services.spawn(crate::dispatcher::run(services.clone(), heard));
        services.spawn(crate::absences::run(services.clone()));
        services.spawn(crate::places::run(services.clone()));
        services.spawn(files::run(services.clone()));
        Ok(services)
    }

    /// Ends the work beside the requests, lets the writer finish what it has taken, and closes the database.
    pub async fn stop(&self) {
        self.0.stop.cancel();
        self.0.tasks.close();
        self.0.tasks.wait().await;
        self.0.store.close().await;
        let publisher = self.0.publisher.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(publisher) = publisher {
            publisher.abort();
        }
    }

    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Puts the clock forward where it can be.
    pub fn advance(&self, by: Span) {
        self.0.clock.advance(by);
    }

    /// The site with this key, if there is one.
    pub fn site(&self, key: &str) -> Option<SiteEntry> {
        self.directory().site_by_key(key).cloned()
    }

    /// Every origin that some site may be embedded on; for the public API's CORS.
    pub fn is_site_origin(&self, origin: &str) -> bool {
        self.directory().sites.values().any(|site| site.origins.iter().any(|own| own == origin))
    }

    /// Names and faces of those who serve a site's queue, for the widget's head; those who are there now first.
    pub fn team(&self, site: &SiteEntry) -> Vec<wire::visitor::Face> {
        let directory = self.directory();
        let mut team: Vec<&Member> = directory.members.values().filter(|member| member.serves(site.queue)).collect();
        team.sort_by_key(|member| (!self.0.presence.here(member.id), member.name.clone()));
        team.into_iter().take(3).map(|member| member.face.clone()).collect()
    }

    /// Open connections of visitors and of agents.
    pub fn connections(&self) -> (usize, usize) {
        self.0.hub.counts()
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    pub(crate) fn directory(&self) -> Arc<Directory> {
        Arc::clone(&self.0.directory.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the directory anew; called after every change to people, queues or sites.
    pub(crate) async fn reload_directory(&self) -> Result<(), StoreError> {
        // One at a time, or an older reading could replace a newer one.
        let _turn = self.0.directory_turn.lock().await;
        let directory = Arc::new(read_directory(&self.0.store).await?);
        *self.0.directory.write().unwrap_or_else(PoisonError::into_inner) = directory;
        self.0.dispatch.hear(Heard::Directory);
        Ok(())
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let stop = self.0.stop.clone();
        self.0.tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = task => {}
            }
        });
    }
}

async fn read_directory(store: &Store) -> Result<Directory, StoreError> {
    let mut conn = store.read().await?;
    let mut directory = Directory::default();
    let mut chosen: HashMap<_, _> = conn.alert_preferences().await?.into_iter().collect();
    for agent in conn.agents().await? {
        let paused = conn.setting(&crate::staff::paused_key(agent.id)).await?.unwrap_or_default();
        let member = Member {
            id: agent.id,
            face: crate::faces::face(&agent.name, agent.id.uuid()),
            name: agent.name,
            email: agent.email,
            roles: agent.roles,
            availability: agent.availability,
            auth_epoch: agent.auth_epoch,
            chat_limit: agent.chat_limit,
            last_offer: agent.last_offer,
            alerts: chosen.remove(&agent.id).and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default(),
            active: agent.deactivated_at.is_none(),
            member_of: conn.queues_of_agent(agent.id).await?.into_iter().collect(),
            paused: paused.split_whitespace().filter_map(|id| id.parse().ok()).collect(),
            supervises: conn.queues_supervised_by(agent.id).await?.into_iter().collect(),
        };
        directory.members.insert(member.id, member);
    }
    for queue in conn.queues().await? {
        directory.queues.insert(
            queue.id,
            QueueEntry { id: queue.id, name: queue.name, rules: queue.rules, settings: queue.settings },
        );
    }
    directory.guard = domain::Guard::of(conn.guard_rules().await?);
    let clean_up = conn.setting(crate::clean_up::SETTING).await?;
    directory.clean_up = clean_up.and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default();
    directory.former_queues = conn.former_queues().await?.into_iter().collect();
    for site in conn.sites().await? {
        let settings = serde_json::from_str(&site.settings).unwrap_or_default();
        let entry = SiteEntry {
            id: site.id,
            key: site.key,
            name: site.name,
            queue: site.queue,
            origins: site.origins,
            settings,
        };
        directory.sites.insert(entry.id, entry);
    }
    Ok(directory)
}

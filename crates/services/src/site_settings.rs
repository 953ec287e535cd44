//! Sites as an admin sets them: where the widget may stand, how it looks, what it asks (PRODUCT V3, M5, M6).
//!
//! Whatever is saved holds for the next page that loads the widget, and for forms that are open already: an answer that is
//! missing by then is asked for.

use domain::{
    FieldProblem, IDENTITY_SECRETS, SITE_NAME, SITE_ORIGINS, SecretId, SiteId, message_text, one_line, page_origin,
};
use serde_json::json;
use store::IdentitySecret;
use wire::{
    Error, Field, Result,
    sites::{NewSecret, Secret, Site, SiteDraft, Sites},
};

use crate::{
    Administration,
    directory::{Directory, SiteEntry},
    faults, random,
};

impl Administration {
    pub fn sites(&self) -> Sites {
        let directory = self.staff.services.directory();
        let mut sites: Vec<_> = directory.sites.values().map(shown).collect();
        sites.sort_by_cached_key(|site| (site.draft.name.to_lowercase(), site.id));
        let mut queues: Vec<_> = directory.queues.values().map(|queue| (queue.id, queue.name.clone())).collect();
        queues.sort_by_cached_key(|(id, name)| (name.to_lowercase(), *id));
        Sites { sites, queues, letters: self.staff.services.sends_letters() }
    }

    /// Changes a site. `Invalid` with every field that is wrong.
    pub async fn save_site(&self, id: SiteId, draft: SiteDraft) -> Result<Site> {
        let services = &self.staff.services;
        let _turn = services.inner().settings_turn.lock().await;
        let draft = tidied(draft, &services.directory())?;
        let SiteDraft { name, origins, queue, settings } = &draft;
        let kept = serde_json::to_string(settings).map_err(|_| Error::Internal)?;
        let now = services.now();
        let mut tx = services.inner().store.begin().await.map_err(faults::stored)?;
        tx.site(id).await.map_err(faults::stored)?.ok_or(Error::NotFound)?;
        if settings.identified_only && tx.identity_secrets(id).await.map_err(faults::stored)?.is_empty() {
            // Nobody could chat any more.
            return Err(Error::invalid("identified_only", FieldProblem::Missing));
        }
        tx.update_site(id, name, origins, *queue, &kept).await.map_err(faults::stored)?;
        let data = json!({"name": name, "origins": origins, "fields": settings.form.fields.len()});
        self.staff.note(&mut tx, "site.changed", &id.to_string(), data, now).await?;
        tx.commit().await.map_err(faults::stored)?;
        services.reload_directory().await.map_err(faults::stored)?;
        services.directory().sites.get(&id).map(shown).ok_or(Error::NotFound)
    }
}

/// Secrets of a site. They hold at once, and the one that is made is told only once.
impl Administration {
    pub async fn site_secrets(&self, site: SiteId) -> Result<Vec<Secret>> {
        let services = &self.staff.services;
        self.known_site(site)?;
        let mut conn = services.inner().store.read().await.map_err(faults::stored)?;
        let kept = conn.identity_secrets(site).await.map_err(faults::stored)?;
        Ok(kept.iter().map(told).collect())
    }

    /// `Invalid` where there are as many as may be: the old one is retired first.
    pub async fn make_site_secret(&self, site: SiteId) -> Result<NewSecret> {
        let services = &self.staff.services;
        let _turn = services.inner().settings_turn.lock().await;
        self.known_site(site)?;
        let now = services.now();
        let made = IdentitySecret { id: SecretId::from_uuid(random::id(now)), secret: random::token(), made_at: now };
        let mut tx = services.inner().store.begin().await.map_err(faults::stored)?;
        let mut kept = tx.identity_secrets(site).await.map_err(faults::stored)?;
        if kept.len() >= IDENTITY_SECRETS {
            return Err(Error::invalid("secret", FieldProblem::TooMany));
        }
        tx.add_identity_secret(site, &made).await.map_err(faults::stored)?;
        let data = json!({"secret": made.id.to_string()});
        self.staff.note(&mut tx, "site.secret_made", &site.to_string(), data, now).await?;
        tx.commit().await.map_err(faults::stored)?;
        let secret = made.secret.clone();
        kept.push(made);
        Ok(NewSecret { secret, all: kept.iter().map(told).collect() })
    }

    /// What it has signed is refused from now on. `Invalid` for the last one of a site that serves nobody else.
    pub async fn retire_site_secret(&self, site: SiteId, id: SecretId) -> Result<Vec<Secret>> {
        let services = &self.staff.services;
        let _turn = services.inner().settings_turn.lock().await;
        let entry = self.known_site(site)?;
        let now = services.now();
        let mut tx = services.inner().store.begin().await.map_err(faults::stored)?;
        if !tx.remove_identity_secret(site, id).await.map_err(faults::stored)? {
            return Err(Error::NotFound);
        }
        let kept = tx.identity_secrets(site).await.map_err(faults::stored)?;
        if kept.is_empty() && entry.settings.identified_only {
            return Err(Error::invalid("secret", FieldProblem::Missing));
        }
        let data = json!({"secret": id.to_string()});
        self.staff.note(&mut tx, "site.secret_retired", &site.to_string(), data, now).await?;
        tx.commit().await.map_err(faults::stored)?;
        Ok(kept.iter().map(told).collect())
    }

    fn known_site(&self, site: SiteId) -> Result<SiteEntry> {
        self.staff.services.directory().sites.get(&site).cloned().ok_or(Error::NotFound)
    }
}

fn told(secret: &IdentitySecret) -> Secret {
    // They are made of ASCII.
    let ending = secret.secret.get(secret.secret.len().saturating_sub(4)..).unwrap_or_default();
    Secret { id: secret.id, made_at: secret.made_at, ending: ending.to_owned() }
}

fn shown(site: &SiteEntry) -> Site {
    let SiteEntry { id, key, name, queue, origins, settings } = site.clone();
    Site { id, key, draft: SiteDraft { name, origins, queue, settings } }
}

/// As it is kept, or everything that is wrong with it.
fn tidied(mut draft: SiteDraft, directory: &Directory) -> Result<SiteDraft> {
    let mut wrong = Vec::new();
    let mut fault = |field: &str, problem| wrong.push((field.to_owned(), problem));
    let name = one_line(&draft.name, SITE_NAME + 1);
    if name.is_empty() {
        fault("name", FieldProblem::Missing);
    } else if name.chars().count() > SITE_NAME {
        fault("name", FieldProblem::TooLong);
    }
    draft.name = name;
    let mut origins = Vec::new();
    for typed in draft.origins.iter().filter(|typed| !typed.trim().is_empty()) {
        match page_origin(typed) {
            Some(origin) if origins.contains(&origin) => {}
            Some(origin) => origins.push(origin),
            None => fault("origins", FieldProblem::Unknown),
        }
    }
    if origins.len() > SITE_ORIGINS {
        fault("origins", FieldProblem::TooLong);
    }
    draft.origins = origins;
    if !directory.queues.contains_key(&draft.queue) {
        fault("queue", FieldProblem::Unknown);
    }
    let settings = &mut draft.settings;
    settings.greeting = settings.greeting.as_deref().and_then(|text| message_text(text).ok());
    for (name, form) in [("form", &mut settings.form), ("away_form", &mut settings.away_form)] {
        for (n, field) in form.fields.iter_mut().enumerate() {
            // One more than may be, so that too much is told and not cut off.
            field.label = one_line(&field.label, domain::FIELD_LABEL + 1);
            field.url = field.url.trim().to_owned();
            for option in &mut field.options {
                option.label = one_line(&option.label, domain::FIELD_LABEL + 1);
                if option.queue.is_some_and(|queue| !directory.queues.contains_key(&queue)) {
                    fault(&format!("{name}.{n}.options"), FieldProblem::Unknown);
                }
            }
        }
    }
    for invite in &mut settings.invites {
        invite.text = one_line(&invite.text, domain::INVITE_TEXT + 1);
        invite.page = one_line(&invite.page, domain::INVITE_PAGE + 1);
    }
    wrong.extend(settings.faults());
    wrong.dedup();
    if wrong.is_empty() {
        return Ok(draft);
    }
    Err(Error::Invalid(wrong.into_iter().map(|(field, problem)| Field { field, problem }).collect()))
}

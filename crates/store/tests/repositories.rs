//! Every repository, on both engines.

use domain::{Availability, PageVisit, QueueRules, QueueSettings, Role, Roles, Stars, Strategy, WrapUp};
use store::{AnonymousRating, AuditEntry, NewAgent, NewQueue, NewSignIn, NewSite, StoreError};
use testkit::{Ids, NOW, at, both_dbs, token};

type Checked = Result<(), Box<dyn std::error::Error>>;

both_dbs! {
    async fn agents_are_found_by_address_in_any_case(db: TestDb) -> Checked {
        let ids = Ids::seeded(9);
        let id = ids.agent();
        let roles = Roles::of([Role::Supervisor, Role::Admin]);
        let new = NewAgent {
            id,
            email: " Bea@Example.org ".into(),
            name: "Bea".into(),
            password_hash: "hash".into(),
            roles,
            now: NOW,
        };
        let mut tx = db.store.begin().await?;
        tx.create_agent(new.clone()).await?;
        tx.commit().await?;
        let mut tx = db.store.begin().await?;
        let again = tx.create_agent(NewAgent { id: ids.agent(), email: "BEA@example.org".into(), ..new }).await;
        assert!(matches!(again, Err(StoreError::Taken)), "{again:?}");
        drop(tx);

        let mut tx = db.store.begin().await?;
        tx.set_availability(id, Availability::Away).await?;
        tx.set_password_hash(id, "other").await?;
        tx.set_roles(id, Roles::of([Role::Agent])).await?;
        tx.bump_auth_epoch(id).await?;
        tx.commit().await?;
        let mut read = db.store.read().await?;
        let found = read.credentials("bEa@example.ORG").await?.ok_or("not found")?;
        assert_eq!(found.password_hash, "other");
        assert_eq!(found.agent.email, "bea@example.org");
        assert_eq!((found.agent.roles, found.agent.auth_epoch), (Roles::of([Role::Agent]), 2));
        assert_eq!((found.agent.availability, found.agent.created_at), (Availability::Away, NOW));
        assert_eq!(read.agent(id).await?, Some(found.agent.clone()));
        assert_eq!(read.agents().await?, [found.agent]);
        assert!(read.credentials("nobody@example.org").await?.is_none());
        Ok(())
    }

    async fn a_sign_in_comes_with_its_agent(db: TestDb) -> Checked {
        let world = db.world().await;
        let new = |n: u8| NewSignIn {
            id: world.ids.sign_in(),
            token_hash: token(n),
            agent: world.agent,
            now: NOW,
            expires_at: at(i64::from(n) * 100),
        };
        let (first, second, third) = (new(1), new(2), new(3));
        let mut tx = db.store.begin().await?;
        for sign_in in [&first, &second, &third] {
            tx.create_sign_in(sign_in.clone()).await?;
        }
        tx.touch_sign_in(third.id, at(5), at(500)).await?;
        tx.delete_sign_in(first.id).await?;
        tx.commit().await?;
        let mut read = db.store.read().await?;
        assert!(read.sign_in(&token(1)).await?.is_none());
        let found = read.sign_in(&token(3)).await?.ok_or("not found")?;
        assert_eq!((found.id, found.created_at, found.last_seen_at, found.expires_at), (third.id, NOW, at(5), at(500)));
        assert_eq!((found.agent.id, found.agent.roles.agent), (world.agent, true));
        drop(read);

        let mut tx = db.store.begin().await?;
        assert_eq!(tx.delete_expired_sign_ins(at(200)).await?, 1);
        assert_eq!(tx.delete_sign_ins_of(world.agent, Some(third.id)).await?, 0);
        tx.deactivate_agent(world.agent, at(7)).await?;
        assert!(tx.sign_in(&token(3)).await?.is_none(), "who is deactivated is signed out");
        let agent = tx.agent(world.agent).await?.ok_or("gone")?;
        assert_eq!((agent.deactivated_at, agent.auth_epoch), (Some(at(7)), 1));
        Ok(())
    }

    async fn queues_have_members_and_supervisors(db: TestDb) -> Checked {
        let world = db.world().await;
        let other = world.agent("Bob").await;
        let id = world.ids.queue();
        let rules = QueueRules { wait_timeout: 60, wrap_up: WrapUp::Timed(30), chat_limit: 0 };
        let mut tx = db.store.begin().await?;
        tx.create_queue(NewQueue { id, name: "Help".into(), rules, settings: QueueSettings::default(), now: NOW }).await?;
        tx.set_queue_members(id, &[other, world.agent, other]).await?;
        tx.set_queue_supervisors(id, &[other]).await?;
        tx.commit().await?;
        let mut read = db.store.read().await?;
        let queue = read.queue(id).await?.ok_or("not found")?;
        assert_eq!((queue.name.as_str(), queue.rules, queue.created_at), ("Help", rules, NOW));
        assert_eq!(read.queues().await?.len(), 2);
        assert_eq!(read.queue_members(id).await?, [world.agent, other]);
        assert_eq!(read.queue_supervisors(id).await?, [other]);
        assert_eq!(read.queues_of_agent(world.agent).await?, [world.queue, id]);
        assert_eq!(read.queues_supervised_by(other).await?, [id]);
        drop(read);

        let mut tx = db.store.begin().await?;
        let rules = QueueRules { wait_timeout: 5, wrap_up: WrapUp::Manual, chat_limit: 3 };
        let settings = QueueSettings { strategy: Strategy::RingAll, ring: 33, ..QueueSettings::default() };
        tx.update_queue(id, "Help desk", rules, &settings).await?;
        tx.set_queue_members(id, &[]).await?;
        assert_eq!(tx.queue_members(id).await?, []);
        assert_eq!(tx.queue(id).await?.map(|queue| (queue.name, queue.rules)), Some(("Help desk".into(), rules)));
        assert_eq!(tx.queue(id).await?.map(|queue| queue.settings), Some(settings));
        let missing = tx.set_queue_members(id, &[world.ids.agent()]).await;
        assert!(matches!(missing, Err(StoreError::Missing)), "{missing:?}");
        Ok(())
    }

    async fn sites_are_found_by_key(db: TestDb) -> Checked {
        let world = db.world().await;
        let new = NewSite {
            id: world.ids.site(),
            key: "boots".into(),
            name: "Boots".into(),
            origins: vec!["https://a.example".into(), "https://b.example".into()],
            queue: world.queue,
            settings: "{\"colour\":\"#123456\"}".into(),
            now: NOW,
        };
        let mut tx = db.store.begin().await?;
        tx.create_site(new.clone()).await?;
        tx.set_site_origins(new.id, &["https://c.example".into()]).await?;
        tx.set_site_settings(new.id, "{}").await?;
        tx.commit().await?;
        let mut tx = db.store.begin().await?;
        let again = tx.create_site(NewSite { id: world.ids.site(), ..new.clone() }).await;
        assert!(matches!(again, Err(StoreError::Taken)), "{again:?}");
        drop(tx);
        let mut read = db.store.read().await?;
        let site = read.site_by_key("boots").await?.ok_or("not found")?;
        assert_eq!((site.id, site.queue, site.settings.as_str()), (new.id, world.queue, "{}"));
        assert_eq!(site.origins, ["https://c.example"]);
        assert_eq!(read.site(new.id).await?, Some(site));
        assert_eq!(read.sites().await?.len(), 2);
        assert!(read.site_by_key("Boots").await?.is_none());
        Ok(())
    }

    async fn a_token_leads_to_visitor_and_site(db: TestDb) -> Checked {
        let world = db.world().await;
        let mut new = world.start();
        new.token_hash = Some(token(1));
        let chat = db.store.start_chat(new).await?;
        let mut tx = db.store.begin().await?;
        tx.add_visitor_token(chat.visitor, &token(2), NOW).await?;
        tx.touch_visitor(chat.visitor, at(9)).await?;
        tx.touch_visitor(chat.visitor, at(3)).await?;
        tx.commit().await?;
        let mut read = db.store.read().await?;
        let (visitor, site) = read.visitor_by_token(&token(1)).await?.ok_or("not found")?;
        assert_eq!((visitor.id, site.id), (chat.visitor, world.site));
        assert_eq!((visitor.name.as_str(), visitor.email.as_str()), ("Lena", "lena@example.org"));
        assert_eq!((visitor.created_at, visitor.last_seen_at), (NOW, at(9)));
        assert_eq!(read.visitor_by_token(&token(2)).await?.map(|(visitor, _)| visitor), Some(visitor.clone()));
        assert!(read.visitor_by_token(&token(3)).await?.is_none());
        assert_eq!(read.chats_of_visitor(chat.visitor).await?, 1);

        // Somebody else with the same address shares the contact.
        let other = world.chat().await;
        let other = read.visitor(other.visitor).await?.ok_or("gone")?;
        assert!(visitor.contact.is_some());
        assert_eq!(other.contact, visitor.contact);
        Ok(())
    }

    async fn the_last_fifty_pages_are_kept(db: TestDb) -> Checked {
        let world = db.world().await;
        let (chat, other) = (world.chat().await, world.chat().await);
        let page = |n: i64| PageVisit { url: format!("https://shop.example/{n}"), title: format!("Page {n}") };
        let mut tx = db.store.begin().await?;
        tx.add_page_visit(other.session, &page(0), NOW).await?;
        for n in 1..=60 {
            tx.add_page_visit(chat.session, &page(n), at(n)).await?;
        }
        tx.commit().await?;
        let mut read = db.store.read().await?;
        let visits = read.page_visits(chat.session).await?;
        assert_eq!(visits.len(), 50);
        assert_eq!(visits.first().map(|visit| (visit.at, &visit.page)), Some((at(60), &page(60))));
        assert_eq!(visits.last().map(|visit| &visit.page), Some(&page(11)));
        assert_eq!(read.page_visits(other.session).await?.len(), 1);
        Ok(())
    }

    async fn drafts_and_settings_are_overwritten(db: TestDb) -> Checked {
        let world = db.world().await;
        let chat = world.chat().await;
        let mut tx = db.store.begin().await?;
        tx.set_draft(world.agent, chat.session, "Hel", NOW).await?;
        tx.set_draft(world.agent, chat.session, "Hello", at(1)).await?;
        tx.set_setting("name", "one").await?;
        tx.set_setting("name", "two").await?;
        tx.commit().await?;
        let mut read = db.store.read().await?;
        assert_eq!(read.draft(world.agent, chat.session).await?.as_deref(), Some("Hello"));
        assert_eq!(read.setting("name").await?.as_deref(), Some("two"));
        assert_eq!(read.setting("epoch").await?.as_deref(), Some(db.store.epoch()));
        drop(read);
        let mut tx = db.store.begin().await?;
        tx.clear_draft(world.agent, chat.session).await?;
        tx.clear_setting("name").await?;
        assert_eq!((tx.draft(world.agent, chat.session).await?, tx.setting("name").await?), (None, None));
        Ok(())
    }

    async fn the_audit_goes_back_page_by_page(db: TestDb) -> Checked {
        let ids = Ids::seeded(4);
        let entries: Vec<_> = (0..5)
            .map(|n| AuditEntry {
                id: ids.uuid(),
                at: at(n),
                actor: (n % 2 == 0).then(|| ids.agent()),
                action: "agent.created".into(),
                subject: format!("agent {n}"),
                data: "{}".into(),
            })
            .collect();
        let mut tx = db.store.begin().await?;
        for entry in &entries {
            tx.add_audit(entry.clone()).await?;
        }
        tx.commit().await?;
        let mut read = db.store.read().await?;
        let mut seen = Vec::new();
        let mut before = None;
        loop {
            let page = read.audit(before, 2).await?;
            let Some(last) = page.last() else { break };
            before = Some(last.id);
            seen.extend(page);
        }
        seen.reverse();
        assert_eq!(seen, entries);
        Ok(())
    }

    async fn anonymous_ratings_count_and_can_be_changed(db: TestDb) -> Checked {
        let world = db.world().await;
        let stars = |n: u8| Stars::try_from(n).map_err(|error| error.to_string());
        let rating = |n: u8, day| AnonymousRating {
            id: world.ids.rating(),
            agent: Some(world.agent),
            queue: world.queue,
            day,
            stars: Stars::try_from(n).expect("one to five"),
            words: format!("{n} stars"),
            edit_hash: token(n),
        };
        let mut tx = db.store.begin().await?;
        assert_eq!(tx.average_rating(world.agent).await?, None);
        tx.add_anonymous_rating(rating(2, 100)).await?;
        tx.add_anonymous_rating(rating(4, 101)).await?;
        assert!(tx.change_anonymous_rating(&token(4), stars(5)?, "better", 90).await?);
        assert!(!tx.change_anonymous_rating(&token(2), stars(5)?, "too late", 101).await?);
        assert!(!tx.change_anonymous_rating(&token(9), stars(5)?, "whose?", 0).await?);
        tx.commit().await?;
        let mut read = db.store.read().await?;
        let average = read.average_rating(world.agent).await?.ok_or("none")?;
        assert!((average.stars - 3.5).abs() < 1e-9, "{average:?}");
        assert_eq!(average.count, 2);
        let list = read.anonymous_ratings(world.agent, 10).await?;
        let list: Vec<_> = list.into_iter().map(|(day, rating)| (day, u8::from(rating.stars), rating.words)).collect();
        assert_eq!(list, [(101, 5, "better".into()), (100, 2, "2 stars".to_owned())]);
        Ok(())
    }

    async fn a_dropped_transaction_leaves_nothing_and_no_lock(db: TestDb) -> Checked {
        let mut tx = db.store.begin().await?;
        tx.set_setting("left", "behind").await?;
        drop(tx);
        let other = db.another().await;
        let mut tx = other.begin().await?;
        assert_eq!(tx.setting("left").await?, None);
        tx.set_setting("left", "for good").await?;
        tx.commit().await?;
        assert_eq!(db.store.read().await?.setting("left").await?.as_deref(), Some("for good"));
        assert_eq!(other.epoch(), db.store.epoch());
        db.store.ping().await?;
        other.close().await;
        assert!(other.ping().await.is_err());
        Ok(())
    }
}

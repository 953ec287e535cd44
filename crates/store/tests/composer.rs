//! Macros and the guard's rules, on both engines.

use domain::{GuardId, GuardPattern, GuardRule, MacroId, MacroOwner, QueueRules};
use store::{Macro, StoreError};
use testkit::{NOW, both_dbs};

type Checked = Result<(), Box<dyn std::error::Error>>;

both_dbs! {
    async fn everybody_finds_their_own_macros(db: TestDb) -> Checked {
        let world = db.world().await;
        let jo = world.agent("Jo").await;
        let other = world.queue("Other", QueueRules::default()).await;
        let one = |owner, title: &str| Macro {
            id: MacroId::from_uuid(world.ids.uuid()),
            owner,
            title: title.into(),
            text: format!("{title}: {{{{visitor.name}}}} \u{1F600}"),
        };
        let all = [
            one(MacroOwner::Everyone, "greeting"),
            one(MacroOwner::Agent(world.agent), "Greeting"),
            one(MacroOwner::Queue(world.queue), "Ärger"),
            one(MacroOwner::Agent(jo), "mine alone"),
            one(MacroOwner::Queue(other), "elsewhere"),
        ];
        let mut tx = db.store.begin().await?;
        for one in &all {
            tx.put_macro(one, NOW).await?;
        }
        tx.commit().await?;

        let mut conn = db.store.read().await?;
        let found = conn.macros_for(world.agent, &[world.queue]).await?;
        let titles: Vec<_> = found.iter().map(|one| one.title.as_str()).collect();
        assert_eq!(titles, ["greeting", "Greeting", "Ärger"], "by title, the same ones by age");
        assert_eq!(found[0], all[0]);
        assert_eq!(conn.macros_for(jo, &[]).await?.len(), 2, "one's own and everyone's");
        assert_eq!(conn.reply_macro(all[2].id).await?.as_ref(), Some(&all[2]));
        for (owner, count) in [(all[0].owner, 1), (all[1].owner, 1), (all[4].owner, 1)] {
            assert_eq!(conn.count_macros(owner).await?, count);
        }
        Ok(())
    }

    async fn an_owner_has_one_macro_of_a_title(db: TestDb) -> Checked {
        let world = db.world().await;
        for owner in [MacroOwner::Everyone, MacroOwner::Agent(world.agent), MacroOwner::Queue(world.queue)] {
            let first = Macro {
                id: MacroId::from_uuid(world.ids.uuid()),
                owner,
                title: "Über uns".into(),
                text: "x".into(),
            };
            let same = Macro { id: MacroId::from_uuid(world.ids.uuid()), title: "ÜBER UNS".into(), ..first.clone() };
            let mut tx = db.store.begin().await?;
            tx.put_macro(&first, NOW).await?;
            tx.commit().await?;
            let mut tx = db.store.begin().await?;
            let taken = tx.put_macro(&same, NOW).await;
            assert!(matches!(taken, Err(StoreError::Taken)), "{taken:?}");
            drop(tx);

            let changed = Macro { text: "y".into(), ..first };
            let mut tx = db.store.begin().await?;
            tx.put_macro(&changed, NOW).await?;
            tx.commit().await?;
            assert_eq!(db.store.read().await?.reply_macro(changed.id).await?.as_ref(), Some(&changed));
            let mut tx = db.store.begin().await?;
            tx.delete_macro(changed.id).await?;
            tx.commit().await?;
            assert_eq!(db.store.read().await?.reply_macro(changed.id).await?, None);
        }
        let nobody = Macro {
            id: MacroId::from_uuid(world.ids.uuid()),
            owner: MacroOwner::Queue(world.ids.queue()),
            title: "x".into(),
            text: "x".into(),
        };
        let missing = db.store.begin().await?.put_macro(&nobody, NOW).await;
        assert!(matches!(missing, Err(StoreError::Missing)), "{missing:?}");
        Ok(())
    }

    async fn rules_come_back_as_they_were_kept(db: TestDb) -> Checked {
        let world = db.world().await;
        let patterns = [
            GuardPattern::Words(vec!["\"quoted\"".into(), "Ä b".into()]),
            GuardPattern::Card,
            GuardPattern::SocialSecurity,
            GuardPattern::Expression(r"\b\d{3}\\'".into()),
        ];
        let rules: Vec<_> = patterns
            .into_iter()
            .enumerate()
            .map(|(n, pattern)| GuardRule {
                id: GuardId::from_uuid(world.ids.uuid()),
                name: format!("Rule {n}"),
                reason: "because".into(),
                pattern,
                on: n % 2 == 0,
            })
            .collect();
        let mut tx = db.store.begin().await?;
        for rule in &rules {
            tx.put_guard_rule(rule, NOW).await?;
        }
        tx.commit().await?;
        assert_eq!(db.store.read().await?.guard_rules().await?, rules);
        let mut tx = db.store.begin().await?;
        tx.put_guard_rule(&GuardRule { on: true, ..rules[1].clone() }, NOW).await?;
        tx.delete_guard_rule(rules[0].id).await?;
        tx.commit().await?;
        let left = db.store.read().await?.guard_rules().await?;
        assert_eq!(left.iter().map(|rule| rule.on).collect::<Vec<_>>(), [true, true, false]);
        Ok(())
    }
}

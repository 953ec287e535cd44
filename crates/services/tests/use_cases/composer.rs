//! Macros, guarded words and cleaning on both engines: who may change them, and what they do to a message.

use domain::{
    CleanUpRules, EventKind, Fault, FieldProblem, GuardPattern, MacroId, MacroOwner, QueueId, SessionId, Status,
};
use services::Staff;
use testkit::both_dbs;
use wire::{
    Conflict, Error, Field,
    composer::{GuardDraft, MacroDraft},
};

use super::House;

fn draft(owner: MacroOwner, title: &str, text: &str) -> MacroDraft {
    MacroDraft { owner, title: title.into(), text: text.into() }
}

fn rule(name: &str, pattern: GuardPattern) -> GuardDraft {
    GuardDraft { name: name.into(), reason: "Not in a chat.".into(), pattern, on: true }
}

async fn queue(staff: &Staff) -> QueueId {
    staff.inbox().await.expect("an inbox").queues[0].id
}

/// A chat that Aki has.
async fn taken(house: &House, aki: &Staff) -> SessionId {
    house.visitor().await;
    let session = aki.inbox().await.expect("an inbox").rows[0].session;
    aki.desk().expect("an agent").claim(house.ids.client(), session).await.expect("claims");
    session
}

async fn told(staff: &Staff, session: SessionId) -> Vec<EventKind> {
    let thread = staff.thread(session, 0, "").await.expect("the chat");
    thread.events.into_iter().filter_map(|event| event.shown.map(|shown| shown.kind)).collect()
}

both_dbs! {
    async fn each_macro_is_changed_by_whom_it_belongs_to(db: TestDb) {
        let house = House::new(db).await;
        let (aki, jo, sam, ada) =
            (house.staff("aki").await, house.staff("jo").await, house.staff("sup").await, house.staff("admin").await);
        let sales = MacroOwner::Queue(queue(&aki).await);
        let elsewhere = MacroOwner::Queue(house.ids.queue());
        let own = MacroOwner::Agent(aki.me().id);
        let may = |staff: &Staff, owner| staff.shelf(owner).map(drop);
        let no = Err(Error::Forbidden);
        for (who, owners) in [
            (&aki, [Ok(()), no.clone(), no.clone(), no.clone()]),
            (&jo, [no.clone(), no.clone(), no.clone(), no.clone()]),
            (&sam, [no.clone(), Ok(()), no.clone(), no.clone()]),
            (&ada, [no.clone(), Ok(()), no.clone(), Ok(())]),
        ] {
            let found = [own, sales, elsewhere, MacroOwner::Everyone].map(|owner| may(who, owner));
            assert_eq!(found, owners, "{}", who.me().name);
        }

        let shelf = aki.shelf(own).expect("one\u{2019}s own");
        let mine = shelf.save(None, draft(own, " My  greeting ", "Hello {{visitor.name}}!\r\n")).await.expect("saved");
        assert_eq!((mine.title.as_str(), mine.text.as_str()), ("My greeting", "Hello {{visitor.name}}!"));
        let team = sam.shelf(sales).expect("hers").save(None, draft(sales, "Team", "x")).await.expect("saved");
        let all = ada.shelf(MacroOwner::Everyone).expect("an admin");
        let all = all.save(None, draft(MacroOwner::Everyone, "All", "y")).await.expect("saved");

        let titles = |tools: wire::composer::Tools| tools.macros.into_iter().map(|one| one.title).collect::<Vec<_>>();
        assert_eq!(titles(aki.desk().expect("an agent").tools().await.expect("tools")), ["All", "My greeting", "Team"]);
        assert_eq!(titles(jo.desk().expect("an agent").tools().await.expect("tools")), ["All", "Team"]);
        assert_eq!(aki.desk().expect("an agent").own_macros().await.expect("hers"), std::slice::from_ref(&mine));
        assert_eq!(sam.supervision().expect("one").shared_macros().await.expect("those"), [all.clone(), team.clone()]);

        // Somebody else's own is not there at all; what one may read is only not one's to change.
        for (who, id, answer) in [
            (&jo, mine.id, Error::NotFound),
            (&ada, mine.id, Error::NotFound),
            (&aki, team.id, Error::Forbidden),
            (&sam, all.id, Error::Forbidden),
            (&aki, MacroId::from_uuid(house.ids.uuid()), Error::NotFound),
        ] {
            assert_eq!(who.shelf_of(id).await.map(drop), Err(answer), "{}", who.me().name);
        }
        // Nobody takes a colleague's onto their own shelf by naming its id.
        let stolen = aki.shelf(own).expect("hers").save(Some(team.id), draft(own, "Mine now", "z")).await;
        assert_eq!(stolen, Err(Error::Forbidden));
        // What one may change on both sides may move.
        let moved = ada.shelf(MacroOwner::Everyone).expect("an admin");
        let moved = moved.save(Some(team.id), draft(MacroOwner::Everyone, "Team", "x")).await.expect("moved");
        assert_eq!((moved.id, moved.owner), (team.id, MacroOwner::Everyone));
        aki.shelf_of(mine.id).await.expect("hers").delete(mine.id).await.expect("deleted");
        assert_eq!(aki.desk().expect("an agent").own_macros().await, Ok(Vec::new()));
        house.services.stop().await;
    }

    async fn a_macro_that_is_wrong_is_refused_with_the_place(db: TestDb) {
        let house = House::new(db).await;
        let aki = house.staff("aki").await;
        let own = MacroOwner::Agent(aki.me().id);
        let shelf = aki.shelf(own).expect("her own");
        let problem = |field: &str, problem| Field { field: field.into(), problem };
        let unknown = FieldProblem::At { from: 8, to: 24, fault: Fault::UnknownVariable };
        let refused = shelf.save(None, draft(own, "", "\n Liebe {{visitor.nmae}}")).await;
        assert_eq!(
            refused,
            Err(Error::Invalid(vec![problem("title", FieldProblem::Missing), problem("text", unknown)]))
        );
        let long = shelf.save(None, draft(own, &"t".repeat(61), &"x".repeat(10_001))).await;
        let too_long = |field| problem(field, FieldProblem::TooLong);
        assert_eq!(long, Err(Error::Invalid(vec![too_long("title"), too_long("text")])));
        shelf.save(None, draft(own, "Once", "x")).await.expect("saved");
        assert_eq!(shelf.save(None, draft(own, "ONCE", "y")).await, Err(Error::Conflict(Conflict::Exists)));
        house.services.stop().await;
    }

    async fn the_guard_stops_every_send_until_it_is_overridden_and_says_so_to_staff(db: TestDb) {
        let house = House::new(db).await;
        let (aki, ada) = (house.staff("aki").await, house.staff("admin").await);
        assert_eq!(aki.administration().map(drop), Err(Error::Forbidden));
        let admin = ada.administration().expect("an admin");
        let session = taken(&house, &aki).await;
        let desk = aki.desk().expect("an agent");
        let first = house.ids.client();
        desk.send(first, session, "Your card 4111 1111 1111 1111?".into()).await.expect("nothing stands against it yet");

        let cards = admin.save_guard_rule(None, rule("Cards", GuardPattern::Card)).await.expect("saved");
        let words = admin.save_guard_rule(None, rule("Money", GuardPattern::Words(vec!["refund".into()]))).await;
        let words = words.expect("saved");
        assert_eq!(desk.tools().await.expect("tools").guard, [cards.clone(), words.clone()]);
        let again = desk.send(first, session, "Your card 4111 1111 1111 1111?".into()).await;
        assert!(again.is_ok(), "a repeat gets its first answer: {again:?}");

        let text = "  Ä refund to 4111-1111-1111-1111 ";
        let Err(Error::Conflict(Conflict::Guarded { hits })) = desk.send(house.ids.client(), session, text.into()).await
        else { panic!("it is sent") };
        let places: Vec<_> = hits.iter().map(|hit| (hit.rule, hit.from, hit.to)).collect();
        assert_eq!(places, [(words.id, 3, 9), (cards.id, 13, 32)], "of the text as it is kept");
        assert_eq!(hits[1].name, "Cards");
        // One rule seen is not the other one overridden.
        let partly = desk.send_anyway(house.ids.client(), session, text.into(), &[words.id]).await;
        assert!(matches!(partly, Err(Error::Conflict(Conflict::Guarded { .. }))), "{partly:?}");
        let before = told(&aki, session).await.len();
        let id = house.ids.client();
        let sent = desk.send_anyway(id, session, text.into(), &[words.id, cards.id]).await.expect("sent");
        assert_eq!(desk.send_anyway(id, session, text.into(), &[]).await, Ok(sent));
        let kinds = told(&aki, session).await;
        assert_eq!(
            kinds[before..],
            [
                EventKind::Message { text: text.trim().into() },
                EventKind::Overrode { rules: vec!["Cards".into(), "Money".into()] },
            ]
        );
        // An override for nothing leaves no record.
        desk.send_anyway(house.ids.client(), session, "Hello".into(), &[cards.id]).await.expect("sent");
        assert!(matches!(told(&aki, session).await.last(), Some(EventKind::Message { .. })));

        // A resting rule and a deleted one stop nothing.
        let resting = GuardDraft { on: false, ..rule("Cards", GuardPattern::Card) };
        admin.save_guard_rule(Some(cards.id), resting).await.expect("saved");
        admin.delete_guard_rule(words.id).await.expect("deleted");
        desk.send(house.ids.client(), session, text.into()).await.expect("sent");
        assert_eq!(admin.delete_guard_rule(words.id).await, Err(Error::NotFound));
        // To whose chat it is not, not even the guard speaks.
        let jo = house.staff("jo").await;
        admin.save_guard_rule(Some(cards.id), rule("Cards", GuardPattern::Card)).await.expect("saved");
        let theirs = jo.desk().expect("an agent").send(house.ids.client(), session, text.into()).await;
        assert_eq!(theirs, Err(Error::NotFound));
        assert_eq!(aki.inbox().await.expect("an inbox").rows[0].status, Status::ActiveChat);
        house.services.stop().await;
    }

    async fn a_rule_that_cannot_be_is_refused_with_the_place(db: TestDb) {
        let house = House::new(db).await;
        let ada = house.staff("admin").await;
        let admin = ada.administration().expect("an admin");
        let expression = |source: &str| rule("Own", GuardPattern::Expression(source.into()));
        let place = |from, to, fault| Err(Error::invalid("pattern", FieldProblem::At { from, to, fault }));
        assert_eq!(admin.save_guard_rule(None, expression("ab(c")).await.map(drop), place(2, 3, Fault::Unclosed));
        assert_eq!(admin.try_guard_rule(expression("ba**"), "x").map(drop), Ok(()), "twice a star is a star");
        assert_eq!(admin.try_guard_rule(expression("*a"), "x").map(drop), place(0, 1, Fault::NothingToRepeat));
        let missing = admin.save_guard_rule(None, rule(" ", GuardPattern::Words(Vec::new()))).await;
        let fields = |found| match found {
            Err(Error::Invalid(fields)) => fields.into_iter().map(|field: Field| field.field).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(fields(missing), ["name", "pattern"]);
        admin.save_guard_rule(None, rule("Cards", GuardPattern::Card)).await.expect("saved");
        let twice = admin.save_guard_rule(None, rule("CARDS", GuardPattern::Card)).await;
        assert_eq!(twice, Err(Error::Conflict(Conflict::Exists)));
        let hits = admin.try_guard_rule(rule("", GuardPattern::SocialSecurity), "ü 123-45-6789").expect("tried");
        assert_eq!((hits[0].from, hits[0].to), (3, 14));
        let nobody = domain::GuardId::from_uuid(house.ids.uuid());
        assert_eq!(admin.save_guard_rule(Some(nobody), expression("x")).await, Err(Error::NotFound));
        house.services.stop().await;
    }

    async fn what_is_pasted_is_cleaned_as_the_admin_says(db: TestDb) {
        let house = House::new(db).await;
        let (aki, ada) = (house.staff("aki").await, house.staff("admin").await);
        let (desk, admin) = (aki.desk().expect("an agent"), ada.administration().expect("an admin"));
        let page = "<ul><li>one</li><li>two</li></ul><table><tr><td>cell</td></tr></table>".to_owned();
        assert_eq!(desk.clean_up(page.clone()).await, Ok("- one\n- two\n\ncell".into()));
        let rules = CleanUpRules { tags: vec!["Table".into()], on_paste: false, ..CleanUpRules::default() };
        let kept = admin.save_clean_up_rules(rules).await.expect("saved");
        assert_eq!((kept.rules.tags, kept.default), (vec!["table".to_owned()], CleanUpRules::default()));
        assert_eq!(desk.clean_up(page).await, Ok("- one\n- two".into()));
        assert!(!desk.tools().await.expect("tools").clean_on_paste);
        let wrong = CleanUpRules { styles: vec!["no such; thing".into()], ..CleanUpRules::default() };
        assert_eq!(admin.save_clean_up_rules(wrong).await, Err(Error::invalid("styles", FieldProblem::Unknown)));
        let long = desk.clean_up("x".repeat(200_000)).await;
        assert_eq!(long, Err(Error::invalid("markup", FieldProblem::TooLong)));
        house.services.stop().await;
    }
}

//! Lists of chats and what is due, on both engines.

use domain::{Move, Outcome, QueueRules, Span, Stars, WrapUp};
use store::{ResolvedFilter, SessionRow};
use testkit::{NOW, act, at, both_dbs};

type Checked = Result<(), Box<dyn std::error::Error>>;

fn ids(rows: &[SessionRow]) -> Vec<domain::SessionId> {
    rows.iter().map(|row| row.session.id).collect()
}

both_dbs! {
    async fn the_inbox_shows_what_waits_and_what_is_mine(db: TestDb) -> Checked {
        let world = db.world().await;
        let other = world.agent("Bob").await;
        let elsewhere = world.queue("Elsewhere", QueueRules::default()).await;
        let (late, early) = {
            let mut early = world.start();
            early.now = at(-60);
            (world.chat().await, db.store.start_chat(early).await?)
        };
        let mine = world.chat().await;
        world.act(&mine, Move::Claim { agent: world.agent }).await?;
        let theirs = world.chat().await;
        world.act(&theirs, Move::Claim { agent: other }).await?;
        let mut away = world.start();
        away.start.queue = elsewhere;
        let away = db.store.start_chat(away).await?;
        let over = world.chat().await;
        world.act(&over, Move::Leave).await?;

        let mut read = db.store.read().await?;
        let inbox = read.inbox(&[world.queue], world.agent).await?;
        assert_eq!(ids(&inbox), [early.session, late.session, mine.session]);
        assert_eq!(ids(&read.inbox(&[], other).await?), [theirs.session]);
        assert_eq!(ids(&read.open_in_queues(&[elsewhere]).await?), [away.session]);
        assert_eq!(read.open_in_queues(&[world.queue, elsewhere]).await?.len(), 5);
        assert_eq!(read.waiting_sessions(world.queue).await?, [early.session, late.session]);
        assert_eq!(read.queue_position(early.session).await?, Some(1));
        assert_eq!(read.queue_position(late.session).await?, Some(2));
        assert_eq!(read.queue_position(away.session).await?, Some(1));
        assert_eq!(read.queue_position(mine.session).await?, None);
        Ok(())
    }

    async fn what_is_not_over_is_found_with_its_deadlines(db: TestDb) -> Checked {
        let world = db.world().await;
        let rules = QueueRules { wait_timeout: 10, wrap_up: WrapUp::Timed(30), chat_limit: 0 };
        let queue = world.queue("Fast", rules).await;
        let slow = world.chat().await;
        let mut start = world.start();
        start.start.queue = queue;
        let fast = db.store.start_chat(start).await?;
        let of = |rows: Vec<SessionRow>| rows.into_iter().map(|row| (row.session.id, row.session.deadline)).collect::<Vec<_>>();
        let unresolved = of(db.store.read().await?.unresolved_sessions().await?);
        assert_eq!(unresolved, [(slow.session, Some(at(300))), (fast.session, Some(at(10)))]);
        world.act(&slow, Move::Claim { agent: world.agent }).await?;
        world.act(&fast, Move::Leave).await?;
        assert_eq!(of(db.store.read().await?.unresolved_sessions().await?), [(slow.session, None)]);
        Ok(())
    }

    async fn resolved_chats_are_filtered_and_paged(db: TestDb) -> Checked {
        let world = db.world().await;
        let bob = world.agent("Bob").await;
        let mut chats = Vec::new();
        for n in 0..5_i64 {
            let mut start = world.start();
            start.visitor.name = if n == 3 { "100%_sure!".into() } else { format!("Visitor {n}") };
            let chat = db.store.start_chat(start).await?;
            let agent = if n < 3 { world.agent } else { bob };
            world.act(&chat, Move::Claim { agent }).await?;
            let mut end = act(chat.session, chat.visitor, Move::End { agent, closing: None }, None);
            end.now = at(n);
            db.store.act(end).await?;
            chats.push(chat);
        }
        let stars = Stars::try_from(2).map_err(|error| error.to_string())?;
        world.act(&chats[1], Move::Rate { stars, words: "Hm".into() }).await?;
        let left = world.chat().await;
        let mut leave = act(left.session, left.visitor, Move::Leave, None);
        leave.now = at(9);
        db.store.act(leave).await?;

        let mut read = db.store.read().await?;
        let order = |n: &[usize]| n.iter().map(|&n| chats[n].session).collect::<Vec<_>>();
        let filter = ResolvedFilter { agent: Some(world.agent), ..ResolvedFilter::default() };
        let rows = read.resolved(&filter, None, 10).await?;
        assert_eq!(rows.iter().map(|row| row.row.session.id).collect::<Vec<_>>(), order(&[2, 1, 0]));
        assert_eq!(read.recent_of_agent(world.agent, None, None, 10).await?, rows);
        let rated = rows[1].rating.clone().ok_or("no rating")?;
        assert_eq!((rated.stars, rated.words.as_str(), rated.at), (stars, "Hm", Some(NOW)));
        assert_eq!((rows[0].ended_at, rows[0].outcome, rows[0].rating.clone()), (at(2), Outcome::Handled, None));

        let filters = [
            (ResolvedFilter::default(), 6),
            (ResolvedFilter { queues: Some(vec![world.queue]), ..ResolvedFilter::default() }, 6),
            (ResolvedFilter { queues: Some(Vec::new()), ..ResolvedFilter::default() }, 0),
            (ResolvedFilter { outcome: Some(Outcome::Left), ..ResolvedFilter::default() }, 1),
            (ResolvedFilter { stars: Some(stars), ..ResolvedFilter::default() }, 1),
            (ResolvedFilter { from: Some(at(1)), to: Some(at(3)), ..ResolvedFilter::default() }, 2),
            (ResolvedFilter { text: Some("bob".into()), ..ResolvedFilter::default() }, 2),
            (ResolvedFilter { text: Some("VISITOR".into()), ..ResolvedFilter::default() }, 4),
            (ResolvedFilter { text: Some("%_".into()), ..ResolvedFilter::default() }, 1),
            (ResolvedFilter { text: Some("sure!".into()), ..ResolvedFilter::default() }, 1),
            (ResolvedFilter { text: Some("'; --".into()), ..ResolvedFilter::default() }, 0),
        ];
        for (filter, expected) in filters {
            assert_eq!(read.resolved(&filter, None, 10).await?.len(), expected, "{filter:?}");
        }

        let mut paged = Vec::new();
        let mut before = None;
        loop {
            let page = read.resolved(&ResolvedFilter::default(), before, 4).await?;
            let Some(last) = page.last() else { break };
            before = Some((last.ended_at, last.row.session.id));
            paged.extend(page);
        }
        assert_eq!(paged, read.resolved(&ResolvedFilter::default(), None, 10).await?);
        let average = read.average_rating(world.agent).await?.ok_or("no average")?;
        assert_eq!(average.count, 1);
        Ok(())
    }

    async fn a_visitor_finds_the_way_back(db: TestDb) -> Checked {
        let world = db.world().await;
        let first = world.chat().await;
        let mut read = db.store.read().await?;
        let open = read.open_session_of_visitor(world.site, first.visitor).await?;
        assert_eq!(open.map(|row| row.session.id), Some(first.session));
        world.act(&first, Move::Leave).await?;
        assert_eq!(read.open_session_of_visitor(world.site, first.visitor).await?, None);

        let mut second = world.start_of(first.visitor, false);
        second.now = at(60);
        let second = db.store.start_chat(second).await?;
        let latest = read.latest_session_of_visitor(first.visitor).await?;
        assert_eq!(latest.map(|row| row.session.id), Some(second.session));
        let mut stranger = world.start();
        stranger.visitor.email = "other@example.org".into();
        db.store.start_chat(stranger).await?;
        // The same address from another browser, in between.
        let mut namesake = world.start();
        namesake.now = at(30);
        let namesake = db.store.start_chat(namesake).await?;
        let mut row = read.session(second.session).await?.ok_or("no second chat")?;
        assert_eq!(ids(&read.earlier_sessions(&row, 10).await?), [namesake.session, first.session]);
        assert_eq!(ids(&read.earlier_sessions(&row, 1).await?), [namesake.session]);
        assert_eq!(read.count_earlier_sessions(&row).await?, 2);
        assert_eq!(ids(&read.earlier_sessions_of_visitor(&row, 10).await?), [first.session], "an address proves nothing");
        row.visitor_email = String::new();
        assert_eq!(ids(&read.earlier_sessions(&row, 10).await?), [first.session], "no address is nobody's");
        let row = read.session(first.session).await?.ok_or("no first chat")?;
        assert_eq!(ids(&read.later_sessions(&row, 10).await?), [second.session, namesake.session]);
        assert_eq!(read.count_earlier_sessions(&row).await?, 0);
        assert_eq!(read.earlier_sessions(&row, 10).await?, []);
        assert_eq!(read.earlier_sessions_of_visitor(&row, 10).await?, []);
        Ok(())
    }

    async fn waits_are_those_of_who_was_taken(db: TestDb) -> Checked {
        let world = db.world().await;
        for seconds in [30, 10, 20] {
            let chat = world.chat().await;
            let mut claim = act(chat.session, chat.visitor, Move::Claim { agent: world.agent }, None);
            claim.now = at(seconds);
            db.store.act(claim).await?;
        }
        world.chat().await;
        let mut read = db.store.read().await?;
        assert_eq!(read.recent_waits(world.queue, at(15)).await?, [Span::seconds(20), Span::seconds(30)]);
        assert_eq!(read.recent_waits(world.queue, at(31)).await?, []);
        Ok(())
    }

    async fn events_come_in_pages_both_ways(db: TestDb) -> Checked {
        let world = db.world().await;
        let chat = world.chat().await;
        world.act(&chat, Move::Claim { agent: world.agent }).await?;
        for n in 0..6 {
            world.act(&chat, Move::VisitorWrites { text: format!("{n}") }).await?;
            world.act(&chat, Move::AgentNotes { agent: world.agent, text: format!("note {n}") }).await?;
        }
        let mut read = db.store.read().await?;
        let all = read.events_after(chat.session, 0, 100).await?;
        assert_eq!(all.iter().map(|event| event.seq).collect::<Vec<_>>(), (1..=15).collect::<Vec<_>>());
        assert_eq!(read.events_after(chat.session, 3, 4).await?, all[3..7]);
        assert_eq!(read.events_before(chat.session, 7, 3).await?, all[3..6]);
        assert_eq!(read.events_before(chat.session, u32::MAX, 2).await?, all[13..]);
        let visible: Vec<_> = all.iter().filter(|event| event.vseq.is_some()).cloned().collect();
        assert_eq!(read.visitor_events_after(chat.session, 4, 3).await?, visible[4..7]);
        assert_eq!(read.visitor_events_before(chat.session, 4, 2).await?, visible[1..3]);
        Ok(())
    }

    async fn the_first_event_of_a_moment_is_found_by_its_time(db: TestDb) -> Checked {
        let world = db.world().await;
        let chat = world.chat().await;
        for seconds in [60, 120, 120, 90, 3_600] {
            let mut write = act(chat.session, chat.visitor, Move::VisitorWrites { text: "x".into() }, None);
            write.now = at(seconds);
            db.store.act(write).await?;
        }
        let other = world.chat().await;
        let mut read = db.store.read().await?;
        for (seconds, seq) in [(-5, Some(1)), (0, Some(1)), (1, Some(3)), (90, Some(4)), (120, Some(4)), (121, Some(7)), (3_601, None)]
        {
            assert_eq!(read.first_event_at(chat.session, at(seconds)).await?, seq, "{seconds} s");
        }
        assert_eq!(read.first_event_at(other.session, at(1)).await?, None);
        Ok(())
    }

    async fn who_waits_is_counted_by_queue(db: TestDb) -> Checked {
        let world = db.world().await;
        let elsewhere = world.queue("Elsewhere", QueueRules::default()).await;
        for (seconds, queue) in [(-30, world.queue), (-90, world.queue), (5, elsewhere)] {
            let mut start = world.start();
            (start.now, start.start.queue) = (at(seconds), queue);
            db.store.start_chat(start).await?;
        }
        let taken = world.chat().await;
        world.act(&taken, Move::Claim { agent: world.agent }).await?;
        let mut waiting = db.store.read().await?.waiting_by_queue().await?;
        waiting.sort_by_key(|(_, count, _)| *count);
        assert_eq!(waiting, [(elsewhere, 1, at(5)), (world.queue, 2, at(-90))]);
        Ok(())
    }
}

//! Chats through the writer, on both engines.

use std::collections::HashSet;

use domain::{EventKind, Move, Outcome, QueueRules, Refusal, SessionId, Stars, Status, WrapUp};
use futures::future::join_all;
use store::{ActError, Change, Marks, Side, Store, StoreError};
use testkit::{NOW, act, at, both_dbs, token};

type Checked = Result<(), Box<dyn std::error::Error>>;

both_dbs! {
    async fn a_chat_from_start_to_end(db: TestDb) -> Checked {
        let world = db.world().await;
        let chat = world.chat().await;
        assert!(!chat.repeated);
        assert_eq!((chat.ack.seq, chat.ack.vseq, chat.ack.at), (1, Some(1), NOW));
        let claimed = world.act(&chat, Move::Claim { agent: world.agent }).await?;
        assert_eq!((claimed.seq, claimed.vseq), (3, Some(3)));
        let note = world.act(&chat, Move::AgentNotes { agent: world.agent, text: "VIP".into() }).await?;
        assert_eq!((note.seq, note.vseq), (4, None));
        let said = world.act(&chat, Move::AgentWrites { agent: world.agent, text: "Hello".into() }).await?;
        assert_eq!((said.seq, said.vseq), (5, Some(4)));
        let ended = world.act(&chat, Move::End { agent: world.agent, closing: None }).await?;
        assert_eq!(ended.row.map(|row| row.session.status), Some(Status::Resolved));
        let late = world.act(&chat, Move::VisitorWrites { text: "wait".into() }).await;
        assert!(matches!(late, Err(ActError::Refused(Refusal::Ended))), "{late:?}");

        let changes = db.changes().await;
        assert_eq!(changes.len(), 5);
        let Some(Change::Session(first)) = changes.first() else { return Err("no change for the start".into()) };
        assert_eq!((&first.was, first.events.len()), (&None, 2));

        let mut read = db.store.read().await?;
        let row = read.session(chat.session).await?.ok_or("gone")?;
        let Some(Change::Session(last)) = changes.last() else { return Err("no last change".into()) };
        assert_eq!(last.row, row, "what was told is what is kept");
        let told: Vec<_> = changes
            .iter()
            .flat_map(|change| match change {
                Change::Session(committed) => committed.events.clone(),
                Change::Marks { .. } => Vec::new(),
            })
            .collect();
        assert_eq!(read.events_after(chat.session, 0, 100).await?, told);
        let visible = read.visitor_events_after(chat.session, 0, 100).await?;
        assert_eq!(visible.iter().filter_map(|event| event.vseq).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        Ok(())
    }

    async fn a_repeat_gets_the_first_answer(db: TestDb) -> Checked {
        let world = db.world().await;
        let chat = world.chat().await;
        let say = act(chat.session, chat.visitor, Move::VisitorWrites { text: "Hi".into() }, Some(world.ids.client()));
        let first = db.store.act(say.clone()).await?;
        world.act(&chat, Move::Leave).await?;
        // Unchecked: the chat is over by now, and the text is another.
        let mut again = say.clone();
        again.movement = Move::VisitorWrites { text: "Other".into() };
        again.now = at(60);
        let second = db.store.act(again).await?;
        assert!(!first.repeated && second.repeated);
        assert_eq!((second.session, second.seq, second.vseq, second.at), (first.session, first.seq, first.vseq, first.at));
        // The same id under another author is another request.
        let mut other = say;
        other.movement = Move::AgentNotes { agent: world.agent, text: "note".into() };
        other.author_id = world.agent.uuid();
        assert!(!db.store.act(other).await?.repeated);
        Ok(())
    }

    async fn repeats_at_the_same_time_make_one_event(db: TestDb) -> Checked {
        let world = db.world().await;
        let chat = world.chat().await;
        let say = act(chat.session, chat.visitor, Move::VisitorWrites { text: "Hi".into() }, Some(world.ids.client()));
        // While a transaction holds SQLite's one writing connection, all of them wait and make one batch.
        let holding = db.store.begin().await?;
        let answers = join_all((0..40).map(|_| db.store.act(say.clone())));
        let release = async {
            tokio::task::yield_now().await;
            drop(holding);
        };
        let (answers, ()) = tokio::join!(answers, release);
        let answers: Vec<_> = answers.into_iter().collect::<Result<_, _>>()?;
        assert_eq!(answers.iter().filter(|ack| !ack.repeated).count(), 1);
        assert_eq!(answers.iter().map(|ack| (ack.seq, ack.vseq)).collect::<HashSet<_>>(), [(3, Some(3))].into());
        assert_eq!(db.store.read().await?.events_after(chat.session, 2, 10).await?.len(), 1);
        Ok(())
    }

    async fn a_repeated_start_leads_to_the_first_chat(db: TestDb) -> Checked {
        let world = db.world().await;
        let mut new = world.start();
        new.token_hash = Some(token(1));
        let first = db.store.start_chat(new.clone()).await?;
        // The answer was lost: the browser has no token and asks again, and the server makes everything anew.
        let mut again = world.start();
        again.start.client_id = new.start.client_id;
        again.token_hash = Some(token(2));
        let unused = again.visitor.id;
        let second = db.store.start_chat(again).await?;
        assert!(second.repeated);
        assert_eq!((second.session, second.visitor), (first.session, first.visitor));
        assert_eq!((second.ack.seq, second.ack.vseq, second.ack.at), (1, Some(1), NOW));
        let mut read = db.store.read().await?;
        let (visitor, _) = read.visitor_by_token(&token(2)).await?.ok_or("the new token is unknown")?;
        assert_eq!(visitor.id, first.visitor);
        assert_eq!(read.visitor(unused).await?, None);
        assert_eq!(db.changes().await.len(), 1);
        Ok(())
    }

    async fn one_open_chat_of_a_visitor_on_a_site(db: TestDb) -> Checked {
        let world = db.world().await;
        let first = world.chat().await;
        let second = db.store.start_chat(world.start_of(first.visitor, false)).await;
        assert!(matches!(&second, Err(ActError::AlreadyOpen(open)) if *open == first.session), "{second:?}");
        world.act(&first, Move::Leave).await?;
        let second = db.store.start_chat(world.start_of(first.visitor, false)).await?;
        let resumed = world.act(&first, Move::Resume).await;
        assert!(matches!(&resumed, Err(ActError::AlreadyOpen(open)) if *open == second.session), "{resumed:?}");
        world.act(&second, Move::Leave).await?;
        let resumed = world.act(&first, Move::Resume).await?;
        assert_eq!(resumed.row.map(|row| (row.session.episode, row.session.status)), Some((2, Status::WaitingForAgent)));

        // Two first chats in the same moment, from two nodes too.
        let other = db.another().await;
        for _ in 0..10 {
            let over = world.chat().await;
            world.act(&over, Move::Leave).await?;
            let start = |store: &Store| {
                let (store, new) = (store.clone(), world.start_of(over.visitor, false));
                async move { store.start_chat(new).await }
            };
            let answers = join_all([start(&db.store), start(&other), start(&db.store), start(&other)]).await;
            let opened: Vec<SessionId> = answers.iter().flatten().map(|done| done.session).collect();
            assert_eq!(opened.len(), 1, "{answers:?}");
            for answer in &answers {
                assert!(!matches!(answer, Err(ActError::AlreadyOpen(open)) if !opened.contains(open)), "{answer:?}");
                assert!(matches!(answer, Ok(_) | Err(ActError::AlreadyOpen(_))), "{answer:?}");
            }
        }
        other.close().await;
        Ok(())
    }

    async fn twenty_claims_have_one_winner(db: TestDb) -> Checked {
        let world = db.world().await;
        let mut agents = vec![world.agent];
        for n in 1..20 {
            agents.push(world.agent(&format!("Agent {n}")).await);
        }
        let other = db.another().await;
        for round in 0..40 {
            let chat = world.chat().await;
            let claims = agents.iter().enumerate().map(|(n, &agent)| {
                let store = if (n + round) % 3 == 0 { other.clone() } else { db.store.clone() };
                let claim = act(chat.session, chat.visitor, Move::Claim { agent }, Some(world.ids.client()));
                tokio::spawn(async move { (agent, store.act(claim).await) })
            });
            let mut winners = Vec::new();
            let mut told = Vec::new();
            for claim in join_all(claims).await {
                match claim? {
                    (agent, Ok(_)) => winners.push(agent),
                    (_, Err(ActError::Refused(Refusal::TakenBy(winner)))) => told.push(winner),
                    (_, Err(error)) => return Err(error.into()),
                }
            }
            assert_eq!((winners.len(), told.len()), (1, 19));
            assert!(told.iter().all(|winner| winners.contains(winner)));
            let row = db.store.read().await?.session(chat.session).await?.ok_or("gone")?;
            assert_eq!((row.session.owner, row.session.seq), (winners.first().copied(), 3));
        }
        other.close().await;
        Ok(())
    }

    async fn sequences_are_dense_under_many_senders(db: TestDb) -> Checked {
        let world = db.world().await;
        let other = db.another().await;
        let mut chats = Vec::new();
        for _ in 0..10 {
            let chat = world.chat().await;
            world.act(&chat, Move::Claim { agent: world.agent }).await?;
            chats.push(chat);
        }
        let senders = (0..400_usize).map(|n| {
            let chat = &chats[n % chats.len()];
            let movement = match n % 3 {
                0 => Move::AgentNotes { agent: world.agent, text: format!("{n}") },
                1 => Move::AgentWrites { agent: world.agent, text: format!("{n}") },
                _ => Move::VisitorWrites { text: format!("{n}") },
            };
            let say = act(chat.session, chat.visitor, movement, Some(world.ids.client()));
            let store = if n % 2 == 0 { db.store.clone() } else { other.clone() };
            tokio::spawn(async move { store.act(say).await.map(|ack| (ack.session, ack.seq)) })
        });
        let mut acked = HashSet::new();
        for answer in join_all(senders).await {
            assert!(acked.insert(answer??), "a number was given twice");
        }
        let mut read = db.store.read().await?;
        for chat in &chats {
            let events = read.events_after(chat.session, 0, 1000).await?;
            let row = read.session(chat.session).await?.ok_or("gone")?;
            assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), (1..=row.session.seq).collect::<Vec<_>>());
            let visible: Vec<_> = events.iter().filter_map(|event| event.vseq).collect();
            assert_eq!(visible, (1..=row.session.vseq).collect::<Vec<_>>());
            assert!(events.iter().all(|event| event.vseq.is_some() == event.kind.for_visitor()));
            let said = events.iter().skip(3).all(|event| acked.contains(&(chat.session, event.seq)));
            assert!(said && events.len() == 43, "{} events", events.len());
        }
        other.close().await;
        Ok(())
    }

    async fn marks_only_rise_and_unread_is_a_recount(db: TestDb) -> Checked {
        let world = db.world().await;
        let chat = world.chat().await;
        world.act(&chat, Move::Claim { agent: world.agent }).await?;
        for n in 0..4 {
            world.act(&chat, Move::VisitorWrites { text: format!("{n}") }).await?;
            world.act(&chat, Move::AgentNotes { agent: world.agent, text: format!("{n}") }).await?;
        }
        db.changes().await;
        // started, question, joined, then four messages: 2, 4, 5, 6, 7 are the visitor's words.
        let look = async |read: u32| -> Result<(Marks, u32), Box<dyn std::error::Error>> {
            db.store.mark(chat.session, Side::Staff, 0, read).await?;
            let row = db.store.read().await?.session(chat.session).await?.ok_or("gone")?;
            Ok((row.staff_marks, row.session.unread))
        };
        assert_eq!(look(0).await?, (Marks { delivered: 0, read: 0 }, 5));
        assert_eq!(look(4).await?, (Marks { delivered: 4, read: 4 }, 3));
        assert_eq!(look(2).await?, (Marks { delivered: 4, read: 4 }, 3));
        assert_eq!(look(6).await?, (Marks { delivered: 6, read: 6 }, 1));
        assert_eq!(look(u32::MAX).await?, (Marks { delivered: 7, read: 7 }, 0));
        db.store.mark(chat.session, Side::Visitor, 5, 1).await?;
        let changes = db.changes().await;
        assert_eq!(changes.len(), 4, "only what rose is told: {changes:?}");
        let Some(Change::Marks { session, side, marks, unread, row }) = changes.last() else {
            return Err("the last change is not a mark".into());
        };
        assert_eq!((*session, *side, *marks, *unread), (chat.session, Side::Visitor, Marks { delivered: 5, read: 1 }, 0));
        assert_eq!(db.store.read().await?.session(chat.session).await?.as_ref(), Some(row));

        // What was unread at the end stays unread for nobody, and does not come back with the next episode.
        world.act(&chat, Move::VisitorWrites { text: "bye".into() }).await?;
        world.act(&chat, Move::Leave).await?;
        db.store.mark(chat.session, Side::Staff, 8, 7).await?;
        world.act(&chat, Move::Resume).await?;
        world.act(&chat, Move::VisitorWrites { text: "me again".into() }).await?;
        assert_eq!(look(8).await?.1, 1);
        let nobody = db.store.mark(world.ids.session(), Side::Staff, 1, 1).await;
        assert!(matches!(nobody, Err(ActError::NotFound)), "{nobody:?}");
        Ok(())
    }

    async fn a_resume_out_of_wrap_up_is_found_again(db: TestDb) -> Checked {
        let world = db.world().await;
        let queue = world.queue("Careful", QueueRules { wait_timeout: 60, wrap_up: WrapUp::Manual, chat_limit: 0 }).await;
        let mut start = world.start();
        start.start.queue = queue;
        let chat = db.store.start_chat(start).await?;
        world.act(&chat, Move::Claim { agent: world.agent }).await?;
        let ended = world.act(&chat, Move::End { agent: world.agent, closing: None }).await?;
        assert_eq!(ended.row.map(|row| row.session.status), Some(Status::WrapUp));
        // Its first event is the system's, but the client's id is the visitor's.
        let resume = act(chat.session, chat.visitor, Move::Resume, Some(world.ids.client()));
        let first = db.store.act(resume.clone()).await?;
        let again = db.store.act(resume).await?;
        assert!(again.repeated);
        assert_eq!((again.seq, again.vseq), (first.seq, None));
        let events = db.store.read().await?.events_after(chat.session, first.seq - 1, 10).await?;
        let kinds: Vec<_> = events.into_iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [EventKind::WrapUpClosed, EventKind::Resumed]);
        Ok(())
    }

    async fn a_transfer_follows_the_rules_of_the_new_queue(db: TestDb) -> Checked {
        let world = db.world().await;
        let rules = QueueRules { wait_timeout: 7, wrap_up: WrapUp::Timed(30), chat_limit: 0 };
        let queue = world.queue("Other", rules).await;
        let chat = world.chat().await;
        let by = domain::Author::Agent(world.agent);
        let row = world.act(&chat, Move::Requeue { by, queue, note: None }).await?.row.ok_or("no row")?;
        assert_eq!((row.session.queue, row.session.deadline, row.rules), (queue, Some(at(7)), rules));
        assert_eq!(db.store.read().await?.session(chat.session).await?, Some(row));
        let nowhere = world.act(&chat, Move::Requeue { by, queue: world.ids.queue(), note: None }).await;
        assert!(matches!(nowhere, Err(ActError::NotFound)), "{nowhere:?}");
        Ok(())
    }

    async fn a_named_rating_is_one_row_per_episode(db: TestDb) -> Checked {
        let world = db.world().await;
        let chat = world.chat().await;
        let rate = |n: u8| Move::Rate { stars: Stars::try_from(n).expect("one to five"), words: format!("{n}") };
        let open = world.act(&chat, rate(1)).await;
        assert!(matches!(open, Err(ActError::Refused(Refusal::NotEnded))), "{open:?}");
        world.act(&chat, Move::Claim { agent: world.agent }).await?;
        world.act(&chat, Move::End { agent: world.agent, closing: None }).await?;
        world.act(&chat, rate(2)).await?;
        world.act(&chat, rate(4)).await?;
        let mut read = db.store.read().await?;
        let recent = read.recent_of_agent(world.agent, None, None, 5).await?;
        let rating = recent.first().and_then(|row| row.rating.clone()).ok_or("no rating")?;
        assert_eq!((u8::from(rating.stars), rating.words.as_str()), (4, "4"));
        world.act(&chat, Move::Resume).await?;
        world.act(&chat, Move::Claim { agent: world.agent }).await?;
        world.act(&chat, Move::End { agent: world.agent, closing: None }).await?;
        let recent = read.recent_of_agent(world.agent, None, None, 5).await?;
        assert_eq!(recent.first().map(|row| row.rating.clone()), Some(None), "the new episode has none yet");
        world.act(&chat, rate(1)).await?;
        let average = read.average_rating(world.agent).await?.ok_or("no average")?;
        assert_eq!((average.count, average.stars.round()), (2, 3.0));
        Ok(())
    }

    async fn only_the_command_at_fault_fails(db: TestDb) -> Checked {
        let world = db.world().await;
        let (chat, other) = (world.chat().await, world.chat().await);
        world.act(&chat, Move::Claim { agent: world.agent }).await?;
        db.changes().await;
        let nobody = Move::Assign { by: world.agent, to: world.ids.agent() };
        let commands = [
            act(chat.session, chat.visitor, Move::VisitorWrites { text: "one".into() }, Some(world.ids.client())),
            act(chat.session, chat.visitor, nobody, Some(world.ids.client())),
            act(other.session, other.visitor, Move::VisitorWrites { text: "two".into() }, Some(world.ids.client())),
            act(chat.session, chat.visitor, Move::VisitorWrites { text: "three".into() }, Some(world.ids.client())),
        ];
        let holding = db.store.begin().await?;
        let answers = join_all(commands.map(|command| db.store.act(command)));
        let release = async {
            tokio::task::yield_now().await;
            drop(holding);
        };
        let (answers, ()) = tokio::join!(answers, release);
        let numbers: Vec<_> = answers.iter().map(|answer| answer.as_ref().ok().map(|ack| ack.seq)).collect();
        assert_eq!(numbers, [Some(4), None, Some(3), Some(5)]);
        assert!(matches!(answers[1], Err(ActError::Store(StoreError::Missing))), "{:?}", answers[1]);
        assert_eq!(db.changes().await.len(), 3);
        Ok(())
    }

    async fn a_closed_store_answers(db: TestDb) -> Checked {
        let world = db.world().await;
        let chat = world.chat().await;
        let store = db.another().await;
        let said = join_all((0..50).map(|n| {
            let text = Move::VisitorWrites { text: format!("{n}") };
            store.act(act(chat.session, chat.visitor, text, Some(world.ids.client())))
        }));
        let (said, ()) = tokio::join!(said, store.close());
        let done = said.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(done, 50, "what was sent before the close is done: {said:?}");
        let late = act(chat.session, chat.visitor, Move::Leave, None);
        assert!(matches!(store.act(late).await, Err(ActError::Store(StoreError::Unavailable(_)))));
        assert!(matches!(store.begin().await.err(), Some(StoreError::Unavailable(_))));
        let row = db.store.read().await?.session(chat.session).await?.ok_or("gone")?;
        assert_eq!((row.session.seq, row.session.outcome), (52, None::<Outcome>));
        Ok(())
    }
}

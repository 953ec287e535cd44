//! What stands below one's own messages: how far they have come, and what can be done about those that have not.

use domain::ClientId;
use sync::State as Entry;
use web_sys::Element;
use wire::{Conflict, Error};

use super::{
    app::App,
    dom,
    frames::{near_end, to_bottom},
    js,
    line::Phase,
    talk::Tick,
};
use crate::{Say, parts};

impl App {
    /// How far each of one's own messages has come; said once per stage, at the newest that reached it.
    pub fn draw_ticks(&mut self) {
        let open = self.line.phase == Phase::Open;
        let marks = self.marks;
        let held_until = self.outbox.wake().filter(|&until| open && until > js::now());
        let mut newer = Tick::None;
        let mut work: Vec<(usize, Tick, Option<Error>)> = Vec::new();
        for (place, item) in self.talk.items().iter().enumerate().rev().filter(|(_, item)| item.own()) {
            let entry = item.id.filter(|_| item.vseq == 0).and_then(|id| self.outbox.get(id));
            let number = item.vseq.max(item.acked);
            let tick = match entry.map(|entry| &entry.state) {
                Some(Entry::Failed(_)) => Tick::Failed,
                Some(_) if held_until.is_some() => Tick::Slow,
                Some(_) if open => Tick::Sending,
                Some(_) => Tick::Waiting,
                None if number == 0 => Tick::Sending,
                None if number <= marks.read => Tick::Read,
                None if number <= marks.delivered => Tick::Delivered,
                None => Tick::Sent,
            };
            let shown = if tick == newer && tick != Tick::Failed { Tick::None } else { tick };
            newer = tick;
            if shown != item.tick || shown == Tick::Slow {
                let error = entry.and_then(|entry| match &entry.state {
                    Entry::Failed(error) => Some(error.clone()),
                    _ => None,
                });
                work.push((place, shown, error));
            }
            // Everything before is at least as far, and stands there already.
            if tick == Tick::Read && shown == Tick::None && item.tick == Tick::None {
                break;
            }
        }
        if work.is_empty() {
            return;
        }
        let near = near_end();
        for (place, tick, error) in work {
            self.draw_tick(place, tick, error.as_ref(), held_until.unwrap_or_default());
        }
        if near {
            to_bottom();
        }
    }

    fn draw_tick(&mut self, place: usize, tick: Tick, error: Option<&Error>, held_until: i64) {
        let say = match tick {
            Tick::None | Tick::Failed => None,
            Tick::Sending => Some(Say::Sending),
            Tick::Waiting => Some(Say::WaitingToSend),
            Tick::Slow => Some(Say::SlowDown),
            Tick::Sent => Some(Say::Sent),
            Tick::Delivered => Some(Say::Delivered),
            Tick::Read => Some(Say::Read),
        };
        let mut words = say.map(|say| self.say(say)).unwrap_or_default();
        if tick == Tick::Slow {
            words = self.fill_n(Say::SlowDown, ((held_until - js::now() + 999) / 1_000).max(1));
        }
        let ended = matches!(error, Some(Error::Conflict(Conflict::Ended)));
        let reason = self.say(match error {
            Some(Error::Invalid(_)) => Say::TooLong,
            _ if ended => Say::NotSentEnded,
            _ => Say::NotSent,
        });
        let again = self.say(if ended { Say::Resume } else { Say::Retry });
        let at = self.talk.items()[place].at;
        if matches!(tick, Tick::Sent | Tick::Delivered | Tick::Read) {
            let mut stamped = self.talk.time(at);
            stamped.push_str(" · ");
            stamped.push_str(&words);
            words = stamped;
        }
        let item = &mut self.talk.items()[place];
        item.tick = tick;
        let node = &item.node;
        dom::text(&dom::inside(node, ".tick"), &words);
        dom::class(node, "waiting", matches!(tick, Tick::Sending | Tick::Waiting | Tick::Slow));
        dom::class(node, "bad", tick == Tick::Failed);
        if let Ok(Some(failed)) = node.query_selector(".failed") {
            failed.remove();
        }
        if tick == Tick::Failed {
            let failed = dom::cloned(parts::T_FAILED);
            dom::text(&dom::inside(&failed, ".again"), &again);
            let _ = node.append_child(&failed);
            // Filled in once it stands there, or it is not said.
            dom::text(&dom::inside(&failed, "span"), &reason);
        }
    }

    /// Retry, resume or delete at a failed message.
    pub fn talk_clicked(&mut self, button: &Element) {
        let Some(id) = self.talk.around(button) else { return };
        if button.class_list().contains("drop") {
            self.drop_message(id);
        } else if button.class_list().contains("again") {
            if self.failed_for_end(id) && self.ended() {
                self.resume();
            } else {
                self.outbox.retry(id);
                self.line_wanted();
                self.flush();
            }
            dom::focus(parts::LOG);
        }
        self.refresh();
    }

    fn failed_for_end(&self, id: ClientId) -> bool {
        let entry = self.outbox.get(id);
        entry.is_some_and(|entry| matches!(entry.state, Entry::Failed(Error::Conflict(Conflict::Ended))))
    }
}

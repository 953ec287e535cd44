//! Pages that fit into a frame. A hundred events are a page, but a hundred long messages are four megabytes: more than a
//! connection may hold back for a client that does not read, and far more than [`wire::MAX_FRAME`].

use std::io;

use serde::Serialize;

/// For the events of a page; the rest of the frame is what surrounds them.
const ROOM: usize = wire::MAX_FRAME - 4 * 1024;

/// Leaves as many of the first ones as fit, at least one; whether others had to go.
pub fn first_that_fit<T: Serialize>(events: &mut Vec<T>) -> bool {
    let fit = fitting(events.iter());
    let all = fit == events.len();
    events.truncate(fit);
    !all
}

/// Leaves as many of the last ones as fit, at least one.
pub fn last_that_fit<T: Serialize>(events: &mut Vec<T>) {
    let fit = fitting(events.iter().rev());
    events.drain(..events.len() - fit);
}

fn fitting<'a, T: Serialize + 'a>(events: impl Iterator<Item = &'a T>) -> usize {
    let mut room = ROOM;
    let mut fit = 0;
    for event in events {
        let size = encoded(event);
        if size > room && fit > 0 {
            break;
        }
        room = room.saturating_sub(size);
        fit += 1;
    }
    fit
}

/// Bytes as JSON, with the comma after it.
fn encoded(event: &impl Serialize) -> usize {
    struct Count(usize);

    impl io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let mut count = Count(1);
    // What cannot be encoded takes no room; the frame itself will not have it either.
    let _ = serde_json::to_writer(&mut count, event);
    count.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_as_fit_and_never_none() {
        let events = |sizes: &[usize]| sizes.iter().map(|size| "x".repeat(*size)).collect::<Vec<_>>();
        let mut short = events(&[10; 100]);
        assert!(!first_that_fit(&mut short));
        assert_eq!(short.len(), 100);
        let mut long = events(&[1, 30_000, 30_000, 30_000, 2]);
        assert!(first_that_fit(&mut long));
        assert_eq!(long.iter().map(String::len).collect::<Vec<_>>(), [1, 30_000, 30_000]);
        let mut long = events(&[1, 30_000, 30_000, 30_000, 2]);
        last_that_fit(&mut long);
        assert_eq!(long.iter().map(String::len).collect::<Vec<_>>(), [30_000, 30_000, 2]);
        let mut huge = events(&[1_000_000, 1]);
        assert!(first_that_fit(&mut huge));
        assert_eq!(huge.len(), 1);
        let mut none: Vec<String> = Vec::new();
        assert!(!first_that_fit(&mut none));
        last_that_fit(&mut none);
    }
}

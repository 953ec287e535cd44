//! What to say when something was not done.

use domain::{FieldProblem, FileFault};
use wire::{Conflict, Error};

/// In one sentence, with what can be done about it.
pub fn error_line(error: &Error) -> String {
    match error {
        Error::Unauthenticated => "You are signed out. Sign in again.".to_owned(),
        Error::Forbidden => "You do not have the right to do this.".to_owned(),
        Error::NotFound => "It is not there, or not for you.".to_owned(),
        Error::Conflict(conflict) => match conflict {
            Conflict::TakenBy { name } => format!("{name} has it"),
            Conflict::Ended => "The chat has ended.".to_owned(),
            Conflict::NotEnded => "The chat has not ended yet.".to_owned(),
            Conflict::NotTaken => "Nobody has taken the chat yet.".to_owned(),
            Conflict::NotInWrapUp => "The wrap-up is over already.".to_owned(),
            Conflict::NotRinging => "It has stopped ringing.".to_owned(),
            Conflict::Ringing => "It is being offered to a colleague already.".to_owned(),
            Conflict::AtLimit { limit: 1 } => "One chat at a time is the limit. End the other one first.".to_owned(),
            Conflict::AtLimit { limit } => format!("{limit} chats at a time are the limit. End one first."),
            Conflict::Changed => "Somebody else has changed it meanwhile.".to_owned(),
            Conflict::OwnAlready => "It is theirs already.".to_owned(),
            Conflict::NotAvailable { name } => format!("{name} is not online."),
            Conflict::HasChats { count: 1 } => {
                "A chat in it is not over yet. End it, or hand it to another queue first.".to_owned()
            }
            Conflict::HasChats { count } => {
                format!("{count} chats in it are not over yet. End them, or hand them to another queue first.")
            }
            Conflict::UsedBySite { name } => {
                format!("Chats of the site {name} begin there. Let them begin in another queue first.")
            }
            Conflict::UsedByQueue { name } => {
                format!("Chats of {name} that nobody takes move on to it. Change that in {name} first.")
            }
            Conflict::Exists => "There is one of this name already.".to_owned(),
            Conflict::Guarded { hits } => guarded_line(hits),
            Conflict::AttachmentsOff => "Attachments are switched off in this chat.".to_owned(),
            _ => "It has changed in the meantime.".to_owned(),
        },
        Error::Invalid(fields) => match fields.first().map(|field| field.problem) {
            Some(FieldProblem::TooLong) => "The text is too long.".to_owned(),
            Some(FieldProblem::Missing) => "There is nothing to send.".to_owned(),
            _ => "Something in it is not right.".to_owned(),
        },
        Error::File(fault) => fault_line(*fault),
        Error::RateLimited { retry_after } => format!("Too fast. Try again in {retry_after} s."),
        Error::PlanRequired => "Your plan does not include this.".to_owned(),
        Error::Unavailable => "The server cannot do this just now.".to_owned(),
        Error::Internal => "Something went wrong on the server.".to_owned(),
        Error::Transport => "There is no connection.".to_owned(),
    }
}

/// What the server's guard found: each rule once, with its reason.
fn guarded_line(hits: &[wire::GuardHit]) -> String {
    let mut told: Vec<String> = Vec::new();
    for hit in hits {
        let reason = if hit.reason.is_empty() { hit.name.clone() } else { format!("{}: {}", hit.name, hit.reason) };
        if !told.contains(&reason) {
            told.push(reason);
        }
    }
    told.join(" ")
}

/// Why a file was not taken, and what to do about it where something can be done.
pub fn fault_line(fault: FileFault) -> String {
    match fault {
        FileFault::Empty => "The file is empty.".to_owned(),
        FileFault::TooLarge { most } => format!("The file is larger than {}.", file_size(most)),
        FileFault::UnknownType => {
            "Files of this type cannot be sent. Pictures (JPEG, PNG, GIF, WebP), films (MP4, WebM), PDF and plain text can."
                .to_owned()
        }
        FileFault::NotAllowed(media) => format!("{} files cannot be sent here.", media.word()),
        FileFault::Svg => "SVG drawings can hold scripts, so they are not sent. Save it as PNG.".to_owned(),
        FileFault::Html => "Web pages can hold scripts, so they are not sent. Save it as PDF.".to_owned(),
        FileFault::Polyglot => "The file hides a second one, such as a script, so it is not sent.".to_owned(),
        FileFault::Damaged => "The file is damaged or not complete.".to_owned(),
        FileFault::Infected => "The virus scanner found something in the file.".to_owned(),
    }
}

/// A length as people say it: 1 MB is 1024 KB, as file managers count.
#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
pub fn file_size(bytes: u64) -> String {
    const KB: u64 = 1024;
    match bytes {
        0..KB => format!("{bytes} B"),
        KB..1_048_576 => format!("{} KB", bytes / KB),
        _ => {
            let text = format!("{:.1}", bytes as f64 / 1_048_576.0);
            format!("{} MB", text.strip_suffix(".0").unwrap_or(&text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guard_is_quoted() {
        let hit = |from| wire::GuardHit {
            rule: domain::GuardId::from_uuid(uuid::Uuid::nil()),
            name: "Cards".into(),
            reason: "Send the payment link.".into(),
            from,
            to: from + 1,
        };
        let refused = Error::Conflict(Conflict::Guarded { hits: vec![hit(0), hit(9)] });
        assert_eq!(error_line(&refused), "Cards: Send the payment link.");
    }
}

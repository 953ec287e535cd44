//! Numbers, ids and cuts in texts. The standard library and `uuid` do the same for more kinds of text than are met here,
//! and what they carry for those would be a twentieth of the module.

use domain::{AttachmentId, ClientId, SessionId};
use uuid::Uuid;

/// Decimal digits. Never negative here.
pub fn digits(number: i64) -> String {
    let mut rest = number.unsigned_abs();
    let mut digits = Vec::with_capacity(20);
    loop {
        digits.insert(0, char::from(b'0' + u8::try_from(rest % 10).unwrap_or(0)));
        rest /= 10;
        if rest == 0 {
            return digits.into_iter().collect();
        }
    }
}

/// What [`digits`] wrote: whole, not negative, of this era.
pub fn number(text: &str) -> Option<i64> {
    if text.is_empty() || text.len() > 15 {
        return None;
    }
    text.chars().try_fold(0, |number, c| Some(number * 10 + i64::from(c.to_digit(10)?)))
}

/// What stands before and after the first `at`.
pub fn cut(text: &str, at: char) -> Option<(&str, &str)> {
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c == at {
            let after = rest.as_str();
            return Some((text.get(..text.len() - after.len() - c.len_utf8())?, after));
        }
    }
    None
}

pub fn client_id(text: &str) -> Option<ClientId> {
    uuid(text).map(ClientId::from_uuid)
}

pub fn attachment_id(text: &str) -> Option<AttachmentId> {
    uuid(text).map(AttachmentId::from_uuid)
}

pub fn session_id(text: &str) -> Option<SessionId> {
    uuid(text).map(SessionId::from_uuid)
}

pub fn id_text(id: ClientId) -> String {
    uuid_text(id.uuid())
}

/// Lower case with hyphens, as it goes over the wire.
pub fn uuid_text(uuid: Uuid) -> String {
    let mut text = String::with_capacity(36);
    for (n, byte) in uuid.as_bytes().iter().enumerate() {
        if matches!(n, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    text
}

fn uuid(text: &str) -> Option<Uuid> {
    let mut bytes = [0; 16];
    let mut count = 0;
    for c in text.chars().filter(|&c| c != '-') {
        let byte = bytes.get_mut(count / 2)?;
        *byte = *byte << 4 | u8::try_from(c.to_digit(16)?).ok()?;
        count += 1;
    }
    (count == 32).then(|| Uuid::from_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_come_back(n in 0i64..1_000_000_000_000_000) {
            prop_assert_eq!(digits(n), n.to_string());
            prop_assert_eq!(number(&digits(n)), Some(n));
        }

        #[test]
        fn only_numbers_are_numbers(text in "[-0-9a+. ]{0,18}") {
            let whole = text.parse::<i64>().ok().filter(|_| text.len() <= 15 && !text.contains(['+', '-']));
            prop_assert_eq!(number(&text), whole);
        }

        #[test]
        fn ids_come_back(bits in any::<u128>()) {
            let id = Uuid::from_u128(bits);
            prop_assert_eq!(uuid_text(id), id.hyphenated().to_string());
            prop_assert_eq!(uuid(&uuid_text(id)), Some(id));
        }

        #[test]
        fn a_cut_is_at_the_first(text in "[a-c.{é]{0,8}") {
            for at in ['.', '{', 'é'] {
                prop_assert_eq!(cut(&text, at), text.split_once(at));
            }
        }
    }

    #[test]
    fn nothing_else_is_an_id() {
        for text in ["", "-", "018f", "018f3a5e-7c1b-7000-8000-00000000000g", "018f3a5e-7c1b-7000-8000-0000000000001"] {
            assert_eq!(uuid(text), None, "{text}");
        }
    }
}

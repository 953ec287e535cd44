//! The one home of randomness: ids, tokens, passwords, and the hashes tokens are kept as.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::Timestamp;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// A new time-ordered id.
pub fn id(now: Timestamp) -> Uuid {
    let millis = u64::try_from(now.millis()).unwrap_or(0);
    let random: [u8; 16] = bytes();
    let mut tail = [0; 10];
    tail.copy_from_slice(&random[..10]);
    Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
}

/// A new id that tells nothing, not even when it was made.
pub fn shapeless_id() -> Uuid {
    Builder::from_random_bytes(bytes()).into_uuid()
}

/// A secret of 256 bits, as 43 characters that are safe in headers and cookies.
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// 256 random bits.
pub fn secret() -> [u8; 32] {
    bytes()
}

/// What is kept of a token. A plain hash is enough: the token has 256 random bits, so there is nothing to guess.
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// A password that can be read aloud, 98 bits.
pub fn password() -> String {
    in_groups(4, 5)
}

/// A code to be typed off within minutes, 39 bits: so many that guessing at many codes at once leads nowhere either.
pub fn code() -> String {
    in_groups(2, 4)
}

/// What somebody has typed for a [`code`], as it was made.
pub fn typed_code(typed: &str) -> String {
    let mut code: String = typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    if code.len() > 4 {
        code.insert(4, '-');
    }
    code
}

/// Groups of letters and digits without look-alikes.
fn in_groups(groups: usize, of: usize) -> String {
    const LETTERS: &[u8; 30] = b"abcdefghjkmnpqrstuvwxyz2345678";
    let mut text = String::with_capacity(groups * (of + 1));
    let mut count = 0;
    while count < groups * of {
        for byte in bytes::<32>() {
            // 240 is the largest multiple of 30: taking more would favour some letters.
            if byte < 240 && count < groups * of {
                if count > 0 && count % of == 0 {
                    text.push('-');
                }
                text.push(char::from(LETTERS[usize::from(byte % 30)]));
                count += 1;
            }
        }
    }
    text
}

/// A public key for a site, short enough for a snippet.
pub fn site_key() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<9>()).replace(['-', '_'], "x")
}

#[expect(clippy::expect_used, reason = "without the system's randomness nothing here may go on")]
fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_in_the_order_of_their_time() {
        let early = id(Timestamp::from_millis(1_700_000_000_000));
        let late = id(Timestamp::from_millis(1_700_000_000_001));
        assert!(early < late);
        assert_eq!(early.get_version_num(), 7);
    }

    #[test]
    fn a_code_is_taken_as_people_type_it() {
        let code = code();
        for typed in [code.clone(), code.to_uppercase(), code.replace('-', ""), format!(" {} ", code.replace('-', " "))]
        {
            assert_eq!(typed_code(&typed), code, "{typed:?}");
        }
        assert_eq!(typed_code("äö"), "");
    }

    #[test]
    fn secrets_differ_and_have_their_length() {
        assert_ne!(token(), token());
        assert_eq!(token().len(), 43);
        assert_eq!(password().len(), 23);
        assert_eq!(code().len(), 9);
        assert_ne!(token_hash("a"), token_hash("b"));
    }
}

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

/// A password that can be read aloud: four groups of five letters and digits without look-alikes, 98 bits.
pub fn password() -> String {
    const LETTERS: &[u8; 30] = b"abcdefghjkmnpqrstuvwxyz2345678";
    let mut password = String::with_capacity(23);
    let mut count = 0;
    while count < 20 {
        for byte in bytes::<32>() {
            // 240 is the largest multiple of 30: taking more would favour some letters.
            if byte < 240 && count < 20 {
                if count > 0 && count % 5 == 0 {
                    password.push('-');
                }
                password.push(char::from(LETTERS[usize::from(byte % 30)]));
                count += 1;
            }
        }
    }
    password
}

/// Six digits, to be typed off within minutes.
pub fn digits() -> String {
    // The remainder favours nothing that matters: 2^64 is a multiple of a million but for one part in 10^13.
    format!("{:06}", u64::from_le_bytes(bytes()) % 1_000_000)
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
    fn secrets_differ_and_have_their_length() {
        assert_ne!(token(), token());
        assert_eq!(token().len(), 43);
        assert_eq!(password().len(), 23);
        assert_ne!(token_hash("a"), token_hash("b"));
    }
}

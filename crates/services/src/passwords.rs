//! Passwords: argon2id, off the runtime's threads, a few at a time.

use std::sync::{Arc, LazyLock};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};
use tokio::sync::Semaphore;

/// Shortest password that may be chosen (NIST SP 800-63B: 8 is the least; no other rules).
pub const SHORTEST: usize = 10;
/// Longest; hashing an endless one would be an easy flood.
pub const LONGEST: usize = 256;

/// Each hash takes 19 MiB and tens of milliseconds of a core: more at a time would starve the chats.
static PERMITS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(2)));

/// A hash that no password has, so that unknown names take as long as wrong passwords.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now(&crate::random::token()).unwrap_or_default());

/// The PHC string to keep. `None` when hashing failed, which only a lack of memory explains.
pub async fn hash(password: String) -> Option<String> {
    let _permit = Arc::clone(&PERMITS).acquire_owned().await.ok()?;
    tokio::task::spawn_blocking(move || hash_now(&password)).await.ok()?
}

/// Whether the password is the one that was hashed; takes as long when there is none.
pub async fn verify(password: String, hash: Option<String>) -> bool {
    let Ok(_permit) = Arc::clone(&PERMITS).acquire_owned().await else { return false };
    let known = hash.is_some();
    let verified = tokio::task::spawn_blocking(move || {
        let hash = hash.unwrap_or_else(|| NOBODY.clone());
        PasswordHash::new(&hash).is_ok_and(|hash| argon().verify_password(password.as_bytes(), &hash).is_ok())
    });
    verified.await.unwrap_or(false) && known
}

fn hash_now(password: &str) -> Option<String> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).ok()?;
    let salt = SaltString::encode_b64(&salt).ok()?;
    argon().hash_password(password.as_bytes(), &salt).ok().map(|hash| hash.to_string())
}

/// argon2id with m = 19 MiB, t = 2, p = 1 (OWASP Password Storage Cheat Sheet).
fn argon() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_password_and_no_other() {
        let kept = hash("correct horse".into()).await.expect("hashes");
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("correct horse".into(), Some(kept.clone())).await);
        assert!(!verify("wrong horse".into(), Some(kept)).await);
        assert!(!verify("correct horse".into(), None).await);
    }
}

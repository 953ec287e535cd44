//! Addresses that open one file for a short time and carry their own proof, because pictures and films in a page cannot
//! send a token.

use std::fmt::Write;

use domain::{AttachmentId, Span, Timestamp};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use store::{Store, StoreError, Upload};
use wire::file::FileLinks;

use crate::random;

/// The setting that holds the key.
const SETTING: &str = "file_link_key";

/// An address opens the file for at least this long …
const LEAST: Span = Span::seconds(10 * 60);
/// … and is the same for all who ask within this time, so that browsers know what they have.
const STEP: i64 = 5 * 60;

/// What of a file is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    File,
    /// The small picture.
    Preview,
}

impl Variant {
    pub const fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Preview => "preview",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::File, Self::Preview].into_iter().find(|variant| variant.name() == name)
    }
}

/// The secret of this installation. Kept in the database, so that addresses outlive a restart.
pub(crate) struct Key(String);

impl Key {
    pub async fn load(store: &Store) -> Result<Self, StoreError> {
        if let Some(key) = store.read().await?.setting(SETTING).await? {
            return Ok(Self(key));
        }
        let key = random::token();
        let mut tx = store.begin().await?;
        // Asked again: another process may have been faster.
        if let Some(key) = tx.setting(SETTING).await? {
            return Ok(Self(key));
        }
        tx.set_setting(SETTING, &key).await?;
        tx.commit().await?;
        Ok(Self(key))
    }

    pub fn links(&self, upload: &Upload, now: Timestamp) -> FileLinks {
        let until = ((now + LEAST).millis() / 1000 / STEP + 1) * STEP;
        let link = |variant: Variant| {
            let signature = self.signature(upload.id, variant, until);
            format!("/w/files/{}/{}?until={until}&sig={signature}", upload.id, variant.name())
        };
        let preview = upload.checked.as_ref().and_then(|checked| checked.preview);
        FileLinks {
            file: link(Variant::File),
            preview: preview.map(|_| link(Variant::Preview)),
            until: Timestamp::from_millis(until * 1000),
        }
    }

    /// Whether the address is one of ours and still stands; `until` in seconds since 1970.
    pub fn opens(&self, id: AttachmentId, variant: Variant, until: i64, signature: &str, now: Timestamp) -> bool {
        let given = bytes(signature);
        let fits = given.is_some_and(|given| self.mac(id, variant, until).verify_slice(&given).is_ok());
        fits && now.millis() < until.saturating_mul(1000)
    }

    fn signature(&self, id: AttachmentId, variant: Variant, until: i64) -> String {
        let mut text = String::with_capacity(64);
        for byte in self.mac(id, variant, until).finalize().into_bytes() {
            // Writing into a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    fn mac(&self, id: AttachmentId, variant: Variant, until: i64) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).expect("any length");
        mac.update(format!("{id} {} {until}", variant.name()).as_bytes());
        mac
    }
}

fn bytes(hex: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let text = hex.as_bytes();
    if text.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        let digit = |c: u8| char::from(c).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? << 4 | digit(pair[1])?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_address_opens_one_thing_for_a_short_time() {
        let key = Key("secret".into());
        let (id, other) = (AttachmentId::from_uuid(Uuid::from_u128(1)), AttachmentId::from_uuid(Uuid::from_u128(2)));
        let now = Timestamp::from_millis(1_000_000);
        let until = 2_000;
        let good = key.signature(id, Variant::File, until);
        assert!(key.opens(id, Variant::File, until, &good, now));
        assert!(!key.opens(other, Variant::File, until, &good, now));
        assert!(!key.opens(id, Variant::Preview, until, &good, now));
        assert!(!key.opens(id, Variant::File, until + 1, &good, now));
        assert!(!key.opens(id, Variant::File, until, &good, Timestamp::from_millis(2_000_000)));
        assert!(!Key("other".into()).opens(id, Variant::File, until, &good, now));
        for bad in ["", "00", &good[..62], &format!("{good}00"), &"zz".repeat(32), &"é".repeat(32)] {
            assert!(!key.opens(id, Variant::File, until, bad, now), "{bad}");
        }
    }
}

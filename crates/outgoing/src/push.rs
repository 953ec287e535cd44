//! Web Push: RFC 8030 with the encryption of RFC 8291 and the identification of RFC 8292 (VAPID).

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use domain::{Span, Timestamp};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use p256::{
    PublicKey, SecretKey,
    ecdsa::{Signature, SigningKey, signature::Signer},
};
use web_push_native::Auth;

use crate::{Http, SendError};

/// How long an identification holds; at most 24 h (RFC 8292, section 2).
const IDENTIFIED: Span = Span::seconds(12 * 3600);

/// This server's own pair of keys, by which push services know it again.
#[derive(Clone)]
pub struct Keys(SecretKey);

/// Where one browser wants its messages, as `PushSubscription.toJSON()` says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    pub endpoint: String,
    /// Public key, uncompressed point, base64url.
    pub p256dh: String,
    /// 16 bytes, base64url.
    pub auth: String,
}

/// What a browser gave is not usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecipientError {
    #[error("the endpoint is not an http address")]
    Endpoint,
    #[error("the keys are not keys")]
    Keys,
}

/// How soon the device should be woken (RFC 8030, section 5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    Normal,
    High,
}

/// One message.
pub struct Push<'a> {
    pub body: &'a [u8],
    /// How long it is worth keeping for a device that is off.
    pub ttl: Duration,
    pub urgency: Urgency,
    /// At most 32 characters of base64url: a newer message of the same topic replaces one that still waits.
    pub topic: &'a str,
    pub now: Timestamp,
    /// Whom the push service may write to: `mailto:` or `https:`.
    pub contact: &'a str,
}

impl Keys {
    /// From 32 random bytes. `None` for the one in four billion that is no key: take others then.
    pub fn of(random: [u8; 32]) -> Option<Self> {
        SecretKey::from_slice(&random).ok().map(Self)
    }

    /// From [`Self::secret`].
    pub fn read(secret: &str) -> Option<Self> {
        SecretKey::from_slice(&BASE64.decode(secret).ok()?).ok().map(Self)
    }

    /// To be kept, and never to leave.
    pub fn secret(&self) -> String {
        BASE64.encode(self.0.to_bytes())
    }

    /// For browsers: `applicationServerKey`.
    pub fn public(&self) -> String {
        BASE64.encode(self.0.public_key().to_sec1_bytes())
    }

    /// The `authorization` header for a push service.
    fn identification(&self, endpoint: &Uri, contact: &str, now: Timestamp) -> String {
        let audience = format!(
            "{}://{}",
            endpoint.scheme_str().unwrap_or("https"),
            endpoint.authority().map(http::uri::Authority::as_str).unwrap_or_default()
        );
        let head = BASE64.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
        let expires = (now + IDENTIFIED).millis() / 1000;
        let claims = serde_json::json!({ "aud": audience, "exp": expires, "sub": contact }).to_string();
        let signed = format!("{head}.{}", BASE64.encode(claims));
        let signature: Signature = SigningKey::from(&self.0).sign(signed.as_bytes());
        format!("vapid t={signed}.{}, k={}", BASE64.encode(signature.to_bytes()), self.public())
    }
}

impl Recipient {
    /// Whether it can be used at all.
    pub fn check(&self) -> Result<(), RecipientError> {
        self.parts().map(drop)
    }

    fn parts(&self) -> Result<(Uri, PublicKey, Auth), RecipientError> {
        let endpoint: Uri = self.endpoint.parse().map_err(|_| RecipientError::Endpoint)?;
        if !matches!(endpoint.scheme_str(), Some("https" | "http")) || endpoint.host().is_none() {
            return Err(RecipientError::Endpoint);
        }
        let bytes = |text: &str| BASE64.decode(text.trim_end_matches('=')).map_err(|_| RecipientError::Keys);
        let key = PublicKey::from_sec1_bytes(&bytes(&self.p256dh)?).map_err(|_| RecipientError::Keys)?;
        let auth: [u8; 16] = bytes(&self.auth)?.try_into().map_err(|_| RecipientError::Keys)?;
        Ok((endpoint, key, Auth::from(auth)))
    }

    /// Sends a message. A push service that knows the recipient no more is [`SendError::Gone`].
    pub async fn send(&self, http: &Http, keys: &Keys, push: &Push<'_>) -> Result<(), SendError> {
        let (endpoint, key, auth) = self.parts().map_err(|cause| SendError::Gone(cause.to_string()))?;
        let body = web_push_native::encrypt(push.body.to_vec(), &key, &auth)
            .map_err(|cause| SendError::Refused(cause.to_string()))?;
        let urgency = match push.urgency {
            Urgency::Normal => "normal",
            Urgency::High => "high",
        };
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("ttl", push.ttl.as_secs().to_string()),
            ("urgency", urgency.to_owned()),
            ("topic", push.topic.to_owned()),
            ("content-encoding", "aes128gcm".to_owned()),
            ("content-type", "application/octet-stream".to_owned()),
            ("authorization", keys.identification(&endpoint, push.contact, push.now)),
        ] {
            let value = HeaderValue::try_from(value).map_err(|cause| SendError::Refused(cause.to_string()))?;
            headers.insert(name, value);
        }
        let (status, answer) = http.post(&endpoint, headers, body).await?;
        judge(status, &answer)
    }
}

/// What a push service's answer means.
fn judge(status: StatusCode, headers: &HeaderMap) -> Result<(), SendError> {
    let after = || headers.get(header::RETRY_AFTER)?.to_str().ok()?.parse().ok();
    match status.as_u16() {
        200..=299 => Ok(()),
        404 | 410 => Err(SendError::Gone(status.to_string())),
        408 | 425 | 429 | 500..=599 => Err(SendError::Later { what: status.to_string(), after: after() }),
        // Redirects too: whoever is asked once must not send us elsewhere.
        _ => Err(SendError::Refused(status.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::{VerifyingKey, signature::Verifier};

    use super::*;

    #[test]
    fn keys_are_the_same_after_they_were_kept() {
        let keys = Keys::of([7; 32]).expect("a key");
        let again = Keys::read(&keys.secret()).expect("its own words");
        assert_eq!(keys.public(), again.public());
        assert_eq!(BASE64.decode(keys.public()).expect("base64").len(), 65);
        assert!(Keys::read("AAAA").is_none() && Keys::read("!").is_none());
    }

    #[test]
    fn the_identification_can_be_verified_with_the_public_key() {
        let keys = Keys::of([7; 32]).expect("a key");
        let endpoint: Uri = "https://push.example:8443/abc?d=1".parse().expect("an address");
        let header = keys.identification(&endpoint, "mailto:a@b.example", Timestamp::from_millis(1_000_000));
        let (token, key) = header.strip_prefix("vapid t=").and_then(|rest| rest.split_once(", k=")).expect("two parts");
        let (signed, signature) = token.rsplit_once('.').expect("a signature");
        let decode = |text: &str| BASE64.decode(text).expect("base64");
        let verifying = VerifyingKey::from_sec1_bytes(&decode(key)).expect("a key");
        let signature = Signature::from_slice(&decode(signature)).expect("a signature");
        verifying.verify(signed.as_bytes(), &signature).expect("signed by that key");
        let claims: serde_json::Value =
            serde_json::from_slice(&decode(signed.split_once('.').expect("claims").1)).expect("JSON");
        let wanted =
            serde_json::json!({"aud": "https://push.example:8443", "exp": 44_200, "sub": "mailto:a@b.example"});
        assert_eq!(claims, wanted);
    }

    #[test]
    fn unusable_recipients_are_told_apart() {
        let good = Recipient {
            endpoint: "https://push.example/x".into(),
            // The receiver of RFC 8291, appendix A.
            p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4".into(),
            auth: "BTBZMqHH6r4Tts7J_aSIgg".into(),
        };
        assert_eq!(good.check(), Ok(()));
        for endpoint in ["", "/x", "file:///etc/passwd", "javascript:alert(1)", "ftp://a.example/"] {
            let bad = Recipient { endpoint: endpoint.into(), ..good.clone() };
            assert_eq!(bad.check(), Err(RecipientError::Endpoint), "{endpoint}");
        }
        let bad = Recipient { auth: "AAAA".into(), ..good.clone() };
        assert_eq!(bad.check(), Err(RecipientError::Keys));
        let bad = Recipient { p256dh: "BCVxsr7N".into(), ..good };
        assert_eq!(bad.check(), Err(RecipientError::Keys));
    }

    #[test]
    fn answers_say_what_to_do() {
        let judged = |code: u16| judge(StatusCode::from_u16(code).expect("a status"), &HeaderMap::new());
        assert_eq!(judged(201), Ok(()));
        assert!(matches!(judged(410), Err(SendError::Gone(_))) && matches!(judged(404), Err(SendError::Gone(_))));
        assert!(
            matches!(judged(503), Err(SendError::Later { .. })) && matches!(judged(429), Err(SendError::Later { .. }))
        );
        assert!(matches!(judged(400), Err(SendError::Refused(_))) && matches!(judged(302), Err(SendError::Refused(_))));
    }
}

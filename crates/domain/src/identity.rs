//! Who a site's page says that its visitor is (PRODUCT V15): what the site's server signs, and when that is right.
//!
//! Everything that is said is signed: nothing that could be put in on the way is believed.

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{FieldKind, FieldProblem, Span, Timestamp, one_line, text::characters};

/// The first line of what is signed. Another layout gets another name.
const VERSION: &str = "deskbell-identity-v1";

/// How far ahead the expiry may lie: what is signed opens a person's chats for whoever reads it until then.
pub const IDENTITY_AHEAD: Span = Span::seconds(24 * 3_600);

/// How far the clocks of the site's server and of this one may be apart.
pub const IDENTITY_CLOCK: Span = Span::seconds(5 * 60);

/// Most secrets of a site: the one in use, and the one that takes its place.
pub const IDENTITY_SECRETS: usize = 2;

/// Most characters of a user id.
pub const USER_ID: usize = 200;

/// What the page says, as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The site's own name for the person; the same one always means the same person.
    #[serde(default, alias = "userId", deserialize_with = "text")]
    pub user_id: String,
    /// Seconds since 1970.
    #[serde(default, deserialize_with = "whole")]
    pub expires: i64,
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    #[serde(default, deserialize_with = "text")]
    pub email: String,
    #[serde(default, deserialize_with = "text")]
    pub phone: String,
    /// HMAC-SHA256 of [`Self::signed_text`], in hex or base64url.
    #[serde(default, deserialize_with = "text")]
    pub signature: String,
}

/// What may be kept of an identity once its signature is found right. Details that were not given are empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identified {
    pub user_id: String,
    pub name: String,
    pub email: String,
    pub phone: String,
}

impl Identity {
    /// What is signed: seven lines, those of missing details empty. No part of it can hold a line feed (see
    /// [`Self::check`]), so that two different identities never make the same text.
    pub fn signed_text(&self, site_key: &str) -> String {
        let expires = self.expires.to_string();
        [VERSION, site_key, &self.user_id, &expires, &self.name, &self.email, &self.phone].join("\n")
    }

    /// Whether it is in the form that can be signed. The field's name and what is wrong with it.
    pub fn check(&self) -> Result<Identified, (&'static str, FieldProblem)> {
        if self.user_id.is_empty() {
            return Err(("user_id", FieldProblem::Missing));
        }
        if characters(&self.user_id) > USER_ID {
            return Err(("user_id", FieldProblem::TooLong));
        }
        // Agents read it, and two that look the same must be the same.
        if one_line(&self.user_id, USER_ID) != self.user_id {
            return Err(("user_id", FieldProblem::Unknown));
        }
        let detail = |name, kind: FieldKind, said: &str| {
            if said.chars().any(char::is_control) {
                return Err((name, FieldProblem::Unknown));
            }
            kind.check(false, said).map_err(|problem| (name, problem))
        };
        Ok(Identified {
            user_id: self.user_id.clone(),
            name: detail("name", FieldKind::Name, &self.name)?,
            email: detail("email", FieldKind::Email, &self.email)?,
            phone: detail("phone", FieldKind::Phone, &self.phone)?,
        })
    }

    /// Whether it holds at this moment: neither over nor further ahead than may be.
    pub fn in_time(&self, now: Timestamp) -> Result<(), (&'static str, FieldProblem)> {
        if self.expires == 0 {
            return Err(("expires", FieldProblem::Missing));
        }
        let until = Timestamp::from_millis(self.expires.saturating_mul(1_000).clamp(0, i64::MAX / 1_000));
        if until + IDENTITY_CLOCK <= now {
            return Err(("expires", FieldProblem::Expired));
        }
        if until > now + IDENTITY_AHEAD + IDENTITY_CLOCK {
            return Err(("expires", FieldProblem::TooFar));
        }
        Ok(())
    }
}

impl Identified {
    /// The details that were signed: nobody else may say them from now on.
    pub fn signed(&self) -> Vec<FieldKind> {
        let details = [(FieldKind::Name, &self.name), (FieldKind::Email, &self.email), (FieldKind::Phone, &self.phone)];
        details.into_iter().filter(|(_, said)| !said.is_empty()).map(|(kind, _)| kind).collect()
    }
}

/// Pages hold ids as numbers too, and what they do not know as null.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct Text;
    impl de::Visitor<'_> for Text {
        type Value = String;

        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("a text or a whole number")
        }

        fn visit_str<E>(self, said: &str) -> Result<String, E> {
            Ok(said.to_owned())
        }

        fn visit_u64<E>(self, said: u64) -> Result<String, E> {
            Ok(said.to_string())
        }

        fn visit_i64<E>(self, said: i64) -> Result<String, E> {
            Ok(said.to_string())
        }

        fn visit_unit<E>(self) -> Result<String, E> {
            Ok(String::new())
        }
    }
    deserializer.deserialize_any(Text)
}

/// A number that is not whole is none: what was signed could not be told.
fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    Ok(text(deserializer)?.parse().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(user_id: &str) -> Identity {
        let nothing = String::new;
        Identity {
            user_id: user_id.into(),
            expires: 1_900_000_000,
            name: nothing(),
            email: nothing(),
            phone: nothing(),
            signature: nothing(),
        }
    }

    #[test]
    fn what_is_signed_has_a_line_for_each_part() {
        let all = Identity { name: "Lena S.".into(), email: "lena@example.org".into(), ..identity("42") };
        assert_eq!(all.signed_text("k3y"), "deskbell-identity-v1\nk3y\n42\n1900000000\nLena S.\nlena@example.org\n");
        assert_eq!(identity("42").signed_text("k3y"), "deskbell-identity-v1\nk3y\n42\n1900000000\n\n\n");
    }

    #[test]
    fn nothing_that_could_be_taken_for_another_line_is_signed() {
        for wrong in ["4\n2", " 42", "42\t", "\u{202E}24", "4\r2"] {
            assert_eq!(identity(wrong).check(), Err(("user_id", FieldProblem::Unknown)), "{wrong:?}");
        }
        let wrong = Identity { name: "Lena\nlena@example.org".into(), ..identity("42") };
        assert_eq!(wrong.check(), Err(("name", FieldProblem::Unknown)));
        assert_eq!(identity("").check(), Err(("user_id", FieldProblem::Missing)));
        assert_eq!(identity(&"x".repeat(201)).check(), Err(("user_id", FieldProblem::TooLong)));
        let wrong = Identity { email: "lena@".into(), ..identity("42") };
        assert_eq!(wrong.check(), Err(("email", FieldProblem::NotAnEmail)));
        let right = Identity { phone: "+49 30 1234567".into(), ..identity("42") };
        assert_eq!(right.check().map(|known| known.signed()), Ok(vec![FieldKind::Phone]));
    }

    #[test]
    fn it_holds_for_a_while_and_clocks_may_be_a_little_apart() {
        let said = identity("42");
        let end = Timestamp::from_millis(1_900_000_000_000);
        assert_eq!(said.in_time(end), Ok(()));
        assert_eq!(said.in_time(end + Span::seconds(299)), Ok(()));
        assert_eq!(said.in_time(end + Span::seconds(300)), Err(("expires", FieldProblem::Expired)));
        assert_eq!(said.in_time(end + Span::seconds(-86_700)), Ok(()));
        assert_eq!(said.in_time(end + Span::seconds(-86_701)), Err(("expires", FieldProblem::TooFar)));
        let none = Identity { expires: 0, ..said.clone() };
        assert_eq!(none.in_time(end), Err(("expires", FieldProblem::Missing)));
        for odd in [i64::MAX, i64::MIN] {
            assert!(Identity { expires: odd, ..said.clone() }.in_time(end).is_err(), "{odd}");
        }
    }

    #[test]
    fn pages_may_say_it_their_way() {
        let json = r#"{"userId": 42, "expires": "1900000000", "name": null, "signature": "ab", "plan": {}}"#;
        let said: Identity = serde_json::from_str(json).expect("it is read");
        assert_eq!((said.user_id.as_str(), said.expires, said.name.as_str()), ("42", 1_900_000_000, ""));
        let said: Identity = serde_json::from_str("{}").expect("what is missing is told later");
        assert_eq!(said.check(), Err(("user_id", FieldProblem::Missing)));
    }
}

//! What a page says about its visitor (PRODUCT V15): a flat object of few and small things. The browser says it, so nobody
//! has proved it.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};

use crate::{FieldProblem, one_line, text::characters};

/// Most attributes of one visitor.
pub const ATTRIBUTES: usize = 30;

/// Most characters of a key: a to z, digits, dashes and underscores; capitals are made small.
pub const ATTRIBUTE_KEY: usize = 40;

/// Most characters of a text.
pub const ATTRIBUTE_TEXT: usize = 255;

/// One value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AttributeValue {
    Truth(bool),
    Number(Finite),
    Text(String),
}

/// A number as JavaScript has them. JSON knows none that is not finite, and nothing else makes one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Finite(f64);

impl Eq for Finite {}

/// Of one visitor, in the order of the keys.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attributes(BTreeMap<String, AttributeValue>);

/// What is to become of some of them, in the order that it was said. On the wire an object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AttributeChanges(pub Vec<(String, AttributeChange)>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeChange {
    Set(AttributeValue),
    /// Said as null.
    Remove,
    /// An object or a list.
    Unfit,
}

impl Attributes {
    pub fn iter(&self) -> impl Iterator<Item = (&str, &AttributeValue)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// With the changes made: all of them, or none and which key is at fault.
    pub fn with(&self, changes: &AttributeChanges) -> Result<Self, (String, FieldProblem)> {
        let mut all = self.clone();
        for (said, change) in &changes.0 {
            let key = said.to_ascii_lowercase();
            // As far as anybody would read it.
            let fault = |problem| (one_line(said, ATTRIBUTE_KEY), problem);
            if key.len() > ATTRIBUTE_KEY {
                return Err(fault(FieldProblem::TooLong));
            }
            let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
            if key.is_empty() || !key.bytes().all(fits) {
                return Err(fault(FieldProblem::Unknown));
            }
            match change {
                AttributeChange::Remove => {
                    all.0.remove(&key);
                }
                AttributeChange::Unfit => return Err(fault(FieldProblem::Unknown)),
                AttributeChange::Set(value) => {
                    let value = value.tidied().map_err(fault)?;
                    all.0.insert(key, value);
                }
            }
            if all.0.len() > ATTRIBUTES {
                return Err((one_line(said, ATTRIBUTE_KEY), FieldProblem::TooMany));
            }
        }
        Ok(all)
    }

    /// Those of two visitors who turn out to be one: what `newer` says counts, and no more than fit are kept.
    #[must_use]
    pub fn joined(mut self, newer: Self) -> Self {
        let Self(mut all) = newer;
        while all.len() < ATTRIBUTES
            && let Some((key, value)) = self.0.pop_first()
        {
            all.entry(key).or_insert(value);
        }
        Self(all)
    }
}

impl AttributeValue {
    fn tidied(&self) -> Result<Self, FieldProblem> {
        match self {
            Self::Text(text) if characters(text) > ATTRIBUTE_TEXT => Err(FieldProblem::TooLong),
            Self::Text(text) => Ok(Self::Text(one_line(text, ATTRIBUTE_TEXT))),
            other => Ok(other.clone()),
        }
    }
}

impl fmt::Display for AttributeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truth(true) => f.write_str("yes"),
            Self::Truth(false) => f.write_str("no"),
            Self::Number(Finite(number)) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl Serialize for AttributeChanges {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, change) in &self.0 {
            match change {
                AttributeChange::Set(value) => map.serialize_entry(key, value)?,
                AttributeChange::Remove => map.serialize_entry(key, &())?,
                AttributeChange::Unfit => map.serialize_entry(key, &[(); 0])?,
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for AttributeChanges {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> de::Visitor<'de> for Object {
            type Value = AttributeChanges;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a flat object")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<AttributeChanges, A::Error> {
                let mut changes = Vec::new();
                while let Some(change) = map.next_entry()? {
                    changes.push(change);
                }
                Ok(AttributeChanges(changes))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// What does not fit is kept as that, so that the key can be named.
impl<'de> Deserialize<'de> for AttributeChange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Value;
        impl<'de> de::Visitor<'de> for Value {
            type Value = AttributeChange;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a value")
            }

            fn visit_bool<E>(self, value: bool) -> Result<AttributeChange, E> {
                Ok(AttributeChange::Set(AttributeValue::Truth(value)))
            }

            fn visit_f64<E>(self, value: f64) -> Result<AttributeChange, E> {
                Ok(AttributeChange::Set(AttributeValue::Number(Finite(value))))
            }

            #[expect(clippy::cast_precision_loss, reason = "JavaScript has no other numbers")]
            fn visit_i64<E>(self, value: i64) -> Result<AttributeChange, E> {
                Ok(AttributeChange::Set(AttributeValue::Number(Finite(value as f64))))
            }

            #[expect(clippy::cast_precision_loss, reason = "JavaScript has no other numbers")]
            fn visit_u64<E>(self, value: u64) -> Result<AttributeChange, E> {
                Ok(AttributeChange::Set(AttributeValue::Number(Finite(value as f64))))
            }

            fn visit_str<E>(self, value: &str) -> Result<AttributeChange, E> {
                Ok(AttributeChange::Set(AttributeValue::Text(value.to_owned())))
            }

            fn visit_unit<E>(self) -> Result<AttributeChange, E> {
                Ok(AttributeChange::Remove)
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<AttributeChange, A::Error> {
                while list.next_element::<de::IgnoredAny>()?.is_some() {}
                Ok(AttributeChange::Unfit)
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<AttributeChange, A::Error> {
                while map.next_entry::<de::IgnoredAny, de::IgnoredAny>()?.is_some() {}
                Ok(AttributeChange::Unfit)
            }
        }
        deserializer.deserialize_any(Value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(json: &str) -> AttributeChanges {
        serde_json::from_str(json).expect("an object")
    }

    fn set(json: &str) -> Result<Attributes, (String, FieldProblem)> {
        Attributes::default().with(&changes(json))
    }

    #[test]
    fn they_are_set_and_removed_and_read() {
        let all = set(r#"{"Plan": "pro\u0007 \u202E2", "seats": 12, "trial": true, "rate": -0.5}"#).expect("all fit");
        let shown: Vec<_> = all.iter().map(|(key, value)| format!("{key}: {value}")).collect();
        assert_eq!(shown, ["plan: pro 2", "rate: -0.5", "seats: 12", "trial: yes"]);
        let less = all.with(&changes(r#"{"plan": null, "never": null, "trial": false}"#)).expect("all fit");
        assert_eq!(serde_json::to_string(&less).ok().as_deref(), Some(r#"{"rate":-0.5,"seats":12.0,"trial":false}"#));
        let kept = serde_json::to_string(&all).expect("it is written");
        assert_eq!(serde_json::from_str::<Attributes>(&kept).ok(), Some(all));
    }

    #[test]
    fn one_wrong_refuses_all_and_is_named() {
        let long = |n: usize| "x".repeat(n);
        for (json, key, problem) in [
            (r#"{"plan": "pro", "a b": 1}"#.to_owned(), "a b".to_owned(), FieldProblem::Unknown),
            (r#"{"": 1}"#.to_owned(), String::new(), FieldProblem::Unknown),
            (r#"{"größe": 1}"#.to_owned(), "größe".to_owned(), FieldProblem::Unknown),
            (r#"{"list": [1, {"a": 2}]}"#.to_owned(), "list".to_owned(), FieldProblem::Unknown),
            (r#"{"deep": {"a": {"b": []}}}"#.to_owned(), "deep".to_owned(), FieldProblem::Unknown),
            (format!(r#"{{"{}": 1}}"#, long(41)), long(40), FieldProblem::TooLong),
            (format!(r#"{{"plan": "{}"}}"#, long(256)), "plan".to_owned(), FieldProblem::TooLong),
        ] {
            assert_eq!(set(&json), Err((key, problem)), "{json}");
        }
        assert!(set(&format!(r#"{{"{}": "{}"}}"#, long(40), "ü".repeat(255))).is_ok());
    }

    #[test]
    fn there_are_never_too_many() {
        let many = |from: usize, n: usize| {
            let all: Vec<_> = (from..from + n).map(|n| format!("\"k{n}\": {n}")).collect();
            format!("{{{}}}", all.join(","))
        };
        let full = set(&many(0, 30)).expect("as many as may be");
        assert_eq!(full.with(&changes(r#"{"k30": 1}"#)), Err(("k30".to_owned(), FieldProblem::TooMany)));
        assert!(full.with(&changes(r#"{"k0": null, "k30": 1, "k3": 4}"#)).is_ok());
        let newer = set(&many(20, 30)).expect("as many as may be");
        assert_eq!(full.clone().joined(newer.clone()), newer);
        let one = set(r#"{"k0": "newer", "other": 1}"#).expect("two");
        let joined = full.joined(one);
        assert_eq!(joined.iter().count(), 30);
        assert_eq!(joined.iter().next().map(|(key, value)| (key, value.to_string())), Some(("k0", "newer".to_owned())));
    }

    #[test]
    fn changes_go_over_the_wire_and_back() {
        let json = r#"{"plan":"pro","seats":12.5,"trial":true,"old":null}"#;
        assert_eq!(serde_json::to_string(&changes(json)).ok().as_deref(), Some(json));
    }
}

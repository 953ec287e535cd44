//! A frame as it goes over the line: JSON, encoded once, shared by all who receive it.

use bytes::Bytes;
use serde::Serialize;

/// Encoded JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame(Bytes);

impl Frame {
    /// Encodes a frame of `wire`. Their types always encode: string keys only, no custom serialisers that fail.
    pub fn of<T: Serialize>(frame: &T) -> Self {
        Self(serde_json::to_vec(frame).map(Bytes::from).unwrap_or_default())
    }

    /// The JSON text, valid UTF-8.
    pub fn bytes(&self) -> Bytes {
        self.0.clone()
    }
}

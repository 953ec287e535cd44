//! Files on their way, for visitors and agents alike. What becomes of them is an event of the chat.

use domain::{AttachmentId, Timestamp};
use serde::{Deserialize, Serialize};

/// The header of a `PUT` that says where its bytes begin, and of an answer to `HEAD` that says how many are here.
pub const UPLOAD_OFFSET: &str = "upload-offset";

/// Announces a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewUpload {
    /// As the sender calls it; it is cleaned.
    pub name: String,
    /// All of it.
    pub bytes: u64,
}

/// A file on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    pub id: AttachmentId,
    /// So many bytes are here.
    pub offset: u64,
    /// So many will come.
    pub bytes: u64,
}

/// Where a file of a chat lies, for a short time: paths on this server that need no further proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLinks {
    pub file: String,
    #[serde(default)]
    pub preview: Option<String>,
    /// Ask again after this.
    pub until: Timestamp,
}

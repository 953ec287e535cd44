//! Frames as JSON, by hand. serde would do the same at twice the weight of the whole module; the tests hold both
//! against serde's own idea of every frame, so that they cannot drift apart.

mod read;
mod write;

#[cfg(test)]
mod tests;

pub use read::{Json, refused, server_frame, started};
pub use write::{attributes_frame, client_frame, identify_request, start_request};

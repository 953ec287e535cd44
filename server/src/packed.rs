//! Documents that many visitors get alike (a site's launcher, its panel), packed once and as small as they go. The packer
//! of all other answers has a millisecond for each; on these documents the best one saves a sixth, and takes fifteen.

use std::{
    collections::HashMap,
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};

use crate::assets::{self, Encoding};

/// Most documents that are kept, each of a few kilobytes. Sites, languages and teams are the organisation's own: a
/// stranger cannot make more of them by asking.
const MOST: usize = 256;

/// By the hash of the document. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Packed(Arc<Mutex<HashMap<[u8; 32], Bytes>>>);

impl Packed {
    /// The document as it goes to whoever asks so: with the header that names its form, or plain.
    pub async fn body(&self, document: String, request: &HeaderMap) -> (HeaderMap, Bytes) {
        let mut headers = HeaderMap::new();
        let accepted = request.get(header::ACCEPT_ENCODING);
        let Some(token) = Encoding::Brotli.token().filter(|_| assets::accepts(accepted, Encoding::Brotli)) else {
            return (headers, document.into());
        };
        let hash = Sha256::digest(document.as_bytes()).into();
        let body = match self.known(&hash) {
            Some(body) => body,
            None => match pack(document).await {
                Ok(body) => self.keep(hash, body),
                Err(document) => return (headers, document.into()),
            },
        };
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
        (headers, body)
    }

    fn known(&self, hash: &[u8; 32]) -> Option<Bytes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(hash).cloned()
    }

    fn keep(&self, hash: [u8; 32], body: Bytes) -> Bytes {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What is still asked for comes back by itself.
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.entry(hash).or_insert(body).clone()
    }
}

/// Off the threads that serve; the document itself where that fails.
async fn pack(document: String) -> Result<Bytes, String> {
    let document = Arc::new(document);
    let own = Arc::clone(&document);
    let packed = tokio::task::spawn_blocking(move || {
        let mut packer = brotli::CompressorWriter::new(Vec::new(), 4096, 11, 22);
        packer.write_all(own.as_bytes()).and_then(|()| packer.flush()).map(|()| packer.into_inner())
    });
    match packed.await {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        _ => Err(Arc::unwrap_or_clone(document)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn accepting(encodings: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(encodings))])
    }

    #[tokio::test]
    async fn packed_once_and_whole() {
        let packed = Packed::default();
        let document = "a panel ".repeat(1_000);
        let (headers, body) = packed.body(document.clone(), &accepting("gzip, br")).await;
        assert_eq!(headers[header::CONTENT_ENCODING], "br");
        let mut text = String::new();
        brotli::Decompressor::new(body.as_ref(), 4096).read_to_string(&mut text).expect("brotli");
        assert_eq!(text, document);
        let (_, again) = packed.body(document, &accepting("br")).await;
        assert_eq!(again.as_ptr(), body.as_ptr(), "the same bytes, not packed anew");
    }

    #[tokio::test]
    async fn who_does_not_take_it_gets_it_plain() {
        let (headers, body) = Packed::default().body("text".into(), &accepting("gzip, br;q=0")).await;
        assert!(headers.is_empty());
        assert_eq!(body, "text");
    }

    #[tokio::test]
    async fn never_more_than_the_bound() {
        let packed = Packed::default();
        for n in 0..=MOST {
            packed.keep(Sha256::digest(n.to_be_bytes()).into(), Bytes::new());
        }
        assert_eq!(packed.0.lock().expect("unpoisoned").len(), 1);
    }
}

//! Content security policies.

use base64::{Engine, prelude::BASE64_STANDARD};
use http::HeaderValue;
use sha2::{Digest, Sha256};
use widget::ssr::Document;

use super::Nonce;
use crate::origin::Origin;

/// For answers that are no pages.
pub const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// For pages of the dashboard. No `unsafe-inline` anywhere: `style` attributes in markup do nothing, styles set by
/// scripts work.
pub fn dashboard(nonce: &Nonce, own: &Origin) -> HeaderValue {
    value(&format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data: blob:; font-src 'self'; media-src 'self'; connect-src 'self' {}; manifest-src 'self'; \
         worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        own.socket()
    ))
}

/// For the visitors' frame, served under `own`: everything it may reach lies under `/w/`, so that not even a hole in it
/// could call the dashboard's functions. `sites` may embed it: origins, or `https://*.example.com` for all hosts below.
/// What stands inline is allowed by its hash: with a nonce every answer would be another document, to be packed anew.
pub fn frame(document: &Document, own: &Origin, sites: &[String]) -> HeaderValue {
    let mut ancestors: Vec<String> = sites.iter().filter_map(|site| embedder(site)).collect();
    if ancestors.is_empty() {
        ancestors.push("'none'".to_owned());
    }
    value(&format!(
        "default-src 'none'; script-src {} {own}/w/assets/ 'wasm-unsafe-eval'; style-src {} {own}/w/assets/; \
         img-src {own}/w/ data: blob:; font-src {own}/w/assets/; media-src {own}/w/ blob:; \
         connect-src {own}/w/ {}/w/; form-action 'none'; base-uri 'none'; frame-ancestors {}",
        hash(&document.script),
        hash(&document.style),
        own.socket(),
        ancestors.join(" ")
    ))
}

/// The source expression of what stands inline.
fn hash(inline: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(inline.as_bytes())))
}

/// For pages of the demo shop: what a careful shop would allow.
pub fn shop(deskbell: &Origin) -> HeaderValue {
    value(&format!(
        "default-src 'none'; script-src 'self' {deskbell}; style-src 'self'; img-src 'self' data: {deskbell}; \
         font-src 'self'; connect-src 'self' {deskbell}; frame-src {deskbell}; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    ))
}

/// The source expression of one site, or nothing when it is not an origin: a policy must not be extended by data.
fn embedder(site: &str) -> Option<String> {
    let (scheme, host) = site.split_once("://")?;
    match host.strip_prefix("*.") {
        Some(parent) => {
            let parent: Origin = format!("{scheme}://{parent}").parse().ok()?;
            Some(parent.as_str().replacen("://", "://*.", 1))
        }
        None => site.parse::<Origin>().ok().map(String::from),
    }
}

fn value(policy: &str) -> HeaderValue {
    // Origins and nonces are of plain characters, so this never comes to the stricter policy.
    HeaderValue::from_str(policy).unwrap_or(NOTHING)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Document {
        Document { html: String::new(), style: "body{}".into(), script: "go()".into() }
    }

    fn frame_for(sites: &[&str]) -> String {
        let own = "https://desk.example".parse().expect("an origin");
        let sites: Vec<String> = sites.iter().map(|site| (*site).to_owned()).collect();
        let policy = frame(&document(), &own, &sites);
        policy.to_str().expect("text").to_owned()
    }

    #[test]
    fn only_the_sites_may_embed_the_frame() {
        let policy = frame_for(&["https://shop.example", "http://localhost:3001", "https://*.shops.example"]);
        assert!(policy.ends_with("frame-ancestors https://shop.example http://localhost:3001 https://*.shops.example"));
        assert!(policy.contains("connect-src https://desk.example/w/ wss://desk.example/w/;"));
        let go = "'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw='";
        assert!(
            policy.contains(&format!("script-src {go} https://desk.example/w/assets/ 'wasm-unsafe-eval';")),
            "{policy}"
        );
        assert!(frame_for(&[]).ends_with("frame-ancestors 'none'"));
    }

    #[test]
    fn a_site_cannot_add_to_the_policy() {
        for hostile in
            ["https://a.example; script-src *", "*", "https://a.example https://b.example", "https://*.", "https:"]
        {
            assert!(frame_for(&[hostile]).ends_with("frame-ancestors 'none'"), "{hostile}");
        }
    }

    #[test]
    fn no_policy_allows_inline_code() {
        let own = "http://127.0.0.1:3000".parse().expect("an origin");
        let nonce = Nonce::from_value("x");
        for policy in [dashboard(&nonce, &own), frame(&document(), &own, &[]), shop(&own)] {
            let policy = policy.to_str().expect("text");
            assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
            assert!(policy.starts_with("default-src 'none';") && policy.contains("base-uri 'none'"), "{policy}");
        }
    }
}

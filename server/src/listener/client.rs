//! Who is at the other end. Behind a proxy that is trusted, what the proxy says; else the address of the connection.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, Request};

use crate::config::Networks;

/// The address of the client; an extension of every request. For limits and logs, never for rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddr(pub IpAddr);

/// Whether the client's own connection is encrypted, as a trusted proxy says; an extension of every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Https(pub bool);

/// Adds both extensions.
pub fn identify<B>(request: &mut Request<B>, peer: SocketAddr, trusted: &Networks) {
    let peer = peer.ip().to_canonical();
    let proxied = trusted.contain(peer);
    let address = if proxied { forwarded_for(request.headers(), trusted).unwrap_or(peer) } else { peer };
    let https = proxied && last(request.headers(), "x-forwarded-proto").is_some_and(|proto| proto == "https");
    request.extensions_mut().insert(ClientAddr(address));
    request.extensions_mut().insert(Https(https));
}

/// The last address that no trusted proxy has: everything to the left of it may have been made up by the client.
fn forwarded_for(headers: &HeaderMap, trusted: &Networks) -> Option<IpAddr> {
    let mut found = None;
    for item in items(headers, "x-forwarded-for").into_iter().rev() {
        let address = address(item)?;
        found = Some(address);
        if !trusted.contain(address) {
            break;
        }
    }
    found
}

/// An address, also with a port and in brackets, as some proxies write it.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.split_once(']')).map_or(text, |(address, _)| address);
    let address = bare.parse::<IpAddr>().or_else(|_| bare.parse::<SocketAddr>().map(|socket| socket.ip()));
    address.ok().map(|address| address.to_canonical())
}

fn last<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    items(headers, name).pop()
}

/// The items of all headers of this name, in order.
fn items<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    let lists = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).map(str::trim).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, headers: &[(&str, &str)]) -> (IpAddr, bool) {
        let trusted = ["10.0.0.0/8", "fd00::/8"].iter().map(|net| net.parse().expect("a network")).collect();
        let mut request = Request::new(());
        for (name, value) in headers {
            let name = name.parse::<http::HeaderName>().expect("a name");
            request.headers_mut().append(name, value.parse().expect("a value"));
        }
        identify(&mut request, SocketAddr::new(peer.parse().expect("an address"), 1), &trusted);
        let address = request.extensions().get::<ClientAddr>().expect("there").0;
        (address, request.extensions().get::<Https>().expect("there").0)
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let claims = [("x-forwarded-for", "192.0.2.1"), ("x-forwarded-proto", "https")];
        assert_eq!(client("203.0.113.9", &claims), (ip("203.0.113.9"), false));
        assert_eq!(client("10.0.0.1", &claims), (ip("192.0.2.1"), true));
        assert_eq!(client("::ffff:10.0.0.1", &claims), (ip("192.0.2.1"), true));
        assert_eq!(client("10.0.0.1", &[]), (ip("10.0.0.1"), false));
    }

    #[test]
    fn what_the_client_made_up_is_left_aside() {
        let through = |list| client("10.0.0.1", &[("x-forwarded-for", list)]).0;
        assert_eq!(through("1.1.1.1, 192.0.2.1, 10.0.0.2"), ip("192.0.2.1"));
        assert_eq!(through("10.0.0.3, 10.0.0.2"), ip("10.0.0.3"));
        assert_eq!(through("[2001:db8::1]:4711"), ip("2001:db8::1"));
        assert_eq!(through("192.0.2.1:4711"), ip("192.0.2.1"));
        // Nonsense ends the search: the proxy itself is all that is known.
        assert_eq!(through("192.0.2.1, unknown"), ip("10.0.0.1"));
        let lines = [("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "192.0.2.1")];
        assert_eq!(client("10.0.0.1", &lines).0, ip("192.0.2.1"));
        let protos = [("x-forwarded-proto", "https"), ("x-forwarded-proto", "http")];
        assert!(!client("10.0.0.1", &protos).1);
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }
}

//! Which addresses a request may go to that somebody else has chosen.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether it is an address of the open internet: not of this machine, a local network, or reserved for something else
/// (the IANA special-purpose registries). IPv4 in an IPv6 coat is judged by what it is.
pub fn public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => public_v4(v4),
        IpAddr::V6(v6) => public_v6(v6),
    }
}

fn public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(a == 0
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19)))
}

fn public_v6(address: Ipv6Addr) -> bool {
    if let Some(v4) = inside(address) {
        return public_v4(v4);
    }
    let first = address.segments()[0];
    // Only 2000::/3 is given out at all.
    first & 0xe000 == 0x2000
        && !(first == 0x2001 && address.segments()[1] < 0x0200)
        && !(first == 0x2001 && address.segments()[1] == 0x0db8)
        && !(first == 0x3fff && address.segments()[1] < 0x1000)
}

/// The IPv4 address that a mapped, compatible, translated (`64:ff9b::/96`) or 6to4 address stands for.
fn inside(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = address.segments();
    if segments[0] == 0x2002 {
        let [a, b] = segments[1].to_be_bytes();
        let [c, d] = segments[2].to_be_bytes();
        return Some(Ipv4Addr::new(a, b, c, d));
    }
    let [.., a, b, c, d] = address.octets();
    let nat64 = segments[..6] == [0x64, 0xff9b, 0, 0, 0, 0];
    let coat = segments[..5] == [0; 5] && (segments[5] == 0 || segments[5] == 0xffff);
    (nat64 || coat).then_some(Ipv4Addr::new(a, b, c, d))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_open_internet_is_public() {
        let is = |text: &str| public(text.parse().expect("an address"));
        for address in ["8.8.8.8", "142.250.1.1", "100.63.0.1", "198.20.0.1", "2a00:1450::1", "64:ff9b::8.8.8.8"] {
            assert!(is(address), "{address}");
        }
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "127.0.0.1",
            "100.64.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.168.1.1",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "2002:7f00:1::",
            "fc00::1",
            "fe80::1",
            "fec0::1",
            "2001:db8::1",
            "2001::1",
            "ff02::1",
        ] {
            assert!(!is(address), "{address}");
        }
    }
}

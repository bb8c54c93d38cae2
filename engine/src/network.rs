//! Identifies a visitor's network, and the /48 that it is a part of, by hashes, for limits per network.
//!
//! Owns the conversion of an address to a hash that cannot be reversed: keyed, and different each day. Must not let an
//! address out of this file.

use crate::{hex, secret::SigningKeys, session::sign};
use contract::time::Day;
use std::net::{IpAddr, Ipv6Addr};

/// The hash of a network on one site and day, as the ledger stores it: 64 hexadecimal digits. A network is one IPv4
/// address or an IPv6 /56, which providers assign to a household. All addresses that cannot be parsed count as one
/// network.
pub fn of(keys: &SigningKeys, site: &str, address: Option<&str>, day: Day) -> String {
    let place = match read(address) {
        None => Vec::new(),
        Some(IpAddr::V4(address)) => address.octets().to_vec(),
        Some(IpAddr::V6(address)) => first_bytes(address, 7),
    };
    hash(keys, ["network", site], day, &place)
}

/// The hash of the IPv6 /48 that a network is a part of; `None` for any other network. A /48 has 256 networks, and whoever
/// rents a server or a tunnel gets one.
pub fn prefix_of(
    keys: &SigningKeys,
    site: &str,
    address: Option<&str>,
    day: Day,
) -> Option<String> {
    match read(address)? {
        IpAddr::V4(_) => None,
        IpAddr::V6(address) => Some(hash(keys, ["prefix", site], day, &first_bytes(address, 6))),
    }
}

fn hash(keys: &SigningKeys, [kind, site]: [&str; 2], day: Day, place: &[u8]) -> String {
    let body = [kind, site, &day.to_string(), &hex::encode(place)].join(" ");
    hex::encode(&sign(keys, &body))
}

/// The code by which the model's maker tells networks apart, from the [hash](of) of a network: it states nothing else, and
/// it is another one the next day. With it, the maker can stop abuse in place of the operator's account. It is the
/// network's, because a visitor can open new sessions.
pub fn code_for_maker(keys: &SigningKeys, network: &str) -> [u8; 32] {
    sign(keys, &["maker", network].join(" "))
}

/// An address. One of IPv6 that stands for a single IPv4 address is that address: an IPv4-mapped one, and every one of
/// 6to4 (`2002::/16`), by which each IPv4 address has a /48 with 256 networks of its own.
fn read(address: Option<&str>) -> Option<IpAddr> {
    let address = address?.trim().parse::<IpAddr>().ok()?;
    let IpAddr::V6(v6) = address else { return Some(address) };
    Some(match v6.octets() {
        [0x20, 0x02, a, b, c, d, ..] => IpAddr::from([a, b, c, d]),
        _ => v6.to_canonical(),
    })
}

fn first_bytes(address: Ipv6Addr, count: usize) -> Vec<u8> {
    address.octets().into_iter().take(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> SigningKeys {
        SigningKeys::read(Some(text.to_owned())).ok().unwrap()
    }

    fn of(site: &str, address: &str, day: u32) -> String {
        let keys = keys("0123456789abcdef0123456789abcdef");
        super::of(&keys, site, Some(address), Day::from_number(day))
    }

    #[test]
    fn an_ipv4_address_is_a_network_and_so_is_an_ipv6_56() {
        for (one, other) in [
            ("203.0.113.7", " 203.0.113.7 "),
            ("203.0.113.7", "::ffff:203.0.113.7"),
            ("2001:db8:1:100::1", "2001:db8:1:1ff:ffff::9"),
            ("nonsense", ""),
            ("203.0.113.7", "2002:cb00:7107::1"),
            ("203.0.113.7", "2002:cb00:7107:ff00::1"),
        ] {
            assert_eq!(of("acme", one, 1), of("acme", other, 1), "{one} {other}");
        }
        for (one, other) in [
            ("203.0.113.7", "203.0.113.8"),
            ("2001:db8:1:100::1", "2001:db8:1:200::1"),
            ("2001:db8::1", "nonsense"),
        ] {
            assert_ne!(of("acme", one, 1), of("acme", other, 1), "{one} {other}");
        }
    }

    #[test]
    fn networks_of_a_48_have_one_prefix_and_others_have_none() {
        let keys = keys("0123456789abcdef0123456789abcdef");
        let prefix = |address: &str| prefix_of(&keys, "acme", Some(address), Day::from_number(1));
        let one = prefix("2001:db8:1:100::1").unwrap();
        assert_eq!(prefix("2001:db8:1:ff00::9").as_ref(), Some(&one));
        assert_ne!(prefix("2001:db8:2:100::1").as_ref(), Some(&one));
        assert_ne!(prefix_of(&keys, "acme", Some("2001:db8:1::1"), Day::from_number(2)), Some(one));
        for none in ["203.0.113.7", "::ffff:203.0.113.7", "2002:cb00:7107::1", "nonsense", ""] {
            assert_eq!(prefix(none), None, "{none}");
        }
    }

    #[test]
    fn the_models_maker_is_told_networks_apart_and_nothing_else() {
        let keys = keys("0123456789abcdef0123456789abcdef");
        let home = of("acme", "203.0.113.7", 1);
        let code = code_for_maker(&keys, &home);
        assert_eq!(code, code_for_maker(&keys, &of("acme", "203.0.113.7", 1)));
        assert_ne!(hex::encode(&code), home, "what the Ledger stores stays here");
        for other in [of("acme", "203.0.113.8", 1), of("acme", "203.0.113.7", 2)] {
            assert_ne!(code, code_for_maker(&keys, &other));
        }
    }

    #[test]
    fn nobody_can_follow_a_network_to_another_day_or_site_or_read_its_address() {
        let network = of("acme", "203.0.113.7", 1);
        assert_ne!(network, of("acme", "203.0.113.7", 2));
        assert_ne!(network, of("other", "203.0.113.7", 1));
        assert!(network.len() == 64 && !network.contains("cb007107"));
        let other = keys("fedcba9876543210fedcba9876543210");
        assert_ne!(network, super::of(&other, "acme", Some("203.0.113.7"), Day::from_number(1)));
        assert_eq!(
            of("acme", "x", 1),
            super::of(&keys("0123456789abcdef0123456789abcdef"), "acme", None, Day::from_number(1))
        );
    }
}

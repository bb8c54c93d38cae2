//! Addresses: which of them lead out of this machine, and the form of an edge's own address.
//!
//! Owns the rules for their text. Must not connect to anything.

use engine::config::address;
use std::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
};

/// Whether a URL is https to a host that other machines can reach.
pub fn is_public(url: &str) -> bool {
    let is_secure = url.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"));
    is_secure && host(url).is_some_and(|host| !host.is_near())
}

/// Whether a URL leads to this machine or to its own network, with TLS or without.
pub fn is_near(url: &str) -> bool {
    host(url).is_some_and(|host| host.is_near())
}

/// The host that a URL leads to, as browsers read it: names outside of ASCII in Punycode, every form of an IPv4 address
/// as four numbers. What browsers cannot read, as it stands.
fn host(url: &str) -> Option<Host> {
    let read =
        address::host(url).or_else(|| Parts::read(url).map(|parts| parts.host.to_owned()))?;
    Some(Host(read.trim_start_matches('[').trim_end_matches([']', '.']).to_ascii_lowercase()))
}

/// A host in small letters, without brackets and without the dot at its end.
struct Host(String);

impl Host {
    fn is_loopback(&self) -> bool {
        let host = &self.0;
        host == "localhost"
            || host.ends_with(".localhost")
            || host.parse().is_ok_and(|it: Ipv4Addr| it.is_loopback() || it.is_unspecified())
            || host.parse().is_ok_and(|it: Ipv6Addr| it.is_loopback() || it.is_unspecified())
    }

    fn is_near(&self) -> bool {
        let host = &self.0;
        self.is_loopback()
            || host.parse().is_ok_and(|it: Ipv4Addr| it.is_private() || it.is_link_local())
            || host
                .parse()
                .is_ok_and(|it: Ipv6Addr| it.is_unique_local() || it.is_unicast_link_local())
    }
}

/// An edge's address: https, or http to this machine; without a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// Parses `https://studio.example.com`; the error is one sentence.
    pub fn read(text: &str) -> Result<Self, String> {
        let bare = text.strip_suffix('/').unwrap_or(text);
        let parts = Parts::read(bare).filter(|parts| parts.rest.is_empty());
        match parts {
            // The operator's token is sent to this address, so http is allowed to this machine only.
            Some(parts) if parts.secure || host(bare).is_some_and(|host| host.is_loopback()) => {
                Ok(Self(bare.to_owned()))
            }
            _ => Err(format!(
                "`{text}` is not the address of an edge, such as https://studio.example.com."
            )),
        }
    }

    /// The URL of a path at this address.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The parts of a URL.
struct Parts<'a> {
    secure: bool,
    host: &'a str,
    /// The text from the path on.
    rest: &'a str,
}

impl<'a> Parts<'a> {
    fn read(url: &'a str) -> Option<Self> {
        let (secure, after) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
            (Some(after), _) => (true, after),
            (_, Some(after)) => (false, after),
            _ => return None,
        };
        let (authority, rest) = after.split_at(after.find(['/', '?', '#']).unwrap_or(after.len()));
        let (host, port) = match authority.strip_prefix('[') {
            Some(inner) => inner.split_once(']')?,
            None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
        let port_is_right = port.is_empty()
            || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
        (!host.is_empty() && host.chars().all(plain) && port_is_right).then_some(Self {
            secure,
            host,
            rest,
        })
    }
}

/// Parses the name of a host, without a port, and returns it as browsers write it.
pub fn host_name(text: &str) -> Result<String, String> {
    let origin = ["http://", text].concat();
    let read = engine::origin::normal(&origin).ok().filter(|_| !text.contains(['/', ':']));
    let name = read.as_deref().and_then(engine::origin::host_of).map(str::to_owned);
    name.ok_or_else(|| format!("`{text}` is not the name of a host, such as studio.example.com."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_is_https_to_another_machine() {
        for url in [
            "https://ai-gateway.vercel.sh/v1",
            "https://8.8.8.8:8443",
            "https://a.b?c",
            "https://bücher.example/v1",
            "https://xn--bcher-kva.example",
            "https://a_b.example/@c?d=e@f#g",
            "https://256.1.1.1",
        ] {
            assert!(is_public(url), "{url}");
        }
        for url in [
            "http://ai-gateway.vercel.sh/v1",
            "https://localhost/v1",
            "https://LOCALHOST",
            "https://studio.localhost",
            "https://127.1.2.3:1/v1",
            "https://0.0.0.0",
            "https://127.1/x?y",
            "https://localhost./?x",
            "https://ｌｏｃａｌｈｏｓｔ",
            "https://0x7f.1",
            "https://[::1]:8788/v1",
            "https://192.168.1.2",
            "https://10.0.0.1/v1",
            "https://[fd00::1]",
            "https://",
            "https://user@example.com",
            "ftp://example.com",
            "",
        ] {
            assert!(!is_public(url), "{url}");
        }
    }

    #[test]
    fn near_is_this_machine_or_its_network() {
        for url in ["http://localhost:8787", "http://192.168.0.7:8787", "https://127.0.0.1"] {
            assert!(is_near(url), "{url}");
        }
        assert!(!is_near("https://example.com") && !is_near("http://localhost.example.com"));
    }

    #[test]
    fn an_edge_is_named_by_its_origin() {
        for text in
            ["https://studio.example.com", "https://studio.example.com/", "http://127.0.0.1:1"]
        {
            let address = Address::read(text).unwrap();
            assert_eq!(address.at("/healthz"), format!("{}/healthz", text.trim_end_matches('/')));
        }
        for text in [
            "studio.example.com",
            "http://studio.example.com",
            "http://192.168.0.7",
            "https://studio.example.com/studio/demo",
            "https://a:b@example.com",
            "https://example.com:x",
            "https://example.com?x",
            "",
        ] {
            let sentence = Address::read(text).unwrap_err();
            assert!(sentence.ends_with('.') && sentence.contains("https://"), "{sentence}");
        }
    }
}

//! The gateway that makes the pictures, and how long the edge waits for it.
//!
//! Owns the rule that the gateway's address is https or loopback. Must not build requests.

use super::ConfigError;
use crate::gateway::dialect::{Dialect, OPENAI, VERCEL};
use serde::Deserialize;

/// The gateway, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gateway {
    /// The provider's variant of the interface.
    pub dialect: &'static Dialect,
    /// Without a slash at its end; https or loopback.
    pub base_url: String,
    /// Milliseconds that a job may take in all: 10,000–840,000.
    pub total_ms: u64,
    /// Milliseconds for which a response may send nothing: 1,000–300,000.
    pub stall_ms: u64,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct GatewayJson {
    provider: Option<Provider>,
    base_url: Option<String>,
    total_seconds: Option<u64>,
    stall_seconds: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Provider {
    Vercel,
    OpenAi,
}

impl Gateway {
    pub(super) fn check(json: GatewayJson) -> Result<Self, ConfigError> {
        let dialect = match json.provider {
            Some(Provider::OpenAi) => &OPENAI,
            Some(Provider::Vercel) | None => &VERCEL,
        };
        let base_url = json.base_url.unwrap_or_else(|| dialect.base_url.to_owned());
        if !is_https_or_loopback(&base_url) {
            return Err(ConfigError::new(
                "base_url must begin with https://, or point to this machine (http://127.0.0.1, http://localhost)",
            ));
        }
        Ok(Self {
            dialect,
            base_url: base_url.trim_end_matches('/').to_owned(),
            total_ms: seconds("total_seconds", json.total_seconds.unwrap_or(300), 10, 840)?,
            stall_ms: seconds("stall_seconds", json.stall_seconds.unwrap_or(30), 1, 300)?,
        })
    }
}

/// Seconds within a range, in milliseconds.
fn seconds(name: &str, value: u64, least: u64, most: u64) -> Result<u64, ConfigError> {
    if (least..=most).contains(&value) {
        Ok(value.saturating_mul(1000))
    } else {
        Err(ConfigError::new(format!("{name} must lie between {least} and {most}")))
    }
}

/// Whether a URL is https, or http to this machine. URLs that could hide another host, such as with user names, are
/// refused.
pub(crate) fn is_https_or_loopback(url: &str) -> bool {
    let (rest, secure) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (rest, true),
        (_, Some(rest)) => (rest, false),
        _ => return false,
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => rest.split_once(']').unwrap_or_default(),
        None => authority.find(':').map_or((authority, ""), |at| authority.split_at(at)),
    };
    let plain = |text: &str| {
        text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'@' | b'\\' | b'?' | b'#'))
    };
    let port_is_number =
        port.is_empty() || port.strip_prefix(':').is_some_and(|p| p.parse::<u16>().is_ok());
    let loopback = matches!(host, "localhost" | "127.0.0.1" | "::1");
    !host.is_empty() && plain(url) && port_is_number && (secure || loopback)
}

#[cfg(test)]
mod tests {
    use super::is_https_or_loopback;

    #[test]
    fn only_https_and_this_machine_are_taken() {
        for good in [
            "https://ai-gateway.vercel.sh/v1",
            "http://127.0.0.1:8788/v1",
            "http://localhost/v1",
            "http://[::1]:1/v1",
        ] {
            assert!(is_https_or_loopback(good), "{good}");
        }
        for bad in [
            "http://example.com/v1",
            "http://127.0.0.1.example.com",
            "http://localhost@example.com",
            "http://127.0.0.1:80@example.com/",
            "https://user@example.com",
            "https://",
            "ftp://127.0.0.1",
            "https://a b",
            "http://127.0.0.1:99999",
            "http://localhost\\@example.com",
            "https://example.com/?x",
            "",
        ] {
            assert!(!is_https_or_loopback(bad), "{bad}");
        }
    }
}

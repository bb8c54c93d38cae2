//! The gateway that makes the pictures, and how long the edge waits for it.
//!
//! Owns the limits on waiting, and the form of the gateway's address. Must not build requests.

use super::{
    ConfigError,
    address::{self, Form},
};
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
        address::check("base_url", &base_url, Form::Base)?;
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

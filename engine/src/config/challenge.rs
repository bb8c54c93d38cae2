//! The challenge before a session, if a site has one: Cloudflare's Turnstile.
//!
//! Owns the rules that test keys work on this machine only, and that a policy gets nothing but the verifier's origin.
//! Must not send requests: the edge does.

use super::{
    ConfigError,
    address::{self, Form},
};
use crate::origin;
use serde::Deserialize;

/// The verifier, unless another URL is configured.
const VERIFY_URL: &str = "https://challenges.cloudflare.com/turnstile/v0/siteverify";
/// The path of the widget's script, on the verifier's origin.
const SCRIPT: &str = "/turnstile/v0/api.js?render=explicit";

/// A challenge, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The public key of the widget.
    pub site_key: String,
    /// https or loopback.
    pub verify_url: String,
    /// The origin of `verify_url`, as browsers write it: nothing else of it stands in a policy.
    origin: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct ChallengeJson {
    #[serde(rename = "provider")]
    _provider: Provider, // It is read so that any other name is refused.
    site_key: String,
    verify_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Provider {
    Turnstile,
}

impl Challenge {
    pub(super) fn check(json: ChallengeJson) -> Result<Self, ConfigError> {
        let verify_url = json.verify_url.unwrap_or_else(|| VERIFY_URL.to_owned());
        address::check("challenge.verify_url", &verify_url, Form::Whole)?;
        let origin = origin::in_policy(&verify_url).ok_or_else(|| {
            ConfigError::new("challenge.verify_url names a host that no browser's policy can name")
        })?;
        let site_key = json.site_key;
        if site_key.is_empty()
            || !site_key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        {
            return Err(ConfigError::new("challenge.site_key has letters, digits, - and _ only"));
        }
        let challenge = Self { site_key, verify_url, origin };
        if is_test_key(&challenge.site_key) && !challenge.is_local() {
            return Err(ConfigError::new(
                "challenge.site_key is one of Turnstile's test keys, which let everybody in; make a widget and take its key",
            ));
        }
        Ok(challenge)
    }

    /// Whether tokens are verified on this machine, where test keys are allowed.
    pub fn is_local(&self) -> bool {
        !self.verify_url.starts_with("https://")
    }

    /// The origin of the widget's script, which is the verifier's.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The public part, for browsers.
    pub(crate) fn public(&self) -> contract::site::Challenge {
        contract::site::Challenge {
            provider: "turnstile".to_owned(),
            site_key: self.site_key.clone(),
            script: [self.origin(), SCRIPT].concat(),
        }
    }
}

/// Whether a site key or a secret is one of Turnstile's documented test keys: `1x0000…`, `2x…`, `3x…`.
pub(crate) fn is_test_key(key: &str) -> bool {
    let rest = ["1x", "2x", "3x"].iter().find_map(|start| key.strip_prefix(start));
    rest.is_some_and(|rest| rest.starts_with("00000000000000000000"))
}

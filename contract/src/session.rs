//! Sessions of visitors without an account, and their allowance.
//!
//! Owns the JSON types of `/v1/sessions` and `/v1/allowance`. Must not know how a token is made.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How long a token is valid, in milliseconds: from the response that issues it to its `expires_at`.
pub const TOKEN_MS: u64 = 60 * 60 * 1000;

/// The body of `POST /v1/sessions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionRequest {
    /// The site's id.
    pub site: String,
    /// The challenge's token, if the site has a challenge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
}

/// The response of `POST /v1/sessions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The token, which the client sends as `Authorization: Bearer`.
    pub token: String,
    /// When the token expires. An expired token can still be exchanged for a new one of the same visitor, but gives no
    /// access.
    pub expires_at: Timestamp,
    /// The visitor's allowance.
    pub allowance: Allowance,
}

/// The limit that leaves this visitor the fewest pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// How many pictures the visitor may still make.
    pub remaining: u32,
    /// How many pictures the limit allows in all.
    pub limit: u32,
    /// When at least one more picture becomes possible.
    pub resets_at: Timestamp,
}

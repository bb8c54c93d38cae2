//! Sessions: a visitor without an account, and what they may still do.
//!
//! Owns the wire types of `/v1/sessions` and `/v1/allowance`. Must not know how a token is made.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How long a token opens, in milliseconds: `expires_at` lies so far behind the answer that tells it.
pub const TOKEN_MS: u64 = 60 * 60 * 1000;

/// The body of `POST /v1/sessions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionRequest {
    /// The site's id.
    pub site: String,
    /// The challenge's token, where the site has a challenge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
}

/// What `POST /v1/sessions` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Goes into `Authorization: Bearer`.
    pub token: String,
    /// From then on the token renews its subject, but opens nothing.
    pub expires_at: Timestamp,
    /// What the visitor may still do.
    pub allowance: Allowance,
}

/// The tightest limit on this visitor, in pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// Pictures that are left.
    pub remaining: u32,
    /// Pictures that the limit allows in all.
    pub limit: u32,
    /// When at least one more picture becomes possible.
    pub resets_at: Timestamp,
}

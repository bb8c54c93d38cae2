//! The data with which a job is created.
//!
//! Owns every value that a later configuration could change, as it was when the job was created. Must not change.

use crate::picture::upload::Upload;
use contract::{job::Order, money::Nano, time::Timestamp};
use serde::{Deserialize, Serialize};

/// The data with which a job is created. A later change of the configuration does not affect it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewJob {
    /// The job's id: 64 hex digits.
    pub id: String,
    /// The site that pays.
    pub site: String,
    /// The id of the request that created the job.
    pub request_id: String,
    /// The visitor's order.
    pub order: Order,
    /// The prompt that goes upstream. It contains the site's prefix and suffix, so it never reaches a browser.
    pub upstream_prompt: String,
    /// The pictures to edit. Their bytes are stored beside the record until every picture is over.
    pub uploads: Vec<Upload>,
    /// The code of the visitor's network for the model's maker: see [`crate::network::code_for_maker`].
    pub visitor: [u8; 32],
    /// The model that makes the pictures.
    pub model: String,
    /// The most that each picture may cost.
    pub worst_each: Nano,
    /// The configured part of it, without what the ledger has learned; `None` if an earlier version created the job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configured_each: Option<Nano>,
    /// Whether visitors see the cost.
    pub show_cost: bool,
    /// No picture may start after this time.
    pub lease_ends: Timestamp,
    /// How long the job may take in all.
    pub total_ms: u64,
    /// How long the pictures' bytes are kept.
    pub retention_ms: u64,
    /// The expected time of such a job.
    pub expected_ms: Option<u64>,
}

//! What a job begins with.
//!
//! Owns everything that a later configuration could change and that is fixed when the job is created. Must not change.

use crate::picture::upload::Upload;
use contract::{job::Order, money::Nano, time::Timestamp};
use serde::{Deserialize, Serialize};

/// What a job begins with. Everything that a later configuration could change is fixed here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewJob {
    /// 64 hex digits.
    pub id: String,
    /// The site that pays.
    pub site: String,
    /// The request that created it.
    pub request_id: String,
    /// What is made.
    pub order: Order,
    /// What goes upstream: it holds the site's prefix and suffix, so it never reaches a browser.
    pub upstream_prompt: String,
    /// The pictures to edit: their bytes lie beside the record until every picture is over.
    pub uploads: Vec<Upload>,
    /// Who asks, as the model's maker may know it: see [`crate::session::Session::visitor`].
    pub visitor: [u8; 32],
    /// The model that makes it.
    pub model: String,
    /// The most that each picture may cost.
    pub worst_each: Nano,
    /// Whether visitors see what it costs.
    pub show_cost: bool,
    /// Nothing may start after it.
    pub lease_ends: Timestamp,
    /// How long it may take.
    pub total_ms: u64,
    /// How long its bytes stay.
    pub retention_ms: u64,
    /// What such a job has taken.
    pub expected_ms: Option<u64>,
}

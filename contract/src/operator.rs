//! What an operator asks of the edge, and what it answers.
//!
//! Owns the wire types of `/v1/operator/…`. Must not reach a visitor: every call needs the operator's token.

use crate::{money::Nano, time::Day};
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// What `GET /v1/operator/ledger` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Books {
    /// One for each site and day on which something was booked, by site, then by day.
    pub days: Vec<DayOfSite>,
    /// Whether each site is open, in the configured order.
    pub switches: Vec<Switch>,
    /// What an operator should do something about.
    pub warnings: Vec<String>,
}

/// The sums of one UTC day of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayOfSite {
    /// The day that granted.
    pub day: Day,
    /// The site's id.
    pub site: String,
    /// Pictures that came.
    pub pictures: u32,
    /// Pictures that moderation refused.
    pub refusals: u32,
    /// Open now.
    pub reserved_usd: Nano,
    /// All that is spent.
    pub charged_usd: Nano,
    /// All that was released.
    pub refunded_usd: Nano,
    /// The part of `charged_usd` that is booked at its reservation, for want of a price.
    pub unknown_usd: Nano,
}

/// The body of `PUT /v1/operator/switch`, its answer, and how the books tell a site's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// The site; nothing means every one that is configured. It must be said either way.
    #[serde(deserialize_with = "said")]
    pub site: Option<String>,
    /// Whether visitors can make pictures.
    pub open: bool,
}

/// A member that may be null and may not be missing.
fn said<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(deserializer)
}

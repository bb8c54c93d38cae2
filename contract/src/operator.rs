//! The operator's requests to the edge, and the responses.
//!
//! Owns the JSON types of `/v1/operator/…`. Must not reach a visitor: every call needs the operator's token.

use crate::{
    money::Nano,
    options::{Quality, Size},
    time::{Day, Timestamp},
};
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// The response of `GET /v1/operator/ledger`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerReport {
    /// One entry for each site and day with an entry in the ledger, ordered by site, then by day.
    pub days: Vec<SiteDay>,
    /// Whether each site is open, in the configured order.
    pub switches: Vec<Switch>,
    /// Sentences about conditions that the operator should act on, in English.
    pub warnings: Vec<String>,
    /// What each site has learned of prices above the configured worst case, in the configured order of the sites.
    #[serde(default)]
    pub learned: Vec<LearnedExcess>,
}

/// What a site reserves for each picture of a kind above its configured worst case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnedExcess {
    /// The site's id.
    pub site: String,
    /// The model that is asked.
    pub model: String,
    /// The quality of the pictures.
    pub quality: Quality,
    /// The size of the pictures.
    pub size: Size,
    /// The number of pictures to edit.
    pub inputs: u32,
    /// The amount for each picture.
    pub excess_usd: Nano,
    /// When it is forgotten.
    pub until: Timestamp,
}

/// The response of `DELETE /v1/operator/learned`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    /// How many kinds of pictures are reserved at their configured worst case again.
    pub forgotten: u32,
}

/// The sums of a site for one UTC day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteDay {
    /// The day on which the jobs were reserved, whenever they ended.
    pub day: Day,
    /// The site's id.
    pub site: String,
    /// Pictures that were delivered.
    pub pictures: u32,
    /// Pictures that moderation refused.
    pub refusals: u32,
    /// The reservations that are not settled yet.
    pub reserved_usd: Nano,
    /// The amount spent.
    pub charged_usd: Nano,
    /// The reserved amount that was released unspent.
    pub refunded_usd: Nano,
    /// The part of `charged_usd` whose real price is unknown, so that the whole reservation was charged.
    pub unknown_usd: Nano,
}

/// Whether a site is open: the body and the response of `PUT /v1/operator/switch`, and an entry of [`LedgerReport::switches`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// The site's id; null means every configured site. The member must not be missing.
    #[serde(deserialize_with = "nullable")]
    pub site: Option<String>,
    /// Whether visitors can make pictures.
    pub open: bool,
}

/// Reads a member that may be null but must not be missing.
fn nullable<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(deserializer)
}

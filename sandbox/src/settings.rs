//! The settings of a sandbox, fixed before it starts.
//!
//! Owns the settings, whose defaults are the gateway's recorded behaviour. Must not hold state.

use crate::models::Gone;
use contract::{
    money::Nano,
    options::{Quality, Size},
    time::Timestamp,
};
use std::time::Duration;

/// All settings of a sandbox.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// How long a picture takes.
    pub pace: Pace,
    /// The prepaid balance. When it is used up, calls fail with 402 `insufficient_funds`.
    pub credits: Nano,
    /// The project's budget, if it has one. When it is used up, calls fail with 402 `quota_for_entity_exceeded`.
    pub budget: Option<Nano>,
    /// The behaviour of the gateway that is not documented or has changed.
    pub quirks: Quirks,
    /// How long the faults `sandbox:slow` and `sandbox:refuse-slow` delay a response.
    pub slow: Duration,
    /// How long a token of the challenge stays valid.
    pub challenge_life: Duration,
    /// The price that is charged in place of the price of tokens.
    pub charge: Option<Charge>,
    /// Models that are removed from the beginning, with their prefix: `openai/gpt-image-2`.
    pub gone: Vec<String>,
    /// The error for requests for them.
    pub gone_as: Gone,
    /// Models that refuse a transparent background. `gpt-image-2` did so for some time; for 2.6 it is not known.
    pub opaque: Vec<String>,
    /// Models with a date of shutdown, which the gateway lists as `deprecated_at` in milliseconds, and OpenAI as the date
    /// `shutdown_date`.
    pub deprecated: Vec<(String, Timestamp)>,
    /// Models that ignore a mask, with a warning.
    pub maskless: Vec<String>,
    /// Whether `/v1/images/edits` does not exist, as before the summer of 2026.
    pub no_edits: bool,
    /// How many of the newest calls the books keep with their bodies and pictures. The totals include all calls.
    pub remembered: usize,
}

/// The price of this many pictures of one size and quality.
pub type Charge = fn(Size, Quality, u32) -> Nano;

/// How long a picture takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Only as long as painting takes.
    Instant,
    /// Seconds, so that a person sees the progress.
    Human,
}

/// Behaviour of the gateway that is not documented or has changed. The defaults are what was recorded last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quirks {
    /// The spelling of the metadata's key.
    pub metadata: MetadataCase,
    /// What `usage` contains.
    pub usage: Usage,
    /// How the gateway passes on an error of the model's maker.
    pub upstream_errors: UpstreamErrors,
    /// Whether `quality` at top level is ignored.
    pub ignore_top_level_quality: bool,
    /// Whether `output_format`, `output_compression` and `background` at top level have an effect.
    pub honour_top_level_format: bool,
    /// Whether the warnings about ignored parameters are left out.
    pub hide_warnings: bool,
}

/// The spelling of the metadata's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MetadataCase {
    /// `providerMetadata`.
    #[default]
    Camel,
    /// `provider_metadata`.
    Snake,
    /// No metadata, and so no cost.
    Absent,
}

/// What `usage` contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Usage {
    /// The numbers of tokens, in OpenAI's shape.
    #[default]
    Tokens,
    /// The same and `cost`, as a number.
    TokensAndCost,
    /// There is no `usage`.
    Absent,
}

/// How the gateway passes on an error of the model's maker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UpstreamErrors {
    /// Its message, with the gateway's type `invalid_request_error`.
    #[default]
    Wrapped,
    /// Its body, unchanged.
    Verbatim,
}

/// The response of `GET /v1/credits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Credits {
    /// The balance in the books.
    #[default]
    Books,
    /// A balance of zero.
    None,
    /// 401: the key is invalid.
    Refused,
    /// 503: the balance is unknown.
    Down,
}

impl Settings {
    /// For tests: any free port, no delay, every call remembered.
    pub fn for_tests() -> Self {
        Self {
            port: 0,
            pace: Pace::Instant,
            credits: Nano(100 * Nano::USD.0),
            budget: None,
            quirks: Quirks::default(),
            slow: Duration::from_secs(30),
            challenge_life: Duration::from_mins(5),
            charge: None,
            gone: Vec::new(),
            gone_as: Gone::default(),
            opaque: Vec::new(),
            deprecated: Vec::new(),
            maskless: Vec::new(),
            no_edits: false,
            remembered: usize::MAX,
        }
    }

    /// For a person who tries the studio: a fixed port, and pictures that take seconds.
    pub fn for_people(port: u16) -> Self {
        // 32 calls with one picture each take about 60 MB; with ten large pictures each they would take 700 MB.
        Self { port, pace: Pace::Human, remembered: 32, ..Self::for_tests() }
    }
}

impl Pace {
    /// How long a picture of this quality takes.
    pub(crate) const fn of(self, quality: Quality) -> Duration {
        match (self, quality) {
            (Self::Instant, _) => Duration::ZERO,
            (Self::Human, Quality::Low) => Duration::from_secs(2),
            (Self::Human, Quality::Medium) => Duration::from_secs(4),
            (Self::Human, Quality::High) => Duration::from_secs(8),
        }
    }
}

//! How a sandbox behaves, decided before it starts.
//!
//! Owns the choices, each with the gateway's recorded behaviour as its default. Must not hold state.

use crate::models::Gone;
use contract::{
    money::Nano,
    options::{Quality, Size},
    time::Timestamp,
};
use std::time::Duration;

/// Everything that can be chosen about a sandbox.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// How long a picture takes.
    pub pace: Pace,
    /// The prepaid balance. Used up, calls answer 402 `insufficient_funds`.
    pub credits: Nano,
    /// The project's budget, if it has one. Used up, calls answer 402 `quota_for_entity_exceeded`.
    pub budget: Option<Nano>,
    /// Where the gateway is known to differ from time to time, or unknown.
    pub quirks: Quirks,
    /// How long `sandbox:slow` lets a client wait.
    pub slow: Duration,
    /// How long a token of the challenge is valid.
    pub challenge_life: Duration,
    /// What is charged in place of the token price.
    pub charge: Option<Charge>,
    /// Models that have been shut down before it started, with their maker: `openai/gpt-image-2`.
    pub gone: Vec<String>,
    /// How requests for them are refused.
    pub gone_as: Gone,
    /// Models that refuse a transparent background. Of `gpt-image-2` that came and went, of 2.6 it is not known.
    pub opaque: Vec<String>,
    /// Models whose end is told: by the gateway as `deprecated_at` in milliseconds, by OpenAI as the day
    /// `shutdown_date`.
    pub deprecated: Vec<(String, Timestamp)>,
    /// Models that ignore a mask, with a warning.
    pub maskless: Vec<String>,
    /// Whether there is no `/v1/images/edits`, as it was until the summer of 2026.
    pub no_edits: bool,
    /// How many calls the books keep with their bodies and pictures; the totals count all.
    pub remembered: usize,
}

/// A price for so many pictures of one size and quality.
pub type Charge = fn(Size, Quality, u32) -> Nano;

/// How long a picture takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// As long as the painting takes.
    Instant,
    /// Long enough that a person sees the progress.
    Human,
}

/// Where the gateway's behaviour is not documented or has changed. The default is what was recorded last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quirks {
    /// How the metadata's key is written.
    pub metadata: MetadataCase,
    /// What is told about tokens.
    pub usage: Usage,
    /// How an error of the model's maker comes through.
    pub upstream_errors: UpstreamErrors,
    /// Whether a top-level `quality` is ignored.
    pub ignore_top_level_quality: bool,
    /// Whether top-level `output_format`, `output_compression` and `background` count after all.
    pub honour_top_level_format: bool,
    /// Whether nothing is told about what was ignored.
    pub hide_warnings: bool,
}

/// How the metadata's key is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MetadataCase {
    /// `providerMetadata`.
    #[default]
    Camel,
    /// `provider_metadata`.
    Snake,
    /// There is none, and so no cost.
    Absent,
}

/// What is told about tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Usage {
    /// OpenAI's shape.
    #[default]
    Tokens,
    /// OpenAI's shape and `cost`, as a number.
    TokensAndCost,
    /// Nothing.
    Absent,
}

/// How an error of the model's maker comes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UpstreamErrors {
    /// Its message, under the gateway's `invalid_request_error`.
    #[default]
    Wrapped,
    /// Its own body.
    Verbatim,
}

/// What `GET /v1/credits` answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Credits {
    /// What the books say.
    #[default]
    Books,
    /// A balance of nothing.
    None,
    /// 401: the key is not valid.
    Refused,
    /// 503, so that nothing is known.
    Down,
}

impl Settings {
    /// For tests: any port, no delay, every call remembered.
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

    /// For a person who tries the studio: a fixed port and a pace that can be watched.
    pub fn for_people(port: u16) -> Self {
        // 32 calls of ten large pictures would be some 700 MB; 32 ordinary ones are 60.
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

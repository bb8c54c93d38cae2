//! How a sandbox behaves, decided before it starts.
//!
//! Owns the choices, each with the gateway's recorded behaviour as its default. Must not hold state.

use contract::{
    money::Nano,
    options::{Quality, Size},
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
    /// Models that have been shut down: 404 `model_not_found`.
    pub gone: Vec<String>,
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

/// Where the gateway's behaviour is unknown or changes (gateway.md §13). The default is what that section chooses.
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

//! The options of `probe`.
//!
//! Owns their words. Must not send anything.

use clap::Args;
use contract::money::Nano;
use preflight::probe::dollars;
use std::path::PathBuf;

/// The options of `probe`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Probe {
    /// The most that the requests may cost together, in dollars: `0.20`; with 0 only what is free for certain is sent
    #[arg(long, value_name = "USD", value_parser = dollars)]
    pub max_usd: Nano,
    /// Another gateway, https or loopback, with /v1: replaces the configured `base_url`
    #[arg(long, value_name = "URL")]
    pub gateway: Option<String>,
    /// A file with one JSON object, comments allowed, instead of the vars of edge/wrangler.jsonc
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where the fixture is written [default: target/probe]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

//! The options of `check`.
//!
//! Owns their words. Must not check anything.

use clap::Args;
use std::path::PathBuf;

/// The options of `check`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Check {
    /// A file with one JSON object, comments allowed, instead of the vars of edge/wrangler.jsonc
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Only say what a field means: its path or the end of it, such as `day_usd` or `visitor.per_day`
    #[arg(long, value_name = "FIELD", conflicts_with = "config")]
    pub explain: Option<String>,
}

//! The options of `examples`.
//!
//! Owns their words. Must not paint anything.

use clap::Args;
use std::path::PathBuf;

/// The options of `examples`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Examples {
    /// A file with one JSON object, comments allowed, instead of the vars of edge/wrangler.jsonc
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Order the pictures at this gateway, https or loopback, with /v1; needs its key in the environment
    #[arg(long, value_name = "URL")]
    pub gateway: Option<String>,
    /// Spend the money that the pictures may cost
    #[arg(long, requires = "gateway")]
    pub yes: bool,
}

//! The options of `release`.
//!
//! Owns their words. Must not write anything.

use clap::Args;
use std::path::PathBuf;

/// The options of `release`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Release {
    /// The archive of the release before this one: its files are served too, for pages that are still open
    #[arg(long, value_name = "FILE")]
    pub before: Option<PathBuf>,
    /// Where the archive is written [default: target/release-archive]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

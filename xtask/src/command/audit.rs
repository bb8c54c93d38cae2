//! The options of `audit`.
//!
//! Owns their words. Must not check anything.

use clap::Args;

/// The options of `audit`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Args)]
pub struct Audit {
    /// Fail also where advisories cannot be reached, as before a release
    #[arg(long)]
    pub online: bool,
}

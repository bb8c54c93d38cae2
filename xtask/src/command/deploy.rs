//! The options of `deploy`.
//!
//! Owns their words. Must not deploy anything.

use crate::deploy::address::Address;
use clap::{Args, value_parser};

/// The options of `deploy`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Deploy {
    /// Address of the edge: `https://studio.example.com`
    #[arg(long, value_parser = Address::read, required_unless_present_any = ["first", "dry_run"])]
    pub url: Option<Address>,
    /// No edge runs yet: nothing is closed, and nothing is waited for
    #[arg(long)]
    pub first: bool,
    /// How long running jobs may take to end, in seconds up to 86400 [default: the configured `total_seconds` and 60]
    #[arg(long, value_name = "SECONDS", value_parser = value_parser!(u64).range(..=86_400))]
    #[arg(conflicts_with = "first", requires = "url")]
    pub wait: Option<u64>,
    /// Check, build, and run wrangler's dry run; nothing is changed
    #[arg(long)]
    pub dry_run: bool,
}

//! The options of `test`.
//!
//! Owns their words. Must not run anything.

use clap::Args;

/// The options of `test`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Test {
    /// Only format, lints, rules and host tests: builds nothing for release, starts nothing
    #[arg(long, conflicts_with = "long")]
    pub quick: bool,
    /// Only the tests that take minutes: the ignored tests (a hundred power cuts, every proxy fault at every call) and
    /// mutation tests of the code that counts money, which must detect 95 % of the mutants; installs cargo-mutants for
    /// that
    #[arg(long)]
    pub long: bool,
    /// Only tests whose name contains one of these; builds what they need
    #[arg(last = true, value_name = "NAME")]
    pub filters: Vec<String>,
}

//! The fixtures of the tests: the real edge in workerd, the sandbox in this process, visitors, and a browser.
//!
//! Owns starting and stopping. Must not assert what the product promises: each test does that.

pub mod browser;
pub mod canned;
pub mod challenge;
pub mod engine;
pub mod fixtures;
pub mod hook;
pub mod host;
pub mod liar;
pub mod memory;
pub mod models;
pub mod money;
pub mod page;
pub mod proxy;
pub mod raw;
pub mod stored;
pub mod studio;
pub mod upload;
pub mod utc_day;
pub mod visitor;
pub mod wordpress;

use std::sync::LazyLock;
use tokio::runtime::Runtime;

/// One runtime for all tests of a process: fixtures that tests share outlive each test.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime starts"));

/// Runs a test on the shared runtime.
pub fn run(test: impl Future<Output = anyhow::Result<()>>) {
    if let Err(error) = RUNTIME.block_on(test) {
        panic!("{error:?}");
    }
}

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

use futures_util::FutureExt as _;
use std::{panic::AssertUnwindSafe, sync::LazyLock};
use tokio::{runtime::Runtime, sync::RwLock};

/// One runtime for all tests of a process: fixtures that tests share outlive each test.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime starts"));

/// Every test holds it: shared, or alone when a test that measures is repeated.
static MACHINE: RwLock<()> = RwLock::const_new(());

/// Runs a test on the shared runtime.
pub fn run(test: impl Future<Output = anyhow::Result<()>>) {
    RUNTIME.block_on(async {
        let _shared = MACHINE.read().await;
        if let Err(error) = test.await {
            panic!("{error:?}");
        }
    });
}

/// Runs a test that asserts how long something takes. Other tests may have slowed it down: if it fails, it runs once more
/// while no other test runs, and only that run counts.
pub fn run_measuring(test: impl AsyncFn() -> anyhow::Result<()>) {
    RUNTIME.block_on(async {
        let shared = MACHINE.read().await;
        let first = AssertUnwindSafe(test()).catch_unwind().await;
        drop(shared);
        match first {
            Ok(Ok(())) => return,
            Ok(Err(error)) => eprintln!("failed beside other tests: {error:#}"),
            // The panic has printed its message.
            Err(_) => {}
        }
        eprintln!("runs again, alone");
        let _alone = MACHINE.write().await;
        if let Err(error) = test().await {
            panic!("{error:?}");
        }
    });
}

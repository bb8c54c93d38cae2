//! Allows one build at a time in a clone: two builds would empty each other's folders.
//!
//! Owns the lock file in `target/xtask`. Must not build anything.

use crate::{console::ProgressStep, repo};
use anyhow::{Context, Result};
use std::{
    fs::{self, File, TryLockError},
    time::Duration,
};
use tokio::time::sleep;

/// Waits until no other build runs. Other builds wait until the returned file is dropped or this process ends.
pub async fn acquire() -> Result<File> {
    let folder = repo::path("target/xtask");
    fs::create_dir_all(&folder).context("cannot write target/xtask")?;
    let lock = File::create(folder.join("lock"))?;
    let mut step = None;
    loop {
        match lock.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) => {
                step.get_or_insert_with(|| {
                    ProgressStep::long("waiting", "another build runs in this clone")
                });
                sleep(Duration::from_millis(200)).await;
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).context("cannot lock target/xtask");
            }
        }
    }
    if let Some(step) = step {
        step.done("the other build has ended");
    }
    Ok(lock)
}

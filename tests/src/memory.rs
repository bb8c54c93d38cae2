//! The memory of workerd's process, as the kernel counts it.
//!
//! Owns reading `/proc`. Must not judge what is too much: each test does that.

use crate::studio::Studio;
use anyhow::{Context, Result};

/// The bytes that workerd holds now.
pub fn resident(studio: &Studio) -> Result<u64> {
    field(studio, "VmRSS:")
}

/// The most bytes that workerd has held since the last [`forget_peak`].
pub fn peak(studio: &Studio) -> Result<u64> {
    field(studio, "VmHWM:")
}

/// Begins to measure the peak anew.
pub fn forget_peak(studio: &Studio) -> Result<()> {
    // The kernel's word for it.
    Ok(std::fs::write(format!("/proc/{}/clear_refs", studio.edge.pid()), "5")?)
}

fn field(studio: &Studio, name: &str) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", studio.edge.pid()))?;
    let line = status.lines().find(|line| line.starts_with(name)).context("no such field")?;
    let kilobytes: u64 = line.split_whitespace().nth(1).context("no number")?.parse()?;
    Ok(kilobytes * 1024)
}

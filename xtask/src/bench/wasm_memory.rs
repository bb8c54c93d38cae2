//! Whether the Worker's memory grows with the number of its jobs.
//!
//! Owns the number of jobs. The first hundred run at the same time, so that no later moment needs more memory; growth
//! after that is memory that finished jobs still hold. V8's inspector reports the sizes. Must not measure workerd's own
//! memory.

use super::{
    Effort,
    contestant::{Contestant, RunningContestant},
    order::{Order, Pace},
    table::{Cell, Goal, TableRow},
    upstream::Upstream,
};
use crate::{child, console::ProgressStep, repo, tools::Tools};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::sync::Arc;
use tokio::{net::TcpListener, task::JoinSet, time::Instant};

/// Jobs of the first wave, which run at the same time.
const WAVE: usize = 100;
/// Jobs at the same time after the first wave.
const AT_ONCE: usize = 10;
/// Bytes by which the memory may grow through fragmentation.
const SLACK: u64 = 1 << 20;

/// Runs the jobs, and reads the Worker's memory after the first wave and at the end.
pub(super) async fn measure(
    upstream: &Arc<Upstream>,
    effort: &Effort,
    tools: &Tools,
) -> Result<TableRow> {
    let step = ProgressStep::long("Worker's memory", "starting");
    let port = free_port().await?;
    let running = Contestant::Easel.start(upstream, Some(port)).await?;
    jobs(upstream, &running, WAVE, WAVE, effort.job_bytes).await?;
    let first = read(tools, port).await?;
    let mut sizes = vec![first];
    let mut done = WAVE;
    while done < effort.jobs {
        step.tick(&format!("{done} of {} jobs", effort.jobs));
        let count = WAVE.min(effort.jobs - done);
        jobs(upstream, &running, count, AT_ONCE, effort.job_bytes).await?;
        done += count;
        sizes.push(read(tools, port).await?);
    }
    running.stop().await?;
    let last = sizes.last().copied().unwrap_or(first);
    step.done(&format!("{} jobs", effort.jobs));
    let kept = last <= first + SLACK;
    let found = format!("{} after 100", megabytes(first));
    Ok(TableRow {
        what: format!("wasm memory after {} jobs, MB", effort.jobs),
        cells: vec![Cell::Text(megabytes(last))],
        goal: Some(Goal::most("as after 100 jobs, + 1 MB", &found, kept)),
    })
}

/// Makes that many pictures, a number of them at the same time.
pub(super) async fn jobs(
    upstream: &Upstream,
    running: &RunningContestant,
    count: usize,
    at_once: usize,
    bytes: usize,
) -> Result<()> {
    let mut jobs = JoinSet::<Result<Instant>>::new();
    for _ in 0..count {
        while jobs.len() >= at_once {
            jobs.join_next().await.context("no job")??.with_context(|| running.describe())?;
        }
        let order = Order { number: upstream.number(), bytes, pace: Pace::AtOnce };
        let client = Arc::clone(&running.client);
        jobs.spawn(async move { client.make(order).await });
    }
    while let Some(made) = jobs.join_next().await {
        made?.with_context(|| running.describe())?;
    }
    Ok(())
}

/// Bytes of the Worker's wasm memory, read through the inspector on that port.
pub(super) async fn read(tools: &Tools, port: u16) -> Result<u64> {
    let mut command = tools.command(&tools.node);
    command.arg(repo::path("xtask/bench/inspect.mjs")).arg(port.to_string());
    let output = child::run_quietly(command, &ProgressStep::short("inspector")).await?;
    sum(&output).context("the inspector reported no wasm memory")
}

/// The sum of the memories that `inspect.mjs` prints.
fn sum(output: &str) -> Result<u64> {
    let memories: Value = serde_json::from_str(output.trim())?;
    let sizes: Option<Vec<u64>> =
        memories["wasm"].as_array().and_then(|list| list.iter().map(Value::as_u64).collect());
    let sizes = sizes.context("the output has no list of sizes")?;
    ensure!(!sizes.is_empty(), "no memory");
    Ok(sizes.iter().sum())
}

pub(super) async fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port())
}

fn megabytes(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "memory is far below 2^53 bytes")]
    let megabytes = bytes as f64 / 1e6;
    format!("{megabytes:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memories_are_added_and_none_is_an_error() {
        assert_eq!(sum("{\"wasm\":[65536,131072]}\n").unwrap(), 196_608);
        for text in ["", "{}", r#"{"wasm":[]}"#, r#"{"wasm":["x"]}"#] {
            assert!(sum(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!(megabytes(2_490_368), "2.5");
    }
}

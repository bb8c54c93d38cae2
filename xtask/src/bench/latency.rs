//! The time from the gateway's last byte to the picture's last byte at a client that subscribes to the job's events.
//!
//! Owns the samples: one job at a time, contestants in turns. Must not read the bytes itself.

use super::{
    Effort, MEDIUM,
    contestant::{self, Contestant, RunningContestant},
    cpu,
    order::{Order, Pace},
    stats,
    table::{Cell, Goal, TableRow},
    upstream::Upstream,
};
use crate::console::ProgressStep;
use anyhow::{Context, Result};
use std::sync::Arc;

/// The goal for the median. On a machine that is busy otherwise, the 95th percentile of a hundred samples means little.
const MOST_MS: f64 = 50.0;
/// Pictures that are made first and not counted.
const WARM: usize = 5;

/// Measures answers that arrive at once, and answers in the pieces of a good connection.
pub(super) async fn measure(upstream: &Arc<Upstream>, effort: &Effort) -> Result<Vec<TableRow>> {
    let mut rows = Vec::new();
    for (pace, what) in [(Pace::AtOnce, "written at once"), (Pace::Steady, "16 KB each ms")] {
        let samples = samples(upstream, effort, pace).await?;
        let ranks = |share| samples.iter().map(move |samples| stats::rank(samples, share));
        let cells = |share| ranks(share).map(|it| it.map_or(Cell::Empty, Cell::Number)).collect();
        let easel = Contestant::ALL.iter().position(|it| *it == Contestant::Easel);
        let ours = easel.and_then(|at| ranks(0.5).nth(at).flatten());
        let ours = ours.context("the edge was not measured")?;
        rows.push(TableRow {
            what: format!("last byte to last byte, 1.5 MB, ms ({what})"),
            cells: cells(0.5),
            goal: Some(Goal::most("50 ms", &format!("{ours:.1} ms"), ours <= MOST_MS)),
        });
        rows.push(TableRow {
            what: "  its 95th percentile, ms".into(),
            cells: cells(0.95),
            goal: None,
        });
    }
    Ok(rows)
}

async fn samples(upstream: &Arc<Upstream>, effort: &Effort, pace: Pace) -> Result<Vec<Vec<f64>>> {
    let step = ProgressStep::long("time to the client", "starting");
    let field = contestant::all(upstream).await?;
    for running in &field {
        cpu::warm(upstream, running, effort.warm).await?;
    }
    let mut samples = vec![Vec::new(); field.len()];
    for turn in 0..effort.times + WARM {
        step.tick(&format!("picture {} of {}", turn + 1, effort.times + WARM));
        for (running, samples) in field.iter().zip(&mut samples) {
            let ms = once(upstream, running, pace).await?;
            if turn >= WARM {
                samples.push(ms);
            }
        }
    }
    for running in field {
        running.stop().await?;
    }
    step.done(&format!("{} pictures of each", effort.times));
    Ok(samples)
}

async fn once(upstream: &Upstream, running: &RunningContestant, pace: Pace) -> Result<f64> {
    let order = Order { number: upstream.number(), bytes: MEDIUM, pace };
    let arrived = running.client.make(order).await.with_context(|| running.describe())?;
    let written = upstream.written(order.number).context("upstream got no request")?;
    Ok(arrived.saturating_duration_since(written.instant).as_secs_f64() * 1000.0)
}

//! Memory while a hundred jobs run at the same time, half of them over a bad connection.
//!
//! Owns the hundred jobs. Each contestant is started anew, makes a few pictures, and pauses; the memory that it has
//! then is subtracted. Must not compare starts with each other.

use super::{
    Effort, LARGE,
    contestant::{Contestant, RunningContestant},
    order::{Order, Pace},
    stats,
    table::{Cell, Goal, TableRow},
    upstream::Upstream,
};
use crate::console::ProgressStep;
use anyhow::{Context, Result};
use std::{sync::Arc, time::Duration};
use tokio::{task::JoinSet, time::sleep};

/// Jobs at the same time.
const JOBS: usize = 100;
/// Pictures that are made first, so that the code is compiled.
const WARM: usize = 10;
/// The pause after the warm-up, in which garbage and buffers are released.
const REST: Duration = Duration::from_secs(2);
/// The tolerance: the moment of a garbage collection changes the figure by more than other noise does.
const TOLERANCE: f64 = 1.1;

/// Measures each contestant, in a fresh process each time.
pub(super) async fn measure(
    upstream: &Arc<Upstream>,
    effort: &Effort,
    plain: Contestant,
) -> Result<TableRow> {
    let step = ProgressStep::long("memory", "100 jobs at once, fresh starts");
    let mut samples = vec![Vec::new(); Contestant::ALL.len()];
    for start in 0..effort.starts {
        for (contestant, samples) in Contestant::ALL.into_iter().zip(&mut samples) {
            step.tick(&format!("{}, {} of {}", contestant.name(), start + 1, effort.starts));
            let running = contestant.start(upstream, None).await?;
            samples.push(hundred(upstream, &running).await?);
            running.stop().await?;
        }
    }
    step.done(&format!("{} starts of each", effort.starts));
    let medians: Vec<_> = samples.iter().map(|samples| stats::middle(samples)).collect();
    let of = |contestant: Contestant| {
        let at = Contestant::ALL.iter().position(|it| *it == contestant)?;
        medians.get(at).copied().flatten().map(|middle| middle.median)
    };
    let ours = of(Contestant::Easel).context("the edge was not measured")?;
    let theirs = of(plain).context("the peer was not measured")?;
    let cell = |middle: &Option<stats::Middle>| match middle {
        Some(it) => Cell::Spread { middle: it.median, spread: it.spread },
        None => Cell::Empty,
    };
    Ok(TableRow {
        what: "memory of 100 jobs of 2 MB, MB".into(),
        cells: medians.iter().map(cell).collect(),
        goal: Some(Goal::ratio(plain.name(), ours / theirs, TOLERANCE)),
    })
}

/// Megabytes above the memory after the pause.
pub(super) async fn hundred(upstream: &Upstream, running: &RunningContestant) -> Result<f64> {
    for _ in 0..WARM {
        let order = Order { number: upstream.number(), bytes: LARGE, pace: Pace::AtOnce };
        running.client.make(order).await.with_context(|| running.describe())?;
    }
    sleep(REST).await;
    let rest = running.process.memory()?.resident;
    running.process.forget_peak()?;
    let mut jobs = JoinSet::new();
    for job in 0..JOBS {
        let pace = if job % 2 == 0 { Pace::AtOnce } else { Pace::Trickle };
        let order = Order { number: upstream.number(), bytes: LARGE, pace };
        let client = Arc::clone(&running.client);
        jobs.spawn(async move { client.make(order).await });
    }
    while let Some(made) = jobs.join_next().await {
        made?.with_context(|| running.describe())?;
    }
    let peak = running.process.memory()?.peak;
    #[expect(clippy::cast_precision_loss, reason = "memory is far below 2^53 bytes")]
    Ok(peak.saturating_sub(rest) as f64 / 1e6)
}

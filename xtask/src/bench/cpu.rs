//! CPU time of a picture: from the request for the job to the job's end, with the picture fetched.
//!
//! Owns the rounds: contestants take turns, so that a busy minute of the machine affects all of them, and are compared
//! round by round. Must not choose the contestants.

use super::{
    Effort, LARGE, SMALL,
    contestant::{self, Contestant, RunningContestant},
    order::{Order, Pace},
    process::TICK,
    stats::{self, Middle},
    table::{Cell, Goal, TableRow},
    upstream::Upstream,
};
use crate::console::ProgressStep;
use anyhow::{Context, Result};
use std::{sync::Arc, time::Duration};
use tokio::time::sleep;

/// The tolerance for noise: less than the difference between two rounds of one contestant.
const TOLERANCE: f64 = 1.05;
/// The pause after a batch, in which the Worker finishes its remaining work.
const TAIL: Duration = Duration::from_millis(200);

/// Milliseconds per picture: for each contestant, one sample of each round.
type Samples = Vec<Vec<f64>>;

/// Measures large pictures that arrive at once. Returns the row, and the quickest plain contestant, with which the edge
/// is compared.
pub(super) async fn measure(
    upstream: &Arc<Upstream>,
    effort: &Effort,
) -> Result<(TableRow, Contestant)> {
    let Effort { warm, rounds, pictures, .. } = *effort;
    let work = Batch { bytes: LARGE, pace: Pace::AtOnce, warm, rounds, pictures };
    let samples = self::rounds(upstream, "CPU", &work).await?;
    let plain = quickest(&samples)?;
    Ok((row("CPU per picture of 2 MB, ms", &samples, Some(plain))?, plain))
}

/// Measures the same picture in small pieces, where the cost of each read shows, and a tiny picture, where only the
/// cost of the job remains.
pub(super) async fn parts(
    upstream: &Arc<Upstream>,
    effort: &Effort,
    plain: Contestant,
) -> Result<[TableRow; 2]> {
    let Effort { warm, part_rounds: rounds, part_pictures: pictures, .. } = *effort;
    let work = |bytes, pace| Batch { bytes, pace, warm, rounds, pictures };
    let steady = work(LARGE, Pace::Steady);
    let pieces = self::rounds(upstream, "CPU, in pieces", &steady).await?;
    let tiny = work(SMALL, Pace::AtOnce);
    let tiny = self::rounds(upstream, "CPU, tiny pictures", &tiny).await?;
    Ok([
        row("  its answer in pieces of 16 KB, ms", &pieces, Some(plain))?,
        row("  a picture of 10 KB instead, ms", &tiny, None)?,
    ])
}

/// The pictures of a round.
pub(super) struct Batch {
    pub(super) bytes: usize,
    pub(super) pace: Pace,
    pub(super) warm: usize,
    pub(super) rounds: usize,
    pub(super) pictures: usize,
}

async fn rounds(upstream: &Arc<Upstream>, label: &str, work: &Batch) -> Result<Samples> {
    let step = ProgressStep::long(label, "starting");
    let field = contestant::all(upstream).await?;
    for running in &field {
        step.tick(&format!("warming up {}", running.name));
        warm(upstream, running, work.warm).await?;
        batch(upstream, running, work).await?;
    }
    let mut samples = vec![Vec::new(); field.len()];
    for round in 0..work.rounds {
        for turn in 0..field.len() {
            // Another contestant is first in each round, so that the one that follows the heaviest load changes.
            let at = (round + turn) % field.len();
            step.tick(&format!("round {} of {}", round + 1, work.rounds));
            samples[at].push(batch(upstream, &field[at], work).await?);
        }
    }
    for running in field {
        running.stop().await?;
    }
    let (rounds, pictures, tick) = (work.rounds, work.pictures, TICK.as_millis());
    step.done(&format!("{rounds} rounds of {pictures} pictures each, in ticks of {tick} ms"));
    Ok(samples)
}

/// Lets V8 compile the code that is used often, wasm as well as JavaScript: it compiles in the background, after
/// hundreds of pictures, and once in an instance's life.
pub(super) async fn warm(
    upstream: &Upstream,
    running: &RunningContestant,
    pictures: usize,
) -> Result<()> {
    for _ in 0..pictures {
        let order = Order { number: upstream.number(), bytes: SMALL, pace: Pace::AtOnce };
        running.client.make(order).await.with_context(|| running.describe())?;
    }
    Ok(())
}

/// Makes pictures one after the other. Returns the milliseconds of CPU time of each.
pub(super) async fn batch(
    upstream: &Upstream,
    running: &RunningContestant,
    work: &Batch,
) -> Result<f64> {
    let &Batch { bytes, pace, pictures, .. } = work;
    let before = running.process.cpu()?;
    for _ in 0..pictures {
        let order = Order { number: upstream.number(), bytes, pace };
        running.client.make(order).await.with_context(|| running.describe())?;
    }
    sleep(TAIL).await;
    let spent = running.process.cpu()?.saturating_sub(before);
    #[expect(clippy::cast_precision_loss, reason = "a few dozen")]
    Ok(spent.as_secs_f64() * 1000.0 / pictures as f64)
}

fn quickest(samples: &Samples) -> Result<Contestant> {
    let plain = Contestant::ALL.into_iter().zip(samples);
    plain
        .filter(|(contestant, _)| Contestant::PLAIN.contains(contestant))
        .filter_map(|(contestant, samples)| Some((contestant, stats::middle(samples)?.median)))
        .min_by(|(_, a), (_, b)| a.total_cmp(b))
        .map(|(contestant, _)| contestant)
        .context("there are no samples")
}

/// A row; with `plain`, the contestant with which the edge is compared, also its goal.
fn row(what: &str, samples: &Samples, plain: Option<Contestant>) -> Result<TableRow> {
    let of = |contestant: Contestant| {
        Contestant::ALL.into_iter().zip(samples).find(|(it, _)| *it == contestant).map(|it| it.1)
    };
    let cells = samples.iter().map(|samples| {
        let Middle { median, spread } = stats::middle(samples)?;
        Some(Cell::Spread { middle: median, spread })
    });
    let cells = cells.map(|cell| cell.unwrap_or(Cell::Empty)).collect();
    let goal = plain.map(|plain| {
        let (Some(ours), Some(theirs)) = (of(Contestant::Easel), of(plain)) else {
            anyhow::bail!("a contestant is missing")
        };
        let ratios: Vec<f64> =
            ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs).collect();
        let ratio = stats::middle(&ratios).context("there are no samples")?.median;
        Ok(Goal::ratio(plain.name(), ratio, TOLERANCE))
    });
    Ok(TableRow { what: what.to_owned(), cells, goal: goal.transpose()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples() -> Samples {
        vec![
            vec![9.0, 18.0, 9.0],
            vec![10.0, 20.0, 10.0],
            vec![12.0, 24.0, 12.0],
            vec![30.0, 60.0, 30.0],
            vec![8.0, 16.0, 8.0],
        ]
    }

    #[test]
    fn the_quickest_plain_one_is_the_measure_and_a_busy_round_meets_both() {
        let samples = samples();
        let plain = quickest(&samples).unwrap();
        assert_eq!(plain, Contestant::FromBase64);
        let row = row("x", &samples, Some(plain)).unwrap();
        assert_eq!(row.goal, Some(Goal::ratio("fromBase64", 0.9, TOLERANCE)));
        assert!(!row.is_missed());
    }

    #[test]
    fn one_that_costs_more_misses_the_goal() {
        let mut samples = samples();
        samples[0] = vec![11.0, 22.0, 11.0];
        assert!(row("x", &samples, Some(Contestant::FromBase64)).unwrap().is_missed());
    }
}

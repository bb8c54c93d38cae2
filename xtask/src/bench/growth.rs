//! `cargo xtask bench memory`: the memory that workerd keeps for finished jobs; and the soak test of `test --long`.
//!
//! Owns the comparison with objects that hold nothing: the memory that workerd keeps for those is the runtime's own.
//! Must not set a goal in megabytes, since another version of workerd keeps more or less.
//!
//! Decision: docs/decisions/2026-11-29-memory-of-finished-jobs-is-the-runtimes.md.

use super::{
    SMALL,
    contestant::{self, Contestant, RunningContestant},
    order::{Order, Pace},
    stats,
    table::{self, Cell, TableRow},
    upstream::Upstream,
    wasm_memory,
};
use crate::{
    build::{self, Part},
    console::{self, ProgressStep},
    repo,
    setup::{self, SetupPurpose},
    tools::Tools,
};
use anyhow::{Context, Result};
use serde_json::Value;
use std::{sync::Arc, time::Duration};
use tokio::{task::JoinSet, time::sleep};

/// Jobs at the same time.
const AT_ONCE: usize = 10;
/// Parts of a run; memory is measured after each.
const PARTS: usize = 10;
/// workerd evicts an object after ten seconds without a request, and closes its three files.
const REST: Duration = Duration::from_secs(25);
/// Orders that are timed, one after the other.
const TIMED: usize = 60;

/// The Worker whose process is measured.
#[derive(Debug, Clone, Copy)]
enum Subject {
    Jobs(Contestant),
    Empty,
}

impl Subject {
    const ALL: [Self; 3] =
        [Self::Jobs(Contestant::Easel), Self::Jobs(Contestant::FromBase64), Self::Empty];

    const fn name(self) -> &'static str {
        match self {
            Self::Jobs(contestant) => contestant.name(),
            Self::Empty => "empty objects",
        }
    }

    async fn start(self, upstream: &Arc<Upstream>) -> Result<RunningContestant> {
        match self {
            Self::Jobs(contestant) => contestant.start(upstream, None).await,
            Self::Empty => contestant::start_empty(upstream).await,
        }
    }

    /// Makes `count` jobs or objects, each to its end.
    async fn make(
        self,
        upstream: &Upstream,
        running: &RunningContestant,
        count: usize,
    ) -> Result<()> {
        match self {
            Self::Jobs(_) => wasm_memory::jobs(upstream, running, count, AT_ONCE, SMALL).await,
            Self::Empty => empty(running, count).await,
        }
    }
}

/// What workerd holds at one moment.
#[derive(Debug, Clone, Copy)]
struct MemorySample {
    resident: u64,
    /// The pages of the allocators, without mapped files.
    anonymous: u64,
    files: usize,
}

impl MemorySample {
    fn of(running: &RunningContestant) -> Result<Self> {
        let memory = running.process.memory()?;
        let files = running.process.open_files()?;
        Ok(Self { resident: memory.resident, anonymous: memory.anonymous, files })
    }
}

/// Builds the edge, measures, prints the table.
pub async fn run(jobs: u32) -> Result<()> {
    let tools = setup::run(SetupPurpose::Building).await?;
    build::with(&tools, Part::Edge).await?;
    // No document is requested here; but wrangler needs the folder to exist.
    std::fs::create_dir_all(repo::path("dist")).context("cannot create dist/")?;
    console::heading("Memory that workerd keeps for finished jobs");
    let part = usize::try_from(jobs)?.div_ceil(PARTS);
    let mut columns = Vec::new();
    for who in Subject::ALL {
        columns.push(measure(who, part).await?);
    }
    console::text("");
    console::text(&table::print(&Subject::ALL.map(Subject::name), &rows(part, &columns)));
    console::text("\n  Megabytes in RAM / open files.");
    Ok(())
}

/// The measurements at the start, after each part, and after a pause.
async fn measure(who: Subject, part: usize) -> Result<Vec<MemorySample>> {
    let upstream = Arc::new(Upstream::start().await?);
    let step = ProgressStep::long(who.name(), "starting");
    let running = who.start(&upstream).await?;
    who.make(&upstream, &running, AT_ONCE).await?;
    let mut held = vec![MemorySample::of(&running)?];
    for done in 0..PARTS {
        step.tick(&format!("{} of {}", done * part, PARTS * part));
        who.make(&upstream, &running, part).await?;
        held.push(MemorySample::of(&running)?);
    }
    step.tick("resting");
    sleep(REST).await;
    held.push(MemorySample::of(&running)?);
    running.stop().await?;
    step.done(&format!("{} made", PARTS * part));
    Ok(held)
}

/// Creates `count` empty objects.
async fn empty(running: &RunningContestant, count: usize) -> Result<()> {
    let mut made = JoinSet::<Result<()>>::new();
    for _ in 0..count {
        while made.len() >= AT_ONCE {
            made.join_next().await.context("no object")??.with_context(|| running.describe())?;
        }
        let client = Arc::clone(&running.client);
        made.spawn(async move { client.make_empty().await });
    }
    while let Some(made) = made.join_next().await {
        made?.with_context(|| running.describe())?;
    }
    Ok(())
}

/// A row for each moment.
fn rows(part: usize, columns: &[Vec<MemorySample>]) -> Vec<TableRow> {
    (0..PARTS + 2)
        .map(|moment| {
            let what = match moment {
                0 => "at the start".to_owned(),
                moment if moment > PARTS => format!("after a pause of {} s", REST.as_secs()),
                moment => format!("after {}", moment * part),
            };
            let cells = columns.iter().map(|column| cell(column.get(moment)));
            TableRow { what, cells: cells.collect(), goal: None }
        })
        .collect()
}

fn cell(held: Option<&MemorySample>) -> Cell {
    let Some(MemorySample { resident, files, .. }) = held else { return Cell::Empty };
    Cell::Text(format!("{} / {files}", resident / 1_000_000))
}

/// The result of a soak test.
#[derive(Debug)]
pub struct Soak {
    /// Jobs that were made, each to its end.
    pub jobs: usize,
    /// Bytes of the allocators' pages by which workerd grows for each job.
    pub bytes_of_a_job: f64,
    /// The same for each object that holds nothing.
    pub bytes_of_an_empty_object: f64,
    /// Open files before the first job, and after the last one, when all objects are evicted.
    pub open_files: (usize, usize),
    /// Bytes of the Worker's wasm memory after the first wave and after the last.
    pub wasm: (u64, u64),
    /// The duration of an order after the first wave and after the last: the first quartile.
    pub order: (Duration, Duration),
    /// The sums of the Ledger's tables: bookings, open bookings, and the day's nano-dollars and pictures.
    pub ledger: LedgerSums,
    /// Responses that upstream has sent.
    pub answers: usize,
}

/// Sums of the Ledger's tables.
#[derive(Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the tables' own words")]
pub struct LedgerSums {
    pub bookings: u64,
    pub open: u64,
    pub reserved: u64,
    pub charged: u64,
    pub pictures: u64,
}

/// Makes jobs in waves; after each wave all objects are evicted. Then does the same with objects that hold nothing. The
/// edge must be built.
pub async fn soak(waves: usize, wave: usize) -> Result<Soak> {
    let tools = Tools { node: setup::find_node().await?, ..Tools::default() };
    let upstream = Arc::new(Upstream::start().await?);
    let port = wasm_memory::free_port().await?;
    let running = Contestant::Easel.start(&upstream, Some(port)).await?;
    let who = Subject::Jobs(Contestant::Easel);
    who.make(&upstream, &running, AT_ONCE).await?;
    sleep(REST).await;
    let before = MemorySample::of(&running)?;
    let (mut wasm, mut order) = (Vec::new(), Vec::new());
    for _ in 0..waves {
        who.make(&upstream, &running, wave).await?;
        order.push(time_orders(&upstream, &running).await?);
        sleep(REST).await;
        wasm.push(wasm_memory::read(&tools, port).await?);
    }
    let after = MemorySample::of(&running)?;
    let ledger = ledger(&running).await?;
    running.stop().await?;

    let control = contestant::start_empty(&upstream).await?;
    empty(&control, AT_ONCE).await?;
    sleep(REST).await;
    let control_before = MemorySample::of(&control)?;
    for _ in 0..waves {
        empty(&control, wave + TIMED).await?;
        sleep(REST).await;
    }
    let control_after = MemorySample::of(&control)?;
    control.stop().await?;

    let made = waves * (wave + TIMED);
    Ok(Soak {
        jobs: made + AT_ONCE,
        bytes_of_a_job: grown(&before, &after, made),
        bytes_of_an_empty_object: grown(&control_before, &control_after, made),
        open_files: (before.files, after.files),
        wasm: ends(&wasm)?,
        order: ends(&order)?,
        ledger,
        answers: upstream.answers(),
    })
}

async fn time_orders(upstream: &Upstream, running: &RunningContestant) -> Result<Duration> {
    let mut seconds = Vec::new();
    for _ in 0..TIMED {
        let order = Order { number: upstream.number(), bytes: SMALL, pace: Pace::AtOnce };
        let took = running.client.time_order(order).await.with_context(|| running.describe())?;
        seconds.push(took.as_secs_f64());
    }
    Ok(Duration::from_secs_f64(stats::rank(&seconds, 0.25).context("there are no samples")?))
}

async fn ledger(running: &RunningContestant) -> Result<LedgerSums> {
    let query = "SELECT (SELECT COUNT(*) FROM booking), (SELECT COUNT(*) FROM booking WHERE charged IS NULL), \
                 SUM(reserved), SUM(charged), SUM(pictures) FROM day";
    let found = running.stored("Ledger", query).await?;
    let first = found.first().and_then(Value::as_array).context("there is no Ledger")?;
    let numbers: Option<Vec<u64>> = first.iter().map(Value::as_u64).collect();
    let numbers = numbers.context("the Ledger's sums are not numbers")?;
    let [bookings, open, reserved, charged, pictures] = numbers[..] else {
        anyhow::bail!("the Ledger's sums have other columns")
    };
    Ok(LedgerSums { bookings, open, reserved, charged, pictures })
}

fn grown(before: &MemorySample, after: &MemorySample, made: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "memory is far below 2^53 bytes")]
    let (bytes, made) = (after.anonymous.saturating_sub(before.anonymous) as f64, made as f64);
    bytes / made
}

fn ends<T: Copy>(samples: &[T]) -> Result<(T, T)> {
    Ok((
        *samples.first().context("there was no wave")?,
        *samples.last().context("there was no wave")?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(anonymous: u64) -> MemorySample {
        MemorySample { resident: anonymous + 50_000_000, anonymous, files: 39 }
    }

    #[test]
    fn each_moment_has_a_row() {
        let column: Vec<MemorySample> = (1..=12).map(|tenth| held(tenth * 10_000_000)).collect();
        let rows = rows(100, &[column.clone(), column]);
        let what: Vec<&str> = rows.iter().map(|row| row.what.as_str()).collect();
        assert_eq!(what.len(), PARTS + 2);
        assert_eq!(what[..2], ["at the start", "after 100"]);
        assert_eq!(what[10..], ["after 1000", "after a pause of 25 s"]);
        assert_eq!(rows[1].cells, vec![Cell::Text("70 / 39".to_owned()); 2]);
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "the quotients are whole")]
    fn memory_that_shrinks_counts_as_no_growth() {
        assert_eq!(grown(&held(1_000), &held(5_000), 4), 1_000.0);
        assert_eq!(grown(&held(5_000), &held(1_000), 4), 0.0);
    }
}

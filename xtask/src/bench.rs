//! `cargo xtask bench edge`: the cost of the edge in comparison with plain JavaScript Workers that do the same, in one
//! run. The submodules `embed`, `studio`, `dev` and `growth` are the other benches.
//!
//! Owns which figures are taken, how often, and their goals. Every contestant gets the same bytes from the same
//! upstream and is driven by the same client; only figures of one run are compared. Must not be part of `cargo xtask
//! test`: on a busy machine figures miss their goals although the code is right.

mod against;
mod client;
mod colour_picture;
mod contestant;
mod cpu;
pub mod dev;
pub mod documents;
pub mod embed;
pub mod growth;
mod latency;
mod memory;
mod noise_picture;
mod order;
mod process;
mod stats;
pub mod studio;
mod table;
mod upstream;
mod wasm_memory;

use crate::{
    build::{self, Part},
    command::BenchEdge,
    console, repo,
    setup::{self, SetupPurpose},
    tools::Tools,
};
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use contestant::Contestant;
use order::{Order, Pace};
use std::sync::Arc;
use table::TableRow;
use upstream::Upstream;

/// Bytes of the picture with which CPU and memory are measured.
const LARGE: usize = 2_000_000;
/// Bytes of the picture with which the time to the client is measured.
const MEDIUM: usize = 1_500_000;
/// Bytes of a picture so small that the cost of the job itself remains.
const SMALL: usize = 10_000;

/// A figure, as `--only` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Figure {
    /// CPU time of a picture
    Cpu,
    /// The parts of the CPU time: reads, and the job itself
    Parts,
    /// Memory while a hundred jobs run
    Memory,
    /// From the gateway's last byte to the client's last byte
    Latency,
    /// Whether the Worker's memory grows with its jobs
    Wasm,
    /// First response of a fresh workerd; only beside an older build
    First,
    /// CPU time of a frame's document; only beside an older build
    Documents,
}

/// The number of samples of each figure.
struct Effort {
    /// Tiny pictures that each contestant makes before CPU or time is measured.
    warm: usize,
    /// Rounds of CPU, and pictures of each contestant in a round.
    rounds: usize,
    pictures: usize,
    /// Rounds of the parts of the CPU time, and pictures of each contestant in a round.
    part_rounds: usize,
    part_pictures: usize,
    /// Fresh starts of each contestant for memory.
    starts: usize,
    /// Pictures of each contestant for the time to the client.
    times: usize,
    /// Jobs for the Worker's memory, and the bytes of their pictures.
    jobs: usize,
    job_bytes: usize,
}

/// Takes eight minutes on two cores that run nothing else.
const FULL: Effort = Effort {
    warm: 300,
    rounds: 7,
    pictures: 20,
    part_rounds: 5,
    part_pictures: 12,
    starts: 3,
    times: 40,
    jobs: 1000,
    job_bytes: LARGE,
};
/// Takes two minutes.
const QUICK: Effort = Effort {
    warm: 100,
    rounds: 3,
    pictures: 8,
    part_rounds: 3,
    part_pictures: 6,
    starts: 1,
    times: 10,
    jobs: 200,
    job_bytes: 200_000,
};

/// Builds the edge, measures, prints the table; fails if a goal is missed.
pub async fn run(options: BenchEdge) -> Result<()> {
    let tools = setup::run(SetupPurpose::Building).await?;
    let documents =
        options.against.is_some() && options.only.is_none_or(|it| it == Figure::Documents);
    build::with(&tools, if documents { Part::All } else { Part::Edge }).await?;
    // Where no document is requested, the app need not be built; but wrangler needs the folder to exist.
    std::fs::create_dir_all(repo::path("dist")).context("cannot create dist/")?;
    match &options.against {
        Some(folder) => against::run(folder, &options).await,
        None => with(&tools, &options).await,
    }
}

/// Measures the edge that is already built.
pub async fn with(tools: &Tools, options: &BenchEdge) -> Result<()> {
    if let Some(Figure::First | Figure::Documents) = options.only {
        bail!("this figure compares two builds: add `--against DIR`");
    }
    let effort = if options.quick { QUICK } else { FULL };
    let wanted = |figure| options.only.is_none_or(|only| only == figure);
    let upstream = Arc::new(Upstream::start().await?);
    console::heading("Bench of the edge");
    let mut rows = TableRows::default();
    // The peer of the edge: the plain Worker with the least CPU time; this one if CPU is not measured.
    let mut plain = Contestant::FromBase64;
    if wanted(Figure::Cpu) {
        let (row, quickest) = cpu::measure(&upstream, &effort).await?;
        plain = quickest;
        rows.add([row]);
    }
    if wanted(Figure::Parts) {
        rows.add(cpu::parts(&upstream, &effort, plain).await?);
    }
    if wanted(Figure::Memory) {
        rows.add([memory::measure(&upstream, &effort, plain).await?]);
    }
    if wanted(Figure::Latency) {
        rows.add(latency::measure(&upstream, &effort).await?);
    }
    if wanted(Figure::Wasm) {
        rows.add([wasm_memory::measure(&upstream, &effort, tools).await?]);
    }
    rows.finish(options.quick)
}

/// The rows measured so far.
#[derive(Default)]
struct TableRows(Vec<TableRow>);

impl TableRows {
    /// Adds rows and prints them at once, so that they are on the screen if the bench is stopped early.
    fn add(&mut self, rows: impl IntoIterator<Item = TableRow>) {
        let from = self.0.len();
        self.0.extend(rows);
        console::text(&console::faint(&table::print(
            &Contestant::ALL.map(Contestant::name),
            &self.0[from..],
        )));
    }

    /// Prints the table; the error names the missed goals.
    fn finish(&self, quick: bool) -> Result<()> {
        console::text("");
        close(&Contestant::ALL.map(Contestant::name), &self.0, quick)
    }
}

/// Prints a table and the outcome of its goals; the error names the missed ones.
fn close(names: &[&str], rows: &[TableRow], quick: bool) -> Result<()> {
    console::text(&table::print(names, rows));
    if quick {
        console::text("\n  --quick: few samples, which detect gross changes only.");
    }
    console::heading("Goals");
    for verdict in rows.iter().filter_map(table::verdict) {
        console::text(&verdict);
    }
    let missed: Vec<&str> =
        rows.iter().filter(|row| row.is_missed()).map(|row| row.what.trim()).collect();
    if !missed.is_empty() {
        bail!("goals missed: {}", missed.join("; "));
    }
    Ok(())
}

/// Makes one small picture with every contestant and checks its bytes: the test of the bench itself.
pub async fn smoke() -> Result<()> {
    let upstream = Arc::new(Upstream::start().await?);
    for contestant in Contestant::ALL {
        let running = contestant.start(&upstream, None).await?;
        let order = Order { number: upstream.number(), bytes: 100_000, pace: Pace::Steady };
        running.client.make(order).await.with_context(|| running.describe())?;
        running.stop().await?;
    }
    Ok(())
}

//! `cargo xtask bench edge --against DIR`: this build of the edge, an older build, and plain JavaScript, measured in
//! the same rounds.
//!
//! Owns the rounds and the ratios. A busy minute of the machine affects all contestants, and the order changes from
//! round to round, so that no contestant always follows the one with the heaviest load. Must not compare figures of two
//! runs.

use super::{
    Figure, LARGE, close,
    contestant::{self, Contestant, RunningContestant},
    cpu::{self, Batch},
    documents, memory,
    order::Pace,
    stats,
    table::{Cell, Goal, TableRow},
    upstream::Upstream,
};
use crate::{command::BenchEdge, console, console::ProgressStep, repo};
use anyhow::{Context, Result, bail};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::time::Instant;

/// Tiny pictures that each contestant makes before CPU is measured.
const WARM: usize = 300;
/// Pictures of a batch: at ten milliseconds each, a tick of the kernel's clock is half a per cent of the batch.
const PICTURES: usize = 20;
/// How long a round takes on two cores that run nothing else, and how long a figure takes before its first round.
const CPU_ROUND: Duration = Duration::from_secs(5);
const CPU_START: Duration = Duration::from_secs(45);
const MEMORY_ROUND: Duration = Duration::from_secs(24);
const FIRST_ROUND: Duration = Duration::from_secs(6);
const DOCUMENT_ROUND: Duration = Duration::from_secs(5);

/// The highest allowed ratio to the older build or to plain JavaScript.
const CPU_OF_OLD: f64 = 1.10;
const CPU_OF_JAVASCRIPT: f64 = 1.15;
const MEMORY_OF_OLD: f64 = 1.05;
const FIRST_OF_OLD: f64 = 1.2;
const DOCUMENT_OF_OLD: f64 = 2.0;

const NEW: &str = "new";
const OLD: &str = "old";

/// One sample of each round.
type Samples = Vec<f64>;

/// Measures, prints the table; fails if a goal is missed.
pub(super) async fn run(folder: &Path, options: &BenchEdge) -> Result<()> {
    let wanted = |figure| options.only.is_none_or(|only| only == figure);
    if let Some(Figure::Parts | Figure::Latency | Figure::Wasm) = options.only {
        bail!("with --against only cpu, memory, first and documents are measured");
    }
    let old = main_of(folder)?;
    let rounds = options.rounds;
    let expected = expected(rounds, wanted);
    console::heading("Bench of the edge beside an older build");
    console::fact("older build", &old.display().to_string());
    let expected = console::duration(expected);
    console::fact(
        "rounds",
        &format!("{rounds}; about {expected} on two cores that run nothing else"),
    );

    let field = Contestants { upstream: Arc::new(Upstream::start().await?), old };
    let rounds = usize::try_from(rounds)?;
    let mut rows = Vec::new();
    if wanted(Figure::Cpu) {
        rows.extend(field.cpu(rounds).await?);
    }
    if wanted(Figure::Memory) {
        rows.extend(field.memory(rounds).await?);
    }
    if wanted(Figure::First) {
        rows.extend(field.first(rounds).await?);
    }
    if wanted(Figure::Documents) {
        rows.extend(field.documents(folder, rounds).await?);
    }
    console::text("");
    close(&columns(), &rows, false)
}

fn columns() -> Vec<&'static str> {
    [NEW, OLD].into_iter().chain(Contestant::PLAIN.map(Contestant::name)).collect()
}

/// How long the bench takes on a machine that runs nothing else.
fn expected(rounds: u32, wanted: impl Fn(Figure) -> bool) -> Duration {
    let cpu = CPU_START + CPU_ROUND * rounds;
    let all = [
        (Figure::Cpu, cpu),
        (Figure::Memory, MEMORY_ROUND * rounds),
        (Figure::First, FIRST_ROUND * rounds),
        (Figure::Documents, DOCUMENT_ROUND * rounds),
    ];
    all.into_iter().filter(|(figure, _)| wanted(*figure)).map(|(_, time)| time).sum()
}

/// The `index.js` of an older build: in a clone that was built, or in the folder of the Worker itself.
fn main_of(folder: &Path) -> Result<PathBuf> {
    let places = [folder.join("edge/build/index.js"), folder.join("index.js")];
    let found = places
        .into_iter()
        .find(|main| main.is_file() && main.with_file_name("index_bg.wasm").is_file());
    let found = found.with_context(|| {
        let folder = folder.display();
        format!(
            "{folder} contains no built edge; make one with \
             `git worktree add {folder} COMMIT && cd {folder} && cargo xtask build edge`"
        )
    })?;
    Ok(std::path::absolute(found)?)
}

/// The builds that take part.
struct Contestants {
    upstream: Arc<Upstream>,
    old: PathBuf,
}

impl Contestants {
    async fn start_new(&self) -> Result<RunningContestant> {
        contestant::start_edge(NEW, &self.upstream, None, None).await
    }

    async fn start_old(&self) -> Result<RunningContestant> {
        contestant::start_edge(OLD, &self.upstream, None, Some(self.old.clone())).await
    }

    /// CPU of a picture of 2 MB, with every contestant warmed up.
    async fn cpu(&self, rounds: usize) -> Result<Vec<TableRow>> {
        let progress = Progress::start("CPU", rounds);
        let mut field = vec![self.start_new().await?, self.start_old().await?];
        for plain in Contestant::PLAIN {
            field.push(plain.start(&self.upstream, None).await?);
        }
        let work =
            Batch { bytes: LARGE, pace: Pace::AtOnce, warm: WARM, rounds, pictures: PICTURES };
        for running in &field {
            progress.step.tick(&format!("warming up {}", running.name));
            cpu::warm(&self.upstream, running, work.warm).await?;
            cpu::batch(&self.upstream, running, &work).await?;
        }
        let mut progress = progress.begin();
        let mut samples = vec![Samples::new(); field.len()];
        for round in 0..rounds {
            progress.tick(round);
            for at in order(round, field.len()) {
                samples[at].push(cpu::batch(&self.upstream, &field[at], &work).await?);
            }
        }
        for running in field {
            running.stop().await?;
        }
        progress.done();
        let [new, old, plain @ ..] = samples.as_slice() else { bail!("there is no contestant") };
        let (name, plain) = quickest(plain)?;
        let what = "CPU of a picture of 2 MB";
        Ok(vec![
            figures(&format!("{what}, ms"), &samples),
            ratio(&format!("{what}, new/old"), new, old, CPU_OF_OLD)?,
            ratio(&format!("{what}, new/{name}"), new, plain, CPU_OF_JAVASCRIPT)?,
        ])
    }

    /// Memory of a hundred jobs, each time in a fresh workerd.
    async fn memory(&self, rounds: usize) -> Result<Vec<TableRow>> {
        let mut progress = Progress::start("memory", rounds).begin();
        let mut samples = vec![Samples::new(); 2];
        for round in 0..rounds {
            progress.tick(round);
            for at in order(round, 2) {
                let running = self.start(at).await?;
                samples[at].push(memory::hundred(&self.upstream, &running).await?);
                running.stop().await?;
            }
        }
        progress.done();
        let what = "memory of 100 jobs";
        Ok(vec![
            figures(&format!("{what}, MB"), &samples),
            ratio(&format!("{what}, new/old"), &samples[0], &samples[1], MEMORY_OF_OLD)?,
        ])
    }

    /// From the start of workerd's process to the first visitor's session, and the part of that time that the visitor
    /// waits.
    async fn first(&self, rounds: usize) -> Result<Vec<TableRow>> {
        let mut progress = Progress::start("first answer", rounds).begin();
        let mut whole = vec![Samples::new(); 2];
        let mut asked = vec![Samples::new(); 2];
        for round in 0..rounds {
            progress.tick(round);
            for at in order(round, 2) {
                let running = self.start(at).await?;
                let began = Instant::now();
                running.client.open_session().await.with_context(|| running.describe())?;
                asked[at].push(milliseconds(began.elapsed()));
                whole[at].push(milliseconds(running.process.age()?));
                running.stop().await?;
            }
        }
        progress.done();
        let what = "first answer of a fresh workerd";
        let request = "  the request alone";
        Ok(vec![
            figures(&format!("{what}, ms"), &whole),
            figures(&format!("{request}, ms"), &asked),
            ratio(&format!("{what}, new/old"), &whole[0], &whole[1], FIRST_OF_OLD)?,
            ratio(&format!("{request}, new/old"), &asked[0], &asked[1], FIRST_OF_OLD)?,
        ])
    }

    /// CPU of a frame's document, each build with the site that it ships. workerd's own part is in both.
    async fn documents(&self, folder: &Path, rounds: usize) -> Result<Vec<TableRow>> {
        let progress = Progress::start("documents", rounds);
        let mut field = Vec::new();
        for (name, root) in [(NEW, repo::root()), (OLD, std::path::absolute(folder)?)] {
            field.push(contestant::start_documents(name, &self.upstream, None, &root).await?);
        }
        for running in &field {
            documents::batch(running, documents::WARM).await?;
        }
        let mut progress = progress.begin();
        let mut samples = vec![Samples::new(); field.len()];
        for round in 0..rounds {
            progress.tick(round);
            for at in order(round, field.len()) {
                samples[at].push(documents::batch(&field[at], documents::COUNT).await?);
            }
        }
        for running in field {
            running.stop().await?;
        }
        progress.done();
        let what = "CPU of a document";
        Ok(vec![
            figures(&format!("{what}, ms"), &samples),
            ratio(&format!("{what}, new/old"), &samples[0], &samples[1], DOCUMENT_OF_OLD)?,
        ])
    }

    /// Starts the new build for 0, the older build for 1.
    async fn start(&self, at: usize) -> Result<RunningContestant> {
        if at == 0 { self.start_new().await } else { self.start_old().await }
    }
}

/// The order of the contestants in a round: another one is first after every second round, and every second round runs
/// in reverse.
fn order(round: usize, count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).map(|turn| (round / 2 + turn) % count).collect();
    if round % 2 == 1 {
        order.reverse();
    }
    order
}

/// The plain contestant with the smallest figure, and its samples.
fn quickest(plain: &[Samples]) -> Result<(&'static str, &Samples)> {
    Contestant::PLAIN
        .into_iter()
        .zip(plain)
        .filter_map(|(contestant, samples)| {
            Some((contestant.name(), samples, stats::middle(samples)?.median))
        })
        .min_by(|(.., a), (.., b)| a.total_cmp(b))
        .map(|(name, samples, _)| (name, samples))
        .context("there are no samples")
}

fn figures(what: &str, samples: &[Samples]) -> TableRow {
    let cells = samples.iter().map(|samples| match stats::middle(samples) {
        Some(it) => Cell::Spread { middle: it.median, spread: it.spread },
        None => Cell::Empty,
    });
    TableRow { what: what.to_owned(), cells: cells.collect(), goal: None }
}

/// The median of the rounds' ratios, their quartiles, and whether the median is within the limit.
fn ratio(what: &str, ours: &[f64], theirs: &[f64], most: f64) -> Result<TableRow> {
    let ratios: Samples = ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs).collect();
    let rank = |share| stats::rank(&ratios, share).context("there are no samples");
    let (low, median, high) = (rank(0.25)?, rank(0.5)?, rank(0.75)?);
    let found = format!("{median:.3}, quartiles {low:.3} and {high:.3}, {} rounds", ratios.len());
    let goal = Goal::most(&format!("{most:.2}"), &found, median <= most);
    Ok(TableRow { what: what.to_owned(), cells: Vec::new(), goal: Some(goal) })
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The progress of a figure, and the time that it still needs.
struct Progress {
    step: ProgressStep,
    rounds: usize,
    began: Instant,
}

impl Progress {
    fn start(label: &str, rounds: usize) -> Self {
        let doing = format!("{rounds} rounds");
        Self { step: ProgressStep::long(label, &doing), rounds, began: Instant::now() }
    }

    /// Starts the clock of the rounds.
    fn begin(mut self) -> Self {
        self.began = Instant::now();
        self
    }

    fn tick(&mut self, done: usize) {
        let left = left(self.began.elapsed(), done, self.rounds);
        let left =
            left.map_or_else(String::new, |left| format!(", {} left", console::duration(left)));
        self.step.tick(&format!("round {} of {}{left}", done + 1, self.rounds));
    }

    fn done(self) {
        self.step.done(&format!("{} rounds", self.rounds));
    }
}

/// The time that the remaining rounds need, estimated from the finished ones; nothing before the first is finished.
fn left(elapsed: Duration, done: usize, rounds: usize) -> Option<Duration> {
    let done = u32::try_from(done).ok().filter(|done| *done > 0)?;
    let rest = u32::try_from(rounds).ok()?.saturating_sub(done);
    Some(elapsed / done * rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_takes_part_in_each_round_and_each_place_changes() {
        for count in [2, 5] {
            for place in 0..count {
                let there: Vec<usize> =
                    (0..2 * count).map(|round| order(round, count)[place]).collect();
                for who in 0..count {
                    assert_eq!(there.iter().filter(|it| **it == who).count(), 2, "{there:?}");
                }
            }
        }
        assert_eq!([order(0, 3), order(1, 3), order(2, 3)], [[0, 1, 2], [2, 1, 0], [1, 2, 0]]);
    }

    #[test]
    fn a_busy_round_does_not_move_the_ratio() {
        let row = ratio("x, new/old", &[10.0, 30.0, 11.0], &[10.0, 30.0, 10.0], 1.05).unwrap();
        assert!(!row.is_missed());
        let line = super::super::table::verdict(&row).unwrap();
        assert!(
            line.ends_with("x, new/old: 1.000, quartiles 1.000 and 1.050, 3 rounds; at most 1.05"),
            "{line}"
        );
        assert!(ratio("x", &[11.0], &[10.0], 1.05).unwrap().is_missed());
        assert!(ratio("x", &[], &[], 1.05).is_err());
    }

    #[test]
    fn the_quickest_plain_one_is_the_measure() {
        let plain = [vec![3.0, 3.0], vec![1.0, 2.0], vec![2.0, 9.0]];
        assert_eq!(quickest(&plain).unwrap().0, "Buffer");
        assert!(quickest(&[]).is_err());
    }

    #[test]
    fn the_remaining_time_is_estimated_from_finished_rounds() {
        let seconds = Duration::from_secs;
        assert_eq!(left(seconds(10), 0, 31), None);
        assert_eq!(left(seconds(10), 1, 31), Some(seconds(300)));
        assert_eq!(expected(31, |_| true), seconds(45 + 31 * (5 + 24 + 6 + 5)));
        assert_eq!(expected(3, |figure| figure == Figure::First), seconds(18));
    }

    #[test]
    fn a_folder_without_a_built_edge_names_the_commands_that_build_one() {
        let error = main_of(Path::new("/nowhere")).unwrap_err().to_string();
        for part in [
            "/nowhere contains no built edge",
            "git worktree add /nowhere COMMIT",
            "cargo xtask build",
        ] {
            assert!(error.contains(part), "{error}");
        }
    }
}

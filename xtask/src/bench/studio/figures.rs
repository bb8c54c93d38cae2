//! The browser's samples, as rows of the table, and their goals.
//!
//! Owns the format of the samples. Must not measure.

use super::super::{
    stats::{middle, rank},
    table::{Cell, Goal, TableRow},
    upstream::Written,
};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::time::Duration;

/// The pages and their names in the table, in the table's order.
pub(super) const PAGES: [(&str, &str); 5] = [
    ("studio", "Easel"),
    ("floor", "same bytes"),
    ("base64", "base64"),
    ("boxes", "plain boxes"),
    ("old", "older build"),
];

const STUDIO: &str = PAGES[0].0;

/// Milliseconds within which 98 of 100 presses must be answered by a frame.
const RESPONSE_MS: f64 = 64.0;
/// The per cent of frames that scrolling may drop.
const DROPPED: f64 = 1.0;
/// The highest allowed ratio of the renderer's memory after deleting everything to its memory before.
const RETURNED: f64 = 1.1;
/// Milliseconds by which a picture may appear later than on the hand-written page.
const LATER_MS: f64 = 30.0;
/// Milliseconds from a press to the sharp picture on slow 4G, minus the model's time.
const SHARP_MS: f64 = 2000.0;
/// Milliseconds by which the form may be painted later than the hand-written one.
const PAINTED_MS: f64 = 100.0;
/// Milliseconds within which every key and every press must be answered on a wall of twelve.
const TWELVE_MS: f64 = 100.0;
/// Milliseconds of the longest task.
const TASK_MS: f64 = 50.0;

/// The samples of a run.
pub(super) struct BrowserSamples(Vec<Value>);

impl BrowserSamples {
    /// Parses one line of JSON for each sample.
    pub(super) fn read(output: &str) -> Result<Self> {
        let line =
            |line| serde_json::from_str(line).with_context(|| format!("not a sample: {line}"));
        Ok(Self(output.lines().map(line).collect::<Result<_>>()?))
    }

    /// One number from every sample of a figure on a page, in their order.
    fn all(&self, figure: &str, page: &str, name: &str) -> Vec<f64> {
        let of = |sample: &&Value| sample["figure"] == figure && sample["page"] == page;
        self.0.iter().filter(of).filter_map(|sample| sample[name].as_f64()).collect()
    }

    /// The same; fails if there is none.
    fn required(&self, figure: &str, page: &str, name: &str) -> Result<Vec<f64>> {
        let all = self.all(figure, page, name);
        ensure!(!all.is_empty(), "`{figure}` was not measured on {page}");
        Ok(all)
    }
}

/// From the gateway's last byte to the screen, and the longest task in between.
pub(super) fn shown(
    samples: &BrowserSamples,
    written: impl Fn(u64) -> Option<Written>,
) -> Result<Vec<TableRow>> {
    let mut took = Vec::new();
    let mut tasks = Vec::new();
    let old = !samples.all("shown", "old", "at").is_empty();
    for (page, _) in PAGES.iter().filter(|(page, _)| *page != "boxes" && (old || *page != "old")) {
        let numbers = samples.required("shown", page, "number")?;
        let at = samples.required("shown", page, "at")?;
        let took_one = |(number, at): (&f64, &f64)| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
            let written = written(*number as u64).context("the gateway got no request")?;
            Ok(at - written.clock.as_secs_f64() * 1000.0)
        };
        took.push(numbers.iter().zip(&at).map(took_one).collect::<Result<Vec<f64>>>()?);
        tasks.push(samples.required("shown", page, "task_ms")?);
    }
    let [own, floor, ..] = took.as_slice() else { unreachable!("there are three pages") };
    let more: Vec<f64> = own.iter().zip(floor).map(|(own, floor)| own - floor).collect();
    let later = at(&more, 0.5)?;
    let longest = at(tasks.first().context("no tasks")?, 1.0)?;
    Ok(vec![
        row("last byte to screen, ms", beside_boxes(&took), None),
        row(
            "  later than the hand-written page",
            spreads(&[more]),
            Some(most(LATER_MS, later, "ms")),
        ),
        row("longest task, ms", beside_boxes(&tasks), None),
        row("  of all rounds", numbers(&tasks, 1.0)?, Some(most(TASK_MS, longest, "ms"))),
    ])
}

/// The first visit over a slow connection.
pub(super) fn early(samples: &BrowserSamples) -> Result<Vec<TableRow>> {
    let painted = columns(samples, "painted", "ms");
    let submitted = columns(samples, "submitted", "ms");
    let [own, floor, ..] = painted.as_slice() else { unreachable!("there are five pages") };
    ensure!(!own.is_empty() && !floor.is_empty(), "the first paint was not measured");
    let later: Vec<f64> = own.iter().zip(floor).map(|(own, floor)| own - floor).collect();
    let found = at(&later, 0.5)?;
    Ok(vec![
        row("form painted, ms", spreads(&painted), no_worse(&painted)?),
        row(
            "  later than the hand-written form",
            spreads(&[later]),
            Some(most(PAINTED_MS, found, "ms")),
        ),
        row("first order accepted, ms", spreads(&submitted), no_worse(&submitted)?),
    ])
}

/// Keys and presses on a wall of twelve pictures.
pub(super) fn twelve(samples: &BrowserSamples) -> Result<Vec<TableRow>> {
    let mut rows = Vec::new();
    for (name, what) in
        [("key_ms", "slowest of 40 keys, ms"), ("press_ms", "slowest of 12 presses, ms")]
    {
        let all = columns(samples, "twelve", name);
        let own = all.first().context("no pages")?;
        let found = at(own, 0.5)?;
        rows.push(row(what, spreads(&all), Some(most(TWELVE_MS, found, "ms"))));
    }
    Ok(rows)
}

/// A figure on every page; empty where it was not measured.
fn columns(samples: &BrowserSamples, figure: &str, name: &str) -> Vec<Vec<f64>> {
    PAGES.iter().map(|(page, _)| samples.all(figure, page, name)).collect()
}

/// Not worse than the older build by more than its own spread; nothing if none was measured.
fn no_worse(columns: &[Vec<f64>]) -> Result<Option<Goal>> {
    let (Some(own), Some(old)) = (columns.first(), columns.last()) else { return Ok(None) };
    let Some(old) = middle(old) else { return Ok(None) };
    let (found, limit) = (at(own, 0.5)?, old.median + old.spread);
    let says = format!("{:.0} ± {:.0} ms", old.median, old.spread);
    Ok(Some(Goal::most(&says, &format!("{found:.0} ms"), found <= limit)))
}

/// The sandbox's work on an order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Painted {
    /// From the head of its request to the last byte of its answer: the model's time, which is subtracted.
    pub(super) took: Duration,
    /// The bytes of the picture.
    pub(super) bytes: usize,
}

/// From a press to the sharp picture on slow 4G, minus the sandbox's time, in the earlier default format and in the
/// present one.
pub(super) fn sharp(
    samples: &BrowserSamples,
    made: impl Fn(u64) -> Option<Painted>,
) -> Result<Vec<TableRow>> {
    let mut rows = Vec::new();
    for (page, name, counts) in [("png", "PNG", false), ("webp", "WebP of 85", true)] {
        let orders = samples.required("sharp", page, "number")?;
        let mut took = Vec::new();
        let (mut painted, mut kilobytes) = (Vec::new(), Vec::new());
        for (number, ms) in orders.iter().zip(samples.required("sharp", page, "ms")?) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
            let made = made(*number as u64).context("the sandbox got no request")?;
            let delay = made.took.as_secs_f64() * 1000.0;
            took.push(ms - delay);
            painted.push(delay);
            #[expect(clippy::cast_precision_loss, reason = "a picture's length")]
            kilobytes.push(made.bytes as f64 / 1000.0);
        }
        let median = at(&took, 0.5)?;
        let goal = counts.then(|| most(SHARP_MS, median, "ms"));
        let quartiles = format!("{:.0}–{:.0}", at(&took, 0.25)?, at(&took, 0.75)?);
        rows.push(row(&format!("press to sharp {name}, ms"), spreads(&[took]), goal));
        rows.push(row("  its quartiles", vec![Cell::Text(quartiles)], None));
        rows.push(row("  the sandbox's time, subtracted", spreads(&[painted]), None));
        rows.push(row("  kilobytes", spreads(&[kilobytes]), None));
    }
    Ok(rows)
}

/// The cost of fifty pictures.
pub(super) fn fifty(samples: &BrowserSamples) -> Result<Vec<TableRow>> {
    let mut before = Vec::new();
    let mut more = Vec::new();
    for (page, _) in &PAGES[..3] {
        let (start, end) =
            (samples.required("fifty", page, "before")?, samples.required("fifty", page, "after")?);
        more.push(start.iter().zip(&end).map(|(start, end)| megabytes(end - start)).collect());
        before.push(start.into_iter().map(megabytes).collect::<Vec<f64>>());
    }
    let more: Vec<Vec<f64>> = more;
    let [own, floor, ..] = more.as_slice() else { unreachable!("there are three pages") };
    let (own, floor) = (at(own, 0.5)?, at(floor, 0.5)?);
    let says = format!("less than {floor:.1} MB");
    let goal = Goal::most(&says, &format!("{own:.1} MB"), own < floor);
    Ok(vec![
        row("renderer without pictures, MB", spreads(&before), None),
        row("fifty pictures, MB more", spreads(&more), Some(goal)),
    ])
}

/// The figures of a wall of five hundred pictures.
pub(super) fn wall(samples: &BrowserSamples) -> Result<Vec<TableRow>> {
    let mut rows = Vec::new();
    for (figure, what, counts) in [
        ("typed", "a key in the prompt, ms", true),
        ("opened", "opening a picture, ms", true),
        ("turned", "the next picture, ms", false),
        ("closed", "closing the viewer, ms", false),
    ] {
        let all = samples.required(figure, STUDIO, "ms")?;
        let high = at(&all, 0.98)?;
        rows.push(row(what, spreads(&[all]), None));
        let goal = counts.then(|| most(RESPONSE_MS, high, "ms"));
        rows.push(row(&format!("  {what}: its 98th percentile"), vec![Cell::Number(high)], goal));
    }
    let mut dropped = Vec::new();
    let mut partial = Vec::new();
    let mut frames = Vec::new();
    for (page, _) in PAGES {
        let sum = |name| samples.all("scrolled", page, name).iter().sum::<f64>();
        let (shown, lost) = (sum("shown"), sum("dropped"));
        let share = |part: f64| {
            let all = shown + lost;
            if all > 0.0 { Cell::Number(part / all * 100.0) } else { Cell::Empty }
        };
        dropped.push(share(lost));
        partial.push(share(sum("partial")));
        frames.push(if shown > 0.0 { Cell::Number(shown) } else { Cell::Empty });
    }
    let Some(Cell::Number(lost)) = dropped.first() else {
        anyhow::bail!("the trace of scrolling contains no frame")
    };
    let goal = most(DROPPED, *lost, "%");
    rows.push(row("frames dropped while scrolling, %", dropped, Some(goal)));
    rows.push(row("  in part, %", partial, None));
    rows.push(row("  frames shown", frames, None));
    for (name, what) in [
        ("fresh", "renderer before the first wall, MB"),
        ("start", "  before the second"),
        ("full", "  with five hundred"),
        ("end", "  with all deleted"),
    ] {
        let held = at(&samples.required("memory", STUDIO, name)?, 0.5)?;
        rows.push(row(what, one(megabytes(held)), None));
    }
    let (starts, ends) =
        (samples.required("memory", STUDIO, "start")?, samples.required("memory", STUDIO, "end")?);
    let ratios: Vec<_> = starts.iter().zip(&ends).map(|(start, end)| end / start).collect();
    let ratio = at(&ratios, 0.5)?;
    let goal = Goal::most(&format!("{RETURNED}"), &format!("{ratio:.2}"), ratio <= RETURNED);
    rows.push(row("  ratio to the memory before the second", spreads(&[ratios]), Some(goal)));
    for (figure, what) in
        [("shown_all", "showing five hundred, ms"), ("deleted", "deleting them, ms")]
    {
        rows.push(row(what, one(at(&samples.required(figure, STUDIO, "ms")?, 0.5)?), None));
    }
    Ok(rows)
}

fn row(what: &str, cells: Vec<Cell>, goal: Option<Goal>) -> TableRow {
    TableRow { what: what.to_owned(), cells, goal }
}

fn most(limit: f64, found: f64, unit: &str) -> Goal {
    Goal::most(&format!("{limit} {unit}"), &format!("{found:.1} {unit}"), found <= limit)
}

fn megabytes(bytes: f64) -> f64 {
    bytes / 1e6
}

fn one(number: f64) -> Vec<Cell> {
    vec![Cell::Number(number)]
}

fn at(samples: &[f64], share: f64) -> Result<f64> {
    rank(samples, share).context("there are no samples")
}

fn numbers(samples: &[Vec<f64>], share: f64) -> Result<Vec<Cell>> {
    samples.iter().map(|samples| at(samples, share).map(Cell::Number)).collect()
}

/// Columns of all pages but the plain boxes, which show no picture.
fn beside_boxes(samples: &[Vec<f64>]) -> Vec<Cell> {
    let mut cells = spreads(samples);
    if cells.len() > 3 {
        cells.insert(3, Cell::Empty);
    }
    cells
}

fn spreads(samples: &[Vec<f64>]) -> Vec<Cell> {
    let cell = |samples: &Vec<f64>| match middle(samples) {
        Some(found) => Cell::Spread { middle: found.median, spread: found.spread },
        None => Cell::Empty,
    };
    samples.iter().map(cell).collect()
}

#[cfg(test)]
mod tests;

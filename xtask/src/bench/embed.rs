//! `cargo xtask bench embed`: the cost of the loader for a page whose visitor never scrolls to the embed, in comparison
//! with giscus and Typeform.
//!
//! Owns which figures are taken, and their goals. All pages are the same except for the embed, and are served in the
//! same way. The figures of the page without an embed are subtracted, round by round; the difference is all main-thread
//! work that the embed causes, from its request to the last frame that it changes. A second row shows the same at full
//! speed, times four: Chromium slows a thread down by letting it spin for as long as it ran by the wall clock, so on a
//! busy machine it also spins for time in which the thread did not run; the thread's own clock at full speed does not
//! include that. Must not be part of `cargo xtask test`: it needs a registry and a quiet machine.
//!
//! Decision: docs/decisions/2026-11-29-children-reserve-the-space.md.

mod pages;

use super::{
    close,
    stats::{middle, rank},
    table::{Cell, Goal, TableRow},
};
use crate::{
    child,
    console::{self, ProgressStep},
    repo,
    setup::{self, SetupPurpose, browser},
};
use anyhow::{Context, Result, ensure};
use pages::Embed;
use serde_json::Value;

/// Rounds; each opens every page once.
const ROUNDS: usize = 21;
/// Rounds with `--quick`.
const QUICK: usize = 5;
/// The goal: milliseconds that the loader may cost beyond a module that does nothing.
const MOST_MS: f64 = 15.0;

/// The CPU slow-down for which the goals hold.
const SLOWER: f64 = 4.0;

/// The figures of one visit.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Visit {
    script_ms: f64,
    style_ms: f64,
    task_ms: f64,
    bytes: f64,
    elsewhere: f64,
}

/// Installs the other loaders, measures, prints the table; fails if a goal is missed.
pub async fn run(quick: bool) -> Result<()> {
    let tools = setup::run(SetupPurpose::Building).await?;
    browser::ensure().await?;
    let chromium = browser::program().context("Chromium is not on PATH any more")?;
    console::heading("Bench of the loader");
    let folder = pages::lay(&tools).await?;
    let rounds = if quick { QUICK } else { ROUNDS };
    let step = ProgressStep::long("visits", "opening pages in Chromium");
    let mut node = tools.command(&tools.node);
    node.arg(repo::path("xtask/bench/embed.mjs")).arg(chromium).arg(folder).arg(rounds.to_string());
    node.args([pages::PLAIN, pages::EMPTY]).args(Embed::ALL.map(Embed::page));
    node.args([pages::PLAIN, Embed::Easel.page(), pages::EMPTY].map(at_full_speed));
    let output = child::run_quietly(node, &step).await?;
    step.done(&format!("{rounds} rounds"));
    let plain = visits(&output, pages::PLAIN)?;
    ensure!(plain.len() == rounds, "the page without an embed was not opened in each round");
    let mut all = Vec::new();
    for embed in Embed::ALL {
        let own = visits(&output, embed.page())?;
        ensure!(own.len() == rounds, "{} was not opened in each round", embed.name());
        ensure!(own.iter().all(|visit| visit.bytes > 0.0), "{} was not loaded", embed.name());
        all.push(own);
    }
    let empty = visits(&output, pages::EMPTY)?;
    ensure!(empty.len() == rounds, "the page with an empty module was not opened in each round");
    let mut rows = rows(&plain, &empty, &all);
    let full_speed = |page| visits(&output, &at_full_speed(page));
    let plain = full_speed(pages::PLAIN)?;
    let own = full_speed(Embed::Easel.page())?;
    rows.push(unslowed("  at full speed, times four", &plain, &own));
    let empty = full_speed(pages::EMPTY)?;
    rows.push(unslowed("  the same of an empty module", &plain, &empty));
    close(&Embed::ALL.map(Embed::name), &rows, quick)
}

/// The name of a page that is opened without a slow-down.
fn at_full_speed(page: &str) -> String {
    format!("{page}@1")
}

/// The cost of Easel's page above the page without an embed, without a slow-down, times the slow-down.
fn unslowed(what: &str, plain: &[Visit], own: &[Visit]) -> TableRow {
    let more: Vec<_> =
        own.iter().zip(plain).map(|(own, plain)| (own.task_ms - plain.task_ms) * SLOWER).collect();
    row(what, spreads(&[more]), None)
}

/// The visits of a page in the driver's output, in the order of the rounds.
fn visits(output: &str, page: &str) -> Result<Vec<Visit>> {
    let mut found = Vec::new();
    for line in output.lines() {
        let sample: Value = serde_json::from_str(line).with_context(|| line.to_owned())?;
        let number =
            |name: &str| sample[name].as_f64().with_context(|| format!("no {name}: {line}"));
        if sample["page"] == page {
            found.push(Visit {
                script_ms: number("script_ms")?,
                style_ms: number("style_ms")?,
                task_ms: number("task_ms")?,
                bytes: number("bytes")?,
                elsewhere: number("elsewhere")?,
            });
        }
    }
    Ok(found)
}

/// The table: Easel first, then the others, with the page without an embed subtracted from each. Easel's goal is the
/// cost of an empty module in the same rounds, plus a fixed allowance.
fn rows(plain: &[Visit], empty: &[Visit], embeds: &[Vec<Visit>]) -> Vec<TableRow> {
    let less = |figure: fn(&Visit) -> f64| -> Vec<Vec<f64>> {
        let own = |visits: &Vec<Visit>| {
            visits.iter().zip(plain).map(|(own, plain)| figure(own) - figure(plain)).collect()
        };
        embeds.iter().map(own).collect()
    };
    let (script, task) = (less(|visit| visit.script_ms), less(|visit| visit.task_ms));
    let style = less(|visit| visit.style_ms);
    let (bytes, elsewhere) = (less(|visit| visit.bytes), less(|visit| visit.elsewhere));
    let (script_median, task_median) = (at(&script, 0.5), at(&task, 0.5));
    let own = embeds.first().map_or(&[][..], Vec::as_slice);
    let beyond: Vec<f64> =
        own.iter().zip(empty).map(|(own, empty)| own.task_ms - empty.task_ms).collect();
    let beyond = rank(&beyond, 0.5).unwrap_or(f64::INFINITY);
    let module: Vec<f64> =
        empty.iter().zip(plain).map(|(empty, plain)| empty.task_ms - plain.task_ms).collect();
    let says = format!("an empty module + {MOST_MS} ms");
    let most = Goal::most(&says, &format!("{beyond:.1} ms more"), beyond <= MOST_MS);
    vec![
        row("bytes over the wire", numbers(&at(&bytes, 0.5)), Some(fewest(&at(&bytes, 0.5)))),
        row("  requests to others", numbers(&at(&elsewhere, 0.5)), None),
        row("script, ms", spreads(&script), Some(fewest(&script_median))),
        row("  the smallest sample", numbers(&at(&script, 0.0)), None),
        row("style and layout, ms", spreads(&style), None),
        row("main thread, ms", spreads(&task), Some(fewest(&task_median))),
        row("  the smallest sample", numbers(&at(&task, 0.0)), None),
        row("  an empty module", spreads(&[module]), None),
        row("main thread, minus an empty module", numbers(&[beyond]), Some(most)),
    ]
}

fn row(what: &str, cells: Vec<Cell>, goal: Option<Goal>) -> TableRow {
    TableRow { what: what.to_owned(), cells, goal }
}

/// A goal: Easel's figure is smaller than the smallest of the others.
fn fewest(figures: &[f64]) -> Goal {
    let own = first(figures);
    let least = figures.iter().skip(1).copied().fold(f64::INFINITY, f64::min);
    Goal::most(&format!("less than {least:.1}"), &format!("{own:.1}"), own < least)
}

fn first(figures: &[f64]) -> f64 {
    figures.first().copied().unwrap_or(f64::INFINITY)
}

/// The sample at a share of each one's sorted samples.
fn at(samples: &[Vec<f64>], share: f64) -> Vec<f64> {
    samples.iter().map(|samples| rank(samples, share).unwrap_or(f64::INFINITY)).collect()
}

fn numbers(figures: &[f64]) -> Vec<Cell> {
    figures.iter().copied().map(Cell::Number).collect()
}

fn spreads(samples: &[Vec<f64>]) -> Vec<Cell> {
    let cell = |samples: &Vec<f64>| match middle(samples) {
        Some(found) => Cell::Spread { middle: found.median, spread: found.spread },
        None => Cell::Empty,
    };
    samples.iter().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(script_ms: f64, task_ms: f64, bytes: f64) -> Visit {
        Visit { script_ms, style_ms: 0.0, task_ms, bytes, elsewhere: 0.0 }
    }

    #[test]
    fn a_page_without_an_embed_is_taken_off_round_by_round() {
        let plain = [visit(0.0, 30.0, 0.0), visit(0.0, 50.0, 0.0)];
        let easel = vec![visit(2.0, 34.0, 1_700.0), visit(2.0, 54.0, 1_700.0)];
        let other = vec![visit(9.0, 39.0, 9_000.0), visit(9.0, 59.0, 9_000.0)];
        let empty = [visit(0.0, 31.0, 1.0), visit(0.0, 51.0, 1.0)];
        let rows = rows(&plain, &empty, &[easel.clone(), other.clone()]);
        assert!(rows.iter().all(|row| !row.is_missed()), "{rows:?}");
        assert_eq!(rows[5].cells[0], Cell::Spread { middle: 4.0, spread: 0.0 });
        let full = unslowed("full speed", &plain, &easel);
        assert_eq!(full.cells[0], Cell::Spread { middle: 16.0, spread: 0.0 });
        let turned = super::rows(&plain, &empty, &[other.clone(), easel]);
        assert_eq!(turned.iter().filter(|row| row.is_missed()).count(), 3, "{turned:?}");
        let slow = vec![visit(2.0, 47.0, 1_700.0), visit(2.0, 67.0, 1_700.0)];
        let beyond = |own| super::rows(&plain, &empty, &[own, other.clone()]).pop();
        assert!(beyond(slow).is_some_and(|row| row.is_missed()));
        let just = vec![visit(2.0, 46.0, 1_700.0), visit(2.0, 66.0, 1_700.0)];
        assert!(beyond(just).is_some_and(|row| !row.is_missed()));
    }

    #[test]
    fn samples_of_other_pages_do_not_count() {
        let output = "{\"page\":\"a\",\"script_ms\":1.5,\"style_ms\":0,\"task_ms\":2,\"bytes\":3,\"here\":1,\"elsewhere\":0}\n{\"page\":\"b\"}";
        assert_eq!(visits(output, "a").unwrap(), [visit(1.5, 2.0, 3.0)]);
        assert!(visits(output, "b").is_err());
    }
}

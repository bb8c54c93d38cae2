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
pub(super) const PAGES: [(&str, &str); 4] =
    [("studio", "Easel"), ("floor", "same bytes"), ("base64", "base64"), ("boxes", "plain boxes")];

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
    for (page, _) in &PAGES[..3] {
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
        row("last byte to screen, ms", spreads(&took), None),
        row(
            "  later than the hand-written page",
            spreads(&[more]),
            Some(most(LATER_MS, later, "ms")),
        ),
        row("longest task, ms", spreads(&tasks), None),
        row("  of all rounds", numbers(&tasks, 1.0)?, Some(most(TASK_MS, longest, "ms"))),
    ])
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
    use tokio::time::Instant;

    fn samples(lines: &[&str]) -> BrowserSamples {
        BrowserSamples::read(&lines.join("\n")).unwrap()
    }

    fn missed(rows: &[TableRow]) -> Vec<&str> {
        rows.iter().filter(|row| row.is_missed()).map(|row| row.what.trim()).collect()
    }

    /// Picture N's last byte was written by the gateway N seconds after 1970.
    #[expect(clippy::unnecessary_wraps, reason = "it stands for a look-up")]
    fn written(number: u64) -> Option<Written> {
        Some(Written { instant: Instant::now(), clock: Duration::from_secs(number) })
    }

    #[test]
    fn a_picture_is_shown_so_long_after_its_own_last_byte() {
        let lines = |studio: f64, task: f64| {
            [
                format!(r#"{{"figure":"shown","page":"studio","number":1,"at":{studio},"task_ms":{task}}}"#),
                r#"{"figure":"shown","page":"floor","number":2,"at":2050,"task_ms":9}"#.to_owned(),
                r#"{"figure":"shown","page":"base64","number":3,"at":3200,"task_ms":90}"#.to_owned(),
            ]
            .join("\n")
        };
        let good = shown(&BrowserSamples::read(&lines(1080.0, 50.0)).unwrap(), written).unwrap();
        assert!(missed(&good).is_empty(), "{good:?}");
        assert_eq!(good[0].cells[0], Cell::Spread { middle: 80.0, spread: 0.0 });
        let bad = shown(&BrowserSamples::read(&lines(1081.0, 51.0)).unwrap(), written).unwrap();
        assert_eq!(missed(&bad), ["later than the hand-written page", "of all rounds"]);
        assert!(shown(&BrowserSamples::read(&lines(1080.0, 50.0)).unwrap(), |_| None).is_err());
    }

    #[test]
    fn the_sandboxs_time_is_subtracted() {
        let lines = |webp: f64| {
            let png = r#"{"figure":"sharp","page":"png","number":1,"ms":9000}"#.to_owned();
            let webp = format!(r#"{{"figure":"sharp","page":"webp","number":2,"ms":{webp}}}"#);
            samples(&[&png, &webp])
        };
        let made =
            |number| Some(Painted { took: Duration::from_millis(100 * number), bytes: 150_000 });
        let good = sharp(&lines(2200.0), made).unwrap();
        assert!(missed(&good).is_empty(), "{good:?}");
        assert_eq!(good[0].cells[0], Cell::Spread { middle: 8900.0, spread: 0.0 });
        assert_eq!(good[7].cells[0], Cell::Spread { middle: 150.0, spread: 0.0 });
        let bad = sharp(&lines(2201.0), made).unwrap();
        assert_eq!(missed(&bad), ["press to sharp WebP of 85, ms"]);
        assert!(sharp(&lines(2200.0), |_| None).is_err());
    }

    #[test]
    fn fifty_pictures_cost_less_than_the_same_bytes_not_as_much() {
        let lines = |after: f64| {
            samples(&[
                &format!(r#"{{"figure":"fifty","page":"studio","before":40e6,"after":{after}}}"#),
                r#"{"figure":"fifty","page":"floor","before":20e6,"after":300e6}"#,
                r#"{"figure":"fifty","page":"base64","before":20e6,"after":400e6}"#,
            ])
        };
        assert!(missed(&fifty(&lines(319e6)).unwrap()).is_empty());
        assert_eq!(missed(&fifty(&lines(320e6)).unwrap()), ["fifty pictures, MB more"]);
    }

    #[test]
    fn the_wall_misses_its_goals_one_by_one() {
        let lines = |ms: f64, dropped: u32, end: f64| {
            let mut lines: Vec<String> =
                ["typed", "opened", "turned", "closed", "shown_all", "deleted"]
                    .map(|figure| format!(r#"{{"figure":"{figure}","page":"studio","ms":{ms}}}"#))
                    .to_vec();
            lines.push(format!(
                r#"{{"figure":"scrolled","page":"studio","shown":{},"partial":0,"dropped":{dropped}}}"#,
                1000 - dropped
            ));
            lines.push(format!(
                r#"{{"figure":"memory","page":"studio","fresh":30e6,"start":40e6,"full":60e6,"end":{end}}}"#
            ));
            wall(&BrowserSamples::read(&lines.join("\n")).unwrap()).unwrap()
        };
        assert!(missed(&lines(64.0, 10, 44e6)).is_empty());
        assert_eq!(missed(&lines(72.0, 0, 40e6)).len(), 2);
        assert_eq!(missed(&lines(16.0, 11, 40e6)), ["frames dropped while scrolling, %"]);
        assert_eq!(missed(&lines(16.0, 0, 44.1e6)), ["ratio to the memory before the second"]);
    }

    #[test]
    fn a_missing_sample_is_an_error() {
        assert!(wall(&samples(&[])).is_err());
        assert!(fifty(&samples(&[r#"{"figure":"fifty","page":"studio"}"#])).is_err());
        assert!(BrowserSamples::read("a warning").is_err());
    }
}

//! `cargo xtask bench studio`: the speed and memory of the studio, in comparison with hand-written pages.
//!
//! Owns which figures are taken, their goals, and the servers: the edge in workerd with the built studio, and the
//! bench's gateway. `xtask/bench/studio.mjs` drives the pages and prints samples, which are read here. Must not be part
//! of `cargo xtask test`: on a busy machine figures miss their goals although the code is right.
//!
//! The wall of five hundred pictures is used at a quarter of the CPU's speed, everything else at full speed. Its
//! pictures come from the device history, since only a device holds so many: they are written into the studio's own
//! database before they are shown. Over a slow connection the sandbox paints the pictures, because a picture of noise
//! has the same size in every format: two sites of one edge request PNG and WebP in turns. A picture counts as shown
//! when the frame after its decoding has been made. Dropped frames are those that Chromium's own trace reports;
//! headless Chromium paints without a GPU, so a page of plain boxes is scrolled for comparison.
//!
//! Decision: docs/decisions/2026-11-29-leaks-are-searched-after-the-second-wall.md.

mod figures;

use super::{
    close,
    contestant::{self, StateFolder},
    table::TableRow,
    upstream::Upstream,
};
use crate::{
    build::{self, Part},
    child,
    command::BenchStudio,
    console::{self, ProgressStep},
    repo,
    setup::{self, SetupPurpose, browser},
    tools::Tools,
    workerd::{self, Access, SpecialOptions, Workerd},
};
use anyhow::{Context, Result};
use clap::ValueEnum;
use figures::{BrowserSamples, Painted};
use sandbox::{Sandbox, Settings};
use serde_json::json;
use std::path::PathBuf;

/// Bytes of a picture that the scripts order; a slightly different length makes a different picture.
const BYTES: usize = 1_500_000;
/// Rounds of each figure.
const ROUNDS: usize = 21;
/// Rounds over a slow connection, of ten seconds each.
const SLOW_ROUNDS: usize = 15;
/// Rounds with `--quick`.
const QUICK: usize = 5;

/// A figure, as `--only` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Figure {
    /// Five hundred pictures of the device history, at a quarter of the CPU's speed: the time from a key or a press to
    /// the frame that answers it, frames dropped while the wall is scrolled (in comparison with as many plain boxes),
    /// and the renderer's own memory before the first picture and after all are deleted
    Wall,
    /// From the gateway's last byte to a visit's first picture on the screen, and the longest task, at a quarter of the
    /// speed; in comparison with a hand-written page that shows the same bytes from the same edge, and one that shows
    /// the gateway's base64
    Shown,
    /// The renderer's memory for fifty pictures, in comparison with the same hand-written pages
    Fifty,
    /// From a press to the sandbox's sharp picture on slow 4G, minus the sandbox's own time, as PNG and as WebP in
    /// turns
    Sharp,
    /// The first visit on slow 4G at a quarter of the CPU's speed: when the form is painted, in comparison with one
    /// hand-written file, and when the edge has accepted what was asked for at once
    Early,
    /// The slowest of forty keys and of twelve presses on a wall of twelve pictures, at a quarter of the speed
    Twelve,
}

impl Figure {
    const ALL: [Self; 6] =
        [Self::Early, Self::Twelve, Self::Shown, Self::Sharp, Self::Fifty, Self::Wall];

    const fn word(self) -> &'static str {
        match self {
            Self::Wall => "wall",
            Self::Shown => "shown",
            Self::Fifty => "fifty",
            Self::Sharp => "sharp",
            Self::Early => "early",
            Self::Twelve => "twelve",
        }
    }
}

/// Builds, measures, prints the table; fails if a goal is missed.
pub async fn run(options: BenchStudio) -> Result<()> {
    let tools = setup::run(SetupPurpose::Building).await?;
    browser::ensure().await?;
    build::with(&tools, Part::All).await?;
    console::heading("Bench of the studio");
    let upstream = Upstream::painting(super::colour_picture::of).await?;
    let step = ProgressStep::long("pictures", "painting");
    for kind in 0..super::colour_picture::KINDS {
        upstream.prepared(BYTES + kind)?;
    }
    step.done("ready");
    let state =
        StateFolder(contestant::folder().join(format!("easel-bench-{}", std::process::id())));
    let edge = edge(&upstream, &state, None).await?;
    let older =
        StateFolder(contestant::folder().join(format!("easel-bench-{}-old", std::process::id())));
    let old = match &options.against {
        None => None,
        Some(clone) => Some(self::edge(&upstream, &older, Some(clone)).await?),
    };
    let wanted = Figure::ALL.into_iter().filter(|it| options.only.is_none_or(|only| only == *it));
    let mut rows: Vec<TableRow> = Vec::new();
    for figure in wanted {
        let samples = async |edge| {
            let output =
                visit(&tools, [Some(edge), old.as_ref()], &upstream, figure, options.quick).await?;
            BrowserSamples::read(&output)
        };
        rows.extend(match figure {
            Figure::Shown => {
                figures::shown(&samples(&edge).await?, |number| upstream.written(number))?
            }
            Figure::Sharp => {
                let slow = SlowConnection::start().await?;
                let samples = samples(&slow.edge).await?;
                slow.edge.stop().await?;
                figures::sharp(&samples, |number| painted(&slow.sandbox, number))?
            }
            Figure::Fifty => figures::fifty(&samples(&edge).await?)?,
            Figure::Wall => figures::wall(&samples(&edge).await?)?,
            Figure::Early => figures::early(&samples(&edge).await?)?,
            Figure::Twelve => figures::twelve(&samples(&edge).await?)?,
        });
    }
    edge.stop().await?;
    if let Some(old) = old {
        old.stop().await?;
    }
    close(&figures::PAGES.map(|(_, name)| name), &rows, options.quick)
}

/// Starts the edge with the studio, on a site that allows the device history. `clone`: the work tree of an older version,
/// which is built already.
async fn edge(
    upstream: &Upstream,
    state: &StateFolder,
    clone: Option<&PathBuf>,
) -> Result<Workerd> {
    let mut vars = contestant::easel(&upstream.url())?;
    let site = vars.get_mut("EASEL_SITE_demo").context("the bench has no site")?;
    site["history"] = "device".into();
    if clone.is_some() {
        contestant::without_new_fields(&mut vars);
    }
    let options = workerd::Options {
        port: 0,
        state: state.0.clone(),
        vars,
        secrets: contestant::easel_secrets(),
        access: Access::behind_proxy(),
        echo: false,
        ledger: None,
    };
    let special = SpecialOptions {
        main: clone.map(|clone| clone.join("edge/build/index.js")),
        assets: clone.map(|clone| clone.join("dist")),
        ..SpecialOptions::default()
    };
    Workerd::start_special(options, special).await
}

/// The servers behind the slow connection: the edge with a site for each format, and the sandbox.
struct SlowConnection {
    edge: Workerd,
    sandbox: Sandbox,
    _state: StateFolder,
}

impl SlowConnection {
    async fn start() -> Result<Self> {
        let sandbox = Sandbox::start(Settings::for_tests()).await?;
        let mut vars = contestant::easel(&sandbox.url())?;
        let demo = vars.remove("EASEL_SITE_demo").context("the bench has no site")?;
        for (id, formats) in [("png", ["png", "webp", "jpeg"]), ("webp", ["webp", "png", "jpeg"])] {
            let mut site = demo.clone();
            site["id"] = id.into();
            // The first format is used where a visitor chooses none.
            site["formats"] = formats.as_slice().into();
            vars.insert(format!("EASEL_SITE_{id}"), site);
        }
        let edge = vars.get_mut("EASEL").context("the bench has no edge")?;
        edge["sites"] = ["png", "webp"].as_slice().into();
        let name = format!("easel-bench-{}-slow", std::process::id());
        let state = StateFolder(contestant::folder().join(name));
        let edge = Workerd::start(workerd::Options {
            port: 0,
            state: state.0.clone(),
            vars,
            secrets: contestant::easel_secrets(),
            access: Access::behind_proxy(),
            echo: false,
            ledger: None,
        })
        .await?;
        Ok(Self { edge, sandbox, _state: state })
    }
}

/// The sandbox's picture for an order.
fn painted(sandbox: &Sandbox, number: u64) -> Option<Painted> {
    let calls = sandbox.books().calls();
    let begins = format!("bench {number} ");
    let is_it = |prompt: &str| prompt.contains(&begins);
    let call = calls
        .iter()
        .find(|call| call.json().is_some_and(|body| body["prompt"].as_str().is_some_and(is_it)))?;
    Some(Painted { took: call.completed_after?, bytes: call.pictures.first()?.len() })
}

/// Runs the browser's script for a figure and returns its output.
async fn visit(
    tools: &Tools,
    [edge, old]: [Option<&Workerd>; 2],
    upstream: &Upstream,
    figure: Figure,
    quick: bool,
) -> Result<String> {
    let step = ProgressStep::long(figure.word(), "in Chromium");
    let rounds = match figure {
        _ if quick => QUICK,
        Figure::Sharp | Figure::Early => SLOW_ROUNDS,
        _ => ROUNDS,
    };
    let edges = json!({ "studio": edge.map(Workerd::url), "old": old.map(Workerd::url) });
    let mut node = tools.command(&tools.node);
    node.arg(repo::path("xtask/bench/studio.mjs"))
        .arg(browser::program().context("Chromium is not on PATH any more")?)
        .args([&edges.to_string(), &upstream.url(), &rounds.to_string(), figure.word()]);
    let output = child::run_quietly(node, &step).await?;
    step.done(&format!("{rounds} rounds"));
    Ok(output)
}

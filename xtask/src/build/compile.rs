//! What the builds of the studio, the Worker and the kit have in common.
//!
//! Owns how a compilation is skipped, shown and recorded, and how wasm-opt is called. Must not know what is compiled.

use crate::{child, console::ProgressStep, stamp::Stamp, tools::Tools};
use anyhow::{Context, Result};
use std::{fs, path::Path};

/// The features that the compiler used.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];
/// Removes the sections that only tools read. A profile's `strip` cannot do it: wasm-bindgen needs the names and the
/// features.
const STRIP: [&str; 3] = ["--strip-debug", "--strip-producers", "--strip-target-features"];

/// Does the work of a build, with its progress shown under `label`, and records the success in `stamp`.
pub async fn compile(
    stamp: &Stamp,
    label: &str,
    work: impl AsyncFnOnce(&ProgressStep) -> Result<()>,
) -> Result<()> {
    stamp.clear();
    let step = ProgressStep::long(label, "compiling with cargo (minutes at first)");
    if let Err(error) = work(&step).await {
        step.failed();
        return Err(error).with_context(|| format!("{label} cannot be built"));
    }
    step.done("compiled");
    stamp.write()
}

/// Lets wasm-opt write a wasm anew in its place, with these options beside those of every build.
pub async fn shrink(
    tools: &Tools,
    options: &[&str],
    wasm: &Path,
    step: &ProgressStep,
) -> Result<()> {
    let small = wasm.with_extension("small");
    let mut command = tools.command(Tools::node_tool("wasm-opt"));
    command.args(FEATURES).args(options).args(STRIP).arg(wasm).arg("-o").arg(&small);
    child::run_quietly(command, step).await?;
    fs::rename(&small, wasm).context("wasm-opt wrote no wasm")
}

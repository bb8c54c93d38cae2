//! The kit: the rules that the programs of a release call, as wasm with the glue that Node loads.
//!
//! Owns its build. Must not decide what a release contains.

use crate::{
    build::{
        bind::{self, Program},
        lock, source_paths,
    },
    child,
    console::ProgressStep,
    repo,
    stamp::Stamp,
    tools::{TARGET, Tools},
};
use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Where the glue and the wasm are written.
const FOLDER: &str = "target/xtask/kit";
/// The glue and the wasm.
pub const FILES: [&str; 2] = ["kit.js", "kit_bg.wasm"];
/// The profile of the root `Cargo.toml`.
const PROFILE: &str = "edge";

/// The options of wasm-opt: the features that the compiler used, and no names of functions, which nobody reads.
const SMALL: [&str; 11] = [
    "-O1",
    "--enable-bulk-memory",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

const INPUTS: &[&str] = &[
    "kit/src",
    "kit/Cargo.toml",
    "preflight/src",
    "preflight/Cargo.toml",
    "sandbox/src",
    "sandbox/Cargo.toml",
    "engine/src",
    "engine/Cargo.toml",
    "contract/src",
    "contract/Cargo.toml",
    "Cargo.toml",
    "Cargo.lock",
    "package-lock.json",
    "xtask/src/build/bind.rs",
    "xtask/src/build/kit.rs",
    "xtask/src/build/source_paths.rs",
];

/// Builds it if something has changed. Returns the folder of its `FILES`.
pub async fn build(tools: &Tools) -> Result<PathBuf> {
    let _lock = lock::acquire().await?;
    let folder = repo::path(FOLDER);
    let stamp = Stamp::of("kit", INPUTS, "")?;
    if stamp.is_fresh() && FILES.iter().all(|name| folder.join(name).is_file()) {
        ProgressStep::short("kit").done("up to date");
        return Ok(folder);
    }
    stamp.clear();
    let step = ProgressStep::long("kit", "compiling with cargo (minutes at first)");
    if let Err(error) = write(tools, &folder, &step).await {
        step.failed();
        return Err(error).context("the kit cannot be built");
    }
    step.done("compiled");
    stamp.write()?;
    Ok(folder)
}

async fn write(tools: &Tools, folder: &Path, step: &ProgressStep) -> Result<()> {
    let mut cargo = tools.wasm_command("cargo");
    cargo.args(["build", "--package", "kit", "--lib", "--target", TARGET, "--profile", PROFILE]);
    source_paths::replace(&mut cargo, tools).await?;
    child::run_quietly(cargo, step).await?;
    let compiled = tools.wasm_target_folder().join(PROFILE).join("kit.wasm");
    let bound = bind::bind(Program::Kit, compiled, folder.to_owned()).await?;
    let small = bound.with_extension("small");
    let mut command = tools.command(Tools::node_tool("wasm-opt"));
    command.args(SMALL).arg(&bound).arg("-o").arg(&small);
    child::run_quietly(command, step).await?;
    fs::rename(&small, &bound).context("wasm-opt wrote no wasm")
}

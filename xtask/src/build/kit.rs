//! The kit: the rules that the programs of a release call, as wasm with the glue that Node loads.
//!
//! Owns its build. Must not decide what a release contains.

use crate::{
    build::{
        bind::{self, Program},
        compile, source_paths,
    },
    child,
    console::ProgressStep,
    repo,
    stamp::Stamp,
    tools::{TARGET, Tools},
};
use anyhow::Result;
use std::path::{Path, PathBuf};

/// Where the glue and the wasm are written.
const FOLDER: &str = "target/xtask/kit";
/// The glue and the wasm.
pub const FILES: [&str; 2] = ["kit.js", "kit_bg.wasm"];
/// The profile of the root `Cargo.toml`.
const PROFILE: &str = "wasm";

/// The options of wasm-opt beside those of every build. More passes take longer than the few bytes are worth.
const SMALL: [&str; 2] = ["--enable-simd", "-O1"];

const INPUTS: &[&str] = &[
    "kit/src",
    "kit/Cargo.toml",
    "preflight/src",
    "preflight/Cargo.toml",
    "painter/src",
    "painter/Cargo.toml",
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
    "xtask/src/build/compile.rs",
    "xtask/src/build/kit.rs",
    "xtask/src/build/source_paths.rs",
];

/// Builds it if something has changed. Returns the folder of its `FILES`.
pub async fn build(tools: &Tools) -> Result<PathBuf> {
    let folder = repo::path(FOLDER);
    let stamp = Stamp::of("kit", INPUTS, "")?;
    if stamp.is_fresh() && FILES.iter().all(|name| folder.join(name).is_file()) {
        ProgressStep::short("kit").done("up to date");
        return Ok(folder);
    }
    compile::compile(&stamp, "kit", async |step| write(tools, &folder, step).await).await?;
    Ok(folder)
}

async fn write(tools: &Tools, folder: &Path, step: &ProgressStep) -> Result<()> {
    let mut cargo = tools.wasm_command("cargo");
    cargo.args(["build", "--package", "kit", "--lib", "--target", TARGET, "--profile", PROFILE]);
    source_paths::replace(&mut cargo, tools).await?;
    child::run_quietly(cargo, step).await?;
    let compiled = tools.wasm_target_folder().join(PROFILE).join("kit.wasm");
    let bound = bind::bind(Program::Kit, compiled, folder.to_owned()).await?;
    compile::shrink(tools, &SMALL, &bound, step).await
}

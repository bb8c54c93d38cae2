//! The studio: compiled by cargo, bound to JavaScript by wasm-bindgen, made small by wasm-opt, then finished into `dist/`.

use crate::{
    build::{
        bind::{self, Program},
        finish,
    },
    child,
    console::Step,
    repo,
    stamp::Stamp,
    tools::{TARGET, Tools},
};
use anyhow::{Context, Result};
use std::fs;

/// The profile of the root `Cargo.toml` that it is compiled with.
const PROFILE: &str = "studio";
/// Where the glue and the small wasm lie until they are finished.
const BOUND: &str = "target/xtask/app";

/// What wasm-opt is told: the features that the compiler used, and the passes that were seen to pay.
const SMALL: &[&str] = &[
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--strip-producers",
    "--strip-target-features",
];

/// What the wasm is made from.
const COMPILED: &[&str] = &[
    "app/src",
    "app/Cargo.toml",
    "contract/src",
    "contract/Cargo.toml",
    "Cargo.toml",
    "Cargo.lock",
    "package-lock.json",
    "xtask/src/build/app.rs",
    "xtask/src/build/bind.rs",
];

/// What is laid beside it.
const FINISHED: &[&str] = &[
    "app/index.html",
    "app/bin.js",
    "app/boot.js",
    "app/draft.js",
    "app/given.js",
    "app/hang.js",
    "app/host.js",
    "app/kept.js",
    "app/many.js",
    "app/near.js",
    "app/paint.js",
    "app/sharpen.js",
    "app/shrink.js",
    "app/viewer.js",
    "app/wall.js",
    "style",
    "texts",
    "public",
    "xtask/src/build",
];

/// Downloads the crates, if any is missing.
pub async fn fetch_crates(tools: &Tools) -> Result<()> {
    let stamp = Stamp::of("crates", &["Cargo.lock"], "")?;
    if stamp.is_fresh() {
        return Ok(());
    }
    let step = Step::short("crates");
    let mut cargo = tools.command("cargo");
    cargo.args(["fetch"]);
    match child::quiet(cargo, &step).await {
        Ok(_) => step.done("fetched"),
        Err(error) => {
            step.failed();
            return Err(error);
        }
    }
    Stamp::of("crates", &["Cargo.lock"], "")?.write()
}

/// Builds what has changed.
pub async fn build(tools: &Tools) -> Result<()> {
    let compiled = Stamp::of("app", COMPILED, "")?;
    let finished = Stamp::of("dist", FINISHED, compiled.digest())?;
    if finished.is_fresh() && repo::path("dist/studio.en.html").is_file() {
        Step::short("app").done("up to date");
        return Ok(());
    }
    finished.clear();
    if !(compiled.is_fresh() && repo::path(BOUND).join("app_bg.wasm").is_file()) {
        compiled.clear();
        compile(tools).await?;
        compiled.write()?;
    }
    let step = Step::short("dist");
    match finish::run(tools, &repo::path(BOUND)).await {
        Ok(loader) => step.done(&loader),
        Err(error) => {
            step.failed();
            return Err(error);
        }
    }
    finished.write()
}

async fn compile(tools: &Tools) -> Result<()> {
    let step = Step::long("app", "compiling with cargo (minutes at first)");
    if let Err(error) = write(tools, &step).await {
        step.failed();
        return Err(error).context("the app does not build");
    }
    step.done("compiled");
    Ok(())
}

async fn write(tools: &Tools, step: &Step) -> Result<()> {
    let mut cargo = tools.wasm_command("cargo");
    cargo.args(["build", "--package", "app", "--target", TARGET, "--profile", PROFILE]);
    child::quiet(cargo, step).await?;
    let compiled = tools.wasm_target_folder().join(PROFILE).join("app.wasm");
    let bound = bind::bind(Program::Studio, compiled, repo::path(BOUND)).await?;
    let small = bound.with_file_name("small.wasm");
    let mut command = tools.command(Tools::node_tool("wasm-opt"));
    command.args(SMALL).arg(&bound).arg("-o").arg(&small);
    child::quiet(command, step).await?;
    fs::rename(&small, &bound).context("wasm-opt left no wasm")
}

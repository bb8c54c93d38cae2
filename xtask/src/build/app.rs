//! The studio: compiled by Trunk, then finished into `dist/`.

use crate::{build::finish, child, console::Step, repo, stamp::Stamp, tools::Tools};
use anyhow::{Context, Result};

/// What the wasm is made from.
const COMPILED: &[&str] = &[
    "app/src",
    "app/index.html",
    "app/Cargo.toml",
    "contract/src",
    "contract/Cargo.toml",
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    "package-lock.json",
];

/// What is laid beside it.
const FINISHED: &[&str] = &[
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
    let compiled = Stamp::of("app", COMPILED, &tools.trunk.to_string_lossy())?;
    let finished = Stamp::of("dist", FINISHED, compiled.digest())?;
    if finished.is_fresh() && repo::path("dist/studio.en.html").is_file() {
        Step::short("app").done("up to date");
        return Ok(());
    }
    finished.clear();
    if !(compiled.is_fresh() && repo::path("target/trunk/app_bg.wasm").is_file()) {
        compiled.clear();
        compile(tools).await?;
        compiled.write()?;
    }
    let step = Step::short("dist");
    match finish::run(tools).await {
        Ok(loader) => step.done(&loader),
        Err(error) => {
            step.failed();
            return Err(error);
        }
    }
    finished.write()
}

async fn compile(tools: &Tools) -> Result<()> {
    let step = Step::long("app", "compiling with Trunk (minutes at first)");
    // Trunk empties its folder only when all went well: an old file must not look like a new one.
    let _ = std::fs::remove_dir_all(repo::path("target/trunk"));
    let mut trunk = tools.wasm_command(&tools.trunk);
    trunk.args(["build", "--release"]);
    match child::quiet(trunk, &step).await {
        Ok(_) => step.done("compiled"),
        Err(error) => {
            step.failed();
            return Err(error).context("the app does not build");
        }
    }
    Ok(())
}

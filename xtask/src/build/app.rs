//! The studio: cargo compiles it, `split` takes the lazy parts out of it, wasm-bindgen binds it to JavaScript, wasm-opt makes
//! each part small, and `finish` writes them into `dist/`.
//!
//! Owns the two profiles of the studio. Must not decide how a file is named or compressed.

use crate::{
    build::{
        Profile,
        bind::{self, Program},
        build_id, compile,
        finish::{self, Dist},
        names, source_paths,
        split::{self, Split},
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

/// The folders and names of one profile's files.
struct ProfilePaths {
    /// The names of the stamps: of the compiled program, and of the finished files.
    stamps: [&'static str; 2],
    /// The profile of the root `Cargo.toml` that compiles it.
    cargo: &'static str,
    /// The folder of the JavaScript glue and the wasm before they are finished.
    bound: &'static str,
    /// The folder of the finished files.
    dist: &'static str,
}

impl Profile {
    fn paths(self) -> ProfilePaths {
        match self {
            Self::Release => ProfilePaths {
                stamps: ["app", "dist"],
                cargo: "wasm",
                bound: "target/xtask/app",
                dist: "dist",
            },
            Self::Development => ProfilePaths {
                stamps: ["app-dev", "dist-dev"],
                cargo: "wasm-dev",
                bound: "target/xtask/app-dev",
                dist: "target/xtask/dist-dev",
            },
        }
    }
}

/// The folder of the files that a development build serves.
pub fn development_files() -> PathBuf {
    repo::path(Profile::Development.paths().dist)
}

/// The options of wasm-opt beside those of every build: what was measured to help. `--low-memory-unused` lets it write a
/// constant that is added to an address as the offset of the access, which is right as long as nothing is stored in the
/// first kilobyte of memory. rustc's linker lays the stack there, which grows from its other end.
const SMALL: &[&str] = &["--low-memory-unused", "-Oz", "--flatten", "--rereloop", "-Oz", "-Oz"];

/// The inputs of the wasm.
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
    "xtask/src/build/compile.rs",
    "xtask/src/build/names.rs",
    "xtask/src/build/source_paths.rs",
    "xtask/src/build/split.rs",
];

/// The inputs of the other files in `dist/`.
const FINISHED: &[&str] = &["app", "style", "public", "xtask/src/build"];

/// Downloads crates that are missing.
pub async fn fetch_crates(tools: &Tools) -> Result<()> {
    let stamp = Stamp::of("crates", &["Cargo.lock"], "")?;
    if stamp.is_fresh() {
        return Ok(());
    }
    let step = ProgressStep::short("crates");
    let mut cargo = tools.command("cargo");
    cargo.args(["fetch"]);
    match child::run_quietly(cargo, &step).await {
        Ok(_) => step.done("fetched"),
        Err(error) => {
            step.failed();
            return Err(error);
        }
    }
    Stamp::of("crates", &["Cargo.lock"], "")?.write()
}

/// Builds what has changed. Returns whether anything had.
pub async fn build(tools: &Tools, profile: Profile) -> Result<bool> {
    let paths = profile.paths();
    let compiled = Stamp::of(paths.stamps[0], COMPILED, &build_id::read(profile)?)?;
    let finished = Stamp::of(paths.stamps[1], FINISHED, compiled.digest())?;
    let dist = repo::path(paths.dist);
    if finished.is_fresh() && dist.join(finish::SHELL).is_file() {
        ProgressStep::short("app").done("up to date");
        return Ok(false);
    }
    finished.clear();
    let bound = repo::path(paths.bound);
    if !(compiled.is_fresh() && bound.join("app_bg.wasm").is_file()) {
        compile::compile(&compiled, "app", async |step| write(tools, profile, step).await).await?;
    }
    let step = ProgressStep::short("dist");
    match finish::run(tools, &bound, &Dist { folder: &dist, profile }).await {
        Ok(loader) => step.done(&loader),
        Err(error) => {
            step.failed();
            return Err(error);
        }
    }
    finished.write()?;
    Ok(true)
}

async fn write(tools: &Tools, profile: Profile, step: &ProgressStep) -> Result<()> {
    let paths = profile.paths();
    let mut cargo = tools.wasm_command("cargo");
    // Never together with the edge, whose feature `ssr` would be the program's too. By `rustc`, what only the linker
    // needs is no option of the dependencies.
    cargo.args(["rustc", "--package", "app", "--bin", "app", "--features", "hydrate"]);
    cargo.args(["--target", TARGET, "--profile", paths.cargo, "--", split::RELOCATIONS]);
    cargo.env(build_id::NAME, build_id::read(profile)?);
    if profile == Profile::Release {
        source_paths::replace(&mut cargo, tools).await?;
    }
    child::run_quietly(cargo, step).await?;
    let compiled = tools.wasm_target_folder().join(paths.cargo).join("app.wasm");
    let folder = repo::path(paths.bound);
    let glue = [Program::Studio.name(), ".js"].concat();
    let split = split::split(compiled, folder.with_added_extension("split"), glue).await?;
    let bound = bind::bind(Program::Studio, split.program.clone(), folder).await?;
    if profile == Profile::Release {
        make_small(tools, &bound, &split, step).await?;
    }
    lay_parts(&bound, &split)
}

/// Makes the program and its parts small, and gives what the program and its glue import from each other short names.
async fn make_small(tools: &Tools, bound: &Path, split: &Split, step: &ProgressStep) -> Result<()> {
    let link = finish::text(&split.link)?;
    fs::write(bound, names::without_unused_exports(&finish::read(bound)?)?)?;
    for wasm in split.parts.iter().map(PathBuf::as_path).chain([bound]) {
        compile::shrink(tools, SMALL, wasm, step).await?;
    }
    // Afterwards, since wasm-opt removes imports that are no longer used.
    let glue = bound.with_file_name("app.js");
    let keeps = |export: &str| split::is_shared(&link, export);
    let script = names::without_unused_classes(&finish::text(&glue)?)?;
    let (wasm, script) = names::shorten(&finish::read(bound)?, &script, keeps)?;
    fs::write(glue, script)?;
    fs::write(bound, wasm).context("cannot write the wasm")
}

/// Puts the parts, and the script that fetches them, beside the program.
fn lay_parts(bound: &Path, split: &Split) -> Result<()> {
    let folder = bound.with_file_name(finish::PARTS);
    fs::create_dir_all(&folder)?;
    for part in &split.parts {
        fs::copy(part, folder.join(part.file_name().context("a part has no name")?))?;
    }
    fs::copy(&split.link, bound.with_file_name(split::LINK))
        .map(drop)
        .context("cannot write the script that fetches the parts")
}

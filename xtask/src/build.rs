//! Builds the served files: the app into `dist/`, the edge into `edge/build/`.
//!
//! Owns the order of the parts. Cargo compiles; the submodules bind, minify and lay out its output. Must not start
//! anything.

pub mod app;
pub mod assets;
pub mod bind;
pub mod build_id;
pub mod compile;
pub mod edge;
pub mod finish;
pub mod kit;
pub mod lock;
pub mod names;
pub mod public;
pub mod released;
pub mod shell;
pub mod sites;
pub mod source_paths;
pub mod split;
pub mod texts;

use crate::{
    console,
    setup::{self, SetupPurpose},
    tools::Tools,
};
use anyhow::Result;
use clap::ValueEnum;

/// The part to build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The app and the edge.
    All,
    /// The studio alone.
    App,
    /// The Worker alone.
    Edge,
}

/// The purpose of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// For visitors: as small and quick as possible.
    Release,
    /// For a developer: rebuilt within seconds, into folders of its own.
    Development,
}

/// Sets up the machine, then builds.
pub async fn run(part: Part) -> Result<()> {
    let tools = setup::run(SetupPurpose::Building).await?;
    with(&tools, part).await
}

/// Builds the tests' Worker if something has changed. It panics where a prompt asks for it, and its clock can be set.
/// Returns the path of its `index.js`.
pub async fn for_tests() -> Result<std::path::PathBuf> {
    edge::build_for_tests(&setup::run(SetupPurpose::Building).await?).await
}

/// Builds all that the tests run: what is served, and what a release adds to it.
pub async fn for_suite(tools: &Tools) -> Result<()> {
    with(tools, Part::All).await?;
    kit::build(tools).await.map(drop)
}

/// Builds for visitors, with the tools that set-up found.
pub async fn with(tools: &Tools, part: Part) -> Result<()> {
    console::heading("Build");
    build(tools, part, Profile::Release).await.map(drop)
}

/// Builds for development. Returns whether anything had changed.
pub async fn for_development(tools: &Tools) -> Result<bool> {
    build(tools, Part::All, Profile::Development).await
}

async fn build(tools: &Tools, part: Part, profile: Profile) -> Result<bool> {
    let _lock = lock::acquire().await?;
    // Crates are downloaded in a step of their own: otherwise a first build would seem to hang.
    app::fetch_crates(tools).await?;
    let mut changed = false;
    if part != Part::Edge {
        changed |= app::build(tools, profile).await?;
    }
    if part != Part::App {
        changed |= edge::build(tools, profile).await?;
    }
    Ok(changed)
}

//! Builds what is served: the app into `dist/`, the edge into `edge/build/`.
//!
//! Owns the order of the parts. Cargo compiles; what it leaves is bound and finished here.

pub mod app;
pub mod assets;
pub mod bind;
pub mod document;
pub mod edge;
pub mod finish;
pub mod lock;
pub mod public;
pub mod released;
pub mod texts;

use crate::{
    console,
    setup::{self, For},
    tools::Tools,
};
use anyhow::Result;
use clap::ValueEnum;

/// What is to be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The app and the edge.
    All,
    /// The studio alone.
    App,
    /// The Worker alone.
    Edge,
}

/// Whom a build is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Visitors: as small and quick as it gets.
    Release,
    /// Whoever changes the sources: built again within seconds, into folders of its own.
    Development,
}

/// Sets up, then builds.
pub async fn run(part: Part) -> Result<()> {
    let tools = setup::run(For::Building).await?;
    with(&tools, part).await
}

/// The Worker of the tests, built if something has changed: it panics where a prompt asks for it, and its clock can be set.
pub async fn for_tests() -> Result<std::path::PathBuf> {
    edge::build_for_tests(&setup::run(For::Building).await?).await
}

/// Builds for visitors, with what set-up found.
pub async fn with(tools: &Tools, part: Part) -> Result<()> {
    console::heading("Build");
    build(tools, part, Profile::Release).await.map(drop)
}

/// Builds for development; whether anything had changed.
pub async fn for_development(tools: &Tools) -> Result<bool> {
    build(tools, Part::All, Profile::Development).await
}

async fn build(tools: &Tools, part: Part, profile: Profile) -> Result<bool> {
    let _lock = lock::acquire().await?;
    // By name and with its own step: a first build would otherwise seem to hang while it downloads.
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

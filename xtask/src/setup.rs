//! Makes a fresh machine ready: finds each tool, or installs it.
//!
//! Owns which tools are needed, and in which versions. A tool that is there in the right version is used as it is, so
//! that a second run changes nothing. Must not build anything of Easel.

pub mod browser;
pub mod cargo_tool;
pub mod debian;
pub mod engines;
pub mod node;
pub mod npm;
pub mod wasm_target;
pub mod wordpress;

use crate::{
    console::{self, ProgressStep},
    tools::{self, Tools},
};
use anyhow::{Context, Result};

/// What the tools are needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetupPurpose {
    /// For building and serving: no browser, and tools that are already there are not listed.
    Building,
    /// For tests too: the browsers, and a line for each tool.
    Everything,
}

/// Finds or installs the tools.
pub async fn run(purpose: SetupPurpose) -> Result<Tools> {
    console::heading("Set-up");
    let everything = purpose == SetupPurpose::Everything;
    let report = |label: &str, found: &str| {
        if everything {
            console::fact(label, found);
        }
    };
    let step = (!everything).then(|| ProgressStep::short("tools"));

    let target = wasm_target::ensure().await?;
    report("wasm32-unknown-unknown", target.describe());
    let mut tools = Tools { debian: target.is_debian(), ..Tools::default() };

    let (node, version) = node::ensure().await?;
    report("node", &version);
    tools.node = node;
    let packages = npm::ensure(&tools).await?;
    report("node_modules", packages);
    if everything {
        console::fact("chromium, chromedriver", &browser::ensure().await?);
        console::fact("firefox, webkit", &engines::ensure().await?);
    }
    if let Some(step) = step {
        step.done("ready");
    }
    Ok(tools)
}

/// Finds Node for a caller that needs no other tool; set-up must have run before.
pub async fn find_node() -> Result<std::path::PathBuf> {
    node::find().await.map(|(node, _)| node).with_context(|| {
        format!("Node {} or newer is missing; run `cargo xtask setup`", node::LEAST)
    })
}

/// The folder of an installed tool, by name and version.
pub(crate) fn kept(name: &str, version: &str) -> std::path::PathBuf {
    tools::cache().join(format!("{name}-{version}"))
}

//! `cargo xtask check`: whether the edge would open with a configuration, and what its operator should know.

use crate::{clock, console, settings::Settings};
use anyhow::Result;
use engine::{config::Config, gateway::catalogue::Told};
use std::path::Path;

/// Prints what was understood and every warning; fails with the reason.
pub fn run(file: Option<&Path>) -> Result<()> {
    let config = Settings::load(file)?.check()?;
    let sites: Vec<&str> = config.sites.iter().map(|site| site.id.as_str()).collect();
    console::fact("configuration", &console::green("valid"));
    console::fact("sites", &sites.join(", "));
    warn(&config);
    Ok(())
}

/// Prints what should be done something about soon.
pub fn warn(config: &Config) {
    for warning in config.warnings(clock::today(), &Told::default()) {
        console::warning(&warning);
    }
}

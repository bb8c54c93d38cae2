//! The operator's configuration as a file of this machine.
//!
//! Owns which file is read. Must not decide what it means: that is `preflight`'s part.

use crate::repo;
use anyhow::{Context, Result};
pub use preflight::settings::{Settings, parse};
use std::path::Path;

/// Reads a file with one object or, without a file, the variables of `edge/wrangler.jsonc`.
pub fn load(file: Option<&Path>) -> Result<Settings> {
    let wrangler = repo::path("edge/wrangler.jsonc");
    let (path, one_object) = file.map_or((wrangler.as_path(), false), |file| (file, true));
    let name = if one_object { path.display().to_string() } else { "edge/wrangler.jsonc".into() };
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    let read =
        if one_object { Settings::from_object(&text) } else { Settings::from_wrangler(&text) };
    read.with_context(|| format!("{name} is not a configuration"))
}

//! wasm-bindgen as a library: writes the JavaScript glue of a compiled wasm, and the wasm that fits it.
//!
//! Owns the options of each program. Must not compile or minify. `Cargo.toml` pins the library to exactly the version
//! of the crate `wasm-bindgen`, since the format between the two changes with every version.
//!
//! Decision: docs/decisions/2026-11-29-one-build-pipeline.md.

use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};
use wasm_bindgen_cli_support::Bindgen;

/// The program to bind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// The studio: a module that fetches its wasm.
    Studio,
    /// The Worker: a module that imports its wasm.
    Worker,
    /// The kit: a module of Node that reads its wasm.
    Kit,
}

impl Program {
    /// The stem of the file names: `NAME.js`, `NAME_bg.wasm`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Studio => "app",
            Self::Worker => "index",
            Self::Kit => "kit",
        }
    }
}

/// Empties the folder and writes both files into it. Returns the path of the wasm.
pub async fn bind(program: Program, compiled: PathBuf, folder: PathBuf) -> Result<PathBuf> {
    let wasm = folder.join(format!("{}_bg.wasm", program.name()));
    // Binding computes for seconds, so it runs on a thread of its own and does not stop the other tasks.
    let work = tokio::task::spawn_blocking(move || write(program, &compiled, &folder));
    work.await.context("wasm-bindgen panicked")??;
    Ok(wasm)
}

fn write(program: Program, compiled: &Path, folder: &Path) -> Result<()> {
    let _ = fs::remove_dir_all(folder);
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).out_name(program.name()).typescript(false);
    match program {
        // The splitter needs the linker's names: the parts import the program's memory and table by them.
        Program::Studio => bindgen.web(true)?.keep_lld_exports(true).demangle(false),
        Program::Kit => bindgen.nodejs(true)?,
        // After a panic the instance is unusable: the next call into it starts a new one.
        Program::Worker => bindgen
            .module(true)?
            .demangle(false)
            .reset_state_function(true)
            .force_enable_abort_handler(true),
    };
    bindgen
        .generate(folder)
        .with_context(|| format!("wasm-bindgen cannot process {}", compiled.display()))
}

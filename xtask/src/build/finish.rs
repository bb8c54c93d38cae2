//! Writes `dist/`: minifies, names files by their content, compresses, and writes the document's shell.
//!
//! Owns the layout of `dist/`, and which scripts are built. Must not choose what stands in the document.

use crate::{
    build::{
        Profile,
        assets::{Asset, fill},
        public, shell, sites,
    },
    child,
    console::ProgressStep,
    repo,
    tools::Tools,
};
use anyhow::{Context, Result, ensure};
use std::{fs, io::Write, path::Path};

/// The scripts beside the program, each after the scripts that it imports.
const SCRIPTS: [&str; 2] = ["image_worker.js", "zip.js"];

/// The folder of the program's lazy parts, beside the program.
pub const PARTS: &str = "parts";

/// What the Worker reads to render the frame's document.
pub const SHELL: &str = "shell.json";

/// The folder to write, and the profile of the build.
pub struct Dist<'a> {
    /// The folder of the finished files.
    pub folder: &'a Path,
    /// In the release profile everything is made as small as possible.
    pub profile: Profile,
}

/// Brotli's quality for visitors.
const BEST: u32 = 11;
/// Brotli's quality for development, where speed matters and size does not.
const FASTEST: u32 = 1;

/// Writes the whole folder anew from wasm-bindgen's output. Returns the description of the loader in it.
pub async fn run(tools: &Tools, bound: &Path, laid: &Dist<'_>) -> Result<String> {
    let scratch = repo::path("target/xtask/finish");
    let _ = fs::remove_dir_all(&scratch);
    fs::create_dir_all(&scratch)?;

    let esbuild = Esbuild { tools, scratch: &scratch };
    let sheets = shell::stylesheets()?;
    let style = esbuild.run_text("style.css", &sheets.first_paint).await?;
    let later = esbuild.run_text("studio.css", &sheets.later).await?;
    let wasm = Asset::new("studio.wasm", read(&bound.join("app_bg.wasm"))?);
    let mut assets = vec![Asset::new("studio.css", later), wasm];
    assets.extend(parts(&bound.join(PARTS))?);
    let glue = bundled_glue(&esbuild, bound, &assets).await?;
    assets.push(glue);
    // In this order, an imported script has its final name before the script that imports it.
    for stem in SCRIPTS {
        let text = script(&esbuild, stem, "--format=esm", &assets).await?;
        assets.push(Asset::new(stem, text.into_bytes()));
    }
    let boot = script(&esbuild, "boot.js", "--format=iife", &assets).await?;

    let dist = scratch.join("dist");
    fs::create_dir_all(dist.join("assets"))?;
    let public = public::write_all(&esbuild, &dist).await?;
    assets.extend(public.assets);
    let shell = shell::json(str::from_utf8(&style)?, &boot, &assets)?;
    sites::write_all(&dist)?;
    for asset in &assets {
        let file = dist.join("assets").join(&asset.name);
        fs::write(&file, &asset.bytes)?;
        let quality = if laid.profile == Profile::Release { BEST } else { FASTEST };
        fs::write(file.with_added_extension("br"), compressed(&asset.bytes, quality)?)?;
    }
    fs::write(dist.join(SHELL), shell)?;

    let _ = fs::remove_dir_all(laid.folder);
    fs::rename(&dist, laid.folder)
        .with_context(|| format!("cannot write {}", laid.folder.display()))?;
    Ok(public.loader)
}

/// The bytes that go over the wire: brotli at its best quality.
pub fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    compressed(bytes, BEST)
}

fn compressed(bytes: &[u8], quality: u32) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut out, 1 << 16, quality, 24);
    writer.write_all(bytes)?;
    drop(writer);
    Ok(out)
}

/// The program's lazy parts.
fn parts(folder: &Path) -> Result<Vec<Asset>> {
    let mut parts = Vec::new();
    for file in fs::read_dir(folder).context("the program has no lazy parts")? {
        let file = file?;
        parts.push(Asset::new(&file.file_name().to_string_lossy(), read(&file.path())?));
    }
    parts.sort_by(|one, other| one.stem.cmp(&other.stem));
    Ok(parts)
}

/// The JavaScript glue of wasm-bindgen: only what loads the program, its parts and what starts it, with its snippets
/// bundled.
async fn bundled_glue(esbuild: &Esbuild<'_>, bound: &Path, assets: &[Asset]) -> Result<Asset> {
    let entry = esbuild.scratch.join("source-studio.js");
    fs::write(
        &entry,
        format!("export {{ default, start }} from \"{}\";", bound.join("app.js").display()),
    )?;
    let bytes = esbuild.run(&entry, "studio.js", &["--bundle", "--format=esm"]).await?;
    let text = fill(str::from_utf8(&bytes)?, assets).context("the program's glue")?;
    Ok(Asset::new("studio.js", text.into_bytes()))
}

/// A script, bundled with its imports; what it imports by a placeholder stays a file of its own.
async fn script(
    esbuild: &Esbuild<'_>,
    stem: &str,
    format: &str,
    assets: &[Asset],
) -> Result<String> {
    let options = ["--bundle", "--external:%asset:*", format];
    let bytes = esbuild.run(&repo::path("app").join(stem), stem, &options).await?;
    fill(str::from_utf8(&bytes)?, assets).with_context(|| format!("app/{stem}"))
}

/// Minifies scripts and stylesheets, with a folder for its files.
pub struct Esbuild<'a> {
    /// The tools, with the path of esbuild.
    pub tools: &'a Tools,
    /// The folder for temporary files.
    pub scratch: &'a Path,
}

impl Esbuild<'_> {
    /// Minifies or bundles a file.
    pub async fn run(&self, from: &Path, stem: &str, options: &[&str]) -> Result<Vec<u8>> {
        let to = self.scratch.join(stem);
        let mut command = self.tools.command(Tools::node_tool("esbuild"));
        command.arg(from).args(["--minify", "--legal-comments=none", "--log-level=warning"]);
        command.args(options).arg(format!("--outfile={}", to.display()));
        let output = child::run_quietly(command, &ProgressStep::short("dist")).await?;
        ensure!(output.trim().is_empty(), "esbuild warns:\n\n{output}");
        read(&to)
    }

    /// Minifies a text.
    pub async fn run_text(&self, stem: &str, text: &str) -> Result<Vec<u8>> {
        let source = self.scratch.join(format!("source-{stem}"));
        fs::write(&source, text)?;
        self.run(&source, stem, &[]).await
    }
}

/// Reads a file; the error names it.
pub fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

/// Reads a text file; the error names it.
pub fn text(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

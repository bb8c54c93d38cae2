//! Writes `dist/`: minifies, names files by their content, compresses, and writes the documents.
//!
//! Owns the layout of `dist/`. Must not write an inline script into a document, since the frame's policy forbids one.

use crate::{
    build::{
        Profile,
        assets::{Asset, fill},
        document, public, texts,
    },
    child,
    console::ProgressStep,
    repo,
    tools::Tools,
};
use anyhow::{Context, Result, ensure};
use engine::document::language::SPOKEN;
use std::{
    ffi::OsStr,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// The document's scripts, each after the scripts that it imports.
const SCRIPTS: [&str; 6] = ["shrink.js", "paint.js", "kept.js", "viewer.js", "wall.js", "boot.js"];

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
    let css = minified(&esbuild, "studio.css", &stylesheet()?).await?;
    let glue = bundled_glue(&esbuild, bound).await?;
    let wasm = Asset::new("studio.wasm", read(&bound.join("app_bg.wasm"))?);
    let mut assets = vec![css, glue, wasm];
    // In this order, an imported script has its final name before the script that imports it.
    for stem in SCRIPTS {
        let script = script(&esbuild, stem, &assets).await?;
        assets.push(script);
    }
    let html = document::clean(&text(&repo::path("app/index.html"))?).context("app/index.html")?;
    let html = fill(&html, &assets).context("app/index.html")?;

    let dist = scratch.join("dist");
    fs::create_dir_all(dist.join("assets"))?;
    let public = public::write_all(&esbuild, &dist).await?;
    assets.extend(public.assets);
    for asset in &assets {
        let file = dist.join("assets").join(&asset.name);
        fs::write(&file, &asset.bytes)?;
        let quality = if laid.profile == Profile::Release { BEST } else { FASTEST };
        fs::write(file.with_added_extension("br"), compressed(&asset.bytes, quality)?)?;
    }
    for language in SPOKEN {
        let translated =
            document::insert_texts(&html, &texts::read(language)?).context("app/index.html")?;
        fs::write(dist.join(format!("studio.{language}.html")), translated)?;
    }

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

/// The order of the layers comes first, then the stylesheets by name: with layers the order of files does not matter.
fn stylesheet() -> Result<String> {
    let mut files: Vec<PathBuf> = repo::files_under("style")
        .into_iter()
        .filter(|file| file.extension() == Some(OsStr::new("css")))
        .collect();
    ensure!(!files.is_empty(), "style/ contains no stylesheet");
    files.sort_by_key(|file| (file.file_name() != Some(OsStr::new("layers.css")), file.clone()));
    files.iter().map(|file| text(&repo::root().join(file))).collect()
}

/// The JavaScript glue of wasm-bindgen: only its start function and what that needs, with its snippets bundled.
async fn bundled_glue(esbuild: &Esbuild<'_>, bound: &Path) -> Result<Asset> {
    let entry = esbuild.scratch.join("source-studio.js");
    fs::write(
        &entry,
        format!("export {{ default }} from \"{}\";", bound.join("app.js").display()),
    )?;
    let bytes = esbuild.run(&entry, "studio.js", &["--bundle", "--format=esm"]).await?;
    Ok(Asset::new("studio.js", bytes))
}

/// A script of the document, bundled with its imports; what it imports by a placeholder stays a file of its own.
async fn script(esbuild: &Esbuild<'_>, stem: &str, assets: &[Asset]) -> Result<Asset> {
    // No module imports `boot.js`, so it needs no exports.
    let format = if stem == "boot.js" { "--format=iife" } else { "--format=esm" };
    let options = ["--bundle", "--external:%asset:*", format];
    let bytes = esbuild.run(&repo::path("app").join(stem), stem, &options).await?;
    let text = fill(str::from_utf8(&bytes)?, assets).with_context(|| format!("app/{stem}"))?;
    Ok(Asset::new(stem, text.into_bytes()))
}

async fn minified(esbuild: &Esbuild<'_>, stem: &str, text: &str) -> Result<Asset> {
    Ok(Asset::new(stem, esbuild.run_text(stem, text).await?))
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

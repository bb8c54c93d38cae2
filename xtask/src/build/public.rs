//! `public/`: the loader, its released versions, and the pages for owners.
//!
//! Owns their paths in `dist/` and their placeholders: `%asset:NAME%`, `%version%`, `%loader-size%`, and for the newest
//! released loader `%released%` and `%released-integrity%`. Must not change a released loader.

use crate::{
    build::{
        assets::{Asset, fill},
        finish::{Esbuild, brotli, read, text},
        released,
    },
    repo,
};
use anyhow::{Context, Result, ensure};
use std::{fs, path::Path};

/// The product's version, which is also the version of the loader.
const VERSION: &str = contract::VERSION;

/// The stylesheets of the pages: the studio's own tokens come first.
const STYLE: [&str; 5] = [
    "style/layers.css",
    "style/tokens.css",
    "style/reset.css",
    "style/base.css",
    "public/page/page.css",
];

/// The folders of a page's files.
const FOLDERS: [&str; 2] = ["public/page", "public/demo"];

/// The written files that later steps need.
pub struct PublicFiles {
    /// Files that go into `/assets`.
    pub assets: Vec<Asset>,
    /// The loader's version, size and hash, as one line.
    pub loader: String,
}

/// Writes all files of `public/` into `dist/`.
pub async fn write_all(esbuild: &Esbuild<'_>, dist: &Path) -> Result<PublicFiles> {
    let source = repo::path("public/easel.js");
    let loader = esbuild.run(&source, "easel.js", &["--format=esm"]).await?;
    let integrity = released::integrity(&loader);
    let wire = brotli(&loader)?.len();
    write(dist, "easel.js", &loader)?;
    let released = released::all()?;
    for (version, bytes) in &released {
        ensure!(
            version != VERSION || *bytes == loader,
            "the loader of {VERSION} is released and cannot change: raise the version in Cargo.toml"
        );
        write(dist, &format!("v/{version}/easel.js"), bytes)?;
    }
    // Files under `v/` are served as immutable: a version in development still changes and must not be there.
    if !contract::is_development() {
        write(dist, &format!("v/{VERSION}/easel.js"), &loader)?;
    }
    let (newest, bytes) = released::newest(&released).context("no loader is released")?;
    let newest_integrity = released::integrity(bytes);
    for name in ["easel.d.ts", "custom-elements.json"] {
        write(dist, name, &read(&repo::path("public").join(name))?)?;
    }

    let mut assets = Vec::new();
    for page in repo::files_under("public") {
        if page.extension().is_none_or(|extension| extension != "html") {
            continue;
        }
        let html = text(&repo::root().join(&page))?;
        for name in named(&html) {
            if !assets.iter().any(|asset: &Asset| asset.stem == name) {
                let made = asset(esbuild, name).await;
                assets.push(made.with_context(|| format!("{name}, for {}", page.display()))?);
            }
        }
        let html = fill(&html, &assets)?
            .replace("%version%", VERSION)
            .replace("%released%", newest)
            .replace("%released-integrity%", &newest_integrity)
            .replace("%loader-size%", &kilobytes(wire));
        let place = dist.join(page.strip_prefix("public")?);
        fs::create_dir_all(place.parent().unwrap_or(dist))?;
        fs::write(place, html)?;
    }
    let loader = format!("easel.js {VERSION}: {wire} bytes of brotli, {integrity}");
    Ok(PublicFiles { assets, loader })
}

/// Builds a page's stylesheet, script or picture.
async fn asset(esbuild: &Esbuild<'_>, name: &str) -> Result<Asset> {
    let file = FOLDERS.iter().map(|folder| repo::path(folder).join(name)).find(|f| f.is_file());
    let file = file.context("it is neither in public/page nor in public/demo")?;
    let bytes = match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js") => esbuild.run(&file, name, &["--bundle", "--format=esm"]).await?,
        Some("css") if name == "page.css" => {
            let all: Result<String> = STYLE.iter().map(|part| text(&repo::path(part))).collect();
            esbuild.run_text(name, &all?).await?
        }
        Some("css") => esbuild.run(&file, name, &[]).await?,
        _ => read(&file)?,
    };
    Ok(Asset::new(name, bytes))
}

/// The names in a page's `%asset:NAME%`.
fn named(html: &str) -> impl Iterator<Item = &str> {
    html.split("%asset:").skip(1).filter_map(|rest| Some(rest.split_once('%')?.0))
}

/// Writes a file and its compressed copy.
fn write(dist: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let file = dist.join(name);
    fs::create_dir_all(file.parent().unwrap_or(dist))?;
    fs::write(&file, bytes)?;
    fs::write(file.with_added_extension("br"), brotli(bytes)?)?;
    Ok(())
}

/// A size as people write it: `1.5 KB`. It is rounded up.
fn kilobytes(bytes: usize) -> String {
    let tenths = (bytes * 10).div_ceil(1024);
    format!("{}.{} KB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_its_assets() {
        let html = "<a href=\"%asset:a.css%\"> 5% <b src=\"%asset:b.js%\">";
        assert_eq!(named(html).collect::<Vec<_>>(), ["a.css", "b.js"]);
    }

    #[test]
    fn kilobytes_are_not_made_smaller() {
        assert_eq!(kilobytes(1536), "1.5 KB");
        assert_eq!(kilobytes(1537), "1.6 KB");
        assert_eq!(kilobytes(2048), "2.0 KB");
    }
}

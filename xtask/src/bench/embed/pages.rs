//! The pages on which the loaders are measured, and the loaders themselves.
//!
//! Owns `target/xtask/bench-embed`. Each embed is used as its documentation says, set to load as late as possible;
//! every file that a page names is minified and compressed in the same way. Must not measure.

use crate::{
    build::finish::{Esbuild, brotli, read},
    child,
    console::ProgressStep,
    repo,
    tools::Tools,
};
use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The page without an embed.
pub(super) const PLAIN: &str = "plain";

/// The page whose embed is a box and a module that does nothing: it shows the browser's own work for any embed with a
/// script.
pub(super) const EMPTY: &str = "empty";

/// The other loaders, and their versions.
const PACKAGES: [&str; 2] = ["giscus@1.6.0", "@typeform/embed@6.1.1"];

/// The embed of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Embed {
    Easel,
    Giscus,
    Typeform,
}

impl Embed {
    /// All embeds, in the table's order.
    pub(super) const ALL: [Self; 3] = [Self::Easel, Self::Giscus, Self::Typeform];

    /// The name in the table.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Easel => "Easel",
            Self::Giscus => "giscus",
            Self::Typeform => "Typeform",
        }
    }

    /// The name of its page, without `.html`.
    pub(super) const fn page(self) -> &'static str {
        match self {
            Self::Easel => "easel",
            Self::Giscus => "giscus",
            Self::Typeform => "typeform",
        }
    }

    /// The HTML that an owner pastes.
    const fn snippet(self) -> &'static str {
        match self {
            Self::Easel => {
                "<script type=\"module\" src=\"/easel.js\"></script><easel-studio site=\"acme\" style=\"display:block;min-height:40rem\"></easel-studio>"
            }
            Self::Giscus => {
                "<script type=\"module\" src=\"/giscus.js\"></script><giscus-widget repo=\"giscus/giscus-component\" repoid=\"MDEwOlJlcG9zaXRvcnkzOTEzMTMwMjA=\" mapping=\"specific\" term=\"Welcome\" loading=\"lazy\"></giscus-widget>"
            }
            Self::Typeform => {
                "<div data-tf-widget=\"aBcDeF\" data-tf-lazy style=\"height:40rem\"></div><script src=\"/typeform.js\"></script>"
            }
        }
    }
}

/// Writes the pages and loaders. Returns their folder.
pub(super) async fn lay(tools: &Tools) -> Result<PathBuf> {
    let folder = repo::path("target/xtask/bench-embed");
    let (served, scratch) = (folder.join("served"), folder.join("scratch"));
    for place in [&served, &scratch] {
        fs::create_dir_all(place).with_context(|| format!("cannot write {}", place.display()))?;
    }
    install(tools, &folder).await?;
    let esbuild = Esbuild { tools, scratch: &scratch };
    for embed in Embed::ALL {
        let stem = format!("{}.js", embed.page());
        let script = match embed {
            // Built as `cargo xtask build` does.
            Embed::Easel => {
                esbuild.run(&repo::path("public/easel.js"), &stem, &["--format=esm"]).await?
            }
            // This package is made for bundlers, so it is bundled with its imports.
            Embed::Giscus => {
                let entry = folder.join("giscus-entry.js");
                fs::write(&entry, "import \"giscus\";\n")?;
                esbuild.run(&entry, &stem, &["--bundle", "--format=esm"]).await?
            }
            // The file as its owner serves it; it is already minified.
            Embed::Typeform => read(&folder.join("node_modules/@typeform/embed/build/embed.js"))?,
        };
        let place = served.join(&stem);
        fs::write(&place, &script)?;
        fs::write(place.with_added_extension("br"), brotli(&script)?)?;
        write_page(&served, embed.page(), embed.snippet())?;
    }
    fs::write(served.join("empty.js"), "0")?;
    write_page(
        &served,
        EMPTY,
        "<script type=\"module\" src=\"/empty.js\"></script><div style=\"min-height:40rem\"></div>",
    )?;
    write_page(&served, PLAIN, "")?;
    Ok(served)
}

/// Installs the other loaders from npm, unless these versions are already there.
async fn install(tools: &Tools, folder: &Path) -> Result<()> {
    let wanted = format!("{}\n", PACKAGES.join(" "));
    let stamp = folder.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|seen| seen == wanted) {
        return Ok(());
    }
    // Without a package.json of its own, npm would install into the repository.
    fs::write(folder.join("package.json"), "{\"private\":true}\n")?;
    let step = ProgressStep::long("giscus, Typeform", "installing from npm");
    let mut npm = tools.command("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"])
        .args(PACKAGES)
        .current_dir(folder);
    if let Err(error) = child::run_quietly(npm, &step).await {
        step.failed();
        let why = "giscus and Typeform cannot be installed: is the npm registry within reach? Nothing was measured";
        return Err(error.context(why));
    }
    step.done("installed");
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Writes a page with the embed far below the part that its visitor sees.
fn write_page(folder: &Path, name: &str, snippet: &str) -> Result<()> {
    let words = "<p>Some words that a visitor came for, and reads without going on.</p>".repeat(20);
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>A page</title><link rel=\"icon\" href=\"data:,\"><h1>A page</h1>{words}<div style=\"height:9000px\"></div>{snippet}\n"
    );
    let file = folder.join(format!("{name}.html"));
    fs::write(&file, html).with_context(|| format!("cannot write {}", file.display()))
}

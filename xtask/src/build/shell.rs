//! `dist/shell.json`: what the Worker puts round the studio's components.
//!
//! Owns the parts of the document that stand in it, with the hashes by which the frame's policy allows them, and the
//! choice of the stylesheets that the first paint needs. Must not decide what the document's other elements are.

use crate::{build::assets::Asset, repo};
use anyhow::{Context, Result, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::path::PathBuf;

/// The layers' order. It comes first in both stylesheets; the order of all others then has no effect.
const LAYERS: &str = "style/layers.css";

/// The stylesheets of what is seen before the first picture is ordered. All others come with a file of their own, which
/// holds nothing up.
const FIRST_PAINT: [&str; 11] = [
    "style/tokens.css",
    "style/reset.css",
    "style/base.css",
    "style/layout.css",
    "style/composer.css",
    "style/notice.css",
    "style/presets.css",
    "style/wall.css",
    "style/empty.css",
    "style/direction.css",
    "style/states.css",
];

/// The studio's stylesheets.
pub struct Stylesheets {
    /// Stands in the document.
    pub first_paint: String,
    /// Is linked at the document's end.
    pub later: String,
}

/// The document's shell. `app::document::Shell` reads it.
#[derive(Debug, Serialize)]
pub struct Shell {
    style: String,
    style_hash: String,
    boot: String,
    boot_hash: String,
    stylesheet: String,
    glue: String,
    wasm: String,
    preload: Vec<String>,
    icon: String,
}

/// Reads the stylesheets.
pub fn stylesheets() -> Result<Stylesheets> {
    let files = repo::files_under("style");
    for name in [LAYERS].iter().chain(&FIRST_PAINT) {
        ensure!(files.contains(&PathBuf::from(name)), "{name} is missing");
    }
    let layers = read(LAYERS)?;
    let mut sheets = Stylesheets { first_paint: layers.clone(), later: layers };
    let css = files
        .iter()
        .filter(|file| file.extension().is_some_and(|kind| kind == "css"))
        .filter_map(|file| file.to_str());
    for name in css.filter(|name| *name != LAYERS) {
        let sheet =
            if FIRST_PAINT.contains(&name) { &mut sheets.first_paint } else { &mut sheets.later };
        sheet.push_str(&read(name)?);
    }
    Ok(sheets)
}

fn read(name: &str) -> Result<String> {
    std::fs::read_to_string(repo::path(name)).with_context(|| format!("cannot read {name}"))
}

/// The shell of these parts, as JSON. The style and the script are minified.
pub fn json(style: &str, boot: &str, assets: &[Asset]) -> Result<String> {
    let path = |stem: &str| {
        let asset = assets.iter().find(|asset| asset.stem == stem);
        asset.map(Asset::path).with_context(|| format!("{stem} is not built"))
    };
    let shell = Shell {
        style: inline(style, "</style")?,
        style_hash: source(style.trim()),
        boot: inline(boot, "</script")?,
        boot_hash: source(boot.trim()),
        stylesheet: path("studio.css")?,
        glue: path("studio.js")?,
        wasm: path("studio.wasm")?,
        preload: Vec::new(),
        icon: path("icon.svg")?,
    };
    Ok(serde_json::to_string(&shell)?)
}

/// A text that stands in an element as it is. Nothing in it may end the element, or begin a comment.
fn inline(text: &str, end: &str) -> Result<String> {
    for mark in [end, "<!--"] {
        ensure!(!text.to_ascii_lowercase().contains(mark), "{mark} cannot stand in the document");
    }
    Ok(text.trim().to_owned())
}

/// The hash of an inline part, as a policy names it.
pub fn source(text: &str) -> String {
    ["sha256-", &STANDARD.encode(Sha256::digest(text.as_bytes()))].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assets() -> Vec<Asset> {
        let stems = ["studio.css", "studio.js", "studio.wasm", "icon.svg"];
        stems.iter().map(|stem| Asset::new(stem, stem.as_bytes().to_vec())).collect()
    }

    #[test]
    fn a_shell_names_its_parts_and_their_hashes() {
        let text = json("a{}\n", "b()\n", &assets()).unwrap();
        let shell: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(shell["style"], "a{}", "the hash is of exactly this");
        assert_eq!(shell["boot"], "b()");
        // printf 'b()' | openssl dgst -sha256 -binary | base64
        assert_eq!(shell["boot_hash"], "sha256-cf242PFc/kb7xD0Qzhsmd9vvRkc+cWFmbi+k+YvtdKc=");
        assert_ne!(shell["style_hash"], shell["boot_hash"]);
        let glue = shell["glue"].as_str().unwrap();
        assert!(
            glue.starts_with("/assets/studio-")
                && std::path::Path::new(&glue).extension().is_some_and(|kind| kind == "js"),
            "{glue}"
        );
    }

    #[test]
    fn a_part_that_would_end_its_element_is_an_error() {
        assert!(json("a{}", "'</SCRIPT>'", &assets()).is_err());
        assert!(json("a{}", "'<!--'", &assets()).is_err());
        assert!(json("a{}</style>", "b()", &assets()).is_err());
        assert!(json("a{}", "b()", &assets()[1..]).is_err(), "nor may a file be missing");
    }

    #[test]
    fn each_stylesheet_is_in_one_of_two_and_both_begin_with_the_layers() {
        let sheets = stylesheets().unwrap();
        let layers = read(LAYERS).unwrap();
        for sheet in [&sheets.first_paint, &sheets.later] {
            assert!(sheet.starts_with(&layers));
        }
        for file in repo::files_under("style") {
            let text = std::fs::read_to_string(repo::root().join(&file)).unwrap();
            let in_both = [&sheets.first_paint, &sheets.later].map(|sheet| sheet.contains(&text));
            let expected = file.as_os_str() == LAYERS;
            assert_eq!(in_both[0] && in_both[1], expected, "{}", file.display());
            assert!(in_both[0] || in_both[1], "{}", file.display());
        }
    }
}

//! `public/sites/{id}/`: the pictures that the owners' presets show on an empty wall.
//!
//! Owns their names in `dist/` and the list `sites.json`, by which the edge finds them. Must not know which of them a
//! configuration names: one build serves any configuration.

use crate::{build::assets::Asset, build::finish::read, repo};
use anyhow::{Context, Result, ensure};
use contract::options::MediaType;
use engine::picture::Inspector;
use std::{collections::BTreeMap, fs, path::Path};

/// The folder in the repository.
const FOLDER: &str = "public/sites";
/// The most bytes of one picture: on a slow phone it is there within a second.
const MOST_BYTES: usize = 200 * 1024;
/// The longest side in pixels: twice the width of a phone's screen.
const LONGEST_SIDE: u32 = 1_600;

/// The paths of the pictures, by the site and by the name of the file.
pub type Paths = BTreeMap<String, BTreeMap<String, String>>;

/// Writes every picture under a name that contains a hash of its content, and the list of those names.
pub fn write_all(dist: &Path) -> Result<()> {
    let mut paths = Paths::new();
    for file in repo::files_under(FOLDER) {
        let parts: Vec<_> = file.iter().filter_map(|part| part.to_str()).collect();
        let [.., site, name] = parts[..] else { continue };
        let bytes = read(&repo::root().join(&file))?;
        ensure!(parts.len() == 4, "{} lies deeper than {FOLDER}/SITE/NAME", file.display());
        check(name, &bytes).with_context(|| file.display().to_string())?;
        let asset = Asset::new(name, bytes);
        let path = format!("/sites/{site}/{}", asset.name);
        let place = dist.join(path.trim_start_matches('/'));
        fs::create_dir_all(place.parent().unwrap_or(dist))?;
        fs::write(place, &asset.bytes)?;
        paths.entry(site.to_owned()).or_default().insert(name.to_owned(), path);
    }
    fs::write(dist.join("sites.json"), serde_json::to_string(&paths)?)?;
    Ok(())
}

/// Fails unless these bytes are a complete picture of the kind that the name says, and small enough for a first visit.
pub fn check(name: &str, bytes: &[u8]) -> Result<()> {
    let mut inspector = Inspector::default();
    let whole = inspector.feed(bytes).and_then(|()| inspector.finish());
    let facts = whole.ok().context("it is not a complete WebP, PNG or JPEG")?;
    let kind = match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("webp") => MediaType::Webp,
        Some("png") => MediaType::Png,
        Some("jpg" | "jpeg") => MediaType::Jpeg,
        _ => anyhow::bail!("its name must end in .webp, .png, .jpg or .jpeg"),
    };
    ensure!(facts.media_type == kind, "it is {}, which its name does not say", facts.media_type);
    ensure!(
        bytes.len() <= MOST_BYTES,
        "it has {} bytes; a first visit should not wait for more than {MOST_BYTES}",
        bytes.len()
    );
    ensure!(
        facts.width.max(facts.height) <= LONGEST_SIDE,
        "it has {} x {} pixels; its longest side may have {LONGEST_SIDE}",
        facts.width,
        facts.height
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The header and the end of a PNG of this size, with one chunk of pixels.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend(b"\0\0\0\x01IDATx\0\0\0\0\0\0\0\0IEND\0\0\0\0");
        bytes
    }

    #[test]
    fn a_picture_is_what_its_name_says_and_small() {
        check("a.png", &png(640, 640)).unwrap();
        let heavy = [png(640, 640), vec![0; MOST_BYTES]].concat();
        for (name, bytes, says) in [
            ("a.webp", png(640, 640), "image/png, which its name does not say"),
            ("a.gif", png(640, 640), "must end in .webp"),
            ("a.png", png(1_601, 10), "1601 x 10 pixels"),
            ("a.png", b"<svg>".to_vec(), "not a complete"),
            ("a.png", heavy, "not a complete"),
        ] {
            let error = check(name, &bytes).unwrap_err().to_string();
            assert!(error.contains(says), "{name}: {error}");
        }
    }

    #[test]
    fn every_picture_gets_a_path_that_its_content_decides() {
        let dist = std::env::temp_dir().join(format!("easel-sites-{}", std::process::id()));
        fs::create_dir_all(&dist).unwrap();
        write_all(&dist).unwrap();
        let paths: Paths =
            serde_json::from_slice(&fs::read(dist.join("sites.json")).unwrap()).unwrap();
        let pictures = repo::files_under(FOLDER).len();
        assert_eq!(paths.values().map(BTreeMap::len).sum::<usize>(), pictures);
        for (site, names) in &paths {
            for (name, path) in names {
                let stem = name.rsplit_once('.').unwrap().0;
                assert!(path.starts_with(&format!("/sites/{site}/{stem}-")), "{path}");
                assert!(dist.join(&path[1..]).is_file());
            }
        }
        fs::remove_dir_all(dist).unwrap();
    }
}

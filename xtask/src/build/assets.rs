//! Names and paths of files that a browser may cache for ever: `/assets/<stem>-<hash>.<ext>`.
//!
//! Owns the placeholders `%asset:<stem>%`. Must not read or write files.

use crate::hash;
use anyhow::{Result, bail};

/// One finished file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// The name without the hash, as the document uses it: `studio.css`.
    pub stem: String,
    /// The name in `dist/assets`: `studio-0123456789abcdef.css`.
    pub name: String,
    /// The served bytes.
    pub bytes: Vec<u8>,
}

impl Asset {
    /// Makes an asset that is named by the hash of its content.
    pub fn new(stem: &str, bytes: Vec<u8>) -> Self {
        let digest = hash::sha256(&bytes);
        let (base, extension) = stem.rsplit_once('.').unwrap_or((stem, "bin"));
        let name = format!("{base}-{}.{extension}", &digest[..16]);
        Self { stem: stem.to_owned(), name, bytes }
    }

    /// The path in the URL.
    pub fn path(&self) -> String {
        format!("/assets/{}", self.name)
    }
}

/// Replaces every `%asset:<stem>%` with the path of that asset.
pub fn fill(text: &str, assets: &[Asset]) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("%asset:") {
        let Some((stem, end)) = after.split_once('%') else {
            bail!("a placeholder %asset:…% has no end")
        };
        let Some(asset) = assets.iter().find(|asset| asset.stem == stem) else {
            bail!("%asset:{stem}% names no asset that is built before this file")
        };
        out.push_str(before);
        out.push_str(&asset.path());
        rest = end;
    }
    Ok(out + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_follows_the_content() {
        let one = Asset::new("studio.css", b"a{}".to_vec());
        let digest = hash::sha256(b"a{}");
        assert_eq!(one.name, format!("studio-{}.css", &digest[..16]));
        assert_eq!(one, Asset::new("studio.css", b"a{}".to_vec()));
        assert_ne!(one.name, Asset::new("studio.css", b"b{}".to_vec()).name);
    }

    #[test]
    fn placeholders_become_paths() {
        let css = Asset::new("studio.css", b"a{}".to_vec());
        let path = css.path();
        let text = "<link href=\"%asset:studio.css%\"> 100% %asset:studio.css%";
        let filled = fill(text, &[css]).unwrap();
        assert_eq!(filled, format!("<link href=\"{path}\"> 100% {path}"));
    }

    #[test]
    fn an_unknown_placeholder_is_an_error() {
        let error = fill("%asset:studio.png%", &[]).unwrap_err().to_string();
        assert!(error.contains("studio.png"), "{error}");
        assert!(fill("%asset:open", &[]).is_err());
    }
}

//! Which files of the build a text names: documents name scripts and styles, scripts name programs and further scripts.
//!
//! Owns the recognition of their names. Must not decide whether one must be there.

use std::collections::BTreeSet;

/// The digits of the hash in a name: `studio-0123456789abcdef.wasm`.
const DIGITS: usize = 16;

/// The paths of the files that a text names: those under `/assets/` and `/sites/`, whose names contain a hash. A script
/// names its neighbours without a folder.
pub fn files(text: &str) -> BTreeSet<String> {
    let bytes = text.as_bytes();
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices('-') {
        let hash = bytes.get(at + 1..at + 1 + DIGITS).unwrap_or_default();
        let is_hash = |it: &u8| it.is_ascii_digit() || matches!(it, b'a'..=b'f');
        let dot = at + 1 + DIGITS;
        if hash.len() < DIGITS || !hash.iter().all(is_hash) || bytes.get(dot) != Some(&b'.') {
            continue;
        }
        let rest = bytes.get(dot + 1..).unwrap_or_default();
        let ending = rest.iter().take_while(|it| it.is_ascii_alphanumeric()).count();
        let before = bytes.get(..at).unwrap_or_default();
        let of_a_path = |it: &u8| it.is_ascii_alphanumeric() || b"-._/".contains(it);
        let start = at - before.iter().rev().take_while(|it| of_a_path(it)).count();
        let Some(name) = text.get(start..dot + 1 + ending).filter(|_| ending > 0) else { continue };
        let name = name.strip_prefix("./").unwrap_or(name);
        if name.starts_with("/assets/") || name.starts_with("/sites/") {
            found.insert(name.to_owned());
        } else if !name.contains('/') && !name.starts_with('-') {
            found.insert(format!("/assets/{name}"));
        }
    }
    found
}

/// The paths of pages and loaders that a document links: `/demo/NAME.html`, `/statements.html`, `/v/VERSION/easel.js`.
pub fn pages(html: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (start, end) in [("/demo/", ".html"), ("/statements", ".html"), ("/v/", "/easel.js")] {
        for (at, _) in html.match_indices(start) {
            let rest = html.get(at + start.len()..).unwrap_or_default();
            let of_a_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '/');
            let length = rest.find(|c| !of_a_name(c)).unwrap_or(rest.len());
            let Some(name) = rest.get(..length).and_then(|it| it.strip_suffix(end)) else {
                continue;
            };
            if !name.contains('/') && !name.contains("..") {
                found.insert([start, name, end].concat());
            }
        }
    }
    found
}

/// The id of the site whose studio our own pages show.
pub fn site(html: &str) -> Option<&str> {
    let (_, element) = html.split_once("<easel-studio")?;
    let (attributes, _) = element.split_once('>')?;
    let (_, value) = attributes.split_once("site=\"")?;
    let (id, _) = value.split_once('"')?;
    let of_an_id = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    (!id.is_empty() && id.bytes().all(of_an_id)).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_recognised_by_the_hash_in_its_name() {
        let text = r#"<link href="/assets/studio-0123456789abcdef.css"> import("./zip-00000000000000ff.js")
            url("lazy-part-aaaaaaaaaaaaaaaa.wasm") "/sites/demo/poster-1111111111111111.webp"
            "/assets/short-0123.js" "/other/x-0123456789abcdef.js" a-0123456789abcdeg.js b-0123456789abcdef"#;
        let expected = [
            "/assets/lazy-part-aaaaaaaaaaaaaaaa.wasm",
            "/assets/studio-0123456789abcdef.css",
            "/assets/zip-00000000000000ff.js",
            "/sites/demo/poster-1111111111111111.webp",
        ];
        assert_eq!(files(text).into_iter().collect::<Vec<_>>(), expected);
        assert!(files("-").is_empty() && files("é-0123456789abcdef.").is_empty());
    }

    #[test]
    fn pages_and_pinned_loaders_are_found() {
        let html = r#"<a href="/demo/form.html"> <a href="/statements.html"> src="https://a.example/v/1.2.3/easel.js"
            "/demo/../x.html" "/demo/a/b.html" "/v/x""#;
        let expected = ["/demo/form.html", "/statements.html", "/v/1.2.3/easel.js"];
        assert_eq!(pages(html).into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn our_own_pages_name_their_site() {
        assert_eq!(
            site("<p><easel-studio theme=\"auto\" site=\"acme-2\"></easel-studio>"),
            Some("acme-2")
        );
        for html in
            ["", "<easel-studio>", "<easel-studio site=\"<b>\">", "<easel-studio site=\"\">"]
        {
            assert_eq!(site(html), None, "{html}");
        }
    }
}

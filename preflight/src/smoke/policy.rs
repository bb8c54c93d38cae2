//! Content security policies: what an edge should send with a document, and how another one differs from it.
//!
//! Owns the reading of a policy and the hashes of a document's inline parts. Must not decide which document gets which.

use super::answer::shown;
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The directive that says which pages may show a document.
pub const ANCESTORS: &str = "frame-ancestors";

/// Directives and their sources. Their order has no meaning for a browser.
type Directives = BTreeMap<String, BTreeSet<String>>;

/// How a policy differs from the expected one. `free` names a directive that may have other sources too.
pub fn differences(expected: &str, found: &str, free: Option<&str>) -> Vec<String> {
    let (expected, found) = (read(expected), read(found));
    let mut sentences = Vec::new();
    for (name, sources) in &expected {
        let Some(own) = found.get(name) else {
            sentences.push(format!("the policy has no {name}"));
            continue;
        };
        let list = |of: &BTreeSet<String>, without: &BTreeSet<String>| {
            of.difference(without).map(|it| shown(it)).collect::<Vec<_>>().join(", ")
        };
        let (missing, added) = (list(sources, own), list(own, sources));
        if !missing.is_empty() {
            sentences.push(format!("{name} of the policy lacks {missing}"));
        }
        if !added.is_empty() && free != Some(name.as_str()) {
            sentences.push(format!("{name} of the policy also allows {added}"));
        }
    }
    let more = found.keys().filter(|name| !expected.contains_key(*name));
    sentences.extend(more.map(|name| format!("the policy has the directive {} too", shown(name))));
    sentences
}

/// The sources of `frame-ancestors`; `None` if the policy does not have it, so that every page may show the document.
pub fn ancestors(policy: &str) -> Option<BTreeSet<String>> {
    read(policy).remove(ANCESTORS)
}

/// The policy of a studio's document: `challenge` is the origin of the site's challenge.
pub fn frame(html: &str, challenge: Option<&str>) -> String {
    let [style, script] = ["style", "script"].map(|name| hashes(html, name));
    let also = challenge.map(|origin| format!(" {origin}")).unwrap_or_default();
    let widget = challenge.map(|origin| format!("; frame-src {origin}")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {script}{also}; style-src 'self' {style}; \
         img-src 'self' blob:; connect-src 'self'{also}; base-uri 'none'; form-action 'none'{widget}; \
         frame-ancestors 'self'"
    )
}

/// The policy of the page in place of a studio that cannot be shown.
pub fn refusal(html: &str) -> String {
    let [style, script] = ["style", "script"].map(|name| hashes(html, name));
    format!(
        "default-src 'none'; script-src {script}; style-src {style}; base-uri 'none'; form-action 'none'; \
         frame-ancestors *"
    )
}

/// The hashes of a document's inline parts, as a policy names them.
fn hashes(html: &str, name: &str) -> String {
    let [start, end] = [format!("<{name}>"), format!("</{name}>")];
    let parts = html.split(&start).skip(1).filter_map(|rest| Some(rest.split_once(&end)?.0));
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    parts.map(hash).collect::<Vec<_>>().join(" ")
}

fn read(policy: &str) -> Directives {
    let mut read = Directives::new();
    for directive in policy.split(';') {
        let mut words = directive.split_whitespace();
        let Some(name) = words.next() else { continue };
        // Of a directive that is there twice browsers obey the first one.
        let sources = words.map(str::to_owned).collect();
        read.entry(name.to_ascii_lowercase()).or_insert(sources);
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_a_policy_has_no_meaning() {
        let one = "default-src 'none'; script-src 'self' blob:";
        assert!(differences(one, "script-src blob: 'self';default-src 'none'; ", None).is_empty());
    }

    #[test]
    fn every_difference_is_a_sentence() {
        let expected = "default-src 'none'; script-src 'self'; frame-ancestors 'self'";
        let found =
            "script-src 'unsafe-inline'; frame-ancestors 'self' https://a.example; worker-src *";
        let said = differences(expected, found, Some(ANCESTORS)).join("\n");
        for part in ["no default-src", "lacks `'self'`", "allows `'unsafe-inline'`", "`worker-src`"]
        {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(!said.contains("a.example"), "{said}");
        assert!(differences(expected, expected, None).is_empty());
        assert!(differences(expected, found, None).join("\n").contains("a.example"));
    }

    #[test]
    fn an_inline_part_is_allowed_by_its_hash() {
        let html =
            "<style>a{}</style><script type=\"application/json\">{}</script><script>run()</script>";
        let policy = frame(html, None);
        // By `printf 'run()' | openssl dgst -sha256 -binary | base64`.
        let hash = "'sha256-AvyuiL0SD1mVY3NNxR+V2uo+lhk6RMFrytWmRt6CrJQ='";
        assert_eq!(policy.matches("sha256-").count(), 2);
        assert!(policy.contains(hash), "{policy}");
        let changed = html.replace("run()", "steal()");
        let said = differences(&frame(&changed, None), &policy, None).join("\n");
        assert!(said.contains("script-src of the policy lacks `'sha256-"), "{said}");
        let challenged = frame(html, Some("https://c.example"));
        assert_eq!(challenged.matches("https://c.example").count(), 3);
    }

    #[test]
    fn without_the_directive_everybody_may_frame() {
        assert_eq!(ancestors("default-src 'none'"), None);
        assert_eq!(ancestors("frame-ancestors 'self'").map(|it| it.len()), Some(1));
    }
}

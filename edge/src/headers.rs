//! The headers of every response.
//!
//! Owns the security policies for browsers. Must not set a header that depends on what a handler did.
//!
//! Decisions: docs/decisions/2026-11-29-own-pages-under-the-owners-policy.md,
//! docs/decisions/2026-11-30-the-studio-is-isolated.md.

use app::document::Shell;
use engine::config::{challenge::Challenge, site::Site};
use std::cell::OnceCell;
use wasm_bindgen::JsValue;
use web_sys::Headers;

/// The beginning of the studio's policy: everything that it does not allow is forbidden.
const FRAME: &str = "default-src 'none'";
/// The policy of our own pages, which embed the studio as owners do: a script, a frame, and their own style sheets.
pub(crate) const PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
    frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// The policy of the owner's page, which also asks for a site's public facts.
pub(crate) const OWNERS_PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
    connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// The policy of all other responses: nothing in them may run or be displayed, wherever they are opened.
const INERT: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// The header by which a document, or a worker that it starts, joins a page that is cross-origin isolated.
pub(crate) const ISOLATED: (&str, &str) = ("cross-origin-embedder-policy", "require-corp");
/// The header by which such a page may load something of another origin.
pub(crate) const SHARED: (&str, &str) = ("cross-origin-resource-policy", "cross-origin");

/// The policy of a site's studio. The document's own style and script are allowed by their hashes, and no other inline
/// one.
pub(crate) fn frame(site: &Site, shell: &Shell) -> String {
    let mut csp = FRAME.to_owned();
    // A challenge's widget is a script that opens a frame and sends requests, both from and to its own origin.
    let challenge = site.challenge.as_ref().map(Challenge::origin);
    let scripts = ["script-src 'self' 'wasm-unsafe-eval' '", &shell.boot_hash, "'"].concat();
    add(&mut csp, &scripts, challenge);
    let styles = ["style-src 'self' '", &shell.style_hash, "'; img-src 'self' blob:"].concat();
    add(&mut csp, &styles, None);
    add(&mut csp, "connect-src 'self'", challenge);
    add(&mut csp, "base-uri 'none'; form-action 'none'", None);
    if challenge.is_some() {
        add(&mut csp, "frame-src", challenge);
    }
    add(&mut csp, "frame-ancestors 'self'", site.origins.iter().map(String::as_str));
    csp
}

/// Adds a directive and its origins.
fn add<'a>(csp: &mut String, directive: &str, origins: impl IntoIterator<Item = &'a str>) {
    csp.push_str("; ");
    csp.push_str(directive);
    for origin in origins {
        csp.push(' ');
        csp.push_str(origin);
    }
}

thread_local! {
    /// The headers over http and over https: created once, and copied by the runtime for every response.
    static ALWAYS: [OnceCell<Headers>; 2] = const { [OnceCell::new(), OnceCell::new()] };
}

/// The headers of every response, unless its handler sets others.
pub(crate) fn always(secure: bool) -> Result<Headers, JsValue> {
    ALWAYS.with(|[http, https]| {
        let kept = if secure { https } else { http };
        if let Some(headers) = kept.get() {
            return Ok(headers.clone());
        }
        let headers = Headers::new()?;
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
            ("content-security-policy", INERT),
        ] {
            headers.set(name, value)?;
        }
        if secure {
            headers.set("strict-transport-security", "max-age=63072000; includeSubDomains")?;
        }
        Ok(kept.get_or_init(|| headers).clone())
    })
}

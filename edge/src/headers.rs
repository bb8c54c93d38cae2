//! The headers that every answer carries.
//!
//! Owns the policies that bind a browser. Must not set anything that depends on what a handler did.

use contract::route::Route;
use engine::config::{challenge::Challenge, site::Site};
use worker::{Headers, Result};

/// The frame runs its own program and talks to its own origin, nothing else.
const FRAME: &str = "default-src 'none'";
/// Our own pages obey what they tell owners: a script, a frame, and their own style.
const PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
    frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// All else shows nothing and runs nothing, wherever it is opened.
const INERT: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";
/// The page that says why a frame is refused: it must be able to stand in that frame.
const REFUSAL: &str = "default-src 'none'; frame-ancestors *";

/// Which policy an answer runs under.
pub(crate) enum Policy<'a> {
    /// A site's frame.
    Frame(&'a Site),
    /// A page of our own.
    Page,
    /// The refusal of a frame.
    Refusal,
    /// All else.
    Inert,
}

/// Sets what a policy demands.
pub(crate) fn apply(headers: &Headers, policy: &Policy<'_>) -> Result<()> {
    match policy {
        Policy::Frame(site) => {
            let mut csp = FRAME.to_owned();
            // A challenge's widget is a script that opens a frame of its own and talks to where it came from.
            let challenge = site.challenge.as_ref().map(Challenge::origin);
            add(&mut csp, "script-src 'self' 'wasm-unsafe-eval'", challenge);
            add(&mut csp, "style-src 'self'; img-src 'self' blob:", None);
            add(&mut csp, "connect-src 'self'", challenge);
            add(&mut csp, "base-uri 'none'; form-action 'none'", None);
            if challenge.is_some() {
                add(&mut csp, "frame-src", challenge);
            }
            add(&mut csp, "frame-ancestors 'self'", site.origins.iter().map(String::as_str));
            headers.set("content-security-policy", &csp)
        }
        Policy::Page => headers.set("content-security-policy", PAGE),
        Policy::Refusal => headers.set("content-security-policy", REFUSAL),
        Policy::Inert => headers.set("content-security-policy", INERT),
    }
}

/// Adds a directive with its origins.
fn add<'a>(csp: &mut String, directive: &str, origins: impl IntoIterator<Item = &'a str>) {
    csp.push_str("; ");
    csp.push_str(directive);
    for origin in origins {
        csp.push(' ');
        csp.push_str(origin);
    }
}

/// Sets what every answer carries.
pub(crate) fn always(headers: &Headers, secure: bool) -> Result<()> {
    headers.set("x-content-type-options", "nosniff")?;
    headers.set("referrer-policy", "same-origin")?;
    headers.set("cross-origin-opener-policy", "same-origin")?;
    if !headers.has("cross-origin-resource-policy")? {
        headers.set("cross-origin-resource-policy", "same-origin")?;
    }
    headers.set(
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    )?;
    if secure {
        headers.set("strict-transport-security", "max-age=63072000; includeSubDomains")?;
    }
    if !headers.has("content-security-policy")? {
        apply(headers, &Policy::Inert)?;
    }
    Ok(())
}

/// Whether a route answers with its own cache rules; all others are never stored.
pub(crate) fn is_cacheable(route: Route<'_>) -> bool {
    matches!(route, Route::File(_) | Route::Picture(..))
}

//! The headers that every answer carries.
//!
//! Owns the policies that bind a browser. Must not set anything that depends on what a handler did.

use contract::route::Route;
use engine::config::site::Site;
use worker::{Headers, Result};

/// The frame runs its own program and talks to its own origin, nothing else.
const FRAME: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
/// All else shows nothing and runs nothing, wherever it is opened.
const INERT: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";
/// The page that says why a frame is refused: it must be able to stand in that frame.
const REFUSAL: &str = "default-src 'none'; frame-ancestors *";

/// Which policy an answer runs under.
pub(crate) enum Policy<'a> {
    /// A site's frame.
    Frame(&'a Site),
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
            for origin in &site.origins {
                csp.push(' ');
                csp.push_str(origin);
            }
            headers.set("content-security-policy", &csp)
        }
        Policy::Refusal => headers.set("content-security-policy", REFUSAL),
        Policy::Inert => headers.set("content-security-policy", INERT),
    }
}

/// Sets what every answer carries.
pub(crate) fn always(headers: &Headers, secure: bool) -> Result<()> {
    headers.set("x-content-type-options", "nosniff")?;
    headers.set("referrer-policy", "same-origin")?;
    headers.set("cross-origin-resource-policy", "same-origin")?;
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
    matches!(route, Route::Asset(_) | Route::Picture(..))
}

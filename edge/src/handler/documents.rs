//! Documents: a site's frame, and the edge's own pages.
//!
//! Owns which page a request gets, and the `locale` in a frame's query. It is the only caller of the studio's components
//! here: they are rendered in one synchronous call, and nothing of it is kept. Must not hold HTML.
//!
//! Decision: docs/decisions/2026-11-29-first-paint-takes-one-round-trip.md.

use super::{
    Call,
    assets::{self, HTML},
    estimates, refusal,
};
use crate::{
    body,
    failure::Failure,
    headers,
    panics::{self, Place},
    reply::Reply,
    shell,
};
use app::document::{self, LanguageFacts};
use contract::problem::ProblemKind;
use engine::{document::language::Language, origin};
use web_sys::Response;

/// What stands for the site's id in the edge's own pages.
const SITE: &str = "{{site}}";
/// A frame's document says who may embed it and what it was rendered from, so that nothing on the way may keep it or
/// rewrite it: a rewritten tree cannot be hydrated.
const AS_IT_IS: &str = "no-store, no-transform";

/// One of the edge's own pages, with the studio of the site `demo`, or of the first site.
pub(crate) async fn page(call: &Call<'_>, path: &str) -> Result<Response, Failure> {
    let path = if path == "/" { "/index.html" } else { path };
    let sites = &call.setup.config.sites;
    let site = sites
        .iter()
        .find(|site| site.id == "demo")
        .or(sites.first())
        .ok_or_else(|| Failure::of(ProblemKind::Misconfigured))?;
    let found = match assets::media_type(path) {
        Some(HTML) => assets::fetch(call.env, path).await?,
        _ => None,
    };
    let found = found.ok_or_else(|| Failure::of(ProblemKind::NotFound))?;
    // A site's id needs no escaping: it has small letters, digits and hyphens.
    let html = body::text(found.text()).await?.replace(SITE, &site.id);
    let policy = if path == "/index.html" { headers::OWNERS_PAGE } else { headers::PAGE };
    Ok(document_of(call, 200, policy)?.text(&html)?)
}

/// The document of a site's frame.
pub(crate) async fn studio(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let site = match call.site(id) {
        Err(_) if refusal::is_shown(call) => return refusal::unknown_site(call, id),
        site => site?,
    };
    let (destination, referer) = (call.header("sec-fetch-dest"), call.header("referer"));
    if !origin::may_frame(destination.as_deref(), referer.as_deref(), call.own, &site.origins) {
        return refusal::unlisted(call, id);
    }
    let accepted = call.header("accept-language");
    let language = Language::choose(locale(call), accepted.as_deref(), &site.texts);
    let facts = LanguageFacts {
        words: language.words,
        lang: &language.lang,
        from_the_right: language.from_the_right,
    };
    let shell = shell::get(call.env).await?;
    // The Ledger is asked before: no await may come between the beginning and the end of the rendering.
    let public = estimates::public(call, site).await;
    panics::at(Place::Document, call.query);
    let html = document::render(&shell, public, &facts)
        .map_err(|error| Failure::Internal(error.to_string()))?;
    let mut reply = document_of(call, 200, &headers::frame(site, &shell))?;
    // A challenge's widget is a frame of another origin, which an isolated document could not show.
    if site.challenge.is_none() {
        reply = reply.for_isolated_pages()?;
    }
    Ok(reply.header("cache-control", AS_IT_IS)?.text(&html)?)
}

/// The language that the page asks for.
pub(super) fn locale<'a>(call: &Call<'a>) -> Option<&'a str> {
    call.query.split('&').find_map(|pair| pair.strip_prefix("locale="))
}

/// The beginning of a document's response.
fn document_of(call: &Call<'_>, status: u16, policy: &str) -> Result<Reply, Failure> {
    let reply = Reply::new(status, call.secure)?
        .header("content-type", HTML)?
        .header("content-security-policy", policy)?;
    Ok(reply)
}

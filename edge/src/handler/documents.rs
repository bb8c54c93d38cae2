//! Documents: a site's frame, and the edge's own pages.
//!
//! Owns which page a request gets, and the `locale` in a frame's query. Must not hold HTML, except for the refusal: the
//! build writes a template per language, and the engine fills it.

use super::{
    Call,
    assets::{self, HTML},
    estimates,
};
use crate::{body, failure::Failure, headers, reply::Reply};
use contract::problem::ProblemKind;
use engine::{
    document::{self, language::Language},
    origin,
};
use std::{cell::RefCell, rc::Rc};
use web_sys::Response;
use worker::Env;

thread_local! {
    /// The app's templates by their language. They are the same for every site and request.
    static TEMPLATES: RefCell<Vec<(&'static str, Rc<str>)>> = const { RefCell::new(Vec::new()) };
}

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
    let html = document::page(&body::text(found.text()).await?, &site.id)
        .map_err(|error| Failure::Internal(error.to_string()))?;
    page_of(call, 200, &html, headers::PAGE)
}

/// The document of a site's frame.
pub(crate) async fn studio(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let site = call.site(id)?;
    let (destination, referer) = (call.header("sec-fetch-dest"), call.header("referer"));
    if !origin::may_frame(destination.as_deref(), referer.as_deref(), call.own, &site.origins) {
        return refusal(call);
    }
    let locale = call.query.split('&').find_map(|pair| pair.strip_prefix("locale="));
    let accepted = call.header("accept-language");
    let language = Language::choose(locale, accepted.as_deref(), &site.texts);
    let template = template(call.env, language.words).await?;
    let html = document::studio(&template, &estimates::public(call, site).await, &language)
        .map_err(|error| Failure::Internal(error.to_string()))?;
    page_of(call, 200, &html, &headers::frame(site))
}

/// The page that is shown in a refused frame, so that the page's owner sees the reason.
fn refusal(call: &Call<'_>) -> Result<Response, Failure> {
    const PAGE: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>Not listed</title>\
        <h1>This page may not show the studio</h1>\
        <p>Its address is not among the site's origins. The studio's operator can add it.</p></html>";
    page_of(call, 403, PAGE, headers::REFUSAL)
}

fn page_of(call: &Call<'_>, status: u16, html: &str, policy: &str) -> Result<Response, Failure> {
    let reply = Reply::new(status, call.secure)?
        .header("content-type", HTML)?
        .header("content-security-policy", policy)?;
    Ok(reply.text(html)?)
}

async fn template(env: &Env, words: &'static str) -> Result<Rc<str>, Failure> {
    let kept = |templates: &Vec<(&str, Rc<str>)>| {
        templates.iter().find(|(own, _)| *own == words).map(|(_, template)| Rc::clone(template))
    };
    if let Some(template) = TEMPLATES.with_borrow(kept) {
        return Ok(template);
    }
    let path = ["/studio.", words, ".html"].concat();
    let missing = || Failure::Internal([&path, " is missing from the build"].concat());
    let response = assets::fetch(env, &path).await?.ok_or_else(missing)?;
    let template: Rc<str> = body::text(response.text()).await?.into();
    TEMPLATES.with_borrow_mut(|templates| templates.push((words, Rc::clone(&template))));
    Ok(template)
}

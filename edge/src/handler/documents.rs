//! Documents: a site's frame, and our own pages.
//!
//! Owns who gets which page. The pages themselves are the build's, filled in by the engine.

use super::{
    Call,
    assets::{self, HTML},
    estimates,
};
use crate::{
    failure::Failure,
    headers::{self, Policy},
};
use contract::problem::ProblemKind;
use engine::{document, origin};
use std::{cell::RefCell, rc::Rc};
use worker::{Env, Response, ResponseBuilder};

thread_local! {
    /// The app's document as it was built: the same for every site and request.
    static TEMPLATE: RefCell<Option<Rc<str>>> = const { RefCell::new(None) };
}

/// A page of our own. Its studio is that of the site `demo`, or of the first one.
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
    let mut found = found.ok_or_else(|| Failure::of(ProblemKind::NotFound))?;
    let html = document::page(&found.text().await?, &site.id)
        .map_err(|error| Failure::Ours(error.to_string()))?;
    answer(html, &Policy::Page)
}

/// A site's frame.
pub(crate) async fn studio(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let site = call.site(id)?;
    let (destination, referer) = (call.header("sec-fetch-dest"), call.header("referer"));
    if !origin::may_frame(destination.as_deref(), referer.as_deref(), call.own, &site.origins) {
        return refusal();
    }
    let template = template(call.env).await?;
    let html = document::studio(&template, &estimates::public(call, site).await)
        .map_err(|error| Failure::Ours(error.to_string()))?;
    answer(html, &Policy::Frame(site))
}

fn answer(html: String, policy: &Policy<'_>) -> Result<Response, Failure> {
    let response =
        ResponseBuilder::new().with_header("content-type", HTML)?.fixed(html.into_bytes());
    headers::apply(response.headers(), policy)?;
    Ok(response)
}

/// A page that may stand in the frame that is refused, so that its owner sees why.
fn refusal() -> Result<Response, Failure> {
    const PAGE: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>Not listed</title>\
        <h1>This page may not show the studio</h1>\
        <p>Its address is not among the site's origins. The studio's operator can add it.</p></html>";
    let response = ResponseBuilder::new()
        .with_status(403)
        .with_header("content-type", HTML)?
        .fixed(PAGE.as_bytes().to_vec());
    headers::apply(response.headers(), &Policy::Refusal)?;
    Ok(response)
}

async fn template(env: &Env) -> Result<Rc<str>, Failure> {
    if let Some(template) = TEMPLATE.with_borrow(Clone::clone) {
        return Ok(template);
    }
    let missing = || Failure::Ours("studio.html is missing from the build".to_owned());
    let mut response = assets::fetch(env, "/studio.html").await?.ok_or_else(missing)?;
    let template: Rc<str> = response.text().await?.into();
    TEMPLATE.set(Some(Rc::clone(&template)));
    Ok(template)
}

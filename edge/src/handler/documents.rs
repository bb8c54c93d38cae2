//! Documents: the root, and a site's frame.
//!
//! Owns who gets which page. The page itself is the app's, filled in by the engine.

use super::{Call, assets, estimates};
use crate::{
    failure::Failure,
    headers::{self, Policy},
};
use contract::{problem::ProblemKind, route};
use engine::{document, origin};
use std::{cell::RefCell, rc::Rc};
use worker::{Env, Response, ResponseBuilder};

thread_local! {
    /// The app's document as it was built: the same for every site and request.
    static TEMPLATE: RefCell<Option<Rc<str>>> = const { RefCell::new(None) };
}

/// Leads to the first site's studio.
pub(crate) fn root(call: &Call<'_>) -> Result<Response, Failure> {
    let sites = &call.setup.config.sites;
    let site = sites
        .iter()
        .find(|site| site.id == "demo")
        .or(sites.first())
        .ok_or_else(|| Failure::of(ProblemKind::Misconfigured))?;
    Ok(ResponseBuilder::new()
        .with_status(302)
        .with_header("location", &route::studio(&site.id))?
        .empty())
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
    let response = ResponseBuilder::new()
        .with_header("content-type", "text/html; charset=utf-8")?
        .fixed(html.into_bytes());
    headers::apply(response.headers(), &Policy::Frame(site))?;
    Ok(response)
}

/// A page that may stand in the frame that is refused, so that its owner sees why.
fn refusal() -> Result<Response, Failure> {
    const PAGE: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>Not listed</title>\
        <h1>This page may not show the studio</h1>\
        <p>Its address is not among the site's origins. The studio's operator can add it.</p></html>";
    let response = ResponseBuilder::new()
        .with_status(403)
        .with_header("content-type", "text/html; charset=utf-8")?
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

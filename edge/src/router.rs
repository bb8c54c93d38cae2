//! From a request to its handler, and what holds for every request on the way.
//!
//! Owns the order of checks: setup, path, method, origin. Must not do what a handler does.

use crate::{
    clock,
    failure::Failure,
    handler::{self, Call},
    headers, random, setup,
};
use contract::{
    problem::ProblemKind,
    route::{Method, Route},
};
use engine::{
    origin::{self, Provenance},
    wire::{self, ToJson},
};
use web_sys::Request;
use worker::{Context, Env, Response, ResponseBuilder, Result};

/// Answers a request.
pub(crate) async fn answer(request: Request, env: Env, context: Context) -> Result<Response> {
    let request_id = random::request_id();
    let url = request.url();
    let head = request.method() == "HEAD";
    let secure = url.starts_with("https://");
    let response = match run(request, &url, &env, &context, &request_id).await {
        Ok(response) => response,
        Err(failure) => failure.answer(&request_id, clock::now())?,
    };
    let mut response = if head {
        let headers = response.headers().clone();
        let (builder, _) = response.into_parts();
        builder.with_headers(headers).empty()
    } else {
        response
    };
    headers::always(response.headers_mut(), secure)?;
    Ok(response)
}

async fn run(
    request: Request,
    url: &str,
    env: &Env,
    context: &Context,
    request_id: &str,
) -> std::result::Result<Response, Failure> {
    let setup = setup::get(env).ok_or_else(|| Failure::of(ProblemKind::Misconfigured))?;
    let own = origin::origin_of(url).unwrap_or_default();
    let rest = url.get(own.len()..).unwrap_or_default();
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let route = Route::read(path).ok_or_else(|| Failure::of(ProblemKind::NotFound))?;
    let method = method(&request.method()).filter(|method| route.methods().contains(method));
    let method = method.ok_or_else(|| Failure::method(route.allow()))?;
    let header = |name| request.headers().get(name).ok().flatten();
    if method != Method::Get {
        let (origin, fetch_site) = (header("origin"), header("sec-fetch-site"));
        let provenance =
            Provenance { origin: origin.as_deref(), fetch_site: fetch_site.as_deref() };
        if !origin::may_change(provenance, own) {
            return Err(Failure::of(ProblemKind::OriginNotAllowed));
        }
    }
    let call = Call { request: &request, env, context, setup: &setup, own, query, request_id };
    let response = match (route, method) {
        (Route::Root | Route::Page(_), _) => handler::documents::page(&call, path).await,
        (Route::Studio(site), _) => handler::documents::studio(&call, site).await,
        (Route::File(path), _) => handler::assets::file(&call, path).await,
        (Route::Health, _) => handler::health::health(&call).await,
        (Route::OperatorLedger, _) => handler::operator::ledger(&call).await,
        (Route::Metrics, _) => handler::operator::metrics(&call).await,
        (Route::OperatorSwitch, _) => handler::operator::switch(&call).await,
        (Route::Site(site), _) => handler::sites::site(&call, site).await,
        (Route::Sessions, _) => handler::sessions::open(&call).await,
        (Route::Allowance, _) => handler::sessions::allowance(&call).await,
        (Route::Jobs, _) => handler::jobs::create(&call).await,
        (Route::Job(id), Method::Delete) => handler::jobs::delete(&call, id).await,
        (Route::Job(id), _) => handler::jobs::view(&call, id).await,
        (Route::Events(id), _) => handler::events::stream(&call, id).await,
        (Route::Picture(id, index), _) => handler::pictures::original(&call, id, index).await,
        (Route::Preview(id, index), _) => handler::pictures::preview(&call, id, index).await,
    }?;
    if !headers::is_cacheable(route) {
        response.headers().set("cache-control", "no-store")?;
    }
    Ok(response)
}

fn method(method: &str) -> Option<Method> {
    match method {
        "GET" | "HEAD" => Some(Method::Get),
        "POST" => Some(Method::Post),
        "DELETE" => Some(Method::Delete),
        "PUT" => Some(Method::Put),
        _ => None,
    }
}

/// JSON that is not to be stored.
pub(crate) fn json(status: u16, value: &dyn ToJson) -> std::result::Result<Response, Failure> {
    Ok(ResponseBuilder::new()
        .with_status(status)
        .with_header("content-type", "application/json")?
        .fixed(wire::text(value).into_bytes()))
}

//! Passes a request to its handler, after the checks that every request needs.
//!
//! Owns the order of the checks: setup, path, method, origin. Must not do what a handler does.
//!
//! Decision: docs/decisions/2026-11-29-no-web-framework-in-the-worker.md.

use crate::{
    clock,
    failure::Failure,
    handler::{self, Call},
    random::RequestId,
    reply, setup,
};
use contract::{
    problem::ProblemKind,
    route::{Method, Route},
};
use engine::origin::{self, Provenance};
use std::pin::Pin;
use wasm_bindgen::JsValue;
use web_sys::{Request, Response};
use worker::{Context, Env};

/// Handles a request.
pub(crate) async fn handle(
    request: Request,
    env: Env,
    context: Context,
) -> Result<Response, JsValue> {
    let request_id = RequestId::default();
    let url = request.url();
    let head = request.method() == "HEAD";
    let secure = url.starts_with("https://");
    let response = match dispatch(request, &url, secure, &env, &context, &request_id).await {
        Ok(response) => response,
        Err(failure) => failure.into_response(request_id.get(), secure, clock::now())?,
    };
    if head { reply::without_body(&response) } else { Ok(response) }
}

async fn dispatch(
    request: Request,
    url: &str,
    secure: bool,
    env: &Env,
    context: &Context,
    request_id: &RequestId,
) -> Result<Response, Failure> {
    #[cfg(feature = "clock")]
    clock::ahead::begin(env);
    #[cfg(feature = "clock")]
    if let Some((_, ms)) = url.split_once(clock::ahead::PATH) {
        clock::ahead::set(ms);
        return Ok(reply::Reply::inner(200)?.empty()?);
    }
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
    let call =
        Call { request: &request, env, context, setup: &setup, own, query, secure, request_id };
    // Each handler's future is boxed: one state machine of all handlers would be a tenth of the Worker's size.
    let handling: Pin<Box<dyn Future<Output = _> + '_>> = match (route, method) {
        (Route::Root | Route::Page(_), _) => Box::pin(handler::documents::page(&call, path)),
        (Route::Studio(site), _) => Box::pin(handler::documents::studio(&call, site)),
        (Route::File(path), _) => Box::pin(handler::assets::file(&call, path)),
        (Route::Health, _) => Box::pin(handler::health::health(&call)),
        (Route::OperatorLedger, _) => Box::pin(handler::operator::ledger(&call)),
        (Route::Metrics, _) => Box::pin(handler::operator::metrics(&call)),
        (Route::OperatorSwitch, _) => Box::pin(handler::operator::switch(&call)),
        (Route::OperatorLearned, _) => Box::pin(handler::operator::forget(&call)),
        (Route::Site(site), _) => Box::pin(handler::sites::site(&call, site)),
        (Route::Sessions, _) => Box::pin(handler::sessions::open(&call)),
        (Route::Allowance, _) => Box::pin(handler::sessions::allowance(&call)),
        (Route::Jobs, _) => Box::pin(handler::jobs::create(&call)),
        (Route::Job(id), Method::Delete) => Box::pin(handler::jobs::delete(&call, id)),
        (Route::Job(id), _) => Box::pin(handler::jobs::view(&call, id)),
        (Route::Events(id), _) => Box::pin(handler::events::stream(&call, id)),
        (Route::Picture(id, index), _) => Box::pin(handler::pictures::original(&call, id, index)),
        (Route::Preview(id, index), _) => Box::pin(handler::pictures::preview(&call, id, index)),
    };
    handling.await
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

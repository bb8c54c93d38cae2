//! Calls to the Durable Objects.
//!
//! Owns the names of their bindings and the form of a call. Must not know what a call means.
//!
//! Decision: docs/decisions/2026-11-29-an-objects-response-goes-through-unchanged.md.
//! Decision: docs/decisions/2026-11-29-calls-of-objects-time-out.md.

use crate::{body, failure::Failure, form::FormPicture};
use engine::json;
use js_sys::Array;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;
use web_sys::{AbortSignal, Blob, Headers, RequestInit, Response};
use worker::{Env, Fetcher};

/// A call whose answer this program reads fails after this time. It is long enough for the Ledger's own probe of the
/// gateway.
const PATIENCE_MS: u32 = 10_000;

/// The bindings of `wrangler.jsonc`.
const JOBS: &str = "JOBS";
const LEDGERS: &str = "LEDGERS";

/// Creates a new job's id.
pub(crate) fn new_job_id(env: &Env) -> Result<String, Failure> {
    Ok(env.durable_object(JOBS)?.unique_id()?.to_string())
}

/// The Job with that id. `None`, without starting an object, if the id was not created here.
pub(crate) fn job(env: &Env, id: &str) -> Option<Fetcher> {
    Some(env.durable_object(JOBS).ok()?.id_from_string(id).ok()?.get_stub().ok()?.into_rpc())
}

/// The Ledger of a site.
pub(crate) fn ledger(env: &Env, site: &str) -> Result<Fetcher, Failure> {
    Ok(env.durable_object(LEDGERS)?.get_by_name(site)?.into_rpc())
}

/// A job's id in a log: enough to tell jobs apart, but not to open one.
pub(crate) fn logged(id: &str) -> &str {
    id.get(..8).unwrap_or_default()
}

/// Whether an object's id is that of the site's Ledger.
pub(crate) fn is_ledger_of(env: &Env, site: &str, id: &str) -> bool {
    let ledgers = env.durable_object(LEDGERS);
    ledgers.is_ok_and(|all| all.id_from_name(site).is_ok_and(|own| own.to_string() == id))
}

/// The URL of a call to an object: https if the visitor's request came over https, because the response may go to the
/// visitor.
const OBJECT: [&str; 2] = ["http://object", "https://object"];

/// Whether a call stands for a visitor's request over https, and the call's path and query.
pub(crate) fn called(url: &str) -> (bool, &str) {
    let [http, https] = OBJECT;
    match url.strip_prefix(https) {
        Some(rest) => (true, rest),
        None => (false, url.strip_prefix(http).unwrap_or_default()),
    }
}

/// Calls an object whose response goes to the visitor unchanged.
pub(crate) async fn call(object: &Fetcher, path: &str, secure: bool) -> Result<Response, JsValue> {
    fetch(object, path, secure, &RequestInit::new()).await
}

/// The header with a state's revision, followed by `LAST` if the state is final. The event stream reads it.
pub(crate) const REVISION: &str = "x-revision";
pub(crate) const LAST: &str = "!";

/// The header with the length of a body's text. Without it the whole body is text.
pub(crate) const TEXT_BYTES: &str = "x-text-bytes";

/// Calls an object with a text followed by pictures, which this program does not read. The response goes to the visitor
/// unchanged.
pub(crate) async fn call_with(
    object: &Fetcher,
    path: &str,
    secure: bool,
    text: String,
    behind: &[FormPicture],
) -> Result<Response, JsValue> {
    if behind.is_empty() {
        return fetch(object, path, secure, &post(&text.into())).await;
    }
    let headers = Headers::new()?;
    headers.set(TEXT_BYTES, &text.len().to_string())?;
    let parts = Array::of1(&text.into());
    for picture in behind {
        parts.push(&picture.blob);
    }
    let init = post(&Blob::new_with_blob_sequence(&parts)?.into());
    init.set_headers(&headers);
    fetch(object, path, secure, &init).await
}

fn post(body: &JsValue) -> RequestInit {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(body);
    init
}

async fn fetch(
    object: &Fetcher,
    path: &str,
    secure: bool,
    init: &RequestInit,
) -> Result<Response, JsValue> {
    let [http, https] = OBJECT;
    let url = [if secure { https } else { http }, path].concat();
    let request = web_sys::Request::new_with_str_and_init(&url, init)?;
    Ok(object.fetch_request(worker::Request::from(request)).await?.into())
}

/// Parses JSON that this program wrote: a message between objects, or the text of a query.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> worker::Result<T> {
    json::read(text).map_err(|error| worker::Error::RustError(error.to_string()))
}

/// Calls an object and parses its response.
pub(crate) async fn call_json<A: DeserializeOwned>(
    object: &Fetcher,
    path: &str,
    body: &(impl Serialize + ?Sized),
) -> Result<A, Failure> {
    Ok(json::read(&call_text(object, path, json::text(body)).await?)?)
}

/// The part of `call_json` that is not generic, so that it is compiled once.
async fn call_text(object: &Fetcher, path: &str, body: String) -> Result<String, Failure> {
    let init = post(&body.into());
    init.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE_MS)));
    let answer = fetch(object, path, false, &init).await?;
    match answer.status() {
        200 => Ok(body::text(answer.text()).await?),
        status => Err(Failure::Internal(format!("an object answered {status} to {path}"))),
    }
}

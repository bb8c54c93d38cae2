//! Talking to the Durable Objects.
//!
//! Owns the names of their bindings and the form of a call. Must not know what a call means.

use crate::{failure::Failure, form::Picture};
use engine::wire::{self, FromJson, ToJson};
use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::{AbortSignal, Blob, Headers, RequestInit};
use worker::{Env, Response, Stub};

/// A question is answered within this time, the Ledger's own probe of the gateway included, or it was asked in vain.
const PATIENCE_MS: u32 = 10_000;

/// Mints a job's id.
pub(crate) fn new_job_id(env: &Env) -> Result<String, Failure> {
    Ok(env.durable_object("JOBS")?.unique_id()?.to_string())
}

/// The Job of that id. Nothing, and no object started, if we never minted it.
pub(crate) fn job(env: &Env, id: &str) -> Option<Stub> {
    env.durable_object("JOBS").ok()?.id_from_string(id).ok()?.get_stub().ok()
}

/// The Ledger of a site.
pub(crate) fn ledger(env: &Env, site: &str) -> Result<Stub, Failure> {
    Ok(env.durable_object("LEDGERS")?.get_by_name(site)?)
}

/// Calls an object: a path, and a body if there is one to send.
pub(crate) async fn call(
    stub: &Stub,
    path: &str,
    body: Option<String>,
) -> Result<Response, Failure> {
    let init = body.map_or_else(RequestInit::new, |body| post(&body.into()));
    fetch(stub, path, &init).await
}

/// The header that says how many bytes of a body are its text.
pub(crate) const TEXT_BYTES: &str = "x-text-bytes";

/// Calls an object with a text, and behind it bytes that this program does not see.
pub(crate) async fn call_with(
    stub: &Stub,
    path: &str,
    text: &str,
    behind: &[Picture],
) -> Result<Response, Failure> {
    let parts = Array::of1(&text.into());
    for picture in behind {
        parts.push(&picture.blob);
    }
    let headers = Headers::new()?;
    headers.set(TEXT_BYTES, &text.len().to_string())?;
    let init = post(&Blob::new_with_blob_sequence(&parts)?.into());
    init.set_headers(&headers);
    fetch(stub, path, &init).await
}

fn post(body: &JsValue) -> RequestInit {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(body);
    init
}

async fn fetch(stub: &Stub, path: &str, init: &RequestInit) -> Result<Response, Failure> {
    let request =
        web_sys::Request::new_with_str_and_init(&["https://object", path].concat(), init)?;
    Ok(stub.fetch_with_request(request.into()).await?)
}

/// Calls an object and reads its answer.
pub(crate) async fn ask<A: FromJson>(
    stub: &Stub,
    path: &str,
    body: &dyn ToJson,
) -> Result<A, Failure> {
    Ok(wire::read(&told(stub, path, wire::text(body)).await?)?)
}

/// The same for every answer: this code is there once.
async fn told(stub: &Stub, path: &str, body: String) -> Result<String, Failure> {
    let init = post(&body.into());
    init.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE_MS)));
    let mut response = fetch(stub, path, &init).await?;
    match response.status_code() {
        200 => Ok(response.text().await?),
        status => Err(Failure::Ours(format!("object answered {status} to {path}"))),
    }
}

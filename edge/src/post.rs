//! Sends a small JSON request to a URL of the operator's configuration: the challenge's verifier or the alert receiver.
//!
//! Owns its limits in time and bytes. Must not carry the gateway's key, nor anything of a visitor's request.

use crate::body;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

/// The most bytes of a response.
const RESPONSE_BYTES: u64 = 16 * 1024;

/// Posts a body and returns the response's status and text; `None` if there is no response within `ms` milliseconds, or if
/// it is too long.
pub(crate) async fn json(url: &str, body: &str, ms: u32) -> Option<(u16, String)> {
    send(url, body, ms).await.ok().flatten()
}

async fn send(url: &str, body: &str, ms: u32) -> Result<Option<(u16, String)>, JsValue> {
    let headers = web_sys::Headers::new()?;
    headers.set("content-type", "application/json")?;
    let init = web_sys::RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&body.into());
    init.set_redirect(web_sys::RequestRedirect::Manual);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(ms)));
    let scope: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
    let response: web_sys::Response =
        JsFuture::from(scope.fetch_with_str_and_init(url, &init)).await?.dyn_into()?;
    let Some(stream) = response.body() else { return Ok(Some((response.status(), String::new()))) };
    let bytes = body::read(&stream, RESPONSE_BYTES).await?;
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    Ok(text.map(|text| (response.status(), text)))
}

//! Sends requests to the gateway, and reads their responses as streams.
//!
//! Owns the only fetches that carry the gateway's key, with constant URLs and headers, nothing of the visitor's request,
//! and no redirects. Must not interpret a response: it passes on the chunks.

use crate::{body, setup};
use engine::{config::gateway::Gateway, gateway::request::Request};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, ReadableStreamByobReader, ReadableStreamGetReaderOptions,
    ReadableStreamReadResult, ReadableStreamReaderMode,
};
use worker::{Env, console_error};

/// The size of a read, outside of the program's memory. Large, because each read has a fixed cost.
const READ_BYTES: u32 = 64 * 1024;

/// The most bytes of a listing: about three hundred models.
const LISTING_BYTES: u64 = 1024 * 1024;

/// An HTTP response of the gateway.
pub(crate) struct UpstreamResponse {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<String>,
    reader: Option<ReadableStreamByobReader>,
    buffer: js_sys::ArrayBuffer,
}

/// There is no complete response: the fetch was rejected, or the body broke off. Whether work was done is unknown.
#[derive(Debug)]
pub(crate) struct NoResponse;

/// Sends a request for one picture, whose body is a string or a stream. The key is used for its header only.
pub(crate) async fn send(
    env: &Env,
    gateway: &Gateway,
    request: &Request,
    body: &JsValue,
    signal: &AbortSignal,
) -> Result<UpstreamResponse, NoResponse> {
    send_request(env, gateway, request, body, signal).await.map_err(|_| NoResponse)
}

/// Sends a `GET` that costs nothing and returns the status and text; `None` if there is no response within `ms`
/// milliseconds.
pub(crate) async fn get_text(
    env: &Env,
    gateway: &Gateway,
    path: &str,
    with_key: bool,
    ms: u32,
) -> Option<(u16, String)> {
    let getting = async {
        let headers = web_sys::Headers::new()?;
        if with_key {
            headers.set("authorization", &authorization(env, gateway)?)?;
        }
        let init = web_sys::RequestInit::new();
        init.set_headers(&headers);
        init.set_redirect(web_sys::RequestRedirect::Manual);
        init.set_signal(Some(&AbortSignal::timeout_with_u32(ms)));
        let response = fetch(&[&gateway.base_url, path].concat(), &init).await?;
        let text = match response.body() {
            Some(body) => body::read(&body, LISTING_BYTES).await?.unwrap_or_default(),
            None => Vec::new(),
        };
        Ok::<_, JsValue>((response.status(), String::from_utf8(text).unwrap_or_default()))
    };
    getting.await.ok()
}

/// The value of the header `Authorization`.
fn authorization(env: &Env, gateway: &Gateway) -> Result<String, JsValue> {
    let key = setup::gateway_key(env, gateway).map_err(|error| {
        console_error!("gateway.key_missing reason={error}");
        JsValue::NULL
    })?;
    Ok(key.authorization())
}

async fn fetch(url: &str, init: &web_sys::RequestInit) -> Result<web_sys::Response, JsValue> {
    let scope: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
    JsFuture::from(scope.fetch_with_str_and_init(url, init)).await?.dyn_into()
}

async fn send_request(
    env: &Env,
    gateway: &Gateway,
    request: &Request,
    body: &JsValue,
    signal: &AbortSignal,
) -> Result<UpstreamResponse, JsValue> {
    let headers = web_sys::Headers::new()?;
    headers.set("authorization", &authorization(env, gateway)?)?;
    headers.set("content-type", "application/json")?;
    headers.set("accept", request.accept)?;
    let init = web_sys::RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(body);
    init.set_redirect(web_sys::RequestRedirect::Manual);
    init.set_signal(Some(signal));
    let response = fetch(&[&gateway.base_url, request.path].concat(), &init).await?;
    let options = ReadableStreamGetReaderOptions::new();
    options.set_mode(ReadableStreamReaderMode::Byob);
    let reader =
        response.body().map(|body| body.get_reader_with_options(&options).unchecked_into());
    Ok(UpstreamResponse {
        status: response.status(),
        retry_after: response.headers().get("retry-after")?,
        reader,
        buffer: js_sys::ArrayBuffer::new(READ_BYTES),
    })
}

impl UpstreamResponse {
    /// The next chunk; `None` at the end. It is valid until the next call, which reuses its buffer.
    pub(crate) async fn next(&mut self) -> Result<Option<Uint8Array>, NoResponse> {
        self.read().await.map_err(|_| NoResponse)
    }

    async fn read(&mut self) -> Result<Option<Uint8Array>, JsValue> {
        let Some(reader) = &self.reader else { return Ok(None) };
        let view = Uint8Array::new(&self.buffer);
        let read = JsFuture::from(reader.read_with_array_buffer_view(&view)).await?;
        let read: ReadableStreamReadResult = read.unchecked_into();
        if read.get_done().unwrap_or(true) {
            return Ok(None);
        }
        let piece: Uint8Array = read.get_value().unchecked_into();
        self.buffer = piece.buffer();
        Ok(Some(piece))
    }

    /// Stops reading and releases the connection.
    pub(crate) fn cancel(&self) {
        if let Some(reader) = &self.reader {
            let _ = reader.cancel();
        }
    }
}

//! The one request that goes upstream, and its answer as a stream.
//!
//! Owns the only fetch that carries the gateway's key. Constant URL, constant headers, nothing of the visitor's request, no
//! redirects. Must not read what comes: it hands pieces on.

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

/// Bytes that are read at a time, outside of this program's memory: small reads cost the most.
const READ: u32 = 64 * 1024;

/// Bytes of a listing that are read: some three hundred models.
const LISTING_BYTES: u64 = 1024 * 1024;

/// An HTTP answer of the gateway.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<String>,
    reader: Option<ReadableStreamByobReader>,
    buffer: js_sys::ArrayBuffer,
}

/// There is no answer: the fetch was rejected, or the body broke. Whether work was done is unknown.
#[derive(Debug)]
pub(crate) struct NoAnswer;

/// Sends a request for one picture, whose body is a text or a stream. The key goes into its header and nowhere else.
pub(crate) async fn send(
    env: &Env,
    gateway: &Gateway,
    request: &Request,
    body: &JsValue,
    signal: &AbortSignal,
) -> Result<Answer, NoAnswer> {
    fetch(env, gateway, request, body, signal).await.map_err(|_| NoAnswer)
}

/// Asks the gateway something that costs nothing: a status and a text. Nothing if it does not answer within `ms`.
pub(crate) async fn look(
    env: &Env,
    gateway: &Gateway,
    path: &str,
    with_key: bool,
    ms: u32,
) -> Option<(u16, String)> {
    let looking = async {
        let headers = web_sys::Headers::new()?;
        if with_key {
            headers.set("authorization", &authorization(env, gateway)?)?;
        }
        let init = web_sys::RequestInit::new();
        init.set_headers(&headers);
        init.set_redirect(web_sys::RequestRedirect::Manual);
        init.set_signal(Some(&AbortSignal::timeout_with_u32(ms)));
        let response = start(&[&gateway.base_url, path].concat(), &init).await?;
        let text = match response.body() {
            Some(body) => body::read(&body, LISTING_BYTES).await?.unwrap_or_default(),
            None => Vec::new(),
        };
        Ok::<_, JsValue>((response.status(), String::from_utf8(text).unwrap_or_default()))
    };
    looking.await.ok()
}

/// The value of the header that carries the key.
fn authorization(env: &Env, gateway: &Gateway) -> Result<String, JsValue> {
    let key = setup::gateway_key(env, gateway).map_err(|error| {
        console_error!("gateway.key_missing reason={error}");
        JsValue::NULL
    })?;
    Ok(key.authorization())
}

async fn start(url: &str, init: &web_sys::RequestInit) -> Result<web_sys::Response, JsValue> {
    let scope: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
    JsFuture::from(scope.fetch_with_str_and_init(url, init)).await?.dyn_into()
}

async fn fetch(
    env: &Env,
    gateway: &Gateway,
    request: &Request,
    body: &JsValue,
    signal: &AbortSignal,
) -> Result<Answer, JsValue> {
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
    let response = start(&[&gateway.base_url, request.path].concat(), &init).await?;
    let options = ReadableStreamGetReaderOptions::new();
    options.set_mode(ReadableStreamReaderMode::Byob);
    let reader =
        response.body().map(|body| body.get_reader_with_options(&options).unchecked_into());
    Ok(Answer {
        status: response.status(),
        retry_after: response.headers().get("retry-after")?,
        reader,
        buffer: js_sys::ArrayBuffer::new(READ),
    })
}

impl Answer {
    /// The next piece; nothing at the end. It is valid until the next call: the buffer is used again.
    pub(crate) async fn next(&mut self) -> Result<Option<Uint8Array>, NoAnswer> {
        self.read().await.map_err(|_| NoAnswer)
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

    /// Reads no further, and lets the connection go.
    pub(crate) fn cancel(&self) {
        if let Some(reader) = &self.reader {
            let _ = reader.cancel();
        }
    }
}

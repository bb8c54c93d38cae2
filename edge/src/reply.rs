//! Builds a response: its status, headers and body.
//!
//! Owns adding the headers of every response, and the conversion to the runtime's `Response`. Must not know what a
//! handler means.
//!
//! Decision: docs/decisions/2026-11-29-requests-are-the-runtimes-own.md.

use crate::headers;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::{Headers, ReadableStream, Response, ResponseInit};

/// A response before it has a body.
pub(crate) struct Reply {
    init: ResponseInit,
    headers: Headers,
}

impl Reply {
    /// A response to a visitor, with the headers of every response, among them `Cache-Control: no-store`. `secure` means
    /// that it is sent over https.
    pub(crate) fn new(status: u16, secure: bool) -> Result<Self, JsValue> {
        Ok(Self::with(status, Headers::new_with_headers(&headers::always(secure)?)?))
    }

    /// A response of a Durable Object to the Worker, which needs no such headers.
    pub(crate) fn inner(status: u16) -> Result<Self, JsValue> {
        Ok(Self::with(status, Headers::new()?))
    }

    fn with(status: u16, headers: Headers) -> Self {
        let init = ResponseInit::new();
        if status != 200 {
            init.set_status(status);
        }
        init.set_headers(&headers);
        Self { init, headers }
    }

    /// Sets a header, and replaces its earlier value.
    pub(crate) fn header(self, name: &str, value: &str) -> Result<Self, JsValue> {
        self.headers.set(name, value)?;
        Ok(self)
    }

    /// Lets a page that is cross-origin isolated show this document in a frame. Everybody may load it then, so that it must
    /// hold nothing of a visitor.
    pub(crate) fn for_isolated_pages(self) -> Result<Self, JsValue> {
        [headers::ISOLATED, headers::SHARED]
            .into_iter()
            .try_fold(self, |reply, (name, value)| reply.header(name, value))
    }

    /// Declares that the body is already compressed, so that the runtime sends it unchanged.
    pub(crate) fn encoded(self, coding: &str) -> Result<Self, JsValue> {
        Reflect::set(&self.init, &"encodeBody".into(), &"manual".into())?;
        self.header("content-encoding", coding)
    }

    pub(crate) fn empty(self) -> Result<Response, JsValue> {
        Response::new_with_opt_str_and_init(None, &self.init)
    }

    pub(crate) fn text(self, text: &str) -> Result<Response, JsValue> {
        let bytes = Uint8Array::from(text.as_bytes());
        Response::new_with_opt_buffer_source_and_init(Some(&bytes), &self.init)
    }

    pub(crate) fn json(self, text: &str) -> Result<Response, JsValue> {
        self.header("content-type", "application/json")?.text(text)
    }

    pub(crate) fn stream(self, stream: &ReadableStream) -> Result<Response, JsValue> {
        Response::new_with_opt_readable_stream_and_init(Some(stream), &self.init)
    }
}

/// The response to `HEAD`: the same without its body.
pub(crate) fn without_body(response: &Response) -> Result<Response, JsValue> {
    let init = ResponseInit::new();
    init.set_status(response.status());
    init.set_headers(&response.headers());
    Response::new_with_opt_str_and_init(None, &init)
}

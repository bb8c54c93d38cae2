//! An answer of ours: its status, its headers, what it carries.
//!
//! Owns what every answer says, and the one step in which it becomes the runtime's. Must not know what a handler means.

use crate::headers;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::{Headers, ReadableStream, Response, ResponseInit};

/// An answer before it has a body.
pub(crate) struct Reply {
    init: ResponseInit,
    headers: Headers,
}

impl Reply {
    /// One that says what every answer to a visitor says, and that it is not to be stored. `secure`: it goes over https.
    pub(crate) fn new(status: u16, secure: bool) -> Result<Self, JsValue> {
        Ok(Self::with(status, Headers::new_with_headers(&headers::always(secure)?)?))
    }

    /// One that only we read: an object's to the Worker.
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

    /// Sets a header, in place of what was said by it before.
    pub(crate) fn header(self, name: &str, value: &str) -> Result<Self, JsValue> {
        self.headers.set(name, value)?;
        Ok(self)
    }

    /// Says that the body has been encoded: the runtime sends it as it is.
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

/// The same answer to `HEAD`.
pub(crate) fn without_body(response: &Response) -> Result<Response, JsValue> {
    let init = ResponseInit::new();
    init.set_status(response.status());
    init.set_headers(&response.headers());
    Response::new_with_opt_str_and_init(None, &init)
}

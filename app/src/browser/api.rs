//! Calls to the edge, by `gloo-net`.
//!
//! Owns the way from a request to a text or an error, and how long an answer is waited for. Must not read what the text
//! says.
//!
//! Decision: docs/decisions/2026-11-29-no-response-from-the-browsers-cache.md.

use super::clock;
use crate::state::error::StudioError;
use gloo_net::{
    Error,
    http::{Request, RequestBuilder, Response},
};
use std::future::Future;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, FormData, RequestCache};

/// A request.
#[derive(Debug)]
pub(crate) struct Call {
    builder: RequestBuilder,
    patience_ms: u32,
}

/// What came of a call.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The text, or the error.
    pub result: Result<String, StudioError>,
    /// When it was written, by its writer's clock, in milliseconds since 1970.
    pub date: Option<u64>,
    /// When the request was sent, by the visitor's clock.
    pub sent: u64,
}

/// How long an answer is waited for, in milliseconds: one that something on the way holds back is asked for again. With
/// pictures to send it takes longer: 16 MB at a megabit a second.
const PATIENCE_MS: u32 = 15_000;
const PATIENCE_WITH_PICTURES_MS: u32 = 180_000;

/// What a request sends.
pub(crate) enum Body {
    /// JSON.
    Json(String),
    /// A form with pictures in it.
    Form(FormData),
}

impl Call {
    /// `GET`.
    pub(crate) fn get(path: &str) -> Self {
        Self::new(Request::get(path))
    }

    /// `POST`.
    pub(crate) fn post(path: &str) -> Self {
        Self::new(Request::post(path))
    }

    /// `DELETE`.
    pub(crate) fn delete(path: &str) -> Self {
        Self::new(Request::delete(path))
    }

    fn new(builder: RequestBuilder) -> Self {
        // A 410 or a redirect without a word about caches is kept for ever: whoever has answered it in the edge's place
        // would be asked no more.
        Self { builder: builder.cache(RequestCache::NoStore), patience_ms: PATIENCE_MS }
    }

    /// A parameter of the query. In the path it would not do: `gloo-net` ends what is there with `&`.
    pub(crate) fn query(mut self, name: &str, value: &str) -> Self {
        self.builder = self.builder.query([(name, value)]);
        self
    }

    /// The session's token.
    pub(crate) fn token(mut self, token: Option<&str>) -> Self {
        if let Some(token) = token {
            self.builder = self.builder.header("authorization", &["Bearer ", token].concat());
        }
        self
    }

    /// The intent's key.
    pub(crate) fn key(mut self, key: &str) -> Self {
        self.builder = self.builder.header("idempotency-key", key);
        self
    }

    /// Sends it without a body.
    pub(crate) fn send(self, then: impl FnOnce(Answer) + 'static) {
        let signal = abort_after(self.patience_ms);
        let request = self.builder.abort_signal(signal.as_ref()).build();
        answer(request, Box::new(then));
    }

    /// Sends it with a body.
    pub(crate) fn send_body(mut self, body: Body, then: impl FnOnce(Answer) + 'static) {
        if matches!(body, Body::Form(_)) {
            self.patience_ms = PATIENCE_WITH_PICTURES_MS;
        }
        let signal = abort_after(self.patience_ms);
        let builder = self.builder.abort_signal(signal.as_ref());
        let request = match body {
            Body::Json(text) => builder.header("content-type", "application/json").body(text),
            // The browser names the type itself: it has the boundary in it.
            Body::Form(form) => builder.body(form),
        };
        answer(request, Box::new(then));
    }
}

/// A signal that ends a request after so long. Of an answer that has come there is nothing to abort.
fn abort_after(ms: u32) -> Option<web_sys::AbortSignal> {
    let controller = AbortController::new().ok()?;
    let signal = controller.signal();
    clock::later(ms, Box::new(move || controller.abort()));
    Some(signal)
}

/// Boxed: a call for each kind of answer would be a future of its own in the wasm.
type Then = Box<dyn FnOnce(Answer)>;

fn answer(request: Result<Request, Error>, then: Then) {
    let sent = clock::now();
    // Sent at once: a future waits for the next microtask.
    let response = request.map(Request::send);
    spawn_local(async move {
        // A browser tells no more of a failed fetch than that it failed.
        let none = |_| (Err(no_answer()), None);
        let (result, date) = read(response).await.unwrap_or_else(none);
        then(Answer { result, date, sent });
    });
}

type Read = (Result<String, StudioError>, Option<u64>);

async fn read(
    response: Result<impl Future<Output = Result<Response, Error>>, Error>,
) -> Result<Read, Error> {
    let response = response?.await?;
    let headers = response.headers();
    let date = headers.get("date").and_then(|date| clock::read(&date));
    let body = response.text().await?;
    let result = if response.ok() {
        Ok(body)
    } else {
        Err(StudioError::of_answer(&headers.get("content-type").unwrap_or_default(), &body))
    };
    Ok((result, date))
}

fn no_answer() -> StudioError {
    let online = web_sys::window().is_some_and(|window| window.navigator().on_line());
    if online { StudioError::Unreachable } else { StudioError::Offline }
}

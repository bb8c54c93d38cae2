//! Calls to the edge.
//!
//! Owns the way from a request to a text or a trouble. Must not read what the text says.

use super::{clock, pictures};
use crate::state::trouble::Trouble;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestCache, RequestInit, Response};

/// A request.
#[derive(Debug, Default)]
pub(crate) struct Call {
    /// `GET`, where nothing is said.
    pub method: Option<&'static str>,
    /// The path and the query.
    pub path: String,
    /// The session's token.
    pub token: Option<String>,
    /// The intent's key.
    pub key: Option<String>,
    /// JSON.
    pub body: Option<String>,
    /// Pictures that go with it, by their numbers.
    pub pictures: Vec<u32>,
}

/// What came of a call.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The text, or the trouble.
    pub told: Result<String, Trouble>,
    /// When it was written, by its writer's clock, in milliseconds since 1970.
    pub date: Option<u64>,
    /// When the request was sent, by the visitor's clock.
    pub sent: u64,
}

/// What is done with an answer. Boxed: a call for each kind of answer would be a future of its own in the wasm.
pub(crate) type Then = Box<dyn FnOnce(Answer)>;

/// How long an answer is waited for, in milliseconds: one that something on the way holds back is asked for again. With pictures
/// to send it takes longer: 16 MB at a megabit a second.
const PATIENCE_MS: u32 = 15_000;
const PATIENCE_WITH_PICTURES_MS: u32 = 180_000;

/// Makes a call and hands its answer on.
pub(crate) fn call(call: &Call, then: Then) {
    let sent = clock::now();
    let fetched = fetch(call);
    wasm_bindgen_futures::spawn_local(async move {
        // A browser tells no more of a failed fetch than that it failed.
        let none = |_| (Err(no_answer()), None);
        let (told, date) = read(fetched).await.unwrap_or_else(none);
        then(Answer { told, date, sent });
    });
}

fn fetch(call: &Call) -> Result<js_sys::Promise, JsValue> {
    let init = RequestInit::new();
    // A 410 or a redirect without a word about caches is kept for ever: whoever has answered it in the edge's place would be asked
    // no more.
    init.set_cache(RequestCache::NoStore);
    if let Ok(controller) = AbortController::new() {
        init.set_signal(Some(&controller.signal()));
        let patience =
            if call.pictures.is_empty() { PATIENCE_MS } else { PATIENCE_WITH_PICTURES_MS };
        // Of an answer that has come there is nothing to abort.
        clock::later(patience, Box::new(move || controller.abort()));
    }

    let headers = Headers::new()?;
    if let Some(token) = &call.token {
        headers.append("authorization", &["Bearer ", token].concat())?;
    }
    if let Some(key) = &call.key {
        headers.append("idempotency-key", key)?;
    }
    if let Some(method) = call.method {
        init.set_method(method);
    }
    if let Some(body) = &call.body {
        if call.pictures.is_empty() {
            headers.append("content-type", "application/json")?;
            init.set_body(&body.into());
        } else {
            // The browser names the type itself: it has the boundary in it.
            init.set_body(&pictures::form(body, &call.pictures));
        }
    }
    init.set_headers(&headers);
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    Ok(window.fetch_with_str_and_init(&call.path, &init))
}

type Read = (Result<String, Trouble>, Option<u64>);

async fn read(fetched: Result<js_sys::Promise, JsValue>) -> Result<Read, JsValue> {
    let response: Response = JsFuture::from(fetched?).await?.unchecked_into();
    let headers = response.headers();
    let header = |name| headers.get(name).ok().flatten();
    let date = header("date").and_then(|date| clock::read(&date));
    let body = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    let told = if response.ok() {
        Ok(body)
    } else {
        Err(Trouble::of_answer(&header("content-type").unwrap_or_default(), &body))
    };
    Ok((told, date))
}

fn no_answer() -> Trouble {
    let online = web_sys::window().is_some_and(|window| window.navigator().on_line());
    if online { Trouble::Unreachable } else { Trouble::Offline }
}

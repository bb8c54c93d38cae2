//! Calls to the edge.
//!
//! Owns the way from a request to a text or a trouble. Must not read what the text says.

use super::pictures;
use crate::model::trouble::Trouble;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

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

/// What is done with an answer. Boxed: a call for each kind of answer would be a future of its own in the wasm.
pub(crate) type Then = Box<dyn FnOnce(Result<String, Trouble>)>;

/// Makes a call and hands its answer on.
pub(crate) fn call(call: &Call, then: Then) {
    let fetched = fetch(call);
    wasm_bindgen_futures::spawn_local(async move {
        then(match read(fetched).await {
            Ok((true, body)) => Ok(body),
            Ok((false, body)) => Err(Trouble::of_answer(&body)),
            // A browser tells no more of a failed fetch than that it failed.
            Err(_) => Err(no_answer()),
        });
    });
}

fn fetch(call: &Call) -> Result<js_sys::Promise, JsValue> {
    let headers = Headers::new()?;
    if let Some(token) = &call.token {
        headers.append("authorization", &["Bearer ", token].concat())?;
    }
    if let Some(key) = &call.key {
        headers.append("idempotency-key", key)?;
    }
    let init = RequestInit::new();
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

async fn read(fetched: Result<js_sys::Promise, JsValue>) -> Result<(bool, String), JsValue> {
    let response: Response = JsFuture::from(fetched?).await?.unchecked_into();
    let body = JsFuture::from(response.text()?).await?;
    Ok((response.ok(), body.as_string().unwrap_or_default()))
}

fn no_answer() -> Trouble {
    let online = web_sys::window().is_some_and(|window| window.navigator().on_line());
    if online { Trouble::Unreachable } else { Trouble::Offline }
}

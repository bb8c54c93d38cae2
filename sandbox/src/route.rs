//! Which path leads where.
//!
//! Owns paths, methods, the key, and the headers that every answer has. Must not know what a request means.

use crate::{
    answer::{Answer, Script},
    books::Entry,
    connection::Line,
    errors, generations, models,
    server::Shared,
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{self, HeaderName, HeaderValue},
};
use std::sync::Arc;

/// The longest body that is read. The gateway's own limit is unknown; gateway.md §13 chooses this.
const LONGEST_BODY: usize = 100 * 1024 * 1024;

/// What every answer carries, as recorded (gateway.md §2.1 and §2.2).
const HEADERS: [(HeaderName, &str); 7] = [
    (header::CACHE_CONTROL, "public, max-age=0, must-revalidate"),
    (header::SERVER, "Vercel"),
    (HeaderName::from_static("x-vercel-cache"), "MISS"),
    (HeaderName::from_static("x-vercel-id"), "fra1::fra1::sandbox"),
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE, OPTIONS"),
    (
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        "Content-Type, Authorization, ai-gateway-auth-method, ai-gateway-protocol-version, ai-model-id, \
         ai-language-model-id, ai-language-model-specification-version, ai-image-model-specification-version, \
         ai-embedding-model-specification-version, ai-language-model-streaming, ai-reporting-tags, \
         ai-reporting-user, http-referer, x-title, anthropic-beta, x-vercel-ai-gateway-team",
    ),
];

#[derive(Clone, Copy)]
enum Route {
    Models,
    Generations,
    Talk,
}

/// Answers one request and keeps the books about it.
pub(crate) async fn answer(
    request: Request<Incoming>,
    shared: Arc<Shared>,
    line: Line,
) -> Response<Script> {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let entry = shared.books.enter(&head.method, path, &head.headers);
    let mut answer = match Limited::new(body, LONGEST_BODY).collect().await {
        Ok(body) => {
            let body = body.to_bytes();
            entry.received(body.clone());
            choose(&head.method, head.uri.path(), &head.headers, body, &entry, &shared).await
        }
        Err(error) if error.is::<LengthLimitError>() => {
            Answer::empty(StatusCode::PAYLOAD_TOO_LARGE)
        }
        // The client broke off, or cannot count: nobody is there to read more than this.
        Err(_) => Answer::empty(StatusCode::BAD_REQUEST),
    };
    for (name, value) in HEADERS {
        answer.headers.push((name, HeaderValue::from_static(value)));
    }
    tokio::time::sleep(answer.silence).await;
    answer.into_response(entry, line)
}

async fn choose(
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    body: Bytes,
    entry: &Entry,
    shared: &Arc<Shared>,
) -> Answer {
    let route = match path {
        "/v1/models" => Route::Models,
        "/v1/images/generations" => Route::Generations,
        "/v1/chat/completions" | "/v1/responses" => Route::Talk,
        _ => return errors::no_such_path(),
    };
    if method == Method::OPTIONS {
        return Answer::empty(StatusCode::NO_CONTENT);
    }
    match (route, method) {
        (Route::Models, &Method::GET) => models::listing(),
        (Route::Models, &Method::HEAD) => models::listing_head(),
        (Route::Generations | Route::Talk, &Method::POST) if !has_valid_key(headers) => {
            errors::unauthenticated()
        }
        (Route::Generations, &Method::POST) => generations::answer(&body, entry, shared).await,
        (Route::Talk, &Method::POST) => models::refuse_to_talk(&body, &shared.settings.gone),
        _ => Answer::empty(StatusCode::METHOD_NOT_ALLOWED),
    }
}

/// Any key will do but one that says that it is not.
fn has_valid_key(headers: &HeaderMap) -> bool {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let key = value
        .and_then(|value| value.split_once(' '))
        .and_then(|(scheme, key)| scheme.eq_ignore_ascii_case("bearer").then_some(key.trim()));
    key.is_some_and(|key| !key.is_empty() && !key.contains("invalid"))
}

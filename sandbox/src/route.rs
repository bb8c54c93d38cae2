//! Which path leads where.
//!
//! Owns paths, methods, the key, and the headers that every answer has. Must not know what a request means.

use crate::{
    answer::{Answer, Script},
    books::{Books, Entry},
    connection::Line,
    errors, generations, models,
    server::Shared,
    turnstile,
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{self, HeaderName, HeaderValue},
    http::request,
};
use std::sync::Arc;

/// The longest body that is read. The gateway's own limit is unknown; gateway.md §13 chooses this.
const LONGEST_BODY: usize = 100 * 1024 * 1024;

/// What every answer carries, as recorded (gateway.md §2.1 and §2.2).
static HEADERS: [(HeaderName, &str); 7] = [
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

/// The widget's page lives elsewhere.
static WIDGET_HEADERS: [(HeaderName, &str); 1] = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];

/// Which service a path belongs to. Each has its own books.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Service {
    Gateway,
    Siteverify,
    Widget,
}

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
    let service = Service::of(head.uri.path());
    let entry = service.books(&shared).enter(&head.method, path, &head.headers);
    let mut answer = match Limited::new(body, LONGEST_BODY).collect().await {
        Ok(body) => {
            let body = body.to_bytes();
            entry.received(body.clone());
            match service {
                Service::Gateway => choose(&head, body, &entry, &shared).await,
                Service::Siteverify | Service::Widget => challenge(&head, &body, &shared),
            }
        }
        Err(error) if error.is::<LengthLimitError>() => {
            Answer::empty(StatusCode::PAYLOAD_TOO_LARGE)
        }
        // The client broke off, or cannot count: nobody is there to read more than this.
        Err(_) => Answer::empty(StatusCode::BAD_REQUEST),
    };
    for (name, value) in service.headers() {
        answer.headers.push((name.clone(), HeaderValue::from_static(value)));
    }
    tokio::time::sleep(answer.silence).await;
    answer.into_response(entry, line)
}

impl Service {
    fn of(path: &str) -> Self {
        match path {
            turnstile::SITEVERIFY => Self::Siteverify,
            turnstile::SCRIPT | turnstile::TOKEN => Self::Widget,
            _ => Self::Gateway,
        }
    }

    fn books(self, shared: &Shared) -> &Books {
        match self {
            Self::Gateway => &shared.books,
            Self::Siteverify => &shared.siteverify,
            Self::Widget => &shared.widget,
        }
    }

    fn headers(self) -> &'static [(HeaderName, &'static str)] {
        match self {
            Self::Gateway => &HEADERS,
            Self::Siteverify => &[],
            Self::Widget => &WIDGET_HEADERS,
        }
    }
}

fn challenge(head: &request::Parts, body: &[u8], shared: &Shared) -> Answer {
    match (head.uri.path(), &head.method) {
        (turnstile::SITEVERIFY, &Method::POST) => {
            turnstile::siteverify(&shared.turnstile, &head.headers, body)
        }
        (turnstile::SCRIPT, &Method::GET) => turnstile::script(),
        (turnstile::TOKEN, &Method::GET) => {
            turnstile::token(&shared.turnstile, head.uri.query().unwrap_or_default())
        }
        _ => Answer::empty(StatusCode::METHOD_NOT_ALLOWED),
    }
}

async fn choose(head: &request::Parts, body: Bytes, entry: &Entry, shared: &Arc<Shared>) -> Answer {
    let (method, headers) = (&head.method, &head.headers);
    let route = match head.uri.path() {
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

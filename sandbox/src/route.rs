//! Which path leads where.
//!
//! Owns paths, methods, the key, and the headers that every answer has. Must not know what a request means.

use crate::{
    answer::{Answer, Script, play},
    body::{self, Received},
    books::{Books, Entry},
    connection::Line,
    errors,
    fault::{Fault, Scene, Side},
    images, models, openai,
    server::Shared,
    settings::Credits,
    turnstile,
};
use contract::money::Nano;
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{self, HeaderName, HeaderValue},
    http::request,
};
use serde_json::json;
use std::sync::Arc;

/// What every answer carries, as recorded.
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

/// What the maker itself sends along.
static OPENAI_HEADERS: [(HeaderName, &str); 3] = [
    (header::SERVER, "cloudflare"),
    (HeaderName::from_static("openai-version"), "2020-10-01"),
    (header::ACCESS_CONTROL_EXPOSE_HEADERS, "X-Request-ID"),
];

/// The widget's page lives elsewhere.
static WIDGET_HEADERS: [(HeaderName, &str); 1] = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];

/// Where a single model is told of.
const MODEL: &str = "/v1/models/";

/// Which service a path belongs to. Each has its own books.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Service {
    Gateway,
    /// The model's maker itself; its money is the gateway's.
    OpenAi,
    Siteverify,
    Widget,
    /// Where nobody has a reason to go.
    Trap,
}

#[derive(Clone, Copy)]
enum Route {
    Models,
    /// One of them.
    Model,
    Credits,
    Generations,
    Edits,
    Talk,
}

/// Answers one request and keeps the books about it. Nothing if the answer went past hyper.
pub(crate) async fn answer(
    request: Request<Incoming>,
    shared: Arc<Shared>,
    line: Line,
) -> Option<Response<Script>> {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let service = Service::of(head.uri.path());
    let entry = service.books(&shared).enter(&head.method, path, &head.headers);
    let mut answer = match body::receive(body).await {
        Received::Whole(body) => {
            entry.received(body.clone());
            match service {
                Service::Gateway => gateway(&head, body, &entry, &shared).await,
                Service::OpenAi => maker(&head, body, &entry, &shared).await,
                Service::Siteverify | Service::Widget => challenge(&head, &body, &shared),
                Service::Trap => Answer::of(StatusCode::OK, "text/plain", "This is a trap.\n"),
            }
        }
        Received::Early(body) => {
            entry.received(body);
            let fault = Fault::named("early");
            entry.fault(fault);
            let refusal = fault.and_then(|fault| fault.refusal(&scene(&head, &shared)));
            refusal.unwrap_or_else(|| Answer::empty(StatusCode::INTERNAL_SERVER_ERROR))
        }
        Received::TooLong => Answer::empty(StatusCode::PAYLOAD_TOO_LARGE),
        Received::Broken => Answer::empty(StatusCode::BAD_REQUEST),
    };
    for (name, value) in service.headers() {
        answer.headers.push((name.clone(), HeaderValue::from_static(value)));
    }
    tokio::time::sleep(answer.silence).await;
    if !answer.raw {
        return Some(answer.into_response(entry, line));
    }
    // A client that left in the middle stands in the books.
    let _ = play(answer.script, entry, &line).await;
    None
}

impl Service {
    fn of(path: &str) -> Self {
        match path {
            turnstile::SITEVERIFY => Self::Siteverify,
            turnstile::SCRIPT | turnstile::TOKEN => Self::Widget,
            _ if path.starts_with("/trap/") => Self::Trap,
            _ if path.starts_with(openai::PREFIX) => Self::OpenAi,
            _ => Self::Gateway,
        }
    }

    fn books(self, shared: &Shared) -> &Books {
        match self {
            Self::Gateway | Self::OpenAi => &shared.books,
            Self::Siteverify => &shared.siteverify,
            Self::Widget => &shared.widget,
            Self::Trap => &shared.trap,
        }
    }

    fn headers(self) -> &'static [(HeaderName, &'static str)] {
        match self {
            Self::Gateway => &HEADERS,
            Self::OpenAi => &OPENAI_HEADERS,
            Self::Siteverify | Self::Trap => &[],
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

/// The model's maker itself.
async fn maker(head: &request::Parts, body: Bytes, entry: &Entry, shared: &Shared) -> Answer {
    match shared.weather.storm() {
        Some(answer) => answer,
        None => openai::answer(head, body, has_valid_key(&head.headers), entry, shared).await,
    }
}

/// What a fault may know of a call without a prompt.
fn scene<'a>(head: &'a request::Parts, shared: &'a Shared) -> Scene<'a> {
    let side = Side::of(head.uri.path());
    Scene { shared, headers: &head.headers, side, generation: "", prompt: "", model: "" }
}

async fn gateway(head: &request::Parts, body: Bytes, entry: &Entry, shared: &Shared) -> Answer {
    if let Some(answer) = shared.weather.storm() {
        return answer;
    }
    let (method, headers) = (&head.method, &head.headers);
    let route = match head.uri.path() {
        "/v1/models" => Route::Models,
        path if path.starts_with(MODEL) => Route::Model,
        "/v1/credits" => Route::Credits,
        "/v1/images/generations" => Route::Generations,
        "/v1/images/edits" if !shared.settings.no_edits => Route::Edits,
        "/v1/chat/completions" | "/v1/responses" => Route::Talk,
        _ => return errors::no_such_path(),
    };
    if method == Method::OPTIONS {
        return Answer::empty(StatusCode::NO_CONTENT);
    }
    let has_key = has_valid_key(headers);
    match (route, method) {
        (Route::Generations, &Method::POST) if has_key => {
            images::generations(headers, &body, entry, shared).await
        }
        (Route::Edits, &Method::POST) if has_key => {
            images::edits(headers, body, entry, shared).await
        }
        (Route::Talk, &Method::POST) if has_key => models::refuse_to_talk(&body, &shared.catalogue),
        (Route::Credits, &Method::GET) if has_key => struck(credits(shared), head, entry, shared),
        (Route::Generations | Route::Edits | Route::Talk, &Method::POST)
        | (Route::Credits, &Method::GET) => errors::unauthenticated(),
        (Route::Models | Route::Model, &Method::GET) => {
            struck(told(route, head, shared), head, entry, shared)
        }
        (Route::Models | Route::Model, &Method::HEAD) => models::head(told(route, head, shared)),
        _ => Answer::empty(StatusCode::METHOD_NOT_ALLOWED),
    }
}

/// All models, or the one that the path names.
fn told(route: Route, head: &request::Parts, shared: &Shared) -> Answer {
    let (catalogue, deprecated) = (&shared.catalogue, &shared.settings.deprecated);
    match head.uri.path().strip_prefix(MODEL) {
        Some(id) if matches!(route, Route::Model) => {
            models::entry(&unescaped(id), catalogue, deprecated)
        }
        _ => models::listing(catalogue, deprecated),
    }
}

/// `GET /v1/credits`: dollars as texts, unless another answer was chosen.
fn credits(shared: &Shared) -> Answer {
    let books = &shared.books;
    let balance = match shared.weather.credits() {
        Credits::Books => books.balance(),
        Credits::None => Nano::ZERO,
        Credits::Refused => return errors::unauthenticated(),
        Credits::Down => return Answer::empty(StatusCode::SERVICE_UNAVAILABLE),
    };
    Answer::json(StatusCode::OK, &json!({ "balance": balance, "total_used": books.charged() }))
}

/// A part of a path with `%2F` and its like as the letters that they stand for. What is no such sign stays.
pub(crate) fn unescaped(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let [first, more @ ..] = rest {
        let byte = match more {
            [high, low, ..] if *first == b'%' => str::from_utf8(&[*high, *low])
                .ok()
                .and_then(|digits| u8::from_str_radix(digits, 16).ok()),
            _ => None,
        };
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &more[2..] } else { more };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The answer, or what becomes of it when a fault strikes everybody.
fn struck(answer: Answer, head: &request::Parts, entry: &Entry, shared: &Shared) -> Answer {
    let fault = shared.weather.fault("");
    entry.fault(fault);
    let Some(fault) = fault else { return answer };
    let scene = scene(head, shared);
    fault.refusal(&scene).unwrap_or_else(|| fault.spoil(answer, &scene))
}

/// Any key will do but one that says that it is not.
fn has_valid_key(headers: &HeaderMap) -> bool {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let key = value
        .and_then(|value| value.split_once(' '))
        .and_then(|(scheme, key)| scheme.eq_ignore_ascii_case("bearer").then_some(key.trim()));
    key.is_some_and(|key| !key.is_empty() && !key.contains("invalid"))
}

//! Routes a request by its path and method.
//!
//! Owns paths, methods, the check of the key, and the headers that every response has. Must not know what a request
//! means.

use crate::{
    body::Received,
    books::{Books, CallRecorder},
    errors,
    fault::{ApiKind, Fault, FaultContext},
    images, models, openai,
    scripted_response::ScriptedResponse,
    settings::Credits,
    shared::Shared,
    turnstile,
};
use contract::money::Nano;
use hyper::{
    HeaderMap, Method, StatusCode,
    body::Bytes,
    header::{self, HeaderName, HeaderValue},
    http::request,
};
use serde_json::json;

/// The headers of every response of the gateway, as recorded.
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

/// The headers of every response of OpenAI.
static OPENAI_HEADERS: [(HeaderName, &str); 3] = [
    (header::SERVER, "cloudflare"),
    (HeaderName::from_static("openai-version"), "2020-10-01"),
    (header::ACCESS_CONTROL_EXPOSE_HEADERS, "X-Request-ID"),
];

/// The widget's script runs in a page of another origin, so that it needs CORS.
static WIDGET_HEADERS: [(HeaderName, &str); 1] = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];

/// The beginning of the path of a single model.
const MODEL: &str = "/v1/models/";

/// The service that a path belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Service {
    Gateway,
    /// OpenAI's own API. It shares the gateway's books and balance.
    OpenAi,
    Siteverify,
    Widget,
    /// The URLs that no client has a reason to fetch.
    Trap,
}

#[derive(Clone, Copy)]
enum Route {
    Models,
    /// One model.
    Model,
    Credits,
    Generations,
    Edits,
    Chat,
}

/// Enters a call, whose head has arrived, into the books of its service.
pub(crate) fn enter(head: &request::Parts, shared: &Shared) -> CallRecorder {
    let path = head.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    Service::of(head.uri.path()).books(shared).enter(&head.method, path, &head.headers)
}

/// The response to one request, which the caller sends after its delay.
pub(crate) async fn respond(
    head: &request::Parts,
    received: Received,
    recorder: &CallRecorder,
    shared: &Shared,
) -> ScriptedResponse {
    let service = Service::of(head.uri.path());
    let mut response = match received {
        Received::Whole(body) => {
            recorder.received(body.clone());
            match service {
                Service::Gateway => gateway(head, body, recorder, shared).await,
                Service::OpenAi => maker(head, body, recorder, shared).await,
                Service::Siteverify | Service::Widget => challenge(head, &body, shared),
                Service::Trap => {
                    ScriptedResponse::new(StatusCode::OK, "text/plain", "This is a trap.\n")
                }
            }
        }
        Received::Early(body) => {
            recorder.received(body);
            let fault = Fault::named("early");
            recorder.fault(fault);
            let refusal = fault.and_then(|fault| fault.refusal(&fault_context(head, shared)));
            refusal.unwrap_or_else(|| ScriptedResponse::empty(StatusCode::INTERNAL_SERVER_ERROR))
        }
        Received::TooLong => ScriptedResponse::empty(StatusCode::PAYLOAD_TOO_LARGE),
        Received::Broken => ScriptedResponse::empty(StatusCode::BAD_REQUEST),
    };
    for (name, value) in service.headers() {
        response.headers.push((name.clone(), HeaderValue::from_static(value)));
    }
    response
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

fn challenge(head: &request::Parts, body: &[u8], shared: &Shared) -> ScriptedResponse {
    match (head.uri.path(), &head.method) {
        (turnstile::SITEVERIFY, &Method::POST) => {
            turnstile::siteverify(&shared.turnstile, &head.headers, body)
        }
        (turnstile::SCRIPT, &Method::GET) => turnstile::script(),
        (turnstile::TOKEN, &Method::GET) => {
            turnstile::token(&shared.turnstile, head.uri.query().unwrap_or_default())
        }
        _ => ScriptedResponse::empty(StatusCode::METHOD_NOT_ALLOWED),
    }
}

/// Handles a call of OpenAI's own API.
async fn maker(
    head: &request::Parts,
    body: Bytes,
    recorder: &CallRecorder,
    shared: &Shared,
) -> ScriptedResponse {
    match shared.fault_state.storm() {
        Some(response) => response,
        None => openai::respond(head, body, has_valid_key(&head.headers), recorder, shared).await,
    }
}

/// What a fault can read of a call without a prompt.
fn fault_context<'a>(head: &'a request::Parts, shared: &'a Shared) -> FaultContext<'a> {
    let api = ApiKind::of(head.uri.path());
    FaultContext { shared, headers: &head.headers, api, generation: "", prompt: "", model: "" }
}

async fn gateway(
    head: &request::Parts,
    body: Bytes,
    recorder: &CallRecorder,
    shared: &Shared,
) -> ScriptedResponse {
    if let Some(response) = shared.fault_state.storm() {
        return response;
    }
    let (method, headers) = (&head.method, &head.headers);
    let route = match head.uri.path() {
        "/v1/models" => Route::Models,
        path if path.starts_with(MODEL) => Route::Model,
        "/v1/credits" => Route::Credits,
        "/v1/images/generations" => Route::Generations,
        "/v1/images/edits" if !shared.settings.no_edits => Route::Edits,
        "/v1/chat/completions" | "/v1/responses" => Route::Chat,
        _ => return errors::no_such_path(),
    };
    if method == Method::OPTIONS {
        return ScriptedResponse::empty(StatusCode::NO_CONTENT);
    }
    let has_key = has_valid_key(headers);
    match (route, method) {
        (Route::Generations, &Method::POST) if has_key => {
            images::generations(headers, &body, recorder, shared).await
        }
        (Route::Edits, &Method::POST) if has_key => {
            images::edits(headers, body, recorder, shared).await
        }
        (Route::Chat, &Method::POST) if has_key => {
            models::refuse_chat(&body, &shared.removed_models)
        }
        (Route::Credits, &Method::GET) if has_key => {
            with_global_fault(credits(shared), head, recorder, shared)
        }
        (Route::Generations | Route::Edits | Route::Chat, &Method::POST)
        | (Route::Credits, &Method::GET) => errors::unauthenticated(),
        (Route::Models | Route::Model, &Method::GET) => {
            with_global_fault(model_response(route, head, shared), head, recorder, shared)
        }
        (Route::Models | Route::Model, &Method::HEAD) => {
            models::head(model_response(route, head, shared))
        }
        _ => ScriptedResponse::empty(StatusCode::METHOD_NOT_ALLOWED),
    }
}

/// The listing of all models, or the entry that the path names.
fn model_response(route: Route, head: &request::Parts, shared: &Shared) -> ScriptedResponse {
    let (removed_models, deprecated) = (&shared.removed_models, &shared.settings.deprecated);
    match head.uri.path().strip_prefix(MODEL) {
        Some(id) if matches!(route, Route::Model) => {
            models::entry(&unescaped(id), removed_models, deprecated)
        }
        _ => models::listing(removed_models, deprecated),
    }
}

/// `GET /v1/credits`: dollars as strings, unless [`crate::Sandbox::answer_credits`] chose another response.
fn credits(shared: &Shared) -> ScriptedResponse {
    let books = &shared.books;
    let balance = match shared.fault_state.credits() {
        Credits::Books => books.balance(),
        Credits::None => Nano::ZERO,
        Credits::Refused => return errors::unauthenticated(),
        Credits::Down => return ScriptedResponse::empty(StatusCode::SERVICE_UNAVAILABLE),
    };
    ScriptedResponse::json(
        StatusCode::OK,
        &json!({ "balance": balance, "total_used": books.charged() }),
    )
}

/// Decodes the percent-encoding of a part of a path. A `%` without two hexadecimal digits is kept.
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

/// The response, changed by the fault that [`crate::Sandbox::fail`] set, if there is one.
fn with_global_fault(
    response: ScriptedResponse,
    head: &request::Parts,
    recorder: &CallRecorder,
    shared: &Shared,
) -> ScriptedResponse {
    let fault = shared.fault_state.fault("");
    recorder.fault(fault);
    let Some(fault) = fault else { return response };
    let context = fault_context(head, shared);
    fault.refusal(&context).unwrap_or_else(|| fault.alter_response(response, &context))
}

/// Accepts any bearer key that is not empty and does not contain `invalid`.
fn has_valid_key(headers: &HeaderMap) -> bool {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let key = value
        .and_then(|value| value.split_once(' '))
        .and_then(|(scheme, key)| scheme.eq_ignore_ascii_case("bearer").then_some(key.trim()));
    key.is_some_and(|key| !key.is_empty() && !key.contains("invalid"))
}

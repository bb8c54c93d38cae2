//! The second personality: the Images API of the model's maker, under `/openai/v1`.
//!
//! Owns its paths, its strictness and its errors. Must not know the gateway: what both share is the maker's work.

mod request;
mod response;
mod stream;

use crate::route::unescaped;
use crate::{
    answer::Answer,
    books::Entry,
    clock,
    edit::{self, Edit, Unreadable},
    errors::{self, Upstream},
    fault::{Scene, Side},
    maker::{self, Order, Wishes},
    models::{self, Model},
    server::Shared,
};
use hyper::{
    HeaderMap, Method, StatusCode,
    body::Bytes,
    header::{HeaderName, HeaderValue},
    http::request::Parts,
};
use request::Asked;
use response::Response;

/// Where it lives.
pub(crate) const PREFIX: &str = "/openai/v1/";

/// What it is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Task {
    Generate,
    Edit,
}

/// Answers one request.
pub(crate) async fn answer(
    head: &Parts,
    body: Bytes,
    has_key: bool,
    entry: &Entry,
    shared: &Shared,
) -> Answer {
    let path = head.uri.path().strip_prefix(PREFIX).unwrap_or_default();
    let one = path.strip_prefix("models/").map(unescaped);
    let (expected, task) = match path {
        "models" => (Method::GET, None),
        _ if one.is_some() => (Method::GET, None),
        "images/generations" => (Method::POST, Some(Task::Generate)),
        "images/edits" => (Method::POST, Some(Task::Edit)),
        _ => return no_such_url(&head.method, path),
    };
    if head.method != expected {
        return not_allowed(&head.method, &expected, path);
    }
    if !has_key {
        return unauthenticated();
    }
    let answer = match task {
        None => listing(one.as_deref(), head, entry, shared),
        Some(task) => match pictures(task, head, body, entry, shared).await {
            Ok(answer) => answer,
            Err(refusal) => refusal,
        },
    };
    // Its own name for the call, which a person may quote.
    let id = HeaderValue::try_from(format!("req_{:032x}", clock::now().0));
    match id {
        Ok(id) => answer.with(HeaderName::from_static("x-request-id"), id),
        Err(_) => answer,
    }
}

async fn pictures(
    task: Task,
    head: &Parts,
    body: Bytes,
    entry: &Entry,
    shared: &Shared,
) -> Result<Answer, Answer> {
    let refused = |error: Upstream| error.answer_directly(StatusCode::BAD_REQUEST);
    let (asked, pictures, mask) = match task {
        Task::Generate => (Asked::read(&body, task).map_err(refused)?, Vec::new(), None),
        Task::Edit => {
            let edit = Edit::read(&head.headers, body).await;
            let Edit { fields, pictures, mask } = edit.map_err(|error| refused(unread(&error)))?;
            (Asked::of(fields, task).map_err(refused)?, pictures, mask)
        }
    };
    check_billing(shared)?;
    let model = find(&asked.model, shared)?;
    let inputs = edit::see(pictures).await.map_err(refused)?;
    if let (Some(mask), Some(picture)) = (mask, inputs.first()) {
        edit::see_mask(mask, picture).await.map_err(refused)?;
    }
    let wishes = Wishes { inputs, ..asked.wishes };
    let order = Order::place(wishes, model, &shared.settings.opaque).map_err(refused)?;

    let prompt = order.prompt.clone();
    let scene = Scene { model: models::bare(model.id), ..scene(&head.headers, shared, &prompt) };
    let fault = shared.weather.fault(&prompt);
    entry.fault(fault);
    if let Some(refusal) = fault.and_then(|fault| fault.refusal(&scene)) {
        return Ok(refusal);
    }
    let streams = order.streams;
    let made = maker::make(order, model, fault, entry, shared).await;
    let response = Response::of(&made);
    let answer = if streams { stream::answer(&response, task) } else { response.answer() };
    Ok(match fault {
        Some(fault) => fault.spoil(answer, &scene),
        None => answer,
    })
}

/// `GET /openai/v1/models` or one of them, which need a key here.
fn listing(id: Option<&str>, head: &Parts, entry: &Entry, shared: &Shared) -> Answer {
    let (catalogue, deprecated) = (&shared.catalogue, &shared.settings.deprecated);
    let answer = match id {
        None => models::plain_listing(catalogue, deprecated),
        Some(id) => models::plain_entry(id, catalogue, deprecated),
    };
    let fault = shared.weather.fault("");
    entry.fault(fault);
    let scene = scene(&head.headers, shared, "");
    match fault {
        Some(fault) => fault.refusal(&scene).unwrap_or_else(|| fault.spoil(answer, &scene)),
        None => answer,
    }
}

fn scene<'a>(headers: &'a HeaderMap, shared: &'a Shared, prompt: &'a str) -> Scene<'a> {
    Scene { shared, headers, side: Side::OpenAi, generation: "", prompt, model: "" }
}

/// Here a model's id goes without its maker.
fn find(id: &str, shared: &Shared) -> Result<&'static Model, Answer> {
    let unknown = || errors::no_such_model(id).answer_directly(StatusCode::NOT_FOUND);
    match models::find(&format!("openai/{id}"), &shared.catalogue) {
        models::Kind::Painter(model) => Ok(model),
        models::Kind::Gone(gone) => Err(errors::gone(id, gone, Side::OpenAi, "")),
        models::Kind::Talker | models::Kind::Unknown => Err(unknown()),
    }
}

fn check_billing(shared: &Shared) -> Result<(), Answer> {
    let error = |r#type, code, message: &str| Upstream {
        message: message.to_owned(),
        r#type,
        param: None,
        code: Some(code),
        moderation_details: None,
    };
    if shared.books.balance().0 == 0 {
        let message =
            "You exceeded your current quota, please check your plan and billing details.";
        let error = error("insufficient_quota", "insufficient_quota", message);
        return Err(error.answer_directly(StatusCode::TOO_MANY_REQUESTS));
    }
    match shared.settings.budget {
        Some(limit) if shared.books.charged() >= limit => {
            let (r#type, code) = ("billing_limit_user_error", "billing_hard_limit_reached");
            let error = error(r#type, code, "Billing hard limit has been reached.");
            Err(error.answer_directly(StatusCode::BAD_REQUEST))
        }
        _ => Ok(()),
    }
}

fn unread(error: &Unreadable) -> Upstream {
    match error {
        Unreadable::Malformed | Unreadable::NoObject => request::unreadable(),
        Unreadable::NoPicture => request::missing("image"),
        Unreadable::WrongType(path) => {
            Upstream::invalid("images", "invalid_type", format!("Invalid type for '{path}'."))
        }
        Unreadable::FileId(path) => {
            let message = format!("Invalid '{path}.file_id': no such File object.");
            Upstream::invalid("images", "invalid_value", message)
        }
        Unreadable::Address(path) => {
            let message =
                format!("Invalid '{path}.image_url': expected an https URL or a data URL.");
            Upstream::invalid("images", "invalid_value", message)
        }
    }
}

fn refusal(status: StatusCode, code: Option<&'static str>, message: String) -> Answer {
    let r#type = "invalid_request_error";
    Upstream { message, r#type, param: None, code, moderation_details: None }
        .answer_directly(status)
}

fn unauthenticated() -> Answer {
    let message =
        "Incorrect API key provided. You can find your API key in your account.".to_owned();
    refusal(StatusCode::UNAUTHORIZED, Some("invalid_api_key"), message)
}

fn no_such_url(method: &Method, path: &str) -> Answer {
    refusal(StatusCode::NOT_FOUND, None, format!("Invalid URL ({method} /v1/{path})"))
}

fn not_allowed(method: &Method, expected: &Method, path: &str) -> Answer {
    let message = format!(
        "Not allowed to {method} on /v1/{path} (HINT: Perhaps you meant to make a {expected} request?)"
    );
    refusal(StatusCode::METHOD_NOT_ALLOWED, Some("method_not_supported"), message)
}

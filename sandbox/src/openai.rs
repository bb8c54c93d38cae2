//! OpenAI's own Images API, under `/openai/v1`.
//!
//! Owns its paths, its strict checks and its errors. Must not know the gateway: both share only `maker`.

mod request;
mod response;
mod stream;

use crate::route::unescaped;
use crate::{
    books::CallRecorder,
    clock,
    edit::{self, EditError, EditRequest},
    errors::{self, MakerError},
    fault::{ApiKind, FaultContext},
    maker::{self, Order, OrderRequest},
    models::{self, Model},
    scripted_response::ScriptedResponse,
    shared::Shared,
};
use hyper::{
    HeaderMap, Method, StatusCode,
    body::Bytes,
    header::{HeaderName, HeaderValue},
    http::request::Parts,
};
use request::OpenAiRequest;
use response::OpenAiResponse;

/// The beginning of its paths.
pub(crate) const PREFIX: &str = "/openai/v1/";

/// The operation that a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ImageTask {
    Generate,
    Edit,
}

/// Handles one request.
pub(crate) async fn respond(
    head: &Parts,
    body: Bytes,
    has_key: bool,
    recorder: &CallRecorder,
    shared: &Shared,
) -> ScriptedResponse {
    let path = head.uri.path().strip_prefix(PREFIX).unwrap_or_default();
    let one = path.strip_prefix("models/").map(unescaped);
    let (expected, task) = match path {
        "models" => (Method::GET, None),
        _ if one.is_some() => (Method::GET, None),
        "images/generations" => (Method::POST, Some(ImageTask::Generate)),
        "images/edits" => (Method::POST, Some(ImageTask::Edit)),
        _ => return no_such_url(&head.method, path),
    };
    if head.method != expected {
        return not_allowed(&head.method, &expected, path);
    }
    if !has_key {
        return unauthenticated();
    }
    let response = match task {
        None => listing(one.as_deref(), head, recorder, shared),
        Some(task) => match pictures(task, head, body, recorder, shared).await {
            Ok(response) => response,
            Err(refusal) => refusal,
        },
    };
    // OpenAI's id of the call, which a person can quote to support.
    let id = HeaderValue::try_from(format!("req_{:032x}", clock::now().0));
    match id {
        Ok(id) => response.with_header(HeaderName::from_static("x-request-id"), id),
        Err(_) => response,
    }
}

async fn pictures(
    task: ImageTask,
    head: &Parts,
    body: Bytes,
    recorder: &CallRecorder,
    shared: &Shared,
) -> Result<ScriptedResponse, ScriptedResponse> {
    let refused = |error: MakerError| error.to_openai_response(StatusCode::BAD_REQUEST);
    let (request, pictures, mask) = match task {
        ImageTask::Generate => {
            (OpenAiRequest::read(&body, task).map_err(refused)?, Vec::new(), None)
        }
        ImageTask::Edit => {
            let edit = EditRequest::read(&head.headers, body).await;
            let EditRequest { fields, pictures, mask } =
                edit.map_err(|error| refused(edit_error(&error)))?;
            (OpenAiRequest::of(fields, task).map_err(refused)?, pictures, mask)
        }
    };
    check_billing(shared)?;
    let model = find_model(&request.model, shared)?;
    let inputs = edit::inspect_all(pictures).await.map_err(refused)?;
    if let (Some(mask), Some(picture)) = (mask, inputs.first()) {
        edit::check_mask(mask, picture).await.map_err(refused)?;
    }
    let order_request = OrderRequest { inputs, ..request.order_request };
    let order = Order::accept(order_request, model, &shared.settings.opaque).map_err(refused)?;

    let prompt = order.prompt.clone();
    let context = FaultContext {
        model: models::without_maker(model.id),
        ..fault_context(&head.headers, shared, &prompt)
    };
    let fault = shared.fault_state.fault(&prompt);
    recorder.fault(fault);
    if let Some(refusal) = fault.and_then(|fault| fault.refusal(&context)) {
        return Ok(refusal);
    }
    let streams = order.streams;
    let completed = maker::fulfil(order, model, fault, recorder, shared).await;
    let body = OpenAiResponse::of(&completed);
    let response = if streams { stream::response(&body, task) } else { body.to_response() };
    Ok(match fault {
        Some(fault) => fault.alter_response(response, &context),
        None => response,
    })
}

/// `GET /openai/v1/models`, or one of its entries. Here they need a key.
fn listing(
    id: Option<&str>,
    head: &Parts,
    recorder: &CallRecorder,
    shared: &Shared,
) -> ScriptedResponse {
    let (removed_models, deprecated) = (&shared.removed_models, &shared.settings.deprecated);
    let response = match id {
        None => models::openai_listing(removed_models, deprecated),
        Some(id) => models::openai_entry(id, removed_models, deprecated),
    };
    let fault = shared.fault_state.fault("");
    recorder.fault(fault);
    let context = fault_context(&head.headers, shared, "");
    match fault {
        Some(fault) => {
            fault.refusal(&context).unwrap_or_else(|| fault.alter_response(response, &context))
        }
        None => response,
    }
}

fn fault_context<'a>(
    headers: &'a HeaderMap,
    shared: &'a Shared,
    prompt: &'a str,
) -> FaultContext<'a> {
    FaultContext { shared, headers, api: ApiKind::OpenAi, generation: "", prompt, model: "" }
}

/// Finds a model; in this API its id has no prefix `openai/`.
fn find_model(id: &str, shared: &Shared) -> Result<&'static Model, ScriptedResponse> {
    let unknown = || errors::no_such_model(id).to_openai_response(StatusCode::NOT_FOUND);
    match models::find(&format!("openai/{id}"), &shared.removed_models) {
        models::ModelLookup::ImageModel(model) => Ok(model),
        models::ModelLookup::Gone(gone) => Err(errors::gone(id, gone, ApiKind::OpenAi, "")),
        models::ModelLookup::LanguageModel | models::ModelLookup::Unknown => Err(unknown()),
    }
}

fn check_billing(shared: &Shared) -> Result<(), ScriptedResponse> {
    let error = |r#type, code, message: &str| MakerError {
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
        return Err(error.to_openai_response(StatusCode::TOO_MANY_REQUESTS));
    }
    match shared.settings.budget {
        Some(limit) if shared.books.charged() >= limit => {
            let (r#type, code) = ("billing_limit_user_error", "billing_hard_limit_reached");
            let error = error(r#type, code, "Billing hard limit has been reached.");
            Err(error.to_openai_response(StatusCode::BAD_REQUEST))
        }
        _ => Ok(()),
    }
}

fn edit_error(error: &EditError) -> MakerError {
    match error {
        EditError::Malformed | EditError::NoObject => request::not_json(),
        EditError::NoPicture => request::missing("image"),
        EditError::WrongType(path) => {
            MakerError::invalid("images", "invalid_type", format!("Invalid type for '{path}'."))
        }
        EditError::FileId(path) => {
            let message = format!("Invalid '{path}.file_id': no such File object.");
            MakerError::invalid("images", "invalid_value", message)
        }
        EditError::Address(path) => {
            let message =
                format!("Invalid '{path}.image_url': expected an https URL or a data URL.");
            MakerError::invalid("images", "invalid_value", message)
        }
    }
}

fn refusal(status: StatusCode, code: Option<&'static str>, message: String) -> ScriptedResponse {
    let r#type = "invalid_request_error";
    MakerError { message, r#type, param: None, code, moderation_details: None }
        .to_openai_response(status)
}

fn unauthenticated() -> ScriptedResponse {
    let message =
        "Incorrect API key provided. You can find your API key in your account.".to_owned();
    refusal(StatusCode::UNAUTHORIZED, Some("invalid_api_key"), message)
}

fn no_such_url(method: &Method, path: &str) -> ScriptedResponse {
    refusal(StatusCode::NOT_FOUND, None, format!("Invalid URL ({method} /v1/{path})"))
}

fn not_allowed(method: &Method, expected: &Method, path: &str) -> ScriptedResponse {
    let message = format!(
        "Not allowed to {method} on /v1/{path} (HINT: Perhaps you meant to make a {expected} request?)"
    );
    refusal(StatusCode::METHOD_NOT_ALLOWED, Some("method_not_supported"), message)
}

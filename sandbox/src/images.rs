//! The gateway's `POST /v1/images/generations` and `POST /v1/images/edits`.
//!
//! Owns the order of checks: schema, billing, model, filters, options, the maker's own rules, faults. Must not know
//! how a picture is painted or how bytes are sent to the client.

mod options;
mod request;
mod response;

use crate::{
    books::CallRecorder,
    clock,
    edit::{self, EditError, EditRequest, InputPicture},
    errors::{self, MakerError},
    fault::{ApiKind, FaultContext},
    identity,
    maker::{self, Order, OrderRequest},
    models::{self, Model},
    scripted_response::ScriptedResponse,
    settings::Settings,
    shared::Shared,
};
use hyper::{HeaderMap, body::Bytes};
use request::{GatewayRequest, wrong_type};
use response::ImagesResponse;
use serde_json::{Value, json};

/// The pictures and the mask of an edit; empty for a new picture.
#[derive(Default)]
struct EditInputs {
    pictures: Vec<InputPicture>,
    mask: Option<InputPicture>,
}

/// Handles one request for new pictures, and charges for them.
pub(crate) async fn generations(
    headers: &HeaderMap,
    body: &[u8],
    recorder: &CallRecorder,
    shared: &Shared,
) -> ScriptedResponse {
    match GatewayRequest::read(body) {
        Ok(request) => respond(request, EditInputs::default(), headers, recorder, shared).await,
        Err(refusal) => refusal,
    }
}

/// Handles one request to edit pictures, and charges for it.
pub(crate) async fn edits(
    headers: &HeaderMap,
    body: Bytes,
    recorder: &CallRecorder,
    shared: &Shared,
) -> ScriptedResponse {
    let EditRequest { fields, pictures, mask } = match EditRequest::read(headers, body).await {
        Ok(edit) => edit,
        Err(unreadable) => return refuse(&unreadable),
    };
    match GatewayRequest::of(fields) {
        Ok(request) => {
            respond(request, EditInputs { pictures, mask }, headers, recorder, shared).await
        }
        Err(refusal) => refusal,
    }
}

async fn respond(
    request: GatewayRequest,
    edit_inputs: EditInputs,
    headers: &HeaderMap,
    recorder: &CallRecorder,
    shared: &Shared,
) -> ScriptedResponse {
    let generation = identity::generation_id(clock::now());
    let (model, order, warnings) = match check(request, edit_inputs, shared, &generation).await {
        Ok(accepted) => accepted,
        Err(refusal) => return refusal,
    };
    let prompt = order.prompt.clone();
    let api = ApiKind::Gateway;
    let context = FaultContext {
        shared,
        headers,
        api,
        generation: &generation,
        prompt: &prompt,
        model: model.id,
    };
    let fault = shared.fault_state.fault(&prompt);
    recorder.fault(fault);
    if let Some(refusal) = fault.and_then(|fault| fault.refusal(&context)) {
        return refusal;
    }
    let completed = maker::fulfil(order, model, fault, recorder, shared).await;
    let quirks = shared.settings.quirks;
    let (completed, generation, warnings) = (&completed, &*generation, &*warnings);
    let response = ImagesResponse { completed, generation, quirks, warnings }.to_response();
    match fault {
        Some(fault) => fault.alter_response(response, &context),
        None => response,
    }
}

/// Every check before the work, in the order that was observed of the real gateway.
async fn check(
    request: GatewayRequest,
    edit_inputs: EditInputs,
    shared: &Shared,
    generation: &str,
) -> Result<(&'static Model, Order, Vec<Value>), ScriptedResponse> {
    let settings = &shared.settings;
    check_billing(shared)?;
    let model = match models::find(&request.model, &shared.removed_models) {
        models::ModelLookup::ImageModel(model) => model,
        models::ModelLookup::LanguageModel => return Err(errors::language_model(&request.model)),
        models::ModelLookup::Gone(gone) => {
            return Err(errors::gone(&request.model, gone, ApiKind::Gateway, generation));
        }
        models::ModelLookup::Unknown => return Err(errors::model_not_found(&request.model)),
    };
    options::check_filters(&request.gateway)?;
    let options = options::read_openai(&request.openai)?;
    let order_request = options.into_order_request(request, settings.quirks);
    let mut warnings = Vec::new();
    let order = place_order(order_request, edit_inputs, model, settings, &mut warnings).await;
    order
        .map(|order| (model, order, warnings))
        .map_err(|error| error.to_gateway_response(settings.quirks.upstream_errors, generation))
}

/// Applies the maker's rules to the request.
async fn place_order(
    order_request: OrderRequest,
    edit_inputs: EditInputs,
    model: &Model,
    settings: &Settings,
    warnings: &mut Vec<Value>,
) -> Result<Order, MakerError> {
    let inputs = edit::inspect_all(edit_inputs.pictures).await?;
    match (edit_inputs.mask, inputs.first()) {
        (Some(_), _) if settings.maskless.iter().any(|id| id == model.id) => {
            warnings.push(json!({
                "type": "unsupported", "feature": "mask",
                "details": "This model does not support masks. The prompt is applied to the whole image.",
            }));
        }
        (Some(mask), Some(picture)) => edit::check_mask(mask, picture).await?,
        _ => {}
    }
    Order::accept(OrderRequest { inputs, ..order_request }, model, &settings.opaque)
}

fn refuse(unreadable: &EditError) -> ScriptedResponse {
    let issue = |path: &[&str], expected| errors::schema(vec![wrong_type(path, expected, None)]);
    match unreadable {
        EditError::Malformed => errors::not_json(),
        EditError::NoObject => issue(&[], "object"),
        EditError::NoPicture => issue(&["images"], "array"),
        EditError::WrongType(path) => issue(&[path], "object"),
        EditError::FileId(path) => errors::invalid_request(&format!(
            "{path}.file_id is not supported: AI Gateway does not implement the Files API."
        )),
        EditError::Address(path) => errors::invalid_request(&format!(
            "{path}.image_url must be an https URL or a base64 data URL."
        )),
    }
}

fn check_billing(shared: &Shared) -> Result<(), ScriptedResponse> {
    let Settings { budget, .. } = shared.settings;
    let spent = shared.books.charged();
    match budget {
        _ if shared.books.balance().0 == 0 => Err(errors::insufficient_funds()),
        Some(limit) if spent >= limit => Err(errors::over_budget(spent, limit)),
        _ => Ok(()),
    }
}

//! The gateway's `POST /v1/images/generations` and `POST /v1/images/edits`.
//!
//! Owns the order of checks: schema, billing, model, filters, options, the maker's own rules, faults. Must not know
//! how a picture is painted or how bytes reach the client.

mod options;
mod request;
mod response;

use crate::{
    answer::Answer,
    books::Entry,
    clock,
    edit::{self, Edit, Given, Unreadable},
    errors::{self, Upstream},
    fault::{Scene, Side},
    identity,
    maker::{self, Order, Wishes},
    models::{self, Model},
    server::Shared,
    settings::Settings,
};
use hyper::{HeaderMap, body::Bytes};
use request::{Request, wrong_type};
use response::Response;
use serde_json::{Value, json};

/// A request for pictures that has been read.
#[derive(Default)]
struct Asked {
    pictures: Vec<Given>,
    mask: Option<Given>,
}

/// Answers one request for new pictures, and charges for them.
pub(crate) async fn generations(
    headers: &HeaderMap,
    body: &[u8],
    entry: &Entry,
    shared: &Shared,
) -> Answer {
    match Request::read(body) {
        Ok(request) => answer(request, Asked::default(), headers, entry, shared).await,
        Err(refusal) => refusal,
    }
}

/// Answers one request to change pictures, and charges for it.
pub(crate) async fn edits(
    headers: &HeaderMap,
    body: Bytes,
    entry: &Entry,
    shared: &Shared,
) -> Answer {
    let Edit { fields, pictures, mask } = match Edit::read(headers, body).await {
        Ok(edit) => edit,
        Err(unreadable) => return refuse(&unreadable),
    };
    match Request::of(fields) {
        Ok(request) => answer(request, Asked { pictures, mask }, headers, entry, shared).await,
        Err(refusal) => refusal,
    }
}

async fn answer(
    request: Request,
    asked: Asked,
    headers: &HeaderMap,
    entry: &Entry,
    shared: &Shared,
) -> Answer {
    let generation = identity::generation_id(clock::now());
    let (model, order, warnings) = match check(request, asked, shared, &generation).await {
        Ok(accepted) => accepted,
        Err(refusal) => return refusal,
    };
    let prompt = order.prompt.clone();
    let side = Side::Gateway;
    let scene =
        Scene { shared, headers, side, generation: &generation, prompt: &prompt, model: model.id };
    let fault = shared.weather.fault(&prompt);
    entry.fault(fault);
    if let Some(refusal) = fault.and_then(|fault| fault.refusal(&scene)) {
        return refusal;
    }
    let made = maker::make(order, model, fault, entry, shared).await;
    let quirks = shared.settings.quirks;
    let (made, generation, warnings) = (&made, &*generation, &*warnings);
    let answer = Response { made, generation, quirks, warnings }.answer();
    match fault {
        Some(fault) => fault.spoil(answer, &scene),
        None => answer,
    }
}

/// Every check before the work, in the order that was seen of the real gateway.
async fn check(
    request: Request,
    asked: Asked,
    shared: &Shared,
    generation: &str,
) -> Result<(&'static Model, Order, Vec<Value>), Answer> {
    let settings = &shared.settings;
    check_billing(shared)?;
    let model = match models::find(&request.model, &shared.catalogue) {
        models::Kind::Painter(model) => model,
        models::Kind::Talker => return Err(errors::language_model(&request.model)),
        models::Kind::Gone(gone) => {
            return Err(errors::gone(&request.model, gone, Side::Gateway, generation));
        }
        models::Kind::Unknown => return Err(errors::model_not_found(&request.model)),
    };
    options::check_filters(&request.gateway)?;
    let options = options::read_openai(&request.openai)?;
    let wishes = options.into_wishes(request, settings.quirks);
    let mut warnings = Vec::new();
    let order = order(wishes, asked, model, settings, &mut warnings).await;
    order
        .map(|order| (model, order, warnings))
        .map_err(|error| error.answer(settings.quirks.upstream_errors, generation))
}

/// What the maker makes of it.
async fn order(
    wishes: Wishes,
    asked: Asked,
    model: &Model,
    settings: &Settings,
    warnings: &mut Vec<Value>,
) -> Result<Order, Upstream> {
    let inputs = edit::see(asked.pictures).await?;
    match (asked.mask, inputs.first()) {
        (Some(_), _) if settings.maskless.iter().any(|id| id == model.id) => {
            warnings.push(json!({
                "type": "unsupported", "feature": "mask",
                "details": "This model does not support masks. The prompt is applied to the whole image.",
            }));
        }
        (Some(mask), Some(picture)) => edit::see_mask(mask, picture).await?,
        _ => {}
    }
    Order::place(Wishes { inputs, ..wishes }, model, &settings.opaque)
}

fn refuse(unreadable: &Unreadable) -> Answer {
    let issue = |path: &[&str], expected| errors::schema(vec![wrong_type(path, expected, None)]);
    match unreadable {
        Unreadable::Malformed => errors::not_json(),
        Unreadable::NoObject => issue(&[], "object"),
        Unreadable::NoPicture => issue(&["images"], "array"),
        Unreadable::WrongType(path) => issue(&[path], "object"),
        Unreadable::FileId(path) => errors::invalid_request(&format!(
            "{path}.file_id is not supported: AI Gateway does not implement the Files API."
        )),
        Unreadable::Address(path) => errors::invalid_request(&format!(
            "{path}.image_url must be an https URL or a base64 data URL."
        )),
    }
}

fn check_billing(shared: &Shared) -> Result<(), Answer> {
    let Settings { budget, .. } = shared.settings;
    let spent = shared.books.charged();
    match budget {
        _ if shared.books.balance().0 == 0 => Err(errors::insufficient_funds()),
        Some(limit) if spent >= limit => Err(errors::over_budget(spent, limit)),
        _ => Ok(()),
    }
}

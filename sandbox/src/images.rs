//! The gateway's `POST /v1/images/generations`.
//!
//! Owns the order of checks: schema, billing, model, filters, options, the maker's own rules, faults. Must not know
//! how a picture is painted or how bytes reach the client.

mod options;
mod request;
mod response;

use crate::{
    answer::Answer,
    books::Entry,
    clock, errors,
    fault::{Scene, Side},
    identity,
    maker::{self, Order},
    models,
    server::Shared,
    settings::Settings,
};
use hyper::HeaderMap;
use request::Request;
use response::Response;

/// Answers one request for pictures, and charges for them.
pub(crate) async fn generations(
    headers: &HeaderMap,
    body: &[u8],
    entry: &Entry,
    shared: &Shared,
) -> Answer {
    let generation = identity::generation_id(clock::now());
    let (model, order) = match check(body, shared, &generation) {
        Ok(accepted) => accepted,
        Err(refusal) => return refusal,
    };
    let prompt = order.prompt.clone();
    let scene =
        Scene { shared, headers, side: Side::Gateway, generation: &generation, prompt: &prompt };
    let fault = shared.weather.fault(&prompt);
    entry.fault(fault);
    if let Some(refusal) = fault.and_then(|fault| fault.refusal(&scene)) {
        return refusal;
    }
    let made = maker::make(order, model, fault, entry, shared).await;
    let quirks = shared.settings.quirks;
    let answer = Response { made: &made, generation: &generation, quirks }.answer();
    match fault {
        Some(fault) => fault.spoil(answer, &scene),
        None => answer,
    }
}

/// Every check before the work, in the order that was seen of the real gateway.
fn check(
    body: &[u8],
    shared: &Shared,
    generation: &str,
) -> Result<(&'static models::Model, Order), Answer> {
    let settings = &shared.settings;
    let request = Request::read(body)?;
    check_billing(shared)?;
    let model = match models::find(&request.model, &settings.gone) {
        models::Kind::Painter(model) => model,
        models::Kind::Talker => return Err(errors::language_model(&request.model)),
        models::Kind::Unknown => return Err(errors::model_not_found(&request.model)),
    };
    options::check_filters(&request.gateway)?;
    let options = options::read_openai(&request.openai)?;
    Order::place(options.into_wishes(request, settings.quirks))
        .map(|order| (model, order))
        .map_err(|error| error.answer(settings.quirks.upstream_errors, generation))
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

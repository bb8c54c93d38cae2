//! `POST /v1/images/generations`.
//!
//! Owns the order of checks: schema, billing, model, filters, options, the maker's own rules, faults. Must not know
//! how a picture is painted or how bytes reach the client.

mod options;
mod order;
mod request;
mod response;

use crate::{
    answer::Answer, books::Entry, clock, errors, fault::Fault, identity, models, server::Shared,
    settings::Settings, tokens,
};
use order::Order;
use request::Request;
use response::Made;
use std::sync::Arc;
use tokio::time::Instant;

/// Answers one request for pictures, and charges for them.
pub(crate) async fn answer(body: &[u8], entry: &Entry, shared: &Arc<Shared>) -> Answer {
    let began = (Instant::now(), clock::now());
    let generation = identity::generation_id(began.1);
    let (model, order) = match check(body, shared, &generation) {
        Ok(accepted) => accepted,
        Err(refusal) => return refusal,
    };
    let settings = &shared.settings;
    let fault = Fault::in_prompt(&order.prompt);
    entry.fault(fault);
    if let Some(refusal) = fault.and_then(|fault| fault.refusal(settings, &generation)) {
        return refusal;
    }

    // From here on the maker works, and is paid, whether or not anyone waits for the answer.
    let text_tokens = tokens::of_text(&order.prompt);
    let picture_tokens = order.picture_tokens * u64::from(order.count);
    let cost = match settings.charge {
        Some(charge) => charge(order.size, order.quality, order.count),
        None => model.price(text_tokens, picture_tokens),
    };
    entry.charge(cost);
    let pictures = shared.album.pictures(order.prints()).await;
    tokio::time::sleep_until(began.0 + settings.pace.of(order.quality)).await;
    shared.released().await;

    let made = Made { model, order, text_tokens, picture_tokens, cost, generation, began: began.1 };
    let answer = made.answer(&pictures, settings.quirks);
    let Some(fault) = fault else {
        entry.pictures(pictures);
        return answer;
    };
    if !fault.spoils_pictures() {
        entry.pictures(pictures);
    }
    fault.spoil(answer, settings)
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
    let mut options = options::read_openai(&request.openai)?;
    options.add_top_level(&request, settings.quirks);
    Order::place(request, &options)
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

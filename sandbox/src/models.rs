//! The models, and what their tokens cost.
//!
//! Owns the response of `/v1/models`, the prices in it, and the peculiarities of single models. Must not know how an
//! order is handled.

mod family;
mod removed;

pub(crate) use family::{Effort, Family};
pub use removed::Gone;
pub(crate) use removed::RemovedModels;

use crate::{errors, scripted_response::ScriptedResponse};
use contract::{
    money::{Nano, PerMillion},
    time::Timestamp,
};
use hyper::StatusCode;
use serde_json::{Value, json};
use std::collections::VecDeque;

/// The response of `GET /v1/models`. The first four `openai/gpt-image-*` entries are byte for byte as recorded on
/// 2026-08-22. The later ones are modelled on the newest of them: ids and prices are published, texts and dates are not
/// recorded.
const LISTING: &str = include_str!("../data/models.json");

/// An image model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Model {
    pub(crate) id: &'static str,
    pub(crate) family: Family,
    /// The values of `input_fidelity` that it accepts; empty for a model whose fidelity is always high.
    pub(crate) fidelities: &'static [&'static str],
    /// Whether it sends partial pictures if they are asked for.
    pub(crate) sends_partials: bool,
    text_in: PerMillion,
    /// The price of input pictures, which `/v1/models` does not state.
    image_in: PerMillion,
    image_out: PerMillion,
}

/// A model of the second generation; all of them have the same prices.
const fn second_generation(id: &'static str, family: Family) -> Model {
    let (text_in, image_in, image_out) = (usd(5), usd(8), usd(30));
    Model { id, family, fidelities: &[], sends_partials: true, text_in, image_in, image_out }
}

/// The image models that accept requests. `openai/gpt-image-1` is in the listing, but was shut down on 2026-10-23.
const IMAGE_MODELS: [Model; 7] = [
    Model {
        id: "openai/gpt-image-1-mini",
        family: Family::One,
        fidelities: &["low"],
        sends_partials: true,
        text_in: usd(2),
        image_in: cents(250),
        image_out: usd(8),
    },
    Model {
        id: "openai/gpt-image-1.5",
        family: Family::One,
        fidelities: &["low", "high"],
        sends_partials: true,
        text_in: usd(5),
        image_in: usd(8),
        image_out: usd(32),
    },
    second_generation("openai/gpt-image-2", Family::Two),
    // It sends no partial pictures (measured on 2026-09-23); `sunburst` does.
    Model {
        sends_partials: false,
        ..second_generation("openai/gpt-image-2.5-flare", Family::TwoFive)
    },
    second_generation("openai/gpt-image-2.5-sunburst", Family::TwoFive),
    second_generation("openai/gpt-image-2.6-flare", Family::TwoSix),
    second_generation("openai/gpt-image-2.6-sunburst", Family::TwoSix),
];

/// The beginnings of the ids of language models.
const LANGUAGE_MODEL_PREFIXES: [&str; 4] =
    ["google/gemini-", "openai/gpt-5", "anthropic/claude-", "openai/gpt-4"];

/// What is found for a model's id.
pub(crate) enum ModelLookup {
    ImageModel(&'static Model),
    LanguageModel,
    /// It was removed; requests for it are refused in this form.
    Gone(Gone),
    Unknown,
}

/// `GET /v1/models`: the recorded bytes, unless models were removed or have a date of deprecation.
pub(crate) fn listing(
    removed_models: &RemovedModels,
    deprecated: &[(String, Timestamp)],
) -> ScriptedResponse {
    let whole = entries();
    let listed_entries = listed_entries(removed_models, deprecated);
    if listed_entries == whole {
        return ScriptedResponse::new(StatusCode::OK, "application/json", LISTING);
    }
    ScriptedResponse::json(StatusCode::OK, &json!({ "object": "list", "data": listed_entries }))
}

/// `GET /v1/models/{creator}/{model}`: the model's entry of the listing.
pub(crate) fn entry(
    id: &str,
    removed_models: &RemovedModels,
    deprecated: &[(String, Timestamp)],
) -> ScriptedResponse {
    let entry =
        listed_entries(removed_models, deprecated).into_iter().find(|entry| has_id(entry, id));
    entry.map_or_else(
        || errors::model_not_found(id),
        |entry| ScriptedResponse::json(StatusCode::OK, &entry),
    )
}

/// `GET /openai/v1/models`: ids without the prefix `openai/`.
pub(crate) fn openai_listing(
    removed_models: &RemovedModels,
    deprecated: &[(String, Timestamp)],
) -> ScriptedResponse {
    let there = IMAGE_MODELS.iter().filter(|model| removed_models.is_listed(model.id));
    let entries: Vec<Value> = there.map(|model| openai_model(model, deprecated)).collect();
    ScriptedResponse::json(StatusCode::OK, &json!({ "object": "list", "data": entries }))
}

/// `GET /openai/v1/models/{model}`: the model's entry of that listing.
pub(crate) fn openai_entry(
    id: &str,
    removed_models: &RemovedModels,
    deprecated: &[(String, Timestamp)],
) -> ScriptedResponse {
    let known =
        |model: &&Model| without_maker(model.id) == id && removed_models.is_listed(model.id);
    IMAGE_MODELS.iter().find(known).map_or_else(
        || errors::no_such_model(id).to_openai_response(StatusCode::NOT_FOUND),
        |model| ScriptedResponse::json(StatusCode::OK, &openai_model(model, deprecated)),
    )
}

/// `HEAD` of any of these paths: the response without its body.
pub(crate) fn head(response: ScriptedResponse) -> ScriptedResponse {
    ScriptedResponse { script: VecDeque::new(), ..response }
}

/// `POST /v1/chat/completions` and `/v1/responses`: always an error, since the sandbox has no language model.
pub(crate) fn refuse_chat(body: &[u8], removed_models: &RemovedModels) -> ScriptedResponse {
    let Ok(request) = serde_json::from_slice::<Value>(body) else {
        return errors::not_json();
    };
    let Some(model) = request.get("model").and_then(Value::as_str) else {
        return errors::schema(vec![json!({
            "code": "invalid_type", "expected": "string", "path": ["model"],
            "message": "Invalid input: expected string, received undefined",
        })]);
    };
    match find(model, removed_models) {
        ModelLookup::ImageModel(model) => errors::image_model(model.id),
        ModelLookup::LanguageModel | ModelLookup::Gone(_) | ModelLookup::Unknown => {
            errors::model_not_found(model)
        }
    }
}

/// Finds the model with this id.
pub(crate) fn find(id: &str, removed_models: &RemovedModels) -> ModelLookup {
    if let Some(gone) = removed_models.refusal_kind(id) {
        return ModelLookup::Gone(gone);
    }
    match IMAGE_MODELS.iter().find(|model| model.id == id) {
        Some(model) => ModelLookup::ImageModel(model),
        None if LANGUAGE_MODEL_PREFIXES.iter().any(|family| id.starts_with(family)) => {
            ModelLookup::LanguageModel
        }
        None => ModelLookup::Unknown,
    }
}

/// A model's id as its maker writes it: without the prefix `openai/`.
pub(crate) fn without_maker(id: &str) -> &str {
    id.strip_prefix("openai/").unwrap_or(id)
}

impl Model {
    /// The price of this many tokens of each kind.
    pub(crate) fn price(&self, text_in: u64, image_in: u64, image_out: u64) -> Nano {
        let parts =
            [(self.text_in, text_in), (self.image_in, image_in), (self.image_out, image_out)];
        let cost =
            |(price, tokens): (PerMillion, u64)| price.cost(tokens).map_or(u64::MAX, |cost| cost.0);
        Nano(parts.into_iter().map(cost).fold(0, u64::saturating_add))
    }
}

/// Every entry of the listing.
fn entries() -> Vec<Value> {
    let listing: Value = serde_json::from_str(LISTING).unwrap_or_default();
    listing.get("data").and_then(Value::as_array).cloned().unwrap_or_default()
}

/// The entries of models that are not removed, with `deprecated_at` in milliseconds where a model has an end.
fn listed_entries(
    removed_models: &RemovedModels,
    deprecated: &[(String, Timestamp)],
) -> Vec<Value> {
    let mut entries = entries();
    entries.retain(|entry| {
        entry.get("id").and_then(Value::as_str).is_some_and(|id| removed_models.is_listed(id))
    });
    for entry in &mut entries {
        let end = deprecated.iter().find(|(id, _)| has_id(entry, id)).map(|(_, end)| end.0);
        if let (Some(members), Some(end)) = (entry.as_object_mut(), end) {
            members.insert("deprecated_at".into(), end.into());
        }
    }
    entries
}

fn has_id(entry: &Value, id: &str) -> bool {
    entry.get("id").is_some_and(|known| known == id)
}

/// A model's entry as the maker writes it, with the model's end as the date `shutdown_date`.
fn openai_model(model: &Model, deprecated: &[(String, Timestamp)]) -> Value {
    let mut entry = json!({
        "id": without_maker(model.id), "object": "model", "created": 1_755_815_280, "owned_by": "system",
    });
    let end = deprecated.iter().find(|(id, _)| id == model.id);
    if let (Some(members), Some((_, end))) = (entry.as_object_mut(), end) {
        let (year, month, day) = end.day().civil();
        members.insert("shutdown_date".into(), format!("{year:04}-{month:02}-{day:02}").into());
    }
    entry
}

const fn usd(dollars: u64) -> PerMillion {
    cents(dollars * 100)
}

const fn cents(cents: u64) -> PerMillion {
    PerMillion(Nano(cents * (Nano::USD.0 / 100)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_those_of_the_listing() {
        for model in IMAGE_MODELS {
            let entries = entries();
            let entry = entries.iter().find(|entry| has_id(entry, model.id)).unwrap();
            for (price, key) in [(model.text_in, "input"), (model.image_out, "output")] {
                let token: Nano = entry["pricing"][key].as_str().unwrap().parse().unwrap();
                assert_eq!(token.checked_mul(1_000_000), Some(price.0), "{} {key}", model.id);
            }
        }
    }
}

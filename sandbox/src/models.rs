//! Which models there are, and what their tokens cost.
//!
//! Owns the listing of `/v1/models`, kept as it was recorded on 2026-08-22, and the prices in it. Must not know what
//! a model can be asked for.

use crate::{answer::Answer, errors};
use contract::{
    money::{Nano, PerMillion},
    time::Timestamp,
};
use hyper::StatusCode;
use serde_json::{Value, json};
use std::collections::VecDeque;

/// The four `openai/gpt-image-*` entries, byte for byte.
const LISTING: &str = include_str!("../data/models.json");

/// A model that paints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Model {
    pub(crate) id: &'static str,
    text_in: PerMillion,
    /// Not in the listing (gateway.md §10).
    picture_in: PerMillion,
    out: PerMillion,
}

/// `openai/gpt-image-1` is in the listing, but was shut down on 2026-10-23.
const PAINTERS: [Model; 3] = [
    Model { id: "openai/gpt-image-1-mini", text_in: usd(2), picture_in: cents(250), out: usd(8) },
    Model { id: "openai/gpt-image-1.5", text_in: usd(5), picture_in: usd(8), out: usd(32) },
    Model { id: "openai/gpt-image-2", text_in: usd(5), picture_in: usd(8), out: usd(30) },
];

/// Makers and families of which every model talks.
const TALKERS: [&str; 4] = ["google/gemini-", "openai/gpt-5", "anthropic/claude-", "openai/gpt-4"];

/// What an id stands for.
pub(crate) enum Kind {
    Painter(&'static Model),
    Talker,
    Unknown,
}

/// `GET /v1/models`: byte for byte as recorded, but for the ends of models that are told.
pub(crate) fn listing(deprecated: &[(String, Timestamp)]) -> Answer {
    if deprecated.is_empty() {
        return Answer::of(StatusCode::OK, "application/json", LISTING);
    }
    let mut listing: Value = serde_json::from_str(LISTING).unwrap_or_default();
    let entries = listing.get_mut("data").and_then(Value::as_array_mut);
    for entry in entries.into_iter().flatten().filter_map(Value::as_object_mut) {
        let end =
            deprecated.iter().find(|(id, _)| entry.get("id").is_some_and(|known| known == id));
        if let Some((_, end)) = end {
            entry.insert("deprecated_at".into(), end.0.into());
        }
    }
    Answer::json(StatusCode::OK, &listing)
}

/// `GET /openai/v1/models`: ids without their maker.
pub(crate) fn plain_listing(gone: &[String]) -> Answer {
    let there = PAINTERS.iter().filter(|model| !gone.iter().any(|gone| gone == model.id));
    let entry = |model: &Model| {
        let id = model.id.trim_start_matches("openai/");
        json!({ "id": id, "object": "model", "created": 1_755_815_280, "owned_by": "system" })
    };
    let entries: Vec<Value> = there.map(entry).collect();
    Answer::json(StatusCode::OK, &json!({ "object": "list", "data": entries }))
}

/// `HEAD /v1/models`: the same without a body.
pub(crate) fn listing_head() -> Answer {
    Answer { script: VecDeque::new(), ..listing(&[]) }
}

/// `POST /v1/chat/completions` and `/v1/responses`: no model here talks.
pub(crate) fn refuse_to_talk(body: &[u8], gone: &[String]) -> Answer {
    let Ok(request) = serde_json::from_slice::<Value>(body) else {
        return errors::not_json();
    };
    let Some(model) = request.get("model").and_then(Value::as_str) else {
        return errors::schema(vec![json!({
            "code": "invalid_type", "expected": "string", "path": ["model"],
            "message": "Invalid input: expected string, received undefined",
        })]);
    };
    match find(model, gone) {
        Kind::Painter(model) => errors::image_model(model.id),
        Kind::Talker | Kind::Unknown => errors::model_not_found(model),
    }
}

/// Looks an id up; one that is `gone` is unknown.
pub(crate) fn find(id: &str, gone: &[String]) -> Kind {
    if gone.iter().any(|gone| gone == id) {
        return Kind::Unknown;
    }
    match PAINTERS.iter().find(|model| model.id == id) {
        Some(model) => Kind::Painter(model),
        None if TALKERS.iter().any(|family| id.starts_with(family)) => Kind::Talker,
        None => Kind::Unknown,
    }
}

impl Model {
    /// What so many tokens cost.
    pub(crate) fn price(&self, text_in: u64, picture_in: u64, out: u64) -> Nano {
        let parts = [(self.text_in, text_in), (self.picture_in, picture_in), (self.out, out)];
        let cost =
            |(price, tokens): (PerMillion, u64)| price.cost(tokens).map_or(u64::MAX, |cost| cost.0);
        Nano(parts.into_iter().map(cost).fold(0, u64::saturating_add))
    }
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
        let listing: serde_json::Value = serde_json::from_str(LISTING).unwrap();
        for model in PAINTERS {
            let entries = listing["data"].as_array().unwrap();
            let entry = entries.iter().find(|entry| entry["id"] == model.id).unwrap();
            for (price, key) in [(model.text_in, "input"), (model.out, "output")] {
                let token: Nano = entry["pricing"][key].as_str().unwrap().parse().unwrap();
                assert_eq!(token.checked_mul(1_000_000), Some(price.0), "{} {key}", model.id);
            }
        }
    }
}

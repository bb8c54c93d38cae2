//! Which models there are, and what their tokens cost.
//!
//! Owns the listing of `/v1/models`, kept as it was recorded on 2026-08-22, and the prices in it. Must not know what
//! a model can be asked for.

use crate::{answer::Answer, errors};
use contract::money::{Nano, PerMillion};
use hyper::StatusCode;
use std::collections::VecDeque;

/// The four `openai/gpt-image-*` entries, byte for byte.
const LISTING: &str = include_str!("../data/models.json");

/// A model that paints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Model {
    pub(crate) id: &'static str,
    text_in: PerMillion,
    out: PerMillion,
}

/// `openai/gpt-image-1` is in the listing, but was shut down on 2026-10-23.
const PAINTERS: [Model; 3] = [
    Model { id: "openai/gpt-image-1-mini", text_in: usd(2), out: usd(8) },
    Model { id: "openai/gpt-image-1.5", text_in: usd(5), out: usd(32) },
    Model { id: "openai/gpt-image-2", text_in: usd(5), out: usd(30) },
];

/// Makers and families of which every model talks.
const TALKERS: [&str; 4] = ["google/gemini-", "openai/gpt-5", "anthropic/claude-", "openai/gpt-4"];

/// What an id stands for.
pub(crate) enum Kind {
    Painter(&'static Model),
    Talker,
    Unknown,
}

/// `GET /v1/models`.
pub(crate) fn listing() -> Answer {
    Answer::of(StatusCode::OK, "application/json", LISTING)
}

/// `HEAD /v1/models`: the same without a body.
pub(crate) fn listing_head() -> Answer {
    Answer { script: VecDeque::new(), ..listing() }
}

/// `POST /v1/chat/completions` and `/v1/responses`: no model here talks.
pub(crate) fn refuse_to_talk(body: &[u8], gone: &[String]) -> Answer {
    let Ok(request) = serde_json::from_slice::<serde_json::Value>(body) else {
        return errors::not_json();
    };
    let Some(model) = request.get("model").and_then(serde_json::Value::as_str) else {
        return errors::schema(vec![serde_json::json!({
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
    pub(crate) fn price(&self, text_in: u64, out: u64) -> Nano {
        let part = |price: PerMillion, tokens| price.cost(tokens).unwrap_or(Nano(u64::MAX));
        Nano(part(self.text_in, text_in).0.saturating_add(part(self.out, out).0))
    }
}

const fn usd(dollars: u64) -> PerMillion {
    PerMillion(Nano(dollars * Nano::USD.0))
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

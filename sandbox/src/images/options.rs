//! `providerOptions`: the gateway's filters, and the options that are passed on to the model's maker.
//!
//! Owns the keys, in camelCase. Unknown keys are dropped, so that `output_format` has no effect; a wrong value of a
//! known key is an error. Must not know which of the schema's values a model accepts.

use super::request::{GatewayRequest, whole, wrong_type};
use crate::{errors, maker::OrderRequest, scripted_response::ScriptedResponse, settings::Quirks};
use serde_json::{Map, Value, json};

/// What is passed on to the maker besides the prompt.
#[derive(Debug, Default)]
pub(super) struct Options {
    pub(super) quality: Option<String>,
    pub(super) background: Option<String>,
    pub(super) format: Option<String>,
    pub(super) compression: Option<i64>,
}

/// Keys of the provider's schema whose value is one of a fixed list of words.
const WORD_OPTIONS: [(&str, &[&str]); 5] = [
    ("quality", &["auto", "low", "medium", "high", "xhigh", "max", "standard", "hd"]),
    ("background", &["auto", "transparent", "opaque"]),
    ("outputFormat", &["png", "jpeg", "webp", "gif"]),
    ("moderation", &["auto", "low"]),
    ("style", &["vivid", "natural"]),
];

/// Fails if no provider passes the request's own filters. Every gpt-image model has one provider: `openai`.
pub(super) fn check_filters(gateway: &Map<String, Value>) -> Result<(), ScriptedResponse> {
    if gateway.get("zeroDataRetention") == Some(&Value::Bool(true)) {
        return Err(errors::no_providers(
            "No providers with zero data retention are available for this model.",
        ));
    }
    match gateway.get("only").and_then(Value::as_array) {
        Some(only) if !only.iter().any(|provider| provider == "openai") => {
            Err(errors::no_providers(
                "No allowed providers are available for this model. Available providers: openai.",
            ))
        }
        _ => Ok(()),
    }
}

/// Reads `providerOptions.openai` as the provider's schema does.
pub(super) fn read_openai(openai: &Map<String, Value>) -> Result<Options, ScriptedResponse> {
    let mut issues = Vec::new();
    for (key, words) in WORD_OPTIONS {
        if let Some(value) = openai.get(key)
            && !value.as_str().is_some_and(|word| words.contains(&word))
        {
            let expected: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
            issues.push(json!({
                "code": "invalid_value", "values": words, "path": [key],
                "message": format!("Invalid option: expected one of {}", expected.join("|")),
            }));
        }
    }
    for key in ["user", "safetyIdentifier"] {
        if let Some(value) = openai.get(key)
            && !value.is_string()
        {
            issues.push(wrong_type(&[key], "string", Some(value)));
        }
    }
    let compression = openai.get("outputCompression").and_then(|value| {
        let level = whole(value).filter(|level| (0..=100).contains(level));
        if level.is_none() {
            issues.push(wrong_type(&["outputCompression"], "int", Some(value)));
        }
        level
    });
    if !issues.is_empty() {
        return Err(errors::provider_options(issues));
    }
    let word = |key: &str| openai.get(key).and_then(Value::as_str).map(str::to_owned);
    Ok(Options {
        quality: word("quality"),
        background: word("background"),
        format: word("outputFormat"),
        compression,
    })
}

impl Options {
    /// Combines these options with those members at top level that the gateway honours. If both are given, the option wins.
    pub(super) fn into_order_request(
        mut self,
        request: GatewayRequest,
        quirks: Quirks,
    ) -> OrderRequest {
        if !quirks.ignore_top_level_quality {
            self.quality = self.quality.take().or_else(|| request.quality.clone());
        }
        if quirks.honour_top_level_format {
            let top = &request.top_level;
            let word = |key: &str| top.get(key).and_then(Value::as_str).map(str::to_owned);
            self.format = self.format.take().or_else(|| word("output_format"));
            self.background = self.background.take().or_else(|| word("background"));
            self.compression =
                self.compression.or_else(|| top.get("output_compression").and_then(whole));
        }
        let Self { quality, background, format, compression } = self;
        let GatewayRequest { prompt, count, size, .. } = request;
        OrderRequest {
            prompt,
            count,
            size,
            quality,
            background,
            format,
            compression,
            ..OrderRequest::default()
        }
    }
}

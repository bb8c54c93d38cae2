//! The request as the gateway's own schema reads it.
//!
//! Owns types, and zod's words for a violation. Must not know which values the model's maker allows: the size `"512x512"`
//! is valid here, because it is a string.

use crate::{errors, scripted_response::ScriptedResponse};
use serde_json::{Map, Value, json};

/// A request whose types are right. Members that the schema does not know are dropped.
#[derive(Debug)]
pub(super) struct GatewayRequest {
    pub(super) model: String,
    pub(super) prompt: String,
    pub(super) count: u64,
    pub(super) size: Option<String>,
    pub(super) quality: Option<String>,
    /// `providerOptions.gateway`.
    pub(super) gateway: Map<String, Value>,
    /// `providerOptions.openai`.
    pub(super) openai: Map<String, Value>,
    /// All members, for [`Quirks::honour_top_level_format`](crate::Quirks).
    pub(super) top_level: Map<String, Value>,
}

impl GatewayRequest {
    /// Reads a body. An error lists every violation, not only the first.
    pub(super) fn read(body: &[u8]) -> Result<Self, ScriptedResponse> {
        let value: Value = serde_json::from_slice(body).map_err(|_| errors::not_json())?;
        let Value::Object(top_level) = value else {
            return Err(errors::schema(vec![wrong_type(&[], "object", Some(&value))]));
        };
        Self::of(top_level)
    }

    /// Reads the members of an object.
    pub(super) fn of(top_level: Map<String, Value>) -> Result<Self, ScriptedResponse> {
        let mut issues = Vec::new();
        let mut text = |key: &str, required: bool| match top_level.get(key) {
            Some(Value::String(text)) => Some(text.clone()),
            None if !required => None,
            other => {
                issues.push(wrong_type(&[key], "string", other));
                None
            }
        };
        let (model, prompt) = (text("model", true), text("prompt", true));
        let (size, quality) = (text("size", false), text("quality", false));
        let count = count(top_level.get("n"), &mut issues);
        let (gateway, openai) = provider_options(top_level.get("providerOptions"), &mut issues);
        let (Some(model), Some(prompt), true) = (model, prompt, issues.is_empty()) else {
            return Err(errors::schema(issues));
        };
        Ok(Self { model, prompt, count, size, quality, gateway, openai, top_level })
    }
}

/// zod's issue about a value of the wrong type.
pub(super) fn wrong_type(path: &[&str], expected: &str, found: Option<&Value>) -> Value {
    let received = match found {
        None => "undefined",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::String(_)) => "string",
        Some(Value::Array(_)) => "array",
        Some(Value::Object(_)) => "object",
    };
    json!({
        "code": "invalid_type", "expected": expected, "path": path,
        "message": format!("Invalid input: expected {expected}, received {received}"),
    })
}

/// An integer in JSON. `2.0` counts, because JavaScript reads it as `2`.
pub(super) fn whole(value: &Value) -> Option<i64> {
    let number = value.as_number()?;
    number.as_i64().or_else(|| {
        let text = number.to_string();
        text.strip_suffix(".0").and_then(|whole| whole.parse().ok())
    })
}

fn count(value: Option<&Value>, issues: &mut Vec<Value>) -> u64 {
    let Some(value) = value else { return 1 };
    match whole(value).map(u64::try_from) {
        Some(Ok(count @ 1..)) => count,
        Some(_) => {
            issues.push(json!({
                "code": "too_small", "minimum": 1, "origin": "number", "inclusive": true, "path": ["n"],
                "message": "Too small: expected number to be >=1",
            }));
            1
        }
        None => {
            let expected = if value.is_number() { "int" } else { "number" };
            issues.push(wrong_type(&["n"], expected, Some(value)));
            1
        }
    }
}

/// The two namespaces that matter here, `gateway` and `openai`; the others belong to other makers.
fn provider_options(
    value: Option<&Value>,
    issues: &mut Vec<Value>,
) -> (Map<String, Value>, Map<String, Value>) {
    let empty = Map::new();
    let options = match value {
        None => &empty,
        Some(Value::Object(options)) => options,
        other => {
            issues.push(wrong_type(&["providerOptions"], "object", other));
            &empty
        }
    };
    let mut namespace = |key: &str| match options.get(key) {
        None => Map::new(),
        Some(Value::Object(namespace)) => namespace.clone(),
        other => {
            issues.push(wrong_type(&["providerOptions", key], "object", other));
            Map::new()
        }
    };
    let (gateway, openai) = (namespace("gateway"), namespace("openai"));
    gateway_types(&gateway, issues);
    (gateway, openai)
}

/// Checks the types of the gateway's own options.
fn gateway_types(gateway: &Map<String, Value>, issues: &mut Vec<Value>) {
    for (key, value) in gateway {
        let expected = match key.as_str() {
            "order" | "only" | "models" | "tags" | "has" if !is_list_of_text(value) => "array",
            "user" | "sort" | "quotaEntityId" if !value.is_string() => "string",
            "zeroDataRetention" | "disallowPromptTraining" if !value.is_boolean() => "boolean",
            _ => continue,
        };
        issues.push(wrong_type(&["providerOptions", "gateway", key], expected, Some(value)));
    }
}

fn is_list_of_text(value: &Value) -> bool {
    value.as_array().is_some_and(|list| list.iter().all(Value::is_string))
}

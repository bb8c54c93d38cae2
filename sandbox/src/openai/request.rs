//! A request as OpenAI reads it: unknown parameters are refused.
//!
//! Owns the parameters and their types. Must not know which values are allowed, except of those parameters that an order
//! does not contain.

use super::ImageTask;
use crate::{errors::MakerError, maker::OrderRequest};
use serde_json::{Map, Value};

/// The parameters of both operations.
const PARAMETERS: [&str; 13] = [
    "model",
    "prompt",
    "n",
    "size",
    "quality",
    "background",
    "output_format",
    "output_compression",
    "moderation",
    "stream",
    "partial_images",
    "user",
    "safety_identifier",
];

/// The most partial pictures of one request.
const MAX_PARTIALS: i64 = 3;
/// The longest `safety_identifier`.
const MAX_IDENTIFIER_CHARS: usize = 128;

/// A request whose types are right.
pub(super) struct OpenAiRequest {
    pub(super) model: String,
    pub(super) order_request: OrderRequest,
}

impl OpenAiRequest {
    /// Reads a body.
    pub(super) fn read(body: &[u8], task: ImageTask) -> Result<Self, MakerError> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Self::of(fields, task),
            _ => Err(not_json()),
        }
    }

    /// Reads the members of an object.
    pub(super) fn of(fields: Map<String, Value>, task: ImageTask) -> Result<Self, MakerError> {
        // Only edits have the parameter `input_fidelity`.
        let known = |key: &str| {
            PARAMETERS.contains(&key) || task == ImageTask::Edit && key == "input_fidelity"
        };
        if let Some(key) = fields.keys().find(|key| !known(key)) {
            let message = format!("Unknown parameter: '{key}'.");
            return Err(MakerError::invalid(key.clone(), "unknown_parameter", message));
        }
        let fields = Fields(fields);
        let model = fields.text("model")?.ok_or_else(|| missing("model"))?;
        let prompt = fields.text("prompt")?.ok_or_else(|| missing("prompt"))?;
        fields.word("moderation", &["auto", "low"])?;
        fields.text("user")?;
        if fields.text("safety_identifier")?.is_some_and(|name| name.len() > MAX_IDENTIFIER_CHARS) {
            let message = format!(
                "Invalid 'safety_identifier': string too long. Expected a string with maximum length \
                 {MAX_IDENTIFIER_CHARS}."
            );
            return Err(MakerError::invalid(
                "safety_identifier",
                "string_above_max_length",
                message,
            ));
        }
        let count = fields.number("n", 1, i64::MAX)?.unwrap_or(1);
        let partials = fields.number("partial_images", 0, MAX_PARTIALS)?.unwrap_or(0);
        let streams = fields.flag("stream")?.unwrap_or(false);
        if streams && count > 1 {
            let message = "Streaming is only supported when 'n' is 1.".to_owned();
            return Err(MakerError::invalid("n", "invalid_value", message));
        }
        let order_request = OrderRequest {
            prompt,
            count: u64::try_from(count).unwrap_or_default(),
            size: fields.text("size")?,
            quality: fields.text("quality")?,
            background: fields.text("background")?,
            format: fields.text("output_format")?,
            compression: fields.number("output_compression", 0, 100)?,
            fidelity: fields.text("input_fidelity")?,
            inputs: Vec::new(),
            streams,
            partials: if streams { u32::try_from(partials).unwrap_or_default() } else { 0 },
        };
        Ok(Self { model, order_request })
    }
}

/// The body is not a JSON object.
pub(super) fn not_json() -> MakerError {
    MakerError {
        message: "We could not parse the JSON body of your request. The OpenAI API expects a JSON payload."
            .to_owned(),
        r#type: "invalid_request_error",
        param: None,
        code: None,
        moderation_details: None,
    }
}

/// A required parameter is missing.
pub(super) fn missing(param: &'static str) -> MakerError {
    let message = format!("Missing required parameter: '{param}'.");
    MakerError::invalid(param, "missing_required_parameter", message)
}

/// Members of a request; null counts as missing.
struct Fields(Map<String, Value>);

impl Fields {
    fn get(&self, param: &str) -> Option<&Value> {
        self.0.get(param).filter(|value| !value.is_null())
    }

    fn read<T>(
        &self,
        param: &'static str,
        expected: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Option<T>, MakerError> {
        let Some(value) = self.get(param) else { return Ok(None) };
        let wrong = || {
            let found = match value {
                Value::Null => "null",
                Value::Bool(_) => "a boolean",
                Value::Number(_) => "a number",
                Value::String(_) => "a string",
                Value::Array(_) => "an array",
                Value::Object(_) => "an object",
            };
            let message = format!(
                "Invalid type for '{param}': expected {expected}, but got {found} instead."
            );
            MakerError::invalid(param, "invalid_type", message)
        };
        read(value).map(Some).ok_or_else(wrong)
    }

    fn text(&self, param: &'static str) -> Result<Option<String>, MakerError> {
        self.read(param, "a string", |value| value.as_str().map(str::to_owned))
    }

    fn flag(&self, param: &'static str) -> Result<Option<bool>, MakerError> {
        self.read(param, "a boolean", Value::as_bool)
    }

    fn number(
        &self,
        param: &'static str,
        least: i64,
        most: i64,
    ) -> Result<Option<i64>, MakerError> {
        let number = self.read(param, "an integer", Value::as_i64)?;
        let (side, sign, code, limit) = match number {
            Some(number) if number < least => {
                ("below minimum", ">=", "integer_below_min_value", least)
            }
            Some(number) if number > most => {
                ("above maximum", "<=", "integer_above_max_value", most)
            }
            _ => return Ok(number),
        };
        let found = number.unwrap_or_default();
        let message = format!(
            "Invalid '{param}': integer {side} value. Expected a value {sign} {limit}, but got {found} instead."
        );
        Err(MakerError::invalid(param, code, message))
    }

    fn word(&self, param: &'static str, known: &[&str]) -> Result<(), MakerError> {
        match self.text(param)? {
            Some(word) if !known.contains(&word.as_str()) => {
                let words: Vec<String> = known.iter().map(|word| format!("'{word}'")).collect();
                let message = format!(
                    "Invalid value: '{word}'. Supported values are: {}.",
                    words.join(" and ")
                );
                Err(MakerError::invalid(param, "invalid_value", message))
            }
            _ => Ok(()),
        }
    }
}

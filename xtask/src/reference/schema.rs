//! The JSON Schema of the configuration, for editors.
//!
//! Owns how a field becomes a schema. Must not hold a field's words or figures.

use engine::config::fields::{self, Field, Kind};
use serde_json::{Map, Value, json};

/// The schema of one object, as `--config` takes it. A site alone, as `EASEL_SITE_<id>` holds it, is `#/$defs/site`.
pub fn schema() -> Value {
    let mut whole = object("");
    let site = object("sites[]");
    if let Some(sites) = whole.pointer_mut("/properties/sites/items") {
        *sites = json!({ "$ref": "#/$defs/site" });
    }
    let head = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The configuration of Easel",
        "$defs": { "site": site },
    });
    let mut all = head.as_object().cloned().unwrap_or_default();
    all.extend(whole.as_object().cloned().unwrap_or_default());
    Value::Object(all)
}

/// The schema of the object at a path.
fn object(path: &str) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in fields::of(path) {
        properties.insert(field.name().to_owned(), property(field));
        if field.default.is_none() {
            required.push(field.name());
        }
    }
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties,
    })
}

/// The schema of a field, with its words.
fn property(field: &Field) -> Value {
    let of_kind = kind(field);
    let mut schema = if field.takes_null() {
        json!({ "anyOf": [of_kind, { "type": "null" }] })
    } else {
        of_kind
    };
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".into(), field.meaning.into());
        schema.insert("examples".into(), Value::Array(vec![parsed(field.example)]));
        if let Some(default) = field.default {
            schema.insert("default".into(), parsed(default));
        }
    }
    schema
}

fn kind(field: &Field) -> Value {
    const USD: &str = r"^[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$";
    const SIZE: &str = "^[1-9][0-9]*x[1-9][0-9]*$";
    let inner = field.holds().unwrap_or_default();
    let usd = || json!({ "type": "string", "pattern": USD });
    let seconds = || json!({ "type": "integer", "minimum": 0 });
    let qualities = |each: &Value| {
        json!({
            "type": "object",
            "additionalProperties": false,
            "properties": { "low": each, "medium": each, "high": each },
        })
    };
    match field.kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Url => json!({ "type": "string", "pattern": "^https?://" }),
        Kind::Usd => usd(),
        Kind::Day => json!({ "type": "string", "format": "date" }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Number(least, u64::MAX) => json!({ "type": "integer", "minimum": least }),
        Kind::Number(least, most) => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Kind::Word(words) => json!({ "enum": words }),
        Kind::Words(words) => {
            json!({ "type": "array", "items": { "enum": words }, "minItems": 1, "uniqueItems": true })
        }
        Kind::Size => json!({ "type": "string", "pattern": SIZE }),
        Kind::Sizes => json!({
            "type": "array",
            "items": { "type": "string", "pattern": SIZE },
            "minItems": 1,
            "uniqueItems": true,
        }),
        Kind::Origins => {
            json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 })
        }
        Kind::Tokens => {
            json!({ "anyOf": [{ "type": "integer", "minimum": 0 }, object(&inner)] })
        }
        Kind::Object => object(&inner),
        Kind::Objects => json!({ "type": "array", "items": object(&inner) }),
        Kind::UsdByQualityAndSize => qualities(&json!({
            "type": "object",
            "propertyNames": { "pattern": SIZE },
            "additionalProperties": usd(),
        })),
        Kind::SecondsByQuality => qualities(&seconds()),
        Kind::Texts => json!({
            "type": "object",
            "additionalProperties": { "type": "string", "minLength": 1, "maxLength": 500 },
        }),
    }
}

/// A value of the table, which the engine's tests have read.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_says_what_is_required_and_what_is_bounded() {
        let whole = schema();
        let at = |path: &str| whole.pointer(path).cloned().unwrap_or_default();
        assert_eq!(at("/required"), json!(["models", "sites"]));
        assert_eq!(at("/$defs/site/required"), json!(["id", "origins", "budget"]));
        assert_eq!(at("/properties/gateway/properties/total_seconds/maximum"), json!(840));
        assert_eq!(at("/$defs/site/properties/budget/properties/day_usd/type"), json!("string"));
    }
}

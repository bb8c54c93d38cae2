//! The operator's configuration: one object in a file, variables at the edge.
//!
//! Owns how a file is read (JSON with comments and trailing commas), and the split into `EASEL` and one
//! `EASEL_SITE_<id>` for each site. Must not decide whether a configuration is valid: that is the engine's part.

use anyhow::{Context, Result, anyhow, bail};
use engine::config::Config;
use jsonc_parser::{ParseOptions, errors::ParseError};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

const EDGE: &str = "EASEL";
const SITE: &str = "EASEL_SITE_";

/// A configuration, split into the Worker's variables.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    edge: Value,
    sites: Vec<(String, Value)>,
}

impl Settings {
    /// Reads one object whose `sites` is a list of objects.
    pub fn from_object(text: &str) -> Result<Self> {
        let mut edge: Map<String, Value> = parse(text)?;
        let sites = match edge.remove("sites") {
            Some(Value::Array(sites)) => sites,
            Some(_) => bail!("sites: a list of objects is needed"),
            None => bail!("sites: at least one site is needed"),
        };
        let sites = sites.into_iter().map(named).collect::<Result<Vec<_>>>()?;
        let ids = sites.iter().map(|(id, _)| Value::from(id.clone())).collect();
        edge.insert("sites".into(), Value::Array(ids));
        Ok(Self { edge: Value::Object(edge), sites })
    }

    /// Reads the variables of a `wrangler.jsonc`.
    pub fn from_wrangler(text: &str) -> Result<Self> {
        let mut file: Value = parse(text)?;
        let Some(vars) = file.get_mut("vars").and_then(Value::as_object_mut) else {
            bail!("the file has no vars");
        };
        let edge = vars.remove(EDGE).with_context(|| format!("vars has no {EDGE}"))?;
        let sites = std::mem::take(vars)
            .into_iter()
            .filter_map(|(name, site)| Some((name.strip_prefix(SITE)?.to_owned(), site)))
            .collect();
        Ok(Self { edge, sites })
    }

    /// The provider whose API the gateway has: `vercel` or `openai`.
    pub fn provider(&self) -> &str {
        self.edge.pointer("/gateway/provider").and_then(Value::as_str).unwrap_or("vercel")
    }

    /// The gateway's base URL, if it is configured.
    pub fn gateway(&self) -> Option<&str> {
        self.edge.pointer("/gateway/base_url").and_then(Value::as_str)
    }

    /// Sends every request to another gateway.
    pub fn set_gateway(&mut self, url: &str) {
        let Some(edge) = self.edge.as_object_mut() else { return };
        let gateway = edge.entry("gateway").or_insert_with(|| Value::Object(Map::new()));
        if let Some(gateway) = gateway.as_object_mut() {
            gateway.insert("base_url".into(), url.into());
        }
    }

    /// Validates the configuration with the engine; the error is one sentence.
    pub fn check(&self) -> Result<Config> {
        let sites: Vec<_> =
            self.sites.iter().map(|(id, site)| (id.clone(), site.to_string())).collect();
        Ok(Config::from_parts(&self.edge.to_string(), &sites)?)
    }

    /// The Worker's variables.
    pub fn vars(&self) -> Map<String, Value> {
        let sites = self.sites.iter().map(|(id, site)| (format!("{SITE}{id}"), site.clone()));
        std::iter::once((EDGE.to_owned(), self.edge.clone())).chain(sites).collect()
    }
}

/// Parses JSON with comments and trailing commas; an error names its line and column and marks the place.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T> {
    const AS_WRANGLER_READS: ParseOptions = ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    // Some editors begin a file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    jsonc_parser::parse_to_serde_value(text, &AS_WRANGLER_READS)
        .map_err(|error| anyhow!(pointing(text, &error)))
}

fn pointing(text: &str, error: &ParseError) -> String {
    let (number, column) = (error.line_display(), error.column_display());
    let line = text.lines().nth(number.saturating_sub(1)).unwrap_or_default();
    let blank = |c| if c == '\t' { '\t' } else { ' ' };
    let before: String = line.chars().take(column.saturating_sub(1)).map(blank).collect();
    let margin = " ".repeat(number.to_string().len());
    let kind = error.kind();
    format!("line {number}, column {column}: {kind}\n\n  {number} | {line}\n  {margin} | {before}^")
}

fn named(site: Value) -> Result<(String, Value)> {
    match site.get("id").and_then(Value::as_str) {
        Some(id) => Ok((id.to_owned(), site)),
        None => bail!("sites: each site needs an id"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::options::Quality;
    use serde_json::json;

    #[test]
    fn one_object_becomes_variables() {
        let text = r#"{ "alerts": null, // none
            "sites": [ { "id": "a", "n": 1 }, { "id": "b" } ] }"#;
        let vars = Settings::from_object(text).unwrap().vars();
        let expected = json!({
            "EASEL": { "alerts": null, "sites": ["a", "b"] },
            "EASEL_SITE_a": { "id": "a", "n": 1 },
            "EASEL_SITE_b": { "id": "b" },
        });
        assert_eq!(Value::Object(vars), expected);
    }

    #[test]
    fn wrangler_holds_variables_already() {
        let text = r#"{ "name": "easel", "vars": { "EASEL": { "sites": ["a"] },
            "EASEL_SITE_a": { "id": "a" }, "OTHER": 1, }, }"#;
        let vars = Settings::from_wrangler(text).unwrap().vars();
        let expected = json!({ "EASEL": { "sites": ["a"] }, "EASEL_SITE_a": { "id": "a" } });
        assert_eq!(Value::Object(vars), expected);
    }

    #[test]
    fn another_gateway_replaces_the_configured_one() {
        let mut settings = Settings::from_object(r#"{ "sites": [] }"#).unwrap();
        settings.set_gateway("http://127.0.0.1:1/v1");
        let gateway = &settings.vars()["EASEL"]["gateway"];
        assert_eq!(gateway, &json!({ "base_url": "http://127.0.0.1:1/v1" }));
        assert_eq!(settings.provider(), "vercel");
    }

    #[test]
    fn a_configuration_that_cannot_be_split_is_an_error() {
        for text in ["{}", r#"{ "sites": {} }"#, r#"{ "sites": [{}] }"#, "[1]", "{"] {
            assert!(Settings::from_object(text).is_err(), "{text}");
        }
        assert!(Settings::from_wrangler("{}").is_err());
    }

    #[test]
    fn comments_trailing_commas_and_a_byte_order_mark_are_read() {
        let text = "\u{feff}{ // one\n \"a\": [1, /* é */ 2, ], \"u\": \"https://x/*y*/,]\", }";
        let expected = json!({ "a": [1, 2], "u": "https://x/*y*/,]" });
        assert_eq!(parse::<Value>(text).unwrap(), expected);
        for text in ["{ 'a': 1 }", "{ a: 1 }", "[1 2]", "[0x1]", "[+1]", "[.5]", "[NaN]", "{} {}"] {
            assert!(parse::<Value>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_syntax_error_shows_its_line_and_points() {
        let text = "\u{feff}{\r\n\t\"é\": 1,\r\n\t\"b\": [tru,\r\n}";
        let error = parse::<Value>(text).unwrap_err().to_string();
        let expected =
            "line 3, column 8: Unexpected token\n\n  3 | \t\"b\": [tru,\n    | \t      ^";
        assert_eq!(error, expected);
    }

    #[test]
    fn the_committed_configuration_is_right() {
        Settings::from_wrangler(crate::COMMITTED).unwrap().check().unwrap();
    }

    #[test]
    fn the_committed_site_makes_no_drafts_unless_they_are_asked_for() {
        let config = Settings::from_wrangler(crate::COMMITTED).unwrap().check().unwrap();
        let qualities: Vec<_> = config.sites.iter().map(|site| site.default_quality).collect();
        assert_eq!(qualities, [Quality::Medium]);
    }
}

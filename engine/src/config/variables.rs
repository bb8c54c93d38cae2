//! The Worker's variables, which hold the configuration.
//!
//! Owns their size. Must not be called by a running edge: a variable that is too long never reaches one.

use super::ConfigError;

/// The platform refuses a variable whose text has more bytes.
pub const MOST_BYTES: usize = 5_120;

/// Checks that each variable, by its name and JSON text, fits into the platform's; the error names all that do not.
pub fn fit<Name: AsRef<str>>(
    variables: impl IntoIterator<Item = (Name, String)>,
) -> Result<(), ConfigError> {
    let long: Vec<String> = variables
        .into_iter()
        .filter(|(_, text)| text.len() > MOST_BYTES)
        .map(|(name, text)| format!("{} has {} bytes", name.as_ref(), text.len()))
        .collect();
    if long.is_empty() {
        return Ok(());
    }
    Err(ConfigError::new(format!(
        "{}, and a variable of the Worker holds {MOST_BYTES}: leave out what is the default anyway, or shorten its \
         models, presets or texts",
        long.join(", ")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Map, Value, json};

    /// The variables as the commands hold them: names with JSON values.
    fn fits(variables: &Map<String, Value>) -> Result<(), ConfigError> {
        fit(variables.iter().map(|(name, value)| (name, value.to_string())))
    }

    #[test]
    fn a_variable_has_at_most_five_kilobytes_of_json() {
        let with = |edge: usize, site: usize| {
            let text = |bytes: usize| "x".repeat(bytes - r#"{"a":""}"#.len());
            let vars =
                json!({ "EASEL": { "a": text(edge) }, "EASEL_SITE_demo": { "a": text(site) } });
            fits(vars.as_object().unwrap()).map_err(|error| error.to_string())
        };
        assert_eq!(with(MOST_BYTES, MOST_BYTES), Ok(()));
        let error = with(100, MOST_BYTES + 1).unwrap_err();
        assert!(
            error.starts_with(
                "EASEL_SITE_demo has 5121 bytes, and a variable of the Worker holds 5120: "
            ),
            "{error}"
        );
        let error = with(6_000, 100_000).unwrap_err();
        assert!(
            error.starts_with("EASEL has 6000 bytes, EASEL_SITE_demo has 100000 bytes, and"),
            "{error}"
        );
        // Bytes count, not letters: these are 5,120, and two more for the quotes.
        let letters = json!({ "EASEL": "ü".repeat(2_560) });
        assert!(fits(letters.as_object().unwrap()).is_err());
    }
}

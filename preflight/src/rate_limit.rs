//! The bindings of the platform's rate limit in `edge/wrangler.jsonc`.
//!
//! Owns the sentence about a missing one. Must not decide whether a deploy goes on: an edge without it still keeps every
//! limit of the Ledger.

use engine::config::Config;
use serde_json::Value;

/// The names that the edge asks for, with the requests within a minute.
const BINDINGS: [(&str, u32); 2] = [("SESSIONS_RATE", 60), ("JOBS_RATE", 120)];

/// The sentence for the operator if a site has `network.rate_limit`, and the file has no such binding.
pub fn missing(file: &Value, config: &Config) -> Option<String> {
    if !config.sites.iter().any(|site| site.network.rate_limit) {
        return None;
    }
    let bindings = file["ratelimits"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_there = |name: &str| bindings.iter().any(|binding| binding["name"] == name);
    let lines: Vec<String> = BINDINGS
        .into_iter()
        .filter(|(name, _)| !is_there(name))
        .zip(1001..)
        .map(|((name, limit), id)| {
            format!(
                r#"{{ "name": "{name}", "namespace_id": "{id}", "simple": {{ "limit": {limit}, "period": 60 }} }}"#
            )
        })
        .collect();
    (!lines.is_empty()).then(|| {
        format!(
            "edge/wrangler.jsonc has no rate limit for a network's requests, so each of them costs a call of the Ledger: \
             add to \"ratelimits\": {}.",
            lines.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{COMMITTED, settings};
    use serde_json::json;

    #[test]
    fn the_committed_file_has_the_bindings_that_the_edge_asks_for_with_the_numbers_of_the_interface()
     {
        let text = COMMITTED;
        let file: Value = settings::parse(text).unwrap();
        let config = settings::Settings::from_wrangler(text).unwrap().check().unwrap();
        assert_eq!(missing(&file, &config), None);
        let edge = include_str!("../../edge/src/rate_limit.rs");
        for (name, limit) in BINDINGS {
            assert!(edge.contains(&format!("\"{name}\"")), "{name}");
            let all = file["ratelimits"].as_array().unwrap();
            let binding = all.iter().find(|it| it["name"] == name).unwrap();
            assert_eq!(binding["simple"], json!({ "limit": limit, "period": 60 }), "{name}");
        }
    }

    #[test]
    fn a_missing_binding_is_told_in_one_sentence_unless_no_site_wants_it() {
        let text = COMMITTED;
        let mut file: Value = settings::parse(text).unwrap();
        let mut config = settings::Settings::from_wrangler(text).unwrap().check().unwrap();
        file["ratelimits"].as_array_mut().unwrap().remove(1);
        let told = missing(&file, &config).unwrap();
        assert!(told.contains("JOBS_RATE") && !told.contains("SESSIONS_RATE"), "{told}");
        file.as_object_mut().unwrap().remove("ratelimits");
        assert!(missing(&file, &config).unwrap().contains("SESSIONS_RATE"));
        for site in &mut config.sites {
            site.network.rate_limit = false;
        }
        assert_eq!(missing(&file, &config), None);
    }
}

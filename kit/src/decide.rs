//! Questions and their answers.
//!
//! Owns the form of both. An answer that is a refusal is `{"error": sentence}`. Must not decide.

use anyhow::{Context, Result, anyhow};
use contract::time::Day;
use engine::{config::variables, ledger::LEASE_SLACK_MS};
use preflight::{
    account::{self, ByHand},
    address::{self, Address},
    check::{self, Report},
    edge_answer::{EdgeResponse, HealthResult, describe, recognise},
    exposure, rate_limit,
    safety::{Deployed, Findings},
    secrets,
    settings::{self, Settings},
    switches, wrangler_output,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use wasm_bindgen::prelude::wasm_bindgen;

/// A question, as JSON: `{"ask": "check", …}`.
#[derive(Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
enum Question {
    /// Is this an edge's address?
    Address { text: String },
    /// The name of a host, as browsers write it.
    Host { text: String },
    /// The names of the edge's secrets.
    SecretNames {},
    /// Whether it could be an operator's token.
    Token { text: String },
    /// The secrets in a file such as `.dev.vars`.
    Secrets { text: String },
    /// What `check` says of a configuration.
    Check { text: String, wrangler: bool, today: Day },
    /// The Worker's variables, on another gateway if one is named.
    Variables { text: String, wrangler: bool, gateway: Option<String> },
    /// What `deploy` says of a `wrangler.jsonc`.
    Deployment { text: String, today: Day },
    /// Why an account with these secrets, as wrangler lists them, cannot be deployed to.
    Account {
        needed: Vec<String>,
        listed: bool,
        output: String,
        folder: String,
        wrangler: String,
        file: String,
    },
    /// The file that wrangler gets, with the paths of the built files.
    WranglerFile { text: String, main: String, assets: String },
    /// What wrangler said of a deploy.
    Deployed { output: String },
    /// Which service gave this response to `GET /healthz`.
    Health { status: u16, body: Value },
    /// A response in words.
    Response { status: u16, body: Value },
    /// Which sites a deploy closes.
    Switches { report: Value, all_closed: bool, sites: Vec<String> },
    /// The money that is reserved.
    Reserved { report: Value },
}

/// The answer to a question; both are JSON.
#[wasm_bindgen]
pub fn decide(question: &str) -> String {
    let answer = serde_json::from_str(question).context("this is no question").and_then(answer);
    let answer = answer.unwrap_or_else(|error| json!({ "error": format!("{error:#}") }));
    answer.to_string()
}

fn answer(question: Question) -> Result<Value> {
    match question {
        Question::Address { text } => {
            let address = Address::read(&text).map_err(|sentence| anyhow!(sentence))?;
            Ok(json!(address.to_string()))
        }
        Question::Host { text } => {
            let name = address::host_name(&text).map_err(|sentence| anyhow!(sentence))?;
            Ok(json!(name))
        }
        Question::SecretNames {} => Ok(json!(secrets::NAMES)),
        Question::Token { text } => Ok(json!(secrets::is_token(&text))),
        Question::Secrets { text } => Ok(json!(secrets::parse(&text))),
        Question::Check { text, wrangler, today } => report(&text, wrangler, today),
        Question::Variables { text, wrangler, gateway } => {
            let mut settings = read(&text, wrangler)?;
            if let Some(url) = &gateway {
                settings.set_gateway(url);
            }
            let config = settings.check().context("the configuration is refused")?;
            Ok(json!({
                "vars": settings.vars(),
                "provider": settings.provider(),
                "key_name": secrets::gateway_key_name(settings.provider()),
                "gateway": settings.gateway(),
                "total_ms": config.gateway.total_ms,
            }))
        }
        Question::Deployment { text, today } => deployment(&text, today),
        Question::Account { needed, listed, output, folder, wrangler, file } => {
            let needed: Vec<&str> = needed.iter().map(String::as_str).collect();
            let there = match listed {
                true => wrangler_output::secret_names(&output)?,
                false if wrangler_output::is_unknown_worker(&output) => Vec::new(),
                false => {
                    return Ok(json!({ "unknown": wrangler_output::failure::sentences(&output) }));
                }
            };
            let by_hand = ByHand { folder: &folder, wrangler: &wrangler, file: &file };
            Ok(json!({ "refusal": account::refusal(&needed, &there, by_hand) }))
        }
        Question::WranglerFile { text, main, assets } => {
            let mut file: Map<String, Value> = settings::parse(&text)?;
            file.remove("build");
            file.insert("main".into(), main.into());
            let place = file.get_mut("assets").context("the file has no assets")?;
            place["directory"] = assets.into();
            Ok(Value::Object(file))
        }
        Question::Deployed { output } => Ok(json!({
            "targets": wrangler_output::targets(&output),
            "sentences": wrangler_output::failure::sentences(&output),
        })),
        Question::Health { status, body } => Ok(match recognise(&EdgeResponse { status, body }) {
            HealthResult::Easel(health) => json!({
                "easel": { "version": health.version, "all_closed": health.all_closed, "sandbox": health.sandbox },
            }),
            HealthResult::Misconfigured => json!({ "misconfigured": true }),
            HealthResult::Other(seen) => json!({ "other": seen }),
        }),
        Question::Response { status, body } => Ok(json!(describe(&EdgeResponse { status, body }))),
        Question::Switches { report, all_closed, sites } => {
            let switches::Switches { open, closed } =
                switches::switches(&report, all_closed, &sites)?;
            Ok(json!({ "open": open, "closed": closed }))
        }
        Question::Reserved { report } => Ok(json!(switches::reserved(&report)?)),
    }
}

fn read(text: &str, wrangler: bool) -> Result<Settings> {
    let settings =
        if wrangler { Settings::from_wrangler(text) } else { Settings::from_object(text) };
    settings.context("it is not a configuration")
}

fn report(text: &str, wrangler: bool, today: Day) -> Result<Value> {
    let settings = read(text, wrangler)?;
    let config = settings.check()?;
    variables::fit(settings.vars().iter().map(|(name, value)| (name, value.to_string())))?;
    let Report { sites, networks, mut warnings, refusals } = Report::of(&config, today);
    // Only the deployed file has bindings.
    if wrangler {
        warnings.extend(rate_limit::missing(&settings::parse(text)?, &config));
    }
    let refusal = check::refusal(&refusals);
    Ok(json!({ "sites": sites, "networks": networks, "warnings": warnings, "refusal": refusal }))
}

fn deployment(text: &str, today: Day) -> Result<Value> {
    let deployed = Deployed::read(text)?;
    let Findings { refusals, warnings } = deployed.findings(today);
    let config = &deployed.config;
    let sites: Vec<&str> = config.sites.iter().map(|site| site.id.as_str()).collect();
    Ok(json!({
        "name": deployed.name(),
        "sites": sites,
        "networks": exposure::facts(config, today),
        "warnings": warnings,
        "refusals": refusals,
        "secrets": account::needed(deployed.settings.provider(), deployed.has_challenge()),
        "longest_ms": config.gateway.total_ms.saturating_add(LEASE_SLACK_MS),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMITTED: &str = include_str!("../../edge/wrangler.jsonc");

    fn ask(question: &Value) -> Value {
        serde_json::from_str(&decide(&question.to_string())).unwrap()
    }

    #[test]
    fn a_configuration_is_checked_and_becomes_variables() {
        let checked = ask(
            &json!({ "ask": "check", "text": COMMITTED, "wrangler": true, "today": "2026-11-29" }),
        );
        assert_eq!((&checked["sites"], &checked["refusal"]), (&json!(["demo"]), &Value::Null));
        let url = "http://127.0.0.1:8788/v1";
        let vars = ask(
            &json!({ "ask": "variables", "text": COMMITTED, "wrangler": true, "gateway": url }),
        );
        assert_eq!(vars["vars"]["EASEL"]["gateway"]["base_url"], url);
        assert_eq!(vars["key_name"], "AI_GATEWAY_API_KEY");
    }

    #[test]
    fn the_committed_file_is_for_this_machine_only() {
        let found = ask(&json!({ "ask": "deployment", "text": COMMITTED, "today": "2026-11-29" }));
        assert!(found["refusals"][0].as_str().unwrap().contains("origins"), "{found}");
        assert_eq!(found["secrets"][0], "AI_GATEWAY_API_KEY");
    }

    #[test]
    fn wrangler_gets_the_built_files_and_builds_nothing() {
        let file = ask(
            &json!({ "ask": "wrangler_file", "text": COMMITTED, "main": "/a/index.js", "assets": "/b" }),
        );
        assert_eq!(
            (&file["main"], &file["assets"]["directory"]),
            (&json!("/a/index.js"), &json!("/b"))
        );
        assert!(file.get("build").is_none() && file["assets"]["run_worker_first"] == true);
    }

    #[test]
    fn a_refusal_is_a_sentence() {
        for question in [
            json!({ "ask": "nothing" }),
            json!({ "ask": "address", "text": "http://example.com" }),
            json!({ "ask": "check", "text": "{", "wrangler": false, "today": "2026-11-29" }),
            json!({ "ask": "reserved", "report": {} }),
        ] {
            assert!(ask(&question)["error"].is_string(), "{question}");
        }
        assert!(decide("").contains("error"));
    }
}

//! Settings that must not be deployed: they are fine on one machine, and unsafe or useless in production.
//!
//! Owns the reasons, as functions from the text of `edge/wrangler.jsonc` to sentences. Must not decide whether a
//! configuration is valid (that is the engine's part), must not ask another service, and must not repeat a value that
//! could be a secret.

use crate::{
    address::{is_near, is_public},
    exposure, rate_limit, secrets,
    settings::{self, Settings},
};
use anyhow::{Context, Result};
use contract::time::Day;
use engine::{
    config::{
        Config,
        findings::{self, DAYS_TO_LIVE, Weight},
        site::Site,
        variables,
    },
    gateway::catalogue::GatewayStatus,
};
use serde_json::Value;

/// From this date on pending I/O keeps a Durable Object alive; before it, a job without a watcher is ended.
const LEAST_DATE: &str = "2026-10-01";
/// The flag that lets an event stream end when its viewer has left.
const FLAG: &str = "enable_request_signal";
/// Logging that records no visitor's address.
const LOGS: &str = r#"{ "enabled": true, "logs": { "enabled": true, "invocation_logs": false } }"#;
/// The variable by which `serve` tells the edge that its pictures are samples.
pub const SANDBOX: &str = "EASEL_SANDBOX";

/// The parsed `edge/wrangler.jsonc`.
pub struct Deployed {
    file: Value,
    /// The configuration in its variables.
    pub settings: Settings,
    /// The same configuration, validated.
    pub config: Config,
}

/// The findings: sentences for the operator.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Reasons to refuse the deploy.
    pub refusals: Vec<String>,
    /// Facts that the operator should know.
    pub warnings: Vec<String>,
}

impl Deployed {
    /// Parses the file; an invalid configuration is refused with its reason.
    pub fn read(text: &str) -> Result<Self> {
        let file = settings::parse(text).context("it is not JSON")?;
        let settings = Settings::from_wrangler(text)?;
        let config = settings.check().context("the configuration is refused")?;
        Ok(Self { file, settings, config })
    }

    /// The Worker's name in the account.
    pub fn name(&self) -> &str {
        self.file["name"].as_str().unwrap_or_default()
    }

    /// Whether a site requires a challenge.
    pub fn has_challenge(&self) -> bool {
        self.sites().any(|(_, raw)| !raw["challenge"].is_null())
    }

    /// All findings for a deploy on that day.
    pub fn findings(&self, today: Day) -> Findings {
        let mut found = Findings::default();
        self.platform(&mut found);
        self.logs(&mut found);
        self.variables(&mut found);
        self.addresses(&mut found);
        for (site, raw) in self.sites() {
            origins(site, &mut found);
            challenge(site, raw, &mut found);
        }
        found.warnings.extend(self.config.warnings(today, &GatewayStatus::default()));
        found.warnings.extend(rate_limit::missing(&self.file, &self.config));
        found.warnings.extend(exposure::warnings(&self.config, today));
        for finding in findings::findings(&self.config, today, DAYS_TO_LIVE) {
            match finding.weight {
                Weight::Refused => found.refuse(finding.sentence),
                Weight::Warned => found.warn(finding.sentence),
            }
        }
        found
    }

    /// The served sites, with their JSON.
    fn sites(&self) -> impl Iterator<Item = (&Site, &Value)> {
        let vars = &self.file["vars"];
        self.config.sites.iter().map(|site| (site, &vars[&format!("EASEL_SITE_{}", site.id)]))
    }

    fn platform(&self, found: &mut Findings) {
        let file = &self.file;
        let day = |text: &str| text.parse::<Day>().ok();
        let date = file["compatibility_date"].as_str().unwrap_or("missing");
        if day(date).is_none_or(|date| Some(date) < day(LEAST_DATE)) {
            found.refuse(format!(
                "compatibility_date is {date}: a job needs {LEAST_DATE} or later, else it ends when its last viewer leaves."
            ));
        }
        let flags = file["compatibility_flags"].as_array();
        if !flags.is_some_and(|flags| flags.iter().any(|flag| flag == FLAG)) {
            found.refuse(format!(
                "compatibility_flags does not contain {FLAG}: event streams would not end when their viewers leave."
            ));
        }
        if file["assets"]["run_worker_first"] != true {
            found.refuse(
                "assets.run_worker_first is not true: documents would be served without their security headers.",
            );
        }
        if file["name"].as_str().is_none_or(str::is_empty) {
            found.refuse("name is missing: the Worker needs one.");
        }
    }

    /// The Worker's own log lines contain no address; the platform's request logs do.
    fn logs(&self, found: &mut Findings) {
        let observability = &self.file["observability"];
        let logs = &observability["logs"];
        let is_on = observability["enabled"] == true || logs["enabled"] == true;
        let would_keep = [
            (
                is_on && logs["invocation_logs"] != false,
                "observability.logs.invocation_logs is not false",
            ),
            (observability["traces"]["enabled"] == true, "observability.traces is enabled"),
            (self.file["logpush"] == true, "logpush is true"),
        ];
        for (_, what) in would_keep.iter().filter(|(is, _)| *is) {
            found.refuse(format!(
                "{what}: each request would be logged with its visitor's address and with its job's id, which opens the \
                 job to whoever reads it; write \"observability\": {LOGS} and nothing that logs requests."
            ));
        }
    }

    fn variables(&self, found: &mut Findings) {
        let texts = self.settings.vars().into_iter().map(|(name, it)| (name, it.to_string()));
        if let Err(error) = variables::fit(texts) {
            found.refuse(format!("{error}."));
        }
        let vars = self.file["vars"].as_object();
        let names = vars.into_iter().flat_map(|vars| vars.keys().map(String::as_str));
        for name in names {
            if name == SANDBOX {
                found.refuse(format!(
                    "vars.{SANDBOX} is set: it tells visitors that pictures are samples; remove it."
                ));
            } else if secrets::NAMES.contains(&name) {
                found.refuse(format!(
                    "vars.{name} is a secret in a file that others read: remove it, generate a new one, and set that as a secret."
                ));
            } else if let Some(id) = name.strip_prefix("EASEL_SITE_")
                && self.config.site(id).is_none()
            {
                found.warn(format!("vars.{name} is not served: EASEL.sites does not name {id}."));
            }
        }
    }

    fn addresses(&self, found: &mut Findings) {
        let gateway = &self.config.gateway.base_url;
        if !is_public(gateway) {
            found.refuse(format!(
                "gateway.base_url is {gateway}, which is not https or leads to this machine: \
                 name the provider's own, or leave it out."
            ));
        }
        // A webhook's URL is often its only secret, so it is not repeated.
        let alerts = &self.file["vars"]["EASEL"]["alerts"]["url"];
        if alerts.as_str().is_some_and(|url| !is_public(url)) {
            found.refuse(
                "alerts.url is not https or leads to this machine: no alert would arrive; name a public webhook.",
            );
        }
    }
}

impl Findings {
    fn refuse(&mut self, sentence: impl Into<String>) {
        self.refusals.push(sentence.into());
    }

    fn warn(&mut self, sentence: impl Into<String>) {
        self.warnings.push(sentence.into());
    }
}

fn origins(site: &Site, found: &mut Findings) {
    let Site { id, origins, .. } = site;
    let near: Vec<&str> = origins.iter().map(String::as_str).filter(|it| is_near(it)).collect();
    if near.len() == origins.len() {
        found.refuse(format!(
            "{id}: origins has only {}, so no public page may embed it: put the origins of its pages, such as \
             https://www.example.com, into EASEL_SITE_{id} of edge/wrangler.jsonc, or the edge's own origin, if it is \
             to be used only there.",
            near.join(" and ")
        ));
        return;
    }
    for origin in origins {
        if is_near(origin) {
            found.warn(format!(
                "{id}: origins has {origin}: pages on a visitor's own machine may embed the studio; remove it."
            ));
        }
    }
}

fn challenge(site: &Site, raw: &Value, found: &mut Findings) {
    let (id, challenge) = (&site.id, &raw["challenge"]);
    if challenge["site_key"].as_str().is_some_and(is_test_key) {
        found.refuse(format!(
            "{id}: challenge.site_key is one of Turnstile's test keys, which let everybody or nobody pass: \
             name the site's own."
        ));
    }
    if let Some(url) = challenge["verify_url"].as_str().filter(|url| !is_public(url)) {
        found.refuse(format!(
            "{id}: challenge.verify_url is {url}, which is not https or leads to this machine: leave it out."
        ));
    }
}

/// Whether it is one of Turnstile's test keys: `1x`, `2x` or `3x`, zeros, and two letters. Real keys begin with `0x`.
fn is_test_key(key: &str) -> bool {
    let rest = ["1x", "2x", "3x"].iter().find_map(|start| key.strip_prefix(start));
    rest.is_some_and(|rest| rest.starts_with("00000000"))
}

#[cfg(test)]
pub(crate) mod tests;

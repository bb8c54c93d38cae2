//! The edge's configuration: read from JSON and checked completely before it is used.
//!
//! Owns every rule about what may be configured. Must not hold secrets, and must not guess: an error closes the edge,
//! with a sentence that says what to change.

pub mod address;
pub mod challenge;
pub mod exposure;
pub mod fields;
pub mod findings;
pub mod gateway;
mod known;
pub mod model;
pub mod site;
pub mod variables;

use self::{
    address::Form,
    gateway::{Gateway, GatewayJson},
    model::{Model, ModelJson},
    site::{Site, SiteJson},
};
use crate::{gateway::catalogue::GatewayStatus, json};
use contract::{money::Nano, time::Day};
use serde::{Deserialize, de::DeserializeOwned};
use std::fmt;

/// What is wrong with a configuration: one sentence for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError(String);

impl ConfigError {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// The same error, with the name of the part that it is about.
    #[must_use]
    pub(crate) fn within(self, owner: &str) -> Self {
        Self(format!("{owner}: {}", self.0))
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

/// A configuration that passed every check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The gateway that makes the pictures.
    pub gateway: Gateway,
    /// At least one, in the order in which they are asked: the next ones when the first is gone.
    pub models: Vec<Model>,
    /// At least one. Each id is unique.
    pub sites: Vec<Site>,
    /// The URL that receives alerts to the operator: https or loopback.
    pub alerts: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct AlertsJson {
    url: String,
}

/// The variable `EASEL`: the whole configuration except for the sites.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct EdgeJson {
    #[serde(default)]
    gateway: GatewayJson,
    alerts: Option<AlertsJson>,
    models: Vec<ModelJson>,
    sites: Vec<String>,
}

impl Config {
    /// Reads the ids of the sites that the variable `EASEL` names, before anything else is checked.
    pub fn site_ids(edge: &str) -> Result<Vec<String>, ConfigError> {
        Ok(read::<EdgeJson>("EASEL", edge)?.sites)
    }

    /// Reads a configuration from the Worker's variables: `EASEL`, and one JSON text per site id.
    pub fn from_parts(edge: &str, sites: &[(String, String)]) -> Result<Self, ConfigError> {
        let edge: EdgeJson = read("EASEL", edge)?;
        let alerts = edge.alerts.map(|alerts| alerts.url);
        if let Some(url) = &alerts {
            address::check("alerts.url", url, Form::Whole)?;
        }
        let gateway = Gateway::check(edge.gateway).map_err(|e| e.within("gateway"))?;
        let models = edge.models.into_iter().map(Model::check).collect::<Result<Vec<_>, _>>()?;
        if models.is_empty() {
            return Err(ConfigError::new(
                "models: at least one is needed, such as openai/gpt-image-1-mini",
            ));
        }
        let mut checked = Vec::with_capacity(edge.sites.len());
        for id in &edge.sites {
            let (_, text) = sites.iter().find(|(name, _)| name == id).ok_or_else(|| {
                ConfigError::new(format!(
                    "sites: the site {id} is named, but EASEL_SITE_{id} is missing"
                ))
            })?;
            let site =
                Site::check(read::<SiteJson>(id, text)?, &models).map_err(|e| e.within(id))?;
            if site.id != *id {
                return Err(ConfigError::new(format!(
                    "{id}: its id says {}; both must be the same",
                    site.id
                )));
            }
            if checked.iter().any(|other: &Site| other.id == site.id) {
                return Err(ConfigError::new(format!("sites: {id} is named twice")));
            }
            checked.push(site);
        }
        if checked.is_empty() {
            return Err(ConfigError::new("sites: at least one is needed"));
        }
        Ok(Self { gateway, models, sites: checked, alerts })
    }

    /// The model with that id.
    pub fn model(&self, id: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.id == id)
    }

    /// The site with that id.
    pub fn site(&self, id: &str) -> Option<&Site> {
        self.sites.iter().find(|site| site.id == id)
    }

    /// The warning about a model that has ended or ends within 30 days: the days left, and which model follows it.
    fn ending(&self, model: &Model, today: Day, status: &GatewayStatus) -> Option<String> {
        let days_of = |model: &Model| {
            let status = status.ends.iter().find(|(id, _)| *id == model.id).map(|(_, end)| *end);
            let end = model.shuts_down.into_iter().chain(status).min()?;
            Some((end, end.number().saturating_sub(today.number())))
        };
        let (end, days) = days_of(model).filter(|(_, days)| *days <= WARNING_DAYS)?;
        let lives = |other: &&Model| {
            other.id != model.id && days_of(other).is_none_or(|(_, days)| days > WARNING_DAYS)
        };
        let id = &model.id;
        let when = match days {
            0 => format!("{id} has shut down, by {end}"),
            1 => format!("{id} shuts down on {end}, in 1 day"),
            _ => format!("{id} shuts down on {end}, in {days} days"),
        };
        Some(match (self.models.iter().find(lives), known::successor(&self.models)) {
            (Some(next), _) => format!("{when}: {} follows it", next.id),
            (None, Some(block)) => {
                format!("{when}: add a successor after it in \"models\", such as {block}")
            }
            (None, None) => {
                format!("{when}: add its successor after it in \"models\", with its prices")
            }
        })
    }

    /// The warnings for an operator on that day: models that end within 30 days, by their configuration or by the
    /// gateway's list, and credits that are less than the caps of one day.
    pub fn warnings(&self, today: Day, status: &GatewayStatus) -> Vec<String> {
        let mut warnings: Vec<String> =
            self.models.iter().filter_map(|model| self.ending(model, today, status)).collect();
        let caps = self.sites.iter().map(|site| site.budget.day_usd.min(site.budget.month_usd).0);
        let caps = Nano(caps.fold(0, u64::saturating_add));
        if status.balance.is_some_and(|balance| balance < caps) {
            warnings.push(CREDITS_ARE_LOW.to_owned());
        }
        warnings
    }
}

/// A model is warned of this many days before its end.
const WARNING_DAYS: u32 = 30;
/// It contains no amount, because `/healthz` is public.
const CREDITS_ARE_LOW: &str = "the gateway's credits are less than the sites may spend in a day: top them up, or lower the budgets";

/// Reads JSON; the error names the variable and the member.
fn read<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, ConfigError> {
    json::read_configuration(text).map_err(|e| ConfigError::new(format!("{name}: {e}")))
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod tests_support;

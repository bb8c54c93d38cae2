//! Whether an edge would open with a configuration and work as intended, and what its operator should know.
//!
//! Owns the report. Must not refuse what an operator may want.

use crate::exposure;
use contract::time::Day;
use engine::{
    config::{
        Config,
        findings::{self, Weight},
    },
    gateway::catalogue::GatewayStatus,
};

/// What is known of a valid configuration.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The ids of its sites.
    pub sites: Vec<String>,
    /// What one network can take of each site.
    pub networks: Vec<String>,
    /// What the operator should know.
    pub warnings: Vec<String>,
    /// Why an edge would not work as intended: a worst case that is too low, a budget that admits no picture, no model
    /// that is still available.
    pub refusals: Vec<String>,
}

impl Report {
    /// The report on a day.
    pub fn of(config: &Config, today: Day) -> Self {
        let mut report = Self {
            sites: config.sites.iter().map(|site| site.id.clone()).collect(),
            networks: exposure::facts(config, today),
            warnings: config.warnings(today, &GatewayStatus::default()),
            refusals: Vec::new(),
        };
        report.warnings.extend(exposure::warnings(config, today));
        for found in findings::findings(config, today, 0) {
            match found.weight {
                Weight::Warned => report.warnings.push(found.sentence),
                Weight::Refused => report.refusals.push(found.sentence),
            }
        }
        report
    }
}

/// The sentence for these refusals; none without any.
pub fn refusal(refusals: &[String]) -> Option<String> {
    let reasons = refusals.join("\n- ");
    (!refusals.is_empty())
        .then(|| format!("an edge opens with it, but it does not work as intended:\n- {reasons}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use anyhow::{Result, bail};

    /// Judges the committed configuration after replacing `from` by `to`. Returns the warnings.
    fn judged(from: &str, to: &str, today: &str) -> Result<Vec<String>> {
        let file = crate::COMMITTED;
        assert!(file.contains(from), "{from}");
        let config = Settings::from_wrangler(&file.replace(from, to))?.check()?;
        let report = Report::of(&config, today.parse().unwrap());
        match refusal(&report.refusals) {
            None => Ok(report.warnings),
            Some(sentence) => bail!(sentence),
        }
    }

    #[test]
    fn the_committed_configuration_warns_of_its_first_models_end_alone() {
        for today in ["2026-11-28", "2026-12-01", "2027-06-01"] {
            let warnings = judged("demo", "demo", today).unwrap();
            let [one] = warnings.as_slice() else { panic!("{today}: {warnings:#?}") };
            assert!(one.starts_with("openai/gpt-image-1-mini "), "{today}: {one}");
        }
    }

    #[test]
    fn a_mistaken_configuration_fails_and_an_unusual_one_does_not() {
        let error = judged(
            r#""low": { "1024x1024": "0.005""#,
            r#""low": { "1024x1024": "0.0005""#,
            "2026-11-28",
        );
        assert!(error.unwrap_err().to_string().contains("worst_usd for low 1024x1024 is 0.0005"));
        let error = judged(r#""month_usd": "10.00""#, r#""month_usd": "0.10""#, "2026-11-28");
        assert!(
            error
                .unwrap_err()
                .to_string()
                .contains("budget.day_usd is 1.5 and budget.month_usd is 0.1")
        );
        judged("http://localhost:8787", "http://www.example.com", "2026-11-28").unwrap();
    }
}

//! `cargo xtask check`: whether the edge would open with a configuration, and what its operator should know. Must not
//! start anything.

use crate::{
    clock, command, console, exposure, rate_limit, reference, repo,
    settings::{self, Settings},
};
use anyhow::{Result, bail};
use contract::time::Day;
use engine::{
    config::{
        Config,
        findings::{self, Weight},
        variables,
    },
    gateway::catalogue::GatewayStatus,
};
use std::path::Path;

/// Prints the sites and every warning; fails with the reason if the configuration must not be used.
pub fn run(options: &command::Check) -> Result<()> {
    if let Some(name) = &options.explain {
        console::text(&reference::explain(name)?);
        return Ok(());
    }
    let file = options.config.as_deref();
    let settings = Settings::load(file)?;
    let config = settings.check()?;
    variables::fit(settings.vars().iter().map(|(name, value)| (name, value.to_string())))?;
    // Only the deployed file has bindings.
    if file.is_none()
        && let deployed = settings::parse(&crate::deploy::file()?)?
        && let Some(sentence) = rate_limit::missing(&deployed, &config)
    {
        console::warning(&sentence);
    }
    judge(&config, clock::today())
}

/// Does the same for a parsed configuration, on a given day. It also fails if an edge would open with it but not work
/// as intended: a worst case that is too low, a budget that admits no picture, no model that is still available.
fn judge(config: &Config, today: Day) -> Result<()> {
    let sites: Vec<&str> = config.sites.iter().map(|site| site.id.as_str()).collect();
    console::fact("configuration", &console::green("valid"));
    console::fact("sites", &sites.join(", "));
    exposure::print(config, today);
    let mut warnings = config.warnings(today, &GatewayStatus::default());
    warnings.extend(exposure::warnings(config, today));
    for warning in warnings {
        console::warning(&warning);
    }
    let mut refusals = Vec::new();
    for warning in warnings_of_pictures(config, &repo::path("public/sites")) {
        console::warning(&warning);
    }
    for found in findings::findings(config, today, 0) {
        match found.weight {
            Weight::Warned => console::warning(&found.sentence),
            Weight::Refused => refusals.push(found.sentence),
        }
    }
    if refusals.is_empty() {
        return Ok(());
    }
    bail!("an edge opens with it, but it does not work as intended:\n- {}", refusals.join("\n- "))
}

/// Pictures that a preset names and that the folder lacks, and pictures that no preset names.
fn warnings_of_pictures(config: &Config, folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for site in &config.sites {
        let own = folder.join(&site.id);
        let named = |name: &str| site.presets.iter().any(|it| it.picture.as_deref() == Some(name));
        for (at, preset) in site.presets.iter().enumerate() {
            if let Some(name) = preset.picture.as_ref().filter(|name| !own.join(name).is_file()) {
                found.push(format!(
                    "{0}: presets[{at}].picture: public/sites/{0}/{name} is missing, so the empty wall shows its words; \
                     `cargo xtask examples` paints it.",
                    site.id
                ));
            }
        }
        let files = std::fs::read_dir(&own).into_iter().flatten().flatten();
        let mut unused: Vec<String> = files
            .filter_map(|file| file.file_name().into_string().ok())
            .filter(|name| !named(name))
            .collect();
        unused.sort();
        for name in unused {
            found.push(format!(
                "{0}: public/sites/{0}/{name} is served, and no preset names it.",
                site.id
            ));
        }
    }
    found
}

/// Prints the warnings that a running edge would report, for cases where no edge can be asked.
pub fn warn(config: &Config) {
    for warning in config.warnings(clock::today(), &GatewayStatus::default()) {
        console::warning(&warning);
    }
}

/// Prints findings that a running edge does not check; the edge opens all the same.
pub fn warn_of_findings(config: &Config) {
    for found in findings::findings(config, clock::today(), 0) {
        console::warning(&found.sentence);
    }
    for warning in warnings_of_pictures(config, &repo::path("public/sites")) {
        console::warning(&warning);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Judges the committed configuration after replacing `from` by `to`.
    fn judged(from: &str, to: &str, today: &str) -> Result<()> {
        let file = crate::deploy::file()?;
        assert!(file.contains(from), "{from}");
        let config = Settings::from_wrangler(&file.replace(from, to))?.check()?;
        judge(&config, today.parse().unwrap())
    }

    #[test]
    fn the_committed_configuration_passes_also_after_its_first_models_end() {
        for today in ["2026-11-28", "2026-12-01", "2027-06-01"] {
            judged("demo", "demo", today).unwrap();
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
                .contains("budget.day_usd is 1 and budget.month_usd is 0.1")
        );
        judged("http://localhost:8787", "http://www.example.com", "2026-11-28").unwrap();
    }

    #[test]
    fn pictures_that_are_missing_and_pictures_that_nobody_names_are_found() {
        let file = crate::deploy::file().unwrap().replacen(
            r#""presets": ["#,
            r#""presets": [ { "label": "x", "prompt": "y", "picture": "x.webp" },"#,
            1,
        );
        let config = Settings::from_wrangler(&file).unwrap().check().unwrap();
        let folder = std::env::temp_dir().join(format!("easel-check-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("demo")).unwrap();
        let missing = |all: &[String]| {
            all.iter()
                .any(|it| it.contains("presets[0].picture: public/sites/demo/x.webp is missing"))
        };
        assert!(missing(&warnings_of_pictures(&config, &folder)));
        for name in ["x.webp", "old.webp"] {
            std::fs::write(folder.join("demo").join(name), b"").unwrap();
        }
        let found = warnings_of_pictures(&config, &folder);
        assert!(!missing(&found));
        assert!(found.iter().any(|it| it.contains("demo/old.webp is served, and no preset")));
        std::fs::remove_dir_all(folder).unwrap();
    }
}

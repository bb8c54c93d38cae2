//! `cargo xtask check`: whether the edge would open with a configuration, and what its operator should know. Must not
//! start anything.

use crate::{clock, command, console, rate_limit, reference, repo, settings};
use anyhow::{Result, bail};
use contract::time::Day;
use engine::{
    config::{Config, findings, variables},
    gateway::catalogue::GatewayStatus,
};
use preflight::check::{self as report, Report};
use std::path::Path;

/// Prints the sites and every warning; fails with the reason if the configuration must not be used.
pub fn run(options: &command::Check) -> Result<()> {
    if let Some(name) = &options.explain {
        console::text(&reference::explain(name)?);
        return Ok(());
    }
    let file = options.config.as_deref();
    let settings = settings::load(file)?;
    let config = settings.check()?;
    variables::fit(settings.vars().iter().map(|(name, value)| (name, value.to_string())))?;
    // Only the deployed file has bindings.
    if file.is_none()
        && let deployed = settings::parse(&crate::deploy::file()?)?
        && let Some(sentence) = rate_limit::missing(&deployed, &config)
    {
        console::warning(&sentence);
    }
    print(&config, clock::today())
}

/// Prints a report; it fails with the reasons if an edge would open with the configuration but not work as intended.
fn print(config: &Config, today: Day) -> Result<()> {
    let Report { sites, networks, warnings, refusals } = Report::of(config, today);
    console::fact("configuration", &console::green("valid"));
    console::fact("sites", &sites.join(", "));
    for network in &networks {
        console::fact("one network", network);
    }
    for warning in warnings.iter().chain(&warnings_of_pictures(config, &repo::path("public/sites")))
    {
        console::warning(warning);
    }
    match report::refusal(&refusals) {
        None => Ok(()),
        Some(sentence) => bail!(sentence),
    }
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
    use crate::settings::Settings;

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

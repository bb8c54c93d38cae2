//! The whole configuration.
//!
//! Owns the promises: any text is taken or refused with a sentence, and what is taken cannot add to a policy, hide the
//! host of an address, or stop the findings.

use super::origin::can_stand_in_a_policy;
use contract::time::Day;
use engine::{
    config::{
        Config,
        address::{self, Form},
        findings, variables,
    },
    gateway::catalogue::GatewayStatus,
};

/// Holds for any bytes: the variable `EASEL`, and behind a zero byte those of the sites `demo` and `shop`.
pub fn check(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let mut parts = text.splitn(3, '\0').map(str::to_owned);
    let edge = parts.next().unwrap_or_default();
    let sites: Vec<(String, String)> =
        ["demo", "shop"].into_iter().map(str::to_owned).zip(parts).collect();
    let ids = Config::site_ids(&edge);
    match Config::from_parts(&edge, &sites) {
        Err(error) => {
            assert!(!error.to_string().is_empty());
        }
        Ok(config) => {
            let own: Vec<_> = config.sites.iter().map(|site| site.id.clone()).collect();
            assert_eq!(ids, Ok(own), "its sites are those that it names");
            is_safe(&config);
            let again = Config::from_parts(&edge, &sites);
            assert_eq!(again.as_ref(), Ok(&config), "it is read alike twice");
        }
    }
    let fit = edge.len() <= variables::MOST_BYTES
        && sites.iter().all(|(_, text)| text.len() <= variables::MOST_BYTES);
    let named = sites.into_iter().map(|(id, text)| (["EASEL_SITE_", &id].concat(), text));
    let all = std::iter::once(("EASEL".to_owned(), edge)).chain(named);
    assert_eq!(variables::fit(all).is_ok(), fit);
}

fn is_safe(config: &Config) {
    assert!(!config.models.is_empty() && !config.sites.is_empty());
    assert_eq!(address::refusal(&config.gateway.base_url, Form::Base), None);
    for site in &config.sites {
        let verifier = site.challenge.as_ref().map(engine::config::challenge::Challenge::origin);
        let offer = site.call_to_action.as_ref().map(|offer| offer.url.as_str());
        let links = [site.privacy_url.as_deref(), site.report_url.as_deref(), offer];
        for link in links.into_iter().flatten() {
            assert_eq!(address::refusal(link, Form::Whole), None);
        }
        for origin in site.origins.iter().map(String::as_str).chain(verifier) {
            assert!(can_stand_in_a_policy(origin), "{origin}");
        }
        assert!(!site.origins.is_empty());
        for name in site.presets.iter().filter_map(|preset| preset.picture.as_deref()) {
            assert!(!name.contains('/') && !name.contains(".."));
        }
    }
    assert!(config.alerts.iter().all(|hook| address::refusal(hook, Form::Whole).is_none()));
    for day in [0, 20_786, 40_000] {
        let day = Day::from_number(day);
        for finding in findings::findings(config, day, findings::DAYS_TO_LIVE) {
            assert!(!finding.sentence.is_empty());
        }
        let _ = config.warnings(day, &GatewayStatus::default());
    }
}

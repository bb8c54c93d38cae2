//! What strangers can take of a site, by all of its settings together: told by `check` and `deploy`.
//!
//! Owns the sentences. Must not refuse anything: an operator may want what is said here.

use crate::address::is_near;
use contract::{money::Nano, time::Day};
use engine::config::{Config, exposure::Exposure, site::Site};

/// Above this share of a day, in per cent, one network or /48 leaves too little to all others.
const MOST_PERCENT: u64 = 50;

/// What one network can take of each site's day.
pub fn facts(config: &Config, today: Day) -> Vec<String> {
    let fact = |site: &Site| {
        let exposure = Exposure::of(config, site, today)?;
        Some(format!("{}: {}", site.id, sentence(exposure)))
    };
    config.sites.iter().filter_map(fact).collect()
}

/// In dollars and per cent.
fn sentence(exposure: Exposure) -> String {
    let most = exposure.most();
    let share = |amount: Nano| format!("{amount} USD ({} %)", exposure.percent(amount));
    let day = exposure.day;
    let made = format!("can take at most {} of a day's {day} USD", share(most));
    // The limit in pictures does not count what is lost by the gateway's fault.
    let lost = if exposure.share > most {
        format!(", {} where pictures are lost by the gateway's fault", share(exposure.share))
    } else {
        String::new()
    };
    format!(
        "{made}{lost}, and an IPv6 /48, as who rents a server has it, {}",
        share(exposure.prefix_share)
    )
}

/// What the operator of public sites should know, one sentence for each.
pub fn warnings(config: &Config, today: Day) -> Vec<String> {
    let public: Vec<&Site> = config.sites.iter().filter(|site| is_public(site)).collect();
    let mut warnings = Vec::new();
    for site in &public {
        let id = &site.id;
        if site.challenge.is_none() {
            warnings.push(format!(
                "{id}: it is public and has no challenge: a program can open sessions and order pictures like a person; \
                 set challenge."
            ));
        }
        if !site.network.rate_limit {
            warnings.push(format!(
                "{id}: it is public and network.rate_limit is false: one network can send as many requests as it likes, and each \
                 reaches the Ledger; leave it out."
            ));
        }
        let exposure = Exposure::of(config, site, today);
        if let Some(exposure) = exposure.filter(|it| it.percent(it.prefix_share) > MOST_PERCENT) {
            warnings.push(format!(
                "{id}: one network {}: lower network.share_percent, or raise budget.day_usd.",
                sentence(exposure)
            ));
        }
    }
    if !public.is_empty() && config.alerts.is_none() {
        warnings.push(
            "alerts is null, and a site is public: nobody is told that a budget is used up or that the gateway refuses \
             the key; name a webhook."
                .to_owned(),
        );
    }
    warnings
}

/// Whether a page on the internet may embed it.
fn is_public(site: &Site) -> bool {
    !site.origins.iter().all(|origin| is_near(origin))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{safety::tests::GOOD, settings::Settings};

    const TODAY: &str = "2026-10-01";
    const CHALLENGE: &str = r#""challenge": { "provider": "turnstile", "site_key": "0x4AAA" }"#;

    fn config(from: &str, to: &str) -> Config {
        assert!(GOOD.contains(from), "{from}");
        Settings::from_wrangler(&GOOD.replace(from, to)).unwrap().check().unwrap()
    }

    fn warned(from: &str, to: &str) -> Vec<String> {
        warnings(&config(from, to), TODAY.parse().unwrap())
    }

    /// One warning, which is a sentence with these words.
    #[track_caller]
    fn warns(from: &str, to: &str, words: &str) {
        let warned = warned(from, to);
        let [sentence] = warned.as_slice() else { panic!("{warned:?}") };
        assert!(sentence.contains(words) && sentence.ends_with('.'), "{sentence}");
    }

    #[test]
    fn a_public_site_is_warned_of_what_it_lacks() {
        assert_eq!(warned("demo", "demo"), [""; 0]);
        warns(CHALLENGE, r#""challenge": null"#, "no challenge");
        warns(
            r#""alerts": { "url": "https://hooks.example/x" }"#,
            r#""alerts": null"#,
            "alerts is null",
        );
        warns(
            r#""budget""#,
            r#""network": { "rate_limit": false }, "budget""#,
            "rate_limit is false",
        );
        warns(r#""budget""#, r#""network": { "share_percent": 51 }, "budget""#, "(51 %)");
        // Twice the share, from a /48.
        warns(r#""budget""#, r#""network": { "share_percent": 26 }, "budget""#, "(52 %)");
    }

    #[test]
    fn a_site_of_one_machine_is_not_public() {
        let near = GOOD
            .replace("https://www.example.com", "http://localhost:8787")
            .replace(r#""alerts": { "url": "https://hooks.example/x" }"#, r#""alerts": null"#);
        let config = Settings::from_wrangler(&near).unwrap().check().unwrap();
        assert_eq!(warnings(&config, TODAY.parse().unwrap()), [""; 0]);
        let both = near.replace(
            "http://localhost:8787",
            r#"http://localhost:8787", "https://www.example.com"#,
        );
        let config = Settings::from_wrangler(&both).unwrap().check().unwrap();
        let warned = warnings(&config, TODAY.parse().unwrap());
        assert!(warned.len() == 1 && warned[0].contains("alerts is null"), "{warned:?}");
    }

    #[test]
    fn what_one_network_takes_is_told_in_dollars_and_per_cent() {
        let told = |from: &str, to: &str| {
            let config = config(from, to);
            sentence(Exposure::of(&config, &config.sites[0], TODAY.parse().unwrap()).unwrap())
        };
        assert_eq!(
            told("demo", "demo"),
            "can take at most 0.25 USD (25 %) of a day's 1 USD, and an IPv6 /48, as who rents a server has it, 0.5 USD (50 %)"
        );
        // 0.005 $, 1,000 characters of four bytes, and four pictures of 2,000 tokens.
        assert_eq!(
            told(r#""budget""#, r#""network": { "per_day": 2 }, "budget""#),
            "can take at most 0.066 USD (7 %) of a day's 1 USD, 0.25 USD (25 %) where pictures are lost by the gateway's \
             fault, and an IPv6 /48, as who rents a server has it, 0.5 USD (50 %)"
        );
    }
}

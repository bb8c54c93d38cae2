//! What the checks may cost, decided before anything is ordered.
//!
//! Owns the choice of the cheapest picture, the sum, and the refusal. Must not order, and must not guess a price.

use contract::{
    job::JobRequest,
    money::Nano,
    options::{Quality, Size},
    site::Site,
    time::Day,
};
use engine::{
    candidates::{self, Wanted},
    config::Config,
    order,
};

/// How many pictures are ordered: one that nobody watches, and one that is cancelled. What had started when it was
/// cancelled is paid for.
pub const ORDERS: u64 = 2;
/// How many are counted: an edge that takes the first order, sent again after the reload, for a new one makes a third.
pub const COUNTED: u64 = 3;
/// The description of both. It is short, since its tokens cost too, and nothing that a maker would refuse.
pub const PROMPT: &str = "A paper boat on a calm lake";
/// Room for the tokens of the prompt where only the price of a picture is known: 28 bytes of ours, and the site's own
/// words around them.
const PROMPT_ROOM: Nano = Nano(1_000_000);

/// What is ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The size.
    pub size: Size,
    /// The quality.
    pub quality: Quality,
    /// The usual time in milliseconds, if the edge tells any.
    pub expected_ms: Option<u64>,
    /// The most that one may cost; `None` if nobody says.
    pub worst: Option<Nano>,
}

impl Order {
    /// The body of `POST /v1/jobs`.
    pub fn request(&self) -> JobRequest {
        JobRequest {
            prompt: PROMPT.to_owned(),
            count: None,
            size: Some(self.size),
            quality: Some(self.quality),
            background: None,
            format: None,
            compression: None,
        }
    }

    /// The cheapest picture of a site. Its price is the one that the site shows, and the one that follows from `config`,
    /// the configuration of this machine, if that has the site: the higher of the two.
    pub fn cheapest(site: &Site, config: Option<&Config>, today: Day) -> Self {
        let estimates = site.estimates.iter().flatten();
        let best =
            estimates.min_by_key(|it| (it.usd.is_none(), it.usd, it.quality, it.size.to_string()));
        let chosen = best.map_or_else(
            || Self {
                size: site.default_size,
                quality: site.qualities.iter().copied().min().unwrap_or(site.default_quality),
                expected_ms: None,
                worst: None,
            },
            |it| Self {
                size: it.size,
                quality: it.quality,
                expected_ms: it.expected_ms,
                worst: None,
            },
        );
        let shown = best.and_then(|it| it.usd?.checked_add(PROMPT_ROOM));
        let own = config.and_then(|config| configured(config, &site.id, &chosen.request(), today));
        Self { worst: shown.max(own), ..chosen }
    }
}

/// The worst case of an order by a configuration, with whichever of its models would be asked.
fn configured(config: &Config, site: &str, request: &JobRequest, today: Day) -> Option<Nano> {
    let site = config.sites.iter().find(|it| it.id == site)?;
    let order = order::check(request, site).ok()?;
    let prompt = order::upstream_prompt(&order, site);
    let wanted = Wanted { order: &order, upstream_prompt: &prompt, uploads: &[] };
    let all = candidates::of(&config.models, config.gateway.dialect, wanted, today).ok()?;
    all.living.iter().chain([&all.last_resort]).map(|it| it.worst_each).max()
}

/// What is said before the first order; or, as the error, why nothing is ordered. `sandbox`: the pictures are samples.
pub fn statement(
    site: &str,
    order: &Order,
    sandbox: bool,
    max: Option<Nano>,
) -> Result<String, String> {
    let Order { size, quality, worst, .. } = order;
    let what = format!("{ORDERS} pictures of {size}, {quality}, on the site {site}");
    if sandbox {
        return Ok(format!("{what}: samples, for which nothing is paid"));
    }
    let sum = worst.and_then(|each| each.checked_mul(COUNTED));
    match (sum, max) {
        (Some(sum), Some(max)) if sum <= max => Ok(format!(
            "{what}: at most {sum} of {max} USD, with a third that a faulty edge might add"
        )),
        (Some(sum), Some(max)) => {
            Err(format!("nothing was ordered: {what} may cost {sum} USD, and --max-usd is {max}"))
        }
        (Some(sum), None) => Err(format!(
            "nothing was ordered: {what} may cost {sum} USD; allow it with --max-usd {sum}"
        )),
        (None, _) => Err(format!(
            "nothing was ordered: the site {site} shows no prices, and edge/wrangler.jsonc of this folder has no such site; \
             start it where the edge was deployed from, or name a site that shows prices with --site"
        )),
    }
}

/// Whether a second order may follow the first, whose reservation is this, if the site shows it. The error says why not.
pub fn second(sandbox: bool, reserved: Option<Nano>, max: Option<Nano>) -> Result<(), String> {
    let (false, Some(reserved), Some(max)) = (sandbox, reserved, max) else { return Ok(()) };
    match reserved.checked_mul(COUNTED) {
        Some(sum) if sum <= max => Ok(()),
        _ => Err(format!(
            "not ordered: the first order reserved {reserved} USD, and a second one could pass --max-usd {max}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{COMMITTED, settings::Settings};
    use contract::site::Estimate;

    fn site() -> Site {
        serde_json::from_str(include_str!("../../../contract/tests/golden/site.json")).unwrap()
    }

    fn estimate(size: &str, quality: Quality, usd: Option<&str>) -> Estimate {
        let usd = usd.map(|it| it.parse().unwrap());
        Estimate { size: size.parse().unwrap(), quality, expected_ms: Some(7), usd }
    }

    fn today() -> Day {
        "2026-11-30".parse().unwrap()
    }

    #[expect(clippy::unnecessary_wraps, reason = "a price or a limit may be missing")]
    fn usd(text: &str) -> Option<Nano> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn the_cheapest_picture_is_ordered_and_its_prompt_has_room() {
        let estimates = vec![
            estimate("1024x1024", Quality::High, Some("0.036")),
            estimate("1536x1024", Quality::Low, Some("0.006")),
            estimate("1024x1024", Quality::Low, Some("0.005")),
        ];
        let order = Order::cheapest(&Site { estimates: Some(estimates), ..site() }, None, today());
        assert_eq!((order.quality, order.size.to_string().as_str()), (Quality::Low, "1024x1024"));
        assert_eq!((order.worst, order.expected_ms), (usd("0.006"), Some(7)));
    }

    #[test]
    fn a_site_that_hides_its_prices_is_priced_by_the_configuration_it_was_deployed_from() {
        let config = Settings::from_wrangler(COMMITTED).unwrap().check().unwrap();
        let hidden = vec![estimate("1024x1024", Quality::Low, None)];
        let hidden = Site { id: "demo".into(), estimates: Some(hidden), ..site() };
        let order = Order::cheapest(&hidden, Some(&config), today());
        // The dearest of the configured models, since any of them may be asked, and the prompt's tokens.
        let dearest =
            config.models.iter().filter_map(|it| it.worst(order.quality, order.size)).max();
        assert!(order.worst > dearest && order.worst < usd("0.05"), "{order:?}");
        assert_eq!(Order::cheapest(&hidden, None, today()).worst, None);
        let other = Site { id: "other".into(), ..hidden };
        assert_eq!(Order::cheapest(&other, Some(&config), today()).worst, None);
    }

    #[test]
    fn money_is_spent_only_within_a_stated_sum() {
        let order = |worst| Order {
            size: "1024x1024".parse().unwrap(),
            quality: Quality::Low,
            expected_ms: None,
            worst,
        };
        let said = |worst, sandbox, max| statement("demo", &order(worst), sandbox, max);
        let sentence = said(usd("0.006"), false, usd("0.018")).unwrap();
        assert!(sentence.contains("at most 0.018 of 0.018 USD"), "{sentence}");
        for (worst, max, words) in [
            (usd("0.006"), usd("0.0179"), "--max-usd is 0.0179"),
            (usd("0.006"), None, "--max-usd 0.018"),
            (None, usd("100"), "shows no prices"),
        ] {
            let sentence = said(worst, false, max).unwrap_err();
            assert!(
                sentence.contains(words) && sentence.starts_with("nothing was ordered"),
                "{sentence}"
            );
        }
        assert!(said(None, true, None).unwrap().contains("nothing is paid"));
    }

    #[test]
    fn a_first_order_that_was_dearer_than_said_is_the_last_one() {
        assert!(second(false, usd("0.006"), usd("0.018")).is_ok());
        assert!(second(false, usd("0.0061"), usd("0.018")).unwrap_err().contains("0.0061"));
        assert!(second(true, usd("9"), usd("0.018")).is_ok());
        assert!(second(false, None, usd("0.018")).is_ok());
    }
}

//! Which sites are closed for a deploy, and which are opened after it: those that were open before, and no other.
//!
//! Owns these decisions, as functions from the edge's report. Must not call the edge.

use anyhow::{Context, Result, bail};
use contract::money::Nano;
use serde_json::Value;

/// The switches of the running edge.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Switches {
    /// Open sites: they are closed for the deploy and opened after it.
    pub open: Vec<String>,
    /// Sites that somebody else closed: they stay closed.
    pub closed: Vec<String>,
}

/// Reads the response of `GET /v1/operator/ledger`: `switches` is a list of `{site, open}`. An older edge has no such
/// list; then the switches are derived if they are certain, from `all_closed` of `/healthz` and from `configured`, the
/// sites of the new version.
pub fn switches(report: &Value, all_closed: bool, configured: &[String]) -> Result<Switches> {
    if let Some(reported) = report["switches"].as_array() {
        let mut switches = Switches::default();
        for switch in reported {
            let (Some(site), Some(open)) = (switch["site"].as_str(), switch["open"].as_bool())
            else {
                bail!("the edge reports a switch without a site or a state");
            };
            let list = if open { &mut switches.open } else { &mut switches.closed };
            list.push(site.to_owned());
        }
        return Ok(switches);
    }
    let mut sites = configured.to_vec();
    for site in days(report)?.iter().filter_map(|day| day["site"].as_str()) {
        if !sites.iter().any(|it| it == site) {
            sites.push(site.to_owned());
        }
    }
    match (all_closed, sites.as_slice()) {
        (true, _) => Ok(Switches { open: Vec::new(), closed: sites }),
        (false, [_]) => Ok(Switches { open: sites, closed: Vec::new() }),
        (false, _) => bail!(
            "the running edge does not report which of its sites ({}) are closed, so they could not be left as they are; \
             close all by PUT /v1/operator/switch {{\"site\": null, \"open\": false}}, deploy, and open those that you want",
            sites.join(", ")
        ),
    }
}

/// The sum of the reserved money of all sites: zero once no job runs.
pub fn reserved(report: &Value) -> Result<Nano> {
    days(report)?.iter().try_fold(Nano::ZERO, |sum, day| {
        let amount = day["reserved_usd"].as_str().and_then(|text| text.parse::<Nano>().ok());
        let amount = amount.context("the edge reports a day without reserved_usd")?;
        sum.checked_add(amount).context("the edge reports an amount that is too large")
    })
}

fn days(report: &Value) -> Result<&Vec<Value>> {
    report["days"].as_array().context("the edge's ledger report has no days")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[track_caller]
    fn check(
        report: &Value,
        all_closed: bool,
        configured: &[&str],
        open: &[&str],
        closed: &[&str],
    ) {
        let found = switches(report, all_closed, &names(configured)).unwrap();
        assert_eq!(found, Switches { open: names(open), closed: names(closed) });
    }

    #[test]
    fn reported_switches_decide() {
        let reported = json!({ "days": [], "switches": [
            { "site": "a", "open": true }, { "site": "b", "open": false }, { "site": "c", "open": true } ] });
        // A new site has no switch yet; a removed site still has one.
        check(&reported, false, &["a", "new"], &["a", "c"], &["b"]);
        check(&json!({ "days": [], "switches": [] }), false, &["a"], &[], &[]);
        for broken in [json!({ "site": "a" }), json!({ "open": true })] {
            assert!(switches(&json!({ "days": [], "switches": [broken] }), false, &[]).is_err());
        }
    }

    #[test]
    fn switches_that_are_not_reported_are_not_guessed() {
        let silent = json!({ "days": [{ "site": "a" }] });
        check(&silent, false, &["a"], &["a"], &[]);
        check(&silent, true, &["a", "b"], &[], &["a", "b"]);
        let doubt = switches(&silent, false, &names(&["a", "b"])).unwrap_err().to_string();
        assert!(doubt.contains("(a, b)") && doubt.contains("/v1/operator/switch"), "{doubt}");
        // A site that will not be served any more may be the open one.
        assert!(switches(&json!({ "days": [{ "site": "old" }] }), false, &names(&["a"])).is_err());
        assert!(switches(&json!({}), true, &[]).is_err());
    }

    #[test]
    fn reserved_money_is_the_sum_of_all_books() {
        let day = |amount: &str| json!({ "site": "a", "reserved_usd": amount });
        let sum =
            |days: &[Value]| reserved(&json!({ "days": days })).map(|sum| sum.to_string()).ok();
        assert_eq!(sum(&[]).as_deref(), Some("0"));
        assert_eq!(sum(&[day("0"), day("0")]).as_deref(), Some("0"));
        assert_eq!(
            sum(&[day("0.011"), day("0"), day("0.000000001")]).as_deref(),
            Some("0.011000001")
        );
        assert_eq!(sum(&[day("much")]), None);
        assert_eq!(sum(&[json!({ "site": "a" })]), None);
        assert!(reserved(&json!({})).is_err());
    }
}

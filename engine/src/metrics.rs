//! Metrics as Prometheus reads them (text format 0.0.4).
//!
//! Owns the names, types and labels of the public interface. Must not count: the ledger does.

use crate::{
    config::site::Budget,
    ledger::{
        Book, DayBook,
        breaker::Breaker,
        count::{Counter, Held, SECONDS},
        month,
    },
};
use contract::{
    money::Nano,
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt::Write as _};

/// The counts and sums of a site's ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteCounts {
    /// Every counter.
    pub counters: Vec<(String, u64)>,
    /// Whether the breaker refuses all requests.
    pub breaker_open: bool,
    /// The sums of today.
    pub day: Held,
    /// The sums of this month.
    pub month: Held,
}

/// Reads the counts and sums from a site's book.
pub fn of<B: Book>(book: &B, now: Timestamp) -> Result<SiteCounts, B::Error> {
    let day = now.max(book.clock()?).day();
    let (first, end) = month(day);
    let last = Day::from_number(end.number().saturating_sub(1));
    let add = |sum: Nano, more: Nano| Nano(sum.0.saturating_add(more.0));
    let held = |sum: Held, (_, book): &(Day, DayBook)| Held {
        reserved: add(sum.reserved, book.reserved),
        charged: add(sum.charged, book.charged),
    };
    Ok(SiteCounts {
        counters: book.counters()?,
        breaker_open: !matches!(book.breaker()?, Breaker::Closed(_)),
        day: book.days(day, day)?.iter().fold(Held::default(), held),
        month: book.days(first, last)?.iter().fold(Held::default(), held),
    })
}

/// A site with its counts and sums.
#[derive(Debug)]
pub struct SiteMetrics<'a> {
    /// The site's id: letters, digits, - and _.
    pub id: &'a str,
    /// The site's caps.
    pub budget: Budget,
    /// The site's counts and sums.
    pub counts: SiteCounts,
}

/// The whole page.
pub fn page(sites: &[SiteMetrics<'_>]) -> String {
    let mut page = Page::default();
    let counters = || {
        let all = sites.iter().flat_map(|site| {
            site.counts.counters.iter().map(|(name, value)| (site.id, name.as_str(), *value))
        });
        all.filter_map(|(site, name, value)| Some((site, Counter::read(name)?, value)))
    };

    page.family("easel_pictures_total", "counter", "Pictures, by how they ended.");
    for (site, counter, value) in counters() {
        if let Counter::Picture(quality, outcome) = counter {
            let labels = [("site", site), ("quality", quality), ("outcome", outcome)];
            page.sample("easel_pictures_total", &labels, &value.to_string());
        }
    }
    page.family("easel_charged_usd_total", "counter", "The sum of all charges, in US dollars.");
    for (site, counter, value) in counters() {
        if counter == Counter::Charged {
            page.sample("easel_charged_usd_total", &[("site", site)], &Nano(value).to_string());
        }
    }
    page.family("easel_problems_total", "counter", "Problems, by their kind.");
    for (site, counter, value) in counters() {
        if let Counter::Problem(kind) = counter {
            let labels = [("site", site), ("kind", kind)];
            page.sample("easel_problems_total", &labels, &value.to_string());
        }
    }
    page.family("easel_picture_seconds", "histogram", "The time that a picture took, in seconds.");
    let mut times: BTreeMap<&str, Times<'_>> = BTreeMap::new();
    for (_, counter, value) in counters() {
        match counter {
            Counter::Seconds(quality, bound) => times.entry(quality).or_default().add(bound, value),
            Counter::Ms(quality) => {
                let ms = &mut times.entry(quality).or_default().ms;
                *ms = ms.saturating_add(value);
            }
            _ => {}
        }
    }
    for (quality, times) in &times {
        page.histogram(quality, times);
    }
    page.family("easel_breaker_open", "gauge", "1 while the breaker refuses all requests.");
    for site in sites {
        let open = if site.counts.breaker_open { "1" } else { "0" };
        page.sample("easel_breaker_open", &[("site", site.id)], open);
    }
    page.family(
        "easel_budget_usd",
        "gauge",
        "The caps, and the amounts that count towards them, in US dollars.",
    );
    for site in sites {
        let periods = [
            ("day", site.budget.day_usd, site.counts.day),
            ("month", site.budget.month_usd, site.counts.month),
        ];
        for (period, cap, Held { reserved, charged }) in periods {
            for (state, amount) in [("cap", cap), ("reserved", reserved), ("charged", charged)] {
                let labels = [("site", site.id), ("period", period), ("state", state)];
                page.sample("easel_budget_usd", &labels, &amount.to_string());
            }
        }
    }
    page.0
}

/// The times of the pictures of one quality.
#[derive(Default)]
struct Times<'a> {
    by_bound: BTreeMap<&'a str, u64>,
    ms: u64,
}

impl<'a> Times<'a> {
    fn add(&mut self, bound: &'a str, value: u64) {
        let count = self.by_bound.entry(bound).or_default();
        *count = count.saturating_add(value);
    }
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    /// Writes one line. Labels are words and ids, so none needs escaping.
    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: &str) {
        let labels: Vec<_> =
            labels.iter().map(|(label, text)| format!("{label}=\"{text}\"")).collect();
        let _ = writeln!(self.0, "{name}{{{}}} {value}", labels.join(","));
    }

    /// Writes a histogram. In Prometheus a bucket includes all smaller ones.
    fn histogram(&mut self, quality: &str, times: &Times<'_>) {
        let mut below = 0u64;
        for bound in SECONDS.iter().map(u64::to_string).chain(["+Inf".to_owned()]) {
            below = below.saturating_add(times.by_bound.get(bound.as_str()).copied().unwrap_or(0));
            let labels = [("quality", quality), ("le", &bound)];
            self.sample("easel_picture_seconds_bucket", &labels, &below.to_string());
        }
        let labels = [("quality", quality)];
        // The decimal with nine places is the one that `Nano` writes for money.
        let seconds = Nano(times.ms.saturating_mul(1_000_000)).to_string();
        self.sample("easel_picture_seconds_sum", &labels, &seconds);
        self.sample("easel_picture_seconds_count", &labels, &below.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_what_prometheus_reads() {
        let counters = [
            ("charged", 2_210_000),
            ("ms low", 3_500),
            ("of another version", 1),
            ("picture low ready", 2),
            ("problem visitor-limit", 3),
            ("seconds low +Inf", 1),
            ("seconds low 2", 1),
        ];
        let counters = counters.map(|(name, value)| (name.to_owned(), value)).to_vec();
        let day = Held { reserved: Nano(5_000_000), charged: Nano(2_210_000) };
        let budget = Budget {
            day_usd: Nano::USD,
            month_usd: Nano(10_000_000_000),
            hour_percent: 100,
            spare_percent: 0,
        };
        let counts = SiteCounts { counters, breaker_open: true, day, month: day };
        let page = page(&[SiteMetrics { id: "demo", budget, counts }]);
        for line in [
            "# TYPE easel_pictures_total counter",
            r#"easel_pictures_total{site="demo",quality="low",outcome="ready"} 2"#,
            r#"easel_charged_usd_total{site="demo"} 0.00221"#,
            r#"easel_problems_total{site="demo",kind="visitor-limit"} 3"#,
            r#"easel_picture_seconds_bucket{quality="low",le="1"} 0"#,
            r#"easel_picture_seconds_bucket{quality="low",le="2"} 1"#,
            r#"easel_picture_seconds_bucket{quality="low",le="320"} 1"#,
            r#"easel_picture_seconds_bucket{quality="low",le="+Inf"} 2"#,
            r#"easel_picture_seconds_sum{quality="low"} 3.5"#,
            r#"easel_picture_seconds_count{quality="low"} 2"#,
            r#"easel_breaker_open{site="demo"} 1"#,
            r#"easel_budget_usd{site="demo",period="day",state="cap"} 1"#,
            r#"easel_budget_usd{site="demo",period="month",state="reserved"} 0.005"#,
        ] {
            assert!(page.lines().any(|own| own == line), "{line} is not in\n{page}");
        }
        assert!(page.ends_with('\n') && !page.contains("another"));
    }
}

//! `/v1/operator/…` and `/metrics`: the books, the switch, what was learned of prices, the metrics.
//!
//! Owns the authorisation: the operator's token, and nobody if none is configured. Must not count.
//!
//! Decision: docs/decisions/2026-11-29-the-operators-ledger-returns-the-switches.md.

use super::{Call, warnings};
use crate::{body, clock, failure::Failure, objects, reply::Reply, setup};
use contract::{
    health::Breaker,
    limits::JSON_BODY_BYTES,
    operator::{Forgotten, LearnedExcess, LedgerReport, SiteDay, Switch},
    problem::ProblemKind,
    time::Day,
};
use engine::{json, metrics, session::bearer};
use web_sys::Response;

/// How many days are returned if the query names none.
const DAYS: u32 = 30;

/// The sums of each site and day.
pub(crate) async fn ledger(call: &Call<'_>) -> Result<Response, Failure> {
    authorise(call)?;
    let today = clock::now().day();
    let asked = Asked::read(call.query)?;
    let to = asked.to.unwrap_or(today);
    let from = asked.from.unwrap_or(Day::from_number(to.number().saturating_sub(DAYS - 1)));
    let (mut days, mut switches, mut learned) = (Vec::new(), Vec::new(), Vec::new());
    for site in &call.setup.config.sites {
        if asked.site.is_none_or(|id| id == site.id) {
            let ledger = objects::ledger(call.env, &site.id)?;
            let path = ["/", &site.id, "/days"].concat();
            days.extend(objects::call_json::<Vec<SiteDay>>(&ledger, &path, &(from, to)).await?);
            let path = ["/", &site.id, "/state"].concat();
            let (closed, _): (bool, Breaker) = objects::call_json(&ledger, &path, &()).await?;
            switches.push(Switch { site: Some(site.id.clone()), open: !closed });
            let path = ["/", &site.id, "/learned"].concat();
            learned.extend(objects::call_json::<Vec<LearnedExcess>>(&ledger, &path, &()).await?);
        }
    }
    if let Some(id) = asked.site {
        call.site(id)?;
    }
    let warnings = warnings::all(call).await;
    call.json(200, &LedgerReport { days, switches, warnings, learned })
}

/// Opens or closes one site, or every configured site.
pub(crate) async fn switch(call: &Call<'_>) -> Result<Response, Failure> {
    authorise(call)?;
    let text = body::json(call.request, JSON_BODY_BYTES).await?;
    let asked: Switch = json::read_object(&text)
        .map_err(|_| Failure::invalid("The body must be JSON with site (or null) and open."))?;
    if let Some(id) = &asked.site {
        call.site(id)?;
    }
    for site in &call.setup.config.sites {
        if asked.site.as_ref().is_none_or(|id| *id == site.id) {
            let ledger = objects::ledger(call.env, &site.id)?;
            // If a site does not answer, the call fails, and the operator repeats it until it reaches every site.
            let _: bool =
                objects::call_json(&ledger, &["/", &site.id, "/switch"].concat(), &asked.open)
                    .await?;
        }
    }
    call.json(200, &asked)
}

/// Forgets what one site, or every configured site, has learned of prices.
pub(crate) async fn forget(call: &Call<'_>) -> Result<Response, Failure> {
    authorise(call)?;
    let Asked { site: asked, from: None, to: None } = Asked::read(call.query)? else {
        return Err(Failure::invalid("The query may contain site only."));
    };
    if let Some(id) = asked {
        call.site(id)?;
    }
    let mut forgotten = 0u32;
    for site in &call.setup.config.sites {
        if asked.is_none_or(|id| id == site.id) {
            let ledger = objects::ledger(call.env, &site.id)?;
            let path = ["/", &site.id, "/forget"].concat();
            let count: u32 = objects::call_json(&ledger, &path, &()).await?;
            forgotten = forgotten.saturating_add(count);
        }
    }
    call.json(200, &Forgotten { forgotten })
}

/// The metrics of all sites, in Prometheus' format.
pub(crate) async fn metrics(call: &Call<'_>) -> Result<Response, Failure> {
    authorise(call)?;
    let mut sites = Vec::new();
    for site in &call.setup.config.sites {
        let ledger = objects::ledger(call.env, &site.id)?;
        let counts =
            objects::call_json(&ledger, &["/", &site.id, "/metrics"].concat(), &()).await?;
        sites.push(metrics::SiteMetrics { id: &site.id, budget: site.budget, counts });
    }
    let reply = Reply::new(200, call.secure)?
        .header("content-type", "text/plain; version=0.0.4; charset=utf-8")?;
    Ok(reply.text(&metrics::page(&sites))?)
}

fn authorise(call: &Call<'_>) -> Result<(), Failure> {
    let header = call.header("authorization").unwrap_or_default();
    let token = setup::operator_token(call.env);
    let opens = token.zip(bearer(&header)).is_some_and(|(token, given)| token.is(given));
    if opens { Ok(()) } else { Err(Failure::of(ProblemKind::OperatorOnly)) }
}

/// `site`, `from` and `to` of the query.
#[derive(Default)]
struct Asked<'a> {
    site: Option<&'a str>,
    from: Option<Day>,
    to: Option<Day>,
}

impl<'a> Asked<'a> {
    fn read(query: &'a str) -> Result<Self, Failure> {
        let mut asked = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let day = |text: &str| {
                text.parse().map_err(|_| Failure::invalid("A day must be written like 2026-11-22."))
            };
            match pair.split_once('=') {
                Some(("site", id)) => asked.site = Some(id),
                Some(("from", text)) => asked.from = Some(day(text)?),
                Some(("to", text)) => asked.to = Some(day(text)?),
                _ => return Err(Failure::invalid("The query may contain site, from and to only.")),
            }
        }
        Ok(asked)
    }
}

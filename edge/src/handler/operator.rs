//! `/v1/operator/…` and `/metrics`: the books, the switch, the numbers.
//!
//! Owns who may call: whoever has the operator's token, and nobody while none is configured. Must not count.

use super::{Call, warnings};
use crate::{body, clock, failure::Failure, objects, reply::Reply, setup};
use contract::{
    health::Breaker,
    limits::JSON_BODY_BYTES,
    operator::{LedgerReport, SiteDay, Switch},
    problem::ProblemKind,
    time::Day,
};
use engine::{json, metrics, session::bearer};
use web_sys::Response;

/// Days that are told unless others are asked for.
const DAYS: u32 = 30;

/// The sums of each site and day.
pub(crate) async fn ledger(call: &Call<'_>) -> Result<Response, Failure> {
    authorise(call)?;
    let today = clock::now().day();
    let asked = Asked::read(call.query)?;
    let to = asked.to.unwrap_or(today);
    let from = asked.from.unwrap_or(Day::from_number(to.number().saturating_sub(DAYS - 1)));
    let (mut days, mut switches) = (Vec::new(), Vec::new());
    for site in &call.setup.config.sites {
        if asked.site.is_none_or(|id| id == site.id) {
            let ledger = objects::ledger(call.env, &site.id)?;
            let path = ["/", &site.id, "/days"].concat();
            days.extend(objects::call_json::<Vec<SiteDay>>(&ledger, &path, &(from, to)).await?);
            let path = ["/", &site.id, "/state"].concat();
            let (closed, _): (bool, Breaker) = objects::call_json(&ledger, &path, &()).await?;
            switches.push(Switch { site: Some(site.id.clone()), open: !closed });
        }
    }
    if let Some(id) = asked.site {
        call.site(id)?;
    }
    call.json(200, &LedgerReport { days, switches, warnings: warnings::all(call).await })
}

/// Opens or closes a site, or every one that is configured.
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
            // A site that does not answer fails the call: it is sent again until every one has it.
            let _: bool =
                objects::call_json(&ledger, &["/", &site.id, "/switch"].concat(), &asked.open)
                    .await?;
        }
    }
    call.json(200, &asked)
}

/// Every site's numbers, as Prometheus reads them.
pub(crate) async fn metrics(call: &Call<'_>) -> Result<Response, Failure> {
    authorise(call)?;
    let mut sites = Vec::new();
    for site in &call.setup.config.sites {
        let ledger = objects::ledger(call.env, &site.id)?;
        let told = objects::call_json(&ledger, &["/", &site.id, "/metrics"].concat(), &()).await?;
        sites.push(metrics::SiteMetrics { id: &site.id, budget: site.budget, told });
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

/// `site`, `from` and `to` of a query.
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
                text.parse().map_err(|_| Failure::invalid("A day is written like 2026-11-22."))
            };
            match pair.split_once('=') {
                Some(("site", id)) => asked.site = Some(id),
                Some(("from", text)) => asked.from = Some(day(text)?),
                Some(("to", text)) => asked.to = Some(day(text)?),
                _ => return Err(Failure::invalid("The query may hold site, from and to.")),
            }
        }
        Ok(asked)
    }
}

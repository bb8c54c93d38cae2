//! The Ledger: one Durable Object per site, which every reservation meets.
//!
//! Owns the calls on a site's book and the alarm at a lease's end. Each call is one step of the engine in one
//! transaction, with no await between check and write. Must not decide.

mod inner;
mod known;
mod listing;
mod numbers;
mod probe;
mod row;
mod schema;
mod sql;
mod store;

use crate::{body, clock, js, objects, reply::Reply};
use contract::{operator::SiteDay, time::Day};
use engine::{
    config::site::Site,
    json,
    ledger::{
        self, Bill, Book as _, Booked, DayBook, PictureKind, Raise, Reserve, Reserved, Visitor,
        alert, breaker,
    },
    metrics,
};
use inner::Inner;
use js_sys::Promise;
use serde::{Serialize, de::DeserializeOwned};
use std::rc::Rc;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::{Request, Response};
use worker::{Env, Error, Result, worker_sys::DurableObjectState};

/// The object; what its alarm hands to the background shares it.
#[wasm_bindgen]
pub struct Ledger {
    inner: Rc<Inner>,
}

#[wasm_bindgen]
impl Ledger {
    /// The object in memory.
    #[wasm_bindgen(constructor)]
    pub fn new(state: DurableObjectState, env: Env) -> Self {
        #[cfg(feature = "clock")]
        clock::ahead::begin(&env);
        Self { inner: Rc::new(Inner::new(state.into(), env)) }
    }

    /// A call.
    pub fn fetch(&self, request: Request) -> Promise {
        let inner = Rc::clone(&self.inner);
        js::promise(async move { Ok(called(&inner, &request).await?.into()) })
    }

    /// The alarm rings.
    pub fn alarm(&self) -> std::result::Result<(), JsValue> {
        let now = clock::now();
        let lapsed = self.inner.step(|book| {
            ledger::prune(book, now)?;
            ledger::lapsed(book, now)
        })?;
        self.inner.rang();
        self.inner.set_alarm()?;
        for job in lapsed {
            let shared = Rc::clone(&self.inner);
            // The alarm does not wait: a Job that does not answer is asked again by the next one.
            self.inner.state.wait_until(async move { shared.close(&job).await });
        }
        Ok(())
    }
}

async fn called(inner: &Rc<Inner>, request: &Request) -> Result<Response> {
    let url = request.url();
    let (_, path) = objects::called(&url);
    let (site, call) = path.trim_start_matches('/').split_once('/').unwrap_or_default();
    let Some(setup) = inner.setup() else { return status(503) };
    let Some(site) = setup.config.site(site) else { return status(503) };
    let text = body::text(request.text()).await?;
    answer(inner, call, &text, site).await
}

async fn answer(inner: &Rc<Inner>, call: &str, text: &str, site: &Site) -> Result<Response> {
    let (now, limits) = (clock::now(), inner::limits(site));
    match call {
        "reserve" => {
            let ask: Reserve = read(text)?;
            let mut answer = reserve(inner, &ask, site)?;
            if let Reserved::Probe(why) = answer {
                // The breaker's time is over, and this is the one request that finds out what is true now.
                let good = probe::gateway(inner, why).await;
                inner.step(|book| breaker::probed(book, good, clock::now()))?;
                answer = reserve(inner, &ask, site)?;
            }
            if !inner.rings_before(now.plus(inner.lease_ms())) {
                inner.set_alarm()?;
            }
            json(&answer)
        }
        "raise" => {
            let ask: Raise = read(text)?;
            let raised = inner.step(|book| ledger::raise(book, &ask, limits.budget, now))?;
            listing::refresh(inner, &ask.gone);
            json(&raised)
        }
        "forbidden" => {
            let job: String = read(text)?;
            json(&probe::forbidden(inner, &job).await?)
        }
        "settle" => {
            let bill: Bill = read(text)?;
            let (booked, alerts) = inner.step(|book| {
                let Some(settled) = ledger::settle(book, &bill, now)? else {
                    return Ok((None, Vec::new()));
                };
                let allowance = ledger::allowance(book, &settled.visitor, limits, now)?;
                let alerts = if inner.alerts() {
                    alert::of_bill(book, &bill, &settled, now)?
                } else {
                    Vec::new()
                };
                Ok((Some(Booked { charged: settled.charged, allowance }), alerts))
            })?;
            inner.tell(&site.id, alerts, now);
            json(&booked)
        }
        "open" => {
            let who: Visitor = read(text)?;
            json(&inner.step(|book| ledger::open(book, &who, limits, now))?)
        }
        "take" => {
            let (token, network): (String, String) = read(text)?;
            json(&inner.step(|book| ledger::take(book, &token, &network, limits, now))?)
        }
        "allowance" => {
            let who: Visitor = read(text)?;
            json(&inner.step(|book| ledger::allowance(book, &who, limits, now))?)
        }
        "estimate" => {
            let kinds: Vec<PictureKind> = read(text)?;
            json(&inner.step(|book| ledger::estimate(book, &kinds, now))?)
        }
        "state" => json(&inner.step(|book| Ok((book.is_closed()?, book.breaker()?.told())))?),
        "switch" => {
            let open: bool = read(text)?;
            inner.step(|book| book.set_closed(!open))?;
            json(&open)
        }
        "days" => {
            let (from, to) = read(text)?;
            let days = inner.step(|book| book.days(from, to))?;
            let days = days.into_iter().map(|(day, sums)| of_site(&site.id, day, &sums));
            json(&days.collect::<Vec<_>>())
        }
        "metrics" => json(&inner.step(|book| metrics::of(book, now))?),
        _ => status(404),
    }
}

fn reserve(inner: &Inner, ask: &Reserve, site: &Site) -> Result<Reserved> {
    let (now, limits) = (clock::now(), inner::limits(site));
    let lease_ms = inner.lease_ms();
    let (answer, alerts) = inner.step(|book| {
        let answer = ledger::reserve(book, ask, limits, lease_ms, now)?;
        let alerts = if inner.alerts() {
            alert::of_budget(book, limits.budget, answer.in_vain(ask), now)?
        } else {
            Vec::new()
        };
        Ok((answer, alerts))
    })?;
    inner.tell(&site.id, alerts, now);
    Ok(answer)
}

/// A day's sums as an operator is told them.
fn of_site(site: &str, day: Day, sums: &DayBook) -> SiteDay {
    SiteDay {
        day,
        site: site.to_owned(),
        pictures: sums.pictures,
        refusals: sums.refusals,
        reserved_usd: sums.reserved,
        charged_usd: sums.charged,
        refunded_usd: sums.refunded,
        unknown_usd: sums.unknown,
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    json::read(text).map_err(|error| Error::RustError(error.to_string()))
}

fn json<T: Serialize>(value: &T) -> Result<Response> {
    Ok(Reply::inner(200)?.text(&json::text(value))?)
}

fn status(code: u16) -> Result<Response> {
    Ok(Reply::inner(code)?.empty()?)
}

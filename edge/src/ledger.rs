//! The Ledger: one Durable Object per site, which decides every reservation.
//!
//! Owns the calls on a site's book, and the alarm, which ends leases and deletes what nobody asks for any more. Each call is
//! one step of the engine in one transaction, with no await between check and write. Must not decide.

mod booking;
mod inner;
mod known;
mod learned;
mod listing;
mod numbers;
mod probe;
mod row;
mod schema;
mod sql;
mod store;
mod usage;

use crate::{body, clock, js, objects, reply::Reply};
use contract::{
    operator::{LearnedExcess, SiteDay},
    time::{DAY_MS, Day},
};
use engine::{
    config::site::Site,
    json,
    ledger::{
        self, Bill, Book as _, Booked, CLAIM_MS, DayBook, MayOrder, PictureKind, Raise, Reserve,
        Reserved, Visitor, alert, breaker,
        learned::{Kind, Learned},
    },
    metrics,
};
use inner::Inner;
use js_sys::Promise;
use serde::Serialize;
use std::rc::Rc;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::{Request, Response};
use worker::{Env, Result, worker_sys::DurableObjectState};

/// The Durable Object. Background work of its alarm shares `inner`.
#[wasm_bindgen]
pub struct Ledger {
    inner: Rc<Inner>,
}

#[wasm_bindgen]
impl Ledger {
    /// Called by the runtime when the object is loaded.
    #[wasm_bindgen(constructor)]
    pub fn new(state: DurableObjectState, env: Env) -> Self {
        #[cfg(feature = "clock")]
        clock::ahead::begin(&env);
        Self { inner: Rc::new(Inner::new(state.into(), env)) }
    }

    /// Called by the runtime for each request.
    pub fn fetch(&self, request: Request) -> Promise {
        let inner = Rc::clone(&self.inner);
        js::promise(async move { Ok(called(&inner, &request).await?.into()) })
    }

    /// Called by the runtime when the alarm fires.
    pub fn alarm(&self) -> std::result::Result<(), JsValue> {
        self.inner.alarm_fired();
        Ok(on_alarm(&self.inner)?)
    }
}

fn on_alarm(inner: &Rc<Inner>) -> Result<()> {
    let now = clock::now();
    let lapsed = inner.step(|book| {
        ledger::prune(book, now)?;
        ledger::lapsed(book, now)
    })?;
    inner.set_alarm()?;
    for job in lapsed {
        let shared = Rc::clone(inner);
        // The alarm does not wait for a Job. One that does not answer is asked again at the next alarm.
        inner.state.wait_until(async move { shared.close(&job).await });
    }
    Ok(())
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
    let now = clock::now();
    match call {
        "reserve" => {
            let ask: Reserve = objects::parse(text)?;
            let mut answer = reserve(inner, &ask, site)?;
            if let Reserved::Probe(why) = answer {
                // The breaker's open time is over, and this request is the one that probes.
                let good = probe::gateway(inner, why).await;
                inner.step(|book| breaker::probed(book, good, clock::now()))?;
                answer = reserve(inner, &ask, site)?;
            }
            if matches!(answer, Reserved::Granted { .. }) {
                inner.set_alarm_before(now.plus(inner.lease_ms()))?;
            }
            json(&answer)
        }
        "raise" => {
            let ask: Raise = objects::parse(text)?;
            let raised = inner
                .step_within(site, now, |book, limits| ledger::raise(book, &ask, limits, now))?;
            listing::refresh(inner, &ask.gone);
            json(&raised)
        }
        "forbidden" => {
            let job: String = objects::parse(text)?;
            json(&probe::forbidden(inner, &job).await?)
        }
        "settle" => {
            let bill: Bill = objects::parse(text)?;
            let Some(settled) = inner.settle(&site.id, &bill, now)? else {
                return json(&None::<Booked>);
            };
            let allowance = inner.step_within(site, now, |book, limits| {
                ledger::allowance(book, &settled.visitor, limits, now)
            })?;
            let booked = Some(Booked { charged: settled.charged, allowance });
            json(&booked)
        }
        _ => of_visitors(inner, call, text, site),
    }
}

/// Calls about a visitor's limits.
fn of_visitors(inner: &Rc<Inner>, call: &str, text: &str, site: &Site) -> Result<Response> {
    let now = clock::now();
    match call {
        "may-order" => {
            let ask: MayOrder = objects::parse(text)?;
            json(&inner.step_within(site, now, |book, limits| {
                ledger::may_order(book, &ask, limits, now)
            })?)
        }
        "open" => {
            let who: Visitor = objects::parse(text)?;
            let opened = inner
                .step_within(site, now, |book, limits| ledger::open(book, &who, limits, now))?;
            inner.set_alarm_before(now.day().end().plus(DAY_MS))?;
            json(&opened)
        }
        "take" => {
            let (token, network): (String, String) = objects::parse(text)?;
            let claimed =
                inner.step(|book| ledger::claim_challenge(book, &token, &network, now))?;
            inner.set_alarm_before(now.plus(CLAIM_MS))?;
            json(&claimed)
        }
        "challenge-passed" => {
            let network: String = objects::parse(text)?;
            json(&inner.step(|book| ledger::challenge_passed(book, &network, now))?)
        }
        "lift-bound" => {
            let who: Visitor = objects::parse(text)?;
            json(&inner.step(|book| {
                ledger::lift_bound(book, &who, now)?;
                let limits = inner.limits(book, site, now)?;
                ledger::allowance(book, &who, limits, now)
            })?)
        }
        "allowance" => {
            let who: Visitor = objects::parse(text)?;
            json(&inner.step_within(site, now, |book, limits| {
                ledger::allowance(book, &who, limits, now)
            })?)
        }
        "estimate" => {
            let kinds: Vec<PictureKind> = objects::parse(text)?;
            json(&inner.step(|book| ledger::estimate(book, &kinds, now))?)
        }
        _ => of_operator(inner, call, text, site),
    }
}

/// Calls about the site as a whole.
fn of_operator(inner: &Rc<Inner>, call: &str, text: &str, site: &Site) -> Result<Response> {
    let now = clock::now();
    match call {
        "state" => {
            inner.check_writable(now)?;
            json(&inner.step(|book| Ok((book.is_closed()?, book.breaker()?.health_state())))?)
        }
        "switch" => {
            let open: bool = objects::parse(text)?;
            inner.step(|book| book.set_closed(!open))?;
            json(&open)
        }
        "days" => {
            let (from, to) = objects::parse(text)?;
            let days = inner.step(|book| book.days(from, to))?;
            let days = days.into_iter().map(|(day, sums)| of_site(&site.id, day, &sums));
            json(&days.collect::<Vec<_>>())
        }
        "learned" => {
            let all = inner.step(|book| ledger::learned::all(book, now))?;
            let all = all.into_iter().map(|(kind, learned)| of_kind(&site.id, kind, learned));
            json(&all.collect::<Vec<_>>())
        }
        "forget" => json(&inner.step(|book| ledger::learned::forget(book, now))?),
        // The runtime fires an alarm at its real time, whatever the clock of the tests says.
        #[cfg(feature = "clock")]
        "alarm" => json(&on_alarm(inner)?),
        "metrics" => json(&inner.step(|book| metrics::of(book, now))?),
        _ => status(404),
    }
}

fn reserve(inner: &Inner, ask: &Reserve, site: &Site) -> Result<Reserved> {
    let now = clock::now();
    let lease_ms = inner.lease_ms();
    let (answer, alerts) = inner.step(|book| {
        let limits = inner.limits(book, site, now)?;
        let answer = ledger::reserve(book, ask, limits, lease_ms, now)?;
        let alerts = if inner.alerts() {
            alert::of_budget(book, limits.budget, answer.refused_by_cap(ask), now)?
        } else {
            Vec::new()
        };
        Ok((answer, alerts))
    })?;
    inner.send_alerts(&site.id, alerts, now);
    Ok(answer)
}

/// A day's sums in the operator's form.
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

/// What was learned about a kind of picture, in the operator's form.
fn of_kind(site: &str, kind: Kind, learned: Learned) -> LearnedExcess {
    let Kind { model, quality, size, inputs } = kind;
    let Learned { excess: excess_usd, until } = learned;
    LearnedExcess { site: site.to_owned(), model, quality, size, inputs, excess_usd, until }
}

fn json<T: Serialize>(value: &T) -> Result<Response> {
    Ok(Reply::inner(200)?.text(&json::text(value))?)
}

fn status(code: u16) -> Result<Response> {
    Ok(Reply::inner(code)?.empty()?)
}

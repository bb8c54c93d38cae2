//! The Ledger: one Durable Object per site, which every reservation meets.
//!
//! Owns the calls on a site's book and the alarm at a lease's end. Each call is one step of the engine in one
//! transaction, with no await between check and write. Must not decide.

mod store;

use crate::{clock, js::SyncStorage, objects, setup};
use contract::{
    operator::DayOfSite,
    time::{Day, Timestamp},
};
use engine::ledger::{self, Bill, Book as _, Booked, DayBook, LEASE_SLACK_MS, Limits};
use serde::Serialize;
use std::{cell::Cell, rc::Rc};
use store::Store;
use wasm_bindgen::{JsCast, JsValue};
use worker::{
    DurableObject, Env, Request, Response, ResponseBuilder, Result, ScheduledTime, State,
    console_error, durable_object,
};

/// The object; what its alarm hands to the background shares it.
#[durable_object(alarm)]
pub struct Ledger {
    inner: Rc<Inner>,
}

struct Inner {
    state: State,
    env: Env,
    /// What the alarm was last set to by this object in memory: it is not set again to the same.
    alarm: Cell<Option<Timestamp>>,
}

impl DurableObject for Ledger {
    fn new(state: State, env: Env) -> Self {
        Self { inner: Rc::new(Inner { state, env, alarm: Cell::default() }) }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let url = request.inner().url();
        let path = url.strip_prefix("https://object/").unwrap_or_default();
        let (site, call) = path.split_once('/').unwrap_or_default();
        let Some((limits, lease_ms)) = self.inner.limits(site) else {
            return Ok(ResponseBuilder::new().with_status(503).empty());
        };
        let text = request.text().await?;
        let inner = &self.inner;
        let now = clock::now();
        match call {
            "reserve" => {
                let ask = serde_json::from_str(&text)?;
                let answer =
                    inner.step(|book| ledger::reserve(book, &ask, limits, lease_ms, now))?;
                inner.set_alarm().await?;
                json(&answer)
            }
            "raise" => {
                let ask = serde_json::from_str(&text)?;
                json(&inner.step(|book| ledger::raise(book, &ask, limits.budget, now))?)
            }
            "settle" => {
                let bill: Bill = serde_json::from_str(&text)?;
                json(&inner.step(|book| {
                    let Some(settled) = ledger::settle(book, &bill, now)? else { return Ok(None) };
                    let allowance = ledger::allowance(book, &settled.subject, limits, now)?;
                    Ok(Some(Booked { charged: settled.charged, allowance }))
                })?)
            }
            "allowance" => {
                let subject: String = serde_json::from_str(&text)?;
                json(&inner.step(|book| ledger::allowance(book, &subject, limits, now))?)
            }
            "closed" => json(&inner.step(|book| book.is_closed())?),
            "switch" => {
                let open: bool = serde_json::from_str(&text)?;
                inner.step(|book| book.set_closed(!open))?;
                json(&open)
            }
            "days" => {
                let (from, to) = serde_json::from_str(&text)?;
                let days = inner.step(|book| book.days(from, to))?;
                json(
                    &days
                        .into_iter()
                        .map(|(day, sums)| of_site(site, day, &sums))
                        .collect::<Vec<_>>(),
                )
            }
            _ => Ok(ResponseBuilder::new().with_status(404).empty()),
        }
    }

    async fn alarm(&self) -> Result<Response> {
        let now = clock::now();
        let lapsed = self.inner.step(|book| {
            ledger::prune(book, now)?;
            ledger::lapsed(book, now)
        })?;
        self.inner.alarm.set(None);
        self.inner.set_alarm().await?;
        for job in lapsed {
            let shared = Rc::clone(&self.inner);
            // The alarm does not wait: a Job that does not answer is asked again by the next one.
            self.inner.state.wait_until(async move { shared.close(&job).await });
        }
        Response::empty()
    }
}

impl Inner {
    fn limits(&self, site: &str) -> Option<(Limits, u64)> {
        let setup = setup::get(&self.env)?;
        let site = setup.config.site(site)?;
        let limits = Limits { budget: site.budget, visitor: site.visitor };
        Some((limits, setup.config.gateway.total_ms + LEASE_SLACK_MS))
    }

    /// Runs a step in one transaction: an error in the middle leaves nothing.
    fn step<T>(&self, step: impl FnOnce(&mut Store) -> Result<T>) -> Result<T> {
        let storage = self.state.storage();
        let (mut step, mut outcome) = (Some(step), None);
        let raw: &SyncStorage = storage.as_raw().unchecked_ref();
        raw.transaction_sync(&mut || {
            if let Some(step) = step.take() {
                outcome = Some(step(&mut Store::open(storage.sql())?)?);
            }
            Ok(JsValue::UNDEFINED)
        })?;
        outcome.ok_or_else(|| "the transaction did not run".into())
    }

    /// Sets the alarm to the end of the lease that ends next.
    async fn set_alarm(&self) -> Result<()> {
        let now = clock::now();
        let at = self.step(|book| ledger::next_lapse(book, now))?;
        let Some(at) = at.filter(|&at| self.alarm.replace(Some(at)) != Some(at)) else {
            return Ok(());
        };
        self.state.storage().set_alarm(ScheduledTime::new(clock::date(at))).await
    }

    /// Asks a Job to close, and books what it answers.
    async fn close(&self, job: &str) {
        if let Err(reason) = self.try_close(job).await {
            console_error!("ledger.job_does_not_answer job={job} reason={reason}");
        }
    }

    async fn try_close(&self, job: &str) -> std::result::Result<(), String> {
        let stub = objects::job(&self.env, job).ok_or("no such object")?;
        let bill: Bill =
            objects::ask(&stub, "/close", &()).await.map_err(|failure| format!("{failure:?}"))?;
        let now = clock::now();
        self.step(|book| ledger::settle(book, &bill, now)).map_err(|error| error.to_string())?;
        Ok(())
    }
}

/// A day's sums as an operator is told them.
fn of_site(site: &str, day: Day, sums: &DayBook) -> DayOfSite {
    DayOfSite {
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

fn json<T: Serialize>(value: &T) -> Result<Response> {
    ResponseBuilder::new().from_json(value)
}

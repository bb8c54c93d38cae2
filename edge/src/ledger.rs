//! The Ledger: one Durable Object per site, which every reservation meets.
//!
//! Owns the calls on a site's book. Check and write are one synchronous step, in one transaction, with no await between.

mod store;

use crate::{clock, js::SyncStorage, setup};
use contract::problem::ProblemKind;
use engine::ledger::{self, Bill, LEASE_SLACK_MS, Limits, Refused, Reserve, Reserved};
use serde::Serialize;
use std::cell::RefCell;
use store::Store;
use wasm_bindgen::{JsCast, JsValue};
use worker::{
    DurableObject, Env, Request, Response, ResponseBuilder, Result, State, durable_object,
};

/// The object.
#[durable_object]
pub struct Ledger {
    state: State,
    env: Env,
}

impl DurableObject for Ledger {
    fn new(state: State, env: Env) -> Self {
        Self { state, env }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let url = request.inner().url();
        let path = url.strip_prefix("https://object/").unwrap_or_default();
        let (site, call) = path.split_once('/').unwrap_or_default();
        let setup = setup::get(&self.env);
        let Some((setup, site)) =
            setup.as_ref().and_then(|setup| Some((setup, setup.config.site(site)?)))
        else {
            return Ok(ResponseBuilder::new().with_status(503).empty());
        };
        let limits = Limits { budget: site.budget, visitor: site.visitor };
        let lease_ms = setup.config.gateway.total_ms + LEASE_SLACK_MS;
        let text = request.text().await?;
        match call {
            "reserve" => {
                self.answer(|store| reserve(store, &serde_json::from_str(&text)?, limits, lease_ms))
            }
            "settle" => self.answer(|store| settle(store, &serde_json::from_str(&text)?, limits)),
            "allowance" => self.answer(|store| {
                let now = clock::now();
                let subject: String = serde_json::from_str(&text)?;
                Ok(ledger::allowance(&store.book(&subject, now)?, limits, now))
            }),
            _ => Ok(ResponseBuilder::new().with_status(404).empty()),
        }
    }
}

impl Ledger {
    /// Runs a call in one transaction: an error in the middle leaves nothing.
    fn answer<T: Serialize>(&self, call: impl FnOnce(&Store) -> Result<T>) -> Result<Response> {
        let storage = self.state.storage();
        let store = Store::new(storage.sql());
        let (mut call, outcome) = (Some(call), RefCell::new(None));
        let raw: &SyncStorage = storage.as_raw().unchecked_ref();
        raw.transaction_sync(&mut || {
            let Some(call) = call.take() else { return Ok(JsValue::UNDEFINED) };
            store.create()?;
            *outcome.borrow_mut() = Some(call(&store)?);
            Ok(JsValue::UNDEFINED)
        })?;
        ResponseBuilder::new().from_json(&outcome.into_inner())
    }
}

/// The key first: a known one meets no other check, and only a grant stores one.
fn reserve(store: &Store, ask: &Reserve, limits: Limits, lease_ms: u64) -> Result<Reserved> {
    let now = clock::now();
    let expected_ms = ledger::expectation(store.times(ask.size, ask.quality)?);
    if let Some(known) = store.known(&ask.key)? {
        return Ok(Reserved::Known {
            same: known.fingerprint == ask.fingerprint,
            job: known.job,
            lease_ends: known.lease_ends,
            expected_ms,
            allowance: ledger::allowance(&store.book(&ask.subject, now)?, limits, now),
        });
    }
    let book = store.book(&ask.subject, now)?;
    if let Err(refused) = ledger::decide(&book, ask, limits, now) {
        return Ok(Reserved::Refused(refused));
    }
    let lease_ends = now.plus(lease_ms);
    // A number that the storage cannot hold exactly must not be granted.
    if !store.reserve(ask, now, lease_ends)? {
        return Ok(Reserved::Refused(Refused {
            kind: ProblemKind::BudgetSpent,
            resets_at: now.day().end(),
        }));
    }
    let allowance = ledger::allowance(&store.book(&ask.subject, now)?, limits, now);
    Ok(Reserved::Granted { lease_ends, expected_ms, allowance })
}

/// Books what a job came to. Only the first bill counts, and it is what every later one is told.
fn settle(store: &Store, bill: &Bill, limits: Limits) -> Result<ledger::Booked> {
    let now = clock::now();
    let (subject, charged) = store.settle(bill, now)?;
    let allowance = ledger::allowance(&store.book(&subject, now)?, limits, now);
    Ok(ledger::Booked { charged, allowance })
}

//! What a Ledger's calls, its alarm and its background share: the transaction, the alarm's time, the way to a Job.
//!
//! Owns the rule that a step is one transaction. Must not know what a step decides.

use super::store::Store;
use crate::{
    clock,
    js::SyncStorage,
    objects, post,
    setup::{self, Setup},
};
use contract::time::Timestamp;
use engine::{
    config::site::Site,
    ledger::{self, Bill, LEASE_SLACK_MS, Limits, alert::Alert},
};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::{JsCast, JsValue};
use worker::{Env, Result, ScheduledTime, State, console_error};

/// Patience with whoever is alerted.
const ALERT_MS: u32 = 10_000;

pub(super) struct Inner {
    pub(super) state: State,
    env: Env,
    /// What the alarm was last set to, as far as this object in memory knows.
    alarm: Cell<Option<Timestamp>>,
    /// Whether this object in memory has seen its tables.
    has_tables: Cell<bool>,
}

impl Inner {
    pub(super) fn new(state: State, env: Env) -> Self {
        Self { state, env, alarm: Cell::default(), has_tables: Cell::default() }
    }

    pub(super) fn setup(&self) -> Option<Rc<Setup>> {
        setup::get(&self.env)
    }

    pub(super) const fn env(&self) -> &Env {
        &self.env
    }

    /// How long a reservation waits for its job.
    pub(super) fn lease_ms(&self) -> u64 {
        let total = self.setup().map_or(0, |setup| setup.config.gateway.total_ms);
        total.saturating_add(LEASE_SLACK_MS)
    }

    /// Whether anybody wants to be alerted.
    pub(super) fn alerts(&self) -> bool {
        self.setup().is_some_and(|setup| setup.config.alerts.is_some())
    }

    /// Runs a step in one transaction: an error in the middle leaves nothing.
    pub(super) fn step<T>(&self, step: impl FnOnce(&mut Store) -> Result<T>) -> Result<T> {
        let storage = self.state.storage();
        // What the step says of its own failure: the transaction would tell only that it was undone.
        let outcome = RefCell::new(None);
        let mut step = Some(step);
        let raw: &SyncStorage = storage.as_raw().unchecked_ref();
        let done = raw.transaction_sync(&mut || {
            let Some(step) = step.take() else { return Ok(JsValue::UNDEFINED) };
            let ran = Store::open(storage.sql(), self.has_tables.get())
                .and_then(|mut book| step(&mut book));
            let failed = ran.is_err();
            *outcome.borrow_mut() = Some(ran);
            if failed { Err(JsValue::from_str("undone")) } else { Ok(JsValue::UNDEFINED) }
        });
        match outcome.into_inner() {
            Some(Err(error)) => Err(error),
            Some(Ok(value)) => {
                done?;
                self.has_tables.set(true);
                Ok(value)
            }
            None => Err("the transaction did not run".into()),
        }
    }

    /// The alarm has rung: none is set.
    pub(super) fn rang(&self) {
        self.alarm.set(None);
    }

    /// Sets the alarm to the end of the lease that ends next. One that comes sooner stays: whoever reserves must not
    /// put off what is due.
    pub(super) async fn set_alarm(&self) -> Result<()> {
        let now = clock::now();
        let Some(at) = self.step(|book| ledger::next_lapse(book, now))? else { return Ok(()) };
        if self.alarm.get().is_some_and(|set| now < set && set <= at) {
            return Ok(());
        }
        self.alarm.set(Some(at));
        self.state.storage().set_alarm(ScheduledTime::new(clock::date(at))).await
    }

    /// Sends alerts in the background: nobody waits for them, and each is sent once.
    pub(super) fn tell(&self, site: &Site, alerts: Vec<Alert>, now: Timestamp) {
        let Some(url) = self.setup().and_then(|setup| setup.config.alerts.clone()) else { return };
        for alert in alerts {
            let (url, body) = (url.clone(), alert.to_json(&site.id, now));
            self.state.wait_until(async move {
                match post::json(&url, &body, ALERT_MS).await {
                    Some((200..300, _)) => {}
                    answer => {
                        let status = answer.map_or(0, |(status, _)| status);
                        console_error!("alert.not_taken name={} status={status}", alert.name);
                    }
                }
            });
        }
    }

    /// Asks a Job to close, and books what it answers.
    pub(super) async fn close(&self, job: &str) {
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

/// What a site's configuration allows.
pub(super) fn limits(site: &Site) -> Limits {
    Limits { budget: site.budget, visitor: site.visitor, network: site.network }
}

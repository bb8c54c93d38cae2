//! The parts that a Ledger's calls, alarm and background work share: the transaction, the alarm's time, calls to a Job.
//!
//! Owns the rule that a step is one transaction. Must not know the steps.

use super::{known::Known, sql::Sql, store::Store};
use crate::{
    clock, js, objects, post,
    setup::{self, Setup},
};
use contract::{money::Nano, time::Timestamp};
use engine::{
    candidates,
    config::site::Site,
    ledger::{
        self, Bill, Book as _, Closing, LEASE_SLACK_MS, Limits, Settled,
        alert::{self, Alert},
    },
};
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};
use wasm_bindgen::JsValue;
use worker::{Env, Result, State, Storage, console_error};

/// For how long a written row shows that the next one can be written too.
const WRITABLE_MS: u64 = 5_000;
/// How long a request with an alert waits for the receiver.
const ALERT_MS: u32 = 10_000;

pub(super) struct Inner {
    pub(super) state: State,
    env: Env,
    storage: Storage,
    sql: Sql,
    /// The time of the alarm, as far as this object has set it since it was loaded.
    alarm: Cell<Option<Timestamp>>,
    /// Whether the tables exist, as far as this object has checked since it was loaded.
    has_tables: Cell<bool>,
    /// The rows that are known after the last committed step.
    known: Cell<Known>,
    /// When this object last wrote a row to check that it can. The runtime discards an object whose writes fail, and
    /// this with it.
    written: Cell<Option<Timestamp>>,
    /// When upstream's list was last read for a model.
    looked: RefCell<BTreeMap<String, Timestamp>>,
}

impl Inner {
    pub(super) fn new(state: State, env: Env) -> Self {
        let storage = state.storage();
        Self {
            sql: Sql::of(&storage),
            storage,
            state,
            env,
            alarm: Cell::default(),
            has_tables: Cell::default(),
            known: Cell::default(),
            written: Cell::default(),
            looked: RefCell::default(),
        }
    }

    pub(super) fn setup(&self) -> Option<Rc<Setup>> {
        setup::get(&self.env)
    }

    pub(super) const fn env(&self) -> &Env {
        &self.env
    }

    /// How long a lease lasts.
    pub(super) fn lease_ms(&self) -> u64 {
        let total = self.setup().map_or(0, |setup| setup.config.gateway.total_ms);
        total.saturating_add(LEASE_SLACK_MS)
    }

    /// The limits of a site's configuration.
    pub(super) fn limits(&self, book: &Store, site: &Site, now: Timestamp) -> Result<Limits> {
        let setup = self.setup();
        let models = setup.as_ref().map_or(&[][..], |setup| &setup.config.models);
        // A configuration in which no model makes any picture of a site is refused at the start.
        let least = candidates::cheapest(models, site, now.day())
            .map_or(Ok(Nano::ZERO), |cheapest| ledger::least(book, &cheapest, now))?;
        Ok(Limits {
            budget: site.budget,
            visitor: site.visitor,
            network: site.network,
            least,
            challenged: site.challenge.is_some(),
        })
    }

    /// Runs a step that needs the site's limits.
    pub(super) fn step_within<T>(
        &self,
        site: &Site,
        now: Timestamp,
        step: impl FnOnce(&mut Store, Limits) -> Result<T>,
    ) -> Result<T> {
        self.step(|book| {
            let limits = self.limits(book, site, now)?;
            step(book, limits)
        })
    }

    /// Whether a receiver for alerts is configured.
    pub(super) fn alerts(&self) -> bool {
        self.setup().is_some_and(|setup| setup.config.alerts.is_some())
    }

    /// Runs a step in one transaction: after an error nothing of it is stored.
    pub(super) fn step<T>(&self, step: impl FnOnce(&mut Store) -> Result<T>) -> Result<T> {
        let (mut step, mut outcome) = (Some(step), None);
        self.transaction(&mut |book| {
            if let Some(step) = step.take() {
                outcome = Some(step(book)?);
            }
            Ok(())
        })?;
        outcome.ok_or_else(|| "the transaction did not run".into())
    }

    /// The part of `step` that is not generic, so that it is compiled once.
    fn transaction(&self, step: &mut dyn FnMut(&mut Store) -> Result<()>) -> Result<()> {
        // If the transaction fails, nothing is known, and the next step reads its rows again.
        let mut known = Some(self.known.take());
        let (mut left, mut failed) = (None, None);
        let done = js::Storage::of(&self.storage).transaction_sync(&mut || {
            let mut book = Store::open(self.sql.clone(), known.take().unwrap_or_default());
            let made = if self.has_tables.get() { Ok(()) } else { book.make_tables() };
            match made.and_then(|()| step(&mut book)).and_then(|()| book.finish()) {
                Ok(known) => {
                    left = Some(known);
                    Ok(JsValue::UNDEFINED)
                }
                // The transaction's own error says only that it was rolled back.
                Err(error) => {
                    failed = Some(error);
                    Err(JsValue::from_str("undone"))
                }
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        done?;
        self.has_tables.set(true);
        self.known.set(left.unwrap_or_default());
        Ok(())
    }

    /// Fails if no row can be written, as on a full disk: then nothing can be reserved. It writes the clock as it is, and
    /// not more often than every few seconds, because everybody may ask.
    pub(super) fn check_writable(&self, now: Timestamp) -> Result<()> {
        if self.written.get().is_some_and(|at| now.since(at) < WRITABLE_MS) {
            return Ok(());
        }
        self.step(|book| {
            let clock = book.clock()?;
            book.set_clock(clock)
        })?;
        self.written.set(Some(now));
        Ok(())
    }

    /// Whether upstream's list may be read for a model: not more often than every `every_ms`. A permitted read is
    /// recorded.
    pub(super) fn may_look(&self, model: &str, now: Timestamp, every_ms: u64) -> bool {
        let mut looked = self.looked.borrow_mut();
        if looked.get(model).is_some_and(|&at| now.since(at) < every_ms) {
            return false;
        }
        looked.insert(model.to_owned(), now);
        true
    }

    /// The alarm has fired, so none is set.
    pub(super) fn alarm_fired(&self) {
        self.alarm.set(None);
    }

    /// Sets the alarm, unless one is set that fires before that time: that one then sets the next.
    pub(super) fn set_alarm_before(&self, end: Timestamp) -> Result<()> {
        if self.alarm_is_before(end) { Ok(()) } else { self.set_alarm() }
    }

    /// Whether the alarm fires before that time, so that what is due then needs no other alarm.
    fn alarm_is_before(&self, end: Timestamp) -> bool {
        let now = clock::now();
        self.alarm.get().is_some_and(|set| now < set && set <= end)
    }

    /// Sets the alarm to the end of the next lease, or to when something can be deleted. An earlier alarm stays, so that a
    /// new reservation does not delay work that is due.
    pub(super) fn set_alarm(&self) -> Result<()> {
        let now = clock::now();
        let Some(at) = self.step(|book| ledger::next_alarm(book, now))? else { return Ok(()) };
        if self.alarm_is_before(at) {
            return Ok(());
        }
        self.alarm.set(Some(at));
        clock::set_alarm(&self.storage, at)?;
        Ok(())
    }

    /// Sends alerts in the background, once each; no call waits for them.
    pub(super) fn send_alerts(&self, site: &str, alerts: Vec<Alert>, now: Timestamp) {
        let Some(url) = self.setup().and_then(|setup| setup.config.alerts.clone()) else { return };
        for alert in alerts {
            let (url, body) = (url.clone(), alert.to_json(&url, site, now));
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

    /// Asks a Job to close, and books its answer.
    pub(super) async fn close(&self, job: &str) {
        if let Err(reason) = self.try_close(job).await {
            let id = objects::logged(job);
            console_error!("ledger.job_does_not_answer job={id} reason={reason}");
        }
    }

    async fn try_close(&self, job: &str) -> std::result::Result<(), String> {
        let stub = objects::job(&self.env, job).ok_or("no such object")?;
        let closing: Closing = objects::call_json(&stub, "/close", &())
            .await
            .map_err(|failure| format!("{failure:?}"))?;
        let now = clock::now();
        let booked = match closing {
            Closing::Bill(bill) => self.settle(&self.site_id(), &bill, now).map(drop),
            Closing::Unreadable => self.spend_unreadable(job, now),
        };
        booked.map_err(|error| error.to_string())
    }

    /// Books a bill, and tells the operator what follows from it.
    pub(super) fn settle(
        &self,
        site: &str,
        bill: &Bill,
        now: Timestamp,
    ) -> Result<Option<Settled>> {
        let (settled, alerts) = self.step(|book| {
            let settled = ledger::settle(book, bill, now)?;
            let alerts = match &settled {
                Some(settled) if self.alerts() => alert::of_bill(book, bill, settled, now)?,
                _ => Vec::new(),
            };
            Ok((settled, alerts))
        })?;
        if let Some(Settled { opened, charged, .. }) = &settled {
            if let Some(opening) = opened {
                console_error!("{} site={site}", opening.line());
            }
            if bill.is_absurd() {
                let (id, stated) = (objects::logged(&bill.job), bill.charged);
                console_error!("ledger.absurd_price job={id} stated={stated} booked={charged}");
            }
        }
        self.send_alerts(site, alerts, now);
        Ok(settled)
    }

    /// Books the full reservation of a job whose record cannot be read, and alerts the operator.
    fn spend_unreadable(&self, job: &str, now: Timestamp) -> Result<()> {
        let alerts = self.step(|book| {
            let Some(bill) = ledger::unreadable(book, job)? else { return Ok(Vec::new()) };
            ledger::settle(book, &bill, now)?;
            if self.alerts() {
                alert::of_unreadable(book, job, bill.charged, now)
            } else {
                Ok(Vec::new())
            }
        })?;
        let id = objects::logged(job);
        console_error!("ledger.job_unreadable job={id}: its reservation is spent");
        self.send_alerts(&self.site_id(), alerts, now);
        Ok(())
    }

    /// The id of the site, which the alarm's call does not name.
    fn site_id(&self) -> String {
        let (setup, id) = (self.setup(), self.state.id().to_string());
        let sites = setup.iter().flat_map(|setup| &setup.config.sites);
        let own = sites.into_iter().find(|site| objects::is_ledger_of(&self.env, &site.id, &id));
        own.map_or_else(String::new, |site| site.id.clone())
    }
}

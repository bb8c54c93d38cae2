//! The state that a Job's calls, alarm and work share: the record in memory and in storage, and who waits for changes.
//!
//! Owns the rule that memory and storage change together. Must not decide what changes.

use super::store::{self, Stored};
use crate::{clock, js::Sql, objects};
use engine::job::{LONGEST_MS, Record, Slot};
use futures_channel::oneshot;
use futures_util::future::{Either, select};
use std::{
    cell::{Cell, RefCell},
    pin::pin,
    time::Duration,
};
use web_sys::AbortController;
use worker::{Delay, Env, Result, State, Storage, console_error};

pub(super) struct Inner {
    pub(super) state: State,
    pub(super) env: Env,
    pub(super) sql: Sql,
    storage: Storage,
    record: RefCell<Option<Record>>,
    waiters: RefCell<Vec<oneshot::Sender<()>>>,
    /// Aborts the requests upstream; `Some` while the work is running.
    work: RefCell<Option<AbortController>>,
    /// Whether the job was closed before it was created.
    tombstone: Cell<bool>,
    /// Whether the stored record cannot be read by this version.
    unreadable: bool,
    /// Whether a settlement with the Ledger is in progress.
    pub(super) settling: Cell<bool>,
    /// The slots that may contain bytes; `None` if every slot may.
    filled: RefCell<Option<Vec<Slot>>>,
}

impl Inner {
    pub(super) fn new(state: State, env: Env) -> Self {
        let storage = state.storage();
        let sql = Sql::of(&storage);
        let (record, tombstone, unreadable) = match store::load(&sql) {
            Stored::Nothing => (None, false, false),
            Stored::Tombstone => (None, true, false),
            Stored::Record(record) => (Some(*record), false, false),
            Stored::Unreadable => (None, false, true),
        };
        if unreadable {
            console_error!("job.unreadable job={}", objects::logged(&state.id().to_string()));
        }
        Self {
            state,
            env,
            sql,
            storage,
            filled: RefCell::new(record.is_none().then(Vec::new)),
            record: RefCell::new(record),
            waiters: RefCell::default(),
            work: RefCell::default(),
            tombstone: Cell::new(tombstone),
            unreadable,
            settling: Cell::new(false),
        }
    }

    /// Reads the record; `None` if there is none.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Record) -> T) -> Option<T> {
        self.record.borrow().as_ref().map(read)
    }

    /// Whether the job was closed before it was created.
    pub(super) fn is_tombstone(&self) -> bool {
        self.tombstone.get()
    }

    /// Whether the stored record cannot be read by this version. Every call is then refused.
    pub(super) const fn is_unreadable(&self) -> bool {
        self.unreadable
    }

    /// Keeps an unreadable record for the longest time that a job is kept, because a later version may be able to read it.
    /// Returns whether that time has passed, so that the record must be deleted.
    pub(super) fn keep_unreadable(&self) -> Result<bool> {
        let now = clock::now();
        let ends = store::unreadable_since(&self.sql, now)?.plus(LONGEST_MS);
        if now >= ends {
            return Ok(true);
        }
        clock::set_alarm(&self.storage, ends)?;
        Ok(false)
    }

    /// Whether reference pictures may still arrive: before the job is created, unless it was closed.
    pub(super) fn awaits_uploads(&self) -> bool {
        !self.is_tombstone() && self.record.borrow().is_none()
    }

    /// Stores a tombstone, so that no job is ever created in this object.
    pub(super) fn bury(&self) -> Result<()> {
        if !self.tombstone.replace(true) {
            store::bury(&self.sql)?;
        }
        Ok(())
    }

    pub(super) fn create(&self, record: Record) -> Result<()> {
        store::create(&self.sql, &record)?;
        *self.record.borrow_mut() = Some(record);
        Ok(())
    }

    /// Changes the record in memory and in storage, and wakes the waiters. `None` if there is no record.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Record) -> T) -> Result<Option<T>> {
        let mut slot = self.record.borrow_mut();
        let Some(record) = slot.as_mut() else { return Ok(None) };
        let mut changed = record.clone();
        let outcome = change(&mut changed);
        if changed != *record {
            // The change in memory is dropped if it cannot be stored.
            store::save(&self.sql, &changed)?;
            if changed.leaves_scraps() && !record.leaves_scraps() {
                store::keep_only(&self.sql, changed.kept())?;
            }
            *record = changed;
            for waiter in self.waiters.take() {
                // Sending fails if the waiter has been dropped.
                let _ = waiter.send(());
            }
        }
        Ok(Some(outcome))
    }

    /// Waits for the next change, at most `ms` milliseconds.
    pub(super) async fn changed(&self, ms: u64) {
        let (sender, receiver) = oneshot::channel();
        self.waiters.borrow_mut().push(sender);
        let _ = within(ms, receiver).await;
    }

    /// Sets the alarm to the time that the record computes.
    pub(super) fn set_alarm(&self) -> Result<()> {
        let now = clock::now();
        if let Some(at) = self.read(|record| record.alarm(now, self.is_working())) {
            clock::set_alarm(&self.storage, at)?;
        }
        Ok(())
    }

    /// Empties a slot before new bytes are stored, if it may contain any.
    pub(super) fn empty(&self, slot: Slot) -> Result<()> {
        if let Some(filled) = self.filled.borrow_mut().as_mut()
            && !filled.contains(&slot)
        {
            filled.push(slot);
            return Ok(());
        }
        store::discard(&self.sql, slot)
    }

    pub(super) fn is_working(&self) -> bool {
        self.work.borrow().is_some()
    }

    /// Marks the work as running. The returned controller aborts its requests.
    pub(super) fn begin_work(&self) -> Option<AbortController> {
        let controller = AbortController::new().ok()?;
        *self.work.borrow_mut() = Some(controller.clone());
        Some(controller)
    }

    pub(super) fn end_work(&self) {
        *self.work.borrow_mut() = None;
    }

    /// Aborts every request upstream.
    pub(super) fn abort(&self) {
        if let Some(controller) = self.work.borrow().as_ref() {
            controller.abort();
        }
    }

    /// Deletes the pictures' bytes.
    pub(super) fn forget(&self) -> Result<()> {
        if self.change(Record::forget)?.unwrap_or(false) {
            store::keep_only(&self.sql, std::iter::empty())?;
        }
        Ok(())
    }

    /// Deletes everything, in memory and in storage.
    pub(super) async fn vanish(&self) -> Result<()> {
        *self.record.borrow_mut() = None;
        self.storage.delete_all().await?;
        Ok(())
    }
}

/// A future's output; `None` if it takes longer than `ms` milliseconds.
pub(super) async fn within<F: Future>(ms: u64, future: F) -> Option<F::Output> {
    let timer = pin!(Delay::from(Duration::from_millis(ms)));
    match select(pin!(future), timer).await {
        Either::Left((outcome, _)) => Some(outcome),
        Either::Right(_) => None,
    }
}

//! The end of a job: the Ledger is told, and the last state published.
//!
//! Owns the two seconds that the last state waits for the Ledger. Must not add up money.

use super::inner::{Inner, within};
use crate::{clock, objects};
use engine::ledger::{Bill, Booked};
use std::rc::Rc;
use worker::console_error;

/// The last state waits for the Ledger this long; then the alarm goes on trying.
const PATIENCE_MS: u64 = 2_000;

/// Closes a job in the background.
pub(super) fn spawn(inner: &Rc<Inner>) {
    let shared = Rc::clone(inner);
    inner.state.wait_until(async move {
        close(&shared).await;
        let _ = shared.set_alarm();
    });
}

/// Tells the Ledger, and publishes the last state once it answered or the patience is over.
pub(super) async fn close(inner: &Inner) {
    if inner.settling.replace(true) {
        return;
    }
    let now = clock::now();
    let bill = inner.read(|record| {
        (record.bill(record.view(now).elapsed_ms), record.new.site.clone(), record.is_final())
    });
    if let Some((bill, site, was_final)) = bill {
        let booked = within(PATIENCE_MS, book(inner, &site, &bill)).await.flatten();
        let changed = inner.change(|record| match booked {
            Some(booked) if was_final => record.confirm(booked),
            booked => record.end(booked, clock::now()),
        });
        if let Err(error) = changed {
            console_error!("job.end_not_stored job={} reason={error}", objects::logged(&bill.job));
        }
    }
    inner.settling.set(false);
}

async fn book(inner: &Inner, site: &str, bill: &Bill) -> Option<Booked> {
    let ledger = objects::ledger(&inner.env, site).ok()?;
    let answer =
        objects::ask::<Option<Booked>>(&ledger, &["/", site, "/settle"].concat(), bill).await;
    match answer {
        // A reservation that the Ledger has forgotten was closed long ago: there is nothing more to tell.
        Ok(booked) => Some(booked.unwrap_or_else(|| Booked::forgotten(bill, clock::now()))),
        Err(failure) => {
            console_error!(
                "job.settle_failed job={} reason={failure:?}",
                objects::logged(&bill.job)
            );
            None
        }
    }
}

//! Ends a job: sends its bill to the Ledger, and publishes the final state.
//!
//! Owns the two seconds for which the final state waits for the Ledger. Must not add up money.

use super::inner::{Inner, within};
use crate::{clock, objects};
use engine::ledger::{Bill, Booked};
use std::rc::Rc;
use worker::console_error;

/// How long the final state waits for the Ledger. Afterwards the alarm repeats the attempt.
const PATIENCE_MS: u64 = 2_000;

/// Closes a job in the background.
pub(super) fn spawn(inner: &Rc<Inner>) {
    let shared = Rc::clone(inner);
    inner.state.wait_until(async move {
        close(&shared).await;
        let _ = shared.set_alarm();
    });
}

/// Sends the bill to the Ledger, and publishes the final state when the Ledger has responded or the wait is over.
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
        objects::call_json::<Option<Booked>>(&ledger, &["/", site, "/settle"].concat(), bill).await;
    match answer {
        // The Ledger deletes reservations long after they were closed, so that an unknown one needs no bill.
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

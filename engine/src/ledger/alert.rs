//! Alerts to the operator: a cap that fills, a gateway that refuses the key or only fails, a price above the worst case.
//!
//! Owns when an alert is due: each at most once a day. Must not send it.
//!
//! Decision: docs/decisions/2026-11-29-an-alert-is-sent-once.md.

mod receiver;

use super::{
    Bill, Book, Settled,
    breaker::{self, Opening, Why},
    count::Held,
    learned,
    reserve::month,
};
use crate::{config::site::Budget, gateway::cause::Cause};
use contract::{
    money::Nano,
    time::{Day, Timestamp},
};

/// Shares of a cap that cause an alert, in percent, the highest first.
const PERCENTS: [u8; 3] = [100, 80, 50];

/// An alert: something that an operator should know now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Its kind, such as `budget-day-80`.
    pub name: String,
    /// The sentence for a person.
    pub text: String,
}

impl Alert {
    /// The body of the request to the receiver with this address, in a form that it takes.
    pub fn to_json(&self, receiver: &str, site: &str, now: Timestamp) -> String {
        let text = ["Easel, site ", site, ": ", &self.text].concat();
        receiver::body(receiver, site, &self.name, now, &text)
    }
}

/// The alerts about a site's caps. `refused_by_cap` is the amount of a refused reservation: it counts as used, because a cap
/// without room for it is as good as full.
pub fn of_budget<B: Book>(
    book: &mut B,
    budget: Budget,
    refused_by_cap: Nano,
    now: Timestamp,
) -> Result<Vec<Alert>, B::Error> {
    let day = now.max(book.clock()?).day();
    let (first, end) = month(day);
    let of_day = Some(book.day(day)?.held());
    let of_month = book.held(first, end)?;
    let mut alerts = Vec::new();
    for (period, held, cap) in
        [("day", of_day, budget.day_usd), ("month", of_month, budget.month_usd)]
    {
        // A sum that overflows is above every cap.
        let with_refused = |sum: Option<Nano>| {
            sum.and_then(|sum| sum.checked_add(refused_by_cap)).unwrap_or(Nano(u64::MAX))
        };
        let all = held.and_then(Held::all);
        let (all, charged) = (with_refused(all), with_refused(held.map(|held| held.charged)));
        // Open reservations may be released again: they alone do not make a cap full.
        let reached = |percent: u8| {
            let used = if percent == 100 { charged } else { all };
            share(used, 100) >= share(cap, percent) && cap != Nano::ZERO
        };
        let mut reported = false;
        for percent in PERCENTS.into_iter().filter(|&percent| reached(percent)) {
            let name = format!("budget-{period}-{percent}");
            // Only the highest share that is reached is reported.
            if is_new(book, &name, day)? && !reported {
                let held = held.and_then(Held::all).unwrap_or_default();
                let text = format!(
                    "{percent} % of the {period}'s budget of {cap} USD is used: {held} USD are charged or reserved."
                );
                alerts.push(Alert { name, text });
            }
            reported = true;
        }
    }
    Ok(alerts)
}

/// The alerts about a bill. Only the first bill of a job causes alerts.
pub fn of_bill<B: Book>(
    book: &mut B,
    bill: &Bill,
    settled: &Settled,
    now: Timestamp,
) -> Result<Vec<Alert>, B::Error> {
    let day = now.max(book.clock()?).day();
    let mut alerts = Vec::new();
    if !settled.first {
        return Ok(alerts);
    }
    if breaker::refuses(bill) {
        let name = "gateway-refused".to_owned();
        if is_new(book, &name, day)? {
            let cause = of_cause(bill.cause);
            let text = format!(
                "The gateway refuses the key or the account{cause}: no picture can be made. Check the key, its budget and the credits."
            );
            alerts.push(Alert { name, text });
        }
    }
    if let Some(Opening { why: Why::Faults, cause, networks }) = settled.opened {
        let name = "gateway-failed".to_owned();
        if is_new(book, &name, day)? {
            let (cause, visitors) = (
                of_cause(cause),
                match networks {
                    0 | 1 => "one network, the only one that ordered".to_owned(),
                    many => format!("{many} networks"),
                },
            );
            let text = format!(
                "The gateway only fails{cause}, for visitors of {visitors}. New orders are refused until a free request succeeds, which is tried every 30 seconds."
            );
            alerts.push(Alert { name, text });
        }
    }
    if bill.other_model {
        let name = "other-model".to_owned();
        if is_new(book, &name, day)? {
            let text = "The gateway made a picture with another model than the one that was asked, perhaps by a rule of its account: its prices may not be those that are reserved.";
            alerts.push(Alert { name, text: text.to_owned() });
        }
    }
    if bill.is_absurd() {
        let name = "absurd-price".to_owned();
        if is_new(book, &name, day)? {
            let text = format!(
                "The gateway states a price of {} USD for one job: {} USD are booked, the most that a ledger holds, so that the caps are used up. Compare it with the gateway's bill.",
                bill.charged, settled.charged
            );
            alerts.push(Alert { name, text });
        }
    } else if bill.charged > settled.worst || settled.learned.is_some() {
        let name = "above-reservation".to_owned();
        if is_new(book, &name, day)? {
            alerts.push(Alert { name, text: learned::alert_text(bill, settled) });
        }
    }
    Ok(alerts)
}

/// The alert about a job whose record cannot be read and whose reservation was booked as spent.
pub fn of_unreadable<B: Book>(
    book: &mut B,
    job: &str,
    charged: Nano,
    now: Timestamp,
) -> Result<Vec<Alert>, B::Error> {
    let day = now.max(book.clock()?).day();
    let name = "record-unreadable".to_owned();
    if !is_new(book, &name, day)? {
        return Ok(Vec::new());
    }
    // Only the first digits: whoever has the whole id can open the job.
    let begins = job.get(..8).unwrap_or_default();
    let text = format!(
        "The record of a job that begins with {begins} cannot be read by this version: its reservation of {charged} USD is booked as spent. \
         If an older version was deployed over a newer one, deploy the newer one again."
    );
    Ok(vec![Alert { name, text }])
}

/// A cause in brackets.
fn of_cause(cause: Option<Cause>) -> String {
    cause.map_or_else(String::new, |cause| format!(" ({cause})"))
}

fn share(amount: Nano, percent: u8) -> u128 {
    u128::from(amount.0).saturating_mul(u128::from(percent))
}

fn is_new<B: Book>(book: &mut B, name: &str, day: Day) -> Result<bool, B::Error> {
    Ok(book.tally(&["alert ", name].concat(), day)? == 1)
}

//! Invariants after any sequence of calls.

use super::*;
use crate::ledger::{
    cases::{Case, cases},
    count::Held,
    learned::Kind,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What the test remembers outside of the book, to compare the book's answers with it.
#[derive(Default)]
struct Witness {
    granted: BTreeMap<String, Nano>,
    settled: BTreeMap<String, Nano>,
}

fn limits() -> Limits {
    let budget =
        Budget { day_usd: Nano(150), month_usd: Nano(400), hour_percent: 100, spare_percent: 0 };
    let visitor = site::Visitor { per_hour: 8, per_day: 12, concurrent: 3, refusals_per_hour: 2 };
    Limits {
        budget,
        visitor,
        network: Network {
            per_day: 14,
            sessions_per_day: 3,
            share_percent: 100,
            refusals_per_day: 1_000_000,
            rate_limit: false,
        },
        least: Nano(7),
        challenged: false,
    }
}

/// The same with shares, a pace and a spared part.
fn shares() -> Limits {
    let open = limits();
    Limits {
        budget: Budget { hour_percent: 60, spare_percent: 20, ..open.budget },
        network: Network { share_percent: 30, ..open.network },
        ..open
    }
}

/// What a network, a /48 or the site has of a day or an hour, computed from the book's rows.
fn of_rows(book: &Memory, counts: impl Fn(&Reservation) -> bool) -> Held {
    book.reservations
        .values()
        .filter(|r| counts(r))
        .map(Reservation::money)
        .fold(Held::default(), |sum, money| sum.checked_add(money).unwrap())
}

/// The sums that a grant or a raise of a reservation may not exceed, each with its cap.
fn shared(book: &Memory, grant: &Reservation, limits: Limits, now: Timestamp) -> Vec<(Held, u64)> {
    let (day, each) = (grant.at.day(), grant.worst.0 / u64::from(grant.counted.max(1)));
    let part = |percent: u64| (limits.budget.day_usd.0 * percent / 100).max(each);
    let share = u64::from(limits.network.share_percent);
    let is_today = |r: &Reservation| r.at.day() == day;
    let network = of_rows(book, |r| is_today(r) && r.visitor.network == grant.visitor.network);
    let mut sums = vec![(network, part(share))];
    if let Some(prefix) = &grant.visitor.prefix {
        let prefix = of_rows(book, |r| is_today(r) && r.visitor.prefix.as_ref() == Some(prefix));
        sums.push((prefix, part(2 * share)));
    }
    // A grant leaves the hour at the end of its second.
    let counts = |r: &Reservation| r.at.0.div_ceil(1_000) * 1_000 + HOUR_MS > now.0;
    if limits.budget.hour_percent < 100 {
        sums.push((of_rows(book, counts), part(u64::from(limits.budget.hour_percent))));
    }
    sums
}

/// The sums of a day, computed from the book's rows.
fn rows(book: &Memory, day: Day) -> (u64, u64) {
    let own = || book.reservations.values().filter(|r| r.at.day() == day);
    let open = own().filter(|r| r.closed.is_none()).map(|r| r.worst.0).sum();
    let charged = own().filter_map(|r| r.closed).map(|closed| closed.charged.0).sum();
    (open, charged)
}

fn check(steps: &[(Case, u64)], limits: Limits) -> Result<(), TestCaseError> {
    let (mut book, mut witness, mut now) = (Memory::default(), Witness::default(), NOW);
    for (case, later) in steps {
        now = now.plus(*later);
        let day = now.day();
        let before = book.day(day).unwrap().held().all().unwrap();
        let answer = case.happen(&mut book, limits, LEASE_MS, now).unwrap();
        let sums = book.day(day).unwrap();
        let (held, cap) = (sums.held().all().unwrap(), limits.budget.day_usd);
        match case {
            Case::Reserve(ask) => {
                let known = witness.granted.contains_key(&ask.job);
                let granted = book.reservations.contains_key(&ask.job) && !known;
                if granted {
                    let each = book.reservations[&ask.job].model.clone();
                    let all = ask.candidates.living.iter().chain([&ask.candidates.last_resort]);
                    let Reserve { quality, size, inputs, .. } = *ask;
                    let kind = Kind { model: each.clone(), quality, size, inputs };
                    let learned = book.learned(&kind).unwrap().filter(|it| now < it.until);
                    let excess = learned.map_or(0, |learned| learned.excess.0);
                    let worst: Vec<_> = all
                        .filter(|it| it.model == each)
                        .map(|it| it.worst_each.0 + excess.min(4 * it.worst_each.0))
                        .map(|each| each * u64::from(ask.pictures))
                        .collect();
                    witness.granted.insert(ask.job.clone(), Nano(held.0 - before.0));
                    prop_assert!(
                        worst.contains(&(held.0 - before.0)),
                        "one candidate's worst case, with what was learned"
                    );
                    prop_assert!(held <= cap, "a grant passes the cap: {held} of {cap}");
                    for (sum, most) in shared(&book, &book.reservations[&ask.job], limits, now) {
                        let sum = sum.all().unwrap().0;
                        prop_assert!(sum <= most, "a grant passes a share: {sum} of {most}");
                    }
                    let left = allowance(&book, &ask.visitor, limits, now).unwrap();
                    let told = serde_json::to_value(left).unwrap();
                    prop_assert_eq!(&answer["Granted"]["allowance"], &told, "as if asked again");
                } else {
                    prop_assert_eq!(held, before, "what is not granted holds nothing");
                }
            }
            Case::Raise(_) => prop_assert!(held == before || held <= cap),
            Case::Settle(bill) => {
                // Only the first bill of a job counts.
                if witness.granted.contains_key(&bill.job) {
                    let first = *witness.settled.entry(bill.job.clone()).or_insert(bill.charged);
                    let closed = book.by_job(&bill.job).unwrap().unwrap().closed.unwrap();
                    prop_assert_eq!(closed.charged, first);
                }
            }
            _ => prop_assert_eq!(held, before, "only money moves money"),
        }
        for (&day, sums) in &book.days {
            prop_assert_eq!((sums.reserved.0, sums.charged.0), rows(&book, day));
        }
        prop_assert_eq!(broken_sums(&book), None);
    }
    // At the end of the leases every open job is asked to close, and nothing stays reserved.
    let end = now.plus(LEASE_MS);
    for job in lapsed(&mut book, end).unwrap() {
        settle(&mut book, &Bill::nothing(job), end).unwrap();
    }
    prop_assert!(book.days.values().all(|sums| sums.reserved == Nano::ZERO));
    let charged: u64 = book.days.values().map(|sums| sums.charged.0).sum();
    prop_assert_eq!(charged, witness.settled.values().map(|nano| nano.0).sum::<u64>());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn whatever_happens_the_sums_are_true_and_the_caps_hold(
        cases in cases(),
        later in prop::collection::vec(prop_oneof![4 => 0..5_000u64, 1 => 0..7_200_000u64, 1 => 0..100_000_000u64], 60),
    ) {
        let steps: Vec<_> = cases.into_iter().zip(later).collect();
        check(&steps, limits())?;
        check(&steps, shares())?;
    }
}

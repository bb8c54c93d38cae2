//! Running sums, compared with the reservations that they sum.

use super::*;
use crate::ledger::{
    count::Held,
    usage::NetworkUsage,
    window::{Second, Window},
};
use std::collections::BTreeMap;

/// The first running sum that is not the sum of its reservations. Every reservation must still be there.
pub(in crate::ledger) fn broken_sums(book: &Memory) -> Option<&'static str> {
    let now = book.clock;
    let all = || book.reservations.values();
    let of = |counts: &dyn Fn(&Reservation) -> bool| {
        let mut sum = NetworkUsage::default();
        for own in all().filter(|r| counts(r)) {
            sum.pictures += own.counted;
            sum.money = sum.money.checked_add(own.money())?;
            let closed = own.closed;
            let spent = closed.is_none_or(|it| it.charged > Nano::ZERO || it.struck.is_some());
            sum.orders += u32::from(spent || own.counted > 0);
        }
        Some(sum)
    };
    for ((day, key), sum) in &book.networks {
        let is_own = |r: &Reservation| {
            r.at.day() == *day
                && (r.visitor.network == *key || r.visitor.prefix.as_ref() == Some(key))
        };
        if of(&is_own) != Some(*sum) {
            return Some("a network's sums are not those of its reservations");
        }
    }
    if all()
        .flat_map(|r| r.visitor.networks().map(|key| (r.at.day(), key.to_owned())))
        .any(|key| !book.networks.contains_key(&key))
    {
        return Some("a network has no sums");
    }
    // The amounts of the last 60 minutes, by the end of their seconds.
    let window = |amounts: &mut dyn Iterator<Item = (Timestamp, u64)>| {
        let mut window = BTreeMap::new();
        for (at, amount) in amounts {
            let second = at.0.div_ceil(1_000);
            if amount > 0 && second * 1_000 + HOUR_MS > now.0 {
                *window.entry(Second(second)).or_insert(0) += amount;
            }
        }
        window.into_iter().collect::<Vec<_>>()
    };
    let stored = |window: &Window| {
        window.amounts().filter(|(second, _)| !second.has_left(now)).collect::<Vec<_>>()
    };
    for (key, sums) in &book.subjects {
        let own = || all().filter(|r| r.visitor.subject == *key);
        let today = own().filter(|r| r.at.day() == sums.day).map(|r| r.counted).sum::<u32>();
        let open = own().filter(|r| r.closed.is_none()).count();
        if (sums.pictures, sums.open as usize) != (today, open) {
            return Some("a visitor's day is not that of its reservations");
        }
        let pictures = window(&mut own().map(|r| (r.at, r.counted.into())));
        let struck = own().filter_map(|r| r.closed.and_then(|closed| closed.struck));
        let strikes = window(&mut struck.map(|at| (at, 1)));
        if (stored(&sums.hour), stored(&sums.strikes)) != (pictures, strikes) {
            return Some("a visitor's hour is not that of its reservations");
        }
    }
    if all().any(|r| !book.subjects.contains_key(&r.visitor.subject)) {
        return Some("a visitor has no sums");
    }
    let money = window(&mut all().map(|r| (r.at, r.money().all().map_or(0, |all| all.0))));
    let charged = window(&mut all().map(|r| (r.at, r.money().charged.0)));
    if (stored(&book.hour.all), stored(&book.hour.charged)) != (money, charged) {
        return Some("the site's hour is not that of its reservations");
    }
    None
}

#[test]
fn a_late_bill_changes_the_day_that_granted_it_and_no_hour() {
    let mut desk = Desk::new();
    desk.grants(&ask("late", 1, 100));
    desk.now = NOW.plus(DAY_MS);
    desk.grants(&ask("today", 2, 40));
    desk.settle(&bill("late", 100, 0));
    let visitor = who("visitor");
    let today = desk.book.usage(&visitor, desk.now.day()).unwrap();
    assert_eq!((today.subject.pictures, today.subject.open), (2, 1), "its day has only today's");
    assert_eq!(today.subject.hour.sum(desk.now), 2);
    assert_eq!(today.network.money, Held { reserved: Nano(40), charged: Nano::ZERO });
    let before = desk.book.usage(&visitor, NOW.day()).unwrap();
    assert_eq!(before.network.money, Held { reserved: Nano::ZERO, charged: Nano(100) });
    assert_eq!(desk.book.hour.all.sum(desk.now), 40);
    assert_eq!(broken_sums(&desk.book), None);
}

#[test]
fn a_reservation_belongs_to_the_day_that_granted_it() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 1, 100));
    desk.now = NOW.plus(DAY_MS);
    let ask = gone("job-a", "mini", &[("next", 150)]);
    let raised = raise(&mut desk.book, &ask, limits(), desk.now).unwrap();
    assert_eq!(granted(&raised), Some("next"));
    desk.settle(&bill("a", 120, 1));
    assert_eq!(desk.today(), DayBook::default());
    desk.now = NOW;
    assert_eq!(
        (desk.today().reserved, desk.today().charged, desk.today().refunded),
        (Nano::ZERO, Nano(120), Nano(30))
    );
}

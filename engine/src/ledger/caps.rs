//! The limits in money: the caps of day and month, the pace of an hour, and what one network may take of the day's cap.
//!
//! Owns which sum meets which cap: a grant needs reserved + charged + worst ≤ cap, for each of them. Must not know
//! pictures or visitors.
//!
//! Why: `docs/decisions/2026-11-29-shares-and-running-sums.md`.

use super::{Book, HOUR_MS, Limits, count::Held, reserve::month, usage::Usage};
use contract::{
    money::Nano,
    problem::Limit,
    time::{Day, Timestamp},
};

/// The sums that caps are compared with. Those that overflow are above every cap.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sums {
    day: Held,
    month: Held,
    hour: Held,
    network: Held,
    prefix: Option<Held>,
    /// Whether the network had nothing before on that day, so that it may use what is spared for such networks.
    fresh: bool,
}

/// A cap, and what counts towards it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cap {
    pub(super) limit: Limit,
    held: Held,
    most: Nano,
    ends: Ends,
    /// Whether an order above it is never possible. The spared part is no such cap: tomorrow the network is fresh.
    whole: bool,
}

/// When a cap has room again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    At(Timestamp),
    /// When enough of the last 60 minutes' grants have left the hour; `never` stands for that time if an empty hour has no
    /// room for more either.
    WithTheHour {
        never: Timestamp,
    },
}

/// What is assumed of the open reservations when it is asked for the time at which there is room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    Released,
    Spent,
}

/// Sums that are above every cap.
const OVERFLOW: Held = Held { reserved: Nano::ZERO, charged: Nano(u64::MAX) };

impl Sums {
    /// The sums for a grant that is booked on `day`. `own` is the number of the network's orders that do not make it less
    /// fresh: an order that is raised does not stand in its own way.
    pub(super) fn of<B: Book>(
        book: &B,
        usage: &Usage,
        own: u32,
        day: Day,
        now: Timestamp,
    ) -> Result<Self, B::Error> {
        let (first, end) = month(day);
        let hour = book.hour(|hour| {
            let (all, charged) = (hour.all.sum(now), hour.charged.sum(now));
            Held { reserved: Nano(all.saturating_sub(charged)), charged: Nano(charged) }
        })?;
        Ok(Self {
            day: book.day(day)?.held(),
            month: book.held(first, end)?.unwrap_or(OVERFLOW),
            hour,
            network: usage.network.money,
            prefix: usage.prefix.map(|prefix| prefix.money),
            // Whoever holds a /48 could send a fresh /56 of it for each order.
            fresh: [Some(usage.network), usage.prefix]
                .into_iter()
                .flatten()
                .all(|it| it.orders <= own),
        })
    }

    /// Every cap for a picture that costs at most `each`. A share of a cap allows at least one such picture.
    pub(super) fn caps(
        self,
        each: Nano,
        limits: Limits,
        day: Day,
        now: Timestamp,
    ) -> impl Iterator<Item = Cap> {
        let budget = limits.budget;
        let at_least_one = |of: Nano, percent: u16| part(of, percent).max(each);
        let network = u16::from(limits.network.share_percent);
        let spared = 100u16.saturating_sub(budget.spare_percent.into());
        // A pace of 100 % is none: the day's cap alone holds, and a new day does not wait for the last one's hour.
        let hour =
            (budget.hour_percent < 100).then(|| part(budget.day_usd, budget.hour_percent.into()));
        let (midnight, months_end) = (Ends::At(day.end()), Ends::At(month(day).1.start()));
        let with_the_hour = |never| Ends::WithTheHour { never };
        let cap = |limit, held, most, ends| Cap { limit, held, most, ends, whole: true };
        let spare = |held, of, ends| {
            let most = at_least_one(of, spared);
            (!self.fresh && budget.spare_percent > 0).then_some(Cap {
                limit: Limit::Spare,
                held,
                most,
                ends,
                whole: false,
            })
        };
        // Of caps that have room again at the same time, the first one is told: the one that others meet too.
        [
            Some(cap(Limit::SiteDay, self.day, budget.day_usd, midnight)),
            Some(cap(Limit::SiteMonth, self.month, budget.month_usd, months_end)),
            hour.map(|hour| {
                cap(Limit::SiteHour, self.hour, hour.max(each), with_the_hour(now.plus(HOUR_MS)))
            }),
            Some(cap(
                Limit::NetworkMoney,
                self.network,
                at_least_one(budget.day_usd, network),
                midnight,
            )),
            self.prefix.map(|prefix| {
                let twice = at_least_one(budget.day_usd, network.saturating_mul(2));
                cap(Limit::NetworkMoney, prefix, twice, midnight)
            }),
            spare(self.day, budget.day_usd, midnight),
            hour.and_then(|hour| spare(self.hour, hour, with_the_hour(day.end()))),
        ]
        .into_iter()
        .flatten()
    }
}

/// So many per cent of an amount, rounded down.
fn part(of: Nano, percent: u16) -> Nano {
    let part = u128::from(of.0).saturating_mul(percent.into()) / 100;
    Nano(u64::try_from(part).unwrap_or(u64::MAX))
}

impl Cap {
    /// Whether there is room for this amount.
    pub(super) fn fits(&self, more: Nano) -> bool {
        self.has_room(self.held.all(), more)
    }

    /// Whether there is room for this amount, or will be once the open reservations are released.
    pub(super) fn may_fit(&self, more: Nano) -> bool {
        self.has_room(Some(self.held.charged), more)
    }

    fn has_room(&self, held: Option<Nano>, more: Nano) -> bool {
        held.and_then(|held| held.checked_add(more)).is_some_and(|all| all <= self.most)
    }

    /// Whether it is too small for this amount, also when nothing counts towards it.
    pub(super) fn is_less_than(&self, amount: Nano) -> bool {
        self.whole && self.most < amount
    }

    /// The pictures that it allows in all, and those that are left beside what is charged.
    pub(super) fn pictures(&self, each: Nano) -> (u32, u32) {
        let count = |room: Nano| {
            let count = room.0.checked_div(each.0).unwrap_or(u64::MAX);
            u32::try_from(count).unwrap_or(u32::MAX)
        };
        let left = self.most.checked_sub(self.held.charged).unwrap_or_default();
        (count(self.most), count(left))
    }

    /// When one picture more than now becomes possible, if every open reservation is released, or is spent.
    pub(super) fn resets_at<B: Book>(
        &self,
        book: &B,
        each: Nano,
        open: Open,
        now: Timestamp,
    ) -> Result<Timestamp, B::Error> {
        let never = match self.ends {
            Ends::At(end) => return Ok(end),
            Ends::WithTheHour { never } => never,
        };
        let held = match open {
            Open::Released => self.held.charged,
            Open::Spent => self.held.all().unwrap_or(Nano(u64::MAX)),
        };
        let room = self.most.checked_sub(held).unwrap_or_default();
        let fits = room.0.checked_div(each.0).unwrap_or(0);
        let more = each.checked_mul(fits.saturating_add(1));
        let Some(most) = more.and_then(|more| self.most.checked_sub(more)) else {
            return Ok(never);
        };
        book.hour(|hour| {
            let window = if open == Open::Spent { &hour.all } else { &hour.charged };
            window.falls_to(most.0, now)
        })
    }
}

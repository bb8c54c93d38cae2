//! A visitor's allowance, and the limits that refuse a reservation.
//!
//! Owns the limits on one visitor and one network in pictures, and which of all limits is told. Must not know how sums of
//! money meet their caps.
//!
//! Decision: docs/decisions/2026-11-29-resets-at-is-the-latest-end.md.

use super::{
    Book, HOUR_MS, Refused, Visitor,
    caps::{Open, Sums},
    refusals,
    usage::Usage,
    window::Second,
};
use crate::config::site;
use contract::{
    money::Nano,
    problem::{Limit, ProblemKind},
    session::Allowance,
    time::{Day, Timestamp},
};

/// A site's limits, as its configuration has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Caps in money.
    pub budget: site::Budget,
    /// Limits on one visitor.
    pub visitor: site::Visitor,
    /// Limits on one network.
    pub network: site::Network,
    /// The least that a picture may cost, without its prompt: limits in money are told in such pictures. See
    /// [`least`](super::least).
    pub least: Nano,
    /// Whether the site has a challenge.
    pub challenged: bool,
}

/// What an order asks for: pictures, and the most that each may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) pictures: u32,
    pub(super) each: Nano,
}

impl Wanted {
    /// The most that all pictures may cost. An amount that overflows is above every cap.
    pub(super) fn worst(self) -> Nano {
        self.each.checked_mul(u64::from(self.pictures)).unwrap_or(Nano(u64::MAX))
    }
}

/// A limit in pictures, and how far it is used up.
#[derive(Debug, Clone, Copy)]
struct Used {
    name: Limit,
    left: u32,
    limit: u32,
    resets_at: Timestamp,
}

/// What counts towards the limits on a visitor's next order.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    now: Timestamp,
    usage: Usage,
    sums: Sums,
    /// Until when the visitor is paused, because several descriptions were refused.
    paused: Option<Timestamp>,
}

/// What a visitor, its network and its site have used, as far as it counts now.
pub(super) fn standing<B: Book>(
    book: &B,
    who: &Visitor,
    limits: Limits,
    now: Timestamp,
) -> Result<Standing, B::Error> {
    let own = Standing::of(book, book.usage(who, now.day())?, limits, now)?;
    let network = refusals::paused(book, &who.network, limits, now)?;
    Ok(Standing { paused: own.paused.max(network), ..own })
}

impl Standing {
    /// The standing of a visitor who has used this.
    pub(super) fn of<B: Book>(
        book: &B,
        usage: Usage,
        limits: Limits,
        now: Timestamp,
    ) -> Result<Self, B::Error> {
        let sums = Sums::of(book, &usage, 0, now.day(), now)?;
        let strikes = limits.visitor.refusals_per_hour.into();
        let paused = usage.subject.strikes.newest(strikes, now).map(Second::leaves);
        Ok(Self { now, usage, sums, paused })
    }

    fn day(&self) -> Day {
        self.now.day()
    }

    /// Every limit in pictures: the visitor's hour and day, the network's day, and the pause after refused
    /// descriptions, during which nothing is left.
    fn used(&self, limits: Limits) -> impl Iterator<Item = Used> {
        let site::Visitor { per_hour, per_day, .. } = limits.visitor;
        let (now, tomorrow) = (self.now, self.day().end());
        let subject = &self.usage.subject;
        let hour = u32::try_from(subject.hour.sum(now)).unwrap_or(u32::MAX);
        // One picture more becomes possible when this many are left of those that count.
        let next_hour = match hour.min(per_hour).checked_sub(1) {
            Some(most) => subject.hour.falls_to(most.into(), now),
            None => now.plus(HOUR_MS),
        };
        let today = if subject.day == self.day() { subject.pictures } else { 0 };
        let used = |name, used: u32, limit: u32, resets_at| Used {
            name,
            left: limit.saturating_sub(used),
            limit,
            resets_at,
        };
        [
            Some(used(Limit::VisitorHour, hour, per_hour, next_hour)),
            Some(used(Limit::VisitorDay, today, per_day, tomorrow)),
            Some(used(
                Limit::NetworkDay,
                self.usage.network.pictures,
                limits.network.per_day,
                tomorrow,
            )),
            self.paused.map(|until| used(Limit::Refusals, per_hour, per_hour, until)),
        ]
        .into_iter()
        .flatten()
    }

    /// The limit with the fewest pictures left; among equal ones, the limit that resets last.
    pub(super) fn allowance<B: Book>(
        &self,
        book: &B,
        limits: Limits,
    ) -> Result<Allowance, B::Error> {
        let mut all: Vec<Used> = self.used(limits).collect();
        for cap in self.sums.caps(limits.least, limits, self.day(), self.now) {
            let (limit, left) = cap.pictures(limits.least);
            let resets_at = cap.resets_at(book, limits.least, Open::Released, self.now)?;
            all.push(Used { name: cap.limit, left, limit, resets_at });
        }
        let tightest = all.iter().min_by_key(|used| (used.left, std::cmp::Reverse(used.resets_at)));
        let nothing = Allowance { remaining: 0, limit: 0, resets_at: self.now };
        Ok(tightest.map_or(nothing, |used| Allowance {
            remaining: used.left,
            limit: used.limit,
            resets_at: used.resets_at,
        }))
    }

    /// The refusal, if the visitor may not have this now. Of several limits that are reached, it names the one that
    /// resets last.
    pub(super) fn refuses<B: Book>(
        &self,
        book: &B,
        wanted: Wanted,
        limits: Limits,
    ) -> Result<Option<Refused>, B::Error> {
        let refused = |kind, limit| Some(Refused { kind, limit, resets_at: None });
        let Wanted { pictures, each } = wanted;
        let caps: Vec<_> = self.sums.caps(each, limits, self.day(), self.now).collect();
        if caps.iter().any(|cap| cap.is_less_than(wanted.worst())) {
            return Ok(refused(ProblemKind::InvalidRequest, None));
        }
        if self.usage.subject.open >= limits.visitor.concurrent {
            // A slot becomes free when a job ends, and that time is not known.
            return Ok(refused(ProblemKind::VisitorLimit, Some(Limit::Concurrent)));
        }
        let mut reached: Vec<(Limit, Timestamp)> = self
            .used(limits)
            .filter(|used| pictures > used.left)
            .map(|used| (used.name, used.resets_at))
            .collect();
        let mut is_busy = false;
        for cap in caps.iter().filter(|cap| !cap.fits(wanted.worst())) {
            if cap.may_fit(wanted.worst()) {
                is_busy = true;
            } else {
                reached.push((cap.limit, cap.resets_at(book, each, Open::Spent, self.now)?));
            }
        }
        // Among limits that end at the same time, the visitor's own comes first.
        let last = reached.into_iter().rev().max_by_key(|(_, resets_at)| *resets_at);
        Ok(match last {
            Some((limit, resets_at)) => {
                Some(Refused { kind: kind(limit), limit: Some(limit), resets_at: Some(resets_at) })
            }
            // Jobs that end within seconds make room.
            None if is_busy => refused(ProblemKind::Busy, None),
            None => None,
        })
    }
}

/// The problem of an order that met this limit: one of the site's money, or one on the visitor.
const fn kind(limit: Limit) -> ProblemKind {
    match limit {
        Limit::Spare | Limit::SiteHour | Limit::SiteDay | Limit::SiteMonth => {
            ProblemKind::BudgetSpent
        }
        _ => ProblemKind::VisitorLimit,
    }
}

/// What a visitor has left.
pub fn allowance<B: Book>(
    book: &B,
    who: &Visitor,
    limits: Limits,
    now: Timestamp,
) -> Result<Allowance, B::Error> {
    let now = now.max(book.clock()?);
    standing(book, who, limits, now)?.allowance(book, limits)
}

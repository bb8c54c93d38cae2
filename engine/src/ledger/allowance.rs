//! A visitor's allowance, and the limits that refuse a reservation.
//!
//! Owns the limits on one visitor and one network. Must not know money.

use super::{Book, HOUR_MS, Refused, Since, Standing, Visitor, refusals};
use crate::config::site;
use contract::{
    problem::{Limit, ProblemKind},
    session::Allowance,
    time::Timestamp,
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
    /// Whether the site has a challenge.
    pub challenged: bool,
}

/// A limit and how far it is used up.
#[derive(Debug, Clone, Copy)]
struct Used {
    name: Limit,
    pictures: u32,
    limit: u32,
    resets_at: Timestamp,
}

impl Used {
    fn left(&self) -> u32 {
        self.limit.saturating_sub(self.pictures)
    }
}

/// What a visitor and its network have used, as far as it counts now.
pub(super) fn standing<B: Book>(
    book: &B,
    who: &Visitor,
    limits: Limits,
    now: Timestamp,
) -> Result<Standing, B::Error> {
    // The hour is the last 60 minutes: a grant of exactly 60 minutes ago no longer counts.
    let hour = Timestamp(now.0.saturating_sub(HOUR_MS)).plus(1);
    let strikes = limits.visitor.refusals_per_hour;
    let own = book.standing(who, Since { hour, day: now.day().start(), strikes })?;
    let struck = own.struck.max(refusals::struck(book, &who.network, limits, now)?);
    Ok(Standing { struck, ..own })
}

impl Standing {
    /// The usage after one more job with this many pictures is granted.
    pub(super) fn granted(self, pictures: u32, now: Timestamp) -> Self {
        Self {
            hour: self.hour.saturating_add(pictures),
            oldest: self.oldest.or(Some(now)),
            day: self.day.saturating_add(pictures),
            network: self.network.saturating_add(pictures),
            open: self.open.saturating_add(1),
            struck: self.struck,
        }
    }

    /// Every limit in pictures: the visitor's hour and day, the network's day, and the pause after refused
    /// descriptions, during which nothing is left.
    fn used(self, limits: Limits, now: Timestamp) -> impl DoubleEndedIterator<Item = Used> + Clone {
        let site::Visitor { per_hour, per_day, .. } = limits.visitor;
        let (next_hour, tomorrow) = (self.oldest.unwrap_or(now).plus(HOUR_MS), now.day().end());
        let paused = self.struck.map(|struck| struck.plus(HOUR_MS));
        [
            Used {
                name: Limit::VisitorHour,
                pictures: self.hour,
                limit: per_hour,
                resets_at: next_hour,
            },
            Used {
                name: Limit::VisitorDay,
                pictures: self.day,
                limit: per_day,
                resets_at: tomorrow,
            },
            Used {
                name: Limit::NetworkDay,
                pictures: self.network,
                limit: limits.network.per_day,
                resets_at: tomorrow,
            },
        ]
        .into_iter()
        .chain(paused.map(|resets_at| Used {
            name: Limit::Refusals,
            pictures: per_hour,
            limit: per_hour,
            resets_at,
        }))
    }

    /// The limit with the fewest pictures left; among equal ones, the limit that resets last.
    pub(super) fn allowance(self, limits: Limits, now: Timestamp) -> Allowance {
        let used = self.used(limits, now);
        let tightest = used.min_by_key(|used| (used.left(), std::cmp::Reverse(used.resets_at)));
        tightest.map_or(Allowance { remaining: 0, limit: 0, resets_at: now }, |used| Allowance {
            remaining: used.left(),
            limit: used.limit,
            resets_at: used.resets_at,
        })
    }

    /// The refusal, if the visitor may not have this many pictures more.
    pub(super) fn refuses(self, pictures: u32, limits: Limits, now: Timestamp) -> Option<Refused> {
        let kind = ProblemKind::VisitorLimit;
        if self.open >= limits.visitor.concurrent {
            // A slot becomes free when a job ends, and that time is not known.
            return Some(Refused { kind, limit: Some(Limit::Concurrent), resets_at: None });
        }
        let used = self.used(limits, now);
        // Among limits that end at the same time, the visitor's own comes first.
        let reached =
            used.rev().filter(|used| pictures > used.left()).max_by_key(|used| used.resets_at);
        reached.map(|used| Refused {
            kind,
            limit: Some(used.name),
            resets_at: Some(used.resets_at),
        })
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
    Ok(standing(book, who, limits, now)?.allowance(limits, now))
}

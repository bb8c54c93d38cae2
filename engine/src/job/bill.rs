//! A job's bill for the ledger.
//!
//! Owns the sum over a job's pictures. Must not change the record.
//!
//! Decision: docs/decisions/2026-11-29-a-picture-is-booked-under-its-maker.md.

use super::record::{Charge, Phase, PictureRecord, PictureStage, Record};
use crate::{
    gateway::refusal::Blame,
    ledger::{Bill, Overrun},
};
use contract::{money::Nano, problem::ProblemKind};

impl Record {
    /// The bill, once every picture is over. Repeated calls return the same bill.
    pub fn bill(&self, took_ms: u64) -> Bill {
        let each = self.new.worst_each;
        let spent = |price: Option<Nano>| price.unwrap_or(each);
        let sum = |amounts: &mut dyn Iterator<Item = Nano>| {
            Nano(amounts.fold(0, |sum, amount| sum.saturating_add(amount.0)))
        };
        let charges = || {
            self.pictures.iter().filter_map(|picture| match picture.charge {
                Charge::Spent(price) => Some(price),
                Charge::Open => Some(None),
                Charge::Refunded => None,
            })
        };
        let count = |fits: fn(&PictureStage) -> bool| {
            u32::try_from(self.pictures.iter().filter(|picture| fits(&picture.stage)).count())
                .unwrap_or(u32::MAX)
        };
        let came = count(|stage| matches!(stage, PictureStage::Ready(_) | PictureStage::Gone(_)));
        let mut failed: Vec<(ProblemKind, u32)> = Vec::new();
        for picture in &self.pictures {
            let PictureStage::Failed(kind) = picture.stage else { continue };
            match failed.iter_mut().find(|(other, _)| *other == kind) {
                Some((_, count)) => *count = count.saturating_add(1),
                None => failed.push((kind, 1)),
            }
        }
        let blamed = |blame| {
            let own = self.pictures.iter().filter(|picture| picture.blame == blame);
            u32::try_from(own.count()).unwrap_or(u32::MAX)
        };
        let is_cause = |picture: &&PictureRecord| {
            picture.blame == Blame::Upstream
                || picture.stage == PictureStage::Failed(ProblemKind::GatewayRefused)
        };
        let stopped = count(|stage| matches!(stage, PictureStage::Cancelled { started: true }));
        let whole = came == self.new.order.count
            && !matches!(self.phase, Phase::Closing { cancelled: true });
        Bill {
            job: self.new.id.clone(),
            charged: sum(&mut charges().map(spent)),
            unknown: sum(&mut charges().filter(Option::is_none).map(spent)),
            pictures: self.pictures.iter().filter_map(|picture| picture.took_ms).collect(),
            failed,
            cancelled: count(|stage| matches!(stage, PictureStage::Cancelled { .. })),
            strike: blamed(Blame::Description) > 0,
            faults: blamed(Blame::Upstream),
            cause: self.pictures.iter().filter(is_cause).find_map(|picture| picture.cause),
            model: self.model().to_owned(),
            other_model: self.made_by.is_some(),
            counted: came.saturating_add(stopped),
            took_ms: whole.then_some(took_ms),
            overrun: self.overrun(),
        }
    }

    /// The dearest picture, if upstream charged more for it than its configured worst case.
    fn overrun(&self) -> Option<Overrun> {
        let configured = self.new.configured_each.unwrap_or(self.new.worst_each);
        let prices = self.pictures.iter().filter_map(|picture| match picture.charge {
            Charge::Spent(price) => price,
            Charge::Open | Charge::Refunded => None,
        });
        let price = prices.max().filter(|&price| price > configured)?;
        let inputs = u32::try_from(self.new.uploads.len()).unwrap_or(u32::MAX);
        Some(Overrun { configured, price, inputs })
    }
}

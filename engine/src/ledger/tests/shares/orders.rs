//! A book under limits, and the orders of networks on it.

use super::*;

/// An order on a network: so many pictures at this price each.
pub(super) fn on(network: &str, name: &str, pictures: u32, each: u64) -> Reserve {
    let visitor = Visitor {
        subject: format!("visitor-{name}"),
        network: network.to_owned(),
        prefix: network.starts_with("v6").then(|| "prefix".to_owned()),
    };
    Reserve { visitor, ..ask(name, pictures, each * u64::from(pictures)) }
}

/// A book under these limits.
pub(super) struct Site {
    pub(super) desk: Desk,
    pub(super) limits: Limits,
    pub(super) count: u32,
}

impl Site {
    pub(super) fn new(limits: Limits) -> Self {
        Self { desk: Desk::new(), limits, count: 0 }
    }

    pub(super) fn ask(&mut self, order: &Reserve) -> Result<(), Refused> {
        let answer =
            reserve(&mut self.desk.book, order, self.limits, LEASE_MS, self.desk.now).unwrap();
        match answer {
            Reserved::Granted { .. } => Ok(()),
            Reserved::Refused(refused) => Err(refused),
            other => panic!("{other:?}"),
        }
    }

    /// A new order, which stays open.
    pub(super) fn opens(
        &mut self,
        network: &str,
        pictures: u32,
        each: u64,
    ) -> Result<String, Refused> {
        self.count += 1;
        let name = self.count.to_string();
        self.ask(&on(network, &name, pictures, each)).map(|()| name)
    }

    /// A new order, which is settled at its worst case.
    #[track_caller]
    pub(super) fn spends(&mut self, network: &str, pictures: u32, each: u64) {
        let name = self.opens(network, pictures, each).unwrap();
        self.desk.settle(&bill(&name, u64::from(pictures) * each, pictures));
    }

    #[track_caller]
    pub(super) fn refuses(
        &mut self,
        network: &str,
        each: u64,
    ) -> (ProblemKind, Option<Limit>, Option<String>) {
        let refused = self.opens(network, 1, each).unwrap_err();
        (refused.kind, refused.limit, refused.resets_at.map(|at| at.to_string()))
    }

    pub(super) fn left(&self, network: &str) -> (u32, u32, Timestamp) {
        let who = on(network, "next", 1, 1).visitor;
        let left = allowance(&self.desk.book, &who, self.limits, self.desk.now).unwrap();
        (left.remaining, left.limit, left.resets_at)
    }
}

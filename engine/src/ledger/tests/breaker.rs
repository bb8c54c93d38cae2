//! The breaker, as specified.

use super::*;
use crate::ledger::breaker::{Breaker, Why, probed};

/// The bill of a job with this many pictures that all failed by upstream's fault.
fn faults(name: &str, faults: u32) -> Bill {
    let failed = vec![(ProblemKind::GatewayFailed, faults)];
    Bill { failed, faults, ..bill(name, 1, 0) }
}

impl Desk {
    /// Grants a job and settles it with this bill.
    fn ends(&mut self, bill: &Bill) {
        let name = bill.job.trim_start_matches("job-").to_owned();
        self.grants(&Reserve { visitor: who(&name), ..ask(&name, 1, 1) });
        self.settle(bill);
    }

    fn breaks(&mut self, why: ProblemKind, resets_at: Timestamp) {
        let asked = Reserve { visitor: who("stopped"), ..ask("stopped", 1, 1) };
        let refused = Refused { kind: why, limit: None, resets_at: Some(resets_at) };
        assert_eq!(self.reserve(&asked), Reserved::Refused(refused));
    }
}

#[test]
fn five_faults_in_a_row_open_it_for_30_seconds_and_one_picture_ends_the_row() {
    let mut desk = Desk::new();
    desk.ends(&faults("a", 4));
    desk.ends(&bill("b", 1, 1));
    desk.ends(&faults("c", 4));
    // A failure that is nobody's fault neither resets the row nor counts towards it.
    desk.ends(&Bill { failed: vec![(ProblemKind::Interrupted, 9)], ..bill("d", 1, 0) });
    desk.ends(&refused("e", 4));
    desk.ends(&faults("f", 1));
    desk.breaks(ProblemKind::Busy, NOW.plus(30_000));
    desk.now = NOW.plus(29_999);
    desk.breaks(ProblemKind::Busy, NOW.plus(30_000));
}

#[test]
fn a_refused_key_opens_it_at_once() {
    let mut desk = Desk::new();
    desk.ends(&Bill { failed: vec![(ProblemKind::GatewayRefused, 1)], ..bill("a", 0, 0) });
    desk.breaks(ProblemKind::GatewayRefused, NOW.plus(30_000));
    assert_eq!(desk.book.counters.get("problem gateway-refused"), Some(&2));
}

#[test]
fn what_was_refused_beside_a_picture_opens_nothing() {
    let mut desk = Desk::new();
    desk.ends(&Bill { failed: vec![(ProblemKind::GatewayRefused, 1)], ..bill("a", 3, 3) });
    assert_eq!(desk.book.breaker, Breaker::default());
    desk.grants(&ask("next", 1, 1));
}

#[test]
fn then_one_of_all_who_ask_probes_and_that_decides() {
    let mut desk = Desk::new();
    desk.ends(&faults("a", 5));
    let next = ask("next", 1, 1);
    desk.now = NOW.plus(30_000);
    assert_eq!(desk.reserve(&next), Reserved::Probe(Why::Faults));
    desk.breaks(ProblemKind::Busy, NOW.plus(60_000));
    probed(&mut desk.book, false, desk.now).unwrap();
    desk.breaks(ProblemKind::Busy, NOW.plus(60_000));
    desk.now = NOW.plus(60_000);
    assert_eq!(desk.reserve(&next), Reserved::Probe(Why::Faults));
    probed(&mut desk.book, true, desk.now).unwrap();
    desk.grants(&next);
    desk.ends(&faults("b", 4));
    assert_eq!(desk.book.breaker, Breaker::Closed { faults: 4 }, "the row begins anew");
}

#[test]
fn a_probe_that_is_lost_is_made_again_and_one_that_comes_late_decides_nothing() {
    let mut desk = Desk::new();
    desk.ends(&faults("a", 5));
    desk.now = NOW.plus(30_000);
    assert_eq!(desk.reserve(&ask("b", 1, 1)), Reserved::Probe(Why::Faults));
    desk.now = NOW.plus(60_000);
    assert_eq!(desk.reserve(&ask("b", 1, 1)), Reserved::Probe(Why::Faults));
    probed(&mut desk.book, true, desk.now).unwrap();
    probed(&mut desk.book, false, desk.now).unwrap();
    desk.grants(&ask("b", 1, 1));
}

#[test]
fn a_known_key_and_a_bill_pass_while_it_is_open() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 1, 1));
    desk.ends(&faults("b", 5));
    assert!(matches!(desk.reserve(&ask("a", 1, 1)), Reserved::Known { .. }));
    desk.settle(&bill("a", 1, 1));
    desk.breaks(ProblemKind::Busy, NOW.plus(30_000));
}

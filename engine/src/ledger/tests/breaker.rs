//! The breaker, as specified.

use super::*;
use crate::ledger::breaker::{Breaker, Faults, Opening, Why, probed};

/// The bill of a job with this many pictures that all failed by upstream's fault.
fn faults(name: &str, faults: u32) -> Bill {
    let failed = vec![(ProblemKind::GatewayFailed, faults)];
    Bill { failed, faults, ..bill(name, 1, 0) }
}

impl Desk {
    /// Grants a job and settles it with this bill.
    fn ends(&mut self, bill: &Bill) {
        self.ends_on("home", bill);
    }

    /// The same for a visitor of that network.
    fn ends_on(&mut self, network: &str, bill: &Bill) {
        let name = bill.job.trim_start_matches("job-").to_owned();
        let visitor = Visitor { network: network.to_owned(), ..who(&name) };
        self.grants(&Reserve { visitor, ..ask(&name, 1, 1) });
        self.settle(bill);
    }

    /// Opens it, by a fault of each of five networks.
    fn opens(&mut self) {
        for network in ["v", "w", "x", "y", "z"] {
            self.ends_on(network, &faults(network, 1));
        }
    }

    fn is_open(&self) -> bool {
        !matches!(self.book.breaker, Breaker::Closed(_))
    }

    fn breaks(&mut self, why: ProblemKind, resets_at: Timestamp) {
        let asked = Reserve { visitor: who("stopped"), ..ask("stopped", 1, 1) };
        let refused = Refused { kind: why, limit: None, resets_at: Some(resets_at) };
        assert_eq!(self.reserve(&asked), Reserved::Refused(refused));
    }
}

#[test]
fn five_failed_jobs_of_the_only_network_open_it_for_30_seconds_and_one_picture_ends_the_row() {
    let mut desk = Desk::new();
    for name in ["a", "b", "c", "d"] {
        desk.ends(&faults(name, 4));
    }
    desk.ends(&bill("picture", 1, 1));
    for name in ["e", "f", "g", "h"] {
        desk.ends(&faults(name, 4));
    }
    // A failure that is nobody's fault neither resets the row nor counts towards it.
    desk.ends(&Bill { failed: vec![(ProblemKind::Interrupted, 9)], ..bill("i", 1, 0) });
    desk.ends(&refused("j", 4));
    assert!(!desk.is_open());
    desk.ends(&faults("k", 1));
    desk.breaks(ProblemKind::Busy, NOW.plus(30_000));
    desk.now = NOW.plus(29_999);
    desk.breaks(ProblemKind::Busy, NOW.plus(30_000));
}

#[test]
fn a_bill_without_a_fault_never_opens_it() {
    let mut desk = Desk::new();
    desk.ends_on("other", &bill("o", 1, 1));
    for name in ["a", "b", "c", "d", "e"] {
        desk.ends(&faults(name, 1));
    }
    assert!(!desk.is_open(), "another network ordered");
    desk.now = NOW.plus(11 * 60_000);
    desk.ends(&refused("f", 1));
    assert!(!desk.is_open(), "now it is the only one, but this was no fault");
    desk.ends(&faults("g", 1));
    assert!(desk.is_open());
}

#[test]
fn the_networks_of_a_48_count_as_one() {
    let mut desk = Desk::new();
    desk.ends_on("other", &bill("o", 1, 1));
    for network in ["v", "w", "x", "y", "z"] {
        let prefix = Some("prefix".to_owned());
        let visitor = Visitor { network: network.to_owned(), prefix, ..who(network) };
        desk.grants(&Reserve { visitor, ..ask(network, 1, 1) });
        desk.settle(&faults(network, 1));
    }
    assert!(!desk.is_open());
}

#[test]
fn one_network_alone_opens_it_for_nobody_else() {
    let mut desk = Desk::new();
    desk.grants(&Reserve {
        visitor: Visitor { network: "other".to_owned(), ..who("o") },
        ..ask("o", 1, 1)
    });
    for at in 0..9 {
        desk.now = NOW.plus(at * 61_000);
        desk.ends(&faults(&format!("a{at}"), 4));
        assert!(!desk.is_open(), "{at}");
    }
    // Ten minutes after the other network's order it is the only one.
    desk.now = NOW.plus(600_001);
    desk.ends(&faults("last", 1));
    assert!(desk.is_open());
}

#[test]
fn faults_of_two_networks_open_it_and_each_networks_count_once_a_minute() {
    let mut desk = Desk::new();
    for (second, network, opens) in [
        (0, "home", false),
        (1, "home", false),
        (1, "other", false),
        (59, "other", false),
        (60, "home", false),
        (61, "other", false),
        (119, "home", false),
        (120, "home", true),
    ] {
        desk.now = NOW.plus(second * 1_000);
        desk.ends_on(network, &faults(&format!("{network}{second}"), 4));
        assert_eq!(desk.is_open(), opens, "{second} {network}");
    }
    let mut desk = Desk::new();
    for network in ["a", "b", "c", "d", "e"] {
        assert!(!desk.is_open());
        desk.ends_on(network, &faults(network, 1));
    }
    desk.breaks(ProblemKind::Busy, NOW.plus(30_000));
}

#[test]
fn an_open_breaker_opens_no_second_time_and_one_network_alone_is_counted_as_one() {
    let mut desk = Desk::new();
    let names = ["a", "b", "c", "d", "e"];
    for name in names.into_iter().chain(["late"]) {
        desk.grants(&Reserve { visitor: who(name), ..ask(name, 1, 1) });
    }
    let mut settled = |name| settle(&mut desk.book, &faults(name, 1), NOW).unwrap().unwrap().opened;
    let opened = names.map(&mut settled);
    let opening = Opening { why: Why::Faults, cause: None, networks: 1 };
    assert_eq!(opened, [None, None, None, None, Some(opening)]);
    assert_eq!(opening.line(), "breaker.opened why=faults status=0 reason=unknown networks=1");
    assert_eq!(settled("late"), None);
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
    desk.opens();
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
    assert!(matches!(desk.book.breaker, Breaker::Closed(Faults { jobs: 1, .. })), "a new row");
}

#[test]
fn a_probe_that_is_lost_is_made_again_and_one_that_comes_late_decides_nothing() {
    let mut desk = Desk::new();
    desk.opens();
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
    desk.opens();
    assert!(matches!(desk.reserve(&ask("a", 1, 1)), Reserved::Known { .. }));
    desk.settle(&bill("a", 1, 1));
    desk.breaks(ProblemKind::Busy, NOW.plus(30_000));
}

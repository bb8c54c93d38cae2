//! The question before an upload: it is answered as a reservation of one picture would be, and books nothing.

use super::*;
use crate::ledger::breaker::{Breaker, Why};

fn may(desk: &mut Desk, ask: &Reserve) -> Option<Refused> {
    let ask = MayOrder { key: ask.key.clone(), visitor: ask.visitor.clone() };
    may_order(&mut desk.book, &ask, limits(), desk.now).unwrap()
}

fn without_counters(desk: &Desk) -> Memory {
    let mut book = desk.book.clone();
    book.counters.clear();
    book
}

/// Asks both ways, and checks that the question alone changed nothing but the counters.
#[track_caller]
fn is_refused_alike(desk: &mut Desk, name: &str) -> Refused {
    let before = without_counters(desk);
    let ask = ask(name, 1, 1);
    let refused = may(desk, &ask).expect("a refusal");
    assert_eq!(without_counters(desk), before);
    let problems = count::problem(refused.kind);
    let counted = desk.book.counters.get(&problems).copied();
    assert_eq!(desk.refusal(&ask), refused);
    assert_eq!(desk.book.counters.get(&problems).copied(), counted.map(|count| count + 1));
    refused
}

#[test]
fn who_may_order_is_let_through() {
    let mut desk = Desk::new();
    let before = desk.book.clone();
    assert_eq!(may(&mut desk, &ask("a", 1, 1)), None);
    assert_eq!(desk.book, before, "nothing is written");
}

#[test]
fn every_refusal_but_that_of_the_order_s_own_price_is_told_before() {
    let mut desk = Desk::new();
    for name in ["a", "b", "c", "d", "e"] {
        desk.grants(&ask(name, 1, 1));
    }
    is_refused_alike(&mut desk, "at once");
    for name in ["a", "b", "c", "d", "e"] {
        desk.settle(&bill(name, 1, 2));
    }
    is_refused_alike(&mut desk, "hour");
    breaker_opens(&mut desk);
    assert_eq!(is_refused_alike(&mut desk, "breaker").kind, ProblemKind::Busy);
    desk.book.set_closed(true).unwrap();
    assert_eq!(is_refused_alike(&mut desk, "closed").kind, ProblemKind::SiteClosed);
}

#[test]
fn a_known_key_passes_whatever_else_would_refuse_it() {
    let mut desk = Desk::new();
    desk.grants(&ask("known", 1, 1));
    breaker_opens(&mut desk);
    desk.book.set_closed(true).unwrap();
    assert_eq!(may(&mut desk, &ask("known", 1, 1)), None);
    assert!(may(&mut desk, &ask("unknown", 1, 1)).is_some());
}

#[test]
fn a_probe_that_is_due_is_left_to_the_reservation() {
    let mut desk = Desk::new();
    breaker_opens(&mut desk);
    let until = may(&mut desk, &ask("a", 1, 1)).and_then(|it| it.resets_at).expect("a time");
    desk.now = until;
    let open = desk.book.breaker;
    assert_eq!(may(&mut desk, &ask("a", 1, 1)), None);
    assert_eq!(desk.book.breaker, open);
    assert!(matches!(desk.reserve(&ask("a", 1, 1)), Reserved::Probe(_)));
    // While that probe runs, the others wait for it.
    assert!(is_refused_alike(&mut desk, "b").resets_at.is_some());
}

fn breaker_opens(desk: &mut Desk) {
    let until = desk.now.plus(30_000);
    let open = Breaker::Open { until, why: Why::Faults };
    desk.book.set_breaker(open).unwrap();
}

//! Undecided 403s: which cause follows.

use super::*;
use crate::{
    gateway::refusal::ForbiddenCause,
    ledger::{
        breaker::{self, Breaker, Why},
        forbidden::{Finding, Key, looked, met},
    },
};

impl Desk {
    /// A job of another network meets an undecided 403.
    fn meets(&mut self, name: &str) -> Finding {
        if !self.book.reservations.contains_key(&format!("job-{name}")) {
            let visitor =
                Visitor { subject: name.to_owned(), network: format!("net-{name}"), prefix: None };
            self.grants(&Reserve { visitor, ..ask(name, 1, 1) });
        }
        met(&mut self.book, &format!("job-{name}"), self.now).unwrap()
    }

    fn looks(&mut self, key: Key) -> ForbiddenCause {
        looked(&mut self.book, key, self.now).unwrap()
    }

    fn after(&mut self, ms: u64) {
        self.now = self.now.plus(ms);
    }
}

const DESCRIPTION: Finding = Finding::Decided(ForbiddenCause::Description);
const KEY: Finding = Finding::Decided(ForbiddenCause::Key);
const NOBODY: Finding = Finding::Decided(ForbiddenCause::Nobody);

#[test]
fn the_key_is_looked_at_once_a_minute_and_that_decides() {
    let mut desk = Desk::new();
    for (key, verdict) in [
        (Key::Alive, ForbiddenCause::Description),
        (Key::Dead, ForbiddenCause::Key),
        (Key::Unknown, ForbiddenCause::Nobody),
    ] {
        assert_eq!(desk.meets("a"), Finding::Look);
        assert_eq!(desk.meets("a"), Finding::Wait);
        assert_eq!(desk.looks(key), verdict);
        assert_eq!(desk.meets("a"), Finding::Decided(verdict));
        desk.after(59_999);
        assert_eq!(desk.meets("a"), Finding::Decided(verdict), "{key:?}");
        desk.after(1);
    }
    assert_eq!(desk.book.breaker, Breaker::default(), "only a bill opens it");
}

#[test]
fn a_look_that_is_lost_is_not_waited_for_and_not_made_again_at_once() {
    let mut desk = Desk::new();
    assert_eq!(desk.meets("a"), Finding::Look);
    desk.after(5_999);
    assert_eq!(desk.meets("a"), Finding::Wait);
    desk.after(1);
    assert_eq!(desk.meets("a"), NOBODY);
    desk.after(54_000);
    assert_eq!(desk.meets("a"), Finding::Look);
}

#[test]
fn three_networks_in_a_row_are_too_many_to_blame_until_a_picture_comes() {
    let mut desk = Desk::new();
    assert_eq!(desk.meets("a"), Finding::Look);
    assert_eq!(desk.looks(Key::Alive), ForbiddenCause::Description);
    assert_eq!(desk.meets("a"), DESCRIPTION, "the same network is no other one");
    assert_eq!(desk.meets("b"), DESCRIPTION);
    assert_eq!(desk.meets("c"), NOBODY);
    assert_eq!(desk.meets("a"), NOBODY);
    assert_eq!(desk.meets("d"), NOBODY);
    desk.grants(&ask("good", 1, 1));
    desk.settle(&bill("good", 1, 1));
    assert_eq!(desk.meets("a"), DESCRIPTION);
    assert_eq!(desk.meets("b"), DESCRIPTION);
    desk.settle(&refused("b", 1));
    assert_eq!(desk.meets("c"), NOBODY, "a bill without a picture ends no row");
}

#[test]
fn a_dead_key_is_dead_for_every_network() {
    let mut desk = Desk::new();
    for name in ["a", "b", "c", "d"] {
        let finding = desk.meets(name);
        let first = name == "a";
        assert_eq!(finding, if first { Finding::Look } else { KEY }, "{name}");
        if first {
            assert_eq!(desk.looks(Key::Dead), ForbiddenCause::Key);
        }
    }
}

#[test]
fn a_breakers_good_probe_is_news_of_the_key() {
    let mut desk = Desk::new();
    desk.meets("a");
    desk.looks(Key::Dead);
    desk.settle(&Bill { failed: vec![(ProblemKind::GatewayRefused, 1)], ..bill("a", 0, 0) });
    desk.after(30_000);
    assert_eq!(desk.reserve(&ask("next", 1, 1)), Reserved::Probe(Why::Refused));
    breaker::probed(&mut desk.book, true, desk.now).unwrap();
    assert_eq!(desk.meets("b"), DESCRIPTION);
}

#[test]
fn who_is_not_known_is_told_nothing() {
    let mut desk = Desk::new();
    assert_eq!(met(&mut desk.book, "job-none", NOW), Ok(NOBODY));
    assert_eq!(desk.meets("a"), Finding::Look, "and nobody looked for it");
}

#[test]
fn only_a_plain_word_says_that_the_key_is_dead() {
    let (rich, poor) = (r#"{"balance":"1"}"#, r#"{"balance":"0"}"#);
    for (status, body, tells_credits, key) in [
        (200, rich, true, Key::Alive),
        (200, poor, true, Key::Dead),
        (200, "<html>", true, Key::Unknown),
        (200, "{}", false, Key::Alive),
        (401, "", true, Key::Dead),
        (402, "", false, Key::Dead),
        (403, "<html>", true, Key::Unknown),
        (404, "", true, Key::Unknown),
        (429, "", true, Key::Unknown),
        (500, poor, true, Key::Unknown),
    ] {
        assert_eq!(Key::read(status, body, tells_credits), key, "{status} {body}");
    }
}

#[test]
fn a_networks_mark_is_odd_and_exact_in_javascript() {
    let marks: Vec<u64> =
        ["", "home", "elsewhere", "0123456789abcdef"].map(crate::ledger::forbidden::mark).to_vec();
    for &one in &marks {
        assert!(one % 2 == 1 && one < 1 << 53, "{one}");
    }
    // FNV-1a of nothing is its offset basis.
    assert_eq!(marks[0], (0xcbf2_9ce4_8422_2325 >> 12) | 1);
    let (mut all, count) = (marks.clone(), marks.len());
    all.dedup();
    assert_eq!(all.len(), count);
}

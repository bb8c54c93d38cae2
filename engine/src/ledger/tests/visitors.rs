//! Limits of visitors and networks, as specified.

use super::*;
use contract::problem::Limit;

/// A visitor on another network.
fn elsewhere(subject: &str) -> Visitor {
    Visitor { subject: subject.to_owned(), network: "elsewhere".to_owned(), prefix: None }
}

fn left(desk: &Desk, who: &Visitor) -> (u32, u32, Timestamp) {
    let left = allowance(&desk.book, who, limits(), desk.now).unwrap();
    (left.remaining, left.limit, left.resets_at)
}

#[test]
fn a_network_has_a_day_whoever_asks() {
    let mut desk = Desk::new();
    for (made, name) in (1u32..).zip(["a", "b", "c", "d"]) {
        desk.grants(&Reserve { visitor: who(name), ..ask(name, 5, 1) });
        desk.settle(&bill(name, 1, 5));
        assert_eq!(left(&desk, &who("next")).0, 10.min(20 - 5 * made));
    }
    let end = NOW.day().end();
    assert_eq!(left(&desk, &who("next")), (0, 20, end));
    let more = Reserve { visitor: who("next"), ..ask("e", 1, 1) };
    desk.refuses(&more, ProblemKind::VisitorLimit, Some("2026-11-23T00:00:00Z"));
    desk.grants(&Reserve { visitor: elsewhere("next"), ..ask("f", 1, 1) });
    desk.now = end;
    desk.grants(&more);
}

#[test]
fn failures_count_against_no_network_either() {
    let mut desk = Desk::new();
    for name in ["a", "b", "c"] {
        desk.grants(&Reserve { visitor: who(name), ..ask(name, 10, 1) });
        desk.settle(&bill(name, 1, 0));
    }
    assert_eq!(left(&desk, &who("next")).0, 10);
}

#[test]
fn who_is_refused_three_times_in_an_hour_is_paused() {
    let mut desk = Desk::new();
    for (name, minute) in [("a", 0), ("b", 10), ("c", 20)] {
        desk.now = NOW.plus(minute * 60_000);
        assert_eq!(left(&desk, &who("visitor")).0, 10, "not yet");
        desk.grants(&ask(name, 4, 1));
        desk.settle(&refused(name, 4));
    }
    // The oldest of the three is the first to be more than an hour old.
    desk.refuses(&ask("d", 1, 1), ProblemKind::VisitorLimit, Some("2026-11-22T11:39:59Z"));
    assert_eq!(left(&desk, &who("visitor")), (0, 10, NOW.plus(HOUR_MS)));
    desk.grants(&Reserve { visitor: who("another"), ..ask("e", 1, 1) });
    desk.now = NOW.plus(HOUR_MS - 1);
    desk.refuses(&ask("d", 1, 1), ProblemKind::VisitorLimit, Some("2026-11-22T11:39:59Z"));
    desk.now = NOW.plus(HOUR_MS);
    desk.grants(&ask("d", 1, 1));
    desk.settle(&refused("d", 1));
    desk.refuses(&ask("f", 1, 1), ProblemKind::VisitorLimit, Some("2026-11-22T11:49:59Z"));
}

#[test]
fn of_several_limits_the_one_that_lasts_longest_is_told() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 10, 1));
    desk.settle(&bill("a", 1, 10));
    desk.now = NOW.plus(HOUR_MS);
    desk.grants(&ask("b", 2, 1));
    desk.settle(&bill("b", 1, 2));
    // The hour has room for eight more pictures, the day for none.
    desk.refuses(&ask("c", 1, 1), ProblemKind::VisitorLimit, Some("2026-11-23T00:00:00Z"));
    for name in ["d", "e", "f"] {
        let visitor = who("refused");
        desk.grants(&Reserve { visitor, ..ask(name, 1, 1) });
        desk.settle(&refused(name, 1));
    }
    assert_eq!(left(&desk, &who("refused")), (0, 10, desk.now.plus(HOUR_MS)));
}

#[test]
fn a_network_opens_so_many_sessions_a_day() {
    let mut desk = Desk::new();
    let mut open = |who: &Visitor, now| session::open(&mut desk.book, who, limits(), now).unwrap();
    for name in ["a", "b"] {
        assert!(matches!(open(&who(name), NOW), Opened::Counted(left) if left.remaining == 10));
    }
    let refused = Refused {
        kind: ProblemKind::VisitorLimit,
        limit: Some(Limit::NetworkSessions),
        resets_at: Some(NOW.day().end()),
    };
    assert_eq!(open(&who("c"), NOW), Opened::Refused(refused));
    assert!(matches!(open(&elsewhere("c"), NOW), Opened::Counted(_)));
    assert!(matches!(open(&who("c"), NOW.day().end()), Opened::Counted(_)));
    let problems = count::problem(ProblemKind::VisitorLimit);
    assert_eq!(desk.book.counters.get(&problems), Some(&1));
}

#[test]
fn a_refusal_names_the_limit_that_was_reached() {
    let limit = |desk: &mut Desk, ask: &Reserve| desk.refusal(ask).limit;
    let mut desk = Desk::new();
    assert_eq!(limit(&mut desk, &ask("hour", 11, 1)), Some(Limit::VisitorHour));
    let own = || Reserve { visitor: elsewhere("x"), ..ask("day", 3, 1) };
    desk.grants(&Reserve { visitor: elsewhere("x"), ..ask("first", 10, 10) });
    desk.now = desk.now.plus(HOUR_MS);
    assert_eq!(limit(&mut desk, &own()), Some(Limit::VisitorDay));
    for name in ["a", "b", "c", "d", "e"] {
        desk.grants(&Reserve { visitor: elsewhere("busy"), ..ask(name, 1, 0) });
    }
    let sixth = Reserve { visitor: elsewhere("busy"), ..ask("f", 1, 0) };
    assert_eq!(limit(&mut desk, &sixth), Some(Limit::Concurrent));
    let late = Reserve { visitor: elsewhere("late"), ..ask("late", 6, 6) };
    assert_eq!(limit(&mut desk, &late), Some(Limit::NetworkDay));
    desk.spend(desk.now.day(), 1_000);
    assert_eq!(limit(&mut desk, &ask("dear", 1, 1)), Some(Limit::SiteDay));
    desk.spend(desk.now.day(), 10_000);
    let open_budget = Budget { day_usd: Nano(u64::MAX), ..limits().budget };
    let dear = Limits { budget: open_budget, ..limits() };
    let answer = reserve(&mut desk.book, &ask("dearer", 1, 1), dear, 1, desk.now).unwrap();
    assert!(matches!(answer, Reserved::Refused(Refused { limit: Some(Limit::SiteMonth), .. })));
}

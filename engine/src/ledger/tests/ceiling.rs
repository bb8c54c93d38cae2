//! Amounts that no book holds.

use super::{
    super::{ceiling::MOST, memory::NotExact},
    *,
};

#[test]
fn an_absurd_price_is_booked_once_as_the_most_that_a_book_holds() {
    let most = MOST;
    assert_eq!(
        most.0, 9_007_199_254_740_991,
        "2^53 - 1: the largest that JavaScript holds exactly"
    );
    let mut desk = Desk::new();
    desk.book.exact = Some(most.0);
    desk.grants(&ask("a", 1, 10));
    desk.grants(&ask("b", 1, 10));
    for (name, charged) in [("a", u64::MAX), ("b", most.0 + 1)] {
        let absurd = Bill { unknown: Nano(charged), ..bill(name, charged, 1) };
        let settled = settle(&mut desk.book, &absurd, NOW).unwrap().unwrap();
        assert_eq!((settled.charged, settled.first), (most, true), "{name}");
        let again = settle(&mut desk.book, &absurd, NOW).unwrap().unwrap();
        assert_eq!((again.charged, again.first), (most, false), "{name}");
        let alerts = alert::of_bill(&mut desk.book, &absurd, &settled, NOW).unwrap();
        let told: Vec<&str> = alerts.iter().map(|alert| alert.name.as_str()).collect();
        let expected: &[&str] = if name == "a" { &["absurd-price"] } else { &[] };
        assert_eq!(told, expected, "once a day");
    }
    let sums = desk.book.day(NOW.day()).unwrap();
    assert_eq!((sums.reserved, sums.charged, sums.unknown), (Nano::ZERO, most, most));
    assert!(matches!(desk.reserve(&ask("c", 1, 1)), Reserved::Refused(_)), "the caps are used up");
}

#[test]
fn what_cannot_be_kept_exactly_is_an_error() {
    let mut desk = Desk::new();
    desk.book.exact = Some(500);
    let too_much = reserve(&mut desk.book, &ask("a", 1, 501), limits(), LEASE_MS, NOW);
    assert_eq!(too_much, Err(NotExact));
    desk.grants(&ask("b", 1, 1));
    assert_eq!(settle(&mut desk.book, &bill("b", 501, 1), NOW), Err(NotExact));
}

#[test]
fn only_what_is_above_the_most_is_absurd_and_each_amount_is_bounded() {
    assert!(!bill("a", MOST.0, 1).is_absurd());
    let absurd = Bill { unknown: Nano(u64::MAX), ..bill("a", MOST.0 + 1, 1) };
    assert!(absurd.is_absurd());
    let bounded = absurd.bounded();
    assert_eq!((bounded.charged, bounded.unknown), (MOST, MOST));
}

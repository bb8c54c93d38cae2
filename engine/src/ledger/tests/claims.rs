//! Challenge tokens, as specified.

use super::*;
use contract::problem::Limit;

const MINUTE_MS: u64 = 60_000;

fn claim(desk: &mut Desk, token: &str, network: &str) -> Claimed {
    claim_challenge(&mut desk.book, token, network, desk.now).unwrap()
}

/// Claims so many tokens, which all fail.
fn fail(desk: &mut Desk, tokens: u32, network: &str) {
    for token in 0..tokens {
        let token = format!("{network}-{}-{token}", desk.now.0);
        assert_eq!(claim(desk, &token, network), Claimed::Fresh, "{token}");
    }
}

fn waits_until(desk: &mut Desk, network: &str) -> Option<Timestamp> {
    match claim(desk, "one more", network) {
        Claimed::Refused(Refused { kind, limit, resets_at }) => {
            let told = (ProblemKind::VisitorLimit, Some(Limit::NetworkSessions));
            assert_eq!((kind, limit), told);
            resets_at
        }
        Claimed::Fresh | Claimed::Spent => None,
    }
}

#[test]
fn a_challenges_token_is_taken_once_while_its_verifier_would_take_it() {
    let mut desk = Desk::new();
    desk.now = NOW.day().end();
    desk.now.0 -= 1;
    assert_eq!(claim(&mut desk, "t", "home"), Claimed::Fresh);
    let first = desk.now;
    for minute in 0..=6 {
        desk.now = first.plus(minute * MINUTE_MS);
        prune(&mut desk.book, desk.now).unwrap();
        assert_eq!(claim(&mut desk, "t", "home"), Claimed::Spent, "also after midnight");
        assert_eq!(claim(&mut desk, "t", "elsewhere"), Claimed::Spent, "for everybody");
    }
}

#[test]
fn claims_are_forgotten_by_the_next_alarm_although_nobody_orders() {
    let mut desk = Desk::new();
    assert_eq!(next_alarm(&desk.book, NOW), Ok(None));
    fail(&mut desk, 50, "home");
    let alarm = next_alarm(&desk.book, NOW).unwrap().expect("an alarm");
    assert!((6 * MINUTE_MS..=12 * MINUTE_MS).contains(&alarm.since(NOW)), "{alarm}");
    prune(&mut desk.book, Timestamp(alarm.0 - 1)).unwrap();
    assert!(!desk.book.tallies.is_empty());
    prune(&mut desk.book, alarm).unwrap();
    assert!(desk.book.tallies.is_empty(), "{:?}", desk.book.tallies);
    assert_eq!(next_alarm(&desk.book, alarm), Ok(None));
}

#[test]
fn what_a_day_counted_is_forgotten_by_an_alarm_too() {
    let mut desk = Desk::new();
    open(&mut desk.book, &who("a"), limits(), NOW).unwrap();
    let alarm = next_alarm(&desk.book, NOW).unwrap().expect("an alarm");
    assert_eq!(alarm, NOW.day().end().plus(DAY_MS));
    prune(&mut desk.book, Timestamp(alarm.0 - 1)).unwrap();
    assert!(!desk.book.tallies.is_empty());
    prune(&mut desk.book, alarm).unwrap();
    assert!(desk.book.tallies.is_empty());
    // A lease ends earlier, and its alarm is not delayed.
    open(&mut desk.book, &who("a"), limits(), desk.now).unwrap();
    desk.grants(&ask("a", 1, 1));
    let now = desk.book.clock;
    assert_eq!(next_alarm(&desk.book, now), Ok(Some(now.plus(LEASE_MS))));
}

#[test]
fn a_network_whose_tokens_fail_waits_for_minutes_and_no_other_network_does() {
    let mut desk = Desk::new();
    fail(&mut desk, 99, "home");
    desk.now = NOW.plus(6 * MINUTE_MS);
    fail(&mut desk, 1, "home");
    let until = waits_until(&mut desk, "home").expect("a pause");
    assert!(until.since(desk.now) <= 6 * MINUTE_MS);
    assert_eq!(waits_until(&mut desk, "elsewhere"), None);
    desk.now = Timestamp(until.0 - 1);
    assert!(waits_until(&mut desk, "home").is_some());
    desk.now = until;
    fail(&mut desk, 99, "home");
    let now = desk.now;
    let until = waits_until(&mut desk, "home").expect("a pause");
    assert!((6 * MINUTE_MS..=12 * MINUTE_MS).contains(&until.since(now)));
    // A refused claim stores no token.
    let before = desk.book.tallies.len();
    waits_until(&mut desk, "home");
    assert_eq!(desk.book.tallies.len(), before);
}

#[test]
fn a_hundred_failed_tokens_of_one_slot_are_waited_for_until_that_slot_is_forgotten() {
    let mut desk = Desk::new();
    fail(&mut desk, 100, "home");
    let until = waits_until(&mut desk, "home").expect("a pause");
    desk.now = Timestamp(until.0 - 1);
    assert!(waits_until(&mut desk, "home").is_some());
    desk.now = until;
    assert_eq!(waits_until(&mut desk, "home"), None);
}

#[test]
fn tokens_that_pass_do_not_count_as_failed() {
    let mut desk = Desk::new();
    for visitor in 0..500 {
        assert_eq!(claim(&mut desk, &format!("t{visitor}"), "school"), Claimed::Fresh);
        challenge_passed(&mut desk.book, "school", desk.now).unwrap();
    }
    fail(&mut desk, 99, "school");
    assert_eq!(waits_until(&mut desk, "school"), None);
}

#[test]
fn a_network_without_sessions_left_may_pass_a_challenge_for_a_session_that_it_has() {
    let mut desk = Desk::new();
    for name in ["a", "b"] {
        open(&mut desk.book, &who(name), limits(), NOW).unwrap();
    }
    assert_eq!(claim(&mut desk, "t", "home"), Claimed::Fresh);
    let opened = open(&mut desk.book, &who("c"), limits(), NOW).unwrap();
    assert!(matches!(opened, Opened::Refused(_)), "no new session: {opened:?}");
}

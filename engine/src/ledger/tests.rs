//! The book's behaviour, test by test, as specified.

use super::{memory::Memory, *};
use crate::{
    candidates::{Candidate, Candidates},
    config::site::{self, Budget, Network},
};
use contract::{
    money::Nano,
    options::Quality,
    problem::ProblemKind,
    time::{DAY_MS, Day},
};

const NOW: Timestamp = Timestamp(1_795_343_999_000); // 2026-11-22T10:39:59Z
const LEASE_MS: u64 = 360_000;

fn limits() -> Limits {
    let budget = Budget {
        day_usd: Nano(1_000),
        month_usd: Nano(10_000),
        hour_percent: 100,
        spare_percent: 0,
    };
    let visitor = site::Visitor { per_hour: 10, per_day: 12, concurrent: 5, refusals_per_hour: 3 };
    Limits {
        budget,
        visitor,
        network: Network {
            per_day: 20,
            sessions_per_day: 2,
            share_percent: 100,
            refusals_per_day: 1_000_000,
            rate_limit: false,
        },
        least: Nano(1),
        challenged: false,
    }
}

fn ask(name: &str, pictures: u32, worst: u64) -> Reserve {
    Reserve {
        job: format!("job-{name}"),
        key: format!("key-{name}"),
        fingerprint: "print".to_owned(),
        fingerprint_0_1: None,
        visitor: who("visitor"),
        pictures,
        candidates: at(worst / u64::from(pictures)),
        size: "1024x1024".parse().unwrap(),
        quality: Quality::Low,
        inputs: 0,
    }
}

/// Candidates with one model at this price for a picture.
pub(super) fn at(each: u64) -> Candidates {
    let candidate = model("mini", each);
    Candidates { living: vec![candidate.clone()], last_resort: candidate }
}

fn model(name: &str, each: u64) -> Candidate {
    Candidate { model: name.to_owned(), worst_each: Nano(each) }
}

/// A job of one picture whose model is gone.
fn gone(job: &str, gone: &str, candidates: &[(&str, u64)]) -> Raise {
    let candidates = candidates.iter().map(|(name, each)| model(name, *each)).collect();
    Raise { job: job.to_owned(), pictures: 1, inputs: 0, gone: gone.to_owned(), candidates }
}

/// The model that a raise was granted.
fn granted(raised: &Raised) -> Option<&str> {
    match raised {
        Raised::Granted { candidate, .. } => Some(&candidate.model),
        Raised::Refused | Raised::NoModel => None,
    }
}

fn who(subject: &str) -> Visitor {
    Visitor { subject: subject.to_owned(), network: "home".to_owned(), prefix: None }
}

fn bill(name: &str, charged: u64, pictures: u32) -> Bill {
    Bill {
        charged: Nano(charged),
        pictures: vec![1_500; pictures as usize],
        counted: pictures,
        ..Bill::nothing(format!("job-{name}"))
    }
}

/// The bill of a job whose description was refused.
fn refused(name: &str, pictures: u32) -> Bill {
    let failed = vec![(ProblemKind::PromptRefused, pictures)];
    Bill { failed, strike: true, ..bill(name, 0, 0) }
}

/// A book, and short ways to use it.
struct Desk {
    book: Memory,
    now: Timestamp,
}

impl Desk {
    fn new() -> Self {
        Self { book: Memory::default(), now: NOW }
    }

    fn reserve(&mut self, ask: &Reserve) -> Reserved {
        reserve(&mut self.book, ask, limits(), LEASE_MS, self.now).unwrap()
    }

    #[track_caller]
    fn grants(&mut self, ask: &Reserve) {
        let answer = self.reserve(ask);
        assert!(matches!(answer, Reserved::Granted { .. }), "{answer:?}");
    }

    #[track_caller]
    fn refuses(&mut self, ask: &Reserve, kind: ProblemKind, resets_at: Option<&str>) {
        let resets_at = resets_at.map(|text| text.parse().unwrap());
        let refused = self.refusal(ask);
        assert_eq!((refused.kind, refused.resets_at), (kind, resets_at));
    }

    #[track_caller]
    fn refusal(&mut self, ask: &Reserve) -> Refused {
        match self.reserve(ask) {
            Reserved::Refused(refused) => refused,
            other => panic!("{other:?}"),
        }
    }

    fn settle(&mut self, bill: &Bill) -> Nano {
        settle(&mut self.book, bill, self.now).unwrap().expect("a reservation").charged
    }

    fn today(&self) -> DayBook {
        self.book.day(self.now.day()).unwrap()
    }

    /// Books a charge on a day.
    fn spend(&mut self, day: Day, charged: u64) {
        self.book.put_day(day, &DayBook { charged: Nano(charged), ..DayBook::default() }).unwrap();
    }
}

#[test]
fn a_cap_can_be_met_and_not_passed() {
    let mut desk = Desk::new();
    desk.spend(NOW.day(), 990);
    desk.refuses(&ask("a", 1, 11), ProblemKind::BudgetSpent, Some("2026-11-23T00:00:00Z"));
    desk.grants(&ask("a", 1, 10));
    desk.refuses(&ask("b", 1, 1), ProblemKind::Busy, None);
    desk.settle(&bill("a", 10, 1));
    desk.refuses(&ask("b", 1, 1), ProblemKind::BudgetSpent, Some("2026-11-23T00:00:00Z"));
    desk.grants(&ask("c", 1, 0));
}

#[test]
fn a_month_has_its_own_cap_and_the_next_one_begins_at_zero() {
    let mut desk = Desk::new();
    for date in 1..=20 {
        desk.spend(Day::from_civil(2026, 11, date).unwrap(), 500);
    }
    desk.spend(Day::from_civil(2026, 10, 31).unwrap(), 900);
    desk.refuses(&ask("a", 1, 1), ProblemKind::BudgetSpent, Some("2026-12-01T00:00:00Z"));
    desk.now = "2026-12-01T00:00:00Z".parse().unwrap();
    desk.grants(&ask("a", 1, 1000));
}

#[test]
fn numbers_that_do_not_fit_are_above_every_cap() {
    let mut desk = Desk::new();
    desk.spend(NOW.day(), u64::MAX);
    desk.refuses(&ask("a", 1, 1), ProblemKind::BudgetSpent, Some("2026-12-01T00:00:00Z"));
}

#[test]
fn a_visitor_has_an_hour_a_day_and_jobs_at_once() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 8, 1));
    desk.now = NOW.plus(1_000);
    desk.grants(&ask("b", 2, 1));
    desk.refuses(&ask("c", 1, 1), ProblemKind::VisitorLimit, Some("2026-11-22T11:39:59Z"));
    let left = allowance(&desk.book, &who("visitor"), limits(), desk.now).unwrap();
    assert_eq!((left.remaining, left.limit, left.resets_at), (0, 10, NOW.plus(HOUR_MS)));
    desk.now = NOW.plus(HOUR_MS - 1);
    desk.refuses(&ask("c", 1, 1), ProblemKind::VisitorLimit, Some("2026-11-22T11:39:59Z"));
    desk.now = NOW.plus(HOUR_MS);
    desk.refuses(&ask("c", 3, 1), ProblemKind::VisitorLimit, Some("2026-11-23T00:00:00Z"));
    let left = allowance(&desk.book, &who("visitor"), limits(), desk.now).unwrap();
    assert_eq!((left.remaining, left.limit, left.resets_at), (2, 12, NOW.day().end()));
    desk.grants(&ask("c", 2, 1));
    desk.now = NOW.day().end();
    for name in ["d", "e"] {
        desk.grants(&ask(name, 1, 1));
    }
    desk.refuses(&ask("f", 1, 1), ProblemKind::VisitorLimit, None);
    desk.settle(&bill("a", 1, 8));
    desk.grants(&ask("f", 1, 1));
}

#[test]
fn another_visitor_has_their_own() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 10, 1));
    desk.grants(&Reserve { visitor: who("another"), ..ask("b", 10, 1) });
}

#[test]
fn what_came_to_nothing_is_not_counted() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 10, 1));
    desk.settle(&bill("a", 0, 0));
    desk.grants(&ask("b", 10, 1));
}

#[test]
fn a_known_key_meets_no_other_check() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 1, 1000));
    let again = Reserve { job: "job-x".to_owned(), ..ask("a", 1, 1000) };
    for closed in [false, true] {
        let Reserved::Known { job, same: true, lease_ends, .. } = desk.reserve(&again) else {
            panic!("is known")
        };
        assert_eq!((job.as_str(), lease_ends), ("job-a", NOW.plus(LEASE_MS)));
        if !closed {
            desk.settle(&bill("a", 1, 1));
        }
    }
    let other = Reserve { fingerprint: "other".to_owned(), ..again };
    assert!(matches!(desk.reserve(&other), Reserved::Known { same: false, .. }));
}

#[test]
fn a_refusal_stores_no_key() {
    let mut desk = Desk::new();
    desk.refuses(&ask("a", 1, 1001), ProblemKind::InvalidRequest, None);
    desk.grants(&ask("a", 1, 1000));
}

#[test]
fn a_key_is_kept_for_24_hours_and_its_sums_for_ever() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 1, 10));
    desk.grants(&ask("b", 1, 10));
    desk.settle(&bill("a", 7, 1));
    prune(&mut desk.book, NOW.plus(DAY_MS)).unwrap();
    assert!(desk.book.by_key("key-a").unwrap().is_some());
    prune(&mut desk.book, NOW.plus(DAY_MS + 1)).unwrap();
    assert!(desk.book.by_key("key-a").unwrap().is_none());
    assert!(desk.book.by_key("key-b").unwrap().is_some(), "what is open is never forgotten");
    assert_eq!(desk.today().charged, Nano(7));
    assert_eq!(settle(&mut desk.book, &bill("a", 7, 1), NOW).unwrap(), None);
}

#[test]
fn money_goes_from_reserved_to_charged_and_refunded_once() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 2, 100));
    assert_eq!(desk.today(), DayBook { reserved: Nano(100), ..DayBook::default() });
    let first = Bill { unknown: Nano(50), ..bill("a", 60, 2) };
    let booked = DayBook {
        reserved: Nano::ZERO,
        charged: Nano(60),
        refunded: Nano(40),
        unknown: Nano(50),
        pictures: 2,
        refusals: 0,
    };
    assert_eq!(desk.settle(&Bill { model: "openai/b".to_owned(), ..first.clone() }), Nano(60));
    assert_eq!(desk.book.by_job("job-a").unwrap().unwrap().model, "openai/b");
    for later in [first.clone(), bill("a", 0, 0), bill("a", 99, 2), first] {
        assert_eq!(desk.settle(&later), Nano(60));
        assert_eq!(desk.today(), booked);
    }
}

#[test]
fn what_upstream_charged_is_booked_in_full_also_above_the_reservation() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 1, 100));
    assert_eq!(desk.settle(&bill("a", 1_500, 1)), Nano(1_500));
    assert_eq!((desk.today().charged, desk.today().refunded), (Nano(1_500), Nano::ZERO));
    desk.refuses(&ask("b", 1, 1), ProblemKind::BudgetSpent, Some("2026-11-23T00:00:00Z"));
}

#[test]
fn the_books_time_never_runs_backwards() {
    let mut desk = Desk::new();
    desk.now = NOW.plus(DAY_MS);
    desk.grants(&ask("a", 10, 1000));
    desk.settle(&bill("a", 1000, 10));
    desk.now = NOW;
    desk.refuses(
        &Reserve { visitor: who("another"), ..ask("b", 1, 1) },
        ProblemKind::BudgetSpent,
        Some("2026-11-24T00:00:00Z"),
    );
    assert_eq!(
        allowance(&desk.book, &who("visitor"), limits(), NOW).unwrap().resets_at,
        NOW.plus(DAY_MS).day().end(),
        "its own hour resets before the day's cap does"
    );
    settle(&mut desk.book, &bill("a", 1, 1), Timestamp(0)).unwrap();
    assert_eq!(desk.book.clock, NOW.plus(DAY_MS));
}

#[test]
fn a_lease_that_ended_is_asked_after_until_it_is_closed() {
    let mut desk = Desk::new();
    assert_eq!(next_lapse(&desk.book, NOW), Ok(None));
    desk.grants(&ask("a", 1, 1));
    desk.now = NOW.plus(10);
    desk.grants(&ask("b", 1, 1));
    let ends = NOW.plus(LEASE_MS);
    assert_eq!(next_lapse(&desk.book, desk.now), Ok(Some(ends)));
    assert_eq!(lapsed(&mut desk.book, Timestamp(ends.0 - 1)), Ok(vec![]));
    assert_eq!(lapsed(&mut desk.book, ends), Ok(vec!["job-a".to_owned()]));
    assert_eq!(next_lapse(&desk.book, ends), Ok(Some(ends.plus(10))), "b is not put off by a");
    assert_eq!(
        lapsed(&mut desk.book, ends.plus(10)),
        Ok(vec!["job-a".to_owned(), "job-b".to_owned()])
    );
    assert_eq!(
        next_lapse(&desk.book, ends.plus(10)),
        Ok(Some(ends.plus(60_010))),
        "no answer: again in a minute"
    );
    desk.settle(&bill("a", 0, 0));
    desk.settle(&bill("b", 0, 0));
    assert_eq!(lapsed(&mut desk.book, ends.plus(99)), Ok(vec![]));
    assert_eq!(next_lapse(&desk.book, ends), Ok(None));
}

#[test]
fn months_have_ends() {
    for (day, start, end) in [
        ("2026-12-31", "2026-12-01", "2027-01-01"),
        ("2028-02-29", "2028-02-01", "2028-03-01"),
        ("2026-01-01", "2026-01-01", "2026-02-01"),
    ] {
        let (first, next) = super::reserve::month(day.parse().unwrap());
        assert_eq!((first.to_string(), next.to_string()), (start.to_owned(), end.to_owned()));
    }
}

#[test]
fn a_closed_site_grants_nothing_new_and_keeps_its_word() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 1, 1));
    desk.book.set_closed(true).unwrap();
    desk.refuses(&ask("b", 1, 1), ProblemKind::SiteClosed, None);
    assert!(matches!(desk.reserve(&ask("a", 1, 1)), Reserved::Known { .. }));
    assert_eq!(desk.settle(&bill("a", 1, 1)), Nano(1));
    desk.book.set_closed(false).unwrap();
    desk.grants(&ask("b", 1, 1));
}

pub(super) use sums::broken_sums;

mod before_upload;
mod breaker;
mod ceiling;
mod claims;
mod forbidden;
mod learned;
mod models;
mod operator;
mod properties;
mod refusals;
mod shares;
mod sums;
mod visitors;

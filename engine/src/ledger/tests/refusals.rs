//! Refusals of a network, as specified.

use super::*;
use contract::{problem::Limit, time::DAY_MS};

const MINUTE_MS: u64 = 60_000;
/// The day's bound in most of these tests.
const BOUND: u32 = 4;

/// A book of a site with these limits, and visitors of the network "home".
struct Network {
    book: Memory,
    limits: Limits,
    now: Timestamp,
    jobs: u32,
}

/// How a job ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Refused,
    Made,
}

impl Network {
    /// `challenged`: the site has a challenge. No other limit is near.
    fn new(challenged: bool) -> Self {
        let many = 1_000_000;
        let visitor = site::Visitor { per_hour: many, per_day: many, ..limits().visitor };
        let network = site::Network { per_day: many, refusals_per_day: BOUND, ..limits().network };
        let budget = Budget { day_usd: Nano(1 << 40), month_usd: Nano(1 << 40), ..limits().budget };
        let limits = Limits { budget, visitor, network, least: Nano(1), challenged };
        Self { book: Memory::default(), limits, now: NOW, jobs: 0 }
    }

    fn ask(&mut self, subject: &str, pictures: u32) -> Result<String, Refused> {
        self.jobs += 1;
        let name = self.jobs.to_string();
        let ask = Reserve { visitor: who(subject), ..ask(&name, pictures, u64::from(pictures)) };
        match reserve(&mut self.book, &ask, self.limits, LEASE_MS, self.now).unwrap() {
            Reserved::Granted { .. } => Ok(name),
            Reserved::Refused(refused) => Err(refused),
            other => panic!("{other:?}"),
        }
    }

    fn end(&mut self, name: &str, pictures: u32, end: End) {
        let bill = match end {
            End::Refused => refused(name, pictures),
            End::Made => bill(name, u64::from(pictures), pictures),
        };
        settle(&mut self.book, &bill, self.now).unwrap();
    }

    /// An order and its end at once.
    #[track_caller]
    fn orders(&mut self, subject: &str, pictures: u32, end: End) {
        let name = self.ask(subject, pictures).unwrap();
        self.end(&name, pictures, end);
    }

    #[track_caller]
    fn is_paused(&mut self, subject: &str, until: Option<Timestamp>) {
        let kind = ProblemKind::VisitorLimit;
        let refused = Refused { kind, limit: Some(Limit::Refusals), resets_at: until };
        assert_eq!(self.ask(subject, 1), Err(refused));
    }

    #[track_caller]
    fn is_challenged(&mut self, subject: &str) {
        let kind = ProblemKind::ChallengeFailed;
        assert_eq!(self.ask(subject, 1), Err(Refused { kind, limit: None, resets_at: None }));
    }
}

#[test]
fn a_network_counts_refused_pictures_whoever_asks_and_pauses_at_its_bound() {
    let mut home = Network::new(false);
    home.orders("a", 3, End::Refused);
    home.orders("b", 4, End::Made);
    home.now = NOW.plus(MINUTE_MS);
    home.orders("b", 1, End::Refused);
    let ends = home.now.plus(HOUR_MS);
    home.is_paused("c", Some(ends));
    let allowance = allowance(&home.book, &who("c"), home.limits, home.now).unwrap();
    assert_eq!((allowance.remaining, allowance.resets_at), (0, ends));
    let elsewhere = Visitor { network: "elsewhere".to_owned(), ..who("c") };
    let other = Reserve { visitor: elsewhere, ..ask("other", 1, 1) };
    let answer = reserve(&mut home.book, &other, home.limits, LEASE_MS, home.now).unwrap();
    assert!(matches!(answer, Reserved::Granted { .. }), "another network has its own bound");
    home.now = Timestamp(ends.0 - 1);
    home.is_paused("c", Some(ends));
    home.now = ends;
    home.orders("c", 1, End::Made);
}

#[test]
fn after_the_pause_a_network_runs_one_job_at_a_time_and_the_next_refusal_pauses_it_for_longer() {
    let mut home = Network::new(false);
    home.orders("a", BOUND, End::Refused);
    home.now = NOW.plus(HOUR_MS);
    let trial = home.ask("b", 1).unwrap();
    // When the trial job ends is not known.
    home.is_paused("c", None);
    home.end(&trial, 1, End::Made);
    let next = home.ask("c", 1).unwrap();
    home.is_paused("b", None);
    home.now = home.now.plus(1_000);
    home.end(&next, 1, End::Refused);
    home.is_paused("b", Some(home.now.plus(2 * HOUR_MS)));
    home.now = home.now.plus(2 * HOUR_MS);
    home.ask("b", 1).unwrap();
    // A trial job that sends no bill stops the others until its lease is over.
    home.now = home.now.plus(LEASE_MS - 1);
    home.is_paused("c", None);
    home.now = home.now.plus(1);
    home.ask("c", 1).unwrap();
}

#[test]
fn a_refusal_of_a_job_that_was_in_flight_pauses_the_network_during_its_trial_job_too() {
    let mut home = Network::new(false);
    let late = home.ask("late", 1).unwrap();
    home.orders("a", BOUND, End::Refused);
    home.now = NOW.plus(HOUR_MS);
    let trial = home.ask("b", 1).unwrap();
    home.end(&late, 1, End::Refused);
    home.end(&trial, 1, End::Made);
    home.is_paused("b", Some(NOW.plus(2 * HOUR_MS)));
}

#[test]
fn a_day_without_end_of_refused_descriptions_sends_the_bound_what_was_in_flight_and_four_trial_jobs()
 {
    let mut home = Network::new(false);
    home.limits.network.refusals_per_day = 20;
    let start = NOW.day().end();
    let (mut refused, mut first_hour, mut in_flight) = (0, 0, Vec::<String>::new());
    for minute in 0..24 * 60 {
        home.now = start.plus(minute * MINUTE_MS);
        for name in std::mem::take(&mut in_flight) {
            home.end(&name, 4, End::Refused);
            refused += 4;
        }
        // Ten new sessions a minute, each with an order of four pictures.
        for session in 0..10 {
            in_flight.extend(home.ask(&format!("{minute}-{session}"), 4));
        }
        if minute == 59 {
            first_hour = refused;
        }
    }
    // The first ten jobs were in flight when the bound was reached.
    // Trial jobs one, three, seven and fifteen hours later.
    assert_eq!((first_hour, refused), (40, 40 + 4 * 4));
}

#[test]
fn a_school_with_two_visitors_who_are_refused_now_and_then_is_served() {
    let mut school = Network::new(false);
    school.limits.network.refusals_per_day = 20;
    for round in 0..6 {
        school.now = NOW.plus(round * 20 * MINUTE_MS);
        let names: Vec<_> =
            (0..30).map(|pupil| school.ask(&format!("pupil-{pupil}"), 1).unwrap()).collect();
        for (pupil, name) in names.iter().enumerate() {
            let refused = pupil < 2 && round % 2 == 0;
            school.end(name, 1, if refused { End::Refused } else { End::Made });
        }
    }
    let refused = school.book.days.values().map(|day| day.refusals).sum::<u32>();
    assert_eq!((refused, school.jobs), (6, 180));
}

#[test]
fn a_network_at_its_bound_is_challenged_and_who_passes_may_order_for_an_hour() {
    let mut home = Network::new(true);
    home.orders("a", BOUND, End::Refused);
    home.is_challenged("b");
    let allowance = allowance(&home.book, &who("b"), home.limits, home.now).unwrap();
    assert!(allowance.remaining > 0, "the challenge is the way to a picture");
    refusals::lift_bound(&mut home.book, &who("b"), home.now).unwrap();
    home.orders("b", 1, End::Made);
    home.orders("b", 1, End::Made);
    home.is_challenged("c");
    home.now = NOW.plus(HOUR_MS - 1);
    home.orders("b", 1, End::Made);
    home.now = NOW.plus(HOUR_MS);
    home.is_challenged("b");
    // The next day begins anew.
    home.now = NOW.day().end();
    home.orders("b", 1, End::Made);
}

#[test]
fn a_session_that_was_opened_at_the_bound_has_passed_a_challenge_and_one_from_before_has_not() {
    let mut home = Network::new(true);
    let limits = site::Network { sessions_per_day: 9, ..home.limits.network };
    home.limits.network = limits;
    session::open(&mut home.book, &who("before"), home.limits, home.now).unwrap();
    home.orders("a", BOUND, End::Refused);
    session::open(&mut home.book, &who("after"), home.limits, home.now).unwrap();
    home.is_challenged("before");
    home.orders("after", 1, End::Made);
}

#[test]
fn who_passed_a_challenge_is_still_paused_by_own_refusals_and_counts_for_the_network() {
    let mut home = Network::new(true);
    home.limits.network.refusals_per_day = 6;
    home.orders("a", 4, End::Refused);
    home.orders("z", 2, End::Refused);
    refusals::lift_bound(&mut home.book, &who("a"), home.now).unwrap();
    home.orders("a", 1, End::Refused);
    home.orders("a", 1, End::Refused);
    home.is_paused("a", Some(NOW.plus(HOUR_MS)));
    // Whoever buys passed challenges by the hundred gets the same bound once more, and then the pause.
    for subject in ["b", "c"] {
        refusals::lift_bound(&mut home.book, &who(subject), home.now).unwrap();
        home.orders(subject, 2, End::Refused);
    }
    refusals::lift_bound(&mut home.book, &who("d"), home.now).unwrap();
    home.is_paused("d", Some(NOW.plus(HOUR_MS)));
}

#[test]
fn a_pause_ends_with_the_day_and_a_job_counts_for_the_day_on_which_it_was_granted() {
    let mut home = Network::new(false);
    let midnight = NOW.day().end();
    home.now = Timestamp(midnight.0 - MINUTE_MS);
    let late = home.ask("late", BOUND).unwrap();
    home.orders("a", BOUND, End::Refused);
    home.is_paused("b", Some(midnight));
    home.now = midnight;
    home.end(&late, BOUND, End::Refused);
    home.orders("b", 1, End::Made);
}

#[test]
fn a_bill_that_comes_twice_counts_once_and_other_failures_do_not_count() {
    let mut home = Network::new(false);
    let name = home.ask("a", BOUND - 1).unwrap();
    home.end(&name, BOUND - 1, End::Refused);
    home.end(&name, BOUND - 1, End::Refused);
    let name = home.ask("b", 4).unwrap();
    let failed = vec![(ProblemKind::GatewayFailed, 4)];
    settle(&mut home.book, &Bill { failed, faults: 4, ..bill(&name, 4, 0) }, NOW).unwrap();
    home.orders("c", 1, End::Made);
}

#[test]
fn a_400_that_names_no_reason_counts_as_a_refused_description() {
    let mut home = Network::new(false);
    let name = home.ask("a", 4).unwrap();
    // Three pictures met such a 400, one a fault.
    let failed = vec![(ProblemKind::GatewayFailed, 4)];
    let mixed = Bill { failed, faults: 1, strike: true, ..bill(&name, 1, 0) };
    settle(&mut home.book, &mixed, NOW).unwrap();
    home.orders("b", 1, End::Refused);
    home.is_paused("c", Some(NOW.plus(HOUR_MS)));
}

#[test]
fn an_order_that_is_refused_all_the_same_is_not_worth_a_challenge() {
    let mut home = Network::new(true);
    home.orders("a", BOUND - 1, End::Refused);
    home.orders("a", 1, End::Made);
    home.orders("a", 1, End::Refused);
    home.limits.budget.day_usd = Nano(1);
    assert_eq!(home.ask("b", 1).unwrap_err().kind, ProblemKind::BudgetSpent);
}

#[test]
fn what_is_known_of_refusals_is_forgotten_after_a_day() {
    let mut home = Network::new(false);
    home.orders("a", BOUND, End::Refused);
    refusals::lift_bound(&mut home.book, &who("b"), home.now).unwrap();
    home.now = NOW.plus(HOUR_MS);
    home.orders("b", 1, End::Made);
    assert_eq!(home.book.moments.len(), 3);
    prune(&mut home.book, home.now.plus(DAY_MS)).unwrap();
    assert_eq!(home.book.moments.len(), 1, "the newest is of exactly a day ago");
    prune(&mut home.book, home.now.plus(2 * DAY_MS)).unwrap();
    assert!(home.book.moments.is_empty() && home.book.tallies.is_empty());
}

#[test]
fn refusals_are_summed() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 2, 2));
    desk.settle(&refused("a", 2));
    assert_eq!((desk.today().refusals, desk.today().refunded), (2, Nano(2)));
}

#[test]
fn a_trial_job_holds_up_its_own_network_alone() {
    let mut home = Network::new(false);
    for subject in ["h1", "h2", "h3", "h4"] {
        home.orders(subject, 1, End::Refused);
    }
    let elsewhere = |subject| Visitor { network: "elsewhere".to_owned(), ..who(subject) };
    for name in ["e1", "e2", "e3", "e4"] {
        let ask = Reserve { visitor: elsewhere(name), ..ask(name, 1, 1) };
        reserve(&mut home.book, &ask, home.limits, LEASE_MS, home.now).unwrap();
        settle(&mut home.book, &refused(name, 1), home.now).unwrap();
    }
    home.now = NOW.plus(HOUR_MS);
    home.ask("a", 1).expect("the trial job of home");
    home.is_paused("a", None);
    let ask = Reserve { visitor: elsewhere("e5"), ..ask("e5", 1, 1) };
    let answer = reserve(&mut home.book, &ask, home.limits, LEASE_MS, home.now).unwrap();
    assert!(matches!(answer, Reserved::Granted { .. }), "the other network's own: {answer:?}");
}

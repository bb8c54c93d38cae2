//! A model check of the ledger: every order of events in a small world, and what must hold after each.
//!
//! Owns an exhaustive search over the real [`reserve()`], [`settle()`] and [`lapsed`]: three visitors with two keys each;
//! requests are repeated, creates are lost or late, jobs crash after every step, bills are sent twice or never, leases
//! end. It runs with the caps of day and month alone, and with shares, pace and a spared part. The search also runs over
//! a naive ledger, which checks, waits and then writes; it must find that one broken.

use super::{memory::Memory, *};
use crate::config::site::{self, Budget, Network};
use contract::{money::Nano, options::Quality};
use std::collections::HashSet;

const NOW: Timestamp = Timestamp(1_795_343_999_000);
const LEASE_MS: u64 = 360_000;
/// The worst case of each job.
const WORST: u64 = 2;
/// The price of a job that goes well.
const PRICE: u64 = 1;
/// The cap: three and a half worst cases.
const CAP: u64 = 7;
const KEYS: usize = 6;

/// What a search allows.
#[derive(Debug, Clone, Copy)]
struct Rules {
    /// The most that a network may hold and spend.
    network: u64,
    /// The most that the networks of the /48 may hold and spend.
    prefix: u64,
    /// The most that is granted within the hour, which is longer than a lease.
    hour: u64,
    /// The most that is held where a network that has had something is granted more, and the most within the hour.
    shared: u64,
    shared_hour: u64,
    limits: Limits,
}

impl Rules {
    fn new(percents: [u8; 3], sums: [u64; 5]) -> Self {
        let [share_percent, hour_percent, spare] = percents;
        let [network, prefix, hour, shared, shared_hour] = sums;
        let open = limits();
        let limits = Limits {
            budget: Budget { hour_percent, spare_percent: spare, ..open.budget },
            network: Network { share_percent, ..open.network },
            ..open
        };
        Self { network, prefix, hour, shared, shared_hour, limits }
    }

    /// The caps of day and month alone.
    fn open() -> Self {
        Self::new([100, 100, 0], [CAP; 5])
    }
}

/// The state of a job, outside of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Job {
    /// Not granted, or granted and its create has not arrived.
    Unknown,
    Queued,
    Running,
    /// Over, with the amount that its bill charges.
    Over(u64),
}

#[derive(Debug, Clone)]
struct World {
    rules: Rules,
    book: Memory,
    jobs: [Job; KEYS],
    /// The number of requests that went upstream for each key.
    calls: [u8; KEYS],
    /// Whether every lease has ended.
    late: bool,
    /// Keys for which the naive ledger has checked the cap and not written yet.
    checked: [bool; KEYS],
}

fn limits() -> Limits {
    let budget =
        Budget { day_usd: Nano(CAP), month_usd: Nano(100), hour_percent: 100, spare_percent: 0 };
    let visitor =
        site::Visitor { per_hour: 99, per_day: 99, concurrent: 99, refusals_per_hour: 99 };
    Limits {
        budget,
        visitor,
        network: Network {
            per_day: 99,
            sessions_per_day: 99,
            share_percent: 100,
            refusals_per_day: 1_000_000,
            rate_limit: false,
        },
        least: Nano(2),
        challenged: false,
    }
}

fn ask(key: usize) -> Reserve {
    Reserve {
        job: format!("job-{key}"),
        key: format!("key-{key}"),
        fingerprint: String::new(),
        fingerprint_0_1: None,
        visitor: Visitor {
            subject: format!("visitor-{}", key / 2),
            network: network(key),
            prefix: is_in_prefix(key).then(|| "prefix".to_owned()),
        },
        pictures: 1,
        candidates: tests::at(WORST),
        size: "1024x1024".parse().unwrap(),
        quality: Quality::Low,
        inputs: 0,
    }
}

/// Each visitor has a network.
fn network(key: usize) -> String {
    format!("network-{}", key / 2)
}

/// The networks of all visitors but the last one are of one /48.
const fn is_in_prefix(key: usize) -> bool {
    key / 2 < IN_PREFIX
}

const IN_PREFIX: usize = KEYS / 2 - 1;

fn bill(key: usize, charged: u64) -> Bill {
    let pictures = if charged > 0 { vec![1] } else { vec![] };
    Bill {
        charged: Nano(charged),
        counted: u32::from(charged > 0),
        pictures,
        ..Bill::nothing(format!("job-{key}"))
    }
}

impl World {
    fn new(rules: Rules) -> Self {
        let (jobs, calls, checked) = ([Job::Unknown; KEYS], [0; KEYS], [false; KEYS]);
        Self { rules, book: Memory::default(), jobs, calls, late: false, checked }
    }

    fn now(&self) -> Timestamp {
        if self.late { NOW.plus(LEASE_MS) } else { NOW }
    }

    fn is_granted(&self, key: usize) -> bool {
        self.book.reservations.contains_key(&format!("job-{key}"))
    }

    fn held(&self) -> u64 {
        self.book.day(NOW.day()).unwrap().held().all().unwrap().0
    }

    /// What the reservations of a network hold and spend, and how many of its orders did not come to nothing.
    fn held_by(&self, network: &str) -> (u64, usize) {
        let own = self.book.reservations.values().filter(|r| r.visitor.network == network);
        let amounts = own.map(|r| r.closed.map_or(r.worst.0, |closed| closed.charged.0));
        amounts.filter(|&amount| amount > 0).fold((0, 0), |(sum, n), more| (sum + more, n + 1))
    }

    /// The same of all networks of the /48.
    fn held_by_prefix(&self) -> (u64, usize) {
        let networks = (0..IN_PREFIX).map(|visitor| self.held_by(&network(2 * visitor)));
        networks.fold((0, 0), |(sum, n), (more, orders)| (sum + more, n + orders))
    }

    /// Whether the rules allow one more job of this key, by the sums of all reservations.
    fn allows(&self, key: usize) -> bool {
        let rules = self.rules;
        let (own, orders) = self.held_by(&network(key));
        let (around, near) = if is_in_prefix(key) { self.held_by_prefix() } else { (0, 0) };
        let all = self.held() + WORST;
        let shared = if orders + near == 0 { CAP } else { rules.shared.min(rules.shared_hour) };
        let fits = own + WORST <= rules.network && around + WORST <= rules.prefix;
        fits && all <= rules.hour.min(CAP) && all <= shared
    }

    /// Everything that can happen next to one key, each as the world after it.
    fn next(&self, key: usize, naive: bool) -> Vec<Self> {
        let mut worlds = Vec::new();
        let mut then = |change: &dyn Fn(&mut Self)| {
            let mut world = self.clone();
            change(&mut world);
            worlds.push(world);
        };
        // A visitor asks, for the first time or again. The answer may be lost.
        if naive {
            if !self.is_granted(key) && !self.checked[key] && self.held() + WORST <= CAP {
                then(&|world| world.checked[key] = true);
            }
            if self.checked[key] {
                then(&|world| world.write_without_asking(key));
            }
        } else {
            then(&|world| world.reserve(key));
        }
        let granted = self.is_granted(key);
        match self.jobs[key] {
            // The create arrives, once, late or never.
            Job::Unknown if granted => {
                then(&|world| {
                    world.jobs[key] = if world.late { Job::Over(0) } else { Job::Queued }
                });
            }
            Job::Unknown => {}
            Job::Queued => {
                if !self.late {
                    then(&|world| {
                        world.jobs[key] = Job::Running;
                        world.calls[key] += 1;
                    });
                }
                then(&|world| world.jobs[key] = Job::Over(0));
            }
            // The job ends well, or with an unknown outcome.
            Job::Running => [PRICE, WORST]
                .iter()
                .for_each(|&charged| then(&|world| world.jobs[key] = Job::Over(charged))),
            // The bill arrives, for the first time or again.
            Job::Over(charged) if granted => then(&|world| world.settle(key, charged)),
            Job::Over(_) => {}
        }
        if self.late && granted {
            then(&|world| world.close(key));
        }
        worlds
    }

    fn reserve(&mut self, key: usize) {
        let (before, now) = (self.held(), self.now());
        let allowed = self.allows(key);
        match reserve(&mut self.book, &ask(key), self.rules.limits, LEASE_MS, now).unwrap() {
            Reserved::Granted { .. } => {
                assert_eq!(self.held(), before + WORST);
                assert!(allowed, "granted what the rules refuse");
            }
            Reserved::Known { job, same, .. } => {
                assert_eq!((job, same), (format!("job-{key}"), true));
            }
            Reserved::Refused(_) => assert!(!allowed, "refused what the rules allow"),
            Reserved::Probe(_) => unreachable!("nothing here is upstream's fault"),
        }
    }

    /// The write of the naive ledger, which checked before other keys wrote.
    fn write_without_asking(&mut self, key: usize) {
        self.checked[key] = false;
        let open = Limits {
            budget: Budget {
                day_usd: Nano(1_000),
                month_usd: Nano(1_000),
                hour_percent: 100,
                spare_percent: 0,
            },
            ..limits()
        };
        let now = self.now();
        reserve(&mut self.book, &ask(key), open, LEASE_MS, now).unwrap();
    }

    fn settle(&mut self, key: usize, charged: u64) {
        let now = self.now();
        settle(&mut self.book, &bill(key, charged), now).unwrap();
    }

    /// The lease has ended. The Job closes and answers in one step.
    fn close(&mut self, key: usize) {
        let now = self.now();
        if !lapsed(&mut self.book, now).unwrap().contains(&format!("job-{key}")) {
            return;
        }
        let charged = match self.jobs[key] {
            Job::Unknown | Job::Queued => 0,
            Job::Running => WORST,
            Job::Over(charged) => charged,
        };
        self.jobs[key] = Job::Over(charged);
        self.settle(key, charged);
    }

    /// The invariants. Returns the text of the one that is broken.
    fn broken(&self) -> Option<&'static str> {
        let day = self.book.day(NOW.day()).unwrap();
        let sum = |open: bool| -> u64 {
            let amounts = self.book.reservations.values().filter(|r| r.closed.is_none() == open);
            amounts.map(|r| r.closed.map_or(r.worst.0, |closed| closed.charged.0)).sum()
        };
        let billed: u64 = self.calls.iter().map(|&calls| u64::from(calls) * PRICE).sum();
        let started = |key: usize| self.calls[key] > 0;
        let share = |key: usize| self.held_by(&network(key)).0;
        if self.held() > CAP {
            Some("more is held than the cap")
        } else if self.held() > self.rules.hour || self.held_by_prefix().0 > self.rules.prefix {
            Some("more is held than an hour's pace or a /48's share")
        } else if (0..KEYS).any(|key| share(key) > self.rules.network) {
            Some("a network holds more than its share")
        } else if let Some(what) = tests::broken_sums(&self.book) {
            Some(what)
        } else if (day.reserved.0, day.charged.0) != (sum(true), sum(false)) {
            Some("the sums are not those of the rows")
        } else if self.held() < billed {
            Some("upstream has billed more than is held")
        } else if self.calls.iter().any(|&calls| calls > 1) {
            Some("a key made two calls")
        } else if (0..KEYS).any(|key| started(key) && !self.is_granted(key)) {
            Some("a job started without a grant")
        } else {
            None
        }
    }
}

/// The part of a world that belongs to one key: the job, its calls, the naive ledger's check, and the reservation.
type Mark = (Job, u8, bool, Option<(Timestamp, Option<Closed>)>);

/// Two worlds with the same signature need only one visit. The visitors of the /48 are interchangeable, where no share
/// counts all visitors are, and so are the two keys of a visitor.
fn signature(world: &World) -> (bool, Vec<DayBook>, Vec<Vec<Mark>>) {
    let mark = |key: usize| {
        let reservation = world.book.reservations.get(&format!("job-{key}"));
        (
            world.jobs[key],
            world.calls[key],
            world.checked[key],
            reservation.map(|r| (r.at, r.closed)),
        )
    };
    let mut visitors: Vec<Vec<Mark>> =
        (0..KEYS / 2).map(|visitor| vec![mark(2 * visitor), mark(2 * visitor + 1)]).collect();
    for keys in &mut visitors {
        keys.sort_unstable();
    }
    let is_open = world.rules.prefix >= CAP && world.rules.shared >= CAP;
    let alike = if is_open { visitors.len() } else { IN_PREFIX };
    visitors[..alike].sort_unstable();
    (world.late, world.book.days.values().copied().collect(), visitors)
}

/// Visits every reachable world; the first broken one ends the search.
fn search(rules: Rules, naive: bool) -> Result<usize, (&'static str, Box<World>)> {
    let mut seen = HashSet::from([signature(&World::new(rules))]);
    let mut left = vec![World::new(rules)];
    while let Some(world) = left.pop() {
        if let Some(what) = world.broken() {
            return Err((what, Box::new(world)));
        }
        let mut next: Vec<_> = (0..KEYS).flat_map(|key| world.next(key, naive)).collect();
        if !world.late {
            next.push(World { late: true, ..world });
        }
        left.extend(next.into_iter().filter(|world| seen.insert(signature(world))));
    }
    Ok(seen.len())
}

#[test]
fn nothing_that_can_happen_breaks_the_book() {
    let worlds = search(Rules::open(), false);
    let worlds = worlds.unwrap_or_else(|(what, world)| panic!("{what}: {world:#?}"));
    assert!(worlds > 10_000, "only {worlds} worlds were seen");
}

#[test]
fn nothing_that_can_happen_takes_the_site_from_the_others() {
    // Of a cap of 7: a network has room for one job or two, an hour for three, and the last one is for a fresh network.
    for (rules, least) in [
        (Rules::new([58, 86, 29], [4, 8, 6, 4, 4]), 2_000),
        (Rules::new([30, 100, 0], [2, 4, 7, 7, 7]), 500),
        // A share below one worst case allows one.
        (Rules::new([1, 1, 0], [2, 2, 2, 7, 7]), 50),
    ] {
        let worlds = search(rules, false);
        let worlds = worlds.unwrap_or_else(|(what, world)| panic!("{what}: {world:#?}"));
        assert!(worlds > least, "only {worlds} worlds were seen");
    }
}

#[test]
fn a_ledger_that_checks_waits_and_writes_is_caught() {
    let (what, _) = search(Rules::open(), true).expect_err("a race");
    assert_eq!(what, "more is held than the cap");
}

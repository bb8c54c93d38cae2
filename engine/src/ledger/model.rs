//! A model check of the ledger: every order of events in a small world, and what must hold after each.
//!
//! Owns an exhaustive search over the real [`reserve()`], [`settle()`] and [`lapsed`]: three visitors with two keys each;
//! requests are repeated, creates are lost or late, jobs crash after every step, bills are sent twice or never, leases
//! end. The search also runs over a naive ledger, which checks, waits and then writes; it must find that one broken.

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
        challenged: false,
    }
}

fn ask(key: usize) -> Reserve {
    Reserve {
        job: format!("job-{key}"),
        key: format!("key-{key}"),
        fingerprint: String::new(),
        fingerprint_0_1: None,
        visitor: Visitor { subject: format!("visitor-{}", key / 2), network: String::new() },
        pictures: 1,
        candidates: tests::at(WORST),
        size: "1024x1024".parse().unwrap(),
        quality: Quality::Low,
    }
}

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
    fn new() -> Self {
        let (jobs, calls, checked) = ([Job::Unknown; KEYS], [0; KEYS], [false; KEYS]);
        Self { book: Memory::default(), jobs, calls, late: false, checked }
    }

    fn now(&self) -> Timestamp {
        if self.late { NOW.plus(LEASE_MS) } else { NOW }
    }

    fn is_granted(&self, key: usize) -> bool {
        self.book.reservations.contains_key(&format!("job-{key}"))
    }

    fn held(&self) -> u64 {
        self.book.day(NOW.day()).unwrap().held().unwrap().0
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
        match reserve(&mut self.book, &ask(key), limits(), LEASE_MS, now).unwrap() {
            Reserved::Granted { .. } => assert_eq!(self.held(), before + WORST),
            Reserved::Known { job, same, .. } => {
                assert_eq!((job, same), (format!("job-{key}"), true));
            }
            Reserved::Refused(_) => assert!(before + WORST > CAP, "refused what the cap allows"),
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
        if self.held() > CAP {
            Some("more is held than the cap")
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

/// Two worlds with the same signature need only one visit. Visitors are interchangeable, and so are the two keys of a
/// visitor.
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
    visitors.sort_unstable();
    (world.late, world.book.days.values().copied().collect(), visitors)
}

/// Visits every reachable world; the first broken one ends the search.
fn search(naive: bool) -> Result<usize, (&'static str, Box<World>)> {
    let mut seen = HashSet::from([signature(&World::new())]);
    let mut left = vec![World::new()];
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
    let worlds = search(false).unwrap_or_else(|(what, world)| panic!("{what}: {world:#?}"));
    assert!(worlds > 10_000, "only {worlds} worlds were seen");
}

#[test]
fn a_ledger_that_checks_waits_and_writes_is_caught() {
    let (what, _) = search(true).expect_err("a race");
    assert_eq!(what, "more is held than the cap");
}

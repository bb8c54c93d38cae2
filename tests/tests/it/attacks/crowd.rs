//! The attacker, and the honest visitors who order meanwhile.
//!
//! Owns their addresses, the pace of the honest, and who was refused. Must not know an attack.

use anyhow::{Context, Result, ensure};
use contract::{
    job::{Job, JobState},
    money::Nano,
    problem::{Limit, Problem, ProblemKind},
};
use reqwest::Client;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::Duration,
};
use tests::{
    challenge::challenge_token,
    money::settled,
    studio::Studio,
    visitor::{Asked, Visitor, client},
};
use tokio::time::{Instant, sleep, sleep_until};

/// The cap of a day: the honest below need a tenth of it.
pub(super) const DAY: Nano = Nano(2_500_000_000);
/// The share of it that a network has by default.
pub(super) const SHARE: u64 = DAY.0 / 4;
/// Honest visitors, each of a network of its own.
const HONEST: u8 = 100;
/// One in so many honest visitors has a neighbour in the attacker's network, who orders too.
const NEIGHBOURS: u8 = 5;
/// From one honest visitor to the next.
const PACE: Duration = Duration::from_millis(150);
/// From one order of an attacker's worker to the next.
const BREATH: Duration = Duration::from_millis(100);
/// The attacker's address.
pub(super) const ATTACKER: &str = "203.0.113.9";

/// A site that is attacked.
pub(super) struct Siege<'run> {
    pub(super) studio: &'run Studio,
    pub(super) http: Client,
    /// Whether visitors have to pass the sandbox's challenge.
    challenge: bool,
    working: AtomicBool,
    sessions: AtomicUsize,
    /// The address of the attacker's session of that number.
    address: fn(usize) -> String,
}

/// What became of those who did nothing wrong.
#[derive(Debug, Default)]
pub(super) struct Honest {
    /// Visitors of other networks.
    pub(super) others: Served,
    /// Visitors of the attacker's network.
    pub(super) neighbours: Served,
}

/// What became of one group.
#[derive(Debug, Default)]
pub(super) struct Served {
    asked: u32,
    /// Problems of requests that were refused, and of jobs that failed.
    pub(super) problems: Vec<Problem>,
    charged: Nano,
    slowest: Duration,
}

impl Served {
    fn add(&mut self, came: Asked<Job>, took: Duration) -> Result<()> {
        self.asked += 1;
        match came {
            Ok(Job { state: JobState::Succeeded, cost, .. }) => {
                let charged = cost.and_then(|cost| cost.charged_usd).context("no price")?;
                self.charged = self.charged.checked_add(charged).context("too much")?;
                self.slowest = self.slowest.max(took);
            }
            Ok(job) => self.problems.push(job.problem.context("no problem")?),
            Err(problem) => self.problems.push(problem),
        }
        Ok(())
    }

    /// How many were refused, and as what.
    pub(super) fn told(&self) -> String {
        let mut kinds = BTreeMap::<String, u32>::new();
        for problem in &self.problems {
            let limit = problem.limit.map(|limit| format!(" ({limit})")).unwrap_or_default();
            *kinds.entry(format!("{}{limit}", problem.kind)).or_default() += 1;
        }
        let kinds: Vec<_> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        let kinds =
            if kinds.is_empty() { String::new() } else { format!(": {}", kinds.join(", ")) };
        format!("{} of {} refused{kinds}", self.problems.len(), self.asked)
    }
}

impl Honest {
    /// The figures of both groups.
    pub(super) fn told(&self) -> String {
        let ms = self.others.slowest.as_millis();
        let (others, neighbours) = (self.others.told(), self.neighbours.told());
        format!("{others} (slowest {ms} ms); of the attacker's own network {neighbours}")
    }
}

/// Lets an attack run while the honest order. One of the honest was there before, as on any site that is used.
pub(super) async fn during<T>(
    siege: &Siege<'_>,
    attack: impl Future<Output = Result<T>>,
) -> Result<(T, Honest)> {
    let mut honest = Honest::default();
    honest.others.add(siege.served(&address(0)).await?, Duration::ZERO)?;
    let crowd = async {
        let began = Instant::now();
        let visits = (1..HONEST).map(async |number| {
            sleep_until(began + PACE * u32::from(number)).await;
            let arrived = Instant::now();
            let came = siege.served(&address(number)).await?;
            let took = arrived.elapsed();
            let neighbour = match number % NEIGHBOURS {
                0 => Some(siege.served(ATTACKER).await?),
                _ => None,
            };
            anyhow::Ok((came, took, neighbour))
        });
        let visits = futures_util::future::try_join_all(visits).await?;
        siege.stop();
        Ok(visits)
    };
    let (told, visits) = tokio::try_join!(attack, crowd)?;
    for (came, took, neighbour) in visits {
        honest.others.add(came, took)?;
        if let Some(came) = neighbour {
            honest.neighbours.add(came, Duration::ZERO)?;
        }
    }
    Ok((told, honest))
}

/// The address of an honest visitor.
fn address(number: u8) -> String {
    format!("198.51.100.{number}")
}

impl<'run> Siege<'run> {
    /// An attacker with one IPv4 address.
    pub(super) fn of(studio: &'run Studio) -> Result<Self> {
        let (working, sessions) = (AtomicBool::new(true), AtomicUsize::new(0));
        let (http, address) = (client()?, |_| ATTACKER.to_owned());
        Ok(Self { studio, http, challenge: false, working, sessions, address })
    }

    /// An attacker who sends each session from the next address.
    pub(super) fn from(self, address: fn(usize) -> String) -> Self {
        Self { address, ..self }
    }

    /// The site has a challenge, which the honest pass.
    pub(super) fn challenged(self) -> Self {
        Self { challenge: true, ..self }
    }

    /// Ends the attack: its workers finish what they do.
    pub(super) fn stop(&self) {
        self.working.store(false, Ordering::Relaxed);
    }

    /// Whether the attack goes on.
    pub(super) fn is_on(&self) -> bool {
        self.working.load(Ordering::Relaxed)
    }

    /// Orders as the attacker: each worker sends these orders in turn, in a new session whenever one is refused. With
    /// `waits` it waits for the end of each job. The jobs that were granted.
    pub(super) async fn orders(
        &self,
        at_once: u8,
        waits: bool,
        orders: &[Value],
    ) -> Result<Vec<String>> {
        let workers = (0..at_once).map(async |_| {
            let mut granted = Vec::new();
            while self.is_on() {
                let number = self.sessions.fetch_add(1, Ordering::Relaxed);
                let visitor = self.open(&(self.address)(number)).await?;
                sleep(BREATH).await;
                let Ok(visitor) = visitor else { continue };
                let mut turns = orders.iter().cycle();
                let mut refused = 0;
                while self.is_on() && refused < orders.len() {
                    let order = turns.next().context("no order")?;
                    match visitor.try_create(order).await? {
                        Ok(job) if waits => {
                            visitor.watch(&job.id).await?;
                            granted.push(job.id);
                        }
                        Ok(job) => granted.push(job.id),
                        Err(_) => refused += 1,
                    }
                    sleep(BREATH).await;
                }
            }
            anyhow::Ok(granted)
        });
        Ok(futures_util::future::try_join_all(workers).await?.concat())
    }

    /// What was charged to the attacker's network: all but what the honest of other networks were charged. The day ends
    /// with nothing reserved.
    pub(super) async fn taken(&self, honest: &Honest) -> Result<Nano> {
        let day = settled(self.studio, "demo", Duration::from_secs(30)).await?;
        ensure!(day.reserved_usd == Nano::ZERO, "a reservation stays open: {day:?}");
        day.charged_usd.checked_sub(honest.others.charged).context("less than the honest were told")
    }

    async fn open(&self, address: &str) -> Result<Asked<Visitor>> {
        let token = self.challenge.then(|| self.studio.sandbox.challenge_token(challenge_token()));
        Visitor::open_from(self.studio.edge.url(), address, token.as_deref(), self.http.clone())
            .await
    }

    /// One honest visitor: a session, an order, its end.
    async fn served(&self, address: &str) -> Result<Asked<Job>> {
        let visitor = match self.open(address).await? {
            Ok(visitor) => visitor,
            Err(problem) => return Ok(Err(problem)),
        };
        match visitor.try_create(&json!({ "prompt": "a lighthouse" })).await? {
            Ok(job) => Ok(Ok(visitor.watch(&job.id).await?.pop().context("no state")?)),
            Err(problem) => Ok(Err(problem)),
        }
    }
}

/// Whether a visitor was told to come back when the day is over, for want of money.
pub(super) fn is_for_tomorrow(problem: &Problem) -> bool {
    problem.kind == ProblemKind::BudgetSpent || problem.limit == Some(Limit::NetworkMoney)
}

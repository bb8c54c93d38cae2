//! Whether a gateway answers as the sandbox does: which requests are sent, what they may cost, and where an answer
//! differs.
//!
//! Owns the order of the requests, the sum that is spent, the comparison and the fixture. What is expected is the
//! sandbox's own answer to the same request, so that the contract is described once. Must not send anything: whoever
//! drives a [`Probe`] sends its requests to both, and hands over both answers. The key is held for one purpose, to
//! remove it from what is kept.

mod cost;
mod difference;
mod plan;
mod reading;
mod step;
#[cfg(test)]
mod tests;

pub use step::Step;

use anyhow::{Context, Result, bail, ensure};
use contract::{money::Nano, time::Day};
use engine::{
    config::Config,
    gateway::dialect::{Dialect, VERCEL},
};
use reading::{Reading, Scrubber};
use serde_json::{Map, Value, json};

/// How many differences of one answer are printed; the fixture has all of them.
const SHOWN: usize = 8;

/// A response as it was received.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Names and values, in any case.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

/// What is to be done next.
#[derive(Debug)]
pub enum Turn<'a> {
    /// Send this request, and report by [`Probe::answered`].
    Send(&'a Step),
    /// Print this line: a request is left out.
    Say(Line),
    /// Nothing more.
    Over,
}

/// A line to print: its label and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// One or two words.
    pub label: &'static str,
    /// The rest.
    pub text: String,
}

/// One comparison of a gateway with the sandbox.
pub struct Probe {
    steps: Vec<Step>,
    at: usize,
    /// The sum that must not be passed.
    most: Nano,
    spent: Nano,
    scrubber: Scrubber,
    /// The models that a list of models must have.
    listed: Vec<String>,
    facts: Map<String, Value>,
    outcomes: Vec<Value>,
    same: usize,
    differing: usize,
    skipped: usize,
}

impl Probe {
    /// For the gateway of a configuration, with the models that are alive on that day, for at most that sum.
    pub fn new(config: &Config, today: Day, most: Nano, key: &str) -> Result<Self> {
        let scrubber = Scrubber::new(key).context(
            "the gateway's key has less than 12 characters, or other ones than a key has: it could not be found \
             again in what is kept",
        )?;
        let dialect = config.gateway.dialect;
        let living = config.models.iter().filter(|model| !model.is_over(today));
        let listed: Vec<String> = living.map(|model| dialect.model(&model.id).to_owned()).collect();
        let facts = json!({
            "about": "What a gateway answered, beside what the sandbox answers. The key is removed, pictures are \
                      replaced by their facts, and the digits of the account's credits by zeroes.",
            "date": today.to_string(),
            "easel": contract::VERSION,
            "provider": if is_vercel(dialect) { "vercel" } else { "openai" },
            "gateway": config.gateway.base_url,
        });
        Ok(Self {
            steps: plan::steps(config, today)?,
            at: 0,
            most,
            spent: Nano::ZERO,
            scrubber,
            listed,
            facts: facts.as_object().cloned().unwrap_or_default(),
            outcomes: Vec::new(),
            same: 0,
            differing: 0,
            skipped: 0,
        })
    }

    /// The next request, if its worst case fits under what is left of the sum.
    pub fn turn(&mut self) -> Turn<'_> {
        let Some(step) = self.steps.get(self.at) else { return Turn::Over };
        let left = self.most.checked_sub(self.spent).unwrap_or_default();
        if step.worst == Nano::ZERO || step.worst <= left {
            return Turn::Send(step);
        }
        let why = format!("it may cost {} USD, and {left} USD are left", step.worst);
        let text = format!("{}: {why}", step.name);
        self.outcomes.push(json!({
            "name": step.name, "outcome": "skipped", "why": why, "worst_usd": step.worst,
            "request": step.described(&self.scrubber),
        }));
        self.skipped = self.skipped.saturating_add(1);
        self.at = self.at.saturating_add(1);
        Turn::Say(Line { label: "skipped", text })
    }

    /// Compares the gateway's answer to the current request with the sandbox's. Without an answer the request counts as
    /// spent at its worst.
    pub fn answered(&mut self, sandbox: &Answer, gateway: Option<&Answer>) -> Vec<Line> {
        let Some(step) = self.steps.get(self.at) else { return Vec::new() };
        self.at = self.at.saturating_add(1);
        let expected = Reading::of(sandbox, &self.scrubber);
        let seen = gateway.map(|answer| Reading::of(answer, &self.scrubber));
        let cost = cost::of(step, gateway, seen.as_ref());
        self.spent = self.spent.checked_add(cost).unwrap_or(Nano(u64::MAX));
        let mut differences = match &seen {
            None => {
                vec!["no whole answer came, so that it counts as spent at its worst".to_owned()]
            }
            Some(seen) => difference::all(&expected, seen, &self.listed),
        };
        if cost > step.worst {
            differences.push(format!(
                "it cost {cost} USD, and its worst case by the configuration is {} USD",
                step.worst
            ));
        }
        let is_same = differences.is_empty();
        self.outcomes.push(json!({
            "name": step.name, "outcome": if is_same { "same" } else { "differs" },
            "differences": differences, "worst_usd": step.worst, "counted_usd": cost,
            "request": step.described(&self.scrubber),
            "answer": seen.as_ref().map(Reading::kept),
            "sandbox": (!is_same).then(|| expected.kept()),
        }));
        let paid = if cost == Nano::ZERO { String::new() } else { format!("; {cost} USD") };
        if is_same {
            self.same = self.same.saturating_add(1);
            let status = seen.map_or(0, |seen| seen.status);
            let text = format!("{} ({status}{paid})", step.name);
            return vec![Line { label: "same", text }];
        }
        self.differing = self.differing.saturating_add(1);
        let hidden = differences.len().saturating_sub(SHOWN);
        let mut shown: Vec<String> = differences.into_iter().take(SHOWN).collect();
        if hidden > 0 {
            shown.push(format!("and {hidden} more, which the fixture has"));
        }
        let first = Line { label: "differs", text: format!("{}{paid}", step.name) };
        let rest = shown.into_iter().map(|text| Line { label: "", text: format!("- {text}") });
        std::iter::once(first).chain(rest).collect()
    }

    /// The last lines.
    pub fn summary(&self) -> Vec<Line> {
        let Self { same, differing, skipped, spent, most, .. } = self;
        let text = format!("{same} the same, {differing} different, {skipped} skipped");
        let spent = format!("{spent} USD of {most} USD, as far as the answers say");
        vec![Line { label: "answers", text }, Line { label: "spent", text: spent }]
    }

    /// Why the command fails; nothing if every answer that came was the same.
    pub fn failure(&self) -> Option<String> {
        (self.differing > 0).then(|| {
            format!(
                "{} answers differ from the sandbox's: either this gateway is at fault, or the sandbox must learn \
                 what it does",
                self.differing
            )
        })
    }

    /// The sum that counts as spent.
    pub fn spent(&self) -> Nano {
        self.spent
    }

    /// What is kept, as JSON. It fails rather than hold the key.
    pub fn fixture(&self) -> Result<String> {
        let mut whole = self.facts.clone();
        whole.insert("most_usd".to_owned(), json!(self.most));
        whole.insert("spent_usd".to_owned(), json!(self.spent));
        whole.insert("steps".to_owned(), Value::Array(self.outcomes.clone()));
        let text = serde_json::to_string_pretty(&whole)?;
        ensure!(
            !self.scrubber.finds(&text),
            "the fixture would hold the key, so that it is not written"
        );
        Ok(text + "\n")
    }
}

/// Reads the sum of `--max-usd`.
pub fn dollars(text: &str) -> Result<Nano, String> {
    text.parse().map_err(|_| format!("`{text}` is no sum in dollars, such as 0.20"))
}

/// The name of a day's fixture, the first or a later one.
pub fn file_name(today: Day, number: u32) -> String {
    match number {
        0 | 1 => format!("{today}-gateway.json"),
        _ => format!("{today}-gateway-{number}.json"),
    }
}

/// Where the sandbox has the API of this gateway: the beginning of its paths.
pub fn sandbox_base(dialect: &Dialect) -> &'static str {
    if is_vercel(dialect) { "/v1" } else { "/openai/v1" }
}

fn is_vercel(dialect: &Dialect) -> bool {
    *dialect == VERCEL
}

/// Fails without a configured model that is alive.
fn no_model<T>() -> Result<T> {
    bail!("no configured model is alive and has a price, so that nothing can be ordered")
}

//! Random sequences of calls on a book, for the property tests here and for the real Ledger in its runtime.
//!
//! Owns what may happen to a book, and the JSON of its answers. Must not know which answers are right: each test
//! compares.

use super::{
    Bill, Book, Booked, Limits, MayOrder, Overrun, Raise, Reserve, Visitor, allowance,
    claim_challenge, learned, may_order, open, raise, reserve, settle,
};
use crate::candidates::{Candidate, Candidates};
use contract::{
    money::Nano,
    options::{Quality, Size},
    problem::ProblemKind,
    time::Timestamp,
};
use proptest::prelude::*;
use serde::Serialize;
use serde_json::Value;

/// One call on a book.
#[derive(Debug, Clone)]
pub enum Case {
    /// A visitor asks for a reservation, for the first time or again.
    Reserve(Reserve),
    /// A job's model is gone.
    Raise(Raise),

    /// A job sends its bill, for the first time or again.
    Settle(Bill),
    /// A session is opened.
    Open(Visitor),
    /// A challenge's token is claimed.
    Claim(String, String),
    /// Asks before an upload.
    MayOrder(MayOrder),
    /// Reads a visitor's allowance.
    Allowance(Visitor),
    /// The operator opens or closes the site.
    Switch(bool),
    /// The operator resets what was learned.
    Forget,
}

/// Up to sixty calls with few keys and few visitors, so that the calls affect each other.
pub fn cases() -> impl Strategy<Value = Vec<Case>> {
    prop::collection::vec(case(), 1..60)
}

fn case() -> impl Strategy<Value = Case> {
    let name = 0..8u8;
    // The first network is an IPv4 address, the others are of one /48.
    let visitor = (0..3u8, 0..3u8).prop_map(|(subject, network)| Visitor {
        subject: format!("visitor-{subject}"),
        network: format!("network-{network}"),
        prefix: (network > 0).then(|| "prefix".to_owned()),
    });
    let size = Just(Size { width: 1024, height: 1024 });
    let quality = prop::sample::select(Quality::ALL);
    let job = (name.clone(), 0..2u32);
    let ask = (job, visitor.clone(), 1..5u32, candidates(), size, quality, 0..3u8);
    prop_oneof![
        8 => ask.prop_map(|((name, inputs), visitor, pictures, living, size, quality, print)| {
            let print = ["same", "other", "old"].get(usize::from(print)).copied();
            let first = Candidate { model: "a".to_owned(), worst_each: Nano(1) };
            Case::Reserve(Reserve {
                job: format!("job-{name}"),
                key: format!("key-{name}"),
                fingerprint: print.unwrap_or_default().to_owned(),
                fingerprint_0_1: (print == Some("old")).then(|| "same".to_owned()),
                visitor,
                pictures,
                candidates: Candidates { living, last_resort: first },
                size,
                quality,
                inputs,
            })
        }),
        2 => (name.clone(), 0..2u32, 1..5u32, candidates()).prop_map(|(name, inputs, pictures, candidates)| {
            // The sandbox lists this model, so a Ledger that reads the list does not mark it as gone.
            let gone = "openai/gpt-image-1-mini".to_owned();
            Case::Raise(Raise { job: format!("job-{name}"), pictures, inputs, gone, candidates })
        }),
        6 => (name, 0..80u64, 0..4u32, any::<bool>(), overrun()).prop_map(|(name, charged, count, strike, overrun)| {
            Case::Settle(Bill {
                overrun,
                charged: Nano(charged),
                unknown: Nano(charged / 2),
                pictures: vec![1_500; count as usize],
                failed: vec![(ProblemKind::PromptRefused, u32::from(strike))],
                strike,
                counted: count,
                ..Bill::nothing(format!("job-{name}"))
            })
        }),
        1 => visitor.clone().prop_map(Case::Open),
        1 => (0..3u8, visitor.clone())
            .prop_map(|(token, who)| Case::Claim(format!("token-{token}"), who.network)),
        2 => (0..8u8, visitor.clone()).prop_map(|(name, visitor)| {
            Case::MayOrder(MayOrder { key: format!("key-{name}"), visitor })
        }),
        1 => visitor.prop_map(Case::Allowance),
        1 => any::<bool>().prop_map(Case::Switch),
        1 => Just(Case::Forget),
    ]
}

/// Now and then a picture that cost more than its configured worst case.
fn overrun() -> impl Strategy<Value = Option<Overrun>> {
    let overrun = (1..20u64, 0..90u64, 0..2u32).prop_map(|(configured, price, inputs)| Overrun {
        configured: Nano(configured),
        price: Nano(price),
        inputs,
    });
    prop::option::weighted(0.3, overrun)
}

fn model() -> impl Strategy<Value = String> + Clone {
    prop::sample::select(vec!["a", "b", "c"]).prop_map(str::to_owned)
}

/// Up to three models in any order. Their prices for one picture are high enough to reach a cap of 100 soon.
fn candidates() -> impl Strategy<Value = Vec<Candidate>> + Clone {
    let candidate =
        (model(), 0..30u64).prop_map(|(model, worst)| Candidate { model, worst_each: Nano(worst) });
    prop::collection::vec(candidate, 0..3)
}

impl Case {
    /// The call in the form of a call on the object: its name and its body.
    pub fn call(&self) -> (&'static str, Value) {
        match self {
            Self::Reserve(ask) => ("reserve", json(ask)),
            Self::Raise(ask) => ("raise", json(ask)),
            Self::Settle(bill) => ("settle", json(bill)),
            Self::Open(who) => ("open", json(who)),
            Self::Claim(token, network) => ("take", json(&(token, network))),
            Self::MayOrder(ask) => ("may-order", json(ask)),
            Self::Allowance(who) => ("allowance", json(who)),
            Self::Switch(open) => ("switch", json(open)),
            Self::Forget => ("forget", Value::Null),
        }
    }

    /// Runs the call on a book, and returns the answer in the form in which the object sends it.
    pub fn happen<B: Book>(
        &self,
        book: &mut B,
        limits: Limits,
        lease_ms: u64,
        now: Timestamp,
    ) -> Result<Value, B::Error> {
        Ok(match self {
            Self::Reserve(ask) => json(&reserve(book, ask, limits, lease_ms, now)?),
            Self::Raise(ask) => json(&raise(book, ask, limits, now)?),
            Self::Settle(bill) => match settle(book, bill, now)? {
                Some(settled) => json(&Booked {
                    charged: settled.charged,
                    allowance: allowance(book, &settled.visitor, limits, now)?,
                }),
                None => Value::Null,
            },
            Self::Open(who) => json(&open(book, who, limits, now)?),
            Self::Claim(token, network) => json(&claim_challenge(book, token, network, now)?),
            Self::MayOrder(ask) => json(&may_order(book, ask, limits, now)?),
            Self::Allowance(who) => json(&allowance(book, who, limits, now)?),
            Self::Switch(open) => {
                book.set_closed(!open)?;
                json(open)
            }
            Self::Forget => json(&learned::forget(book, now)?),
        })
    }
}

/// A value as a caller of the real object reads it.
fn json<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

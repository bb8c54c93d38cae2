//! The books: what was asked, what was charged, who left early.
//!
//! Owns the record of every call and the balance. Must not decide what a call costs or how it is answered.

mod call_recorder;

pub(crate) use call_recorder::CallRecorder;

use crate::{clock, fault::Fault, scripted_response::Header};
use contract::{money::Nano, time::Timestamp};
use hyper::{HeaderMap, Method, body::Bytes};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// A handle on the books of a sandbox. Clones read the same books.
#[derive(Debug, Clone)]
pub struct Books(Arc<Inner>);

/// One call, as far as it has come.
#[derive(Debug, Clone)]
pub struct Call {
    /// Counts from 0 in the order of arrival, over all calls.
    pub number: u64,
    /// When its head had arrived.
    pub at: Timestamp,
    /// Its method.
    pub method: Method,
    /// Its path and query.
    pub path: String,
    /// Every header as received, in order.
    pub headers: Vec<Header>,
    /// Its body as received; empty until it is read.
    pub body: Bytes,
    /// The fault that it met, most often as its prompt asked for.
    pub fault: Option<&'static Fault>,
    /// The answer's status; nothing until there is one.
    pub status: Option<u16>,
    /// What it cost.
    pub charged: Nano,
    /// The bytes of each picture in its answer. A fault that spoils the answer leaves none.
    pub pictures: Vec<Bytes>,
    /// How long it took until the sandbox had done its part.
    pub completed_after: Option<Duration>,
    /// How long it took until the client left, if it did before the answer was complete.
    pub closed_after: Option<Duration>,
}

#[derive(Debug)]
struct Inner {
    state: Mutex<BooksState>,
    changed: watch::Sender<()>,
}

#[derive(Debug)]
struct BooksState {
    calls: VecDeque<Call>,
    next: u64,
    asked: u64,
    remembered: usize,
    credits: Nano,
    charged: Nano,
}

impl Books {
    /// Every call that is remembered, in the order of arrival.
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.iter().cloned().collect()
    }

    /// How many calls there were, remembered or not.
    pub fn count(&self) -> u64 {
        self.state().next
    }

    /// How many calls asked for something to be done: all but those that only look.
    pub fn asked(&self) -> u64 {
        self.state().asked
    }

    /// What all calls together cost.
    pub fn charged(&self) -> Nano {
        self.state().charged
    }

    /// What is left of the credits.
    pub fn balance(&self) -> Nano {
        let state = self.state();
        state.credits.checked_sub(state.charged).unwrap_or(Nano::ZERO)
    }

    /// Waits until the remembered calls satisfy `enough`, and returns them.
    pub async fn until(&self, mut enough: impl FnMut(&[Call]) -> bool) -> Vec<Call> {
        let mut changed = self.0.changed.subscribe();
        loop {
            let calls = self.calls();
            if enough(&calls) {
                return calls;
            }
            // The sender lives in these books, so that the wait cannot fail.
            let _ = changed.changed().await;
        }
    }

    pub(crate) fn open(credits: Nano, remembered: usize) -> Self {
        let (calls, charged) = (VecDeque::new(), Nano::ZERO);
        let state = BooksState { calls, next: 0, asked: 0, remembered, credits, charged };
        Self(Arc::new(Inner { state: Mutex::new(state), changed: watch::Sender::new(()) }))
    }

    /// Enters a call whose head has arrived.
    pub(crate) fn enter(&self, method: &Method, path: String, headers: &HeaderMap) -> CallRecorder {
        let headers = headers
            .iter()
            .map(|(name, value)| {
                (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            })
            .collect();
        let mut state = self.state();
        let number = state.next;
        state.next += 1;
        state.asked += u64::from(method != Method::GET);
        state.calls.push_back(Call {
            number,
            at: clock::now(),
            method: method.clone(),
            path,
            headers,
            body: Bytes::new(),
            fault: None,
            status: None,
            charged: Nano::ZERO,
            pictures: Vec::new(),
            completed_after: None,
            closed_after: None,
        });
        if state.calls.len() > state.remembered {
            state.calls.pop_front();
        }
        drop(state);
        self.0.changed.send_replace(());
        CallRecorder::new(self.clone(), number)
    }

    fn state(&self) -> MutexGuard<'_, BooksState> {
        // Every change is one assignment: a panic elsewhere leaves nothing half-written.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Call {
    /// The body, if it is JSON.
    pub fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// A field of the body, if it is `a=b&c=d`; of two with one name the first.
    pub fn field(&self, name: &str) -> Option<String> {
        let mut fields = form_urlencoded::parse(&self.body);
        fields.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The first header of this name, which must be in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

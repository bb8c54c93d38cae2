//! The books: which calls arrived, what they were charged, and which clients left early.
//!
//! Owns the record of every call and the balance. Must not decide what a call costs or what its response is.

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

/// One call, as far as it has been handled.
#[derive(Debug, Clone)]
pub struct Call {
    /// Its number in the order of arrival, from 0; calls that are no longer remembered count too.
    pub number: u64,
    /// When the request's head had arrived.
    pub at: Timestamp,
    /// Its method.
    pub method: Method,
    /// Its path and query.
    pub path: String,
    /// Every header as received, in order.
    pub headers: Vec<Header>,
    /// Its body as received; empty until it has been read.
    pub body: Bytes,
    /// The fault that was applied to it, usually the one that its prompt names.
    pub fault: Option<&'static Fault>,
    /// The response's status; `None` until the response begins.
    pub status: Option<u16>,
    /// What it was charged.
    pub charged: Nano,
    /// The bytes of each picture in its response; empty if a fault damaged the pictures.
    pub pictures: Vec<Bytes>,
    /// The time from its arrival until the sandbox had sent everything, or had broken the connection on purpose.
    pub completed_after: Option<Duration>,
    /// The time from its arrival until the client disconnected, if it did so before the response was complete.
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
    /// Every remembered call, in the order of arrival.
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.iter().cloned().collect()
    }

    /// How many calls there were, remembered or not.
    pub fn count(&self) -> u64 {
        self.state().next
    }

    /// How many calls were not `GET`.
    pub fn asked(&self) -> u64 {
        self.state().asked
    }

    /// What all calls together were charged.
    pub fn charged(&self) -> Nano {
        self.state().charged
    }

    /// The credits less what was charged, and never below zero.
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
            // It fails only without a sender, and `self` holds one.
            let _ = changed.changed().await;
        }
    }

    pub(crate) fn open(credits: Nano, remembered: usize) -> Self {
        let (calls, charged) = (VecDeque::new(), Nano::ZERO);
        let state = BooksState { calls, next: 0, asked: 0, remembered, credits, charged };
        Self(Arc::new(Inner { state: Mutex::new(state), changed: watch::Sender::new(()) }))
    }

    /// Adds a call whose head has arrived, and returns its recorder.
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
        // A poisoned lock can be used: every change is one assignment, so that a panic leaves nothing half-written.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Call {
    /// The body, if it is JSON.
    pub fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// A field of a form-encoded body (`a=b&c=d`); the first of several with the same name.
    pub fn field(&self, name: &str) -> Option<String> {
        let mut fields = form_urlencoded::parse(&self.body);
        fields.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The first header of this name, which must be in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

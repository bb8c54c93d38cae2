//! The sandbox without a listener: what it answers to a request, as steps that somebody else carries out.
//!
//! Owns the translation between a call's plain data and this crate's types. Must not decide what the answer is.

use crate::{
    Header, Settings,
    body::Received,
    route, runtime,
    scripted_response::{BodyStep, ScriptedResponse},
    shared::Shared,
};
use contract::time::Timestamp;
use futures_util::FutureExt;
use hyper::{Request, body::Bytes};
use std::time::Duration;

/// A sandbox for people, on an origin where somebody else listens.
#[derive(Debug)]
pub struct Answers(Shared);

/// A response, and how it is sent.
#[derive(Debug)]
pub struct Answer {
    /// The status; of no account if the answer is raw.
    pub status: u16,
    /// The headers; none if the answer is raw.
    pub headers: Vec<Header>,
    /// How long to wait before anything is sent.
    pub delay: Duration,
    /// Whether the steps hold the head too, which is then wrong on purpose.
    pub raw: bool,
    /// The body.
    pub steps: Vec<Step>,
}

/// One step of sending a body.
#[derive(Debug)]
pub enum Step {
    /// Send these bytes this many times.
    Send(Bytes, u64),
    /// Send one byte a second.
    Trickle(Bytes),
    /// Send nothing for this long.
    Wait(Duration),
    /// Break the connection with a TCP reset.
    Reset,
}

impl Answers {
    /// Nothing has been called yet. `origin` is where the requests arrive: `http://127.0.0.1:PORT`.
    pub fn new(origin: String) -> Self {
        Self(Shared::new(Settings::for_people(0), origin))
    }

    /// The answer to one request that arrives now; `None` if its parts are no HTTP.
    pub fn answer(
        &self,
        now: Timestamp,
        method: &str,
        path: &str,
        headers: &[Header],
        body: Vec<u8>,
    ) -> Option<Answer> {
        runtime::state_time(now);
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let (head, ()) = request.body(()).ok()?.into_parts();
        let mut recorder = route::enter(&head, &self.0);
        let received = Received::Whole(body.into());
        // Nothing in wasm waits: a pause is only added up.
        let response = route::respond(&head, received, &recorder, &self.0).now_or_never()?;
        recorder.answered(response.status);
        recorder.complete();
        Some(Answer::of(response, runtime::owed()))
    }
}

impl Answer {
    fn of(response: ScriptedResponse, owed: Duration) -> Self {
        let header = |(name, value): &(hyper::header::HeaderName, hyper::header::HeaderValue)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        Self {
            status: response.status.as_u16(),
            headers: response.headers.iter().map(header).collect(),
            delay: response.delay + owed,
            raw: response.raw,
            steps: response.script.into_iter().map(Step::of).collect(),
        }
    }
}

impl Step {
    fn of(step: BodyStep) -> Self {
        match step {
            BodyStep::Send(bytes) => Self::Send(bytes, 1),
            BodyStep::Repeat(bytes, times) => Self::Send(bytes, times),
            BodyStep::Trickle(bytes) => Self::Trickle(bytes),
            BodyStep::Wait(time) => Self::Wait(time),
            BodyStep::Reset => Self::Reset,
        }
    }
}

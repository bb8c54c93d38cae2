//! The sandbox, for a program that listens itself.
//!
//! Owns the form of a response for it. Must not decide what the response is.

use contract::time::Timestamp;
use sandbox::{Answer, Answers, Step};
use serde_json::json;
use std::time::Duration;
use wasm_bindgen::prelude::wasm_bindgen;

/// The stand-in for the gateway.
#[wasm_bindgen]
pub struct StandIn(Answers);

/// A response: its head and its steps as JSON, and the bytes of each step.
#[wasm_bindgen]
pub struct Response(Answer);

#[wasm_bindgen]
impl StandIn {
    /// For requests that arrive at this origin.
    #[wasm_bindgen(constructor)]
    pub fn new(origin: String) -> Self {
        Self(Answers::new(origin))
    }

    /// The response to one request that arrives at `now`, in milliseconds since 1970. `headers` are names and values in
    /// turn. Nothing if it is no HTTP.
    pub fn respond(
        &self,
        now: f64,
        method: &str,
        path: &str,
        headers: Vec<String>,
        body: Vec<u8>,
    ) -> Option<Response> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cast from a float saturates, and JavaScript has no other number"
        )]
        let now = Timestamp(now as u64);
        let mut headers = headers.into_iter();
        let headers: Vec<_> =
            std::iter::from_fn(|| Some((headers.next()?, headers.next()?))).collect();
        self.0.answer(now, method, path, &headers, body).map(Response)
    }
}

#[wasm_bindgen]
impl Response {
    /// `{status, headers: [[name, value]], delay, raw, steps: [{send: times} | {trickle} | {wait} | {reset}]}`; times
    /// are in milliseconds.
    pub fn head(&self) -> String {
        let Answer { status, headers, delay, raw, steps } = &self.0;
        let step = |step: &Step| match step {
            Step::Send(_, times) => json!({ "send": times }),
            Step::Trickle(_) => json!({ "trickle": true }),
            Step::Wait(time) => json!({ "wait": milliseconds(*time) }),
            Step::Reset => json!({ "reset": true }),
        };
        let steps: Vec<_> = steps.iter().map(step).collect();
        let delay = milliseconds(*delay);
        json!({ "status": status, "headers": headers, "delay": delay, "raw": raw, "steps": steps })
            .to_string()
    }

    /// The bytes of a step; none if it has none.
    pub fn bytes(&self, step: usize) -> Vec<u8> {
        match self.0.steps.get(step) {
            Some(Step::Send(bytes, _) | Step::Trickle(bytes)) => bytes.to_vec(),
            _ => Vec::new(),
        }
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

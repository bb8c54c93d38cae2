//! A response as a script: which bytes are sent, when, and where the connection breaks.
//!
//! Owns the steps of a body and how they are combined. Must not know what a response means.

#[cfg(not(target_arch = "wasm32"))]
mod script_body;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use script_body::{DeliberateBreak, ScriptBody, write_past_hyper};

#[cfg(not(target_arch = "wasm32"))]
use crate::{books::CallRecorder, connection::ConnectionHandle};
#[cfg(not(target_arch = "wasm32"))]
use hyper::Response;
use hyper::{
    StatusCode,
    body::Bytes,
    header::{CONTENT_TYPE, HeaderName, HeaderValue},
};
use std::{collections::VecDeque, time::Duration};

/// A received header: its name in lower case, and its value with invalid UTF-8 replaced by U+FFFD.
pub type Header = (String, String);

/// A pause that outlasts every client's timeout: one year.
pub(crate) const FOREVER: Duration = Duration::from_hours(24 * 365);

/// A response before it is sent.
#[derive(Debug)]
pub(crate) struct ScriptedResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// How long to wait before the head is sent.
    pub(crate) delay: Duration,
    pub(crate) script: VecDeque<BodyStep>,
    /// Whether the script holds the head too and is written past hyper, which then writes nothing.
    pub(crate) raw: bool,
}

/// One step of sending a body. Unless a step is `Reset`, the body ends cleanly after the last one.
#[derive(Debug)]
pub(crate) enum BodyStep {
    /// Send these bytes.
    Send(Bytes),
    /// Send these bytes this many times.
    Repeat(Bytes, u64),
    /// Send one byte a second.
    Trickle(Bytes),
    /// Send nothing for this long.
    Wait(Duration),
    /// Break the connection with a TCP reset.
    Reset,
}

impl ScriptedResponse {
    /// A response without a body.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: Vec::new(),
            delay: Duration::ZERO,
            script: VecDeque::new(),
            raw: false,
        }
    }

    /// A response with this body and `Content-Type`.
    pub(crate) fn new(
        status: StatusCode,
        media_type: &'static str,
        body: impl Into<Bytes>,
    ) -> Self {
        let mut response = Self::empty(status);
        response.script.push_back(BodyStep::Send(body.into()));
        response.with_header(CONTENT_TYPE, HeaderValue::from_static(media_type))
    }

    /// A response whose body is this value as JSON.
    pub(crate) fn json(status: StatusCode, value: &impl serde::Serialize) -> Self {
        // Serialising fails only for maps whose keys are not strings, and no value in this crate has one.
        let body = serde_json::to_vec(value).unwrap_or_default();
        Self::new(status, "application/json", body)
    }

    /// This response with one more header.
    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// This response with these steps in place of its body.
    pub(crate) fn with_steps(self, steps: impl IntoIterator<Item = BodyStep>) -> Self {
        Self { script: steps.into_iter().collect(), ..self }
    }

    /// This response with its body's bytes changed, sent as one step.
    pub(crate) fn map_body(mut self, change: impl FnOnce(Bytes) -> Vec<u8>) -> Self {
        let body = self.take_body();
        let body = change(body);
        self.with_steps([BodyStep::Send(body.into())])
    }

    /// Takes the body's bytes out, for a fault that sends a part of them. Pauses are lost.
    pub(crate) fn take_body(&mut self) -> Bytes {
        let parts: Vec<Bytes> = self
            .script
            .drain(..)
            .filter_map(|step| match step {
                BodyStep::Send(bytes) => Some(bytes),
                BodyStep::Repeat(..)
                | BodyStep::Trickle(_)
                | BodyStep::Wait(_)
                | BodyStep::Reset => None,
            })
            .collect();
        match parts.as_slice() {
            [whole] => whole.clone(),
            parts => parts.concat().into(),
        }
    }

    /// Converts it for hyper. The body takes the recorder: the call is recorded as finished when the body ends.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn into_response(
        self,
        recorder: CallRecorder,
        connection: ConnectionHandle,
    ) -> Response<ScriptBody> {
        recorder.answered(self.status);
        let mut response = Response::new(ScriptBody::new(self.script, recorder, connection));
        *response.status_mut() = self.status;
        response.headers_mut().extend(self.headers);
        response
    }
}

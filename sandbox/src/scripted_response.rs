//! An answer as a script: what is sent, when, and where the wire breaks.
//!
//! Owns the steps and how they are put together. Must not know what an answer means.

mod script_body;

pub(crate) use script_body::{DeliberateBreak, ScriptBody, write_past_hyper};

use crate::{books::CallRecorder, connection::ConnectionHandle};
use hyper::{
    Response, StatusCode,
    body::Bytes,
    header::{CONTENT_TYPE, HeaderName, HeaderValue},
};
use std::{collections::VecDeque, time::Duration};

/// A header as it was received: its name in lower case, its value with what is not UTF-8 replaced.
pub type Header = (String, String);

/// Longer than anyone waits.
pub(crate) const FOREVER: Duration = Duration::from_hours(24 * 365);

/// An answer that has not been sent.
#[derive(Debug)]
pub(crate) struct ScriptedResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// How long the client sees nothing, not even the head.
    pub(crate) delay: Duration,
    pub(crate) script: VecDeque<BodyStep>,
    /// The script is all that goes over the wire, head and all; hyper writes nothing.
    pub(crate) raw: bool,
}

/// One step of a body. Without `Reset` the body ends cleanly after the last step.
#[derive(Debug)]
pub(crate) enum BodyStep {
    /// Send these bytes.
    Send(Bytes),
    /// Send these bytes so many times.
    Repeat(Bytes, u64),
    /// Send one byte a second.
    Trickle(Bytes),
    /// Send nothing for so long.
    Wait(Duration),
    /// Break the connection with a TCP reset.
    Reset,
}

impl ScriptedResponse {
    /// An answer without a body.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: Vec::new(),
            delay: Duration::ZERO,
            script: VecDeque::new(),
            raw: false,
        }
    }

    /// An answer with a body of this type.
    pub(crate) fn new(
        status: StatusCode,
        media_type: &'static str,
        body: impl Into<Bytes>,
    ) -> Self {
        let mut response = Self::empty(status);
        response.script.push_back(BodyStep::Send(body.into()));
        response.with_header(CONTENT_TYPE, HeaderValue::from_static(media_type))
    }

    /// A JSON document.
    pub(crate) fn json(status: StatusCode, value: &impl serde::Serialize) -> Self {
        // Nothing that is sent here has keys that are no strings, which is all that could fail.
        let body = serde_json::to_vec(value).unwrap_or_default();
        Self::new(status, "application/json", body)
    }

    /// The same with one more header.
    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The same with other steps in place of its body.
    pub(crate) fn with_steps(self, steps: impl IntoIterator<Item = BodyStep>) -> Self {
        Self { script: steps.into_iter().collect(), ..self }
    }

    /// The same after another body.
    pub(crate) fn map_body(mut self, change: impl FnOnce(Bytes) -> Vec<u8>) -> Self {
        let body = self.take_body();
        let body = change(body);
        self.with_steps([BodyStep::Send(body.into())])
    }

    /// The body's bytes, for a fault that sends a part of them.
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

    /// Ready for hyper; from now on the entry ends with the body.
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

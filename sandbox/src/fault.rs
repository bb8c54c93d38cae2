//! Faults on demand: a word `sandbox:NAME` in a prompt.
//!
//! Owns what a fault is, how a prompt selects one, and at which point it takes effect. Must not know the transport below
//! a script of steps: what is new there belongs in `connection`. The tables hold the faults: `refusals` are errors before
//! any work, `moderated` are refused prompts in the words of other makers, `content` is wrong JSON, base64 and pictures,
//! `money` is a wrong cost, `wire` is the transport, `stream` is the format of server-sent events.

mod content;
mod context;
mod moderated;
mod money;
mod refusals;
mod stream;
mod wire;

pub(crate) use context::{ApiKind, FaultContext};

use crate::scripted_response::ScriptedResponse;
use contract::options::Format;
use hyper::body::Bytes;
use serde_json::Value;
use std::fmt;

/// One way in which the upstream can fail.
pub struct Fault {
    /// Its name, which a prompt gives after `sandbox:`.
    pub name: &'static str,
    /// The rows of `tests/tests/it/rows/table.rs` that it reproduces: 3 is F3.
    pub plays: &'static [u8],
    /// What it does, in one line.
    pub does: &'static str,
    /// Whether the pictures arrive undamaged all the same.
    pub whole: bool,
    /// Whether the response never ends: only the client can end it.
    pub hangs: bool,
    /// Whether the work is not charged.
    free: bool,
    effect: FaultEffect,
}

/// At which point a fault takes effect, and what it changes there.
enum FaultEffect {
    /// Replaces the response before any work is done, so that nothing is charged.
    Refuse(fn(&FaultContext) -> ScriptedResponse),
    /// The same, but only for the first call with a prompt.
    RefuseOnce(fn(&FaultContext) -> ScriptedResponse),
    /// The same, for this call and the next ones of any kind; the number counts all of them.
    Storm(u32),
    /// Encodes the pictures in another format than was asked for.
    Format(fn(Format) -> Format),
    /// Changes each picture's bytes.
    PictureBytes(fn(&Bytes) -> Bytes),
    /// Changes each picture's base64.
    Base64(fn(String) -> String),
    /// Multiplies the price, both what is charged and what the response says.
    Price(u64),
    /// Changes the response's JSON.
    Json(fn(&mut Value, &FaultContext)),
    /// Changes the whole response, after the work was done and charged.
    Response(fn(ScriptedResponse, &FaultContext) -> ScriptedResponse),
    /// The same, but only for responses that are sent as events.
    Stream(fn(ScriptedResponse) -> ScriptedResponse),
}

impl Fault {
    /// Every fault, table by table.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        [
            refusals::TABLE,
            moderated::TABLE,
            content::TABLE,
            money::TABLE,
            wire::TABLE,
            stream::TABLE,
        ]
        .into_iter()
        .flatten()
    }

    /// The fault that a prompt selects: the first word `sandbox:NAME` whose name is in the tables.
    pub fn in_prompt(prompt: &str) -> Option<&'static Self> {
        prompt.split("sandbox:").skip(1).find_map(|rest| {
            let end =
                rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
            Self::named(&rest[..end])
        })
    }

    /// The fault of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().find(|fault| fault.name == name)
    }

    const fn new(
        name: &'static str,
        plays: &'static [u8],
        does: &'static str,
        effect: FaultEffect,
    ) -> Self {
        Self { name, plays, does, whole: false, hangs: false, free: false, effect }
    }

    /// This fault, with pictures that arrive undamaged.
    const fn whole(self) -> Self {
        Self { whole: true, ..self }
    }

    /// This fault, with a response that never ends.
    const fn hangs(self) -> Self {
        Self { hangs: true, ..self }
    }

    /// This fault, with work that is not charged.
    const fn free(self) -> Self {
        Self { free: true, ..self }
    }

    /// Whether it changes anything in a response that is, or is not, sent as events.
    pub(crate) const fn applies_to(&self, streams: bool) -> bool {
        streams || !matches!(self.effect, FaultEffect::Stream(_))
    }

    /// The response of a fault that takes effect before any work is done. Such a call costs nothing.
    pub(crate) fn refusal(&self, context: &FaultContext) -> Option<ScriptedResponse> {
        match self.effect {
            FaultEffect::Refuse(respond) => Some(respond(context)),
            FaultEffect::RefuseOnce(respond) => {
                context.is_first(self.name).then(|| respond(context))
            }
            FaultEffect::Storm(calls) => {
                context.shared.fault_state.begin_storm(calls);
                context.shared.fault_state.storm()
            }
            _ => None,
        }
    }

    /// The format to encode in place of the requested one.
    pub(crate) fn painted_format(&self, format: Format) -> Format {
        if let FaultEffect::Format(change) = self.effect { change(format) } else { format }
    }

    /// The picture with this fault's change.
    pub(crate) fn alter_picture(&self, picture: Bytes) -> Bytes {
        if let FaultEffect::PictureBytes(change) = self.effect { change(&picture) } else { picture }
    }

    /// A picture's base64 with this fault's change.
    pub(crate) fn alter_base64(&self, text: String) -> String {
        if let FaultEffect::Base64(change) = self.effect { change(text) } else { text }
    }

    /// The factor of the price.
    pub(crate) const fn price_factor(&self) -> u64 {
        match self.effect {
            FaultEffect::Price(times) => times,
            _ if self.free => 0,
            _ => 1,
        }
    }

    /// The response with this fault's change, after the work was done and charged.
    pub(crate) fn alter_response(
        &self,
        response: ScriptedResponse,
        context: &FaultContext,
    ) -> ScriptedResponse {
        match self.effect {
            FaultEffect::Json(change) if stream::is_stream(&response) => {
                stream::change_last_event(response, |json| change(json, context))
            }
            FaultEffect::Json(change) => response.map_body(|body| {
                // A body that is not JSON is not changed.
                let Ok(mut value) = serde_json::from_slice(&body) else { return body.to_vec() };
                change(&mut value, context);
                serde_json::to_vec(&value).unwrap_or_default()
            }),
            FaultEffect::Response(change) => change(response, context),
            FaultEffect::Stream(change) => change(response),
            _ => response,
        }
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Fault").field(&self.name).finish()
    }
}

impl PartialEq for Fault {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Fault {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_word_of_the_prompt_names_the_fault() {
        let check = |prompt, name: Option<&str>| {
            assert_eq!(Fault::in_prompt(prompt).map(|fault| fault.name), name, "{prompt}");
        };
        check("a fox sandbox:refuse, please", Some("refuse"));
        check("sandbox:refuse-older", Some("refuse-older"));
        check("sandbox:nothing sandbox:busy", Some("busy"));
        check("sandbox:429-quota", Some("429-quota"));
        check("a fox in a sandbox", None);
        check("sandbox:refused", None);
    }

    #[test]
    fn every_fault_is_found_by_its_name_and_says_what_it_does() {
        let mut names = BTreeSet::new();
        for fault in Fault::all() {
            assert_eq!(Fault::in_prompt(&format!("sandbox:{}", fault.name)), Some(fault));
            assert!(names.insert(fault.name), "two faults are called {}", fault.name);
            assert!(fault.does.len() > 10 && !fault.does.contains('\n'), "{}", fault.name);
        }
    }

    #[test]
    fn every_row_that_an_upstream_can_play_is_played() {
        let played: BTreeSet<u8> = Fault::all().flat_map(|fault| fault.plays).copied().collect();
        // F1 and F2 are an address on which nothing listens: the sandbox cannot reproduce them.
        let missing: Vec<u8> = (3..=29).filter(|row| !played.contains(row)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}

//! Faults on demand: a word `sandbox:NAME` in a prompt.
//!
//! Owns what a fault is, how it is found, and where it strikes. Must not know the wire below a script of steps: what
//! is new there belongs in `connection`. The tables say what each one does: `refusals` before any work, `moderated`
//! the same of a description in the words of other makers, `content` what is said wrongly, `money` what it cost, `wire` how it travels, `stream` how
//! events are written.

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

/// One way in which the upstream fails.
pub struct Fault {
    /// Its name in a prompt, after `sandbox:`.
    pub name: &'static str,
    /// The numbers of the faults that it plays, as `tests/tests/it/rows/table.rs` lists them: 3 is F3.
    pub plays: &'static [u8],
    /// What it does, in a line.
    pub does: &'static str,
    /// Whether its pictures arrive whole, whatever else goes wrong.
    pub whole: bool,
    /// Whether it never ends by itself: only a client that leaves ends it.
    pub hangs: bool,
    /// Whether the work that it spoils is not charged.
    free: bool,
    effect: FaultEffect,
}

/// Where a fault strikes, and what it changes there.
enum FaultEffect {
    /// Before any work is done: the whole answer. It costs nothing.
    Refuse(fn(&FaultContext) -> ScriptedResponse),
    /// The same, but only the first time that a prompt is seen.
    RefuseOnce(fn(&FaultContext) -> ScriptedResponse),
    /// The same, and so for the next calls of any kind.
    Storm(u32),
    /// In the painter's hands: another format than was asked for.
    Format(fn(Format) -> Format),
    /// Each picture's bytes.
    PictureBytes(fn(&Bytes) -> Bytes),
    /// Each picture's base64.
    Base64(fn(String) -> String),
    /// The price, so many times; it is charged and told.
    Price(u64),
    /// The answer's JSON.
    Json(fn(&mut Value, &FaultContext)),
    /// The answer as a whole, after the work was done and charged.
    Response(fn(ScriptedResponse, &FaultContext) -> ScriptedResponse),
    /// The same, if it is sent as events.
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

    /// The fault that a prompt asks for: the first word `sandbox:NAME` with a name that is in the tables.
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

    /// The same; its pictures arrive whole.
    const fn whole(self) -> Self {
        Self { whole: true, ..self }
    }

    /// The same; it never ends by itself.
    const fn hangs(self) -> Self {
        Self { hangs: true, ..self }
    }

    /// The same; its work is not charged.
    const fn free(self) -> Self {
        Self { free: true, ..self }
    }

    /// Whether it strikes an answer that is sent as events, or one that is not.
    pub(crate) const fn applies_to(&self, streams: bool) -> bool {
        streams || !matches!(self.effect, FaultEffect::Stream(_))
    }

    /// The answer of a fault that strikes before any work is done, and so costs nothing.
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

    /// The format that is painted in place of the one that was asked for.
    pub(crate) fn painted_format(&self, format: Format) -> Format {
        if let FaultEffect::Format(change) = self.effect { change(format) } else { format }
    }

    /// What becomes of a picture.
    pub(crate) fn alter_picture(&self, picture: Bytes) -> Bytes {
        if let FaultEffect::PictureBytes(change) = self.effect { change(&picture) } else { picture }
    }

    /// What becomes of a picture's base64.
    pub(crate) fn alter_base64(&self, text: String) -> String {
        if let FaultEffect::Base64(change) = self.effect { change(text) } else { text }
    }

    /// How many times the price is charged.
    pub(crate) const fn price_factor(&self) -> u64 {
        match self.effect {
            FaultEffect::Price(times) => times,
            _ if self.free => 0,
            _ => 1,
        }
    }

    /// What becomes of an answer after the work was done, and charged.
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
                // What is no JSON is left as it is.
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
            assert!(names.insert(fault.name), "{} stands there twice", fault.name);
            assert!(fault.does.len() > 10 && !fault.does.contains('\n'), "{}", fault.name);
        }
    }

    #[test]
    fn every_row_that_an_upstream_can_play_is_played() {
        let played: BTreeSet<u8> = Fault::all().flat_map(|fault| fault.plays).copied().collect();
        // F1 and F2 are an address where nobody listens.
        let missing: Vec<u8> = (3..=29).filter(|row| !played.contains(row)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}

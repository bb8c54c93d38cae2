//! Faults on demand: a word `sandbox:NAME` in a prompt.
//!
//! Owns the table of names and what each does to an answer. Must not know the wire below a script of [`Step`]s: what
//! is new there belongs in `connection`.

use crate::{
    answer::{Answer, Step},
    errors::{self, Upstream},
    settings::{Settings, UpstreamErrors},
};
use hyper::{
    StatusCode,
    header::{HeaderValue, RETRY_AFTER},
};
use serde_json::json;
use std::time::Duration;

/// One way in which the upstream fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The prompt is refused, in the newest shape: its own type and code, and details.
    Refuse,
    /// The same in the older shape: the code under `invalid_request_error`.
    RefuseOlder,
    /// The same, told by the message alone.
    RefuseMessage,
    /// 429 with `Retry-After: 1`.
    Busy,
    /// 502 with a page of HTML, before any work.
    Html,
    /// 504 in plain text, after the work.
    Plain,
    /// Nothing at all for `Settings::slow`, then the answer.
    Slow,
    /// A TCP reset in the middle of the first picture.
    Cut,
    /// A clean end in the middle of the first picture.
    Truncated,
}

impl Fault {
    /// Every fault and its name in a prompt.
    pub const ALL: &[(&str, Self)] = &[
        ("refuse", Self::Refuse),
        ("refuse-older", Self::RefuseOlder),
        ("refuse-message", Self::RefuseMessage),
        ("busy", Self::Busy),
        ("html", Self::Html),
        ("plain", Self::Plain),
        ("slow", Self::Slow),
        ("cut", Self::Cut),
        ("truncated", Self::Truncated),
    ];

    /// The fault that a prompt asks for: the first word `sandbox:NAME` with a name that is in the table.
    pub fn in_prompt(prompt: &str) -> Option<Self> {
        prompt.split("sandbox:").skip(1).find_map(|rest| {
            let end =
                rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
            Self::ALL.iter().find(|(name, _)| *name == &rest[..end]).map(|(_, fault)| *fault)
        })
    }

    /// Its name in a prompt.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, fault)| *fault == self).map_or("", |(name, _)| name)
    }

    /// The answer of a fault that strikes before any work is done, and so costs nothing.
    pub(crate) fn refusal(self, settings: &Settings, generation: &str) -> Option<Answer> {
        let style = settings.quirks.upstream_errors;
        Some(match self {
            Self::Refuse => moderated("image_generation_user_error", true)
                .answer(UpstreamErrors::Verbatim, generation),
            Self::RefuseOlder => moderated("invalid_request_error", false)
                .answer(UpstreamErrors::Verbatim, generation),
            Self::RefuseMessage => {
                moderated("image_generation_user_error", true).answer(style, generation)
            }
            Self::Busy => errors::rate_limited().with(RETRY_AFTER, HeaderValue::from_static("1")),
            Self::Html => Answer::of(
                StatusCode::BAD_GATEWAY,
                "text/html; charset=utf-8",
                "<!DOCTYPE html><html><head><title>502: BAD_GATEWAY</title></head><body>An error occurred with this \
                 application. <code>ROUTER_EXTERNAL_TARGET_ERROR</code></body></html>",
            ),
            Self::Plain | Self::Slow | Self::Cut | Self::Truncated => return None,
        })
    }

    /// What becomes of the answer after the work is done, and charged.
    pub(crate) fn spoil(self, mut answer: Answer, settings: &Settings) -> Answer {
        match self {
            Self::Plain => Answer::of(
                StatusCode::GATEWAY_TIMEOUT,
                "text/plain; charset=utf-8",
                "An error occurred with your deployment\n\nFUNCTION_INVOCATION_TIMEOUT\n",
            ),
            Self::Slow => {
                answer.silence = settings.slow;
                answer
            }
            Self::Cut => {
                halve(&mut answer);
                // The reset throws away what the kernel has not sent: let the client have its half.
                answer.script.extend([Step::Wait(Duration::from_millis(50)), Step::Reset]);
                answer
            }
            Self::Truncated => {
                halve(&mut answer);
                answer
            }
            Self::Refuse | Self::RefuseOlder | Self::RefuseMessage | Self::Busy | Self::Html => {
                answer
            }
        }
    }

    /// Whether the pictures of the answer do not arrive whole.
    pub(crate) const fn spoils_pictures(self) -> bool {
        matches!(self, Self::Plain | Self::Cut | Self::Truncated)
    }
}

/// Leaves the first half of the body: with any picture in it, that ends inside the base64.
fn halve(answer: &mut Answer) {
    let body = answer.take_body();
    answer.script.push_back(Step::Send(body.slice(..body.len() / 2)));
}

/// The maker's refusal of a prompt.
fn moderated(r#type: &'static str, with_details: bool) -> Upstream {
    Upstream {
        message: "Your request was rejected by the safety system. If you believe this is an error, contact us at \
                  help.openai.com and include the request ID 6b0e1c9a-4d0f-4a53-9c55-2f3a1f6f0d11. \
                  safety_violations=[sexual]."
            .to_owned(),
        r#type,
        param: None,
        code: Some("moderation_blocked"),
        moderation_details: with_details
            .then(|| json!({ "moderation_stage": "input", "categories": ["sexual"] })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_the_prompt_names_the_fault() {
        let check = |prompt, fault| assert_eq!(Fault::in_prompt(prompt), fault, "{prompt}");
        check("a fox sandbox:refuse, please", Some(Fault::Refuse));
        check("sandbox:refuse-older", Some(Fault::RefuseOlder));
        check("sandbox:nothing sandbox:busy", Some(Fault::Busy));
        check("a fox in a sandbox", None);
        check("sandbox:refused", None);
    }

    #[test]
    fn every_fault_is_found_by_its_name() {
        for (name, fault) in Fault::ALL {
            assert_eq!(Fault::in_prompt(&format!("sandbox:{name}")), Some(*fault));
            assert_eq!(fault.name(), *name);
        }
    }
}

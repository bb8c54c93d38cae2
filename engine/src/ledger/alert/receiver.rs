//! The form of an alert for its receiver, which the host of the webhook's address tells.
//!
//! Owns the forms of those chat services that do not take the general one. Must not send, and must not read anything of
//! the address but its host.

use crate::{config::address, json};
use contract::time::Timestamp;
use serde::Serialize;

/// The form that a receiver takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Every member, for programs. Chat services such as Slack and Mattermost show its `text`.
    General,
    /// `text` alone: Google Chat refuses a message with a member that it does not know.
    Text,
    /// `content` alone: Discord.
    Content,
    /// An adaptive card: a workflow of Microsoft Teams.
    Card,
}

impl Form {
    fn of(receiver: &str) -> Self {
        let host = address::host(receiver).unwrap_or_default();
        let is_below = |domain: &str| host.ends_with(domain);
        match host.as_str() {
            "chat.googleapis.com" | "api.telegram.org" => Self::Text,
            "discord.com" | "discordapp.com" => Self::Content,
            _ if is_below(".logic.azure.com") || is_below(".api.powerplatform.com") => Self::Card,
            _ => Self::General,
        }
    }
}

#[derive(Serialize)]
struct General<'a> {
    site: &'a str,
    alert: &'a str,
    at: Timestamp,
    text: &'a str,
}

#[derive(Serialize)]
struct Text<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct Content<'a> {
    content: &'a str,
}

#[derive(Serialize)]
struct Message<'a> {
    r#type: &'static str,
    attachments: [Attachment<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Attachment<'a> {
    content_type: &'static str,
    content: Card<'a>,
}

#[derive(Serialize)]
struct Card<'a> {
    r#type: &'static str,
    version: &'static str,
    body: [Block<'a>; 1],
}

#[derive(Serialize)]
struct Block<'a> {
    r#type: &'static str,
    text: &'a str,
    wrap: bool,
}

/// The body of the request to a receiver.
pub(super) fn body(receiver: &str, site: &str, alert: &str, at: Timestamp, text: &str) -> String {
    match Form::of(receiver) {
        Form::General => json::text(&General { site, alert, at, text }),
        Form::Text => json::text(&Text { text }),
        Form::Content => json::text(&Content { content: text }),
        Form::Card => json::text(&Message {
            r#type: "message",
            attachments: [Attachment {
                content_type: "application/vnd.microsoft.card.adaptive",
                content: Card {
                    r#type: "AdaptiveCard",
                    version: "1.4",
                    body: [Block { r#type: "TextBlock", text, wrap: true }],
                },
            }],
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_receiver_gets_the_form_that_it_takes() {
        let general = r#"{"site":"acme","alert":"budget-day-80","at":"2026-11-22T10:39:59.000Z","text":"80 % \"of\" it."}"#;
        let text = r#"{"text":"80 % \"of\" it."}"#;
        let content = r#"{"content":"80 % \"of\" it."}"#;
        let card = r#"{"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":{"type":"AdaptiveCard","version":"1.4","body":[{"type":"TextBlock","text":"80 % \"of\" it.","wrap":true}]}}]}"#;
        for (receiver, form) in [
            ("https://hooks.example.com/easel?to=ops", general),
            ("http://127.0.0.1:9000/", general),
            ("https://hooks.slack.com/services/T/B/x", general),
            ("https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t%3D", text),
            ("https://CHAT.googleapis.com:443/v1/spaces/A/messages", text),
            ("https://api.telegram.org/bot1:x/sendMessage?chat_id=@ops", text),
            ("https://discord.com/api/webhooks/1/x", content),
            ("https://discordapp.com/api/webhooks/1/x", content),
            ("https://prod-1.westeurope.logic.azure.com:443/workflows/a?sig=x", card),
            ("https://default1.2.environment.api.powerplatform.com:443/a?sig=x", card),
            ("https://chat.googleapis.com.example.com/", general),
            ("https://example.com/chat.googleapis.com", general),
            ("https://notlogic.azure.com/", general),
        ] {
            let at = Timestamp(1_795_343_999_000);
            let body = body(receiver, "acme", "budget-day-80", at, "80 % \"of\" it.");
            assert_eq!(body, form, "{receiver}");
        }
    }
}

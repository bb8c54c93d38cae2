//! What the page and the studio's frame say to each other: protocol 1, `docs/messages.md`.
//!
//! Owns the types of both directions. Must not hold a description, an id or a path in what goes to the page: no field of
//! [`FrameMessage`] could. The protocol's number (`easel: 1`) and a picture's `File` are added where messages are posted.
//!
//! Decision: docs/decisions/2026-11-29-the-look-is-in-the-fragment.md.

use crate::options::{MediaType, Quality, Size};
use alloc::{borrow::ToOwned, string::String, vec::Vec};
use core::fmt;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// The protocol's number, the member `easel` of each message.
pub const PROTOCOL: u32 = 1;

/// A message from the page. A type that is unknown is an error of serde, and the message is dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", try_from = "Members")]
pub enum PageMessage {
    /// The look, and whether the frame has the whole window.
    Set(Look),
    /// Submits the form, with this description if there is one.
    Generate {
        /// Replaces the description. Anything but a string replaces nothing.
        prompt: Option<String>,
    },
    /// Cancels the jobs that run, and a submit that waits.
    Cancel,
    /// Empties the gallery.
    Clear,
    /// Puts the focus into the prompt.
    Focus,
    /// The form around the element is reset: the page has no picture any more.
    Reset,
}

/// The look that the page asks for. Every value is CSS, and empty where the page says nothing, or what is no string.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", from = "Members")]
pub struct Look {
    /// `light`, `dark`, or anything else for the visitor's own.
    pub theme: String,
    /// What the prompt begins with.
    pub prompt: String,
    /// The colour of what is pressed.
    pub accent: String,
    /// The colour of text on it.
    pub on_accent: String,
    /// The colour of the ground.
    pub surface: String,
    /// The colour of text.
    pub ink: String,
    /// The radius of corners.
    pub radius: String,
    /// The font family.
    pub font: String,
    /// Whether the frame has the whole window; `None` in the address, where it means nothing.
    pub expanded: Option<bool>,
}

impl Look {
    /// The look's custom properties: the name without `--easel-`, and the value.
    pub fn properties(&self) -> [(&'static str, &str); 6] {
        [
            ("accent", &self.accent),
            ("on-accent", &self.on_accent),
            ("surface", &self.surface),
            ("ink", &self.ink),
            ("radius", &self.radius),
            ("font", &self.font),
        ]
    }
}

/// A message to the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum FrameMessage {
    /// The form is painted and takes text; the program may still be on its way.
    Painted,
    /// The form can be used and messages are heard.
    Ready {
        /// The product's version.
        version: String,
    },
    /// Asks for the whole window, or gives it back.
    Expand {
        /// True asks for it.
        expanded: bool,
    },
    /// A job was accepted.
    Start {
        /// Pictures that it makes.
        count: u32,
        /// The size of each.
        size: Size,
        /// The quality of each.
        quality: Quality,
    },
    /// A second of a wait has gone by.
    Progress {
        /// Milliseconds since the start.
        elapsed_ms: u64,
        /// Milliseconds that such a picture takes; null if that is not known.
        expected_ms: Option<u64>,
    },
    /// A picture is ready.
    Picture {
        /// Its place in the job, from 0.
        index: u32,
        /// Pixels, by its bytes.
        width: u32,
        /// Pixels, by its bytes.
        height: u32,
        /// By its bytes.
        media_type: MediaType,
    },
    /// A job ended with at least one picture.
    Done {
        /// How many it has.
        pictures: u32,
    },
    /// A job, or the attempt to make one, ended without a picture, or nobody has answered it for some seconds.
    Problem {
        /// The word of a problem kind, or `offline`.
        kind: String,
    },
    /// The visitor cancelled.
    Cancel,
    /// An original was saved.
    Download {
        /// Of the bytes.
        media_type: MediaType,
    },
    /// "Use this picture"; its `file` is added where the message is posted, null if the picture is taken back.
    Choose,
}

/// The members of a message. Every visitor loads what reads them: serde makes several times as much of a type with a tag and
/// nine lenient fields.
struct Members(Vec<(String, Member)>);

/// The value of a member: only texts and truth values mean anything.
enum Member {
    Text(String),
    Bool(bool),
    Other,
}

impl Members {
    fn take(&mut self, name: &str) -> Option<Member> {
        let at = self.0.iter().position(|(own, _)| own == name)?;
        Some(self.0.swap_remove(at).1)
    }

    fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name) {
            Some(Member::Text(text)) => Some(text),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Members(Vec::new());
        while let Some(member) = map.next_entry()? {
            members.0.push(member);
        }
        Ok(members)
    }
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(MemberVisitor)
    }
}

struct MemberVisitor;

impl<'de> Visitor<'de> for MemberVisitor {
    type Value = Member;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Member, E> {
        Ok(Member::Text(text.to_owned()))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Member, E> {
        Ok(Member::Bool(value))
    }

    fn visit_unit<E>(self) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Member, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Member::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Member, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Member::Other)
    }
}

impl From<Members> for Look {
    fn from(mut members: Members) -> Self {
        let expanded = match members.take("expanded") {
            Some(Member::Bool(expanded)) => Some(expanded),
            _ => None,
        };
        let mut text = |name| members.text(name).unwrap_or_default();
        Self {
            theme: text("theme"),
            prompt: text("prompt"),
            accent: text("accent"),
            on_accent: text("on-accent"),
            surface: text("surface"),
            ink: text("ink"),
            radius: text("radius"),
            font: text("font"),
            expanded,
        }
    }
}

impl TryFrom<Members> for PageMessage {
    type Error = &'static str;

    fn try_from(mut members: Members) -> Result<Self, &'static str> {
        let kind = members.text("type").ok_or("a message without a type")?;
        Ok(match kind.as_str() {
            "set" => Self::Set(members.into()),
            "generate" => Self::Generate { prompt: members.text("prompt") },
            "cancel" => Self::Cancel,
            "clear" => Self::Clear,
            "focus" => Self::Focus,
            "reset" => Self::Reset,
            _ => return Err("an unknown type of message"),
        })
    }
}

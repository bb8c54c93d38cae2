//! What the page round the frame is told: docs/messages.md, "Frame to page".
//!
//! Owns what each message holds. Must not hold a description, an id or a path: no field of these types could.

use super::{digits::digits, draft::Draft, job::Picture, trouble::Trouble};
use contract::{
    options::{MediaType, Size},
    problem::ProblemKind,
};

/// Something that the page is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    /// A job was accepted.
    Start {
        /// Pictures that it makes.
        count: u32,
        /// The size of each.
        size: Size,
        /// The word of the quality.
        quality: String,
    },
    /// A second of a wait has gone by.
    Progress {
        /// Since the start.
        elapsed_ms: u64,
        /// What such a picture has taken here.
        expected_ms: Option<u64>,
    },
    /// A picture is ready.
    Picture {
        /// Its place in the job.
        index: u32,
        /// By its bytes.
        size: Size,
        /// By its bytes.
        media_type: MediaType,
    },
    /// A job ended with so many pictures.
    Done(usize),
    /// A job, or the attempt to make one, ended without any.
    Problem(Trouble),
    /// The visitor cancelled.
    Cancel,
}

impl Told {
    /// That a job of this draft was accepted.
    pub(crate) fn start(draft: &Draft) -> Self {
        Self::Start { count: draft.count, size: draft.size, quality: draft.quality.clone() }
    }

    /// That this picture is ready, if it says what it is.
    pub(crate) fn picture(index: u32, picture: &Picture) -> Option<Self> {
        Some(Self::Picture { index, size: picture.size?, media_type: picture.media_type? })
    }

    /// The message, but for the protocol's number.
    pub(crate) fn to_text(&self) -> String {
        let number = |number: u64| digits(number);
        match self {
            Self::Start { count, size, quality } => {
                let size = [&digits(size.width), "x", &digits(size.height)].concat();
                message(
                    "start",
                    &[
                        ("count", &digits(*count)),
                        ("size", &quoted(&size)),
                        ("quality", &quoted(quality)),
                    ],
                )
            }
            Self::Progress { elapsed_ms, expected_ms } => message(
                "progress",
                &[
                    ("elapsed_ms", &number(*elapsed_ms)),
                    ("expected_ms", &expected_ms.map_or("null".to_owned(), number)),
                ],
            ),
            Self::Picture { index, size, media_type } => message(
                "picture",
                &[
                    ("index", &digits(*index)),
                    ("width", &digits(size.width)),
                    ("height", &digits(size.height)),
                    ("media_type", &quoted(media_type.word())),
                ],
            ),
            Self::Done(pictures) => message("done", &[("pictures", &digits(*pictures))]),
            Self::Problem(trouble) => message("problem", &[("kind", &quoted(kind(*trouble)))]),
            Self::Cancel => message("cancel", &[]),
        }
    }
}

/// The word of a trouble: a kind of the edge's, or `offline`.
fn kind(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Offline | Trouble::Unreachable => "offline",
        Trouble::Unreadable => ProblemKind::Busy.word(),
        Trouble::Rate(_) | Trouble::Refusals { .. } => ProblemKind::VisitorLimit.word(),
        Trouble::Unchecked => ProblemKind::ChallengeFailed.word(),
        Trouble::Problem { kind, .. } => kind.word(),
    }
}

fn message(kind: &str, fields: &[(&str, &str)]) -> String {
    let mut text = ["{\"type\":\"", kind, "\""].concat();
    for (name, value) in fields {
        text.push_str(&[",\"", name, "\":", value].concat());
    }
    text.push('}');
    text
}

/// A word that needs no escape.
fn quoted(word: &str) -> String {
    ["\"", word, "\""].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_message_has_the_fields_of_the_protocol() {
        let size = Size { width: 1536, height: 1024 };
        for (told, text) in [
            (
                Told::Start { count: 2, size, quality: "low".to_owned() },
                r#"{"type":"start","count":2,"size":"1536x1024","quality":"low"}"#,
            ),
            (
                Told::Progress { elapsed_ms: 1_500, expected_ms: None },
                r#"{"type":"progress","elapsed_ms":1500,"expected_ms":null}"#,
            ),
            (
                Told::Progress { elapsed_ms: 0, expected_ms: Some(9) },
                r#"{"type":"progress","elapsed_ms":0,"expected_ms":9}"#,
            ),
            (
                Told::Picture { index: 1, size, media_type: MediaType::Webp },
                r#"{"type":"picture","index":1,"width":1536,"height":1024,"media_type":"image/webp"}"#,
            ),
            (Told::Done(3), r#"{"type":"done","pictures":3}"#),
            (Told::Problem(Trouble::Offline), r#"{"type":"problem","kind":"offline"}"#),
            (
                Told::Problem(Trouble::of(ProblemKind::VisitorLimit)),
                r#"{"type":"problem","kind":"visitor-limit"}"#,
            ),
            (Told::Cancel, r#"{"type":"cancel"}"#),
        ] {
            assert_eq!(told.to_text(), text);
        }
    }
}

//! What the visitor asks for, as the form holds it.
//!
//! Owns its check and its wire form (`contract::job::JobRequest`).

use super::{
    digits::digits,
    json::{Json, write_text},
};
use contract::options::Size;

/// A description and the choices beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    /// What to paint, as it was typed.
    pub prompt: String,
    /// Pictures to make.
    pub count: u32,
    /// The size of each.
    pub size: Size,
    /// The word of the quality.
    pub quality: String,
    /// The word of the format; empty where the site has but one.
    pub format: String,
    /// The word of the background; empty where nothing is asked for.
    pub background: String,
}

/// Why a draft cannot be sent, or what else the form has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Note {
    /// There is no description.
    Empty,
    /// The description is longer than the site takes.
    TooLong {
        /// Characters that it has.
        chars: u32,
        /// Characters that it may have.
        max: u32,
    },
    /// Little more fits.
    Near {
        /// Characters that it has.
        chars: u32,
        /// Characters that it may have.
        max: u32,
    },
    /// Another picture is being made.
    OneAtATime,
    /// Fewer pictures are left than are asked for.
    Fewer(u32),
    /// There is no room for another picture to start from.
    TooManyPictures,
    /// What was given is no picture that can be read.
    NoPicture,
    /// A picture of the wall cannot be had.
    PictureAway,
    /// What a job started from has not outlived a reload.
    PicturesForgotten,
}

impl Draft {
    /// The draft that such a body holds, also as a job tells it.
    pub(crate) fn of(json: &Json) -> Option<Self> {
        Some(Self {
            prompt: json.get("prompt").text()?.to_owned(),
            count: json.get("count").small()?,
            size: json.get("size").text()?.parse().ok()?,
            quality: json.get("quality").text()?.to_owned(),
            // A device may have kept a picture before it kept these.
            format: json.get("format").text().unwrap_or_default().to_owned(),
            background: json.get("background").text().unwrap_or_default().to_owned(),
        })
    }

    /// The body of `POST /v1/jobs`.
    pub(crate) fn to_json(&self) -> String {
        let mut out = String::from("{\"prompt\":");
        write_text(&mut out, self.prompt.trim());
        let [count, width, height] =
            [self.count, self.size.width.into(), self.size.height.into()].map(digits);
        for part in [",\"count\":", &count, ",\"size\":\"", &width, "x", &height, "\",\"quality\":"]
        {
            out.push_str(part);
        }
        write_text(&mut out, &self.quality);
        for (name, word) in [("format", &self.format), ("background", &self.background)] {
            if !word.is_empty() {
                for part in [",\"", name, "\":"] {
                    out.push_str(part);
                }
                write_text(&mut out, word);
            }
        }
        out.push('}');
        out
    }
}

impl Note {
    /// Whether nothing is wrong.
    pub(crate) const fn is_calm(self) -> bool {
        matches!(self, Self::Near { .. })
    }
}

/// Whether a description is longer than `max` Unicode scalar values after trimming.
pub(crate) fn too_long(prompt: &str, max: u32) -> Option<Note> {
    length(prompt, max).filter(|note| !note.is_calm())
}

/// The same, or that it is nearly so long: then there is a tenth left, or less.
pub(crate) fn length(prompt: &str, max: u32) -> Option<Note> {
    let chars =
        u32::try_from(prompt.trim().chars().map(|_| 1_usize).sum::<usize>()).unwrap_or(u32::MAX);
    if chars > max {
        Some(Note::TooLong { chars, max })
    } else {
        (max - chars <= max / 10).then_some(Note::Near { chars, max })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::{
        job::JobRequest,
        options::{Background, Format, Quality},
    };

    #[test]
    fn the_edge_reads_what_was_meant() {
        let draft = Draft {
            prompt: "  a \"red\" fox\nin 😀 snow ".to_owned(),
            count: 2,
            size: Size { width: 1536, height: 1024 },
            quality: "medium".to_owned(),
            format: "webp".to_owned(),
            background: "transparent".to_owned(),
        };
        let request: JobRequest = serde_json::from_str(&draft.to_json()).unwrap();
        assert_eq!(request.prompt, draft.prompt.trim());
        assert_eq!((request.count, request.size), (Some(2), Some(draft.size)));
        assert_eq!(request.quality, Some(Quality::Medium));
        assert_eq!(request.format, Some(Format::Webp));
        assert_eq!(request.background, Some(Background::Transparent));
        let plain = Draft { format: String::new(), background: String::new(), ..draft };
        let request: JobRequest = serde_json::from_str(&plain.to_json()).unwrap();
        assert_eq!((request.format, request.background), (None, None));
    }

    #[test]
    fn length_counts_characters_after_trimming() {
        assert_eq!(too_long("  😀😀  ", 2), None);
        assert_eq!(too_long("😀😀😀", 2), Some(Note::TooLong { chars: 3, max: 2 }));
    }

    #[test]
    fn the_last_tenth_is_counted() {
        let note = |chars| length(&"é".repeat(chars), 30);
        assert_eq!(note(26), None);
        assert_eq!(note(27), Some(Note::Near { chars: 27, max: 30 }));
        assert_eq!(note(30), Some(Note::Near { chars: 30, max: 30 }));
        assert_eq!(note(31), Some(Note::TooLong { chars: 31, max: 30 }));
        assert_eq!(too_long(&"é".repeat(30), 30), None);
    }
}

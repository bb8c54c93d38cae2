//! Jobs and their pictures: what is asked for, and the whole state of what became of it.
//!
//! Owns the wire types of `/v1/jobs`. Must not hold transitions: the engine decides what follows what.

use crate::{
    money::Nano,
    options::{Background, Format, MediaType, Quality, Size},
    problem::Problem,
    session::Allowance,
    text::words,
    time::Timestamp,
};
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// The body of `POST /v1/jobs`. What is left out takes the site's default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobRequest {
    /// What to paint.
    pub prompt: String,
    /// Pictures to make.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// The size of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// The quality of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// What lies behind the subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub background: Option<Background>,
    /// The format of the bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// 0–100, for webp and jpeg only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compression: Option<u8>,
}

/// A request with every default filled in; the prompt is trimmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// What to paint, as the visitor wrote it.
    pub prompt: String,
    /// Pictures to make.
    pub count: u32,
    /// The size of each.
    pub size: Size,
    /// The quality of each.
    pub quality: Quality,
    /// What lies behind the subject.
    pub background: Background,
    /// The format that was asked for.
    pub format: Format,
    /// 0–100, for webp and jpeg only.
    pub compression: Option<u8>,
}

words! {
    /// Where a job stands. The last three are final.
    JobState {
        /// Written, not started.
        Queued = "queued",
        /// At least one request has gone upstream.
        Running = "running",
        /// Over, and at least one picture is ready.
        Succeeded = "succeeded",
        /// Over without a picture; the problem says why.
        Failed = "failed",
        /// Ended by the visitor; pictures that were ready stay.
        Cancelled = "cancelled",
    }
}

impl JobState {
    /// Whether nothing can follow but deletion.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

words! {
    /// Where a picture stands.
    PictureState {
        /// Not here yet.
        Pending = "pending",
        /// A partial picture can be seen.
        Preview = "preview",
        /// Its bytes are whole and checked.
        Ready = "ready",
        /// It will not come; the problem says why.
        Failed = "failed",
        /// Its bytes were deleted, by the visitor or by time.
        Gone = "gone",
    }
}

/// A job's whole state: each event carries it, so nobody needs a replay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// 64 hex digits: whoever has it may see the job.
    pub id: String,
    /// Grows with every change.
    pub revision: u64,
    /// Where it stands.
    pub state: JobState,
    /// What was asked for.
    pub request: Order,
    /// The model that makes it.
    pub model: String,
    /// One for each picture that was asked for.
    pub pictures: Vec<Picture>,
    /// From creation to now, or to the end.
    pub elapsed_ms: u64,
    /// What such a job has taken on this site.
    pub expected_ms: Option<u64>,
    /// While upstream asks for patience: when it is asked again.
    pub waiting_until: Option<Timestamp>,
    /// Only in the 201 and in the last state.
    pub allowance: Option<Allowance>,
    /// Only where the site shows cost.
    pub cost: Option<Cost>,
    /// Why it failed.
    pub problem: Option<Problem>,
}

/// A picture of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Its place in the job, from 0.
    pub index: u32,
    /// Where it stands.
    pub state: PictureState,
    /// The original bytes, once it is ready.
    pub url: Option<String>,
    /// The newest partial picture, where the provider streams.
    pub preview_url: Option<String>,
    /// Told from the bytes.
    pub media_type: Option<MediaType>,
    /// Pixels, told from the bytes.
    pub width: Option<u32>,
    /// Pixels, told from the bytes.
    pub height: Option<u32>,
    /// Length of the original.
    pub bytes: Option<u64>,
    /// Whether the bytes carry a C2PA manifest. Nobody has verified it.
    pub credentials: bool,
    /// Why it failed.
    pub problem: Option<Problem>,
}

/// What a job costs its operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// The worst case, held since the start.
    pub reserved_usd: Nano,
    /// What it came to; nothing until it is settled.
    pub charged_usd: Option<Nano>,
}

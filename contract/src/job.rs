//! Jobs and their pictures: the request for a job, and the job's complete state.
//!
//! Owns the JSON types of `/v1/jobs`. Must not hold state transitions: the engine decides them.

use crate::{
    lenient,
    money::Nano,
    options::{Background, Format, MediaType, Quality, Size},
    problem::Problem,
    session::Allowance,
    text::wire_enum,
    time::Timestamp,
};
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// The body of `POST /v1/jobs`. An omitted member takes the site's default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobRequest {
    /// The description of the picture.
    pub prompt: String,
    /// The number of pictures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// The size of each picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// The quality of each picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// The background of each picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub background: Option<Background>,
    /// The file format of each picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// 0 to 100, where 100 is the best quality; for WebP and JPEG only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compression: Option<u8>,
}

/// A [`JobRequest`] with every default filled in and the prompt trimmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The description of the picture, as the visitor wrote it.
    pub prompt: String,
    /// The number of pictures.
    pub count: u32,
    /// The size of each picture.
    pub size: Size,
    /// The quality of each picture.
    pub quality: Quality,
    /// The background of each picture.
    pub background: Background,
    /// The requested file format; upstream may deliver another one.
    pub format: Format,
    /// 0 to 100, where 100 is the best quality; for WebP and JPEG only.
    pub compression: Option<u8>,
}

wire_enum! {
    /// The state of a job. The last three are final.
    JobState {
        /// Stored, but no request has been sent upstream.
        Queued = "queued",
        /// At least one request has been sent upstream.
        Running = "running",
        /// Finished, and at least one picture is ready.
        Succeeded = "succeeded",
        /// Finished without a picture; [`Job::problem`] gives the reason.
        Failed = "failed",
        /// Cancelled by the visitor; pictures that were ready remain.
        Cancelled = "cancelled",
    }
}

impl JobState {
    /// Whether the job cannot change any more, except that it is deleted.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

wire_enum! {
    /// The state of a picture.
    PictureState {
        /// Not received yet.
        Pending = "pending",
        /// A partial picture is available.
        Preview = "preview",
        /// Its bytes are complete and checked.
        Ready = "ready",
        /// It will not be delivered; [`Picture::problem`] gives the reason.
        Failed = "failed",
        /// Its bytes were deleted, by the visitor or after the retention time.
        Gone = "gone",
    }
}

/// A job's complete state. Each event carries all of it, so that a client that missed events needs no replay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// 64 hexadecimal digits. It is a secret: whoever knows it may read the job.
    pub id: String,
    /// Grows with every change.
    pub revision: u64,
    /// Its state.
    #[serde(deserialize_with = "lenient::job_state")]
    pub state: JobState,
    /// The request, with all defaults filled in.
    pub request: Order,
    /// The id of the model that makes its pictures.
    pub model: String,
    /// One entry for each requested picture.
    pub pictures: Vec<Picture>,
    /// Milliseconds from its creation to now, or to its end.
    pub elapsed_ms: u64,
    /// Milliseconds that such a job usually takes on this site; `None` while unknown.
    pub expected_ms: Option<u64>,
    /// The time of the next try, while upstream has asked to wait.
    pub waiting_until: Option<Timestamp>,
    /// The visitor's allowance; only in the response that creates the job and in the final state.
    pub allowance: Option<Allowance>,
    /// The cost; only on sites that show it.
    pub cost: Option<Cost>,
    /// The reason for its failure.
    #[serde(default, deserialize_with = "lenient::problem")]
    pub problem: Option<Problem>,
}

/// A picture of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Its index in the job, from 0.
    pub index: u32,
    /// Its state.
    #[serde(deserialize_with = "lenient::picture_state")]
    pub state: PictureState,
    /// The path of the original bytes, once it is ready.
    pub url: Option<String>,
    /// The path of the newest partial picture, if the provider sends partial ones.
    pub preview_url: Option<String>,
    /// Its media type, determined from its bytes.
    #[serde(default, deserialize_with = "lenient::known")]
    pub media_type: Option<MediaType>,
    /// Its width in pixels, read from its bytes.
    pub width: Option<u32>,
    /// Its height in pixels, read from its bytes.
    pub height: Option<u32>,
    /// The length of the original in bytes.
    pub bytes: Option<u64>,
    /// Whether the bytes contain a C2PA manifest. Its signature has not been verified.
    pub credentials: bool,
    /// The reason for its failure.
    #[serde(default, deserialize_with = "lenient::problem")]
    pub problem: Option<Problem>,
}

/// What a job costs the operator, in US dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// The worst case, which is reserved in the budget from the job's start.
    pub reserved_usd: Nano,
    /// The amount charged; `None` until the job is settled.
    pub charged_usd: Option<Nano>,
}

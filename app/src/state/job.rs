//! A job as the edge tells it, as far as the studio shows it.
//!
//! Owns reading `contract::job::Job`, a session and an allowance from JSON.

use super::{dollars, draft::Draft, json::Json, trouble::Trouble};
use contract::{
    job::{JobState, PictureState},
    money::Nano,
    options::{MediaType, Size},
    session::{Allowance, TOKEN_MS},
    time::Timestamp,
};

/// The whole state of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Job {
    /// Whoever has it may see the job.
    pub id: String,
    /// Grows with every change.
    pub revision: u64,
    /// Where it stands.
    pub state: JobState,
    /// What was asked for.
    pub draft: Draft,
    /// What has made it.
    pub model: String,
    /// One for each picture that was asked for.
    pub pictures: Vec<Picture>,
    /// From creation to when this was told.
    pub elapsed_ms: u64,
    /// What such a job has taken on this site.
    pub expected_ms: Option<u64>,
    /// While the picture service asks for patience.
    pub waiting_until: Option<Timestamp>,
    /// What is left to this visitor, where it tells.
    pub allowance: Option<Allowance>,
    /// What it came to, once it is settled and where the site shows cost.
    pub charged: Option<Nano>,
    /// Why it failed.
    pub trouble: Option<Trouble>,
}

/// A picture of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    /// Where it stands.
    pub state: PictureState,
    /// The original bytes.
    pub url: Option<String>,
    /// The newest partial picture, where the provider streams.
    pub preview: Option<String>,
    /// Its size, as told by the bytes.
    pub size: Option<Size>,
    /// What it is, as told by the bytes.
    pub media_type: Option<MediaType>,
    /// How many bytes that is.
    pub bytes: Option<u64>,
    /// Whether they carry Content Credentials.
    pub credentials: bool,
    /// Whether this device keeps it: then it is there, whatever the edge says.
    pub kept: bool,
    /// Why it failed.
    pub trouble: Option<Trouble>,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Opened {
    /// Goes into `Authorization: Bearer`.
    pub token: String,
    /// What is left to its visitor.
    pub allowance: Option<Allowance>,
    /// When the edge has said so, by its own clock.
    pub told_at: Option<Timestamp>,
}

/// A job whose pictures this device keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    /// When it was asked for.
    pub since: u64,
    /// As the edge would tell it.
    pub job: Box<Job>,
}

impl Kept {
    /// What kept.js tells.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let json = Json::read(text)?;
        Some(Self { since: json.get("since").whole()?, job: Job::of(&json)? })
    }
}

impl Job {
    /// The job that an answer or an event tells.
    pub(crate) fn read(text: &str) -> Option<Box<Self>> {
        Self::of(&Json::read(text)?)
    }

    fn of(json: &Json) -> Option<Box<Self>> {
        Some(Box::new(Self {
            id: json.get("id").text()?.to_owned(),
            revision: json.get("revision").whole()?,
            state: json.get("state").text()?.parse().ok()?,
            draft: Draft::of(json.get("request"))?,
            model: json.get("model").text()?.to_owned(),
            pictures: json
                .get("pictures")
                .list()
                .iter()
                .map(Picture::read)
                .collect::<Option<_>>()?,
            elapsed_ms: json.get("elapsed_ms").whole()?,
            expected_ms: json.get("expected_ms").whole(),
            waiting_until: json.get("waiting_until").text().and_then(|text| text.parse().ok()),
            allowance: allowance(json.get("allowance")),
            charged: json.get("cost").get("charged_usd").text().and_then(dollars::read),
            trouble: Trouble::read(json.get("problem")),
        }))
    }

    /// Pictures whose bytes can be had.
    pub(crate) fn ready(&self) -> usize {
        self.pictures.iter().filter(|picture| picture.is_ready()).count()
    }

    /// How many pictures came and what all of them cost together, once that is known: to be told at the first of them.
    pub(crate) fn cost(&self, index: usize) -> Option<(usize, Nano)> {
        let first = self.pictures.iter().position(Picture::is_ready) == Some(index);
        self.charged.filter(|usd| first && *usd != Nano::ZERO).map(|usd| (self.ready(), usd))
    }

    /// Has these pictures too, where another telling of the same job says that they are kept.
    pub(crate) fn keep(&mut self, known: &Self) {
        for (own, known) in self.pictures.iter_mut().zip(&known.pictures) {
            if known.kept {
                own.clone_from(known);
            }
        }
    }

    /// Why there is a picture less than was asked for.
    pub(crate) fn why(&self) -> Option<Trouble> {
        self.trouble.or_else(|| self.pictures.iter().find_map(|picture| picture.trouble))
    }
}

impl Picture {
    /// Whether its bytes can be had.
    pub(crate) fn is_ready(&self) -> bool {
        self.state == PictureState::Ready
    }

    fn read(json: &Json) -> Option<Self> {
        let side = |name| json.get(name).whole().and_then(|pixels| u16::try_from(pixels).ok());
        Some(Self {
            state: json.get("state").text()?.parse().ok()?,
            url: json.get("url").text().map(str::to_owned),
            preview: json.get("preview_url").text().map(str::to_owned),
            media_type: json.get("media_type").text().and_then(|text| text.parse().ok()),
            bytes: json.get("bytes").whole(),
            credentials: json.get("credentials") == &Json::Bool(true),
            kept: json.get("kept") == &Json::Bool(true),
            size: side("width").zip(side("height")).map(|(width, height)| Size { width, height }),
            trouble: Trouble::read(json.get("problem")),
        })
    }
}

impl Opened {
    /// The session that an answer tells.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let json = Json::read(text)?;
        let token = json.get("token").text()?.to_owned();
        let expires_at = json.get("expires_at").text().and_then(|text| text.parse().ok());
        let told_at = expires_at.map(|Timestamp(ms)| Timestamp(ms.saturating_sub(TOKEN_MS)));
        Some(Self { token, allowance: allowance(json.get("allowance")), told_at })
    }
}

fn allowance(json: &Json) -> Option<Allowance> {
    Some(Allowance {
        remaining: json.get("remaining").small()?,
        limit: json.get("limit").small()?,
        resets_at: json.get("resets_at").text()?.parse().ok()?,
    })
}

#[cfg(test)]
pub(crate) mod tests;

//! Pictures that this device keeps, as the old scripts tell them.
//!
//! Owns their JSON type and the job that they are shown as. Must not store anything.

use super::request::PictureSet;
use contract::{
    job::{Job, JobState, Order, Picture, PictureState},
    lenient::known,
    options::{Background, Format, MediaType, Quality, Size},
};
use serde::Deserialize;

/// A job of which this device keeps pictures.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct KeptJob {
    /// The job's id.
    pub id: String,
    /// When it was asked for; 0 if that is not known.
    #[serde(default)]
    pub since: u64,
    /// The model that has made it.
    #[serde(default)]
    pub model: String,
    /// What was asked for.
    pub request: KeptRequest,
    /// The pictures that are kept, and no others.
    pub pictures: Vec<KeptPicture>,
}

/// What a kept job asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct KeptRequest {
    /// The description.
    pub prompt: String,
    /// The size.
    pub size: Size,
    /// The quality.
    pub quality: Quality,
    /// The format. A device may have kept a picture before it kept this.
    #[serde(default, deserialize_with = "known")]
    pub format: Option<Format>,
    /// The background. A device may have kept a picture before it kept this.
    #[serde(default, deserialize_with = "known")]
    pub background: Option<Background>,
}

/// A picture that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct KeptPicture {
    /// Its index in the job.
    pub index: u32,
    /// The path of its original at the edge, under which this device has it.
    pub url: String,
    /// Its media type.
    #[serde(default, deserialize_with = "known")]
    pub media_type: Option<MediaType>,
    /// Pixels.
    #[serde(default)]
    pub width: Option<u32>,
    /// Pixels.
    #[serde(default)]
    pub height: Option<u32>,
    /// The length of the original.
    #[serde(default)]
    pub bytes: Option<u64>,
    /// Whether it has Content Credentials.
    #[serde(default)]
    pub credentials: bool,
}

/// The most pictures of a job that is shown: no index beyond is believed.
const MOST: u32 = contract::limits::PICTURES_PER_JOB;

impl KeptJob {
    /// The job as the edge would tell it, and which of its pictures are kept.
    pub(crate) fn job(&self) -> (Box<Job>, PictureSet) {
        let mut kept = PictureSet::default();
        let places = self.pictures.iter().map(|picture| picture.index).filter(|at| *at < MOST);
        let count = places.max().map_or(0, |last| last.saturating_add(1));
        let mut pictures: Vec<Picture> = (0..count).map(missing).collect();
        for own in &self.pictures {
            let place = usize::try_from(own.index).ok().and_then(|at| pictures.get_mut(at));
            if let Some(place) = place {
                kept.add(own.index);
                *place = Picture {
                    index: own.index,
                    state: PictureState::Ready,
                    url: Some(own.url.clone()),
                    preview_url: None,
                    media_type: own.media_type,
                    width: own.width,
                    height: own.height,
                    bytes: own.bytes,
                    credentials: own.credentials,
                    problem: None,
                };
            }
        }
        let request = Order {
            prompt: self.request.prompt.clone(),
            count: 1,
            size: self.request.size,
            quality: self.request.quality,
            background: self.request.background.unwrap_or(Background::Auto),
            format: self.request.format.unwrap_or(Format::Webp),
            compression: None,
        };
        let job = Job {
            id: self.id.clone(),
            revision: 0,
            state: JobState::Succeeded,
            request,
            model: self.model.clone(),
            pictures,
            elapsed_ms: 0,
            expected_ms: None,
            waiting_until: None,
            allowance: None,
            cost: None,
            problem: None,
        };
        (Box::new(job), kept)
    }
}

/// A place of which this device has nothing: it shows nothing in a job that has ended.
fn missing(index: u32) -> Picture {
    Picture {
        index,
        state: PictureState::Pending,
        url: None,
        preview_url: None,
        media_type: None,
        width: None,
        height: None,
        bytes: None,
        credentials: false,
        problem: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_shown_as_a_job() {
        let text = r#"{"id":"ab","since":7,"model":"m","request":{"prompt":"a fox","size":"8x9","quality":"low","format":""},
            "pictures":[{"index":2,"url":"/2","media_type":"image/png","width":8,"height":9,"bytes":3,"credentials":true},
            {"index":4000000000,"url":"/x"}]}"#;
        let kept: KeptJob = serde_json::from_str(text).unwrap();
        let (job, places) = kept.job();
        assert_eq!((job.pictures.len(), places), (3, PictureSet(4)));
        assert_eq!(job.pictures.get(2).and_then(|picture| picture.url.as_deref()), Some("/2"));
        assert_eq!((job.request.format, job.request.count), (Format::Webp, 1));
    }
}

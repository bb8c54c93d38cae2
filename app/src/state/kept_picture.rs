//! A picture of the device history, without its bytes: its stored facts, and the job that it is shown as.
//!
//! Owns the stored text in each form that a release has written, and the grouping by job. Must not store anything.

use super::{request::PictureSet, tile::PictureFacts};
use contract::{
    job::{Job, JobState, Order, Picture, PictureState},
    lenient::known,
    options::{Background, Format, MediaType, Quality, Size},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most pictures of a job that is shown: no index beyond is believed.
const MOST: u32 = contract::limits::PICTURES_PER_JOB;

/// What is stored of a picture beside its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptFacts {
    /// The path of its original at the edge, under which the device has it.
    pub url: String,
    /// The description.
    pub prompt: String,
    /// The size that was asked for.
    pub size: Size,
    /// The quality that was asked for.
    pub quality: Quality,
    /// The format that was asked for. A device may have kept a picture before it kept this.
    #[serde(default, deserialize_with = "known")]
    pub format: Option<Format>,
    /// The background that was asked for. A device may have kept a picture before it kept this.
    #[serde(default, deserialize_with = "known")]
    pub background: Option<Background>,
    /// The model that has made it.
    #[serde(default)]
    pub model: String,
    /// When it was asked for; 0 if that is not known.
    #[serde(default)]
    pub since: u64,
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

/// What version 0.1 stored of a picture: a row's members, of which `facts` is a list with a line each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct FirstForm {
    /// The path of its original at the edge.
    pub url: String,
    /// Quality, size, model, bytes, credentials (`1` or nothing), since, media type, format, background.
    pub facts: String,
    /// The description.
    pub prompt: String,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// The media type of the stored bytes.
    pub media_type: String,
}

/// A picture that is kept, with an object URL of its thumbnail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptPicture {
    /// What is stored of it.
    pub facts: KeptFacts,
    /// The thumbnail's URL, if the browser could make one.
    pub thumbnail: Option<String>,
}

/// A job of which the device keeps pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptJob {
    /// The job as the edge would tell it.
    pub job: Box<Job>,
    /// When it was asked for; 0 if that is not known.
    pub since: u64,
    /// Which of its pictures are kept.
    pub kept: PictureSet,
    /// The thumbnails of these, by index.
    pub thumbnails: Vec<(u32, String)>,
}

impl KeptFacts {
    /// What is stored of a picture of the wall.
    pub(crate) fn of(facts: PictureFacts) -> Option<Self> {
        Some(Self {
            url: facts.url?,
            prompt: facts.prompt,
            size: facts.size,
            quality: facts.quality,
            format: Some(facts.format),
            background: Some(facts.background),
            model: facts.model,
            since: facts.since,
            media_type: facts.media_type,
            width: facts.width,
            height: facts.height,
            bytes: Some(facts.bytes),
            credentials: facts.credentials,
        })
    }

    /// Reads the text that [`Self::to_text`] has written; `None` for any other.
    pub(crate) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The text that is stored.
    pub(crate) fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what version 0.1 has stored. Its earliest builds wrote no format and no background.
    pub(crate) fn read_first_form(form: FirstForm) -> Option<Self> {
        let mut lines = form.facts.split('\n');
        let mut next = || lines.next().unwrap_or_default();
        let (quality, size) = (next().parse().ok()?, next().parse().ok()?);
        let (model, bytes, credentials, since) = (next(), next(), next(), next());
        // The type that was told of the picture: the bytes' own is stored beside it.
        next();
        let (format, background) = (next().parse().ok(), next().parse().ok());
        Some(Self {
            quality,
            size,
            model: model.to_owned(),
            bytes: bytes.parse().ok(),
            credentials: !credentials.is_empty(),
            since: since.parse().unwrap_or_default(),
            format,
            background,
            media_type: form.media_type.parse().ok(),
            url: form.url,
            prompt: form.prompt,
            width: form.width,
            height: form.height,
        })
    }

    /// The id of its job and its index in it, as its path names them.
    fn place(&self) -> Option<(&str, u32)> {
        let mut parts = self.url.strip_prefix("/v1/jobs/")?.split('/');
        let (id, folder, index) = (parts.next()?, parts.next()?, parts.next()?);
        let index = index.parse().ok().filter(|index| *index < MOST)?;
        (folder == "pictures" && parts.next().is_none()).then_some((id, index))
    }
}

/// The jobs that these pictures are of. A picture whose path is none is left out.
pub(crate) fn jobs(pictures: Vec<KeptPicture>) -> Vec<KeptJob> {
    let mut jobs = BTreeMap::<String, KeptJob>::new();
    for KeptPicture { facts, thumbnail } in pictures {
        let Some((id, index)) = facts.place() else { continue };
        let own = jobs.entry(id.to_owned()).or_insert_with(|| job_of(id, &facts));
        own.kept.add(index);
        own.thumbnails.extend(thumbnail.map(|url| (index, url)));
        let known = u32::try_from(own.job.pictures.len()).unwrap_or(MOST);
        // A place of which the device has nothing shows nothing in a job that has ended.
        own.job.pictures.extend((known..=index).map(missing));
        if let Some(place) = usize::try_from(index).ok().and_then(|at| own.job.pictures.get_mut(at))
        {
            *place = Picture {
                state: PictureState::Ready,
                url: Some(facts.url),
                media_type: facts.media_type,
                width: facts.width,
                height: facts.height,
                bytes: facts.bytes,
                credentials: facts.credentials,
                ..missing(index)
            };
        }
    }
    jobs.into_values().collect()
}

fn job_of(id: &str, facts: &KeptFacts) -> KeptJob {
    let job = Job {
        id: id.to_owned(),
        revision: 0,
        state: JobState::Succeeded,
        request: Order {
            prompt: facts.prompt.clone(),
            count: 1,
            size: facts.size,
            quality: facts.quality,
            background: facts.background.unwrap_or(Background::Auto),
            format: facts.format.unwrap_or(Format::Webp),
            compression: None,
        },
        model: facts.model.clone(),
        pictures: Vec::new(),
        elapsed_ms: 0,
        expected_ms: None,
        waiting_until: None,
        allowance: None,
        cost: None,
        problem: None,
    };
    let kept = PictureSet::default();
    KeptJob { job: Box::new(job), since: facts.since, kept, thumbnails: Vec::new() }
}

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

    fn first_form(index: &str, facts: &str) -> FirstForm {
        FirstForm {
            url: format!("/v1/jobs/ab/pictures/{index}"),
            facts: facts.to_owned(),
            prompt: "a fox\nin snow".to_owned(),
            width: Some(1536),
            height: Some(1024),
            media_type: "image/png".to_owned(),
        }
    }

    /// As version 0.1 has written it, letter by letter.
    const FACTS: &str = "medium\n1536x1024\nopenai/gpt-image-1-mini\n52034\n1\n1795343000000\nimage/webp\npng\ntransparent";

    #[test]
    fn what_version_0_1_has_stored_is_read_and_stored_anew() {
        let facts = KeptFacts::read_first_form(first_form("2", FACTS)).unwrap();
        let expected = KeptFacts {
            url: "/v1/jobs/ab/pictures/2".to_owned(),
            prompt: "a fox\nin snow".to_owned(),
            size: Size { width: 1536, height: 1024 },
            quality: Quality::Medium,
            format: Some(Format::Png),
            background: Some(Background::Transparent),
            model: "openai/gpt-image-1-mini".to_owned(),
            since: 1_795_343_000_000,
            media_type: Some(MediaType::Png),
            width: Some(1536),
            height: Some(1024),
            bytes: Some(52_034),
            credentials: true,
        };
        assert_eq!(facts, expected);
        assert_eq!(KeptFacts::read(&facts.to_text()), Some(facts));
    }

    #[test]
    fn what_its_earliest_builds_did_not_write_is_not_known() {
        let short = "low\n1024x1024\nm\n9\n\n";
        let facts = KeptFacts::read_first_form(first_form("0", short)).unwrap();
        assert_eq!((facts.format, facts.background, facts.since), (None, None, 0));
        assert!(!facts.credentials);
        for none in ["", "low", "low\n1024", "ultra\n1024x1024\nm"] {
            assert_eq!(KeptFacts::read_first_form(first_form("0", none)), None, "{none}");
        }
    }

    #[test]
    fn pictures_are_shown_as_jobs_and_no_index_beyond_the_most_is_believed() {
        let picture = |index: &str| KeptPicture {
            facts: KeptFacts::read_first_form(first_form(index, FACTS)).unwrap(),
            thumbnail: Some(format!("blob:{index}")),
        };
        let all = ["2", "0", "4000000000", "10", "x", ""].map(picture).to_vec();
        let jobs = jobs(all);
        let [KeptJob { job, kept, since, thumbnails }] = jobs.as_slice() else {
            panic!("{jobs:?}")
        };
        assert_eq!((job.id.as_str(), job.pictures.len(), *kept), ("ab", 3, PictureSet(5)));
        assert_eq!(*since, 1_795_343_000_000);
        assert_eq!(thumbnails.len(), 2);
        let states: Vec<_> = job.pictures.iter().map(|picture| picture.state).collect();
        let (ready, pending) = (PictureState::Ready, PictureState::Pending);
        assert_eq!(states, [ready, pending, ready]);
        let indices: Vec<_> = job.pictures.iter().map(|picture| picture.index).collect();
        assert_eq!(indices, [0, 1, 2]);
    }
}

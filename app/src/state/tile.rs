//! The tiles of the wall: the requests, picture by picture.
//!
//! Owns which tile shows what. Must not hold a time of day, nor anything of the browser but URLs.

use super::{
    error::StudioError,
    job::{self, SQUARE},
    progress::Progress,
    request::{Request, Sending, Stage},
    virtual_scroll::{Item, Shape},
};
use contract::{
    job::{Job, JobRequest, PictureState},
    money::Nano,
    options::{Background, Format, MediaType, Quality, Size},
    problem::ProblemKind,
};

/// A place on the wall, for as long as something hangs there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TileKey {
    /// The request.
    pub serial: u32,
    /// The index of the picture in it.
    pub index: u32,
}

impl TileKey {
    /// The key as the document's attributes have it.
    pub(crate) fn text(self) -> String {
        format!("{}-{}", self.serial, self.index)
    }
}

/// The text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoKey;

impl std::str::FromStr for TileKey {
    type Err = NoKey;

    fn from_str(text: &str) -> Result<Self, NoKey> {
        let (serial, index) = text.split_once('-').ok_or(NoKey)?;
        let number = |text: &str| text.parse().map_err(|_| NoKey);
        Ok(Self { serial: number(serial)?, index: number(index)? })
    }
}

/// What a place shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TileView {
    /// The shape that it takes.
    pub size: Size,
    /// What was asked for.
    pub prompt: String,
    /// Previews that are decoded, the newest last: they lie below what else the place shows.
    pub previews: Vec<String>,
    /// What it shows.
    pub state: TileState,
}

/// What a place shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TileState {
    /// The wait.
    Waiting(Waiting),
    /// A picture.
    Picture(PictureView),
    /// What went wrong.
    Problem {
        /// That.
        error: StudioError,
        /// Whether a newer picture has come: then the card is a line.
        line: bool,
    },
    /// What goes wrong, while it is tried again.
    Doubt(StudioError),
}

/// The kinds of [`TileState`]: only with another one the place has other elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TileKind {
    /// The wait.
    Waiting,
    /// A picture.
    Picture,
    /// What went wrong.
    Problem,
    /// What goes wrong, while it is tried again.
    Doubt,
}

/// A wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Waiting {
    /// How far it is.
    pub progress: Progress,
    /// Whether it has a Cancel of its own: the first place of its request has.
    pub can_cancel: bool,
    /// For so many minutes the picture will be here: the visitor may leave meanwhile.
    pub may_leave: Option<u32>,
}

/// A picture that can be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PictureView {
    /// The path of its original.
    pub url: String,
    /// A smaller copy, which the browser has made.
    pub thumbnail: Option<String>,
    /// Its media type.
    pub media_type: Option<MediaType>,
    /// Whether the page has got it.
    pub used: bool,
}

/// What the viewer and the zip tell of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PictureFacts {
    /// The path of its original.
    pub url: Option<String>,
    /// What was asked for.
    pub prompt: String,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// The quality that was asked for.
    pub quality: Quality,
    /// The size that was asked for.
    pub size: Size,
    /// The model that has made it.
    pub model: String,
    /// The length of the original.
    pub bytes: u64,
    /// Whether it has Content Credentials.
    pub credentials: bool,
    /// When it was asked for; 0 if that is forgotten.
    pub since: u64,
    /// Its media type.
    pub media_type: Option<MediaType>,
    /// The format that was asked for.
    pub format: Format,
    /// The background that was asked for.
    pub background: Background,
    /// How many pictures of its job came and what all cost, where this is the first of them.
    pub cost: Option<(usize, Nano)>,
}

impl TileView {
    /// A place of which nothing is known.
    pub(crate) fn unknown() -> Self {
        Self {
            size: SQUARE,
            prompt: String::new(),
            previews: Vec::new(),
            state: TileState::Waiting(Waiting::default()),
        }
    }

    /// The kind of what it shows.
    pub(crate) const fn kind(&self) -> TileKind {
        match self.state {
            TileState::Waiting(_) => TileKind::Waiting,
            TileState::Picture(_) => TileKind::Picture,
            TileState::Problem { .. } => TileKind::Problem,
            TileState::Doubt(_) => TileKind::Doubt,
        }
    }
}

/// What the places of a request need to know beside it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around {
    /// How far it is.
    pub progress: Progress,
    /// For so many minutes the picture will be here, where the visitor should know.
    pub may_leave: Option<u32>,
    /// The picture that the page has got.
    pub used: Option<TileKey>,
}

/// The places of a request, in their order.
pub(crate) fn views(request: &Request, around: Around) -> Vec<(TileKey, TileView)> {
    let mut tiles = Vec::new();
    let whole = |order: &JobRequest, state| {
        let size = order.size.unwrap_or(SQUARE);
        tile(request, 0, size, &order.prompt, state)
    };
    match &request.stage {
        Stage::Sending(Sending { order, card: Some(error), cancelled: false, .. }) => {
            tiles.push(whole(order, TileState::Doubt(*error)));
        }
        Stage::Sending(Sending { order, cancelled, .. }) => {
            for index in 0..order.count.unwrap_or(1) {
                let size = order.size.unwrap_or(SQUARE);
                let wait = waiting(index == 0 && !cancelled, around);
                tiles.push(tile(request, index, size, &order.prompt, wait));
            }
        }
        Stage::Running(running) => {
            job_tiles(request, &running.job, Some(!running.cancelled), around, &mut tiles);
        }
        Stage::Done(job) => job_tiles(request, job, None, around, &mut tiles),
        Stage::Failed { order, error } => {
            let problem = TileState::Problem { error: *error, line: request.shrunk };
            tiles.push(whole(order, problem));
        }
        // The first question says soon enough what hangs there.
        Stage::Remembered { tries: 0, .. } => {}
        Stage::Remembered { .. } => {
            tiles.push(tile(request, 0, SQUARE, "", waiting(false, around)));
        }
    }
    tiles
}

/// The places of a request as the wall's rows depend on them.
pub(crate) fn items(request: &Request) -> Vec<Item> {
    let around = Around { progress: Progress::default(), may_leave: None, used: None };
    let item = |(key, view): (TileKey, TileView)| {
        let shape = match view.state {
            TileState::Waiting(_) | TileState::Picture(_) => Shape::Picture(view.size),
            TileState::Problem { line: true, .. } => Shape::Line,
            TileState::Problem { .. } | TileState::Doubt(_) => Shape::Card,
        };
        Item { key, shape }
    };
    views(request, around).into_iter().map(item).collect()
}

fn waiting(can_cancel: bool, around: Around) -> TileState {
    let Around { progress, may_leave, .. } = around;
    TileState::Waiting(Waiting { progress, can_cancel, may_leave })
}

/// A job's places: pictures, waits, and one card for all that will not come. `runs`: whether it can be cancelled, while it
/// runs.
fn job_tiles(
    request: &Request,
    job: &Job,
    runs: Option<bool>,
    around: Around,
    tiles: &mut Vec<(TileKey, TileView)>,
) {
    let (mut card, mut can_cancel) = (None, runs == Some(true));
    let shown = (0..).zip(&job.pictures).filter(|(index, _)| !request.hides(*index));
    for (index, picture) in shown {
        let key = TileKey { serial: request.serial, index };
        let state = match (picture.state, &picture.url) {
            (_, Some(_)) if job::is_ready(picture) && request.lost.has(index) => {
                waiting(false, around)
            }
            (_, Some(url)) if job::is_ready(picture) => TileState::Picture(PictureView {
                url: url.clone(),
                thumbnail: request.thumbnail(index).map(str::to_owned),
                media_type: picture.media_type,
                used: around.used == Some(key),
            }),
            (PictureState::Pending | PictureState::Preview, _) if runs.is_some() => {
                waiting(std::mem::take(&mut can_cancel), around)
            }
            (PictureState::Failed, _) => {
                let own = picture.problem.as_ref().map(StudioError::read);
                card = card.or(job::why(job).or(own).map(|error| (index, error)));
                continue;
            }
            (PictureState::Gone, _) => {
                card = card.or(Some((index, StudioError::of(ProblemKind::PictureGone))));
                continue;
            }
            _ => continue,
        };
        let size = job::size(picture).unwrap_or(job.request.size);
        tiles.push(tile(request, index, size, &job.request.prompt, state));
    }
    if let Some((index, error)) = card.filter(|_| runs.is_none()) {
        let problem = TileState::Problem { error, line: request.shrunk };
        tiles.push(tile(request, index, job.request.size, &job.request.prompt, problem));
    }
}

/// What is told of a picture beside itself.
pub(crate) fn facts(request: &Request, index: u32) -> Option<PictureFacts> {
    let job = request.job()?;
    let picture = job::picture(job, index)?;
    Some(PictureFacts {
        url: picture.url.clone(),
        prompt: job.request.prompt.clone(),
        width: picture.width,
        height: picture.height,
        quality: job.request.quality,
        size: job.request.size,
        model: job.model.clone(),
        bytes: picture.bytes.unwrap_or_default(),
        credentials: picture.credentials,
        since: request.since,
        media_type: picture.media_type,
        format: job.request.format,
        background: job.request.background,
        cost: job::cost(job, index).filter(|_| matches!(request.stage, Stage::Done(_))),
    })
}

fn tile(
    request: &Request,
    index: u32,
    size: Size,
    prompt: &str,
    state: TileState,
) -> (TileKey, TileView) {
    let previews = request.previews(index);
    let key = TileKey { serial: request.serial, index };
    (key, TileView { size, prompt: prompt.to_owned(), previews, state })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{
        job::tests::{job, job_of},
        request::Running,
    };
    use contract::job::JobState;

    const AROUND: Around = Around {
        progress: Progress::Elapsed { seconds: 0, expected: None },
        may_leave: None,
        used: None,
    };

    fn kinds(request: &Request) -> Vec<(u32, TileKind)> {
        let views = views(request, AROUND);
        views.iter().map(|(key, view)| (key.index, view.kind())).collect()
    }

    #[test]
    fn pictures_come_one_by_one_and_what_failed_is_one_card() {
        use PictureState::{Failed, Pending, Ready};
        let four = job_of(&[Failed, Ready, Failed, Pending]);
        let running = Stage::Running(Running::new(four.clone(), 0));
        let running = Request::new(1, running);
        assert_eq!(kinds(&running), [(1, TileKind::Picture), (3, TileKind::Waiting)]);
        let done = Request::new(1, Stage::Done(four));
        assert_eq!(kinds(&done), [(1, TileKind::Picture), (0, TileKind::Problem)]);
    }

    #[test]
    fn only_the_first_wait_of_a_request_has_a_cancel() {
        use PictureState::{Pending, Ready};
        let three = job_of(&[Ready, Pending, Pending]);
        let running = Request::new(1, Stage::Running(Running::new(three, 0)));
        let views = views(&running, AROUND);
        let cancels: Vec<_> = views
            .iter()
            .map(|(_, view)| matches!(view.state, TileState::Waiting(wait) if wait.can_cancel))
            .collect();
        assert_eq!(cancels, [false, true, false]);
    }

    #[test]
    fn what_is_deleted_hangs_no_more_be_it_a_picture_or_a_card() {
        let two = job_of(&[PictureState::Ready, PictureState::Failed]);
        let mut request = Request::new(1, Stage::Done(two));
        assert_eq!(kinds(&request).len(), 2);
        request.gone.add(1);
        assert_eq!(kinds(&request).len(), 1);
        request.binned.add(0);
        assert_eq!(kinds(&request), []);
    }

    #[test]
    fn the_facts_of_a_picture_are_those_of_its_job() {
        let mut request = Request::new(1, Stage::Done(job("ab", 1, JobState::Succeeded)));
        request.since = 1_795_343_000_000;
        let facts = facts(&request, 0).unwrap();
        assert_eq!(facts.url.as_deref(), Some("/v1/jobs/ab/pictures/0"));
        assert_eq!((facts.width, facts.height, facts.bytes), (Some(1536), Some(1024), 1_234_567));
        assert!(facts.credentials && facts.since == request.since);
    }

    #[test]
    fn what_is_remembered_shows_nothing_until_it_is_seen_or_cannot_be_had() {
        let remembered = |tries| {
            let id = "ab".to_owned();
            kinds(&Request::new(1, Stage::Remembered { id, tries }))
        };
        assert_eq!((remembered(0), remembered(1)), (vec![], vec![(0, TileKind::Waiting)]));
    }

    #[test]
    fn a_key_reads_back() {
        let key = TileKey { serial: 31, index: 7 };
        assert_eq!((key.text().as_str(), key.text().parse()), ("31-7", Ok(key)));
        for bad in ["", "1", "1-", "-1", "a-b", "1-2-3"] {
            assert_eq!(bad.parse::<TileKey>(), Err(NoKey), "{bad}");
        }
    }
}

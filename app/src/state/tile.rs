//! What hangs on the wall: the entries, seen picture by picture.
//!
//! Owns which place shows what. Must not hold anything that changes each second: `progress` has that.

use super::{
    digits::digits,
    entry::{Entry, Sending, Stage},
    job::Job,
    trouble::Trouble,
};
use contract::{
    job::PictureState,
    options::{MediaType, Size},
    problem::ProblemKind,
};

/// The shape of a place of which nothing is known yet.
const SQUARE: Size = Size { width: 1024, height: 1024 };

/// A place on the wall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tile {
    /// Tells it from every other place, and from itself with another face. First the entry's serial.
    pub key: (u32, u32, u8),
    /// The shape that it takes.
    pub size: Size,
    /// What was asked for.
    pub prompt: String,
    /// What it shows.
    pub face: Face,
}

/// What a place shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Face {
    /// The wait.
    Wait,
    /// A picture, by its path.
    Picture(String),
    /// What went wrong.
    Trouble(Trouble),
    /// What goes wrong, while it is tried again.
    Again(Trouble),
}

/// The wall, newest first.
pub(crate) fn wall(entries: &[Entry]) -> Vec<Tile> {
    let mut tiles = Vec::new();
    for entry in entries {
        match &entry.stage {
            Stage::Sending(Sending { draft, card: Some(trouble), cancelled: false, .. }) => {
                tiles.push(tile(entry, 0, draft.size, &draft.prompt, Face::Again(*trouble)));
            }
            Stage::Sending(sending) => {
                for index in 0..sending.draft.count {
                    tiles.push(tile(
                        entry,
                        index,
                        sending.draft.size,
                        &sending.draft.prompt,
                        Face::Wait,
                    ));
                }
            }
            Stage::Running(running) => job_tiles(entry, &running.job, true, &mut tiles),
            Stage::Done(job) => job_tiles(entry, job, false, &mut tiles),
            Stage::Failed { draft, trouble } => {
                tiles.push(tile(entry, 0, draft.size, &draft.prompt, Face::Trouble(*trouble)));
            }
            // The first question says soon enough what hangs there.
            Stage::Remembered { tries: 0, .. } => {}
            Stage::Remembered { .. } => tiles.push(tile(entry, 0, SQUARE, "", Face::Wait)),
        }
    }
    tiles
}

/// A job's places: pictures, waits, and one card for all that will not come.
fn job_tiles(entry: &Entry, job: &Job, runs: bool, tiles: &mut Vec<Tile>) {
    let mut card = None;
    for (index, picture) in (0..).zip(&job.pictures).filter(|(index, _)| !entry.hides(*index)) {
        let face = match (picture.state, &picture.url) {
            (PictureState::Ready, Some(_)) if entry.lost.has(index) => Face::Wait,
            (PictureState::Ready, Some(url)) => Face::Picture(url.clone()),
            (PictureState::Pending | PictureState::Preview, _) if runs => Face::Wait,
            (PictureState::Failed, _) => {
                card = card.or(job.why().map(|trouble| (index, trouble)));
                continue;
            }
            (PictureState::Gone, _) => {
                card = card.or(Some((index, Trouble::of(ProblemKind::PictureGone))));
                continue;
            }
            _ => continue,
        };
        let size = picture.size.unwrap_or(job.draft.size);
        tiles.push(tile(entry, index, size, &job.draft.prompt, face));
    }
    if let Some((index, trouble)) = card.filter(|_| !runs) {
        tiles.push(tile(entry, index, job.draft.size, &job.draft.prompt, Face::Trouble(trouble)));
    }
}

/// What is told of a picture beside itself, a line each: quality, shape, model, bytes, credentials, when it was asked for,
/// media type, and the words of format and background that were asked for.
pub(crate) fn facts(entry: &Entry, index: u32) -> Option<String> {
    let job = entry.job()?;
    let picture = job.pictures.get(usize::try_from(index).ok()?)?;
    let Size { width, height } = job.draft.size;
    Some(
        [
            job.draft.quality.as_str(),
            &[&digits(width), "x", &digits(height)].concat(),
            &job.model,
            &digits(picture.bytes.unwrap_or_default()),
            if picture.credentials { "1" } else { "" },
            &digits(entry.since),
            picture.media_type.map(MediaType::word).unwrap_or_default(),
            &job.draft.format,
            &job.draft.background,
        ]
        .join("\n"),
    )
}

fn tile(entry: &Entry, index: u32, size: Size, prompt: &str, face: Face) -> Tile {
    let kind = match face {
        Face::Wait => 0,
        Face::Picture(..) => 1,
        Face::Trouble(_) => 2,
        Face::Again(_) => 3,
    };
    Tile { key: (entry.serial, index, kind), size, prompt: prompt.to_owned(), face }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{entry::Running, job::tests::job};
    use contract::job::JobState;

    fn faces(stage: Stage) -> Vec<Face> {
        let entries = [Entry::new(1, stage)];
        wall(&entries).into_iter().map(|tile| tile.face).collect()
    }

    #[test]
    fn pictures_come_one_by_one_and_what_failed_is_one_card() {
        let mut three = job("ab", 1, JobState::Succeeded);
        let ready = three.pictures.first().unwrap().clone();
        let state = |state| crate::state::job::Picture { state, ..ready.clone() };
        let trouble = Trouble::of(ProblemKind::PromptRefused);
        three.trouble = Some(trouble);
        three.pictures = vec![
            state(PictureState::Failed),
            state(PictureState::Ready),
            state(PictureState::Failed),
            state(PictureState::Pending),
        ];
        let picture = Face::Picture("/v1/jobs/ab/pictures/0".to_owned());
        let running = Running::new(three.clone(), 0);
        assert_eq!(faces(Stage::Running(running)), [picture.clone(), Face::Wait]);
        assert_eq!(faces(Stage::Done(three)), [picture, Face::Trouble(trouble)]);
    }

    #[test]
    fn what_is_deleted_hangs_no_more_be_it_a_picture_or_a_card() {
        let mut two = job("ab", 1, JobState::Succeeded);
        let ready = two.pictures.first().unwrap().clone();
        two.trouble = Some(Trouble::of(ProblemKind::PromptRefused));
        let failed = crate::state::job::Picture { state: PictureState::Failed, ..ready.clone() };
        two.pictures = vec![ready, failed];
        let mut entries = [Entry::new(1, Stage::Done(two))];
        assert_eq!(wall(&entries).len(), 2);
        entries[0].gone.add(1);
        assert_eq!(wall(&entries).len(), 1);
        entries[0].binned.add(0);
        assert_eq!(wall(&entries), []);
    }

    #[test]
    fn the_facts_of_a_picture_are_lines() {
        let mut entry = Entry::new(1, Stage::Done(job("ab", 1, JobState::Succeeded)));
        entry.since = 1_795_343_000_000;
        let facts = facts(&entry, 0).unwrap();
        let lines: Vec<_> = facts.split('\n').collect();
        let [quality, shape, model, bytes, credentials, since, media_type, format, background] =
            lines[..]
        else {
            panic!("{facts}")
        };
        assert_eq!((quality, shape, model), ("medium", "1536x1024", "openai/gpt-image-1-mini"));
        assert_eq!((bytes, credentials, since), ("1234567", "1", "1795343000000"));
        assert_eq!((media_type, format, background), ("image/png", "png", "auto"));
    }

    #[test]
    fn what_is_remembered_shows_nothing_until_it_is_seen_or_cannot_be_had() {
        let remembered = |tries| faces(Stage::Remembered { id: "ab".to_owned(), tries });
        assert_eq!((remembered(0), remembered(1)), (vec![], vec![Face::Wait]));
    }
}

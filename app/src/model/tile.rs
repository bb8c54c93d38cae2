//! What hangs on the wall: the entries, seen picture by picture.
//!
//! Owns which place shows what. Must not hold anything that changes each second: `progress` has that.

use super::{
    entry::{Entry, Stage},
    job::Job,
    trouble::Trouble,
};
use contract::{
    job::PictureState,
    options::{MediaType, Size},
    problem::ProblemKind,
};

/// A place on the wall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tile {
    /// Tells it from every other place, and from itself with another face. First the entry's serial.
    pub key: (u32, u32, u8, u8),
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
    /// A picture, by its path, and what its bytes are.
    Picture(String, Option<MediaType>),
    /// What went wrong.
    Trouble(Trouble),
}

/// The wall, newest first.
pub(crate) fn wall(entries: &[Entry]) -> Vec<Tile> {
    let mut tiles = Vec::new();
    for entry in entries {
        match &entry.stage {
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
            Stage::Remembered { .. } => {}
        }
    }
    tiles
}

/// A job's places: pictures, waits, and one card for all that will not come.
fn job_tiles(entry: &Entry, job: &Job, runs: bool, tiles: &mut Vec<Tile>) {
    let mut card = None;
    for (index, picture) in (0..).zip(&job.pictures) {
        let face = match (picture.state, &picture.url) {
            (PictureState::Ready, Some(url)) => Face::Picture(url.clone(), picture.media_type),
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

fn tile(entry: &Entry, index: u32, size: Size, prompt: &str, face: Face) -> Tile {
    let kind = match face {
        Face::Wait => 0,
        Face::Picture(..) => 1,
        Face::Trouble(_) => 2,
    };
    Tile { key: (entry.serial, index, kind, entry.loads), size, prompt: prompt.to_owned(), face }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{entry::Running, job::tests::job};
    use contract::job::JobState;

    fn faces(stage: Stage) -> Vec<Face> {
        let entries = [Entry::new(1, stage)];
        wall(&entries).into_iter().map(|tile| tile.face).collect()
    }

    #[test]
    fn pictures_come_one_by_one_and_what_failed_is_one_card() {
        let mut three = job("ab", 1, JobState::Succeeded);
        let ready = three.pictures.first().unwrap().clone();
        let state = |state| crate::model::job::Picture { state, ..ready.clone() };
        let trouble = Trouble::of(ProblemKind::PromptRefused);
        three.trouble = Some(trouble);
        three.pictures = vec![
            state(PictureState::Failed),
            state(PictureState::Ready),
            state(PictureState::Failed),
            state(PictureState::Pending),
        ];
        let picture = Face::Picture("/v1/jobs/ab/pictures/0".to_owned(), ready.media_type);
        let running = Running { job: three.clone(), seen: 0, cancelled: false, heard: true };
        assert_eq!(faces(Stage::Running(running)), [picture.clone(), Face::Wait]);
        assert_eq!(faces(Stage::Done(three)), [picture, Face::Trouble(trouble)]);
    }

    #[test]
    fn what_is_remembered_shows_nothing_until_it_is_seen() {
        assert_eq!(faces(Stage::Remembered { id: "ab".to_owned() }), []);
    }
}

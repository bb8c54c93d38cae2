//! The lazy part: fetched with the first picture, once; one that does not come is told, and asked for again.

use super::*;
use crate::state::draft::Note;

fn asks(commands: &[Command]) -> usize {
    commands.iter().filter(|it| **it == Command::LoadLazyPart).count()
}

#[test]
fn it_is_asked_for_once_when_the_first_picture_is_there() {
    let mut studio = running();
    assert_eq!(asks(&studio.apply(Event::PictureLoaded(key(1, 0)), T)), 1);
    assert_eq!(asks(&studio.apply(Event::PictureLoaded(key(1, 1)), T)), 0, "it is on its way");
    studio.apply(Event::LazyPartMounted, T);
    assert_eq!(asks(&studio.apply(Event::PictureLoaded(key(1, 1)), T)), 0, "it is here");
}

#[test]
fn one_that_does_not_come_is_told_and_asked_for_by_the_next_picture() {
    let mut studio = running();
    studio.apply(Event::PictureLoaded(key(1, 0)), T);
    let commands = studio.apply(Event::LazyPartMissing, T);
    let note = Announcement::Note(Note::PartMissing);
    assert_eq!(commands, [Command::Announce(note)]);
    assert_eq!(studio.note(), Some(Note::PartMissing));
    // The page around the frame scrolls only for somebody who waits.
    studio.apply(fetched(2, JobState::Succeeded), T);
    studio.apply(Event::ViewerOpened(key(1, 0)), T);
    let commands = studio.apply(Event::LazyPartMissing, T);
    assert!(commands.contains(&Command::ScrollToNote), "{commands:?}");
    assert_eq!(asks(&studio.apply(Event::PictureLoaded(key(1, 1)), T)), 1);
}

#[test]
fn one_of_another_release_is_told_and_asked_for_again() {
    let mut studio = running();
    studio.apply(Event::PictureLoaded(key(1, 0)), T);
    studio.apply(Event::PartMissing, T);
    assert_eq!(studio.note(), Some(Note::Updated));
    assert_eq!(asks(&studio.apply(Event::PictureLoaded(key(1, 1)), T)), 1);
}

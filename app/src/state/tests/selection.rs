//! Several pictures at once: selecting, deleting, the archive.

use super::*;
use crate::state::selection::{Archive, SelectionView};

/// A studio with five pictures on the wall, of which the last job has failed in part.
fn five() -> Studio {
    let mut studio = running();
    let mut job = job_of(&[PictureState::Ready; 5]);
    (job.revision, job.state) = (9, JobState::Succeeded);
    studio.apply(Event::JobFetched("ab".to_owned(), Ok(job)), T);
    studio
}

fn pick(studio: &mut Studio, index: u32, range: bool) {
    studio.apply(Event::TilePicked { key: key(1, index), range }, T);
}

fn picked(studio: &Studio) -> Vec<u32> {
    let mut picked: Vec<_> = studio.picked().iter().map(|key| key.index).collect();
    picked.sort_unstable();
    picked
}

#[test]
fn selecting_moves_the_focus_and_its_end_forgets_what_was_picked() {
    let mut studio = five();
    let focus = |target| vec![Command::Focus(target)];
    pick(&mut studio, 0, false);
    assert_eq!(studio.selection(), SelectionView::default(), "nobody is selecting");
    assert_eq!(studio.apply(Event::Selecting(true), T), focus(FocusTarget::SelectAll));
    pick(&mut studio, 0, false);
    assert_eq!(studio.selection().count, 1);
    assert_eq!(studio.apply(Event::Selecting(false), T), focus(FocusTarget::Select));
    assert_eq!(studio.apply(Event::Selecting(false), T), []);
    studio.apply(Event::Selecting(true), T);
    assert!(picked(&studio).is_empty());
}

#[test]
fn with_shift_all_since_the_last_one_are_picked_or_let_go() {
    let mut studio = five();
    studio.apply(Event::Selecting(true), T);
    pick(&mut studio, 3, true);
    assert_eq!(picked(&studio), [3], "there is no last one");
    pick(&mut studio, 1, true);
    assert_eq!(picked(&studio), [1, 2, 3]);
    pick(&mut studio, 2, false);
    pick(&mut studio, 3, true);
    assert_eq!(picked(&studio), [1]);
}

#[test]
fn all_are_picked_and_then_none() {
    let mut studio = five();
    studio.apply(Event::Selecting(true), T);
    pick(&mut studio, 3, false);
    studio.apply(Event::AllPicked, T);
    assert_eq!(picked(&studio), [0, 1, 2, 3, 4]);
    studio.apply(Event::AllPicked, T);
    assert!(picked(&studio).is_empty());
}

#[test]
fn what_is_deleted_is_not_selected_any_more_and_the_focus_is_on_undo() {
    let mut studio = five();
    studio.apply(Event::Selecting(true), T);
    assert_eq!(studio.apply(Event::SelectedDeleted, T), [], "nothing is selected");
    pick(&mut studio, 1, false);
    pick(&mut studio, 4, false);
    studio.apply(Event::DeletePressed(vec![key(1, 4)]), T);
    assert_eq!(picked(&studio), [1]);
    let commands = studio.apply(Event::SelectedDeleted, T);
    assert!(commands.contains(&Command::Focus(FocusTarget::Undo)), "{commands:?}");
    assert_eq!(studio.selection(), SelectionView::default());
    assert_eq!((studio.order().len(), studio.undo_count()), (3, 2));
}

#[test]
fn an_archive_is_made_once_at_a_time_saved_and_let_go() {
    let mut studio = five();
    studio.apply(Event::Selecting(true), T);
    assert_eq!(studio.apply(Event::SelectedSaved, T), []);
    studio.apply(Event::AllPicked, T);
    let commands = studio.apply(Event::SelectedSaved, T);
    assert!(matches!(&commands[..], [Command::MakeArchive(all)] if all.len() == 5), "{commands:?}");
    assert!(studio.selection().saves);
    assert_eq!(studio.apply(Event::SelectedSaved, T), [], "one is being made");
    let archive = Archive { url: "blob:1".to_owned(), name: "a.zip".to_owned() };
    let made = Event::ArchiveMade { archive: Some(archive.clone()), away: false };
    let later = Command::After(60_000, Due::ReleaseArchive("blob:1".to_owned()));
    assert_eq!(studio.apply(made, T), [later, Command::SaveArchive]);
    assert_eq!(studio.archive(), Some(&archive));
    let over = Event::Due(Due::ReleaseArchive("blob:1".to_owned()));
    assert_eq!(studio.apply(over, T), [Command::ReleaseArchive("blob:1".to_owned())]);
    assert_eq!(studio.archive(), None);
    studio.apply(Event::SelectedSaved, T);
    let away = Event::ArchiveMade { archive: None, away: true };
    assert_eq!(studio.apply(away, T), [Command::Announce(Announcement::PictureAway)]);
}

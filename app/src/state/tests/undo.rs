//! Deleting, and its undo.

use super::*;

pub(super) fn three() -> Box<Job> {
    let mut three = job_of(&[PictureState::Ready; 3]);
    (three.revision, three.state) = (9, JobState::Succeeded);
    three
}

/// A studio with a job of three pictures, and what it remembers of it.
pub(super) fn done() -> Studio {
    let mut studio = running();
    studio.apply(Event::JobFetched("ab".to_owned(), Ok(three())), T);
    studio
}

pub(super) fn places(studio: &Studio) -> Vec<u32> {
    studio.order().iter().map(|key| key.index).collect()
}

pub(super) fn left(gone: u16) -> Command {
    let jobs = vec![Known { id: "ab".to_owned(), since: T, gone, changes: false }];
    Command::SaveSession(Stored { jobs, ..stored(&[]) })
}

/// An undo is offered until the timer of this turn.
fn expires(turn: u32) -> Command {
    Command::After(6_000, Due::UndoExpires(turn))
}

#[test]
fn an_undo_is_offered_for_six_seconds_and_for_as_long_as_somebody_is_about_to_press_it() {
    let mut studio = done();
    studio.apply(Event::DeletePressed(vec![key(1, 1)]), T);
    assert_eq!(studio.undo_count(), 1);
    assert_eq!(studio.apply(Event::DeletePressed(vec![key(1, 0)]), T), [expires(2)]);
    assert_eq!(studio.apply(Event::Due(Due::UndoExpires(1)), T), [], "the first timer is over");
    assert_eq!(studio.apply(Event::UndoHeld(true), T), []);
    assert_eq!(studio.apply(Event::Due(Due::UndoExpires(2)), T), []);
    assert_eq!(studio.undo_count(), 2);
    assert_eq!(studio.apply(Event::UndoHeld(false), T), [expires(4)]);
    let leaves = Command::LeaveToast(FocusTarget::Tile(key(1, 2)));
    assert_eq!(studio.apply(Event::Due(Due::UndoExpires(4)), T), [leaves, left(3)]);
    assert_eq!(studio.undo_count(), 0);
}

#[test]
fn the_focus_goes_to_the_picture_that_has_come_back() {
    let mut studio = done();
    studio.apply(Event::DeletePressed(vec![key(1, 1), key(1, 0)]), T);
    let focus = Command::Focus(FocusTarget::Tile(key(1, 1)));
    assert_eq!(studio.apply(Event::UndoPressed, T), [focus]);
    assert_eq!(studio.apply(Event::UndoHeld(false), T), [], "nothing is offered any more");
}

#[test]
fn a_deleted_picture_comes_back_with_undo_and_not_after_it() {
    let mut studio = done();
    assert_eq!(studio.apply(Event::DeletePressed(vec![key(1, 1)]), T), [expires(1)]);
    assert_eq!(places(&studio), [0, 2]);
    studio.apply(Event::UndoPressed, T);
    assert_eq!(places(&studio), [0, 1, 2]);
    studio.apply(Event::DeletePressed(vec![key(1, 1)]), T);
    assert_eq!(studio.apply(Event::PageHidden, T), [left(2)], "the edge keeps the others");
    studio.apply(Event::UndoPressed, T);
    assert_eq!(places(&studio), [0, 2]);
}

#[test]
fn the_edge_forgets_a_job_when_its_last_picture_is_deleted_and_undo_is_over() {
    let mut studio = done();
    for index in 0..3 {
        let deleted = studio.apply(Event::DeletePressed(vec![key(1, index)]), T);
        assert_eq!(deleted, [expires(index + 1)]);
    }
    assert!(places(&studio).is_empty());
    let forget = Command::DeleteJob("ab".to_owned());
    assert_eq!(studio.apply(Event::PageHidden, T), [forget, remembered(&[])]);
}

#[test]
fn the_edge_is_not_asked_to_forget_what_time_has_made_it_forget() {
    // The site keeps them for an hour, and no job takes longer than another.
    let over = T + 2 * 60 * 60 * 1000;
    for (now, asks) in [(over, true), (over + 1, false)] {
        let mut studio = done();
        for index in 0..3 {
            studio.apply(Event::DeletePressed(vec![key(1, index)]), now);
        }
        let commands = studio.apply(Event::PageHidden, now);
        assert_eq!(commands.contains(&Command::DeleteJob("ab".to_owned())), asks, "{commands:?}");
        assert!(commands.contains(&remembered(&[])), "{commands:?}");
    }
}

#[test]
fn a_picture_that_was_deleted_stays_so_after_a_reload() {
    let mut studio = studio();
    let jobs = vec![Known { id: "ab".to_owned(), since: T, gone: 5, changes: false }];
    studio.apply(started(Some(Stored { jobs, ..stored(&[]) })), T);
    studio.apply(Event::JobFetched("ab".to_owned(), Ok(three())), T);
    assert_eq!(places(&studio), [1]);
}

#[test]
fn all_of_a_job_can_be_deleted_before_its_last_picture_fails() {
    let mut studio = running();
    let mut two = three();
    two.state = JobState::Running;
    two.pictures.truncate(2);
    two.pictures[1].state = PictureState::Pending;
    studio.apply(Event::JobFetched("ab".to_owned(), Ok(two.clone())), T);
    studio.apply(Event::DeletePressed(vec![key(1, 0)]), T);
    assert_eq!(studio.apply(Event::PageHidden, T), [left(1)]);
    two.state = JobState::Cancelled;
    two.pictures[1].state = PictureState::Failed;
    let commands = studio.apply(Event::JobFetched("ab".to_owned(), Ok(two)), T);
    assert!(commands.contains(&Command::DeleteJob("ab".to_owned())), "{commands:?}");
}

#[test]
fn only_what_has_changed_is_shown_anew() {
    let mut studio = done();
    let dirty = Studio::take_dirty;
    assert_eq!(dirty(&mut studio), [1]);
    studio.apply(Event::PromptChanged("a".to_owned()), T);
    assert!(dirty(&mut studio).is_empty());
    studio.apply(Event::DeletePressed(vec![key(1, 0)]), T);
    assert_eq!(dirty(&mut studio), [1]);
    submit(&mut studio, "a hare", T);
    assert_eq!(dirty(&mut studio), [2]);
    studio.apply(Event::Due(Due::Tick), T + 1_000);
    assert_eq!(dirty(&mut studio), [2], "who waits sees the seconds");
}

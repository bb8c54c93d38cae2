//! Deleting, its undo, and what this device keeps.

use super::*;
use crate::state::job::{Job, Kept};

fn three() -> Box<Job> {
    let mut three = job("ab", 9, JobState::Succeeded);
    let ready = three.pictures.first().unwrap().clone();
    let at = |index: u32| {
        let url = Some(contract::route::picture("ab", index));
        crate::state::job::Picture { state: PictureState::Ready, url, ..ready.clone() }
    };
    three.pictures = vec![at(0), at(1), at(2)];
    three
}

/// A studio with a job of three pictures, and what it remembers of it.
fn done() -> Studio {
    let mut studio = running();
    studio.apply(Event::Seen("ab".to_owned(), Ok(three())), T);
    studio
}

fn places(studio: &Studio) -> Vec<u32> {
    studio.wall().iter().map(|tile| tile.key.1).collect()
}

fn left(gone: u16) -> Command {
    let jobs = vec![Known { id: "ab".to_owned(), since: T, gone, changes: false }];
    Command::Remember(Stored { jobs, ..stored(&[]) })
}

#[test]
fn a_deleted_picture_comes_back_with_undo_and_not_after_it() {
    let mut studio = done();
    assert_eq!(studio.apply(Event::DeletePressed((1, 1)), T), []);
    assert_eq!(places(&studio), [0, 2]);
    studio.apply(Event::UndoPressed, T);
    assert_eq!(places(&studio), [0, 1, 2]);
    studio.apply(Event::DeletePressed((1, 1)), T);
    assert_eq!(studio.apply(Event::BinOver, T), [left(2)], "the edge keeps the others");
    studio.apply(Event::UndoPressed, T);
    assert_eq!(places(&studio), [0, 2]);
}

#[test]
fn the_edge_forgets_a_job_when_its_last_picture_is_deleted_and_undo_is_over() {
    let mut studio = done();
    for index in 0..3 {
        assert_eq!(studio.apply(Event::DeletePressed((1, index)), T), []);
    }
    assert!(places(&studio).is_empty());
    let forget = Command::Forget("ab".to_owned());
    assert_eq!(studio.apply(Event::BinOver, T), [forget, remembered(&[])]);
}

#[test]
fn the_edge_is_not_asked_to_forget_what_time_has_made_it_forget() {
    // The site keeps them for an hour, and no job takes longer than another.
    let over = T + 2 * 60 * 60 * 1000;
    for (now, asks) in [(over, true), (over + 1, false)] {
        let mut studio = done();
        for index in 0..3 {
            studio.apply(Event::DeletePressed((1, index)), now);
        }
        let commands = studio.apply(Event::BinOver, now);
        assert_eq!(commands.contains(&Command::Forget("ab".to_owned())), asks, "{commands:?}");
        assert!(commands.contains(&remembered(&[])), "{commands:?}");
    }
}

#[test]
fn a_picture_that_was_deleted_stays_so_after_a_reload() {
    let mut studio = studio();
    let jobs = vec![Known { id: "ab".to_owned(), since: T, gone: 5, changes: false }];
    studio.apply(Event::Started(Some(Stored { jobs, ..stored(&[]) })), T);
    studio.apply(Event::Seen("ab".to_owned(), Ok(three())), T);
    assert_eq!(places(&studio), [1]);
}

#[test]
fn all_of_a_job_can_be_deleted_before_its_last_picture_fails() {
    let mut studio = running();
    let mut two = three();
    two.state = JobState::Running;
    two.pictures.truncate(2);
    two.pictures[1].state = PictureState::Pending;
    studio.apply(Event::Seen("ab".to_owned(), Ok(two.clone())), T);
    studio.apply(Event::DeletePressed((1, 0)), T);
    assert_eq!(studio.apply(Event::BinOver, T), [left(1)]);
    two.state = JobState::Cancelled;
    two.pictures[1].state = PictureState::Failed;
    let commands = studio.apply(Event::Seen("ab".to_owned(), Ok(two)), T);
    assert!(commands.contains(&Command::Forget("ab".to_owned())), "{commands:?}");
}

/// A job as this device keeps it: only the picture in this place.
fn kept(id: &str, place: usize) -> Box<Job> {
    let mut kept = Job { id: id.to_owned(), revision: 0, ..*three() };
    for (at, picture) in kept.pictures.iter_mut().enumerate() {
        picture.kept = at == place;
        picture.state = if at == place { PictureState::Ready } else { PictureState::Pending };
    }
    Box::new(kept)
}

#[test]
fn what_this_device_keeps_hangs_where_its_time_puts_it() {
    let mut studio = done();
    studio.apply(Event::Kept(Kept { since: T - 9, job: kept("older", 0) }), T);
    studio.apply(Event::Kept(Kept { since: T + 9, job: kept("newer", 2) }), T);
    studio.apply(Event::Kept(Kept { since: T - 5, job: kept("old", 1) }), T);
    let keys: Vec<_> = studio.wall().iter().map(|tile| (tile.key.0, tile.key.1)).collect();
    assert_eq!(keys, [(3, 2), (1, 0), (1, 1), (1, 2), (4, 1), (2, 0)]);
}

#[test]
fn what_this_device_keeps_is_there_although_the_edge_has_it_no_more() {
    let mut gone = three();
    gone.pictures.iter_mut().for_each(|picture| {
        (picture.state, picture.url) = (PictureState::Gone, None);
    });
    let tell = Event::Seen("ab".to_owned(), Ok(gone));
    let keep = Event::Kept(Kept { since: T, job: kept("ab", 1) });
    for events in [[keep.clone(), tell.clone()], [tell, keep]] {
        let mut studio = studio();
        studio.apply(Event::Started(Some(stored(&["ab"]))), T);
        for event in events {
            studio.apply(event, T);
        }
        assert!(places(&studio).contains(&1), "{:?}", studio.wall());
    }
}

#[test]
fn typing_and_seconds_leave_the_wall_alone() {
    assert!(!Event::Typed(String::new()).may_change_the_wall());
    assert!(!Event::Due(Due::Tick).may_change_the_wall());
    assert!(submitted("a fox").may_change_the_wall());
    assert!(Event::DeletePressed((1, 0)).may_change_the_wall());
}

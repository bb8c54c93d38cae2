//! Deleting, its undo, and what this device keeps.

use super::*;
use kept::{KeptJob, KeptPicture, KeptRequest};

fn three() -> Box<Job> {
    let mut three = job_of(&[PictureState::Ready; 3]);
    (three.revision, three.state) = (9, JobState::Succeeded);
    three
}

/// A studio with a job of three pictures, and what it remembers of it.
fn done() -> Studio {
    let mut studio = running();
    studio.apply(Event::JobFetched("ab".to_owned(), Ok(three())), T);
    studio
}

fn places(studio: &Studio) -> Vec<u32> {
    studio.order().iter().map(|key| key.index).collect()
}

fn left(gone: u16) -> Command {
    let jobs = vec![Known { id: "ab".to_owned(), since: T, gone, changes: false }];
    Command::SaveSession(Stored { jobs, ..stored(&[]) })
}

#[test]
fn a_deleted_picture_comes_back_with_undo_and_not_after_it() {
    let mut studio = done();
    assert_eq!(studio.apply(Event::DeletePressed(vec![key(1, 1)]), T), []);
    assert_eq!(places(&studio), [0, 2]);
    studio.apply(Event::UndoPressed, T);
    assert_eq!(places(&studio), [0, 1, 2]);
    studio.apply(Event::DeletePressed(vec![key(1, 1)]), T);
    assert_eq!(studio.apply(Event::UndoExpired, T), [left(2)], "the edge keeps the others");
    studio.apply(Event::UndoPressed, T);
    assert_eq!(places(&studio), [0, 2]);
}

#[test]
fn the_edge_forgets_a_job_when_its_last_picture_is_deleted_and_undo_is_over() {
    let mut studio = done();
    for index in 0..3 {
        assert_eq!(studio.apply(Event::DeletePressed(vec![key(1, index)]), T), []);
    }
    assert!(places(&studio).is_empty());
    let forget = Command::DeleteJob("ab".to_owned());
    assert_eq!(studio.apply(Event::UndoExpired, T), [forget, remembered(&[])]);
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
        let commands = studio.apply(Event::UndoExpired, now);
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
    assert_eq!(studio.apply(Event::UndoExpired, T), [left(1)]);
    two.state = JobState::Cancelled;
    two.pictures[1].state = PictureState::Failed;
    let commands = studio.apply(Event::JobFetched("ab".to_owned(), Ok(two)), T);
    assert!(commands.contains(&Command::DeleteJob("ab".to_owned())), "{commands:?}");
}

/// A job of which this device keeps only the picture with this index.
fn kept(id: &str, since: u64, index: u32) -> Event {
    let request = KeptRequest {
        prompt: "a fox".to_owned(),
        size: Size { width: 1024, height: 1024 },
        quality: Quality::Low,
        format: None,
        background: None,
    };
    let picture = KeptPicture {
        index,
        url: contract::route::picture(id, index),
        media_type: None,
        width: None,
        height: None,
        bytes: None,
        credentials: false,
    };
    let model = "m".to_owned();
    let pictures = vec![picture];
    Event::DeviceJob(KeptJob { id: id.to_owned(), since, model, request, pictures })
}

#[test]
fn what_this_device_keeps_hangs_where_its_time_puts_it() {
    let mut studio = done();
    studio.apply(kept("older", T - 9, 0), T);
    studio.apply(kept("newer", T + 9, 2), T);
    studio.apply(kept("old", T - 5, 1), T);
    let keys = [key(3, 2), key(1, 0), key(1, 1), key(1, 2), key(4, 1), key(2, 0)];
    assert_eq!(studio.order(), keys);
}

#[test]
fn what_this_device_keeps_is_there_although_the_edge_has_it_no_more() {
    let mut gone = three();
    gone.pictures.iter_mut().for_each(|picture| {
        (picture.state, picture.url) = (PictureState::Gone, None);
    });
    let tell = Event::JobFetched("ab".to_owned(), Ok(gone));
    let keep = kept("ab", T, 1);
    for events in [[keep.clone(), tell.clone()], [tell, keep]] {
        let mut studio = studio();
        studio.apply(started(Some(stored(&["ab"]))), T);
        for event in events {
            studio.apply(event, T);
        }
        let picture = studio.wall(T).into_iter().find(|(at, _)| at.index == 1);
        assert_eq!(picture.map(|(_, view)| view.kind()), Some(TileKind::Picture));
    }
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

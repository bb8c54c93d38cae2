//! The visitor's Cancel, however soon it comes and whoever cannot be asked.

use super::*;

#[test]
fn a_cancel_is_carried_out_however_soon_it_comes() {
    let mut studio = running();
    let commands = studio.apply(Event::CancelPressed, T);
    assert_eq!(commands, [Command::CancelJob("ab".to_owned())]);
    let commands = studio.apply(fetched(3, JobState::Cancelled), T + 950);
    let expected = [
        Command::Unsubscribe("ab".to_owned()),
        Command::Announce(Announcement::Cancelled(1)),
        remembered(&[]),
    ];
    assert_eq!(commands, expected);
    assert_eq!(studio.order(), []);
}

#[test]
fn a_cancel_before_the_answer_is_asked_once_the_job_is_known() {
    let mut studio = asking();
    assert_eq!(studio.apply(Event::CancelPressed, T), [remembered(&[])]);
    let commands = studio.apply(Event::JobCreated(1, Ok(job("ab", 1, JobState::Queued))), T + 950);
    assert!(commands.contains(&Command::CancelJob("ab".to_owned())));
}

#[test]
fn a_cancel_that_did_not_arrive_is_asked_for_again() {
    let mut studio = running();
    let cancel = || Command::CancelJob("ab".to_owned());
    assert_eq!(studio.apply(Event::CancelPressed, T), [cancel()]);
    let failed = |error| Event::CancelFailed("ab".to_owned(), error);
    let due = || Due::Cancel("ab".to_owned());
    let commands = studio.apply(failed(StudioError::Unreadable), T);
    assert_eq!(
        commands,
        [Command::After(1000, due()), Command::Announce(Announcement::NotCancelled)]
    );
    assert_eq!(studio.progress(1, T), Some(Progress::Again));
    for pause in [2000, 4000, 8000, 8000] {
        assert_eq!(studio.apply(Event::Due(due()), T), [cancel()]);
        let commands = studio.apply(failed(StudioError::Unreachable), T);
        assert_eq!(commands, [Command::After(pause, due())]);
    }
    studio.apply(fetched(3, JobState::Cancelled), T);
    assert_eq!(studio.apply(Event::Due(due()), T), [], "it is over");
}

#[test]
fn a_cancel_of_what_nobody_knows_is_over() {
    let mut studio = running();
    studio.apply(Event::CancelPressed, T);
    let unknown = StudioError::of(ProblemKind::UnknownJob);
    studio.apply(Event::CancelFailed("ab".to_owned(), unknown), T);
    assert!(!studio.is_running());
}

#[test]
fn a_cancel_before_anything_was_sent_ends_it_at_once() {
    let mut studio = studio();
    submit(&mut studio, "a fox", T);
    assert_eq!(
        studio.apply(Event::CancelPressed, T),
        [Command::Announce(Announcement::Cancelled(0))]
    );
    assert_eq!(studio.apply(opened("t"), T + 950), []);
    assert_eq!(studio.order(), []);
}

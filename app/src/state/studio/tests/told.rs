//! What the page round the frame is told, and what it can ask for.

use super::*;
use crate::state::told::Told;
use contract::options::MediaType;

/// A studio in a page's frame that waits for the answer to its first request.
fn hosted() -> Studio {
    let mut studio = Studio::new(site::tests::site(), true);
    studio.apply(opened("t"), T);
    studio.apply(Event::Intent, T);
    studio.apply(opened("t"), T);
    studio.apply(submitted("a fox"), T);
    studio
}

fn told(commands: Vec<Command>) -> Vec<Told> {
    let told = |command| if let Command::Tell(told) = command { Some(told) } else { None };
    commands.into_iter().filter_map(told).collect()
}

fn start() -> Told {
    Told::start(&job("ab", 1, JobState::Queued).draft)
}

#[test]
fn a_page_hears_start_progress_each_picture_once_and_the_end() {
    let mut studio = hosted();
    let waits = job("ab", 1, JobState::Running);
    assert_eq!(told(studio.apply(Event::Made(1, Ok(waits)), T)), [start()]);
    let tick = told(studio.apply(Event::Due(Due::Tick), T + 1_000));
    assert_eq!(tick, [Told::Progress { elapsed_ms: 13_000, expected_ms: Some(30_000) }]);
    let mut ready = job("ab", 2, JobState::Running);
    ready.pictures.iter_mut().for_each(|picture| picture.state = PictureState::Ready);
    let size = ready.pictures.first().unwrap().size.unwrap();
    let picture = Told::Picture { index: 0, size, media_type: MediaType::Png };
    let seen_ready = Event::Seen("ab".to_owned(), Ok(ready));
    assert_eq!(told(studio.apply(seen_ready, T)), [picture]);
    assert_eq!(told(studio.apply(seen(3, JobState::Succeeded), T)), [Told::Done(1)]);
    assert_eq!(told(studio.apply(Event::Due(Due::Tick), T)), [], "nobody waits any more");
}

#[test]
fn a_page_hears_why_there_is_no_picture() {
    let mut studio = hosted();
    let refused = Trouble::of(ProblemKind::BudgetSpent);
    assert_eq!(told(studio.apply(failed(ProblemKind::BudgetSpent), T)), [Told::Problem(refused)]);
    let mut studio = hosted();
    studio.apply(Event::Made(1, Ok(job("ab", 1, JobState::Running))), T);
    studio.apply(Event::CancelPressed, T + 1_000);
    let last = told(studio.apply(seen(2, JobState::Cancelled), T + 1_000));
    assert_eq!(last, [Told::Cancel], "pictures that were ready stay, and the end is a cancel");
}

#[test]
fn a_page_hears_nothing_of_what_an_earlier_load_has_made() {
    let mut studio = Studio::new(site::tests::site(), true);
    studio.apply(Event::Started(Some(stored(&["ab"]))), T);
    assert_eq!(told(studio.apply(seen(1, JobState::Succeeded), T)), []);
}

#[test]
fn a_page_can_empty_the_gallery_but_not_what_is_being_made() {
    let mut studio = hosted();
    studio.apply(Event::Made(1, Ok(job("ab", 1, JobState::Running))), T);
    assert_eq!(studio.apply(Event::Cleared, T), [remembered(&["ab"])]);
    studio.apply(seen(2, JobState::Succeeded), T);
    assert_eq!(
        studio.apply(Event::Cleared, T),
        [Command::Forget("ab".to_owned()), remembered(&[])]
    );
    assert_eq!(studio.wall(), []);
}

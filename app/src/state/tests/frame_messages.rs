//! What the page round the frame is told, and what it can ask for.

use super::*;
use contract::{
    frame_messages::{Look, PageMessage},
    options::MediaType,
};

/// A studio in a page's frame that waits for the answer to its first request.
fn hosted() -> Studio {
    let mut studio = studio();
    studio.hosted = true;
    studio.apply(opened("t"), T);
    studio.apply(Event::PromptFocused, T);
    studio.apply(opened("t"), T);
    submit(&mut studio, "a fox", T);
    studio
}

fn messages(commands: Vec<Command>) -> Vec<FrameMessage> {
    let message = |command| if let Command::PostToPage(told) = command { Some(told) } else { None };
    commands.into_iter().filter_map(message).collect()
}

fn start() -> FrameMessage {
    host_messages::start(&job("ab", 1, JobState::Queued).request)
}

#[test]
fn a_page_hears_start_progress_each_picture_once_and_the_end() {
    let mut studio = hosted();
    let waits = job("ab", 1, JobState::Running);
    assert_eq!(messages(studio.apply(Event::JobCreated(1, Ok(waits)), T)), [start()]);
    let tick = messages(studio.apply(Event::Due(Due::Tick), T + 1_000));
    assert_eq!(tick, [FrameMessage::Progress { elapsed_ms: 13_000, expected_ms: Some(30_000) }]);
    let mut ready = job("ab", 2, JobState::Running);
    ready.pictures = job_of(&[PictureState::Ready]).pictures;
    let (width, height, media_type) = (1536, 1024, MediaType::Png);
    let picture = FrameMessage::Picture { index: 0, width, height, media_type };
    let seen_ready = Event::JobFetched("ab".to_owned(), Ok(ready));
    assert_eq!(messages(studio.apply(seen_ready, T)), [picture]);
    assert_eq!(
        messages(studio.apply(fetched(3, JobState::Succeeded), T)),
        [FrameMessage::Done { pictures: 1 }]
    );
    assert_eq!(messages(studio.apply(Event::Due(Due::Tick), T)), [], "nobody waits any more");
}

#[test]
fn a_page_hears_why_there_is_no_picture() {
    let mut studio = hosted();
    let refused = StudioError::of(ProblemKind::BudgetSpent);
    assert_eq!(
        messages(studio.apply(failed(ProblemKind::BudgetSpent), T)),
        [host_messages::problem(refused)]
    );
    let mut studio = hosted();
    studio.apply(Event::JobCreated(1, Ok(job("ab", 1, JobState::Running))), T);
    studio.apply(Event::CancelPressed, T + 1_000);
    let last = messages(studio.apply(fetched(2, JobState::Cancelled), T + 1_000));
    assert_eq!(
        last,
        [FrameMessage::Cancel],
        "pictures that were ready stay, and the end is a cancel"
    );
}

#[test]
fn a_page_hears_nothing_of_what_an_earlier_load_has_made() {
    let mut studio = studio();
    studio.hosted = true;
    studio.apply(started(Some(stored(&["ab"]))), T);
    assert_eq!(messages(studio.apply(fetched(1, JobState::Succeeded), T)), []);
}

#[test]
fn a_page_can_empty_the_gallery_but_not_what_is_being_made() {
    let mut studio = hosted();
    studio.apply(Event::JobCreated(1, Ok(job("ab", 1, JobState::Running))), T);
    assert_eq!(studio.apply(cleared(), T), [remembered(&["ab"])]);
    studio.apply(fetched(2, JobState::Succeeded), T);
    let forget = Command::DeleteJob("ab".to_owned());
    assert_eq!(studio.apply(cleared(), T), [forget, remembered(&[])]);
    assert_eq!(studio.order(), []);
}

fn message(message: PageMessage) -> Event {
    Event::HostMessage { message, key: "h1".to_owned() }
}

#[test]
fn a_page_puts_its_prompt_in_once_and_generates_with_another() {
    let mut studio = studio();
    studio.hosted = true;
    let look = |prompt: &str| Look { prompt: prompt.to_owned(), ..Look::default() };
    let commands = studio.apply(message(PageMessage::Set(look("a hare"))), T);
    assert_eq!(commands, [Command::ApplyLook(look("a hare"))]);
    assert_eq!(studio.draft().prompt, "a hare");
    studio.apply(Event::PromptChanged("a fox".to_owned()), T);
    studio.apply(message(PageMessage::Set(look("a hare"))), T);
    assert_eq!(studio.draft().prompt, "a fox", "a look that says the same again changes nothing");
    studio.apply(opened("t"), T);
    let prompt = Some("a red fox".to_owned());
    let commands = studio.apply(message(PageMessage::Generate { prompt }), T);
    let sent = commands.iter().any(|it| {
        matches!(it, Command::PostJob { key, request, .. } if key == "h1" && request.prompt == "a red fox")
    });
    assert!(sent, "{commands:?}");
    studio.apply(message(PageMessage::Cancel), T);
    assert!(studio.requests.iter().all(request::Request::is_cancelled));
    assert_eq!(studio.apply(message(PageMessage::Focus), T), [TO_PROMPT]);
}

#[test]
fn the_whole_window_is_given_back_once_and_closes_the_viewer() {
    let mut studio = hosted();
    let set = |expanded| message(PageMessage::Set(Look { expanded, ..Look::default() }));
    studio.apply(Event::JobCreated(1, Ok(job("ab", 1, JobState::Succeeded))), T);
    studio.apply(Event::ViewerOpened(key(1, 0)), T);
    let back = Command::Focus(FocusTarget::Tile(key(1, 0)));
    assert!(!studio.apply(set(Some(true)), T).contains(&back));
    assert!(studio.is_expanded());
    assert!(studio.apply(set(Some(false)), T).contains(&back));
    assert!(!studio.apply(set(Some(false)), T).contains(&back));
    assert!(!studio.apply(set(None), T).contains(&back));
}

#[test]
fn a_picture_that_the_page_has_got_is_marked() {
    let mut studio = hosted();
    studio.apply(Event::JobCreated(1, Ok(job("ab", 1, JobState::Succeeded))), T);
    let url = "/v1/jobs/ab/pictures/0".to_owned();
    let commands = studio.apply(Event::UsePressed(key(1, 0)), T);
    assert_eq!(commands, [Command::HandOver { key: key(1, 0), url }]);
    let used = |studio: &Studio| match &states(studio)[..] {
        [TileState::Picture(picture)] => picture.used,
        other => panic!("{other:?}"),
    };
    let commands = studio.apply(Event::Handed { key: key(1, 0), ok: false }, T);
    assert_eq!(commands, [Command::Announce(Announcement::PictureAway)]);
    assert!(!used(&studio));
    studio.apply(Event::Handed { key: key(1, 0), ok: true }, T);
    assert!(used(&studio));
    assert_eq!(studio.apply(Event::UsePressed(key(1, 0)), T), [Command::TakeBack]);
    assert!(!used(&studio));
    studio.apply(Event::Handed { key: key(1, 0), ok: true }, T);
    assert_eq!(studio.apply(message(PageMessage::Reset), T), [], "the page knows");
    assert!(!used(&studio), "its form was reset");
    let commands = studio.apply(Event::DownloadPressed(key(1, 0)), T);
    assert_eq!(messages(commands), [FrameMessage::Download { media_type: MediaType::Png }]);
    let mut alone = running();
    alone.apply(fetched(2, JobState::Succeeded), T);
    assert_eq!(alone.apply(Event::UsePressed(key(1, 0)), T), [], "there is no page");
}

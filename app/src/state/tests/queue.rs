//! Several at once, one that waits for its turn, and what a cancel costs.

use super::*;
use contract::{
    job::{Cost, Order},
    money::Nano,
    options::Background,
};

/// A studio with a session on a site that allows two jobs at once.
fn two_at_once() -> Studio {
    let mut studio = Studio::new(Site { concurrent: 2, ..site() });
    studio.apply(Event::PromptFocused, T);
    studio.apply(opened("t"), T);
    studio
}

fn ask_for(studio: &mut Studio, name: &str) -> Vec<Command> {
    (studio.draft.prompt, studio.submitted) = (name.to_owned(), None);
    studio.apply(Event::Submitted { key: name.to_owned() }, T)
}

/// The keys that are sent.
fn sent(commands: &[Command]) -> Vec<&str> {
    let key = |it: &'_ Command| matches!(it, Command::PostJob { .. });
    let posts = commands.iter().filter(|it| key(it));
    posts
        .filter_map(|it| match it {
            Command::PostJob { key, .. } => Some(key.as_str()),
            _ => None,
        })
        .collect()
}

fn created(studio: &mut Studio, serial: u32, id: &str) -> Vec<Command> {
    studio.apply(Event::JobCreated(serial, Ok(job(id, 1, JobState::Running))), T)
}

fn told(studio: &mut Studio, id: &str, state: JobState) -> Vec<Command> {
    studio.apply(Event::JobFetched(id.to_owned(), Ok(job(id, 9, state))), T)
}

#[test]
fn as_many_as_the_site_allows_are_made_and_one_more_waits_for_its_turn() {
    let mut studio = two_at_once();
    assert_eq!(sent(&ask_for(&mut studio, "one")), ["one"]);
    assert!(studio.may_queue() && studio.create_cancels(), "what the form asks for is being made");
    assert_eq!(sent(&ask_for(&mut studio, "two")), ["two"]);
    let third = ask_for(&mut studio, "three");
    assert_eq!(sent(&third), Vec::<&str>::new());
    assert!(third.contains(&Command::Announce(Announcement::Queued)), "{third:?}");
    assert_eq!(studio.progress(3, T), Some(Progress::Queued));
    assert!(!studio.may_queue() && studio.create_cancels(), "the button says Cancel");
    ask_for(&mut studio, "four");
    assert_eq!(studio.note(), Some(Note::OneAtATime));
    created(&mut studio, 1, "ab");
    let done = told(&mut studio, "ab", JobState::Succeeded);
    assert_eq!(sent(&done), ["three"], "under the key that it had from the start");
    assert_eq!(studio.note(), None, "its reason has gone");
}

#[test]
fn a_wait_that_is_not_sent_yet_is_not_remembered_and_costs_nothing_to_cancel() {
    let mut studio = running();
    let commands = ask_for(&mut studio, "two");
    assert!(!commands.iter().any(|it| matches!(it, Command::SaveSession(_))), "{commands:?}");
    let commands = studio.apply(Event::TileCancelled(2), T);
    assert!(commands.contains(&Command::Announce(Announcement::Cancelled(0))), "{commands:?}");
    assert_eq!(sent(&told(&mut studio, "ab", JobState::Succeeded)), Vec::<&str>::new());
    assert_eq!(ids(&studio), [1]);
}

#[test]
fn each_tile_has_a_cancel_of_its_own_and_the_page_cancels_all() {
    let start = || {
        let mut studio = two_at_once();
        ask_for(&mut studio, "one");
        ask_for(&mut studio, "two");
        created(&mut studio, 1, "ab");
        created(&mut studio, 2, "cd");
        studio
    };
    let cancel = |id: &str| Command::CancelJob(id.to_owned());
    let mut studio = start();
    assert_eq!(studio.apply(Event::TileCancelled(1), T), [cancel("ab")]);
    assert_eq!(studio.apply(Event::TileCancelled(1), T), [], "once is enough");
    assert_eq!(studio.apply(Event::CancelPressed, T), [cancel("cd")], "the one that goes on");
    let message = contract::frame_messages::PageMessage::Cancel;
    let all = Event::HostMessage { message, key: String::new() };
    assert_eq!(start().apply(all, T), [cancel("cd"), cancel("ab")]);
}

#[test]
fn jobs_of_another_tab_stand_before_an_order_and_it_waits_under_the_same_key() {
    let mut studio = asking();
    let commands = studio.apply(Event::JobCreated(1, Err(StudioError::Concurrent)), T);
    assert_eq!(commands, [Command::After(5_000, Due::Resend(1))]);
    assert_eq!(studio.progress(1, T), Some(Progress::Queued));
    assert_eq!(kinds(&studio), [TileKind::Waiting]);
    let commands = studio.apply(Event::Due(Due::Resend(1)), T);
    assert!(commands.contains(&post("t")), "{commands:?}");
    // The edge has refused it: a cancel ends it at once.
    studio.apply(Event::JobCreated(1, Err(StudioError::Concurrent)), T);
    let commands = studio.apply(Event::CancelPressed, T);
    assert!(commands.contains(&Command::Announce(Announcement::Cancelled(0))), "{commands:?}");
}

#[test]
fn a_cancel_says_whether_the_picture_counts() {
    let cancelled = |first: Box<Job>, mut last: Box<Job>, charged: Option<Nano>, left: u32| {
        let mut studio = asking();
        studio.apply(Event::JobCreated(1, Ok(first)), T);
        studio.apply(Event::CancelPressed, T);
        last.cost = Some(Cost { reserved_usd: Nano(1), charged_usd: charged });
        last.allowance = Some(allowance(left));
        studio.apply(Event::JobFetched("ab".to_owned(), Ok(last)), T);
        studio.note()
    };
    let (queued, running) = (job("ab", 1, JobState::Queued), job("ab", 1, JobState::Running));
    let end = || job("ab", 5, JobState::Cancelled);
    let counts = Some(Note::Cancelled(1));
    assert_eq!(cancelled(queued.clone(), end(), Some(Nano(1)), 8), counts, "it was charged");
    assert_eq!(cancelled(running.clone(), end(), Some(Nano::ZERO), 7), None, "it was not");
    assert_eq!(cancelled(running, end(), None, 7), counts, "it had started");
    assert_eq!(cancelled(queued.clone(), end(), None, 7), counts, "nothing came back");
    assert_eq!(cancelled(queued, end(), None, 8), None, "one came back");
}

#[test]
fn what_a_cancel_cost_is_said_until_the_next_word() {
    let mut studio = running();
    studio.apply(Event::CancelPressed, T);
    studio.apply(fetched(3, JobState::Cancelled), T);
    assert!(studio.note().is_some_and(Note::is_calm));
    studio.apply(Event::PromptChanged("a".to_owned()), T);
    assert_eq!(studio.note(), None);
}

#[test]
fn the_button_says_cancel_as_long_as_the_form_asks_for_what_is_being_made() {
    let mut studio = two_at_once();
    ask_for(&mut studio, "one");
    assert!(studio.create_cancels());
    // Enter in the description half a minute later, with nothing changed.
    let again = Event::Submitted { key: "again".to_owned() };
    assert_eq!(sent(&studio.apply(again, T + 30_000)), Vec::<&str>::new());
    assert_eq!(studio.note(), Some(Note::OneAtATime));
    studio.apply(Event::CountChosen(2), T);
    assert!(!studio.create_cancels(), "two of it are something else");
    studio.apply(Event::CountChosen(1), T);
    assert!(studio.create_cancels());
    studio.apply(Event::PromptChanged("one more".to_owned()), T);
    assert!(!studio.create_cancels());
    // The edge tells what it was asked for, with every default filled in.
    let mut own = job("ab", 1, JobState::Running);
    let default = site();
    own.request = Order {
        prompt: "one more".to_owned(),
        count: 1,
        size: default.default_size,
        quality: default.default_quality,
        background: Background::Auto,
        format: default.formats[0],
        compression: Some(85),
    };
    studio.apply(Event::JobCreated(1, Ok(own)), T);
    assert!(studio.create_cancels());
}

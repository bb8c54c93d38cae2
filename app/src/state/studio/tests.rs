//! The studio's rules, told as what happens to a visitor.

mod bin;
mod change;
mod doubt;
mod limits;
mod lost;
mod previews;
mod session;
mod told;

use super::*;
use crate::state::{
    job::tests::job,
    progress::Progress,
    site,
    stored::{Known, Order},
    tile::{Face, Tile},
};
use contract::{
    job::{JobState, PictureState},
    options::Size,
    problem::ProblemKind,
    session::Allowance,
    time::Timestamp,
};

const T: u64 = 1_795_343_000_000;

fn studio() -> Studio {
    Studio::new(site::tests::site(), false)
}

fn draft(prompt: &str) -> Draft {
    let size = Size { width: 1024, height: 1024 };
    let (format, background) = ("png".to_owned(), "auto".to_owned());
    Draft {
        prompt: prompt.to_owned(),
        count: 1,
        size,
        quality: "medium".to_owned(),
        format,
        background,
    }
}

fn submitted(prompt: &str) -> Event {
    Event::Submitted(draft(prompt), "k1".to_owned())
}

fn allowance(remaining: u32) -> Allowance {
    Allowance { remaining, limit: 10, resets_at: Timestamp(T + 60_000) }
}

fn opened(token: &str) -> Event {
    let allowance = Some(allowance(7));
    Event::Opened(Ok(Opened { token: token.to_owned(), allowance, told_at: None }))
}

fn open(old: Option<&str>) -> Command {
    Command::Open { old: old.map(str::to_owned), challenge: None }
}

fn seen(revision: u64, state: JobState) -> Event {
    Event::Seen("ab".to_owned(), Ok(job("ab", revision, state)))
}

fn post(token: &str) -> Command {
    let (token, key) = (token.to_owned(), "k1".to_owned());
    Command::Post { serial: 1, token, key, body: draft("a fox").to_json(), pictures: Vec::new() }
}

fn stored(jobs: &[&str]) -> Stored {
    let known = |id: &&str| Known { id: (*id).to_owned(), since: T, gone: 0, changes: false };
    let jobs = jobs.iter().map(known).collect();
    Stored { token: "t".to_owned(), jobs, orders: Vec::new() }
}

fn remembered(jobs: &[&str]) -> Command {
    Command::Remember(stored(jobs))
}

fn failed(kind: ProblemKind) -> Event {
    Event::Made(1, Err(Trouble::of(kind)))
}

/// What is remembered while it is not known what became of an order.
fn doubted(jobs: &[&str]) -> Command {
    let order = Order { key: "k1".to_owned(), since: T, draft: draft("a fox") };
    Command::Remember(Stored { orders: vec![order], ..stored(jobs) })
}

fn heard(revision: u64, state: JobState) -> Event {
    Event::Heard("ab".to_owned(), job("ab", revision, state))
}

fn ask(id: &str) -> Command {
    Command::Ask(id.to_owned())
}

fn watch_in(ms: u32, turn: u32) -> Command {
    Command::Later(ms, Due::Watch(1, turn))
}

/// A studio that waits for the answer to its first request.
fn asking() -> Studio {
    let mut studio = studio();
    studio.apply(Event::Intent, T);
    studio.apply(opened("t"), T);
    assert!(studio.apply(submitted("a fox"), T).contains(&post("t")));
    studio
}

/// A studio whose first job runs.
fn running() -> Studio {
    let mut studio = asking();
    studio.apply(Event::Made(1, Ok(job("ab", 1, JobState::Queued))), T);
    studio
}

fn ids(tiles: &[Tile]) -> Vec<u32> {
    tiles.iter().map(|tile| tile.key.0).collect()
}

#[test]
fn a_submit_hangs_a_tile_at_once_and_waits_for_the_session() {
    let mut studio = studio();
    let commands = studio.apply(submitted("a fox"), T);
    let expected = [
        Command::Note(None),
        open(None),
        Command::Say(Said::Making(1)),
        Command::Later(1000, Due::Tick),
    ];
    assert_eq!(commands, expected);
    assert_eq!(studio.wall().len(), 1);
    assert!(studio.is_running());
    assert_eq!(studio.apply(opened("t"), T), [doubted(&[]), post("t")]);
}

#[test]
fn a_description_that_cannot_be_sent_says_why() {
    for (prompt, note) in [
        ("  ", Note::Empty),
        ("a fox in very deep snow, at dusk", Note::TooLong { chars: 32, max: 30 }),
    ] {
        let commands = studio().apply(submitted(prompt), T);
        let expected =
            [Command::Note(Some(note)), Command::Say(Said::Note(note)), Command::Prompt(None)];
        assert_eq!(commands, expected);
    }
    let commands = running().apply(submitted("a fox"), T);
    assert!(commands.contains(&Command::Note(Some(Note::OneAtATime))));
}

#[test]
fn a_job_is_heard_from_its_first_answer_to_its_last_state() {
    let mut studio = asking();
    let commands = studio.apply(Event::Made(1, Ok(job("ab", 1, JobState::Queued))), T);
    let hear = Command::Hear("ab".to_owned());
    assert_eq!(commands, [hear, remembered(&["ab"]), watch_in(6000, 1)]);
    assert_eq!(studio.apply(heard(2, JobState::Running), T), []);
    let commands = studio.apply(heard(3, JobState::Succeeded), T);
    let expected =
        [Command::Unhear("ab".to_owned()), Command::Say(Said::Ready(1)), remembered(&["ab"])];
    assert_eq!(commands, expected);
    assert!(!studio.is_running());
}

#[test]
fn a_revision_never_goes_back() {
    let mut studio = running();
    studio.apply(seen(5, JobState::Succeeded), T);
    let wall = studio.wall();
    assert_eq!(studio.apply(seen(4, JobState::Running), T), []);
    assert_eq!(studio.wall(), wall);
}

#[test]
fn a_lost_answer_is_asked_for_again_with_the_same_key() {
    let mut studio = asking();
    for pause in [1000, 2000, 4000] {
        let commands = studio.apply(Event::Made(1, Err(Trouble::Unreachable)), T);
        assert_eq!(commands, [Command::Later(pause, Due::Resend(1))]);
        assert_eq!(studio.apply(Event::Due(Due::Resend(1)), T), [post("t")]);
    }
    // The visitor is told by now, and it goes on.
    let commands = studio.apply(failed(ProblemKind::Busy), T);
    let busy = Command::Say(Said::Trouble(Trouble::of(ProblemKind::Busy)));
    assert_eq!(commands, [Command::Later(8000, Due::Resend(1)), busy]);
    assert!(!studio.is_running());
}

#[test]
fn a_cancel_is_carried_out_however_soon_it_comes() {
    let mut studio = running();
    let commands = studio.apply(Event::CancelPressed, T);
    assert_eq!(commands, [Command::Cancel("ab".to_owned())]);
    let commands = studio.apply(seen(3, JobState::Cancelled), T + 950);
    let expected =
        [Command::Unhear("ab".to_owned()), Command::Say(Said::Cancelled), remembered(&[])];
    assert_eq!(commands, expected);
    assert_eq!(studio.wall(), []);
}

#[test]
fn a_cancel_before_the_answer_is_asked_once_the_job_is_known() {
    let mut studio = asking();
    assert_eq!(studio.apply(Event::CancelPressed, T), [remembered(&[])]);
    let commands = studio.apply(Event::Made(1, Ok(job("ab", 1, JobState::Queued))), T + 950);
    assert!(commands.contains(&Command::Cancel("ab".to_owned())));
}

#[test]
fn a_cancel_that_did_not_arrive_is_asked_for_again() {
    let mut studio = running();
    let cancel = || Command::Cancel("ab".to_owned());
    assert_eq!(studio.apply(Event::CancelPressed, T), [cancel()]);
    let failed = |trouble| Event::CancelFailed("ab".to_owned(), trouble);
    let due = || Due::Cancel("ab".to_owned());
    let commands = studio.apply(failed(Trouble::Unreadable), T);
    assert_eq!(commands, [Command::Later(1000, due()), Command::Say(Said::NotCancelled)]);
    assert_eq!(studio.progress(1, T), Some(Progress::Again));
    for pause in [2000, 4000, 8000, 8000] {
        assert_eq!(studio.apply(Event::Due(due()), T), [cancel()]);
        let commands = studio.apply(failed(Trouble::Unreachable), T);
        assert_eq!(commands, [Command::Later(pause, due())]);
    }
    studio.apply(seen(3, JobState::Cancelled), T);
    assert_eq!(studio.apply(Event::Due(due()), T), [], "it is over");
}

#[test]
fn a_cancel_of_what_nobody_knows_is_over() {
    let mut studio = running();
    studio.apply(Event::CancelPressed, T);
    let unknown = Trouble::of(ProblemKind::UnknownJob);
    studio.apply(Event::CancelFailed("ab".to_owned(), unknown), T);
    assert!(!studio.is_running());
}

#[test]
fn a_cancel_before_anything_was_sent_ends_it_at_once() {
    let mut studio = studio();
    studio.apply(submitted("a fox"), T);
    assert_eq!(studio.apply(Event::CancelPressed, T), [Command::Say(Said::Cancelled)]);
    assert_eq!(studio.apply(opened("t"), T + 950), []);
    assert_eq!(studio.wall(), []);
}

#[test]
fn a_failure_hangs_a_card_that_can_be_tried_again_or_edited() {
    let refused = || {
        let mut studio = running();
        studio.apply(seen(2, JobState::Failed), T);
        assert!(!studio.is_running());
        studio
    };
    let mut studio = refused();
    assert!(matches!(studio.wall().as_slice(), [Tile { face: Face::Trouble(_), .. }]));
    studio.apply(Event::RetryPressed(1, "k2".to_owned()), T);
    assert_eq!(ids(&studio.wall()), [2]);
    let mut studio = refused();
    let commands = studio.apply(Event::EditPressed(1), T);
    let prompt = job("ab", 1, JobState::Failed).draft.prompt;
    assert!(commands.contains(&Command::Prompt(Some(prompt))));
    assert_eq!(studio.wall(), []);
}

#[test]
fn a_reload_finds_the_jobs_again() {
    let mut studio = studio();
    let jobs = ["ef", "cd", "ab"];
    let mut expected = vec![open(Some("t"))];
    expected.extend(jobs.map(str::to_owned).map(Command::Ask));
    assert_eq!(studio.apply(Event::Started(Some(stored(&jobs))), T), expected);
    assert_eq!(studio.wall(), []);

    assert_eq!(studio.apply(seen(9, JobState::Succeeded), T), [remembered(&["ef", "cd", "ab"])]);
    let running = Event::Seen("ef".to_owned(), Ok(job("ef", 2, JobState::Running)));
    assert!(studio.apply(running, T).contains(&Command::Hear("ef".to_owned())));
    let unknown = Trouble::of(ProblemKind::UnknownJob);
    let commands = studio.apply(Event::Seen("cd".to_owned(), Err(unknown)), T);
    assert_eq!(commands, [remembered(&["ef", "ab"])]);
    assert_eq!(ids(&studio.wall()), [1, 3]);
}

#[test]
fn pictures_past_their_time_do_not_come_back_after_a_reload() {
    let mut gone = job("ab", 9, JobState::Succeeded);
    for picture in &mut gone.pictures {
        picture.state = PictureState::Gone;
    }
    let mut studio = studio();
    studio.apply(Event::Started(Some(stored(&["ab"]))), T);
    let commands = studio.apply(Event::Seen("ab".to_owned(), Ok(gone)), T);
    assert_eq!(commands, [remembered(&[])]);
    assert_eq!(studio.wall(), []);
}

#[test]
fn where_nothing_may_be_kept_nothing_is() {
    let mut studio = Studio::new(Site { keeps: false, ..studio().site }, false);
    studio.apply(opened("t"), T);
    studio.apply(submitted("a fox"), T);
    let commands = studio.apply(Event::Made(1, Ok(job("ab", 1, JobState::Queued))), T);
    assert_eq!(commands, [Command::Hear("ab".to_owned()), watch_in(6000, 1)]);
    assert!(!studio.remembers());
}

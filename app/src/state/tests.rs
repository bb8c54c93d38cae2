//! The studio's rules, told as what happens to a visitor.

mod cancel;
mod change;
mod device_history;
mod doubt;
mod early;
mod form;
mod frame_messages;
mod lazy_part;
mod limits;
mod lost;
mod previews;
mod queue;
pub(crate) mod random;
mod selection;
mod session;
mod undo;
mod viewer;
mod wall;

use super::*;
use crate::state::{
    command::FocusTarget,
    event::Start,
    job::tests::{job, job_of},
    progress::Progress,
    session_storage::{Known, Order, Stored},
    tile::{TileKind, TileState, TileView},
    uploads::UploadId,
};
use allowance::AllowanceLeft;
use contract::{
    job::{Job, JobState, PictureState},
    options::{Quality, Size},
    problem::ProblemKind,
    session::{Allowance, Session as Opened},
    site::{Challenge, Estimate, History},
    time::Timestamp,
};
use error::StudioError;

const T: u64 = 1_795_343_000_000;

/// The site of the contract's golden file, with prompts of 30 characters, a price list, one job at once and no challenge.
pub(crate) fn site() -> Site {
    let golden = include_str!("../../../contract/tests/golden/site.json");
    let golden: Site = serde_json::from_str(golden).unwrap();
    let size = Size { width: 1024, height: 1024 };
    let estimate = |quality, usd| Estimate { size, quality, expected_ms: None, usd };
    Site {
        max_prompt_chars: 30,
        max_inputs: 4,
        max_count: 4,
        concurrent: 1,
        retention_minutes: 60,
        history: History::Session,
        challenge: None,
        sizes: vec![size, Size { width: 1536, height: 1024 }],
        default_size: size,
        qualities: vec![Quality::Low, Quality::Medium, Quality::High],
        default_quality: Quality::Medium,
        estimates: Some(vec![
            estimate(Quality::Low, Some(contract::money::Nano(5_026_000))),
            estimate(Quality::Medium, Some(contract::money::Nano(11_034_000))),
            estimate(Quality::High, None),
        ]),
        ..golden
    }
}

/// The challenge of the tests.
fn challenge() -> Challenge {
    Challenge {
        provider: "turnstile".to_owned(),
        site_key: "0x4".to_owned(),
        script: "https://challenges.example/api.js".to_owned(),
    }
}

impl Studio {
    const fn site(&self) -> &Site {
        &self.site
    }

    /// Everything that hangs at `now`, newest first.
    fn wall(&self, now: u64) -> Vec<(TileKey, TileView)> {
        self.requests.iter().flat_map(|it| self.tiles_of(it.serial, now)).collect()
    }

    fn progress(&self, serial: u32, now: u64) -> Option<Progress> {
        self.requests.get(serial).map(|request| self.progress_of(request, now))
    }
}

fn studio() -> Studio {
    Studio::new(site())
}

fn order(prompt: &str) -> JobRequest {
    let site = site();
    Draft { prompt: prompt.to_owned(), ..Draft::of(&site) }.request(&site)
}

/// Types this and submits it, with the key `k1`. Each time is another one: nothing is a slip of the finger.
fn submit(studio: &mut Studio, prompt: &str, now: u64) -> Vec<Command> {
    (studio.draft.prompt, studio.submitted) = (prompt.to_owned(), None);
    studio.apply(Event::Submitted { key: "k1".to_owned() }, now)
}

fn allowance(remaining: u32) -> Allowance {
    Allowance { remaining, limit: 10, resets_at: Timestamp(T + 60_000) }
}

fn session(token: &str, remaining: u32) -> Opened {
    let allowance = allowance(remaining);
    Opened { token: token.to_owned(), expires_at: Timestamp(T + 3_600_000), allowance }
}

fn opened(token: &str) -> Event {
    Event::SessionOpened(Ok(session(token, 7)))
}

fn open(old: Option<&str>) -> Command {
    Command::OpenSession { old: old.map(str::to_owned), challenge: None }
}

fn fetched(revision: u64, state: JobState) -> Event {
    Event::JobFetched("ab".to_owned(), Ok(job("ab", revision, state)))
}

fn post(token: &str) -> Command {
    let (token, key, request) = (token.to_owned(), "k1".to_owned(), order("a fox"));
    Command::PostJob { serial: 1, token, key, request, uploads: Vec::new() }
}

fn stored(jobs: &[&str]) -> Stored {
    let known = |id: &&str| Known { id: (*id).to_owned(), since: T, gone: 0, changes: false };
    let jobs = jobs.iter().map(known).collect();
    Stored { token: "t".to_owned(), jobs, orders: Vec::new() }
}

pub(crate) fn started(stored: Option<Stored>) -> Event {
    Event::Started(Box::new(Start { stored, key: "e".to_owned(), ..Start::default() }))
}

fn remembered(jobs: &[&str]) -> Command {
    Command::SaveSession(stored(jobs))
}

fn failed(kind: ProblemKind) -> Event {
    Event::JobCreated(1, Err(StudioError::of(kind)))
}

/// What is remembered while it is not known what became of an order.
fn doubted(jobs: &[&str]) -> Command {
    let order = Order { key: "k1".to_owned(), since: T, request: order("a fox") };
    Command::SaveSession(Stored { orders: vec![order], ..stored(jobs) })
}

fn streamed(revision: u64, state: JobState) -> Event {
    Event::JobStreamed("ab".to_owned(), job("ab", revision, state))
}

fn fetch(id: &str) -> Command {
    Command::FetchJob(id.to_owned())
}

fn watch_in(ms: u32, turn: u32) -> Command {
    Command::After(ms, Due::Watch(1, turn))
}

fn key(serial: u32, index: u32) -> TileKey {
    TileKey { serial, index }
}

/// The prompt gets the focus.
const TO_PROMPT: Command = Command::Focus(FocusTarget::Prompt { select: false });

/// A studio that waits for the answer to its first request.
fn asking() -> Studio {
    let mut studio = studio();
    studio.apply(Event::PromptFocused, T);
    studio.apply(opened("t"), T);
    assert!(submit(&mut studio, "a fox", T).contains(&post("t")));
    studio
}

/// A studio whose first job runs.
fn running() -> Studio {
    let mut studio = asking();
    studio.apply(Event::JobCreated(1, Ok(job("ab", 1, JobState::Queued))), T);
    studio
}

/// The page empties the gallery.
fn cleared() -> Event {
    let message = contract::frame_messages::PageMessage::Clear;
    Event::HostMessage { message, key: "h".to_owned() }
}

/// The serials of what hangs, newest first.
fn ids(studio: &Studio) -> Vec<u32> {
    studio.order().iter().map(|key| key.serial).collect()
}

/// What hangs, newest first.
fn states(studio: &Studio) -> Vec<TileState> {
    studio.wall(T).into_iter().map(|(_, view)| view.state).collect()
}

/// The kinds of what hangs, newest first.
fn kinds(studio: &Studio) -> Vec<TileKind> {
    studio.wall(T).iter().map(|(_, view)| view.kind()).collect()
}

/// The error of the only card, whether its order is sent again or not.
fn card(studio: &Studio) -> Option<StudioError> {
    let card = |state: &TileState| match state {
        TileState::Problem { error, .. } | TileState::Doubt(error) => Some(*error),
        _ => None,
    };
    states(studio).iter().find_map(card)
}

#[test]
fn a_submit_hangs_a_tile_at_once_and_waits_for_the_session() {
    let mut studio = studio();
    let commands = submit(&mut studio, "a fox", T);
    let expected = [
        open(None),
        Command::Announce(Announcement::Making(1)),
        Command::ScrollTo(1),
        Command::After(1000, Due::Tick),
    ];
    assert_eq!(commands, expected);
    assert_eq!(studio.order().len(), 1);
    assert!(studio.is_running());
    assert_eq!(studio.apply(opened("t"), T), [doubted(&[]), post("t")]);
}

#[test]
fn a_description_that_cannot_be_sent_says_why() {
    for (prompt, note) in [
        ("  ", Note::Empty),
        ("a fox in very deep snow, at dusk", Note::TooLong { chars: 32, max: 30 }),
    ] {
        let mut studio = studio();
        let commands = submit(&mut studio, prompt, T);
        assert_eq!(commands, [Command::Announce(Announcement::Note(note)), TO_PROMPT]);
        assert_eq!(studio.note(), Some(note));
        assert!(note.is_invalid());
        // The next key takes it back, once its reason has gone.
        studio.apply(Event::PromptChanged("a fox".to_owned()), T);
        assert_eq!(studio.note(), None);
    }
}

#[test]
fn a_job_is_heard_from_its_first_answer_to_its_last_state() {
    let mut studio = asking();
    let commands = studio.apply(Event::JobCreated(1, Ok(job("ab", 1, JobState::Queued))), T);
    let hear = Command::Subscribe("ab".to_owned());
    assert_eq!(commands, [hear, remembered(&["ab"]), watch_in(6000, 1)]);
    assert_eq!(studio.apply(streamed(2, JobState::Running), T), []);
    let commands = studio.apply(streamed(3, JobState::Succeeded), T);
    let expected = [
        Command::Unsubscribe("ab".to_owned()),
        Command::Announce(Announcement::Ready(1)),
        remembered(&["ab"]),
    ];
    assert_eq!(commands, expected);
    assert!(!studio.is_running());
}

#[test]
fn a_revision_never_goes_back() {
    let mut studio = running();
    studio.apply(fetched(5, JobState::Succeeded), T);
    let wall = studio.wall(T);
    assert_eq!(studio.apply(fetched(4, JobState::Running), T), []);
    assert_eq!(studio.wall(T), wall);
}

#[test]
fn a_lost_answer_is_asked_for_again_with_the_same_key() {
    let mut studio = asking();
    for pause in [1000, 2000, 4000] {
        let commands = studio.apply(Event::JobCreated(1, Err(StudioError::Unreachable)), T);
        assert_eq!(commands, [Command::After(pause, Due::Resend(1))]);
        assert_eq!(studio.apply(Event::Due(Due::Resend(1)), T), [post("t")]);
    }
    // The visitor is told by now, and it goes on.
    let commands = studio.apply(failed(ProblemKind::Busy), T);
    let busy = Command::Announce(Announcement::Problem(StudioError::of(ProblemKind::Busy)));
    assert_eq!(commands, [Command::After(8000, Due::Resend(1)), busy]);
    assert!(!studio.is_running());
}

#[test]
fn a_failure_hangs_a_card_that_can_be_tried_again_or_edited() {
    let refused = || {
        let mut studio = running();
        studio.apply(fetched(2, JobState::Failed), T);
        assert!(!studio.is_running());
        studio
    };
    let mut studio = refused();
    assert_eq!(kinds(&studio), [TileKind::Problem]);
    studio.apply(Event::RetryPressed { serial: 1, key: "k2".to_owned() }, T);
    assert_eq!(ids(&studio), [2]);
    let mut studio = refused();
    let commands = studio.apply(Event::EditPressed(1), T);
    assert!(commands.contains(&TO_PROMPT));
    assert_eq!(studio.draft().prompt, job("ab", 1, JobState::Failed).request.prompt);
    assert_eq!(studio.order(), []);
}

#[test]
fn a_reload_finds_the_jobs_again() {
    let mut studio = studio();
    let jobs = ["ef", "cd", "ab"];
    let mut expected = vec![open(Some("t"))];
    expected.extend(jobs.map(str::to_owned).map(Command::FetchJob));
    assert_eq!(studio.apply(started(Some(stored(&jobs))), T), expected);
    assert_eq!(studio.order(), []);

    assert_eq!(studio.apply(fetched(9, JobState::Succeeded), T), [remembered(&["ef", "cd", "ab"])]);
    let running = Event::JobFetched("ef".to_owned(), Ok(job("ef", 2, JobState::Running)));
    assert!(studio.apply(running, T).contains(&Command::Subscribe("ef".to_owned())));
    let unknown = StudioError::of(ProblemKind::UnknownJob);
    let commands = studio.apply(Event::JobFetched("cd".to_owned(), Err(unknown)), T);
    assert_eq!(commands, [remembered(&["ef", "ab"])]);
    assert_eq!(ids(&studio), [1, 3]);
}

#[test]
fn pictures_past_their_time_do_not_come_back_after_a_reload() {
    let mut gone = job("ab", 9, JobState::Succeeded);
    for picture in &mut gone.pictures {
        picture.state = PictureState::Gone;
    }
    let mut studio = studio();
    studio.apply(started(Some(stored(&["ab"]))), T);
    let commands = studio.apply(Event::JobFetched("ab".to_owned(), Ok(gone)), T);
    assert_eq!(commands, [remembered(&[])]);
    assert_eq!(studio.order(), []);
}

#[test]
fn where_nothing_may_be_kept_nothing_is() {
    let mut studio = Studio::new(Site { history: History::Off, ..site() });
    studio.apply(started(Some(stored(&["cd"]))), T);
    assert_eq!(studio.order(), []);
    studio.apply(Event::PromptFocused, T);
    studio.apply(opened("t"), T);
    let commands = studio.apply(Event::PromptChanged("a".to_owned()), T);
    assert_eq!(commands, [], "the draft neither");
    submit(&mut studio, "a fox", T);
    let commands = studio.apply(Event::JobCreated(1, Ok(job("ab", 1, JobState::Queued))), T);
    assert_eq!(commands, [Command::Subscribe("ab".to_owned()), watch_in(6000, 1)]);
    assert_eq!(studio.apply(Event::PageHidden, T), []);
}

//! Streams that are cut, answers that are not the edge's, pictures that do not load: nothing of it makes the studio forget.

use super::*;
use edge_clock::EdgeTime;

fn cut(over: bool) -> Event {
    Event::StreamCut("ab".to_owned(), over)
}

fn strange(id: &str) -> Event {
    Event::JobFetched(id.to_owned(), Err(StudioError::Unreadable))
}

fn unknown(id: &str) -> Event {
    Event::JobFetched(id.to_owned(), Err(StudioError::of(ProblemKind::UnknownJob)))
}

fn ask_in(ms: u32, id: &str) -> Command {
    Command::After(ms, Due::Fetch(id.to_owned()))
}

#[test]
fn a_stream_that_says_nothing_is_not_waited_for() {
    let mut studio = running();
    let watch = |turn| Event::Due(Due::Watch(1, turn));
    assert_eq!(studio.apply(watch(1), T + 6_000), [fetch("ab")]);
    assert_eq!(studio.apply(watch(1), T + 6_000), [], "one question at a time");
    assert_eq!(studio.apply(fetched(1, JobState::Running), T + 6_100), [watch_in(7000, 2)]);
    assert_eq!(studio.apply(watch(1), T + 13_100), [], "a timer that has had its turn");
    assert_eq!(studio.apply(watch(2), T + 13_100), [fetch("ab")]);
    assert_eq!(studio.apply(strange("ab"), T + 14_000), [watch_in(7000, 3)]);
    assert_eq!(studio.progress(1, T + 14_000), Some(Progress::Again));
    assert_eq!(studio.apply(watch(3), T + 21_000), [fetch("ab")]);
    let commands = studio.apply(fetched(2, JobState::Succeeded), T + 21_100);
    assert!(commands.contains(&Command::Announce(Announcement::Ready(1))), "{commands:?}");
    assert_eq!(studio.apply(watch(3), T + 40_000), [], "nobody waits any more");
}

#[test]
fn a_stream_that_delivers_costs_no_question() {
    let mut studio = running();
    for at in 1..20 {
        let (now, turn) = (T + at * 5_000, u32::try_from(at).unwrap());
        assert_eq!(studio.apply(streamed(at, JobState::Running), now), []);
        let commands = studio.apply(Event::Due(Due::Watch(1, turn)), now + 1_000);
        assert_eq!(commands, [watch_in(5_000, turn + 1)]);
    }
}

#[test]
fn a_stream_that_works_again_takes_over() {
    let mut studio = running();
    studio.apply(Event::Due(Due::Watch(1, 1)), T + 6_000);
    studio.apply(strange("ab"), T + 7_000);
    assert_eq!(studio.apply(streamed(2, JobState::Running), T + 8_000), []);
    assert!(matches!(studio.progress(1, T + 8_000), Some(Progress::Elapsed { .. })));
    // The timer of the last question finds that somebody has spoken.
    assert_eq!(studio.apply(Event::Due(Due::Watch(1, 2)), T + 13_000), [watch_in(1_000, 3)]);
}

#[test]
fn a_stream_that_is_cut_is_asked_for_at_once_and_not_each_time_that_it_says_so() {
    let mut studio = running();
    assert_eq!(studio.apply(cut(false), T), [fetch("ab")]);
    assert_eq!(studio.apply(cut(false), T), []);
    for (pause, turn) in [(2000, 2), (4000, 3), (7000, 4), (7000, 5)] {
        assert_eq!(studio.apply(fetched(1, JobState::Running), T), [watch_in(pause, turn)]);
        assert_eq!(studio.apply(cut(false), T), []);
        let due = Event::Due(Due::Watch(1, turn));
        assert_eq!(studio.apply(due, T + u64::from(pause)), [fetch("ab")]);
    }
}

#[test]
fn a_stream_that_the_browser_has_given_up_is_opened_anew() {
    let mut studio = running();
    let anew = || Due::Subscribe("ab".to_owned());
    assert_eq!(studio.apply(cut(true), T), [fetch("ab"), Command::After(15_000, anew())]);
    let both = [Command::Unsubscribe("ab".to_owned()), Command::Subscribe("ab".to_owned())];
    assert_eq!(studio.apply(Event::Due(anew()), T), both);
    studio.apply(fetched(2, JobState::Succeeded), T);
    assert_eq!(studio.apply(Event::Due(anew()), T), []);
}

#[test]
fn only_the_edge_itself_makes_a_running_job_unknown() {
    let mut studio = running();
    for error in
        [StudioError::Unreadable, StudioError::of(ProblemKind::NotFound), StudioError::Offline]
    {
        studio.apply(Event::JobFetched("ab".to_owned(), Err(error)), T);
        assert!(studio.is_running(), "{error:?}");
    }
    let commands = studio.apply(unknown("ab"), T);
    assert!(commands.contains(&remembered(&[])), "{commands:?}");
    assert!(commands.contains(&Command::Unsubscribe("ab".to_owned())), "{commands:?}");
    assert!(!studio.is_running());
}

#[test]
fn after_a_reload_a_job_is_asked_for_until_the_edge_has_answered() {
    let mut studio = studio();
    studio.apply(started(Some(stored(&["ab"]))), T);
    for pause in [1000, 2000, 4000, 8000, 16_000, 16_000] {
        assert_eq!(studio.apply(strange("ab"), T), [ask_in(pause, "ab")]);
        assert_eq!(kinds(&studio), [TileKind::Waiting]);
        assert_eq!(studio.progress(1, T), Some(Progress::Again));
        assert!(!studio.is_running(), "others can be made meanwhile");
        assert_eq!(studio.apply(Event::Due(Due::Fetch("ab".to_owned())), T), [fetch("ab")]);
    }
    assert_eq!(studio.apply(fetched(9, JobState::Succeeded), T), [remembered(&["ab"])]);
    assert_eq!(kinds(&studio), [TileKind::Picture]);
    assert_eq!(studio.apply(Event::Due(Due::Fetch("ab".to_owned())), T), []);
}

#[test]
fn what_the_tab_remembers_outlives_what_others_answer() {
    let mut studio = studio();
    studio.apply(started(Some(stored(&["cd", "ab"]))), T);
    studio.apply(strange("ab"), T);
    let seen = Event::JobFetched("cd".to_owned(), Ok(job("cd", 9, JobState::Succeeded)));
    assert_eq!(studio.apply(seen, T), [remembered(&["cd", "ab"])]);
    assert_eq!(studio.apply(unknown("ab"), T), [remembered(&["cd"])]);
}

fn two() -> Box<Job> {
    let mut two = job_of(&[PictureState::Ready; 2]);
    (two.revision, two.state) = (9, JobState::Succeeded);
    two
}

#[test]
fn a_picture_that_did_not_load_is_loaded_until_it_does_and_the_others_stay() {
    let mut studio = running();
    studio.apply(Event::JobFetched("ab".to_owned(), Ok(two())), T);
    let before = studio.wall(T);
    for pause in [2000, 4000, 8000, 16_000, 32_000, 32_000] {
        let commands = studio.apply(Event::PictureFailed(key(1, 1)), T);
        assert_eq!(commands, [fetch("ab"), Command::After(pause, Due::Reload(1))]);
        assert_eq!(studio.apply(Event::PictureFailed(key(1, 1)), T), [], "that is known");
        assert_eq!(kinds(&studio), [TileKind::Picture, TileKind::Waiting]);
        assert_eq!(studio.wall(T).first(), before.first());
        assert_eq!(studio.progress(1, T), Some(Progress::Again));
        studio.apply(strange("ab"), T);
        let url = before[1].1.clone();
        let TileState::Picture(picture) = url.state else { panic!("a picture") };
        let refetch = Command::Refetch { key: key(1, 1), url: picture.url };
        assert_eq!(studio.apply(Event::Due(Due::Reload(1)), T), [refetch]);
        assert_eq!(kinds(&studio), [TileKind::Picture, TileKind::Waiting]);
        studio.apply(Event::PictureRefetched(key(1, 1), true), T);
        assert_eq!(studio.wall(T), before);
    }
}

#[test]
fn a_picture_whose_job_is_unknown_is_gone_and_what_hangs_stays() {
    let mut studio = running();
    studio.apply(Event::JobFetched("ab".to_owned(), Ok(two())), T);
    studio.apply(Event::PictureFailed(key(1, 1)), T);
    studio.apply(unknown("ab"), T);
    let gone = StudioError::of(ProblemKind::PictureGone);
    assert_eq!(kinds(&studio), [TileKind::Picture, TileKind::Problem]);
    assert_eq!(card(&studio), Some(gone));
    // Another picture of it is still loaded again when it has to be.
    studio.apply(Event::Due(Due::Reload(1)), T);
    let commands = studio.apply(Event::PictureFailed(key(1, 0)), T);
    assert!(commands.contains(&fetch("ab")), "{commands:?}");
}

#[test]
fn a_picture_that_cannot_be_fetched_anew_is_tried_again() {
    let mut studio = running();
    studio.apply(fetched(9, JobState::Succeeded), T);
    studio.apply(Event::PictureFailed(key(1, 0)), T);
    studio.apply(Event::Due(Due::Reload(1)), T);
    let commands = studio.apply(Event::PictureRefetched(key(1, 0), false), T);
    assert_eq!(commands, [fetch("ab"), Command::After(4000, Due::Reload(1))]);
}

#[test]
fn what_the_edge_tells_of_time_is_compared_with_its_own_clock() {
    let hours = 2 * 60 * 60 * 1000;
    for (visitor, ms) in [(T - hours, 0), (T + hours, 0), (T - hours, 700)] {
        let mut studio = asking();
        let mut waits = job("ab", 1, JobState::Running);
        waits.waiting_until = Some(Timestamp(T + 8_000));
        // A header has no milliseconds: the session has told them.
        let time = |at, within, took| EdgeTime { at, within, sent: visitor - took };
        studio.apply(Event::EdgeTime(time(T - 1_000 + ms, 999, 300)), visitor);
        studio.apply(Event::EdgeTime(time(T, 0, 200)), visitor);
        studio.apply(Event::JobCreated(1, Ok(waits)), visitor);
        studio.apply(Event::EdgeTime(time(T - 800, 999, 900)), visitor);
        let at = |ms| studio.progress(1, visitor + ms);
        assert_eq!(at(0), Some(Progress::Patience { seconds: 8 }));
        assert_eq!(at(1_000), Some(Progress::Patience { seconds: 7 }));
        assert_eq!(at(7_500), Some(Progress::Patience { seconds: 1 }));
        assert!(matches!(at(8_300), Some(Progress::Elapsed { .. })));
    }
}

#[test]
fn a_limit_ends_by_the_edges_clock() {
    let mut studio = studio();
    studio.apply(Event::PromptFocused, T - 7_200_000);
    let sent = T - 7_200_000;
    studio.apply(Event::EdgeTime(EdgeTime { at: T, within: 0, sent }), sent);
    let session = Opened { allowance: allowance(0), ..session("t", 7) };
    studio.apply(Event::SessionOpened(Ok(session)), sent);
    assert!(studio.allowance(sent + 59_999).is_some());
    assert_eq!(studio.allowance(sent + 60_000), None);
}

#[test]
fn an_older_job_does_not_say_what_is_left_now() {
    let mut studio = studio();
    studio.apply(started(Some(stored(&["cd", "ab"]))), T);
    let none = Opened { allowance: allowance(0), ..session("t", 7) };
    studio.apply(Event::SessionOpened(Ok(none)), T);
    let nothing = AllowanceLeft::Nothing(allowance(0).resets_at);
    let mut old = job("ab", 9, JobState::Succeeded);
    old.allowance = Some(allowance(1));
    studio.apply(Event::JobFetched("ab".to_owned(), Ok(old.clone())), T);
    assert_eq!(studio.allowance(T), Some(nothing));
    // Nor does it when it is asked for because of a picture.
    studio.apply(Event::PictureFailed(key(2, 0)), T);
    studio.apply(Event::JobFetched("ab".to_owned(), Ok(old)), T);
    assert_eq!(studio.allowance(T), Some(nothing));
    // One that ends now does.
    let running = Event::JobFetched("cd".to_owned(), Ok(job("cd", 2, JobState::Running)));
    studio.apply(running, T);
    let mut last = job("cd", 3, JobState::Succeeded);
    last.allowance = Some(allowance(3));
    studio.apply(Event::JobStreamed("cd".to_owned(), last), T);
    assert_eq!(studio.allowance(T), Some(AllowanceLeft::Pictures(allowance(3))));
}

//! Streams that are cut, answers that are not the edge's, pictures that do not load: nothing of it makes the studio forget.

use super::*;
use crate::state::job::Job;

fn cut(over: bool) -> Event {
    Event::Cut("ab".to_owned(), over)
}

fn strange(id: &str) -> Event {
    Event::Seen(id.to_owned(), Err(Trouble::Unreadable))
}

fn unknown(id: &str) -> Event {
    Event::Seen(id.to_owned(), Err(Trouble::of(ProblemKind::UnknownJob)))
}

fn ask_in(ms: u32, id: &str) -> Command {
    Command::Later(ms, Due::Ask(id.to_owned()))
}

#[test]
fn a_stream_that_says_nothing_is_not_waited_for() {
    let mut studio = running();
    let watch = |turn| Event::Due(Due::Watch(1, turn));
    assert_eq!(studio.apply(watch(1), T + 6_000), [ask("ab")]);
    assert_eq!(studio.apply(watch(1), T + 6_000), [], "one question at a time");
    assert_eq!(studio.apply(seen(1, JobState::Running), T + 6_100), [watch_in(7000, 2)]);
    assert_eq!(studio.apply(watch(1), T + 13_100), [], "a timer that has had its turn");
    assert_eq!(studio.apply(watch(2), T + 13_100), [ask("ab")]);
    assert_eq!(studio.apply(strange("ab"), T + 14_000), [watch_in(7000, 3)]);
    assert_eq!(studio.progress(1, T + 14_000), Some(Progress::Again));
    assert_eq!(studio.apply(watch(3), T + 21_000), [ask("ab")]);
    let commands = studio.apply(seen(2, JobState::Succeeded), T + 21_100);
    assert!(commands.contains(&Command::Say(Said::Ready(1))), "{commands:?}");
    assert_eq!(studio.apply(watch(3), T + 40_000), [], "nobody waits any more");
}

#[test]
fn a_stream_that_delivers_costs_no_question() {
    let mut studio = running();
    for at in 1..20 {
        let (now, turn) = (T + at * 5_000, u32::try_from(at).unwrap());
        assert_eq!(studio.apply(heard(at, JobState::Running), now), []);
        let commands = studio.apply(Event::Due(Due::Watch(1, turn)), now + 1_000);
        assert_eq!(commands, [watch_in(5_000, turn + 1)]);
    }
}

#[test]
fn a_stream_that_works_again_takes_over() {
    let mut studio = running();
    studio.apply(Event::Due(Due::Watch(1, 1)), T + 6_000);
    studio.apply(strange("ab"), T + 7_000);
    assert_eq!(studio.apply(heard(2, JobState::Running), T + 8_000), []);
    assert!(matches!(studio.progress(1, T + 8_000), Some(Progress::Elapsed { .. })));
    // The timer of the last question finds that somebody has spoken.
    assert_eq!(studio.apply(Event::Due(Due::Watch(1, 2)), T + 13_000), [watch_in(1_000, 3)]);
}

#[test]
fn a_stream_that_is_cut_is_asked_for_at_once_and_not_each_time_that_it_says_so() {
    let mut studio = running();
    assert_eq!(studio.apply(cut(false), T), [ask("ab")]);
    assert_eq!(studio.apply(cut(false), T), []);
    for (pause, turn) in [(2000, 2), (4000, 3), (7000, 4), (7000, 5)] {
        assert_eq!(studio.apply(seen(1, JobState::Running), T), [watch_in(pause, turn)]);
        assert_eq!(studio.apply(cut(false), T), []);
        let due = Event::Due(Due::Watch(1, turn));
        assert_eq!(studio.apply(due, T + u64::from(pause)), [ask("ab")]);
    }
}

#[test]
fn a_stream_that_the_browser_has_given_up_is_opened_anew() {
    let mut studio = running();
    let anew = || Due::Hear("ab".to_owned());
    assert_eq!(studio.apply(cut(true), T), [ask("ab"), Command::Later(15_000, anew())]);
    let both = [Command::Unhear("ab".to_owned()), Command::Hear("ab".to_owned())];
    assert_eq!(studio.apply(Event::Due(anew()), T), both);
    studio.apply(seen(2, JobState::Succeeded), T);
    assert_eq!(studio.apply(Event::Due(anew()), T), []);
}

#[test]
fn only_the_edge_itself_makes_a_running_job_unknown() {
    let mut studio = running();
    for trouble in [Trouble::Unreadable, Trouble::of(ProblemKind::NotFound), Trouble::Offline] {
        studio.apply(Event::Seen("ab".to_owned(), Err(trouble)), T);
        assert!(studio.is_running(), "{trouble:?}");
    }
    let commands = studio.apply(unknown("ab"), T);
    assert!(commands.contains(&remembered(&[])), "{commands:?}");
    assert!(commands.contains(&Command::Unhear("ab".to_owned())), "{commands:?}");
    assert!(!studio.is_running());
}

#[test]
fn after_a_reload_a_job_is_asked_for_until_the_edge_has_answered() {
    let mut studio = studio();
    studio.apply(Event::Started(Some(stored(&["ab"]))), T);
    for pause in [1000, 2000, 4000, 8000, 16_000, 16_000] {
        assert_eq!(studio.apply(strange("ab"), T), [ask_in(pause, "ab")]);
        let [Tile { face: Face::Wait, .. }] = &studio.wall()[..] else { panic!("a tile waits") };
        assert_eq!(studio.progress(1, T), Some(Progress::Again));
        assert!(!studio.is_running(), "others can be made meanwhile");
        assert_eq!(studio.apply(Event::Due(Due::Ask("ab".to_owned())), T), [ask("ab")]);
    }
    assert_eq!(studio.apply(seen(9, JobState::Succeeded), T), [remembered(&["ab"])]);
    let [Tile { face: Face::Picture(_), .. }] = &studio.wall()[..] else { panic!("it hangs") };
    assert_eq!(studio.apply(Event::Due(Due::Ask("ab".to_owned())), T), []);
}

#[test]
fn what_the_tab_remembers_outlives_what_others_answer() {
    let mut studio = studio();
    studio.apply(Event::Started(Some(stored(&["cd", "ab"]))), T);
    studio.apply(strange("ab"), T);
    let seen = Event::Seen("cd".to_owned(), Ok(job("cd", 9, JobState::Succeeded)));
    assert_eq!(studio.apply(seen, T), [remembered(&["cd", "ab"])]);
    assert_eq!(studio.apply(unknown("ab"), T), [remembered(&["cd"])]);
}

fn two() -> Box<Job> {
    let mut two = job("ab", 9, JobState::Succeeded);
    two.pictures.push(two.pictures.first().unwrap().clone());
    two
}

#[test]
fn a_picture_that_did_not_load_is_loaded_until_it_does_and_the_others_stay() {
    let mut studio = running();
    studio.apply(Event::Seen("ab".to_owned(), Ok(two())), T);
    let before = studio.wall();
    for pause in [2000, 4000, 8000, 16_000, 32_000, 32_000] {
        let commands = studio.apply(Event::PictureLost((1, 1)), T);
        assert_eq!(commands, [ask("ab"), Command::Later(pause, Due::Reload(1))]);
        assert_eq!(studio.apply(Event::PictureLost((1, 1)), T), [], "that is known");
        let [own, Tile { face: Face::Wait, .. }] = &studio.wall()[..] else { panic!("it waits") };
        assert_eq!(Some(own), before.first());
        assert_eq!(studio.progress(1, T), Some(Progress::Again));
        studio.apply(strange("ab"), T);
        assert_eq!(studio.apply(Event::Due(Due::Reload(1)), T), []);
        assert_eq!(studio.wall(), before);
    }
}

#[test]
fn a_picture_whose_job_is_unknown_is_gone_and_what_hangs_stays() {
    let mut studio = running();
    studio.apply(Event::Seen("ab".to_owned(), Ok(two())), T);
    studio.apply(Event::PictureLost((1, 1)), T);
    studio.apply(unknown("ab"), T);
    let gone = Trouble::of(ProblemKind::PictureGone);
    let wall = studio.wall();
    let [Tile { face: Face::Picture(_), .. }, Tile { face: Face::Trouble(trouble), .. }] =
        &wall[..]
    else {
        panic!("{wall:?}")
    };
    assert_eq!(*trouble, gone);
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
        studio.apply(Event::Made(1, Ok(waits)), visitor);
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
    studio.apply(Event::Intent, T - 7_200_000);
    let sent = T - 7_200_000;
    studio.apply(Event::EdgeTime(EdgeTime { at: T, within: 0, sent }), sent);
    let session = Opened { token: "t".to_owned(), allowance: Some(allowance(0)), told_at: None };
    studio.apply(Event::Opened(Ok(session)), sent);
    assert!(studio.left(sent + 59_999).is_some());
    assert_eq!(studio.left(sent + 60_000), None);
}

#[test]
fn an_older_job_does_not_say_what_is_left_now() {
    let mut studio = studio();
    studio.apply(Event::Started(Some(stored(&["cd", "ab"]))), T);
    let none = Opened { token: "t".to_owned(), allowance: Some(allowance(0)), told_at: None };
    studio.apply(Event::Opened(Ok(none)), T);
    let mut old = job("ab", 9, JobState::Succeeded);
    old.allowance = Some(allowance(1));
    studio.apply(Event::Seen("ab".to_owned(), Ok(old.clone())), T);
    assert_eq!(studio.left(T), Some(Left::Pictures(allowance(0))));
    // Nor does it when it is asked for because of a picture.
    studio.apply(Event::PictureLost((2, 0)), T);
    studio.apply(Event::Seen("ab".to_owned(), Ok(old)), T);
    assert_eq!(studio.left(T), Some(Left::Pictures(allowance(0))));
    // One that ends now does.
    let running = Event::Seen("cd".to_owned(), Ok(job("cd", 2, JobState::Running)));
    studio.apply(running, T);
    let mut last = job("cd", 3, JobState::Succeeded);
    last.allowance = Some(allowance(3));
    studio.apply(Event::Heard("cd".to_owned(), last), T);
    assert_eq!(studio.left(T), Some(Left::Pictures(allowance(3))));
}

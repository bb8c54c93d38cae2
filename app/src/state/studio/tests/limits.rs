//! What is left, the limit reached, the site closed, and what pictures cost.

use super::*;
use contract::money::Nano;

fn closed(kind: ProblemKind, end: u64) -> Trouble {
    Trouble::Problem { kind, resets_at: Some(Timestamp(end)) }
}

#[test]
fn what_is_left_follows_every_job() {
    let mut studio = running();
    assert_eq!(studio.left(T), Some(Left::Pictures(allowance(7))));
    let mut last = job("ab", 3, JobState::Succeeded);
    last.allowance = Some(allowance(6));
    studio.apply(Event::Seen("ab".to_owned(), Ok(last)), T);
    assert_eq!(studio.left(T), Some(Left::Pictures(allowance(6))));
    // An event that says nothing of it changes nothing.
    let mut silent = job("ab", 4, JobState::Succeeded);
    silent.allowance = None;
    studio.apply(Event::Seen("ab".to_owned(), Ok(silent)), T);
    assert_eq!(studio.left(T), Some(Left::Pictures(allowance(6))));
}

#[test]
fn once_something_came_back_the_next_intent_asks_how_much() {
    let mut studio = running();
    studio.apply(seen(2, JobState::Succeeded), T);
    let later = T + 60_000;
    assert_eq!(studio.apply(Event::Intent, later - 1), []);
    assert_eq!(studio.left(later), None, "nobody knows");
    assert_eq!(studio.apply(Event::Intent, later), [open(Some("t"))]);
    assert_eq!(studio.apply(Event::Intent, later), []);
}

#[test]
fn fewer_than_asked_for_is_said_before_anything_is_sent() {
    let mut studio = studio();
    studio.apply(Event::Intent, T);
    let two = allowance(2);
    studio.apply(
        Event::Opened(Ok(Opened { token: "t".to_owned(), allowance: Some(two), told_at: None })),
        T,
    );
    let asked = |count| Event::Submitted(Draft { count, ..draft("a fox") }, "k1".to_owned());
    let commands = studio.apply(asked(3), T);
    assert!(commands.contains(&Command::Note(Some(Note::Fewer(2)))), "{commands:?}");
    assert!(!studio.is_running());
    studio.apply(asked(2), T);
    assert!(studio.is_running());
}

#[test]
fn with_none_left_the_edge_has_the_last_word() {
    let mut studio = studio();
    studio.apply(Event::Intent, T);
    let none = Opened { token: "t".to_owned(), allowance: Some(allowance(0)), told_at: None };
    studio.apply(Event::Opened(Ok(none)), T);
    assert!(studio.left(T).is_some_and(Left::is_over));
    assert!(studio.apply(submitted("a fox"), T).contains(&post("t")));
}

#[test]
fn a_closed_site_is_known_from_whatever_said_so() {
    for kind in [ProblemKind::SiteClosed, ProblemKind::BudgetSpent] {
        let trouble = closed(kind, T + 500_000);
        let left = Some(Left::Closed(trouble));
        let mut studio = studio();
        studio.apply(Event::Intent, T);
        assert_eq!(studio.apply(Event::Opened(Err(trouble)), T), []);
        assert_eq!(studio.left(T), left);
        assert_eq!(studio.left(T + 500_000), None);
        let mut studio = asking();
        studio.apply(Event::Made(1, Err(trouble)), T);
        assert_eq!(studio.left(T), left);
    }
}

#[test]
fn cards_of_a_limit_do_not_pile_up() {
    let mut studio = asking();
    let limit = closed(ProblemKind::VisitorLimit, T + 500_000);
    studio.apply(Event::Made(1, Err(limit)), T);
    studio.apply(submitted("a fox"), T);
    studio.apply(Event::Made(2, Err(limit)), T);
    assert_eq!(ids(&studio.wall()), [2]);
    // Other words are not lost.
    studio.apply(submitted("a hare"), T);
    studio.apply(Event::Made(3, Err(limit)), T);
    assert_eq!(ids(&studio.wall()), [3, 2]);
}

#[test]
fn cost_is_told_before_and_after() {
    let mut studio = running();
    let two = Draft { count: 2, ..draft("a fox") };
    assert_eq!(studio.estimate(&two), Some(Nano(22_068_000)));
    assert_eq!(studio.cost(1, 0), None);
    studio.apply(seen(2, JobState::Succeeded), T);
    assert_eq!(studio.cost(1, 0), Some((1, Nano(12_345_000))));
}

//! What is left, the limit reached, the site closed, and what pictures cost.

use super::*;
use contract::money::Nano;

fn closed(kind: ProblemKind, end: u64) -> StudioError {
    StudioError::Problem { kind, resets_at: Some(Timestamp(end)) }
}

#[test]
fn what_is_left_follows_every_job() {
    let mut studio = running();
    assert_eq!(studio.allowance(T), Some(AllowanceLeft::Pictures(allowance(7))));
    let mut last = job("ab", 3, JobState::Succeeded);
    last.allowance = Some(allowance(6));
    studio.apply(Event::JobFetched("ab".to_owned(), Ok(last)), T);
    assert_eq!(studio.allowance(T), Some(AllowanceLeft::Pictures(allowance(6))));
    // An event that says nothing of it changes nothing.
    let mut silent = job("ab", 4, JobState::Succeeded);
    silent.allowance = None;
    studio.apply(Event::JobFetched("ab".to_owned(), Ok(silent)), T);
    assert_eq!(studio.allowance(T), Some(AllowanceLeft::Pictures(allowance(6))));
}

#[test]
fn once_something_came_back_the_next_intent_asks_how_much() {
    let mut studio = running();
    studio.apply(fetched(2, JobState::Succeeded), T);
    let later = T + 60_000;
    assert_eq!(studio.apply(Event::PromptFocused, later - 1), []);
    assert_eq!(studio.allowance(later), None, "nobody knows");
    assert_eq!(studio.apply(Event::PromptFocused, later), [open(Some("t"))]);
    assert_eq!(studio.apply(Event::PromptFocused, later), []);
}

#[test]
fn fewer_than_asked_for_is_said_before_anything_is_sent() {
    let mut studio = studio();
    studio.apply(Event::PromptFocused, T);
    let two = allowance(2);
    studio.apply(Event::SessionOpened(Ok(Opened { allowance: two, ..session("t", 7) })), T);
    studio.apply(Event::CountChosen(3), T);
    submit(&mut studio, "a fox", T);
    assert_eq!((studio.note(), studio.is_running()), (Some(Note::Fewer(2)), false));
    studio.apply(Event::CountChosen(2), T);
    assert_eq!(studio.note(), None, "its reason has gone");
    submit(&mut studio, "a fox", T);
    assert!(studio.is_running());
}

#[test]
fn a_card_that_wants_more_than_is_left_says_so_whatever_the_form_asks_for() {
    let mut studio = asking();
    let mut failed = job_of(&[PictureState::Failed; 3]);
    failed.state = JobState::Failed;
    failed.allowance = Some(allowance(2));
    studio.apply(Event::JobCreated(1, Ok(failed)), T);
    studio.apply(Event::RetryPressed { serial: 1, key: "k2".to_owned() }, T);
    assert_eq!((studio.note(), studio.is_running()), (Some(Note::Fewer(2)), false));
}

#[test]
fn with_none_left_the_edge_has_the_last_word() {
    let mut studio = studio();
    studio.apply(Event::PromptFocused, T);
    let none = Opened { allowance: allowance(0), ..session("t", 7) };
    studio.apply(Event::SessionOpened(Ok(none)), T);
    assert!(studio.allowance(T).is_some_and(AllowanceLeft::is_over));
    assert!(submit(&mut studio, "a fox", T).contains(&post("t")));
}

#[test]
fn a_closed_site_is_known_from_whatever_said_so() {
    for kind in [ProblemKind::SiteClosed, ProblemKind::BudgetSpent] {
        let error = closed(kind, T + 500_000);
        let left = Some(AllowanceLeft::Closed(error));
        let mut studio = studio();
        studio.apply(Event::PromptFocused, T);
        assert_eq!(studio.apply(Event::SessionOpened(Err(error)), T), []);
        assert_eq!(studio.allowance(T), left);
        assert_eq!(studio.allowance(T + 500_000), None);
        let mut studio = asking();
        studio.apply(Event::JobCreated(1, Err(error)), T);
        assert_eq!(studio.allowance(T), left);
    }
}

#[test]
fn cards_of_a_limit_do_not_pile_up() {
    let mut studio = asking();
    let limit = closed(ProblemKind::VisitorLimit, T + 500_000);
    studio.apply(Event::JobCreated(1, Err(limit)), T);
    submit(&mut studio, "a fox", T);
    studio.apply(Event::JobCreated(2, Err(limit)), T);
    assert_eq!(ids(&studio), [2]);
    // Other words are not lost.
    submit(&mut studio, "a hare", T);
    studio.apply(Event::JobCreated(3, Err(limit)), T);
    assert_eq!(ids(&studio), [3, 2]);
}

#[test]
fn cost_is_told_before_and_after() {
    let mut studio = running();
    studio.apply(Event::CountChosen(2), T);
    assert_eq!(studio.estimate(), Some(Nano(22_068_000)));
    studio.apply(fetched(2, JobState::Succeeded), T);
    let cost = studio.facts(key(1, 0)).and_then(|facts| facts.cost);
    assert_eq!(cost, Some((1, Nano(12_345_000))));
}

#[test]
fn a_pause_after_refused_descriptions_is_known_from_whatever_said_so() {
    let end = Timestamp(T + 60_000);
    // By the edge's refusal.
    let mut studio = asking();
    let pause = StudioError::Refusals { resets_at: Some(end) };
    studio.apply(Event::JobCreated(1, Err(pause)), T);
    assert_eq!(studio.allowance(T), Some(AllowanceLeft::Paused(end)));
    // By nothing being left right after a refusal.
    let refused = |left| {
        let mut studio = running();
        let mut job = job("ab", 2, JobState::Failed);
        job.allowance = Some(allowance(left));
        studio.apply(Event::JobFetched("ab".to_owned(), Ok(job)), T);
        studio
    };
    assert_eq!(refused(3).allowance(T), Some(AllowanceLeft::Pictures(allowance(3))));
    let mut studio = refused(0);
    assert_eq!(studio.allowance(T), Some(AllowanceLeft::Paused(end)));
    // A session cannot say it, and does not make it forgotten.
    studio.session = Session::Opening { old: Some("t".to_owned()) };
    studio.apply(Event::SessionOpened(Ok(session("u", 0))), T);
    assert_eq!(studio.allowance(T), Some(AllowanceLeft::Paused(end)));
}

#[test]
fn nothing_left_is_said_without_a_reproach_where_nobody_knows_why() {
    let end = Timestamp(T + 60_000);
    let mut reloaded = studio();
    reloaded.apply(started(Some(stored(&[]))), T);
    reloaded.apply(Event::SessionOpened(Ok(session("t", 0))), T);
    assert_eq!(reloaded.allowance(T), Some(AllowanceLeft::Nothing(end)));
    // Who has made the last picture here knows.
    let mut studio = running();
    let mut last = job("ab", 2, JobState::Succeeded);
    last.allowance = Some(allowance(0));
    studio.apply(Event::JobFetched("ab".to_owned(), Ok(last)), T);
    assert_eq!(studio.allowance(T), Some(AllowanceLeft::Pictures(allowance(0))));
}

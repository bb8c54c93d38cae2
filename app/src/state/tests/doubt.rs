//! An order whose answer is lost: one key, until somebody knows what became of it.

use super::*;

fn lost(error: StudioError) -> Event {
    Event::JobCreated(1, Err(error))
}

fn resend() -> Event {
    Event::Due(Due::Resend(1))
}

fn retry() -> Event {
    Event::RetryPressed { serial: 1, key: "k2".to_owned() }
}

/// A studio whose first order was lost until a card says so.
fn doubting() -> Studio {
    let mut studio = asking();
    for _ in 0..4 {
        studio.apply(lost(StudioError::Unreadable), T);
        studio.apply(resend(), T);
    }
    studio.apply(lost(StudioError::Unreadable), T);
    assert_eq!(states(&studio), [TileState::Doubt(StudioError::Unreadable)]);
    studio
}

/// What a tab remembers while nobody knows.
fn order() -> Stored {
    let Command::SaveSession(stored) = doubted(&[]) else { panic!("it is remembered") };
    Stored::read(&stored.to_text()).unwrap()
}

#[test]
fn a_key_is_remembered_before_it_leaves_and_until_its_fate_is_known() {
    let mut studio = studio();
    studio.apply(Event::PromptFocused, T);
    studio.apply(opened("t"), T);
    let commands = submit(&mut studio, "a fox", T);
    let at = |wanted: &Command| commands.iter().position(|command| command == wanted).unwrap();
    assert!(at(&doubted(&[])) < at(&post("t")), "{commands:?}");
    let granted = Event::JobCreated(1, Ok(job("ab", 1, JobState::Queued)));
    assert!(studio.clone().apply(granted, T).contains(&remembered(&["ab"])));
    let commands = studio.apply(failed(ProblemKind::SiteClosed), T);
    assert!(commands.contains(&remembered(&[])), "{commands:?}");
}

#[test]
fn whatever_is_no_answer_of_the_edge_goes_on_with_the_same_key() {
    for error in [StudioError::Unreadable, StudioError::Unreachable, StudioError::Offline] {
        let mut studio = asking();
        for pause in [1000, 2000, 4000, 8000, 16_000, 32_000, 32_000, 32_000] {
            let commands = studio.apply(lost(error), T);
            assert!(commands.contains(&Command::After(pause, Due::Resend(1))), "{commands:?}");
            assert_eq!(studio.apply(resend(), T), [post("t")]);
            assert_eq!(studio.apply(resend(), T), [], "one at a time");
        }
        let commands = studio.apply(Event::JobCreated(1, Ok(job("ab", 1, JobState::Running))), T);
        assert!(commands.contains(&Command::Subscribe("ab".to_owned())), "{commands:?}");
    }
}

#[test]
fn other_pictures_are_made_while_an_order_is_in_doubt() {
    let mut studio = doubting();
    let commands = submit(&mut studio, "a hare", T);
    let posts = commands.iter().any(|it| matches!(it, Command::PostJob { serial: 2, .. }));
    assert!(posts, "{commands:?}");
}

#[test]
fn try_again_sends_the_same_key_at_once() {
    let mut studio = doubting();
    let commands = studio.apply(retry(), T);
    let making = Command::Announce(Announcement::Making(1));
    assert_eq!(commands, [post("t"), making]);
    let commands = studio.clone().apply(lost(StudioError::Unreadable), T);
    assert_eq!(commands, [Command::After(1000, Due::Resend(1))], "its pauses begin anew");
    assert_eq!(kinds(&studio), [TileKind::Waiting]);
    assert!(studio.is_running());
}

#[test]
fn try_again_during_an_attempt_sends_nothing_twice() {
    let mut studio = doubting();
    assert_eq!(studio.apply(resend(), T), [post("t")]);
    let commands = studio.apply(retry(), T);
    assert!(!commands.contains(&post("t")), "{commands:?}");
    assert!(studio.is_running());
}

#[test]
fn a_refusal_is_known_and_another_try_is_another_order() {
    for kind in [
        ProblemKind::SiteClosed,
        ProblemKind::BudgetSpent,
        ProblemKind::VisitorLimit,
        ProblemKind::GatewayRefused,
        ProblemKind::IdempotencyMismatch,
    ] {
        let mut studio = doubting();
        studio.apply(resend(), T);
        let commands = studio.apply(failed(kind), T);
        assert!(commands.contains(&remembered(&[])), "{kind:?}: {commands:?}");
        let commands = studio.apply(retry(), T);
        let key = commands.iter().find_map(|command| match command {
            Command::PostJob { key, .. } => Some(key.as_str()),
            _ => None,
        });
        assert_eq!(key, Some("k2"), "{kind:?}");
    }
}

#[test]
fn what_is_said_before_anybody_looks_for_the_key_refuses_only_the_first_attempt() {
    let mut first = asking();
    first.apply(failed(ProblemKind::Misconfigured), T);
    assert_eq!(first.apply(resend(), T), []);
    let mut later = asking();
    later.apply(lost(StudioError::Unreadable), T);
    later.apply(resend(), T);
    later.apply(failed(ProblemKind::Misconfigured), T);
    assert_eq!(later.apply(resend(), T), [post("t")]);
}

#[test]
fn a_limit_on_requests_says_nothing_of_a_key_and_is_kept() {
    let mut studio = asking();
    let commands = studio.apply(lost(StudioError::Rate(60)), T);
    assert_eq!(commands, [Command::After(60_000, Due::Resend(1))]);
    assert_eq!(studio.apply(resend(), T), [post("t")]);
}

#[test]
fn a_session_that_is_over_is_renewed_for_the_same_key() {
    let mut studio = doubting();
    studio.apply(resend(), T);
    let commands = studio.apply(failed(ProblemKind::SessionRequired), T);
    assert_eq!(commands, [open(Some("t"))]);
    assert_eq!(studio.apply(opened("u"), T), [post("u")]);
    // Also a second time, when something else was in between.
    studio.apply(lost(StudioError::Unreadable), T);
    studio.apply(resend(), T);
    assert_eq!(studio.apply(failed(ProblemKind::SessionRequired), T), [open(Some("u"))]);
}

#[test]
fn another_visitor_is_not_sent_with_the_key_of_the_one_before() {
    let mut studio = doubting();
    studio.apply(resend(), T);
    studio.apply(failed(ProblemKind::SessionRequired), T);
    let over = StudioError::of(ProblemKind::SessionRequired);
    let commands = studio.apply(Event::SessionOpened(Err(over)), T);
    assert!(!commands.iter().any(|command| matches!(command, Command::OpenSession { .. })));
    assert_eq!(card(&studio), Some(over));
}

#[test]
fn a_reload_sends_it_again_and_finds_the_job() {
    let mut studio = studio();
    let commands = studio.apply(started(Some(order())), T);
    assert_eq!(commands, [open(Some("t")), Command::After(1000, Due::Tick)]);
    let wall = studio.wall(T);
    let [(_, tile)] = wall.as_slice() else { panic!("{wall:?}") };
    assert_eq!((tile.kind(), tile.prompt.as_str()), (TileKind::Waiting, "a fox"));
    // Whatever answers instead of the edge.
    for pause in [1000, 2000, 4000, 8000, 16_000] {
        let commands = studio.apply(Event::SessionOpened(Err(StudioError::Unreadable)), T);
        assert!(commands.contains(&Command::After(pause, Due::Resend(1))), "{commands:?}");
        assert_eq!(studio.apply(resend(), T), [open(Some("t"))]);
    }
    assert_eq!(studio.apply(opened("u"), T), [post("u")]);
    let mut done = job("ab", 9, JobState::Succeeded);
    done.allowance = Some(allowance(9));
    studio.apply(Event::JobCreated(1, Ok(done)), T);
    assert_eq!(ids(&studio), [1]);
    assert_eq!(
        studio.allowance(T),
        Some(AllowanceLeft::Pictures(allowance(7))),
        "the session's word is newer"
    );
}

#[test]
fn a_reload_before_the_order_left_remembers_none() {
    let mut studio = studio();
    studio.apply(started(Some(stored(&[]))), T);
    let commands = submit(&mut studio, "a fox", T);
    let kept = commands.iter().any(|command| matches!(command, Command::SaveSession(_)));
    assert!(!kept, "{commands:?}");
}

#[test]
fn a_cancel_goes_on_until_there_is_something_to_cancel() {
    let mut studio = asking();
    assert_eq!(studio.apply(Event::CancelPressed, T), [remembered(&[])]);
    for _ in 0..6 {
        studio.apply(lost(StudioError::Unreadable), T);
        assert_eq!(studio.progress(1, T), Some(Progress::Cancelling));
        assert_eq!(studio.apply(resend(), T), [post("t")]);
    }
    assert!(!studio.is_running(), "other pictures can be made meanwhile");
    let commands = studio.apply(Event::JobCreated(1, Ok(job("ab", 1, JobState::Running))), T);
    assert!(commands.contains(&Command::CancelJob("ab".to_owned())), "{commands:?}");
}

#[test]
fn a_page_hears_once_that_it_is_in_doubt_and_then_how_it_ends() {
    let mut studio = asking();
    studio.hosted = true;
    let mut told = Vec::new();
    let mut tell = |commands: Vec<Command>| {
        for command in commands {
            if let Command::PostToPage(one) = command {
                told.push(one);
            }
        }
    };
    for _ in 0..6 {
        tell(studio.apply(lost(StudioError::Unreadable), T));
        tell(studio.apply(resend(), T));
    }
    tell(studio.apply(Event::JobCreated(1, Ok(job("ab", 1, JobState::Running))), T));
    let start = host_messages::start(&job("ab", 1, JobState::Running).request);
    assert_eq!(told, [host_messages::problem(StudioError::Unreadable), start]);
}

#[test]
fn the_gallery_is_emptied_but_for_what_may_still_come() {
    let mut studio = doubting();
    studio.apply(cleared(), T);
    assert_eq!(ids(&studio), [1]);
    studio.apply(Event::EditPressed(1), T);
    assert_eq!(studio.order(), [], "whoever edits the words gives it up");
    assert_eq!(studio.apply(resend(), T), []);
}

//! How a session is opened, behind a challenge or not, and renewed.

use super::*;

const TOKEN: &str = "check";

fn checked(studio: &mut Studio) -> Vec<Command> {
    studio.apply(Event::ChallengeEnded(Some(TOKEN.to_owned())), T)
}

/// A studio whose site has a challenge.
fn guarded() -> Studio {
    Studio::new(Site { challenge: Some(challenge()), ..site() })
}

/// Whether a session is asked for, or a challenge.
fn opens(commands: &[Command]) -> bool {
    let opens = |it: &Command| matches!(it, Command::OpenSession { .. } | Command::Challenge);
    commands.iter().any(opens)
}

fn refused(kind: ProblemKind) -> Event {
    Event::SessionOpened(Err(StudioError::of(kind)))
}

/// A session that a challenge opens.
fn open_checked() -> Command {
    Command::OpenSession { old: None, challenge: Some(TOKEN.to_owned()) }
}

#[test]
fn the_first_intent_opens_one_session() {
    let mut studio = studio();
    assert_eq!(studio.apply(started(None), T), []);
    assert_eq!(studio.apply(Event::PromptFocused, T), [open(None)]);
    assert_eq!(studio.apply(Event::PromptFocused, T), []);
    assert_eq!(studio.apply(opened("t"), T), []);
    assert_eq!(studio.apply(Event::PromptFocused, T), []);
    assert_eq!(studio.allowance(T), Some(AllowanceLeft::Pictures(allowance(7))));
}

#[test]
fn what_failed_at_the_first_intent_is_left_to_the_submit() {
    let mut studio = studio();
    studio.apply(Event::PromptFocused, T);
    assert_eq!(studio.apply(Event::SessionOpened(Err(StudioError::Unreachable)), T), []);
    assert!(!opens(&studio.apply(Event::PromptChanged("a".to_owned()), T)));
    assert!(submit(&mut studio, "a fox", T).contains(&open(None)));
}

#[test]
fn a_session_that_is_over_is_renewed_and_else_opened_anew() {
    let mut studio = asking();
    let commands = studio.apply(failed(ProblemKind::SessionRequired), T);
    assert_eq!(commands, [open(Some("t"))]);
    let commands = studio.apply(refused(ProblemKind::SessionRequired), T);
    assert_eq!(commands, [open(None)]);
    assert_eq!(studio.apply(opened("u"), T), [post("u")]);
    // A second refusal of the same intent is a problem.
    studio.apply(failed(ProblemKind::SessionRequired), T);
    assert!(!studio.is_running());
}

#[test]
fn a_reload_renews_and_keeps_the_old_token_until_that_is_through() {
    let mut studio = studio();
    let commands = studio.apply(started(Some(stored(&["ab"]))), T);
    assert_eq!(commands, [open(Some("t")), Command::FetchJob("ab".to_owned())]);
    assert_eq!(studio.apply(fetched(9, JobState::Succeeded), T), [remembered(&["ab"])]);
    studio.apply(Event::SessionOpened(Err(StudioError::Offline)), T);
    assert_eq!(studio.apply(Event::PromptFocused, T), [open(Some("t"))]);
    // Past renewal: nothing is opened before the visitor wants a picture.
    assert_eq!(studio.apply(refused(ProblemKind::SessionRequired), T), []);
    assert!(submit(&mut studio, "a fox", T).contains(&open(None)));
}

#[test]
fn a_challenge_waits_for_the_first_intent_and_opens_the_session() {
    let mut studio = guarded();
    assert_eq!(studio.apply(started(None), T), []);
    assert_eq!(studio.apply(Event::PromptFocused, T), [Command::Challenge]);
    assert!(!opens(&studio.apply(Event::PromptChanged("a".to_owned()), T)));
    assert_eq!(checked(&mut studio), [open_checked()]);
    assert_eq!(checked(&mut studio), [], "a token opens one session");
    studio.apply(opened("t"), T);
    assert!(submit(&mut studio, "a fox", T).contains(&post("t")));
}

#[test]
fn a_submit_before_the_challenge_is_passed_is_kept_and_carried_out() {
    let mut studio = guarded();
    let commands = submit(&mut studio, "a fox", T);
    assert!(
        commands.contains(&Command::Challenge)
            && commands.contains(&Command::Announce(Announcement::Check))
    );
    assert_eq!(studio.progress(1, T), Some(Progress::Check));
    assert_eq!(checked(&mut studio), [open_checked()]);
    assert_eq!(studio.apply(opened("t"), T), [doubted(&[]), post("t")]);
}

#[test]
fn a_challenge_that_fails_is_a_card_and_trying_again_takes_it_anew() {
    for error in [StudioError::Unchecked, StudioError::of(ProblemKind::ChallengeFailed)] {
        let mut studio = guarded();
        submit(&mut studio, "a fox", T);
        let commands = if error == StudioError::Unchecked {
            studio.apply(Event::ChallengeEnded(None), T)
        } else {
            checked(&mut studio);
            studio.apply(refused(ProblemKind::ChallengeFailed), T)
        };
        assert_eq!(commands, [Command::Announce(Announcement::Problem(error))]);
        assert_eq!((kinds(&studio), card(&studio)), (vec![TileKind::Problem], Some(error)));
        let commands = studio.apply(Event::RetryPressed { serial: 1, key: "k2".to_owned() }, T);
        assert!(commands.contains(&Command::Challenge), "{commands:?}");
        assert_eq!(ids(&studio), [2]);
    }
}

#[test]
fn a_challenge_that_fails_at_the_first_intent_disturbs_nobody() {
    let mut studio = guarded();
    studio.apply(Event::PromptFocused, T);
    assert_eq!(studio.apply(Event::ChallengeEnded(None), T), []);
    assert!(!opens(&studio.apply(Event::PromptChanged("a".to_owned()), T)));
    assert_eq!(studio.order(), []);
}

#[test]
fn a_cancel_during_the_challenge_sends_nothing_afterwards() {
    let mut studio = guarded();
    submit(&mut studio, "a fox", T);
    assert_eq!(
        studio.apply(Event::CancelPressed, T + 900),
        [Command::Announce(Announcement::Cancelled(0))]
    );
    checked(&mut studio);
    assert_eq!(studio.apply(opened("t"), T), []);
    assert_eq!(studio.order(), []);
}

#[test]
fn a_renewal_needs_no_challenge() {
    let mut studio = guarded();
    assert_eq!(studio.apply(started(Some(stored(&[]))), T), [open(Some("t"))]);
    studio.apply(opened("u"), T);
    assert_eq!(studio.apply(Event::PromptFocused, T), []);
}

/// A studio with a challenge whose first request was answered that one has to be passed.
fn stopped() -> Studio {
    let mut studio = guarded();
    studio.apply(started(Some(stored(&[]))), T);
    studio.apply(opened("t"), T);
    assert!(submit(&mut studio, "a fox", T).contains(&post("t")));
    let commands = studio.apply(failed(ProblemKind::ChallengeFailed), T);
    assert_eq!(commands, [Command::Challenge, Command::Announce(Announcement::Check)]);
    studio
}

#[test]
fn a_challenge_before_an_order_renews_the_session_and_the_same_order_is_sent_again() {
    let mut studio = stopped();
    assert!(studio.is_running(), "the visitor waits for the picture, not for a card");
    assert_eq!(studio.progress(1, T), Some(Progress::Check));
    assert_eq!(studio.apply(Event::PromptFocused, T), []);
    let renew =
        Command::OpenSession { old: Some("t".to_owned()), challenge: Some(TOKEN.to_owned()) };
    assert_eq!(checked(&mut studio), [renew]);
    assert!(studio.apply(opened("u"), T).contains(&post("u")));
    let commands = studio.apply(Event::JobCreated(1, Ok(job("ab", 1, JobState::Queued))), T);
    assert!(commands.contains(&Command::Subscribe("ab".to_owned())));
}

#[test]
fn a_challenge_that_was_passed_in_vain_is_a_card_and_trying_again_takes_it_anew() {
    let mut studio = stopped();
    checked(&mut studio);
    studio.apply(opened("u"), T);
    let error = StudioError::of(ProblemKind::ChallengeFailed);
    let commands = studio.apply(Event::JobCreated(1, Err(error)), T);
    assert!(commands.contains(&Command::Announce(Announcement::Problem(error))), "{commands:?}");
    studio.apply(Event::RetryPressed { serial: 1, key: "k2".to_owned() }, T);
    let commands = studio.apply(Event::JobCreated(2, Err(error)), T);
    assert_eq!(commands, [Command::Challenge, Command::Announce(Announcement::Check)]);
}

#[test]
fn a_challenge_before_an_order_that_cannot_be_shown_is_a_card_and_the_session_stays() {
    let mut studio = stopped();
    let commands = studio.apply(Event::ChallengeEnded(None), T);
    assert!(
        commands.contains(&Command::Announce(Announcement::Problem(StudioError::Unchecked))),
        "{commands:?}"
    );
    assert_eq!(
        (kinds(&studio), card(&studio)),
        (vec![TileKind::Problem], Some(StudioError::Unchecked))
    );
    let Stage::Failed { order, .. } = &studio.requests.get(1).unwrap().stage else {
        panic!("it failed")
    };
    assert_eq!(order.prompt, "a fox");
    let again = studio.apply(Event::RetryPressed { serial: 1, key: "k2".to_owned() }, T);
    assert!(again.iter().any(|it| matches!(it, Command::PostJob { token, .. } if token == "t")));
}

#[test]
fn a_cancel_during_the_challenge_before_an_order_ends_it_and_keeps_the_session() {
    let mut studio = stopped();
    let commands = studio.apply(Event::CancelPressed, T + 900);
    assert_eq!(commands, [remembered(&[]), Command::Announce(Announcement::Cancelled(0))]);
    checked(&mut studio);
    let commands = studio.apply(opened("u"), T);
    assert!(!commands.iter().any(|it| matches!(it, Command::PostJob { .. })), "{commands:?}");
    assert_eq!((studio.order(), studio.session.token()), (vec![], Some("u")));
}

#[test]
fn where_a_site_has_no_challenge_the_answer_is_a_card() {
    let mut studio = asking();
    studio.apply(failed(ProblemKind::ChallengeFailed), T);
    assert!(!studio.is_running());
}

#[test]
fn an_order_that_waits_for_a_challenge_is_sent_again_after_a_reload() {
    let mut studio = stopped();
    // Whatever is remembered meanwhile has it.
    studio.remember();
    let commands = std::mem::take(&mut studio.out);
    let [Command::SaveSession(stored)] = &commands[..] else { panic!("{commands:?}") };
    let [Order { key, .. }] = stored.orders.as_slice() else { panic!("{stored:?}") };
    assert_eq!(key, "k1");
    let mut reloaded = guarded();
    reloaded.apply(started(Stored::read(&stored.to_text())), T);
    assert_eq!(reloaded.apply(opened("u"), T), [post("u")]);
    // The edge asks for the challenge again, and it is taken.
    let commands = reloaded.apply(failed(ProblemKind::ChallengeFailed), T);
    assert!(commands.contains(&Command::Challenge), "{commands:?}");
}

#[test]
fn a_challenge_in_vain_does_not_open_a_session_that_is_over() {
    let mut studio = guarded();
    studio.apply(started(Some(stored(&[]))), T);
    studio.apply(opened("t"), T);
    assert!(submit(&mut studio, "a fox", T).contains(&post("t")));
    // Meanwhile the session ends, and its renewal fails.
    studio.apply(failed(ProblemKind::SessionRequired), T);
    studio.apply(Event::SessionOpened(Err(StudioError::Unreachable)), T);
    assert_eq!(studio.session, Session::Old("t".to_owned()));
    studio.check_for(1);
    assert_eq!(studio.session, Session::Checking { old: Some("t".to_owned()), open: false });
    studio.apply(Event::ChallengeEnded(None), T);
    assert_eq!(studio.session, Session::Old("t".to_owned()), "its token is to be renewed first");
    let commands = submit(&mut studio, "a hare", T);
    assert!(!commands.iter().any(|it| matches!(it, Command::PostJob { .. })), "{commands:?}");
    assert!(commands.contains(&open(Some("t"))), "{commands:?}");
}

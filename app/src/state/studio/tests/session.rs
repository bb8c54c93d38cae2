//! How a session is opened, behind a challenge or not, and renewed.

use super::*;

const TOKEN: &str = "check";

fn checked(studio: &mut Studio) -> Vec<Command> {
    studio.apply(Event::Checked(Some(TOKEN.to_owned())), T)
}

/// A studio whose site has a challenge.
fn guarded() -> Studio {
    Studio::new(Site { challenge: Some(site::tests::challenge()), ..site::tests::site() }, false)
}

fn refused(kind: ProblemKind) -> Event {
    Event::Opened(Err(Trouble::of(kind)))
}

/// A session that a challenge opens.
fn open_checked() -> Command {
    Command::Open { old: None, challenge: Some(TOKEN.to_owned()) }
}

#[test]
fn the_first_intent_opens_one_session() {
    let mut studio = studio();
    assert_eq!(studio.apply(Event::Started(None), T), []);
    assert_eq!(studio.apply(Event::Intent, T), [open(None)]);
    assert_eq!(studio.apply(Event::Intent, T), []);
    assert_eq!(studio.apply(opened("t"), T), []);
    assert_eq!(studio.apply(Event::Intent, T), []);
    assert_eq!(studio.left(T), Some(Left::Pictures(allowance(7))));
}

#[test]
fn what_failed_at_the_first_intent_is_left_to_the_submit() {
    let mut studio = studio();
    studio.apply(Event::Intent, T);
    assert_eq!(studio.apply(Event::Opened(Err(Trouble::Unreachable)), T), []);
    assert_eq!(studio.apply(Event::Typed("a fo".to_owned()), T), [Command::Note(None)]);
    assert!(studio.apply(submitted("a fox"), T).contains(&open(None)));
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
    let commands = studio.apply(Event::Started(Some(stored(&["ab"]))), T);
    assert_eq!(commands, [open(Some("t")), Command::Ask("ab".to_owned())]);
    assert_eq!(studio.apply(seen(9, JobState::Succeeded), T), [remembered(&["ab"])]);
    studio.apply(Event::Opened(Err(Trouble::Offline)), T);
    assert_eq!(studio.apply(Event::Intent, T), [open(Some("t"))]);
    // Past renewal: nothing is opened before the visitor wants a picture.
    assert_eq!(studio.apply(refused(ProblemKind::SessionRequired), T), []);
    assert!(studio.apply(submitted("a fox"), T).contains(&open(None)));
}

#[test]
fn a_challenge_waits_for_the_first_intent_and_opens_the_session() {
    let mut studio = guarded();
    assert_eq!(studio.apply(Event::Started(None), T), []);
    assert_eq!(studio.apply(Event::Intent, T), [Command::Check]);
    assert_eq!(studio.apply(Event::Typed("a".to_owned()), T), [Command::Note(None)]);
    assert_eq!(checked(&mut studio), [open_checked()]);
    assert_eq!(checked(&mut studio), [], "a token opens one session");
    studio.apply(opened("t"), T);
    assert!(studio.apply(submitted("a fox"), T).contains(&post("t")));
}

#[test]
fn a_submit_before_the_challenge_is_passed_is_kept_and_carried_out() {
    let mut studio = guarded();
    let commands = studio.apply(submitted("a fox"), T);
    assert!(commands.contains(&Command::Check) && commands.contains(&Command::Say(Said::Check)));
    assert_eq!(studio.progress(1, T), Some(Progress::Check));
    assert_eq!(checked(&mut studio), [open_checked()]);
    assert_eq!(studio.apply(opened("t"), T), [doubted(&[]), post("t")]);
}

#[test]
fn a_challenge_that_fails_is_a_card_and_trying_again_takes_it_anew() {
    for trouble in [Trouble::Unchecked, Trouble::of(ProblemKind::ChallengeFailed)] {
        let mut studio = guarded();
        studio.apply(submitted("a fox"), T);
        let commands = if trouble == Trouble::Unchecked {
            studio.apply(Event::Checked(None), T)
        } else {
            checked(&mut studio);
            studio.apply(refused(ProblemKind::ChallengeFailed), T)
        };
        assert_eq!(commands, [Command::Say(Said::Trouble(trouble))]);
        let [Tile { face, .. }] = &studio.wall()[..] else { panic!("one card") };
        assert_eq!(*face, Face::Trouble(trouble));
        let commands = studio.apply(Event::RetryPressed(1, "k2".to_owned()), T);
        assert!(commands.contains(&Command::Check), "{commands:?}");
        assert_eq!(ids(&studio.wall()), [2]);
    }
}

#[test]
fn a_challenge_that_fails_at_the_first_intent_disturbs_nobody() {
    let mut studio = guarded();
    studio.apply(Event::Intent, T);
    assert_eq!(studio.apply(Event::Checked(None), T), []);
    assert_eq!(studio.apply(Event::Typed("a".to_owned()), T), [Command::Note(None)]);
    assert_eq!(studio.wall(), []);
}

#[test]
fn a_cancel_during_the_challenge_sends_nothing_afterwards() {
    let mut studio = guarded();
    studio.apply(submitted("a fox"), T);
    assert_eq!(studio.apply(Event::CancelPressed, T + 900), [Command::Say(Said::Cancelled)]);
    checked(&mut studio);
    assert_eq!(studio.apply(opened("t"), T), []);
    assert_eq!(studio.wall(), []);
}

#[test]
fn a_renewal_needs_no_challenge() {
    let mut studio = guarded();
    assert_eq!(studio.apply(Event::Started(Some(stored(&[]))), T), [open(Some("t"))]);
    studio.apply(opened("u"), T);
    assert_eq!(studio.apply(Event::Intent, T), []);
}

/// A studio with a challenge whose first request was answered that one has to be passed.
fn stopped() -> Studio {
    let mut studio = guarded();
    studio.apply(Event::Started(Some(stored(&[]))), T);
    studio.apply(opened("t"), T);
    assert!(studio.apply(submitted("a fox"), T).contains(&post("t")));
    let commands = studio.apply(failed(ProblemKind::ChallengeFailed), T);
    assert_eq!(commands, [Command::Check, Command::Say(Said::Check)]);
    studio
}

#[test]
fn a_challenge_before_an_order_renews_the_session_and_the_same_order_is_sent_again() {
    let mut studio = stopped();
    assert!(studio.is_running(), "the visitor waits for the picture, not for a card");
    assert_eq!(studio.progress(1, T), Some(Progress::Check));
    assert_eq!(studio.apply(Event::Intent, T), []);
    let renew = Command::Open { old: Some("t".to_owned()), challenge: Some(TOKEN.to_owned()) };
    assert_eq!(checked(&mut studio), [renew]);
    assert!(studio.apply(opened("u"), T).contains(&post("u")));
    let commands = studio.apply(Event::Made(1, Ok(job("ab", 1, JobState::Queued))), T);
    assert!(commands.contains(&Command::Hear("ab".to_owned())));
}

#[test]
fn a_challenge_that_was_passed_in_vain_is_a_card_and_trying_again_takes_it_anew() {
    let mut studio = stopped();
    checked(&mut studio);
    studio.apply(opened("u"), T);
    let trouble = Trouble::of(ProblemKind::ChallengeFailed);
    let commands = studio.apply(Event::Made(1, Err(trouble)), T);
    assert!(commands.contains(&Command::Say(Said::Trouble(trouble))), "{commands:?}");
    studio.apply(Event::RetryPressed(1, "k2".to_owned()), T);
    let commands = studio.apply(Event::Made(2, Err(trouble)), T);
    assert_eq!(commands, [Command::Check, Command::Say(Said::Check)]);
}

#[test]
fn a_challenge_before_an_order_that_cannot_be_shown_is_a_card_and_the_session_stays() {
    let mut studio = stopped();
    let commands = studio.apply(Event::Checked(None), T);
    assert!(commands.contains(&Command::Say(Said::Trouble(Trouble::Unchecked))), "{commands:?}");
    let [Tile { face, .. }] = &studio.wall()[..] else { panic!("one card") };
    assert_eq!(*face, Face::Trouble(Trouble::Unchecked));
    let Stage::Failed { draft, .. } = &studio.entries[0].stage else { panic!("it failed") };
    assert_eq!(draft.prompt, "a fox");
    let again = studio.apply(Event::RetryPressed(1, "k2".to_owned()), T);
    assert!(again.iter().any(|it| matches!(it, Command::Post { token, .. } if token == "t")));
}

#[test]
fn a_cancel_during_the_challenge_before_an_order_ends_it_and_keeps_the_session() {
    let mut studio = stopped();
    let commands = studio.apply(Event::CancelPressed, T + 900);
    assert_eq!(commands, [remembered(&[]), Command::Say(Said::Cancelled)]);
    checked(&mut studio);
    let commands = studio.apply(opened("u"), T);
    assert!(!commands.iter().any(|it| matches!(it, Command::Post { .. })), "{commands:?}");
    assert_eq!((studio.wall(), studio.session.token()), (vec![], Some("u")));
}

#[test]
fn where_a_site_has_no_challenge_the_answer_is_a_card() {
    let mut studio = asking();
    studio.apply(failed(ProblemKind::ChallengeFailed), T);
    assert!(!studio.is_running());
}

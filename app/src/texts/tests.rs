//! What the studio says, in English where nothing else is learnt.

use super::*;
use crate::state::json::Json;

/// Takes the words of a language, as the build writes them into its document.
fn learn_from(texts: &str) {
    let texts = Json::read(texts).unwrap();
    let lines: Vec<_> =
        TextKey::ALL.iter().map(|(_, key)| texts.get(key).text().unwrap().to_owned()).collect();
    learn(lines.join("\n"));
}

/// English is what tests hear that say nothing else.
pub(super) fn learn_english() {
    if WORDS.get().is_empty() {
        learn_from(include_str!("../../../texts/en.json"));
    }
}

#[test]
fn german_says_it_its_own_way() {
    learn_from(include_str!("../../../texts/de.json"));
    for kind in ProblemKind::ALL {
        let card = card(Trouble::of(*kind), 0, at_two);
        assert!(card.text.ends_with('.') && !card.headline.ends_with('.'), "{card:?}");
    }
    let card = card(Trouble::of(ProblemKind::PromptRefused), 0, at_two);
    assert_eq!(card.headline, "Der Bilddienst hat diese Beschreibung abgelehnt");
    assert_eq!(card.actions[0].map(Action::word), Some("Beschreibung ändern"));
    let allowance = Allowance { remaining: 0, limit: 10, resets_at: Timestamp(1000) };
    let none = left(Left::Pictures(allowance), 0, at_two);
    assert_eq!(none, "Keines mehr übrig. Neue ab 02:00 Uhr.");
    assert_eq!(estimate(Nano(22_068_000)), "Etwa 0,022 $");
    assert_eq!(said(Said::Making(3)), "3 Bilder entstehen.");
    let elapsed = progress(Progress::Elapsed { seconds: 31, expected: Some(30) });
    assert_eq!(elapsed, "31 s, länger als die üblichen 30 s");
}

#[test]
fn an_owners_word_may_leave_a_number_out_or_hold_braces() {
    let lines: Vec<_> = TextKey::ALL.iter().map(|(_, key)| format!("{key} {{x}} {{")).collect();
    learn(lines.join("\n"));
    assert_eq!(fill(TextKey::Left, "3", ""), "left {x} {");
    learn(lines.join("\n").replace("{x}", "{m}{n}{m}"));
    assert_eq!(fill(TextKey::Left, "3", "4"), "left 434 {");
}

fn at_two(_: Timestamp) -> (u32, u32) {
    (2, 0)
}

#[test]
fn every_problem_says_what_to_do() {
    for kind in ProblemKind::ALL {
        let card = card(Trouble::of(*kind), 0, at_two);
        assert!(card.text.ends_with('.') && !card.headline.ends_with('.'), "{card:?}");
        let asks = ["Try", "again", "Change"].iter().any(|word| card.text.contains(word));
        assert!(!asks || card.actions[0].is_some(), "{card:?}");
    }
}

#[test]
fn a_limit_says_when_it_ends() {
    let spent = |resets_at| {
        let (kind, resets_at) = (ProblemKind::BudgetSpent, Some(Timestamp(resets_at)));
        card(Trouble::Problem { kind, resets_at }, 0, at_two)
    };
    assert_eq!(spent(1000).headline, "This site has made all its pictures for now");
    assert_eq!(
        (spent(1000).text.as_str(), spent(1000).actions),
        ("New ones from 02:00.", [None; 2])
    );
    assert_eq!(spent(DAY_MS).text, "New ones in 1 day.");
    assert_eq!(spent(9 * DAY_MS + 1).text, "New ones in 9 days.");
}

#[test]
fn waits_are_said_in_seconds() {
    let elapsed = |seconds, expected| progress(Progress::Elapsed { seconds, expected });
    assert_eq!(elapsed(12, Some(30)), "12 s of about 30 s");
    assert_eq!(elapsed(31, Some(30)), "31 s, longer than the usual 30 s");
    assert_eq!(elapsed(12, None), "12 s so far");
    let patience = progress(Progress::Patience { seconds: 8 });
    assert_eq!(patience, "The picture service asked us to wait. Next try in 8 s");
}

#[test]
fn what_is_left_says_when_more_comes() {
    let say = |remaining, resets_at| {
        let (limit, resets_at) = (10, Timestamp(resets_at));
        left(Left::Pictures(Allowance { remaining, limit, resets_at }), 0, at_two)
    };
    assert_eq!(say(10, 1000), "10 left");
    assert_eq!(say(7, 1000), "7 left, more from 02:00");
    assert_eq!(say(7, 2 * DAY_MS), "7 left, more in 2 days");
    assert_eq!(say(0, 1000), "None left. New ones from 02:00.");
}

#[test]
fn a_time_is_never_told_too_early() {
    let minute = |end: Timestamp| (0, u32::try_from(end.0 / 60_000).unwrap());
    assert_eq!(when(Timestamp(120_000), 0, minute), "from 00:02");
    assert_eq!(when(Timestamp(120_001), 0, minute), "from 00:03");
}

#[test]
fn a_closed_site_says_so_beside_the_form() {
    let closed = |kind, end: Option<u64>| {
        let resets_at = end.map(Timestamp);
        left(Left::Closed(Trouble::Problem { kind, resets_at }), 0, at_two)
    };
    assert_eq!(closed(ProblemKind::SiteClosed, None), "This site is closed for now.");
    assert_eq!(
        closed(ProblemKind::BudgetSpent, Some(1000)),
        "This site has made all its pictures for now. New ones from 02:00."
    );
}

#[test]
fn a_limit_without_a_time_is_that_of_jobs_at_once() {
    let kind = ProblemKind::VisitorLimit;
    assert_eq!(card(Trouble::of(kind), 0, at_two).actions, [Some(Action::Retry), None]);
    let until = Trouble::Problem { kind, resets_at: Some(Timestamp(1000)) };
    let card = card(until, 0, at_two);
    assert_eq!((card.text.as_str(), card.actions), ("New ones from 02:00.", [None; 2]));
}

#[test]
fn a_pause_after_refusals_says_why_and_when_it_ends() {
    for (texts, headline, text) in [
        (
            include_str!("../../../texts/en.json"),
            "Several descriptions were refused",
            "New ones from 02:00.",
        ),
        (
            include_str!("../../../texts/de.json"),
            "Mehrere Beschreibungen wurden abgelehnt",
            "Neue ab 02:00 Uhr.",
        ),
    ] {
        learn_from(texts);
        let until = Trouble::Refusals { resets_at: Some(Timestamp(1000)) };
        let card = card(until, 0, at_two);
        assert_eq!((card.headline, card.text.as_str(), card.actions), (headline, text, [None; 2]));
    }
    // While another picture of the network is made, nobody knows when.
    let card = card(Trouble::Refusals { resets_at: None }, 0, at_two);
    assert_eq!(card.actions, [Some(Action::Retry), None]);
}

#[test]
fn cost_is_about_before_and_exact_after() {
    assert_eq!(estimate(Nano(22_068_000)), "About $0.022");
    assert_eq!(cost((1, Nano(2_210_000))), "$0.0022");
    assert_eq!(cost((4, Nano(44_136_000))), "4 for $0.044");
}

#[test]
fn one_and_many_are_told_apart() {
    assert_eq!(said(Said::Ready(1)), "Your picture is ready.");
    assert_eq!(said(Said::Ready(3)), "3 pictures are ready.");
    assert_eq!(note(Note::Near { chars: 990, max: 1000 }), "990 of 1000 characters");
    assert_eq!(note(Note::TooLong { chars: 1012, max: 1000 }), "12 characters too long. 1000 fit.");
    assert_eq!(note(Note::TooLong { chars: 1001, max: 1000 }), "1 character too long. 1000 fit.");
}

#[test]
fn who_may_have_been_at_fault_is_not_acquitted_and_can_do_both() {
    for texts in [include_str!("../../../texts/en.json"), include_str!("../../../texts/de.json")] {
        learn_from(texts);
        let card = card(Trouble::of(ProblemKind::GatewayFailed), 0, at_two);
        for claim in ["fault", "count", "lag nicht", "gezählt"] {
            assert!(!card.text.contains(claim), "{card:?}");
        }
        assert_eq!(card.actions, [Some(Action::Retry), Some(Action::Edit)]);
    }
}

#[test]
fn what_goes_on_by_itself_says_so() {
    let card = card_of_doubt(Trouble::Unreadable);
    assert!(card.text.contains("No answer yet. Trying again"), "{card:?}");
    assert_eq!(card.actions, [Some(Action::Retry), Some(Action::Edit)]);
}

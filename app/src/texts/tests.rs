//! What the studio says, in English where nothing else is asked for.

use super::*;

fn texts(language: &str) -> Texts {
    Texts::new(tables::of(language).unwrap().to_vec())
}

fn english() -> Texts {
    texts("en")
}

#[test]
fn german_says_it_its_own_way() {
    let de = &texts("de");
    for kind in ProblemKind::ALL {
        let card = card(de, StudioError::of(*kind), 0, at_two);
        assert!(card.text.ends_with('.') && !card.headline.ends_with('.'), "{card:?}");
    }
    let card = card(de, StudioError::of(ProblemKind::PromptRefused), 0, at_two);
    assert_eq!(card.headline, "Der Bilddienst hat diese Beschreibung abgelehnt");
    assert_eq!(card.actions[0].map(|it| de.text(it.key())), Some("Beschreibung ändern"));
    let none_left = Allowance { remaining: 0, limit: 10, resets_at: Timestamp(1000) };
    let none = allowance(de, AllowanceLeft::Pictures(none_left), 0, at_two);
    assert_eq!(none, "Keines mehr übrig. Neue ab 02:00 Uhr.");
    assert_eq!(estimate(de, Nano(22_068_000)), "Etwa 0,03 $");
    assert_eq!(announcement(de, Announcement::Making(3)), "3 Bilder entstehen.");
    let elapsed = progress(de, Progress::Elapsed { seconds: 31, expected: Some(30) });
    assert_eq!(elapsed, "31 s, länger als die üblichen 30 s");
}

#[test]
fn an_owners_text_may_leave_a_number_out_or_hold_braces() {
    let texts = |text: &str| Texts::new(TextKey::ALL.iter().map(|_| text.to_owned()));
    assert_eq!(texts("left {x} {").fill(TextKey::Left, "3", ""), "left {x} {");
    assert_eq!(texts("left {m}{n}{m} {").fill(TextKey::Left, "3", "4"), "left 434 {");
}

#[test]
fn a_document_without_texts_says_nothing_and_does_not_fail() {
    assert_eq!(Texts::default().text(TextKey::UnderCent), "");
    assert_eq!(note(&Texts::default(), Note::Fewer(3)), "");
}

fn at_two(_: Timestamp) -> (u32, u32) {
    (2, 0)
}

#[test]
fn every_problem_says_what_to_do() {
    for kind in ProblemKind::ALL {
        let card = card(&english(), StudioError::of(*kind), 0, at_two);
        assert!(card.text.ends_with('.') && !card.headline.ends_with('.'), "{card:?}");
        let asks = ["Try", "again", "Change"].iter().any(|word| card.text.contains(word));
        assert!(!asks || card.actions[0].is_some(), "{card:?}");
    }
}

#[test]
fn a_limit_says_when_it_ends() {
    let spent = |resets_at| {
        let (kind, resets_at) = (ProblemKind::BudgetSpent, Some(Timestamp(resets_at)));
        card(&english(), StudioError::Problem { kind, resets_at }, 0, at_two)
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
    let elapsed = |seconds, expected| progress(&english(), Progress::Elapsed { seconds, expected });
    assert_eq!(elapsed(12, Some(30)), "12 s of about 30 s");
    assert_eq!(elapsed(31, Some(30)), "31 s, longer than the usual 30 s");
    assert_eq!(elapsed(12, None), "12 s so far");
    let patience = progress(&english(), Progress::Patience { seconds: 8 });
    assert_eq!(patience, "The picture service asked us to wait. Next try in 8 s");
}

#[test]
fn what_is_left_says_when_more_comes() {
    let say = |remaining, resets_at| {
        let (limit, resets_at) = (10, Timestamp(resets_at));
        allowance(
            &english(),
            AllowanceLeft::Pictures(Allowance { remaining, limit, resets_at }),
            0,
            at_two,
        )
    };
    assert_eq!(say(10, 1000), "10 left");
    assert_eq!(say(7, 1000), "7 left", "that is enough for now");
    assert_eq!(say(3, 1000), "3 left, more from 02:00");
    assert_eq!(say(1, 2 * DAY_MS), "1 left, more in 2 days");
    assert_eq!(say(0, 1000), "None left. New ones from 02:00.");
    let nothing = AllowanceLeft::Nothing(Timestamp(1000));
    let neutral = allowance(&english(), nothing, 0, at_two);
    assert_eq!(neutral, "New ones from 02:00.", "nobody knows whether it is a pause");
}

#[test]
fn a_time_is_never_told_too_early() {
    let minute = |end: Timestamp| (0, u32::try_from(end.0 / 60_000).unwrap());
    assert_eq!(when(&english(), Timestamp(120_000), 0, minute), "from 00:02");
    assert_eq!(when(&english(), Timestamp(120_001), 0, minute), "from 00:03");
}

#[test]
fn a_closed_site_says_so_beside_the_form() {
    let closed = |kind, end: Option<u64>| {
        let resets_at = end.map(Timestamp);
        allowance(
            &english(),
            AllowanceLeft::Closed(StudioError::Problem { kind, resets_at }),
            0,
            at_two,
        )
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
    assert_eq!(
        card(&english(), StudioError::of(kind), 0, at_two).actions,
        [Some(Action::Retry), None]
    );
    let until = StudioError::Problem { kind, resets_at: Some(Timestamp(1000)) };
    let card = card(&english(), until, 0, at_two);
    assert_eq!((card.text.as_str(), card.actions), ("New ones from 02:00.", [None; 2]));
}

#[test]
fn a_pause_after_refusals_says_why_and_when_it_ends() {
    for (language, headline, text) in [
        ("en", "Several descriptions were refused", "New ones from 02:00."),
        ("de", "Mehrere Beschreibungen wurden abgelehnt", "Neue ab 02:00 Uhr."),
    ] {
        let texts = texts(language);
        let until = StudioError::Refusals { resets_at: Some(Timestamp(1000)) };
        let beside = allowance(&texts, AllowanceLeft::Paused(Timestamp(1000)), 0, at_two);
        assert_eq!(beside, [headline, ". ", text].concat());
        let card = card(&texts, until, 0, at_two);
        assert_eq!(
            (card.headline.as_str(), card.text.as_str(), card.actions),
            (headline, text, [None; 2])
        );
    }
    // While another picture of the network is made, nobody knows when.
    let card = card(&english(), StudioError::Refusals { resets_at: None }, 0, at_two);
    assert_eq!(card.actions, [Some(Action::Retry), None]);
}

#[test]
fn cost_is_about_before_and_exact_after() {
    assert_eq!(estimate(&english(), Nano(22_068_000)), "About $0.03");
    assert_eq!(estimate(&english(), Nano(2_210_000)), "under 1 ¢", "nothing is about under");
    assert_eq!(cost(&english(), (1, Nano(2_210_000))), "under 1 ¢");
    assert_eq!(cost(&english(), (4, Nano(44_136_000))), "4 for $0.05");
    assert_eq!(cost(&texts("de"), (4, Nano(4_136_000))), "4 für unter 1 ct");
}

#[test]
fn one_and_many_are_told_apart() {
    assert_eq!(announcement(&english(), Announcement::Ready(1)), "Your picture is ready.");
    assert_eq!(announcement(&english(), Announcement::Ready(3)), "3 pictures are ready.");
    assert_eq!(announcement(&english(), Announcement::Cancelled(0)), "Cancelled.");
    assert_eq!(
        announcement(&english(), Announcement::Cancelled(1)),
        "Cancelled. It counts as one."
    );
    assert_eq!(note(&english(), Note::Cancelled(3)), "Cancelled. It counts as 3.");
    assert_eq!(may_leave(&english(), 60), "Come back in this tab: it is here for 60 minutes.");
    assert_eq!(note(&english(), Note::Near { chars: 990, max: 1000 }), "990 of 1000 characters");
    assert_eq!(
        note(&english(), Note::TooLong { chars: 1012, max: 1000 }),
        "12 characters too long. 1000 fit."
    );
    assert_eq!(
        note(&english(), Note::TooLong { chars: 1001, max: 1000 }),
        "1 character too long. 1000 fit."
    );
}

#[test]
fn who_may_have_been_at_fault_is_not_acquitted_and_can_do_both() {
    for language in ["en", "de"] {
        let card = card(&texts(language), StudioError::of(ProblemKind::GatewayFailed), 0, at_two);
        for claim in ["fault", "count", "lag nicht", "gezählt"] {
            assert!(!card.text.contains(claim), "{card:?}");
        }
        assert_eq!(card.actions, [Some(Action::Retry), Some(Action::Edit)]);
    }
}

#[test]
fn what_goes_on_by_itself_says_so() {
    let card = card_of_doubt(&english(), StudioError::Unreadable);
    assert!(card.text.contains("No answer yet. Trying again"), "{card:?}");
    assert_eq!(card.actions, [Some(Action::Retry), Some(Action::Edit)]);
}

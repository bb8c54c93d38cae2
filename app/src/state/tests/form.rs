//! The form: choices, notes, the draft that the tab stores, cards that are put away.

use super::*;

fn typed(studio: &mut Studio, prompt: &str) -> Vec<Command> {
    studio.apply(Event::PromptChanged(prompt.to_owned()), T)
}

#[test]
fn what_is_typed_is_stored_once_typing_stops() {
    let mut studio = studio();
    let save = Command::After(500, Due::SaveDraft);
    assert!(typed(&mut studio, "a").contains(&save));
    assert!(!typed(&mut studio, "a f").contains(&save), "one timer");
    let commands = studio.apply(Event::Due(Due::SaveDraft), T);
    let [Command::SaveDraft(saved)] = &commands[..] else { panic!("{commands:?}") };
    let mut restored = Draft::of(&site());
    saved.fill(&mut restored, &site());
    assert_eq!(restored, *studio.draft());
    assert!(typed(&mut studio, "a fox").contains(&save));
    let hidden = studio.apply(Event::PageHidden, T);
    assert!(matches!(hidden.first(), Some(Command::SaveDraft(_))), "{hidden:?}");
}

#[test]
fn a_choice_is_stored_too_and_what_the_page_puts_in_is_not() {
    let mut studio = studio();
    let look = contract::frame_messages::Look { prompt: "a hare".to_owned(), ..Default::default() };
    let message = contract::frame_messages::PageMessage::Set(look);
    studio.apply(Event::HostMessage { message, key: String::new() }, T);
    assert_eq!(studio.apply(Event::PageHidden, T), [], "the visitor has not acted");
    studio.apply(Event::QualityChosen(Quality::High), T);
    assert!(!studio.apply(Event::PageHidden, T).is_empty());
}

#[test]
fn the_end_of_the_room_is_told_and_goes() {
    let mut studio = studio();
    typed(&mut studio, &"é".repeat(28));
    assert_eq!(studio.note(), Some(Note::Near { chars: 28, max: 30 }));
    assert!(studio.note().is_some_and(|note| note.is_calm() && !note.is_invalid()));
    typed(&mut studio, &"é".repeat(31));
    assert!(studio.note().is_some_and(Note::is_invalid));
    typed(&mut studio, "é");
    assert_eq!(studio.note(), None);
}

#[test]
fn a_narrow_composer_folds_while_something_is_made_and_unfolds_for_whoever_comes_back() {
    let mut studio = studio();
    assert!(!studio.folded());
    submit(&mut studio, "  ", T);
    assert!(!studio.folded(), "nothing is made");
    submit(&mut studio, "a fox", T);
    assert!(studio.folded());
    studio.apply(Event::PromptFocused, T);
    assert!(!studio.folded());
}

#[test]
fn the_same_twice_at_once_is_a_slip_of_the_finger() {
    let mut studio = asking();
    studio.apply(Event::PromptChanged("a hare".to_owned()), T);
    let press = |studio: &mut Studio, at: u64| {
        studio.apply(Event::Submitted { key: at.to_string() }, at);
        studio.running_count()
    };
    assert_eq!(press(&mut studio, T + 1), 2);
    assert_eq!(press(&mut studio, T + 400), 2);
    assert_eq!(studio.note(), None, "it was no other intent");
    assert_eq!(press(&mut studio, T + 600), 2);
    assert_eq!(studio.note(), Some(Note::OneAtATime), "this was one");
}

#[test]
fn a_card_is_put_away_and_the_focus_goes_to_the_next_or_to_the_prompt() {
    let mut studio = asking();
    studio.apply(failed(ProblemKind::PromptRefused), T);
    submit(&mut studio, "a hare", T);
    studio.apply(Event::JobCreated(2, Err(StudioError::of(ProblemKind::PromptRefused))), T);
    let commands = studio.apply(Event::ProblemDismissed(2), T);
    assert_eq!(commands, [remembered(&[]), Command::Focus(FocusTarget::Tile(key(1, 0)))]);
    let commands = studio.apply(Event::ProblemDismissed(1), T);
    assert_eq!(commands, [remembered(&[]), TO_PROMPT]);
    assert_eq!(studio.order(), []);
    assert_eq!(studio.apply(Event::ProblemDismissed(1), T), []);
}

#[test]
fn a_card_is_put_away_and_the_pictures_of_its_job_stay() {
    let mut studio = running();
    let mut two = job_of(&[PictureState::Ready, PictureState::Failed]);
    two.state = JobState::Succeeded;
    studio.apply(Event::JobFetched("ab".to_owned(), Ok(two)), T);
    assert_eq!(kinds(&studio), [TileKind::Picture, TileKind::Problem]);
    studio.apply(Event::ProblemDismissed(1), T);
    assert_eq!(kinds(&studio), [TileKind::Picture]);
}

#[test]
fn a_card_behind_which_an_order_is_sent_again_is_not_put_away_unseen() {
    let mut studio = asking();
    for _ in 0..5 {
        studio.apply(Event::JobCreated(1, Err(StudioError::Unreadable)), T);
        studio.apply(Event::Due(Due::Resend(1)), T);
    }
    assert_eq!(kinds(&studio), [TileKind::Doubt]);
    studio.apply(Event::ProblemDismissed(1), T);
    assert_eq!(kinds(&studio), [TileKind::Waiting]);
    assert_eq!(studio.progress(1, T), Some(Progress::Cancelling));
    let commands = studio.apply(Event::JobCreated(1, Ok(job("ab", 1, JobState::Running))), T);
    assert!(commands.contains(&Command::CancelJob("ab".to_owned())), "{commands:?}");
}

#[test]
fn an_older_card_is_a_line_once_something_has_succeeded() {
    let mut studio = asking();
    studio.apply(failed(ProblemKind::PromptRefused), T);
    let line = |studio: &Studio| {
        let line = |state: &TileState| match state {
            TileState::Problem { line, .. } => Some(*line),
            _ => None,
        };
        states(studio).iter().find_map(line)
    };
    assert_eq!(line(&studio), Some(false));
    submit(&mut studio, "a hare", T);
    studio.apply(Event::JobCreated(2, Ok(job("cd", 1, JobState::Queued))), T);
    studio.take_dirty();
    let done = Event::JobFetched("cd".to_owned(), Ok(job("cd", 2, JobState::Succeeded)));
    studio.apply(done, T);
    assert_eq!(line(&studio), Some(true));
    assert!(studio.take_dirty().contains(&1), "its view is told");
}

#[test]
fn words_and_choices_of_a_picture_come_back_into_the_form() {
    let mut studio = running();
    let mut done = job("ab", 2, JobState::Succeeded);
    done.request.quality = Quality::High;
    studio.apply(Event::JobFetched("ab".to_owned(), Ok(done.clone())), T);
    let commands = studio.apply(Event::ReusePressed(key(1, 0)), T);
    assert!(commands.contains(&TO_PROMPT), "{commands:?}");
    assert_eq!(studio.draft().prompt, done.request.prompt);
    let choices = studio.draft().choices;
    assert_eq!((choices.quality, choices.size), (Quality::High, done.request.size));
}

#[test]
fn a_part_that_is_missing_loses_nothing() {
    let mut studio = studio();
    studio.apply(Event::PromptChanged("a fox".to_owned()), T);
    let commands = studio.apply(Event::PartMissing, T);
    assert!(commands.iter().any(|it| matches!(it, Command::SaveDraft(_))), "{commands:?}");
    assert_eq!(studio.note(), Some(Note::Updated));
}

#[test]
fn a_wait_is_announced_at_ten_seconds_and_once_it_is_longer_than_usual() {
    let announced = |expected_ms, until: u64| {
        let mut studio = asking();
        let mut early = job("ab", 1, JobState::Running);
        (early.elapsed_ms, early.expected_ms) = (0, expected_ms);
        // What the document says of this kind is no time either.
        studio.site.estimates = None;
        studio.apply(Event::JobCreated(1, Ok(early)), T);
        let ticks =
            (1..=until).flat_map(|second| studio.apply(Event::Due(Due::Tick), T + 1000 * second));
        let waits = |command| match command {
            Command::Announce(Announcement::Waits(Progress::Elapsed { seconds, .. })) => {
                Some(seconds)
            }
            _ => None,
        };
        ticks.filter_map(waits).collect::<Vec<_>>()
    };
    assert_eq!(announced(Some(30_000), 60), [10, 31]);
    assert_eq!(announced(Some(5_000), 60), [6]);
    assert_eq!(announced(None, 60), [10]);
    assert_eq!(announced(Some(30_000), 9), [0; 0]);
}

#[test]
fn a_long_wait_says_that_one_may_leave_where_the_tab_remembers() {
    let leaves = |history, after: u64| {
        let mut studio = Studio::new(Site { history, ..site() });
        studio.apply(Event::PromptFocused, T);
        studio.apply(opened("t"), T);
        submit(&mut studio, "a fox", T);
        let mut early = job("ab", 1, JobState::Running);
        early.elapsed_ms = 0;
        studio.apply(Event::JobCreated(1, Ok(early)), T);
        match studio.wall(T + after).into_iter().next().map(|(_, view)| view.state) {
            Some(TileState::Waiting(wait)) => wait.may_leave,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(leaves(History::Session, 7_999), None);
    assert_eq!(leaves(History::Session, 8_000), Some(60));
    assert_eq!(leaves(History::Off, 8_000), None);
}

#[test]
fn the_first_wait_has_the_sites_own_measure() {
    let mut own = site();
    for estimate in own.estimates.iter_mut().flatten() {
        estimate.expected_ms = Some(25_000);
    }
    let mut studio = Studio::new(own);
    submit(&mut studio, "a fox", T);
    let progress = studio.progress(1, T + 5_000);
    assert_eq!(progress, Some(Progress::Elapsed { seconds: 5, expected: Some(25) }));
}

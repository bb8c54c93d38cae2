//! Pictures that a new one starts from: given, taken from the wall, sent, kept, let go.

use super::*;

fn take(id: u32) -> Command {
    Command::Take(id, None)
}

fn taken(id: u32) -> Event {
    Event::Taken(id, true)
}

fn show(ids: &[u32]) -> Command {
    Command::Show(ids.to_vec())
}

/// The pictures that a request is sent with.
fn sent(commands: &[Command]) -> Option<&[u32]> {
    commands.iter().find_map(|command| match command {
        Command::Post { pictures, .. } => Some(pictures.as_slice()),
        _ => None,
    })
}

fn notes(commands: &[Command]) -> Vec<Option<Note>> {
    let note = |command: &Command| match command {
        Command::Note(note) => Some(*note),
        _ => None,
    };
    commands.iter().filter_map(note).collect()
}

/// A studio with a session, and these pictures in the composer, ready.
fn composed(ids: u32) -> Studio {
    let mut studio = studio();
    studio.apply(Event::Intent, T);
    studio.apply(opened("t"), T);
    studio.apply(Event::Given(1, ids), T);
    for id in 1..=ids {
        studio.apply(taken(id), T);
    }
    studio
}

/// A studio with a finished picture on the wall, at (1, 0).
fn hung() -> Studio {
    let mut studio = running();
    studio.apply(seen(2, JobState::Succeeded), T);
    studio
}

#[test]
fn given_pictures_stand_in_the_composer_and_open_a_session() {
    let mut studio = studio();
    let commands = studio.apply(Event::Given(1, 2), T);
    assert_eq!(commands, [open(None), take(1), take(2), show(&[1, 2]), Command::Note(None)]);
    let commands = studio.apply(taken(1), T);
    let added = Command::Say(Said::PictureAdded);
    assert_eq!(commands, [added, show(&[1, 2])], "what is noted stays");
}

#[test]
fn a_request_carries_them_and_so_does_each_repetition() {
    let mut studio = composed(2);
    assert_eq!(sent(&studio.apply(submitted("pink"), T)), Some([1, 2].as_slice()));
    studio.apply(Event::Made(1, Err(Trouble::Unreachable)), T);
    // Those in the composer do not matter any more.
    studio.apply(Event::RemovePressed(0), T);
    studio.apply(Event::RemovePressed(0), T);
    let again = studio.apply(Event::Due(Due::Resend(1)), T);
    assert_eq!(sent(&again), Some([1, 2].as_slice()));
}

#[test]
fn a_submit_waits_for_a_picture_that_is_not_ready() {
    let mut studio = composed(1);
    studio.apply(Event::Given(2, 1), T);
    assert_eq!(sent(&studio.apply(submitted("pink"), T)), None);
    assert_eq!(studio.wall().len(), 1, "the tile hangs at once");
    assert_eq!(sent(&studio.apply(taken(2), T)), Some([1, 2].as_slice()));
}

#[test]
fn a_submit_whose_picture_cannot_be_read_is_not_sent_without_it() {
    let mut studio = composed(1);
    studio.apply(Event::Given(2, 1), T);
    studio.apply(submitted("pink"), T);
    let commands = studio.apply(Event::Taken(2, false), T);
    assert_eq!(sent(&commands), None);
    assert_eq!(notes(&commands), [Some(Note::NoPicture)]);
    assert!(commands.contains(&show(&[1])) && commands.contains(&Command::LetGo(2)));
    assert!(!studio.is_running());
}

#[test]
fn a_fifth_is_refused_with_words_and_forgotten() {
    let mut studio = composed(3);
    let commands = studio.apply(Event::Given(4, 2), T);
    assert_eq!(notes(&commands), [Some(Note::TooManyPictures)]);
    assert!(commands.contains(&take(4)) && !commands.contains(&take(5)));
    assert!(commands.contains(&show(&[1, 2, 3, 4])) && commands.contains(&Command::LetGo(5)));
    // One less: the words go.
    assert_eq!(notes(&studio.apply(Event::RemovePressed(0), T)), [None]);
}

#[test]
fn what_is_removed_is_forgotten_also_while_it_is_made_ready() {
    let mut studio = composed(1);
    studio.apply(Event::Given(2, 1), T);
    let commands = studio.apply(Event::RemovePressed(1), T);
    let removed = Command::Say(Said::PictureRemoved);
    assert_eq!(commands, [removed, show(&[1]), Command::Note(None), Command::LetGo(2)]);
    assert_eq!(studio.apply(taken(2), T), []);
    assert_eq!(studio.apply(Event::Taken(2, false), T), []);
}

#[test]
fn a_picture_of_the_wall_is_changed_in_its_own_shape() {
    let mut studio = hung();
    let commands = studio.apply(Event::ChangePressed((1, 0), 9), T);
    let url = "/v1/jobs/ab/pictures/0".to_owned();
    let size = job("ab", 2, JobState::Succeeded).draft.size;
    let expected =
        [Command::Take(9, Some(url)), show(&[9]), Command::Note(None), Command::Change(size)];
    assert_eq!(commands, expected);
    studio.apply(taken(9), T);
    assert_eq!(sent(&studio.apply(submitted("pink"), T)), Some([9].as_slice()));
}

#[test]
fn pressed_again_it_is_not_there_twice_and_the_next_one_takes_the_place_of_what_was_sent() {
    let mut studio = hung();
    studio.apply(Event::ChangePressed((1, 0), 9), T);
    assert!(studio.apply(Event::ChangePressed((1, 0), 10), T).contains(&show(&[9])));
    studio.apply(taken(9), T);
    studio.apply(submitted("pink"), T);
    assert!(studio.apply(Event::ChangePressed((1, 0), 11), T).contains(&show(&[11])));
}

#[test]
fn what_is_not_a_ready_picture_cannot_be_changed() {
    let mut pending = job("ab", 1, JobState::Running);
    pending.pictures.iter_mut().for_each(|picture| picture.url = None);
    let mut studio = asking();
    studio.apply(Event::Made(1, Ok(pending)), T);
    for place in [(1, 0), (1, 7), (8, 0)] {
        assert_eq!(studio.apply(Event::ChangePressed(place, 9), T), []);
    }
}

#[test]
fn a_picture_of_the_wall_that_is_away_says_so() {
    let mut studio = hung();
    studio.apply(Event::ChangePressed((1, 0), 9), T);
    let commands = studio.apply(Event::Taken(9, false), T);
    assert_eq!(notes(&commands), [Some(Note::PictureAway)]);
    assert!(commands.contains(&show(&[])));
}

#[test]
fn a_failed_change_is_tried_again_with_its_pictures_and_then_they_are_let_go() {
    let mut studio = composed(1);
    studio.apply(submitted("pink"), T);
    studio.apply(Event::RemovePressed(0), T);
    studio.apply(Event::Made(1, Ok(job("ab", 1, JobState::Queued))), T);
    assert!(!studio.apply(seen(2, JobState::Failed), T).contains(&Command::LetGo(1)));
    let again = studio.apply(Event::RetryPressed(1, "k2".to_owned()), T);
    assert_eq!(sent(&again), Some([1].as_slice()));
    studio.apply(Event::Made(2, Ok(job("ab", 1, JobState::Queued))), T);
    let done = studio.apply(seen(2, JobState::Succeeded), T);
    assert!(done.contains(&Command::LetGo(1)), "{done:?}");
}

#[test]
fn edit_brings_back_what_was_asked_for_with_its_pictures() {
    let mut studio = composed(1);
    studio.apply(submitted("pink"), T);
    studio.apply(Event::RemovePressed(0), T);
    studio.apply(failed(ProblemKind::PromptRefused), T);
    let commands = studio.apply(Event::EditPressed(1), T);
    assert!(commands.contains(&show(&[1])), "{commands:?}");
    assert!(!commands.contains(&Command::LetGo(1)));
}

#[test]
fn after_a_reload_a_change_is_never_tried_again_without_its_pictures() {
    let mut studio = composed(1);
    studio.apply(submitted("pink"), T);
    let commands = studio.apply(Event::Made(1, Ok(job("ab", 1, JobState::Queued))), T);
    let kept = commands.into_iter().find_map(|command| match command {
        Command::Remember(stored) => Some(stored),
        _ => None,
    });
    let kept = Stored::read(&kept.expect("a job is remembered").to_text());
    let mut studio = self::studio();
    studio.apply(Event::Started(kept), T);
    studio.apply(seen(2, JobState::Running), T);
    studio.apply(seen(3, JobState::Failed), T);
    let commands = studio.apply(Event::RetryPressed(1, "k2".to_owned()), T);
    assert_eq!(notes(&commands), [Some(Note::PicturesForgotten)]);
    let prompt = job("ab", 3, JobState::Failed).draft.prompt;
    assert!(commands.contains(&Command::Prompt(Some(prompt))));
    assert!(!studio.is_running());
}

#[test]
fn no_price_is_told_for_what_starts_from_pictures() {
    let mut studio = composed(1);
    assert_eq!(studio.estimate(&draft("pink")), None);
    studio.apply(Event::RemovePressed(0), T);
    assert!(studio.estimate(&draft("pink")).is_some());
}

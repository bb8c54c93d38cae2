//! Pictures that a new one starts from: given, taken from the wall, sent, kept, let go.

use super::*;

fn ids_of(ids: &[u32]) -> Vec<UploadId> {
    ids.iter().copied().map(UploadId).collect()
}

fn given(ids: &[u32]) -> Event {
    Event::FilesAdded(ids_of(ids))
}

fn prepare(id: u32) -> Command {
    Command::PrepareUpload(UploadId(id), None)
}

fn release(id: u32) -> Command {
    Command::ReleaseUpload(UploadId(id))
}

fn removed(id: u32) -> Event {
    Event::UploadRemoved(UploadId(id))
}

fn lost(id: u32) -> Event {
    Event::UploadFailed(UploadId(id))
}

/// What the composer shows.
fn shown(studio: &Studio) -> Vec<u32> {
    studio.references().iter().map(|view| view.id.0).collect()
}

fn taken(id: u32) -> Event {
    Event::UploadReady { id: UploadId(id), url: format!("blob:{id}") }
}

/// The pictures that a request is sent with.
fn sent(commands: &[Command]) -> Option<Vec<u32>> {
    commands.iter().find_map(|command| match command {
        Command::PostJob { uploads, .. } => Some(uploads.iter().map(|id| id.0).collect()),
        _ => None,
    })
}

/// A studio with a session, and these pictures in the composer, ready.
fn composed(ids: u32) -> Studio {
    let mut studio = studio();
    studio.apply(Event::PromptFocused, T);
    studio.apply(opened("t"), T);
    studio.apply(given(&(1..=ids).collect::<Vec<_>>()), T);
    for id in 1..=ids {
        studio.apply(taken(id), T);
    }
    studio
}

/// A studio with a finished picture on the wall, at (1, 0).
fn hung() -> Studio {
    let mut studio = running();
    studio.apply(fetched(2, JobState::Succeeded), T);
    studio
}

#[test]
fn given_pictures_stand_in_the_composer_and_open_a_session() {
    let mut studio = studio();
    let commands = studio.apply(given(&[1, 2]), T);
    assert_eq!(commands, [open(None), prepare(1), prepare(2)]);
    assert_eq!(shown(&studio), [1, 2]);
    let commands = studio.apply(taken(1), T);
    assert_eq!(commands, [Command::Announce(Announcement::PictureAdded)]);
    let urls: Vec<_> = studio.references().into_iter().map(|view| view.url).collect();
    assert_eq!(urls, [Some("blob:1".to_owned()), None]);
}

#[test]
fn a_request_carries_them_and_so_does_each_repetition() {
    let mut studio = composed(2);
    assert_eq!(sent(&submit(&mut studio, "pink", T)), Some(vec![1, 2]));
    studio.apply(Event::JobCreated(1, Err(StudioError::Unreachable)), T);
    // Those in the composer do not matter any more.
    studio.apply(removed(1), T);
    studio.apply(removed(2), T);
    let again = studio.apply(Event::Due(Due::Resend(1)), T);
    assert_eq!(sent(&again), Some(vec![1, 2]));
}

#[test]
fn a_submit_waits_for_a_picture_that_is_not_ready() {
    let mut studio = composed(1);
    studio.apply(given(&[2]), T);
    assert_eq!(sent(&submit(&mut studio, "pink", T)), None);
    assert_eq!(studio.order().len(), 1, "the tile hangs at once");
    assert_eq!(sent(&studio.apply(taken(2), T)), Some(vec![1, 2]));
}

#[test]
fn a_submit_whose_picture_cannot_be_read_is_not_sent_without_it() {
    let mut studio = composed(1);
    studio.apply(given(&[2]), T);
    submit(&mut studio, "pink", T);
    let commands = studio.apply(lost(2), T);
    assert_eq!((sent(&commands), studio.note()), (None, Some(Note::NoPicture)));
    assert!(commands.contains(&release(2)), "{commands:?}");
    assert_eq!(shown(&studio), [1]);
    assert!(!studio.is_running());
}

#[test]
fn a_fifth_is_refused_with_words_and_forgotten() {
    let mut studio = composed(3);
    let commands = studio.apply(given(&[4, 5]), T);
    assert_eq!(studio.note(), Some(Note::TooManyPictures));
    assert!(commands.contains(&prepare(4)) && !commands.contains(&prepare(5)));
    assert!(commands.contains(&release(5)), "{commands:?}");
    assert_eq!(shown(&studio), [1, 2, 3, 4]);
    // One less: the words go.
    studio.apply(removed(1), T);
    assert_eq!(studio.note(), None);
}

#[test]
fn what_is_removed_is_forgotten_also_while_it_is_made_ready() {
    let mut studio = composed(1);
    studio.apply(given(&[2]), T);
    let commands = studio.apply(removed(2), T);
    let next = Command::Focus(FocusTarget::Reference(0));
    assert_eq!(commands, [Command::Announce(Announcement::PictureRemoved), next, release(2)]);
    assert_eq!(studio.apply(taken(2), T), []);
    assert_eq!(studio.apply(lost(2), T), []);
    // Whoever has removed the last one goes on at the button that adds one.
    let commands = studio.apply(removed(1), T);
    assert!(commands.contains(&Command::Focus(FocusTarget::Add)), "{commands:?}");
}

#[test]
fn a_picture_of_the_wall_is_changed_in_its_own_shape() {
    let mut studio = hung();
    let commands = studio.apply(Event::ChangePressed(key(1, 0), UploadId(9)), T);
    let url = "/v1/jobs/ab/pictures/0".to_owned();
    let expected = [
        Command::PrepareUpload(UploadId(9), Some(url)),
        Command::Focus(FocusTarget::Prompt { select: true }),
    ];
    assert_eq!(commands, expected);
    assert_eq!(shown(&studio), [9]);
    let size = job("ab", 2, JobState::Succeeded).request.size;
    assert_eq!((studio.draft().choices.size, studio.draft().choices.count), (size, 1));
    studio.apply(taken(9), T);
    assert_eq!(sent(&submit(&mut studio, "pink", T)), Some(vec![9]));
}

#[test]
fn pressed_again_it_is_not_there_twice_and_the_next_one_takes_the_place_of_what_was_sent() {
    let mut studio = hung();
    studio.apply(Event::ChangePressed(key(1, 0), UploadId(9)), T);
    studio.apply(Event::ChangePressed(key(1, 0), UploadId(10)), T);
    assert_eq!(shown(&studio), [9]);
    studio.apply(taken(9), T);
    submit(&mut studio, "pink", T);
    studio.apply(Event::ChangePressed(key(1, 0), UploadId(11)), T);
    assert_eq!(shown(&studio), [11]);
}

#[test]
fn what_is_not_a_ready_picture_cannot_be_changed() {
    let mut pending = job("ab", 1, JobState::Running);
    pending.pictures.iter_mut().for_each(|picture| picture.url = None);
    let mut studio = asking();
    studio.apply(Event::JobCreated(1, Ok(pending)), T);
    for place in [key(1, 0), key(1, 7), key(8, 0)] {
        assert_eq!(studio.apply(Event::ChangePressed(place, UploadId(9)), T), []);
    }
}

#[test]
fn a_picture_of_the_wall_that_is_away_says_so() {
    let mut studio = hung();
    studio.apply(Event::ChangePressed(key(1, 0), UploadId(9)), T);
    studio.apply(lost(9), T);
    assert_eq!((studio.note(), shown(&studio)), (Some(Note::PictureAway), vec![]));
}

#[test]
fn a_failed_change_is_tried_again_with_its_pictures_and_then_they_are_let_go() {
    let mut studio = composed(1);
    submit(&mut studio, "pink", T);
    studio.apply(removed(1), T);
    studio.apply(Event::JobCreated(1, Ok(job("ab", 1, JobState::Queued))), T);
    assert!(!studio.apply(fetched(2, JobState::Failed), T).contains(&release(1)));
    let again = studio.apply(Event::RetryPressed { serial: 1, key: "k2".to_owned() }, T);
    assert_eq!(sent(&again), Some(vec![1]));
    studio.apply(Event::JobCreated(2, Ok(job("ab", 1, JobState::Queued))), T);
    let done = studio.apply(fetched(2, JobState::Succeeded), T);
    assert!(done.contains(&release(1)), "{done:?}");
}

#[test]
fn edit_brings_back_what_was_asked_for_with_its_pictures() {
    let mut studio = composed(1);
    submit(&mut studio, "pink", T);
    studio.apply(removed(1), T);
    studio.apply(failed(ProblemKind::PromptRefused), T);
    let commands = studio.apply(Event::EditPressed(1), T);
    assert!(!commands.contains(&release(1)), "{commands:?}");
    assert_eq!(shown(&studio), [1]);
}

#[test]
fn after_a_reload_a_change_is_never_tried_again_without_its_pictures() {
    let mut studio = composed(1);
    submit(&mut studio, "pink", T);
    let commands = studio.apply(Event::JobCreated(1, Ok(job("ab", 1, JobState::Queued))), T);
    let kept = commands.into_iter().find_map(|command| match command {
        Command::SaveSession(stored) => Some(stored),
        _ => None,
    });
    let kept = Stored::read(&kept.expect("a job is remembered").to_text());
    let mut studio = self::studio();
    studio.apply(started(kept), T);
    studio.apply(fetched(2, JobState::Running), T);
    studio.apply(fetched(3, JobState::Failed), T);
    studio.apply(Event::RetryPressed { serial: 1, key: "k2".to_owned() }, T);
    assert_eq!(studio.note(), Some(Note::PicturesForgotten));
    assert_eq!(studio.draft().prompt, job("ab", 3, JobState::Failed).request.prompt);
    assert!(!studio.is_running());
}

#[test]
fn no_price_is_told_for_what_starts_from_pictures() {
    let mut studio = composed(1);
    assert_eq!(studio.estimate(), None);
    studio.apply(removed(1), T);
    assert!(studio.estimate().is_some());
}

#[test]
fn what_was_accepted_is_not_sent_with_the_next_description() {
    let mut studio = composed(1);
    submit(&mut studio, "pink", T);
    assert_eq!(shown(&studio), [1], "nobody has accepted it yet");
    studio.apply(Event::JobCreated(1, Ok(job("ab", 1, JobState::Queued))), T);
    assert_eq!(shown(&studio), Vec::<u32>::new());
    studio.apply(fetched(2, JobState::Succeeded), T);
    assert_eq!(sent(&submit(&mut studio, "a plain fox", T)), Some(vec![]));
}

#[test]
fn what_was_refused_or_has_changed_meanwhile_stays_in_the_composer() {
    let mut studio = composed(1);
    submit(&mut studio, "pink", T);
    studio.apply(failed(ProblemKind::BudgetSpent), T);
    assert_eq!(shown(&studio), [1]);
    let mut studio = composed(1);
    submit(&mut studio, "pink", T);
    studio.apply(given(&[2]), T);
    studio.apply(Event::JobCreated(1, Ok(job("ab", 1, JobState::Queued))), T);
    assert_eq!(shown(&studio), [1, 2]);
}

#[test]
fn an_idea_is_about_something_else_than_the_pictures_in_the_composer() {
    let mut studio = composed(2);
    let prompt = studio.site().presets[0].prompt.clone();
    let commands = studio.apply(Event::IdeaPressed(0), T);
    assert!(commands.contains(&TO_PROMPT) && commands.contains(&release(1)), "{commands:?}");
    assert_eq!((studio.draft().prompt.clone(), shown(&studio)), (prompt, vec![]));
    assert_eq!(studio.apply(Event::IdeaPressed(99), T), []);
}

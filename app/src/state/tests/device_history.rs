//! What is asked, kept and deleted on the visitor's device.

use super::undo::{done, left, places, three};
use super::*;
use crate::state::device_history::{DeviceButton, DeviceFailure, DeviceStage};
use command::{DeviceCommand, FocusTarget};
use kept_picture::{KeptFacts, KeptPicture};

/// A picture that the device keeps, with its thumbnail.
pub(super) fn kept(id: &str, since: u64, index: u32) -> KeptPicture {
    let facts = KeptFacts {
        url: contract::route::picture(id, index),
        prompt: "a fox".to_owned(),
        size: Size { width: 1024, height: 1024 },
        quality: Quality::Low,
        format: None,
        background: None,
        model: "m".to_owned(),
        since,
        media_type: None,
        width: None,
        height: None,
        bytes: None,
        credentials: false,
    };
    KeptPicture { facts, thumbnail: Some(format!("blob:{id}-{index}")) }
}

/// A studio of a site that offers to keep pictures, in the state `before`.
fn offering(mut before: Studio) -> Studio {
    before.site.history = History::Device;
    before.apply(Event::LazyPartMounted, T);
    before
}

fn press(studio: &mut Studio, button: DeviceButton) -> Vec<Command> {
    studio.apply(Event::DevicePressed(button), T)
}

/// The place of the picture that is to be stored now.
fn keeping(commands: &[Command]) -> Vec<TileKey> {
    let keep = |command: &Command| match command {
        Command::Device(DeviceCommand::Keep { key, .. }) => Some(*key),
        _ => None,
    };
    commands.iter().filter_map(keep).collect()
}

fn stored_picture(index: u32) -> Event {
    Event::PictureKept(key(1, index), Box::new(kept("ab", T, index)))
}

fn forget(urls: &[&str]) -> Command {
    Command::Device(DeviceCommand::Forget(urls.iter().map(ToString::to_string).collect()))
}

/// A studio whose device keeps the three pictures of a job.
fn keeping_all() -> Studio {
    let mut studio = offering(done());
    press(&mut studio, DeviceButton::Keep);
    studio.apply(Event::DeviceOpened(Vec::new()), T);
    (0..3).for_each(|index| drop(studio.apply(stored_picture(index), T)));
    studio
}

#[test]
fn nothing_is_asked_of_the_device_before_a_yes() {
    let mut studio = studio();
    studio.site.history = History::Device;
    assert_eq!(studio.apply(Event::LazyPartMounted, T), []);
    assert_eq!(studio.device_stage(), DeviceStage::Offered);
    assert_eq!(press(&mut studio, DeviceButton::NotNow), [TO_PROMPT]);
    assert_eq!(studio.device_stage(), DeviceStage::Silent);
    let mut other = super::studio();
    assert_eq!(other.apply(Event::LazyPartMounted, T), []);
    assert_eq!(other.device_stage(), DeviceStage::Silent, "this site does not offer it");
}

#[test]
fn a_yes_of_an_earlier_visit_opens_it_without_a_press() {
    let begin = |history| {
        let mut studio = studio();
        studio.site.history = history;
        let start = Start { agreed: true, ..Start::default() };
        let commands = studio.apply(Event::Started(Box::new(start)), T);
        (studio, commands.contains(&Command::LoadLazyPart))
    };
    let (mut studio, loads) = begin(History::Device);
    assert!(loads);
    let open = Command::Device(DeviceCommand::Open);
    assert_eq!(studio.apply(Event::LazyPartMounted, T), [open]);
    assert!(!begin(History::Session).1, "what the site no longer offers is not opened");
}

#[test]
fn after_a_yes_each_picture_is_stored_one_at_a_time() {
    let mut studio = offering(done());
    let open = Command::Device(DeviceCommand::Open);
    assert_eq!(press(&mut studio, DeviceButton::Keep), [open]);
    let commands = studio.apply(Event::DeviceOpened(Vec::new()), T);
    assert!(commands.contains(&Command::Focus(FocusTarget::DeviceHistory)), "{commands:?}");
    assert_eq!(keeping(&commands), [key(1, 0)]);
    assert_eq!(studio.device_stage(), DeviceStage::On);
    assert_eq!(keeping(&studio.apply(stored_picture(0), T)), [key(1, 1)]);
    assert_eq!(keeping(&studio.apply(stored_picture(1), T)), [key(1, 2)]);
    assert_eq!(keeping(&studio.apply(stored_picture(2), T)), []);
    assert_eq!(keeping(&studio.apply(fetched(99, JobState::Succeeded), T)), []);
}

#[test]
fn what_the_edge_has_let_go_of_is_not_asked_for_again_and_a_lost_answer_is() {
    let mut studio = offering(done());
    press(&mut studio, DeviceButton::Keep);
    studio.apply(Event::DeviceOpened(Vec::new()), T);
    let not = |at, gone| Event::PictureNotKept { key: key(1, at), gone };
    assert_eq!(keeping(&studio.apply(not(0, true), T)), [key(1, 1)]);
    let commands = studio.apply(not(1, false), T);
    assert_eq!(commands, [Command::After(15_000, Due::Keep(1))]);
    let again = studio.apply(Event::Due(Due::Keep(1)), T);
    assert_eq!(keeping(&again), [key(1, 1)]);
}

#[test]
fn what_is_kept_hangs_where_its_time_puts_it() {
    let mut studio = offering(done());
    let (older, old, newer) = (kept("o", T - 9, 0), kept("p", T - 5, 1), kept("n", T + 9, 2));
    studio.apply(Event::DeviceOpened(vec![older, old, newer]), T);
    assert_eq!(places(&studio), [2, 0, 1, 2, 1, 0]);
    let thumbnails = studio.wall(T).into_iter().filter(|(_, view)| {
        matches!(&view.state, TileState::Picture(picture) if picture.thumbnail.is_some())
    });
    assert_eq!(thumbnails.count(), 3);
    studio.remember();
    assert_eq!(studio.out.pop(), Some(remembered(&["ab"])), "a reload finds them on the device");
}

/// What is done about thumbnails.
fn thumbnails(commands: &[Command]) -> Vec<&Command> {
    let about = |command: &&Command| {
        matches!(command, Command::MakeThumbnail { .. } | Command::ReleaseThumbnails(_))
    };
    commands.iter().filter(about).collect()
}

#[test]
fn of_what_the_device_has_with_a_thumbnail_none_is_made() {
    let mut studio = offering(studio());
    press(&mut studio, DeviceButton::Keep);
    let bare = KeptPicture { thumbnail: None, ..kept("cd", T - 9, 0) };
    studio.apply(Event::DeviceOpened(vec![kept("ab", T, 0), bare]), T);
    let [own, bare] = studio.order()[..] else { panic!("{:?}", studio.order()) };
    assert_eq!(thumbnails(&studio.apply(Event::PictureLoaded(own), T)), Vec::<&Command>::new());
    let commands = studio.apply(Event::PictureLoaded(bare), T);
    assert!(matches!(thumbnails(&commands)[..], [Command::MakeThumbnail { .. }]), "{commands:?}");
}

#[test]
fn a_thumbnail_that_is_shown_is_not_let_go_of_and_one_that_is_not_is() {
    let mut studio = keeping_all();
    let ready = |url: &str| Event::ThumbnailReady { key: key(1, 0), url: url.to_owned() };
    // The one that was made when the picture was stored is told once more by whoever else waited for it.
    assert_eq!(thumbnails(&studio.apply(ready("blob:ab-0"), T)), Vec::<&Command>::new());
    let other = Command::ReleaseThumbnails(vec!["blob:other".to_owned()]);
    assert_eq!(thumbnails(&studio.apply(ready("blob:other"), T)), [&other]);
    let stored = KeptPicture { thumbnail: Some("blob:stored".to_owned()), ..kept("ab", T, 0) };
    let stored = studio.apply(Event::DeviceOpened(vec![stored]), T);
    assert_eq!(thumbnails(&stored), [&Command::ReleaseThumbnails(vec!["blob:stored".to_owned()])]);
}

#[test]
fn what_is_kept_is_there_although_the_edge_has_it_no_more() {
    let mut gone = three();
    gone.pictures.iter_mut().for_each(|picture| {
        (picture.state, picture.url) = (PictureState::Gone, None);
    });
    let tell = Event::JobFetched("ab".to_owned(), Ok(gone));
    let open = Event::DeviceOpened(vec![kept("ab", T, 1)]);
    for events in [[open.clone(), tell.clone()], [tell, open]] {
        let mut studio = studio();
        studio.apply(started(Some(stored(&["ab"]))), T);
        for event in events {
            studio.apply(event, T);
        }
        let picture = studio.wall(T).into_iter().find(|(at, _)| at.index == 1);
        assert_eq!(picture.map(|(_, view)| view.kind()), Some(TileKind::Picture));
    }
}

#[test]
fn a_deleted_picture_leaves_the_device_when_the_undo_is_over() {
    let mut studio = keeping_all();
    studio.apply(Event::DeletePressed(vec![key(1, 1)]), T);
    assert!(!studio.apply(Event::UndoPressed, T).contains(&forget(&["/v1/jobs/ab/pictures/1"])));
    studio.apply(Event::DeletePressed(vec![key(1, 1)]), T);
    let commands = studio.apply(Event::PageHidden, T);
    assert!(commands.contains(&forget(&["/v1/jobs/ab/pictures/1"])), "{commands:?}");
    assert!(commands.contains(&left(2)), "{commands:?}");
    let release = Command::ReleaseThumbnails(vec!["blob:ab-1".to_owned()]);
    assert!(commands.contains(&release), "{commands:?}");
}

#[test]
fn a_picture_that_was_deleted_while_it_was_stored_is_deleted_there() {
    let mut studio = offering(done());
    press(&mut studio, DeviceButton::Keep);
    studio.apply(Event::DeviceOpened(Vec::new()), T);
    studio.apply(Event::DeletePressed(vec![key(1, 0)]), T);
    studio.apply(Event::PageHidden, T);
    let commands = studio.apply(stored_picture(0), T);
    assert!(commands.contains(&forget(&["/v1/jobs/ab/pictures/0"])), "{commands:?}");
}

#[test]
fn who_stops_keeping_has_only_what_the_edge_still_has() {
    let over = T - 60 * 60 * 1000 - 1;
    let mut studio = keeping_all();
    studio.apply(Event::DeviceOpened(vec![kept("old", over, 0)]), T);
    assert_eq!(studio.order().len(), 4);
    press(&mut studio, DeviceButton::Stop);
    assert_eq!(studio.device_stage(), DeviceStage::AsksToDelete);
    press(&mut studio, DeviceButton::GoOn);
    assert_eq!(studio.device_stage(), DeviceStage::On);
    press(&mut studio, DeviceButton::Stop);
    let commands = press(&mut studio, DeviceButton::StopAll);
    assert!(commands.contains(&Command::Device(DeviceCommand::DeleteAll)), "{commands:?}");
    assert_eq!(studio.device_stage(), DeviceStage::Offered);
    assert_eq!(studio.order().len(), 3);
    let edges = studio.wall(T).into_iter().all(|(_, view)| {
        matches!(view.state, TileState::Picture(picture) if picture.thumbnail.is_none())
    });
    assert!(edges, "the thumbnails went with the device history");
    assert_eq!(keeping(&studio.apply(Event::PictureLoaded(key(1, 0)), T)), []);
}

#[test]
fn a_page_that_empties_the_gallery_leaves_what_the_device_keeps() {
    let mut studio = offering(done());
    press(&mut studio, DeviceButton::Keep);
    studio.apply(Event::DeviceOpened(vec![kept("ab", T, 1), kept("cd", T - 9, 0)]), T);
    let commands = studio.apply(cleared(), T);
    assert_eq!(places(&studio), [1, 0]);
    assert!(commands.contains(&Command::DeleteJob("ab".to_owned())), "{commands:?}");
    assert!(!commands.iter().any(|it| matches!(it, Command::Device(DeviceCommand::Forget(_)))));
}

#[test]
fn a_full_device_keeps_what_it_has_and_says_so() {
    for (failure, stage) in [
        (DeviceFailure::Full, DeviceStage::Full),
        (DeviceFailure::Refused, DeviceStage::Refused),
        (DeviceFailure::Newer, DeviceStage::Newer),
    ] {
        let mut studio = keeping_all();
        studio.apply(Event::DeviceFailed(failure), T);
        assert_eq!((studio.device_stage(), studio.order().len()), (stage, 3));
        submit(&mut studio, "an owl", T);
        let created = Event::JobCreated(2, Ok(job("cd", 1, JobState::Succeeded)));
        assert_eq!(keeping(&studio.apply(created, T)), []);
    }
    let mut studio = keeping_all();
    studio.apply(Event::DeviceFailed(DeviceFailure::Full), T);
    press(&mut studio, DeviceButton::Stop);
    press(&mut studio, DeviceButton::GoOn);
    assert_eq!(studio.device_stage(), DeviceStage::Full, "there is no more room all the same");
}

#[test]
fn who_presses_keep_where_nothing_can_be_kept_goes_on_at_the_last_picture() {
    let mut studio = offering(done());
    press(&mut studio, DeviceButton::Keep);
    let commands = studio.apply(Event::DeviceFailed(DeviceFailure::Refused), T);
    assert!(commands.contains(&Command::Focus(FocusTarget::Tile(key(1, 2)))), "{commands:?}");
}

#[test]
fn five_hundred_kept_pictures_hang_in_their_order() {
    let mut studio = offering(studio());
    let id = |at: u64| format!("{at:064x}");
    let all = (0..500).map(|at| kept(&id(at * 7 % 500), T + at * 7 % 500, 0)).collect();
    studio.apply(Event::DeviceOpened(all), T);
    let times: Vec<_> = studio.requests.iter().map(|request| request.since).collect();
    assert_eq!((times.len(), times.is_sorted_by(|a, b| a > b)), (500, true));
    assert_eq!(studio.take_dirty().len(), 500);
}

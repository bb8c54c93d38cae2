//! The viewer: which picture it shows, whatever happens to the wall, and where the focus is afterwards.

use super::*;
use crate::state::viewer::Step;
use contract::frame_messages::{FrameMessage, Look, PageMessage};

/// The whole window is neither asked for nor given back.
const NONE: [bool; 0] = [];

fn key(serial: u32, index: u32) -> TileKey {
    TileKey { serial, index }
}

/// Two jobs: the newer one has two pictures, the older one has one.
fn wall() -> Studio {
    let mut studio = studio();
    studio.apply(opened("t"), T);
    for (serial, id, states) in
        [(1, "ab", &[PictureState::Ready][..]), (2, "cd", &[PictureState::Ready; 2][..])]
    {
        submit(&mut studio, "a fox", T);
        let mut job = job_of(states);
        (job.id, job.state) = (id.to_owned(), JobState::Succeeded);
        studio.apply(Event::JobCreated(serial, Ok(job)), T);
    }
    studio
}

fn opened_on(studio: &mut Studio, key: TileKey) -> Vec<Command> {
    studio.apply(Event::ViewerOpened(key), T)
}

/// The picture that is shown, its place, and how many there are.
fn shown(studio: &Studio) -> Option<(TileKey, usize, usize)> {
    studio.viewer_view().map(|view| (view.key, view.place, view.of))
}

fn focus(commands: &[Command]) -> Vec<FocusTarget> {
    let focus = commands.iter().filter_map(|command| match command {
        Command::Focus(target) => Some(*target),
        _ => None,
    });
    focus.collect()
}

fn expands(commands: &[Command]) -> Vec<bool> {
    let asked = commands.iter().filter_map(|command| match command {
        Command::PostToPage(FrameMessage::Expand { expanded }) => Some(*expanded),
        _ => None,
    });
    asked.collect()
}

#[test]
fn it_goes_round_in_the_order_of_the_wall() {
    let mut studio = wall();
    opened_on(&mut studio, key(2, 1));
    assert_eq!(shown(&studio), Some((key(2, 1), 2, 3)));
    let mut walk = |step| {
        studio.apply(Event::ViewerStepped(step), T);
        shown(&studio)
    };
    assert_eq!(walk(Step::Next), Some((key(1, 0), 3, 3)));
    assert_eq!(walk(Step::Next), Some((key(2, 0), 1, 3)));
    assert_eq!(walk(Step::Previous), Some((key(1, 0), 3, 3)));
    assert_eq!(walk(Step::Previous), Some((key(2, 1), 2, 3)));
}

#[test]
fn it_tells_what_is_known_of_the_picture() {
    let mut studio = wall();
    opened_on(&mut studio, key(1, 0));
    studio.apply(Event::ThumbnailReady { key: key(1, 0), url: "blob:1".to_owned() }, T);
    let view = studio.viewer_view().unwrap();
    assert_eq!((view.thumbnail.as_deref(), view.used), (Some("blob:1"), false));
    assert_eq!(Some(view.facts), studio.facts(key(1, 0)));
}

#[test]
fn closed_it_gives_the_focus_to_the_tile_of_the_last_picture() {
    let mut studio = wall();
    opened_on(&mut studio, key(2, 0));
    studio.apply(Event::ViewerStepped(Step::Next), T);
    let commands = studio.apply(Event::ViewerClosed, T);
    assert_eq!(focus(&commands), [FocusTarget::Tile(key(2, 1))]);
    assert_eq!(shown(&studio), None);
    assert_eq!(studio.apply(Event::ViewerClosed, T), [], "it is closed already");
    assert_eq!(studio.apply(Event::ViewerStepped(Step::Next), T), []);
}

#[test]
fn what_is_no_picture_does_not_open_it() {
    let mut studio = wall();
    submit(&mut studio, "an owl", T);
    assert_eq!(opened_on(&mut studio, key(3, 0)), []);
    assert_eq!(opened_on(&mut studio, key(9, 0)), []);
    assert_eq!(shown(&studio), None);
}

#[test]
fn a_new_picture_changes_the_place_and_not_the_picture() {
    let mut studio = wall();
    opened_on(&mut studio, key(1, 0));
    submit(&mut studio, "an owl", T);
    let mut job = job_of(&[PictureState::Ready]);
    job.id = "ef".to_owned();
    studio.apply(Event::JobCreated(3, Ok(job)), T);
    assert_eq!(shown(&studio), Some((key(1, 0), 4, 4)));
}

#[test]
fn a_deleted_picture_leaves_its_place_to_the_next_and_the_last_one_to_the_undo() {
    let mut studio = wall();
    opened_on(&mut studio, key(2, 1));
    let mut delete = |own| studio.apply(Event::DeletePressed(vec![own]), T);
    assert_eq!(focus(&delete(key(2, 1))), []);
    assert_eq!(focus(&delete(key(1, 0))), [], "the last: the one before it is shown");
    assert_eq!(focus(&delete(key(2, 0))), [FocusTarget::Undo]);
    assert_eq!(shown(&studio), None);

    let mut studio = wall();
    opened_on(&mut studio, key(2, 1));
    studio.apply(Event::DeletePressed(vec![key(2, 1)]), T);
    assert_eq!(shown(&studio), Some((key(1, 0), 2, 2)));
    studio.apply(Event::DeletePressed(vec![key(1, 0)]), T);
    assert_eq!(shown(&studio), Some((key(2, 0), 1, 1)));
}

#[test]
fn an_undo_shows_what_came_back() {
    let mut studio = wall();
    opened_on(&mut studio, key(2, 1));
    studio.apply(Event::DeletePressed(vec![key(2, 1)]), T);
    let commands = studio.apply(Event::UndoPressed, T);
    assert_eq!(shown(&studio), Some((key(2, 1), 2, 3)));
    assert!(focus(&commands).contains(&FocusTarget::Viewer), "the pressed button is gone");
    studio.apply(Event::DeletePressed(vec![key(2, 1)]), T);
    studio.apply(Event::ViewerClosed, T);
    studio.apply(Event::UndoPressed, T);
    assert_eq!(shown(&studio), None, "a closed viewer stays closed");
}

#[test]
fn what_is_done_with_the_picture_goes_on_in_the_form() {
    for (event, end) in [
        (Event::ChangePressed(key(1, 0), UploadId(1)), FocusTarget::Prompt { select: true }),
        (Event::ReusePressed(key(1, 0)), FocusTarget::Prompt { select: false }),
        (Event::RetryPressed { serial: 1, key: "k2".to_owned() }, FocusTarget::Create),
    ] {
        let mut studio = wall();
        opened_on(&mut studio, key(1, 0));
        let commands = studio.apply(event, T);
        assert_eq!(focus(&commands), [end]);
        assert_eq!(shown(&studio), None);
    }
}

#[test]
fn the_whole_window_is_asked_for_and_given_back_unless_the_page_had_given_it() {
    let set = |expanded| Event::HostMessage {
        message: PageMessage::Set(Look { expanded: Some(expanded), ..Look::default() }),
        key: "h".to_owned(),
    };
    let mut studio = wall();
    studio.hosted = true;
    assert_eq!(expands(&opened_on(&mut studio, key(1, 0))), [true]);
    assert_eq!(expands(&opened_on(&mut studio, key(2, 0))), NONE, "it is asked for once");
    studio.apply(set(true), T);
    assert_eq!(expands(&studio.apply(Event::ViewerClosed, T)), [false]);
    studio.apply(set(false), T);

    // Closed before the page has answered.
    assert_eq!(expands(&opened_on(&mut studio, key(1, 0))), [true]);
    assert_eq!(expands(&studio.apply(Event::ViewerClosed, T)), [false]);

    // The page takes it back: nothing is left to give.
    opened_on(&mut studio, key(1, 0));
    studio.apply(set(true), T);
    let commands = studio.apply(set(false), T);
    assert_eq!(
        (expands(&commands), focus(&commands)),
        (vec![], vec![FocusTarget::Tile(key(1, 0))])
    );
    assert_eq!(shown(&studio), None);

    // Who had the whole window before has it afterwards.
    studio.apply(set(true), T);
    assert_eq!(expands(&opened_on(&mut studio, key(1, 0))), NONE);
    assert_eq!(expands(&studio.apply(Event::ViewerClosed, T)), NONE);
}

#[test]
fn a_picture_that_the_page_has_got_is_marked_in_it_and_closes_it() {
    let mut studio = wall();
    studio.hosted = true;
    opened_on(&mut studio, key(1, 0));
    studio.apply(Event::UsePressed(key(1, 0)), T);
    let commands = studio.apply(Event::Handed { key: key(1, 0), ok: true }, T);
    assert_eq!(focus(&commands), [FocusTarget::Tile(key(1, 0))]);
    opened_on(&mut studio, key(1, 0));
    assert!(studio.viewer_view().unwrap().used);
    assert_eq!(studio.apply(Event::UsePressed(key(1, 0)), T), [Command::TakeBack]);
    assert!(!studio.viewer_view().unwrap().used);
}

#[test]
fn a_cleared_gallery_closes_it() {
    let mut studio = wall();
    opened_on(&mut studio, key(1, 0));
    let message = PageMessage::Clear;
    studio.apply(Event::HostMessage { message, key: "h".to_owned() }, T);
    assert_eq!(shown(&studio), None);
}

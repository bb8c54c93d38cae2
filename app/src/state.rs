//! What the studio knows and what follows from what: data and pure transitions.
//!
//! Owns [`Studio::apply`]: an event and the time in, the new state and commands out. The rules lie beside it, one file for
//! each subject. Must not name Leptos, the browser or a clock: events bring the time, commands ask for the rest.

pub(crate) mod allowance;
#[cfg(any(feature = "client", test))]
pub(crate) mod archive;
mod cancel;
mod change;
pub(crate) mod command;
mod composer;
pub(crate) mod device_history;
pub(crate) mod draft;
pub(crate) mod early;
pub(crate) mod edge_clock;
pub(crate) mod error;
pub(crate) mod event;
mod follow;
pub(crate) mod host_messages;
pub(crate) mod job;
pub(crate) mod kept_picture;
mod lazy_part;
mod pictures;
pub(crate) mod progress;
mod remember;
pub(crate) mod request;
mod requests;
pub(crate) mod saved_draft;
pub(crate) mod selection;
pub(crate) mod selectors;
mod session;
pub(crate) mod session_storage;
mod start;
pub(crate) mod tile;
mod undo;
pub(crate) mod uploads;
pub(crate) mod viewer;
pub(crate) mod virtual_scroll;
mod wall;
#[cfg(any(feature = "client", test))]
pub(crate) mod zoom;

use allowance::AllowanceLeft;
use command::{Announcement, Command};
use contract::{frame_messages::FrameMessage, job::JobRequest, site::Site};
use device_history::DeviceHistory;
use draft::{Draft, Note};
use edge_clock::Ahead;
use event::{Due, Event};
use lazy_part::LazyPart;
use progress::AnnouncedWait;
use request::{Running, Sending, Stage};
use requests::Requests;
use selection::Selection;
use session::Session;
use std::collections::HashMap;
use tile::TileKey;
use undo::Undo;
use uploads::Uploads;
use viewer::Viewer;
use virtual_scroll::{Item, VirtualScroll};

/// Everything that the studio knows.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Studio {
    site: Site,
    /// Whether a page round the frame is told what happens.
    hosted: bool,
    session: Session,
    /// The form's content.
    draft: Draft,
    /// Whether the visitor has changed the form: only then the draft is stored.
    touched: bool,
    /// Whether the draft is to be stored in a moment.
    saves: bool,
    /// What the form has to say.
    note: Option<Note>,
    /// Whether the options are unfolded.
    options_open: bool,
    /// Whether the composer is folded to one line, where the window is narrow.
    folded: bool,
    /// Whether files are dragged over the studio.
    dragging: bool,
    /// Whether the frame has the whole window.
    expanded: bool,
    /// The prompt that the page has put into the form last.
    page_prompt: String,
    /// Newest first.
    requests: Requests,
    /// The pictures that new ones start from.
    uploads: Uploads,
    /// The last request's serial.
    next: u32,
    /// What was submitted last, and when: the same at once is a slip of the finger.
    submitted: Option<(JobRequest, u64)>,
    /// What is left to the visitor, once that was told, and when it was.
    left: Option<(AllowanceLeft, u64)>,
    /// Whether the visitor has turned to the prompt.
    intended: bool,
    /// How far the edge's clock is ahead of the visitor's, once an answer has told.
    ahead: Option<Ahead>,
    /// Whether a tick is on its way.
    ticks: bool,
    /// How far the newest wait was that was announced.
    announced: Option<AnnouncedWait>,
    /// The picture that the page has got.
    used: Option<TileKey>,
    /// What stays on the visitor's device.
    device: DeviceHistory,
    /// Whether the part of the program that comes after the first picture is here.
    lazy_part: LazyPart,
    /// The viewer, while it is open.
    viewer: Option<Viewer>,
    /// What can be undone.
    undo: Undo,
    /// What is selected.
    selection: Selection,
    /// The rows of the wall.
    wall: VirtualScroll,
    /// The tiles of each request that hangs, as the wall's rows depend on them.
    hangs: HashMap<u32, Vec<Item>>,
    /// What this event leads to.
    out: Vec<Command>,
}

impl Studio {
    /// A studio in which nothing has happened: what the edge renders.
    pub(crate) fn new(site: Site) -> Self {
        Self {
            draft: Draft::of(&site),
            site,
            hosted: false,
            session: Session::Absent,
            touched: false,
            saves: false,
            note: None,
            options_open: false,
            folded: false,
            dragging: false,
            expanded: false,
            page_prompt: String::new(),
            requests: Requests::default(),
            uploads: Uploads::default(),
            next: 0,
            submitted: None,
            left: None,
            intended: false,
            ahead: None,
            ticks: false,
            announced: None,
            used: None,
            device: DeviceHistory::default(),
            lazy_part: LazyPart::default(),
            viewer: None,
            undo: Undo::default(),
            selection: Selection::default(),
            wall: VirtualScroll::default(),
            hangs: HashMap::new(),
            out: Vec::new(),
        }
    }

    /// What follows from an event at `now` (milliseconds since 1970).
    pub(crate) fn apply(&mut self, event: Event, now: u64) -> Vec<Command> {
        self.happen(event, now);
        self.next_turn();
        self.keep_next();
        self.refresh_note(now);
        self.let_go();
        self.follow_viewer();
        self.arrange();
        if self.is_running() && !self.ticks {
            self.ticks = true;
            self.out.push(Command::After(1000, Due::Tick));
        }
        std::mem::take(&mut self.out)
    }

    fn happen(&mut self, event: Event, now: u64) {
        match event {
            Event::Started(start) => self.start(*start, now),
            Event::PromptFocused => self.prompt_focused(now),
            Event::PromptChanged(prompt) => self.prompt_changed(prompt, now),
            Event::ShapeChosen(it) => self.choose(|choices, site| choices.choose_size(site, it)),
            Event::QualityChosen(it) => {
                self.choose(|choices, site| choices.choose_quality(site, it));
            }
            Event::CountChosen(it) => self.choose(|choices, site| choices.choose_count(site, it)),
            Event::FormatChosen(it) => {
                self.choose(|choices, site| choices.choose_format(site, it));
            }
            Event::TransparentChosen(it) => {
                self.choose(|choices, site| choices.choose_transparent(site, it));
            }
            Event::OptionsToggled => self.options_open = !self.options_open,
            Event::IdeaPressed(index) => self.idea_pressed(index, now),
            Event::Submitted { key } => self.submit_form(key, now),
            Event::CancelPressed => self.cancel_newest(),
            Event::TileCancelled(serial) => self.cancel(serial),
            Event::FilesAdded(ids) => self.files_added(&ids, now),
            Event::FilesOver(over) => self.dragging = over,
            Event::UploadRemoved(id) => self.upload_removed(id),
            Event::UploadReady { id, url } => self.upload_ready(id, url),
            Event::UploadFailed(id) => self.upload_failed(id, None),
            Event::UploadBlocked(id) => self.upload_failed(id, Some(Note::CanvasBlocked)),
            Event::ChangePressed(key, id) => self.change(key, id, now),
            Event::EditPressed(serial) => self.edit(serial, now),
            Event::RetryPressed { serial, key } => self.retry(serial, key, now),
            Event::ProblemDismissed(serial) => self.dismiss_problem(serial),
            Event::ReusePressed(key) => self.reuse(key, now),
            Event::DeletePressed(keys) => self.delete(&keys),
            Event::UndoPressed => self.undo(),
            Event::UndoHeld(holds) => self.hold_undo(holds),
            Event::Selecting(is_on) => self.select(is_on),
            Event::TilePicked { key, range } => self.pick(key, range),
            Event::AllPicked => self.pick_all(),
            Event::SelectedDeleted => self.delete_selected(),
            Event::SelectedSaved => self.save_selected(),
            Event::ArchiveMade { archive, away } => self.archive_made(archive, away),
            Event::WallMeasured { frame, sight } => self.wall_measured(frame, sight),
            Event::CardsMeasured(heights) => self.wall.measure_cards(&heights),
            Event::Scrolled(sight) => self.wall.look(sight),
            Event::PictureLoaded(key) => self.picture_loaded(key),
            Event::PictureFailed(key) => self.picture_failed(key),
            Event::PictureRefetched(key, fine) => self.picture_refetched(key, fine),
            Event::PictureDeveloped(key) => self.picture_developed(key),
            Event::PreviewDecoded { key, url } => self.preview_decoded(key, url),
            Event::ThumbnailReady { key, url } => self.requests.offer_thumbnail(key, url),
            Event::ViewerOpened(key) => self.viewer_opened(key),
            Event::ViewerStepped(step) => self.viewer_stepped(step),
            Event::ViewerClosed => self.viewer_closed(),
            Event::UsePressed(key) => self.use_pressed(key),
            Event::Handed { key, ok } => self.handed(key, ok),
            Event::DownloadPressed(key) => self.download_pressed(key),
            Event::HostMessage { message, key } => self.host_message(message, key, now),
            Event::Announced(announcement) => self.announce(announcement),
            Event::PageHidden => self.page_hidden(now),
            Event::PartMissing => self.part_missing(),
            Event::LazyPartMounted => self.lazy_part_mounted(),
            Event::LazyPartMissing => self.lazy_part_missing(),
            Event::SessionOpened(answer) => self.opened(answer, now),
            Event::JobCreated(serial, answer) => self.created(serial, answer, now),
            Event::JobFetched(id, answer) => self.fetched(&id, answer, now),
            Event::JobStreamed(id, job) => self.streamed(&id, job, now),
            Event::CancelFailed(id, error) => self.cancel_failed(&id, error, now),
            Event::StreamCut(id, over) => self.cut(id, over),
            Event::EdgeTime(time) => self.learn_time(time, now),
            Event::ChallengeEnded(token) => self.checked(token, now),
            Event::DevicePressed(button) => self.device_pressed(button, now),
            Event::DeviceOpened(pictures) => self.device_opened(pictures),
            Event::DeviceDeleted => self.device_deleted(now),
            Event::DeviceBlocked => self.device_blocked(),
            Event::DeviceFailed(failure) => self.device_failed(failure),
            Event::PictureKept(key, picture) => self.picture_kept(key, *picture),
            Event::PictureNotKept { key, gone } => self.picture_not_kept(key, gone),
            Event::Due(due) => self.due(due, now),
        }
    }

    fn due(&mut self, due: Due, now: u64) {
        match due {
            Due::Reload(serial) => self.reload(serial),
            Due::Resend(serial) => self.resend(serial),
            Due::Fetch(id) => self.fetch_again(id),
            Due::Watch(serial, turn) => self.watch(serial, turn, now),
            Due::Subscribe(id) => self.subscribe_anew(id),
            Due::Cancel(id) => self.cancel_again(id),
            Due::SaveDraft => self.save_draft(),
            Due::Keep(serial) => self.keep_later(serial),
            Due::UndoExpires(turn) => self.undo_expires(turn, now),
            Due::ReleaseArchive(url) => self.archive_saved(&url),
            Due::Tick => {
                self.ticks = false;
                self.requests.mark(request::Request::is_running);
                self.tell_progress(now);
                self.announce_wait(now);
            }
        }
    }

    fn serial(&mut self) -> u32 {
        self.next = self.next.saturating_add(1);
        self.next
    }

    fn sending(&mut self, serial: u32) -> Option<&mut Sending> {
        match &mut self.requests.get_mut(serial)?.stage {
            Stage::Sending(sending) => Some(sending),
            _ => None,
        }
    }

    fn watched(&mut self, serial: u32) -> Option<&mut Running> {
        match &mut self.requests.get_mut(serial)?.stage {
            Stage::Running(running) => Some(running),
            _ => None,
        }
    }

    fn running(&mut self, id: &str) -> Option<&mut Running> {
        let own = |request: &request::Request| matches!(&request.stage, Stage::Running(running) if running.job.id == id);
        match &mut self.requests.find_mut(own)?.stage {
            Stage::Running(running) => Some(running),
            _ => None,
        }
    }

    fn remove(&mut self, serial: u32) {
        self.requests.take(|request| request.serial == serial);
    }

    /// Tells the page round the frame, if there is one.
    fn tell(&mut self, message: FrameMessage) {
        if self.hosted {
            self.out.push(Command::PostToPage(message));
        }
    }

    fn announce(&mut self, announcement: Announcement) {
        self.out.push(Command::Announce(announcement));
    }
}

#[cfg(test)]
pub(crate) mod tests;

//! The studio's whole state, and what follows from each event.
//!
//! Owns [`Studio::apply`]: an event and the time in, the new state and commands out. The rules lie beside it, one file
//! for each subject. Must not do anything itself.

mod bin;
mod cancel;
mod change;
mod clock;
mod compose;
mod follow;
mod memory;
mod session;
mod shown;

use super::{
    draft::{Draft, Note},
    entry::{Entry, Running, Sending, Stage, Watch},
    job::{Job, Kept, Opened},
    left::Left,
    progress,
    references::References,
    site::{Challenge, Site},
    stored::Stored,
    told::Told,
    trouble::Trouble,
};
use clock::Ahead;
pub(crate) use clock::EdgeTime;
use contract::{money::Nano, options::Size};
use session::Session;

/// Everything that the studio knows.
#[derive(Debug, Clone)]
pub(crate) struct Studio {
    site: Site,
    /// Whether a page round the frame is told what happens.
    hosted: bool,
    session: Session,
    /// Newest first.
    entries: Vec<Entry>,
    /// The pictures that new ones start from.
    references: References,
    /// The next entry's serial.
    next: u32,
    /// What is left to the visitor, once that was told, and when it was.
    left: Option<(Left, u64)>,
    /// Whether the visitor has turned to the prompt.
    intended: bool,
    /// How far the edge's clock is ahead of the visitor's, once an answer has told.
    ahead: Option<Ahead>,
    /// Whether a tick is on its way.
    ticks: bool,
    /// What this event leads to.
    out: Vec<Command>,
}

/// What happens to the studio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// It starts, with what the tab remembers.
    Started(Option<Stored>),
    /// The visitor turns to the prompt.
    Intent,
    /// The prompt has changed.
    Typed(String),
    /// The form is sent; the key is fresh.
    Submitted(Draft, String),
    /// The button is pressed while it says Cancel, and that is not the second half of a double click.
    CancelPressed,
    /// A card's "Try again"; the key is fresh.
    RetryPressed(u32, String),
    /// A card's "Edit".
    EditPressed(u32),
    /// Pictures are given to start from: the number of the first, and how many.
    Given(u32, u32),
    /// "Change this picture" at a place of the wall; the number for it is fresh.
    ChangePressed((u32, u32), u32),
    /// "Remove" at the picture in the composer that stands there.
    RemovePressed(usize),
    /// The picture of this number can be sent, or it cannot be had.
    Taken(u32, bool),
    /// The challenge is passed, with the token that says so; or it could not be.
    Checked(Option<String>),
    /// A session was answered.
    Opened(Result<Opened, Trouble>),
    /// The edge has answered the request of this entry.
    Made(u32, Result<Box<Job>, Trouble>),
    /// A job was told by an answer, or could not be.
    Seen(String, Result<Box<Job>, Trouble>),
    /// A job was told by its event stream.
    Heard(String, Box<Job>),
    /// The edge could not be asked to cancel this job.
    CancelFailed(String, Trouble),
    /// A job's event stream is cut: the browser opens it again, or (true) has given it up.
    Cut(String, bool),
    /// The picture in this place cannot be shown.
    PictureLost((u32, u32)),
    /// The edge has told the time by an answer.
    EdgeTime(EdgeTime),
    /// The visitor deletes the picture in this place: it can come back.
    DeletePressed((u32, u32)),
    /// What was deleted just now comes back.
    UndoPressed,
    /// It does not any more.
    BinOver,
    /// This device keeps pictures of a job.
    Kept(Kept),
    /// The page round the frame empties the gallery.
    Cleared,
    /// It is time for what was put off.
    Due(Due),
}

/// What was put off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Due {
    /// To load this entry's pictures again.
    Reload(u32),
    /// To send this entry again.
    Resend(u32),
    /// To ask for this job.
    Ask(String),
    /// To look whether this entry's event stream has been quiet for too long, by the timer of this turn.
    Watch(u32, u32),
    /// To open this job's event stream anew.
    Hear(String),
    /// To ask once more that this job is cancelled.
    Cancel(String),
    /// To tell the time again.
    Tick,
}

/// What the studio wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Command {
    /// Put the challenge before the visitor.
    Check,
    /// Open a session.
    Open {
        /// The token of the session that it renews.
        old: Option<String>,
        /// What the challenge gave.
        challenge: Option<String>,
    },
    /// Create a job.
    Post {
        /// The entry that wants it.
        serial: u32,
        /// The session's token.
        token: String,
        /// The intent's key.
        key: String,
        /// The request as JSON.
        body: String,
        /// The pictures that it starts from.
        pictures: Vec<u32>,
    },
    /// Ask for a job.
    Ask(String),
    /// Cancel a job if it runs.
    Cancel(String),
    /// Let the edge forget a job's pictures.
    Forget(String),
    /// Tell the page round the frame.
    Tell(Told),
    /// Hear a job's events.
    Hear(String),
    /// Stop hearing them.
    Unhear(String),
    /// Say that this is due after so many milliseconds.
    Later(u32, Due),
    /// Let the tab remember this.
    Remember(Stored),
    /// Say this to whoever listens instead of looking.
    Say(Said),
    /// Write this under the prompt, or nothing.
    Note(Option<Note>),
    /// Put this into the prompt, if anything, and go there.
    Prompt(Option<String>),
    /// Make the picture of this number ready to be sent: one that was given, or the one at this path.
    Take(u32, Option<String>),
    /// Forget the picture of this number.
    LetGo(u32),
    /// Show these pictures in the composer.
    Show(Vec<u32>),
    /// Choose this shape, if the site has it, and go to the prompt so that typing replaces it.
    Change(Size),
    /// Show this preview at this place of the wall once it is here.
    Sharpen {
        /// The place.
        place: (u32, u32),
        /// Its path.
        url: String,
        /// What was asked for.
        prompt: String,
    },
}

/// What is said to whoever listens: what the others see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// So many pictures are being made.
    Making(u32),
    /// They wait for the challenge.
    Check,
    /// So many pictures are ready.
    Ready(usize),
    /// The visitor's cancel is through.
    Cancelled,
    /// It is not: the edge could not be asked.
    NotCancelled,
    /// A picture stands in the composer.
    PictureAdded,
    /// It does no longer.
    PictureRemoved,
    /// What went wrong.
    Trouble(Trouble),
    /// What the form has to say.
    Note(Note),
}

impl Studio {
    /// A studio in which nothing has happened.
    pub(crate) fn new(site: Site, hosted: bool) -> Self {
        Self {
            site,
            hosted,
            session: Session::Absent,
            entries: Vec::new(),
            references: References::default(),
            next: 0,
            left: None,
            intended: false,
            ahead: None,
            ticks: false,
            out: Vec::new(),
        }
    }

    /// What follows from an event at `now` (milliseconds since 1970).
    pub(crate) fn apply(&mut self, event: Event, now: u64) -> Vec<Command> {
        match event {
            Event::Started(stored) => self.start(stored, now),
            Event::Intent => self.intend(now),
            Event::Typed(prompt) => self.typed(&prompt, now),
            Event::Submitted(draft, key) => {
                let pictures = self.references.composer().to_vec();
                self.submit(draft, pictures, key, now);
            }
            Event::CancelPressed => self.cancel(),
            Event::RetryPressed(serial, key) => self.retry(serial, key, now),
            Event::EditPressed(serial) => self.edit(serial, now),
            Event::Given(first, count) => self.given(first, count, now),
            Event::ChangePressed(place, id) => self.change(place, id, now),
            Event::RemovePressed(at) => self.remove_picture(at),
            Event::Taken(id, fine) => self.taken(id, fine),
            Event::Checked(token) => self.checked(token, now),
            Event::Opened(answer) => self.opened(answer, now),
            Event::Made(serial, answer) => self.made(serial, answer, now),
            Event::Seen(id, answer) => self.seen(&id, answer, now),
            Event::Heard(id, job) => self.heard(&id, job, now),
            Event::CancelFailed(id, trouble) => self.cancel_failed(&id, trouble, now),
            Event::Cut(id, over) => self.cut(id, over),
            Event::PictureLost(place) => self.picture_lost(place),
            Event::EdgeTime(time) => self.learn_time(time, now),
            Event::Due(Due::Reload(serial)) => self.reload(serial),
            Event::Due(Due::Resend(serial)) => self.resend(serial),
            Event::Due(Due::Ask(id)) => self.ask_again(id),
            Event::Due(Due::Watch(serial, turn)) => self.watch(serial, turn, now),
            Event::Due(Due::Hear(id)) => self.hear_anew(id),
            Event::Due(Due::Cancel(id)) => self.cancel_again(id),
            Event::DeletePressed(place) => self.delete(place),
            Event::UndoPressed => self.undo(),
            Event::BinOver => self.empty(now),
            Event::Kept(kept) => self.kept(kept),
            Event::Cleared => self.clear(now),
            Event::Due(Due::Tick) => {
                self.ticks = false;
                self.tell_progress(now);
            }
        }
        self.let_go();
        if self.is_running() && !self.ticks {
            self.ticks = true;
            self.out.push(Command::Later(1000, Due::Tick));
        }
        std::mem::take(&mut self.out)
    }

    /// Whether the visitor waits for a picture.
    pub(crate) fn is_running(&self) -> bool {
        self.entries.iter().any(Entry::is_running)
    }

    /// What is left to the visitor, where that is known at `now`.
    pub(crate) fn left(&self, now: u64) -> Option<Left> {
        let holds =
            |(left, told): &(Left, u64)| left.holds(self.edge_time(*told), self.edge_time(now));
        self.left.filter(holds).map(|(left, _)| left)
    }

    /// About what a draft will cost, where the site shows it. What pictures to start from add, nobody knows before.
    pub(crate) fn estimate(&self, draft: &Draft) -> Option<Nano> {
        self.site.estimate(draft).filter(|_| self.references.composer().is_empty())
    }

    /// What the owner offers when a limit is reached: its words, and where it leads.
    pub(crate) fn offer(&self) -> Option<(String, String)> {
        self.site.offer.clone()
    }

    /// The challenge that opens a session.
    pub(crate) fn challenge(&self) -> Option<Challenge> {
        self.site.challenge.clone()
    }

    /// Whether the tab may remember anything.
    pub(crate) const fn remembers(&self) -> bool {
        self.site.keeps
    }

    /// The site's id.
    pub(crate) fn site(&self) -> &str {
        &self.site.id
    }

    fn tell_progress(&mut self, now: u64) {
        if let Some((elapsed_ms, expected_ms)) = progress::first(&self.entries, now) {
            self.tell(Told::Progress { elapsed_ms, expected_ms });
        }
    }

    fn serial(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    fn entry(&mut self, serial: u32) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.serial == serial)
    }

    fn sending(&mut self, serial: u32) -> Option<&mut Sending> {
        match &mut self.entry(serial)?.stage {
            Stage::Sending(sending) => Some(sending),
            _ => None,
        }
    }

    fn watched(&mut self, serial: u32) -> Option<&mut Running> {
        match &mut self.entry(serial)?.stage {
            Stage::Running(running) => Some(running),
            _ => None,
        }
    }

    fn running(&mut self, id: &str) -> Option<&mut Running> {
        self.entries.iter_mut().find_map(|entry| match &mut entry.stage {
            Stage::Running(running) if running.job.id == id => Some(running),
            _ => None,
        })
    }

    /// The path of a picture of the wall, and its shape as it was asked for.
    fn picture(&self, (serial, index): (u32, u32)) -> Option<(String, Size)> {
        let entry = self.entries.iter().find(|entry| entry.serial == serial)?;
        let job = entry.job()?;
        let picture = job.pictures.get(usize::try_from(index).ok()?)?;
        picture.url.clone().map(|url| (url, job.draft.size))
    }

    fn remove(&mut self, serial: u32) {
        self.entries.retain(|entry| entry.serial != serial);
    }

    fn tell(&mut self, told: Told) {
        if self.hosted {
            self.out.push(Command::Tell(told));
        }
    }

    fn say(&mut self, said: Said) {
        self.out.push(Command::Say(said));
    }
}

#[cfg(test)]
mod tests;

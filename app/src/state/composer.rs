//! From the form to a request on its way: typing, submit, the queue, try again, edit.
//!
//! Owns when a request is accepted, when it has its turn and how often it is sent.
//! Why: `docs/decisions/2026-11-29-one-key-until-its-fate-is-known.md`.

use super::{
    Studio,
    command::{Announcement, Command, FocusTarget},
    draft::{self, Choices, Note},
    error::StudioError,
    event::Due,
    host_messages::problem,
    job,
    request::{Fate, Request, Sending, Stage, Step},
    tile::TileKey,
    uploads::UploadId,
};
use contract::{job::JobRequest, options::Background, site::Site};

/// Attempts after the first before a card says that something is wrong, each after twice the pause of the one before.
const REPEATS: u8 = 3;
/// The longest pause between two attempts, as a power of two of seconds.
const SLOWEST: u8 = 5;
/// Within so many milliseconds the same intent is a slip of the finger.
const SLIP_MS: u64 = 500;
/// Before an order is sent again that another tab's jobs stand before, in milliseconds.
const TURN_MS: u32 = 5_000;
/// How many requests may wait for their turn.
const QUEUE: usize = 1;

/// Where the focus goes when the form has something to say.
const PROMPT: FocusTarget = FocusTarget::Prompt { select: false };

impl Studio {
    /// How many jobs the visitor may have at once.
    pub(super) fn concurrent(&self) -> usize {
        usize::try_from(self.site.concurrent).unwrap_or(1).max(1)
    }

    pub(super) fn prompt_focused(&mut self, now: u64) {
        self.folded = false;
        self.intend(now);
    }

    /// The prompt has changed. Who came to it before the studio did is noticed now.
    pub(super) fn prompt_changed(&mut self, prompt: String, now: u64) {
        self.draft.prompt = prompt;
        self.folded = false;
        self.edited();
        self.refresh_length();
        self.intend(now);
    }

    /// Says how much of the description fits, in place of what was said before.
    pub(super) fn refresh_length(&mut self) {
        self.note = draft::length(&self.draft.prompt, self.site.max_prompt_chars);
    }

    /// The visitor has changed the form: it is stored in a moment.
    pub(super) fn edited(&mut self) {
        self.touched = true;
        self.save_later();
    }

    /// The visitor chooses something beside the prompt.
    pub(super) fn choose(&mut self, choose: impl FnOnce(&mut Choices, &Site)) {
        choose(&mut self.draft.choices, &self.site);
        self.edited();
        let count = self.draft.choices.count;
        if matches!(self.note, Some(Note::Fewer(left)) if count <= left) {
            self.refresh_length();
        }
    }

    /// Puts this into the prompt.
    pub(super) fn put_prompt(&mut self, prompt: String) {
        self.draft.prompt = prompt;
        self.refresh_length();
    }

    /// A preset fills the prompt. It is about something else than the pictures in the composer.
    pub(super) fn idea_pressed(&mut self, index: usize, now: u64) {
        let Some(preset) = self.site.presets.get(index) else { return };
        let prompt = preset.prompt.clone();
        self.uploads.clear();
        self.put_prompt(prompt);
        self.edited();
        self.prompt_focused(now);
        self.out.push(Command::Focus(PROMPT));
    }

    /// The words and the choices of a picture come back into the form.
    pub(super) fn reuse(&mut self, TileKey { serial, .. }: TileKey, now: u64) {
        let Some(job) = self.requests.get(serial).and_then(Request::job) else { return };
        let (order, site) = (job.request.clone(), &self.site);
        let choices = &mut self.draft.choices;
        choices.choose_size(site, order.size);
        choices.choose_quality(site, order.quality);
        choices.choose_transparent(site, order.background == Background::Transparent);
        choices.choose_format(site, order.format);
        self.put_prompt(order.prompt);
        self.edited();
        self.prompt_focused(now);
        self.close_viewer(None);
        self.out.push(Command::Focus(PROMPT));
    }

    /// The visitor submits the form. Where the button says Cancel, Enter in the description orders nothing twice.
    pub(super) fn submit_form(&mut self, key: String, now: u64) {
        if !self.create_cancels() || self.slips(&self.draft.request(&self.site), now) {
            return self.submit(key, now);
        }
        self.object(Note::OneAtATime);
    }

    /// The form's order is taken, whoever asks for it.
    pub(super) fn submit(&mut self, key: String, now: u64) {
        let order = self.draft.request(&self.site);
        if self.slips(&order, now) {
            return;
        }
        let uploads = self.uploads.composer().to_vec();
        if self.take_order(order.clone(), uploads, key, now) {
            self.submitted = Some((order, now));
        }
    }

    /// Whether the same was submitted a moment ago.
    fn slips(&self, order: &JobRequest, now: u64) -> bool {
        let last = self.submitted.as_ref();
        last.is_some_and(|(last, at)| last == order && now.saturating_sub(*at) < SLIP_MS)
    }

    /// The form says what stands in the way.
    fn object(&mut self, note: Note) {
        self.note = Some(note);
        self.folded = false;
        self.announce(Announcement::Note(note));
        self.out.push(Command::Focus(PROMPT));
    }

    /// Takes an intent, if nothing stands in the way; else the form says what. Whether it was taken.
    fn take_order(
        &mut self,
        order: JobRequest,
        uploads: Vec<UploadId>,
        key: String,
        now: u64,
    ) -> bool {
        self.note = self.objection(&order, now);
        if let Some(note) = self.note {
            self.object(note);
            return false;
        }
        let count = order.count.unwrap_or(1);
        self.requests.take(|request| request.is_limit_of(&order.prompt));
        let (serial, waits) = (self.serial(), !self.has_room());
        let mut sending = Sending::new(order, key, now);
        if waits {
            sending.step = Step::Queued;
        }
        self.uploads.sent(&uploads);
        let mut request = Request::new(serial, Stage::Sending(sending));
        request.since = now;
        (request.changes, request.uploads) = (!uploads.is_empty(), uploads);
        self.requests.push_newest(request);
        self.folded = true;
        if !waits {
            self.send(serial);
        }
        self.announce(match (waits, self.session.is_checking()) {
            (true, _) => Announcement::Queued,
            (_, true) => Announcement::Check,
            (_, false) => Announcement::Making(count),
        });
        self.out.push(Command::ScrollTo(serial));
        true
    }

    /// What stands in the way of an order.
    fn objection(&self, order: &JobRequest, now: u64) -> Option<Note> {
        let fewer = || self.allowance(now)?.fewer_than(order.count.unwrap_or(1)).map(Note::Fewer);
        if order.prompt.trim().is_empty() {
            Some(Note::Empty)
        } else if !self.may_queue() {
            Some(Note::OneAtATime)
        } else {
            fewer().or_else(|| draft::too_long(&order.prompt, self.site.max_prompt_chars))
        }
    }

    /// Takes a note away whose reason has gone.
    pub(super) fn refresh_note(&mut self, now: u64) {
        let Some(note) = self.note else { return };
        let holds = match note {
            Note::Empty => self.draft.prompt.trim().is_empty(),
            Note::OneAtATime => !self.may_queue() || self.create_cancels(),
            Note::Fewer(left) => {
                let known = self.allowance(now).and_then(|known| known.fewer_than(u32::MAX));
                known == Some(left)
            }
            Note::TooManyPictures => self.uploads.composer().len() >= self.most_uploads(),
            _ => true,
        };
        if !holds {
            self.refresh_length();
        }
    }

    /// Whether another job may begin at once.
    fn has_room(&self) -> bool {
        self.requests.iter().filter(|it| it.takes_a_place()).count() < self.concurrent()
    }

    /// Whether another intent may be taken, now or to wait for its turn.
    pub(crate) fn may_queue(&self) -> bool {
        self.has_room() || self.requests.iter().filter(|it| it.is_queued()).count() < QUEUE
    }

    /// Sends what has waited longest, as long as there is room.
    pub(super) fn next_turn(&mut self) {
        while self.has_room() {
            let queued = self.requests.iter().rfind(|it| it.is_queued());
            let Some(serial) = queued.map(|request| request.serial) else { return };
            self.send(serial);
        }
    }

    /// Sends a request's order, or waits for the session and the pictures that it needs first.
    pub(super) fn send(&mut self, serial: u32) {
        let token = self.session.token().map(str::to_owned);
        let Some(uploads) = self.requests.get(serial).map(|it| it.uploads.clone()) else { return };
        let ready = self.uploads.are_ready(&uploads);
        let Some(sending) = self.sending(serial) else { return };
        sending.step = Step::Session;
        let Some(token) = token else { return self.open() };
        // Those that are not ready yet send it when they are.
        if ready {
            sending.step = Step::Answer;
            let (key, request) = (sending.key.clone(), sending.order.clone());
            // A reload finds the key, whatever becomes of the answer.
            if matches!(sending.fate, Fate::Unsent | Fate::Refused) {
                sending.fate = Fate::Sent;
                self.remember();
            }
            self.out.push(Command::PostJob { serial, token, key, request, uploads });
        }
    }

    /// The pause after an attempt is over.
    pub(super) fn resend(&mut self, serial: u32) {
        let waits =
            |it: &Request| matches!(&it.stage, Stage::Sending(it) if it.step == Step::Pause);
        if self.requests.get(serial).is_some_and(waits) {
            self.send(serial);
        }
    }

    /// The edge has not granted what was sent, or nobody knows whether it has: then it is sent again under the same key, until
    /// somebody does.
    pub(super) fn not_granted(&mut self, serial: u32, error: StudioError, now: u64) {
        let Some(sending) = self.sending(serial) else { return };
        (sending.renewed, sending.checked) = (false, false);
        if error == StudioError::Concurrent && !sending.cancelled {
            // Jobs of another tab stand before it. The key was looked for, so no attempt was granted.
            (sending.fate, sending.step) = (Fate::Refused, Step::Pause);
            self.out.push(Command::After(TURN_MS, Due::Resend(serial)));
            return;
        }
        let open = error.leaves_open(sending.fate == Fate::Doubt);
        // The limit on requests stands before the one who grants.
        if open && !matches!(error, StudioError::Rate(_)) {
            sending.fate = Fate::Doubt;
        }
        self.again(serial, error, open, now);
    }

    /// An attempt to send was in vain before it left. What has left once is sent until its fate is known.
    pub(super) fn not_sent(&mut self, serial: u32, error: StudioError, now: u64) {
        let Some(sending) = self.sending(serial) else { return };
        let open = sending.fate == Fate::Doubt || error.passes();
        self.again(serial, error, open, now);
    }

    /// Sends it again in a moment, or not at all.
    fn again(&mut self, serial: u32, error: StudioError, open: bool, now: u64) {
        let Some(sending) = self.sending(serial) else { return };
        if !open || (sending.tries >= REPEATS && sending.fate != Fate::Doubt) {
            if sending.cancelled {
                return self.cancelled(serial, 0);
            }
            let order = sending.order.clone();
            return self.fail(serial, order, error, now);
        }
        let pause = 1000 << sending.tries.min(SLOWEST);
        // The visitor has waited long enough: a card says what is wrong, and it goes on behind that.
        let tell = sending.tries == REPEATS;
        sending.tries = sending.tries.saturating_add(1);
        sending.step = Step::Pause;
        if tell || sending.card.is_some() {
            sending.card = Some(error);
        }
        self.out.push(Command::After(pause.max(error.rest_ms()), Due::Resend(serial)));
        if tell {
            self.announce(Announcement::Problem(error));
            self.tell(problem(error));
        }
    }

    /// Puts a card where a request's pictures would have been.
    pub(super) fn fail(&mut self, serial: u32, order: JobRequest, error: StudioError, now: u64) {
        if let Some(request) = self.requests.get_mut(serial) {
            request.stage = Stage::Failed { order, error };
        }
        self.meet(error, now);
        self.announce(Announcement::Problem(error));
        self.tell(problem(error));
        self.remember();
    }

    pub(super) fn retry(&mut self, serial: u32, key: String, now: u64) {
        // "Same words, new picture" of the viewer: what comes of it is seen below the button.
        self.close_viewer(Some(FocusTarget::Create));
        let doubt = |it: &Request| matches!(it.stage, Stage::Sending(_));
        if self.requests.get(serial).is_some_and(doubt) {
            // The same intent: nobody knows what became of it, and its own key finds out.
            let Some(sending) = self.sending(serial) else { return };
            (sending.card, sending.tries) = (None, 0);
            let making = Announcement::Making(sending.order.count.unwrap_or(1));
            self.resend(serial);
            return self.announce(making);
        }
        let Some((order, uploads)) = self.ordered(serial) else { return };
        let Some(uploads) = uploads else { return self.edit(serial, now) };
        if self.take_order(order, uploads, key, now) {
            self.take_card(serial);
        }
    }

    pub(super) fn edit(&mut self, serial: u32, now: u64) {
        let Some((order, uploads)) = self.ordered(serial) else { return };
        self.take_card(serial);
        self.remember();
        self.prompt_focused(now);
        let forgotten = uploads.is_none().then_some(Note::PicturesForgotten);
        self.uploads.set(uploads.unwrap_or_default());
        self.put_prompt(order.prompt);
        self.edited();
        self.note = forgotten.or(self.note);
        if let Some(note) = self.note.filter(|note| !note.is_calm()) {
            self.announce(Announcement::Note(note));
        }
        self.out.push(Command::Focus(PROMPT));
    }

    /// The × of a card: it goes, and the focus goes to the next card or to the prompt. What may still come of its order is
    /// cancelled: nothing that is paid for goes on unseen.
    pub(super) fn dismiss_problem(&mut self, serial: u32) {
        let Some(request) = self.requests.get(serial) else { return };
        if request.is_open() {
            self.cancel(serial);
        } else {
            self.take_card(serial);
            self.remember();
        }
        let next = self.requests.iter().find_map(Request::card).map(FocusTarget::Tile);
        self.out.push(Command::Focus(next.unwrap_or(PROMPT)));
    }

    /// What a request asked for, where a card can be on the wall, and the pictures that it started from: none if they
    /// are forgotten.
    fn ordered(&self, serial: u32) -> Option<(JobRequest, Option<Vec<UploadId>>)> {
        let request = self.requests.get(serial)?;
        let order = match &request.stage {
            Stage::Failed { order, .. } | Stage::Sending(Sending { order, card: Some(_), .. }) => {
                order.clone()
            }
            Stage::Done(job) => job::request_of(&job.request),
            _ => return None,
        };
        Some((order, (!request.has_forgotten()).then(|| request.uploads.clone())))
    }

    /// Takes a request's card from the wall; its pictures stay.
    fn take_card(&mut self, serial: u32) {
        let Some(request) = self.requests.get_mut(serial) else { return };
        match &request.stage {
            Stage::Done(job) if job::ready(job) > 0 => {
                for (index, picture) in (0..).zip(&job.pictures) {
                    if !job::is_ready(picture) {
                        request.gone.add(index);
                    }
                }
                request.uploads.clear();
            }
            _ => self.remove(serial),
        }
    }
}

//! From a job's first answer to its last state.
//!
//! Owns what each told state means for its request. Must not let a revision go back.
//!
//! Decision: docs/decisions/2026-11-29-a-silent-event-stream-is-asked.md.

use super::{
    Studio,
    allowance::Source,
    cancel::counted,
    command::{Announcement, Command},
    error::StudioError,
    event::Due,
    host_messages, job,
    request::{Request, Running, Sending, Stage, Step, Watch, has_started},
    tile::TileKey,
};
use contract::{
    frame_messages::FrameMessage,
    job::{Job, JobState, Picture, PictureState},
    problem::ProblemKind,
};

/// Before a stream that the browser has given up is opened anew.
const ANEW_MS: u32 = 15_000;
/// Before a job that could not be told after a reload is asked for again: each time twice as long, [`SLOWEST`] times. That never
/// ends but by the edge's own word: it is all that the visitor has paid for.
const ASK_MS: u32 = 1000;
const SLOWEST: u8 = 4;

impl Studio {
    /// The edge has answered a `POST /v1/jobs`.
    pub(super) fn created(&mut self, serial: u32, answer: Result<Box<Job>, StudioError>, now: u64) {
        let Some(sending) = self.sending(serial) else { return };
        let (cancelled, checked) = (sending.cancelled, sending.checked);
        match answer {
            Ok(job) => {
                let id = job.id.clone();
                self.settle(serial, job, now);
                if let Some(request) = self.requests.get(serial) {
                    let uploads = request.uploads.clone();
                    self.uploads.accepted(&uploads);
                }
                if let (true, Some(running)) = (cancelled, self.running(&id)) {
                    running.cancelled = true;
                    self.out.push(Command::CancelJob(id));
                }
            }
            // Nobody has asked: what is refused is not this order.
            Err(_) if sending.step != Step::Answer => {}
            Err(error) if error.is(ProblemKind::SessionRequired) && !sending.renewed => {
                self.renew_for(serial);
            }
            Err(error)
                if error.is(ProblemKind::ChallengeFailed)
                    && self.site.challenge.is_some()
                    && !checked =>
            {
                if cancelled {
                    self.cancelled(serial, 0);
                } else {
                    self.check_for(serial);
                }
            }
            Err(error) => self.not_granted(serial, error, now),
        }
    }

    /// A job was told, or could not be.
    pub(super) fn fetched(&mut self, id: &str, answer: Result<Box<Job>, StudioError>, now: u64) {
        let own = |request: &&Request| request.id() == Some(id);
        let Some(request) = self.requests.iter().find(own) else { return };
        let serial = request.serial;
        match (answer, &request.stage) {
            (Ok(job), Stage::Running(Running { job: known, .. }) | Stage::Done(known))
                if job.revision < known.revision =>
            {
                self.answered(serial, true, now);
            }
            (Ok(job), _) => {
                self.settle(serial, job, now);
                self.answered(serial, true, now);
            }
            (Err(error), _) if error.is(ProblemKind::UnknownJob) => {
                self.unknown(serial, error, now);
            }
            (Err(_), Stage::Running(_)) => self.answered(serial, false, now),
            (Err(_), Stage::Remembered { .. }) => {
                let Some(request) = self.requests.get_mut(serial) else { return };
                let Stage::Remembered { tries, .. } = &mut request.stage else { return };
                let pause = ASK_MS << (*tries).min(SLOWEST);
                *tries = tries.saturating_add(1);
                self.out.push(Command::After(pause, Due::Fetch(id.to_owned())));
            }
            (Err(_), _) => {}
        }
    }

    /// The edge does not know a job any more. Nobody else's word is taken for that.
    fn unknown(&mut self, serial: u32, error: StudioError, now: u64) {
        let Some(request) = self.requests.get_mut(serial) else { return };
        match &mut request.stage {
            Stage::Running(Running { job, .. }) => {
                let (id, order) = (job.id.clone(), job::request_of(&job.request));
                self.out.push(Command::Unsubscribe(id));
                return self.fail(serial, order, error, now);
            }
            // What cannot be shown now never can, but what this device keeps.
            Stage::Done(job) => {
                for (index, picture) in (0..).zip(&mut job.pictures) {
                    if request.lost.has(index) && !request.kept.has(index) {
                        picture.state = PictureState::Gone;
                    }
                }
            }
            _ => self.remove(serial),
        }
        self.remember();
    }

    /// Puts a request where its job says that it stands.
    fn settle(&mut self, serial: u32, mut job: Box<Job>, now: u64) {
        self.keep_later(serial);
        let Some(request) = self.requests.get_mut(serial) else { return };
        // What the last state of an earlier load's job says of it is older than what the session has said since.
        let fresh = match &request.stage {
            Stage::Running(_) => true,
            Stage::Sending(Sending { restored, .. }) => !restored,
            _ => false,
        };
        let error = job::why(&job);
        if fresh || !job.state.is_final() {
            let refused = error.is_some_and(|error| error.is(ProblemKind::PromptRefused));
            let source = if refused { Source::Refused } else { Source::Job };
            self.allow(job.allowance, source, now);
        }
        let Some(request) = self.requests.get_mut(serial) else { return };
        if let Some(known) = request.job() {
            job::keep(&mut job, known, request.kept);
        }
        for message in messages(&job, request) {
            self.tell(message);
        }
        let Some(request) = self.requests.get_mut(serial) else { return };
        if !job.state.is_final() {
            let id = job.id.clone();
            let previews = previews(&job, request.job(), serial);
            if let Stage::Running(running) = &mut request.stage {
                running.started |= has_started(&job);
                running.job = job;
                running.seen = now;
            } else {
                request.stage = Stage::Running(Running::new(job, now));
                self.out.push(Command::Subscribe(id));
                self.remember();
                self.watch_later(serial, None);
            }
            self.out.extend(previews);
            return;
        }
        let (live, shown) = (request.is_open(), matches!(request.stage, Stage::Done(_)));
        let (state, ready) = (job.state, job::ready(&job));
        let running =
            if let Stage::Running(running) = &request.stage { Some(running) } else { None };
        let counted = counted(&job, running);
        if live {
            self.out.push(Command::Unsubscribe(job.id.clone()));
        }
        if state == JobState::Failed {
            let order = job::request_of(&job.request);
            self.fail(serial, order, error.unwrap_or(StudioError::Unreadable), now);
        } else if ready == 0 && !shown {
            // Nothing is left to see: cancelled before the first picture, or past its time.
            self.remove(serial);
            if live {
                self.say_cancelled(counted);
            }
        } else {
            if let Some(request) = self.requests.get_mut(serial) {
                if ready == job.pictures.len() {
                    // There is nothing to try again.
                    request.uploads.clear();
                }
                request.stage = Stage::Done(job);
            }
            if live && state == JobState::Cancelled {
                self.say_cancelled(counted);
            } else if live {
                self.announce(Announcement::Ready(ready));
                self.tell(host_messages::done(ready));
            }
        }
        self.requests.shrink_cards();
        // Pictures may have been deleted while others were still to come.
        self.forget(Request::is_gone, now);
    }

    /// The stream has told a job: nobody has to ask for it now.
    pub(super) fn streamed(&mut self, id: &str, job: Box<Job>, now: u64) {
        if let Some(Running { watch, .. }) = self.running(id) {
            *watch = Watch { asked: watch.asked, turn: watch.turn, ..Watch::new(now) };
        }
        self.fetched(id, Ok(job), now);
    }

    /// A question about a running job is answered, or is not: the next one has its time.
    fn answered(&mut self, serial: u32, fine: bool, now: u64) {
        let Some(Running { watch, .. }) = self.watched(serial) else { return };
        if std::mem::take(&mut watch.asked) {
            watch.asks = watch.asks.saturating_add(1);
            (watch.since, watch.lost) = (now, !fine);
            self.watch_later(serial, None);
        }
    }

    /// Looks at a request's stream after so long, or when it has been quiet for too long from now on.
    fn watch_later(&mut self, serial: u32, ms: Option<u32>) {
        let Some(Running { watch, .. }) = self.watched(serial) else { return };
        watch.turn = watch.turn.wrapping_add(1);
        let due = Due::Watch(serial, watch.turn);
        let pause = ms.unwrap_or_else(|| watch.pause_ms());
        self.out.push(Command::After(pause, due));
    }

    /// It is time to look whether a stream has said something. One timer and one question at a time: others are too old.
    pub(super) fn watch(&mut self, serial: u32, turn: u32, now: u64) {
        let Some(Running { watch, job, .. }) = self.watched(serial) else { return };
        if watch.turn != turn || watch.asked {
            return;
        }
        let quiet = u32::try_from(now.saturating_sub(watch.since)).unwrap_or(u32::MAX);
        let rest = watch.pause_ms().saturating_sub(quiet);
        if rest > 0 {
            return self.watch_later(serial, Some(rest));
        }
        watch.asked = true;
        let ask = Command::FetchJob(job.id.clone());
        self.out.push(ask);
    }

    /// A job's stream is cut: it is asked for at once, if it is not already.
    pub(super) fn cut(&mut self, id: String, over: bool) {
        let Some(Running { watch, .. }) = self.running(&id) else { return };
        if !std::mem::replace(&mut watch.broken, true) && !watch.asked && watch.asks == 0 {
            watch.asked = true;
            self.out.push(Command::FetchJob(id.clone()));
        }
        if over {
            self.out.push(Command::After(ANEW_MS, Due::Subscribe(id)));
        }
    }

    /// A stream that the browser has given up gets another chance: what was in its way may be gone.
    pub(super) fn subscribe_anew(&mut self, id: String) {
        if self.running(&id).is_some() {
            self.out.extend([Command::Unsubscribe(id.clone()), Command::Subscribe(id)]);
        }
    }

    /// It is time to ask again for a job of an earlier load.
    pub(super) fn fetch_again(&mut self, id: String) {
        let waits = |request: &Request| matches!(&request.stage, Stage::Remembered { id: own, .. } if *own == id);
        if self.requests.iter().any(waits) {
            self.out.push(Command::FetchJob(id));
        }
    }
}

/// What the page round the frame learns of a job: only of one that the visitor waits for.
fn messages(job: &Job, request: &Request) -> Vec<FrameMessage> {
    if !request.is_open() {
        return Vec::new();
    }
    let start = matches!(request.stage, Stage::Sending(_));
    let start = start.then(|| host_messages::start(&job.request));
    let known = request.job();
    let fresh = |(index, picture): (u32, &Picture)| {
        let was = |known: &Job| job::picture(known, index).is_some_and(job::is_ready);
        let new = job::is_ready(picture) && !known.is_some_and(was);
        host_messages::picture(index, picture).filter(|_| new)
    };
    start.into_iter().chain((0..).zip(&job.pictures).filter_map(fresh)).collect()
}

/// The previews that were not told before.
fn previews(job: &Job, known: Option<&Job>, serial: u32) -> Vec<Command> {
    let fresh = |(index, picture): (u32, &Picture)| {
        let before = known.and_then(|known| job::picture(known, index));
        let url = picture.preview_url.clone().filter(|_| !job::is_ready(picture))?;
        let new = before.is_none_or(|before| before.preview_url.as_ref() != Some(&url));
        let key = TileKey { serial, index };
        new.then_some(Command::DecodePreview { key, url })
    };
    (0..).zip(&job.pictures).filter_map(fresh).collect()
}

//! From a job's first answer to its last state.
//!
//! Owns what each told state means for its entry. Must not let a revision go back.

use super::{Command, Due, Said, Studio, Watch};
use crate::state::{
    entry::{Entry, Places, Running, Sending, Stage},
    job::{Job, Kept, Picture},
    told::Told,
    trouble::Trouble,
};
use contract::{
    job::{JobState, PictureState},
    problem::ProblemKind,
};

/// Before a stream that the browser has given up is opened anew.
const ANEW_MS: u32 = 15_000;
/// Before a job that could not be told after a reload is asked for again, and a picture that did not load is loaded again: each
/// time twice as long, [`SLOWEST`] times. Neither ever ends but by the edge's own word: it is all that the visitor has paid for.
const ASK_MS: u32 = 1000;
const RELOAD_MS: u32 = 2000;
const SLOWEST: u8 = 4;

impl Studio {
    /// The edge has answered a `POST /v1/jobs`.
    pub(super) fn made(&mut self, serial: u32, answer: Result<Box<Job>, Trouble>, now: u64) {
        let Some(sending) = self.sending(serial) else { return };
        let (cancelled, checked) = (sending.cancelled, sending.checked);
        match answer {
            Ok(job) => {
                let id = job.id.clone();
                self.settle(serial, job, now);
                if let (true, Some(running)) = (cancelled, self.running(&id)) {
                    running.cancelled = true;
                    self.out.push(Command::Cancel(id));
                }
            }
            Err(trouble) if trouble.is(ProblemKind::SessionRequired) && !sending.renewed => {
                self.renew_for(serial);
            }
            Err(trouble)
                if trouble.is(ProblemKind::ChallengeFailed)
                    && self.site.challenge.is_some()
                    && !checked =>
            {
                if cancelled {
                    self.cancelled(serial);
                } else {
                    self.check_for(serial);
                }
            }
            Err(trouble) => self.not_granted(serial, trouble, now),
        }
    }

    /// A job was told, or could not be.
    pub(super) fn seen(&mut self, id: &str, answer: Result<Box<Job>, Trouble>, now: u64) {
        let Some(entry) = self.entries.iter().find(|entry| entry.id() == Some(id)) else { return };
        let serial = entry.serial;
        match (answer, &entry.stage) {
            (Ok(job), Stage::Running(Running { job: known, .. }) | Stage::Done(known))
                if job.revision < known.revision =>
            {
                self.answered(serial, true, now);
            }
            (Ok(job), _) => {
                self.settle(serial, job, now);
                self.answered(serial, true, now);
            }
            (Err(trouble), _) if trouble.is(ProblemKind::UnknownJob) => {
                self.unknown(serial, trouble, now);
            }
            (Err(_), Stage::Running(_)) => self.answered(serial, false, now),
            (Err(_), Stage::Remembered { .. }) => {
                let Some(entry) = self.entry(serial) else { return };
                let Stage::Remembered { tries, .. } = &mut entry.stage else { return };
                let pause = ASK_MS << (*tries).min(SLOWEST);
                *tries = tries.saturating_add(1);
                self.out.push(Command::Later(pause, Due::Ask(id.to_owned())));
            }
            (Err(_), _) => {}
        }
    }

    /// The edge does not know a job any more. Nobody else's word is taken for that.
    fn unknown(&mut self, serial: u32, trouble: Trouble, now: u64) {
        let Some(entry) = self.entry(serial) else { return };
        match &mut entry.stage {
            Stage::Running(Running { job, .. }) => {
                let (id, draft) = (job.id.clone(), job.draft.clone());
                self.out.push(Command::Unhear(id));
                return self.fail(serial, draft, trouble, now);
            }
            // What cannot be shown now never can, but what this device keeps.
            Stage::Done(job) => {
                let lost = entry.lost;
                for (index, picture) in (0..).zip(&mut job.pictures) {
                    if lost.has(index) && !picture.kept {
                        picture.state = PictureState::Gone;
                    }
                }
            }
            _ => self.remove(serial),
        }
        self.remember();
    }

    /// Puts an entry where its job says that it stands.
    fn settle(&mut self, serial: u32, mut job: Box<Job>, now: u64) {
        let Some(entry) = self.entry(serial) else { return };
        // What the last state of an earlier load's job says of it is older than what the session has said since.
        let fresh = match &entry.stage {
            Stage::Running(_) => true,
            Stage::Sending(Sending { restored, .. }) => !restored,
            _ => false,
        };
        if fresh || !job.state.is_final() {
            self.allow(job.allowance, now);
        }
        let Some(entry) = self.entry(serial) else { return };
        if let Some(known) = entry.job() {
            job.keep(known);
        }
        for told in told(&job, entry) {
            self.tell(told);
        }
        let Some(entry) = self.entry(serial) else { return };
        if !job.state.is_final() {
            let id = job.id.clone();
            let previews = previews(&job, entry.job(), serial);
            if let Stage::Running(running) = &mut entry.stage {
                running.job = job;
                running.seen = now;
            } else {
                entry.stage = Stage::Running(Running::new(job, now));
                self.out.push(Command::Hear(id));
                self.remember();
                self.watch_later(serial, None);
            }
            self.out.extend(previews);
            return;
        }
        let (live, shown) = (entry.is_open(), matches!(entry.stage, Stage::Done(_)));
        let (state, ready) = (job.state, job.ready());
        if live {
            self.out.push(Command::Unhear(job.id.clone()));
        }
        if state == JobState::Failed {
            let trouble = job.why().unwrap_or(Trouble::Unreadable);
            self.fail(serial, job.draft, trouble, now);
        } else if ready == 0 && !shown {
            // Nothing is left to see: cancelled before the first picture, or past its time.
            self.remove(serial);
            if live {
                self.say(Said::Cancelled);
                self.tell(Told::Cancel);
            }
        } else {
            if let Some(entry) = self.entry(serial) {
                if ready == job.pictures.len() {
                    // There is nothing to try again.
                    entry.pictures.clear();
                }
                entry.stage = Stage::Done(job);
            }
            if live {
                let cancelled = state == JobState::Cancelled;
                self.say(if cancelled { Said::Cancelled } else { Said::Ready(ready) });
                self.tell(if cancelled { Told::Cancel } else { Told::Done(ready) });
            }
        }
        // Pictures may have been deleted while others were still to come.
        self.forget(Entry::is_gone, now);
    }

    /// This device keeps pictures of a job, which may be known already.
    pub(super) fn kept(&mut self, Kept { since, job }: Kept) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.id() == Some(&job.id)) {
            match &mut entry.stage {
                Stage::Running(Running { job: known, .. }) | Stage::Done(known) => known.keep(&job),
                stage => *stage = Stage::Done(job),
            }
            return;
        }
        let serial = self.serial();
        let entry = Entry { since, ..Entry::new(serial, Stage::Done(job)) };
        let older = |other: &Entry| other.since < since;
        let at = self.entries.iter().position(older).unwrap_or(self.entries.len());
        self.entries.insert(at, entry);
    }

    /// The stream has told a job: nobody has to ask for it now.
    pub(super) fn heard(&mut self, id: &str, job: Box<Job>, now: u64) {
        if let Some(Running { watch, .. }) = self.running(id) {
            *watch = Watch { asked: watch.asked, turn: watch.turn, ..Watch::new(now) };
        }
        self.seen(id, Ok(job), now);
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

    /// Looks at an entry's stream after so long, or when it has been quiet for too long from now on.
    fn watch_later(&mut self, serial: u32, ms: Option<u32>) {
        let Some(Running { watch, .. }) = self.watched(serial) else { return };
        watch.turn = watch.turn.wrapping_add(1);
        let due = Due::Watch(serial, watch.turn);
        let pause = ms.unwrap_or(watch.pause_ms());
        self.out.push(Command::Later(pause, due));
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
        let ask = Command::Ask(job.id.clone());
        self.out.push(ask);
    }

    /// A job's stream is cut: it is asked for at once, if it is not already.
    pub(super) fn cut(&mut self, id: String, over: bool) {
        let Some(Running { watch, .. }) = self.running(&id) else { return };
        if !std::mem::replace(&mut watch.broken, true) && !watch.asked && watch.asks == 0 {
            watch.asked = true;
            self.out.push(Command::Ask(id.clone()));
        }
        if over {
            self.out.push(Command::Later(ANEW_MS, Due::Hear(id)));
        }
    }

    /// A stream that the browser has given up gets another chance: what was in its way may be gone.
    pub(super) fn hear_anew(&mut self, id: String) {
        if self.running(&id).is_some() {
            self.out.extend([Command::Unhear(id.clone()), Command::Hear(id)]);
        }
    }

    /// It is time to ask again for a job of an earlier load.
    pub(super) fn ask_again(&mut self, id: String) {
        let waits =
            |entry: &Entry| matches!(&entry.stage, Stage::Remembered { id: own, .. } if *own == id);
        if self.entries.iter().any(waits) {
            self.out.push(Command::Ask(id));
        }
    }

    /// A picture cannot be shown: the edge says whether it is gone. Else something in between was in its way, and it is loaded again
    /// until it is there.
    pub(super) fn picture_lost(&mut self, (serial, index): (u32, u32)) {
        let Some(entry) = self.entry(serial) else { return };
        let Some(id) = entry.id().map(str::to_owned) else { return };
        let first = entry.lost == Places(0);
        entry.lost.add(index);
        if first {
            let pause = RELOAD_MS << entry.loads.min(SLOWEST);
            self.out.extend([Command::Ask(id), Command::Later(pause, Due::Reload(serial))]);
        }
    }

    /// It is time to load an entry's pictures again.
    pub(super) fn reload(&mut self, serial: u32) {
        if let Some(entry) = self.entry(serial) {
            entry.loads = entry.loads.saturating_add(1);
            entry.lost = Places(0);
        }
    }
}

/// What the page round the frame learns of a job: only of one that the visitor waits for.
fn told(job: &Job, entry: &Entry) -> Vec<Told> {
    if !entry.is_open() {
        return Vec::new();
    }
    let start = matches!(entry.stage, Stage::Sending(_)).then(|| Told::start(&job.draft));
    let known = entry.job();
    let fresh = |(index, picture): (u32, &Picture)| {
        let was = |job: &Job| {
            let place = usize::try_from(index).ok();
            place.and_then(|at| job.pictures.get(at)).is_some_and(Picture::is_ready)
        };
        let new = picture.is_ready() && !known.is_some_and(was);
        Told::picture(index, picture).filter(|_| new)
    };
    start.into_iter().chain((0..).zip(&job.pictures).filter_map(fresh)).collect()
}

/// The previews that were not told before.
fn previews(job: &Job, known: Option<&Job>, serial: u32) -> Vec<Command> {
    let fresh = |(index, picture): (u32, &Picture)| {
        let before = known.and_then(|job| job.pictures.get(usize::try_from(index).ok()?));
        let url = picture.preview.clone().filter(|_| !picture.is_ready())?;
        let new = before.is_none_or(|before| before.preview.as_ref() != Some(&url));
        let (place, prompt) = ((serial, index), job.draft.prompt.clone());
        new.then_some(Command::Sharpen { place, url, prompt })
    };
    (0..).zip(&job.pictures).filter_map(fresh).collect()
}

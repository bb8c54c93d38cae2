//! From the form to a request on its way: submit, try again, edit.
//!
//! Owns when an intent is taken and how often it is sent.
//! Why: `docs/decisions/2026-11-29-one-key-until-its-fate-is-known.md`.

use super::{Command, Due, Said, Studio};
use crate::state::{
    draft::{self, Draft, Note},
    entry::{Entry, Fate, Sending, Stage, Step},
    told::Told,
    trouble::Trouble,
};

/// Attempts after the first before a card says that something is wrong, each after twice the pause of the one before.
const REPEATS: u8 = 3;
/// The longest pause between two attempts, as a power of two of seconds.
const SLOWEST: u8 = 5;

impl Studio {
    /// The prompt has changed. Who came to it before the studio did is noticed now.
    pub(super) fn typed(&mut self, prompt: &str, now: u64) {
        self.intend(now);
        self.out.push(Command::Note(draft::length(prompt, self.site.max_prompt_chars)));
    }

    pub(super) fn submit(&mut self, draft: Draft, pictures: Vec<u32>, key: String, now: u64) {
        let note = if draft.prompt.trim().is_empty() {
            Some(Note::Empty)
        } else if self.is_running() {
            Some(Note::OneAtATime)
        } else if let Some(fewer) = self.left(now).and_then(|left| left.fewer_than(draft.count)) {
            Some(Note::Fewer(fewer))
        } else {
            draft::too_long(&draft.prompt, self.site.max_prompt_chars)
        };
        self.out.push(Command::Note(note));
        if let Some(note) = note {
            self.say(Said::Note(note));
            self.out.push(Command::Prompt(None));
            return;
        }
        let making = Said::Making(draft.count);
        self.entries.retain(|entry| !entry.is_limit_of(&draft.prompt));
        let serial = self.serial();
        let sending = Sending::new(draft, key, now);
        self.references.sent(&pictures);
        let mut entry = Entry::new(serial, Stage::Sending(sending));
        entry.since = now;
        (entry.changes, entry.pictures) = (!pictures.is_empty(), pictures);
        self.entries.insert(0, entry);
        self.send(serial);
        self.say(if self.session.is_checking() { Said::Check } else { making });
    }

    /// Sends an entry's request, or waits for the session and the pictures that it needs first.
    pub(super) fn send(&mut self, serial: u32) {
        let token = self.session.token().map(str::to_owned);
        let Some(pictures) = self.entry(serial).map(|entry| entry.pictures.clone()) else { return };
        let ready = self.references.are_ready(&pictures);
        let Some(sending) = self.sending(serial) else { return };
        sending.step = Step::Session;
        let Some(token) = token else { return self.open() };
        // Those that are not ready yet send it when they are.
        if ready {
            sending.step = Step::Answer;
            let (key, body) = (sending.key.clone(), sending.draft.to_json());
            // A reload finds the key, whatever becomes of the answer.
            if sending.fate == Fate::Unsent {
                sending.fate = Fate::Sent;
                self.remember();
            }
            self.out.push(Command::Post { serial, token, key, body, pictures });
        }
    }

    /// The pause after an attempt is over.
    pub(super) fn resend(&mut self, serial: u32) {
        if self.sending(serial).is_some_and(|sending| sending.step == Step::Pause) {
            self.send(serial);
        }
    }

    /// The edge has not granted what was sent, or nobody knows whether it has: then it is sent again under the same key, until
    /// somebody does.
    pub(super) fn not_granted(&mut self, serial: u32, trouble: Trouble, now: u64) {
        let Some(sending) = self.sending(serial) else { return };
        let open = trouble.leaves_open(sending.fate == Fate::Doubt);
        // The limit on requests stands before the one who grants.
        if open && !matches!(trouble, Trouble::Rate(_)) {
            sending.fate = Fate::Doubt;
        }
        (sending.renewed, sending.checked) = (false, false);
        self.again(serial, trouble, open, now);
    }

    /// An attempt to send was in vain before it left. What has left once is sent until its fate is known.
    pub(super) fn not_sent(&mut self, serial: u32, trouble: Trouble, now: u64) {
        let Some(sending) = self.sending(serial) else { return };
        let open = sending.fate == Fate::Doubt || trouble.passes();
        self.again(serial, trouble, open, now);
    }

    /// Sends it again in a moment, or not at all.
    fn again(&mut self, serial: u32, trouble: Trouble, open: bool, now: u64) {
        let Some(sending) = self.sending(serial) else { return };
        if !open || (sending.tries >= REPEATS && sending.fate != Fate::Doubt) {
            if sending.cancelled {
                return self.cancelled(serial);
            }
            let draft = sending.draft.clone();
            return self.fail(serial, draft, trouble, now);
        }
        let pause = 1000 << sending.tries.min(SLOWEST);
        // The visitor has waited long enough: a card says what is wrong, and it goes on behind that.
        let tell = sending.tries == REPEATS;
        sending.tries = sending.tries.saturating_add(1);
        sending.step = Step::Pause;
        if tell || sending.card.is_some() {
            sending.card = Some(trouble);
        }
        self.out.push(Command::Later(pause.max(trouble.rest_ms()), Due::Resend(serial)));
        if tell {
            self.say(Said::Trouble(trouble));
            self.tell(Told::Problem(trouble));
        }
    }

    /// Puts a card where an entry's pictures would have been.
    pub(super) fn fail(&mut self, serial: u32, draft: Draft, trouble: Trouble, now: u64) {
        if let Some(entry) = self.entry(serial) {
            entry.stage = Stage::Failed { draft, trouble };
        }
        self.meet(trouble, now);
        self.say(Said::Trouble(trouble));
        self.tell(Told::Problem(trouble));
        self.remember();
    }

    pub(super) fn retry(&mut self, serial: u32, key: String, now: u64) {
        if let Some(sending) = self.sending(serial) {
            // The same intent: nobody knows what became of it, and its own key finds out.
            (sending.card, sending.tries) = (None, 0);
            let making = Said::Making(sending.draft.count);
            self.resend(serial);
            return self.say(making);
        }
        let Some((draft, pictures)) = self.draft(serial) else { return };
        let Some(pictures) = pictures else { return self.edit(serial, now) };
        let last = self.next;
        self.submit(draft, pictures, key, now);
        if self.next != last {
            self.dismiss(serial);
        }
    }

    pub(super) fn edit(&mut self, serial: u32, now: u64) {
        let Some((draft, pictures)) = self.draft(serial) else { return };
        self.dismiss(serial);
        self.remember();
        self.intend(now);
        let forgotten = pictures.is_none().then_some(Note::PicturesForgotten);
        self.references.set(pictures.unwrap_or_default());
        self.composed(
            forgotten.or_else(|| draft::too_long(&draft.prompt, self.site.max_prompt_chars)),
        );
        self.out.push(Command::Prompt(Some(draft.prompt)));
    }

    /// What an entry asked for, where a card can be on the wall, and the pictures that it started from: none if they
    /// are forgotten.
    fn draft(&mut self, serial: u32) -> Option<(Draft, Option<Vec<u32>>)> {
        let entry = self.entry(serial)?;
        let draft = match &entry.stage {
            Stage::Failed { draft, .. } | Stage::Sending(Sending { draft, card: Some(_), .. }) => {
                draft.clone()
            }
            Stage::Done(job) => job.draft.clone(),
            _ => return None,
        };
        Some((draft, (!entry.has_forgotten()).then(|| entry.pictures.clone())))
    }

    /// Takes an entry's card from the wall; its pictures stay.
    fn dismiss(&mut self, serial: u32) {
        let Some(entry) = self.entry(serial) else { return };
        match &mut entry.stage {
            Stage::Done(job) if job.ready() > 0 => {
                for (index, picture) in (0..).zip(&job.pictures) {
                    if !picture.is_ready() {
                        entry.gone.add(index);
                    }
                }
                entry.pictures.clear();
            }
            _ => self.remove(serial),
        }
    }
}

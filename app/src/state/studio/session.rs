//! The session: opened at the first intent, behind the challenge if there is one, and renewed when it is over.
//!
//! Owns who waits for it and what they do then. Must not hold the token's form: it is the edge's.

use super::{Command, Said, Studio};
use crate::state::{
    entry::{Entry, Fate, Places, Sending, Stage, Step},
    job::Opened,
    left::Left,
    stored::{Known, Order, Stored},
    told::Told,
    trouble::Trouble,
};
use contract::{problem::ProblemKind, session::Allowance};

/// Where the session stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Session {
    /// There is none.
    Absent,
    /// There was one: its token renews it.
    Old(String),
    /// The visitor takes the challenge.
    Checking {
        /// The token of the session that the challenge is for; `None` if it opens one.
        old: Option<String>,
    },
    /// The edge is asked for one.
    Opening {
        /// The token that was shown for it.
        old: Option<String>,
    },
    /// There is one.
    Open(String),
}

impl Session {
    /// Its token, once it is open.
    pub(super) fn token(&self) -> Option<&str> {
        match self {
            Self::Open(token) => Some(token),
            _ => None,
        }
    }

    /// Whether the visitor takes the challenge.
    pub(super) const fn is_checking(&self) -> bool {
        matches!(self, Self::Checking { .. })
    }

    /// Its token, or that of the one before.
    pub(super) fn known(&self) -> Option<&str> {
        match self {
            Self::Open(token)
            | Self::Old(token)
            | Self::Checking { old: Some(token) }
            | Self::Opening { old: Some(token) } => Some(token),
            _ => None,
        }
    }
}

impl Studio {
    /// The session of an earlier load is renewed at once: the answer tells what is left.
    pub(super) fn start(&mut self, stored: Option<Stored>, now: u64) {
        let Some(stored) = stored else { return };
        self.session = Session::Old(stored.token);
        self.open();
        // Once the session is there they are sent again: who has them answers with their jobs.
        for Order { key, since, draft } in stored.orders {
            let serial = self.serial();
            let sending = Sending::new(draft, key, now);
            let sending = Sending { fate: Fate::Doubt, restored: true, ..sending };
            let entry = Entry::new(serial, Stage::Sending(sending));
            self.entries.push(Entry { since, ..entry });
        }
        for Known { id, since, gone, changes } in stored.jobs {
            self.out.push(Command::Ask(id.clone()));
            let serial = self.serial();
            let entry = Entry::new(serial, Stage::Remembered { id, tries: 0 });
            self.entries.push(Entry { since, gone: Places(gone), changes, ..entry });
        }
    }

    /// The visitor turns to the prompt. That opens a session once; what fails then is left to the submit.
    pub(super) fn intend(&mut self, now: u64) {
        if !std::mem::replace(&mut self.intended, true) {
            self.open();
        }
        // Something has come back meanwhile: how much, a renewal tells.
        if self.left.is_some() && self.left(now).is_none() {
            self.left = None;
            self.renew();
        }
    }

    /// Asks for a session where there is none; where the site has a challenge, a new one needs it first.
    pub(super) fn open(&mut self) {
        let old = match &self.session {
            Session::Absent if self.site.challenge.is_some() => return self.check(None),
            Session::Absent => None,
            Session::Old(token) => Some(token.clone()),
            Session::Checking { .. } | Session::Opening { .. } | Session::Open(_) => return,
        };
        self.ask(old, None);
    }

    fn ask(&mut self, old: Option<String>, challenge: Option<String>) {
        self.session = Session::Opening { old: old.clone() };
        self.out.push(Command::Open { old, challenge });
    }

    /// Puts the challenge before the visitor: for a new session, or for the one of this token.
    fn check(&mut self, old: Option<String>) {
        self.session = Session::Checking { old };
        self.out.push(Command::Check);
    }

    /// The edge wants a challenge to be passed before it takes this order: the visitor's network has had many descriptions
    /// refused. Once it is passed, the same order is sent again.
    pub(super) fn check_for(&mut self, serial: u32) {
        // A renewal without a challenge may be under way: the edge will ask for one again.
        let checked = !matches!(self.session, Session::Opening { .. });
        let Some(sending) = self.sending(serial) else { return };
        // The Ledger looks for the key before it asks for a challenge, so no attempt was granted: a cancel ends it at once.
        (sending.fate, sending.step, sending.checked) = (Fate::Unsent, Step::Session, checked);
        match &self.session {
            Session::Open(token) | Session::Old(token) => self.check(Some(token.clone())),
            Session::Absent => self.check(None),
            // Another order has begun it.
            Session::Checking { .. } => {}
            Session::Opening { .. } => return,
        }
        self.say(Said::Check);
    }

    /// The challenge is over.
    pub(super) fn checked(&mut self, token: Option<String>, now: u64) {
        let Session::Checking { old } = &self.session else { return };
        let old = old.clone();
        if token.is_some() {
            return self.ask(old, token);
        }
        self.session = old.map_or(Session::Absent, Session::Open);
        self.in_vain(Trouble::Unchecked, now);
    }

    /// Asks for a session in place of the one that is open, if one is.
    fn renew(&mut self) {
        if let Session::Open(token) = &self.session {
            self.session = Session::Old(token.clone());
        }
        self.open();
    }

    /// The edge no longer takes the token: it is renewed, once for each entry.
    pub(super) fn renew_for(&mut self, serial: u32) {
        if let Some(sending) = self.sending(serial) {
            sending.renewed = true;
            sending.step = Step::Session;
        }
        self.renew();
    }

    pub(super) fn opened(&mut self, answer: Result<Opened, Trouble>, now: u64) {
        let Session::Opening { old } = std::mem::replace(&mut self.session, Session::Absent) else {
            return;
        };
        match answer {
            Ok(opened) => {
                self.allow(opened.allowance, now);
                self.session = Session::Open(opened.token);
                for serial in self.waiting() {
                    self.send(serial);
                }
            }
            // The old one is past renewal: whoever waits gets a new one. But a key means nothing to another visitor, which a new one
            // is: what may have been granted to this one would be made twice.
            Err(trouble) if old.is_some() && trouble.is(ProblemKind::SessionRequired) => {
                for serial in self.waiting() {
                    if let Some(Sending { fate: Fate::Doubt, draft, .. }) = self.sending(serial) {
                        let draft = draft.clone();
                        self.fail(serial, draft, trouble, now);
                    }
                }
                if !self.waiting().is_empty() {
                    self.open();
                }
            }
            Err(trouble) => {
                if let Some(token) = old {
                    self.session = Session::Old(token);
                }
                self.meet(trouble, now);
                self.in_vain(trouble, now);
            }
        }
    }

    /// What is left was told, or not.
    pub(super) fn allow(&mut self, allowance: Option<Allowance>, now: u64) {
        if let Some(allowance) = allowance {
            self.left = Some((Left::Pictures(allowance), now));
        }
    }

    /// If nobody gets a picture for now, that is known from here on.
    pub(super) fn meet(&mut self, trouble: Trouble, now: u64) {
        if trouble.closes() {
            self.left = Some((Left::Closed(trouble), now));
        }
    }

    /// There is no session: whoever waits for it has been sent in vain.
    fn in_vain(&mut self, trouble: Trouble, now: u64) {
        for serial in self.waiting() {
            self.not_sent(serial, trouble, now);
        }
    }

    /// The entries that wait for a session, or for their pictures.
    pub(super) fn waiting(&self) -> Vec<u32> {
        let waits = |entry: &&Entry| {
            matches!(entry.stage, Stage::Sending(Sending { step: Step::Session, .. }))
        };
        self.entries.iter().filter(waits).map(|entry| entry.serial).collect()
    }

    /// Ends an entry that the visitor has cancelled before anything came of it.
    pub(super) fn cancelled(&mut self, serial: u32) {
        self.remove(serial);
        self.remember();
        self.say(Said::Cancelled);
        self.tell(Told::Cancel);
    }
}

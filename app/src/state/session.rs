//! The session: opened at the first intent, behind the challenge if there is one, and renewed when it is over.
//!
//! Owns who waits for it and what they do then. Must not hold the token's form: it is the edge's.

use super::{
    Studio,
    allowance::{AllowanceLeft, Source},
    command::{Announcement, Command},
    error::StudioError,
    request::{Fate, PictureSet, Request, Sending, Stage, Step},
    session_storage::{Known, Order, Stored},
};
use contract::{
    problem::ProblemKind,
    session::{Allowance, Session as Opened},
};

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
        /// Whether that session is open: a challenge in vain leaves it so, and opens none that is not.
        open: bool,
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
            | Self::Checking { old: Some(token), .. }
            | Self::Opening { old: Some(token) } => Some(token),
            _ => None,
        }
    }
}

impl Studio {
    /// The session of an earlier load is renewed at once: the answer tells what is left.
    pub(super) fn recall(&mut self, stored: Option<Stored>, now: u64) {
        let Some(stored) = stored else { return };
        self.session = Session::Old(stored.token);
        self.open();
        // Once the session is there they are sent again: who has them answers with their jobs.
        for Order { key, since, request } in stored.orders {
            let serial = self.serial();
            let sending = Sending::new(request, key, now);
            let sending = Sending { fate: Fate::Doubt, restored: true, ..sending };
            let request = Request::new(serial, Stage::Sending(sending));
            self.requests.push_oldest(Request { since, ..request });
        }
        for Known { id, since, gone, changes } in stored.jobs {
            self.out.push(Command::FetchJob(id.clone()));
            let serial = self.serial();
            let request = Request::new(serial, Stage::Remembered { id, tries: 0 });
            let gone = PictureSet(gone);
            self.requests.push_oldest(Request { since, gone, changes, ..request });
        }
    }

    /// The visitor turns to the prompt. That opens a session once; what fails then is left to the submit.
    pub(super) fn intend(&mut self, now: u64) {
        if !std::mem::replace(&mut self.intended, true) {
            self.open();
        }
        // Something has come back meanwhile: how much, a renewal tells.
        if self.left.is_some() && self.allowance(now).is_none() {
            self.left = None;
            self.renew();
        }
    }

    /// Asks for a session where there is none; where the site has a challenge, a new one needs it first.
    pub(super) fn open(&mut self) {
        let old = match &self.session {
            Session::Absent if self.site.challenge.is_some() => return self.check(None, false),
            Session::Absent => None,
            Session::Old(token) => Some(token.clone()),
            Session::Checking { .. } | Session::Opening { .. } | Session::Open(_) => return,
        };
        self.ask(old, None);
    }

    fn ask(&mut self, old: Option<String>, challenge: Option<String>) {
        self.session = Session::Opening { old: old.clone() };
        self.out.push(Command::OpenSession { old, challenge });
    }

    /// Puts the challenge before the visitor: for a new session, or for the one of this token.
    fn check(&mut self, old: Option<String>, open: bool) {
        self.session = Session::Checking { old, open };
        // Whoever waits for it sees that.
        self.requests.mark(Request::is_running);
        self.out.push(Command::Challenge);
    }

    /// The edge wants a challenge to be passed before it takes this order: the visitor's network has had many descriptions
    /// refused. Once it is passed, the same order is sent again.
    pub(super) fn check_for(&mut self, serial: u32) {
        // A renewal without a challenge may be under way: the edge will ask for one again.
        let checked = !matches!(self.session, Session::Opening { .. });
        let Some(sending) = self.sending(serial) else { return };
        // The Ledger looks for the key before it asks for a challenge, so no attempt was granted: a cancel ends it at once, and a
        // reload sends it again.
        (sending.fate, sending.step, sending.checked) = (Fate::Refused, Step::Session, checked);
        match &self.session {
            Session::Open(token) => self.check(Some(token.clone()), true),
            Session::Old(token) => self.check(Some(token.clone()), false),
            Session::Absent => self.check(None, false),
            // Another order has begun it.
            Session::Checking { .. } => {}
            Session::Opening { .. } => return,
        }
        self.announce(Announcement::Check);
    }

    /// The challenge is over.
    pub(super) fn checked(&mut self, token: Option<String>, now: u64) {
        let Session::Checking { old, open } = &self.session else { return };
        let (old, open) = (old.clone(), *open);
        self.requests.mark(Request::is_running);
        if token.is_some() {
            return self.ask(old, token);
        }
        let before = if open { Session::Open } else { Session::Old };
        self.session = old.map_or(Session::Absent, before);
        self.in_vain(StudioError::Unchecked, now);
    }

    /// Asks for a session in place of the one that is open, if one is.
    fn renew(&mut self) {
        if let Session::Open(token) = &self.session {
            self.session = Session::Old(token.clone());
        }
        self.open();
    }

    /// The edge no longer takes the token: it is renewed, once for each request.
    pub(super) fn renew_for(&mut self, serial: u32) {
        if let Some(sending) = self.sending(serial) {
            sending.renewed = true;
            sending.step = Step::Session;
        }
        self.renew();
    }

    pub(super) fn opened(&mut self, answer: Result<Opened, StudioError>, now: u64) {
        let Session::Opening { old } = std::mem::replace(&mut self.session, Session::Absent) else {
            return;
        };
        match answer {
            Ok(opened) => {
                self.allow(Some(opened.allowance), Source::Session, now);
                self.session = Session::Open(opened.token);
                for serial in self.waiting() {
                    self.send(serial);
                }
            }
            // The old one is past renewal: whoever waits gets a new one. But a key means nothing to another visitor, which a new one
            // is: what may have been granted to this one would be made twice.
            Err(error) if old.is_some() && error.is(ProblemKind::SessionRequired) => {
                for serial in self.waiting() {
                    if let Some(Sending { fate: Fate::Doubt, order, .. }) = self.sending(serial) {
                        let order = order.clone();
                        self.fail(serial, order, error, now);
                    }
                }
                if !self.waiting().is_empty() {
                    self.open();
                }
            }
            Err(error) => {
                if let Some(token) = old {
                    self.session = Session::Old(token);
                }
                self.meet(error, now);
                self.in_vain(error, now);
            }
        }
    }

    /// What is left was told, or not.
    pub(super) fn allow(&mut self, allowance: Option<Allowance>, source: Source, now: u64) {
        if let Some(allowance) = allowance {
            let known = self.left.map(|(left, _)| left);
            self.left = Some((AllowanceLeft::of(allowance, source, known), now));
        }
    }

    /// If nobody gets a picture for now, or this visitor gets none for a while, that is known from here on.
    pub(super) fn meet(&mut self, error: StudioError, now: u64) {
        if let Some(left) = AllowanceLeft::met(error) {
            self.left = Some((left, now));
        }
    }

    /// There is no session: whoever waits for it has been sent in vain.
    fn in_vain(&mut self, error: StudioError, now: u64) {
        for serial in self.waiting() {
            self.not_sent(serial, error, now);
        }
    }

    /// The requests that wait for a session, or for their pictures.
    pub(super) fn waiting(&self) -> Vec<u32> {
        let waits = |request: &&Request| {
            matches!(request.stage, Stage::Sending(Sending { step: Step::Session, .. }))
        };
        self.requests.iter().filter(waits).map(|request| request.serial).collect()
    }
}

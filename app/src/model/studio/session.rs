//! The session: opened at the first intent, renewed once when it is over.
//!
//! Owns who waits for it and what they do then. Must not hold the token's form: it is the edge's.

use super::{Command, Said, Studio};
use crate::model::{
    entry::{Entry, Sending, Stage, Step},
    job::Opened,
    stored::Stored,
    trouble::Trouble,
};

/// Where the session stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Session {
    /// There is none.
    Absent,
    /// The edge is asked for one; by renewal of an old one, or fresh.
    Opening {
        /// Whether an old token was shown.
        renewal: bool,
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
}

impl Studio {
    pub(super) fn start(&mut self, stored: Option<Stored>) {
        let Some(stored) = stored else { return };
        self.out.push(Command::AskLeft(stored.token.clone()));
        self.session = Session::Open(stored.token);
        for id in stored.jobs {
            self.out.push(Command::Ask(id.clone()));
            let serial = self.serial();
            self.entries.push(Entry::new(serial, Stage::Remembered { id }));
        }
    }

    /// Asks for a session where there is none.
    pub(super) fn open(&mut self) {
        if self.session == Session::Absent {
            self.session = Session::Opening { renewal: false };
            self.out.push(Command::Open(None));
        }
    }

    /// The edge no longer takes the token: it is renewed, once for each entry.
    pub(super) fn renew(&mut self, serial: u32) {
        if let Some(sending) = self.sending(serial) {
            sending.renewed = true;
            sending.step = Step::Session;
        }
        let Session::Open(token) = std::mem::replace(&mut self.session, Session::Absent) else {
            return self.open();
        };
        self.session = Session::Opening { renewal: true };
        self.out.push(Command::Open(Some(token)));
    }

    pub(super) fn opened(&mut self, answer: Result<Opened, Trouble>) {
        let renewal = self.session == Session::Opening { renewal: true };
        self.session = Session::Absent;
        let waiting = self.waiting();
        match answer {
            Ok(opened) => {
                self.left = opened.left.or(self.left);
                self.session = Session::Open(opened.token);
                for serial in waiting {
                    self.send(serial);
                }
            }
            Err(trouble) if renewal && !trouble.passes() => self.open(),
            Err(trouble) => {
                for serial in waiting {
                    self.sent_in_vain(serial, trouble);
                }
            }
        }
    }

    /// The entries that wait for a session.
    fn waiting(&self) -> Vec<u32> {
        let waits = |entry: &&Entry| {
            matches!(entry.stage, Stage::Sending(Sending { step: Step::Session, .. }))
        };
        self.entries.iter().filter(waits).map(|entry| entry.serial).collect()
    }

    /// Ends an entry that the visitor has cancelled before anything came of it.
    pub(super) fn cancelled(&mut self, serial: u32) {
        self.remove(serial);
        self.say(Said::Cancelled);
    }
}

//! What outlives a reload: jobs that may have something to show, and orders that nobody has answered.
//!
//! Owns when it is written down. Must not read it back: `session` starts with it.

use super::{Command, Studio};
use crate::state::{
    entry::{Entry, Sending},
    stored::{Known, Order, Stored},
};

impl Studio {
    /// Lets the tab remember what there is now.
    pub(super) fn remember(&mut self) {
        if let (true, Some(token)) = (self.site.keeps, self.session.known()) {
            let known = |entry: &Entry| {
                let Entry { since, gone, changes, .. } = *entry;
                entry.id().map(|id| Known { id: id.to_owned(), since, gone: gone.0, changes })
            };
            let jobs = self.entries.iter().filter_map(known).collect();
            let order = |entry: &Entry| {
                let Sending { key, draft, .. } = entry.intent()?;
                Some(Order { key: key.clone(), since: entry.since, draft: draft.clone() })
            };
            let orders = self.entries.iter().filter_map(order).collect();
            self.out.push(Command::Remember(Stored { token: token.to_owned(), jobs, orders }));
        }
    }
}

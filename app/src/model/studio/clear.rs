//! The gallery, emptied: what hangs there goes, also at the edge; what is being made is not touched.

use super::{Command, Studio};
use crate::model::entry::Entry;

impl Studio {
    pub(super) fn clear(&mut self) {
        let gone = self.entries.extract_if(.., |entry| !entry.is_running());
        let jobs: Vec<_> = gone.filter_map(|entry| Entry::id(&entry).map(str::to_owned)).collect();
        self.out.extend(jobs.into_iter().map(Command::Forget));
        self.remember();
    }
}

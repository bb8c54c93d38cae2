//! What outlives a reload of the tab: the session's token and the ids of its jobs.
//!
//! Owns its form as one text, a line each. Must not hold prompts or pictures: the edge has them.

use super::digits::digits;

/// Stands for that a job started from pictures.
const CHANGES: &str = "*";

/// The token, and the jobs' ids, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    /// The session's token.
    pub token: String,
    /// The jobs that may have something to show.
    pub jobs: Vec<Known>,
}

/// A job that the tab remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    /// Its id.
    pub id: String,
    /// When it was asked for.
    pub since: u64,
    /// Its places that were deleted.
    pub gone: u16,
    /// Whether it started from pictures.
    pub changes: bool,
}

impl Stored {
    /// What a text holds. Tokens and ids have no white space in them.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let token = lines.next().filter(|token| !token.is_empty())?.to_owned();
        let known = |line: &str| {
            let mut parts = line.split(' ');
            let mut next = || parts.next().unwrap_or_default();
            let id = next().to_owned();
            let (since, gone) = (next().parse().ok(), next().parse().ok());
            let (since, gone) = (since.unwrap_or_default(), gone.unwrap_or_default());
            Known { id, since, gone, changes: next() == CHANGES }
        };
        Some(Self { token, jobs: lines.map(known).collect() })
    }

    /// The text that reads back as this.
    pub(crate) fn to_text(&self) -> String {
        let mut text = self.token.clone();
        for Known { id, since, gone, changes } in &self.jobs {
            let changes = if *changes { CHANGES } else { "" };
            text.push('\n');
            text.push_str(&[id, &digits(*since), &digits(*gone), changes].join(" "));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_back() {
        let known = |id: &str, changes| Known {
            id: id.to_owned(),
            since: 1_795_343_000_000,
            gone: 5,
            changes,
        };
        for jobs in [vec![], vec![known("ab", true)], vec![known("cd", false), known("ab", true)]] {
            let stored = Stored { token: "t.u".to_owned(), jobs };
            assert_eq!(Stored::read(&stored.to_text()), Some(stored));
        }
        assert_eq!(Stored::read(""), None);
    }
}

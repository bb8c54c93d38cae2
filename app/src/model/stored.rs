//! What outlives a reload of the tab: the session's token and the ids of its jobs.
//!
//! Owns its form as one text, a line each. Must not hold prompts or pictures: the edge has them.

/// The token, and the jobs' ids, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    /// The session's token.
    pub token: String,
    /// The jobs that may have something to show.
    pub jobs: Vec<String>,
}

impl Stored {
    /// What a text holds. Tokens and ids have no white space in them.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut lines = text.split('\n').map(str::to_owned);
        let token = lines.next().filter(|token| !token.is_empty())?;
        Some(Self { token, jobs: lines.collect() })
    }

    /// The text that reads back as this.
    pub(crate) fn to_text(&self) -> String {
        let mut text = self.token.clone();
        for id in &self.jobs {
            text.push('\n');
            text.push_str(id);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_back() {
        for jobs in [vec![], vec!["ab".to_owned()], vec!["cd".to_owned(), "ab".to_owned()]] {
            let stored = Stored { token: "t.u".to_owned(), jobs };
            assert_eq!(Stored::read(&stored.to_text()), Some(stored));
        }
        assert_eq!(Stored::read(""), None);
    }
}

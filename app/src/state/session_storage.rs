//! What outlives a reload of the tab: the session's token, the ids of its jobs, and the orders whose fate is not known yet.
//!
//! Owns its form as one text, a line each. Must not hold pictures, nor the words of what the edge is known to have.

use contract::job::JobRequest;

/// Stands for that a job started from pictures.
const CHANGES: &str = "*";

/// Begins the line of an order.
const ORDER: char = '+';

/// The token, and the jobs' ids, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    /// The session's token.
    pub token: String,
    /// The jobs that may have something to show.
    pub jobs: Vec<Known>,
    /// What was sent and not answered, newest first.
    pub orders: Vec<Order>,
}

/// An order that the edge may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    /// Its key: under it the edge grants it once.
    pub key: String,
    /// When it was asked for.
    pub since: u64,
    /// What it asks for.
    pub request: JobRequest,
}

impl Order {
    fn read(line: &str) -> Option<Self> {
        let mut parts = line.strip_prefix(ORDER)?.splitn(3, ' ');
        Some(Self {
            key: parts.next()?.to_owned(),
            since: parts.next()?.parse().ok()?,
            request: serde_json::from_str(parts.next()?).ok()?,
        })
    }
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
        let (mut jobs, mut orders) = (Vec::new(), Vec::new());
        for line in lines {
            if line.starts_with(ORDER) {
                orders.extend(Order::read(line));
            } else {
                jobs.push(known(line));
            }
        }
        Some(Self { token, jobs, orders })
    }

    /// The text that reads back as this.
    pub(crate) fn to_text(&self) -> String {
        let mut text = self.token.clone();
        for Known { id, since, gone, changes } in &self.jobs {
            let changes = if *changes { CHANGES } else { "" };
            text.push('\n');
            text.push_str(&[id, &since.to_string(), &gone.to_string(), changes].join(" "));
        }
        for Order { key, since, request } in &self.orders {
            text.push('\n');
            text.push(ORDER);
            // JSON has no line break in it.
            let request = serde_json::to_string(request).unwrap_or_default();
            text.push_str(&[key.as_str(), &since.to_string(), &request].join(" "));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::job::{request_of, tests::job};
    use contract::{job::JobState, options::Background};

    #[test]
    fn it_reads_back() {
        let known = |id: &str, changes| Known {
            id: id.to_owned(),
            since: 1_795_343_000_000,
            gone: 5,
            changes,
        };
        for jobs in [vec![], vec![known("ab", true)], vec![known("cd", false), known("ab", true)]] {
            let request = request_of(&job("ab", 1, JobState::Queued).request);
            assert!(request.prompt.contains('\n'), "a line break is the test's point");
            let order = Order { key: "k1".to_owned(), since: 1_795_343_000_000, request };
            for orders in [vec![], vec![order.clone(), Order { key: "k2".to_owned(), ..order }]] {
                let stored = Stored { token: "t.u".to_owned(), jobs: jobs.clone(), orders };
                assert_eq!(Stored::read(&stored.to_text()), Some(stored));
            }
        }
        let broken = "t\n+k1 7 {\nab 7 0 ";
        let read = Stored::read(broken).unwrap();
        assert_eq!(
            (read.orders.len(), read.jobs.len()),
            (0, 1),
            "what cannot be read is not there"
        );
        assert_eq!(Stored::read(""), None);
    }
    #[test]
    fn what_a_tab_of_an_earlier_release_has_stored_is_read() {
        let text = concat!(
            "token.of.it\ncd 1795343000000 0 \nab 1795342000000 5 *\nold\n",
            r#"+k1 1795343000001 {"prompt":"a \"red\" fox\nin snow","count":2,"size":"1536x1024","#,
            r#""quality":"medium","format":"webp","background":"transparent"}"#
        );
        let stored = Stored::read(text).unwrap();
        assert_eq!(stored.token, "token.of.it");
        let jobs: Vec<_> = stored
            .jobs
            .iter()
            .map(|job| (job.id.as_str(), job.since, job.gone, job.changes))
            .collect();
        let expected = [
            ("cd", 1_795_343_000_000, 0, false),
            ("ab", 1_795_342_000_000, 5, true),
            ("old", 0, 0, false),
        ];
        assert_eq!(jobs, expected);
        let [Order { key, since, request }] = stored.orders.as_slice() else {
            panic!("{stored:?}")
        };
        assert_eq!((key.as_str(), *since), ("k1", 1_795_343_000_001));
        assert_eq!((request.prompt.as_str(), request.count), ("a \"red\" fox\nin snow", Some(2)));
        assert_eq!(request.background, Some(Background::Transparent));
    }
}

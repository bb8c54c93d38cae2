//! The exceptions in `deny.toml`.
//!
//! Owns the rule that each states its reason. Must not judge the reason: a reviewer does that.

use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;
use toml::{Table, Value};

/// The lists of exceptions and bans, by table and key.
const LISTS: [(&str, &str); 4] =
    [("advisories", "ignore"), ("bans", "deny"), ("bans", "skip"), ("bans", "skip-tree")];

/// The ids of the advisories that are passed over; fails if an entry of any list has no reason.
pub(super) fn read(text: &str) -> Result<BTreeSet<String>> {
    let all: Table = toml::from_str(text).context("deny.toml cannot be read")?;
    let mut ids = BTreeSet::new();
    for (table, key) in LISTS {
        let list = all.get(table).and_then(|table| table.get(key)).and_then(Value::as_array);
        for entry in list.into_iter().flatten() {
            let text = |name: &str| entry.get(name).and_then(Value::as_str).map(str::trim);
            let has_reason = text("reason").is_some_and(|reason| !reason.is_empty());
            ensure!(has_reason, "deny.toml: {table}.{key} has {entry}, which states no `reason`");
            ids.extend(text("id").map(str::to_owned));
        }
    }
    Ok(ids)
}

/// The finding that an exception is not needed any more: it would cover what comes later.
pub(super) fn not_needed(id: &str) -> String {
    format!("{id}: deny.toml excepts it, and nothing needs that any more")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo;
    use std::fs;

    #[test]
    fn every_exception_of_the_committed_list_states_its_reason() {
        read(&fs::read_to_string(repo::path("deny.toml")).unwrap()).unwrap();
    }

    #[test]
    fn an_exception_without_a_reason_is_refused_and_named() {
        let with = |list: &str| read(&format!("[advisories]\nignore = [{list}]"));
        let known = with(r#"{ id = "GHSA-a", reason = "only in a test" }"#).unwrap();
        assert_eq!(known, BTreeSet::from(["GHSA-a".to_owned()]));
        for list in
            [r#""RUSTSEC-1""#, r#"{ id = "RUSTSEC-1" }"#, r#"{ id = "RUSTSEC-1", reason = " " }"#]
        {
            let error = with(list).unwrap_err().to_string();
            assert!(error.contains("RUSTSEC-1") && error.contains("reason"), "{error}");
        }
        assert!(read("[bans]\nskip = [{ crate = \"a\" }]").is_err());
        assert!(read("[bans").is_err());
    }
}

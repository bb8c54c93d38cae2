//! Names that must not be committed: folders of one machine, hosts of a registry.
//!
//! Owns the lists of both. Must not contain those names in one piece, or it would report itself.

use super::{Finding, Source};

/// No path of the machine on which a text was written.
pub fn no_machine(source: &Source) -> Vec<Finding> {
    let folders =
        [concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/tm", "p/"), concat!("/ho", "me/")];
    let wrong =
        source.lines().filter(|(_, line)| folders.iter().any(|folder| stands_alone(line, folder)));
    wrong.map(|(at, _)| source.finding(at, "a path of one machine")).collect()
}

/// No registry's host: whoever installs a package chooses the registry.
pub fn no_registry(source: &Source) -> Vec<Finding> {
    // Cargo itself writes the name of its index into the lock file.
    if source.path == "Cargo.lock" {
        return Vec::new();
    }
    let hosts = [concat!("crates", ".io"), concat!("npmjs", ".")];
    let wrong = source.lines().filter(|(_, line)| hosts.iter().any(|host| line.contains(host)));
    wrong.map(|(at, _)| source.finding(at, "the name of a registry's host")).collect()
}

/// The npm lock contains no download address. `.npmrc` sets that; an `npm install` without it would write them.
pub fn lock_names_no_host(source: &Source) -> Vec<Finding> {
    if source.path != "package-lock.json" {
        return Vec::new();
    }
    let wrong = source.lines().filter(|(_, line)| line.contains("\"resolved\""));
    wrong
        .map(|(at, _)| source.finding(at, "a download's address; write the lock under .npmrc"))
        .collect()
}

/// Whether the path begins there and is not the end of another one (`app/tmp/`).
fn stands_alone(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '}' | '~'))
    })
}

#[cfg(test)]
mod tests {
    use super::{super::check::finds, *};

    #[test]
    fn a_machine_is_found() {
        let root = concat!("/ro", "ot/x");
        finds(no_machine, "a.md", &format!("one\nsee {root}\n"), &[2]);
        finds(no_machine, "a.md", &format!("see https://host{root}\n"), &[]);
    }

    #[test]
    fn a_registry_is_found() {
        let host = concat!("https://static.crates", ".io/x");
        finds(no_registry, "a.md", host, &[1]);
        finds(no_registry, "Cargo.lock", host, &[]);
    }

    #[test]
    fn a_download_in_the_lock_is_found() {
        finds(lock_names_no_host, "package-lock.json", "{\n\"resolved\": \"x\"}", &[2]);
        finds(lock_names_no_host, "other.json", "{\n\"resolved\": \"x\"}", &[]);
    }
}

//! Names that must not be committed: one machine's folders, one registry's hosts.

use super::{Finding, Source};

/// Folders of the machine that something was written on.
pub fn no_machine(source: &Source) -> Vec<Finding> {
    let folders =
        [concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/tm", "p/"), concat!("/ho", "me/")];
    let wrong =
        source.lines().filter(|(_, line)| folders.iter().any(|folder| stands_alone(line, folder)));
    wrong.map(|(at, _)| source.finding(at, "a path of one machine")).collect()
}

/// Which registry serves a package is the affair of who installs it.
pub fn no_registry(source: &Source) -> Vec<Finding> {
    // Cargo writes the name of its index into the lock itself.
    if source.path == "Cargo.lock" {
        return Vec::new();
    }
    let hosts = [concat!("crates", ".io"), concat!("npmjs", ".")];
    let wrong = source.lines().filter(|(_, line)| hosts.iter().any(|host| line.contains(host)));
    wrong.map(|(at, _)| source.finding(at, "the name of a registry's host")).collect()
}

/// `.npmrc` says so; an `npm install` without it would undo that.
pub fn lock_names_no_host(source: &Source) -> Vec<Finding> {
    if source.path != "package-lock.json" {
        return Vec::new();
    }
    let wrong = source.lines().filter(|(_, line)| line.contains("\"resolved\""));
    wrong
        .map(|(at, _)| source.finding(at, "a download's address; write the lock under .npmrc"))
        .collect()
}

/// The path begins there, instead of being the end of another (`app/tmp/`).
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

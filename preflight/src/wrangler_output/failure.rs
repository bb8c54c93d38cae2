//! The part of a failed wrangler's output that a person needs: its own sentence, and the error of the build that it
//! started.
//!
//! Owns the choice of lines. Must not add words. The hundreds of lines with objects and stacks are left out.

/// The beginning of an error of wrangler, after its mark and colours.
const ERROR: &str = "[ERROR]";
/// The beginning of a line that the build wrote.
const BUILD: &str = "[custom build]";
/// How many lines of the build are shown, and how many of wrangler.
const BUILD_LINES: usize = 8;
const OWN_LINES: usize = 12;
/// Lines that wrangler appends to every error and that nobody needs.
const ASIDES: [&str; 3] = ["🪵", "If you think this is a bug", "Stack backtrace"];

/// The lines that give the reason; wrangler's last lines if it names no error.
pub fn sentences(output: &str) -> String {
    let plain = without_colours(output);
    let (build, own): (Vec<&str>, Vec<&str>) =
        plain.lines().map(str::trim_end).partition(|line| line.starts_with(BUILD));
    let mut lines = of_build(&build);
    if !lines.is_empty() {
        lines.push("");
    }
    lines.extend(of_wrangler(&own));
    lines.join("\n").trim().to_owned()
}

/// The lines from the build's first error on, without its stack.
fn of_build<'a>(build: &[&'a str]) -> Vec<&'a str> {
    let lines = build.iter().map(|line| line.strip_prefix(BUILD).unwrap_or(line).trim());
    lines
        .skip_while(|line| !line.starts_with("error"))
        .take_while(|line| !is_aside(line))
        .filter(|line| !line.is_empty())
        .take(BUILD_LINES)
        .collect()
}

/// The lines from the last error on: earlier errors contain the dumped objects, the last one contains the sentence.
fn of_wrangler<'a>(own: &[&'a str]) -> Vec<&'a str> {
    let last = own.iter().rposition(|line| line.contains(ERROR));
    let from = last.and_then(|at| own.get(at..)).unwrap_or(own);
    let lines = from.iter().map(|line| line.split_once(ERROR).map_or(*line, |(_, it)| it).trim());
    let shown: Vec<&str> = lines.filter(|line| !line.is_empty() && !is_aside(line)).collect();
    let skipped = if last.is_some() { 0 } else { shown.len().saturating_sub(OWN_LINES) };
    shown.into_iter().skip(skipped).take(OWN_LINES).collect()
}

fn is_aside(line: &str) -> bool {
    ASIDES.iter().any(|aside| line.starts_with(aside))
}

/// The text without the escape codes for colours.
fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').map_or(part, |(_, rest)| rest));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_build_shows_its_error_and_wranglers_sentence() {
        let dump = "      _events: [Object: null prototype] {},\n".repeat(150);
        let output = format!(
            "[custom build] Running: cargo xtask build edge\n[custom build] error: no such command: `xtask`\n\
             [custom build] \n[custom build] help: view all installed commands with `cargo --list`\n\
             [custom build] Stack backtrace:\n[custom build]    0: main\n\
             \u{1b}[31m✘ [\u{1b}[41;97mERROR\u{1b}[41;31m]\u{1b}[0m k [Error]: Process exited with non-zero status (1)\n\n\
             {dump}\n\n✘ [ERROR] Running custom build `cargo xtask build edge` failed.\n\n\n\
             🪵  Logs were written to \"wrangler.log\"\n"
        );
        assert_eq!(
            sentences(&output),
            "error: no such command: `xtask`\nhelp: view all installed commands with `cargo --list`\n\n\
             Running custom build `cargo xtask build edge` failed."
        );
    }

    #[test]
    fn an_error_of_the_account_is_shown_whole() {
        let output = "▲ [WARNING] a warning\n\n✘ [ERROR] A request to the Cloudflare API (/accounts/0) failed.\n\n  \
                    Authentication error [code: 10000]\n\n  \nIf you think this is a bug then please create an issue\n";
        assert_eq!(
            sentences(output),
            "A request to the Cloudflare API (/accounts/0) failed.\nAuthentication error [code: 10000]"
        );
    }

    #[test]
    fn without_an_error_the_last_lines_are_shown() {
        let output: Vec<String> = (1..=100).map(|line| format!("line {line}")).collect();
        let shown = sentences(&output.join("\n"));
        assert!(shown.starts_with("line 89\n") && shown.ends_with("line 100"), "{shown}");
        assert_eq!(sentences(""), "");
    }
}

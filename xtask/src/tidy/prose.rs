//! Rules for the repository's documents: the length of their lines, and what keeps their commands true.
//!
//! Owns which lines are prose and which blocks are commands. Must not judge the words: a reviewer does that.

use super::{Finding, Source, statements};

/// The longest line of prose, in characters: two such columns fit beside each other on a screen.
const LONGEST: usize = 120;

/// No line of prose is longer than that. Rows of tables and what stands between fences may be: a break would change
/// them.
pub fn lines_fit_a_screen(source: &Source) -> Vec<Finding> {
    if !source.is("md") {
        return Vec::new();
    }
    let mut in_fence = false;
    let mut findings = Vec::new();
    for (at, line) in source.lines() {
        let is_mark = line.trim_start().starts_with("```");
        in_fence ^= is_mark;
        let is_free = in_fence || is_mark || line.trim_start().starts_with(['|', '<']);
        let length = line.chars().count();
        if !is_free && length > LONGEST {
            let what = format!("{length} characters; break what is over {LONGEST}");
            findings.push(source.finding(at, what));
        }
    }
    findings
}

/// Above every block of commands stands the test that runs it, or why none can: `<!-- tested by NAME; not tested: needs
/// an account -->`. Every name is the name of a test.
pub fn commands_are_tested(sources: &[Source]) -> Vec<Finding> {
    let tests = statements::tests_of(sources);
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.is("md")) {
        let mut above = "";
        for (at, line) in source.lines() {
            let line = line.trim();
            if matches!(line, "```sh" | "```bash" | "```console") {
                let faults = statements::faults(above, &tests);
                findings.extend(faults.into_iter().map(|what| source.finding(at, what)));
            }
            above = line;
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::{
        super::check::{finds, source},
        *,
    };

    #[test]
    fn a_long_line_of_prose_is_found_and_a_table_or_a_block_is_not() {
        let (fits, long) = ("x".repeat(120), "é".repeat(121));
        let text = format!(
            "{fits}\n{long}\n| {long} |\n```sh\n{long}\n```\n  {long}\n<!-- {long} -->\n- {long}\n"
        );
        finds(lines_fit_a_screen, "docs/a.md", &text, &[2, 7, 9]);
        finds(lines_fit_a_screen, "a.rs", &text, &[]);
    }

    #[test]
    fn a_command_that_no_test_runs_is_found() {
        let code = "#[test]\nfn it_runs() {}";
        let text = "<!-- tested by it_runs -->\n```sh\na\n```\n<!-- not tested: needs an account -->\n```sh\nb\n```\n\
                    ```sh\nc\n```\n<!-- tested by it_ran -->\n```bash\nd\n```\n```json\n{}\n```";
        let found = commands_are_tested(&[source("a/b.rs", code), source("docs/a.md", text)]);
        let at: Vec<usize> = found.iter().map(|finding| finding.line).collect();
        assert_eq!(at, [9, 13], "{found:?}");
    }
}

//! The output for people: headings, progress of steps, facts, warnings and errors.
//!
//! Owns the look of the output. Colours and moving lines appear only on a terminal, and no colours under `NO_COLOR`.
//! Must not decide what is printed.

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::sync::LazyLock;
use std::time::Duration;
use tokio::time::Instant;

const LABEL: usize = 28;

/// The moving lines of the steps that run now. They are drawn below what is printed meanwhile.
static LINES: LazyLock<MultiProgress> =
    LazyLock::new(|| MultiProgress::with_draw_target(ProgressDrawTarget::stdout()));

/// Prints a heading.
pub fn heading(text: &str) {
    print_line(&format!("\n{}", bold(text)));
}

/// Prints a fact under a heading: its label and its text.
pub fn fact(label: &str, text: &str) {
    print_line(&format!("  {label:<LABEL$} {text}"));
}

/// Prints a warning: the operator should do something about it.
pub fn warning(text: &str) {
    print_line(&format!("  {} {text}", paint("33", &format!("{:<LABEL$}", "warning"))));
}

/// Prints a text without changing it.
pub fn text(text: &str) {
    print_line(text);
}

/// Prints the error that ends the command.
pub fn error(text: &str) {
    let mark =
        if colours(std::io::stderr().is_terminal()) { "\x1b[1;31merror\x1b[0m" } else { "error" };
    let _ = writeln!(std::io::stderr(), "{mark}: {text}");
}

/// The text in bold, where colours are shown.
pub fn bold(text: &str) -> String {
    paint("1", text)
}

/// The text in green, where colours are shown.
pub fn green(text: &str) -> String {
    paint("32", text)
}

/// The text in red, where colours are shown.
pub fn red(text: &str) -> String {
    paint("1;31", text)
}

/// The text in grey, where colours are shown.
pub fn faint(text: &str) -> String {
    paint("2", text)
}

fn paint(code: &str, text: &str) -> String {
    if colours(is_terminal()) { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
}

fn colours(terminal: bool) -> bool {
    terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Prints a line to stdout. A closed pipe must not end a build, so write errors are ignored.
fn print_line(text: &str) {
    let print = || drop(writeln!(std::io::stdout(), "{text}"));
    if is_terminal() { LINES.suspend(print) } else { print() }
}

/// The progress of a step on one line: its label, its current activity, its duration.
pub struct ProgressStep {
    label: String,
    doing: String,
    started: Instant,
    /// The moving line; none where stdout is no terminal.
    line: Option<ProgressBar>,
}

impl ProgressStep {
    /// Starts a step that takes a moment.
    pub fn short(label: &str) -> Self {
        Self::start(label, "")
    }

    /// Starts a step that takes longer, whose duration is shown while it runs.
    pub fn long(label: &str, doing: &str) -> Self {
        let step = Self::start(label, doing);
        if step.line.is_none() {
            fact(label, doing);
        }
        step
    }

    fn start(label: &str, doing: &str) -> Self {
        let (label, doing) = (label.to_owned(), doing.to_owned());
        let line = is_terminal().then(|| moving_line(&label));
        let step = Self { label, doing, started: Instant::now(), line };
        step.tick("");
        step
    }

    /// Updates the moving line, with the last line of the running program's output once there is one.
    pub fn tick(&self, last: &str) {
        if let Some(line) = &self.line {
            let doing = if last.is_empty() { &self.doing } else { last };
            let elapsed = duration(self.started.elapsed());
            line.set_message(format!("{} {}", faint(&elapsed), doing.trim()));
            line.tick();
        }
    }

    /// Ends the step successfully and prints its outcome.
    pub fn done(self, outcome: &str) {
        self.end(&green(outcome));
    }

    /// Ends the step as failed; the caller prints the reason.
    pub fn failed(self) {
        self.end(&red("failed"));
    }

    /// Ends the step without printing anything.
    pub fn silent(self) {
        if let Some(line) = self.line {
            line.finish_and_clear();
        }
    }

    fn end(self, outcome: &str) {
        let Self { label, started, line, .. } = self;
        let time = duration(started.elapsed());
        if let Some(line) = line {
            line.finish_and_clear();
        }
        print_line(&format!("  {label:<LABEL$} {outcome}  {}", faint(&time)));
    }
}

/// A moving line of indicatif's, which is cut at the terminal's width.
fn moving_line(label: &str) -> ProgressBar {
    let line = LINES.add(ProgressBar::no_length());
    // If the template were invalid, indicatif's own style would be used.
    if let Ok(style) = ProgressStyle::with_template("  {prefix} {wide_msg}") {
        line.set_style(style);
    }
    line.set_prefix(format!("{label:<LABEL$}"));
    line
}

/// A duration as people write it.
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short() {
        assert_eq!(duration(Duration::from_millis(340)), "0.3 s");
        assert_eq!(duration(Duration::from_secs(42)), "42 s");
        assert_eq!(duration(Duration::from_secs(252)), "4 min 12 s");
    }
}

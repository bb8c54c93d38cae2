//! What a person sees: headings, steps that tell their time, and errors.
//!
//! Owns the look of the output. Colour and moving lines only on a terminal, and no colour under
//! `NO_COLOR`. Must not decide what is worth saying.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::time::Duration;
use tokio::time::Instant;

const LABEL: usize = 28;

/// A line of its own that opens a part.
pub fn heading(text: &str) {
    say(&format!("\n{}", bold(text)));
}

/// One fact under a heading.
pub fn fact(label: &str, text: &str) {
    say(&format!("  {label:<LABEL$} {text}"));
}

/// What somebody should do something about.
pub fn warning(text: &str) {
    say(&format!("  {} {text}", paint("33", &format!("{:<LABEL$}", "warning"))));
}

/// A text as it is.
pub fn page(text: &str) {
    say(text);
}

/// Why the command ends.
pub fn error(text: &str) {
    let mark =
        if colours(std::io::stderr().is_terminal()) { "\x1b[1;31merror\x1b[0m" } else { "error" };
    let _ = writeln!(std::io::stderr(), "{mark}: {text}");
}

/// The text, bold where colours are shown.
pub fn bold(text: &str) -> String {
    paint("1", text)
}

/// The text, green where colours are shown.
pub fn green(text: &str) -> String {
    paint("32", text)
}

/// The text, red where colours are shown.
pub fn red(text: &str) -> String {
    paint("1;31", text)
}

/// The text, grey where colours are shown.
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

/// A closed pipe must not end a build: what cannot be said is dropped.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Something that takes time, on one line: what it is, what it does, how long it took.
pub struct Step {
    label: String,
    doing: String,
    started: Instant,
    /// The line that moves; none where stdout is no terminal.
    line: Option<ProgressBar>,
}

impl Step {
    /// Starts a step that takes a moment.
    pub fn short(label: &str) -> Self {
        Self::start(label, "")
    }

    /// Starts a step that takes long enough to say how long.
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

    /// Shows that it is alive, where lines can move: with the last word of what runs, once it has said one.
    pub fn tick(&self, last: &str) {
        if let Some(line) = &self.line {
            let doing = if last.is_empty() { &self.doing } else { last };
            let elapsed = duration(self.started.elapsed());
            line.set_message(format!("{} {}", faint(&elapsed), doing.trim()));
            line.tick();
        }
    }

    /// Ends it well, and says so.
    pub fn done(self, outcome: &str) {
        self.end(&green(outcome));
    }

    /// Ends it badly; the reason follows elsewhere.
    pub fn failed(self) {
        self.end(&red("failed"));
    }

    /// Ends it without a word.
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
        say(&format!("  {label:<LABEL$} {outcome}  {}", faint(&time)));
    }
}

/// A line of indicatif's, cut at the terminal's width.
fn moving_line(label: &str) -> ProgressBar {
    let line = ProgressBar::with_draw_target(None, ProgressDrawTarget::stdout());
    // A template that is wrong would show in every step; indicatif's own stands in.
    if let Ok(style) = ProgressStyle::with_template("  {prefix} {wide_msg}") {
        line.set_style(style);
    }
    line.set_prefix(format!("{label:<LABEL$}"));
    line
}

/// A duration as a person would say it.
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

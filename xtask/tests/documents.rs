//! The documents against the code: the list of commands, the examples in JSON, and the rules for Prometheus.

use clap::{Command, CommandFactory};
use std::{collections::BTreeSet, fs};
use xtask::{
    command::CommandLine,
    repo,
    settings::{self, Settings},
};

fn read(path: &str) -> String {
    fs::read_to_string(repo::path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The commands with the words before them: `bench edge`, and not `bench` alone.
fn leaves(command: &Command, before: &str) -> Vec<(String, BTreeSet<String>)> {
    let inner: Vec<_> =
        command.get_subcommands().filter(|inner| inner.get_name() != "help").collect();
    if inner.is_empty() {
        let options = command.get_arguments().filter_map(|argument| argument.get_long());
        return vec![(before.trim().to_owned(), options.map(str::to_owned).collect())];
    }
    inner
        .into_iter()
        .flat_map(|inner| leaves(inner, &format!("{before} {}", inner.get_name())))
        .collect()
}

/// The options that a text names: `--url`, in back quotes or in a command.
fn options(text: &str) -> BTreeSet<String> {
    text.split("--")
        .skip(1)
        .map(|rest| {
            let end =
                rest.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(rest.len());
            rest[..end].trim_end_matches('-').to_owned()
        })
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn the_readme_lists_every_command_and_every_option() {
    let readme = read("README.md");
    let rows: Vec<(String, BTreeSet<String>)> = readme
        .lines()
        .filter_map(|line| {
            let (command, rest) = line.strip_prefix("| `cargo xtask ")?.split_once('`')?;
            let words = command.split_whitespace().take_while(|word| !word.starts_with('['));
            Some((words.collect::<Vec<_>>().join(" "), options(rest)))
        })
        .collect();
    let named: BTreeSet<&str> = rows.iter().map(|(name, _)| name.as_str()).collect();
    let all = leaves(&CommandLine::command(), "");
    let expected: BTreeSet<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(named, expected);
    for (name, documented) in &rows {
        let (_, known) = all.iter().find(|(own, _)| own == name).unwrap();
        let unknown: Vec<_> = documented.difference(known).collect();
        assert!(unknown.is_empty(), "{name} has no option {unknown:?}");
        let silent: Vec<_> = known.difference(documented).filter(|it| *it != "help").collect();
        // What `dev` shares with `serve` is listed there.
        assert!(silent.is_empty() || name == "dev", "README does not name {silent:?} of {name}");
    }
}

#[test]
fn every_command_in_the_documents_is_one() {
    let all: BTreeSet<String> =
        leaves(&CommandLine::command(), "").into_iter().map(|(name, _)| name).collect();
    let documents = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "ARCHITECTURE.md"];
    let under = repo::files_under("docs");
    let under = under.iter().filter(|path| path.extension().is_some_and(|kind| kind == "md"));
    let under = under.filter_map(|path| path.to_str());
    for path in documents.into_iter().chain(under) {
        let text = read(path).split_whitespace().collect::<Vec<_>>().join(" ");
        for rest in text.split("cargo xtask ").skip(1) {
            let word = |text: &str| {
                let end = text.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(text.len());
                text[..end].to_owned()
            };
            let first = word(rest);
            let second = rest.strip_prefix(&first).and_then(|it| it.strip_prefix(' ')).map(word);
            let two = format!("{first} {}", second.unwrap_or_default());
            let known = first.is_empty()
                || all.contains(&first)
                || all.contains(two.trim())
                || first == "bench" && two.trim() == "bench";
            assert!(known, "{path} names `cargo xtask {two}`, which is no command");
        }
    }
}

/// The blocks of a language in a document.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let mark = format!("```{language}");
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim() == mark {
            let block = lines.by_ref().take_while(|line| line.trim() != "```");
            blocks.push(block.collect::<Vec<_>>().join("\n"));
        }
    }
    blocks
}

#[test]
fn every_json_of_the_documents_is_read() {
    for path in ["docs/operations.md", "docs/configuration.md"] {
        for block in blocks(&read(path), "jsonc") {
            settings::parse::<serde_json::Value>(&block)
                .unwrap_or_else(|error| panic!("{path}: {error}\n{block}"));
        }
    }
}

#[test]
fn every_json_of_the_documents_is_a_configuration() {
    let blocks = blocks(&read("docs/configuration.md"), "jsonc");
    assert!(!blocks.is_empty());
    for block in blocks {
        Settings::from_object(&block).and_then(|it| it.check()).unwrap_or_else(|error| {
            panic!("{error:#}\n{block}");
        });
    }
}

/// The names and the labels' values of the public metrics, as the engine writes them.
#[test]
fn the_rules_for_prometheus_name_metrics_and_kinds_that_there_are() {
    let (rules, metrics) = (read("docs/prometheus/alerts.yml"), read("engine/src/metrics.rs"));
    let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
    let mut found = 0;
    for (at, _) in rules.match_indices("easel_") {
        let rest = &rules[at..];
        let name = &rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())];
        let name = name.strip_suffix("_bucket").unwrap_or(name);
        assert!(metrics.contains(&format!("\"{name}\"")), "there is no metric {name}");
        found += 1;
    }
    assert!(found > 5);
    for rest in rules.split("kind=").skip(1) {
        let quoted = rest.split('"').nth(1).unwrap();
        for kind in quoted.split('|') {
            assert!(kind.parse::<contract::problem::ProblemKind>().is_ok(), "{kind} is no kind");
        }
    }
}

/// Where promtool of Debian's package prometheus is installed, on PATH or as `EASEL_PROMTOOL`. Elsewhere the test above
/// is all that is checked.
#[test]
fn promtool_accepts_the_rules_and_the_scrape() {
    let promtool = std::env::var("EASEL_PROMTOOL").unwrap_or_else(|_| "promtool".to_owned());
    for words in [
        &["check", "rules", "docs/prometheus/alerts.yml"][..],
        &["check", "config", "--syntax-only", "docs/prometheus/scrape.yml"],
    ] {
        let ran =
            std::process::Command::new(&promtool).args(words).current_dir(repo::root()).output();
        let Ok(output) = ran else {
            eprintln!("not checked: promtool is missing (apt-get install prometheus)");
            return;
        };
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{words:?}: {said}");
    }
}

/// The cells of the table whose first heading is this.
fn table(text: &str, heading: &str) -> Vec<Vec<String>> {
    let (_, rest) = text.split_once(&format!("| {heading} |")).expect(heading);
    let rows = rest.lines().skip(2).take_while(|line| line.starts_with('|'));
    let cells = |line: &str| {
        let cells = line.trim_matches('|').split('|');
        cells.map(|cell| cell.trim().replace(['$', ','], "")).collect::<Vec<String>>()
    };
    rows.map(cells).collect()
}

/// What 1,000 pictures cost and how many a free day has follow from the counted figures of one picture; the test of that
/// counts them.
#[test]
fn the_costs_of_a_thousand_pictures_follow_from_those_of_one() {
    let text = read("docs/operations.md");
    let number = |cell: &String| cell.parse::<f64>().unwrap_or_else(|_| panic!("{cell}"));
    let one = table(&text, "one picture");
    let (thousand, day) =
        (table(&text, "1,000 pictures"), table(&text, "pictures a day on the free plan"));
    // Dollars for a million, and what a free day has. An object has 0.128 GB.
    let prices = [0.30, 0.15, 12.50 * 0.128, 0.001, 1.00];
    let free = [100_000.0, 100_000.0, 13_000.0 / 0.128, 5_000_000.0, 100_000.0];
    assert_eq!((one.len(), thousand.len(), day.len()), (5, 6, 6));
    for column in [0, 1] {
        let (mut sum, mut least) = (0.0, f64::INFINITY);
        for (row, (price, free)) in prices.into_iter().zip(free).enumerate() {
            let figure = number(&one[row][1 + column]);
            let (cost, pictures) = (figure * price / 1000.0, (free / figure).floor());
            assert!(
                (number(&thousand[row][2 + column]) - cost).abs() < 0.0001,
                "row {row}: {cost}"
            );
            assert!(
                (number(&day[row][2 + column]) - pictures).abs() < 0.5,
                "row {row}: {pictures}"
            );
            (sum, least) = (sum + cost, least.min(pictures));
        }
        assert!((number(&thousand[5][2 + column]) - sum).abs() < 0.0002, "in all: {sum}");
        assert!((number(&day[5][2 + column]) - least).abs() < 0.5, "the least: {least}");
    }
}

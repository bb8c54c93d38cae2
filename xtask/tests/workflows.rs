//! The hosted workflows: they run what people run, may do as little as possible, and name each action by a commit.
//!
//! A rule is a function from a workflow to its faults, so that each is seen to find a broken one.

use clap::Parser;
use serde_json::{Map, Value};
use std::{
    fs,
    process::{Command, Output},
};
use xtask::{command::CommandLine, repo};

const FOLDER: &str = ".github/workflows";
/// The longest that a job may take, in minutes.
const LONGEST: u64 = 90;
/// The jobs that may write, each with what it may write.
const WRITERS: [(&str, &str, &[&str]); 1] =
    [("release.yml", "upload", &["attestations", "contents", "id-token"])];
/// Events whose runs have the repository's secrets while the content is a stranger's.
const STRANGERS: [&str; 3] = ["pull_request_target", "workflow_run", "issue_comment"];

/// A workflow: its file's name, its text, and what the text says.
struct Workflow {
    name: String,
    text: String,
    value: Value,
}

impl Workflow {
    fn parse(name: &str, text: &str) -> Self {
        let value = serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        Self { name: name.to_owned(), text: text.to_owned(), value }
    }

    fn jobs(&self) -> &Map<String, Value> {
        self.value["jobs"].as_object().expect("jobs")
    }

    fn steps(&self) -> impl Iterator<Item = &Value> {
        self.jobs().values().flat_map(|job| job["steps"].as_array().expect("steps"))
    }

    /// The scripts of all steps.
    fn scripts(&self) -> impl Iterator<Item = &str> {
        self.steps().filter_map(|step| step["run"].as_str())
    }

    /// The names of the events that start it.
    fn events(&self) -> Vec<&str> {
        match &self.value["on"] {
            Value::String(event) => vec![event],
            Value::Array(events) => events.iter().filter_map(Value::as_str).collect(),
            Value::Object(events) => events.keys().map(String::as_str).collect(),
            other => panic!("{}: on {other}", self.name),
        }
    }
}

fn all() -> Vec<Workflow> {
    let files = repo::files_under(FOLDER);
    let read = |path: &std::path::PathBuf| {
        let text = fs::read_to_string(repo::root().join(path)).unwrap();
        Workflow::parse(path.file_name().unwrap().to_str().unwrap(), &text)
    };
    files.iter().map(read).collect()
}

fn named(name: &str) -> Workflow {
    all().into_iter().find(|it| it.name == name).unwrap_or_else(|| panic!("no {name}"))
}

type Rule = fn(&Workflow) -> Vec<String>;

/// A workflow may read the repository; what writes is one job, which is listed here.
fn may_only_read(workflow: &Workflow) -> Vec<String> {
    let mut faults = Vec::new();
    if workflow.value["permissions"] != serde_json::json!({ "contents": "read" }) {
        faults.push("its permissions are not `contents: read`".to_owned());
    }
    for (name, job) in workflow.jobs() {
        let own = &job["permissions"];
        if own.as_str().is_some() {
            faults.push(format!("{name} has the permissions {own}"));
        }
        let listed = WRITERS.iter().find(|(file, job, _)| *file == workflow.name && job == name);
        for (scope, access) in own.as_object().into_iter().flatten() {
            let is_listed = listed.is_some_and(|(_, _, scopes)| scopes.contains(&scope.as_str()));
            if access != "read" && access != "none" && !is_listed {
                faults.push(format!("{name} may write {scope}"));
            }
        }
    }
    faults
}

/// No run has secrets and a stranger's content.
fn is_started_by_no_stranger(workflow: &Workflow) -> Vec<String> {
    let events = workflow.events().into_iter().filter(|event| STRANGERS.contains(event));
    events.map(|event| format!("it is started by {event}")).collect()
}

/// A tag can be moved, a commit cannot; the comment says which version it is.
fn pins_every_action(workflow: &Workflow) -> Vec<String> {
    let is_commit = |text: &str| {
        text.len() == 40
            && text.bytes().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it))
    };
    let is_pinned = |action: &str| action.split_once('@').is_some_and(|(_, at)| is_commit(at));
    let in_jobs = workflow.jobs().values().filter_map(|job| job["uses"].as_str());
    let in_steps = workflow.steps().filter_map(|step| step["uses"].as_str());
    let mut faults: Vec<String> = in_jobs
        .chain(in_steps)
        .filter(|action| !is_pinned(action))
        .map(|action| format!("{action} is not pinned by a commit"))
        .collect();
    for line in workflow.text.lines().filter(|line| line.contains("uses: ")) {
        if !line
            .split_once(" # v")
            .is_some_and(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()))
        {
            faults.push(format!("`{}` does not say its version", line.trim()));
        }
    }
    faults
}

/// What an event says goes through the environment: inside of a script it would be a part of the script.
fn puts_no_expression_into_a_script(workflow: &Workflow) -> Vec<String> {
    let with = workflow.scripts().filter(|script| script.contains("${{"));
    with.map(|script| format!("an expression in `{}`", script.trim())).collect()
}

/// Each job ends, and two runs for one commit do not stand in each other's way.
fn ends_in_time(workflow: &Workflow) -> Vec<String> {
    let mut faults = Vec::new();
    if workflow.value["concurrency"]["group"].as_str().is_none() {
        faults.push("it has no concurrency group".to_owned());
    }
    for (name, job) in workflow.jobs() {
        if job["timeout-minutes"].as_u64().is_none_or(|minutes| minutes > LONGEST) {
            faults.push(format!("{name} may take longer than {LONGEST} minutes"));
        }
    }
    faults
}

/// What it runs of this repository exists, with these options.
fn runs_what_there_is(workflow: &Workflow) -> Vec<String> {
    let mut faults = Vec::new();
    for line in workflow.scripts().flat_map(str::lines) {
        if let Some((_, words)) = line.split_once("cargo xtask ") {
            let words = words.split_whitespace().take_while(|word| !"|&;<>".contains(&word[..1]));
            if let Err(error) =
                CommandLine::try_parse_from(["cargo xtask"].into_iter().chain(words))
            {
                faults.push(format!("`{line}`: {error}"));
            }
        }
        let paths = line.split_whitespace().filter(|word| word.starts_with(".ci/"));
        faults.extend(paths.filter(|path| !is_program(path)).map(|path| format!("no {path}")));
    }
    // The files whose hashes are a cache's key.
    for part in workflow.text.split("hashFiles(").skip(1) {
        let names = part.split(')').next().unwrap_or_default().split('\'').skip(1).step_by(2);
        let missing = names.filter(|name| !repo::path(name.trim_end_matches("/**")).exists());
        faults.extend(missing.map(|name| format!("no {name}")));
    }
    faults
}

fn is_program(path: &str) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(repo::path(path)).is_ok_and(|it| it.permissions().mode() & 0o111 != 0)
}

const RULES: [Rule; 6] = [
    may_only_read,
    is_started_by_no_stranger,
    pins_every_action,
    puts_no_expression_into_a_script,
    ends_in_time,
    runs_what_there_is,
];

#[test]
fn every_workflow_follows_the_rules() {
    let all = all();
    let mut names: Vec<&str> = all.iter().map(|it| it.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["ci.yml", "npm.yml", "release.yml"]);
    for workflow in &all {
        let faults: Vec<String> = RULES.iter().flat_map(|rule| rule(workflow)).collect();
        assert!(faults.is_empty(), "{}: {faults:#?}", workflow.name);
    }
}

/// Breaks a workflow in one way, and asserts that one rule finds it and says so.
#[track_caller]
fn finds(name: &str, rule: Rule, (from, to): (&str, &str), fault: &str) {
    let whole = named(name);
    assert!(whole.text.contains(from), "{name} has no {from}");
    let faults = rule(&Workflow::parse(name, &whole.text.replacen(from, to, 1)));
    assert!(faults.iter().any(|it| it.contains(fault)), "{from} → {to}: {faults:?}");
}

#[test]
fn a_workflow_that_may_write_is_found() {
    let rule = may_only_read;
    finds("ci.yml", rule, ("  contents: read\n", "  contents: write\n"), "its permissions");
    finds("ci.yml", rule, ("permissions:\n  contents: read\n", ""), "its permissions");
    finds("npm.yml", rule, ("attestations: read", "attestations: write"), "publish may write");
    finds("release.yml", rule, ("attestations: write", "packages: write"), "upload may write");
    let all =
        ("    timeout-minutes: 20\n", "    timeout-minutes: 20\n    permissions: write-all\n");
    finds("ci.yml", rule, all, "audit has the permissions");
}

#[test]
fn a_workflow_that_a_stranger_starts_is_found() {
    let target = ("  pull_request:\n", "  pull_request_target:\n");
    finds("ci.yml", is_started_by_no_stranger, target, "pull_request_target");
}

#[test]
fn an_action_that_can_change_is_found() {
    let rule = pins_every_action;
    let commit = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1";
    finds("ci.yml", rule, (commit, "actions/checkout@v7"), "checkout@v7 is not pinned");
    finds("ci.yml", rule, (commit, "somebody/checkout@main"), "checkout@main is not pinned");
    finds("ci.yml", rule, (" # v7.0.1", ""), "does not say its version");
}

#[test]
fn a_script_that_an_event_could_write_is_found() {
    let script = ("gh release create \"$TAG\"", "gh release create ${{ github.ref_name }}");
    finds("release.yml", puts_no_expression_into_a_script, script, "gh release create");
}

#[test]
fn a_job_without_an_end_is_found() {
    let rule = ends_in_time;
    finds("ci.yml", rule, ("    timeout-minutes: 90\n", ""), "test may take longer");
    finds("ci.yml", rule, ("timeout-minutes: 90", "timeout-minutes: 900"), "test may take longer");
    finds("ci.yml", rule, ("concurrency:", "env:"), "no concurrency group");
}

#[test]
fn a_command_that_is_none_is_found() {
    let rule = runs_what_there_is;
    finds("ci.yml", rule, ("xtask audit --online", "xtask audit --offline"), "--offline");
    finds("release.yml", rule, ("run: cargo xtask release", "run: cargo xtask publish"), "publish");
    finds("ci.yml", rule, (".ci/run 2>&1", ".ci/test 2>&1"), "no .ci/test");
    finds("ci.yml", rule, ("'package-lock.json'", "'yarn.lock'"), "no yarn.lock");
}

/// The whole of CI is one command, also where it is hosted; a release is tested before it is written.
#[test]
fn ci_and_release_run_all_tests() {
    for name in ["ci.yml", "release.yml"] {
        let workflow = named(name);
        let all: Vec<&str> = workflow.scripts().collect();
        assert!(all.iter().any(|script| script.contains(".ci/run")), "{name}");
        assert!(all.iter().any(|script| script.contains("cargo xtask audit --online")), "{name}");
    }
    let release = named("release.yml");
    let script = |words: &str| release.scripts().position(|script| script.contains(words)).unwrap();
    assert!(script(".ci/run") < script("cargo xtask release"));
    let needs = &release.value["jobs"]["upload"]["needs"];
    assert_eq!(needs, "archive", "what is uploaded was tested");
}

/// Only a person publishes to npm: the job is started by hand, in an environment with reviewers and a secret.
#[test]
fn nothing_is_published_to_npm_without_a_person() {
    for workflow in all() {
        let publishes = workflow.scripts().any(|script| script.contains("npm publish"));
        assert_eq!(publishes, workflow.name == "npm.yml", "{}", workflow.name);
    }
    let npm = named("npm.yml");
    assert_eq!(npm.events(), ["workflow_dispatch"]);
    assert_eq!(npm.value["jobs"]["publish"]["environment"], "npm");
    let script = npm.scripts().find(|script| script.contains("npm publish")).unwrap();
    let without = bash(script, &std::env::temp_dir(), &[("NPMRC", ""), ("TAG", "v1.2.3")]);
    let said = String::from_utf8_lossy(&without.stdout).into_owned();
    assert!(!without.status.success() && said.contains("nothing is published"), "{said}");
}

/// Runs a step's script as the runner does, with no other environment than PATH.
fn bash(script: &str, folder: &std::path::Path, environment: &[(&str, &str)]) -> Output {
    let mut bash = Command::new("bash");
    bash.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]).current_dir(folder);
    bash.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    bash.envs(environment.iter().copied()).output().unwrap()
}

#[test]
fn a_tag_that_is_not_the_version_or_whose_loader_is_not_frozen_is_refused() {
    let release = named("release.yml");
    let step = release.steps().find(|step| step["name"] == "The tag is the version").unwrap();
    let folder = std::env::temp_dir().join(format!("easel-tag-{}", std::process::id()));
    let loader = folder.join("public/v/1.2.3");
    fs::create_dir_all(&loader).unwrap();
    let manifest = fs::read_to_string(repo::path("Cargo.toml")).unwrap();
    let own = format!("version = \"{}\"", contract::VERSION);
    assert!(manifest.contains(&own), "Cargo.toml states the version");
    fs::write(folder.join("Cargo.toml"), manifest.replacen(&own, "version = \"1.2.3\"", 1))
        .unwrap();
    let check = |tag: &str| {
        let output = bash(step["run"].as_str().unwrap(), &folder, &[("TAG", tag)]);
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (good, said) = check("v1.2.3");
    assert!(!good && said.contains("is not frozen"), "{said}");
    fs::write(loader.join("easel.js"), "").unwrap();
    assert_eq!(check("v1.2.3"), (true, String::new()));
    for tag in ["v1.2.4", "1.2.3", "v1.2.3-rc1", ""] {
        let (good, said) = check(tag);
        assert!(!good && said.contains("has the version 1.2.3"), "{tag}: {said}");
    }
    fs::remove_dir_all(folder).unwrap();
}

//! The command line, as people type it.

use super::*;

fn check(line: &str) -> Result<Task, String> {
    parse(line.split_whitespace().map(str::to_owned))
}

#[test]
fn serve_has_defaults_and_takes_both_spellings() {
    let plain = Serve { port: 8787, gateway: None, config: None, state: None };
    assert_eq!(check("serve"), Ok(Task::Serve(plain)));
    let full = Serve {
        port: 9000,
        gateway: Some("http://127.0.0.1:1/v1".into()),
        config: Some("a.jsonc".into()),
        state: Some("s".into()),
    };
    let line = "serve --port=9000 --gateway http://127.0.0.1:1/v1 --config a.jsonc --state=s";
    assert_eq!(check(line), Ok(Task::Serve(full)));
}

#[test]
fn what_is_unknown_is_one_sentence() {
    for line in ["serv", "serve --prot 1", "build both", "test -v", "size x", "help nothing"] {
        let sentence = check(line).unwrap_err();
        assert!(sentence.ends_with('.') && !sentence.contains('\n'), "{line}: {sentence}");
    }
}

#[test]
fn values_are_needed_and_checked() {
    assert!(check("serve --port").unwrap_err().contains("--port 8787"));
    assert!(check("serve --port --state").unwrap_err().contains("needs a value"));
    assert!(check("sandbox --port 70000").unwrap_err().contains("65535"));
    assert!(check("check --config=").unwrap_err().contains("needs a value"));
}

#[test]
fn build_takes_a_part() {
    assert_eq!(check("build"), Ok(Task::Build(Part::All)));
    assert_eq!(check("build app"), Ok(Task::Build(Part::App)));
    assert_eq!(check("build edge"), Ok(Task::Build(Part::Edge)));
}

#[test]
fn bench_takes_its_word_and_options() {
    let plain = Bench { quick: false, only: None };
    assert_eq!(check("bench edge"), Ok(Task::Bench(plain)));
    let quick = Bench { quick: true, only: Some(Figure::Memory) };
    assert_eq!(check("bench edge --quick --only=memory"), Ok(Task::Bench(quick)));
    assert_eq!(check("bench embed"), Ok(Task::BenchEmbed { quick: false }));
    assert_eq!(check("bench embed --quick"), Ok(Task::BenchEmbed { quick: true }));
    let plain = studio::Options { quick: false, only: None };
    assert_eq!(check("bench studio"), Ok(Task::BenchStudio(plain)));
    let quick = studio::Options { quick: true, only: Some(studio::Figure::Shown) };
    assert_eq!(check("bench studio --only shown --quick"), Ok(Task::BenchStudio(quick)));
    let sharp = studio::Options { quick: false, only: Some(studio::Figure::Sharp) };
    assert_eq!(check("bench studio --only=sharp"), Ok(Task::BenchStudio(sharp)));
    for line in [
        "bench studio --only=cpu",
        "bench embed --only=cpu",
        "bench",
        "bench app",
        "bench edge --only",
        "bench edge --only disk",
    ] {
        assert!(check(line).unwrap_err().ends_with('.'), "{line}");
    }
}

#[test]
fn deploy_is_told_whether_an_edge_runs() {
    let url = Some(Address::read("https://studio.example.com").unwrap());
    let plain = Deploy { url: url.clone(), first: false, wait: None, dry_run: false };
    assert_eq!(check("deploy --url https://studio.example.com/"), Ok(Task::Deploy(plain.clone())));
    let waiting = Deploy { wait: Some(0), ..plain.clone() };
    let line = "deploy --wait=0 --url=https://studio.example.com";
    assert_eq!(check(line), Ok(Task::Deploy(waiting)));
    let first = Deploy { first: true, ..plain };
    let line = "deploy --first --url https://studio.example.com";
    assert_eq!(check(line), Ok(Task::Deploy(first.clone())));
    assert_eq!(check("deploy --first"), Ok(Task::Deploy(Deploy { url: None, ..first.clone() })));
    let dry = Deploy { url: None, first: false, dry_run: true, ..first };
    assert_eq!(check("deploy --dry-run"), Ok(Task::Deploy(dry)));

    assert!(check("deploy").unwrap_err().contains("--first"));
    assert!(check("deploy --wait 5").unwrap_err().contains("--url"));
    assert!(check("deploy --first --wait 5").unwrap_err().contains("nothing runs"));
    assert!(check("deploy --url").unwrap_err().contains("--url https://studio.example.com"));
    assert!(check("deploy --url http://studio.example.com").unwrap_err().contains("https://"));
    assert!(check("deploy --first --wait=soon").unwrap_err().contains("86400"));
    assert!(check("deploy --first=yes").unwrap_err().contains("does not know `--first`"));
    assert!(check("deploy --token x --first").unwrap_err().contains("does not know `--token`"));
}

#[test]
fn every_command_has_help() {
    for command in
        ["serve", "test", "build", "check", "deploy", "size", "tidy", "sandbox", "setup", "bench"]
    {
        let Ok(Task::Help(page)) = check(&format!("{command} --help")) else {
            panic!("{command} has no help")
        };
        assert!(page.starts_with(&format!("cargo xtask {command}")), "{page}");
        let Ok(Task::Help(overview)) = check("") else { panic!("no overview") };
        assert!(overview.contains(&format!("  {command} ")), "{command} is not listed");
    }
}

#[test]
fn test_takes_its_part_and_names() {
    let options = |quick, long, filters: &[&str]| {
        let filters = filters.iter().map(|word| (*word).to_owned()).collect();
        Ok(Task::Test(suite::Options { quick, long, filters }))
    };
    assert_eq!(check("test"), options(false, false, &[]));
    assert_eq!(check("test --quick"), options(true, false, &[]));
    assert_eq!(check("test --long -- power proxy"), options(false, true, &["power", "proxy"]));
    assert!(check("test --quick --long").unwrap_err().contains("exclude"));
    assert!(check("test power").is_err());
}

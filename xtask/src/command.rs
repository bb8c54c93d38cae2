//! The command line of `cargo xtask`: commands, options and help.
//!
//! Owns the words of the command line. Must not run anything.

mod audit;
mod check;
mod deploy;
mod examples;
mod probe;
mod release;
mod serve;
mod smoke;
mod test;

pub use self::{
    audit::Audit, check::Check, deploy::Deploy, examples::Examples, probe::Probe, release::Release,
    serve::Serve, smoke::Smoke, test::Test,
};

use crate::{
    bench::{Figure, studio},
    build::Part,
};
use clap::{Args, Parser, Subcommand, value_parser};
use std::path::PathBuf;

/// The only build script of Easel.
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub struct CommandLine {
    /// The command to run.
    #[command(subcommand)]
    pub task: Task,
}

/// One command, parsed and checked.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Task {
    /// Set up, build, and start Easel on this machine
    ///
    /// Sets up what is missing, builds what has changed, and starts the edge in workerd on 127.0.0.1. With
    /// `AI_GATEWAY_API_KEY` in the environment or in edge/.dev.vars the real gateway is used; without it the sandbox is
    /// started, which paints samples and costs nothing.
    ///
    /// Other secrets: `EASEL_SIGNING_KEY` and `EASEL_OPERATOR_TOKEN` are generated when they are missing. Ctrl-C stops
    /// everything.
    Serve(Serve),
    /// Serve as `serve` does, and rebuild after each saved change
    ///
    /// Builds with little optimisation, into folders of its own, and watches the sources: after each saved change the
    /// affected part is built again and every open page of the studio reloads itself. The objects' stored data stays; a
    /// job that runs meanwhile is cut off, as when an edge restarts. A failed build prints its error, and the last
    /// successful build stays served. Ctrl-C stops everything.
    Dev(Serve),
    /// Set up, build, and run every check
    ///
    /// Format, lints, the repository's rules, build, sizes, host tests, and the tests in real workerd and a real
    /// browser, in this order. Installs missing tools first. A failure skips only the steps that need the failed step;
    /// the end lists every failure and the time of each step.
    Test(Test),
    /// Build the app into dist/ and the edge into edge/build/
    ///
    /// Parts that are up to date are not built again.
    Build {
        /// What to build
        #[arg(default_value = "all")]
        part: Part,
    },
    /// Validate a configuration
    ///
    /// Prints what is wrong with a configuration and what its operator should know. It also fails for a configuration
    /// with which an edge would open but not work as intended: a `worst_usd` or a limit of input pictures that is too
    /// low, a budget that admits no picture, no model that is still available.
    Check(Check),
    /// Check, build, and deploy to Cloudflare without interrupting a job
    ///
    /// Deploys edge/wrangler.jsonc with the repository's own wrangler. It refuses, with the reason, settings that are
    /// safe on one machine only, a site without a model that stays available for 14 more days, logs that would hold
    /// visitors' addresses, and an account that lacks a secret. Then it closes the sites that are open, waits until no
    /// job runs, deploys, waits until the new version answers, and opens the sites that it closed, also after an error
    /// or Ctrl-C. A site that was closed before stays closed.
    ///
    /// It needs --url with the address of the running edge, so that no job is interrupted; or --first, if no edge runs
    /// yet. `EASEL_OPERATOR_TOKEN` in the environment authorises the calls to the running edge. wrangler uses its own
    /// login, or `CLOUDFLARE_API_TOKEN`.
    #[command(override_usage = "cargo xtask deploy --url <URL> [--wait <SECONDS>] [--dry-run]
       cargo xtask deploy --first [--url <URL>] [--dry-run]")]
    Deploy(Deploy),
    /// Check a running deployment: its documents, a job, a cancel, a reload, and that no secret leaks
    ///
    /// Orders two small pictures as a visitor does, and says what they may cost before. One job is left alone until it
    /// has ended, and is read again after a reload; the other is cancelled. Checks the security headers of every kind of
    /// response, every file that the pages name and the errors that cost nothing, and searches every response for
    /// `AI_GATEWAY_API_KEY` and the edge's other secrets, as far as they are in the environment. They are sent nowhere.
    ///
    /// Prints a line for each check, and ends with exit code 1 and what to do next if one fails.
    Smoke(Smoke),
    /// Write one archive with everything that an operator needs
    ///
    /// Builds the Worker, the frame's files, the loader and the programs that serve and deploy them on a machine with
    /// Node alone, and writes them with a configuration to edit, licences, a list of parts and checksums into one
    /// archive, which npm takes as a package. Two builds of one commit are equal, byte for byte.
    Release(Release),
    /// Compare the size of the built files with the budgets
    ///
    /// Prints the raw, gzip and brotli sizes in bytes of the files that `cargo xtask build` made, and fails above a
    /// budget.
    Size,
    /// Measure the edge, the loader and the studio in comparison with others
    #[command(subcommand)]
    Bench(Bench),
    /// Check the rules of this repository
    ///
    /// Checks the dependency rules between the crates and the style rules on every file that git tracks.
    Tidy,
    /// Check what Easel is made of: versions, licences, sources, and what is known against it
    ///
    /// Runs cargo-deny, which is built once, by deny.toml, and asks the advisories of `RustSec` and of npm. Where
    /// advisories cannot be reached, a sentence says that they were not checked.
    Audit(Audit),
    /// Run the stand-in for the gateway alone
    ///
    /// Speaks the gateway's HTTP contract on 127.0.0.1 and paints sample pictures, until Ctrl-C.
    Sandbox {
        /// Port on 127.0.0.1
        #[arg(long, value_name = "N", default_value_t = 8788)]
        port: u16,
    },
    /// Paint the pictures that presets name and public/sites/ lacks
    ///
    /// A preset's `picture` is the name of a file in public/sites/{id}/, which hangs on the wall while it is empty. What
    /// is missing there is painted by the sandbox, as a sample that costs nothing; or ordered at a gateway, with the
    /// model, size and quality that the site's visitors would get. No file is overwritten.
    Examples(Examples),
    /// Compare a real gateway with the sandbox, for at most a stated sum
    ///
    /// Sends a list of requests to the configured gateway and to the sandbox, and prints where the answers differ:
    /// lists, every refusal, then pictures and edits from the cheapest on. Needs the gateway's key,
    /// `AI_GATEWAY_API_KEY`, or `OPENAI_API_KEY` for OpenAI, in the environment. A request that could pass the sum is
    /// left out, and an answer that does not come whole counts at its worst. The answers are kept as a dated fixture
    /// without the key and the pictures. Exit code 0 means that every answer was the same.
    Probe(Probe),
    /// Install what the other commands need
    ///
    /// Installs what is missing of: the wasm target, Node, the Node tools of package-lock.json, Chromium. The other
    /// commands do this themselves. Node is shared by all clones, in `$EASEL_TOOLS`, else in `$XDG_CACHE_HOME/easel`,
    /// else in ~/.cache/easel.
    Setup,
}

/// The subject of the measurement.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Bench {
    /// The edge in comparison with Workers of plain JavaScript
    ///
    /// Builds the edge and runs it in workerd beside Workers of plain JavaScript that store and serve the same bytes in
    /// the same way (three ways to decode base64, and one that buffers), each in a workerd of its own. A gateway on
    /// loopback holds the pictures ready. Prints one table and fails if a goal is missed. Only figures of the same run
    /// can be compared. Takes about ten minutes; needs Linux's /proc.
    ///
    /// With --against, an older build, this build and plain JavaScript take turns in every round, in an order that
    /// changes from round to round. Each figure is the median of the rounds' ratios, with its quartiles.
    Edge(BenchEdge),
    /// Memory that workerd keeps for finished jobs, in comparison with objects that hold nothing
    ///
    /// Makes thousands of jobs one after the other, in the edge, in a Worker of plain JavaScript that stores the same
    /// bytes, and in a Worker whose Durable Objects hold one row each; prints workerd's memory after each tenth of the
    /// jobs, and after a pause. Builds the edge first. Takes ten minutes; needs Linux's /proc.
    Memory {
        /// Number of jobs in each Worker
        #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = value_parser!(u32).range(10..=100_000))]
        jobs: u32,
    },
    /// The loader in comparison with those of giscus and Typeform
    ///
    /// Opens pages that embed Easel, giscus and Typeform in Chromium at a quarter of the CPU's speed, scrolled far
    /// above the embed. Measures the bytes over the wire, and the main thread's time in milliseconds minus that of the
    /// same page without an embed, round by round. The time covers everything that the loader causes on that thread
    /// (fetch, compile, run, upgrade of the element, style, layout and paint) by the thread's own clock, since a
    /// visitor notices all of it. The last row is the same at full speed, times four: on a busy machine the slow-down
    /// counts time that the page did not use.
    ///
    /// giscus and Typeform are installed from npm into target/xtask/bench-embed. The command fails if a goal is missed.
    /// Takes six minutes; on a machine that is busy otherwise the milliseconds mean little.
    Embed {
        /// Few samples: detects gross changes only
        #[arg(long)]
        quick: bool,
    },
    /// The studio in comparison with hand-written pages
    ///
    /// Builds everything and uses the studio in Chromium as a visitor does, with the edge in workerd and pictures of
    /// 1.5 MB. Fails if a goal is missed; needs Linux's /proc.
    Studio(BenchStudio),
    /// The developer's loop: seconds from a saved source to the page that shows it
    ///
    /// Serves a development build as `cargo xtask dev` does, opens the studio in Chromium, and saves a text, a style, a
    /// handler of the edge and the studio's program five times each. It changes the sources of this clone and restores
    /// them at the end; an editor that has them open may notice. Fails if a median is over 15 s.
    Dev,
}

/// The options of `bench edge`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct BenchEdge {
    /// Few samples: detects gross changes only
    #[arg(long, conflicts_with = "against")]
    pub quick: bool,
    /// Measure one figure only
    #[arg(long, value_name = "FIGURE")]
    pub only: Option<Figure>,
    /// A clone of an older commit in which `cargo xtask build` was run: its edge is measured beside this one
    #[arg(long, value_name = "DIR")]
    pub against: Option<PathBuf>,
    /// Rounds of each figure; more rounds resolve smaller differences
    #[arg(long, value_name = "N", default_value_t = 31, requires = "against")]
    #[arg(value_parser = value_parser!(u32).range(1..=1000))]
    pub rounds: u32,
}

/// The options of `bench studio`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct BenchStudio {
    /// Few samples: detects gross changes only
    #[arg(long)]
    pub quick: bool,
    /// Measure one figure only
    #[arg(long, value_name = "FIGURE")]
    pub only: Option<studio::Figure>,
    /// Measure the built studio of another work tree too, in turns
    #[arg(long, value_name = "DIR")]
    pub against: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::address::Address;
    use clap::{Command, CommandFactory};

    /// Parses a line as people type it; the error is the text that they see.
    fn check(line: &str) -> Result<Task, String> {
        let words = std::iter::once("cargo xtask").chain(line.split_whitespace());
        match CommandLine::try_parse_from(words) {
            Ok(read) => Ok(read.task),
            Err(error) => {
                assert_eq!(error.exit_code(), 2, "{line}");
                Err(error.to_string())
            }
        }
    }

    #[test]
    fn serve_has_defaults_and_takes_both_spellings() {
        let plain = Serve { port: 8787, ..Serve::default() };
        assert_eq!(check("serve"), Ok(Task::Serve(plain.clone())));
        assert_eq!(check("dev"), Ok(Task::Dev(plain)));
        let full = Serve {
            port: 9000,
            gateway: Some("http://127.0.0.1:1/v1".into()),
            config: Some("a.jsonc".into()),
            state: Some("s".into()),
            behind_proxy: true,
            names: vec!["studio.example.com".into(), "xn--bcher-kva.example".into()],
        };
        let line = "serve --port=9000 --gateway http://127.0.0.1:1/v1 --config a.jsonc --state=s --behind-proxy \
                    --name Studio.example.com --name=bücher.example";
        assert_eq!(check(line), Ok(Task::Serve(full)));
    }

    #[test]
    fn wrong_usage_names_the_help() {
        for line in ["serv", "serve --prot 1", "build both", "test -v", "size x", "bench", ""] {
            assert!(check(line).unwrap_err().contains("help"), "{line}");
        }
        assert!(check("serve --prot 1").unwrap_err().contains("--port"));
    }

    #[test]
    fn values_are_needed_and_checked() {
        assert!(check("serve --port").unwrap_err().contains("--port <N>"));
        assert!(check("serve --port --state").unwrap_err().contains("--port <N>"));
        assert!(check("sandbox --port 70000").unwrap_err().contains("65535"));
        assert!(check("check --config=").unwrap_err().contains("--config <FILE>"));
        assert!(check("serve --gateway=").unwrap_err().contains("--gateway <URL>"));
        for name in ["", "a:80", "a/b", "https://a.example", "a_b", "[::1]", "*.example"] {
            let refusal = check(&format!("serve --name={name}")).unwrap_err();
            assert!(refusal.contains("--name <HOST>"), "{refusal}");
        }
    }

    #[test]
    fn build_takes_a_part() {
        assert_eq!(check("build"), Ok(Task::Build { part: Part::All }));
        assert_eq!(check("build app"), Ok(Task::Build { part: Part::App }));
        assert_eq!(check("build edge"), Ok(Task::Build { part: Part::Edge }));
    }

    #[test]
    fn test_takes_its_part_and_names() {
        let options = |quick, long, filters: &[&str]| {
            let filters = filters.iter().map(|word| (*word).to_owned()).collect();
            Ok(Task::Test(Test { quick, long, filters }))
        };
        assert_eq!(check("test"), options(false, false, &[]));
        assert_eq!(check("test --quick"), options(true, false, &[]));
        assert_eq!(check("test --long -- power proxy"), options(false, true, &["power", "proxy"]));
        assert!(check("test --quick --long").unwrap_err().contains("cannot be used with"));
        assert!(check("test power").is_err());
    }

    #[test]
    fn bench_takes_its_word_and_options() {
        let edge = |quick, only| {
            let options = BenchEdge { quick, only, against: None, rounds: 31 };
            Ok(Task::Bench(Bench::Edge(options)))
        };
        assert_eq!(check("bench edge"), edge(false, None));
        assert_eq!(check("bench edge --quick --only=memory"), edge(true, Some(Figure::Memory)));
        let against = BenchEdge {
            quick: false,
            only: Some(Figure::First),
            against: Some("../old".into()),
            rounds: 3,
        };
        let line = "bench edge --against ../old --rounds 3 --only first";
        assert_eq!(check(line), Ok(Task::Bench(Bench::Edge(against))));
        assert_eq!(check("bench memory"), Ok(Task::Bench(Bench::Memory { jobs: 10_000 })));
        assert_eq!(check("bench dev"), Ok(Task::Bench(Bench::Dev)));
        let embed = |quick| Ok(Task::Bench(Bench::Embed { quick }));
        assert_eq!(check("bench embed"), embed(false));
        assert_eq!(check("bench embed --quick"), embed(true));
        let studio = |quick, only| {
            Ok(Task::Bench(Bench::Studio(BenchStudio { quick, only, against: None })))
        };
        assert_eq!(check("bench studio"), studio(false, None));
        let shown = Some(studio::Figure::Shown);
        assert_eq!(check("bench studio --only shown --quick"), studio(true, shown));
        assert_eq!(check("bench studio --only=sharp"), studio(false, Some(studio::Figure::Sharp)));
        for line in [
            "bench studio --only=cpu",
            "bench embed --only=cpu",
            "bench app",
            "bench edge --only",
            "bench edge --only disk",
            "bench edge --rounds 3",
            "bench memory --jobs 9",
            "bench edge --quick --against x",
            "bench edge --against x --rounds 0",
        ] {
            assert!(check(line).is_err(), "{line}");
        }
    }

    #[test]
    fn deploy_needs_an_address_or_first() {
        let url = Some(Address::read("https://studio.example.com").unwrap());
        let plain = Deploy { url: url.clone(), first: false, wait: None, dry_run: false };
        let line = "deploy --url https://studio.example.com/";
        assert_eq!(check(line), Ok(Task::Deploy(plain.clone())));
        let waiting = Deploy { wait: Some(0), ..plain.clone() };
        let line = "deploy --wait=0 --url=https://studio.example.com";
        assert_eq!(check(line), Ok(Task::Deploy(waiting)));
        let first = Deploy { first: true, ..plain };
        let line = "deploy --first --url https://studio.example.com";
        assert_eq!(check(line), Ok(Task::Deploy(first.clone())));
        let nowhere = Deploy { url: None, ..first.clone() };
        assert_eq!(check("deploy --first"), Ok(Task::Deploy(nowhere)));
        let dry = Deploy { url: None, first: false, dry_run: true, ..first };
        assert_eq!(check("deploy --dry-run"), Ok(Task::Deploy(dry)));

        assert!(check("deploy").unwrap_err().contains("--first"));
        assert!(check("deploy --wait 5").unwrap_err().contains("--url"));
        let error = check("deploy --first --wait 5").unwrap_err();
        assert!(error.contains("cannot be used with"), "{error}");
        assert!(check("deploy --url").unwrap_err().contains("--url <URL>"));
        assert!(check("deploy --url http://studio.example.com").unwrap_err().contains("https://"));
        let line = "deploy --wait=soon --url https://studio.example.com";
        assert!(check(line).unwrap_err().contains("--wait <SECONDS>"));
        let line = "deploy --wait=86401 --url https://studio.example.com";
        assert!(check(line).unwrap_err().contains("86400"));
        assert!(check("deploy --first=yes").unwrap_err().contains("--first"));
        assert!(check("deploy --token x --first").unwrap_err().contains("--token"));
    }

    #[test]
    fn every_command_and_option_has_help() {
        fn look(command: &Command) {
            let name = command.get_name();
            assert!(command.get_about().is_some(), "{name}");
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{name}: {}", argument.get_id());
            }
            command.get_subcommands().for_each(look);
        }
        let all = CommandLine::command();
        all.clone().debug_assert();
        look(&all);
    }
}

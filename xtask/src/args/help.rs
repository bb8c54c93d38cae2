//! The help: one text for each command, and their list.
//!
//! Must say nothing that the commands do not do.

/// A command: its name, its line in the list, its own page.
struct Topic {
    name: &'static str,
    line: &'static str,
    page: &'static str,
}

const TOPICS: &[Topic] = &[
    Topic {
        name: "serve",
        line: "set up, build, and start Easel on this machine",
        page: "cargo xtask serve [--port N] [--gateway URL] [--config FILE] [--state DIR]

Sets up what is missing, builds what has changed, and starts the edge in workerd on 127.0.0.1.
With AI_GATEWAY_API_KEY in the environment or in edge/.dev.vars the real gateway is used;
without it the sandbox is started, which paints samples and costs nothing.

  --port N       where the edge listens (8787); 0 takes any free port
  --gateway URL  another gateway, https or loopback, with /v1: replaces the configured base_url
  --config FILE  one JSON object, comments allowed, instead of the vars of edge/wrangler.jsonc
  --state DIR    where the objects' data and generated secrets are kept (.easel)

Other secrets: EASEL_SIGNING_KEY and EASEL_OPERATOR_TOKEN are generated when they are missing.
Ctrl-C stops everything.",
    },
    Topic {
        name: "test",
        line: "set up, build, and run every check there is",
        page: "cargo xtask test

Format, lints, the repository's rules, build, sizes, host tests, and the tests in real workerd and a
real browser, in this order; it stops at the first that fails. Sets up what is missing first.",
    },
    Topic {
        name: "build",
        line: "build the app into dist/ and the edge into edge/build/",
        page: "cargo xtask build [app|edge]

app    the studio: cargo compiles it, then its files are hashed, minified, compressed into dist/
edge   the Worker: compiled into edge/build/

Without a word both. What is up to date is not built again.",
    },
    Topic {
        name: "check",
        line: "validate a configuration",
        page: "cargo xtask check [--config FILE]

Says what is wrong with a configuration, or what an operator should know about it. It fails, too, where
an edge would open and yet not do what is meant: a worst_usd or a bound of input pictures that is too
low, a cap that lets nothing through, no model that lives.

  --config FILE  one JSON object, comments allowed, instead of the vars of edge/wrangler.jsonc",
    },
    Topic {
        name: "deploy",
        line: "check, build, and deploy to Cloudflare without cutting a job",
        page: "cargo xtask deploy --url URL [--wait SECONDS] [--dry-run]
cargo xtask deploy --first [--url URL] [--dry-run]

Deploys edge/wrangler.jsonc with the repository's own wrangler. It refuses, with the reason, what is fine
on one machine and unsafe in the world, a chain without a model that lives for 14 more days, logs that
would hold visitors' addresses, and secrets that the account lacks. Then it closes the sites
that are open, waits until no job runs, deploys, waits until the new version answers, and opens what it
has closed: also after an error or Ctrl-C. A site that was closed before stays closed.

  --url URL      where the edge answers: https://studio.example.com
  --first        no edge runs yet: there is nothing to close, and nothing to wait for
  --wait SECONDS how long running jobs may take to end (the configured total_seconds and 60)
  --dry-run      check and build, and let wrangler rehearse; nothing is changed

EASEL_OPERATOR_TOKEN in the environment opens the operator's side of the edge that runs. wrangler takes
its own login, or CLOUDFLARE_API_TOKEN.",
    },
    Topic {
        name: "size",
        line: "weigh what was built against the budgets",
        page: "cargo xtask size

Prints raw, gzip and brotli sizes of what `cargo xtask build` left, and fails above a budget.",
    },
    Topic {
        name: "bench",
        line: "measure the edge, the loader and the studio beside others",
        page: "cargo xtask bench edge [--quick] [--only FIGURE]
cargo xtask bench embed [--quick]
cargo xtask bench studio [--quick] [--only FIGURE]

edge   builds the edge and runs it in workerd beside Workers of plain JavaScript that store and serve the
same bytes in the same way (three ways to decode base64, and one that buffers), each in a workerd of
its own, on pictures that a gateway on loopback holds ready. One run, one table; it fails if a goal
is missed. Only figures of one run can be compared. Takes about ten minutes; needs Linux's /proc.

embed  opens pages that embed Easel, giscus and Typeform in Chromium at a quarter of the CPU's speed, far
above the place of the embed: bytes over the wire, and the main thread's time less that of the same page
without an embed, round by round. Counted is all that the loader makes that thread do (fetch it, compile
and run it, upgrade the element, style, layout and paint what it changed), by the thread's own clock, for
a visitor feels all of it. The last row is the same at full speed, four times: a busy machine makes the
slow-down count time that the page never had. The others come from npm into target/xtask/bench-embed.
It fails if a goal is missed.
Takes six minutes; a machine that does something else tells little about milliseconds.

studio builds all and uses the studio in Chromium as a visitor does, on the edge in workerd and pictures of
1.5 MB. wall: five hundred pictures that the device keeps, at a quarter of the CPU's speed: how long a key and
a press take to be answered by a frame, frames dropped while the wall is scrolled (beside as many plain
boxes), and the renderer's own memory before the first picture and after all are deleted. shown: from the
gateway's last byte to the first picture of a visit on the screen, and the longest task, at a quarter of the
speed; fifty: what fifty pictures cost the renderer. Both beside a hand-written page that shows the same bytes
from the same edge, and one that shows the gateway's base64. sharp: from a press to the sharp picture of the
sandbox on slow 4G, less what that took, as PNG and as WebP in turns. It fails if a goal is missed; needs
Linux's /proc.

  --quick        few samples: finds gross changes only
  --only FIGURE  edge: one of cpu, parts, memory, latency, wasm; studio: one of wall, shown, sharp, fifty",
    },
    Topic {
        name: "tidy",
        line: "check the rules of this repository",
        page: "cargo xtask tidy

Checks the borders between the crates and the house's rules on every file that git knows.",
    },
    Topic {
        name: "sandbox",
        line: "run the stand-in for the gateway alone",
        page: "cargo xtask sandbox [--port N]

Speaks the gateway's HTTP contract on 127.0.0.1 and paints sample pictures, until Ctrl-C.

  --port N       where it listens (8788)",
    },
    Topic {
        name: "setup",
        line: "install what the other commands need",
        page: "cargo xtask setup

Installs what is missing of: the wasm target, Node, the Node tools of package-lock.json, Chromium. The
other commands call it themselves. Node is kept for all clones in $EASEL_TOOLS, else in $XDG_CACHE_HOME/easel, else in ~/.cache/easel.",
    },
];

/// The list of all commands.
pub(super) fn overview() -> String {
    let line = |topic: &Topic| format!("  {:<9} {}", topic.name, topic.line);
    let lines: Vec<String> = TOPICS.iter().map(line).collect();
    let lines = lines.join("\n");
    format!("cargo xtask COMMAND\n\n{lines}\n\n`cargo xtask COMMAND --help` tells more.")
}

/// The page of one command.
pub(super) fn of(command: &str) -> Option<String> {
    TOPICS.iter().find(|topic| topic.name == command).map(|topic| topic.page.to_owned())
}

/// What a value of an option looks like.
pub(super) fn example(option: &str) -> &'static str {
    match option {
        "--port" => "--port 8787",
        "--gateway" => "--gateway https://ai-gateway.vercel.sh/v1",
        "--config" => "--config easel.jsonc",
        "--only" => "--only cpu",
        "--url" => "--url https://studio.example.com",
        "--wait" => "--wait 360",
        _ => "--state .easel",
    }
}

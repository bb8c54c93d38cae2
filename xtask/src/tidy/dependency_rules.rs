//! The dependencies that each crate may have, and the crates whose names its sources may contain.
//!
//! Owns both lists. Must not judge the dependencies of tests.

use super::{Finding, Source};

const BROWSER: [&str; 5] = ["web_sys", "js_sys", "wasm_bindgen", "gloo_", "send_wrapper"];
/// The files outside of `app/src/browser` that name the browser: the program's start is exported to JavaScript.
const STARTS: [&str; 1] = ["app/src/start.rs"];
/// The files of the edge that name the studio: its document, and what the build says of it.
const RENDERS: [&str; 3] =
    ["edge/src/handler/documents.rs", "edge/src/headers.rs", "edge/src/shell.rs"];
const PLATFORM: [&str; 8] = [
    "worker",
    "wasm-bindgen",
    "wasm-bindgen-futures",
    "web-sys",
    "js-sys",
    "gloo-net",
    "leptos",
    "tokio",
];

/// The app and the edge both contain `contract`, so it depends on serde alone.
pub fn contract_needs_serde_only(source: &Source) -> Vec<Finding> {
    if source.path != "contract/Cargo.toml" {
        return Vec::new();
    }
    let wrong = dependencies(source).filter(|(_, name)| *name != "serde");
    wrong
        .map(|(at, name)| {
            source.finding(at, format!("contract depends on {name}; it may depend on serde only"))
        })
        .collect()
}

/// `engine` does not depend on a platform, so that all of it is tested on the host.
pub fn engine_knows_no_platform(source: &Source) -> Vec<Finding> {
    if source.path != "engine/Cargo.toml" {
        return Vec::new();
    }
    let wrong = dependencies(source).filter(|(_, name)| PLATFORM.contains(name));
    wrong
        .map(|(at, name)| source.finding(at, format!("engine depends on {name}; only edge may")))
        .collect()
}

/// In `app`, only `src/browser` uses browser APIs, and the start.
pub fn browser_stays_in_its_folder(source: &Source) -> Vec<Finding> {
    let app = source.path.starts_with("app/src/") && source.is("rs");
    let own = source.path.starts_with("app/src/browser") || STARTS.contains(&&*source.path);
    if !app || own {
        return Vec::new();
    }
    named(source, &BROWSER, "only app/src/browser may name the browser")
}

/// The types of Workers and of JavaScript stay in `edge` and in the app's browser module.
pub fn worker_stays_in_edge(source: &Source) -> Vec<Finding> {
    let host = ["contract/", "engine/", "painter/", "sandbox/"];
    if !source.is("rs") || !host.iter().any(|folder| source.path.starts_with(folder)) {
        return Vec::new();
    }
    let mut found = named(source, &BROWSER, "only edge and app/src/browser may name JavaScript");
    let worker =
        source.code().filter(|(_, line)| is_named(line, "worker") && line.contains("worker::"));
    found.extend(worker.map(|(at, _)| source.finding(at, "only edge may name the Worker's crate")));
    found
}

/// In `edge`, only documents are rendered, so that no other request depends on the studio's components.
pub fn edge_renders_only_documents(source: &Source) -> Vec<Finding> {
    let edge = source.path.starts_with("edge/src/") && source.is("rs");
    if !edge || RENDERS.contains(&&*source.path) {
        return Vec::new();
    }
    let names = |line: &str| line.contains("app::") || is_named(line, "leptos");
    let wrong = source.code().filter(|(_, line)| names(line));
    let what = "only the handler of documents may name the studio";
    wrong.map(|(at, _)| source.finding(at, what)).collect()
}

fn named(source: &Source, words: &[&str], what: &str) -> Vec<Finding> {
    let wrong = source.code().filter(|(_, line)| words.iter().any(|word| is_named(line, word)));
    wrong.map(|(at, _)| source.finding(at, what)).collect()
}

/// Whether the line contains the word as a name or as the beginning of one (`wasm_bindgen_futures`).
fn is_named(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

/// The names under `[dependencies]`, also of those for one target. Dependencies of tests do not count.
fn dependencies(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    let mut inside = false;
    source.lines().filter_map(move |(at, line)| {
        if let Some(section) = line.trim().strip_prefix('[') {
            inside = section.trim_end().ends_with("dependencies]")
                && !section.contains("dev-dependencies");
            return None;
        }
        let name = line.split(['.', '=', ' ']).next()?.trim();
        (inside && !name.is_empty() && !name.starts_with('#')).then_some((at, name))
    })
}

#[cfg(test)]
mod tests {
    use super::{super::check::finds, *};

    #[test]
    fn a_heavy_contract_is_found() {
        let text = "[dependencies]\nserde.workspace = true\ntime = \"1\"\n[dev-dependencies]\nserde_json = \"1\"\n";
        finds(contract_needs_serde_only, "contract/Cargo.toml", text, &[3]);
        finds(contract_needs_serde_only, "engine/Cargo.toml", text, &[]);
    }

    #[test]
    fn an_engine_with_a_platform_is_found() {
        let text = "[dependencies]\nserde = \"1\"\n# why\nworker.workspace = true\n\n\
                    [target.'cfg(x)'.dependencies]\njs-sys = { version = \"1\" }\n";
        finds(engine_knows_no_platform, "engine/Cargo.toml", text, &[4, 7]);
        finds(engine_knows_no_platform, "edge/Cargo.toml", text, &[]);
    }

    #[test]
    fn a_browser_outside_of_its_folder_is_found() {
        let text = "//! x\nuse leptos::web_sys::Event;\n// web_sys\nlet my_web_sys = 1;\nwasm_bindgen_futures::x();\n";
        finds(browser_stays_in_its_folder, "app/src/components/wall.rs", text, &[2, 5]);
        finds(browser_stays_in_its_folder, "app/src/browser/net.rs", text, &[]);
        finds(browser_stays_in_its_folder, "app/src/browser.rs", text, &[]);
        finds(browser_stays_in_its_folder, "app/src/start.rs", text, &[]);
    }

    #[test]
    fn a_studio_outside_of_the_documents_is_found() {
        let text = "use app::document;\nuse leptos::prelude::*;\nlet app = 1;\n";
        finds(edge_renders_only_documents, "edge/src/handler/jobs.rs", text, &[1, 2]);
        finds(edge_renders_only_documents, "edge/src/handler/documents.rs", text, &[]);
        finds(edge_renders_only_documents, "engine/src/lib.rs", text, &[]);
    }

    #[test]
    fn a_worker_outside_of_edge_is_found() {
        let text = "use worker::Env;\nuse js_sys::Array;\nlet worker = 1;\n";
        finds(worker_stays_in_edge, "engine/src/job.rs", text, &[2, 1]);
        finds(worker_stays_in_edge, "edge/src/lib.rs", text, &[]);
    }
}

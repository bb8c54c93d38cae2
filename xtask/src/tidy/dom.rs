//! Rules for the elements of the studio's document: Leptos makes and moves them, and nothing of them is inline.
//!
//! Owns the calls and scripts that may do otherwise, each with its reason. Must not check the owners' pages in `public/`.

use super::{Finding, Source};

/// Calls that make, move or remove nodes, by their beginnings.
const CALLS: [&str; 18] = [
    "create_element",
    "create_text_node",
    "create_document_fragment",
    "clone_node",
    "import_node",
    "append_child",
    "append_with_node",
    "prepend_with_node",
    "insert_before",
    "insert_adjacent",
    "move_before",
    "replace_child",
    "replace_with",
    "remove_child",
    "inner_html",
    "outer_html",
    "set_text_content",
    "set_inner_text",
];

/// A file, a call that it may contain, and why.
const ALLOWED: [(&str, &str, &str); 4] = [
    ("app/src/browser/challenge.rs", "create_element", "the challenge's provider has a script"),
    ("app/src/browser/challenge.rs", "append_child", "the challenge's provider has a script"),
    ("app/src/browser/original.rs", "create_element", "a link that saves a file is in no document"),
    (
        "app/src/browser/data_block.rs",
        "replace_with",
        "the root and the data of a document that was fetched again",
    ),
];

/// The studio's scripts, and why each is not Rust.
const SCRIPTS: [(&str, &str); 3] = [
    ("boot.js", "runs before the program is there"),
    ("image_worker.js", "runs in a Worker of its own, without the program"),
    ("zip.js", "connects the program with client-zip, when an archive is asked for"),
];

/// No program makes, moves or removes an element by hand; and each exception is still needed.
pub fn is_made_by_leptos(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut used = Vec::new();
    let programs = sources.iter().filter(|source| source.path.starts_with("app/src/"));
    for source in programs.filter(|source| source.is("rs")) {
        for (at, line) in source.code() {
            for call in CALLS.iter().filter(|call| line.contains(**call)) {
                match ALLOWED.iter().find(|(path, name, _)| *path == source.path && name == call) {
                    Some(row) => used.push(row),
                    None => found.push(source.finding(at, format!("`{call}`: let Leptos do it"))),
                }
            }
        }
    }
    let stale = ALLOWED.iter().filter(|row| !used.contains(row));
    found.extend(stale.map(|(path, call, _)| Finding {
        path: (*path).to_owned(),
        line: 0,
        what: format!("has no `{call}` any more: remove it from the list of exceptions"),
    }));
    found
}

/// Each script of the studio is on the list.
pub fn has_no_other_script(source: &Source) -> Vec<Finding> {
    let Some(name) = source.path.strip_prefix("app/").filter(|_| source.is("js")) else {
        return Vec::new();
    };
    let known = SCRIPTS.iter().any(|(script, _)| *script == name);
    let what = "a script that is not on the list: write it in Rust";
    if known { Vec::new() } else { vec![source.finding(0, what)] }
}

/// Attributes and watched changes of the document through which a script would speak with the program.
const SHARED: [&str; 4] = ["dataset", "data-", "etAttribute(", "MutationObserver"];

/// Nothing in the studio's document is there for two languages: neither do scripts read the attributes that components
/// write, nor does anything watch what changes in it.
pub fn shares_no_attribute(source: &Source) -> Vec<Finding> {
    let script = source.path.strip_prefix("app/").filter(|_| source.is("js"));
    let program = source.path.starts_with("app/src/") && source.is("rs");
    let words: &[&str] = match (script, program) {
        (Some(_), _) => &SHARED,
        (None, true) => &["MutationObserver"],
        _ => &[],
    };
    let shared = |line: &str| words.iter().find(|word| line.contains(**word));
    let wrong = source.code().filter_map(|(at, line)| Some((at, shared(line)?)));
    let what = |word| format!("`{word}`: tell the program by `globalThis.easel`, or by an event");
    wrong.map(|(at, word)| source.finding(at, what(word))).collect()
}

/// A component has nothing inline that the frame's policy forbids, and no type that hides its views: both would come with
/// more code.
pub fn has_nothing_inline(source: &Source) -> Vec<Finding> {
    let components = source.path.starts_with("app/src/components");
    if !components || !source.is("rs") || source.path.contains("tests") {
        return Vec::new();
    }
    let wrong = source.code().filter_map(|(at, line)| Some((at, inline(line)?)));
    wrong.map(|(at, what)| source.finding(at, what)).collect()
}

fn inline(line: &str) -> Option<&'static str> {
    if line.contains(".into_any()") {
        return Some("`.into_any()`: use Either, or one element whose inside changes");
    }
    let mut words = line.split([' ', '\t', '<', '(', '{']);
    words.find_map(|word| {
        if word.starts_with("style=") {
            return Some("a style attribute; the policy forbids it, so use a class");
        }
        let (name, value) = word.split_once('=')?;
        let handler = name.len() > 4
            && name.starts_with("on")
            && name.bytes().all(|byte| byte.is_ascii_lowercase())
            && value.starts_with('"');
        handler.then_some("a handler as an attribute; the policy forbids it, so use `on:`")
    })
}

/// Rendering runs in the Worker too, whose panic would end the work on other visitors' pictures, and which keeps nothing
/// of a document.
pub fn renders_without_panics(source: &Source) -> Vec<Finding> {
    const WORDS: [&str; 6] = [
        concat!("expect_", "context"),
        concat!("unreach", "able!("),
        concat!("unimple", "mented!("),
        concat!("thread_", "local!"),
        concat!("asse", "rt!("),
        concat!("asse", "rt_eq!("),
    ];
    let program = source.path.starts_with("app/src/") && source.is("rs");
    let own = ["app/src/browser", "tests"].iter().any(|part| source.path.contains(part));
    if !program || own {
        return Vec::new();
    }
    let lines = source.code().take_while(|(_, line)| !line.starts_with("#[cfg(test)]"));
    let wrong = lines
        .filter_map(|(at, line)| Some((at, *WORDS.iter().find(|word| line.contains(**word))?)));
    let what = |word| format!("`{word}`: rendering neither panics nor keeps anything");
    wrong.map(|(at, word)| source.finding(at, what(word))).collect()
}

#[cfg(test)]
mod tests {
    use super::{
        super::check::{finds, source},
        *,
    };

    /// The findings beside those of exceptions that these sources do not contain.
    fn made(path: &str, text: &str) -> Vec<usize> {
        let found = is_made_by_leptos(&[source(path, text)]);
        found.into_iter().filter(|finding| finding.line > 0).map(|finding| finding.line).collect()
    }

    #[test]
    fn an_element_that_is_made_by_hand_is_found() {
        let text = "// create_element\nlet x = document.create_element(\"p\")?;\n\
                    wall.insert_before_with_node(a)?;\nlet y = root.set_inner_html(\"\");\n";
        assert_eq!(made("app/src/components/wall.rs", text), [2, 3, 4]);
        assert_eq!(made("app/src/browser/challenge.rs", text), [3, 4]);
        assert_eq!(made("edge/src/lib.rs", text), [0; 0]);
    }

    #[test]
    fn an_exception_that_is_not_needed_is_found() {
        let found = is_made_by_leptos(&[source(
            "app/src/browser/data_block.rs",
            "root.replace_with(x);\n",
        )]);
        let stale: Vec<_> = found.iter().map(|finding| finding.path.as_str()).collect();
        let others = ["challenge", "challenge", "original"];
        assert_eq!(stale, others.map(|name| format!("app/src/browser/{name}.rs")));
    }

    #[test]
    fn another_script_is_found() {
        finds(
            shares_no_attribute,
            "app/boot.js",
            "find(\"a\").dataset.place;\na.hidden = true;",
            &[1],
        );
        finds(shares_no_attribute, "app/zip.js", "new MutationObserver(look);", &[1]);
        finds(shares_no_attribute, "app/src/components/a.rs", "<li data-line=\"\">", &[]);
        finds(shares_no_attribute, "app/src/browser/a.rs", "MutationObserver::new(&f)", &[1]);
        finds(shares_no_attribute, "public/page/owner.js", "a.dataset.b;", &[]);
        finds(has_no_other_script, "app/boot.js", "", &[]);
        finds(has_no_other_script, "app/sparkle.js", "", &[0]);
        finds(has_no_other_script, "public/page/owner.js", "", &[]);
    }

    #[test]
    fn what_the_policy_forbids_is_found() {
        let text = "view! { <p style=\"color: red\">\n<b onclick=\"x()\" on:click=y>\n\
                    let a = b.into_any();\nview! { <i class:style=x one=\"1\">\n<b class=\"onset=\">\n";
        finds(has_nothing_inline, "app/src/components/wall.rs", text, &[1, 2, 3]);
        finds(has_nothing_inline, "app/src/browser/focus.rs", text, &[]);
    }

    #[test]
    fn what_may_panic_or_stay_is_found() {
        let text = format!(
            "let a = {}context::<A>();\n{}local! {{}}\n#[cfg(test)]\n{}rt!(a)\n",
            "expect_", "thread_", "asse"
        );
        finds(renders_without_panics, "app/src/store.rs", &text, &[1, 2]);
        finds(renders_without_panics, "app/src/browser/uploads.rs", &text, &[]);
        finds(renders_without_panics, "engine/src/ledger.rs", &text, &[]);
    }
}

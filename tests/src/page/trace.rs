//! Which script makes, moves and removes the elements of a page.
//!
//! Owns the wrappers round the browser's own functions, which are put in front of the page's scripts, and the check that
//! no element came or went by a function that is not among them. Must not decide who may do it.

use crate::browser::Browser;
use anyhow::Result;
use std::collections::BTreeSet;

/// Fills `traced` with one row for each kind of call, `caller function element`, and `untraced` with elements that came or
/// went unseen. The caller is the innermost script of the page on the stack: a script that the program calls is itself.
const TRACER: &str = r#"(() => {
  const rows = (globalThis.traced = new Set()), seen = new WeakSet();
  globalThis.untraced = [];
  const caller = () => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 60;
    const { stack } = new Error();
    Error.stackTraceLimit = limit;
    for (const line of stack.split("\n").slice(1)) {
      if (line.includes("tracer.js")) continue;
      const asset = line.match(/\/assets\/([\w.]+?)-[0-9a-f]{16}\.(js|wasm)/);
      if (asset) return `${asset[1]}.${asset[2]}`;
      if (line.includes("wasm-function")) return "studio.wasm";
      if (line.includes("/studio/")) return "boot.js";
      if (/https?:/.test(line)) return line.match(/https?:\/\/[^/]+(\/[^:?)]*)/)?.[1] ?? line.trim();
    }
    return "nobody";
  };
  const named = (it) => {
    if (!(it instanceof Element)) return "";
    const id = it.id ? `#${it.id}` : "", name = it.classList.length ? `.${it.classList[0]}` : "";
    return it.localName + name + (name ? "" : id);
  };
  const see = (it) => {
    if (it instanceof Element || it instanceof DocumentFragment) {
      if (it instanceof Element) seen.add(it);
      for (const one of it.querySelectorAll("*")) seen.add(one);
      for (const one of it.querySelectorAll("template")) see(one.content);
    }
    return it;
  };
  const note = (name, what) => rows.add(`${caller()} ${name} ${what}`);
  const wrap = (owner, name, told) => {
    const own = Object.getOwnPropertyDescriptor(owner, name);
    if (!own?.value) return;
    const wrapped = function (...all) {
      const what = told(this, all);
      for (const it of all) see(it);
      if (what !== null) note(name, what);
      const made = own.value.apply(this, all);
      see(made);
      return made;
    };
    Object.defineProperty(owner, name, { ...own, value: wrapped });
  };
  const moved = (self, all) => {
    const elements = all.flatMap((it) => it instanceof DocumentFragment ? [...it.children] : it instanceof Element ? [it] : []);
    return elements.length ? [...new Set(elements.map(named))].join(",") : null;
  };
  const emptied = (self, all) => {
    see(self);
    return moved(self, all) ?? (self.firstElementChild || self instanceof Element ? named(self) : null);
  };
  const itself = (self) => (see(self), self instanceof Element ? named(self) : null);
  for (const [owner, names, told] of [
    [Document.prototype, ["createElement", "createElementNS"], (self, all) => String(all.at(name_at(all)))],
    [Document.prototype, ["importNode", "adoptNode"], moved],
    [Document.prototype, ["write", "writeln", "execCommand"], (self, all) => String(all[0]).slice(0, 40)],
    [Document.prototype, ["append", "prepend", "replaceChildren", "moveBefore"], emptied],
    [DocumentFragment.prototype, ["append", "prepend", "replaceChildren", "moveBefore"], emptied],
    [Node.prototype, ["appendChild", "insertBefore", "replaceChild", "removeChild"], moved],
    [Node.prototype, ["cloneNode"], itself],
    [Element.prototype, ["append", "prepend", "moveBefore"], moved],
    [Element.prototype, ["replaceChildren"], emptied],
    [Element.prototype, ["before", "after"], moved],
    [Element.prototype, ["replaceWith"], (self, all) => (see(self), moved(self, all) ?? named(self))],
    [Element.prototype, ["remove"], itself],
    [Element.prototype, ["insertAdjacentElement", "attachShadow"], (self, all) => moved(self, all) ?? named(self)],
    [Element.prototype, ["insertAdjacentHTML", "setHTMLUnsafe"], itself],
    [CharacterData.prototype, ["before", "after", "replaceWith"], moved],
    [Range.prototype, ["insertNode", "surroundContents"], moved],
    [Range.prototype, ["extractContents", "deleteContents", "createContextualFragment"], () => "range"],
    [DOMParser.prototype, ["parseFromString"], () => "document"],
    [HTMLTableElement.prototype, ["insertRow", "createTBody"], itself],
    [HTMLSelectElement.prototype, ["add"], moved],
  ])
    for (const name of names) wrap(owner, name, told);
  function name_at(all) {
    return all.length > 1 && typeof all[1] === "string" ? 1 : 0;
  }
  for (const [owner, name] of [[Element.prototype, "innerHTML"], [Element.prototype, "outerHTML"], [ShadowRoot.prototype, "innerHTML"]]) {
    const own = Object.getOwnPropertyDescriptor(owner, name);
    Object.defineProperty(owner, name, {
      ...own,
      set(html) {
        note(name, named(this));
        see(this);
        const parent = this.parentNode;
        own.set.call(this, html);
        see(name === "outerHTML" ? parent : this);
        if (this instanceof HTMLTemplateElement) see(this.content);
      },
    });
  }
  for (const [owner, name] of [[Node.prototype, "textContent"], [HTMLElement.prototype, "innerText"], [HTMLElement.prototype, "outerText"]]) {
    const own = Object.getOwnPropertyDescriptor(owner, name);
    Object.defineProperty(owner, name, {
      ...own,
      set(text) {
        if (this.firstElementChild) note(name, named(this)), see(this);
        own.set.call(this, text);
      },
    });
  }
  for (const name of ["Image", "Option", "Audio"]) {
    const own = globalThis[name];
    globalThis[name] = new Proxy(own, { construct: (target, all) => (note("new", name), see(Reflect.construct(target, all))) });
  }
  addEventListener("DOMContentLoaded", () => {
    // Chromium's parser has ended: everything from here on is a script's.
    see(document.documentElement);
    new MutationObserver((changes) => {
      for (const { addedNodes, removedNodes } of changes)
        for (const node of [...addedNodes, ...removedNodes])
          if (node instanceof Element && !seen.has(node)) untraced.push(node.outerHTML.slice(0, 120));
    }).observe(document, { childList: true, subtree: true });
  });
})();
//# sourceURL=tracer.js"#;

/// Traces every page that this window opens from now on.
pub async fn begin(browser: &Browser) -> Result<()> {
    browser.before_each_page(TRACER).await
}

/// What was traced in this page: the rows, and the elements that came or went by no known function.
pub async fn traced(browser: &Browser) -> Result<(BTreeSet<String>, Vec<String>)> {
    let rows = browser.eval("[...traced]").await?;
    let untraced = browser.eval("untraced").await?;
    Ok((serde_json::from_value(rows)?, serde_json::from_value(untraced)?))
}

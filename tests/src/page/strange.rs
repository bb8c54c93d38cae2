//! What others do to the studio's document before its program comes: translators, extensions, blockers.
//!
//! Owns the scripts. Must not know what a test expects of the studio.

/// A translator: in the place of every text that may be translated comes another one, in two elements of its own, as
/// Chrome's does it. The text that was there is in no document any more.
pub const TRANSLATE: &str = "{ const all = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); while (walk.nextNode()) if (walk.currentNode.data.trim() && !walk.currentNode.parentElement.closest('script, style, textarea, template, [translate=no]')) all.push(walk.currentNode); for (const text of all) { const outer = document.createElement('font'), inner = document.createElement('font'); text.replaceWith(outer); outer.append(inner); inner.append(text.data); } document.documentElement.className = 'translated-ltr'; }";

/// The words of the only tile that waits.
pub const WAIT: &str = "document.querySelector('.tile__wait p').innerText";

/// What others do to a document before the program comes, and whether the document has to be fetched again for it.
pub const STRANGE: [(&str, &str, bool); 10] = [
    ("a translator", TRANSLATE, true),
    (
        "an element at the root's start",
        "document.getElementById('root').prepend(document.createElement('grammarly-extension'))",
        true,
    ),
    (
        "an element after the prompt",
        "document.forms[0].elements.prompt.after(document.createElement('div'))",
        true,
    ),
    (
        "an element in a label",
        "document.querySelector('label').prepend(document.createElement('i'))",
        true,
    ),
    ("a frame in the form", "document.forms[0].append(document.createElement('iframe'))", true),
    ("a blocker that removes a list", "document.querySelector('footer').remove()", true),
    ("a frame at the body's end", "document.body.append(document.createElement('iframe'))", false),
    ("an element in the head", "document.head.append(document.createElement('meta'))", false),
    (
        "attributes",
        "for (const one of document.querySelectorAll('#root *')) one.setAttribute('bis_skin_checked', '1'), one.dataset.gramm = 'false'",
        false,
    ),
    ("nothing", "0", false),
];

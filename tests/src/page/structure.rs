//! Facts that a test needs from the page's structure, because no role and no name leads to them.
//!
//! Owns every such selector and the reason for it: when the structure changes, only this file changes. Must not contain
//! anything that a role and a name can find.

use crate::browser::Browser;
use anyhow::Result;
use serde_json::Value;

/// Runs with a tile as `this`; whether the buttons of its picture are visible. The accessibility tree always contains
/// them, but they are drawn only while a mouse is over the tile: their icons have no names.
pub const ACTS_SHOW: &str = "function () { return this.querySelector('.tile__act .icon')?.checkVisibility({ visibilityProperty: true }) ?? false }";

/// Counts the tiles whose arrival is animated, in `arrivals`: not what moves on them while they wait. An animation has no
/// role.
pub const COUNT_ARRIVALS: &str = "globalThis.arrivals = 0; addEventListener('animationstart', ({ target, pseudoElement }) => { arrivals += !pseudoElement && target.matches('.tile') }); 0";

/// Opens the first picture at the moment when it has loaded, sooner than any command could reach the page.
pub const OPEN_ON_ARRIVAL: &str = "document.addEventListener('load', ({ target }) => target.dataset.url && document.querySelector('[data-open]').click(), { capture: true, once: true }); 0";

/// Runs with an example's button as `this`; whether its picture has come. A picture beside its own words has no role.
pub const EXAMPLE_IS_PAINTED: &str =
    "function () { return this.querySelector('img')?.decode().then(() => true) ?? false }";

/// What each picture of the wall is shown from: `blob:` is a smaller copy of it.
pub const SOURCES: &str =
    "[...document.querySelectorAll('[data-url]')].map(({ src }) => new URL(src).protocol)";

/// The captions of the pictures on paper. They are drawn by CSS and have no element of their own.
pub const CAPTIONS: &str = "[...document.querySelectorAll('.tile a')].filter((one) => one.checkVisibility()).map((one) => getComputedStyle(one, '::after').content.slice(1, -1))";

/// The estimate of an order's cost, in an element without a name.
pub const ESTIMATE: &str = "document.getElementById('estimate').textContent.trim()";

/// The message below the prompt, in an element without a name.
pub const NOTE: &str = "document.getElementById('note').textContent.trim()";

/// Whether the page contains any part of the consent to the device history, hidden or not.
pub const ASKS_TO_KEEP: &str = "!!document.getElementById('keep')";

/// For a frame inside a page, which the window's accessibility tree does not contain: the address of the first picture.
pub const ADDRESS: &str = "return document.querySelector('[data-url]').dataset.url";

/// For the same frame: the body of a function that waits until these pictures are on the wall, and returns their names
/// or, after the time limit, the page's text.
#[must_use]
pub fn hangs(names: &str) -> String {
    format!(
        "return new Promise((then) => {{ const look = () => {{ const all = [...document.querySelectorAll('[data-url]')].map(({{ alt }}) => alt).join(); all === '{names}' ? then(all) : setTimeout(look, 50) }}; look(); setTimeout(() => then(document.body.innerText), 15000) }})"
    )
}

/// All text that a visitor can see, hear, or read in a tooltip, in every part of the page.
pub const ALL_WORDS: &str = "document.body.innerText + [...document.querySelectorAll('*')].flatMap(e => ['alt', 'aria-label', 'title', 'placeholder'].map(name => e.getAttribute(name) ?? '')).join('\\n')";

/// Records from now on what a screen reader announces by itself, in `spoken`: changes in live regions, also in empty
/// ones, which the accessibility tree leaves out.
pub const RECORD_ANNOUNCEMENTS: &str = "void (window.spoken = [], new MutationObserver((changes) => changes.forEach(({ target }) => { const live = (target.closest ? target : target.parentElement)?.closest('[role=status], [role=alert], [aria-live]'); if (live) spoken.push(live.textContent.trim()) })).observe(document, { subtree: true, childList: true, characterData: true }))";

/// The sizes of all pictures in the edge's original bytes, once the displayed images, which may be thumbnails, are
/// decoded.
pub const ORIGINALS: &str = "Promise.all([...document.querySelectorAll('[data-url]')].map(async i => { await i.decode(); const own = await createImageBitmap(await (await fetch(i.dataset.url)).blob()); return own.width + 'x' + own.height })).then(all => all.join())";

/// Whether the studio's program has started. That does not change the look of the form.
pub const RUNS: &str = "document.getElementById('root')?.dataset.started !== undefined";

/// Keeps every node of the studio in `before`, in their order, and returns how many there are.
pub const REMEMBER_NODES: &str = "(() => { globalThis.nodes = () => { const all = [], walk = document.createTreeWalker(document.getElementById('root'), NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT | NodeFilter.SHOW_COMMENT); while (walk.nextNode()) all.push(walk.currentNode); return all }; globalThis.before = nodes(); return before.length })()";

/// The nodes that are no longer there, that have come since, or that stand in another place. The two lists that no document
/// fills get one comment each, before which the program puts what they hold: those two, alone in their lists, may come.
pub const CHANGED_NODES: &str = "(() => { const now = nodes(), ends = ['#references', '.wall'].map((list) => document.querySelector(list).childNodes).filter((all) => all.length === 1 && all[0].nodeType === Node.COMMENT_NODE && all[0].data === '').map(([end]) => end), own = now.filter((node) => !ends.includes(node)), told = (what) => (node) => `${what} ${node.outerHTML ?? JSON.stringify(node.data)} in ${(node.parentNode?.outerHTML ?? '').slice(0, 120)}`; const lost = before.filter((node) => !now.includes(node)).map(told('lost')), more = own.filter((node) => !before.includes(node)).map(told('new')); return lost.length || more.length ? [...lost, ...more].slice(0, 8) : own.filter((node, at) => node !== before[at]).slice(0, 8).map(told('moved')) })()";

/// What the form would send, by the names of its controls.
pub const FORM: &str = "Object.fromEntries(new FormData(document.forms[0]))";

/// What is said while the program has not come, in a line without a name.
pub const EARLY_WORDS: &str = "document.getElementById('early').textContent.trim()";

/// Whether the program could not take over the document, and has taken over another one that was fetched for it.
pub const FETCHED_AGAIN: &str = "Boolean(globalThis.easel?.fresh)";

/// Whether what is said of the studio itself is within the window, and nothing lies on it. Scrolling has no role.
pub const NOTICE_IS_IN_SIGHT: &str = "['broken', 'stopped', 'note'].map((id) => document.getElementById(id)).some((one) => { const { left, right, top, bottom, height } = one.getBoundingClientRect(); return height > 0 && top >= 0 && bottom <= innerHeight && document.elementFromPoint((left + right) / 2, (top + bottom) / 2) === one })";

/// The height of the selection bar, in an element without a name.
pub const SELECTION_BAR_HEIGHT: &str = "document.getElementById('manage').offsetHeight";

/// For the frame of a page: where in it ends what the form says.
pub const NOTICE_BOTTOM: &str =
    "return document.getElementById('note').getBoundingClientRect().bottom";

/// Whether any of the prompt's field is within the window.
pub const PROMPT_IS_IN_SIGHT: &str =
    "document.getElementById('prompt').getBoundingClientRect().bottom > 0";

/// The visitor's allowance, in an element without a name.
pub const ALLOWANCE: &str = "document.getElementById('left').innerText.trim()";

/// Every problem card, also those on rows that are not laid out: its headline and the prompt to which it belongs.
pub const PROBLEMS: &str = "[...document.querySelectorAll('.problem')].map((card) => [card.querySelector('h2'), card.querySelector('.problem__prompt')].map((part) => part.textContent))";

/// The colour of the dot that marks the selected choice. It is drawn by CSS and has no element of its own.
pub const CHOSEN_DOT: &str = "getComputedStyle(document.querySelector('.choice__one:has(:checked)'), '::after').backgroundColor";

/// Whether a selected choice has another colour than one that is not selected. The radio itself is not drawn.
pub const CHOICES_DIFFER: &str = "new Set([':has(:checked)', ':not(:has(:checked))'].map((state) => getComputedStyle(document.querySelector(`.choice__one${state}`)).color)).size === 2";

/// The field for choosing files. Chromium's query does not find such a button by its name, although a screen reader
/// does.
pub const FILES: &str = "input[type=file]";

/// Records in `seen`, frame by frame and from the first preview on, which pictures were in the first place of the wall,
/// and whether none was visible at any time. A picture under another one has no role.
pub const WATCH_FIRST_PLACE: &str = "(() => {
  const seen = window.seen = { shown: [], bare: 0 };
  const look = () => {
    const all = [...document.querySelectorAll('[data-place=\"1-0\"] img')];
    const visible = all.filter((i) => i.complete && i.naturalWidth && getComputedStyle(i).opacity > 0);
    if (seen.shown.length && !visible.length) seen.bare++;
    for (const { src } of visible) if (!seen.shown.includes(src)) seen.shown.push(src);
    requestAnimationFrame(look);
  };
  look();
})()";

/// Elements on a tile that are cut off or whose content overflows: the body of a function for the frame of a page.
pub const CUT_ON_TILES: &str = "return [...document.querySelectorAll('.tile__bar')].flatMap((bar) => {
    const tile = bar.parentNode.getBoundingClientRect();
    const parts = [...bar.children, ...bar.parentNode.querySelectorAll('.tile__cost')].filter((part) => part.getClientRects().length);
    return parts.filter((part) => {
        const box = part.getBoundingClientRect();
        const inside = box.left >= tile.left && box.right <= tile.right && box.top >= tile.top && box.bottom <= tile.bottom;
        return !inside || part.scrollWidth > part.clientWidth || part.scrollHeight > part.clientHeight;
    }).map((part) => part.outerHTML.slice(0, 90));
})";

/// For the same frame: what is in the prompt.
pub const PROMPT: &str = "return document.getElementById('prompt').value";

/// For the same frame: types a text into the prompt.
#[must_use]
pub fn type_prompt(text: &str) -> String {
    format!(
        "const prompt = document.getElementById('prompt'); prompt.value = {}; prompt.dispatchEvent(new Event('input', {{ bubbles: true }}))",
        serde_json::json!(text)
    )
}

/// Where the first parts of a page stand, early and late.
const PLACES: &str = "(async () => {
  const [head, ...rest] = DOCUMENT.split(/(?<=<\\/header>|<\\/h1>)/);
  document.open();
  document.write(head);
  const style = document.querySelector('link[rel=stylesheet]');
  if (!style.sheet) await new Promise((then) => style.addEventListener('load', then));
  const parts = [...document.body.querySelectorAll('*:not(:has(*), svg *)')];
  const places = () => parts.map((part) => part.getBoundingClientRect()).map(({ left, top }) => [left, top]);
  const early = places();
  document.write(rest.join(''));
  document.close();
  return [early, places()];
})()";

/// Shows a page's document in two pieces, cut after its header, or after its title where it has none. Where the parts of the
/// first piece stand, in pixels from the left and from the top: after the first piece, and after the second.
pub async fn places_in_two_pieces(browser: &Browser, document: &str) -> Result<Value> {
    browser.eval(&PLACES.replace("DOCUMENT", &Value::from(document).to_string())).await
}

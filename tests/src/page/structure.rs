//! What a test needs of the page's structure, because no role and no name leads there.
//!
//! Owns every such selector and why it is needed: a rebuilt page changes this file alone. Must not hold what a role and a
//! name find.

/// A style sheet under which the browser itself lays the whole wall out, also the rows that the studio leaves out. No person
/// can ask for that: it is what a test compares the shortened wall with.
pub const WHOLE_WALL: &str = "#gallery .room { display: none !important } .gallery .tile[data-far] { display: list-item !important } .gallery .wall::after { content: \"\" !important }";

/// Runs with a tile as `this`; whether what can be done with its picture can be seen. A screen reader is always told of it,
/// an eye only while a mouse rests there: the icons have no names.
pub const ACTS_SHOW: &str =
    "function () { return this.querySelector('.tile__act .icon')?.checkVisibility() ?? false }";

/// Counts the tiles whose arrival is shown by movement, in `arrivals`. Movement has no role.
pub const COUNT_ARRIVALS: &str = "globalThis.arrivals = 0; addEventListener('animationstart', ({ target }) => { arrivals += target.matches('.tile') }); 0";

/// Presses the first idea that hangs on the empty wall. It is drawn for the eye alone and hidden from screen readers, who
/// have the same ideas in a list.
pub const PRESS_IDEA: &str = "document.querySelector('.frame span').click()";

/// Whether those ideas are drawn.
pub const IDEAS_HANG: &str = "document.querySelector('.frames').checkVisibility()";

/// Opens the first picture in the very moment in which it has come, sooner than any command could reach the page.
pub const OPEN_ON_ARRIVAL: &str = "document.addEventListener('load', ({ target }) => target.dataset.url && document.querySelector('[data-open]').click(), { capture: true, once: true }); 0";

/// What an order would cost, in its own line without a name.
pub const ESTIMATE: &str = "document.getElementById('estimate').textContent";

/// What is said below the prompt, in its own line without a name.
pub const NOTE: &str = "document.getElementById('note').textContent";

/// Whether anything of the place where a visitor says yes to keeping is in the page, hidden or not.
pub const ASKS_TO_KEEP: &str = "!!document.getElementById('keep')";

/// Moves the end of the edge's time for the picture whose image is `this` into the past. Real time would have to pass: the
/// end is the edge's word, and a page whose clock were set ahead would hold it for that of all pictures.
pub const AGE: &str =
    "function () { this.dataset.facts = this.dataset.facts.replace(/\\d{13}/, '1795343000000') }";

/// Inside a frame of a page, where the accessibility tree of the window does not reach: the address of the first picture.
pub const ADDRESS: &str = "return document.querySelector('[data-url]').dataset.url";

/// The same: the body of a function that waits until these pictures hang, and tells their names or, at last, all text.
#[must_use]
pub fn hangs(names: &str) -> String {
    format!(
        "return new Promise((then) => {{ const look = () => {{ const all = [...document.querySelectorAll('[data-url]')].map(({{ alt }}) => alt).join(); all === '{names}' ? then(all) : setTimeout(look, 50) }}; look(); setTimeout(() => then(document.body.innerText), 15000) }})"
    )
}

/// All that somebody sees, hears or is told by a pointer, whichever part of the page says it.
pub const ALL_WORDS: &str = "document.body.innerText + [...document.querySelectorAll('*')].flatMap(e => ['alt', 'aria-label', 'title', 'placeholder'].map(name => e.getAttribute(name) ?? '')).join('\\n')";

/// Records from now on what a screen reader speaks by itself, in `spoken`: changes within live regions, empty ones too, which
/// the accessibility tree leaves out.
pub const HEAR: &str = "void (window.spoken = [], new MutationObserver((changes) => changes.forEach(({ target }) => { const live = (target.closest ? target : target.parentElement)?.closest('[role=status], [role=alert], [aria-live]'); if (live) spoken.push(live.textContent.trim()) })).observe(document, { subtree: true, childList: true, characterData: true }))";

/// The sides of all pictures as the edge's own bytes have them, once what hangs has been decoded: that may be a copy already.
pub const ORIGINALS: &str = "Promise.all([...document.querySelectorAll('[data-url]')].map(async i => { await i.decode(); const own = await createImageBitmap(await (await fetch(i.dataset.url)).blob()); return own.width + 'x' + own.height })).then(all => all.join())";

/// Whether the studio's program runs. Nothing of the form looks different then.
pub const RUNS: &str = "'ready' in document.getElementById('composer').dataset";

/// How many pictures the visitor has left, in its own line without a name.
pub const LEFT: &str = "document.getElementById('left').innerText";

/// Every card of a problem, also those on rows that are not laid out: its headline and the description it belongs to.
pub const PROBLEMS: &str = "[...document.querySelectorAll('.problem')].map((card) => [card.querySelector('h2'), card.querySelector('.problem__prompt')].map((part) => part.textContent))";

/// The colour of the dot that marks what is chosen. It is drawn, and no part of the page.
pub const CHOSEN_DOT: &str = "getComputedStyle(document.querySelector('.choice__one:has(:checked)'), '::after').backgroundColor";

/// Whether a choice that is taken has another colour than one that is not. The radio itself is not drawn.
pub const CHOICES_DIFFER: &str = "new Set([':has(:checked)', ':not(:has(:checked))'].map((state) => getComputedStyle(document.querySelector(`.choice__one${state}`)).color)).size === 2";

/// Where files are chosen. Chromium's query does not find such a button by its name, though a screen reader does.
pub const FILES: &str = "input[type=file]";

/// Watches the first place of the wall, frame by frame, from its first preview on, in `seen`: which pictures lay there, and
/// whether there ever was none that could be seen. What lies under another picture has no role.
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

/// What lies on a tile and is cut, or holds more than it shows: the body of a function for the frame of a page.
pub const CUT_ON_TILES: &str = "return [...document.querySelectorAll('.tile__bar')].flatMap((bar) => {
    const tile = bar.parentNode.getBoundingClientRect();
    const parts = [...bar.children, ...bar.parentNode.querySelectorAll('.tile__cost')].filter((part) => part.getClientRects().length);
    return parts.filter((part) => {
        const box = part.getBoundingClientRect();
        const inside = box.left >= tile.left && box.right <= tile.right && box.top >= tile.top && box.bottom <= tile.bottom;
        return !inside || part.scrollWidth > part.clientWidth || part.scrollHeight > part.clientHeight;
    }).map((part) => part.outerHTML.slice(0, 90));
})";

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

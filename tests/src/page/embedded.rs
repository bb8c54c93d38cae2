//! A studio within somebody's page: the element, and the frame that the loader puts into it.
//!
//! Owns how both are found from the page round them. What is in the frame belongs to the other page objects; must not assert
//! what owners may rely on: that is each test's.

use crate::browser::Browser;
use anyhow::Result;

/// Defines in a page how tests find what is embedded there: `studios()`, and by its place, which is 0 unless it is said,
/// `studio(at)`, its frame `inside(at)`, and whether it has the whole window, `modal(at)`. `own(id)` is a part of a page that
/// the test itself has written round the studio.
pub const FIND: &str = "
window.studios = () => [...document.querySelectorAll('easel-studio')];
window.studio = (at = 0) => studios()[at];
window.inside = (at = 0) => studio(at)?.shadowRoot?.querySelector('iframe') ?? null;
window.modal = (at = 0) => inside(at)?.parentNode.matches(':modal') ?? false;
window.own = (id) => document.getElementById(id);
";

/// How many frames the first studio holds; the functions of [`FIND`] know of one.
pub const FRAMES: &str = "studio().shadowRoot.querySelectorAll('iframe').length";

/// Ends when what moves and will come to rest has done so, in the page and in those of its frames that it may look into, and
/// was painted.
pub const REST: &str = "(async () => {
    const frames = [...document.querySelectorAll('easel-studio')].map((one) => one.shadowRoot?.querySelector('iframe')?.contentDocument);
    const moving = [document, ...frames].flatMap((one) => one?.getAnimations() ?? []).filter((one) => one.effect.getComputedTiming().endTime < Infinity);
    await Promise.all(moving.map((one) => one.finished.catch(() => 0)));
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
})()";

/// Whether the studio in the frame at a place knows that it has the whole window. Its page is of the same origin.
#[must_use]
pub fn knows_that_it_is_open(at: usize) -> String {
    format!("inside({at}).contentDocument.documentElement.hasAttribute('data-expanded')")
}

/// Defines the functions of [`FIND`] in the page of a window that did not bring them.
pub async fn find(browser: &Browser) -> Result<()> {
    browser.eval(&format!("{{ {FIND} }}; 0")).await.map(drop)
}

//! An embedded studio: the element in an owner's page, and the frame that the loader puts into it.
//!
//! Owns how both are found from the page around them. The content of the frame belongs to the other page objects. Must
//! not assert what owners may rely on: each test does that.

use crate::browser::Browser;
use anyhow::Result;

/// Defines functions in a page by which tests find the embedded studios: `studios()`, and by its index, which is 0 by
/// default, `studio(at)`, its frame `inside(at)`, and whether it covers the whole window, `modal(at)`. `own(id)` is a
/// part of a page that the test itself has written around the studio.
pub const FIND: &str = "
window.studios = () => [...document.querySelectorAll('easel-studio')];
window.studio = (at = 0) => studios()[at];
window.inside = (at = 0) => studio(at)?.shadowRoot?.querySelector('iframe') ?? null;
window.modal = (at = 0) => inside(at)?.parentNode.matches(':modal') ?? false;
window.own = (id) => document.getElementById(id);
";

/// For the page around a studio at an index: `frame` if the frame is shown, the words of the element's children if they
/// are, else nothing.
#[must_use]
pub fn shown(at: usize) -> String {
    format!(
        "(() => {{ const frame = inside({at}), seen = frame?.checkVisibility({{ opacityProperty: true }}) ?? false; return seen ? 'frame' : studio({at}).shadowRoot?.querySelector('slot').inert ? '' : studio({at}).innerText.trim() }})()"
    )
}

/// The number of frames in the first studio; the functions of [`FIND`] assume one.
pub const FRAMES: &str = "studio().shadowRoot.querySelectorAll('iframe').length";

/// Resolves when all finite animations in the page and in its accessible frames have ended and a frame was painted.
pub const REST: &str = "(async () => {
    const frames = [...document.querySelectorAll('easel-studio')].map((one) => one.shadowRoot?.querySelector('iframe')?.contentDocument);
    const moving = [document, ...frames].flatMap((one) => one?.getAnimations() ?? []).filter((one) => one.effect.getComputedTiming().endTime < Infinity);
    await Promise.all(moving.map((one) => one.finished.catch(() => 0)));
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
})()";

/// Whether the studio in the frame at an index knows that it covers the whole window. The page must be of the same
/// origin.
#[must_use]
pub fn knows_that_it_is_open(at: usize) -> String {
    format!("inside({at}).contentDocument.documentElement.hasAttribute('data-expanded')")
}

/// Defines the functions of [`FIND`] in a window's page that does not define them.
pub async fn find(browser: &Browser) -> Result<()> {
    browser.eval(&format!("{{ {FIND} }}; 0")).await.map(drop)
}

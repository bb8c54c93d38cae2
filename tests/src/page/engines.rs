//! What the steps in Firefox and WebKit read from a page, where no driver tells it.
//!
//! Owns these expressions. `window` is named where something is kept: Firefox gives each script a global of its own. Must
//! not contain what a role and a name can find.

/// Records in `wrong` what goes wrong in a frame from now on: errors, rejections, and what its policy refuses.
pub const FRAME_ERRORS: &str = "(() => {
    const wrong = (window.wrong = []);
    // A change of the wall's size that is told one frame later is no fault.
    const late = 'ResizeObserver loop completed with undelivered notifications.';
    window.addEventListener('error', (event) => event.message === late || wrong.push(`error: ${event.message ?? event.target?.src ?? event.target?.href}`), true);
    window.addEventListener('unhandledrejection', ({ reason }) => wrong.push(`rejected: ${reason}`));
    document.addEventListener('securitypolicyviolation', (event) => wrong.push(`refused: ${event.violatedDirective} ${event.blockedURI}`));
    return true;
})()";

/// A function: the sides of an image's own pixels, once it is there; of a picture on the wall, whose place a thumbnail
/// may have taken, those of its original.
pub const SIDES: &str = "async (image) => {
    await image.decode();
    const original = image.dataset.url && await createImageBitmap(await (await fetch(image.dataset.url)).blob());
    return original ? `${original.width}x${original.height}` : `${image.naturalWidth}x${image.naturalHeight}`;
}";

/// A function: whether an image is a thumbnail that the browser painted.
pub const IS_THUMBNAIL: &str = "(image) => image.naturalWidth > 0 && image.src.startsWith('blob:')";

/// Records in `painted` from now on whether the image worker, which is started for the first picture, has answered with a
/// picture, each time.
pub const RECORD_WORKER: &str = "(() => {
    const answers = (window.painted = []), Real = window.Worker;
    window.Worker = function (script) {
        const worker = new Real(script);
        worker.addEventListener('message', ({ data }) => answers.push(String(data[1]) === '[object Blob]'));
        return worker;
    };
    return true;
})()";

/// A function: whether an image is the edge's own, and not a copy that the browser painted.
pub const IS_ORIGINAL: &str =
    "(image) => image.naturalWidth > 0 && new URL(image.src).pathname.startsWith('/v1/jobs/')";

/// The text of the prompt.
pub const PROMPT: &str = "document.querySelector('textarea').value";

/// Whether the focus is in a dialog, or nowhere in the page.
pub const DIALOG_HOLDS_FOCUS: &str =
    "document.activeElement === document.body || document.activeElement.closest('dialog') !== null";

/// A function: whether a visitor can reach an element: it is laid out, and in the modal dialog if one is open, be it the
/// browser's own kind or one that covers the page by its style. A closed dialog, and what lies behind an open one, may
/// have their roles and names too.
pub const IS_WITHIN_REACH: &str =
    "(element) => element.checkVisibility({ visibilityProperty: true })
    && [...document.querySelectorAll('dialog:modal, dialog[open][aria-modal=true]')].every((dialog) => dialog.contains(element))";

/// A selector of the lists of options.
pub const LISTS: &str = "select";

/// A function: the labels of a list's options, in their order.
pub const OPTIONS: &str = "(list) => [...list.options].map((one) => one.label.trim())";

/// A function: the label of a radio or a checkbox.
pub const LABEL: &str =
    "(element) => ['radio', 'checkbox'].includes(element.type) ? element.labels[0] : null";

/// Whether nothing is wider than the window, and nothing moves.
pub const FITS: &str = "document.documentElement.scrollWidth <= innerWidth
    && document.getAnimations().every((one) => one.effect.getComputedTiming().endTime === Infinity || one.playState === 'finished')";

//! The time: now, later, and as a clock on the visitor's wall shows it.

use contract::time::Timestamp;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// Milliseconds since 1970, by the visitor's clock.
pub(crate) fn now() -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the casts saturate, and milliseconds since 1970 fit"
    )]
    let now = js_sys::Date::now() as u64;
    now
}

/// Does something once, after so many milliseconds.
pub(crate) fn later(ms: u32, then: Box<dyn FnOnce()>) {
    let then = Closure::once_into_js(then);
    if let Some(window) = web_sys::window() {
        let ms = i32::try_from(ms).unwrap_or(i32::MAX);
        // Fails only for a callback that is no function.
        drop(
            window.set_timeout_with_callback_and_timeout_and_arguments_0(then.unchecked_ref(), ms),
        );
    }
}

/// Hour and minute of a time in the visitor's zone.
pub(crate) fn of_day(time: Timestamp) -> (u32, u32) {
    #[expect(clippy::cast_precision_loss, reason = "a date has 52 bits at most")]
    let date = js_sys::Date::new(&JsValue::from_f64(time.0 as f64));
    (date.get_hours(), date.get_minutes())
}

//! Time: the current one, timers, and times of day in the visitor's time zone.

use contract::time::Timestamp;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

thread_local! {
    /// What the visitor's clock said when the document began, or when it was first asked.
    static BEGAN: f64 = js_sys::Date::now() - since_began().unwrap_or_default();
}

/// Milliseconds since 1970, by what the visitor's clock said when the document began. It goes on at its own pace from then on: a
/// clock that is set meanwhile makes no wait longer or shorter.
pub(crate) fn now() -> u64 {
    whole(since_began().map_or_else(js_sys::Date::now, |ms| BEGAN.with(|began| began + ms)))
}

fn since_began() -> Option<f64> {
    Some(web_sys::window()?.performance()?.now())
}

/// The time that an HTTP date tells.
pub(crate) fn read(date: &str) -> Option<u64> {
    Some(js_sys::Date::parse(date)).filter(|ms| ms.is_finite()).map(whole)
}

fn whole(ms: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the casts saturate, and milliseconds since 1970 fit"
    )]
    let ms = ms as u64;
    ms
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

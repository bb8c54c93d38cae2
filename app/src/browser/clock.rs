//! Time: the current one, timers, idle moments, and times of day in the visitor's time zone.

use contract::time::Timestamp;
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdleRequestOptions, Window};

/// The longest wait for an idle moment, in milliseconds.
const IDLE_MS: u32 = 2000;

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

/// Waits until the browser has painted what has just changed. Nothing is painted of a document that is not seen.
pub(super) async fn painted() {
    called(&|window, then| window.request_animation_frame(then).is_ok()).await;
    // It calls before it paints.
    called(&|window, then| window.set_timeout_with_callback(then).is_ok()).await;
}

/// Waits until the browser has nothing else to do.
pub(super) async fn idle() {
    let options = IdleRequestOptions::new();
    options.set_timeout(IDLE_MS);
    // Not every browser tells when it is idle.
    called(&|window, then| window.request_idle_callback_with_options(then, &options).is_ok()).await;
}

/// Waits until the window calls what it is given; not at all if `ask` says that it will not.
async fn called(ask: &dyn Fn(&Window, &Function) -> bool) {
    let promise = Promise::new(&mut |resolve, _| {
        if !web_sys::window().is_some_and(|window| ask(&window, &resolve)) {
            // A promise's own function does not throw.
            drop(resolve.call0(&JsValue::UNDEFINED));
        }
    });
    // It is never rejected.
    drop(JsFuture::from(promise).await);
}

/// Hour and minute of a time in the visitor's zone.
pub(crate) fn of_day(time: Timestamp) -> (u32, u32) {
    #[expect(clippy::cast_precision_loss, reason = "a date has 52 bits at most")]
    let date = js_sys::Date::new(&JsValue::from_f64(time.0 as f64));
    (date.get_hours(), date.get_minutes())
}

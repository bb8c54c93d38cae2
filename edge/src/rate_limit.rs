//! The platform's rate limit, which stands before the Ledger: a request above it costs no call and no row.
//!
//! Owns the names of the bindings in `wrangler.jsonc`, which holds the numbers. Must not refuse anybody if the platform
//! does not answer: the Ledger's own limits still hold.

use crate::{failure::Failure, js, setup};
use engine::config::site::Site;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use worker::{Env, console_error};

/// Requests for sessions, new or renewed.
pub(crate) const SESSIONS: &str = "SESSIONS_RATE";
/// Orders.
pub(crate) const JOBS: &str = "JOBS_RATE";

thread_local! {
    /// The bindings whose failure this instance has logged.
    static LOGGED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Counts a request of a network, and refuses it above the limit, on sites that have one.
pub(crate) async fn pass(
    env: &Env,
    site: &Site,
    binding: &'static str,
    network: &str,
) -> Result<(), Failure> {
    if !site.network.rate_limit {
        return Ok(());
    }
    match is_within(env, binding, network).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(Failure::rate_limited()),
        Err(reason) => {
            if is_new(binding) {
                console_error!("rate_limit.missing binding={binding} reason={reason:?}");
            }
            Ok(())
        }
    }
}

/// Whether no failure of this binding was logged yet: without the platform every request would log one.
fn is_new(binding: &'static str) -> bool {
    LOGGED.with_borrow_mut(|logged| {
        let is_new = !logged.contains(&binding);
        if is_new {
            logged.push(binding);
        }
        is_new
    })
}

async fn is_within(env: &Env, binding: &str, network: &str) -> Result<bool, JsValue> {
    let limit = setup::binding(env, binding).ok_or("wrangler.jsonc has no such binding")?;
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"key".into(), &network.into())?;
    let counted = limit.unchecked_into::<js::RateLimit>().limit(&options)?;
    let outcome = JsFuture::from(counted).await?;
    let success = js_sys::Reflect::get(&outcome, &"success".into())?;
    Ok(success.as_bool().ok_or("the platform's answer has no success")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_failure_of_each_binding_is_logged_once() {
        let logged = [SESSIONS, JOBS, SESSIONS, JOBS].map(is_new);
        assert_eq!(logged, [true, true, false, false]);
    }
}

//! The edge's configuration and secrets, read from its environment once per instance.
//!
//! Owns the names of variables and secrets. Must not pass a secret to anything but the function that needs it.

use engine::{
    config::{Config, ConfigError, gateway::Gateway},
    secret::{GatewayKey, OperatorToken, SigningKeys, TurnstileSecret},
};
use std::{cell::OnceCell, rc::Rc};
use wasm_bindgen::JsValue;
use worker::{Env, console_error};

/// The configuration and secrets that every request needs.
pub(crate) struct Setup {
    /// The checked configuration.
    pub(crate) config: Config,
    /// The keys that sign session tokens.
    pub(crate) keys: SigningKeys,
    /// Whether `serve` runs the edge with the sandbox as its gateway. The studio displays it; nothing else depends on it.
    pub(crate) sandbox: bool,
}

thread_local! {
    static SETUP: OnceCell<Option<Rc<Setup>>> = const { OnceCell::new() };
}

/// The setup; `None` if it is invalid, which closes the edge. The reason is logged.
pub(crate) fn get(env: &Env) -> Option<Rc<Setup>> {
    SETUP.with(|cell| {
        cell.get_or_init(|| match read(env) {
            Ok(setup) => Some(Rc::new(setup)),
            Err(error) => {
                console_error!("configuration.invalid reason={error}");
                None
            }
        })
        .clone()
    })
}

/// The gateway's key, for the requests that carry it.
pub(crate) fn gateway_key(env: &Env, gateway: &Gateway) -> Result<GatewayKey, ConfigError> {
    let name = gateway.dialect.key_name;
    GatewayKey::read(name, secret(env, name))
}

/// The challenge's secret key, for the one request that carries it.
pub(crate) fn turnstile_secret(env: &Env, locally: bool) -> Result<TurnstileSecret, ConfigError> {
    TurnstileSecret::read(secret(env, TurnstileSecret::NAME), locally)
}

/// The operator's token; without one the operator's paths stay closed.
pub(crate) fn operator_token(env: &Env) -> Option<OperatorToken> {
    OperatorToken::read(secret(env, OperatorToken::NAME).as_deref())
}

fn read(env: &Env) -> Result<Setup, ConfigError> {
    let edge = json(env, "EASEL").unwrap_or_default();
    let sites: Vec<_> = Config::site_ids(&edge)?
        .into_iter()
        .filter_map(|id| json(env, &["EASEL_SITE_", &id].concat()).map(|text| (id, text)))
        .collect();
    let config = Config::from_parts(&edge, &sites)?;
    let keys = SigningKeys::read(secret(env, SigningKeys::NAME))?;
    // A missing key closes the edge at its start, and not only at the first picture.
    gateway_key(env, &config.gateway)?;
    for challenge in config.sites.iter().filter_map(|site| site.challenge.as_ref()) {
        turnstile_secret(env, challenge.is_local())?;
    }
    let sandbox = secret(env, "EASEL_SANDBOX").is_some_and(|flag| flag == "true");
    Ok(Setup { config, keys, sandbox })
}

/// A variable as JSON text. `worker`'s own conversion would ignore unknown fields.
fn json(env: &Env, name: &str) -> Option<String> {
    let value = binding(env, name)?;
    value.as_string().or_else(|| js_sys::JSON::stringify(&value).ok()?.as_string())
}

/// A variable as text.
#[cfg(feature = "clock")]
pub(crate) fn text(env: &Env, name: &str) -> Option<String> {
    binding(env, name)?.as_string()
}

fn secret(env: &Env, name: &str) -> Option<String> {
    binding(env, name)?.as_string()
}

/// A binding, if there is one of that name.
pub(crate) fn binding(env: &Env, name: &str) -> Option<JsValue> {
    js_sys::Reflect::get(env, &JsValue::from_str(name))
        .ok()
        .filter(|value| !value.is_undefined() && !value.is_null())
}

//! `IndexedDB`'s requests and transactions as futures, by web-sys: a library above it weighs more than the few calls here.
//!
//! Owns how an event becomes a result, and which failure an exception's name is. Must not know what is stored.

use crate::state::device_history::DeviceFailure;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    IdbDatabase, IdbObjectStore, IdbObjectStoreParameters, IdbOpenDbRequest, IdbRequest,
    IdbTransactionMode, IdbVersionChangeEvent,
};

/// A database: its name, its one store, the member that is a row's key, and its form.
pub(super) struct Form<'a> {
    pub name: &'a str,
    pub store: &'a str,
    pub key: &'a str,
    pub version: u32,
}

/// Which failure an exception is.
pub(super) fn failure(exception: &JsValue) -> DeviceFailure {
    let name = Reflect::get(exception, &"name".into()).ok().and_then(|name| name.as_string());
    match name.as_deref() {
        // The browser undoes a change of the form that it cannot write.
        Some("QuotaExceededError" | "AbortError") => DeviceFailure::Full,
        Some("VersionError") => DeviceFailure::Newer,
        _ => DeviceFailure::Refused,
    }
}

/// Opens a database in its form, for which it makes the store where there is none. `blocked` is called if another tab has
/// to close it first; the answer then comes when that has happened.
pub(super) async fn open(
    form: &Form<'_>,
    blocked: impl Fn() + 'static,
) -> Result<IdbDatabase, DeviceFailure> {
    let factory = factory()?;
    let asked = factory.open_with_u32(form.name, form.version);
    let asked = asked.map_err(|error| failure(&error))?;
    let (store, key) = (form.store.to_owned(), form.key.to_owned());
    let upgrade = {
        let asked = asked.clone();
        // A database that cannot be made ready is not there: its transaction fails, and the request with it.
        move |_: IdbVersionChangeEvent| drop(make_store(&asked, &store, &key))
    };
    let upgrade = Closure::once(upgrade);
    let blocked = Closure::wrap(Box::new(move |_: JsValue| blocked()) as Box<dyn Fn(JsValue)>);
    asked.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    asked.set_onblocked(Some(blocked.as_ref().unchecked_ref()));
    answer(&asked).await.map(JsCast::unchecked_into)
}

/// Opens a database in whatever form it has. One that is not there is not made.
pub(super) async fn open_as_it_is(name: &str) -> Result<IdbDatabase, DeviceFailure> {
    let asked = factory()?.open(name).map_err(|error| failure(&error))?;
    let none = {
        let asked = asked.clone();
        Closure::once(move |_: JsValue| {
            if let Some(transaction) = asked.transaction() {
                // Fails only for a transaction that is over.
                drop(transaction.abort());
            }
        })
    };
    asked.set_onupgradeneeded(Some(none.as_ref().unchecked_ref()));
    answer(&asked).await.map(JsCast::unchecked_into)
}

/// Deletes a database. Whoever still has it open is told to close it.
pub(super) fn delete(name: &str) {
    if let Ok(factory) = factory() {
        // It was there a moment ago.
        drop(factory.delete_database(name));
    }
}

fn factory() -> Result<web_sys::IdbFactory, DeviceFailure> {
    let window = web_sys::window().ok_or(DeviceFailure::Refused)?;
    window.indexed_db().map_err(|error| failure(&error))?.ok_or(DeviceFailure::Refused)
}

fn make_store(asked: &IdbOpenDbRequest, store: &str, key: &str) -> Result<(), JsValue> {
    let database = asked.result()?.unchecked_into::<IdbDatabase>();
    if !database.object_store_names().contains(store) {
        let parameters = IdbObjectStoreParameters::new();
        parameters.set_key_path(&key.into());
        database.create_object_store_with_optional_parameters(store, &parameters)?;
    }
    Ok(())
}

/// Does something with a store; it is done when it is on the disk.
pub(super) async fn transact(
    database: &IdbDatabase,
    store: &str,
    mode: IdbTransactionMode,
    act: impl FnOnce(&IdbObjectStore) -> Result<Option<IdbRequest>, JsValue>,
) -> Result<JsValue, DeviceFailure> {
    let begun = database.transaction_with_str_and_mode(store, mode);
    let transaction = begun.map_err(|error| failure(&error))?;
    let all = transaction.object_store(store).map_err(|error| failure(&error))?;
    let asked = act(&all).map_err(|error| failure(&error))?;
    let ended = promise(|resolve, reject| {
        transaction.set_oncomplete(Some(resolve));
        transaction.set_onabort(Some(reject));
    });
    if JsFuture::from(ended).await.is_err() {
        let why = transaction.error().map(JsValue::from).unwrap_or_default();
        return Err(failure(&why));
    }
    Ok(asked.and_then(|asked| asked.result().ok()).unwrap_or_default())
}

/// The answer to a request.
async fn answer(asked: &IdbRequest) -> Result<JsValue, DeviceFailure> {
    let answered = promise(|resolve, reject| {
        asked.set_onsuccess(Some(resolve));
        asked.set_onerror(Some(reject));
    });
    if JsFuture::from(answered).await.is_ok() {
        asked.result().map_err(|error| failure(&error))
    } else {
        let why = asked.error().ok().flatten().map(JsValue::from).unwrap_or_default();
        Err(failure(&why))
    }
}

fn promise(mut listen: impl FnMut(&Function, &Function)) -> Promise {
    Promise::new(&mut |resolve, reject| listen(&resolve, &reject))
}

//! Bindings to APIs of the runtime that `worker` does not bind, or binds too expensively.
//!
//! Owns these bindings, each with the reason for it. Must not hold logic.
//!
//! Decision: docs/decisions/2026-11-29-bindings-only-for-what-worker-lacks.md.

use js_sys::{ArrayBuffer, Promise};
use std::panic::AssertUnwindSafe;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

#[wasm_bindgen]
extern "C" {
    /// A `TransformStream` with back-pressure: a write resolves when its chunk was read, and is rejected once the reader
    /// has cancelled. `worker` does not bind it.
    #[wasm_bindgen(extends = web_sys::TransformStream)]
    pub(crate) type IdentityTransformStream;

    #[wasm_bindgen(constructor, catch)]
    pub(crate) fn identity() -> Result<IdentityTransformStream, JsValue>;

    /// A stream's reader that waits for a number of bytes. `worker` does not bind `readAtLeast`.
    pub(crate) type ReaderOfAtLeast;

    #[wasm_bindgen(method, js_name = readAtLeast)]
    pub(crate) fn read_at_least(
        this: &ReaderOfAtLeast,
        bytes: u32,
        view: &js_sys::Uint8Array,
    ) -> js_sys::Promise;

    /// Bytes that the runtime encodes as base64. `js-sys` does not bind `toBase64`.
    pub(crate) type ToBase64;

    #[wasm_bindgen(method, js_name = toBase64)]
    pub(crate) fn to_base64(this: &ToBase64) -> js_sys::JsString;

    /// Encodes a string of the runtime as bytes, outside of the program's memory: `web-sys` would copy the string into it
    /// first.
    pub(crate) type TextEncoder;

    #[wasm_bindgen(constructor, catch)]
    pub(crate) fn new() -> Result<TextEncoder, JsValue>;

    #[wasm_bindgen(method)]
    pub(crate) fn encode(this: &TextEncoder, text: &js_sys::JsString) -> js_sys::Uint8Array;

    /// A Durable Object's storage, for its one transaction. `worker` has only an asynchronous one.
    pub(crate) type Storage;

    /// Runs the closure in one transaction. If it throws, everything that it wrote is rolled back.
    #[wasm_bindgen(method, catch, structural, js_name = transactionSync)]
    pub(crate) fn transaction_sync(
        this: &Storage,
        run: &mut dyn FnMut() -> Result<JsValue, JsValue>,
    ) -> Result<JsValue, JsValue>;

    /// A Durable Object's SQLite. `worker`'s cursor does not catch exceptions while rows are read, which ends the program,
    /// and its typed rows copy a picture's bytes into the program's memory. Its untyped rows cost the same as this binding:
    /// a picture of 2 MB took 0.96 of the CPU, quartiles 0.88 and 1.00 (`cargo xtask bench edge --against DIR`).
    #[derive(Clone)]
    pub(crate) type Sql;

    #[wasm_bindgen(method, catch, structural, variadic)]
    pub(crate) fn exec(this: &Sql, query: &str, values: Vec<JsValue>) -> Result<Cursor, JsValue>;

    /// The platform's rate limit. `worker`'s binding converts by serde-wasm-bindgen, which nothing else here needs.
    pub(crate) type RateLimit;

    #[wasm_bindgen(method, catch, structural)]
    pub(crate) fn limit(this: &RateLimit, options: &js_sys::Object) -> Result<Promise, JsValue>;

    /// The result of a query.
    pub(crate) type Cursor;

    /// The only row. It fails if there is none, or more than one.
    #[wasm_bindgen(method, catch, structural)]
    pub(crate) fn one(this: &Cursor) -> Result<SqlRow, JsValue>;

    /// All rows.
    #[wasm_bindgen(method, catch, structural, js_name = toArray)]
    pub(crate) fn rows(this: &Cursor) -> Result<Vec<SqlRow>, JsValue>;

    /// A row with one column: a text named `value`, or bytes named `bytes`.
    pub(crate) type SqlRow;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn value(this: &SqlRow) -> Option<String>;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn bytes(this: &SqlRow) -> ArrayBuffer;
}

impl Sql {
    /// The SQLite of a storage.
    pub(crate) fn of(storage: &worker::Storage) -> Self {
        storage.as_raw().sql().unchecked_into()
    }
}

impl Storage {
    /// A storage as this binding, which has the synchronous transaction.
    pub(crate) fn of(storage: &worker::Storage) -> &Self {
        storage.as_raw().unchecked_ref()
    }
}

/// Converts a future to a promise, which the runtime awaits.
pub(crate) fn promise(work: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    future_to_promise(AssertUnwindSafe(work))
}

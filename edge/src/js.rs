//! What the runtime has and `worker` does not bind.
//!
//! Owns the few lines of binding. Must not hold logic.

use js_sys::{ArrayBuffer, Promise};
use std::panic::AssertUnwindSafe;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = crypto)]
    static CRYPTO: web_sys::Crypto;

    /// A stream that ends where it was said to end: gives an answer its `Content-Length`.
    #[wasm_bindgen(extends = web_sys::TransformStream)]
    pub(crate) type FixedLengthStream;

    #[wasm_bindgen(constructor, catch)]
    pub(crate) fn new(length: f64) -> Result<FixedLengthStream, JsValue>;

    /// A stream whose writer feels its reader: a write waits until it was read, and fails once nobody reads.
    #[wasm_bindgen(extends = web_sys::TransformStream)]
    pub(crate) type IdentityTransformStream;

    #[wasm_bindgen(constructor, catch)]
    pub(crate) fn identity() -> Result<IdentityTransformStream, JsValue>;

    /// A reader that waits for as many bytes as are wanted.
    pub(crate) type ReaderOfAtLeast;

    #[wasm_bindgen(method, js_name = readAtLeast)]
    pub(crate) fn read_at_least(
        this: &ReaderOfAtLeast,
        bytes: u32,
        view: &js_sys::Uint8Array,
    ) -> js_sys::Promise;

    /// Bytes that the runtime writes as base64.
    pub(crate) type ToBase64;

    #[wasm_bindgen(method, js_name = toBase64)]
    pub(crate) fn to_base64(this: &ToBase64) -> js_sys::JsString;

    /// From the runtime's text to bytes, outside of this program's memory.
    pub(crate) type TextEncoder;

    #[wasm_bindgen(constructor, catch)]
    pub(crate) fn new() -> Result<TextEncoder, JsValue>;

    #[wasm_bindgen(method)]
    pub(crate) fn encode(this: &TextEncoder, text: &js_sys::JsString) -> js_sys::Uint8Array;

    /// What `wrangler.jsonc` binds. `worker` would look up each object's class by its name, every time.
    pub(crate) type Bindings;

    #[wasm_bindgen(method, getter, structural, js_name = JOBS)]
    pub(crate) fn jobs(this: &Bindings) -> Namespace;

    #[wasm_bindgen(method, getter, structural, js_name = LEDGERS)]
    pub(crate) fn ledgers(this: &Bindings) -> Namespace;

    /// The Durable Objects of a class.
    pub(crate) type Namespace;

    #[wasm_bindgen(method, catch, structural, js_name = newUniqueId)]
    fn unique(this: &Namespace) -> Result<ObjectId, JsValue>;

    #[wasm_bindgen(method, catch, structural, js_name = idFromString)]
    fn id(this: &Namespace, text: &str) -> Result<ObjectId, JsValue>;

    #[wasm_bindgen(method, catch, structural, js_name = idFromName)]
    fn id_of_name(this: &Namespace, name: &str) -> Result<ObjectId, JsValue>;

    #[wasm_bindgen(method, catch, structural, js_name = get)]
    fn object(this: &Namespace, id: &ObjectId) -> Result<Object, JsValue>;

    #[wasm_bindgen(method, catch, structural, js_name = getByName)]
    pub(crate) fn named(this: &Namespace, name: &str) -> Result<Object, JsValue>;

    /// A Durable Object as others see it. `worker` would make a `Request` of every call and read it at once: that is ten
    /// steps out of this program where one is enough.
    pub(crate) type Object;

    #[wasm_bindgen(method, catch, structural, js_name = fetch)]
    pub(crate) fn call(
        this: &Object,
        url: &str,
        init: &web_sys::RequestInit,
    ) -> Result<js_sys::Promise, JsValue>;

    /// A Durable Object's own side of the runtime. `worker` would make a `Request` and a `Response` of its own of each call.
    #[derive(Clone)]
    pub type ObjectState;

    #[wasm_bindgen(method, getter, structural)]
    fn id(this: &ObjectState) -> ObjectId;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn storage(this: &ObjectState) -> Storage;

    #[wasm_bindgen(method, structural, js_name = waitUntil)]
    fn wait_until(this: &ObjectState, promise: &Promise);

    type ObjectId;

    #[wasm_bindgen(method, structural, js_name = toString)]
    fn text(this: &ObjectId) -> String;

    /// A Durable Object's storage.
    #[derive(Clone)]
    pub(crate) type Storage;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn sql(this: &Storage) -> Sql;

    /// What it gives tells nothing more: what cannot be kept resets the object before anybody outside hears of it.
    #[wasm_bindgen(method, catch, structural, js_name = setAlarm)]
    pub(crate) fn set_alarm(this: &Storage, at: f64) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, structural, js_name = deleteAll)]
    pub(crate) fn delete_all(this: &Storage) -> Result<Promise, JsValue>;

    /// Runs the closure in one transaction: what it throws undoes all that it wrote.
    #[wasm_bindgen(method, catch, structural, js_name = transactionSync)]
    pub(crate) fn transaction_sync(
        this: &Storage,
        run: &mut dyn FnMut() -> Result<JsValue, JsValue>,
    ) -> Result<JsValue, JsValue>;

    /// A Durable Object's SQL, without what `worker` makes of each value of each row.
    #[derive(Clone)]
    pub(crate) type Sql;

    #[wasm_bindgen(method, catch, structural, variadic)]
    pub(crate) fn exec(this: &Sql, query: &str, values: Vec<JsValue>) -> Result<Cursor, JsValue>;

    /// What a query found.
    pub(crate) type Cursor;

    /// Its one row; an error if there is none, or more.
    #[wasm_bindgen(method, catch, structural)]
    pub(crate) fn one(this: &Cursor) -> Result<Row, JsValue>;

    /// All its rows.
    #[wasm_bindgen(method, catch, structural, js_name = toArray)]
    pub(crate) fn rows(this: &Cursor) -> Result<Vec<Row>, JsValue>;

    /// A row with one column: a text that is called `told`, or `bytes`.
    pub(crate) type Row;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn told(this: &Row) -> Option<String>;

    #[wasm_bindgen(method, getter, structural)]
    pub(crate) fn bytes(this: &Row) -> ArrayBuffer;
}

impl Bindings {
    pub(crate) fn of(env: &worker::Env) -> &Self {
        env.unchecked_ref()
    }
}

impl Namespace {
    /// The id of an object that is not there yet.
    pub(crate) fn new_id(&self) -> Result<String, JsValue> {
        Ok(self.unique()?.text())
    }

    /// The object of an id that this namespace has minted.
    pub(crate) fn minted(&self, id: &str) -> Result<Object, JsValue> {
        self.object(&self.id(id)?)
    }

    /// The id of the object of that name.
    pub(crate) fn named_id(&self, name: &str) -> Result<String, JsValue> {
        Ok(self.id_of_name(name)?.text())
    }
}

impl ObjectState {
    /// The object's id as text.
    pub(crate) fn own_id(&self) -> String {
        self.id().text()
    }

    /// Lets this go on in the background.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + 'static) {
        self.wait_until(&promise(async move {
            work.await;
            Ok(JsValue::UNDEFINED)
        }));
    }
}

/// A future as the runtime awaits it.
pub(crate) fn promise(work: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    future_to_promise(AssertUnwindSafe(work))
}

/// The runtime's generator of random numbers.
pub(crate) fn crypto() -> web_sys::Crypto {
    CRYPTO.with(Clone::clone)
}

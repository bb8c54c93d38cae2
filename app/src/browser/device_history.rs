//! The device history's database: pictures, their thumbnails and their facts.
//!
//! Owns the form of what is stored and the reading of earlier ones. Version 0.1 wrote form 1; this release writes form 2,
//! and leaves the rows of form 1 as they are: nothing is copied, so that nothing is lost where the disk is full. The number
//! of the database is the number of the form, so that a release that knows only an earlier one is refused by the browser.
//! Must not be reached before the visitor has agreed, nor decide what is kept.

use super::{
    device_files, device_mark,
    indexed_db::{self, Form},
    original::{self, NoOriginal},
    thumbnails,
};
use crate::state::{
    device_history::DeviceFailure,
    kept_picture::{FirstForm, KeptFacts, KeptPicture},
};
use js_sys::{Array, Object, Reflect};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Blob, BlobPropertyBag, IdbDatabase, IdbTransactionMode, IdbVersionChangeEvent, Url};

const STORE: &str = "pictures";
/// The form that this release writes.
const FORM: u32 = 2;

// The members of a row.
const KEY: &str = "url";
const FORM_NUMBER: &str = "form";
const FACTS: &str = "facts";
const FILE: &str = "file";
const FILE_NAME: &str = "file_name";
const THUMBNAIL: &str = "copy";
// Those that only form 1 has.
const PROMPT: &str = "prompt";
const WIDTH: &str = "width";
const HEIGHT: &str = "height";

thread_local! {
    static DATABASE: RefCell<Option<IdbDatabase>> = const { RefCell::new(None) };
}

/// What the device history said when it was opened.
pub(crate) struct Opened {
    /// What it holds.
    pub pictures: Vec<KeptPicture>,
    /// Why it takes nothing more, if so.
    pub failure: Option<DeviceFailure>,
}

/// What happens to an open device history from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Elsewhere {
    /// Another tab has to close it first.
    Blocks,
    /// Another tab has deleted it.
    Deleted,
    /// Another tab has a newer release.
    Upgraded,
}

/// Why a picture is not kept.
pub(crate) enum NotKept {
    /// The device keeps nothing more.
    Device(DeviceFailure),
    /// There are no bytes.
    Original(NoOriginal),
    /// The device history was closed meanwhile.
    Closed,
}

/// Opens the device history of a site, and marks that the visitor has agreed.
pub(crate) async fn open(
    site: &str,
    on: impl Fn(Elsewhere) + Clone + 'static,
) -> Result<Opened, DeviceFailure> {
    let name = device_mark::name(site);
    let form = Form { name: &name, store: STORE, key: KEY, version: FORM };
    let blocks = on.clone();
    let (database, failure) = match indexed_db::open(&form, move || blocks(Elsewhere::Blocks)).await
    {
        Ok(database) => (database, None),
        Err(DeviceFailure::Newer) => return Err(DeviceFailure::Newer),
        // What cannot be brought into this form can be seen all the same.
        Err(failure) => match indexed_db::open_as_it_is(&name).await {
            Ok(database) => (database, Some(failure)),
            Err(_) => return Err(failure),
        },
    };
    // A browser that stores nothing says so here: then there is no mark, or nothing that it could stand for.
    if !device_mark::set(site) {
        database.close();
        return Err(DeviceFailure::Refused);
    }
    close_when_asked(&database, on);
    let all = IdbTransactionMode::Readonly;
    let rows =
        indexed_db::transact(&database, STORE, all, |store| store.get_all().map(Some)).await?;
    DATABASE.set(Some(database));
    let pictures = rows.unchecked_into::<Array>().iter().filter_map(|row| read(&row)).collect();
    Ok(Opened { pictures, failure })
}

/// A tab that wants to delete or to upgrade the database waits until all others have closed it.
fn close_when_asked(database: &IdbDatabase, on: impl Fn(Elsewhere) + 'static) {
    let own = database.clone();
    let asked = move |event: IdbVersionChangeEvent| {
        own.close();
        // In this tab the database was closed before it was deleted.
        if DATABASE.take().is_some() {
            on(match event.new_version() {
                Some(_) => Elsewhere::Upgraded,
                None => Elsewhere::Deleted,
            });
        }
    };
    let asked = Closure::wrap(Box::new(asked) as Box<dyn Fn(IdbVersionChangeEvent)>);
    database.set_onversionchange(Some(asked.into_js_value().unchecked_ref()));
}

/// A row of any form that this release knows. Others stay where they are, unseen.
fn read(row: &JsValue) -> Option<KeptPicture> {
    let get = |name: &str| Reflect::get(row, &name.into()).unwrap_or_default();
    let text = |name: &str| get(name).as_string().unwrap_or_default();
    let bytes = get(FILE).dyn_into::<Blob>().ok()?;
    let facts = match get(FORM_NUMBER).as_f64() {
        None => KeptFacts::read_first_form(FirstForm {
            url: text(KEY),
            facts: text(FACTS),
            prompt: text(PROMPT),
            width: pixels(&get(WIDTH)),
            height: pixels(&get(HEIGHT)),
            media_type: bytes.type_(),
        })?,
        Some(form) if (form - f64::from(FORM)).abs() < f64::EPSILON => {
            KeptFacts::read(&text(FACTS))?
        }
        Some(_) => return None,
    };
    let thumbnail = get(THUMBNAIL).dyn_into::<Blob>().ok();
    let thumbnail = thumbnail.and_then(|blob| Url::create_object_url_with_blob(&blob).ok());
    device_files::add(facts.url.clone(), bytes, text(FILE_NAME));
    Some(KeptPicture { facts, thumbnail })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and no picture has as many pixels a side"
)]
fn pixels(value: &JsValue) -> Option<u32> {
    value.as_f64().map(|pixels| pixels as u32)
}

/// Stores a picture.
pub(crate) async fn keep(facts: KeptFacts) -> Result<KeptPicture, NotKept> {
    let database = open_database().map_err(|_| NotKept::Closed)?;
    let file = original::file(&facts.url, false).await.map_err(NotKept::Original)?;
    let thumbnail = thumbnails::of(facts.url.clone()).await;
    let bytes = bytes(&file).ok_or(NotKept::Original(NoOriginal::Away))?;
    let row = Object::new();
    let members: [(&str, JsValue); 6] = [
        (KEY, facts.url.as_str().into()),
        (FORM_NUMBER, FORM.into()),
        (FACTS, facts.to_text().into()),
        (FILE, bytes.clone().into()),
        (FILE_NAME, file.name().into()),
        // Where the browser can make none, the picture stands for it.
        (THUMBNAIL, thumbnail.as_ref().map_or(&bytes, |(blob, _)| blob).into()),
    ];
    for (name, value) in members {
        // Fails only for what is no object.
        drop(Reflect::set(&row, &name.into(), &value));
    }
    let put = indexed_db::transact(&database, STORE, IdbTransactionMode::Readwrite, |store| {
        store.put(&row).map(Some)
    });
    if let Err(failure) = put.await {
        let open = open_database().is_ok();
        return Err(if open { NotKept::Device(failure) } else { NotKept::Closed });
    }
    device_files::add(facts.url.clone(), bytes, file.name());
    Ok(KeptPicture { facts, thumbnail: thumbnail.map(|(_, url)| url) })
}

/// The bytes of a file without its name: some browsers do not store a `File` well.
fn bytes(file: &Blob) -> Option<Blob> {
    let options = BlobPropertyBag::new();
    options.set_type(&file.type_());
    Blob::new_with_blob_sequence_and_options(&Array::of1(file), &options).ok()
}

fn open_database() -> Result<IdbDatabase, DeviceFailure> {
    DATABASE.with_borrow(Clone::clone).ok_or(DeviceFailure::Refused)
}

/// Deletes the pictures at these paths.
pub(crate) async fn forget(urls: Vec<String>) -> Result<(), DeviceFailure> {
    for url in &urls {
        device_files::remove(url);
    }
    let database = open_database()?;
    let all = IdbTransactionMode::Readwrite;
    let deleted = indexed_db::transact(&database, STORE, all, |store| {
        for url in &urls {
            store.delete(&url.as_str().into())?;
        }
        Ok(None)
    });
    deleted.await.map(drop)
}

/// Deletes everything, and the mark.
pub(crate) fn delete_all(site: &str) {
    device_files::clear();
    device_mark::remove(site);
    if let Some(database) = DATABASE.take() {
        database.close();
    }
    indexed_db::delete(&device_mark::name(site));
}

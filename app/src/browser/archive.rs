//! The archive of several pictures: their original bytes as one file.
//!
//! Owns the way to the library that packs it (`zip.js`), which is loaded for the first one. The bytes stay in the browser:
//! no byte of a picture comes into this program's memory. Must not keep an archive: the caller releases it.

use super::{
    boot, clock,
    dom::{find, settled},
    original,
};
use crate::state::{
    archive::{MANIFEST, manifest, names},
    selection::Archive,
    tile::PictureFacts,
};
use contract::time::Timestamp;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, File, HtmlElement, Url};

#[wasm_bindgen(inline_js = "export const zip = async (module, files) => {
        const { downloadZip } = await import(module);
        return downloadZip(files).blob();
    }")]
extern "C" {
    /// The archive of these files, a Blob.
    #[wasm_bindgen(catch)]
    async fn zip(module: &str, files: &Array) -> Result<JsValue, JsValue>;
}

/// Packs these pictures; then tells of the archive, if there is one, and whether a picture could not be had for it.
pub(crate) fn make(
    pictures: Vec<PictureFacts>,
    then: impl FnOnce(Option<Archive>, bool) + 'static,
) {
    spawn_local(async move {
        let mut files = Vec::with_capacity(pictures.len());
        let mut away = false;
        for facts in pictures {
            let file = match &facts.url {
                Some(url) => original::file(url, false).await.ok(),
                None => None,
            };
            match file {
                Some(file) => files.push((facts, file)),
                None => away = true,
            }
        }
        then(packed(files).await, away);
    });
}

async fn packed(files: Vec<(PictureFacts, File)>) -> Option<Archive> {
    if files.is_empty() {
        return None;
    }
    let names = names(files.iter().map(|(_, file)| file.name()));
    let all = Array::new();
    let mut told = Vec::with_capacity(files.len());
    for ((facts, file), name) in files.into_iter().zip(names) {
        all.push(&entry(&name, &file)?);
        told.push((facts, name, bytes(&file)));
    }
    all.push(&entry(MANIFEST, &manifest(told.into_iter()).into())?);
    let module = boot::get("zip").as_string()?;
    let blob: Blob = zip(&module, &all).await.ok()?.dyn_into().ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let day = Timestamp(clock::now()).day().to_string();
    Some(Archive { url, name: ["ai-generated-", &day, ".zip"].concat() })
}

/// A file as the library takes it.
fn entry(name: &str, input: &JsValue) -> Option<JsValue> {
    let entry = Object::new();
    Reflect::set(&entry, &"name".into(), &name.into()).ok()?;
    Reflect::set(&entry, &"input".into(), input).ok()?;
    Some(entry.into())
}

fn bytes(file: &Blob) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the casts saturate, and a file's length is a whole number"
    )]
    let bytes = file.size() as u64;
    bytes
}

/// Saves the archive that is ready: by the link that the selection has for it.
pub(crate) fn save() {
    spawn_local(async {
        settled().await;
        if let Some(link) = find::<HtmlElement>("#archive") {
            link.click();
        }
    });
}

/// Lets go of an archive.
pub(crate) fn release(url: &str) {
    // Fails only for what is no text.
    drop(Url::revoke_object_url(url));
}

//! Files that the visitor drops or pastes anywhere in the document.
//!
//! Owns which drops and pastes are files. Must not take text that is dragged or pasted, nor decide how many files are taken.

use super::{
    dom::{document, listen},
    uploads,
};
use crate::state::uploads::UploadId;
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, File, FileList, MouseEvent};

/// Hears files (`on_files`), and whether files are dragged over the document (`on_over`).
pub(crate) fn listen_for_files(
    on_files: impl Fn(Vec<UploadId>) + 'static,
    on_over: impl Fn(bool) + 'static,
) {
    let files = Rc::new(on_files);
    let is_over = Cell::new(false);
    // It is dragged over the document many times a second.
    let over = Rc::new(move |over| {
        if is_over.replace(over) != over {
            on_over(over);
        }
    });

    let then = over.clone();
    listen(document(), "dragover", move |event: DragEvent| {
        if take(&event).is_some() {
            then(true);
        }
    });
    let then = over.clone();
    listen(document(), "dragleave", move |event: DragEvent| {
        if event.unchecked_ref::<MouseEvent>().related_target().is_none() {
            then(false);
        }
    });
    let then = files.clone();
    listen(document(), "drop", move |event: DragEvent| {
        if let Some(dropped) = take(&event) {
            over(false);
            give(&*then, all(dropped.files()));
        }
    });
    listen(document(), "paste", move |event: ClipboardEvent| {
        let Some(data) = event.clipboard_data() else { return };
        let pictures: Vec<_> = all(data.files())
            .into_iter()
            .filter(|file| file.type_().starts_with("image/"))
            .collect();
        // A word processor's text comes with a picture of itself.
        if pictures.is_empty() || (has(&data, "text/plain") && has(&data, "text/html")) {
            return;
        }
        event.prevent_default();
        give(&*files, pictures);
    });
}

fn give(then: &dyn Fn(Vec<UploadId>), files: Vec<File>) {
    let ids = uploads::add(files);
    if !ids.is_empty() {
        then(ids);
    }
}

/// What is dragged, if it is files: then the browser does not open them.
fn take(event: &DragEvent) -> Option<DataTransfer> {
    let data = event.data_transfer().filter(|data| has(data, "Files"))?;
    event.prevent_default();
    data.set_drop_effect("copy");
    Some(data)
}

fn has(data: &DataTransfer, kind: &str) -> bool {
    data.types().iter().any(|own| own.as_string().as_deref() == Some(kind))
}

fn all(files: Option<FileList>) -> Vec<File> {
    let Some(files) = files else { return Vec::new() };
    (0..files.length()).filter_map(|at| files.item(at)).collect()
}

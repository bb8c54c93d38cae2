//! The scripts that are not components yet (viewer, tools for many, undo toast, device history, long walls): `bridge.js`.
//!
//! Owns the whole list of what they ask of the studio and of what the studio asks of them. Must not hold anything of theirs.
//! Where `bridge.js` did not come, the studio goes on without them.

use super::{host_frame, random, uploads};
use crate::state::{
    command::{Announcement, BridgeCall},
    event::Event,
    tile::{PictureFacts, TileKey},
};
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = bridge, js_name = start)]
    fn start(send: &JsValue, facts: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(catch, js_namespace = bridge, js_name = wallChanged)]
    fn tell_wall_changed(added: u32) -> Result<(), JsValue>;

    #[wasm_bindgen(catch, js_namespace = bridge, js_name = closeViewer)]
    fn close_viewer() -> Result<(), JsValue>;

    #[wasm_bindgen(catch, js_namespace = bridge, js_name = flushUndo)]
    fn flush_undo() -> Result<(), JsValue>;

    #[wasm_bindgen(catch, js_namespace = bridge, js_name = rehang)]
    fn rehang() -> Result<(), JsValue>;

    #[wasm_bindgen(catch, js_namespace = bridge, js_name = focusTile)]
    fn focus_place(place: &str) -> Result<bool, JsValue>;

    #[wasm_bindgen(catch, js_namespace = bridge, js_name = copy)]
    fn copy(url: &str) -> Result<Option<String>, JsValue>;
}

/// Lets the scripts ask the studio, and begins what this device's history begins with.
pub(crate) fn listen(
    send: impl Fn(Event) + 'static,
    facts: impl Fn(TileKey) -> Option<PictureFacts> + 'static,
) {
    let send = move |act: String, place: String, more: Option<String>| {
        if let Some(event) = event(&act, &place, more) {
            send(event);
        }
    };
    let facts = move |place: String| -> Option<String> {
        serde_json::to_string(&facts(place.parse().ok()?)?).ok()
    };
    let send = Closure::wrap(Box::new(send) as Box<dyn Fn(String, String, Option<String>)>);
    let facts = Closure::wrap(Box::new(facts) as Box<dyn Fn(String) -> Option<String>>);
    // Without the scripts, everything but what they do goes on.
    drop(start(&send.into_js_value(), &facts.into_js_value()));
}

/// What the scripts ask for: an act, at a tile (its key as text), with something more. `None` for what nobody sends.
fn event(act: &str, place: &str, more: Option<String>) -> Option<Event> {
    let key = || place.parse::<TileKey>().ok();
    Some(match act {
        "change" => Event::ChangePressed(key()?, uploads::number()),
        "vary" => Event::RetryPressed { serial: key()?.serial, key: random::key() },
        "reuse" => Event::ReusePressed(key()?),
        // Several places, with a blank between them.
        "remove" => {
            Event::DeletePressed(place.split(' ').filter_map(|one| one.parse().ok()).collect())
        }
        "undo" => Event::UndoPressed,
        "undo-expired" => Event::UndoExpired,
        "thumbnail" => Event::ThumbnailReady { key: key()?, url: more? },
        "thumbnail-gone" => Event::ThumbnailGone(key()?),
        "use" => Event::UsePressed(key()?),
        "download" => Event::DownloadPressed(key()?),
        "copied" => Event::Announced(Announcement::Copied),
        "not-copied" => Event::Announced(Announcement::NotCopied),
        "away" => Event::Announced(Announcement::PictureAway),
        "device" => Event::DeviceJob(serde_json::from_str(&more?).ok()?),
        "part-missing" => Event::PartMissing,
        "expand" | "collapse" => {
            host_frame::ask_expand(act == "expand");
            return None;
        }
        _ => return None,
    })
}

/// Asks the scripts for something.
pub(crate) fn call(call: BridgeCall) {
    // Where the scripts are not there, there is nothing of theirs to end.
    drop(match call {
        BridgeCall::CloseViewer => close_viewer(),
        BridgeCall::FlushUndo => flush_undo(),
        BridgeCall::Rehang => rehang(),
    });
}

/// The wall has other tiles, or a tile has become another kind; `added` tiles are new.
pub(crate) fn wall_changed(added: usize) {
    drop(tell_wall_changed(u32::try_from(added).unwrap_or(u32::MAX)));
}

/// Moves the focus to a tile, however far away it is; false if the scripts are not there.
pub(super) fn focus_tile(key: TileKey) -> bool {
    focus_place(&key.text()).unwrap_or_default()
}

/// The URL of this device's copy of the picture at a path, if it has one.
pub(crate) fn thumbnail(url: &str) -> Option<String> {
    copy(url).ok()?
}

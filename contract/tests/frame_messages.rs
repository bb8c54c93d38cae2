//! The messages between page and frame: their JSON byte for byte, what is read of a page that sends something else, and
//! that every loader, released ones too, has the same lists. A changed golden file is a change of the protocol.

use contract::{
    frame_messages::{FrameMessage, Look, PageMessage},
    options::{MediaType, Quality, Size},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fmt::Debug, fs, path::Path};

fn from_page() -> Vec<PageMessage> {
    vec![
        PageMessage::Set(Look {
            theme: "dark".to_owned(),
            prompt: "A red balloon".to_owned(),
            accent: "rebeccapurple".to_owned(),
            on_accent: "white".to_owned(),
            surface: "#fff".to_owned(),
            ink: "#111".to_owned(),
            radius: "4px".to_owned(),
            font: "Georgia, serif".to_owned(),
            expanded: Some(true),
        }),
        PageMessage::Generate { prompt: Some("A red balloon".to_owned()) },
        PageMessage::Generate { prompt: None },
        PageMessage::Cancel,
        PageMessage::Clear,
        PageMessage::Focus,
        PageMessage::Reset,
    ]
}

fn from_frame() -> Vec<FrameMessage> {
    let size = Size { width: 1024, height: 1536 };
    vec![
        FrameMessage::Painted,
        FrameMessage::Ready { version: "0.2.0".to_owned() },
        FrameMessage::Expand { expanded: true },
        FrameMessage::Start { count: 2, size, quality: Quality::Low },
        FrameMessage::Progress { elapsed_ms: 1_500, expected_ms: None },
        FrameMessage::Progress { elapsed_ms: 2_500, expected_ms: Some(12_000) },
        FrameMessage::Picture { index: 1, width: 1024, height: 1536, media_type: MediaType::Webp },
        FrameMessage::Done { pictures: 2 },
        FrameMessage::Problem { kind: "offline".to_owned() },
        FrameMessage::Cancel,
        FrameMessage::Download { media_type: MediaType::Png },
        FrameMessage::Choose,
    ]
}

#[track_caller]
fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(name: &str, all: &Vec<T>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    let written = serde_json::to_string_pretty(all).unwrap() + "\n";
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &written).unwrap();
        return;
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, golden, "{name} differs; with BLESS=1 the test rewrites it");
    assert_eq!(&serde_json::from_str::<Vec<T>>(&golden).unwrap(), all);
}

#[test]
fn the_messages_are_the_golden_ones() {
    check("page_messages.json", &from_page());
    check("frame_messages.json", &from_frame());
}

#[test]
fn a_message_is_read_whatever_else_a_page_puts_into_it() {
    let read = |message: Value| serde_json::from_value::<PageMessage>(message).ok();
    assert_eq!(
        read(json!({ "easel": 1, "type": "cancel", "of": "tomorrow" })),
        Some(PageMessage::Cancel)
    );
    assert_eq!(
        read(json!({ "type": "generate", "prompt": 5 })),
        Some(PageMessage::Generate { prompt: None })
    );
    let look = Look { accent: "red".to_owned(), ..Look::default() };
    let set =
        json!({ "type": "set", "accent": "red", "ink": null, "font": [1], "expanded": "false" });
    assert_eq!(read(set), Some(PageMessage::Set(look)));
    for unknown in [json!({ "type": "delete" }), json!({ "type": null }), json!({}), json!("set")] {
        assert_eq!(read(unknown.clone()), None, "{unknown}");
    }
}

#[test]
fn the_look_in_an_address_is_read() {
    // As an object of the fragment's entries: every value is a string, and there is more than the look.
    let entries = json!({ "easel": "1", "origin": "https://page.example", "on-accent": "white", "expanded": "false" });
    let look: Look = serde_json::from_value(entries).unwrap();
    assert_eq!((look.on_accent.as_str(), look.expanded), ("white", None));
}

/// The current loader, then every released one.
fn loaders() -> Vec<(String, String)> {
    let public = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public");
    let released = fs::read_dir(public.join("v")).unwrap();
    let released = released.map(|entry| entry.unwrap().path().join("easel.js"));
    std::iter::once(public.join("easel.js"))
        .chain(released.filter(|file| file.is_file()))
        .map(|file| (file.display().to_string(), fs::read_to_string(&file).unwrap()))
        .collect()
}

/// The words of the one string in a script that begins with these; minified or not.
#[track_caller]
fn words(script: &str, first: &str) -> BTreeSet<String> {
    let mut strings = script.split(['"', '\'', '`']).filter(|text| text.starts_with(first));
    let list = strings.next().unwrap_or_else(|| panic!("no list begins with `{first}`"));
    list.split(' ').map(str::to_owned).collect()
}

fn tag(message: &impl Serialize) -> String {
    serde_json::to_value(message).unwrap()["type"].as_str().unwrap().to_owned()
}

#[test]
fn every_loader_has_the_lists_of_these_types() {
    let events: BTreeSet<_> = from_frame()
        .iter()
        .map(tag)
        // What the loader does itself and tells nobody.
        .filter(|tag| !["painted", "expand"].contains(&tag.as_str()))
        .collect();
    let mut fields: BTreeSet<_> = from_frame()
        .iter()
        .filter(|message| events.contains(&tag(*message)))
        .flat_map(|message| match serde_json::to_value(message).unwrap() {
            Value::Object(object) => object.into_iter().map(|(name, _)| name).collect(),
            _ => Vec::new(),
        })
        .filter(|name| name != "type")
        .collect();
    // Beside `choose`, where it is posted.
    fields.insert("file".to_owned());
    let look = Look::default();
    let properties: BTreeSet<_> =
        look.properties().iter().map(|(name, _)| (*name).to_owned()).collect();
    let loaders = loaders();
    assert!(loaders.len() > 1, "no released loader was found");
    for (file, script) in loaders {
        assert_eq!(words(&script, "ready "), events, "{file}");
        assert_eq!(words(&script, "version "), fields, "{file}");
        assert_eq!(words(&script, "accent "), properties, "{file}");
        // Loaders before 0.2.0 do not know the last one.
        let unknown = usize::from(file.ends_with("0.1.0/easel.js"));
        for message in from_page().iter().rev().skip(unknown).map(tag) {
            let sent = ['"', '\'', '`'].map(|quote| format!("({quote}{message}{quote}"));
            assert!(sent.iter().any(|call| script.contains(call)), "{file} sends `{message}`");
        }
    }
}

//! A reader of server-sent events that follows the HTML standard exactly.
//!
//! Owns lines, fields and dispatch. Must not know what an event means.

use serde_json::Value;

/// An event that was dispatched.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) data: Value,
}

/// The events of a whole stream. Data that are not JSON become a string.
pub(crate) fn events(bytes: &[u8]) -> Vec<Event> {
    let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    // CRLF, CR and LF each end one line.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut events = Vec::new();
    let (mut name, mut data) = (String::new(), Vec::new());
    // Characters after the last end of a line are ignored.
    let complete = text.rfind('\n').map_or("", |end| &text[..end]);
    for line in complete.split('\n') {
        if line.is_empty() {
            if !data.is_empty() {
                let data = data.join("\n");
                let data = serde_json::from_str(&data).unwrap_or(Value::String(data));
                let name = if name.is_empty() { "message".to_owned() } else { name.clone() };
                events.push(Event { name, data });
            }
            (name, data) = (String::new(), Vec::new());
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut name),
            "data" => data.push(value.to_owned()),
            _ => {}
        }
    }
    events
}

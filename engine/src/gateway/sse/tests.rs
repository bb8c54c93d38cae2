//! Streams whose result the HTML standard's rules define, cut at any byte.

use super::*;

/// The name and data of each event.
fn read(stream: &[u8], cut: usize) -> Vec<(String, String)> {
    let (mut lines, mut events) = (SseReader::default(), Vec::new());
    let (mut name, mut data) = (String::new(), None::<Vec<u8>>);
    for mut piece in stream.chunks(cut) {
        while let Some(item) = lines.next(&mut piece) {
            match item {
                SseItem::DataLine => match &mut data {
                    Some(data) => data.push(b'\n'),
                    None => data = Some(Vec::new()),
                },
                SseItem::Data(run) => data.as_mut().unwrap().extend_from_slice(run),
                SseItem::Name(given) => name = String::from_utf8_lossy(given.text()).into_owned(),
                SseItem::EventEnd => {
                    let name = std::mem::take(&mut name);
                    if let Some(data) = data.take() {
                        events.push((name, String::from_utf8(data).unwrap()));
                    }
                }
            }
        }
    }
    events
}

#[track_caller]
fn check(stream: &str, expected: &[(&str, &str)]) {
    for cut in 1..=stream.len().max(1) {
        let events = read(stream.as_bytes(), cut);
        let events: Vec<_> = events.iter().map(|(n, d)| (n.as_str(), d.as_str())).collect();
        assert_eq!(events, expected, "{stream:?} by {cut}");
    }
}

#[test]
fn lines_end_in_three_ways_and_mix() {
    check("data: a\n\ndata: b\n\n", &[("", "a"), ("", "b")]);
    check("data: a\r\rdata: b\r\r", &[("", "a"), ("", "b")]);
    check("data: a\r\n\r\ndata: b\r\n\r\n", &[("", "a"), ("", "b")]);
    check("event: x\r\ndata: a\rdata: b\n\r\n", &[("x", "a\nb")]);
    check("data: a\n\r\ndata: b\n\r", &[("", "a"), ("", "b")]);
}

#[test]
fn an_event_without_its_blank_line_is_none() {
    check("data: a\n\ndata: b\n", &[("", "a")]);
    check("data: a\n\ndata: b", &[("", "a")]);
    check("data: a", &[]);
    check("", &[]);
}

#[test]
fn comments_other_fields_and_names_without_data_are_passed_over() {
    check(
        ": hello\n\ndata: a\n: there\nid: 7\nretry: 5\nDATA: x\ndatas: y\ndat: z\n\n",
        &[("", "a")],
    );
    check("event: lost\n\ndata: a\n\n", &[("", "a")]);
    check(" data: a\n\n\tdata: b\n\n", &[]);
}

#[test]
fn one_space_after_the_colon_is_dropped() {
    check(
        "data:a\n\ndata:  b\n\ndata: c \n\ndata:\td\n\n",
        &[("", "a"), ("", " b"), ("", "c "), ("", "\td")],
    );
    check("data\n\n", &[("", "")]);
    check("data:\n\n", &[("", "")]);
    check("data\ndata: \n\n", &[("", "\n")]);
    check("data: a: b\nevent: c:d\n\n", &[("c:d", "a: b")]);
}

#[test]
fn the_last_name_counts_and_an_empty_one_is_none() {
    check("event: a\ndata: x\nevent: b\n\n", &[("b", "x")]);
    check("event: a\nevent\ndata: x\n\n", &[("", "x")]);
    check("event: a\nevent:\ndata: x\n\n", &[("", "x")]);
    check(&format!("event: {}\ndata: x\n\n", "n".repeat(65)), &[("", "x")]);
}

#[test]
fn a_byte_order_mark_counts_only_at_the_beginning() {
    check("\u{feff}data: a\n\n", &[("", "a")]);
    check("\u{feff}\n\ndata: a\n\n", &[("", "a")]);
    check("\n\u{feff}data: a\n\n", &[]);
    check("\u{fefe}data: a\n\n", &[]);
    check("\u{feff}\u{feff}data: a\n\n", &[]);
}

#[test]
fn characters_survive_being_cut() {
    check("data: gr\u{fc}n \u{1f3a8}\n\n", &[("", "gr\u{fc}n \u{1f3a8}")]);
}

#[test]
fn it_remembers_a_name_and_nothing_else() {
    assert!(size_of::<SseReader>() <= 128, "{}", size_of::<SseReader>());
}

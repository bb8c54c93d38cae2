//! The rows of the studio's figures, from samples.

use super::*;
use tokio::time::Instant;

fn samples(lines: &[&str]) -> BrowserSamples {
    BrowserSamples::read(&lines.join("\n")).unwrap()
}

fn missed(rows: &[TableRow]) -> Vec<&str> {
    rows.iter().filter(|row| row.is_missed()).map(|row| row.what.trim()).collect()
}

/// Picture N's last byte was written by the gateway N seconds after 1970.
#[expect(clippy::unnecessary_wraps, reason = "it stands for a look-up")]
fn written(number: u64) -> Option<Written> {
    Some(Written { instant: Instant::now(), clock: Duration::from_secs(number) })
}

#[test]
fn a_picture_is_shown_so_long_after_its_own_last_byte() {
    let lines = |studio: f64, task: f64| {
        [
            format!(
                r#"{{"figure":"shown","page":"studio","number":1,"at":{studio},"task_ms":{task}}}"#
            ),
            r#"{"figure":"shown","page":"floor","number":2,"at":2050,"task_ms":9}"#.to_owned(),
            r#"{"figure":"shown","page":"base64","number":3,"at":3200,"task_ms":90}"#.to_owned(),
        ]
        .join("\n")
    };
    let good = shown(&BrowserSamples::read(&lines(1080.0, 50.0)).unwrap(), written).unwrap();
    assert!(missed(&good).is_empty(), "{good:?}");
    assert_eq!(good[0].cells[0], Cell::Spread { middle: 80.0, spread: 0.0 });
    let bad = shown(&BrowserSamples::read(&lines(1081.0, 51.0)).unwrap(), written).unwrap();
    assert_eq!(missed(&bad), ["later than the hand-written page", "of all rounds"]);
    assert!(shown(&BrowserSamples::read(&lines(1080.0, 50.0)).unwrap(), |_| None).is_err());
}

#[test]
fn the_sandboxs_time_is_subtracted() {
    let lines = |webp: f64| {
        let png = r#"{"figure":"sharp","page":"png","number":1,"ms":9000}"#.to_owned();
        let webp = format!(r#"{{"figure":"sharp","page":"webp","number":2,"ms":{webp}}}"#);
        samples(&[&png, &webp])
    };
    let made = |number| Some(Painted { took: Duration::from_millis(100 * number), bytes: 150_000 });
    let good = sharp(&lines(2200.0), made).unwrap();
    assert!(missed(&good).is_empty(), "{good:?}");
    assert_eq!(good[0].cells[0], Cell::Spread { middle: 8900.0, spread: 0.0 });
    assert_eq!(good[7].cells[0], Cell::Spread { middle: 150.0, spread: 0.0 });
    let bad = sharp(&lines(2201.0), made).unwrap();
    assert_eq!(missed(&bad), ["press to sharp WebP of 85, ms"]);
    assert!(sharp(&lines(2200.0), |_| None).is_err());
}

#[test]
fn fifty_pictures_cost_less_than_the_same_bytes_not_as_much() {
    let lines = |after: f64| {
        samples(&[
            &format!(r#"{{"figure":"fifty","page":"studio","before":40e6,"after":{after}}}"#),
            r#"{"figure":"fifty","page":"floor","before":20e6,"after":300e6}"#,
            r#"{"figure":"fifty","page":"base64","before":20e6,"after":400e6}"#,
        ])
    };
    assert!(missed(&fifty(&lines(319e6)).unwrap()).is_empty());
    assert_eq!(missed(&fifty(&lines(320e6)).unwrap()), ["fifty pictures, MB more"]);
}

#[test]
fn the_wall_misses_its_goals_one_by_one() {
    let lines = |ms: f64, dropped: u32, end: f64| {
        let mut lines: Vec<String> =
            ["typed", "opened", "turned", "closed", "shown_all", "deleted"]
                .map(|figure| format!(r#"{{"figure":"{figure}","page":"studio","ms":{ms}}}"#))
                .to_vec();
        lines.push(format!(
            r#"{{"figure":"scrolled","page":"studio","shown":{},"partial":0,"dropped":{dropped}}}"#,
            1000 - dropped
        ));
        lines.push(format!(
            r#"{{"figure":"memory","page":"studio","fresh":30e6,"start":40e6,"full":60e6,"end":{end}}}"#
        ));
        wall(&BrowserSamples::read(&lines.join("\n")).unwrap()).unwrap()
    };
    assert!(missed(&lines(64.0, 10, 44e6)).is_empty());
    assert_eq!(missed(&lines(72.0, 0, 40e6)).len(), 2);
    assert_eq!(missed(&lines(16.0, 11, 40e6)), ["frames dropped while scrolling, %"]);
    assert_eq!(missed(&lines(16.0, 0, 44.1e6)), ["ratio to the memory before the second"]);
}

#[test]
fn a_missing_sample_is_an_error() {
    assert!(wall(&samples(&[])).is_err());
    assert!(fifty(&samples(&[r#"{"figure":"fifty","page":"studio"}"#])).is_err());
    assert!(BrowserSamples::read("a warning").is_err());
}

#[test]
fn the_first_visit_is_compared_with_the_hand_written_form_and_with_the_older_build() {
    let lines = |painted: u32, submitted: u32| {
        samples(&[
            &format!(r#"{{"figure":"painted","page":"studio","ms":{painted}}}"#),
            r#"{"figure":"painted","page":"floor","ms":400}"#,
            r#"{"figure":"painted","page":"old","ms":800}"#,
            &format!(r#"{{"figure":"submitted","page":"studio","ms":{submitted}}}"#),
            r#"{"figure":"submitted","page":"old","ms":1200}"#,
        ])
    };
    assert!(missed(&early(&lines(500, 1200)).unwrap()).is_empty());
    let bad = early(&lines(801, 1201)).unwrap();
    let all = ["form painted, ms", "later than the hand-written form", "first order accepted, ms"];
    assert_eq!(missed(&bad), all);
    assert!(early(&samples(&[])).is_err());
}

#[test]
fn the_slowest_key_counts() {
    let line = |key: u32| {
        samples(&[&format!(
            r#"{{"figure":"twelve","page":"studio","key_ms":{key},"press_ms":16}}"#
        )])
    };
    assert!(missed(&twelve(&line(100)).unwrap()).is_empty());
    assert_eq!(missed(&twelve(&line(101)).unwrap()), ["slowest of 40 keys, ms"]);
}

//! The run of a string that stands for itself: a picture's text is one, megabytes long.
//!
//! Owns what ends it. Must not look further than that.

use crate::gateway::simd::{LANES, Lanes};

/// Splits off what comes before the first quote, backslash or control character.
pub(super) fn plain(text: &[u8]) -> (&[u8], &[u8]) {
    let whole = blocks(text);
    let tail = text.get(whole..).unwrap_or_default();
    let more = tail.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
    let length = more.map_or(text.len(), |more| whole.saturating_add(more));
    text.split_at_checked(length).unwrap_or((text, &[]))
}

/// How many bytes come before the first sixteen that hold anything special.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn blocks(text: &[u8]) -> usize {
    let (blocks, _) = text.as_chunks::<LANES>();
    let (quote, backslash) = (Lanes::every(b'"'), Lanes::every(b'\\'));
    let (zero, one, controls) = (Lanes::every(0), Lanes::every(1), Lanes::every(0x20));
    let mut done = 0usize;
    for block in blocks {
        let block = Lanes::of(block);
        let quoting = block.among(quote, one).or(block.among(backslash, one));
        let special = quoting.or(block.among(zero, controls));
        if special.any_set() {
            break;
        }
        done = done.saturating_add(LANES);
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_special_ends_it_wherever_it_stands() {
        for place in 0..40 {
            for byte in 0..=255 {
                let mut text = [b'x'; 40];
                text[place] = byte;
                let special = byte == b'"' || byte == b'\\' || byte < 0x20;
                let expected = if special { place } else { 40 };
                assert_eq!(plain(&text).0.len(), expected, "{byte} at {place}");
                assert_eq!(plain(&text).1.len(), 40 - expected, "{byte} at {place}");
            }
        }
    }
}

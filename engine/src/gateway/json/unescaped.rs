//! Finds the end of a string's part without escape sequences. A picture's base64 is one such part of megabytes.
//!
//! Owns which bytes end it. Must not read beyond that byte.

use crate::gateway::simd::{LANES, Lanes};

/// Splits a text before its first quote, backslash or control character.
pub(super) fn unescaped_run(text: &[u8]) -> (&[u8], &[u8]) {
    let whole = blocks_without_special(text);
    let tail = text.get(whole..).unwrap_or_default();
    let more = tail.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
    let length = more.map_or(text.len(), |more| whole.saturating_add(more));
    text.split_at_checked(length).unwrap_or((text, &[]))
}

/// The number of bytes before the first block of sixteen that contains a quote, backslash or control character.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn blocks_without_special(text: &[u8]) -> usize {
    let (blocks, _) = text.as_chunks::<LANES>();
    let (quote, backslash) = (Lanes::splat(b'"'), Lanes::splat(b'\\'));
    let (zero, one, controls) = (Lanes::splat(0), Lanes::splat(1), Lanes::splat(0x20));
    let mut done = 0usize;
    for block in blocks {
        let block = Lanes::of(block);
        let quoting = block.in_range(quote, one).or(block.in_range(backslash, one));
        let special = quoting.or(block.in_range(zero, controls));
        if special.any_nonzero() {
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
                assert_eq!(unescaped_run(&text).0.len(), expected, "{byte} at {place}");
                assert_eq!(unescaped_run(&text).1.len(), 40 - expected, "{byte} at {place}");
            }
        }
    }
}

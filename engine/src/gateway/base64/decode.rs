//! Decodes base64 as it arrives, into a buffer that the caller empties.
//!
//! Owns the standard alphabet, with padding. Must not accept variants: no white space, no URL alphabet, no data URL.

use crate::gateway::simd::{LANES, Lanes};

/// The text is not valid base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::gateway) struct NotBase64;

/// Decodes text in pieces of any length.
#[derive(Debug, Default)]
pub(in crate::gateway) struct Decoder {
    /// The sextets of the incomplete group, as one number.
    group: u32,
    /// How many characters of the group were read, including padding.
    seen: u8,
    /// How many padding characters were read.
    padding: u8,
}

/// The table's value for bytes that are not in the alphabet.
const INVALID: u8 = 0xFF;

static VALUES: [u8; 256] = values();

const fn values() -> [u8; 256] {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut values = [INVALID; 256];
    let mut value = 0;
    #[expect(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "runs at compile time only"
    )]
    while value < 64 {
        values[alphabet[value as usize] as usize] = value;
        value += 1;
    }
    values
}

fn value(byte: u8) -> u8 {
    VALUES.get(usize::from(byte)).copied().unwrap_or(INVALID)
}

/// A range of characters whose values are consecutive.
#[derive(Clone, Copy)]
struct CharRange {
    first: Lanes,
    count: Lanes,
    /// What is added to a character to get its value; never zero.
    offset: Lanes,
}

impl CharRange {
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn of(first: u8, count: u8, value: u8) -> Self {
        let offset = Lanes::splat(value.wrapping_sub(first));
        Self { first: Lanes::splat(first), count: Lanes::splat(count), offset }
    }

    /// The offset in each lane whose character is in the range, and zero in the other lanes.
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn offsets(self, text: Lanes) -> Lanes {
        text.in_range(self.first, self.count).and(self.offset)
    }
}

/// Decodes blocks of sixteen characters, up to the first block with a character outside the alphabet. Returns how many
/// characters were decoded.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn decode_blocks(text: &[u8], out: &mut Vec<u8>) -> usize {
    let upper = CharRange::of(b'A', 26, 0);
    let lower = CharRange::of(b'a', 26, 26);
    let digits = CharRange::of(b'0', 10, 52);
    let plus = CharRange::of(b'+', 1, 62);
    let slash = CharRange::of(b'/', 1, 63);
    // The bytes are collected in an array first: a vector that grows by twelve bytes at a time, or that is first filled
    // with zeros, takes longer than all the rest of this function.
    let mut window = [[0; 12]; 64];
    let mut done = 0usize;
    for some in text.as_chunks::<LANES>().0.chunks(window.len()) {
        let mut complete = 0usize;
        for (block, place) in some.iter().zip(&mut window) {
            let text = Lanes::of(block);
            let letters = upper.offsets(text).or(lower.offsets(text));
            let others = digits.offsets(text).or(plus.offsets(text)).or(slash.offsets(text));
            let offsets = letters.or(others);
            // A lane that is still zero holds a character outside the alphabet.
            if !offsets.all_nonzero() {
                break;
            }
            text.plus(offsets).pack_sextets(place);
            complete = complete.saturating_add(1);
        }
        out.extend_from_slice(window.get(..complete).unwrap_or_default().as_flattened());
        done = done.saturating_add(complete);
        if complete < some.len() {
            break;
        }
    }
    done.saturating_mul(LANES)
}

impl Decoder {
    /// Decodes the next piece of text and appends its bytes to `out`.
    pub(in crate::gateway) fn push(
        &mut self,
        mut text: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), NotBase64> {
        while self.seen != 0 {
            let Some((&byte, rest)) = text.split_first() else { return Ok(()) };
            self.push_byte(byte, out)?;
            text = rest;
        }
        if self.padding == 0 {
            let done = decode_blocks(text, out);
            text = text.get(done..).unwrap_or_default();
        }
        let (groups, rest) = text.as_chunks::<4>();
        for (done, &[a, b, c, d]) in groups.iter().enumerate() {
            let [a, b, c, d] = [value(a), value(b), value(c), value(d)];
            if (a | b | c | d) & 0xC0 != 0 || self.padding != 0 {
                // Padding or an invalid character: `push_byte` tells them apart.
                let rest = text.get(done.saturating_mul(4)..).unwrap_or_default();
                return rest.iter().try_for_each(|&byte| self.push_byte(byte, out));
            }
            out.extend_from_slice(&[(a << 2) | (b >> 4), (b << 4) | (c >> 2), (c << 6) | d]);
        }
        rest.iter().try_for_each(|&byte| self.push_byte(byte, out))
    }

    fn push_byte(&mut self, byte: u8, out: &mut Vec<u8>) -> Result<(), NotBase64> {
        if self.seen == 0 && self.padding != 0 {
            return Err(NotBase64);
        }
        let sextet = match byte {
            b'=' if self.seen >= 2 => {
                self.padding = self.padding.saturating_add(1);
                0
            }
            _ if self.padding != 0 => return Err(NotBase64),
            _ => value(byte),
        };
        if sextet == INVALID {
            return Err(NotBase64);
        }
        self.group = (self.group << 6) | u32::from(sextet);
        self.seen = self.seen.saturating_add(1);
        if self.seen == 4 {
            let [_, bytes @ ..] = self.group.to_be_bytes();
            let complete = 3usize.saturating_sub(usize::from(self.padding));
            out.extend_from_slice(bytes.get(..complete).unwrap_or_default());
            self.group = 0;
            self.seen = 0;
        }
        Ok(())
    }

    /// Fails if the text must not end here.
    pub(in crate::gateway) fn finish(&self) -> Result<(), NotBase64> {
        if self.seen == 0 { Ok(()) } else { Err(NotBase64) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(text: &str, cut: usize) -> Result<Vec<u8>, NotBase64> {
        let (mut decoder, mut out) = (Decoder::default(), Vec::new());
        for piece in text.as_bytes().chunks(cut) {
            decoder.push(piece, &mut out)?;
        }
        decoder.finish().map(|()| out)
    }

    #[test]
    fn text_decodes_however_it_is_cut() {
        for (text, bytes) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYmFyZm9vYg==", "foobarfoob"),
            ("Zm9vYmFyZm9vYmE=", "foobarfooba"),
        ] {
            for cut in 1..=8 {
                assert_eq!(decode(text, cut), Ok(bytes.as_bytes().to_vec()), "{text} by {cut}");
            }
        }
        assert_eq!(decode("+/+/", 4), Ok(vec![0xFB, 0xFF, 0xBF]));
    }

    #[test]
    fn each_of_sixteen_places_takes_the_alphabet_and_nothing_else() {
        use base64::{Engine, engine::general_purpose::STANDARD};
        for place in 0..16 {
            for byte in 0..=255 {
                let mut text = *b"Zm9v+/Zm9vYmFyZm9vYmFyZm9vYmFyZ9";
                text[place] = byte;
                let (mut decoder, mut out) = (Decoder::default(), Vec::new());
                let read = decoder.push(&text, &mut out).and_then(|()| decoder.finish());
                let expected = STANDARD.decode(text);
                assert_eq!(read.is_ok(), expected.is_ok(), "{byte} at {place}");
                match expected {
                    Ok(bytes) => assert_eq!(out, bytes, "{byte} at {place}"),
                    // Everything before the error was decoded, except the group that contains the error.
                    Err(_) => assert_eq!(out.len() / 3, place / 4, "{byte} at {place}"),
                }
            }
        }
    }

    #[test]
    fn variants_are_refused_however_they_are_cut() {
        for text in [
            "Z",
            "Zg",
            "Zg=",
            "Zg===",
            "Z===",
            "====",
            "Zg==Zg==",
            "Zm9v\n",
            "Zm 9",
            "-_-_",
            "Zm=v",
            "Zm9vZ===",
            "data:image/png;base64,Zg==",
        ] {
            for cut in 1..=8 {
                assert_eq!(decode(text, cut), Err(NotBase64), "{text} by {cut}");
            }
        }
    }
}

//! Base64 of bytes that come in pieces of any length.
//!
//! Owns the groups of three. Must not keep more than two bytes.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Encodes bytes in pieces of any length.
#[derive(Debug, Default)]
pub struct Encoder {
    /// Bytes that wait for their group to be whole, and how many.
    held: [u8; 2],
    holds: usize,
}

/// How long the text of `bytes` bytes is, padding included.
pub const fn encoded_length(bytes: u64) -> u64 {
    bytes.div_ceil(3).saturating_mul(4)
}

impl Encoder {
    /// Appends the text of what is whole: 4 bytes for 3 of `bytes`.
    pub fn push(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) {
        while self.holds != 0 {
            let Some((&byte, rest)) = bytes.split_first() else { return };
            bytes = rest;
            self.hold(byte, out);
        }
        let (groups, rest) = bytes.as_chunks::<3>();
        out.reserve(groups.len().saturating_add(1).saturating_mul(4));
        for &group in groups {
            out.extend_from_slice(&encode(group));
        }
        for &byte in rest {
            self.hold(byte, out);
        }
    }

    fn hold(&mut self, byte: u8, out: &mut Vec<u8>) {
        match (self.holds, self.held) {
            (0, _) => (self.held, self.holds) = ([byte, 0], 1),
            (1, [first, _]) => (self.held, self.holds) = ([first, byte], 2),
            (_, [first, second]) => {
                out.extend_from_slice(&encode([first, second, byte]));
                self.holds = 0;
            }
        }
    }

    /// Appends the rest, padded.
    pub fn finish(self, out: &mut Vec<u8>) {
        let [first, second] = self.held;
        let [a, b, c, _] = encode([first, second, 0]);
        match self.holds {
            0 => {}
            1 => out.extend_from_slice(&[a, b, b'=', b'=']),
            _ => out.extend_from_slice(&[a, b, c, b'=']),
        }
    }
}

fn encode([a, b, c]: [u8; 3]) -> [u8; 4] {
    let letter = |value: u8| ALPHABET.get(usize::from(value & 63)).copied().unwrap_or(b'A');
    [letter(a >> 2), letter((a << 4) | (b >> 4)), letter((b << 2) | (c >> 6)), letter(c)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8], cut: usize) -> String {
        let (mut encoder, mut out) = (Encoder::default(), Vec::new());
        for piece in bytes.chunks(cut) {
            encoder.push(piece, &mut out);
        }
        encoder.finish(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn bytes_encode_however_they_are_cut() {
        for (bytes, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobarfoob", "Zm9vYmFyZm9vYg=="),
            ("foobarfooba", "Zm9vYmFyZm9vYmE="),
        ] {
            for cut in 1..=8 {
                assert_eq!(text(bytes.as_bytes(), cut), expected, "{bytes} by {cut}");
            }
            assert_eq!(encoded_length(bytes.len() as u64), expected.len() as u64);
        }
    }

    #[test]
    fn every_byte_reads_back() {
        let bytes: Vec<u8> = (0..=255).collect();
        let (mut decoder, mut back) = (super::super::Decoder::default(), Vec::new());
        decoder.push(text(&bytes, 7).as_bytes(), &mut back).unwrap();
        assert_eq!(decoder.finish(), Ok(()));
        assert_eq!(back, bytes);
    }
}

//! Hexadecimal text.
//!
//! Owns encoding and decoding, with digits in lower case. Must not accept upper case.

/// Encodes each byte as two hexadecimal digits in lower case.
pub fn encode(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |value: u8| DIGITS.get(usize::from(value & 15)).copied().unwrap_or('0');
    bytes.iter().flat_map(|&byte| [digit(byte >> 4), digit(byte)]).collect()
}

/// Decodes hexadecimal digits in lower case; `None` unless they are exactly `N` bytes.
pub fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let value = |b: u8| match b {
        b'0'..=b'9' => Some(b.wrapping_sub(b'0')),
        b'a'..=b'f' => Some(b.wrapping_sub(b'a').wrapping_add(10)),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, &[high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = (value(high)? << 4) | value(low)?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    #[test]
    fn bytes_read_back() {
        assert_eq!(super::encode(&[0, 0x9a, 0xff]), "009aff");
        assert_eq!(super::decode("009aff"), Some([0, 0x9a, 0xff]));
        for bad in ["", "009af", "009aff00", "009AFF", "009ag0"] {
            assert_eq!(super::decode::<3>(bad), None, "{bad}");
        }
    }
}

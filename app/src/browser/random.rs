//! Random numbers: keys that are unique.

/// 128 random bits as 32 hex digits.
pub(crate) fn key() -> String {
    let mut bits = [0; 16];
    if let Some(crypto) = web_sys::window().and_then(|window| window.crypto().ok()) {
        // Fails only for more than 65,536 bytes.
        drop(crypto.get_random_values_with_u8_array(&mut bits));
    }
    bits.iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}

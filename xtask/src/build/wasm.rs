//! A finished wasm module without what only tools read.
//!
//! Names of functions and the list of features are a fifth of the Worker. wasm-bindgen and wasm-opt need
//! them, so they go last, and never by a profile's `strip`.

use anyhow::{Context, Result, ensure};

const MAGIC: &[u8] = b"\0asm\x01\0\0\0";
const CUSTOM: u8 = 0;

/// The module without its custom sections, which no engine needs.
pub fn without_custom_sections(module: &[u8]) -> Result<Vec<u8>> {
    let mut rest = module.strip_prefix(MAGIC).context("this is no wasm module")?;
    let mut out = MAGIC.to_vec();
    while let Some((&id, after)) = rest.split_first() {
        let (length, head) = leb128(after).context("a section's length is cut off")?;
        let whole = 1 + head + length;
        ensure!(whole <= rest.len(), "a section is cut off");
        let (section, next) = rest.split_at(whole);
        if id != CUSTOM {
            out.extend_from_slice(section);
        }
        rest = next;
    }
    Ok(out)
}

/// An unsigned number of up to 32 bits, and how many bytes it takes.
fn leb128(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0;
    for (at, byte) in bytes.iter().take(5).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, at + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(sections: &[(u8, &[u8])]) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        for (id, body) in sections {
            // The length in two bytes, as linkers like to write it.
            let [low, high] =
                [body.len() % 128, body.len() / 128].map(|n| u8::try_from(n).unwrap());
            out.extend([*id, low | 0x80, high]);
            out.extend_from_slice(body);
        }
        out
    }

    #[test]
    fn only_custom_sections_go() {
        let names = [7; 300];
        let full = module(&[(1, b"types"), (0, &names), (10, b"code"), (0, b"")]);
        let bare = module(&[(1, b"types"), (10, b"code")]);
        assert_eq!(without_custom_sections(&full).unwrap(), bare);
        assert_eq!(without_custom_sections(&bare).unwrap(), bare);
    }

    #[test]
    fn a_broken_module_is_an_error() {
        assert!(without_custom_sections(b"no wasm").is_err());
        let mut cut = module(&[(1, b"types")]);
        cut.pop();
        assert!(without_custom_sections(&cut).is_err());
        assert!(without_custom_sections(&[MAGIC, &[1, 0xff]].concat()).is_err());
    }
}

//! A dummy C2PA manifest: boxes that a presence check finds, without signed content.
//!
//! Owns where each format stores it. Must not be taken for a real credential.

use contract::options::Size;

/// The last twelve bytes of every JUMBF box type UUID that C2PA uses; the first four are an ASCII word.
const UUID_TAIL: [u8; 12] =
    [0x00, 0x11, 0x00, 0x10, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];

/// A JUMBF superbox: the store `c2pa` with one empty manifest in it.
pub(super) fn manifest() -> Vec<u8> {
    let inner = superbox(*b"c2ma", "urn:c2pa:sandbox-sample", &[]);
    superbox(*b"c2pa", "c2pa", &inner)
}

/// The manifest as the data of one APP11 segment of JPEG (ISO 19566-5): `JP`, a box number, a packet number.
pub(super) fn app11() -> Vec<u8> {
    let mut data = b"JP\x00\x01\x00\x00\x00\x01".to_vec();
    data.extend(manifest());
    data
}

/// Adds the manifest to a WebP file as a RIFF chunk. Only the extended format may hold such a chunk, so that a file in
/// the simple format, which has no alpha channel, gets a `VP8X` header too.
pub(super) fn add_to_webp(bytes: &mut Vec<u8>, size: Size) {
    // After "RIFF", the length and "WEBP".
    if bytes.get(12..16) != Some(b"VP8X") {
        let less_one = |pixels: u16| (u32::from(pixels) - 1).to_le_bytes();
        let mut header = b"VP8X\x0A\0\0\0\0\0\0\0".to_vec();
        header.extend(&less_one(size.width)[..3]);
        header.extend(&less_one(size.height)[..3]);
        bytes.splice(12..12, header);
    }

    let manifest = manifest();
    bytes.extend(b"C2PA");
    bytes.extend(length(&manifest).to_le_bytes());
    bytes.extend(&manifest);
    if manifest.len() % 2 == 1 {
        bytes.push(0);
    }
    let riff = length(bytes).saturating_sub(8).to_le_bytes();
    bytes[4..8].copy_from_slice(&riff);
}

/// Whether a file holds a manifest: `caBX` in PNG, APP11 with JUMBF in JPEG, `C2PA` in WebP. Every picture that the
/// sandbox encodes does.
pub fn carries_credentials(file: &[u8]) -> bool {
    let holds = |mark: &[u8]| file.windows(mark.len()).any(|window| window == mark);
    if file.starts_with(b"\x89PNG\r\n\x1a\n") {
        holds(b"caBX") && holds(b"c2pa")
    } else if file.starts_with(b"RIFF") {
        holds(b"C2PA") && holds(b"c2pa")
    } else {
        file.starts_with(b"\xFF\xD8\xFF") && holds(b"jumb") && holds(b"c2pa")
    }
}

fn superbox(word: [u8; 4], label: &str, content: &[u8]) -> Vec<u8> {
    // The description box: a type, a byte of flags (requestable, has a label), and the label with its terminating zero.
    let mut description = word.to_vec();
    description.extend(UUID_TAIL);
    description.push(0x03);
    description.extend(label.as_bytes());
    description.push(0);
    let mut inside = plain_box(*b"jumd", &description);
    inside.extend(content);
    plain_box(*b"jumb", &inside)
}

fn plain_box(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut bytes = (length(content) + 8).to_be_bytes().to_vec();
    bytes.extend(kind);
    bytes.extend(content);
    bytes
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

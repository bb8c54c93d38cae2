//! Hand-made pictures, complete, cut off and forged, read at once and byte by byte.

use super::*;

fn length(data: &[u8]) -> u32 {
    u32::try_from(data.len()).unwrap()
}

fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
    [&length(data).to_be_bytes()[..], kind, data, &[0; 4]].concat()
}

pub(super) fn png(extra: &[u8]) -> Vec<u8> {
    let header = [&1024u32.to_be_bytes()[..], &1536u32.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    [
        b"\x89PNG\r\n\x1A\n",
        &chunk(b"IHDR", &header)[..],
        extra,
        &chunk(b"IDAT", &[7; 300]),
        &chunk(b"IEND", &[]),
    ]
    .concat()
}

/// A frame header: 1024 pixels wide and 1536 high.
const FRAME: [u8; 13] = [0xFF, 0xC0, 0, 11, 8, 6, 0, 4, 0, 1, 0, 0, 0];

pub(super) fn jpeg(extra: &[u8]) -> Vec<u8> {
    [
        &[0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2][..],
        extra,
        &FRAME,
        &[0xFF, 0xDA, 0, 4, 0, 0, 1, 2, 0xFF, 0, 3, 0xFF, 0xD0, 4, 0xFF, 0xD9],
    ]
    .concat()
}

pub(super) fn riff(chunks: &[u8]) -> Vec<u8> {
    [b"RIFF", &(length(chunks) + 4).to_le_bytes()[..], b"WEBP", chunks].concat()
}

fn part(kind: &[u8], data: &[u8]) -> Vec<u8> {
    [kind, &length(data).to_le_bytes()[..], data, &vec![0; data.len() % 2]].concat()
}

pub(super) fn lossless() -> Vec<u8> {
    let bits = 1023u32 | (1535 << 14);
    part(b"VP8L", &[&[0x2F][..], &bits.to_le_bytes(), &[0; 8]].concat())
}

fn extended() -> Vec<u8> {
    let size = [&[0x08, 0, 0, 0][..], &1023u32.to_le_bytes()[..3], &1535u32.to_le_bytes()[..3]];
    part(b"VP8X", &size.concat())
}

fn read(bytes: &[u8]) -> Result<PictureFacts, NotAPicture> {
    let mut whole = Inspector::default();
    let result = whole.feed(bytes).and_then(|()| whole.finish());
    let mut pieces = Inspector::default();
    let by_byte =
        bytes.iter().try_for_each(|byte| pieces.feed(&[*byte])).and_then(|()| pieces.finish());
    assert_eq!(result, by_byte, "how the bytes are cut must not matter");
    result
}

#[track_caller]
fn check(bytes: &[u8], media_type: MediaType, credentials: bool) {
    let facts = PictureFacts {
        media_type,
        width: 1024,
        height: 1536,
        bytes: bytes.len() as u64,
        credentials,
    };
    assert_eq!(read(bytes), Ok(facts));
    for cut in 0..bytes.len() {
        assert_eq!(read(&bytes[..cut]), Err(NotAPicture), "cut after {cut} of {}", bytes.len());
    }
}

#[test]
fn png_is_read_to_its_end() {
    check(&png(&[]), MediaType::Png, false);
    check(&png(&chunk(b"caBX", b"....jumb....c2pa")), MediaType::Png, true);
}

#[test]
fn jpeg_is_read_to_its_end() {
    check(&jpeg(&[]), MediaType::Jpeg, false);
    let manifest = b"JP\0\x01\0\0\0\x01\0\0\0\x30jumb\0\0\0\x28jumdc2pa\0\x11\0\x10c2pa";
    let segment =
        [&[0xFF, 0xEB][..], &(length(manifest) + 2).to_be_bytes()[2..], manifest].concat();
    check(&jpeg(&segment), MediaType::Jpeg, true);
}

#[test]
fn webp_is_read_to_its_end() {
    check(&riff(&lossless()), MediaType::Webp, false);
    let lossy =
        [&[0, 0, 0, 0x9D, 0x01, 0x2A][..], &1024u16.to_le_bytes(), &1536u16.to_le_bytes(), &[0; 3]]
            .concat();
    check(&riff(&part(b"VP8 ", &lossy)), MediaType::Webp, false);
    check(&riff(&[extended(), lossless(), part(b"C2PA", b"odd")].concat()), MediaType::Webp, true);
}

#[test]
fn what_is_no_picture_is_refused() {
    for bytes in [
        &b""[..],
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html>",
        b"GIF89a",
        b"\x89PNX\r\n\x1A\n",
        b"RIFF....WAVE",
        b"\xFF\xD8\x00\x00",
        b"\x00\x00\x00 ftypavif",
    ] {
        assert_eq!(read(bytes), Err(NotAPicture));
    }
    assert_eq!(
        read(&[b"\x89PNG\r\n\x1A\n", &chunk(b"IDAT", &[0; 9])[..]].concat()),
        Err(NotAPicture),
        "no header first"
    );
}

/// F22: files that another program could read as a different type.
#[test]
fn nothing_may_follow_a_pictures_end() {
    for picture in [png(&[]), jpeg(&[]), riff(&lossless())] {
        for tail in [&b"<script>"[..], b"PK\x03\x04", b"\n", &picture] {
            assert_eq!(read(&[&picture[..], tail].concat()), Err(NotAPicture));
        }
    }
}

#[test]
fn a_picture_of_nothing_is_none() {
    let header = [&1024u32.to_be_bytes()[..], &1536u32.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let hollow =
        [b"\x89PNG\r\n\x1A\n", &chunk(b"IHDR", &header)[..], &chunk(b"IEND", &[])].concat();
    assert_eq!(read(&hollow), Err(NotAPicture));
    assert_eq!(read(&riff(&extended())), Err(NotAPicture));
    assert_eq!(read(&[&[0xFF, 0xD8][..], &FRAME, &[0xFF, 0xD9]].concat()), Err(NotAPicture));
    assert_eq!(read(&[0xFF, 0xD8, 0xFF, 0xD9]), Err(NotAPicture));
}

#[test]
fn a_marker_may_be_filled_up() {
    check(&jpeg(&[0xFF, 0xFF, 0xFF, 0xFE, 0, 3, 7]), MediaType::Jpeg, false);
}

#[test]
fn a_picture_of_two_sizes_is_refused() {
    let other = [0xFF, 0xC0, 0, 11, 8, 0xFF, 0, 0xFF, 0, 1, 0, 0, 0];
    assert_eq!(read(&jpeg(&other)), Err(NotAPicture));
    let bits = 16_383u32 | (16_383 << 14);
    let bomb = part(b"VP8L", &[&[0x2F][..], &bits.to_le_bytes(), &[0; 8]].concat());
    assert_eq!(read(&riff(&[extended(), bomb].concat())), Err(NotAPicture));
}

#[test]
fn a_picture_without_pixels_or_with_too_many_is_refused() {
    for (width, height, good) in [
        (1024u32, 16_384u32, true),
        (4_096, 4_096, true),
        (0, 1536, false),
        (1024, 0, false),
        (4_096, 4_097, false),
        (16_385, 1, false),
        (u32::MAX, u32::MAX, false),
    ] {
        let mut bytes = png(&[]);
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        assert_eq!(read(&bytes).is_ok(), good, "{width} x {height}");
    }
}

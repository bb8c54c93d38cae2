//! Pictures built by hand, whole, cut and forged; fed whole and byte by byte.

use super::*;

fn length(data: &[u8]) -> u32 {
    u32::try_from(data.len()).unwrap()
}

fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
    [&length(data).to_be_bytes()[..], kind, data, &[0; 4]].concat()
}

fn png(extra: &[u8]) -> Vec<u8> {
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

fn jpeg(extra: &[u8]) -> Vec<u8> {
    let frame = [0xFF, 0xC0, 0, 11, 8, 6, 0, 4, 0, 1, 0, 0, 0]; // 1536 high, 1024 wide
    [
        &[0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2][..],
        extra,
        &frame,
        &[0xFF, 0xDA, 0, 4, 0, 0, 1, 2, 0xFF, 0, 3, 0xFF, 0xD0, 4, 0xFF, 0xD9],
    ]
    .concat()
}

fn riff(chunks: &[u8]) -> Vec<u8> {
    [b"RIFF", &(length(chunks) + 4).to_le_bytes()[..], b"WEBP", chunks].concat()
}

fn part(kind: &[u8], data: &[u8]) -> Vec<u8> {
    [kind, &length(data).to_le_bytes()[..], data, &vec![0; data.len() % 2]].concat()
}

fn lossless() -> Vec<u8> {
    let bits = 1023u32 | (1535 << 14);
    part(b"VP8L", &[&[0x2F][..], &bits.to_le_bytes(), &[0; 8]].concat())
}

fn read(bytes: &[u8]) -> Result<Facts, NotAPicture> {
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
    let facts =
        Facts { media_type, width: 1024, height: 1536, bytes: bytes.len() as u64, credentials };
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
    let extended =
        [&[0x08, 0, 0, 0][..], &1023u32.to_le_bytes()[..3], &1535u32.to_le_bytes()[..3]].concat();
    check(
        &riff(&[part(b"VP8X", &extended), lossless(), part(b"C2PA", b"odd")].concat()),
        MediaType::Webp,
        true,
    );
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

#[test]
fn a_picture_without_pixels_or_with_too_many_is_refused() {
    for (from, to) in [(1024u32, 0u32), (1024, 16_385), (1024, u32::MAX)] {
        let mut bytes = png(&[]);
        bytes[16..20].copy_from_slice(&to.to_be_bytes());
        assert_eq!(read(&bytes), Err(NotAPicture), "{from} became {to}");
    }
}

//! Paints sample pictures into a directory, for inspection: `cargo run -p painter --example paint -- DIR`.
//!
//! Writes one file per prompt and format, and all pictures together as the contact sheet `contact.png`.

use contract::options::{Format, Quality, Size};
use painter::{Bitmap, Subject, encode, paint};
use std::{env, fs, io, path::Path};
use tokio::time::Instant;

/// Prompts for each motif, and some that select none.
const PROMPTS: [&str; 12] = [
    "rolling hills in spring",
    "a sailing boat on the sea",
    "dunes of the desert",
    "mountains at dawn",
    "a quiet night",
    "a red balloon on a wooden table",
    "logo of a bakery",
    "the ocean, seen from a lighthouse",
    "a fox in the forest",
    "a wolf in the snow",
    "stars over a village",
    "a caravan in the desert",
];

/// The contact sheet's columns, and by how much its pictures are reduced.
const COLUMNS: usize = 4;
const SHRINK: usize = 3;
const SIDE: u16 = 1024;

fn main() -> io::Result<()> {
    let Some(folder) = env::args().nth(1) else {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "the directory is missing; usage: paint DIR",
        ));
    };
    fs::create_dir_all(&folder)?;
    let mut pictures = Vec::new();
    for (number, prompt) in PROMPTS.into_iter().enumerate() {
        let subject = Subject {
            prompt: prompt.to_owned(),
            index: 0,
            size: Size { width: SIDE, height: SIDE },
            quality: Quality::ALL[2 - number % 3],
            transparent: number == 5,
            ..Subject::default()
        };
        let began = Instant::now();
        let picture = paint(&subject);
        println!("{number}: painted in {:.0?}", began.elapsed());
        for format in Format::ALL {
            save(&picture, *format, &Path::new(&folder).join(format!("{number}.{format}")))?;
        }
        pictures.push(picture);
    }
    save(&contact(&pictures), Format::Png, &Path::new(&folder).join("contact.png"))
}

fn save(picture: &Bitmap, format: Format, file: &Path) -> io::Result<()> {
    let began = Instant::now();
    let bytes = encode(picture, format, 100)?;
    println!("   {format}: encoded in {:.0?}, {} KB", began.elapsed(), bytes.len() / 1024);
    fs::write(file, bytes)
}

fn contact(pictures: &[Bitmap]) -> Bitmap {
    let cell = usize::from(SIDE) / SHRINK;
    let (width, height) = (cell * COLUMNS, cell * pictures.len().div_ceil(COLUMNS));
    let mut pixels = vec![255; width * height * 4];
    for (number, picture) in pictures.iter().enumerate() {
        let (left, top) = (number % COLUMNS * cell, number / COLUMNS * cell);
        for (x, y) in (0..cell * cell).map(|i| (i % cell, i / cell)) {
            for channel in 0..4 {
                let block = (0..SHRINK * SHRINK).map(|i| {
                    let (x, y) = (x * SHRINK + i % SHRINK, y * SHRINK + i / SHRINK);
                    usize::from(picture.pixels[(y * usize::from(SIDE) + x) * 4 + channel])
                });
                let mean = block.sum::<usize>() / (SHRINK * SHRINK);
                pixels[((top + y) * width + left + x) * 4 + channel] =
                    u8::try_from(mean).unwrap_or(255);
            }
        }
    }
    let side = |pixels| u16::try_from(pixels).unwrap_or(u16::MAX);
    Bitmap { size: Size { width: side(width), height: side(height) }, transparent: true, pixels }
}

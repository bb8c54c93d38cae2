//! A tar file under gzip whose bytes depend on its content alone: no time, no user, files in the order of their names.
//!
//! Owns the format. Must not know what is packed.

use anyhow::{Context, Result, bail, ensure};
use flate2::{Compression, GzBuilder, read::GzDecoder};
use std::{
    collections::BTreeMap,
    io::{Read, Write},
};

/// The files of an archive: their content by their path.
pub type Files = BTreeMap<String, Vec<u8>>;

const BLOCK: usize = 512;
/// The time of every file: the one that npm writes too. Some programs take 0 for a mistake.
const TIME: u64 = 499_162_500;
/// The longest name that a header holds.
const LONGEST: usize = 100;

/// Packs the files, all of them in one folder. A program, which begins with `#!`, can be started.
pub fn pack(folder: &str, files: &Files) -> Result<Vec<u8>> {
    let mut out = GzBuilder::new().write(Vec::new(), Compression::best());
    for (path, content) in files {
        let name = format!("{folder}/{path}");
        out.write_all(&header(&name, content)?)?;
        out.write_all(content)?;
        out.write_all(&vec![0; content.len().next_multiple_of(BLOCK) - content.len()])?;
    }
    out.write_all(&[0; 2 * BLOCK])?;
    Ok(out.finish()?)
}

/// Reads what `pack` wrote: the files without the name of their folder.
pub fn unpack(archive: &[u8]) -> Result<Files> {
    let mut all = Vec::new();
    GzDecoder::new(archive).read_to_end(&mut all).context("it is not compressed by gzip")?;
    let (mut files, mut rest) = (Files::new(), all.as_slice());
    while let Some((head, after)) = rest.split_first_chunk::<BLOCK>() {
        if head.iter().all(|byte| *byte == 0) {
            return Ok(files);
        }
        let field = |from: usize, to: usize| {
            let bytes = head.get(from..to).unwrap_or_default();
            let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
            str::from_utf8(text).context("a name is no text")
        };
        ensure!(field(257, 262)? == "ustar", "it is no archive of a release");
        let bytes = usize::from_str_radix(field(124, 136)?, 8).context("a size is no number")?;
        let content = after.get(..bytes).context("it is cut off")?;
        let (_, path) = field(0, LONGEST)?.split_once('/').context("a file is in no folder")?;
        files.insert(path.to_owned(), content.to_vec());
        rest = after.get(bytes.next_multiple_of(BLOCK)..).context("it is cut off")?;
    }
    bail!("it is cut off")
}

/// The header in the form of POSIX (ustar).
fn header(name: &str, content: &[u8]) -> Result<[u8; BLOCK]> {
    ensure!(name.len() <= LONGEST, "{name} is too long a name for an archive");
    let mode = if content.starts_with(b"#!") { 0o755 } else { 0o644 };
    let mut block = [0; BLOCK];
    let mut put = |at: usize, text: &str| {
        let place = block.get_mut(at..at + text.len()).context("a field is too long")?;
        place.copy_from_slice(text.as_bytes());
        anyhow::Ok(())
    };
    put(0, name)?;
    put(100, &format!("{mode:07o}\0"))?;
    put(108, "0000000\0")?;
    put(116, "0000000\0")?;
    put(124, &format!("{:011o}\0", content.len()))?;
    put(136, &format!("{TIME:011o}\0"))?;
    put(148, "        ")?;
    put(156, "0")?;
    put(257, "ustar\x0000")?;
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    Ok(block)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Stdio;

    fn files() -> Files {
        [("b/run.mjs", "#!/usr/bin/env node\n"), ("a.txt", ""), ("c.txt", "three\n")]
            .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
            .into()
    }

    #[test]
    fn equal_files_make_equal_bytes() {
        let [one, other] = [pack("x-1", &files()), pack("x-1", &files())].map(Result::unwrap);
        assert_eq!(one, other);
        assert_ne!(one, pack("x-2", &files()).unwrap());
        let mut plain = Vec::new();
        GzDecoder::new(&*one).read_to_end(&mut plain).unwrap();
        assert_eq!(plain.len(), 7 * BLOCK, "three headers, two contents, two blocks of nothing");
    }

    #[test]
    fn what_was_packed_is_read_again_and_nothing_else() {
        let packed = pack("x-1", &files()).unwrap();
        assert_eq!(unpack(&packed).unwrap(), files());
        assert!(unpack(&packed[..packed.len() / 2]).is_err(), "half of it");
        assert!(unpack(b"no archive").is_err());
        let mut other = GzBuilder::new().write(Vec::new(), Compression::fast());
        other.write_all(&[1; 2 * BLOCK]).unwrap();
        assert!(unpack(&other.finish().unwrap()).is_err(), "no tar file");
    }

    #[tokio::test]
    async fn tar_reads_it() {
        let mut tar = crate::tools::program("tar");
        tar.args(["-tvzf", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut running = tar.spawn().unwrap();
        let bytes = pack("x-1", &files()).unwrap();
        let mut input = running.stdin.take().unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut input, &bytes).await.unwrap();
        drop(input);
        let listed = running.wait_with_output().await.unwrap();
        assert!(listed.status.success());
        let text = String::from_utf8(listed.stdout).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("-rw-r--r--") && lines[0].ends_with("x-1/a.txt"), "{text}");
        assert!(
            lines[1].starts_with("-rwxr-xr-x") && lines[1].ends_with("x-1/b/run.mjs"),
            "{text}"
        );
    }

    #[test]
    fn a_name_that_no_header_holds_is_refused() {
        let files = Files::from([("n".repeat(LONGEST), Vec::new())]);
        assert!(pack("x", &files).is_err());
    }
}

//! The state folder, which holds prompts, pictures and generated secrets: private to its owner.
//!
//! Owns its permissions. Must not read what is in it.

use anyhow::{Context, Result, ensure};
use std::{
    fs::{self, DirBuilder, Permissions},
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::Path,
};

/// The bits of a mode that let others in.
const OTHERS: u32 = 0o077;
/// What a state folder contains.
const OURS: [&str; 2] = ["objects", "secrets"];

/// Makes the folder if it is missing, and closes an older state to others; returns whether it was open to them. A folder
/// that holds anything else is refused instead: closing a shared folder would lock others out of what is theirs.
pub fn ensure(state: &Path) -> Result<bool> {
    let cannot = || format!("{} cannot be made private", state.display());
    DirBuilder::new().recursive(true).mode(0o700).create(state).with_context(cannot)?;
    // The state itself may be a link; what is in it may not.
    let state = &fs::canonicalize(state).with_context(cannot)?;
    if mode(state)? & OTHERS == 0 {
        return Ok(false);
    }
    let is_ours = |name: &std::ffi::OsStr| OURS.iter().any(|ours| name == *ours);
    let mut entries = fs::read_dir(state).with_context(cannot)?.flatten();
    ensure!(
        entries.all(|entry| is_ours(&entry.file_name())),
        "{state} is open to other users and holds more than an edge's state: name another folder with --state, or close it \
         with `chmod 700 {state}`",
        state = state.display()
    );
    close(state).with_context(cannot)?;
    Ok(true)
}

/// Closes a folder and everything in it. A link is left alone, since what it names may be somewhere else.
fn close(path: &Path) -> Result<()> {
    let is_folder = match fs::symlink_metadata(path)?.file_type() {
        it if it.is_dir() => true,
        it if it.is_file() => false,
        _ => return Ok(()),
    };
    // The folder comes first: from then on nobody else reaches what is in it.
    fs::set_permissions(path, Permissions::from_mode(if is_folder { 0o700 } else { 0o600 }))?;
    if is_folder {
        for entry in fs::read_dir(path)? {
            close(&entry?.path())?;
        }
    }
    Ok(())
}

fn mode(path: &Path) -> Result<u32> {
    let found = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(found.permissions().mode())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn folder(name: &str) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("easel-private-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    fn set(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    fn bits(path: &Path) -> u32 {
        mode(path).unwrap() & 0o777
    }

    #[test]
    fn a_state_behind_a_link_is_closed_too() {
        let (real, link) = (folder("real"), folder("link"));
        let _ = fs::remove_file(&link);
        fs::create_dir_all(real.join("objects")).unwrap();
        set(&real, 0o755);
        std::os::unix::fs::symlink(&real, &link).unwrap();
        assert!(ensure(&link).unwrap());
        assert_eq!(bits(&real), 0o700);
        assert!(!ensure(&link).unwrap());
        fs::remove_file(&link).unwrap();
        fs::remove_dir_all(&real).unwrap();
    }

    #[test]
    fn a_new_state_is_its_owners() {
        let state = folder("new");
        assert!(!ensure(&state.join("inner")).unwrap());
        assert_eq!(bits(&state.join("inner")), 0o700);
        assert!(!ensure(&state.join("inner")).unwrap(), "it stays as it is");
        fs::remove_dir_all(state).unwrap();
    }

    #[test]
    fn an_older_state_is_closed_with_all_that_is_in_it() {
        let state = folder("old");
        let inner = state.join("objects/do");
        fs::create_dir_all(&inner).unwrap();
        let outside = folder("outside");
        fs::write(&outside, "").unwrap();
        std::os::unix::fs::symlink(&outside, inner.join("link")).unwrap();
        let files = [state.join("secrets"), inner.join("a.sqlite")];
        for file in &files {
            fs::write(file, "").unwrap();
            set(file, 0o644);
        }
        for path in [&state, &state.join("objects"), &inner] {
            set(path, 0o755);
        }
        set(&outside, 0o644);
        assert!(ensure(&state).unwrap(), "it was open");
        assert_eq!(files.each_ref().map(|file| bits(file)), [0o600; 2]);
        assert_eq!([&state, &state.join("objects"), &inner].map(|path| bits(path)), [0o700; 3]);
        assert_eq!(bits(&outside), 0o644, "a link is not followed");
        assert!(!ensure(&state).unwrap());
        fs::remove_dir_all(state).unwrap();
        fs::remove_file(outside).unwrap();
    }

    #[test]
    fn a_folder_of_others_is_left_alone() {
        let state = folder("shared");
        fs::create_dir_all(state.join("objects")).unwrap();
        fs::write(state.join("letter.txt"), "").unwrap();
        set(&state, 0o755);
        let refusal = ensure(&state).unwrap_err().to_string();
        assert!(refusal.contains("--state") && refusal.contains("chmod 700"), "{refusal}");
        assert_eq!(bits(&state), 0o755);
        set(&state, 0o700);
        assert!(!ensure(&state).unwrap(), "a private folder may hold anything");
        fs::remove_dir_all(state).unwrap();
    }
}

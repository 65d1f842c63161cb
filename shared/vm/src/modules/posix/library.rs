//! The packed library seen as files: programs open, list and examine the paths that modules name in `__file__`.

use std::collections::BTreeSet;

use parallax_pylib as pylib;

/// Which part of the library a path names.
pub enum Place {
    /// A file with that many bytes.
    File(usize),
    /// A folder.
    Folder,
}

fn below(path: &[u8]) -> Option<&str> {
    let path = std::str::from_utf8(path).ok()?;
    let path = path.strip_suffix('/').unwrap_or(path);
    if path == pylib::PREFIX { Some("") } else { pylib::inside(path) }
}

/// What the path names, if it lies in the library.
pub fn place(path: &[u8]) -> Option<Place> {
    let below = below(path)?;
    if below.is_empty() || pylib::is_folder(below) {
        return Some(Place::Folder);
    }
    pylib::source(below).map(|text| Place::File(text.len()))
}

/// A descriptor from which the file can be read.
pub fn open(path: &[u8]) -> Option<i32> {
    let text = pylib::source(below(path)?)?;
    // SAFETY: the name is a C string; the descriptor is new and ours; the text is valid for its length.
    unsafe {
        let fd = libc::memfd_create(c"library".as_ptr(), libc::MFD_CLOEXEC);
        if fd < 0 {
            return None;
        }
        let mut rest = &text[..];
        while !rest.is_empty() {
            let n = libc::write(fd, rest.as_ptr().cast(), rest.len());
            if n <= 0 {
                libc::close(fd);
                return None;
            }
            rest = &rest[n as usize..];
        }
        libc::lseek(fd, 0, libc::SEEK_SET);
        Some(fd)
    }
}

/// Names in a folder of the library, and which of them are folders.
pub fn list(path: &[u8]) -> Option<Vec<(String, bool)>> {
    let below = below(path)?;
    if !below.is_empty() && !pylib::is_folder(below) {
        return None;
    }
    let prefix = if below.is_empty() { String::new() } else { format!("{below}/") };
    let mut names = BTreeSet::new();
    for rest in pylib::files().filter_map(|file| file.strip_prefix(prefix.as_str())) {
        match rest.split_once('/') {
            Some((folder, _)) => names.insert((folder.to_string(), true)),
            None => names.insert((rest.to_string(), false)),
        };
    }
    Some(names.into_iter().collect())
}

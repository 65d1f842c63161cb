//! CPython 3.14's own pure-Python standard library, packed into the program: one blob of separately compressed files
//! and a sorted index. Nothing is read from disk, so a binary runs wherever it is copied to.
#![forbid(unsafe_code)]

/// Path, start in the blob, packed and full length.
type Row = (&'static str, usize, usize, usize);

static INDEX: &[Row] = include!(concat!(env!("OUT_DIR"), "/index.rs"));
static BLOB: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/library.lz4"));

/// The folder that the library pretends to lie in.
pub const PREFIX: &str = "/usr/lib/parallax/python3.14";

/// The source of a file such as `json/decoder.py`.
pub fn source(path: &str) -> Option<Vec<u8>> {
    let row = INDEX.binary_search_by_key(&path, |row| row.0).ok()?;
    let (_, start, packed, full) = INDEX[row];
    lz4_flex::block::decompress(&BLOB[start..start + packed], full).ok()
}

/// Is there such a file?
pub fn exists(path: &str) -> bool {
    INDEX.binary_search_by_key(&path, |row| row.0).is_ok()
}

/// Is there such a folder?
pub fn is_folder(path: &str) -> bool {
    let from = INDEX.partition_point(|row| row.0 < path);
    INDEX[from..]
        .iter()
        .take_while(|row| row.0.starts_with(path))
        .any(|row| row.0.as_bytes().get(path.len()) == Some(&b'/'))
}

/// The file below [`PREFIX`] that a full path names.
pub fn inside(path: &str) -> Option<&str> {
    path.strip_prefix(PREFIX)?.strip_prefix('/')
}

/// All files, sorted.
pub fn files() -> impl Iterator<Item = &'static str> {
    INDEX.iter().map(|row| row.0)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_library_is_there_and_whole() {
        let text = super::source("threading.py").expect("threading is packed");
        assert!(String::from_utf8(text).expect("UTF-8").contains("class Thread:"));
        assert!(super::exists("json/__init__.py") && super::is_folder("json") && !super::is_folder("jso"));
        assert!(super::source("json").is_none() && super::source("no_such.py").is_none());
        assert_eq!(super::inside("/usr/lib/parallax/python3.14/os.py"), Some("os.py"));
        assert!(super::files().count() > 400);
    }
}

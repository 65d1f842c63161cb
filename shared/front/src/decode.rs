//! From the bytes of a source file to text: byte order mark, PEP 263 encoding declaration, UTF-8.

use crate::ast::Span;
use crate::error::{Error, Result};

/// The encodings that a declaration may name.
enum Encoding {
    Utf8,
    Latin1,
    Ascii,
}

/// Decodes a source file.
pub(crate) fn decode<'a>(bytes: &'a [u8], filename: &str) -> Result<std::borrow::Cow<'a, str>> {
    let (bytes, mark) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    if bytes.contains(&0) {
        return Err(Error::new(Span { start: 0, end: 0 }, "source code cannot contain null bytes"));
    }
    let declared = declaration(bytes);
    let encoding = match declared {
        None => Encoding::Utf8,
        Some(name) => encoding(name).ok_or_else(|| unknown(name))?,
    };
    if mark && !matches!(encoding, Encoding::Utf8) {
        let name = declared.unwrap_or("").to_owned();
        return Err(Error::new(Span::default(), format!("encoding problem: {name} with BOM")));
    }
    match encoding {
        Encoding::Latin1 => Ok(bytes.iter().map(|&b| char::from(b)).collect::<String>().into()),
        Encoding::Ascii => match bytes.iter().position(|b| !b.is_ascii()) {
            Some(at) => Err(Error::new(
                Span::default(),
                format!(
                    "(unicode error) 'ascii' codec can't decode byte 0x{:02x} in position {at}: ordinal not in range(128)",
                    bytes[at]
                ),
            )),
            None => Ok(String::from_utf8_lossy(bytes)),
        },
        Encoding::Utf8 => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.into()),
            Err(error) => Err(not_utf8(bytes, error, declared.is_some() || mark, filename)),
        },
    }
}

/// The encoding that a comment in the first two lines declares.
fn declaration(bytes: &[u8]) -> Option<&str> {
    for line in bytes.split(|&b| b == b'\n').take(2) {
        let start = line.iter().position(|b| !matches!(b, b' ' | b'\t' | 0x0c));
        let Some(comment) = start.map(|i| &line[i..]) else { continue };
        if matches!(comment, [b'\r', ..] | []) {
            continue;
        }
        if comment[0] != b'#' {
            return None;
        }
        let found = comment.windows(7).position(|w| w.starts_with(b"coding:") || w.starts_with(b"coding="));
        let Some(at) = found else { continue };
        let rest = &comment[at + 7..];
        let skip = rest.iter().position(|b| !matches!(b, b' ' | b'\t')).unwrap_or(rest.len());
        let rest = &rest[skip..];
        let valid = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        let end = rest.iter().position(|b| !valid(b)).unwrap_or(rest.len());
        if end > 0 {
            return std::str::from_utf8(&rest[..end]).ok();
        }
    }
    None
}

fn encoding(name: &str) -> Option<Encoding> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    match &*name {
        "utf-8" | "utf8" | "u8" | "utf" | "utf8-ucs2" | "cp65001" | "utf-8-sig" => Some(Encoding::Utf8),
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "8859" | "cp819" | "l1" => Some(Encoding::Latin1),
        "ascii" | "us-ascii" | "646" => Some(Encoding::Ascii),
        _ if name.starts_with("utf-8-") => Some(Encoding::Utf8),
        _ if name.starts_with("latin-1-") || name.starts_with("iso-8859-1-") => Some(Encoding::Latin1),
        _ => None,
    }
}

fn unknown(name: &str) -> Error {
    Error::new(Span::default(), format!("unknown encoding: {name}"))
}

fn not_utf8(bytes: &[u8], error: std::str::Utf8Error, declared: bool, filename: &str) -> Error {
    let at = error.valid_up_to();
    let byte = bytes[at];
    let line = bytes[..at].iter().filter(|&&b| b == b'\n').count() + 1;
    if !declared {
        let message = format!(
            "Non-UTF-8 code starting with '\\x{byte:02x}' in file {filename} on line {line}, but no encoding declared; \
             see https://peps.python.org/pep-0263/ for details"
        );
        return Error::new(Span { start: at as u32, end: at as u32 }, message);
    }
    let reason = match error.error_len() {
        None => "unexpected end of data",
        Some(_) if matches!(byte, 0xC2..=0xF4) => "invalid continuation byte",
        Some(_) => "invalid start byte",
    };
    let range = match error.error_len() {
        None | Some(1) => format!("byte 0x{byte:02x} in position {at}"),
        Some(len) => format!("bytes in position {at}-{}", at + len - 1),
    };
    Error::new(
        Span { start: at as u32, end: at as u32 },
        format!("(unicode error) 'utf-8' codec can't decode {range}: {reason}"),
    )
}

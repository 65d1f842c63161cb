//! From source bytes to a running module: decoding, compiling, executing.

use std::borrow::Cow;
use std::sync::Arc;

use parallax_front::{Code, Mode, SyntaxError};

use crate::code::CodeBody;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::function;

/// Compiles the bytes of a file.
pub fn compile<M: Memory>(t: &mut Thread<M>, bytes: &[u8], filename: &str, mode: Mode) -> R<M> {
    let text = decode(t, bytes, filename)?;
    compile_text(t, &text, filename, mode)
}

/// Compiles text.
pub fn compile_text<M: Memory>(t: &mut Thread<M>, text: &str, filename: &str, mode: Mode) -> R<M> {
    if let Some(at) = text.find('\0') {
        if filename.starts_with('<') {
            return Err(t.raise(Kind::SyntaxError, "source code string cannot contain null bytes"));
        }
        let line = text[..at].matches('\n').count() as u32 + 1;
        let shown = text[..at].rsplit('\n').next().map(str::to_string);
        return Err(raise_at(t, "source code cannot contain null bytes", filename, line, shown));
    }
    let optimize = t.interp.optimize();
    match compile_warning(t, text, filename, mode, optimize)? {
        Ok(code) => Ok(CodeBody::load(t, &code)),
        Err(error) => Err(t.raise_syntax(&error, filename)),
    }
}

/// Compiles, and lets the program hear what the compiler warns of (the packed library's code has nothing to say).
pub fn compile_warning<M: Memory>(
    t: &mut Thread<M>,
    text: &str,
    filename: &str,
    mode: Mode,
    optimize: u8,
) -> Result<Result<Arc<Code>, SyntaxError>, Raise> {
    let mut warnings = Vec::new();
    let result = parallax_front::compile_warned(text, filename, mode, optimize, &mut warnings);
    if !filename.starts_with(parallax_pylib::PREFIX) {
        for warning in &warnings {
            crate::modules::warnings::warn_syntax(t, warning, filename)?;
        }
    }
    Ok(result)
}

/// Runs a module's code object in a namespace.
pub fn execute<M: Memory>(t: &mut Thread<M>, code: &Obj<M>, globals: &Obj<M>) -> R<M> {
    let nothing = Obj::NONE;
    let f = function::new(t, code.clone(), globals.clone(), nothing);
    crate::interp::call::run_namespace(t, &f, globals.clone())
}

/// The source text as UTF-8: a byte order mark is dropped, a coding line obeyed.
pub fn decode<'a, M: Memory>(t: &mut Thread<M>, bytes: &'a [u8], filename: &str) -> Result<Cow<'a, str>, Raise> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match coding(bytes) {
        Some(name) if !is_utf8(&name) => {
            if is_latin1(&name) {
                return Ok(bytes.iter().map(|&b| b as char).collect::<String>().into());
            }
            let data = crate::types::bytes::from_slice(t, bytes);
            let encoding = t.str(&name);
            match t.call_method(&data, "decode", &[encoding]) {
                Ok(text) => Ok(t.text(&text).into()),
                Err(_) => {
                    t.clear_raised();
                    Err(t.raise(Kind::SyntaxError, format!("encoding problem: {name}")))
                }
            }
        }
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.into()),
            Err(error) => {
                let at = error.valid_up_to();
                let line = bytes[..at].iter().filter(|&&b| b == b'\n').count() as u32 + 1;
                let message = format!(
                    "Non-UTF-8 code starting with '\\x{:02x}' in file {filename} on line {line}, but no encoding declared; see \
                     https://peps.python.org/pep-0263/ for details",
                    bytes[at]
                );
                Err(t.raise(Kind::SyntaxError, message))
            }
        },
    }
}

fn is_utf8(name: &str) -> bool {
    matches!(name, "utf-8" | "utf8" | "utf_8" | "u8" | "utf" | "utf-8-sig") || name.starts_with("utf-8-")
}

fn is_latin1(name: &str) -> bool {
    matches!(name, "latin-1" | "latin1" | "iso-8859-1" | "iso-latin-1" | "iso8859-1")
}

/// The encoding that a comment in the first two lines names (PEP 263).
fn coding(bytes: &[u8]) -> Option<String> {
    for line in bytes.split(|&b| b == b'\n').take(2) {
        let start = line.iter().position(|b| !matches!(b, b' ' | b'\t' | b'\x0c'));
        let Some(start) = start else { continue };
        if line[start] != b'#' {
            // Only a blank or comment line may stand before the coding line.
            return None;
        }
        let Some(at) = memchr::memmem::find(line, b"coding") else { continue };
        let rest = &line[at + 6..];
        if !matches!(rest.first(), Some(b':' | b'=')) {
            continue;
        }
        let rest = rest[1..].trim_ascii_start();
        let end = rest.iter().position(|b| !(b.is_ascii_alphanumeric() || b"-_.".contains(b))).unwrap_or(rest.len());
        if end > 0 {
            return Some(String::from_utf8_lossy(&rest[..end]).to_lowercase().replace('_', "-"));
        }
    }
    None
}

fn raise_at<M: Memory>(t: &mut Thread<M>, message: &str, filename: &str, line: u32, text: Option<String>) -> Raise {
    let error = SyntaxError {
        class: "SyntaxError",
        message: message.to_string(),
        line,
        column: 0,
        end_line: line,
        end_column: 0,
        text,
        incomplete: false,
    };
    t.raise_syntax(&error, filename)
}

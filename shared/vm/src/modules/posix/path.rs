//! Paths: what the functions of `posix` take, and text to and from the file system's bytes.

use std::ffi::CString;

use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::str::{Text, from_wide, view};
use crate::types::{bytes, int};

/// `os.fspath`
pub fn fspath<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    if view(obj).is_some() || bytes::view(obj).is_some() {
        return Ok(obj.clone());
    }
    let Some(f) = t.lookup_special(obj, "__fspath__")? else {
        let class = t.class_name(obj);
        let message = format!("expected str, bytes or os.PathLike object, not {class}");
        return Err(t.raise(Kind::TypeError, message));
    };
    let path = t.call(&f, &[])?;
    if view(&path).is_none() && bytes::view(&path).is_none() {
        let (class, got) = (t.class_name(obj), t.class_name(&path));
        let message = format!("expected {class}.__fspath__() to return str or bytes, not {got}");
        return Err(t.raise(Kind::TypeError, message));
    }
    Ok(path)
}

/// Text as the file system's bytes: UTF-8, in which the surrogates of `surrogateescape` stand for single bytes.
pub fn encode<M: Memory>(text: &Obj<M>) -> Vec<u8> {
    match view(text) {
        Some(Text::Ascii(ascii)) => ascii.to_vec(),
        Some(Text::Wide(points)) => {
            let mut out = Vec::with_capacity(points.len() * 2);
            for &p in points {
                match char::from_u32(p) {
                    Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                    None => out.push((p & 0xff) as u8),
                }
            }
            out
        }
        None => bytes::view(text).unwrap_or_default().to_vec(),
    }
}

/// The file system's bytes as text, by `surrogateescape`.
pub fn decode<M: Memory>(ctx: &Context<M>, data: &[u8]) -> Obj<M> {
    if let Ok(text) = std::str::from_utf8(data) {
        return ctx.str(text);
    }
    let mut points = Vec::new();
    for chunk in data.utf8_chunks() {
        points.extend(chunk.valid().chars().map(u32::from));
        points.extend(chunk.invalid().iter().map(|&b| 0xdc00 + b as u32));
    }
    from_wide(ctx, &points)
}

/// A path argument as bytes.
pub fn path_bytes<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, function: &str) -> Result<Vec<u8>, Raise> {
    let is_path = view(obj).is_some() || bytes::view(obj).is_some() || t.lookup_special(obj, "__fspath__")?.is_some();
    if !is_path {
        let class = t.class_name(obj);
        let message = if function == "open" {
            format!("expected str, bytes or os.PathLike object, not {class}")
        } else {
            format!("{function}: path should be string, bytes or os.PathLike, not {class}")
        };
        return Err(t.raise(Kind::TypeError, message));
    }
    let path = fspath(t, obj)?;
    let data = encode(&path);
    if data.contains(&0) {
        let what = if function == "open" { "embedded null byte" } else { "embedded null character in path" };
        let _ = what;
        return Err(t.raise(Kind::ValueError, "embedded null byte"));
    }
    Ok(data)
}

/// A path or an open descriptor.
pub enum Target {
    /// A path.
    Path(CString),
    /// A descriptor.
    Fd(i32),
}

/// A path argument as a C string.
pub fn c_path<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, function: &str) -> Result<CString, Raise> {
    let data = path_bytes(t, obj, function)?;
    Ok(CString::new(data).expect("null bytes were refused"))
}

/// An argument that may be a path or a descriptor.
pub fn target<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, function: &str) -> Result<Target, Raise> {
    if let Some(fd) = int::to_i64(obj) {
        return Ok(Target::Fd(fd as i32));
    }
    let is_path = view(obj).is_some() || bytes::view(obj).is_some() || t.lookup_special(obj, "__fspath__")?.is_some();
    if !is_path {
        let class = t.class_name(obj);
        let message = format!("{function}: path should be string, bytes, os.PathLike or integer, not {class}");
        return Err(t.raise(Kind::TypeError, message));
    }
    Ok(Target::Path(c_path(t, obj, function)?))
}

/// `dir_fd=` as the `*at` functions want it.
pub fn dir_fd<M: Memory>(t: &mut Thread<M>, arg: Option<&Obj<M>>) -> Result<i32, Raise> {
    match arg {
        Some(fd) => Ok(t.index_i64(fd)? as i32),
        None => Ok(libc::AT_FDCWD),
    }
}

/// Gives a result the type of the argument: bytes for bytes, else text.
pub fn like<M: Memory>(ctx: &Context<M>, argument: Option<&Obj<M>>, data: &[u8]) -> Obj<M> {
    match argument {
        Some(argument) if bytes::view(argument).is_some() => bytes::from_slice(ctx, data),
        _ => decode(ctx, data),
    }
}

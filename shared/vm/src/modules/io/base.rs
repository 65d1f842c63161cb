//! The abstract classes of `io` (`_IOBase` and the three below it), and what all file objects have in common.

use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::build::{Builder, Plain};
use crate::types::ids::Builtin;
use crate::types::{bytes, int, list};

/// Where a Python subclass notes that it was closed.
const CLOSED: &str = "__IOBase_closed";

/// Raises `io.UnsupportedOperation`.
pub fn unsupported<M: Memory>(t: &mut Thread<M>, what: &str) -> Raise {
    let class = match super::unsupported_class(t) {
        Ok(class) => class,
        Err(raise) => return raise,
    };
    let text = t.str(what);
    match t.call(&class, &[text]) {
        Ok(error) => t.raise_obj(error),
        Err(raise) => raise,
    }
}

fn is_closed<M: Memory>(t: &mut Thread<M>, file: &Obj<M>) -> Result<bool, Raise> {
    Ok(t.getattr_opt_str(file, CLOSED)?.is_some())
}

fn closed<M: Memory>(t: &mut Thread<M>, file: &Obj<M>) -> R<M> {
    is_closed(t, file).map(Obj::bool)
}

/// `ValueError` when the object says that it is closed.
pub fn check_closed<M: Memory>(t: &mut Thread<M>, file: &Obj<M>) -> Result<(), Raise> {
    let closed = t.getattr_str(file, "closed")?;
    if t.truth(&closed)? { Err(t.raise(Kind::ValueError, "I/O operation on closed file.")) } else { Ok(()) }
}

fn close<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if is_closed(t, &args[0])? {
        return Ok(Obj::NONE);
    }
    let flushed = t.call_method(&args[0], "flush", &[]);
    let error = if flushed.is_err() { Some(t.take_raised()) } else { None };
    let name = t.intern(CLOSED);
    t.setattr(&args[0], &name, Some(&Obj::bool(true)))?;
    match error {
        Some(error) => Err(t.raise_obj(error)),
        None => Ok(Obj::NONE),
    }
}

fn flush<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if is_closed(t, &args[0])? {
        return Err(t.raise(Kind::ValueError, "I/O operation on closed file."));
    }
    Ok(Obj::NONE)
}

/// `f.__enter__()` of every file.
pub fn enter<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    check_closed(t, &args[0])?;
    Ok(args[0].clone())
}

/// `f.__exit__(…)` of every file.
pub fn exit<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    t.call_method(&args[0], "close", &[])?;
    Ok(Obj::NONE)
}

fn no_seek<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    Err(unsupported(t, "seek"))
}

fn tell<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (zero, one) = (int::from_i64(t, 0), int::from_i64(t, 1));
    t.call_method(&args[0], "seek", &[zero, one])
}

fn no_truncate<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    Err(unsupported(t, "truncate"))
}

fn no_fileno<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    Err(unsupported(t, "fileno"))
}

fn no<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    check_closed(t, &args[0])?;
    Ok(Obj::bool(false))
}

fn require<M: Memory>(t: &mut Thread<M>, file: &Obj<M>, ability: &str, message: &str) -> R<M> {
    let able = t.call_method(file, ability, &[])?;
    if t.truth(&able)? { Ok(Obj::bool(true)) } else { Err(unsupported(t, message)) }
}

/// A line of any object with `read` (and perhaps `peek`), byte by byte if need be.
fn readline<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let limit = match args.some(1) {
        Some(limit) => t.index_i64(limit)?,
        None => -1,
    };
    let peek = t.getattr_opt_str(&args[0], "peek")?;
    let mut line: Vec<u8> = Vec::new();
    while limit < 0 || (line.len() as i64) < limit {
        let mut want = 1;
        if let Some(peek) = &peek {
            let one = int::from_i64(t, 1);
            let ahead = t.call(peek, &[one])?;
            let ahead = bytes::view(&ahead).unwrap_or_default();
            want = memchr::memchr(b'\n', ahead).map_or(ahead.len(), |i| i + 1).max(1);
            if limit >= 0 {
                want = want.min(limit as usize - line.len());
            }
        }
        let want = int::from_i64(t, want as i64);
        let part = t.call_method(&args[0], "read", &[want])?;
        let Some(part) = bytes::view(&part) else {
            let class = t.class_name(&part);
            return Err(t.raise(Kind::OSError, format!("read() should have returned a bytes object, not '{class}'")));
        };
        line.extend_from_slice(part);
        if part.is_empty() || part.ends_with(b"\n") {
            break;
        }
    }
    Ok(bytes::from_slice(t, &line))
}

/// `next(f)` for every file: its next line.
pub fn next<M: Memory>(t: &mut Thread<M>, file: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
    let line = t.call_method(file, "readline", &[])?;
    Ok(if t.len(&line)? == 0 { None } else { Some(line) })
}

/// `iter(f)` for every file: itself.
pub fn iter<M: Memory>(t: &mut Thread<M>, file: &Obj<M>) -> R<M> {
    check_closed(t, file)?;
    Ok(file.clone())
}

/// `f.readlines(hint)` for every file.
pub fn readlines<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let hint = match args.some(1) {
        Some(hint) => t.index_i64(hint)?,
        None => -1,
    };
    let mut lines = Vec::new();
    let mut size = 0;
    let it = t.iter(&args[0])?;
    while let Some(line) = t.next(&it)? {
        size += t.len(&line)? as i64;
        lines.push(line);
        if hint > 0 && size >= hint {
            break;
        }
    }
    Ok(list::from_vec(t, lines))
}

/// `f.writelines(lines)` for every file.
pub fn writelines<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    check_closed(t, &args[0])?;
    let file = args[0].clone();
    t.iterate(&args[1], &mut |t, line| t.call_method(&file, "write", &[line]).map(drop))?;
    Ok(Obj::NONE)
}

fn raw_read<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let size = match args.some(1) {
        Some(size) => t.index_i64(size)?,
        None => -1,
    };
    if size < 0 {
        return t.call_method(&args[0], "readall", &[]);
    }
    let array = t.builtin(Builtin::ByteArray).to_obj();
    let size = int::from_i64(t, size);
    let buffer = t.call(&array, &[size])?;
    let n = t.call_method(&args[0], "readinto", std::slice::from_ref(&buffer))?;
    if n.is_none() {
        return Ok(n);
    }
    let n = t.index_i64(&n)?;
    let class = t.builtin(Builtin::Bytes).to_obj();
    let all = t.call(&class, &[buffer])?;
    let data = bytes::view(&all).unwrap_or_default();
    Ok(bytes::from_slice(t, &data[..(n.max(0) as usize).min(data.len())]))
}

fn raw_readall<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mut all = Vec::new();
    loop {
        let size = int::from_i64(t, super::file::BUFFER_SIZE as i64);
        let part = t.call_method(&args[0], "read", &[size])?;
        match bytes::view(&part) {
            Some(part) if !part.is_empty() => all.extend_from_slice(part),
            None if all.is_empty() => return Ok(part),
            _ => return Ok(bytes::from_slice(t, &all)),
        }
    }
}

/// `readinto` by way of `read` (or `read1`).
fn readinto_by<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, read: &str) -> R<M> {
    let size = t.len(&args[1])?;
    let size = int::from_i64(t, size as i64);
    let data = t.call_method(&args[0], read, &[size])?;
    let n = super::copy_into(t, &args[1], bytes::view(&data).unwrap_or_default())?;
    Ok(int::from_i64(t, n as i64))
}

fn finalise<M: Memory>(t: &mut Thread<M>, file: &Obj<M>) {
    let closed = t.getattr_str(file, "closed").and_then(|c| t.truth(&c)).unwrap_or(true);
    if !closed && t.call_method(file, "close", &[]).is_err() {
        t.clear_raised();
    }
    t.clear_raised();
}

/// Methods that files of every kind share.
pub fn common<'a, M: Memory>(b: Builder<'a, M>) -> Builder<'a, M> {
    b.slots(|s| {
        s.iter.set(Some(iter));
        s.next.set(Some(next));
    })
    .method("__enter__(self, /)", enter)
    .method("__exit__(self, /, *args)", exit)
    .method("readlines(self, hint=-1, /)", readlines)
    .method("writelines(self, lines, /)", writelines)
    .method("_checkClosed(self, msg=None, /)", |t, a| check_closed(t, &a[0]).map(|()| Obj::NONE))
    .method("_checkSeekable(self, msg=None, /)", |t, a| {
        require(t, &a[0], "seekable", "File or stream is not seekable.")
    })
    .method("_checkReadable(self, msg=None, /)", |t, a| {
        require(t, &a[0], "readable", "File or stream is not readable.")
    })
    .method("_checkWritable(self, msg=None, /)", |t, a| {
        require(t, &a[0], "writable", "File or stream is not writable.")
    })
}

fn operation<M: Memory>(name: &'static str) -> crate::args::NativeFn<M> {
    match name {
        "read" => |t, _| Err(unsupported(t, "read")),
        "read1" => |t, _| Err(unsupported(t, "read1")),
        "write" => |t, _| Err(unsupported(t, "write")),
        "readline" => |t, _| Err(unsupported(t, "readline")),
        _ => |t, _| Err(unsupported(t, "detach")),
    }
}

/// Defines the abstract classes.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    let base = Builder::new::<Plain>(t, Builtin::Null, "_io._IOBase").module("_io");
    let base = common(base)
        .slots(|s| s.del.set(Some(finalise)))
        .getter("closed", closed)
        .method("close(self, /)", close)
        .method("flush(self, /)", flush)
        .method("seek(self, offset, whence=0, /)", no_seek)
        .method("tell(self, /)", tell)
        .method("truncate(self, size=None, /)", no_truncate)
        .method("fileno(self, /)", no_fileno)
        .method("isatty(self, /)", no)
        .method("readable(self, /)", no)
        .method("writable(self, /)", no)
        .method("seekable(self, /)", no)
        .method("readline(self, size=-1, /)", readline)
        .finish();
    t.keep("_io._IOBase", base.clone());
    let base = crate::types::class::as_class(&base);
    let raw = Builder::new::<Plain>(t, Builtin::Null, "_io._RawIOBase")
        .module("_io")
        .base(base)
        .method("read(self, size=-1, /)", raw_read)
        .method("readall(self, /)", raw_readall)
        .finish();
    t.keep("_io._RawIOBase", raw);
    let buffered = Builder::new::<Plain>(t, Builtin::Null, "_io._BufferedIOBase")
        .module("_io")
        .base(base)
        .method("read(self, size=-1, /)", operation("read"))
        .method("read1(self, size=-1, /)", operation("read1"))
        .method("write(self, b, /)", operation("write"))
        .method("detach(self, /)", operation("detach"))
        .method("readinto(self, buffer, /)", |t, a| readinto_by(t, a, "read"))
        .method("readinto1(self, buffer, /)", |t, a| readinto_by(t, a, "read1"))
        .finish();
    t.keep("_io._BufferedIOBase", buffered);
    let text = Builder::new::<Plain>(t, Builtin::Null, "_io._TextIOBase")
        .module("_io")
        .base(base)
        .method("read(self, size=-1, /)", operation("read"))
        .method("readline(self, size=-1, /)", operation("readline"))
        .method("write(self, s, /)", operation("write"))
        .method("detach(self, /)", operation("detach"))
        .getter("encoding", |_, _| Ok(Obj::NONE))
        .getter("newlines", |_, _| Ok(Obj::NONE))
        .getter("errors", |_, _| Ok(Obj::NONE))
        .finish();
    t.keep("_io._TextIOBase", text);
}

//! `_io`: files, buffers, text, `open`. A file of the operating system is one Rust value with one buffer (`file`); the
//! Python objects that CPython stacks on each other are views of it, so the common ways through them need no calls
//! from layer to layer.

pub mod base;
pub mod buffered;
pub mod file;
pub mod fileio;
pub mod memory;
pub mod std_streams;
pub mod text;

use std::borrow::Cow;
use std::sync::Arc;

use crate::args::{Args, Call, NativeFn, Signature, call_bound};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::{Maker, make_class};
use crate::object::{Obj, R, Raise};
use crate::types::ids::Builtin;
use crate::types::native::{Native, NativeKind};
use crate::types::str::{to_text, view};
use crate::types::{TypeObj, bytes, int, slice};

/// Defines the file types.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    base::define(t);
    fileio::define(t);
    buffered::define(t);
    text::define(t);
    memory::define(t);
}

/// `_io`
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let unsupported = unsupported_class(t)?;
    let mut m = Maker::new(t, "_io")
        .set("UnsupportedOperation", unsupported)
        .int("DEFAULT_BUFFER_SIZE", file::BUFFER_SIZE as i64)
        .function(
            "open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)",
            open,
        )
        .function("open_code(path)", open_code)
        .function("text_encoding(encoding, stacklevel=2, /)", text_encoding)
        .class("FileIO", Builtin::FileIO)
        .class("BytesIO", Builtin::BytesIO)
        .class("StringIO", Builtin::StringIO)
        .class("BufferedReader", Builtin::BufferedReader)
        .class("BufferedWriter", Builtin::BufferedWriter)
        .class("BufferedRandom", Builtin::BufferedRandom)
        .class("TextIOWrapper", Builtin::TextIOWrapper);
    for name in ["_IOBase", "_RawIOBase", "_BufferedIOBase", "_TextIOBase"] {
        let class = m.t.kept(&format!("_io.{name}")).expect("defined at the start").own();
        m = m.set(name, class);
    }
    let blocking = m.t.exception_class(Kind::BlockingIOError).to_obj();
    m = m.set("BlockingIOError", blocking);
    // What only few programs need comes from the library's pure-Python version when it is first used.
    for (name, signature, parent, f) in [
        ("BufferedRWPair", "__new__(cls, *args)", "_io._BufferedIOBase", rw_pair as NativeFn<M>),
        ("IncrementalNewlineDecoder", "__new__(cls, *args)", "", newline_decoder),
    ] {
        let bases: Vec<Obj<M>> = m.t.kept(parent).map(|p| p.own()).into_iter().collect();
        let new = Native::make(m.t, NativeKind::Static, Signature::parse(signature), f, name);
        let home = m.t.intern("_io");
        let class = make_class(m.t, name, &bases, vec![("__new__", new), ("__module__", home)])?;
        m = m.set(name, class);
    }
    m.finish()
}

fn rw_pair<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    in_python(t, "BufferedRWPair", args.rest)
}

fn newline_decoder<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    in_python(t, "IncrementalNewlineDecoder", args.rest)
}

/// `io.UnsupportedOperation`
pub fn unsupported_class<M: Memory>(t: &mut Thread<M>) -> R<M> {
    if let Some(class) = t.kept("io.UnsupportedOperation") {
        return Ok(class.own());
    }
    let bases = [t.exception_class(Kind::OSError).to_obj(), t.exception_class(Kind::ValueError).to_obj()];
    let home = t.intern("io");
    let class = make_class(t, "UnsupportedOperation", &bases, vec![("__module__", home)])?;
    t.keep("io.UnsupportedOperation", class.clone());
    Ok(class)
}

/// An object of the pure-Python class of that name.
pub fn in_python<M: Memory>(t: &mut Thread<M>, class: &str, args: &[Obj<M>]) -> R<M> {
    let class = crate::import::attribute(t, "_pyio", class)?;
    let args: Vec<Obj<M>> = args.iter().take_while(|a| !a.is_null()).cloned().collect();
    t.call(&class, &args)
}

/// Binds the arguments of a `__new__` whose first parameter is the class.
pub fn bind<M: Memory>(
    t: &mut Thread<M>,
    signature: &str,
    class: &TypeObj<M>,
    call: Call<'_, M>,
    f: NativeFn<M>,
) -> R<M> {
    let class = class.to_obj();
    bind_self(t, signature, &class, call, f)
}

/// Binds the arguments of an `__init__` whose first parameter is the instance.
pub fn bind_self<M: Memory>(
    t: &mut Thread<M>,
    signature: &str,
    this: &Obj<M>,
    call: Call<'_, M>,
    f: NativeFn<M>,
) -> R<M> {
    let mut slots = vec![this.clone()];
    slots.extend(call.slots.iter().cloned());
    call_bound(t, &Signature::parse(signature), f, Call { slots: &slots, names: call.names }, 1, "")
}

/// `__init__` of classes whose `__new__` does everything.
pub fn no_init<M: Memory>(_: &mut Thread<M>, _: &Obj<M>, _: Call<'_, M>) -> Result<(), Raise> {
    Ok(())
}

/// The bytes of a bytes-like object.
pub fn bytes_like<'a, M: Memory>(t: &mut Thread<M>, obj: &'a Obj<M>) -> Result<Cow<'a, [u8]>, Raise> {
    if let Some(data) = bytes::view(obj) {
        return Ok(Cow::Borrowed(data));
    }
    let is = |t: &Thread<M>, id: Builtin| t.is_instance(obj, t.builtin(id));
    if is(t, Builtin::ByteArray) || is(t, Builtin::MemoryView) || t.getattr_opt_str(obj, "__buffer__")?.is_some() {
        let class = t.builtin(Builtin::Bytes).to_obj();
        let copy = t.call(&class, std::slice::from_ref(obj))?;
        return Ok(Cow::Owned(bytes::view(&copy).unwrap_or_default().to_vec()));
    }
    let class = t.class_name(obj);
    Err(t.raise(Kind::TypeError, format!("a bytes-like object is required, not '{class}'")))
}

/// Copies into a writable buffer; how many bytes there was room for.
pub fn copy_into<M: Memory>(t: &mut Thread<M>, target: &Obj<M>, data: &[u8]) -> Result<usize, Raise> {
    let n = data.len().min(t.len(target)?);
    let part = bytes::from_slice(t, &data[..n]);
    let (start, end) = (int::from_i64(t, 0), int::from_i64(t, n as i64));
    let range = slice::new(t, start, end, Obj::NONE);
    t.setitem(target, &range, Some(&part))?;
    Ok(n)
}

fn open_code<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    open_binary(t, &args[0], file::Access { read: true, ..Default::default() }, true, None, file::BUFFER_SIZE)
}

fn text_encoding<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    Ok(if args[0].is_none() { t.intern("utf-8") } else { args[0].clone() })
}

fn open_binary<M: Memory>(
    t: &mut Thread<M>,
    target: &Obj<M>,
    access: file::Access,
    closefd: bool,
    opener: Option<&Obj<M>>,
    limit: usize,
) -> R<M> {
    let file = fileio::open(t, target, access, closefd, opener, limit)?;
    let raw = fileio::wrap(t, file.clone(), target.clone());
    Ok(buffered::wrap(t, file, raw))
}

/// What the letters of a mode say beside access.
struct Mode {
    access: file::Access,
    binary: bool,
    text: String,
}

fn read_mode<M: Memory>(t: &mut Thread<M>, arg: Option<&Obj<M>>) -> Result<Mode, Raise> {
    let mode = match arg {
        Some(arg) if view(arg).is_none() => {
            let class = t.class_name(arg);
            return Err(t.raise(Kind::TypeError, format!("open() argument 'mode' must be str, not {class}")));
        }
        Some(arg) => to_text(arg).into_owned(),
        None => "r".to_string(),
    };
    let repeated = mode.chars().enumerate().any(|(i, c)| mode[..].chars().take(i).any(|d| d == c));
    if repeated || mode.chars().any(|c| !"rwxabt+".contains(c)) {
        return Err(t.raise(Kind::ValueError, format!("invalid mode: '{mode}'")));
    }
    let (binary, is_text) = (mode.contains('b'), mode.contains('t'));
    if binary && is_text {
        return Err(t.raise(Kind::ValueError, "can't have text and binary mode at once"));
    }
    let kinds = mode.chars().filter(|c| "rwxa".contains(*c)).count();
    if kinds != 1 {
        let message = if kinds > 1 {
            "must have exactly one of create/read/write/append mode"
        } else {
            "Must have exactly one of create/read/write/append mode and at most one plus"
        };
        return Err(t.raise(Kind::ValueError, message));
    }
    let letters: String = mode.chars().filter(|c| !"bt".contains(*c)).collect();
    let access = fileio::parse_mode(t, &letters)?;
    Ok(Mode { access, binary, text: mode })
}

/// `open(…)`
pub fn open<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mode = read_mode(t, args.get(1))?;
    let buffering = match args.get(2) {
        Some(buffering) => t.index_i64(buffering)?,
        None => -1,
    };
    if mode.binary {
        for (i, name) in [(3, "encoding"), (4, "errors"), (5, "newline")] {
            if args.some(i).is_some() {
                let article = if name == "newline" { "a" } else { "an" };
                let message = format!("binary mode doesn't take {article} {name} argument");
                return Err(t.raise(Kind::ValueError, message));
            }
        }
    }
    let closefd = match args.get(6) {
        Some(flag) => t.truth(flag)?,
        None => true,
    };
    if buffering == 0 {
        if !mode.binary {
            return Err(t.raise(Kind::ValueError, "can't have unbuffered text I/O"));
        }
        let file = fileio::open(t, &args[0], mode.access, closefd, args.some(7), file::BUFFER_SIZE)?;
        return Ok(fileio::wrap(t, file, args[0].clone()));
    }
    let limit = if buffering > 1 { buffering as usize } else { file::BUFFER_SIZE };
    let newline = text::newline_arg(t, args.some(5))?;
    let buffer = open_binary(t, &args[0], mode.access, closefd, args.some(7), limit)?;
    if mode.binary {
        return Ok(buffer);
    }
    let name: Arc<str> = match args.some(3) {
        Some(name) if &*to_text(name) != "locale" => (*to_text(name)).into(),
        _ => "UTF-8".into(),
    };
    let terminal = buffered::file_of(&buffer).is_some_and(|f| f.is_terminal());
    let line_buffering = buffering == 1 || buffering < 0 && terminal;
    let Some(encoding) = text::known_encoding(&name) else {
        let none = || Obj::NONE;
        let encoding = args.get(3).cloned().unwrap_or_else(none);
        let errors = args.get(4).cloned().unwrap_or_else(none);
        let newline = args.get(5).cloned().unwrap_or_else(none);
        let made = in_python(t, "TextIOWrapper", &[buffer, encoding, errors, newline, Obj::bool(line_buffering)])?;
        let (key, value) = (t.intern("mode"), t.str(&mode.text));
        t.setattr(&made, &key, Some(&value))?;
        return Ok(made);
    };
    let errors: Arc<str> = args.some(4).map_or("strict".into(), |e| (*to_text(e)).into());
    let setup = text::Setup { encoding, encoding_name: name, errors, newline };
    Ok(text::wrap(t, buffer, setup, line_buffering, &mode.text))
}

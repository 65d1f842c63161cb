//! `print`, `input` and `open`.

use crate::args::{Args, Call};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::report::sys_attribute;
use crate::types::ids;
use crate::types::str::{Str, TextBuf, from_buf, to_text, view};

/// A separator or end: its text, the default for `None`.
fn piece<M: Memory>(t: &mut Thread<M>, given: Option<&Obj<M>>, name: &str, default: &str) -> R<M> {
    match given {
        None => Ok(t.intern(default)),
        Some(text) if text.cast::<Str<M>>().is_some() => Ok(text.clone()),
        Some(other) => {
            let class = t.class_name(other);
            Err(t.raise(Kind::TypeError, format!("{name} must be None or a string, not {class}")))
        }
    }
}

pub(super) fn print<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let file = match args.some(2) {
        Some(file) => file.clone(),
        None => match sys_attribute(t, "stdout") {
            Some(file) if file.is_none() => return Ok(Obj::NONE),
            Some(file) => file,
            None => return Err(t.raise(Kind::RuntimeError, "lost sys.stdout")),
        },
    };
    let sep = piece(t, args.some(0), "sep", " ")?;
    let end = piece(t, args.some(1), "end", "\n")?;
    if file.shape() == ids::TEXT_IO {
        print_joined(t, &file, args.rest, &sep, &end)?;
    } else {
        let write = t.getattr_str(&file, "write")?;
        for (i, item) in args.rest.iter().enumerate() {
            if i > 0 {
                t.call(&write, std::slice::from_ref(&sep))?;
            }
            let text = t.str_of(item)?;
            t.call(&write, &[text])?;
        }
        t.call(&write, &[end])?;
    }
    if let Some(flush) = args.get(3)
        && t.truth(flush)?
    {
        t.call_method(&file, "flush", &[])?;
    }
    Ok(Obj::NONE)
}

/// A text file of our own gets everything at once, so that lines of several threads do not mix.
fn print_joined<M: Memory>(
    t: &mut Thread<M>,
    file: &Obj<M>,
    items: &[Obj<M>],
    sep: &Obj<M>,
    end: &Obj<M>,
) -> Result<(), Raise> {
    let mut text = TextBuf::new();
    let mut put = |o: &Obj<M>| {
        if let Some(view) = view(o) {
            text.push_text(view);
        }
    };
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            put(sep);
        }
        let shown = t.str_of(item)?;
        put(&shown);
    }
    put(end);
    let text = from_buf(t, text);
    crate::modules::io::text::write_text(t, file, &text)
}

pub(super) fn input<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let stream = |t: &mut Thread<M>, name: &str| match sys_attribute(t, name).filter(|f| !f.is_none()) {
        Some(file) => Ok(file),
        None => Err(t.raise(Kind::RuntimeError, format!("input(): lost sys.{name}"))),
    };
    let (source, out) = (stream(t, "stdin")?, stream(t, "stdout")?);
    if let Some(prompt) = args.get(0) {
        let prompt = t.str_of(prompt)?;
        t.call_method(&out, "write", &[prompt])?;
    }
    t.call_method(&out, "flush", &[])?;
    let line = t.call_method(&source, "readline", &[])?;
    if line.cast::<Str<M>>().is_none() {
        return Err(t.raise(Kind::TypeError, "object.readline() returned non-string"));
    }
    let text = to_text(&line);
    if text.is_empty() {
        return Err(t.raise(Kind::EOFError, "EOF when reading a line"));
    }
    Ok(match text.strip_suffix('\n') {
        Some(text) => t.str(text),
        None => line.clone(),
    })
}

pub(super) fn open<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    const NAMES: [&str; 8] = ["file", "mode", "buffering", "encoding", "errors", "newline", "closefd", "opener"];
    let io = crate::import::import_module(t, "_io")?;
    let open = t.getattr_str(&io, "open")?;
    let (mut names, mut values) = (Vec::new(), vec![args[0].clone()]);
    for (i, name) in NAMES.iter().enumerate().skip(1) {
        if let Some(value) = args.get(i) {
            names.push(t.intern(name));
            values.push(value.clone());
        }
    }
    t.call_with(&open, Call { slots: &values, names: &names })
}

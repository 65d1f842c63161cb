//! The built-in error handlers as functions that Python code can call.

use std::ops::Range;

use crate::args::Args;
use crate::codecs::{Encoding, Instead, decode_handler, encode_handler};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::str::{TextBuf, from_buf, from_wide, to_text};
use crate::types::{bytes, dict, int, native, tuple};

/// Their names.
pub(super) const NAMES: [&str; 8] = [
    "strict",
    "ignore",
    "replace",
    "xmlcharrefreplace",
    "backslashreplace",
    "namereplace",
    "surrogatepass",
    "surrogateescape",
];

/// The handlers by name.
pub(super) fn table<M: Memory>(t: &mut Thread<M>) -> Obj<M> {
    let table = dict::new(t);
    let functions = [
        native::function(t, "strict_errors(error, /)", strict),
        native::function(t, "ignore_errors(error, /)", |t, a| handle(t, a, "ignore")),
        native::function(t, "replace_errors(error, /)", |t, a| handle(t, a, "replace")),
        native::function(t, "xmlcharrefreplace_errors(error, /)", |t, a| handle(t, a, "xmlcharrefreplace")),
        native::function(t, "backslashreplace_errors(error, /)", |t, a| handle(t, a, "backslashreplace")),
        native::function(t, "namereplace_errors(error, /)", |t, a| handle(t, a, "namereplace")),
        native::function(t, "surrogatepass(error, /)", |t, a| handle(t, a, "surrogatepass")),
        native::function(t, "surrogateescape(error, /)", |t, a| handle(t, a, "surrogateescape")),
    ];
    for (name, function) in NAMES.into_iter().zip(functions) {
        let key = t.intern(name);
        dict::set_fresh(t, &table, key, function);
    }
    table
}

fn strict<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if !t.is_exception(&args[0], Kind::BaseException) {
        return Err(t.raise(Kind::TypeError, "codec must pass exception instance"));
    }
    Err(t.raise_obj(args[0].clone()))
}

fn range<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> Result<Range<usize>, Raise> {
    let (start, end) = (t.getattr_str(exc, "start")?, t.getattr_str(exc, "end")?);
    let place = |o| int::to_i64(o).and_then(|i| usize::try_from(i).ok()).unwrap_or(0);
    Ok(place(&start)..place(&end))
}

fn handle<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, name: &str) -> R<M> {
    let exc = &args[0];
    let range = if t.is_exception(exc, Kind::UnicodeError) { range(t, exc)? } else { 0..0 };
    let object = if range.is_empty() { Obj::NONE } else { t.getattr_str(exc, "object")? };
    if t.is_exception(exc, Kind::UnicodeTranslateError) {
        let mut out = TextBuf::new();
        if name == "replace" {
            out.fill(0xfffd, range.len());
        }
        let made = from_buf(t, out);
        return answer(t, made, range.end);
    }
    let encoding = t.getattr_opt_str(exc, "encoding")?.unwrap_or(Obj::NONE);
    let encoding = Encoding::named(&to_text(&encoding)).unwrap_or(Encoding::Utf8);
    let len = match (bytes::view(&object), crate::types::str::view(&object)) {
        (Some(data), _) => data.len(),
        (_, Some(text)) => text.len(),
        _ => 0,
    };
    let range = range.start.min(len)..range.end.min(len);
    if range.is_empty() {
        if t.is_exception(exc, Kind::UnicodeError) {
            let made = t.str("");
            return answer(t, made, range.end);
        }
        let kind = t.class_name(exc);
        return Err(t.raise(Kind::TypeError, format!("don't know how to handle {kind} in error callback")));
    }
    if t.is_exception(exc, Kind::UnicodeEncodeError) {
        return match encode_handler(t, &object, encoding, range, name)? {
            (Instead::Text(chars), next) => {
                let made = from_wide(t, &chars);
                answer(t, made, next)
            }
            (Instead::Bytes(data), next) => {
                let made = bytes::from_slice(t, &data);
                answer(t, made, next)
            }
        };
    }
    let data = bytes::view(&object).unwrap_or_default().to_vec();
    let reason = t.getattr_str(exc, "reason")?;
    let mut out = TextBuf::new();
    let next = decode_handler(t, &data, encoding, range, &to_text(&reason), name, &mut out)?;
    let made = from_buf(t, out);
    answer(t, made, next)
}

fn answer<M: Memory>(t: &mut Thread<M>, made: Obj<M>, next: usize) -> R<M> {
    let next = int::from_usize(t, next);
    Ok(tuple::from_vec(t, vec![made, next]))
}

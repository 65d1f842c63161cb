//! `_codecs`: the registry of encodings and error handlers, and the functions of the encodings that the machine knows.

mod charmap;
mod handlers;

use crate::args::{Args, NativeFn};
use crate::codecs::{self, Encoding, Order};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Obj, R, Raise};
use crate::types::str::{TextBuf, from_buf, to_text, view};
use crate::types::{buffer, bytes, dict, int, list, tuple};

/// Names under which the interpreter keeps the registry.
const SEARCH: &str = "codecs.search";
const CACHE: &str = "codecs.cache";
const HANDLERS: &str = "codecs.handlers";

/// Makes the module.
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    if t.kept(SEARCH).is_none() {
        let (search, cache) = (list::from_vec(t, Vec::new()), dict::new(t));
        t.keep(SEARCH, search);
        t.keep(CACHE, cache);
        let handlers = handlers::table(t);
        t.keep(HANDLERS, handlers);
    }
    let maker = Maker::new(t, "_codecs")
        .function("register(search_function, /)", register)
        .function("unregister(search_function, /)", unregister)
        .function("lookup(encoding, /)", |t, a| {
            let name = text_arg(t, &a[0], "lookup() argument")?;
            lookup(t, &name)
        })
        .function("encode(obj, encoding='utf-8', errors='strict')", |t, a| by_codec(t, a, 0))
        .function("decode(obj, encoding='utf-8', errors='strict')", |t, a| by_codec(t, a, 1))
        .function("register_error(errors, handler, /)", register_error)
        .function("_unregister_error(errors, /)", unregister_error)
        .function("lookup_error(name, /)", |t, a| {
            let name = text_arg(t, &a[0], "lookup_error() argument")?;
            lookup_error(t, &name)
        });
    escapes(charmap::add(encodings(maker))).finish()
}

fn kept<M: Memory>(t: &Thread<M>, name: &'static str) -> Obj<M> {
    t.kept(name).map_or(Obj::NONE, |v| v.own())
}

fn text_arg<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, what: &str) -> Result<String, Raise> {
    codecs::name_arg(t, Some(o), "", what).map(|name| name.into_owned())
}

fn register<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if t.class_of(&args[0]).body.slots.call.get().is_none() {
        return Err(t.raise(Kind::TypeError, "argument must be callable"));
    }
    let search = kept(t, SEARCH);
    list::append(t, &search, args[0].clone());
    Ok(Obj::NONE)
}

fn unregister<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let search = kept(t, SEARCH);
    if t.contains(&search, &args[0])? {
        t.call_method(&search, "remove", &[args[0].clone()])?;
        let cache = kept(t, CACHE);
        t.call_method(&cache, "clear", &[])?;
    }
    Ok(Obj::NONE)
}

/// The codec of that name: a tuple of encoder, decoder, stream reader, stream writer.
fn lookup<M: Memory>(t: &mut Thread<M>, encoding: &str) -> R<M> {
    let name = encoding.to_ascii_lowercase().replace(' ', "_");
    let key = t.str(&name);
    let cache = kept(t, CACHE);
    if let Some(found) = dict::get(t, &cache, &key)? {
        return Ok(found);
    }
    let search = kept(t, SEARCH);
    if list::to_vec(t, &search).is_empty() {
        crate::import::import_module(t, "encodings")?;
    }
    for function in list::to_vec(t, &search) {
        let found = t.call(&function, std::slice::from_ref(&key))?;
        if found.is_none() {
            continue;
        }
        if tuple::items(&found).len() != 4 {
            return Err(t.raise(Kind::TypeError, "codec search functions must return 4-tuples"));
        }
        dict::set(t, &cache, key, found.clone())?;
        return Ok(found);
    }
    Err(t.raise(Kind::LookupError, format!("unknown encoding: {encoding}")))
}

/// `encode` (`part` 0) and `decode` (`part` 1).
fn by_codec<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, part: usize) -> R<M> {
    let encoding = codecs::name_arg(t, args.get(1), "utf-8", "encode() argument 'encoding'")?.into_owned();
    let codec = lookup(t, &encoding)?;
    let function = tuple::items(&codec)[part].clone();
    let result = match args.get(2) {
        Some(errors) => t.call(&function, &[args[0].clone(), errors.clone()])?,
        None => t.call(&function, std::slice::from_ref(&args[0]))?,
    };
    match tuple::items(&result) {
        [made, _] => Ok(made.clone()),
        _ => {
            let what = if part == 0 { "encoder" } else { "decoder" };
            Err(t.raise(Kind::TypeError, format!("{what} must return a tuple (object, integer)")))
        }
    }
}

fn register_error<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if t.class_of(&args[1]).body.slots.call.get().is_none() {
        return Err(t.raise(Kind::TypeError, "handler must be callable"));
    }
    let handlers = kept(t, HANDLERS);
    dict::set(t, &handlers, args[0].clone(), args[1].clone())?;
    Ok(Obj::NONE)
}

fn unregister_error<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let name = text_arg(t, &args[0], "_unregister_error() argument")?;
    if handlers::NAMES.contains(&name.as_str()) {
        let message = format!("cannot un-register built-in error handler '{name}'");
        return Err(t.raise(Kind::ValueError, message));
    }
    let handlers = kept(t, HANDLERS);
    Ok(Obj::bool(dict::remove(t, &handlers, &args[0])?.is_some()))
}

fn lookup_error<M: Memory>(t: &mut Thread<M>, name: &str) -> R<M> {
    let handlers = kept(t, HANDLERS);
    let key = t.str(name);
    match dict::get(t, &handlers, &key)? {
        Some(handler) => Ok(handler),
        None => Err(t.raise(Kind::LookupError, format!("unknown error handler name '{name}'"))),
    }
}

// ---- The functions of single encodings.

/// The error handler's name in argument `i`.
fn errors_arg<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, i: usize) -> Result<String, Raise> {
    codecs::name_arg(t, args.some(i), "strict", "argument 2").map(|name| name.into_owned())
}

/// The answer of an encoder: the bytes and how many characters they stand for.
fn encoded<M: Memory>(t: &mut Thread<M>, made: &[u8], used: usize) -> R<M> {
    let row = vec![bytes::from_slice(t, made), int::from_usize(t, used)];
    Ok(tuple::from_vec(t, row))
}

/// The answer of a decoder: the text and how many bytes were used.
fn decoded<M: Memory>(t: &mut Thread<M>, (made, used): (TextBuf, usize)) -> R<M> {
    let row = vec![from_buf(t, made), int::from_usize(t, used)];
    Ok(tuple::from_vec(t, row))
}

fn need_text<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> Result<usize, Raise> {
    crate::types::str::arg::text(t, &args[0], "argument 1").map(|text| text.len())
}

fn encode_as<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, to: Encoding) -> R<M> {
    let n = need_text(t, args)?;
    let errors = errors_arg(t, args, 1)?;
    let made = codecs::encode(t, &args[0], to, &errors)?;
    encoded(t, &made, n)
}

fn decode_as<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, from: Encoding, partial: bool) -> R<M> {
    let data = data_arg(t, &args[0])?;
    let errors = errors_arg(t, args, 1)?;
    let last = !partial || crate::types::str::arg::flag(t, args.get(2))?;
    let made = codecs::decode(t, &data, from, &errors, last)?;
    decoded(t, made)
}

/// Bytes, or the UTF-8 of a string.
fn data_arg<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> Result<Vec<u8>, Raise> {
    if view(o).is_some() {
        return Ok(to_text(o).into_owned().into_bytes());
    }
    buffer::need(t, o).map(|data| data.into_owned())
}

macro_rules! encoding_functions {
    ($maker:expr, $($name:literal $encoding:expr;)*) => {
        $maker$(
            .function(concat!($name, "_encode(str, errors=None, /)"), |t, a| encode_as(t, a, $encoding))
            .function(concat!($name, "_decode(data, errors=None, final=False, /)"), |t, a| decode_as(t, a, $encoding, true))
        )*
    };
}

fn encodings<M: Memory>(m: Maker<'_, M>) -> Maker<'_, M> {
    let m = encoding_functions! { m,
        "utf_8" Encoding::Utf8;
        "utf_16" Encoding::Utf16(Order::Mark);
        "utf_16_le" Encoding::Utf16(Order::Little);
        "utf_16_be" Encoding::Utf16(Order::Big);
        "utf_32" Encoding::Utf32(Order::Mark);
        "utf_32_le" Encoding::Utf32(Order::Little);
        "utf_32_be" Encoding::Utf32(Order::Big);
    };
    m.function("ascii_encode(str, errors=None, /)", |t, a| encode_as(t, a, Encoding::Ascii))
        .function("ascii_decode(data, errors=None, /)", |t, a| decode_as(t, a, Encoding::Ascii, false))
        .function("latin_1_encode(str, errors=None, /)", |t, a| encode_as(t, a, Encoding::Latin1))
        .function("latin_1_decode(data, errors=None, /)", |t, a| decode_as(t, a, Encoding::Latin1, false))
        .function("utf_16_ex_decode(data, errors=None, byteorder=0, final=False, /)", |t, a| ex_decode(t, a, false))
        .function("utf_32_ex_decode(data, errors=None, byteorder=0, final=False, /)", |t, a| ex_decode(t, a, true))
        .function("readbuffer_encode(data, errors=None, /)", |t, a| {
            let data = data_arg(t, &a[0])?;
            encoded(t, &data, data.len())
        })
}

/// Decoding that also tells the order of bytes: -1 little end first, 1 big end first.
fn ex_decode<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, wide: bool) -> R<M> {
    let data = data_arg(t, &args[0])?;
    let errors = errors_arg(t, args, 1)?;
    let given = args.get(2).map_or(Ok(0), |o| t.index_i64(o))?;
    let last = crate::types::str::arg::flag(t, args.get(3))?;
    let unit = if wide { 4 } else { 2 };
    let marked = |little: bool| {
        let mark: &[u8] = match (wide, little) {
            (false, true) => &[0xff, 0xfe],
            (false, false) => &[0xfe, 0xff],
            (true, true) => &[0xff, 0xfe, 0, 0],
            (true, false) => &[0, 0, 0xfe, 0xff],
        };
        data.starts_with(mark)
    };
    let (order, skip, told) = match given {
        0 if marked(true) => (Order::Little, unit, -1),
        0 if marked(false) => (Order::Big, unit, 1),
        0 => (Order::Little, 0, if data.len() >= unit { -1 } else { 0 }),
        1.. => (Order::Big, 0, 1),
        _ => (Order::Little, 0, -1),
    };
    let from = if wide { Encoding::Utf32(order) } else { Encoding::Utf16(order) };
    let (text, used) = codecs::decode(t, &data[skip..], from, &errors, last)?;
    let row = vec![from_buf(t, text), int::from_usize(t, used + skip), int::from_i64(t, told)];
    Ok(tuple::from_vec(t, row))
}

fn escapes<M: Memory>(m: Maker<'_, M>) -> Maker<'_, M> {
    let rows: [(&str, NativeFn<M>); 6] = [
        ("unicode_escape_encode(str, errors=None, /)", |t, a| {
            let n = need_text(t, a)?;
            let made = view(&a[0]).map(codecs::unicode_escape_encode).unwrap_or_default();
            encoded(t, &made, n)
        }),
        ("raw_unicode_escape_encode(str, errors=None, /)", |t, a| {
            let n = need_text(t, a)?;
            let made = view(&a[0]).map(codecs::raw_unicode_escape_encode).unwrap_or_default();
            encoded(t, &made, n)
        }),
        ("unicode_escape_decode(data, errors=None, final=True, /)", |t, a| {
            let (data, errors) = (data_arg(t, &a[0])?, errors_arg(t, a, 1)?);
            let last = a.get(2).map_or(Ok(true), |o| t.truth(o))?;
            let made = codecs::unicode_escape_decode(t, &data, &errors, last)?;
            decoded(t, made)
        }),
        ("raw_unicode_escape_decode(data, errors=None, final=True, /)", |t, a| {
            let (data, errors) = (data_arg(t, &a[0])?, errors_arg(t, a, 1)?);
            let last = a.get(2).map_or(Ok(true), |o| t.truth(o))?;
            let made = codecs::raw_unicode_escape_decode(t, &data, &errors, last)?;
            decoded(t, made)
        }),
        ("escape_decode(data, errors=None, /)", |t, a| {
            let (data, errors) = (data_arg(t, &a[0])?, errors_arg(t, a, 1)?);
            let made = codecs::escape_decode(t, &data, &errors)?;
            encoded(t, &made, data.len())
        }),
        ("escape_encode(data, errors=None, /)", |t, a| {
            let data = buffer::need(t, &a[0])?.into_owned();
            let shown = bytes::repr_bytes(&data);
            // The text between the quotes, always as if they were single ones.
            let inner = shown[2..shown.len() - 1].replace('\'', if shown.starts_with("b\"") { "\\'" } else { "'" });
            encoded(t, inner.as_bytes(), data.len())
        }),
    ];
    m.functions(&rows)
}

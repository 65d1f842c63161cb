//! Text to bytes and back: the encodings that the machine itself knows, and the way to those that Python code registers.

mod decode;
mod encode;
mod errors;
mod escapes;

use std::borrow::Cow;

pub use decode::decode;
pub use encode::encode;
pub use errors::{Instead, decode_handler, encode_handler};
pub use escapes::{
    escape_decode, raw_unicode_escape_decode, raw_unicode_escape_encode, unicode_escape_decode, unicode_escape_encode,
};

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::str::{Text, TextBuf, from_ascii, from_buf, to_text, view};
use crate::types::{bytes, int, tuple};

/// Order of bytes in a unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// That of the machine; decoding looks for a byte order mark, encoding writes one.
    Mark,
    /// Little end first.
    Little,
    /// Big end first.
    Big,
}

/// An encoding that the machine knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// UTF-8
    Utf8,
    /// ASCII
    Ascii,
    /// ISO 8859-1
    Latin1,
    /// UTF-16
    Utf16(Order),
    /// UTF-32
    Utf32(Order),
}

impl Encoding {
    /// The encoding of that name, if the machine knows it.
    pub fn named(name: &str) -> Option<Encoding> {
        use Order::{Big, Little, Mark};
        if name == "utf-8" {
            return Some(Encoding::Utf8);
        }
        let mut plain = [0u8; 12];
        let mut n = 0;
        for c in name.bytes().filter(|c| !matches!(c, b'-' | b'_' | b' ')) {
            *plain.get_mut(n)? = c.to_ascii_lowercase();
            n += 1;
        }
        Some(match &plain[..n] {
            b"utf8" | b"u8" | b"cp65001" => Encoding::Utf8,
            b"ascii" | b"usascii" | b"646" => Encoding::Ascii,
            b"latin1" | b"latin" | b"l1" | b"iso88591" | b"8859" | b"cp819" => Encoding::Latin1,
            b"utf16" | b"u16" => Encoding::Utf16(Mark),
            b"utf16le" | b"unicodelittleunmarked" => Encoding::Utf16(Little),
            b"utf16be" => Encoding::Utf16(Big),
            b"utf32" | b"u32" => Encoding::Utf32(Mark),
            b"utf32le" => Encoding::Utf32(Little),
            b"utf32be" => Encoding::Utf32(Big),
            _ => return None,
        })
    }

    /// Are ASCII characters the bytes with their numbers?
    fn holds_ascii(self) -> bool {
        matches!(self, Encoding::Utf8 | Encoding::Ascii | Encoding::Latin1)
    }

    /// As in messages.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Ascii => "ascii",
            Encoding::Latin1 => "latin-1",
            Encoding::Utf16(Order::Mark) => "utf-16",
            Encoding::Utf16(Order::Little) => "utf-16-le",
            Encoding::Utf16(Order::Big) => "utf-16-be",
            Encoding::Utf32(Order::Mark) => "utf-32",
            Encoding::Utf32(Order::Little) => "utf-32-le",
            Encoding::Utf32(Order::Big) => "utf-32-be",
        }
    }
}

/// An encoding or handler name given as an argument; `what` begins the message when it is no string.
pub fn name_arg<'a, M: Memory>(
    t: &mut Thread<M>,
    arg: Option<&'a Obj<M>>,
    default: &'static str,
    what: &str,
) -> Result<Cow<'a, str>, Raise> {
    let Some(arg) = arg else { return Ok(Cow::Borrowed(default)) };
    if view(arg).is_none() {
        let kind = crate::types::str::arg::kind_of(t, arg);
        return Err(t.raise(Kind::TypeError, format!("{what} must be str, not {kind}")));
    }
    let name = to_text(arg);
    if name.contains('\0') {
        return Err(t.raise(Kind::ValueError, "embedded null character"));
    }
    Ok(name)
}

/// `text.encode(encoding, errors)` for a string object.
pub fn encode_object<M: Memory>(t: &mut Thread<M>, text: &Obj<M>, encoding: &str, errors: &str) -> R<M> {
    if let Some(known) = Encoding::named(encoding) {
        if let (Some(Text::Ascii(s)), true) = (view(text), known.holds_ascii()) {
            return Ok(bytes::from_slice(t, s));
        }
        let bytes = encode(t, text, known, errors)?;
        return Ok(bytes::from_slice(t, &bytes));
    }
    let result = by_registry(t, "encode", text, encoding, errors)?;
    if bytes::view(&result).is_none() {
        let (kind, encoding) = (t.class_name(&result), encoding.to_owned());
        let message = format!(
            "'{encoding}' encoder returned '{kind}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types"
        );
        return Err(t.raise(Kind::TypeError, message));
    }
    Ok(result)
}

/// `str(source, encoding, errors)` for an object with bytes.
pub fn decode_object<M: Memory>(t: &mut Thread<M>, source: &Obj<M>, encoding: &str, errors: &str) -> R<M> {
    if view(source).is_some() {
        return Err(t.raise(Kind::TypeError, "decoding str is not supported"));
    }
    let Some(data) = crate::types::buffer::get(t, source) else {
        let kind = t.class_name(source);
        return Err(t.raise(Kind::TypeError, format!("decoding to str: need a bytes-like object, {kind} found")));
    };
    if let Some(known) = Encoding::named(encoding) {
        if known.holds_ascii() && data.is_ascii() {
            return Ok(from_ascii(t, &data));
        }
        return decode(t, &data, known, errors, true).map(|(text, _)| from_buf(t, text));
    }
    let result = by_registry(t, "decode", source, encoding, errors)?;
    if view(&result).is_none() {
        let kind = t.class_name(&result);
        let message = format!(
            "'{encoding}' decoder returned '{kind}' instead of 'str'; use codecs.decode() to decode to arbitrary types"
        );
        return Err(t.raise(Kind::TypeError, message));
    }
    Ok(result)
}

fn by_registry<M: Memory>(t: &mut Thread<M>, what: &str, o: &Obj<M>, encoding: &str, errors: &str) -> R<M> {
    let codecs = crate::import::import_module(t, "codecs")?;
    let (name, errors) = (t.str(encoding), t.str(errors));
    let info = t.call_method(&codecs, "lookup", &[name])?;
    if let Some(text) = t.getattr_opt_str(&info, "_is_text_encoding")?
        && !t.truth(&text)?
    {
        let message = format!("'{encoding}' is not a text encoding; use codecs.{what}() to handle arbitrary codecs");
        return Err(t.raise(Kind::LookupError, message));
    }
    let result = t.call_method(&info, what, &[o.clone(), errors])?;
    match tuple::items(&result) {
        [first, _] => Ok(first.clone()),
        _ => Err(t.raise(Kind::TypeError, format!("{what}r must return a tuple (object, integer)"))),
    }
}

impl<M: Memory> Thread<M> {
    /// Raises a `UnicodeEncodeError` or `UnicodeDecodeError` about units `start..end` of `object`.
    #[cold]
    pub fn raise_unicode_error(
        &mut self,
        kind: Kind,
        encoding: &str,
        object: Obj<M>,
        range: std::ops::Range<usize>,
        reason: &str,
    ) -> Raise {
        let exc = self.unicode_error(kind, encoding, object, range, reason);
        self.raise_obj(exc)
    }

    pub(crate) fn unicode_error(
        &mut self,
        kind: Kind,
        encoding: &str,
        object: Obj<M>,
        range: std::ops::Range<usize>,
        reason: &str,
    ) -> Obj<M> {
        let args = vec![
            self.str(encoding),
            object,
            int::from_usize(self, range.start),
            int::from_usize(self, range.end),
            self.str(reason),
        ];
        self.new_exception(kind, args)
    }
}

/// Valid UTF-8 as text, for names and messages that come from outside; what is not valid becomes surrogates (PEP 383).
pub fn decode_surrogateescape(data: &[u8]) -> TextBuf {
    let mut out = TextBuf::with_capacity(data.len());
    for chunk in data.utf8_chunks() {
        out.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|&b| out.push(0xdc00 + b as u32));
    }
    out
}

/// Text as UTF-8 where surrogates stand for single bytes (PEP 383); `None` when another surrogate is in it.
pub fn encode_surrogateescape(text: crate::types::str::Text<'_>) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    for c in text.chars() {
        match char::from_u32(c) {
            Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None if (0xdc80..0xdd00).contains(&c) => out.push((c - 0xdc00) as u8),
            None => return None,
        }
    }
    Some(out)
}

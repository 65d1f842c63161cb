//! `str`: compact immutable text with a cached hash.

pub(crate) mod arg;
mod case;
pub mod chars;
mod classify;
mod find;
mod hash;
mod intern;
mod pad;
pub mod payload;
mod repr;
mod slots;
mod split;
mod text;
mod translate;

use std::borrow::Cow;

pub use classify::is_identifier;
pub use hash::SipKey;
pub use intern::Interned;
pub use payload::{
    Filler, Str, append_in_place, ascii_with, concat, from_ascii, from_buf, from_char, from_text, from_wide, of_class,
    wide_with,
};
pub use repr::{push_escape, repr_text};
pub use slots::item;
pub use split::{join, join_all};
pub use text::{Text, TextBuf, to_char};

use crate::args::Args;
use crate::codecs;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::format;
use crate::memory::Memory;
use crate::object::{Obj, R};
use crate::types::build::Builder;
use crate::types::ids::Builtin;
use crate::types::{flags, tuple};

/// The text of a string, `None` for anything else.
#[inline(always)]
pub fn view<M: Memory>(o: &Obj<M>) -> Option<Text<'_>> {
    o.cast::<Str<M>>().map(|s| s.body.text())
}

/// The text of any string as a Rust string: lone surrogates as U+FFFD, "" when it is not a string.
pub fn to_text<M: Memory>(o: &Obj<M>) -> Cow<'_, str> {
    match o.cast::<Str<M>>() {
        Some(s) => s.body.ascii().map_or_else(|| s.body.text().to_cow(), Cow::Borrowed),
        None => Cow::Borrowed(""),
    }
}

/// Are both strings with the same text?
#[inline]
pub fn equal<M: Memory>(a: &Obj<M>, b: &Obj<M>) -> bool {
    if a.is(b) {
        return true;
    }
    match (a.cast::<Str<M>>(), b.cast::<Str<M>>()) {
        (Some(a), Some(b)) => same(&a.body, &b.body),
        _ => false,
    }
}

/// Have two strings, which may be the same, the same text?
///
/// # Safety
/// Both are strings.
#[inline]
pub unsafe fn equal_text<M: Memory>(a: &Obj<M>, b: &Obj<M>) -> bool {
    // SAFETY: by the caller's word.
    unsafe { same(&a.cast_unchecked::<Str<M>>().body, &b.cast_unchecked::<Str<M>>().body) }
}

#[inline(always)]
fn same<M: Memory>(a: &Str<M>, b: &Str<M>) -> bool {
    a.len() == b.len() && (std::ptr::eq(a, b) || !(a.is_interned() && b.is_interned()) && a.text().same(b.text()))
}

/// The hash of a string; 0 for anything else.
#[inline(always)]
pub fn hash<M: Memory>(ctx: &Context<M>, o: &Obj<M>) -> i64 {
    o.cast::<Str<M>>().map_or(0, |s| s.body.hash(ctx))
}

impl<M: Memory> Context<M> {
    /// A string.
    #[inline]
    pub fn str(&self, s: &str) -> Obj<M> {
        if s.is_ascii() { from_ascii(self, s.as_bytes()) } else { from_buf(self, TextBuf::from(s)) }
    }

    /// A string.
    pub fn string(&self, s: String) -> Obj<M> {
        from_buf(self, TextBuf::from(s))
    }

    /// A string of code points, lone surrogates included.
    pub fn str_from_points(&self, points: &[u32]) -> Obj<M> {
        from_wide(self, points)
    }

    /// The interned string with this text.
    pub fn intern(&self, s: &str) -> Obj<M> {
        if s.is_ascii() {
            self.interp.interned.get(self, Text::Ascii(s.as_bytes()))
        } else {
            self.interp.interned.get(self, TextBuf::from(s).as_text())
        }
    }

    /// The interned string with the text of this one.
    #[inline]
    pub fn intern_obj(&self, o: &Obj<M>) -> Obj<M> {
        match o.cast::<Str<M>>() {
            Some(s) if !s.body.is_interned() => self.interp.interned.get_hashed(self, s.body.text(), s.body.hash(self)),
            _ => o.clone(),
        }
    }
}

/// `ascii(obj)`
pub fn ascii<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> R<M> {
    let repr = t.repr(o)?;
    Ok(ascii_only(t, repr))
}

/// `ascii(obj)` of what `repr` gave.
pub fn ascii_only<M: Memory>(ctx: &Context<M>, repr: Obj<M>) -> Obj<M> {
    let Some(Text::Wide(s)) = view(&repr) else { return repr };
    let mut out = TextBuf::with_capacity(s.len() + 16);
    for &c in s {
        if c < 128 { out.push(c) } else { push_escape(&mut out, c) }
    }
    from_buf(ctx, out)
}

fn encode<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let encoding = codecs::name_arg(t, args.get(1), "utf-8", "encode() argument 'encoding'")?;
    let errors = codecs::name_arg(t, args.get(2), "strict", "encode() argument 'errors'")?;
    codecs::encode_object(t, &args[0], &encoding, &errors)
}

fn format_spec<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let Some(spec) = view(&args[1]) else {
        let kind = arg::kind_of(t, &args[1]);
        return Err(t.raise(Kind::TypeError, format!("__format__() argument must be str, not {kind}")));
    };
    format::format_text(t, &args[0], spec)
}

fn getnewargs<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let own = from_text(t, view(&args[0]).unwrap_or(Text::EMPTY));
    Ok(tuple::from_vec(t, vec![own]))
}

const DOC: &str = "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\n\
The text of an object, or of bytes in an encoding.";

/// Makes the type and its iterator.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    let b = Builder::new::<Str<M>>(t, Builtin::Str, "str").flag(flags::SELF_MATCH).slots(slots::fill).doc(DOC);
    let b = translate::add(pad::add(split::add(find::add(classify::add(case::add(b))))));
    b.method("encode(self, /, encoding='utf-8', errors='strict')", encode)
        .method("format(self, /, *args, **kwargs)", format::template::format_method)
        .method("format_map(self, mapping, /)", format::template::format_map_method)
        .method("__format__(self, format_spec, /)", format_spec)
        .method("__getnewargs__(self, /)", getnewargs)
        .finish();
    slots::define_iterator(t);
}

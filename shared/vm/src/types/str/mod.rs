//! `str`: compact immutable text with a cached hash.

mod hash;
mod intern;
mod payload;
mod text;

use std::borrow::Cow;

pub use hash::SipKey;
pub use intern::Interned;
pub use payload::{
    Filler, Str, append_in_place, ascii_with, concat, from_ascii, from_buf, from_char, from_text, from_wide, of_class,
    wide_with,
};
pub use text::{Text, TextBuf, to_char};

use crate::context::Context;
use crate::memory::Memory;
use crate::object::Obj;

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
        (Some(a), Some(b)) => {
            !(a.body.is_interned() && b.body.is_interned())
                && a.body.len() == b.body.len()
                && a.body.text().same(b.body.text())
        }
        _ => false,
    }
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

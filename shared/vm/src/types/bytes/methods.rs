//! The methods that `bytes` and `bytearray` share; results are of the kind of the object asked.

use super::{change, construct, from_slice, search};
use crate::args::Args;
use crate::codecs;
use crate::context::{Context, Thread};
use crate::memory::Memory;
use crate::object::{Obj, R};
use crate::types::buffer;
use crate::types::build::Builder;
use crate::types::bytearray::{self, ByteArray};

/// A `bytearray` if `own` is one, else `bytes`.
pub(crate) fn like<M: Memory>(ctx: &Context<M>, own: &Obj<M>, b: &[u8]) -> Obj<M> {
    if own.cast::<ByteArray<M>>().is_some() { bytearray::from_vec(ctx, b.to_vec()) } else { from_slice(ctx, b) }
}

fn decode<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let encoding = codecs::name_arg(t, args.get(1), "utf-8", "decode() argument 'encoding'")?;
    let errors = codecs::name_arg(t, args.get(2), "strict", "decode() argument 'errors'")?;
    codecs::decode_object(t, &args[0], &encoding, &errors)
}

macro_rules! every {
    ($($name:ident $test:expr;)*) => {
        $(fn $name<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
            let b = buffer::need(t, &args[0])?;
            let test: fn(u8) -> bool = $test;
            Ok(Obj::bool(!b.is_empty() && b.iter().all(|&c| test(c))))
        })*
    };
}

every! {
    isalnum |c| c.is_ascii_alphanumeric();
    isalpha |c| c.is_ascii_alphabetic();
    isdigit |c| c.is_ascii_digit();
    isspace |c| matches!(c, 9..=13 | 32);
}

fn isascii<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    Ok(Obj::bool(buffer::need(t, &args[0])?.is_ascii()))
}

fn islower<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let b = buffer::need(t, &args[0])?;
    Ok(Obj::bool(b.iter().any(u8::is_ascii_lowercase) && !b.iter().any(u8::is_ascii_uppercase)))
}

fn isupper<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let b = buffer::need(t, &args[0])?;
    Ok(Obj::bool(b.iter().any(u8::is_ascii_uppercase) && !b.iter().any(u8::is_ascii_lowercase)))
}

fn istitle<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let b = buffer::need(t, &args[0])?;
    let (mut any, mut in_word) = (false, false);
    for c in b.iter() {
        if c.is_ascii_alphabetic() && c.is_ascii_uppercase() == in_word {
            return Ok(Obj::bool(false));
        }
        in_word = c.is_ascii_alphabetic();
        any |= in_word;
    }
    Ok(Obj::bool(any))
}

/// Adds the methods of both types.
pub(crate) fn shared_methods<M: Memory>(b: Builder<'_, M>) -> Builder<'_, M> {
    change::add(search::add(b))
        .method("decode(self, /, encoding='utf-8', errors='strict')", decode)
        .method("isalnum(self, /)", isalnum)
        .method("isalpha(self, /)", isalpha)
        .method("isdigit(self, /)", isdigit)
        .method("isspace(self, /)", isspace)
        .method("isascii(self, /)", isascii)
        .method("islower(self, /)", islower)
        .method("isupper(self, /)", isupper)
        .method("istitle(self, /)", istitle)
        .method("hex(self, /, sep=None, bytes_per_sep=1)", construct::hex)
        .classmethod("fromhex(type, string, /)", construct::fromhex)
}

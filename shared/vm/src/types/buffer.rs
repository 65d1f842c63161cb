//! Bytes-like objects seen alike: `bytes`, `bytearray`, `memoryview`, `array`.

use std::borrow::Cow;

use super::bytearray::ByteArray;
use super::memoryview::MemoryView;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::array::Array;
use crate::object::{Obj, Raise};
use crate::types::bytes;

/// The bytes of a bytes-like object: those of `bytes` as they stand, of the others a copy as of now. `None` for
/// anything else.
#[inline]
pub fn get<'a, M: Memory>(ctx: &Context<M>, o: &'a Obj<M>) -> Option<Cow<'a, [u8]>> {
    if let Some(b) = bytes::view(o) {
        return Some(Cow::Borrowed(b));
    }
    get_slow(ctx, o).map(Cow::Owned)
}

fn get_slow<M: Memory>(ctx: &Context<M>, o: &Obj<M>) -> Option<Vec<u8>> {
    if let Some(a) = o.cast::<ByteArray<M>>() {
        return Some(a.body.with(ctx, &a.head, |v| v.clone()));
    }
    if let Some(a) = o.exact::<Array>() {
        return Some(a.body.with(ctx, &a.head, |v| v.clone()));
    }
    o.exact::<MemoryView<M>>().and_then(|v| v.body.bytes(ctx))
}

/// The bytes of a bytes-like object as an own vector.
pub fn copy<M: Memory>(ctx: &Context<M>, o: &Obj<M>) -> Option<Vec<u8>> {
    get(ctx, o).map(Cow::into_owned)
}

/// The bytes of an argument that must be bytes-like.
#[inline]
pub fn need<'a, M: Memory>(t: &mut Thread<M>, o: &'a Obj<M>) -> Result<Cow<'a, [u8]>, Raise> {
    match get(t, o) {
        Some(b) => Ok(b),
        None => {
            let kind = t.class_name(o);
            Err(t.raise(Kind::TypeError, format!("a bytes-like object is required, not '{kind}'")))
        }
    }
}

//! `bytes`: a length, a cached hash and the bytes behind them in the same block.

mod change;
mod construct;
mod methods;
mod search;
mod slots;

use crate::context::{Context, Thread};
use crate::memory::{CellWord, Memory};
use crate::object::{Layout, Obj, Object, Payload};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::str::SipKey;
use crate::types::{TypeObj, flags};
use crate::value::Word;

pub(crate) use construct::{contents, hex, hex_bytes};
pub use construct::{from_iterable, hex_text, parse_hex};
pub(crate) use methods::shared_methods;
pub use slots::repr_bytes;
pub(crate) use slots::{byte_of, compare, contains_any, modulo};

/// The payload of `bytes`: `len` bytes follow the struct.
#[repr(C)]
pub struct Bytes<M: Memory> {
    hash: M::Cell,
    len: usize,
    data: [u8; 0],
}

const NO_HASH: u64 = u64::MAX;

impl<M: Memory> Bytes<M> {
    /// The bytes.
    #[inline(always)]
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: whoever makes the object writes `len` bytes behind the struct before anyone sees it.
        unsafe { std::slice::from_raw_parts(self.data.as_ptr(), self.len) }
    }

    /// The hash, computed once. Equal to that of the ASCII text with the same bytes.
    pub fn hash(&self, ctx: &Context<M>) -> i64 {
        let h = self.hash.load();
        if h != NO_HASH {
            return h as i64;
        }
        let h = SipKey::new(ctx.interp.hash_seed).bytes(self.bytes());
        self.hash.store(h as u64);
        h
    }
}

// SAFETY: layout `Bytes` is this struct's alone; it owns no references.
unsafe impl<M: Memory> Payload<M> for Bytes<M> {
    const SHAPE: u32 = ids::BYTES;
    const LAYOUT: Layout = Layout::Bytes;
    fn visit(&self, _: &mut dyn FnMut(Word)) {}
    fn tail(&self) -> usize {
        self.len
    }
}

/// A `bytes` object.
#[inline]
pub fn from_slice<M: Memory>(ctx: &Context<M>, b: &[u8]) -> Obj<M> {
    let size = size_of::<Object<M, Bytes<M>>>() + b.len();
    let payload = Bytes::<M> { hash: M::Cell::new(NO_HASH), len: b.len(), data: [] };
    fill(ctx.alloc_shape(ids::BYTES, size, payload), b)
}

/// An instance of `class`, which is `bytes` or derived from it.
pub fn of_class<M: Memory>(ctx: &Context<M>, class: &TypeObj<M>, b: &[u8]) -> Obj<M> {
    let payload = Bytes::<M> { hash: M::Cell::new(NO_HASH), len: b.len(), data: [] };
    fill(ctx.alloc_of(class, payload), b)
}

fn fill<M: Memory>(obj: Obj<M>, b: &[u8]) -> Obj<M> {
    // SAFETY: the fresh object has room for the bytes and nobody else knows it.
    unsafe {
        let to = (&raw mut (*obj.word().address().cast::<Object<M, Bytes<M>>>()).body.data).cast::<u8>();
        std::ptr::copy_nonoverlapping(b.as_ptr(), to, b.len());
    }
    obj
}

/// The bytes of a `bytes` object, `None` for anything else.
#[inline(always)]
pub fn view<M: Memory>(o: &Obj<M>) -> Option<&[u8]> {
    o.cast::<Bytes<M>>().map(|b| b.body.bytes())
}

/// Makes the type and its iterator.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    let b = Builder::new::<Bytes<M>>(t, Builtin::Bytes, "bytes").flag(flags::SELF_MATCH).slots(slots::fill_slots);
    let b = b.doc(
        "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\n\nAn immutable array of bytes.",
    );
    let b = shared_methods(b);
    b.method("__getnewargs__(self, /)", construct::getnewargs)
        .method("__bytes__(self, /)", construct::to_bytes)
        .finish();
    slots::define_iterator(t);
}

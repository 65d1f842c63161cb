//! `tuple`: a length and the items behind it in the same block. Immutable, so everything here reads without a lock.

use crate::context::Context;
use crate::memory::Memory;
use crate::object::{Layout, Obj, Object, Payload};
use crate::types::{TypeObj, ids};
use crate::value::Word;

/// A tuple: `len` items follow the struct.
#[repr(C)]
pub struct Tuple<M: Memory> {
    len: usize,
    items: [Obj<M>; 0],
}

impl<M: Memory> Tuple<M> {
    /// The items.
    #[inline(always)]
    pub fn items(&self) -> &[Obj<M>] {
        // SAFETY: whoever makes a tuple writes `len` items behind it before anyone sees it.
        unsafe { std::slice::from_raw_parts(self.items.as_ptr(), self.len) }
    }

    /// Number of items.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len
    }

    /// No items?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl<M: Memory> Drop for Tuple<M> {
    fn drop(&mut self) {
        let items = self.items.as_mut_ptr();
        for i in 0..self.len {
            // SAFETY: the tuple owns its items and is going.
            unsafe { items.add(i).drop_in_place() }
        }
    }
}

// SAFETY: layout `Tuple` is this struct's alone; its only references are the items.
unsafe impl<M: Memory> Payload<M> for Tuple<M> {
    const SHAPE: u32 = ids::TUPLE;
    const LAYOUT: Layout = Layout::Tuple;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        self.items().iter().for_each(|o| f(o.word()));
    }
    fn tail(&self) -> usize {
        self.len * size_of::<Word>()
    }
}

/// A tuple of exactly `n` items that are moved out of `from`.
///
/// # Safety
/// `from` points to `n` owned handles that the caller forgets.
#[inline(always)]
pub unsafe fn from_raw<M: Memory>(ctx: &Context<M>, from: *const Obj<M>, n: usize) -> Obj<M> {
    if n == 0 {
        return empty(ctx);
    }
    let size = size_of::<Object<M, Tuple<M>>>() + n * size_of::<Word>();
    let obj = ctx.alloc_shape(ids::TUPLE, size, Tuple::<M> { len: n, items: [] });
    // SAFETY: the block has room for `n` items; nothing else knows it.
    unsafe {
        let to = (&raw mut (*obj.word().address().cast::<Object<M, Tuple<M>>>()).body.items).cast::<Obj<M>>();
        std::ptr::copy_nonoverlapping(from, to, n);
    }
    obj
}

/// A tuple of these items.
pub fn from_vec<M: Memory>(ctx: &Context<M>, mut items: Vec<Obj<M>>) -> Obj<M> {
    let n = items.len();
    // SAFETY: the handles are moved out: the vector forgets them before it is dropped.
    unsafe {
        items.set_len(0);
        from_raw(ctx, items.as_ptr(), n)
    }
}

/// A tuple of these items (an array is moved without an allocation of its own).
#[inline]
pub fn from_array<M: Memory, const N: usize>(ctx: &Context<M>, items: [Obj<M>; N]) -> Obj<M> {
    let items = std::mem::ManuallyDrop::new(items);
    // SAFETY: the handles are moved out and the array is never dropped.
    unsafe { from_raw(ctx, items.as_ptr(), N) }
}

/// A tuple of what the iterator gives.
pub fn from_iter<M: Memory>(ctx: &Context<M>, items: impl IntoIterator<Item = Obj<M>>) -> Obj<M> {
    from_vec(ctx, items.into_iter().collect())
}

/// A tuple of new handles on these items.
pub fn from_slice<M: Memory>(ctx: &Context<M>, items: &[Obj<M>]) -> Obj<M> {
    from_vec(ctx, items.to_vec())
}

/// An instance of `class`, which is derived from `tuple`.
pub fn from_vec_of<M: Memory>(ctx: &Context<M>, class: &TypeObj<M>, mut items: Vec<Obj<M>>) -> Obj<M> {
    if class.body.shape() == ids::TUPLE {
        return from_vec(ctx, items);
    }
    let n = items.len();
    let obj = ctx.alloc_of(class, Tuple::<M> { len: n, items: [] });
    // SAFETY: `alloc_of` made room for the tail; the vector forgets the handles that are moved.
    unsafe {
        items.set_len(0);
        let to = (&raw mut (*obj.word().address().cast::<Object<M, Tuple<M>>>()).body.items).cast::<Obj<M>>();
        std::ptr::copy_nonoverlapping(items.as_ptr(), to, n);
    }
    obj
}

/// `()`
pub fn empty<M: Memory>(ctx: &Context<M>) -> Obj<M> {
    ctx.alloc(Tuple::<M> { len: 0, items: [] })
}

/// The items of a tuple (or of an instance of a derived class); nothing if it is none.
#[inline(always)]
pub fn items<M: Memory>(obj: &Obj<M>) -> &[Obj<M>] {
    obj.cast::<Tuple<M>>().map_or(&[], |o| o.body.items())
}

/// Is it a tuple?
#[inline(always)]
pub fn is_tuple<M: Memory>(obj: &Obj<M>) -> bool {
    obj.cast::<Tuple<M>>().is_some()
}

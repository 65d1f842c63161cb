//! Objects and the handles on them.
//!
//! | handle | owns a count | may be kept | made by |
//! |---|---|---|---|
//! | [`Obj`] | yes | anywhere in native code | `clone`, constructors |
//! | `&Obj` | no | as long as the owner is borrowed | arguments, owned handles |
//! | [`Val`] | no | until the next `&mut Thread` | reading a container |
//! | [`Held`] | yes | inside a payload | [`Held::new`], which publishes what a shared object is to hold |
//! | [`Lent`] | as long as it must | inside a payload that is mostly private: an iterator's container | [`Lent::fill`] |
//! | [`Slot`] | yes | inside a payload, replaced under the object's section, read without a lock | `Slot::set` |
//!
//! A payload is the Rust struct behind the header. Its layout (see [`Ops`]) says how to visit and drop it; classes that
//! Python code derives from a built-in type share the layout and may append an attribute area.

mod dealloc;
mod held;
mod layout;

use std::cell::Cell;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;

use crate::context::Context;
use crate::memory::{CellWord, Header, Memory};
use crate::types::Type;
use crate::value::Word;
pub use dealloc::dealloc;
pub use held::{Held, Lent, Locked, Slot};
pub use layout::{Layout, Ops, Payload, area, ops, size_of_object, trace_object, visit_object};

/// The exception is in [`Context::raised`]; this only says so. Made by `Thread::raise` and its relatives.
#[must_use]
#[derive(Debug)]
pub struct Raise(pub(crate) ());

/// What native functions return.
pub type R<M> = Result<Obj<M>, Raise>;

/// A header and its payload.
#[repr(C)]
pub struct Object<M: Memory, P> {
    /// Counts, shape and lock, as the model needs them.
    pub head: M::Header,
    /// What the object is about.
    pub body: P,
}

/// An owned reference (or a word that is no pointer). Dropping it gives its count up. Also the view of a register or
/// argument, which is why the word is a cell: promotion may add a count to a register that is borrowed here.
#[repr(transparent)]
pub struct Obj<M: Memory>(Cell<Word>, PhantomData<*const Context<M>>);

impl<M: Memory> Obj<M> {
    /// `None`
    pub const NONE: Obj<M> = Obj::raw(Word::NONE);

    const fn raw(word: Word) -> Obj<M> {
        Obj(Cell::new(word), PhantomData)
    }

    /// Takes over what `word` owns.
    ///
    /// # Safety
    /// The caller owned the word and forgets it.
    #[inline(always)]
    pub unsafe fn from_word(word: Word) -> Obj<M> {
        Obj::raw(word)
    }

    /// Hands over what this owns.
    #[inline(always)]
    pub fn into_word(self) -> Word {
        ManuallyDrop::new(self).0.get()
    }

    /// The word, borrowed.
    #[inline(always)]
    pub fn word(&self) -> Word {
        self.0.get()
    }

    /// Where the word stands.
    #[inline(always)]
    fn place(&self) -> &Cell<Word> {
        &self.0
    }

    /// A truth value.
    pub const fn bool(b: bool) -> Obj<M> {
        Obj::raw(Word::bool(b))
    }

    /// `NotImplemented`
    pub const fn not_implemented() -> Obj<M> {
        Obj::raw(Word::NOT_IMPLEMENTED)
    }

    /// Is it `None`?
    #[inline(always)]
    pub fn is_none(&self) -> bool {
        self.word() == Word::NONE
    }

    /// Is it nothing (a missing argument, an unbound name)?
    #[inline(always)]
    pub fn is_null(&self) -> bool {
        self.word() == Word::NULL
    }

    /// Is it `NotImplemented`?
    #[inline(always)]
    pub fn is_not_implemented(&self) -> bool {
        self.word() == Word::NOT_IMPLEMENTED
    }

    /// Identity.
    #[inline(always)]
    pub fn is(&self, other: &Obj<M>) -> bool {
        self.word().is(other.word())
    }

    /// The shape of the object, 0 for a word that is no pointer.
    #[inline(always)]
    pub fn shape(&self) -> u32 {
        self.head().map_or(0, |h| h.shape())
    }

    /// The header, if this is a pointer.
    #[inline(always)]
    pub fn head(&self) -> Option<&M::Header> {
        let word = self.word();
        // SAFETY: a pointer word that is borrowed here points to a live object, whose header comes first.
        if word.is_ptr() { Some(unsafe { &*word.address().cast::<M::Header>() }) } else { None }
    }

    /// The object with its payload, if its layout is that of `P` (its class may be derived).
    #[inline(always)]
    pub fn cast<P: Payload<M>>(&self) -> Option<&Object<M, P>> {
        let shape = self.head()?.shape();
        if shape == P::SHAPE || cast_slow::<M>(shape, P::LAYOUT) {
            // SAFETY: the layout says what stands behind the header.
            Some(unsafe { self.cast_unchecked() })
        } else {
            None
        }
    }

    /// The object with its payload, if its class is exactly the built-in one of `P`.
    #[inline(always)]
    pub fn exact<P: Payload<M>>(&self) -> Option<&Object<M, P>> {
        // SAFETY: the shape says what stands behind the header.
        if self.shape() == P::SHAPE { Some(unsafe { self.cast_unchecked() }) } else { None }
    }

    /// The object with its payload.
    ///
    /// # Safety
    /// It is an object of that layout.
    #[inline(always)]
    pub unsafe fn cast_unchecked<P>(&self) -> &Object<M, P> {
        // SAFETY: by the caller's word; the borrow of the handle keeps the object.
        unsafe { &*self.word().address().cast::<Object<M, P>>() }
    }
}

#[inline(never)]
fn cast_slow<M: Memory>(shape: u32, layout: Layout) -> bool {
    // A class may be missing while the first ones are being made.
    current::<M>().interp.shapes.try_class(shape).is_some_and(|class| class.body.ops.layout == layout)
}

/// The context of the running thread. Only for handles that are dropped or cloned where no token is at hand.
#[inline(always)]
pub(crate) fn current<'a, M: Memory>() -> &'a Context<M> {
    // SAFETY: handles live only on attached threads, and a context outlives its thread's handles.
    unsafe { &*M::current() }
}

impl<M: Memory> Clone for Obj<M> {
    #[inline(always)]
    fn clone(&self) -> Self {
        let word = self.word();
        if !word.is_ptr() {
            return Obj::raw(word);
        }
        // SAFETY: the borrowed word is valid now.
        Obj::raw(unsafe { M::retain(current::<M>(), word) })
    }
}

impl<M: Memory> Drop for Obj<M> {
    #[inline(always)]
    fn drop(&mut self) {
        let word = self.word();
        if word.is_counted() {
            // SAFETY: this handle owned the word.
            unsafe { M::release(current::<M>(), word) }
        }
    }
}

impl<M: Memory> std::fmt::Debug for Obj<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.word().fmt(f)
    }
}

/// A borrowed value read from a container: valid until the next `&mut Thread`, because it borrows the thread.
pub struct Val<'a, M: Memory>(ManuallyDrop<Obj<M>>, PhantomData<&'a Context<M>>);

impl<'a, M: Memory> Val<'a, M> {
    /// A borrowed view of a word that was just loaded.
    ///
    /// # Safety
    /// The word is valid as long as nothing polls, and `'a` borrows the thread or an owner of the word.
    #[inline(always)]
    pub unsafe fn new(word: Word) -> Val<'a, M> {
        Val(ManuallyDrop::new(Obj::raw(word)), PhantomData)
    }

    /// An owned handle on the same value.
    #[inline(always)]
    pub fn own(&self) -> Obj<M> {
        (*self.0).clone()
    }
}

impl<M: Memory> std::ops::Deref for Val<'_, M> {
    type Target = Obj<M>;
    #[inline(always)]
    fn deref(&self) -> &Obj<M> {
        &self.0
    }
}

impl<M: Memory> Clone for Val<'_, M> {
    fn clone(&self) -> Self {
        Val(ManuallyDrop::new(Obj::raw(self.word())), PhantomData)
    }
}

impl<M: Memory> Context<M> {
    /// A new object of built-in class `P` itself, private to this thread.
    #[inline(always)]
    pub fn alloc<P: Payload<M>>(&self, payload: P) -> Obj<M> {
        self.alloc_shape(P::SHAPE, size_of::<Object<M, P>>(), payload)
    }

    /// A new object of a class that may be derived from that of `P`, with its attribute area empty.
    pub fn alloc_of<P: Payload<M>>(&self, class: &Object<M, Type<M>>, payload: P) -> Obj<M> {
        debug_assert!(class.body.ops.layout == P::LAYOUT);
        let tail = payload.tail();
        let area = class.body.area_words as usize;
        let fixed = size_of::<Object<M, P>>() + tail.next_multiple_of(8);
        let obj = self.alloc_shape(class.body.shape(), fixed + 8 * area, payload);
        for i in 0..area {
            // SAFETY: the block is large enough and nobody else knows it.
            unsafe { obj.word().address().add(fixed + 8 * i).cast::<M::Cell>().write(M::Cell::new(Word::NULL.0)) }
        }
        obj
    }

    /// A new object of `size` bytes whose payload struct is written now and whose tail the caller fills.
    #[inline(always)]
    pub fn alloc_shape<P>(&self, shape: u32, size: usize, payload: P) -> Obj<M> {
        let at = M::alloc(self, size);
        // SAFETY: `alloc` gave that many bytes; header and payload are written before anyone sees them.
        unsafe {
            M::init(self, at, shape);
            (&raw mut (*at.cast::<Object<M, P>>()).body).write(payload);
            Obj::from_word(Word::counted(at))
        }
    }
}

impl<M: Memory, P> Object<M, P> {
    /// A new owned handle on this object.
    #[inline(always)]
    pub fn to_obj(&self) -> Obj<M> {
        // SAFETY: a borrowed object is valid.
        unsafe { Obj::from_word(M::retain(current::<M>(), self.word())) }
    }

    /// The (uncounted) word for this object.
    #[inline(always)]
    pub fn word(&self) -> Word {
        Word::uncounted(&raw const *self)
    }

    /// Is it the same object?
    pub fn is(&self, other: &Obj<M>) -> bool {
        self.word().is(other.word())
    }

    /// A borrowed handle.
    #[inline(always)]
    pub fn val(&self) -> Val<'_, M> {
        // SAFETY: borrowed as long as the object is.
        unsafe { Val::new(self.word()) }
    }
}

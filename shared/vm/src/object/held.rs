//! References and state inside payloads: fixed, read without a lock, or touched inside the section only.

use std::cell::UnsafeCell;

use super::{Obj, Val, current};
use crate::context::Context;
use crate::memory::{CellWord, Memory, Section};
use crate::value::Word;

/// A reference inside a payload that is changed only as a whole field under the section (or never). Making one for an object that is shared
/// already publishes the value, which keeps the invariant: a shared object refers only to shared objects.
#[repr(transparent)]
pub struct Held<M: Memory>(Obj<M>);

impl<M: Memory> Held<M> {
    /// To be held by an object that is still being made.
    #[inline(always)]
    pub fn fresh(value: Obj<M>) -> Held<M> {
        Held(value)
    }

    /// To be held by the object headed by `owner`.
    #[inline(always)]
    pub fn new(ctx: &Context<M>, owner: &M::Header, value: Obj<M>) -> Held<M> {
        if value.word().is_ptr() && M::is_shared(ctx, owner) {
            // SAFETY: the handle owns a valid word.
            unsafe { M::publish(ctx, value.word()) }
        }
        Held(value)
    }

    /// The handle, no longer held.
    pub fn into_obj(self) -> Obj<M> {
        self.0
    }
}

impl<M: Memory> std::ops::Deref for Held<M> {
    type Target = Obj<M>;
    #[inline(always)]
    fn deref(&self) -> &Obj<M> {
        &self.0
    }
}

/// A reference inside a payload that never changes and that need not be counted while its object is private to a thread.
#[repr(transparent)]
pub struct Lent<M: Memory>(Obj<M>);

impl<M: Memory> Lent<M> {
    /// Of an object that is still being made, to be filled when it is at its place.
    #[inline(always)]
    pub fn empty() -> Lent<M> {
        Lent(Obj::NONE)
    }

    /// Refers to `value`.
    ///
    /// # Safety
    /// It is empty and part of an object that this thread has just made.
    #[inline(always)]
    pub unsafe fn fill(&self, ctx: &Context<M>, value: &Obj<M>) {
        // SAFETY: by the caller's word; the drop below ends the loan.
        unsafe { M::lend(ctx, self.0.place(), value.word()) }
    }
}

impl<M: Memory> std::ops::Deref for Lent<M> {
    type Target = Obj<M>;
    #[inline(always)]
    fn deref(&self) -> &Obj<M> {
        &self.0
    }
}

impl<M: Memory> Drop for Lent<M> {
    #[inline(always)]
    fn drop(&mut self) {
        let word = self.0.word();
        if M::LENDS && word.is_ptr() && !word.is_counted() {
            // SAFETY: what is uncounted here was lent.
            unsafe { M::end_loan(current::<M>(), self.0.place()) }
        }
    }
}

/// A reference inside a payload that threads read without a lock.
#[repr(transparent)]
pub struct Slot<M: Memory>(M::Cell);

impl<M: Memory> Slot<M> {
    /// A slot of an object that is still being made.
    pub fn fresh(value: Obj<M>) -> Slot<M> {
        Slot(M::Cell::new(value.into_word().0))
    }

    /// An empty slot.
    pub fn empty() -> Slot<M> {
        Slot(M::Cell::new(Word::NULL.0))
    }

    /// Reads; NULL when empty.
    #[inline(always)]
    pub fn word(&self) -> Word {
        Word(self.0.load())
    }

    /// Reads into a register; NULL when empty.
    ///
    /// # Safety
    /// As for [`Memory::load`].
    #[inline(always)]
    pub unsafe fn load(&self, ctx: &Context<M>) -> Word {
        // SAFETY: by the caller's word.
        unsafe { M::load(ctx, &self.0) }
    }

    /// Reads; `None` when empty.
    #[inline(always)]
    pub fn get<'a>(&'a self, _ctx: &'a Context<M>) -> Option<Val<'a, M>> {
        let word = self.word();
        // SAFETY: the contract of the port: valid until the next poll, which the borrowed context rules out.
        if word == Word::NULL { None } else { Some(unsafe { Val::new(word) }) }
    }

    /// Replaces the value inside the object's section; the old one comes back.
    #[inline(always)]
    pub fn set(&self, section: &Section<'_, M>, owner: &M::Header, value: Obj<M>) -> Option<Obj<M>> {
        // SAFETY: the value is owned here; the slot belongs to the owner.
        let old = unsafe { M::store(section.ctx(), owner, &self.0, value.into_word()) };
        // SAFETY: `store` hands the old word over.
        if old == Word::NULL { None } else { Some(unsafe { Obj::from_word(old) }) }
    }

    /// Empties the slot inside the object's section; the old value comes back.
    pub fn take(&self, _section: &Section<'_, M>) -> Option<Obj<M>> {
        let old = self.word();
        self.0.store(Word::NULL.0);
        // SAFETY: the slot owned the word and has forgotten it.
        if old == Word::NULL { None } else { Some(unsafe { Obj::from_word(old) }) }
    }
}

impl<M: Memory> Drop for Slot<M> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: the slot owns its word and is going.
        drop(unsafe { Obj::<M>::from_word(self.word()) })
    }
}

/// State of a payload that is only touched inside the object's section.
pub struct Locked<T>(UnsafeCell<T>);

impl<T> Locked<T> {
    /// State of an object that is still being made.
    pub fn new(state: T) -> Locked<T> {
        Locked(UnsafeCell::new(state))
    }

    /// Enters the section of `owner` (the object that this state is part of) and works on the state. `f` has no `&mut Thread`: it cannot run Python, block or
    /// poll. What it takes out of the state should be returned and dropped outside.
    #[inline(always)]
    pub fn with<M: Memory, A>(&self, ctx: &Context<M>, owner: &M::Header, f: impl FnOnce(&mut T) -> A) -> A {
        let _section = Section::<M>::enter(ctx, owner);
        // SAFETY: the section excludes other threads, and `f` cannot come back here on this one: it neither runs
        // Python nor drops the last reference to anything that would (finalisers run at polls).
        f(unsafe { &mut *self.0.get() })
    }

    /// As [`Locked::with`], for objects that are mostly private: nothing but the question is asked of one that is.
    #[inline(always)]
    pub fn with_own<M: Memory, A>(&self, ctx: &Context<M>, owner: &M::Header, f: impl FnOnce(&mut T) -> A) -> A {
        if M::is_shared(ctx, owner) {
            return self.with_shared(ctx, owner, f);
        }
        // SAFETY: no other thread knows the object; as to this one, see `with`.
        f(unsafe { &mut *self.0.get() })
    }

    #[cold]
    #[inline(never)]
    fn with_shared<M: Memory, A>(&self, ctx: &Context<M>, owner: &M::Header, f: impl FnOnce(&mut T) -> A) -> A {
        self.with(ctx, owner, f)
    }

    /// The state while no other thread can be inside: the world is stopped, or the object is being dropped.
    ///
    /// # Safety
    /// As said.
    pub unsafe fn peek(&self) -> &T {
        // SAFETY: by the caller's word.
        unsafe { &*self.0.get() }
    }
}

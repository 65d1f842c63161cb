//! Inline caches and specialised instructions: each thread has its own copy, so steady state writes nothing shared.
//!
//! The main thread uses the code object's own instructions, which nobody else touches. Any other has a table, indexed by the
//! number of the code object: a copy is made at first use and dropped with the code object or the thread.

use std::cell::{Cell, UnsafeCell};

use parallax_front::Instr;
use parallax_vm::code::CodeBody;

use crate::{Context, Nogil};

/// A thread's copies. Owner thread only.
pub(crate) struct Copies<I> {
    /// Start of the table, by code number; null where there is no copy yet.
    table: Cell<*const *mut I>,
    len: Cell<usize>,
    /// The memory behind `table`.
    rows: UnsafeCell<Vec<*mut I>>,
    /// The copies by code number, to drop them.
    owned: UnsafeCell<Vec<Option<Box<[UnsafeCell<I>]>>>>,
}

impl<I> Default for Copies<I> {
    fn default() -> Self {
        Copies {
            table: Cell::new(std::ptr::null()),
            len: Cell::new(0),
            rows: UnsafeCell::default(),
            owned: UnsafeCell::default(),
        }
    }
}

impl<I> Copies<I> {
    #[inline(always)]
    fn get(&self, id: usize) -> *mut I {
        // SAFETY: the table has `len` rows.
        if id < self.len.get() { unsafe { *self.table.get().add(id) } } else { std::ptr::null_mut() }
    }

    fn set(&self, id: usize, row: *mut I) {
        // SAFETY: owner thread only, and no reference into the vector is held.
        let rows = unsafe { &mut *self.rows.get() };
        if rows.len() <= id {
            rows.resize((id + 1).next_power_of_two().max(256), std::ptr::null_mut());
        }
        rows[id] = row;
        self.table.set(rows.as_ptr());
        self.len.set(rows.len());
    }

    fn own(&self, id: usize, copy: Box<[UnsafeCell<I>]>) -> *mut I {
        let row = copy.as_ptr().cast_mut().cast();
        // SAFETY: owner thread only, and no reference into the vector is held.
        let owned = unsafe { &mut *self.owned.get() };
        if owned.len() <= id {
            owned.resize_with(id + 1, || None);
        }
        owned[id] = Some(copy);
        row
    }
}

/// This thread's instructions of a code object.
#[inline(always)]
pub(crate) fn instructions(ctx: &Context, code: &CodeBody<Nogil>) -> *mut Instr {
    if ctx.is_main {
        return code.instrs.as_ptr().cast_mut().cast();
    }
    let row = ctx.local.copies.get(code.id as usize);
    if row.is_null() { make(ctx, code) } else { row }
}

#[cold]
#[inline(never)]
fn make(ctx: &Context, code: &CodeBody<Nogil>) -> *mut Instr {
    let (copies, id) = (&ctx.local.copies, code.id as usize);
    let row = copies.own(id, code.code.instrs.iter().map(|&i| UnsafeCell::new(i)).collect());
    copies.set(id, row);
    row
}

/// Drops a thread's copy for a code object that is dead. The world is stopped.
pub(crate) fn forget(ctx: &Context, code: &CodeBody<Nogil>) {
    let (copies, id) = (&ctx.local.copies, code.id as usize);
    if !copies.get(id).is_null() {
        copies.set(id, std::ptr::null_mut());
        // SAFETY: the thread does not run, and no reference into the vector is held.
        let owned = unsafe { &mut *copies.owned.get() };
        if let Some(copy) = owned.get_mut(id) {
            *copy = None;
        }
    }
}

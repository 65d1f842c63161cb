//! Counting: plain additions on private objects, atomic ones on shared objects, none at all on shared objects in
//! registers. What `classic`, the alternative, does alike stands in `counting`.

use parallax_vm::counters::Event;
use parallax_vm::memory::CellWord;
use parallax_vm::object::dealloc;
use parallax_vm::value::Word;

use crate::cell::NogilCell;
use crate::counting::{rise, touch_immortal};
use crate::deferred::is_deferred;
use crate::header::{NOBODY, NogilHeader};
use crate::sync::Ordering;
use crate::{Context, Nogil, retire};

/// Does the thread with this id count the object in `local`? As it owns it: see the header.
#[inline(always)]
pub(crate) fn is_mine(head: &NogilHeader, id: u16) -> bool {
    head.is_counted_by(id)
}

/// A word for a register: private objects are counted, immortal, deferred and shared ones are not.
///
/// # Safety
/// The word is valid.
#[inline(always)]
pub(crate) unsafe fn hold(ctx: &Context, me: u16, word: Word) -> Word {
    if !word.is_ptr() {
        return word;
    }
    // SAFETY: by the caller's word.
    let head = unsafe { NogilHeader::of(word) };
    if head.is_counted_by(me) {
        ctx.count(Event::RetainPrivate);
        head.raise_local();
        return word.as_counted();
    }
    let n = head.local();
    if cfg!(feature = "immortal-counted")
        && (n as i32) < 0
        && !is_deferred(n)
        && (cfg!(feature = "reads-counted") || head.is_owned_by(ctx.local.id))
    {
        ctx.count(Event::RetainImmortal);
        touch_immortal(ctx, head, n, 1);
        return word.as_counted();
    }
    if cfg!(feature = "reads-counted") && n as i32 >= 0 {
        ctx.count(Event::RetainShared);
        rise(head);
        return word.as_counted();
    }
    ctx.count(if n as i32 >= 0 { Event::HoldUncounted } else { Event::RetainImmortal });
    word.as_uncounted()
}

/// Reads a cell into a register.
///
/// # Safety
/// What the cell refers to is valid.
#[inline(always)]
pub(crate) unsafe fn load(ctx: &Context, cell: &NogilCell) -> Word {
    // SAFETY: by the caller's word.
    unsafe { hold(ctx, ctx.local.id, Word(cell.load())) }
}

/// The owner has no reference left.
///
/// # Safety
/// As said.
#[cold]
#[inline(never)]
pub(crate) unsafe fn last(ctx: &Context, word: Word) {
    // SAFETY: by the caller's word: nobody can reach the object any more.
    unsafe { dealloc::<Nogil>(ctx, word.address()) }
}

/// One reference less to a shared object.
///
/// # Safety
/// The caller owned the word.
pub(crate) unsafe fn release_shared(ctx: &Context, word: Word) {
    ctx.count(Event::ReleaseShared);
    // SAFETY: (both) an owned word is valid until its count is given up; a retired object stays until it is queued and
    // its epoch has passed, which this pinned thread holds back.
    unsafe {
        if NogilHeader::of(word).shared.fall() {
            retire::object(ctx, word.address());
        }
    }
}

/// References to an object that is neither immortal nor deferred; exact while no other thread counts.
pub(crate) fn references(head: &NogilHeader) -> u32 {
    if is_shared(head) { head.shared.count() } else { head.local() }
}

// ---- Sharing and owners. Sharing takes the owner away, so nobody has to be asked later: what `classic` does here is
// nothing.

/// In the owner field: the owner does not count the object. Ids of heaps stay below.
pub(crate) const UNCOUNTED: u16 = 1 << 15;

/// The largest id of a heap.
pub(crate) const MAX_ID: u16 = UNCOUNTED - 1;

/// May other threads know the object? Acquire pairs with the release of `share`.
#[inline(always)]
pub(crate) fn is_shared(head: &NogilHeader) -> bool {
    head.owner.load(Ordering::Acquire) == NOBODY
}

/// Makes a private object a shared one: its count moves to the shared word, and it belongs to nobody.
pub(crate) fn share(head: &NogilHeader) {
    let n = head.local();
    if n as i32 >= 0 {
        head.shared.reset(n);
        head.set_local(0);
    }
    // Release: a weak reference may look at an object that was revived.
    head.owner.store(NOBODY, Ordering::Release);
}

/// Nothing is kept for owners.
pub(crate) struct Owners;

/// Nothing is kept for an owner.
pub(crate) type Owner = ();

impl Owners {
    pub(crate) fn new() -> Self {
        Owners
    }

    pub(crate) fn inbox(&self, _id: u16) -> Owner {}
}

#[inline(always)]
pub(crate) fn enter(_owner: &Owner, _ctx: &Context) {}

#[inline(always)]
pub(crate) fn leave(_ctx: &Context) {}

#[inline(always)]
pub(crate) fn serve(_ctx: &Context, _bits: u32) {}

#[inline(always)]
pub(crate) fn serve_all(_ctx: &Context) -> bool {
    false
}

#[inline(always)]
pub(crate) fn after_fork(_ctx: &Context) {}

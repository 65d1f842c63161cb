//! Counting: plain additions on private objects, atomic ones on shared objects, none at all on shared objects in
//! registers. The owner is asked first: whom it names counts plainly. Otherwise the sign of the local count says immortal
//! or deferred.

use parallax_vm::counters::Event;
use parallax_vm::memory::CellWord;
use parallax_vm::object::dealloc;
use parallax_vm::value::Word;

use crate::cell::NogilCell;
use crate::deferred::{self, IMMORTAL, is_deferred};
use crate::header::{NOBODY, NogilHeader};
use crate::shared::Rise;
use crate::sync::Ordering;
use crate::{Context, Nogil, retire};

/// One more reference.
///
/// # Safety
/// The word is valid.
#[inline(always)]
pub(crate) unsafe fn retain(ctx: &Context, word: Word) -> Word {
    if !word.is_ptr() {
        return word;
    }
    // SAFETY: by the caller's word.
    let head = unsafe { NogilHeader::of(word) };
    if head.is_counted_by(ctx.local.id) {
        ctx.count(Event::RetainPrivate);
        head.raise_local();
    } else {
        retain_other(ctx, head);
    }
    word.as_counted()
}

/// Out of line: the interpreter's loop counts in a hundred places.
#[inline(never)]
fn retain_other(ctx: &Context, head: &NogilHeader) {
    let n = head.local();
    if n as i32 >= 0 {
        ctx.count(Event::RetainShared);
        rise(head);
    } else if is_deferred(n) {
        deferred::raise(ctx, head, n);
    } else {
        ctx.count(Event::RetainImmortal);
        touch_immortal(ctx, head, n, 1);
    }
}

#[inline]
fn rise(head: &NogilHeader) {
    if head.shared.rise() == Rise::Full {
        // Relaxed: who misses it goes on counting for a while, far from the end.
        head.local.store(IMMORTAL, Ordering::Relaxed);
    }
}

/// One reference more or less to an immortal object, whose count means nothing: work for nobody, unless the price of that
/// work is asked for.
#[inline(always)]
fn touch_immortal(ctx: &Context, head: &NogilHeader, n: u32, step: i32) {
    if !cfg!(feature = "immortal-counted") {
        return;
    }
    if head.is_owned_by(ctx.local.id) {
        head.set_local(n.wrapping_add_signed(step));
    } else if step > 0 {
        head.shared.raise_plain();
    } else {
        head.shared.lower_plain();
    }
}

/// One more reference, unless the object is dead.
///
/// # Safety
/// The object's memory is not freed.
pub(crate) unsafe fn try_retain(ctx: &Context, word: Word) -> Option<Word> {
    // SAFETY: by the caller's word.
    let head = unsafe { NogilHeader::of(word) };
    let n = head.local();
    let alive = if (n as i32) < 0 {
        if is_deferred(n) {
            deferred::raise(ctx, head, n);
        } else {
            touch_immortal(ctx, head, n, 1);
        }
        true
    } else if head.is_owned_by(ctx.local.id) {
        if n > 0 {
            head.raise_local();
        }
        n > 0
    } else {
        // An object that another thread revived for its finaliser is dead in this word; a shared one counts here.
        head.owner.load(Ordering::Acquire) == NOBODY && head.shared.try_rise()
    };
    alive.then(|| word.as_counted())
}

/// A word for a register: private objects are counted, immortal, deferred and shared ones are not.
///
/// # Safety
/// The word is valid.
#[inline(always)]
pub(crate) unsafe fn hold(ctx: &Context, word: Word) -> Word {
    if !word.is_ptr() {
        return word;
    }
    // SAFETY: by the caller's word.
    let head = unsafe { NogilHeader::of(word) };
    if head.is_counted_by(ctx.local.id) {
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
    unsafe { hold(ctx, Word(cell.load())) }
}

/// One reference less. A private object is freed with the last one, at once; a shared one is retired.
///
/// # Safety
/// The caller owned the word.
#[inline(always)]
pub(crate) unsafe fn release(ctx: &Context, word: Word) {
    if !word.is_counted() {
        return;
    }
    // SAFETY: an owned word is valid.
    let head = unsafe { NogilHeader::of(word) };
    if head.is_counted_by(ctx.local.id) {
        ctx.count(Event::ReleasePrivate);
        if head.lower_local() == 1 {
            // SAFETY: the last reference to a private object is gone.
            unsafe { last(ctx, word) }
        }
    } else {
        // SAFETY: the caller's reference is given up.
        unsafe { release_other(ctx, word) }
    }
}

/// As [`retain_other`].
#[inline(never)]
unsafe fn release_other(ctx: &Context, word: Word) {
    // SAFETY: an owned word is valid.
    let head = unsafe { NogilHeader::of(word) };
    let n = head.local();
    if n as i32 >= 0 {
        // SAFETY: the caller's reference is given up.
        unsafe { release_shared(ctx, word) }
    } else if is_deferred(n) {
        deferred::lower(ctx, head, n);
    } else {
        ctx.count(Event::ReleaseImmortal);
        touch_immortal(ctx, head, n, -1);
    }
}

#[cold]
#[inline(never)]
unsafe fn last(ctx: &Context, word: Word) {
    // SAFETY: by the caller's word: nobody can reach the object any more.
    unsafe { dealloc::<Nogil>(ctx, word.address()) }
}

unsafe fn release_shared(ctx: &Context, word: Word) {
    ctx.count(Event::ReleaseShared);
    // SAFETY: (both) an owned word is valid until its count is given up; a retired object stays until it is queued and
    // its epoch has passed, which this pinned thread holds back.
    unsafe {
        if NogilHeader::of(word).shared.fall() {
            retire::object(ctx, word.address());
        }
    }
}

/// Is this the only reference? Registers do not count shared objects, so only a private one can tell.
///
/// # Safety
/// The word is valid.
#[inline(always)]
pub(crate) unsafe fn unique(ctx: &Context, word: Word) -> bool {
    // SAFETY: by the caller's word.
    let head = unsafe { NogilHeader::of(word) };
    word.is_counted() && head.local() == 1 && head.is_counted_by(ctx.local.id)
}

/// Number of counted references.
///
/// # Safety
/// The word is valid.
pub(crate) unsafe fn count(ctx: &Context, word: Word) -> usize {
    // SAFETY: by the caller's word.
    let head = unsafe { NogilHeader::of(word) };
    let n = head.local();
    if is_deferred(n) {
        return deferred::count(ctx, head, n) as usize;
    }
    if (n as i32) < 0 { n as usize } else { references(head) as usize }
}

/// References to an object that is neither immortal nor deferred; exact while no other thread counts.
pub(crate) fn references(head: &NogilHeader) -> u32 {
    if is_shared(head) { head.shared.count() } else { head.local() }
}

/// No counting from now on.
///
/// # Safety
/// The word is valid; the caller has the object alone, or the world is stopped.
pub(crate) unsafe fn immortalize(word: Word) {
    // SAFETY: by the caller's word.
    unsafe { NogilHeader::of(word) }.set_uncounted(IMMORTAL);
}

/// Freed by the collector only from now on.
///
/// # Safety
/// As [`immortalize`].
pub(crate) unsafe fn defer(ctx: &Context, word: Word) {
    // SAFETY: by the caller's word.
    let head = unsafe { NogilHeader::of(word) };
    if !deferred::defer(ctx, head) {
        head.set_uncounted(IMMORTAL);
    }
}

// ---- Sharing and owners. Sharing takes the owner away, so nobody has to be asked later: what `classic` does here is
// nothing.

/// In the owner field: the owner does not count the object. Ids of heaps stay below.
pub(crate) const UNCOUNTED: u16 = 1 << 15;

/// The largest id of a heap.
pub(crate) const MAX_ID: u16 = UNCOUNTED - 1;

/// May other threads know the object?
#[inline(always)]
pub(crate) fn is_shared(head: &NogilHeader) -> bool {
    head.is_counted_by(NOBODY)
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

//! What both ways of counting, `count` and its alternative `classic`, have in common. The owner is asked first: whom it names
//! counts plainly. Otherwise the sign of the local count says immortal or deferred, and all else is counted atomically.

use parallax_vm::counters::Event;
use parallax_vm::value::Word;

use crate::Context;
use crate::count::{MAX_ID, is_mine, is_shared, last, references, release_shared};
use crate::deferred::{self, IMMORTAL, is_deferred};
use crate::header::NogilHeader;
use crate::shared::Rise;
use crate::sync::Ordering;

/// One more reference. `me` is the id of the thread's heap.
///
/// # Safety
/// The word is valid.
#[inline(always)]
pub(crate) unsafe fn retain(ctx: &Context, me: u16, word: Word) -> Word {
    if !word.is_ptr() {
        return word;
    }
    // SAFETY: by the caller's word.
    let head = unsafe { NogilHeader::of(word) };
    if is_mine(head, me) {
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
pub(crate) fn rise(head: &NogilHeader) {
    if head.shared.rise() == Rise::Full {
        // Relaxed: who misses it goes on counting for a while, far from the end.
        head.local.store(IMMORTAL, Ordering::Relaxed);
    }
}

/// One reference more or less to an immortal object, whose count means nothing: work for nobody, unless the price of that
/// work is asked for.
#[inline(always)]
pub(crate) fn touch_immortal(ctx: &Context, head: &NogilHeader, n: u32, step: i32) {
    if !cfg!(feature = "immortal-counted") {
        return;
    }
    if head.owner.load(Ordering::Relaxed) & MAX_ID == ctx.local.id {
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
    } else if is_mine(head, ctx.local.id) {
        if n > 0 {
            head.raise_local();
        }
        n > 0
    } else {
        // An object that another thread revived for its finaliser is dead in this word; a shared one counts here.
        is_shared(head) && head.shared.try_rise()
    };
    alive.then(|| word.as_counted())
}

/// One reference less. A private object is freed with the last one, at once; what becomes of a shared one: `count`.
///
/// # Safety
/// The caller owned the word.
#[inline(always)]
pub(crate) unsafe fn release(ctx: &Context, me: u16, word: Word) {
    if !word.is_counted() {
        return;
    }
    // SAFETY: an owned word is valid.
    let head = unsafe { NogilHeader::of(word) };
    if is_mine(head, me) {
        ctx.count(Event::ReleasePrivate);
        if head.lower_local() == 1 {
            // SAFETY: this thread counted the last of its references.
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

//! Counting: plain additions. The sign of the count says immortal; one signed comparison finds the common case. A deferred
//! object, which only the collector frees, has a count that stands far above zero (`DEFERRED` higher), so it needs no test.

use parallax_vm::counters::Event;
use parallax_vm::object::dealloc;
use parallax_vm::value::Word;

use crate::header::GilHeader;
use crate::{Context, Gil};

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
    let head = unsafe { GilHeader::of(word) };
    let n = head.count.get();
    if n as i32 >= 0 {
        ctx.count(Event::RetainPrivate);
        head.count.raise(n);
    } else {
        ctx.count(Event::RetainImmortal);
    }
    word.as_counted()
}

/// One more reference, unless the object is being freed.
///
/// # Safety
/// The object's memory is not freed.
pub(crate) unsafe fn try_retain(ctx: &Context, word: Word) -> Option<Word> {
    // SAFETY: by the caller's word: the header can be read, and a count above zero means a live object.
    unsafe { if GilHeader::of(word).count.get() == 0 { None } else { Some(retain(ctx, word)) } }
}

/// A word for a register: immortal objects stay uncounted there.
///
/// # Safety
/// The word is valid.
#[inline(always)]
pub(crate) unsafe fn hold(ctx: &Context, word: Word) -> Word {
    if !word.is_ptr() {
        return word;
    }
    // SAFETY: by the caller's word.
    let head = unsafe { GilHeader::of(word) };
    let n = head.count.get();
    if (n as i32) < 0 {
        ctx.count(Event::RetainImmortal);
        return word.as_uncounted();
    }
    ctx.count(Event::RetainPrivate);
    head.count.raise(n);
    word.as_counted()
}

/// One reference less; the last one frees at once.
///
/// # Safety
/// The caller owned the word.
#[inline(always)]
pub(crate) unsafe fn release(ctx: &Context, word: Word) {
    if !word.is_counted() {
        return;
    }
    // SAFETY: an owned word is valid.
    let head = unsafe { GilHeader::of(word) };
    let n = head.count.get();
    ctx.count(if n as i32 >= 0 { Event::ReleasePrivate } else { Event::ReleaseImmortal });
    if n as i32 > 1 {
        head.count.lower(n);
    } else if n == 1 {
        // SAFETY: the last reference is gone.
        unsafe { last(ctx, word) }
    }
}

#[cold]
#[inline(never)]
unsafe fn last(ctx: &Context, word: Word) {
    // SAFETY: by the caller's word: nobody can reach the object any more.
    unsafe {
        GilHeader::of(word).count.set(0);
        dealloc::<Gil>(ctx, word.address());
    }
}

/// Is this the only reference?
///
/// # Safety
/// The word is valid.
#[inline(always)]
pub(crate) unsafe fn unique(word: Word) -> bool {
    // SAFETY: by the caller's word.
    word.is_counted() && unsafe { GilHeader::of(word) }.count.get() == 1
}

/// Number of references.
///
/// # Safety
/// The word is valid.
pub(crate) unsafe fn count(word: Word) -> usize {
    // SAFETY: by the caller's word.
    let n = unsafe { GilHeader::of(word) }.count.get();
    (if is_deferred(n) { n - DEFERRED } else { n }) as usize
}

/// No counting from now on.
///
/// # Safety
/// The word is valid.
pub(crate) unsafe fn immortalize(word: Word) {
    // SAFETY: by the caller's word.
    unsafe { GilHeader::of(word) }.count.set(IMMORTAL);
}

/// The count of an immortal object, far from both ends of the negative numbers.
const IMMORTAL: u32 = 0xC000_0000;

/// What the count of a deferred object has too much.
const DEFERRED: u32 = 1 << 30;

/// Counts stay below half of `DEFERRED`, whatever a program does: each reference takes eight bytes of memory.
fn is_deferred(n: u32) -> bool {
    n as i32 >= (DEFERRED / 2) as i32
}

/// Only the collector frees the object from now on.
///
/// # Safety
/// The word is valid.
pub(crate) unsafe fn defer(word: Word) {
    // SAFETY: by the caller's word.
    let count = unsafe { &GilHeader::of(word).count };
    let n = count.get();
    if n as i32 >= 0 && !is_deferred(n) {
        count.set(n + DEFERRED);
    }
}

/// Counted like the rest again.
///
/// # Safety
/// The word is valid.
pub(crate) unsafe fn settle(word: Word) {
    // SAFETY: by the caller's word.
    let count = unsafe { &GilHeader::of(word).count };
    let n = count.get();
    if is_deferred(n) {
        count.set(n - DEFERRED);
    }
}

/// Does only the collector free the object?
///
/// # Safety
/// The word is valid.
pub(crate) unsafe fn deferred(word: Word) -> bool {
    // SAFETY: by the caller's word.
    is_deferred(unsafe { GilHeader::of(word) }.count.get())
}

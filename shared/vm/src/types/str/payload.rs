//! The string object: one block of header, struct and characters.
//!
//! | state bits | meaning |
//! |---|---|
//! | 0 | wide: 32-bit code points instead of ASCII bytes |
//! | 1 | external: the characters stand in a buffer of the global allocator instead of behind the struct |
//! | 2 | interned: the one immortal object with this text |
//! | 3.. | capacity in bytes: of the tail, or of the buffer |
//!
//! # Invariants
//! 1. `data` points to `len` initialised units of the kind, inside a capacity that this object owns alone.
//! 2. The kind is canonical: wide if and only if some character is not ASCII.
//! 3. Nothing changes once the object could be known elsewhere; only [`append_in_place`] changes a string, and only one
//!    that its caller holds as the single reference. The cached hash is the exception: every writer writes the same.

use std::alloc::Layout as Block;
use std::cell::Cell;

use super::hash::SipKey;
use super::text::{Text, TextBuf};
use crate::context::Context;
use crate::memory::{CellWord, Memory};
use crate::object::{Layout, Obj, Object, Payload};
use crate::types::{TypeObj, ids};
use crate::value::Word;

/// The payload of `str`.
pub struct Str<M: Memory> {
    hash: M::Cell,
    data: Cell<*mut u8>,
    len: Cell<usize>,
    state: Cell<usize>,
}

const WIDE: usize = 1;
const EXTERNAL: usize = 2;
const INTERNED: usize = 4;
const NO_HASH: u64 = u64::MAX;
/// Below this size an appended string keeps its spare capacity in its own block.
const EXTERNAL_FROM: usize = 512;

// SAFETY: the layout `Str` is this struct's alone; it owns no references.
unsafe impl<M: Memory> Payload<M> for Str<M> {
    const SHAPE: u32 = ids::STR;
    const LAYOUT: Layout = Layout::Str;
    fn visit(&self, _: &mut dyn FnMut(Word)) {}
    #[inline]
    fn tail(&self) -> usize {
        if self.has(EXTERNAL) { 0 } else { self.capacity() }
    }
}

impl<M: Memory> Drop for Str<M> {
    #[inline]
    fn drop(&mut self) {
        if self.has(EXTERNAL) {
            // SAFETY: invariant 1: the buffer was allocated with this layout and nobody else frees it.
            unsafe { std::alloc::dealloc(self.data.get(), block(self.capacity(), self.has(WIDE))) }
        }
    }
}

fn block(bytes: usize, wide: bool) -> Block {
    Block::from_size_align(bytes, if wide { 4 } else { 1 }).expect("the size of an existing or allowed buffer")
}

impl<M: Memory> Str<M> {
    #[inline(always)]
    fn has(&self, bit: usize) -> bool {
        self.state.get() & bit != 0
    }

    #[inline(always)]
    fn capacity(&self) -> usize {
        self.state.get() >> 3
    }

    fn header_only(len: usize, state: usize) -> Str<M> {
        Str {
            hash: M::Cell::new(NO_HASH),
            data: Cell::new(std::ptr::null_mut()),
            len: Cell::new(len),
            state: Cell::new(state),
        }
    }

    /// The characters.
    #[inline(always)]
    pub fn text(&self) -> Text<'_> {
        let (data, len) = (self.data.get(), self.len.get());
        // SAFETY: invariant 1; the borrow keeps the object, and invariant 3 keeps the characters.
        unsafe {
            if self.has(WIDE) {
                Text::Wide(std::slice::from_raw_parts(data.cast(), len))
            } else {
                Text::Ascii(std::slice::from_raw_parts(data, len))
            }
        }
    }

    /// Number of characters.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len.get()
    }

    /// No character?
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len.get() == 0
    }

    /// Is it the interned string of its text?
    #[inline(always)]
    pub fn is_interned(&self) -> bool {
        self.has(INTERNED)
    }

    /// The bytes, if the text is ASCII.
    #[inline(always)]
    pub fn ascii(&self) -> Option<&str> {
        match self.text() {
            // SAFETY: ASCII is UTF-8 (invariant 2).
            Text::Ascii(s) => Some(unsafe { std::str::from_utf8_unchecked(s) }),
            Text::Wide(_) => None,
        }
    }

    /// The hash, computed once.
    #[inline(always)]
    pub fn hash(&self, ctx: &Context<M>) -> i64 {
        let h = self.hash.load();
        if h != NO_HASH { h as i64 } else { self.hash_slow(ctx) }
    }

    #[cold]
    #[inline(never)]
    fn hash_slow(&self, ctx: &Context<M>) -> i64 {
        let h = SipKey::new(ctx.interp.hash_seed).text(self.text());
        self.hash.store(h as u64);
        h
    }
}

/// Writes the characters of a new string, front to back, and never beyond its end.
pub struct Filler<U> {
    at: *mut U,
    left: usize,
}

/// Copies `n` bytes; few of them without a call.
///
/// # Safety
/// As `copy_nonoverlapping`.
#[inline(always)]
unsafe fn copy(from: *const u8, to: *mut u8, n: usize) {
    // SAFETY: by the caller's word; both halves lie inside the `n` bytes.
    unsafe {
        match n {
            1 => to.write(from.read()),
            8..=16 => {
                let (head, tail) =
                    (from.cast::<u64>().read_unaligned(), from.add(n - 8).cast::<u64>().read_unaligned());
                to.cast::<u64>().write_unaligned(head);
                to.add(n - 8).cast::<u64>().write_unaligned(tail);
            }
            4..=7 => {
                let (head, tail) =
                    (from.cast::<u32>().read_unaligned(), from.add(n - 4).cast::<u32>().read_unaligned());
                to.cast::<u32>().write_unaligned(head);
                to.add(n - 4).cast::<u32>().write_unaligned(tail);
            }
            _ => std::ptr::copy_nonoverlapping(from, to, n),
        }
    }
}

impl<U: Copy> Filler<U> {
    /// The next characters. Panics when they do not fit, which is a mistake in the caller's count.
    #[inline]
    pub fn put(&mut self, units: &[U]) {
        assert!(units.len() <= self.left, "more characters than announced");
        // SAFETY: that many fit; a fresh block does not overlap what exists.
        unsafe {
            copy(units.as_ptr().cast(), self.at.cast(), size_of_val(units));
            self.at = self.at.add(units.len());
        }
        self.left -= units.len();
    }

    /// The next character `n` times.
    #[inline]
    pub fn fill(&mut self, unit: U, n: usize) {
        assert!(n <= self.left, "more characters than announced");
        for _ in 0..n {
            // SAFETY: that many fit.
            unsafe {
                self.at.write(unit);
                self.at = self.at.add(1);
            }
        }
        self.left -= n;
    }
}

impl<U: Copy> Filler<U> {
    /// The next characters, each made by `f`.
    #[inline]
    pub fn put_mapped<T: Copy>(&mut self, units: &[T], f: impl Fn(T) -> U) {
        assert!(units.len() <= self.left, "more characters than announced");
        for (i, &unit) in units.iter().enumerate() {
            // SAFETY: that many fit.
            unsafe { self.at.add(i).write(f(unit)) }
        }
        self.at = self.at.wrapping_add(units.len());
        self.left -= units.len();
    }
}

impl Filler<u32> {
    /// The next characters, from text of either kind.
    pub fn put_text(&mut self, text: Text<'_>) {
        match text {
            Text::Wide(s) => self.put(s),
            Text::Ascii(s) => self.put_mapped(s, |c| c as u32),
        }
    }
}

/// An object with an inline tail of `bytes`, of which `len` characters are to be filled.
#[inline]
fn inline_object<M: Memory>(
    ctx: &Context<M>,
    class: Option<&TypeObj<M>>,
    len: usize,
    bytes: usize,
    wide: usize,
) -> (Obj<M>, *mut u8) {
    let payload = Str::<M>::header_only(len, bytes << 3 | wide);
    let fixed = size_of::<Object<M, Str<M>>>();
    let obj = match class {
        None => ctx.alloc_shape(ids::STR, fixed + bytes, payload),
        Some(class) => ctx.alloc_of(class, payload),
    };
    let data = obj.word().address().wrapping_add(fixed);
    // SAFETY: the object was just made with this payload.
    unsafe { obj.cast_unchecked::<Str<M>>() }.body.data.set(data);
    (obj, data)
}

/// A string of `len` ASCII characters that `fill` writes (all of them; what it leaves out is zero).
#[inline]
pub fn ascii_with<M: Memory>(ctx: &Context<M>, len: usize, fill: impl FnOnce(&mut Filler<u8>)) -> Obj<M> {
    let (obj, at) = inline_object(ctx, None, len, len, 0);
    let mut filler = Filler { at, left: len };
    fill(&mut filler);
    let left = filler.left;
    filler.fill(0, left);
    obj
}

/// A string of `len` code points, one of which is not ASCII, that `fill` writes.
pub fn wide_with<M: Memory>(ctx: &Context<M>, len: usize, fill: impl FnOnce(&mut Filler<u32>)) -> Obj<M> {
    let (obj, at) = inline_object(ctx, None, len, len * 4, WIDE);
    let mut filler = Filler { at: at.cast::<u32>(), left: len };
    fill(&mut filler);
    let left = filler.left;
    filler.fill(0xfffd, left);
    obj
}

/// A fresh object with the same text, of a class derived from `str`.
pub fn of_class<M: Memory>(ctx: &Context<M>, class: &TypeObj<M>, text: Text<'_>) -> Obj<M> {
    fresh(ctx, Some(class), text, 0)
}

fn fresh<M: Memory>(ctx: &Context<M>, class: Option<&TypeObj<M>>, text: Text<'_>, flags: usize) -> Obj<M> {
    let len = text.len();
    match text {
        Text::Wide(s) if !text.is_ascii() => {
            let (obj, at) = inline_object(ctx, class, len, len * 4, WIDE | flags);
            Filler { at: at.cast::<u32>(), left: len }.put(s);
            obj
        }
        Text::Wide(s) => {
            let (obj, at) = inline_object(ctx, class, len, len, flags);
            let mut filler = Filler { at, left: len };
            filler.put_mapped(s, |c| c as u8);
            obj
        }
        Text::Ascii(s) => {
            let (obj, at) = inline_object(ctx, class, len, len, flags);
            Filler { at, left: len }.put(s);
            obj
        }
    }
}

/// The object to be interned: immortal and known to every thread.
pub(super) fn immortal<M: Memory>(ctx: &Context<M>, text: Text<'_>, hash: i64) -> Obj<M> {
    let obj = fresh(ctx, None, text, INTERNED);
    // SAFETY: the object was just made with this payload; nobody else knows it.
    unsafe {
        obj.cast_unchecked::<Str<M>>().body.hash.store(hash as u64);
        M::immortalize(ctx, obj.word());
        M::publish(ctx, obj.word());
    }
    obj
}

/// A string of these ASCII bytes.
#[inline]
pub fn from_ascii<M: Memory>(ctx: &Context<M>, s: &[u8]) -> Obj<M> {
    debug_assert!(s.is_ascii());
    match s {
        [] => ctx.interp.interned.empty(ctx),
        [c] => ctx.interp.interned.char(ctx, *c as u32),
        _ => ascii_with(ctx, s.len(), |w| w.put(s)),
    }
}

/// A string of these code points.
pub fn from_wide<M: Memory>(ctx: &Context<M>, s: &[u32]) -> Obj<M> {
    match s {
        [] => ctx.interp.interned.empty(ctx),
        [c] => from_char(ctx, *c),
        _ => fresh(ctx, None, Text::Wide(s), 0),
    }
}

/// A string of text of either kind.
#[inline]
pub fn from_text<M: Memory>(ctx: &Context<M>, text: Text<'_>) -> Obj<M> {
    match text {
        Text::Ascii(s) => from_ascii(ctx, s),
        Text::Wide(s) => from_wide(ctx, s),
    }
}

/// The string of one code point.
#[inline]
pub fn from_char<M: Memory>(ctx: &Context<M>, c: u32) -> Obj<M> {
    if c < 256 { ctx.interp.interned.char(ctx, c) } else { wide_with(ctx, 1, |w| w.fill(c, 1)) }
}

/// The string that was built.
pub fn from_buf<M: Memory>(ctx: &Context<M>, buf: TextBuf) -> Obj<M> {
    match buf {
        TextBuf::Ascii(v) if worth_adopting(v.len(), v.capacity()) => {
            let v = std::mem::ManuallyDrop::new(v);
            external_object(ctx, v.as_ptr().cast_mut(), v.len(), v.capacity(), 0)
        }
        TextBuf::Wide(v) if worth_adopting(v.len(), v.capacity()) => {
            let v = std::mem::ManuallyDrop::new(v);
            external_object(ctx, v.as_ptr().cast_mut().cast(), v.len(), v.capacity() * 4, WIDE)
        }
        buf => from_text(ctx, buf.as_text()),
    }
}

fn worth_adopting(len: usize, capacity: usize) -> bool {
    len > 4096 && capacity - len <= len / 8
}

fn external_object<M: Memory>(ctx: &Context<M>, data: *mut u8, len: usize, bytes: usize, wide: usize) -> Obj<M> {
    let payload = Str::<M>::header_only(len, bytes << 3 | EXTERNAL | wide);
    payload.data.set(data);
    ctx.alloc(payload)
}

/// `a + b` for two strings.
pub fn concat<M: Memory>(ctx: &Context<M>, a: &Obj<M>, b: &Obj<M>) -> Obj<M> {
    let (ta, tb) = (text_of(a), text_of(b));
    if tb.is_empty() && a.shape() == ids::STR {
        return a.clone();
    }
    if ta.is_empty() && b.shape() == ids::STR {
        return b.clone();
    }
    let len = ta.len() + tb.len();
    match (ta, tb) {
        (Text::Ascii(x), Text::Ascii(y)) => ascii_with(ctx, len, |w| {
            w.put(x);
            w.put(y);
        }),
        _ => wide_with(ctx, len, |w| {
            w.put_text(ta);
            w.put_text(tb);
        }),
    }
}

fn text_of<M: Memory>(o: &Obj<M>) -> Text<'_> {
    super::view(o).unwrap_or(Text::EMPTY)
}

/// `a + b` where the caller gives `a` up: appends in place when `a` is the only reference, so that building a string
/// piece by piece takes linear time.
pub fn append_in_place<M: Memory>(ctx: &Context<M>, a: Obj<M>, b: &Obj<M>) -> Obj<M> {
    let Some(s) = a.exact::<Str<M>>() else { return concat(ctx, &a, b) };
    // SAFETY: a borrowed object's word is valid.
    if !a.word().is_counted() || s.body.is_interned() || !unsafe { M::unique(ctx, a.word()) } || a.is(b) {
        return concat(ctx, &a, b);
    }
    let s = &s.body;
    let tail = text_of(b);
    if tail.is_empty() {
        return a;
    }
    if s.is_empty() || (!s.has(WIDE) && matches!(tail, Text::Wide(_))) {
        return concat(ctx, &a, b);
    }
    let unit = if s.has(WIDE) { 4 } else { 1 };
    let len = s.len() + tail.len();
    if len * unit > s.capacity() {
        let bytes = (len + len / 2 + 16) * unit;
        if s.has(EXTERNAL) {
            grow(s, bytes);
        } else {
            return move_out(ctx, s, tail, bytes);
        }
    }
    write_tail(s, tail);
    s.hash.store(NO_HASH);
    a
}

/// Makes an external buffer larger.
fn grow<M: Memory>(s: &Str<M>, bytes: usize) {
    let wide = s.has(WIDE);
    // SAFETY: invariant 1, and the caller holds the only reference.
    let data = unsafe { std::alloc::realloc(s.data.get(), block(s.capacity(), wide), bytes) };
    if data.is_null() {
        std::alloc::handle_alloc_error(block(bytes, wide));
    }
    s.data.set(data);
    s.state.set(bytes << 3 | EXTERNAL | if wide { WIDE } else { 0 });
}

/// A new string with the text of `s`, `tail` and spare capacity.
fn move_out<M: Memory>(ctx: &Context<M>, s: &Str<M>, tail: Text<'_>, bytes: usize) -> Obj<M> {
    let wide = s.state.get() & WIDE;
    let used = s.len() * if wide != 0 { 4 } else { 1 };
    let obj = if bytes < EXTERNAL_FROM {
        inline_object(ctx, None, s.len(), bytes, wide).0
    } else {
        // SAFETY: the size is not zero.
        let data = unsafe { std::alloc::alloc(block(bytes, wide != 0)) };
        if data.is_null() {
            std::alloc::handle_alloc_error(block(bytes, wide != 0));
        }
        external_object(ctx, data, s.len(), bytes, wide)
    };
    // SAFETY: the object was just made with this payload and at least this capacity.
    unsafe {
        let new = &obj.cast_unchecked::<Str<M>>().body;
        std::ptr::copy_nonoverlapping(s.data.get(), new.data.get(), used);
        write_tail(new, tail);
    }
    obj
}

/// Writes behind the characters of a string that the caller holds alone and that has the capacity.
fn write_tail<M: Memory>(s: &Str<M>, tail: Text<'_>) {
    let len = s.len();
    debug_assert!((len + tail.len()) * if s.has(WIDE) { 4 } else { 1 } <= s.capacity());
    // SAFETY: invariant 1 and the caller's word.
    unsafe {
        if s.has(WIDE) {
            Filler { at: s.data.get().cast::<u32>().add(len), left: tail.len() }.put_text(tail);
        } else if let Text::Ascii(t) = tail {
            Filler { at: s.data.get().add(len), left: t.len() }.put(t);
        }
    }
    s.len.set(len + tail.len());
}

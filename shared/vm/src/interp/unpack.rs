//! Unpacking: `a, b = …`, `a, *b = …`.

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::interp::ops::bound;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::{dict, ids, list, tuple};
use crate::value::Word;

fn unpack_error<M: Memory>(t: &mut Thread<M>, want: usize, got: Option<usize>, at_least: bool) -> Raise {
    let bound = if at_least { "at least " } else { "" };
    let message = match got {
        Some(got) if got > want => format!("too many values to unpack (expected {want}, got {got})"),
        Some(got) => format!("not enough values to unpack (expected {bound}{want}, got {got})"),
        None => format!("too many values to unpack (expected {want})"),
    };
    t.raise(Kind::ValueError, message)
}

/// Exactly `n` items of an iterable.
fn exactly<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, n: usize) -> Result<Vec<Obj<M>>, Raise> {
    bound!(t obj);
    if matches!(obj.shape(), ids::TUPLE | ids::LIST) {
        let items = t.collect(obj)?;
        let got = items.len();
        return if got == n { Ok(items) } else { Err(unpack_error(t, n, Some(got), false)) };
    }
    let it = iterator(t, obj)?;
    let mut items = Vec::with_capacity(n);
    while items.len() < n {
        match t.next(&it)? {
            Some(item) => items.push(item),
            None => return Err(unpack_error(t, n, Some(items.len()), false)),
        }
    }
    if t.next(&it)?.is_some() {
        let got = if obj.shape() == ids::DICT { Some(dict::len(t, obj)) } else { None };
        return Err(unpack_error(t, n, got, false));
    }
    Ok(items)
}

fn iterator<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let slots = &t.class_of(obj).body.slots;
    if slots.iter.get().is_none() && slots.getitem.get().is_none() {
        let class = t.class_name(obj);
        return Err(t.raise(Kind::TypeError, format!("cannot unpack non-iterable {class} object")));
    }
    t.iter(obj)
}

/// Exactly `n` items into the registers at `to`. `moved`: the operand is a temporary, possibly one of them.
///
/// # Safety
/// `to` is the first of `n` dead temporaries of the running frame (the operand may be among them).
#[inline(never)]
pub unsafe fn unpack<M: Memory>(
    t: &mut Thread<M>,
    obj: &Obj<M>,
    to: *mut Word,
    n: usize,
    moved: bool,
) -> Result<(), Raise> {
    if obj.shape() == ids::TUPLE {
        let items = tuple::items(obj);
        if items.len() == n {
            // The only register in the way is the operand's own, which is dropped last: it keeps the items.
            let mut own = Word::NULL;
            for (i, item) in items.iter().enumerate() {
                // SAFETY: by the caller's word; the tuple holds the item.
                unsafe {
                    let old = std::mem::replace(&mut *to.add(i), M::hold(t, item.word()));
                    if old.is_counted() {
                        own = old;
                    }
                }
            }
            if moved && own.is_counted() {
                // SAFETY: the operand owned it.
                unsafe { M::release(t, own) }
            }
            return Ok(());
        }
    }
    let items = exactly(t, obj, n)?;
    for (i, item) in items.into_iter().enumerate() {
        // SAFETY: by the caller's word. The operand's own register is dropped when it is overwritten.
        unsafe {
            let old = std::mem::replace(&mut *to.add(i), item.into_word());
            if moved && old.is_counted() {
                M::release(t, old);
            }
        }
    }
    Ok(())
}

/// Exactly two items.
#[inline]
pub fn unpack_two<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<[Word; 2], Raise> {
    if obj.shape() == ids::TUPLE
        && let [x, y] = tuple::items(obj)
    {
        // SAFETY: the tuple is borrowed and holds them.
        return Ok(unsafe { [M::hold(t, x.word()), M::hold(t, y.word())] });
    }
    if obj.shape() == ids::LIST {
        // SAFETY: a list, by its shape; NULL where another thread has just shrunk it.
        let list = unsafe { &obj.cast_unchecked::<list::List<M>>().body };
        if list.len() == 2 {
            let (x, y) = (list.get_word(0), list.get_word(1));
            if x != Word::NULL && y != Word::NULL {
                // SAFETY: just loaded.
                return Ok(unsafe { [M::hold(t, x), M::hold(t, y)] });
            }
        }
    }
    unpack_two_slow(t, obj)
}

#[inline(never)]
fn unpack_two_slow<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<[Word; 2], Raise> {
    let mut items = exactly(t, obj, 2)?.into_iter();
    let mut next = || items.next().map_or(Word::NULL, Obj::into_word);
    Ok([next(), next()])
}

/// `before` items, a list of the rest, `after` items.
#[inline(never)]
pub fn unpack_ex<M: Memory>(
    t: &mut Thread<M>,
    obj: &Obj<M>,
    before: usize,
    after: usize,
) -> Result<Vec<Obj<M>>, Raise> {
    bound!(t obj);
    let it = iterator(t, obj)?;
    let mut all = Vec::new();
    while let Some(item) = t.next(&it)? {
        all.push(item);
    }
    if all.len() < before + after {
        let got = all.len();
        return Err(unpack_error(t, before + after, Some(got), true));
    }
    let tail = all.split_off(all.len() - after);
    let middle = all.split_off(before);
    let middle = list::from_vec(t, middle);
    all.push(middle);
    all.extend(tail);
    Ok(all)
}

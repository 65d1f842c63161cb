//! What the loop calls to make containers and strings out of temporaries, and to add to them.

use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::interp::ops::bound;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::str::to_text;
use crate::types::{dict, ids, list, set, slice, tuple};
use crate::value::Word;

/// The tuple of two words of registers, as a word for a register.
#[inline(never)]
pub fn pair<M: Memory>(ctx: &Context<M>, a: Word, b: Word) -> Word {
    // SAFETY: the words are the caller's; the heap counts what registers did not.
    let own = |word: Word| unsafe {
        Obj::<M>::from_word(if word.is_ptr() && !word.is_counted() { M::retain(ctx, word) } else { word })
    };
    tuple::from_array(ctx, [own(a), own(b)]).into_word()
}

/// Moves `n` temporaries out of their registers, counted.
///
/// # Safety
/// `from` is the first of `n` live temporaries of the running frame.
#[inline(never)]
pub unsafe fn move_out<M: Memory>(t: &Thread<M>, from: *mut Word, n: usize) -> Vec<Obj<M>> {
    // SAFETY: by the caller's word.
    (0..n).map(|i| unsafe { take(t, from.add(i)) }).collect()
}

/// Moves a temporary out.
///
/// # Safety
/// `register` is a live temporary of the running frame.
#[inline(always)]
unsafe fn take<M: Memory>(t: &Thread<M>, register: *mut Word) -> Obj<M> {
    // SAFETY: by the caller's word; the register is left without a pointer.
    unsafe {
        let word = std::mem::replace(&mut *register, Word(0));
        Obj::from_word(if word.is_ptr() && !word.is_counted() { M::retain(t, word) } else { word })
    }
}

/// A slice of two or three temporaries.
///
/// # Safety
/// As [`build_tuple`].
#[inline(never)]
pub unsafe fn build_slice<M: Memory>(t: &mut Thread<M>, from: *mut Word, n: usize) -> Obj<M> {
    // SAFETY: by the caller's word.
    let part = |i: usize| if i < n { unsafe { take(t, from.add(i)) } } else { Obj::NONE };
    let (start, stop, step) = (part(0), part(1), part(2));
    slice::new(t, start, stop, step)
}

/// A tuple of `n` temporaries, which are moved.
///
/// # Safety
/// `from` is the first of `n` live temporaries of the running frame.
#[inline(never)]
pub unsafe fn build_tuple<M: Memory>(t: &Thread<M>, from: *mut Word, n: usize) -> Obj<M> {
    // SAFETY: by the caller's word.
    unsafe {
        if n == 0 {
            return tuple::empty(t);
        }
        count_all(t, from, n);
        let made = tuple::from_raw(t, from.cast(), n);
        forget_all(from, n);
        made
    }
}

/// A list of `n` temporaries, which are moved.
///
/// # Safety
/// As [`build_tuple`].
#[inline(never)]
pub unsafe fn build_list<M: Memory>(t: &mut Thread<M>, from: *mut Word, n: usize) -> Obj<M> {
    // SAFETY: by the caller's word.
    unsafe {
        if n == 0 {
            return t.alloc(List::empty());
        }
        count_all(t, from, n);
        let made = t.alloc(List::from_raw(from.cast(), n));
        forget_all(from, n);
        made
    }
}

/// Makes every register hold a counted word.
unsafe fn count_all<M: Memory>(t: &Thread<M>, from: *mut Word, n: usize) {
    for i in 0..n {
        // SAFETY: by the caller's word.
        unsafe {
            let word = *from.add(i);
            if word.is_ptr() && !word.is_counted() {
                *from.add(i) = M::retain(t, word);
            }
        }
    }
}

unsafe fn forget_all(from: *mut Word, n: usize) {
    for i in 0..n {
        // SAFETY: by the caller's word: the words were moved out.
        unsafe { *from.add(i) = Word(0) }
    }
}

/// A set of `n` temporaries.
///
/// # Safety
/// As [`build_tuple`].
#[inline(never)]
pub unsafe fn build_set<M: Memory>(t: &mut Thread<M>, from: *mut Word, n: usize) -> R<M> {
    // SAFETY: by the caller's word.
    let items = unsafe { move_out(t, from, n) };
    let made = set::new(t);
    for item in items {
        set::add(t, &made, item)?;
    }
    Ok(made)
}

/// A dict of `n` pairs of temporaries.
///
/// # Safety
/// As [`build_tuple`], for `2 n`.
#[inline(never)]
pub unsafe fn build_map<M: Memory>(t: &mut Thread<M>, from: *mut Word, n: usize) -> R<M> {
    let made = dict::with_capacity(t, n);
    for i in 0..n {
        // SAFETY: by the caller's word. Should a key not hash, the unwinder finds the rest in its registers.
        let (key, value) = unsafe { (take(t, from.add(2 * i)), take(t, from.add(2 * i + 1))) };
        dict::set(t, &made, key, value)?;
    }
    Ok(made)
}

/// Joins `n` strings.
///
/// # Safety
/// As [`build_tuple`].
#[inline(never)]
pub unsafe fn build_string<M: Memory>(t: &mut Thread<M>, from: *mut Word, n: usize) -> Obj<M> {
    // SAFETY: by the caller's word; a register is a handle that lives as long as the frame, or until it is taken.
    unsafe {
        let made = crate::types::str::join_all(t, std::slice::from_raw_parts(from.cast::<Obj<M>>(), n));
        (0..n).for_each(|i| drop(Obj::<M>::from_word(std::mem::replace(&mut *from.add(i), Word(0)))));
        made
    }
}

/// `format(value, spec)` after a conversion (1 str, 2 repr, 3 ascii).
#[inline(never)]
pub fn format_value<M: Memory>(t: &mut Thread<M>, value: &Obj<M>, spec: Option<&Obj<M>>, conversion: usize) -> R<M> {
    bound!(t value);
    let value = match conversion {
        1 => t.str_of(value)?,
        2 => t.repr(value)?,
        3 => crate::types::str::ascii(t, value)?,
        _ => value.clone(),
    };
    match spec {
        Some(spec) => crate::format::format_value(t, &value, spec),
        None if value.shape() == ids::STR => Ok(value),
        // Without a specification these are formatted as `str` shows them.
        None if !value.word().is_ptr() => t.str_of(&value),
        None => {
            let empty = t.intern("");
            crate::format::format_value(t, &value, &empty)
        }
    }
}

/// `list.extend(iterable)` for `[*iterable]` and calls.
#[inline(never)]
pub fn list_extend<M: Memory>(t: &mut Thread<M>, target: &Obj<M>, items: &Obj<M>) -> Result<(), Raise> {
    bound!(t items);
    let slots = &t.class_of(items).body.slots;
    if slots.iter.get().is_none() && slots.getitem.get().is_none() {
        let class = t.class_name(items);
        return Err(t.raise(Kind::TypeError, format!("Value after * must be an iterable, not {class}")));
    }
    let target = target.clone();
    t.iterate(items, &mut |t, item| {
        list::append(t, &target, item);
        Ok(())
    })
}

/// `f(*items)`: the tuple of the arguments.
#[inline(never)]
pub fn star_tuple<M: Memory>(t: &mut Thread<M>, items: &Obj<M>, f: &Obj<M>) -> R<M> {
    bound!(t items);
    if items.shape() == ids::TUPLE {
        return Ok(items.clone());
    }
    let slots = &t.class_of(items).body.slots;
    if slots.iter.get().is_none() && slots.getitem.get().is_none() {
        let (name, class) = (callable_name(t, f), t.class_name(items));
        return Err(t.raise(Kind::TypeError, format!("{name} argument after * must be an iterable, not {class}")));
    }
    let all = t.collect(items)?;
    Ok(tuple::from_vec(t, all))
}

/// `tuple(list)`
#[inline(never)]
pub fn list_to_tuple<M: Memory>(t: &mut Thread<M>, list: &Obj<M>) -> Obj<M> {
    let items = list::to_vec(t, list);
    tuple::from_vec(t, items)
}

/// `set.add`
#[inline(never)]
pub fn set_add<M: Memory>(t: &mut Thread<M>, target: &Obj<M>, item: &Obj<M>) -> Result<(), Raise> {
    bound!(t item);
    set::add(t, target, item.clone())
}

/// `set.update`
#[inline(never)]
pub fn set_update<M: Memory>(t: &mut Thread<M>, target: &Obj<M>, items: &Obj<M>) -> Result<(), Raise> {
    bound!(t items);
    let target = target.clone();
    t.iterate(items, &mut |t, item| set::add(t, &target, item))
}

/// `target[key] = value` of a comprehension.
#[inline(never)]
pub fn map_add<M: Memory>(t: &mut Thread<M>, target: &Obj<M>, key: &Obj<M>, value: &Obj<M>) -> Result<(), Raise> {
    bound!(t key, value);
    dict::set(t, target, key.clone(), value.clone())
}

/// `{**mapping}`
#[inline(never)]
pub fn dict_update<M: Memory>(t: &mut Thread<M>, target: &Obj<M>, other: &Obj<M>) -> Result<(), Raise> {
    bound!(t other);
    let keys = t.intern("keys");
    if other.cast::<Dict<M>>().is_none() && t.getattr_opt(other, &keys)?.is_none() {
        let class = t.class_name(other);
        return Err(t.raise(Kind::TypeError, format!("'{class}' object is not a mapping")));
    }
    dict::methods::merge(t, target, other)
}

/// `module.qualname()` of a callable for messages.
#[inline(never)]
pub fn callable_name<M: Memory>(t: &mut Thread<M>, f: &Obj<M>) -> String {
    let get = |t: &mut Thread<M>, name: &str| match t.getattr_opt_str(f, name) {
        Ok(value) => value.map(|v| to_text(&v).into_owned()).filter(|s| !s.is_empty()),
        Err(_) => {
            t.clear_raised();
            None
        }
    };
    let Some(qualname) = get(t, "__qualname__") else {
        return match t.str_of(f) {
            Ok(text) => to_text(&text).into_owned(),
            Err(_) => {
                t.clear_raised();
                "object".into()
            }
        };
    };
    match get(t, "__module__") {
        Some(module) if module != "builtins" => format!("{module}.{qualname}()"),
        _ => format!("{qualname}()"),
    }
}

/// `f(**mapping)`
#[inline(never)]
pub fn dict_merge<M: Memory>(t: &mut Thread<M>, target: &Obj<M>, other: &Obj<M>, f: &Obj<M>) -> Result<(), Raise> {
    bound!(t other);
    let keys = t.intern("keys");
    if other.cast::<Dict<M>>().is_none() && t.getattr_opt(other, &keys)?.is_none() {
        let (name, class) = (callable_name(t, f), t.class_name(other));
        return Err(t.raise(Kind::TypeError, format!("{name} argument after ** must be a mapping, not {class}")));
    }
    let more = dict::new(t);
    dict::methods::merge(t, &more, other)?;
    for (key, value) in dict::items(t, &more) {
        if crate::types::str::view(&key).is_none() {
            return Err(t.raise(Kind::TypeError, "keywords must be strings"));
        }
        if dict::get(t, target, &key)?.is_some() {
            let (name, key) = (callable_name(t, f), to_text(&key).into_owned());
            let message = format!("{name} got multiple values for keyword argument '{key}'");
            return Err(t.raise(Kind::TypeError, message));
        }
        dict::set(t, target, key, value)?;
    }
    Ok(())
}

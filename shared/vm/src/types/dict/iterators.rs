//! Iteration over keys, values and items, forwards and backwards.

use super::{Dict, cast, len, next_entry, places, previous_entry};
use crate::args::Args;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::{CellWord, Memory};
use crate::object::{Layout, Lent, Obj, Object, Payload, R, Raise, Slot};
use crate::types::ids::{self, Builtin};
use crate::types::iterators::{DONE, Next, builder};
use crate::types::sequence::builtin_function;
use crate::types::{flags, int, list, tuple};
use crate::value::Word;

/// An iterator; its shape says which kind. Cells only, so that threads may share it.
pub struct DictIter<M: Memory> {
    dict: Lent<M>,
    /// Place of the next entry; backwards: one more than it.
    place: M::Cell,
    /// Entries that the dict must still have.
    used: M::Cell,
    /// Entries still to come.
    left: M::Cell,
    /// The item that was given last.
    last: Slot<M>,
}

// SAFETY: told apart by its shapes, which are this struct's alone; the one reference is visited.
unsafe impl<M: Memory> Payload<M> for DictIter<M> {
    const SHAPE: u32 = ids::DICT_KEY_ITER;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.dict.word());
        f(self.last.word());
    }
}

/// What an iterator gives.
#[derive(Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Part {
    Keys,
    Values,
    Items,
}

const fn shape(part: Part, backwards: bool) -> u32 {
    match (part, backwards) {
        (Part::Keys, false) => ids::DICT_KEY_ITER,
        (Part::Values, false) => ids::DICT_VALUE_ITER,
        (Part::Items, false) => ids::DICT_ITEM_ITER,
        (Part::Keys, true) => ids::DICT_REVERSE_KEY_ITER,
        (Part::Values, true) => ids::DICT_REVERSE_VALUE_ITER,
        (Part::Items, true) => ids::DICT_REVERSE_ITEM_ITER,
    }
}

fn kind<M: Memory>(it: &Obj<M>) -> Option<(Part, bool)> {
    Some(match it.shape() {
        ids::DICT_KEY_ITER => (Part::Keys, false),
        ids::DICT_VALUE_ITER => (Part::Values, false),
        ids::DICT_ITEM_ITER => (Part::Items, false),
        ids::DICT_REVERSE_KEY_ITER => (Part::Keys, true),
        ids::DICT_REVERSE_VALUE_ITER => (Part::Values, true),
        ids::DICT_REVERSE_ITEM_ITER => (Part::Items, true),
        _ => return None,
    })
}

/// An iterator over a dict.
pub fn new<M: Memory>(ctx: &Context<M>, dict: &Obj<M>, part: Part, backwards: bool) -> Obj<M> {
    let used = len(ctx, dict) as u64;
    let place = if backwards { cast(dict).map_or(0, places) } else { 0 } as u64;
    let cell = M::Cell::new;
    let it = DictIter::<M> {
        dict: Lent::empty(),
        place: cell(place),
        used: cell(used),
        left: cell(used),
        last: Slot::empty(),
    };
    let it = ctx.alloc_shape(shape(part, backwards), size_of::<Object<M, DictIter<M>>>(), it);
    // SAFETY: just made with this payload.
    unsafe { it.cast_unchecked::<DictIter<M>>().body.dict.fill(ctx, dict) };
    it
}

fn this<'a, M: Memory>(t: &mut Thread<M>, it: &'a Obj<M>) -> Result<(&'a DictIter<M>, Part, bool), Raise> {
    match kind(it) {
        // SAFETY: these shapes stand for this payload.
        Some((part, backwards)) => Ok((&unsafe { it.cast_unchecked::<DictIter<M>>() }.body, part, backwards)),
        None => {
            let class = t.class_name(it);
            Err(t.raise(Kind::TypeError, format!("descriptor doesn't apply to a '{class}' object")))
        }
    }
}

fn next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let Some(head) = it.head() else { return Ok(None) };
    let (it, part, backwards) = this(t, it)?;
    let place = it.place.load();
    if place == DONE {
        return Ok(None);
    }
    let Some(d) = it.dict.cast::<Dict<M>>() else { return Ok(None) };
    if d.body.len() as u64 != it.used.load() {
        it.used.store(u64::MAX);
        return Err(t.raise(Kind::RuntimeError, "dictionary changed size during iteration"));
    }
    let left = it.left.load();
    let found = if backwards { previous_entry(t, d, place as usize) } else { next_entry(t, d, place as usize) };
    let Some((at, key, value)) = found else {
        it.place.store(DONE);
        it.left.store(0);
        return Ok(None);
    };
    if left == 0 {
        it.place.store(DONE);
        return Err(t.raise(Kind::RuntimeError, "dictionary keys changed during iteration"));
    }
    it.place.store(if backwards { at as u64 } else { at as u64 + 1 });
    it.left.store(left - 1);
    Ok(Some(match part {
        Part::Keys => key.own(),
        Part::Values => value.own(),
        Part::Items => tuple::pair_again(t, &it.last, head, key.own(), value.own()),
    }))
}

fn hint<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (it, ..) = this(t, &args[0])?;
    let unchanged = len(t, &it.dict) as u64 == it.used.load();
    Ok(int::from_usize(t, if unchanged { it.left.load() as usize } else { 0 }))
}

fn reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (it, part, backwards) = this(t, &args[0])?;
    let rest = new(t, &it.dict, part, backwards);
    let (copy, ..) = this(t, &rest)?;
    copy.place.store(it.place.load());
    copy.used.store(it.used.load());
    copy.left.store(it.left.load());
    let items = t.collect(&rest)?;
    let items = list::from_vec(t, items);
    let items = tuple::from_array(t, [items]);
    let function = builtin_function(t, "iter")?;
    Ok(tuple::from_array(t, [function, items]))
}

/// Makes the types.
pub(super) fn define<M: Memory>(t: &mut Thread<M>) {
    for (id, name) in [
        (Builtin::DictKeyIterator, "dict_keyiterator"),
        (Builtin::DictValueIterator, "dict_valueiterator"),
        (Builtin::DictItemIterator, "dict_itemiterator"),
        (Builtin::DictReverseKeyIterator, "dict_reversekeyiterator"),
        (Builtin::DictReverseValueIterator, "dict_reversevalueiterator"),
        (Builtin::DictReverseItemIterator, "dict_reverseitemiterator"),
    ] {
        builder::<M, DictIter<M>>(t, id, name, next)
            .flag(flags::NO_NEW)
            .method("__length_hint__(self, /)", hint)
            .method("__reduce__(self, /)", reduce)
            .finish();
    }
}

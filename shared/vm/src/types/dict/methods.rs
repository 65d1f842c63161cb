//! The type `dict`: methods and operators.

use super::iterators::{self, Part};
use super::{
    Dict, DictObj, cast, clear, contains, copy, empty_of, entries, get, get_hashed, hash_in, key_error, new, pop_last,
    remove, set_default, store_hashed, store_item, update, views,
};
use crate::args::{Args, Call, NativeFn};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::native::Native;
use crate::types::sequence::{self, this};
use crate::types::slots::{BinOp, CmpOp};
use crate::types::{TypeObj, alias, flags, int, set, tuple};
use crate::value::Word;

fn dict<'a, M: Memory>(t: &mut Thread<M>, obj: &'a Obj<M>) -> Result<&'a DictObj<M>, Raise> {
    this::<M, Dict<M>>(t, obj)
}

// ---- Making and filling.

fn new_slot<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, _: Call<'_, M>) -> R<M> {
    Ok(empty_of(t, class))
}

fn init<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, call: Call<'_, M>) -> Result<(), Raise> {
    update_with(t, obj, "dict", call.positional(), call.names, call.keyword_values())
}

/// `update(other, **keywords)` of a dict.
pub fn update_with<M: Memory>(
    t: &mut Thread<M>,
    obj: &Obj<M>,
    name: &str,
    positional: &[Obj<M>],
    names: &[Obj<M>],
    keywords: &[Obj<M>],
) -> Result<(), Raise> {
    let d = dict(t, obj)?;
    match positional {
        [] => {}
        [other] => merge(t, obj, other)?,
        _ => {
            let message = format!("{name} expected at most 1 argument, got {}", positional.len());
            return Err(t.raise(Kind::TypeError, message));
        }
    }
    for (key, value) in names.iter().zip(keywords) {
        drop(store_item(t, d, key, value.clone())?);
    }
    Ok(())
}

/// Is it a dict whose iteration nobody has replaced, so that its entries may be read directly?
fn is_plain<M: Memory>(t: &Thread<M>, obj: &Obj<M>) -> bool {
    obj.shape() == ids::DICT
        || cast(obj).is_some() && t.class_of(obj).body.slots.iter.same(&t.builtin(Builtin::Dict).body.slots.iter)
}

/// Sets everything that a mapping or an iterable of pairs names.
pub fn merge<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, other: &Obj<M>) -> Result<(), Raise> {
    if is_plain(t, other) {
        return update(t, obj, other);
    }
    let d = dict(t, obj)?;
    let name = t.intern("keys");
    if let Some(keys) = t.getattr_opt(other, &name)? {
        let keys = t.call(&keys, &[])?;
        return t.iterate(&keys, &mut |t, key| {
            let value = t.getitem(other, &key)?;
            store_item(t, d, &key, value).map(drop)
        });
    }
    let it = t.iter(other)?;
    let mut i = 0;
    while let Some(element) = t.next(&it)? {
        let pair = pair_of(t, &element, i)?;
        drop(store_item(t, d, &pair[0], pair[1].clone())?);
        i += 1;
    }
    Ok(())
}

fn pair_of<M: Memory>(t: &mut Thread<M>, element: &Obj<M>, i: usize) -> Result<Vec<Obj<M>>, Raise> {
    let slots = &t.class_of(element).body.slots;
    if slots.iter.get().is_none() && slots.getitem.get().is_none() {
        let message = format!("cannot convert dictionary update sequence element #{i} to a sequence");
        return Err(t.raise(Kind::TypeError, message));
    }
    let pair = t.collect(element)?;
    if pair.len() != 2 {
        let message = format!("dictionary update sequence element #{i} has length {}; 2 is required", pair.len());
        return Err(t.raise(Kind::ValueError, message));
    }
    Ok(pair)
}

// ---- Items.

fn getitem<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &Obj<M>) -> R<M> {
    if let Some(value) = get(t, obj, key)? {
        return Ok(value);
    }
    if obj.shape() != ids::DICT
        && let Some(missing) = t.lookup_special(obj, "__missing__")?
    {
        return t.call(&missing, std::slice::from_ref(key));
    }
    Err(key_error(t, key))
}

fn setitem<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let d = dict(t, obj)?;
    match value {
        Some(value) => store_item(t, d, key, value.clone()).map(drop),
        None => match remove(t, obj, key)? {
            Some(old) => {
                drop(old);
                Ok(())
            }
            None => Err(key_error(t, key)),
        },
    }
}

fn len<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<usize, Raise> {
    Ok(dict(t, obj)?.body.len())
}

fn bool<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<bool, Raise> {
    Ok(!dict(t, obj)?.body.is_empty())
}

fn iter<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    dict(t, obj)?;
    Ok(iterators::new(t, obj, Part::Keys, false))
}

fn contains_slot<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &Obj<M>) -> Result<bool, Raise> {
    let d = dict(t, obj)?;
    contains(t, d, key)
}

// ---- Operators.

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let d = dict(t, obj)?;
    sequence::repr_guarded(t, obj, "{...}", |t| {
        let mut text = String::from("{");
        for (i, (_, key, value)) in entries(t, d).iter().enumerate() {
            if i > 0 {
                text.push_str(", ");
            }
            sequence::push_repr(t, &mut text, key)?;
            text.push_str(": ");
            sequence::push_repr(t, &mut text, value)?;
        }
        text.push('}');
        Ok(text)
    })
}

fn compare<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    let (Some(x), Some(y)) = (cast(a), cast(b)) else { return Ok(Obj::not_implemented()) };
    match op {
        CmpOp::Eq => equal(t, x, y).map(Obj::bool),
        CmpOp::Ne => equal(t, x, y).map(|e| Obj::bool(!e)),
        _ => Ok(Obj::not_implemented()),
    }
}

fn equal<M: Memory>(t: &mut Thread<M>, x: &DictObj<M>, y: &DictObj<M>) -> Result<bool, Raise> {
    if x.body.len() != y.body.len() {
        return Ok(false);
    }
    t.check_native_stack()?;
    for (hash, key, value) in entries(t, x) {
        let Some(other) = get_hashed(t, y, &key, hash)? else { return Ok(false) };
        if !t.eq(&value, &other)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn or<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    if cast(a).is_none() || cast(b).is_none() {
        return Ok(Obj::not_implemented());
    }
    let result = copy(t, a);
    merge(t, &result, b)?;
    Ok(result)
}

fn inplace_or<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    merge(t, a, b)?;
    Ok(a.clone())
}

// ---- Methods.

fn get_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let d = dict(t, &args[0])?;
    if let Some(known) = d.body.get_known(t, &args[1]) {
        return Ok(known.map_or_else(|| default(args), |v| v.own()));
    }
    let hash = hash_in(t, &args[1], "dict key")?;
    Ok(get_hashed(t, d, &args[1], hash)?.unwrap_or_else(|| default(args)))
}

/// `get` where the key's hash and equality need no Python.
fn get_read<M: Memory>(ctx: &Context<M>, args: &[Obj<M>]) -> Option<Word> {
    let (dict, key) = (args.first()?, args.get(1)?);
    let known = dict.exact::<Dict<M>>()?.body.get_known(ctx, key)?;
    match (known, args) {
        (Some(value), [_, _] | [_, _, _]) => Some(value.word()),
        (None, [_, _]) => Some(Word::NONE),
        (None, [_, _, default]) => Some(default.word()),
        _ => None,
    }
}

/// Which view of a dict a method descriptor makes, if it is one of the three that do.
pub fn view_part<M: Memory>(method: &Obj<M>) -> Option<Part> {
    // SAFETY: the caller has seen the shape.
    let f = unsafe { &method.cast_unchecked::<Native<M>>().body }.f;
    let is = |other: NativeFn<M>| std::ptr::fn_addr_eq(f, other);
    match () {
        () if is(items) => Some(Part::Items),
        () if is(values) => Some(Part::Values),
        () if is(keys) => Some(Part::Keys),
        () => None,
    }
}

/// The third argument or `None`.
#[inline(always)]
fn default<M: Memory>(args: Args<'_, M>) -> Obj<M> {
    args.get(2).cloned().unwrap_or(Obj::NONE)
}

fn setdefault<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let d = dict(t, &args[0])?;
    set_default(t, d, &args[1], default(args))
}

fn pop<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    dict(t, &args[0])?;
    match (remove(t, &args[0], &args[1])?, args.get(2)) {
        (Some(value), _) => Ok(value),
        (None, Some(default)) => Ok(default.clone()),
        (None, None) => Err(key_error(t, &args[1])),
    }
}

fn popitem<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let d = dict(t, &args[0])?;
    match pop_last(t, d) {
        Some((key, value)) => Ok(tuple::from_array(t, [key, value])),
        None => Err(t.raise(Kind::KeyError, "popitem(): dictionary is empty")),
    }
}

fn keys<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    dict(t, &args[0])?;
    Ok(views::new(t, &args[0], Part::Keys))
}

fn values<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    dict(t, &args[0])?;
    Ok(views::new(t, &args[0], Part::Values))
}

fn items<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    dict(t, &args[0])?;
    Ok(views::new(t, &args[0], Part::Items))
}

fn update_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    update_with(t, &args[0], "update", args.rest, args.names, args.values)?;
    Ok(Obj::NONE)
}

fn clear_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    dict(t, &args[0])?;
    clear(t, &args[0]);
    Ok(Obj::NONE)
}

fn copy_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    dict(t, &args[0])?;
    Ok(copy(t, &args[0]))
}

fn reversed<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    dict(t, &args[0])?;
    Ok(iterators::new(t, &args[0], Part::Keys, true))
}

fn sizeof<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let d = dict(t, &args[0])?;
    Ok(int::from_usize(t, size_of::<DictObj<M>>() + d.body.store_bytes()))
}

fn fromkeys<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let value = default(args);
    if t.builtin(Builtin::Dict).is(&args[0]) {
        let result = new(t);
        let d = dict(t, &result)?;
        if let Some(s) = set::cast(&args[1]) {
            for (hash, key) in set::hashed_keys(t, s) {
                drop(store_hashed(t, d, &key, hash, value.clone())?);
            }
            return Ok(result);
        }
        t.iterate(&args[1], &mut |t, key| store_item(t, d, &key, value.clone()).map(drop))?;
        return Ok(result);
    }
    let result = t.call(&args[0], &[])?;
    t.iterate(&args[1], &mut |t, key| t.setitem(&result, &key, Some(&value)))?;
    Ok(result)
}

/// Makes the types: dict, its views and its iterators.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Dict<M>>(t, Builtin::Dict, "dict")
        .flag(flags::MAPPING | flags::SELF_MATCH)
        .doc("dict() -> new empty dictionary\ndict(mapping) -> new dictionary initialized from a mapping object's\n    (key, value) pairs\ndict(iterable) -> new dictionary initialized as if via:\n    d = {}\n    for k, v in iterable:\n        d[k] = v\ndict(**kwargs) -> new dictionary initialized with the name=value pairs\n    in the keyword argument list.  For example:  dict(one=1, two=2)")
        .attr("__hash__", Obj::NONE)
        .slots(|s| {
            s.new.set(Some(new_slot));
            s.init.set(Some(init));
            s.repr.set(Some(repr));
            s.compare.set(Some(compare));
            s.len.set(Some(len));
            s.bool.set(Some(bool));
            s.iter.set(Some(iter));
            s.getitem.set(Some(getitem));
            s.setitem.set(Some(setitem));
            s.contains.set(Some(contains_slot));
            s.bin[BinOp::Or as usize].set(Some(or));
            s.inplace[BinOp::Or as usize].set(Some(inplace_or));
        })
        .reader("get(self, key, default=None, /)", get_method, get_read)
        .method("setdefault(self, key, default=None, /)", setdefault)
        .method("pop(self, key, default=None, /)", pop)
        .method("popitem(self, /)", popitem)
        .method("keys(self, /)", keys)
        .method("values(self, /)", values)
        .method("items(self, /)", items)
        .method("update(self, /, *args, **kwargs)", update_method)
        .method("clear(self, /)", clear_method)
        .method("copy(self, /)", copy_method)
        .method("__reversed__(self, /)", reversed)
        .method("__sizeof__(self, /)", sizeof)
        .classmethod("fromkeys(cls, iterable, value=None, /)", fromkeys)
        .classmethod("__class_getitem__(cls, item, /)", alias::class_getitem)
        .finish();
    iterators::define(t);
    views::define(t);
}

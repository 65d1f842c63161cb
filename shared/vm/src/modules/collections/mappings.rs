//! `defaultdict` and `OrderedDict`: dicts with a factory, and with an order that can be changed and compared.

use crate::args::{Args, Call};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::{Memory, Section};
use crate::object::{Obj, R, Raise};
use crate::types::build::Builder;
use crate::types::dict::iterators::Part;
use crate::types::dict::methods::{merge, update_with};
use crate::types::dict::{self, Dict, DictObj, key_error};
use crate::types::ids::{self, Builtin};
use crate::types::sequence::{self, this};
use crate::types::slots::{BinOp, CmpOp};
use crate::types::str::to_text;
use crate::types::{TypeObj, tuple};

fn this_dict<'a, M: Memory>(t: &mut Thread<M>, obj: &'a Obj<M>) -> Result<&'a DictObj<M>, Raise> {
    this::<M, Dict<M>>(t, obj)
}

fn new<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, _: Call<'_, M>) -> R<M> {
    Ok(dict::empty_of(t, class))
}

// ---- defaultdict.

fn factory<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let d = this_dict(t, obj)?;
    Ok(d.body.factory.get(t).map_or(Obj::NONE, |f| f.own()))
}

fn set_factory<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let d = this_dict(t, obj)?;
    let old = {
        let s = Section::<M>::enter(t, &d.head);
        d.body.factory.set(&s, &d.head, value.cloned().unwrap_or(Obj::NONE))
    };
    drop(old);
    Ok(())
}

fn init_default<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, call: Call<'_, M>) -> Result<(), Raise> {
    let (first, rest) = match call.positional() {
        [] => (None, call.positional()),
        [first, rest @ ..] => (Some(first).filter(|f| !f.is_none()), rest),
    };
    if let Some(f) = first
        && t.class_of(f).body.slots.call.get().is_none()
    {
        return Err(t.raise(Kind::TypeError, "first argument must be callable or None"));
    }
    set_factory(t, obj, first)?;
    update_with(t, obj, "dict", rest, call.names, call.keyword_values())
}

fn make_missing<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &Obj<M>) -> R<M> {
    let f = factory(t, obj)?;
    if f.is_none() {
        return Err(key_error(t, key));
    }
    let value = t.call(&f, &[])?;
    t.setitem(obj, key, Some(&value))?;
    Ok(value)
}

fn missing<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    make_missing(t, &args[0], &args[1])
}

fn getitem_default<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &Obj<M>) -> R<M> {
    if let Some(value) = dict::get(t, obj, key)? {
        return Ok(value);
    }
    if obj.shape() == ids::DEFAULT_DICT {
        return make_missing(t, obj, key);
    }
    match t.lookup_special(obj, "__missing__")? {
        Some(f) => t.call(&f, std::slice::from_ref(key)),
        None => Err(key_error(t, key)),
    }
}

fn repr_default<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let f = factory(t, obj)?;
    let class = short_name(t, obj);
    let plain = dict::copy(t, obj);
    // The factory may show the dict itself (a bound method of a derived class).
    let f = sequence::repr_guarded(t, obj, "...", |t| {
        let shown = t.repr(&f)?;
        Ok(to_text(&shown).into_owned())
    })?;
    let text = sequence::repr_guarded(t, obj, "{...}", |t| {
        let shown = t.repr(&plain)?;
        Ok(to_text(&shown).into_owned())
    })?;
    Ok(t.string(format!("{class}({}, {})", to_text(&f), to_text(&text))))
}

fn short_name<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> String {
    let class = t.class_name(obj);
    class.rsplit('.').next().unwrap_or(&class).to_string()
}

/// `type(obj)(factory, obj)`
fn copy_default<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let class = t.class_of(obj).to_obj();
    let f = factory(t, obj)?;
    t.call(&class, &[f, obj.clone()])
}

fn copy_default_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    copy_default(t, &args[0])
}

fn reduce_default<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let class = t.class_of(&args[0]).to_obj();
    let f = factory(t, &args[0])?;
    let parts = if f.is_none() { tuple::empty(t) } else { tuple::from_array(t, [f]) };
    let items = t.call_method(&args[0], "items", &[])?;
    let items = t.iter(&items)?;
    Ok(tuple::from_array(t, [class, parts, Obj::NONE, Obj::NONE, items]))
}

fn or_default<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let (own, other) = if is_default(t, a) { (a, b) } else { (b, a) };
    if dict::cast(a).is_none() || dict::cast(b).is_none() || !is_default(t, own) {
        return Ok(Obj::not_implemented());
    }
    let result = if own.is(a) {
        copy_default(t, own)?
    } else {
        let (class, f) = (t.class_of(own).to_obj(), factory(t, own)?);
        t.call(&class, &[f, other.clone()])?
    };
    merge(t, &result, b)?;
    Ok(result)
}

fn is_default<M: Memory>(t: &Thread<M>, obj: &Obj<M>) -> bool {
    t.is_instance(obj, t.builtin(Builtin::DefaultDict))
}

// ---- OrderedDict.

fn init_ordered<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, call: Call<'_, M>) -> Result<(), Raise> {
    update_with(t, obj, "OrderedDict", call.positional(), call.names, call.keyword_values())
}

fn repr_ordered<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let class = short_name(t, obj);
    if dict::len(t, obj) == 0 {
        return Ok(t.string(format!("{class}()")));
    }
    sequence::repr_guarded(t, obj, "...", |t| {
        let plain = dict::copy(t, obj);
        let shown = t.repr(&plain)?;
        Ok(format!("{class}({})", to_text(&shown)))
    })
}

fn is_ordered<M: Memory>(t: &Thread<M>, obj: &Obj<M>) -> bool {
    t.is_instance(obj, t.builtin(Builtin::OrderedDict))
}

fn compare_ordered<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    let plain = t.builtin(Builtin::Dict).body.slots.compare.get();
    let Some(plain) = plain else { return Ok(Obj::not_implemented()) };
    if !matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(Obj::not_implemented());
    }
    let answer = plain(t, a, b, op)?;
    let equal = answer.word() == Obj::<M>::bool(op == CmpOp::Eq).word();
    if !equal || !is_ordered(t, a) || !is_ordered(t, b) {
        return Ok(answer);
    }
    let (x, y) = (dict::keys(t, a), dict::keys(t, b));
    for (x, y) in x.iter().zip(&y) {
        if !t.eq(x, y)? {
            return Ok(Obj::bool(op == CmpOp::Ne));
        }
    }
    Ok(answer)
}

/// Moves an entry to one end.
fn move_to_end<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (obj, key) = (&args[0], &args[1]);
    let last = match args.get(2) {
        Some(flag) => t.truth(flag)?,
        None => true,
    };
    let d = this_dict(t, obj)?;
    let hash = dict::hash_key(t, key)?;
    let Some((key, value)) = dict::remove_pair(t, d, key, hash)? else { return Err(key_error(t, key)) };
    if last {
        drop(dict::store_hashed(t, d, &key, hash, value)?);
        return Ok(Obj::NONE);
    }
    let rest = dict::entries(t, d);
    dict::clear(t, obj);
    drop(dict::store_hashed(t, d, &key, hash, value)?);
    for (hash, key, value) in rest {
        drop(dict::store_hashed(t, d, &key, hash, value)?);
    }
    Ok(Obj::NONE)
}

fn popitem_ordered<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let last = match args.get(1) {
        Some(flag) => t.truth(flag)?,
        None => true,
    };
    let d = this_dict(t, &args[0])?;
    let pair = if last { dict::pop_last(t, d) } else { dict::pop_first(t, d) };
    match pair {
        Some((key, value)) => Ok(tuple::from_array(t, [key, value])),
        None => Err(t.raise(Kind::KeyError, "dictionary is empty")),
    }
}

fn copy_ordered<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let class = t.class_of(&args[0]).to_obj();
    if args[0].shape() != ids::ORDERED_DICT {
        return t.call(&class, std::slice::from_ref(&args[0]));
    }
    let result = dict::empty_of(t, crate::types::class::as_class(&class));
    dict::update(t, &result, &args[0])?;
    Ok(result)
}

fn reversed_ordered<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    this_dict(t, &args[0])?;
    Ok(dict::iterators::new(t, &args[0], Part::Keys, true))
}

fn reduce_ordered<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let class = t.class_of(&args[0]).to_obj();
    let state = t.call_method(&args[0], "__getstate__", &[])?;
    let items = t.call_method(&args[0], "items", &[])?;
    let items = t.iter(&items)?;
    let nothing = tuple::empty(t);
    Ok(tuple::from_array(t, [class, nothing, state, Obj::NONE, items]))
}

fn or_ordered<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    if dict::cast(a).is_none() || dict::cast(b).is_none() {
        return Ok(Obj::not_implemented());
    }
    let model = if is_ordered(t, a) { a } else { b };
    let class = t.class_of(model).to_obj();
    let result = t.call(&class, std::slice::from_ref(a))?;
    merge(t, &result, b)?;
    Ok(result)
}

fn fromkeys_ordered<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let value = args.get(2).cloned().unwrap_or(Obj::NONE);
    let result = t.call(&args[0], &[])?;
    t.iterate(&args[1], &mut |t, key| t.setitem(&result, &key, Some(&value)))?;
    Ok(result)
}

/// Makes the types.
pub(super) fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Dict<M>>(t, Builtin::DefaultDict, "collections.defaultdict")
        .module("collections")
        .base_id(Builtin::Dict)
        .doc("A dict whose missing values are made by a factory.")
        .slots(|s| {
            s.new.set(Some(new));
            s.init.set(Some(init_default));
            s.repr.set(Some(repr_default));
            s.getitem.set(Some(getitem_default));
            s.bin[BinOp::Or as usize].set(Some(or_default));
        })
        .getset("default_factory", factory, Some(set_factory))
        .method("__missing__(self, key, /)", missing)
        .method("copy(self, /)", copy_default_method)
        .method("__copy__(self, /)", copy_default_method)
        .method("__reduce__(self, /)", reduce_default)
        .finish();
    Builder::new::<Dict<M>>(t, Builtin::OrderedDict, "collections.OrderedDict")
        .module("collections")
        .base_id(Builtin::Dict)
        .flag(crate::types::flags::WEAKREFABLE)
        .doc("Dictionary that remembers insertion order")
        .attr("__hash__", Obj::NONE)
        .slots(|s| {
            s.new.set(Some(new));
            s.init.set(Some(init_ordered));
            s.repr.set(Some(repr_ordered));
            s.compare.set(Some(compare_ordered));
            s.bin[BinOp::Or as usize].set(Some(or_ordered));
        })
        .method("move_to_end(self, key, last=True)", move_to_end)
        .method("popitem(self, last=True)", popitem_ordered)
        .method("copy(self, /)", copy_ordered)
        .method("__reversed__(self, /)", reversed_ordered)
        .method("__reduce__(self, /)", reduce_ordered)
        .classmethod("fromkeys(cls, iterable, value=None)", fromkeys_ordered)
        .finish();
}

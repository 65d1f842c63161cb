//! `types.GenericAlias` (`list[int]`) and `typing.Union` (`int | str`).

use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::lookup;
use crate::memory::{CellWord, Memory};
use crate::object::{Held, Layout, Obj, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::iterators::{DONE, Next, builder, payload};
use crate::types::sequence::{self, builtin_function, this_exact};
use crate::types::slots::{BinOp, CmpOp};
use crate::types::str::to_text;
use crate::types::{Type, TypeObj, flags, tuple};
use crate::value::Word;

/// A generic class with arguments; `args` is a tuple.
pub(crate) struct Alias<M: Memory> {
    origin: Held<M>,
    args: Held<M>,
    starred: bool,
}

// SAFETY: the layout `Alias` is this struct's alone; both references are visited.
unsafe impl<M: Memory> Payload<M> for Alias<M> {
    const SHAPE: u32 = ids::GENERIC_ALIAS;
    const LAYOUT: Layout = Layout::Alias;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.origin.word());
        f(self.args.word());
    }
}
payload! {
    /// Any of several types; `args` is a tuple.
    Union UNION { args }
}
payload! {
    /// Gives `*alias` once.
    Unpack GENERIC_ALIAS_ITER { alias } done: M::Cell
}

// ---- Shared parts.

fn attr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: &str) -> Result<Option<Obj<M>>, Raise> {
    if obj.cast::<Type<M>>().is_some() {
        return Ok(None);
    }
    let name = t.intern(name);
    t.getattr_opt(obj, &name)
}

/// Type parameters among the arguments, each once.
fn parameters<M: Memory>(t: &mut Thread<M>, args: &[Obj<M>]) -> Result<Vec<Obj<M>>, Raise> {
    let mut found: Vec<Obj<M>> = Vec::new();
    let add = |p: &Obj<M>, found: &mut Vec<Obj<M>>| {
        if !found.iter().any(|f| f.is(p)) {
            found.push(p.clone());
        }
    };
    for arg in args {
        if attr(t, arg, "__typing_subst__")?.is_some() {
            add(arg, &mut found);
        } else if let Some(inner) = attr(t, arg, "__parameters__")? {
            tuple::items(&inner).iter().for_each(|p| add(p, &mut found));
        } else if tuple::is_tuple(arg) || arg.shape() == ids::LIST {
            let items = t.collect(arg)?;
            parameters(t, &items)?.iter().for_each(|p| add(p, &mut found));
        }
    }
    Ok(found)
}

/// The arguments with the parameters replaced.
fn substitute<M: Memory>(
    t: &mut Thread<M>,
    alias: &Obj<M>,
    args: &[Obj<M>],
    item: &Obj<M>,
) -> Result<Vec<Obj<M>>, Raise> {
    let params = parameters(t, args)?;
    if params.is_empty() {
        let shown = t.repr(alias)?;
        return Err(t.raise(Kind::TypeError, format!("{} is not a generic class", to_text(&shown))));
    }
    let mut items = if tuple::is_tuple(item) { item.clone() } else { tuple::from_array(t, [item.clone()]) };
    for param in &params {
        if let Some(prepare) = attr(t, param, "__typing_prepare_subst__")? {
            items = t.call(&prepare, &[alias.clone(), items])?;
        }
    }
    let values = tuple::items(&items);
    if values.len() != params.len() {
        let shown = t.repr(alias)?;
        let how = if values.len() > params.len() { "many" } else { "few" };
        let message =
            format!("Too {how} arguments for {}; actual {}, expected {}", to_text(&shown), values.len(), params.len());
        return Err(t.raise(Kind::TypeError, message));
    }
    let mut result = Vec::with_capacity(args.len());
    for arg in args {
        replace_one(t, arg, &params, values, &mut result)?;
    }
    Ok(result)
}

fn replace_one<M: Memory>(
    t: &mut Thread<M>,
    arg: &Obj<M>,
    params: &[Obj<M>],
    values: &[Obj<M>],
    result: &mut Vec<Obj<M>>,
) -> Result<(), Raise> {
    if let Some(subst) = attr(t, arg, "__typing_subst__")? {
        let i = params.iter().position(|p| p.is(arg)).unwrap_or(0);
        result.push(t.call(&subst, std::slice::from_ref(&values[i]))?);
        return Ok(());
    }
    let inner = attr(t, arg, "__parameters__")?;
    let inner = inner.as_ref().map_or(&[][..], |p| tuple::items(p));
    if inner.is_empty() {
        result.push(arg.clone());
        return Ok(());
    }
    let mut chosen = Vec::new();
    for param in inner {
        let i = params.iter().position(|p| p.is(param)).unwrap_or(0);
        let spread = attr(t, param, "__typing_is_unpacked_typevartuple__")?.is_some() && tuple::is_tuple(&values[i]);
        if spread { chosen.extend_from_slice(tuple::items(&values[i])) } else { chosen.push(values[i].clone()) }
    }
    let chosen = tuple::from_vec(t, chosen);
    let new = t.getitem(arg, &chosen)?;
    let unpacked = attr(t, arg, "__typing_unpacked_tuple_args__")?;
    match unpacked.filter(|u| tuple::is_tuple(u)) {
        Some(_) => match attr(t, &new, "__typing_unpacked_tuple_args__")? {
            Some(items) if tuple::is_tuple(&items) => result.extend_from_slice(tuple::items(&items)),
            _ => result.push(new),
        },
        None => result.push(new),
    }
    Ok(())
}

/// How a type is shown inside an alias or union.
fn push_type<M: Memory>(t: &mut Thread<M>, text: &mut String, arg: &Obj<M>) -> Result<(), Raise> {
    if arg.word() == Word::ELLIPSIS {
        text.push_str("...");
        return Ok(());
    }
    if t.builtin(Builtin::NoneType).is(arg) {
        text.push_str("None");
        return Ok(());
    }
    if arg.shape() == ids::LIST {
        text.push('[');
        for (i, item) in t.collect(arg)?.iter().enumerate() {
            if i > 0 {
                text.push_str(", ");
            }
            push_type(t, text, item)?;
        }
        text.push(']');
        return Ok(());
    }
    if let Some(class) = arg.cast::<Type<M>>() {
        let name = crate::types::class::full_name(t, class);
        text.push_str(&name);
        return Ok(());
    }
    sequence::push_repr(t, text, arg)
}

// ---- GenericAlias.

/// `origin[args]`; arguments that are no tuple stand for one.
pub fn new<M: Memory>(ctx: &Context<M>, origin: &Obj<M>, args: &Obj<M>) -> Obj<M> {
    make(ctx, origin, args, false)
}

fn make<M: Memory>(ctx: &Context<M>, origin: &Obj<M>, args: &Obj<M>, starred: bool) -> Obj<M> {
    let args = if tuple::is_tuple(args) { args.clone() } else { tuple::from_array(ctx, [args.clone()]) };
    ctx.alloc(Alias { origin: Held::fresh(origin.clone()), args: Held::fresh(args), starred })
}

/// `__class_getitem__` of the generic built-in classes.
pub fn class_getitem<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    Ok(new(t, &args[0], &args[1]))
}

fn construct<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [origin, args] = sequence::bind(t, "GenericAlias", ["origin", "args"], 2, 2, call)?;
    let (origin, args) = (origin.expect("required"), args.expect("required"));
    let args = if tuple::is_tuple(args) { args.clone() } else { tuple::from_array(t, [args.clone()]) };
    let alias = Alias { origin: Held::fresh(origin.clone()), args: Held::fresh(args), starred: false };
    Ok(t.alloc_of(class, alias))
}

fn alias<'a, M: Memory>(t: &mut Thread<M>, obj: &'a Obj<M>) -> Result<&'a Alias<M>, Raise> {
    match obj.cast::<Alias<M>>() {
        Some(alias) => Ok(&alias.body),
        None => Err(t.raise(Kind::TypeError, "expected a types.GenericAlias")),
    }
}

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let a = alias(t, obj)?;
    let mut text = String::from(if a.starred { "*" } else { "" });
    push_type(t, &mut text, &a.origin)?;
    text.push('[');
    let args = tuple::items(&a.args);
    if args.is_empty() {
        text.push_str("()");
    }
    for (i, arg) in args.iter().enumerate() {
        if i > 0 {
            text.push_str(", ");
        }
        push_type(t, &mut text, arg)?;
    }
    text.push(']');
    Ok(t.string(text))
}

fn hash<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<i64, Raise> {
    let a = alias(t, obj)?;
    Ok(t.hash(&a.origin)? ^ t.hash(&a.args)?)
}

fn compare<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    let (Some(x), Some(y)) = (a.cast::<Alias<M>>(), b.cast::<Alias<M>>()) else { return Ok(Obj::not_implemented()) };
    if !matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(Obj::not_implemented());
    }
    let (x, y) = (&x.body, &y.body);
    let equal = x.starred == y.starred && t.eq(&x.origin, &y.origin)? && t.eq(&x.args, &y.args)?;
    Ok(Obj::bool(equal == (op == CmpOp::Eq)))
}

/// Attributes of the alias itself; all others are those of the origin.
const OWN: [&str; 13] = [
    "__class__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
    "__bases__",
    "__copy__",
    "__deepcopy__",
    "__getitem__",
];

fn getattr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: &Obj<M>) -> R<M> {
    let own = OWN.contains(&&*to_text(name));
    if own {
        return lookup::generic_get(t, obj, name);
    }
    let a = alias(t, obj)?;
    t.getattr(&a.origin, name)
}

/// Calls the origin and remembers the alias in the new object, where it can.
fn call<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, call: Call<'_, M>) -> R<M> {
    let a = alias(t, obj)?;
    let made = t.call_with(&a.origin, call)?;
    let name = t.intern("__orig_class__");
    if t.class_of(&made).body.has(crate::types::flags::HEAP) && t.setattr(&made, &name, Some(obj)).is_err() {
        if !t.raised_is(Kind::AttributeError) && !t.raised_is(Kind::TypeError) {
            return Err(Raise(()));
        }
        t.clear_raised();
    }
    Ok(made)
}

fn getitem<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, item: &Obj<M>) -> R<M> {
    let a = alias(t, obj)?;
    let args = substitute(t, obj, tuple::items(&a.args), item)?;
    let args = tuple::from_vec(t, args);
    Ok(make(t, &a.origin, &args, a.starred))
}

fn iter<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    alias(t, obj)?;
    Ok(t.alloc(Unpack { alias: Held::fresh(obj.clone()), done: M::Cell::new(0) }))
}

fn unpack_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let it = &this_exact::<M, Unpack<M>>(t, it)?.body;
    if it.done.load() == DONE {
        return Ok(None);
    }
    it.done.store(DONE);
    let a = alias(t, &it.alias)?;
    Ok(Some(make(t, &a.origin, &a.args, true)))
}

fn mro_entries<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let origin = (*alias(t, &args[0])?.origin).clone();
    Ok(tuple::from_array(t, [origin]))
}

fn refuse<M: Memory>(t: &mut Thread<M>, what: &str) -> R<M> {
    Err(t.raise(Kind::TypeError, format!("{what}() argument 2 cannot be a parameterized generic")))
}

fn reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let a = alias(t, &args[0])?;
    if a.starred {
        let next = builtin_function(t, "next")?;
        let plain = make(t, &a.origin, &a.args, false);
        let it = iter(t, &plain)?;
        let it = tuple::from_array(t, [it]);
        return Ok(tuple::from_array(t, [next, it]));
    }
    let parts = tuple::from_array(t, [(*a.origin).clone(), (*a.args).clone()]);
    let class = t.builtin(Builtin::GenericAlias).to_obj();
    Ok(tuple::from_array(t, [class, parts]))
}

fn unpacked_args<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let a = alias(t, obj)?;
    let is_tuple = t.builtin(Builtin::Tuple).is(&a.origin);
    Ok(if a.starred && is_tuple { (*a.args).clone() } else { Obj::NONE })
}

// ---- Union.

fn may_join<M: Memory>(obj: &Obj<M>) -> bool {
    obj.is_none()
        || obj.cast::<Type<M>>().is_some()
        || matches!(
            obj.shape(),
            ids::GENERIC_ALIAS | ids::UNION | ids::TYPE_VAR | ids::PARAM_SPEC | ids::TYPE_VAR_TUPLE | ids::TYPE_ALIAS
        )
}

/// `a | b` of types.
pub fn or<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    if !may_join(a) || !may_join(b) {
        return Ok(Obj::not_implemented());
    }
    union_of(t, &[a.clone(), b.clone()])
}

/// The union of these types: flat, each once; a single one is itself.
pub fn union_of<M: Memory>(t: &mut Thread<M>, types: &[Obj<M>]) -> R<M> {
    let mut flat: Vec<Obj<M>> = Vec::new();
    for one in types {
        match one.exact::<Union<M>>() {
            Some(u) => flat.extend_from_slice(tuple::items(&u.body.args)),
            None if one.is_none() => flat.push(t.builtin(Builtin::NoneType).to_obj()),
            None => flat.push(one.clone()),
        }
    }
    let mut unique: Vec<Obj<M>> = Vec::new();
    'next: for one in flat {
        for other in &unique {
            if t.eq(other, &one)? {
                continue 'next;
            }
        }
        unique.push(one);
    }
    if unique.len() == 1 {
        return Ok(unique.remove(0));
    }
    let args = tuple::from_vec(t, unique);
    Ok(t.alloc(Union { args: Held::fresh(args) }))
}

fn union<'a, M: Memory>(t: &mut Thread<M>, obj: &'a Obj<M>) -> Result<&'a Obj<M>, Raise> {
    Ok(&this_exact::<M, Union<M>>(t, obj)?.body.args)
}

fn union_repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let args = union(t, obj)?;
    let mut text = String::new();
    for (i, arg) in tuple::items(args).iter().enumerate() {
        if i > 0 {
            text.push_str(" | ");
        }
        push_type(t, &mut text, arg)?;
    }
    Ok(t.string(text))
}

fn union_hash<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<i64, Raise> {
    let args = union(t, obj)?;
    let set = crate::types::set::frozen_from_iterable(t, args)?;
    t.hash(&set)
}

fn union_compare<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    let (Some(x), Some(y)) = (a.exact::<Union<M>>(), b.exact::<Union<M>>()) else { return Ok(Obj::not_implemented()) };
    if !matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(Obj::not_implemented());
    }
    let x = crate::types::set::from_iterable(t, &x.body.args)?;
    let y = crate::types::set::from_iterable(t, &y.body.args)?;
    t.compare(&x, &y, op)
}

fn check<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, function: &str) -> R<M> {
    let types = union(t, &args[0])?;
    let function = builtin_function(t, function)?;
    for one in tuple::items(types) {
        let answer = t.call(&function, &[args[1].clone(), one.clone()])?;
        if t.truth(&answer)? {
            return Ok(Obj::bool(true));
        }
    }
    Ok(Obj::bool(false))
}

fn union_getitem<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, item: &Obj<M>) -> R<M> {
    let args = union(t, obj)?;
    let args = substitute(t, obj, tuple::items(args), item)?;
    union_of(t, &args)
}

fn union_class_getitem<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let types = if tuple::is_tuple(&args[1]) { args[1].clone() } else { tuple::from_array(t, [args[1].clone()]) };
    if tuple::items(&types).is_empty() {
        return Err(t.raise(Kind::TypeError, "Cannot take a Union of no types."));
    }
    union_of(t, tuple::items(&types))
}

fn union_mro_entries<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let shown = t.repr(&args[0])?;
    Err(t.raise(Kind::TypeError, format!("Cannot subclass {}", to_text(&shown))))
}

/// Makes the types and teaches classes the operator `|`.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    builder::<M, Unpack<M>>(t, Builtin::GenericAliasIterator, "generic_alias_iterator", unpack_next).finish();
    Builder::new::<Alias<M>>(t, Builtin::GenericAlias, "types.GenericAlias")
        .module("types")
        .flag(flags::WEAKREFABLE)
        .doc("Represent a PEP 585 generic type\n\nE.g. for t = list[int], t.__origin__ is list and t.__args__ is (int,).")
        .slots(|s| {
            s.new.set(Some(construct));
            s.repr.set(Some(repr));
            s.hash.set(Some(hash));
            s.compare.set(Some(compare));
            s.getattr.set(Some(getattr));
            s.call.set(Some(call));
            s.getitem.set(Some(getitem));
            s.iter.set(Some(iter));
            s.bin[BinOp::Or as usize].set(Some(or));
        })
        .getter("__origin__", |t, o| Ok((*alias(t, o)?.origin).clone()))
        .getter("__args__", |t, o| Ok((*alias(t, o)?.args).clone()))
        .getter("__unpacked__", |t, o| Ok(Obj::bool(alias(t, o)?.starred)))
        .getter("__typing_unpacked_tuple_args__", unpacked_args)
        .getter("__parameters__", |t, o| {
            let a = alias(t, o)?;
            let found = parameters(t, tuple::items(&a.args))?;
            Ok(tuple::from_vec(t, found))
        })
        .method("__mro_entries__(self, bases, /)", mro_entries)
        .method("__instancecheck__(self, instance, /)", |t, _| refuse(t, "isinstance"))
        .method("__subclasscheck__(self, cls, /)", |t, _| refuse(t, "issubclass"))
        .method("__reduce__(self, /)", reduce)
        .finish();
    Builder::new::<Union<M>>(t, Builtin::Union, "typing.Union")
        .module("typing")
        .is_final()
        .doc("Represent a union type\n\nE.g. for int | str")
        .slots(|s| {
            s.repr.set(Some(union_repr));
            s.hash.set(Some(union_hash));
            s.compare.set(Some(union_compare));
            s.getitem.set(Some(union_getitem));
            s.bin[BinOp::Or as usize].set(Some(or));
        })
        .getter("__args__", |t, o| Ok(union(t, o)?.clone()))
        .getter("__origin__", |t, _| Ok(t.builtin(Builtin::Union).to_obj()))
        .getter("__parameters__", |t, o| {
            let args = union(t, o)?;
            let found = parameters(t, tuple::items(args))?;
            Ok(tuple::from_vec(t, found))
        })
        .method("__mro_entries__(self, bases, /)", union_mro_entries)
        .method("__instancecheck__(self, instance, /)", |t, args| check(t, args, "isinstance"))
        .method("__subclasscheck__(self, cls, /)", |t, args| check(t, args, "issubclass"))
        .classmethod("__class_getitem__(cls, item, /)", union_class_getitem)
        .flag(crate::types::flags::NO_NEW)
        .finish();
    t.builtin(Builtin::Type).body.slots.bin[BinOp::Or as usize].set(Some(or));
}

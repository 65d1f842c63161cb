//! What stands in the slots of a class made by Python code: functions that call its special methods.

use super::{IN_PLACE, LEFT, Name, OTHERS, RIGHT, TEXTS, call, find, must, native_base, per_op, try_call};
use crate::args::Call;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::lookup;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::slots::{BIN_OPS, BinOp, CmpOp};
use crate::types::{Slots, TypeObj, dict, flags, ids, int};
use crate::value::Word;

fn t_new<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let name = t.interp.specials.at(OTHERS + Name::New as usize);
    let f = lookup::in_class(t, class, &name).map(|v| v.own()).expect("object has __new__");
    let f = match t.class_of(&f).body.slots.descr_get.get() {
        Some(get) => get(t, &f, None, class)?,
        None => f,
    };
    with_first(t, &f, class.to_obj(), call)
}

fn with_first<M: Memory>(t: &mut Thread<M>, f: &Obj<M>, first: Obj<M>, call: Call<'_, M>) -> R<M> {
    let mut slots: smallvec::SmallVec<[Obj<M>; 6]> = smallvec::SmallVec::with_capacity(call.slots.len() + 1);
    slots.push(first);
    slots.extend(call.slots.iter().cloned());
    t.call_with(f, Call { slots: &slots, names: call.names })
}

pub(super) fn with_self<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: Name, call: Call<'_, M>) -> R<M> {
    match find(t, obj, OTHERS + name as usize)? {
        Some((f, true)) => with_first(t, &f, obj.clone(), call),
        Some((f, false)) => t.call_with(&f, call),
        None => must(t, obj, name, &[]),
    }
}

fn t_init<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, call: Call<'_, M>) -> Result<(), Raise> {
    let result = with_self(t, obj, Name::Init, call)?;
    if result.is_none() {
        return Ok(());
    }
    let class = t.class_name(&result);
    Err(t.raise(Kind::TypeError, format!("__init__() should return None, not '{class}'")))
}

fn t_hash<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<i64, Raise> {
    let result = must(t, obj, Name::Hash, &[])?;
    if let Some(i) = result.word().as_int() {
        return Ok(if i == -1 { -2 } else { i });
    }
    if int::to_big(&result).is_none() {
        return Err(t.raise(Kind::TypeError, "__hash__ method should return an integer"));
    }
    t.hash(&result)
}

const COMPARES: [Name; 6] = [Name::Lt, Name::Le, Name::Eq, Name::Ne, Name::Gt, Name::Ge];

fn t_compare<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    Ok(call(t, a, COMPARES[op as usize], &[b])?.unwrap_or_else(Obj::not_implemented))
}

fn t_getattr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: &Obj<M>) -> R<M> {
    // `object.__getattribute__` itself is found in `object`'s namespace as a wrapper over the generic slot.
    let getattribute = t.interp.specials.at(OTHERS + Name::GetAttribute as usize);
    let f = lookup::in_class(t, t.class_of(obj), &getattribute).map(|v| v.own());
    let result = match f {
        Some(f) if f.shape() == ids::FUNCTION => t.call(&f, &[obj.clone(), name.clone()]),
        _ => base_getattr(t, obj, name),
    };
    match result {
        Err(_) if t.raised_is(Kind::AttributeError) => {
            let pending = t.take_raised();
            match call(t, obj, Name::GetAttr, &[name])? {
                Some(value) => Ok(value),
                None => Err(t.set_raised(pending)),
            }
        }
        other => other,
    }
}

/// The attribute slot of the nearest class that Python code did not make.
pub(super) fn base_getattr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: &Obj<M>) -> R<M> {
    match native_base(t, obj).body.slots.getattr.get() {
        Some(get) => get(t, obj, name),
        None => lookup::generic_get(t, obj, name),
    }
}

fn t_setattr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let special = if value.is_some() { Name::SetAttr } else { Name::DelAttr };
    let key = t.interp.specials.at(OTHERS + special as usize);
    let f = lookup::in_class(t, t.class_of(obj), &key).map(|v| v.own());
    if f.is_some_and(|f| f.shape() == ids::FUNCTION || f.shape() > ids::COUNT) {
        let args: &[&Obj<M>] = match &value {
            Some(value) => &[name, value],
            None => &[name],
        };
        return must(t, obj, special, args).map(drop);
    }
    match native_base(t, obj).body.slots.setattr.get() {
        Some(set) => set(t, obj, name, value),
        None => lookup::generic_set(t, obj, name, value),
    }
}

fn t_get<M: Memory>(t: &mut Thread<M>, d: &Obj<M>, instance: Option<&Obj<M>>, class: &TypeObj<M>) -> R<M> {
    let none = Obj::NONE;
    must(t, d, Name::Get, &[instance.unwrap_or(&none), &class.to_obj()])
}

fn t_set<M: Memory>(t: &mut Thread<M>, d: &Obj<M>, instance: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let name = if value.is_some() { Name::Set } else { Name::Delete };
    let result = match value {
        Some(value) => call(t, d, name, &[instance, value])?,
        None => call(t, d, name, &[instance])?,
    };
    if result.is_none() {
        return Err(t.raise(Kind::AttributeError, TEXTS[name as usize]));
    }
    Ok(())
}

fn t_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
    match must(t, it, Name::Next, &[]) {
        Ok(value) => Ok(Some(value)),
        Err(e) if t.raised_is(Kind::StopIteration) => {
            let exc = t.take_raised();
            let value = crate::types::exception::extra(t, &exc, crate::types::exception::VALUE);
            if !value.is_none() {
                let _ = t.set_raised(exc);
                return Err(e);
            }
            Ok(None)
        }
        Err(e) => Err(e),
    }
}

fn t_len<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<usize, Raise> {
    let result = must(t, obj, Name::Len, &[])?;
    let n = t.index(&result)?;
    match int::to_i64(&n) {
        Some(n) if n >= 0 => Ok(n as usize),
        Some(_) => Err(t.raise(Kind::ValueError, "__len__() should return >= 0")),
        None => Err(t.raise(Kind::OverflowError, "cannot fit 'int' into an index-sized integer")),
    }
}

fn t_setitem<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let done = match value {
        Some(value) => call(t, obj, Name::SetItem, &[key, value])?,
        None => call(t, obj, Name::DelItem, &[key])?,
    };
    if done.is_none() {
        let what = if value.is_some() { "assignment" } else { "deletion" };
        let class = t.class_name(obj);
        return Err(t.raise(Kind::TypeError, format!("'{class}' object does not support item {what}")));
    }
    Ok(())
}

fn t_contains<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, item: &Obj<M>) -> Result<bool, Raise> {
    match call(t, obj, Name::Contains, &[item])? {
        Some(answer) => t.truth(&answer),
        None => {
            let class = t.class_name(obj);
            Err(t.raise(Kind::TypeError, format!("'{class}' object is not a container")))
        }
    }
}

fn t_bool<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<bool, Raise> {
    let answer = must(t, obj, Name::Bool, &[])?;
    if answer.word().is_bool() {
        return Ok(answer.word() == Word::TRUE);
    }
    let class = t.class_name(&answer);
    Err(t.raise(Kind::TypeError, format!("__bool__ should return bool, returned {class}")))
}

fn t_pow3<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, c: &Obj<M>) -> R<M> {
    Ok(try_call(t, a, LEFT + BinOp::Pow as usize, &[b, c])?.unwrap_or_else(Obj::not_implemented))
}

fn t_del<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) {
    if call(t, obj, Name::Del, &[]).is_err() {
        t.report_unraisable(obj);
    }
}

/// Both sides of a binary operator for classes whose methods Python code defines.
fn t_binary<M: Memory, const OP: usize>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let own: crate::types::slots::Binary<M> = t_binary::<M, OP>;
    let has = |t: &Thread<M>, o: &Obj<M>| {
        t.class_of(o).body.slots.bin[OP].get().is_some_and(|f| std::ptr::fn_addr_eq(f, own))
    };
    let (ca, cb) = (t.class_of(a), t.class_of(b));
    let mut other = !std::ptr::eq(ca, cb) && has(t, b);
    if has(t, a) {
        if other && t.is_subclass(cb, ca) && overrides(t, ca, cb, RIGHT + OP) {
            if let Some(answer) = try_call(t, b, RIGHT + OP, &[a])?.filter(|r| !r.is_not_implemented()) {
                return Ok(answer);
            }
            other = false;
        }
        if let Some(answer) = try_call(t, a, LEFT + OP, &[b])?.filter(|r| !r.is_not_implemented()) {
            return Ok(answer);
        }
    }
    if other && let Some(answer) = try_call(t, b, RIGHT + OP, &[a])? {
        return Ok(answer);
    }
    Ok(Obj::not_implemented())
}

/// Does `derived` define the special method anew?
fn overrides<M: Memory>(t: &Thread<M>, base: &TypeObj<M>, derived: &TypeObj<M>, i: usize) -> bool {
    let name = t.interp.specials.at(i);
    let (x, y) = (lookup::in_class(t, base, &name), lookup::in_class(t, derived, &name));
    match (x, y) {
        (Some(x), Some(y)) => !x.is(&y),
        (None, Some(_)) => true,
        _ => false,
    }
}

fn t_inplace<M: Memory, const OP: usize>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    Ok(try_call(t, a, IN_PLACE + OP, &[b])?.unwrap_or_else(Obj::not_implemented))
}

/// Sets the slots for the special methods in the class's own namespace: in `s`, which are the class's or to be.
pub fn fill_slots<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, s: &Slots<M>) {
    let own = class.body.dict.clone();
    let has = |t: &Thread<M>, i: usize| {
        let name = t.interp.specials.at::<M>(i);
        dict::get_str(t, &own, &name).map(|v| v.own())
    };
    let binary: [crate::types::slots::Binary<M>; BIN_OPS] = per_op!(t_binary);
    let inplace: [crate::types::slots::Binary<M>; BIN_OPS] = per_op!(t_inplace);
    for i in 0..BIN_OPS {
        if has(t, LEFT + i).is_some() || has(t, RIGHT + i).is_some() {
            s.bin[i].set(Some(binary[i]));
        }
        if has(t, IN_PLACE + i).is_some() {
            s.inplace[i].set(Some(inplace[i]));
        }
    }
    if has(t, LEFT + BinOp::Pow as usize).is_some() {
        s.pow3.set(Some(t_pow3));
    }
    for i in 0..TEXTS.len() {
        if let Some(value) = has(t, OTHERS + i) {
            set_slot(class, s, i, &value);
        }
    }
    let defines = |t: &Thread<M>, n: Name| has(t, OTHERS + n as usize).is_some();
    if defines(t, Name::Eq) && !defines(t, Name::Hash) {
        let name = t.interp.specials.at(OTHERS + Name::Hash as usize);
        dict::set_str(t, &own, name, Obj::NONE);
        s.hash.set(None);
        lookup::invalidate(t, class);
    }
}

fn set_slot<M: Memory>(class: &TypeObj<M>, s: &Slots<M>, i: usize, value: &Obj<M>) {
    let is = |n: Name| n as usize == i;
    match () {
        () if is(Name::New) => s.new.set(Some(t_new)),
        () if is(Name::Init) => s.init.set(Some(t_init)),
        () if is(Name::Call) => s.call.set(Some(|t, o, c| with_self(t, o, Name::Call, c))),
        () if is(Name::Repr) => s.repr.set(Some(|t, o| must(t, o, Name::Repr, &[]))),
        () if is(Name::Str) => s.str.set(Some(|t, o| must(t, o, Name::Str, &[]))),
        () if is(Name::Hash) => s.hash.set(if value.is_none() { None } else { Some(t_hash) }),
        () if COMPARES.iter().any(|&n| is(n)) => s.compare.set(Some(t_compare)),
        () if is(Name::GetAttribute) || is(Name::GetAttr) => {
            class.body.set(flags::CUSTOM_ATTR);
            s.getattr.set(Some(t_getattr));
        }
        () if is(Name::SetAttr) || is(Name::DelAttr) => {
            class.body.set(flags::CUSTOM_ATTR);
            s.setattr.set(Some(t_setattr));
        }
        () if is(Name::Get) => s.descr_get.set(Some(t_get)),
        () if is(Name::Set) || is(Name::Delete) => s.descr_set.set(Some(t_set)),
        () if is(Name::Iter) => s.iter.set(Some(|t, o| must(t, o, Name::Iter, &[]))),
        () if is(Name::Next) => s.next.set(Some(t_next)),
        () if is(Name::Len) => s.len.set(Some(t_len)),
        () if is(Name::GetItem) => s.getitem.set(Some(|t, o, k| must(t, o, Name::GetItem, &[k]))),
        () if is(Name::SetItem) || is(Name::DelItem) => s.setitem.set(Some(t_setitem)),
        () if is(Name::Contains) => s.contains.set(Some(t_contains)),
        () if is(Name::Neg) => s.neg.set(Some(|t, o| must(t, o, Name::Neg, &[]))),
        () if is(Name::Pos) => s.pos.set(Some(|t, o| must(t, o, Name::Pos, &[]))),
        () if is(Name::Invert) => s.invert.set(Some(|t, o| must(t, o, Name::Invert, &[]))),
        () if is(Name::Abs) => s.abs.set(Some(|t, o| must(t, o, Name::Abs, &[]))),
        () if is(Name::Bool) => s.bool.set(Some(t_bool)),
        () if is(Name::Int) => s.int.set(Some(|t, o| must(t, o, Name::Int, &[]))),
        () if is(Name::Float) => s.float.set(Some(|t, o| must(t, o, Name::Float, &[]))),
        () if is(Name::Index) => s.index.set(Some(|t, o| must(t, o, Name::Index, &[]))),
        () if is(Name::Del) => {
            class.body.set(flags::FINALIZER);
            s.del.set(Some(t_del));
        }
        () => {}
    }
}

/// A special method of the class was set or deleted: its slots and those of its subclasses are made anew.
pub fn update_slots<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>) {
    if class.body.has(flags::HEAP) {
        // Apart, so that no other thread sees a class without slots.
        let fresh = Slots::default();
        fill_slots(t, class, &fresh);
        crate::types::class::inherit(t, class, &fresh);
        // `inherit` gives unhashable classes back a hash only through their bases; an own `__hash__ = None` stays.
        let name = t.interp.specials.at(OTHERS + Name::Hash as usize);
        if dict::get_str(t, &class.body.dict, &name).is_some_and(|v| v.is_none()) {
            fresh.hash.set(None);
        }
        class.body.slots.replace(&fresh);
    }
    let subclasses = class.body.subclasses.lock().clone();
    for word in subclasses {
        // SAFETY: listed subclasses are alive.
        update_slots(t, unsafe { &*word.address().cast::<TypeObj<M>>() });
    }
}

//! Native slots as methods: what `int.__add__` and its like are, on instances of subclasses too.

use super::trampolines::base_getattr;
use super::{native_base, per_op};
use crate::args::{Args, Call, NativeFn, Signature};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::lookup;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::class::as_class;
use crate::types::native::{Native, NativeKind};
use crate::types::slots::{BIN_OPS, BinOp, CmpOp};
use crate::types::{Slots, TypeObj, dict, flags, int, tuple};

fn w_binary<M: Memory, const OP: usize>(t: &mut Thread<M>, a: Args<'_, M>) -> R<M> {
    apply(t, |s| s.bin[OP].get(), &a[0], &a[0], &a[1])
}

fn w_right<M: Memory, const OP: usize>(t: &mut Thread<M>, a: Args<'_, M>) -> R<M> {
    apply(t, |s| s.bin[OP].get(), &a[0], &a[1], &a[0])
}

fn w_inplace<M: Memory, const OP: usize>(t: &mut Thread<M>, a: Args<'_, M>) -> R<M> {
    apply(t, |s| s.inplace[OP].get(), &a[0], &a[0], &a[1])
}

fn apply<M: Memory>(
    t: &mut Thread<M>,
    get: fn(&Slots<M>) -> Option<crate::types::slots::Binary<M>>,
    receiver: &Obj<M>,
    x: &Obj<M>,
    y: &Obj<M>,
) -> R<M> {
    match native_slot(t, receiver, get) {
        Some(f) => f(t, x, y),
        None => Ok(Obj::not_implemented()),
    }
}

/// The slot as the native base of the receiver's class has it: what `int.__add__` means on an instance of a subclass.
fn native_slot<M: Memory, F>(t: &Thread<M>, receiver: &Obj<M>, get: fn(&Slots<M>) -> Option<F>) -> Option<F> {
    get(&native_base(t, receiver).body.slots)
}

macro_rules! unary_wrappers {
    ($($fn:ident $slot:ident)*) => { $(
        fn $fn<M: Memory>(t: &mut Thread<M>, a: Args<'_, M>) -> R<M> {
            match native_slot(t, &a[0], |s| s.$slot.get()) {
                Some(f) => f(t, &a[0]),
                None => Ok(Obj::not_implemented()),
            }
        }
    )* };
}
unary_wrappers! { w_repr repr w_str str w_iter iter w_neg neg w_pos pos w_invert invert w_abs abs w_int int w_float float w_index index }

fn w_compare<M: Memory, const OP: usize>(t: &mut Thread<M>, a: Args<'_, M>) -> R<M> {
    match native_slot(t, &a[0], |s| s.compare.get()) {
        Some(f) => f(t, &a[0], &a[1], CmpOp::ALL[OP]),
        None => Ok(Obj::not_implemented()),
    }
}

fn unsupported<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Raise {
    let class = t.class_name(obj);
    t.raise(Kind::TypeError, format!("'{class}' object does not support this operation"))
}

fn w_hash<M: Memory>(t: &mut Thread<M>, a: Args<'_, M>) -> R<M> {
    match native_slot(t, &a[0], |s| s.hash.get()) {
        Some(f) => f(t, &a[0]).map(|h| int::from_i64(t, h)),
        None => Err(unsupported(t, &a[0])),
    }
}
fn w_len<M: Memory>(t: &mut Thread<M>, a: Args<'_, M>) -> R<M> {
    match native_slot(t, &a[0], |s| s.len.get()) {
        Some(f) => f(t, &a[0]).map(|n| int::from_usize(t, n)),
        None => Err(unsupported(t, &a[0])),
    }
}
fn w_bool<M: Memory>(t: &mut Thread<M>, a: Args<'_, M>) -> R<M> {
    match native_slot(t, &a[0], |s| s.bool.get()) {
        Some(f) => f(t, &a[0]).map(Obj::bool),
        None => Err(unsupported(t, &a[0])),
    }
}
fn w_contains<M: Memory>(t: &mut Thread<M>, a: Args<'_, M>) -> R<M> {
    match native_slot(t, &a[0], |s| s.contains.get()) {
        Some(f) => f(t, &a[0], &a[1]).map(Obj::bool),
        None => Err(unsupported(t, &a[0])),
    }
}
fn w_getitem<M: Memory>(t: &mut Thread<M>, a: Args<'_, M>) -> R<M> {
    apply(t, |s| s.getitem.get(), &a[0], &a[0], &a[1])
}
fn w_setitem<M: Memory>(t: &mut Thread<M>, a: Args<'_, M>) -> R<M> {
    match native_slot(t, &a[0], |s| s.setitem.get()) {
        Some(f) => f(t, &a[0], &a[1], a.get(2)).map(|()| Obj::NONE),
        None => Err(unsupported(t, &a[0])),
    }
}
fn w_next<M: Memory>(t: &mut Thread<M>, a: Args<'_, M>) -> R<M> {
    let Some(next) = native_slot(t, &a[0], |s| s.next.get()) else { return Err(unsupported(t, &a[0])) };
    match next(t, &a[0])? {
        Some(value) => Ok(value),
        None => Err(t.raise_stop(Obj::NONE)),
    }
}
fn w_getattribute<M: Memory>(t: &mut Thread<M>, a: Args<'_, M>) -> R<M> {
    let name = t.attribute_name(&a[1])?;
    base_getattr(t, &a[0], &name)
}
fn w_setattr<M: Memory>(t: &mut Thread<M>, a: Args<'_, M>) -> R<M> {
    let name = t.attribute_name(&a[1])?;
    match native_slot(t, &a[0], |s| s.setattr.get()) {
        Some(set) => set(t, &a[0], &name, a.get(2))?,
        None => lookup::generic_set(t, &a[0], &name, a.get(2))?,
    }
    Ok(Obj::NONE)
}
fn w_get<M: Memory>(t: &mut Thread<M>, a: Args<'_, M>) -> R<M> {
    let instance = a.some(1);
    let class = match (a.some(2), instance) {
        (Some(c), _) => c.clone(),
        (None, Some(i)) => t.class_of(i).to_obj(),
        (None, None) => return Err(t.raise(Kind::TypeError, "__get__(None, None) is invalid")),
    };
    let class = t.expect_class(&class, "__get__ argument").map(|c| c.to_obj())?;
    match native_slot(t, &a[0], |s| s.descr_get.get()) {
        Some(get) => get(t, &a[0], instance, as_class(&class)),
        None => Err(unsupported(t, &a[0])),
    }
}
fn w_set<M: Memory>(t: &mut Thread<M>, a: Args<'_, M>) -> R<M> {
    match native_slot(t, &a[0], |s| s.descr_set.get()) {
        Some(set) => set(t, &a[0], &a[1], a.get(2)).map(|()| Obj::NONE),
        None => Err(unsupported(t, &a[0])),
    }
}

/// `*args, **kwargs` of a wrapper as a call.
fn rest_call<M: Memory, A>(a: Args<'_, M>, f: impl FnOnce(Call<'_, M>) -> A) -> A {
    let mut slots: smallvec::SmallVec<[Obj<M>; 6]> = a.rest.iter().cloned().collect();
    slots.extend(a.values.iter().cloned());
    f(Call { slots: &slots, names: a.names })
}

fn w_init<M: Memory>(t: &mut Thread<M>, a: Args<'_, M>) -> R<M> {
    match native_slot(t, &a[0], |s| s.init.get()) {
        Some(init) => rest_call(a, |c| init(t, &a[0], c)).map(|()| Obj::NONE),
        None => Ok(Obj::NONE),
    }
}
fn w_call<M: Memory>(t: &mut Thread<M>, a: Args<'_, M>) -> R<M> {
    match native_slot(t, &a[0], |s| s.call.get()) {
        Some(f) => rest_call(a, |c| f(t, &a[0], c)),
        None => Err(unsupported(t, &a[0])),
    }
}
fn w_new<M: Memory>(t: &mut Thread<M>, a: Args<'_, M>) -> R<M> {
    let Some(class) = a[0].cast::<crate::types::Type<M>>() else {
        let class = t.class_name(&a[0]);
        let message = format!("object.__new__(X): X is not a type object ({class})");
        return Err(t.raise(Kind::TypeError, message));
    };
    let mut native = class;
    while native.body.has(flags::HEAP)
        && let Some(base) = native.body.base.get(t)
    {
        // SAFETY: a class; classes are immortal.
        native = unsafe { &*base.word().address().cast::<TypeObj<M>>() };
    }
    match native.body.slots.new.get() {
        Some(new) => rest_call(a, |c| new(t, class, c)),
        None => Err(unsupported(t, &a[0])),
    }
}

/// Gives the slots that a built-in class has of its own their names in its namespace.
pub fn add_wrappers<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>) {
    let base = class.body.base.get(t).map(|b| b.own());
    let none = Slots::default();
    let b = base.as_ref().map_or(&none, |b| &as_class(b).body.slots);
    let s = &class.body.slots;
    let owner = class.body.short_name.to_string();
    let add = |signature: String, f: NativeFn<M>, kind: NativeKind| {
        let signature = Signature::parse(&signature);
        let key = t.intern(&signature.name);
        if dict::get_str(t, &class.body.dict, &key).is_none() {
            let value = Native::make(t, kind, signature, f, &owner);
            dict::set_fresh(t, &class.body.dict, key, value);
        }
    };
    let lefts: [NativeFn<M>; BIN_OPS] = per_op!(w_binary);
    let rights: [NativeFn<M>; BIN_OPS] = per_op!(w_right);
    let places: [NativeFn<M>; BIN_OPS] = per_op!(w_inplace);
    for op in BinOp::ALL {
        let i = op as usize;
        if s.bin[i].get().is_some() && !s.bin[i].same(&b.bin[i]) {
            let more = if op == BinOp::Pow { ", mod=None" } else { "" };
            add(format!("__{}__(self, value{more}, /)", op.stem()), lefts[i], NativeKind::Wrapper);
            add(format!("__r{}__(self, value{more}, /)", op.stem()), rights[i], NativeKind::Wrapper);
        }
        if s.inplace[i].get().is_some() && !s.inplace[i].same(&b.inplace[i]) {
            add(format!("__i{}__(self, value, /)", op.stem()), places[i], NativeKind::Wrapper);
        }
    }
    macro_rules! own {
        ($slot:ident: $($signature:literal => $f:expr),*) => {
            if s.$slot.get().is_some() && !s.$slot.same(&b.$slot) {
                $(add($signature.to_string(), $f, NativeKind::Wrapper);)*
            }
        };
    }
    own!(repr: "__repr__(self, /)" => w_repr);
    own!(str: "__str__(self, /)" => w_str);
    own!(hash: "__hash__(self, /)" => w_hash);
    own!(compare: "__lt__(self, value, /)" => w_compare::<M, 0>, "__le__(self, value, /)" => w_compare::<M, 1>,
        "__eq__(self, value, /)" => w_compare::<M, 2>, "__ne__(self, value, /)" => w_compare::<M, 3>,
        "__gt__(self, value, /)" => w_compare::<M, 4>, "__ge__(self, value, /)" => w_compare::<M, 5>);
    own!(getattr: "__getattribute__(self, name, /)" => w_getattribute);
    own!(setattr: "__setattr__(self, name, value, /)" => w_setattr, "__delattr__(self, name, /)" => w_setattr);
    own!(descr_get: "__get__(self, instance, owner=None, /)" => w_get);
    own!(descr_set: "__set__(self, instance, value, /)" => w_set, "__delete__(self, instance, /)" => w_set);
    own!(iter: "__iter__(self, /)" => w_iter);
    own!(next: "__next__(self, /)" => w_next);
    own!(len: "__len__(self, /)" => w_len);
    own!(getitem: "__getitem__(self, key, /)" => w_getitem);
    own!(setitem: "__setitem__(self, key, value, /)" => w_setitem, "__delitem__(self, key, /)" => w_setitem);
    own!(contains: "__contains__(self, key, /)" => w_contains);
    own!(neg: "__neg__(self, /)" => w_neg);
    own!(pos: "__pos__(self, /)" => w_pos);
    own!(invert: "__invert__(self, /)" => w_invert);
    own!(abs: "__abs__(self, /)" => w_abs);
    own!(bool: "__bool__(self, /)" => w_bool);
    own!(int: "__int__(self, /)" => w_int);
    own!(float: "__float__(self, /)" => w_float);
    own!(index: "__index__(self, /)" => w_index);
    own!(init: "__init__(self, *args, **kwargs)" => w_init);
    own!(call: "__call__(self, *args, **kwargs)" => w_call);
    if s.new.get().is_some() && !s.new.same(&b.new) {
        add("__new__(cls, *args, **kwargs)".to_string(), w_new, NativeKind::Static);
    }
    if s.compare.get().is_some() && !s.compare.same(&b.compare) && s.hash.get().is_none() {
        let key = t.intern("__hash__");
        dict::set_fresh(t, &class.body.dict, key, Obj::NONE);
    }
    let _ = tuple::empty::<M>;
}

//! Special methods and slots: trampolines from slots to methods that Python code defines, and wrappers that show native
//! slots as methods (`int.__add__`).

use std::sync::OnceLock;

use crate::args::{Args, Call, NativeFn, Signature};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::lookup;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::class::as_class;
use crate::types::native::{Native, NativeKind};
use crate::types::slots::{BIN_OPS, BinOp, CmpOp};
use crate::types::{Slots, TypeObj, dict, flags, ids, int, tuple};
use crate::value::Word;

macro_rules! names {
    ($($name:ident $text:literal)*) => {
        /// Special methods other than the binary operators, in the order of [`Specials`].
        #[allow(missing_docs)]
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum Name { $($name),* }
        const TEXTS: &[&str] = &[$($text),*];
    };
}

names! {
    New "__new__" Init "__init__" Call "__call__" Repr "__repr__" Str "__str__" Hash "__hash__"
    Lt "__lt__" Le "__le__" Eq "__eq__" Ne "__ne__" Gt "__gt__" Ge "__ge__"
    GetAttribute "__getattribute__" GetAttr "__getattr__" SetAttr "__setattr__" DelAttr "__delattr__"
    Get "__get__" Set "__set__" Delete "__delete__" Iter "__iter__" Next "__next__" Len "__len__"
    GetItem "__getitem__" SetItem "__setitem__" DelItem "__delitem__" Contains "__contains__"
    Neg "__neg__" Pos "__pos__" Invert "__invert__" Abs "__abs__" Bool "__bool__" Int "__int__" Float "__float__" Index "__index__"
    Del "__del__" Enter "__enter__" Exit "__exit__" Missing "__missing__" Await "__await__" Aiter "__aiter__" Anext "__anext__"
}

/// Interned names of the special methods. Immortal words, written once.
#[derive(Default)]
pub struct Specials(OnceLock<Box<[Word]>>);

impl Specials {
    /// Interns them.
    pub fn fill<M: Memory>(&self, t: &Thread<M>) {
        let mut words = Vec::new();
        for prefix in ["", "r", "i"] {
            for op in BinOp::ALL {
                words.push(t.intern(&format!("__{prefix}{}__", op.stem())).into_word().as_uncounted());
            }
        }
        words.extend(TEXTS.iter().map(|n| t.intern(n).into_word().as_uncounted()));
        let _ = self.0.set(words.into());
    }

    /// The name of a special method.
    #[inline]
    pub fn name<M: Memory>(&self, name: Name) -> Obj<M> {
        self.at(OTHERS + name as usize)
    }

    #[inline]
    fn at<M: Memory>(&self, i: usize) -> Obj<M> {
        // SAFETY: an uncounted word of an immortal string.
        unsafe { Obj::from_word(self.0.get().expect("filled at start")[i]) }
    }
}

const LEFT: usize = 0;
const RIGHT: usize = BIN_OPS;
const IN_PLACE: usize = 2 * BIN_OPS;
const OTHERS: usize = 3 * BIN_OPS;

/// The method of the class under a special name, and whether it wants the instance as its first argument.
fn find<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, i: usize) -> Result<Option<(Obj<M>, bool)>, Raise> {
    let name = t.interp.specials.at(i);
    let Some(f) = lookup::in_class(t, t.class_of(obj), &name).map(|v| v.own()) else { return Ok(None) };
    if f.shape() == ids::FUNCTION {
        return Ok(Some((f, true)));
    }
    let class = t.class_of(obj).to_obj();
    match t.class_of(&f).body.slots.descr_get.get() {
        Some(get) => Ok(Some((get(t, &f, Some(obj), as_class(&class))?, false))),
        None => Ok(Some((f, false))),
    }
}

/// Calls the special method with these arguments; `None` when there is none (or it is `None`).
fn try_call<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, i: usize, args: &[&Obj<M>]) -> Result<Option<Obj<M>>, Raise> {
    let Some((f, with_self)) = find(t, obj, i)? else { return Ok(None) };
    if f.is_none() {
        return Ok(None);
    }
    let mut slots: smallvec::SmallVec<[Obj<M>; 4]> = smallvec::SmallVec::new();
    if with_self {
        slots.push(obj.clone());
    }
    slots.extend(args.iter().map(|&a| a.clone()));
    t.call(&f, &slots).map(Some)
}

/// Calls the special method of that name if the class has one.
pub fn call<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: Name, args: &[&Obj<M>]) -> Result<Option<Obj<M>>, Raise> {
    try_call(t, obj, OTHERS + name as usize, args)
}

fn must<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: Name, args: &[&Obj<M>]) -> R<M> {
    match call(t, obj, name, args)? {
        Some(value) => Ok(value),
        None => {
            let class = t.class_name(obj);
            let message = match name {
                Name::Iter => format!("'{class}' object is not iterable"),
                Name::Hash => format!("unhashable type: '{class}'"),
                Name::Call => format!("'{class}' object is not callable"),
                _ => format!("'{class}' object has no {}", TEXTS[name as usize]),
            };
            Err(t.raise(Kind::TypeError, message))
        }
    }
}

// ---- Trampolines.

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

fn with_self<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: Name, call: Call<'_, M>) -> R<M> {
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
fn base_getattr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: &Obj<M>) -> R<M> {
    match native_base(t, obj).body.slots.getattr.get() {
        Some(get) => get(t, obj, name),
        None => lookup::generic_get(t, obj, name),
    }
}

fn native_base<'a, M: Memory>(t: &'a Thread<M>, obj: &Obj<M>) -> &'a TypeObj<M> {
    let mut class = t.class_of(obj);
    while class.body.has(flags::HEAP)
        && let Some(base) = class.body.base.get(t)
    {
        // SAFETY: `base` is a class; classes are immortal.
        class = unsafe { &*base.word().address().cast::<TypeObj<M>>() };
    }
    class
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

macro_rules! per_op {
    ($f:ident) => {
        [
            $f::<M, 0>,
            $f::<M, 1>,
            $f::<M, 2>,
            $f::<M, 3>,
            $f::<M, 4>,
            $f::<M, 5>,
            $f::<M, 6>,
            $f::<M, 7>,
            $f::<M, 8>,
            $f::<M, 9>,
            $f::<M, 10>,
            $f::<M, 11>,
            $f::<M, 12>,
            $f::<M, 13>,
        ]
    };
}

/// Sets the slots for the special methods in the class's own namespace.
pub fn fill_slots<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>) {
    let own = class.body.dict.clone();
    let has = |t: &Thread<M>, i: usize| {
        let name = t.interp.specials.at::<M>(i);
        dict::get_str(t, &own, &name).map(|v| v.own())
    };
    let binary: [crate::types::slots::Binary<M>; BIN_OPS] = per_op!(t_binary);
    let inplace: [crate::types::slots::Binary<M>; BIN_OPS] = per_op!(t_inplace);
    let s = &class.body.slots;
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
            set_slot(t, class, i, &value);
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

fn set_slot<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, i: usize, value: &Obj<M>) {
    let s: &Slots<M> = &class.body.slots;
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
    let _ = t;
}

/// A special method of the class was set or deleted: its slots and those of its subclasses are made anew.
pub fn update_slots<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>) {
    if class.body.has(flags::HEAP) {
        let fresh = Slots::default();
        class.body.slots.replace(&fresh);
        fill_slots(t, class);
        crate::types::class::inherit(t, class);
        // `inherit` gives unhashable classes back a hash only through their bases; an own `__hash__ = None` stays.
        let name = t.interp.specials.at(OTHERS + Name::Hash as usize);
        if dict::get_str(t, &class.body.dict, &name).is_some_and(|v| v.is_none()) {
            class.body.slots.hash.set(None);
        }
    }
    let subclasses = class.body.subclasses.lock().clone();
    for word in subclasses {
        // SAFETY: listed subclasses are alive.
        update_slots(t, unsafe { &*word.address().cast::<TypeObj<M>>() });
    }
}

// ---- Wrappers.

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

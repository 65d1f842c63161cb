//! Special methods: their names, finding and calling them. Slots lead to methods that Python code defines
//! (`trampolines`), and methods of built-in types lead to native slots (`wrappers`: `int.__add__`).

mod trampolines;
mod wrappers;

use std::sync::OnceLock;

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::lookup;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::class::as_class;
use crate::types::slots::{BIN_OPS, BinOp};
use crate::types::{TypeObj, flags, ids};
use crate::value::Word;
pub use trampolines::{fill_slots, update_slots};
pub use wrappers::add_wrappers;

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
use per_op;

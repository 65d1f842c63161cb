//! The slots of a class: native functions behind operators and protocols, found without a look-up.
//!
//! A slot is inherited from the first class of the MRO that has it. When Python code defines the matching special
//! method, the slot becomes a trampoline that looks the method up (see `types::special`). Each slot is one word that is
//! replaced as a whole, so readers need no lock.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::args::Call;
use crate::context::Thread;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::TypeObj;

/// Binary operators, in the order of the opcode families.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum BinOp {
    Add,
    Sub,
    Mul,
    TrueDiv,
    FloorDiv,
    Mod,
    Pow,
    LShift,
    RShift,
    And,
    Or,
    Xor,
    MatMul,
    DivMod,
}

/// Number of [`BinOp`]s.
pub const BIN_OPS: usize = 14;

impl BinOp {
    /// All of them in order.
    pub const ALL: [BinOp; BIN_OPS] = {
        use BinOp::*;
        [Add, Sub, Mul, TrueDiv, FloorDiv, Mod, Pow, LShift, RShift, And, Or, Xor, MatMul, DivMod]
    };
    /// As in messages: `+`, `** or pow()`.
    pub const fn symbol(self) -> &'static str {
        ["+", "-", "*", "/", "//", "%", "** or pow()", "<<", ">>", "&", "|", "^", "@", "divmod()"][self as usize]
    }
    /// The stem of the special methods: `__add__` is `add`.
    pub const fn stem(self) -> &'static str {
        [
            "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "lshift", "rshift", "and", "or", "xor", "matmul",
            "divmod",
        ][self as usize]
    }
}

/// Comparisons.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum CmpOp {
    Lt,
    Le,
    Eq,
    Ne,
    Gt,
    Ge,
}

impl CmpOp {
    /// All of them in order.
    pub const ALL: [CmpOp; 6] = [CmpOp::Lt, CmpOp::Le, CmpOp::Eq, CmpOp::Ne, CmpOp::Gt, CmpOp::Ge];
    /// The same question with the operands swapped.
    pub const fn swapped(self) -> CmpOp {
        [CmpOp::Gt, CmpOp::Ge, CmpOp::Eq, CmpOp::Ne, CmpOp::Lt, CmpOp::Le][self as usize]
    }
    /// As in messages.
    pub const fn symbol(self) -> &'static str {
        ["<", "<=", "==", "!=", ">", ">="][self as usize]
    }
    /// The answer for an ordering.
    pub const fn holds(self, o: std::cmp::Ordering) -> bool {
        use std::cmp::Ordering::*;
        match self {
            CmpOp::Lt => matches!(o, Less),
            CmpOp::Le => !matches!(o, Greater),
            CmpOp::Eq => matches!(o, Equal),
            CmpOp::Ne => !matches!(o, Equal),
            CmpOp::Gt => matches!(o, Greater),
            CmpOp::Ge => !matches!(o, Less),
        }
    }
}

/// One slot: a function pointer of type `F`, or nothing.
pub struct SlotFn<F>(AtomicUsize, PhantomData<F>);

impl<F: Copy> SlotFn<F> {
    const CHECK: () = assert!(size_of::<F>() == size_of::<usize>());

    /// The function. Relaxed: a slot is a hint whose truth (the class's namespace) is read under its own ordering.
    #[inline(always)]
    pub fn get(&self) -> Option<F> {
        let () = Self::CHECK;
        let bits = self.0.load(Ordering::Relaxed);
        // SAFETY: non-zero bits were put there by `set` from an `F`, which has the size of a pointer.
        if bits == 0 { None } else { Some(unsafe { std::mem::transmute_copy(&bits) }) }
    }

    /// Replaces the function.
    pub fn set(&self, f: Option<F>) {
        let () = Self::CHECK;
        // SAFETY: as in `get`.
        let bits = f.map_or(0, |f| unsafe { std::mem::transmute_copy::<F, usize>(&f) });
        self.0.store(bits, Ordering::Relaxed);
    }

    /// Takes the function of `other` when this slot is empty.
    pub fn inherit(&self, other: &SlotFn<F>) {
        if self.0.load(Ordering::Relaxed) == 0 {
            self.0.store(other.0.load(Ordering::Relaxed), Ordering::Relaxed);
        }
    }

    /// Do both hold the same function (or none)?
    pub fn same(&self, other: &SlotFn<F>) -> bool {
        self.0.load(Ordering::Relaxed) == other.0.load(Ordering::Relaxed)
    }
}

impl<F> Default for SlotFn<F> {
    fn default() -> Self {
        SlotFn(AtomicUsize::new(0), PhantomData)
    }
}

/// `f(t, a)`
pub type Unary<M> = fn(&mut Thread<M>, &Obj<M>) -> R<M>;
/// `f(t, a, b)`; `NotImplemented` when it does not know the pair. Either operand may be the one of this class.
pub type Binary<M> = fn(&mut Thread<M>, &Obj<M>, &Obj<M>) -> R<M>;

macro_rules! slots {
    ($($(#[$doc:meta])* $name:ident: $ty:ty,)*) => {
        /// The slots of a class; see the module text.
        pub struct Slots<M: Memory> { $($(#[$doc])* pub $name: SlotFn<$ty>,)*
            /// Binary operators.
            pub bin: [SlotFn<Binary<M>>; BIN_OPS],
            /// In-place operators.
            pub inplace: [SlotFn<Binary<M>>; BIN_OPS],
        }
        impl<M: Memory> Default for Slots<M> {
            fn default() -> Self {
                Slots { $($name: SlotFn::default(),)* bin: Default::default(), inplace: Default::default() }
            }
        }
        impl<M: Memory> Slots<M> {
            /// Takes all functions of `other`, empty ones too.
            pub fn replace(&self, other: &Slots<M>) {
                $(self.$name.set(other.$name.get());)*
                for i in 0..BIN_OPS {
                    self.bin[i].set(other.bin[i].get());
                    self.inplace[i].set(other.inplace[i].get());
                }
            }
            /// Fills empty slots with those that a base does not have from one of `natives`.
            pub fn inherit_own(&self, base: &Slots<M>, natives: &[&Slots<M>]) {
                $(if !natives.iter().any(|n| n.$name.same(&base.$name)) { self.$name.inherit(&base.$name) })*
                for i in 0..BIN_OPS {
                    if !natives.iter().any(|n| n.bin[i].same(&base.bin[i])) {
                        self.bin[i].inherit(&base.bin[i]);
                    }
                    if !natives.iter().any(|n| n.inplace[i].same(&base.inplace[i])) {
                        self.inplace[i].inherit(&base.inplace[i]);
                    }
                }
            }
            /// Fills empty slots from a base.
            pub fn inherit(&self, base: &Slots<M>) {
                $(self.$name.inherit(&base.$name);)*
                for i in 0..BIN_OPS {
                    self.bin[i].inherit(&base.bin[i]);
                    self.inplace[i].inherit(&base.inplace[i]);
                }
            }
        }
    };
}

slots! {
    /// `cls(…)` up to the new object: `f(t, class, call)`.
    new: fn(&mut Thread<M>, &TypeObj<M>, Call<'_, M>) -> R<M>,
    /// `__init__`
    init: fn(&mut Thread<M>, &Obj<M>, Call<'_, M>) -> Result<(), Raise>,
    /// `obj(…)`
    call: crate::types::CallFn<M>,
    /// `repr(obj)`
    repr: Unary<M>,
    /// `str(obj)`
    str: Unary<M>,
    /// `hash(obj)`; `None` in the namespace makes it raise
    hash: fn(&mut Thread<M>, &Obj<M>) -> Result<i64, Raise>,
    /// Rich comparison; `NotImplemented` when unknown
    compare: fn(&mut Thread<M>, &Obj<M>, &Obj<M>, CmpOp) -> R<M>,
    /// `obj.name`
    getattr: fn(&mut Thread<M>, &Obj<M>, &Obj<M>) -> R<M>,
    /// `obj.name = value`, `del obj.name`
    setattr: fn(&mut Thread<M>, &Obj<M>, &Obj<M>, Option<&Obj<M>>) -> Result<(), Raise>,
    /// `__get__(descriptor, instance or nothing, class)`
    descr_get: fn(&mut Thread<M>, &Obj<M>, Option<&Obj<M>>, &TypeObj<M>) -> R<M>,
    /// `__set__`, `__delete__`
    descr_set: fn(&mut Thread<M>, &Obj<M>, &Obj<M>, Option<&Obj<M>>) -> Result<(), Raise>,
    /// `iter(obj)`
    iter: Unary<M>,
    /// The next item, `None` at the end
    next: fn(&mut Thread<M>, &Obj<M>) -> Result<Option<Obj<M>>, Raise>,
    /// `len(obj)`
    len: fn(&mut Thread<M>, &Obj<M>) -> Result<usize, Raise>,
    /// `obj[key]`
    getitem: Binary<M>,
    /// `obj[key] = value`, `del obj[key]`
    setitem: fn(&mut Thread<M>, &Obj<M>, &Obj<M>, Option<&Obj<M>>) -> Result<(), Raise>,
    /// `item in obj`
    contains: fn(&mut Thread<M>, &Obj<M>, &Obj<M>) -> Result<bool, Raise>,
    /// `-obj`
    neg: Unary<M>,
    /// `+obj`
    pos: Unary<M>,
    /// `~obj`
    invert: Unary<M>,
    /// `abs(obj)`
    abs: Unary<M>,
    /// Truth
    bool: fn(&mut Thread<M>, &Obj<M>) -> Result<bool, Raise>,
    /// `__int__`
    int: Unary<M>,
    /// `__float__`
    float: Unary<M>,
    /// `__index__`
    index: Unary<M>,
    /// `pow(a, b, c)`
    pow3: fn(&mut Thread<M>, &Obj<M>, &Obj<M>, &Obj<M>) -> R<M>,
    /// `__del__`
    del: fn(&mut Thread<M>, &Obj<M>),
}

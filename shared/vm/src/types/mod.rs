//! Classes: the payload of type objects, their slots, and the list of built-in types.

pub mod alias;
pub mod boolean;
pub mod buffer;
pub mod build;
pub mod bytearray;
pub mod bytes;
pub mod cell;
pub mod class;
pub mod code;
pub mod complex;
pub mod descriptors;
pub mod dict;
pub mod docs;
pub mod exception;
pub mod float;
pub mod frame;
pub mod function;
pub mod generator;
pub mod ids;
pub mod int;
pub mod iterators;
pub mod list;
pub mod mappingproxy;
pub mod memoryview;
pub mod module;
pub mod namespace;
pub mod native;
pub mod number;
pub mod object;
pub mod range;
pub mod sequence;
pub mod set;
pub mod singletons;
pub mod slice;
pub mod slots;
pub mod special;
pub mod str;
pub mod traceback;
pub mod tuple;
pub mod units;
pub mod weakproxy;
pub mod weakref;

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::args::Call;
use crate::context::Thread;
use crate::memory::Memory;
use crate::object::{Held, Layout, Obj, Object, Ops, Payload, Slot};
use crate::value::Word;
pub use slots::Slots;

/// A class.
pub struct Type<M: Memory> {
    /// `__name__`; guarded by the section.
    pub name: Slot<M>,
    /// `__qualname__`; guarded by the section.
    pub qualname: Slot<M>,
    /// The namespace: a dict that only type operations change (they bump versions).
    pub dict: Held<M>,
    /// First base (`__base__`), NULL for `object`; replaced with the world stopped.
    pub base: Slot<M>,
    /// `__bases__`, a tuple; replaced with the world stopped.
    pub bases: Slot<M>,
    /// `__mro__`, a tuple; replaced with the world stopped.
    pub mro: Slot<M>,
    /// Layout of the instances. Read-only.
    pub ops: &'static Ops,
    /// Words of attribute area behind the payload. Read-only.
    pub area_words: u16,
    /// Area index of the word that holds the instance's `__dict__` once it is asked for; `None`: no `__dict__`.
    pub dict_index: Option<u16>,
    /// Area indices that shapes may give to attributes. Read-only.
    pub inline: Box<[u16]>,
    /// See [`flags`]; bits are only ever set, except with the world stopped.
    pub flags: AtomicU32,
    /// Shape of a new instance. Read-only.
    pub root_shape: u32,
    /// Shapes of this class beside the root, whose versions change together. Never held across a poll.
    pub shapes_made: crate::locks::Mutex<Vec<u32>>,
    /// Shape of instances whose attributes live in a dict; 0 until the first one.
    pub dict_shape: AtomicU32,
    /// Classes derived from this one, uncounted: the collector takes dead ones off the list.
    pub subclasses: crate::locks::Mutex<Vec<Word>>,
    /// Native functions behind the operators; each is replaced as one word.
    pub slots: Slots<M>,
    /// The interpreter's number of the latest change of this class or a base; 0 while it is being made.
    pub version: AtomicU32,
    /// Name for messages (`tp_name` without module), fixed at creation.
    pub short_name: Box<str>,
}

/// Bits of [`Type::flags`].
pub mod flags {
    /// Made by a class statement or `type(…)`.
    pub const HEAP: u32 = 1;
    /// May be a base.
    pub const BASE: u32 = 2;
    /// Instances have a finaliser (`__del__`).
    pub const FINALIZER: u32 = 4;
    /// Some instance was weakly referenced.
    pub const WEAKREFED: u32 = 8;
    /// Attributes may not be set by Python code (built-in).
    pub const IMMUTABLE: u32 = 16;
    /// Some class of the MRO defines `__getattribute__`, `__getattr__`, `__setattr__` or `__delattr__` in Python.
    pub const CUSTOM_ATTR: u32 = 32;
    /// Matches sequence patterns.
    pub const SEQUENCE: u32 = 64;
    /// Matches mapping patterns.
    pub const MAPPING: u32 = 128;
    /// Instances are weakly referenceable.
    pub const WEAKREFABLE: u32 = 256;
    /// Instances match a class pattern's one positional argument as a whole (int, str, …).
    pub const SELF_MATCH: u32 = 512;
    /// Has abstract methods.
    pub const ABSTRACT: u32 = 1024;
    /// May not be instantiated from Python.
    pub const NO_NEW: u32 = 2048;
    /// `type` or derived from it.
    pub const TYPE_SUBCLASS: u32 = 4096;
    /// `BaseException` or derived from it.
    pub const EXCEPTION: u32 = 8192;
    /// The collector found the class dead; set and taken away with the world stopped.
    pub const DEAD: u32 = 16384;
}

/// A class object.
pub type TypeObj<M> = Object<M, Type<M>>;

impl<M: Memory> Type<M> {
    /// Shape of a new instance.
    #[inline(always)]
    pub fn shape(&self) -> u32 {
        self.root_shape
    }

    /// Is the bit set?
    #[inline(always)]
    pub fn has(&self, bit: u32) -> bool {
        self.flags.load(Ordering::Relaxed) & bit != 0
    }

    /// Sets a bit.
    pub fn set(&self, bit: u32) {
        self.flags.fetch_or(bit, Ordering::Relaxed);
    }

    /// Must an instance's death be looked at (finaliser, weak references)?
    #[inline(always)]
    pub fn needs_care(&self) -> bool {
        self.has(flags::FINALIZER | flags::WEAKREFED)
    }
}

// SAFETY: the layout `Type` is this struct's alone; `visit` names every field that holds references.
unsafe impl<M: Memory> Payload<M> for Type<M> {
    const SHAPE: u32 = ids::TYPE;
    const LAYOUT: Layout = Layout::Type;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        for slot in [&self.name, &self.qualname, &self.base, &self.bases, &self.mro] {
            f(slot.word());
        }
        f(self.dict.word());
    }
    fn clear(&self, t: &mut Thread<M>, head: &M::Header) {
        let section = crate::memory::Section::enter(t, head);
        let old = [&self.base, &self.bases, &self.mro].map(|s| s.take(&section));
        drop(section);
        drop(old);
    }
}

impl<M: Memory> Thread<M> {
    /// The class of a value.
    #[inline]
    pub fn class_of(&self, obj: &Obj<M>) -> &TypeObj<M> {
        self.interp.class_of(obj.word())
    }

    /// `__name__` of the class of a value, for messages.
    pub fn class_name(&self, obj: &Obj<M>) -> String {
        self.class_of(obj).body.short_name.to_string()
    }

    /// Is the value an instance of the class or of one derived from it (by MRO, not by `__instancecheck__`)?
    pub fn is_instance(&self, obj: &Obj<M>, class: &TypeObj<M>) -> bool {
        self.is_subclass(self.class_of(obj), class)
    }

    /// Is `class` the same as `base` or derived from it?
    pub fn is_subclass(&self, class: &TypeObj<M>, base: &TypeObj<M>) -> bool {
        if std::ptr::eq(class, base) {
            return true;
        }
        let mro = class.body.mro.get(self);
        mro.is_some_and(|mro| crate::types::tuple::items(&mro).iter().any(|c| base.is(c)))
    }
}

/// A native slot function that calls: `f(t, callable, arguments)`.
pub type CallFn<M> = fn(&mut Thread<M>, &Obj<M>, Call<'_, M>) -> crate::object::R<M>;

/// A word that is set once while the interpreter is made.
pub struct Once<T: Copy>(Cell<Option<T>>);

impl<T: Copy> Once<T> {
    /// Unset.
    pub const fn new() -> Self {
        Once(Cell::new(None))
    }
    /// Sets it.
    pub fn set(&self, value: T) {
        self.0.set(Some(value));
    }
    /// The value.
    #[inline(always)]
    pub fn get(&self) -> Option<T> {
        self.0.get()
    }
}

impl<T: Copy> Default for Once<T> {
    fn default() -> Self {
        Self::new()
    }
}

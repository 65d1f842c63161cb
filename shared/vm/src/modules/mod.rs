//! Modules that CPython writes in C: the table of their names, a builder for them, and what they keep per interpreter.

pub mod abc;
pub mod array;
pub mod ast;
pub mod atexit;
pub mod binascii;
pub mod bisect;
pub mod build_class;
pub mod builtins;
pub mod codecs;
pub mod collections;
pub mod contextvars;
pub mod errno;
pub mod executing;
pub mod functools;
pub mod gc;
pub mod hashes;
pub mod heapq;
pub mod imp;
pub mod io;
pub mod itertools;
pub mod marshal;
pub mod math;
pub mod operator;
pub mod posix;
pub mod random;
pub mod signal;
pub mod sre;
pub mod string;
pub mod struct_;
pub mod structseq;
pub mod suggestions;
pub mod sys;
pub mod thread;
pub mod time;
pub mod unicodedata;
pub mod warnings;
pub mod weakref;

use rustc_hash::FxHashMap;

use crate::args::NativeFn;
use crate::context::{Context, Thread};
use crate::locks::Mutex;
use crate::memory::{Memory, Section};
use crate::object::{Obj, R, Val};
use crate::types::ids::Builtin;
use crate::types::native::Native;
use crate::types::{float, int, module, native, tuple};
use crate::value::Word;

/// Makes a module object at its first import.
pub type Init<M> = fn(&mut Thread<M>) -> R<M>;

/// What the modules of one interpreter keep outside of Python objects.
#[derive(Default)]
pub struct State {
    kept: Mutex<FxHashMap<&'static str, Word>>,
    /// Which thread imports which module.
    pub imports: crate::import::locks::Locks,
    /// Registrations with abstract base classes.
    pub registrations: abc::Registrations,
}

impl State {
    /// Calls `f` with every kept word.
    pub fn roots(&self, f: &mut dyn FnMut(Word)) {
        self.kept.lock().values().for_each(|&word| f(word));
    }
}

/// Defines the types of the modules in this folder that exist from the start.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    array::define(t);
    contextvars::define(t);
    functools::define(t);
    hashes::define(t);
    io::define(t);
    operator::define(t);
    posix::define(t);
    random::define(t);
    sre::define(t);
}

impl<M: Memory> Context<M> {
    /// Keeps an object for the interpreter's own use as long as it lives.
    pub fn keep(&self, name: &'static str, value: Obj<M>) {
        let word = crate::code::lasting(self, value);
        self.interp.modules.kept.lock().insert(name, word);
    }

    /// What was kept under that name.
    pub fn kept(&self, name: &str) -> Option<Val<'_, M>> {
        let word = self.interp.modules.kept.lock().get(name).copied()?;
        // SAFETY: kept objects are immortal.
        Some(unsafe { Val::new(word) })
    }
}

/// A module on its way.
pub struct Maker<'a, M: Memory> {
    /// The importing thread.
    pub t: &'a mut Thread<M>,
    /// The module object, not yet known to anybody else.
    pub module: Obj<M>,
    name: Obj<M>,
}

impl<'a, M: Memory> Maker<'a, M> {
    /// An empty module.
    pub fn new(t: &'a mut Thread<M>, name: &str) -> Self {
        let module = module::new(t, name);
        let name = t.intern(name);
        Maker { t, module, name }
    }

    /// `__doc__`
    pub fn doc(self, text: &str) -> Self {
        self.text("__doc__", text)
    }

    /// Any value.
    pub fn set(self, name: &str, value: Obj<M>) -> Self {
        module::set(self.t, &self.module, name, value);
        self
    }

    /// An integer.
    pub fn int(self, name: &str, value: i64) -> Self {
        let value = int::from_i64(self.t, value);
        self.set(name, value)
    }

    /// Several integers.
    pub fn ints(self, values: &[(&str, i64)]) -> Self {
        values.iter().fold(self, |m, &(name, value)| m.int(name, value))
    }

    /// A float.
    pub fn float(self, name: &str, value: f64) -> Self {
        let value = float::new(self.t, value);
        self.set(name, value)
    }

    /// A string.
    pub fn text(self, name: &str, value: &str) -> Self {
        let value = self.t.str(value);
        self.set(name, value)
    }

    /// A tuple of strings.
    pub fn texts(self, name: &str, values: &[&str]) -> Self {
        let items = values.iter().map(|v| self.t.intern(v)).collect();
        let value = tuple::from_vec(self.t, items);
        self.set(name, value)
    }

    /// A function: `"sleep(seconds, /)"`.
    pub fn function(self, signature: &str, f: NativeFn<M>) -> Self {
        let value = native::function(self.t, signature, f);
        set_home(self.t, &value, &self.name);
        let name = signature.split('(').next().unwrap_or(signature);
        self.set(name, value)
    }

    /// Several functions.
    pub fn functions(self, list: &[(&str, NativeFn<M>)]) -> Self {
        list.iter().fold(self, |m, &(signature, f)| m.function(signature, f))
    }

    /// A built-in type under the given name.
    pub fn class(self, name: &str, id: Builtin) -> Self {
        let class = self.t.builtin(id).to_obj();
        self.set(name, class)
    }

    /// The module.
    pub fn finish(self) -> R<M> {
        Ok(self.module)
    }
}

/// Says which module a function belongs to (`__module__`).
pub fn set_home<M: Memory>(ctx: &Context<M>, function: &Obj<M>, module: &Obj<M>) {
    if let (Some(native), Some(head)) = (function.cast::<Native<M>>(), function.head()) {
        let section = Section::enter(ctx, head);
        let old = native.body.home.set(&section, head, module.clone());
        drop(section);
        drop(old);
    }
}

/// Calls `class(*args)`; for classes that are made with values at hand.
pub fn make_class<M: Memory>(t: &mut Thread<M>, name: &str, bases: &[Obj<M>], entries: Vec<(&str, Obj<M>)>) -> R<M> {
    let dict = crate::types::dict::new(t);
    for (key, value) in entries {
        let key = t.intern(key);
        crate::types::dict::set_fresh(t, &dict, key, value);
    }
    let name = t.str(name);
    let bases = tuple::from_vec(t, bases.to_vec());
    let class = t.builtin(Builtin::Type).to_obj();
    t.call(&class, &[name, bases, dict])
}

/// A `types.SimpleNamespace`.
pub fn namespace<M: Memory>(t: &mut Thread<M>, entries: Vec<(&str, Obj<M>)>) -> R<M> {
    let class = t.builtin(Builtin::SimpleNamespace).to_obj();
    let made = t.call(&class, &[])?;
    for (name, value) in entries {
        let name = t.intern(name);
        t.setattr(&made, &name, Some(&value))?;
    }
    Ok(made)
}

macro_rules! table {
    ($($name:literal $module:ident $(:: $part:ident)*;)*) => {
        struct Table<M>(std::marker::PhantomData<M>);
        impl<M: Memory> Table<M> {
            const ROWS: &'static [(&'static str, Init<M>)] = &[$(($name, $module $(:: $part)* ::init::<M>)),*];
        }
    };
}

table! {
    "_abc" abc;
    "_ast" ast;
    "_bisect" bisect;
    "_blake2" hashes::of_blake2;
    "_carets" suggestions::marks;
    "_codecs" codecs;
    "_collections" collections;
    "_contextvars" contextvars;
    "_frozen_importlib" imp::frozen;
    "_frozen_importlib_external" imp::frozen_external;
    "_functools" functools;
    "_heapq" heapq;
    "_imp" imp;
    "_io" io;
    "_md5" hashes::of_md5;
    "_operator" operator;
    "_random" random;
    "_sha1" hashes::of_sha1;
    "_sha2" hashes::of_sha2;
    "_sha3" hashes::of_sha3;
    "_signal" signal;
    "_sre" sre;
    "_struct" struct_;
    "_suggestions" suggestions;
    "_string" string;
    "_thread" thread;
    "_warnings" warnings;
    "_weakref" weakref;
    "array" array;
    "atexit" atexit;
    "binascii" binascii;
    "builtins" builtins;
    "errno" errno;
    "gc" gc;
    "itertools" itertools;
    "marshal" marshal;
    "math" math;
    "posix" posix;
    "sys" sys;
    "time" time;
    "unicodedata" unicodedata;
}

/// Built-in modules by name.
pub fn table<M: Memory>() -> &'static [(&'static str, Init<M>)] {
    Table::<M>::ROWS
}

/// The function that makes a built-in module.
pub fn find<M: Memory>(name: &str) -> Option<Init<M>> {
    table::<M>().iter().find(|row| row.0 == name).map(|row| row.1)
}

//! Making built-in types: a builder that the `define` function of each type's file drives.

use std::sync::atomic::AtomicU32;

use crate::args::{NativeFn, Signature};
use crate::context::{Context, Thread};
use crate::memory::Memory;
use crate::object::{Held, Obj, Ops, Payload, R, Raise, Slot, ops};
use crate::types::ids::Builtin;
use crate::types::native::{Native, NativeKind, ReadFn};
use crate::types::{Slots, Type, TypeObj, descriptors, dict, flags, tuple};
use crate::value::Word;

/// Reads an attribute: `f(t, object)`.
pub type Getter<M> = fn(&mut Thread<M>, &Obj<M>) -> R<M>;
/// Writes or deletes an attribute: `f(t, object, value)`.
pub type Setter<M> = fn(&mut Thread<M>, &Obj<M>, Option<&Obj<M>>) -> Result<(), Raise>;

/// A built-in type on its way.
pub struct Builder<'a, M: Memory> {
    /// The thread that makes the interpreter.
    pub t: &'a mut Thread<M>,
    name: &'static str,
    module: &'static str,
    id: Builtin,
    bases: Vec<Obj<M>>,
    flags: u32,
    ops: &'static Ops,
    dict: Obj<M>,
    slots: Slots<M>,
}

impl<'a, M: Memory> Builder<'a, M> {
    /// A type whose instances have payload `P`. `id` is `Builtin::Null` for types without a fixed shape (then `P::SHAPE`
    /// is that of the nearest base and instances are made with `alloc_of`).
    pub fn new<P: Payload<M>>(t: &'a mut Thread<M>, id: Builtin, name: &'static str) -> Self {
        let ops = t.interp.leak_ops(ops::<M, P>());
        let dict = dict::new(t);
        Builder {
            t,
            name,
            module: "builtins",
            id,
            bases: Vec::new(),
            flags: flags::IMMUTABLE | flags::BASE,
            ops,
            dict,
            slots: Slots::default(),
        }
    }

    /// `__module__`, unless `builtins`.
    pub fn module(mut self, module: &'static str) -> Self {
        self.module = module;
        self
    }

    /// A base, unless `object`.
    pub fn base(mut self, base: &TypeObj<M>) -> Self {
        self.bases.push(base.to_obj());
        self
    }

    /// A base that is a built-in type already defined.
    pub fn base_id(mut self, base: Builtin) -> Self {
        let base = self.t.interp.shapes.class(base as u32).to_obj();
        self.bases.push(base);
        self
    }

    /// May not be derived from.
    pub fn is_final(mut self) -> Self {
        self.flags &= !flags::BASE;
        self
    }

    /// Sets [`flags`].
    pub fn flag(mut self, bits: u32) -> Self {
        self.flags |= bits;
        self
    }

    /// Sets slots.
    pub fn slots(self, f: impl FnOnce(&Slots<M>)) -> Self {
        f(&self.slots);
        self
    }

    /// `__doc__`
    pub fn doc(self, text: &str) -> Self {
        let value = self.t.str(text);
        self.attr("__doc__", value)
    }

    /// Any entry of the namespace.
    pub fn attr(self, name: &str, value: Obj<M>) -> Self {
        let key = self.t.intern(name);
        dict::set_fresh(self.t, &self.dict, key, value);
        self
    }

    fn native(self, kind: NativeKind, signature: &str, f: NativeFn<M>) -> Self {
        let signature = Signature::parse(signature);
        let name = signature.name.to_string();
        let value = Native::make(self.t, kind, signature, f, self.name);
        self.attr(&name, value)
    }

    /// A method: `"append(self, object, /)"`.
    pub fn method(self, signature: &str, f: NativeFn<M>) -> Self {
        self.native(NativeKind::Method, signature, f)
    }

    /// A method that `read` may answer without a call.
    pub fn reader(self, signature: &str, f: NativeFn<M>, read: ReadFn<M>) -> Self {
        let signature = Signature::parse(signature);
        let name = signature.name.to_string();
        let value = Native::make_reader(self.t, NativeKind::Method, signature, f, Some(read), self.name);
        self.attr(&name, value)
    }

    /// A class method; slot 0 is the class.
    pub fn classmethod(self, signature: &str, f: NativeFn<M>) -> Self {
        self.native(NativeKind::ClassMethod, signature, f)
    }

    /// A static method.
    pub fn staticmethod(self, signature: &str, f: NativeFn<M>) -> Self {
        self.native(NativeKind::Static, signature, f)
    }

    /// A computed attribute.
    pub fn getset(self, name: &'static str, get: Getter<M>, set: Option<Setter<M>>) -> Self {
        let value = descriptors::getset(self.t, name, get, set);
        self.attr(name, value)
    }

    /// A computed attribute that cannot be set.
    pub fn getter(self, name: &'static str, get: Getter<M>) -> Self {
        self.getset(name, get, None)
    }

    /// Makes the type object, registers its shape and gives the special methods of its slots names in its namespace.
    pub fn finish(self) -> Obj<M> {
        let Builder { t, name, module, id, mut bases, flags, ops, dict, slots } = self;
        if bases.is_empty() && id != Builtin::Object {
            bases.push(t.interp.shapes.class(Builtin::Object as u32).to_obj());
        }
        // An attribute of the instances may have that name (functions); then the type itself is of `builtins`.
        let key = t.intern("__module__");
        if dict::get_str(t, &dict, &key).is_none() {
            let module_name = t.intern(module);
            dict::set_fresh(t, &dict, key, module_name);
        }
        let key = t.intern("__doc__");
        if dict::get_str(t, &dict, &key).is_none() {
            let text = if module == "builtins" { super::docs::of(name) } else { None };
            let text = text.map_or(Obj::NONE, |text| t.str(text));
            dict::set_fresh(t, &dict, key, text);
        }
        let shape =
            if id == Builtin::Null { t.interp.shapes.reserve().expect("far fewer built-in types") } else { id as u32 };
        let short_name = name.rsplit('.').next().unwrap_or(name);
        let name_obj = t.intern(short_name);
        let payload = Type {
            name: Slot::fresh(name_obj.clone()),
            qualname: Slot::fresh(name_obj),
            dict: Held::fresh(dict),
            base: bases.first().map_or_else(Slot::empty, |b| Slot::fresh(b.clone())),
            bases: Slot::fresh(tuple::from_vec(t, bases.clone())),
            mro: Slot::empty(),
            ops,
            area_words: 0,
            dict_index: None,
            inline: Box::default(),
            flags: AtomicU32::new(flags),
            root_shape: shape,
            shapes_made: Default::default(),
            dict_shape: AtomicU32::new(0),
            subclasses: Default::default(),
            slots,
            version: AtomicU32::new(0),
            short_name: name.into(),
        };
        let class = t.alloc(payload);
        crate::types::class::ready(t, &class, &bases);
        class
    }
}

impl<M: Memory> Context<M> {
    /// The type object of a built-in type.
    #[inline(always)]
    pub fn builtin(&self, id: Builtin) -> &TypeObj<M> {
        self.interp.shapes.class(id as u32)
    }
}

/// An instance that is nothing but its class (payload of `object()`).
pub struct Plain;

// SAFETY: owns nothing.
unsafe impl<M: Memory> Payload<M> for Plain {
    const SHAPE: u32 = crate::types::ids::OBJECT;
    const LAYOUT: crate::object::Layout = crate::object::Layout::Object;
    fn visit(&self, _: &mut dyn FnMut(Word)) {}
}

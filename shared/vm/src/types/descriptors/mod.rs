//! Descriptors: property, staticmethod, classmethod, members (`__slots__`), computed attributes of built-in types, super.

mod property;
mod super_object;
mod wrapped;

use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::{CellWord, Memory, Section};
use crate::object::{self, Held, Layout, Obj, Payload, R, Raise, Slot, Val};
use crate::types::TypeObj;
use crate::types::build::{Builder, Getter, Setter};
use crate::types::class::as_class;
use crate::types::ids::{self, Builtin};
use crate::types::str::to_text;
use crate::value::Word;
pub use property::Property;
use property::define_property;
pub(crate) use property::property_function;
use super_object::define_super;
pub use super_object::{Super, super_get, super_lookup};
use wrapped::define_wrapped;
pub use wrapped::{Wrapped, classmethod, static_function, staticmethod, wrapped_word};

fn null<M: Memory>() -> Obj<M> {
    // SAFETY: the null word owns nothing.
    unsafe { Obj::from_word(Word::NULL) }
}

/// Payload views inside slots that are only set on that payload.
macro_rules! body {
    ($obj:expr, $ty:ty) => {
        // SAFETY: this function is a slot or method of that type (derived types share the layout).
        unsafe { $obj.cast_unchecked::<$ty>() }
    };
}
use body;

/// A computed attribute. Read-only.
pub struct GetSet<M: Memory> {
    name: &'static str,
    get: Getter<M>,
    set: Option<Setter<M>>,
    /// `__objclass__`, once known.
    class: Slot<M>,
}

// SAFETY: the layout is this struct's alone; `visit` names its one reference.
unsafe impl<M: Memory> Payload<M> for GetSet<M> {
    const SHAPE: u32 = ids::GETSET;
    const LAYOUT: Layout = Layout::GetSet;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.class.word());
    }
}

/// Says which class a computed attribute belongs to; anything else is left alone.
pub fn set_class<M: Memory>(ctx: &Context<M>, obj: &Obj<M>, class: &Obj<M>) {
    if let Some(getset) = obj.exact::<GetSet<M>>() {
        let old = getset.body.class.set(&getset.section(ctx), &getset.head, class.clone());
        drop(old);
    }
}

/// A computed attribute for a namespace.
pub fn getset<M: Memory>(ctx: &Context<M>, name: &'static str, get: Getter<M>, set: Option<Setter<M>>) -> Obj<M> {
    ctx.alloc(GetSet { name, get, set, class: Slot::empty() })
}

fn getset_get<M: Memory>(t: &mut Thread<M>, d: &Obj<M>, instance: Option<&Obj<M>>, _: &TypeObj<M>) -> R<M> {
    match instance {
        Some(instance) => (body!(d, GetSet<M>).body.get)(t, instance),
        None => Ok(d.clone()),
    }
}

fn getset_set<M: Memory>(
    t: &mut Thread<M>,
    d: &Obj<M>,
    instance: &Obj<M>,
    value: Option<&Obj<M>>,
) -> Result<(), Raise> {
    let body = &body!(d, GetSet<M>).body;
    match body.set {
        Some(set) => set(t, instance, value),
        None => {
            let class = t.class_name(instance);
            let message = format!("attribute '{}' of '{class}' objects is not writable", body.name);
            Err(t.raise(Kind::AttributeError, message))
        }
    }
}

/// A word of the attribute area that `__slots__` named. Read-only.
pub struct Member<M: Memory> {
    name: Held<M>,
    index: u16,
    class: Held<M>,
}

// SAFETY: the layout is this struct's alone; both references are visited.
unsafe impl<M: Memory> Payload<M> for Member<M> {
    const SHAPE: u32 = ids::MEMBER;
    const LAYOUT: Layout = Layout::Member;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.name.word());
        f(self.class.word());
    }
}

impl<M: Memory> Member<M> {
    /// The class that the member belongs to.
    pub fn class(&self) -> &Obj<M> {
        &self.class
    }

    /// The index of its word in the attribute area.
    pub fn index(&self) -> u16 {
        self.index
    }
}

/// A member descriptor of `class`.
pub fn member<M: Memory>(ctx: &Context<M>, name: &str, index: u16, class: &Obj<M>) -> Obj<M> {
    let name = Held::fresh(ctx.intern(name));
    ctx.alloc(Member { name, index, class: Held::fresh(class.clone()) })
}

fn member_cell<'a, M: Memory>(t: &mut Thread<M>, m: &Member<M>, instance: &'a Obj<M>) -> Result<&'a M::Cell, Raise> {
    if !t.is_instance(instance, as_class(&m.class)) {
        let (name, owner) = (to_text(&m.name).into_owned(), as_class(&m.class).body.short_name.to_string());
        let class = t.class_name(instance);
        let message = format!("descriptor '{name}' for '{owner}' objects doesn't apply to a '{class}' object");
        return Err(t.raise(Kind::TypeError, message));
    }
    let class = t.class_of(instance);
    // SAFETY: the object is of that class, and a derived class keeps the words of its base.
    Ok(unsafe { &object::area::<M>(instance.word().address(), &class.body)[m.index as usize] })
}

fn member_get<M: Memory>(t: &mut Thread<M>, d: &Obj<M>, instance: Option<&Obj<M>>, _: &TypeObj<M>) -> R<M> {
    let Some(instance) = instance else { return Ok(d.clone()) };
    let m = &body!(d, Member<M>).body;
    let word = Word(member_cell(t, m, instance)?.load());
    if word == Word::NULL {
        let name = (*m.name).clone();
        let text = to_text(&name).into_owned();
        let class = t.class_name(instance);
        return Err(t.raise_attribute_error(format!("'{class}' object has no attribute '{text}'"), instance, &name));
    }
    // SAFETY: just loaded.
    Ok(unsafe { Val::<M>::new(word) }.own())
}

fn member_set<M: Memory>(
    t: &mut Thread<M>,
    d: &Obj<M>,
    instance: &Obj<M>,
    value: Option<&Obj<M>>,
) -> Result<(), Raise> {
    let m = &body!(d, Member<M>).body;
    let cell = member_cell(t, m, instance)?;
    let head = instance.head().expect("an instance with members is a pointer");
    let section = Section::<M>::enter(t, head);
    // SAFETY: (both) the cell belongs to the instance, inside its section; the old word is handed over.
    let old: Obj<M> = unsafe {
        match value {
            Some(value) => Obj::from_word(M::store(t, head, cell, value.clone().into_word())),
            None => {
                let old = Word(cell.load());
                cell.store(Word::NULL.0);
                Obj::from_word(old)
            }
        }
    };
    drop(section);
    if value.is_none() && old.is_null() {
        let name = (*m.name).clone();
        let text = to_text(&name).into_owned();
        return Err(t.raise_attribute_error(text, instance, &name));
    }
    Ok(())
}

/// Defines the descriptor types.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<GetSet<M>>(t, Builtin::GetSet, "getset_descriptor")
        .is_final()
        .slots(|s| {
            s.descr_get.set(Some(getset_get));
            s.descr_set.set(Some(getset_set));
            s.repr.set(Some(|t, d| Ok(t.string(format!("<attribute '{}'>", body!(d, GetSet<M>).body.name)))));
        })
        .getter("__name__", |t, d| Ok(t.str(body!(d, GetSet<M>).body.name)))
        .getter("__objclass__", |t, d| Ok(body!(d, GetSet<M>).body.class.get(t).map_or(Obj::NONE, |c| c.own())))
        .getter("__doc__", |_, _| Ok(Obj::NONE))
        .finish();
    Builder::new::<Member<M>>(t, Builtin::Member, "member_descriptor")
        .is_final()
        .slots(|s| {
            s.descr_get.set(Some(member_get));
            s.descr_set.set(Some(member_set));
            s.repr.set(Some(|t, d| {
                let m = &body!(d, Member<M>).body;
                let class = as_class(&m.class).body.short_name.to_string();
                Ok(t.string(format!("<member '{}' of '{class}' objects>", to_text(&m.name))))
            }));
        })
        .getter("__name__", |_, d| Ok((*body!(d, Member<M>).body.name).clone()))
        .getter("__objclass__", |_, d| Ok((*body!(d, Member<M>).body.class).clone()))
        .getter("__doc__", |_, _| Ok(Obj::NONE))
        .finish();
    define_wrapped::<M, false>(t, Builtin::StaticMethod, "staticmethod");
    define_wrapped::<M, true>(t, Builtin::ClassMethod, "classmethod");
    define_property(t);
    define_super(t);
}

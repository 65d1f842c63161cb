//! `types.SimpleNamespace`: an object that is its attributes.

use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::{Memory, Section};
use crate::object::{Layout, Obj, Payload, R, Raise, Slot};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::slots::CmpOp;
use crate::types::str::{Str, to_text};
use crate::types::{TypeObj, dict, tuple};
use crate::value::Word;

/// Payload of a namespace.
pub struct Namespace<M: Memory> {
    /// The attributes, always there.
    pub dict: Slot<M>,
}

// SAFETY: the layout `Namespace` is this struct's alone; `visit` names its one reference.
unsafe impl<M: Memory> Payload<M> for Namespace<M> {
    const SHAPE: u32 = ids::SIMPLE_NAMESPACE;
    const LAYOUT: Layout = Layout::Namespace;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.dict.word());
    }
    fn dict(&self) -> Option<&Slot<M>> {
        Some(&self.dict)
    }
    fn clear(&self, t: &mut Thread<M>, head: &M::Header) {
        let old = {
            let section = Section::enter(t, head);
            self.dict.take(&section)
        };
        drop(old);
    }
}

/// A namespace with these attributes.
pub fn new<M: Memory>(ctx: &Context<M>, entries: Vec<(&str, Obj<M>)>) -> Obj<M> {
    let attributes = dict::new(ctx);
    for (name, value) in entries {
        let name = ctx.intern(name);
        dict::set_fresh(ctx, &attributes, name, value);
    }
    ctx.alloc(Namespace { dict: Slot::fresh(attributes) })
}

fn attributes<M: Memory>(ctx: &Context<M>, obj: &Obj<M>) -> Obj<M> {
    let found = obj.cast::<Namespace<M>>().and_then(|at| at.body.dict.get(ctx).map(|d| d.own()));
    found.unwrap_or_else(|| dict::new(ctx))
}

/// Defines the class.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Namespace<M>>(t, Builtin::SimpleNamespace, "types.SimpleNamespace")
        .module("types")
        .slots(|s| {
            s.new.set(Some(|t, class: &TypeObj<M>, _| {
                let dict = Slot::fresh(dict::new(t));
                Ok(t.alloc_of(class, Namespace { dict }))
            }));
            s.init.set(Some(init));
            s.repr.set(Some(repr));
            s.compare.set(Some(compare));
        })
        .getter("__dict__", crate::types::object::get_dict)
        .method("__reduce__(self, /)", reduce)
        .method("__replace__(self, /, **changes)", replace)
        .finish();
}

fn init<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, call: Call<'_, M>) -> Result<(), Raise> {
    let own = attributes(t, obj);
    match call.positional() {
        [] => {}
        [source] => {
            let class = t.builtin(Builtin::Dict).to_obj();
            let source = if source.cast::<dict::Dict<M>>().is_some() {
                source.clone()
            } else {
                t.call(&class, std::slice::from_ref(source))?
            };
            if dict::items(t, &source).iter().any(|(key, _)| key.cast::<Str<M>>().is_none()) {
                return Err(t.raise(Kind::TypeError, "keywords must be strings"));
            }
            dict::update(t, &own, &source)?;
        }
        more => {
            let message = format!("SimpleNamespace expected at most 1 argument, got {}", more.len());
            return Err(t.raise(Kind::TypeError, message));
        }
    }
    for (name, value) in call.names.iter().zip(call.keyword_values()) {
        dict::set_str(t, &own, name.clone(), value.clone());
    }
    Ok(())
}

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let class = t.class_of(obj).body.root_shape;
    let name = if class == ids::SIMPLE_NAMESPACE { "namespace".into() } else { t.class_name(obj) };
    let at = obj.word().address();
    if t.repr_stack.borrow().contains(&at) {
        return Ok(t.string(format!("{name}(...)")));
    }
    t.repr_stack.borrow_mut().push(at);
    let text = entries(t, obj);
    t.repr_stack.borrow_mut().pop();
    let text = text?;
    Ok(t.string(format!("{name}({text})")))
}

fn entries<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<String, Raise> {
    let own = attributes(t, obj);
    let mut parts = Vec::new();
    for (key, value) in dict::items(t, &own) {
        if key.cast::<Str<M>>().is_some_and(|_| !to_text(&key).is_empty()) {
            let value = t.repr(&value)?;
            parts.push(format!("{}={}", to_text(&key), to_text(&value)));
        }
    }
    Ok(parts.join(", "))
}

fn compare<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    if a.cast::<Namespace<M>>().is_none() || b.cast::<Namespace<M>>().is_none() {
        return Ok(Obj::not_implemented());
    }
    let (a, b) = (attributes(t, a), attributes(t, b));
    t.compare(&a, &b, op)
}

fn reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let class = t.class_of(&args[0]).to_obj();
    let own = attributes(t, &args[0]);
    Ok(tuple::from_vec(t, vec![class, tuple::empty(t), own]))
}

fn replace<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let class = t.class_of(&args[0]).to_obj();
    let made = t.call(&class, &[])?;
    let (own, target) = (attributes(t, &args[0]), attributes(t, &made));
    dict::update(t, &target, &own)?;
    for (name, value) in args.names.iter().zip(args.values) {
        dict::set_str(t, &target, name.clone(), value.clone());
    }
    Ok(made)
}

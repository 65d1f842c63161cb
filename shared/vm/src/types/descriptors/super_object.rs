//! `super`: attributes looked up behind a class in the order of its ancestors.

use super::{body, null};
use crate::args::Call;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::lookup;
use crate::memory::Memory;
use crate::object::{Held, Layout, Locked, Obj, Payload, R, Raise, Val};
use crate::types::build::Builder;
use crate::types::class::as_class;
use crate::types::ids::{self, Builtin};
use crate::types::str::to_text;
use crate::types::{Type, TypeObj, cell, dict, tuple};
use crate::value::Word;

struct SuperParts<M: Memory> {
    class: Held<M>,
    object: Held<M>,
    object_class: Held<M>,
}

/// `super(class, object)`; changed only by `__init__`.
pub struct Super<M: Memory> {
    parts: Locked<SuperParts<M>>,
}

// SAFETY: the layout is this struct's alone; all references are visited.
unsafe impl<M: Memory> Payload<M> for Super<M> {
    const SHAPE: u32 = ids::SUPER;
    const LAYOUT: Layout = Layout::Super;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        // SAFETY: visitors run with the world stopped or on private objects.
        let parts = unsafe { self.parts.peek() };
        [&parts.class, &parts.object, &parts.object_class].iter().for_each(|h| f(h.word()));
    }
}

/// `super(class, object).name`
pub fn super_get<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, object: &Obj<M>, name: &Obj<M>) -> R<M> {
    let start = super_class(t, class, object)?;
    match super_find(t, class, object, &start, name)? {
        Some(value) => Ok(value),
        None => {
            let text = to_text(name).into_owned();
            Err(t.raise_attribute_error(format!("'super' object has no attribute '{text}'"), object, name))
        }
    }
}

/// The class whose MRO is searched: the object itself when it is a class derived from `class`, else its class.
fn super_class<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, object: &Obj<M>) -> R<M> {
    if let Some(own) = object.cast::<Type<M>>()
        && t.is_subclass(own, class)
    {
        return Ok(object.clone());
    }
    if t.is_instance(object, class) {
        return Ok(t.class_of(object).to_obj());
    }
    if let Some(claimed) = t.getattr_opt_str(object, "__class__")?
        && claimed.cast::<Type<M>>().is_some_and(|c| t.is_subclass(c, class))
    {
        return Ok(claimed);
    }
    let is_class = object.cast::<Type<M>>().map(|c| c.body.short_name.to_string());
    let what = match is_class {
        Some(name) => format!("type {name}"),
        None => format!("instance of {}", t.class_name(object)),
    };
    let class = class.body.short_name.to_string();
    let message = format!("super(type, obj): obj ({what}) is not an instance or subtype of type ({class}).");
    Err(t.raise(Kind::TypeError, message))
}

/// The unbound attribute behind `class` in the MRO of `start`.
pub fn super_lookup<'a, M: Memory>(
    t: &'a Thread<M>,
    class: &TypeObj<M>,
    start: &TypeObj<M>,
    name: &Obj<M>,
) -> Option<Val<'a, M>> {
    let mro = start.body.mro.get(t)?;
    let after = tuple::items(&mro).iter().skip_while(|c| !class.is(c)).skip(1);
    let found = after.map(as_class).find_map(|c| dict::get_str(t, &c.body.dict, name).map(|v| v.word()))?;
    // SAFETY: just loaded; the thread is borrowed.
    Some(unsafe { Val::new(found) })
}

fn super_find<M: Memory>(
    t: &mut Thread<M>,
    class: &TypeObj<M>,
    object: &Obj<M>,
    start: &Obj<M>,
    name: &Obj<M>,
) -> Result<Option<Obj<M>>, Raise> {
    let Some(found) = super_lookup(t, class, as_class(start), name).map(|v| v.own()) else { return Ok(None) };
    match t.class_of(&found).body.slots.descr_get.get() {
        Some(get) => {
            let instance = if start.is(object) { None } else { Some(object) };
            get(t, &found, instance, as_class(start)).map(Some)
        }
        None => Ok(Some(found)),
    }
}

fn super_parts<M: Memory>(t: &Thread<M>, obj: &Obj<M>) -> (Obj<M>, Obj<M>, Obj<M>) {
    let s = body!(obj, Super<M>);
    s.body.parts.with(t, &s.head, |p| ((*p.class).clone(), (*p.object).clone(), (*p.object_class).clone()))
}

fn super_getattr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: &Obj<M>) -> R<M> {
    let (class, object, start) = super_parts(t, obj);
    let special = matches!(&*to_text(name), "__class__");
    if !class.is_null()
        && !start.is_null()
        && !special
        && let Some(value) = super_find(t, as_class(&class), &object, &start, name)?
    {
        return Ok(value);
    }
    lookup::generic_get(t, obj, name)
}

fn super_init<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, call: Call<'_, M>) -> Result<(), Raise> {
    let (class, object) = match call.slots {
        [] => super_from_frame(t)?,
        [class] => (class.clone(), null()),
        [class, object] => (class.clone(), if object.is_none() { null() } else { object.clone() }),
        more => {
            let n = more.len();
            return Err(t.raise(Kind::TypeError, format!("super() takes at most 2 arguments ({n} given)")));
        }
    };
    let Some(class_obj) = class.cast::<Type<M>>() else {
        let class = t.class_name(&class);
        return Err(t.raise(Kind::TypeError, format!("super() argument 1 must be a type, not {class}")));
    };
    let start = if object.is_null() { null() } else { super_class(t, class_obj, &object)? };
    let s = body!(obj, Super<M>);
    let hold = |o| Held::new(t, &s.head, o);
    let fresh = SuperParts { class: hold(class.clone()), object: hold(object), object_class: hold(start) };
    let old = s.body.parts.with(t, &s.head, |p| std::mem::replace(p, fresh));
    drop(old);
    Ok(())
}

/// `super()` without arguments: `__class__` from the closure of the calling function, its first argument.
fn super_from_frame<M: Memory>(t: &mut Thread<M>) -> Result<(Obj<M>, Obj<M>), Raise> {
    let Some(frame) = crate::interp::frame::Frame::current(t) else {
        return Err(t.raise(Kind::RuntimeError, "super(): no current frame"));
    };
    let code = frame.code();
    if code.argcount == 0 && !code.code.flags.varargs {
        return Err(t.raise(Kind::RuntimeError, "super(): no arguments"));
    }
    let mut first = if code.argcount > 0 { frame.register(0) } else { null() };
    if let Some(cell) = first.cast::<cell::Cell<M>>()
        && code.code.cells.contains(&0)
    {
        first = cell.body.value.get(t).map_or_else(null, |v| v.own());
    }
    if first.is_null() {
        return Err(t.raise(Kind::RuntimeError, "super(): arg[0] deleted"));
    }
    let Some(i) = code.code.freevars.iter().position(|n| &**n == "__class__") else {
        return Err(t.raise(Kind::RuntimeError, "super(): __class__ cell not found"));
    };
    let class =
        frame.free_cell(i).and_then(|c| c.cast::<cell::Cell<M>>().and_then(|c| c.body.value.get(t).map(|v| v.own())));
    match class {
        Some(class) => Ok((class, first)),
        None => Err(t.raise(Kind::RuntimeError, "super(): empty __class__ cell")),
    }
}

fn super_repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let (class, _, start) = super_parts(t, obj);
    let name = |c: &Obj<M>| c.cast::<Type<M>>().map_or("NULL".to_string(), |c| c.body.short_name.to_string());
    let text = if start.is_null() {
        format!("<super: <class '{}'>, NULL>", name(&class))
    } else {
        format!("<super: <class '{}'>, <{} object>>", name(&class), name(&start))
    };
    Ok(t.string(text))
}

fn super_descr_get<M: Memory>(t: &mut Thread<M>, d: &Obj<M>, instance: Option<&Obj<M>>, _: &TypeObj<M>) -> R<M> {
    let (class, object, _) = super_parts(t, d);
    match instance {
        Some(instance) if object.is_null() => {
            let own = t.class_of(d).to_obj();
            t.call(&own, &[class, instance.clone()])
        }
        _ => Ok(d.clone()),
    }
}

/// Defines `super`.
pub(super) fn define_super<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Super<M>>(t, Builtin::Super, "super")
        .slots(|s| {
            s.new.set(Some(|t, class, _| {
                let parts = SuperParts {
                    class: Held::fresh(null()),
                    object: Held::fresh(null()),
                    object_class: Held::fresh(null()),
                };
                Ok(t.alloc_of(class, Super { parts: Locked::new(parts) }))
            }));
            s.init.set(Some(super_init));
            s.getattr.set(Some(super_getattr));
            s.descr_get.set(Some(super_descr_get));
            s.repr.set(Some(super_repr));
        })
        .getter("__thisclass__", |t, o| Ok(super_parts(t, o).0))
        .getter("__self__", |t, o| Ok(Some(super_parts(t, o).1).filter(|x| !x.is_null()).unwrap_or(Obj::NONE)))
        .getter("__self_class__", |t, o| Ok(Some(super_parts(t, o).2).filter(|x| !x.is_null()).unwrap_or(Obj::NONE)))
        .finish();
}

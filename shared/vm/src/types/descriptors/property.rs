//! `property`: an attribute computed by functions of the program.

use super::body;
use super::wrapped::is_abstract;
use crate::args::{Args, Call};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::lookup;
use crate::memory::{Header, Memory};
use crate::object::{Layout, Obj, Object, Payload, R, Raise, Slot};
use crate::types::build::{Builder, Getter};
use crate::types::class::as_class;
use crate::types::ids::{self, Builtin};
use crate::types::str::to_text;
use crate::types::{TypeObj, dict};
use crate::value::Word;

/// `property`: getter, setter, deleter, doc, name.
pub struct Property<M: Memory> {
    parts: [Slot<M>; 5],
}

// SAFETY: the layout is this struct's alone; all references are visited.
unsafe impl<M: Memory> Payload<M> for Property<M> {
    const SHAPE: u32 = ids::PROPERTY;
    const LAYOUT: Layout = Layout::Property;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        self.parts.iter().for_each(|p| f(p.word()));
    }
}

const GET: usize = 0;
const SET: usize = 1;
const DEL: usize = 2;
const DOC: usize = 3;
const NAME: usize = 4;

fn part<M: Memory>(t: &Thread<M>, d: &Obj<M>, i: usize) -> Option<Obj<M>> {
    body!(d, Property<M>).body.parts[i].get(t).map(|v| v.own()).filter(|v| !v.is_none())
}

fn set_part<M: Memory>(t: &mut Thread<M>, d: &Obj<M>, i: usize, value: Obj<M>) {
    let p = body!(d, Property<M>);
    let old = p.body.parts[i].set(&p.section(t), &p.head, value);
    drop(old);
}

/// The getter (or the setter) of an exact property, if it is a function in Python, as the slot holds it.
///
/// # Safety
/// `d` is a valid word of an exact property.
#[inline(always)]
pub(crate) unsafe fn property_function<M: Memory>(d: Word, set: bool) -> Option<Word> {
    // SAFETY: by the caller's word; what a slot holds is valid until the next poll.
    unsafe {
        let word = (*d.address().cast::<Object<M, Property<M>>>()).body.parts[if set { SET } else { GET }].word();
        let plain = word.is_ptr() && (*word.address().cast::<M::Header>()).shape() == ids::FUNCTION;
        if plain { Some(word) } else { None }
    }
}

fn property_init<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let d = &args[0];
    for i in [GET, SET, DEL] {
        set_part(t, d, i, args.some(i + 1).cloned().unwrap_or(Obj::NONE));
    }
    let doc = match (args.some(4), args.some(1)) {
        (Some(doc), _) => Some(doc.clone()),
        (None, Some(get)) => t.getattr_opt_str(get, "__doc__")?,
        _ => None,
    };
    let doc = doc.unwrap_or(Obj::NONE);
    if d.shape() != ids::PROPERTY
        && let Some(dict) = lookup::instance_dict(t, d)
    {
        let key = t.intern("__doc__");
        dict::set_str(t, &dict, key, doc.clone());
    }
    set_part(t, d, DOC, doc);
    Ok(Obj::NONE)
}

fn property_new<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, _: Call<'_, M>) -> R<M> {
    let parts = [Slot::empty(), Slot::empty(), Slot::empty(), Slot::empty(), Slot::empty()];
    Ok(t.alloc_of(class, Property { parts }))
}

fn property_get<M: Memory>(t: &mut Thread<M>, d: &Obj<M>, instance: Option<&Obj<M>>, _: &TypeObj<M>) -> R<M> {
    let Some(instance) = instance else { return Ok(d.clone()) };
    match part(t, d, GET) {
        Some(get) => t.call(&get, std::slice::from_ref(instance)),
        None => Err(no_accessor(t, d, instance, "getter")),
    }
}

fn property_set<M: Memory>(
    t: &mut Thread<M>,
    d: &Obj<M>,
    instance: &Obj<M>,
    value: Option<&Obj<M>>,
) -> Result<(), Raise> {
    match value {
        Some(value) => match part(t, d, SET) {
            Some(set) => t.call(&set, &[instance.clone(), value.clone()]).map(drop),
            None => Err(no_accessor(t, d, instance, "setter")),
        },
        None => match part(t, d, DEL) {
            Some(del) => t.call(&del, std::slice::from_ref(instance)).map(drop),
            None => Err(no_accessor(t, d, instance, "deleter")),
        },
    }
}

fn property_name<M: Memory>(t: &mut Thread<M>, d: &Obj<M>) -> Option<Obj<M>> {
    if let Some(name) = part(t, d, NAME) {
        return Some(name);
    }
    let get = part(t, d, GET)?;
    t.getattr_opt_str(&get, "__name__").ok().flatten()
}

#[cold]
fn no_accessor<M: Memory>(t: &mut Thread<M>, d: &Obj<M>, instance: &Obj<M>, what: &str) -> Raise {
    let name = property_name(t, d).map_or(String::new(), |n| format!(" '{}'", to_text(&n)));
    let class = t.class_of(instance).to_obj();
    let class = as_class(&class).body.qualname.get(t).map(|q| to_text(&q).into_owned()).unwrap_or_default();
    t.raise(Kind::AttributeError, format!("property{name} of '{class}' object has no {what}"))
}

fn property_with<M: Memory>(t: &mut Thread<M>, d: &Obj<M>, i: usize, f: &Obj<M>) -> R<M> {
    let mut parts: Vec<Obj<M>> = (0..3).map(|k| part(t, d, k).unwrap_or(Obj::NONE)).collect();
    parts[i] = f.clone();
    if let Some(doc) = part(t, d, DOC).filter(|_| i != GET) {
        parts.push(doc);
    }
    let class = t.class_of(d).to_obj();
    let made = t.call(&class, &parts)?;
    if let (Some(name), true) = (part(t, d, NAME), made.cast::<Property<M>>().is_some()) {
        set_part(t, &made, NAME, name);
    }
    Ok(made)
}

pub(super) fn define_property<M: Memory>(t: &mut Thread<M>) {
    let read = |i: usize| -> Getter<M> {
        [
            |t: &mut Thread<M>, d: &Obj<M>| Ok(part(t, d, GET).unwrap_or(Obj::NONE)),
            |t: &mut Thread<M>, d: &Obj<M>| Ok(part(t, d, SET).unwrap_or(Obj::NONE)),
            |t: &mut Thread<M>, d: &Obj<M>| Ok(part(t, d, DEL).unwrap_or(Obj::NONE)),
            |t: &mut Thread<M>, d: &Obj<M>| Ok(part(t, d, DOC).unwrap_or(Obj::NONE)),
        ][i]
    };
    Builder::new::<Property<M>>(t, Builtin::Property, "property")
        .slots(|s| {
            s.new.set(Some(property_new));
            s.descr_get.set(Some(property_get));
            s.descr_set.set(Some(property_set));
            s.init.set(Some(|t, d, c| {
                let init = t.getattr_str(&t.builtin(Builtin::Property).to_obj(), "__init__")?;
                let mut slots = vec![d.clone()];
                slots.extend(c.slots.iter().cloned());
                t.call_with(&init, Call { slots: &slots, names: c.names }).map(drop)
            }));
        })
        .method("__init__(self, fget=None, fset=None, fdel=None, doc=None)", property_init)
        .method("getter(self, fget, /)", |t, a| property_with(t, &a[0], GET, &a[1]))
        .method("setter(self, fset, /)", |t, a| property_with(t, &a[0], SET, &a[1]))
        .method("deleter(self, fdel, /)", |t, a| property_with(t, &a[0], DEL, &a[1]))
        .method("__set_name__(self, owner, name, /)", |t, a| {
            set_part(t, &a[0], NAME, a[2].clone());
            Ok(Obj::NONE)
        })
        .getter("fget", read(GET))
        .getter("fset", read(SET))
        .getter("fdel", read(DEL))
        .getset(
            "__doc__",
            read(DOC),
            Some(|t, d, v| {
                set_part(t, d, DOC, v.cloned().unwrap_or(Obj::NONE));
                Ok(())
            }),
        )
        .getset(
            "__name__",
            |t, d| match property_name(t, d) {
                Some(name) => Ok(name),
                None => Err(t.raise(Kind::AttributeError, "'property' object has no attribute '__name__'")),
            },
            Some(|t, d, v| {
                set_part(t, d, NAME, v.cloned().unwrap_or(Obj::NONE));
                Ok(())
            }),
        )
        .getter("__isabstractmethod__", |t, d| {
            for i in [GET, SET, DEL] {
                if let Some(f) = part(t, d, i)
                    && is_abstract(t, &f)?
                {
                    return Ok(Obj::bool(true));
                }
            }
            Ok(Obj::bool(false))
        })
        .finish();
}

//! `staticmethod` and `classmethod`: callables that bind nothing, or the class.

use super::body;
use crate::args::Call;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::lookup;
use crate::memory::Memory;
use crate::object::{Layout, Obj, Payload, R, Raise, Slot};
use crate::types::build::Builder;
use crate::types::class::as_class;
use crate::types::ids::{self, Builtin};
use crate::types::str::to_text;
use crate::types::{TypeObj, dict};
use crate::value::Word;

/// `staticmethod` or `classmethod`: a wrapped callable and attributes.
pub struct Wrapped<M: Memory, const CLASS: bool> {
    f: Slot<M>,
    dict: Slot<M>,
}

macro_rules! wrapped_payload {
    ($class:literal $shape:ident $layout:ident) => {
        // SAFETY: the layout is this struct's alone; both references are visited.
        unsafe impl<M: Memory> Payload<M> for Wrapped<M, $class> {
            const SHAPE: u32 = ids::$shape;
            const LAYOUT: Layout = Layout::$layout;
            fn visit(&self, f: &mut dyn FnMut(Word)) {
                f(self.f.word());
                f(self.dict.word());
            }
            fn dict(&self) -> Option<&Slot<M>> {
                Some(&self.dict)
            }
        }
    };
}
wrapped_payload!(false STATICMETHOD StaticMethod);
wrapped_payload!(true CLASSMETHOD ClassMethod);

/// `staticmethod(f)`
pub fn staticmethod<M: Memory>(ctx: &Context<M>, f: Obj<M>) -> Obj<M> {
    ctx.alloc(Wrapped::<M, false> { f: Slot::fresh(f), dict: Slot::empty() })
}

/// `classmethod(f)`
pub fn classmethod<M: Memory>(ctx: &Context<M>, f: Obj<M>) -> Obj<M> {
    ctx.alloc(Wrapped::<M, true> { f: Slot::fresh(f), dict: Slot::empty() })
}

fn wrapped_f<M: Memory, const CLASS: bool>(t: &Thread<M>, d: &Obj<M>) -> Obj<M> {
    body!(d, Wrapped<M, CLASS>).body.f.get(t).map_or(Obj::NONE, |f| f.own())
}

/// The callable behind a `staticmethod` object.
pub fn static_function<M: Memory>(t: &Thread<M>, d: &Obj<M>) -> Option<Obj<M>> {
    d.cast::<Wrapped<M, false>>().map(|_| wrapped_f::<M, false>(t, d))
}

/// The callable behind an exact `staticmethod` or `classmethod`, which never changes, and whether it gets the class. Only
/// functions do that without being asked.
pub fn wrapped_word<M: Memory>(t: &Thread<M>, d: &Obj<M>) -> Option<(Word, bool)> {
    let (f, of_class) = match d.shape() {
        ids::STATICMETHOD => (body!(d, Wrapped<M, false>).body.f.get(t)?, false),
        ids::CLASSMETHOD => (body!(d, Wrapped<M, true>).body.f.get(t)?, true),
        _ => return None,
    };
    if of_class && f.shape() != ids::FUNCTION { None } else { Some((f.word().as_uncounted_if_ptr(), of_class)) }
}

fn static_get<M: Memory>(t: &mut Thread<M>, d: &Obj<M>, _: Option<&Obj<M>>, _: &TypeObj<M>) -> R<M> {
    Ok(wrapped_f::<M, false>(t, d))
}

fn class_get<M: Memory>(t: &mut Thread<M>, d: &Obj<M>, _: Option<&Obj<M>>, class: &TypeObj<M>) -> R<M> {
    let f = wrapped_f::<M, true>(t, d);
    let class = class.to_obj();
    if f.shape() == ids::FUNCTION {
        return Ok(crate::types::function::method(t, f, class));
    }
    let meta = t.class_of(&class).to_obj();
    match t.class_of(&f).body.slots.descr_get.get() {
        Some(get) => get(t, &f, Some(&class), as_class(&meta)),
        None => Ok(crate::types::function::method(t, f, class)),
    }
}

fn wrapped_new<M: Memory, const CLASS: bool>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M>
where
    Wrapped<M, CLASS>: Payload<M>,
{
    let [f] = call.slots else {
        let name = class.body.short_name.to_string();
        let n = call.slots.len();
        return Err(t.raise(Kind::TypeError, format!("{name} expected 1 argument, got {n}")));
    };
    let made = t.alloc_of(class, Wrapped::<M, CLASS> { f: Slot::fresh(f.clone()), dict: Slot::empty() });
    for name in ["__module__", "__name__", "__qualname__", "__doc__"] {
        if let Some(value) = t.getattr_opt_str(f, name)? {
            let key = t.intern(name);
            if let Some(dict) = lookup::instance_dict(t, &made) {
                dict::set_str(t, &dict, key, value);
            }
        }
    }
    Ok(made)
}

pub(super) fn define_wrapped<M: Memory, const CLASS: bool>(t: &mut Thread<M>, id: Builtin, name: &'static str)
where
    Wrapped<M, CLASS>: Payload<M>,
{
    Builder::new::<Wrapped<M, CLASS>>(t, id, name)
        .slots(|s| {
            s.new.set(Some(wrapped_new::<M, CLASS>));
            s.init.set(Some(|_, _, _| Ok(())));
            s.descr_get.set(Some(if CLASS { class_get } else { static_get }));
            s.repr.set(Some(|t, d| {
                let f = wrapped_f::<M, CLASS>(t, d);
                let text = t.repr(&f)?;
                let name = t.class_name(d);
                Ok(t.string(format!("<{name}({})>", to_text(&text))))
            }));
            if !CLASS {
                s.call.set(Some(|t, d, c| {
                    let f = wrapped_f::<M, CLASS>(t, d);
                    t.call_with(&f, c)
                }));
            }
        })
        .getter("__func__", |t, d| Ok(wrapped_f::<M, CLASS>(t, d)))
        .getter("__wrapped__", |t, d| Ok(wrapped_f::<M, CLASS>(t, d)))
        .getter("__isabstractmethod__", |t, d| {
            let f = wrapped_f::<M, CLASS>(t, d);
            is_abstract(t, &f).map(Obj::bool)
        })
        .getset("__dict__", crate::types::object::get_dict, Some(crate::types::object::set_dict))
        .finish();
}

pub(super) fn is_abstract<M: Memory>(t: &mut Thread<M>, f: &Obj<M>) -> Result<bool, Raise> {
    match t.getattr_opt_str(f, "__isabstractmethod__")? {
        Some(value) => t.truth(&value),
        None => Ok(false),
    }
}

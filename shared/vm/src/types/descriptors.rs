//! Descriptors: property, staticmethod, classmethod, members (`__slots__`), computed attributes of built-in types, super.

use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::lookup;
use crate::memory::{CellWord, Memory, Section};
use crate::object::{self, Held, Layout, Locked, Obj, Payload, R, Raise, Slot, Val};
use crate::types::build::{Builder, Getter, Setter};
use crate::types::class::as_class;
use crate::types::ids::{self, Builtin};
use crate::types::str::to_text;
use crate::types::{Type, TypeObj, cell, dict, flags, tuple};
use crate::value::Word;

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

// ---- Computed attributes of built-in types.

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

// ---- Members.

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

// ---- staticmethod and classmethod.

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

fn define_wrapped<M: Memory, const CLASS: bool>(t: &mut Thread<M>, id: Builtin, name: &'static str)
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

fn is_abstract<M: Memory>(t: &mut Thread<M>, f: &Obj<M>) -> Result<bool, Raise> {
    match t.getattr_opt_str(f, "__isabstractmethod__")? {
        Some(value) => t.truth(&value),
        None => Ok(false),
    }
}

// ---- property.

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

/// The getter of a property, for the loop's attribute caches.
pub fn property_getter<M: Memory>(t: &Thread<M>, d: &Obj<M>) -> Option<Obj<M>> {
    if d.shape() == ids::PROPERTY { part(t, d, GET) } else { None }
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

fn define_property<M: Memory>(t: &mut Thread<M>) {
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

// ---- super.

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
pub fn super_lookup<M: Memory>(t: &Thread<M>, class: &TypeObj<M>, start: &TypeObj<M>, name: &Obj<M>) -> Option<Obj<M>> {
    let mro = start.body.mro.get(t)?;
    let after = tuple::items(&mro).iter().skip_while(|c| !class.is(c)).skip(1);
    after.map(as_class).find_map(|c| dict::get_str(t, &c.body.dict, name).map(|v| v.own()))
}

fn super_find<M: Memory>(
    t: &mut Thread<M>,
    class: &TypeObj<M>,
    object: &Obj<M>,
    start: &Obj<M>,
    name: &Obj<M>,
) -> Result<Option<Obj<M>>, Raise> {
    let Some(found) = super_lookup(t, class, as_class(start), name) else { return Ok(None) };
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
    let _ = flags::HEAP;
}

//! `object`: the slots and methods that every class inherits.

use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::lookup;
use crate::memory::{Header, Memory};
use crate::object::{Obj, R, Raise};
use crate::types::build::Plain;
use crate::types::class::{as_class, full_name};
use crate::types::ids::Builtin;
use crate::types::native::{Native, NativeKind};
use crate::types::slots::CmpOp;
use crate::types::str::to_text;
use crate::types::{Slots, TypeObj, descriptors, dict, flags, tuple};
use crate::value::Word;

/// Fills the slots of `object`.
pub fn slots<M: Memory>(s: &Slots<M>) {
    s.new.set(Some(new));
    s.init.set(Some(init));
    s.repr.set(Some(default_repr));
    s.str.set(Some(|t, o| match t.class_of(o).body.slots.repr.get() {
        Some(repr) => repr(t, o),
        None => default_repr(t, o),
    }));
    s.hash.set(Some(identity_hash));
    s.compare.set(Some(compare));
    s.getattr.set(Some(lookup::generic_get));
    s.setattr.set(Some(lookup::generic_set));
}

fn new<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let base = t.builtin(Builtin::Object);
    let own_new = !class.body.slots.new.same(&base.body.slots.new);
    let own_init = !class.body.slots.init.same(&base.body.slots.init);
    if !call.slots.is_empty() {
        if own_new {
            let message = "object.__new__() takes exactly one argument (the type to instantiate)";
            return Err(t.raise(Kind::TypeError, message));
        }
        if !own_init {
            let name = class.body.short_name.to_string();
            return Err(t.raise(Kind::TypeError, format!("{name}() takes no arguments")));
        }
    }
    if class.body.has(flags::ABSTRACT) {
        return Err(abstract_error(t, class));
    }
    if class.body.ops.layout != crate::object::Layout::Object {
        let name = class.body.short_name.to_string();
        let message = format!("object.__new__({name}) is not safe, use {name}.__new__()");
        return Err(t.raise(Kind::TypeError, message));
    }
    Ok(t.alloc_of(class, Plain))
}

fn abstract_error<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>) -> Raise {
    let key = t.intern("__abstractmethods__");
    let names = dict::get_str(t, &class.body.dict, &key).map(|v| v.own());
    let mut list: Vec<String> = match names.map(|n| t.collect(&n)) {
        Some(Ok(items)) => items.iter().map(|i| format!("'{}'", to_text(i))).collect(),
        _ => Vec::new(),
    };
    list.sort();
    let plural = if list.len() == 1 { "" } else { "s" };
    let name = class.body.short_name.to_string();
    let list = list.join(", ");
    let message =
        format!("Can't instantiate abstract class {name} without an implementation for abstract method{plural} {list}");
    t.raise(Kind::TypeError, message)
}

fn init<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, call: Call<'_, M>) -> Result<(), Raise> {
    if call.slots.is_empty() {
        return Ok(());
    }
    let base = t.builtin(Builtin::Object);
    let class = t.class_of(obj);
    let own_new = !class.body.slots.new.same(&base.body.slots.new);
    let own_init = !class.body.slots.init.same(&base.body.slots.init);
    if own_init {
        let message = "object.__init__() takes exactly one argument (the instance to initialize)";
        return Err(t.raise(Kind::TypeError, message));
    }
    if !own_new {
        let name = class.body.short_name.to_string();
        return Err(t.raise(
            Kind::TypeError,
            format!("{name}.__init__() takes exactly one argument (the instance to initialize)"),
        ));
    }
    Ok(())
}

/// `object.__repr__`
pub fn default_repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let class = t.class_of(obj).to_obj();
    let name = full_name(t, as_class(&class));
    Ok(t.string(format!("<{name} object at {:#x}>", obj.word().address() as usize)))
}

/// Hash by identity.
pub fn identity_hash<M: Memory>(_: &mut Thread<M>, obj: &Obj<M>) -> Result<i64, Raise> {
    Ok(address_hash(obj.word()))
}

/// As [`identity_hash`], for a pointer word.
#[inline]
pub fn address_hash(word: Word) -> i64 {
    (word.as_counted().0 as i64).rotate_right(4) & i64::MAX
}

/// Is a value equal to nothing but itself, as far as its own class says?
#[inline]
pub fn equals_itself_only<M: Memory>(ctx: &Context<M>, obj: &Obj<M>) -> bool {
    let own: fn(&mut Thread<M>, &Obj<M>, &Obj<M>, CmpOp) -> R<M> = compare;
    ctx.class_of_word(obj.word()).body.slots.compare.get().is_some_and(|f| std::ptr::fn_addr_eq(f, own))
}

fn compare<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    match op {
        CmpOp::Eq if a.is(b) => Ok(Obj::bool(true)),
        CmpOp::Ne => {
            // `!=` is the opposite of `==` unless that does not know.
            let Some(eq) = t.class_of(a).body.slots.compare.get() else { return Ok(Obj::not_implemented()) };
            let own: fn(&mut Thread<M>, &Obj<M>, &Obj<M>, CmpOp) -> R<M> = compare;
            if std::ptr::fn_addr_eq(eq, own) {
                return Ok(if a.is(b) { Obj::bool(false) } else { Obj::not_implemented() });
            }
            let answer = eq(t, a, b, CmpOp::Eq)?;
            if answer.is_not_implemented() { Ok(answer) } else { t.truth(&answer).map(|x| Obj::bool(!x)) }
        }
        _ => Ok(Obj::not_implemented()),
    }
}

/// `__dict__` of an instance.
pub fn get_dict<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    match lookup::instance_dict(t, obj) {
        Some(dict) => Ok(dict),
        None => {
            let name = t.intern("__dict__");
            Err(lookup::no_attribute(t, obj, &name))
        }
    }
}

/// Replaces `__dict__` of an instance.
pub fn set_dict<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let Some(value) = value.filter(|v| v.cast::<dict::Dict<M>>().is_some()) else {
        let class = value.map_or("nothing".into(), |v| t.class_name(v));
        return Err(t.raise(Kind::TypeError, format!("__dict__ must be set to a dictionary, not a '{class}'")));
    };
    lookup::set_instance_dict(t, obj, value.clone());
    Ok(())
}

fn set_class<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let Some(value) = value else { return Err(t.raise(Kind::TypeError, "can't delete __class__ attribute")) };
    let Some(new) = value.cast::<crate::types::Type<M>>() else {
        let class = t.class_name(value);
        let message = format!("__class__ must be set to a class, not '{class}' object");
        return Err(t.raise(Kind::TypeError, message));
    };
    let old = t.class_of(obj).to_obj();
    let old = as_class(&old);
    let (o, n) = (&old.body, &new.body);
    if !o.has(flags::HEAP) || !n.has(flags::HEAP) {
        let message = "__class__ assignment only supported for mutable types or ModuleType subclasses";
        return Err(t.raise(Kind::TypeError, message));
    }
    let fits = o.ops.layout == n.ops.layout
        && o.area_words == n.area_words
        && o.dict_index == n.dict_index
        && o.inline == n.inline;
    if fits && o.dict_index.is_some() {
        lookup::instance_dict(t, obj);
    }
    if !fits {
        if o.ops.layout == n.ops.layout
            && o.dict_index.is_some()
            && n.dict_index == o.dict_index
            && n.area_words <= o.area_words
        {
            return Err(layout_error(t, old, new));
        }
        return Err(layout_error(t, old, new));
    }
    let shape = if n.dict_index.is_some() { lookup::dict_shape(t, new) } else { n.root_shape };
    let counts = |c: &&crate::types::Type<M>| {
        c.slots.descr_get.get().is_some() || c.slots.descr_set.get().is_some() || c.has(flags::TYPE_SUBCLASS)
    };
    let noticed = [o, n].iter().any(counts);
    let (obj, new) = (obj.clone(), value.clone());
    M::stop_the_world(t, |_| {
        let _ = &new;
        obj.head().expect("instances of heap classes are pointers").set_shape(shape);
    });
    if noticed {
        lookup::invalidate_holders(t);
    }
    Ok(())
}

fn layout_error<M: Memory>(t: &mut Thread<M>, old: &TypeObj<M>, new: &TypeObj<M>) -> Raise {
    let (a, b) = (&new.body.short_name, &old.body.short_name);
    t.raise(Kind::TypeError, format!("__class__ assignment: '{a}' object layout differs from '{b}'"))
}

fn dir<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let all = dict::new(t);
    if let Some(own) = t.getattr_opt_str(&args[0], "__dict__")?
        && own.cast::<dict::Dict<M>>().is_some()
    {
        dict::update(t, &all, &own)?;
    }
    let mro = t.class_of(&args[0]).body.mro.get(t).map(|m| tuple::items(&m).to_vec()).unwrap_or_default();
    for class in &mro {
        dict::update(t, &all, &as_class(class).body.dict)?;
    }
    let keys = dict::items(t, &all).into_iter().map(|(k, _)| k).collect();
    Ok(crate::types::list::from_vec(t, keys))
}

fn format<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if crate::types::str::view(&args[1]).is_none_or(|s| !s.is_empty()) {
        let class = t.class_name(&args[0]);
        return Err(t.raise(Kind::TypeError, format!("unsupported format string passed to {class}.__format__")));
    }
    t.str_of(&args[0])
}

fn reduce_ex<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let reduce = t.intern("__reduce__");
    let own = lookup::in_class(t, t.class_of(&args[0]), &reduce).map(|v| v.own());
    let base = lookup::in_class(t, t.builtin(Builtin::Object), &reduce).map(|v| v.own());
    if let (Some(own), Some(base)) = (own, base)
        && !own.is(&base)
    {
        return t.call_method(&args[0], "__reduce__", &[]);
    }
    let copyreg = crate::import::import_module(t, "copyreg")?;
    let protocol = t.index_i64(&args[1])?;
    if protocol >= 2 {
        return reduce_2(t, &args[0], &copyreg);
    }
    t.call_method(&copyreg, "_reduce_ex", &[args[0].clone(), args[1].clone()])
}

fn reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let copyreg = crate::import::import_module(t, "copyreg")?;
    let zero = crate::types::int::from_i64(t, 0);
    t.call_method(&copyreg, "_reduce_ex", &[args[0].clone(), zero])
}

/// `copyreg.__newobj__(cls, *args)` with state, list items and dict items (protocol 2).
fn reduce_2<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, copyreg: &Obj<M>) -> R<M> {
    let class = t.class_of(obj).to_obj();
    let (mut args, mut kwargs) = (vec![class.clone()], None);
    if let Some(f) = t.lookup_special(obj, "__getnewargs_ex__")? {
        let pair = t.call(&f, &[])?;
        let pair = t.collect(&pair)?;
        if pair.len() != 2 {
            return Err(t.raise(
                Kind::ValueError,
                format!("__getnewargs_ex__ should return a tuple of length 2, not {}", pair.len()),
            ));
        }
        args.extend(t.collect(&pair[0])?);
        kwargs = Some(pair[1].clone()).filter(|k| dict::len(t, k) > 0);
    } else if let Some(f) = t.lookup_special(obj, "__getnewargs__")? {
        let more = t.call(&f, &[])?;
        args.extend(t.collect(&more)?);
    }
    let state = t.call_method(obj, "__getstate__", &[])?;
    let as_iter = |t: &mut Thread<M>, yes: bool, what: &Obj<M>| if yes { t.iter(what) } else { Ok(Obj::NONE) };
    let is_list = obj.cast::<crate::types::list::List<M>>().is_some();
    let is_dict = obj.cast::<dict::Dict<M>>().is_some();
    let items = as_iter(t, is_list, obj)?;
    let pairs = if is_dict { t.call_method(obj, "items", &[])? } else { Obj::NONE };
    let pairs = as_iter(t, is_dict, &pairs)?;
    let (f, args) = match kwargs {
        Some(kwargs) => {
            let rest = tuple::from_vec(t, args.split_off(1));
            (t.getattr_str(copyreg, "__newobj_ex__")?, vec![class, rest, kwargs])
        }
        None => (t.getattr_str(copyreg, "__newobj__")?, args),
    };
    let args = tuple::from_vec(t, args);
    Ok(tuple::from_vec(t, vec![f, args, state, items, pairs]))
}

fn getstate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let obj = &args[0];
    let own = match lookup::home(t, obj) {
        lookup::Home::Nowhere => None,
        _ => lookup::instance_dict(t, obj).filter(|d| dict::len(t, d) > 0),
    };
    let slots = dict::new(t);
    let mro = t.class_of(obj).body.mro.get(t).map(|m| tuple::items(&m).to_vec()).unwrap_or_default();
    for class in &mro {
        for (name, value) in dict::items(t, &as_class(class).body.dict) {
            if value.shape() == crate::types::ids::MEMBER
                && as_class(class).body.has(flags::HEAP)
                && let Some(v) = t.getattr_opt(obj, &name)?
            {
                dict::set_str(t, &slots, name, v);
            }
        }
    }
    let own = match own {
        Some(d) => dict::copy(t, &d),
        None => Obj::NONE,
    };
    if dict::len(t, &slots) == 0 { Ok(own) } else { Ok(tuple::from_vec(t, vec![own, slots])) }
}

/// Adds the methods of `object`.
pub fn define_attributes<M: Memory>(t: &mut Thread<M>) {
    let class = t.builtin(Builtin::Object).to_obj();
    let own = as_class(&class).body.dict.clone();
    let getset = descriptors::getset(t, "__class__", |t, o| Ok(t.class_of(o).to_obj()), Some(set_class));
    let key = t.intern("__class__");
    dict::set_fresh(t, &own, key, getset);
    let methods: [(NativeKind, &str, crate::args::NativeFn<M>); 8] = [
        (NativeKind::Method, "__dir__(self, /)", dir),
        (NativeKind::Method, "__format__(self, format_spec, /)", format),
        (NativeKind::Method, "__reduce_ex__(self, protocol, /)", reduce_ex),
        (NativeKind::Method, "__reduce__(self, /)", reduce),
        (NativeKind::Method, "__getstate__(self, /)", getstate),
        (NativeKind::Method, "__sizeof__(self, /)", |t, a| {
            let size = match a[0].head() {
                // SAFETY: a live object.
                Some(_) => unsafe { crate::object::size_of_object(t, a[0].word().address()) },
                None => 8,
            };
            Ok(crate::types::int::from_usize(t, size))
        }),
        (NativeKind::ClassMethod, "__init_subclass__(cls, /)", |_, _| Ok(Obj::NONE)),
        (NativeKind::ClassMethod, "__subclasshook__(cls, subclass, /)", |_, _| Ok(Obj::not_implemented())),
    ];
    for (kind, signature, f) in methods {
        let signature = crate::args::Signature::parse(signature);
        let key = t.intern(&signature.name);
        let value = Native::make(t, kind, signature, f, "object");
        crate::types::native::set_home(t, &value, &class);
        dict::set_fresh(t, &own, key, value);
    }
    lookup::invalidate(t, as_class(&class));
}

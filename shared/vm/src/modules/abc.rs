//! `_abc`: the registry and the caches behind abstract base classes. The data of a class is an object of the attribute
//! `_abc_impl`: three sets of weak references and the number of registrations that the negative cache goes with.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::{Maker, make_class};
use crate::object::{Obj, R, Raise};
use crate::types::ids::Builtin;
use crate::types::str::to_text;
use crate::types::{Type, dict, flags, int, list, tuple};

/// What `ABCMeta` keeps per interpreter: how often a class was registered anywhere.
#[derive(Default)]
pub struct Registrations(AtomicU64);

/// `_abc`
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let class = make_class(t, "_abc_data", &[], vec![])?;
    t.keep("_abc_data", class);
    Maker::new(t, "_abc")
        .functions(&[
            ("get_cache_token()", |t, _| {
                let n = count(t);
                Ok(int::from_i64(t, n as i64))
            }),
            ("_abc_init(self, /)", abc_init),
            ("_abc_register(self, subclass, /)", register),
            ("_abc_instancecheck(self, instance, /)", instancecheck),
            ("_abc_subclasscheck(self, subclass, /)", |t, a| subclasscheck(t, &a[0], &a[1]).map(Obj::bool)),
            ("_reset_registry(self, /)", |t, a| clear(t, &a[0], &["registry"])),
            ("_reset_caches(self, /)", |t, a| clear(t, &a[0], &["cache", "negative"])),
            ("_get_dump(self, /)", dump),
        ])
        .finish()
}

fn count<M: Memory>(t: &Thread<M>) -> u64 {
    t.interp.modules.registrations.0.load(Ordering::Acquire)
}

fn data<M: Memory>(t: &mut Thread<M>, class: &Obj<M>) -> R<M> {
    t.getattr_str(class, "_abc_impl")
}

fn part<M: Memory>(t: &mut Thread<M>, class: &Obj<M>, name: &str) -> R<M> {
    let data = data(t, class)?;
    t.getattr_str(&data, name)
}

fn empty_set<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let class = t.builtin(Builtin::Set).to_obj();
    t.call(&class, &[])
}

fn clear<M: Memory>(t: &mut Thread<M>, class: &Obj<M>, parts: &[&str]) -> R<M> {
    for name in parts {
        let set = part(t, class, name)?;
        t.call_method(&set, "clear", &[])?;
    }
    Ok(Obj::NONE)
}

fn is_abstract<M: Memory>(t: &mut Thread<M>, value: &Obj<M>) -> Result<bool, Raise> {
    match t.getattr_opt_str(value, "__isabstractmethod__")? {
        Some(flag) => t.truth(&flag),
        None => Ok(false),
    }
}

/// Names of the methods that a class leaves abstract.
fn abstract_names<M: Memory>(t: &mut Thread<M>, class: &Obj<M>) -> Result<Vec<Obj<M>>, Raise> {
    let mut names = Vec::new();
    let namespace = class.cast::<Type<M>>().map(|c| (*c.body.dict).clone());
    if let Some(namespace) = namespace {
        for (name, value) in dict::items(t, &namespace) {
            if is_abstract(t, &value)? {
                names.push(name);
            }
        }
    }
    let bases = t.getattr_str(class, "__bases__")?;
    for base in tuple::items(&bases).to_vec() {
        let Some(inherited) = t.getattr_opt_str(&base, "__abstractmethods__")? else { continue };
        for name in t.collect(&inherited)? {
            let key = t.intern_obj(&name);
            let Some(value) = t.getattr_opt(class, &key)? else { continue };
            if is_abstract(t, &value)? && !names.iter().any(|n| to_text(n) == to_text(&name)) {
                names.push(name);
            }
        }
    }
    Ok(names)
}

fn abc_init<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let class = &args[0];
    let names = abstract_names(t, class)?;
    let names = list::from_vec(t, names);
    let frozen = t.builtin(Builtin::FrozenSet).to_obj();
    let names = t.call(&frozen, &[names])?;
    let key = t.intern("__abstractmethods__");
    t.setattr(class, &key, Some(&names))?;
    let kind = t.kept("_abc_data").expect("made with the module").own();
    let data = t.call(&kind, &[])?;
    for name in ["registry", "cache", "negative"] {
        let set = empty_set(t)?;
        let key = t.intern(name);
        t.setattr(&data, &key, Some(&set))?;
    }
    set_version(t, &data, 0)?;
    let key = t.intern("_abc_impl");
    t.setattr(class, &key, Some(&data))?;
    mark_collection(t, class)?;
    Ok(Obj::NONE)
}

/// `__abc_tpflags__` says whether instances match sequence or mapping patterns.
fn mark_collection<M: Memory>(t: &mut Thread<M>, class: &Obj<M>) -> Result<(), Raise> {
    let Some(namespace) = class.cast::<Type<M>>().map(|c| (*c.body.dict).clone()) else { return Ok(()) };
    let key = t.intern("__abc_tpflags__");
    let Some(bits) = dict::get(t, &namespace, &key)?.and_then(|b| int::to_i64(&b)) else { return Ok(()) };
    if let Some(c) = class.cast::<Type<M>>() {
        if bits & 1 << 5 != 0 {
            c.body.set(flags::SEQUENCE);
        }
        if bits & 1 << 6 != 0 {
            c.body.set(flags::MAPPING);
        }
    }
    Ok(())
}

fn set_version<M: Memory>(t: &mut Thread<M>, data: &Obj<M>, version: u64) -> Result<(), Raise> {
    let (key, value) = (t.intern("version"), int::from_i64(t, version as i64));
    t.setattr(data, &key, Some(&value))
}

fn weak<M: Memory>(t: &mut Thread<M>, class: &Obj<M>) -> R<M> {
    let kind = t.builtin(Builtin::WeakRef).to_obj();
    t.call(&kind, std::slice::from_ref(class))
}

fn add<M: Memory>(t: &mut Thread<M>, class: &Obj<M>, part_name: &str, member: &Obj<M>) -> Result<(), Raise> {
    let set = part(t, class, part_name)?;
    let member = weak(t, member)?;
    t.call_method(&set, "add", &[member])?;
    Ok(())
}

fn has<M: Memory>(t: &mut Thread<M>, class: &Obj<M>, part_name: &str, member: &Obj<M>) -> Result<bool, Raise> {
    let set = part(t, class, part_name)?;
    if t.len(&set)? == 0 {
        return Ok(false);
    }
    let member = weak(t, member)?;
    t.contains(&set, &member)
}

fn register<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (class, subclass) = (&args[0], &args[1]);
    if subclass.cast::<Type<M>>().is_none() {
        return Err(t.raise(Kind::TypeError, "Can only register classes"));
    }
    if t.issubclass(subclass, class)? {
        return Ok(subclass.clone());
    }
    if t.issubclass(class, subclass)? {
        return Err(t.raise(Kind::RuntimeError, "Refusing to create an inheritance cycle"));
    }
    add(t, class, "registry", subclass)?;
    t.interp.modules.registrations.0.fetch_add(1, Ordering::AcqRel);
    // Classes registered as sequences or mappings match their patterns.
    if let (Some(from), Some(to)) = (class.cast::<Type<M>>(), subclass.cast::<Type<M>>()) {
        for bit in [flags::SEQUENCE, flags::MAPPING] {
            if from.body.has(bit) {
                to.body.set(bit);
            }
        }
    }
    Ok(subclass.clone())
}

fn instancecheck<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let class = &args[0];
    let subclass = t.getattr_str(&args[1], "__class__")?;
    if has(t, class, "cache", &subclass)? {
        return Ok(Obj::bool(true));
    }
    let kind = t.class_of(&args[1]).to_obj();
    let hook = t.getattr_str(class, "__subclasscheck__")?;
    let answer = t.call(&hook, std::slice::from_ref(&subclass))?;
    if kind.is(&subclass) || t.truth(&answer)? {
        return Ok(answer);
    }
    t.call(&hook, &[kind])
}

fn subclasscheck<M: Memory>(t: &mut Thread<M>, class: &Obj<M>, subclass: &Obj<M>) -> Result<bool, Raise> {
    t.check_native_stack()?;
    if subclass.cast::<Type<M>>().is_none() {
        return Err(t.raise(Kind::TypeError, "issubclass() arg 1 must be a class"));
    }
    if has(t, class, "cache", subclass)? {
        return Ok(true);
    }
    let now = count(t);
    let data = data(t, class)?;
    let version = t.getattr_str(&data, "version")?;
    if int::to_i64(&version) != Some(now as i64) {
        clear(t, class, &["negative"])?;
        set_version(t, &data, now)?;
    } else if has(t, class, "negative", subclass)? {
        return Ok(false);
    }
    let answer = find(t, class, subclass)?;
    add(t, class, if answer { "cache" } else { "negative" }, subclass)?;
    Ok(answer)
}

/// The answer without the caches: the hook, the MRO, what was registered, the subclasses.
fn find<M: Memory>(t: &mut Thread<M>, class: &Obj<M>, subclass: &Obj<M>) -> Result<bool, Raise> {
    let hook = t.call_method(class, "__subclasshook__", std::slice::from_ref(subclass))?;
    if !hook.is_not_implemented() {
        return t.truth(&hook);
    }
    if let (Some(c), Some(s)) = (class.cast::<Type<M>>(), subclass.cast::<Type<M>>())
        && t.is_subclass(s, c)
    {
        return Ok(true);
    }
    let registry = part(t, class, "registry")?;
    for reference in t.collect(&registry)? {
        let member = t.call(&reference, &[])?;
        if !member.is_none() && t.issubclass(subclass, &member)? {
            return Ok(true);
        }
    }
    let kind = t.builtin(Builtin::Type).to_obj();
    let f = t.getattr_str(&kind, "__subclasses__")?;
    let subclasses = t.call(&f, std::slice::from_ref(class))?;
    for member in t.collect(&subclasses)? {
        if t.issubclass(subclass, &member)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn dump<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mut parts = Vec::new();
    for name in ["registry", "cache", "negative", "version"] {
        parts.push(part(t, &args[0], name)?);
    }
    Ok(tuple::from_vec(t, parts))
}

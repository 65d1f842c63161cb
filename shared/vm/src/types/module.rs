//! Module objects: a namespace with attribute access, `__getattr__` of PEP 562 and CPython's messages for missing names.

use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::import;
use crate::lookup;
use crate::memory::Memory;
use crate::object::{Held, Layout, Obj, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::str::to_text;
use crate::types::{TypeObj, dict, int, list};
use crate::value::Word;

/// A module. Its dict is never replaced.
pub struct Module<M: Memory> {
    /// The namespace.
    pub dict: Held<M>,
}

// SAFETY: the layout `Module` is this struct's alone; its one reference is visited.
unsafe impl<M: Memory> Payload<M> for Module<M> {
    const SHAPE: u32 = ids::MODULE;
    const LAYOUT: Layout = Layout::Module;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.dict.word());
    }
}

/// An empty module.
pub fn new<M: Memory>(ctx: &Context<M>, name: &str) -> Obj<M> {
    let namespace = dict::new(ctx);
    let name = ctx.intern(name);
    for (key, value) in [("__name__", name), ("__doc__", Obj::NONE), ("__package__", Obj::NONE)] {
        dict::set_fresh(ctx, &namespace, ctx.intern(key), value);
    }
    for key in ["__loader__", "__spec__"] {
        dict::set_fresh(ctx, &namespace, ctx.intern(key), Obj::NONE);
    }
    ctx.alloc(Module { dict: Held::fresh(namespace) })
}

/// The namespace of a module object.
#[inline]
pub fn dict<M: Memory>(module: &Obj<M>) -> &Obj<M> {
    &module.cast::<Module<M>>().expect("callers have a module object").body.dict
}

/// The name of a module for messages.
pub fn name<M: Memory>(ctx: &Context<M>, module: &Obj<M>) -> String {
    get(ctx, module, "__name__").map_or("?".to_string(), |n| to_text(&n).into_owned())
}

/// Sets a global of a module.
pub fn set<M: Memory>(t: &mut Thread<M>, module: &Obj<M>, name: &str, value: Obj<M>) {
    let key = t.intern(name);
    dict::set_str(t, dict(module), key, value);
}

/// Reads a global of a module.
pub fn get<M: Memory>(ctx: &Context<M>, module: &Obj<M>, name: &str) -> Option<Obj<M>> {
    let module = module.cast::<Module<M>>()?;
    let key = ctx.intern(name);
    dict::get_str(ctx, &module.body.dict, &key).map(|v| v.own())
}

fn namespace<M: Memory>(module: &Obj<M>) -> Obj<M> {
    dict(module).clone()
}

fn new_instance<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, _: Call<'_, M>) -> R<M> {
    let namespace = dict::new(t);
    Ok(t.alloc_of(class, Module { dict: Held::fresh(namespace) }))
}

fn init<M: Memory>(t: &mut Thread<M>, module: &Obj<M>, call: Call<'_, M>) -> Result<(), Raise> {
    fn fill<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
        let module = &args[0];
        if !import::is_str(&args[1]) {
            let message = format!("module() argument 'name' must be str, not {}", t.class_name(&args[1]));
            return Err(t.raise(Kind::TypeError, message));
        }
        // Every function of the module refers to its name.
        let name = if args[1].shape() == ids::STR { t.intern_obj(&args[1]) } else { args[1].clone() };
        set(t, module, "__name__", name);
        set(t, module, "__doc__", args.get(2).cloned().unwrap_or(Obj::NONE));
        for name in ["__package__", "__loader__", "__spec__"] {
            set(t, module, name, Obj::NONE);
        }
        Ok(Obj::NONE)
    }
    let mut slots = vec![module.clone()];
    slots.extend(call.slots.iter().cloned());
    let sig = crate::args::Signature::parse("module(self, name, doc=None)");
    crate::args::call_bound(t, &sig, fill, Call { slots: &slots, names: call.names }, 1, "")?;
    Ok(())
}

fn getattr<M: Memory>(t: &mut Thread<M>, module: &Obj<M>, name: &Obj<M>) -> R<M> {
    let globals = namespace(module);
    if let Some(value) = dict::get_str(t, &globals, name).map(|v| v.own()) {
        return Ok(value);
    }
    if let Some(value) = lookup::generic_get_opt(t, module, name)? {
        return Ok(value);
    }
    let key = t.intern("__getattr__");
    if let Some(hook) = dict::get_str(t, &globals, &key).map(|v| v.own()) {
        return t.call(&hook, std::slice::from_ref(name));
    }
    let message = missing(t, module, &globals, &to_text(name));
    Err(t.raise_attribute_error(message, module, name))
}

/// The message for an attribute that a module does not have.
fn missing<M: Memory>(t: &mut Thread<M>, module: &Obj<M>, globals: &Obj<M>, name: &str) -> String {
    let key = t.intern("__name__");
    let own = dict::get_str(t, globals, &key).map(|v| v.own());
    let Some(own) = own.filter(import::is_str) else {
        return format!("module has no attribute '{name}'");
    };
    let own = to_text(&own).into_owned();
    let shadowing = import::shadowing(t, module);
    match shadowing {
        Some(file) if import::is_library_module(&own) => format!(
            "module '{own}' has no attribute '{name}' (consider renaming '{file}' since it has the same name as the \
             standard library module named '{own}' and prevents importing that standard library module)"
        ),
        _ if t.interp.modules.imports.is_running(&own) => format!(
            "partially initialized module '{own}' {}has no attribute '{name}' {}",
            import::origin(t, module).map_or(String::new(), |f| format!("from '{f}' ")),
            match shadowing {
                Some(file) =>
                    format!("(consider renaming '{file}' if it has the same name as a library you intended to import)"),
                None => "(most likely due to a circular import)".to_string(),
            }
        ),
        _ if t.interp.modules.imports.is_running(&format!("{own}.{name}")) => {
            format!("cannot access submodule '{name}' of module '{own}' (most likely due to a circular import)")
        }
        _ => format!("module '{own}' has no attribute '{name}'"),
    }
}

fn setattr<M: Memory>(t: &mut Thread<M>, module: &Obj<M>, name: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let globals = namespace(module);
    let text = to_text(name);
    if matches!(&*text, "__dict__" | "__class__" | "__annotations__" | "__annotate__") {
        return lookup::generic_set(t, module, name, value);
    }
    match value {
        Some(value) => dict::set_str(t, &globals, name.clone(), value.clone()),
        None => match dict::del_str(t, &globals, name) {
            Some(old) => drop(old),
            None => {
                let message = format!("'{}' object has no attribute '{text}'", t.class_name(module));
                return Err(t.raise_attribute_error(message, module, name));
            }
        },
    }
    Ok(())
}

fn repr<M: Memory>(t: &mut Thread<M>, module: &Obj<M>) -> R<M> {
    let name = match get(t, module, "__name__") {
        Some(name) => to_text(&t.repr(&name)?).into_owned(),
        None => "'?'".to_string(),
    };
    if let Some(file) = get(t, module, "__file__").filter(|f| !f.is_none()) {
        let file = t.repr(&file)?;
        let text = format!("<module {name} from {}>", to_text(&file));
        return Ok(t.string(text));
    }
    let loader = get(t, module, "__loader__").filter(|l| !l.is_none());
    let text = match import::origin(t, module) {
        Some(origin) => format!("<module {name} ({origin})>"),
        None => match loader {
            Some(loader) => format!("<module {name} ({})>", to_text(&t.repr(&loader)?)),
            None => format!("<module {name}>"),
        },
    };
    Ok(t.string(text))
}

fn dir<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if let Some(hook) = get(t, &args[0], "__dir__") {
        return t.call(&hook, &[]);
    }
    let globals = namespace(&args[0]);
    let keys = dict::items(t, &globals).into_iter().map(|(key, _)| key).collect();
    Ok(list::from_vec(t, keys))
}

fn annotations<M: Memory>(t: &mut Thread<M>, module: &Obj<M>) -> R<M> {
    if let Some(value) = get(t, module, "__annotations__") {
        return Ok(value);
    }
    let value = match get(t, module, "__annotate__").filter(|f| !f.is_none()) {
        Some(f) => {
            let format = int::from_i64(t, 1);
            t.call(&f, &[format])?
        }
        None => dict::new(t),
    };
    set(t, module, "__annotations__", value.clone());
    Ok(value)
}

fn set_annotations<M: Memory>(t: &mut Thread<M>, module: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let key = t.intern("__annotations__");
    let globals = namespace(module);
    match value {
        Some(value) => dict::set_str(t, &globals, key, value.clone()),
        None => match dict::del_str(t, &globals, &key) {
            Some(old) => drop(old),
            None => return Err(t.raise(Kind::AttributeError, "__annotations__")),
        },
    }
    Ok(())
}

fn annotate<M: Memory>(t: &mut Thread<M>, module: &Obj<M>) -> R<M> {
    Ok(get(t, module, "__annotate__").unwrap_or(Obj::NONE))
}

fn set_annotate<M: Memory>(t: &mut Thread<M>, module: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let Some(value) = value else {
        return Err(t.raise(Kind::TypeError, "cannot delete __annotate__ attribute"));
    };
    set(t, module, "__annotate__", value.clone());
    Ok(())
}

/// Defines `types.ModuleType`.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Module<M>>(t, Builtin::Module, "module")
        .doc("Create a module object.\n\nThe name must be a string; the optional docstring can have any type.")
        .slots(|s| {
            s.new.set(Some(new_instance));
            s.init.set(Some(init));
            s.getattr.set(Some(getattr));
            s.setattr.set(Some(setattr));
            s.repr.set(Some(repr));
        })
        .getter("__dict__", |_, module| Ok(namespace(module)))
        .getset("__annotations__", annotations, Some(set_annotations))
        .getset("__annotate__", annotate, Some(set_annotate))
        .method("__dir__(self, /)", dir)
        .finish();
}

//! `import` in its forms.

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::interp::attr;
use crate::interp::frame::Frame;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::str::to_text;
use crate::types::{dict, ids, int};

/// `import name`
#[inline(never)]
pub fn import_name<M: Memory>(t: &mut Thread<M>, name: &Obj<M>, level: &Obj<M>, fromlist: &Obj<M>) -> R<M> {
    let level = int::to_i64(level).unwrap_or(0);
    let frame = Frame::current(t).expect("an instruction runs in a frame");
    let (globals, builtins) = (frame.globals(), (*frame.function().body.builtins).clone());
    let key = t.intern("__import__");
    let hook = dict::get_str(t, &builtins, &key).map(|v| v.own());
    match hook {
        Some(f) if f.shape() != ids::NATIVE => {
            let locals = t.current_locals()?;
            let level = int::from_i64(t, level);
            t.call(&f, &[name.clone(), globals, locals, fromlist.clone(), level])
        }
        Some(_) => crate::import::import_name(t, &globals, name, fromlist, level),
        None => Err(t.raise(Kind::ImportError, "__import__ not found")),
    }
}

/// `LoadCommon`: a class of the library that code needs whatever names mean.
#[inline(never)]
pub fn load_common<M: Memory>(t: &mut Thread<M>, which: usize) -> R<M> {
    let (module, name) = match which {
        0 => ("_templates", "Template"),
        1 => ("_templates", "Interpolation"),
        2 => ("typing", "TypeVar"),
        3 => ("typing", "ParamSpec"),
        4 => ("typing", "TypeVarTuple"),
        5 => ("typing", "Generic"),
        _ => ("_typing", "_lazy_alias"),
    };
    let module = crate::import::import_module(t, module)?;
    t.getattr_str(&module, name)
}

/// `from module import *`
#[inline(never)]
pub fn import_star<M: Memory>(t: &mut Thread<M>, module: &Obj<M>) -> Result<(), Raise> {
    let all = t.getattr_opt_str(module, "__all__")?;
    let explicit = all.is_some();
    let names = match all {
        Some(all) => t.collect(&all)?,
        None => {
            let own = t.getattr_str(module, "__dict__")?;
            dict::items(t, &own).into_iter().map(|(k, _)| k).collect()
        }
    };
    for name in names {
        let text = to_text(&name).into_owned();
        if !explicit && text.starts_with('_') {
            continue;
        }
        let name = t.attribute_name(&name)?;
        let value = t.getattr(module, &name)?;
        attr::set_name(t, &name, Some(&value))?;
    }
    Ok(())
}

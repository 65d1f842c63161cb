//! Built-in functions about any object: attributes, identity, text.

use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R};
use crate::types::str::Str;
use crate::types::{dict, int, list};

pub(super) fn getattr<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let name = t.attribute_name(&args[1])?;
    match args.get(2) {
        None => t.getattr(&args[0], &name),
        Some(default) => Ok(t.getattr_opt(&args[0], &name)?.unwrap_or_else(|| default.clone())),
    }
}

pub(super) fn hasattr<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let name = t.attribute_name(&args[1])?;
    Ok(Obj::bool(t.getattr_opt(&args[0], &name)?.is_some()))
}

pub(super) fn setattr<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let name = t.attribute_name(&args[1])?;
    t.setattr(&args[0], &name, Some(&args[2]))?;
    Ok(Obj::NONE)
}

pub(super) fn delattr<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let name = t.attribute_name(&args[1])?;
    t.setattr(&args[0], &name, None)?;
    Ok(Obj::NONE)
}

pub(super) fn hash<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let h = t.hash(&args[0])?;
    Ok(int::from_i64(t, h))
}

/// A pointer's address; for a word that is no pointer, its bits made different from every address.
pub(super) fn id<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let word = args[0].word();
    let id = if word.is_ptr() { word.address() as u64 } else { word.0 ^ 1 };
    Ok(match i64::try_from(id) {
        Ok(id) => int::from_i64(t, id),
        Err(_) => int::from_big(t, id.into()),
    })
}

pub(super) fn ascii<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    crate::types::str::ascii(t, &args[0])
}

pub(super) fn format<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let spec = match args.get(1) {
        Some(spec) => spec.clone(),
        None => t.intern(""),
    };
    if spec.cast::<Str<M>>().is_none() {
        let class = t.class_name(&spec);
        return Err(t.raise(Kind::TypeError, format!("format() argument 2 must be str, not {class}")));
    }
    crate::format::format_value(t, &args[0], &spec)
}

/// What `dir(obj)` lists, in no order.
pub fn dir_of<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let Some(f) = t.lookup_special(obj, "__dir__")? else {
        return Err(t.raise(Kind::TypeError, "object does not provide __dir__"));
    };
    t.call(&f, &[])
}

pub(super) fn dir<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let names = match args.get(0) {
        Some(obj) => dir_of(t, obj)?,
        None => {
            let locals = t.current_locals()?;
            if locals.cast::<dict::Dict<M>>().is_some() {
                let keys = dict::items(t, &locals).into_iter().map(|(key, _)| key).collect();
                list::from_vec(t, keys)
            } else {
                t.call_method(&locals, "keys", &[])?
            }
        }
    };
    let names = t.collect(&names)?;
    let names = list::from_vec(t, names);
    t.call_method(&names, "sort", &[])?;
    Ok(names)
}

pub(super) fn vars<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let Some(obj) = args.get(0) else { return t.current_locals() };
    let name = t.intern("__dict__");
    match t.getattr_opt(obj, &name)? {
        Some(dict) => Ok(dict),
        None => Err(t.raise(Kind::TypeError, "vars() argument must have __dict__ attribute")),
    }
}

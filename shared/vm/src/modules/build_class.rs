//! `__build_class__`: a class statement from its body function, name, bases and keywords (PEP 3115).

use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::interp::call::run_namespace;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::cell::Cell;
use crate::types::class::{as_class, winning_meta};
use crate::types::ids::Builtin;
use crate::types::str::to_text;
use crate::types::{Type, dict, ids, native, tuple};

/// The function object.
pub fn make<M: Memory>(ctx: &Context<M>) -> Obj<M> {
    native::function(ctx, "__build_class__(func, name, /, *bases, metaclass=None, **kwds)", build_class)
}

fn build_class<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (func, name) = (&args[0], &args[1]);
    if func.shape() != ids::FUNCTION {
        return Err(t.raise(Kind::TypeError, "__build_class__: func must be a function"));
    }
    if crate::types::str::view(name).is_none() {
        return Err(t.raise(Kind::TypeError, "__build_class__: name is not a string"));
    }
    let resolved = mro_entries(t, args.rest)?;
    let bases = resolved.as_deref().unwrap_or(args.rest);
    let meta = metaclass(t, args.get(2), bases)?;
    let bases = tuple::from_vec(t, bases.to_vec());
    let mut slots = vec![name.clone(), bases];
    let namespace = prepare(t, &meta, &slots, args)?;
    let cell = run_namespace(t, func, namespace.clone())?;
    if resolved.is_some() {
        let key = t.intern("__orig_bases__");
        let original = tuple::from_vec(t, args.rest.to_vec());
        t.setitem(&namespace, &key, Some(&original))?;
    }
    slots.push(namespace);
    slots.extend(args.values.iter().cloned());
    let class = t.call_with(&meta, Call { slots: &slots, names: args.names })?;
    check_cell(t, &cell, &class, name)?;
    Ok(class)
}

/// The bases with what `__mro_entries__` puts in their places; `None` when all of them stand for themselves.
fn mro_entries<M: Memory>(t: &mut Thread<M>, bases: &[Obj<M>]) -> Result<Option<Vec<Obj<M>>>, Raise> {
    let mut changed: Option<Vec<Obj<M>>> = None;
    for (i, base) in bases.iter().enumerate() {
        let entries = match base.cast::<Type<M>>() {
            Some(_) => None,
            None => t.getattr_opt_str(base, "__mro_entries__")?,
        };
        let Some(entries) = entries else {
            changed.iter_mut().for_each(|list| list.push(base.clone()));
            continue;
        };
        let all = tuple::from_vec(t, bases.to_vec());
        let new = t.call(&entries, &[all])?;
        if new.shape() != ids::TUPLE {
            return Err(t.raise(Kind::TypeError, "__mro_entries__ must return a tuple"));
        }
        changed.get_or_insert_with(|| bases[..i].to_vec()).extend(tuple::items(&new).iter().cloned());
    }
    Ok(changed)
}

fn metaclass<M: Memory>(t: &mut Thread<M>, given: Option<&Obj<M>>, bases: &[Obj<M>]) -> R<M> {
    let meta = match (given, bases.first()) {
        (Some(given), _) => given.clone(),
        (None, Some(base)) => t.class_of(base).to_obj(),
        (None, None) => return Ok(t.builtin(Builtin::Type).to_obj()),
    };
    // A metaclass that is no class (any callable) is taken as it is.
    if meta.cast::<Type<M>>().is_some() { winning_meta(t, as_class(&meta), bases) } else { Ok(meta) }
}

/// The namespace that the body runs in.
fn prepare<M: Memory>(t: &mut Thread<M>, meta: &Obj<M>, name_and_bases: &[Obj<M>], args: Args<'_, M>) -> R<M> {
    if meta.is(&t.builtin(Builtin::Type).val()) {
        return Ok(dict::new(t));
    }
    let Some(prepare) = t.getattr_opt_str(meta, "__prepare__")? else { return Ok(dict::new(t)) };
    let mut slots = name_and_bases.to_vec();
    slots.extend(args.values.iter().cloned());
    let namespace = t.call_with(&prepare, Call { slots: &slots, names: args.names })?;
    if t.class_of(&namespace).body.slots.getitem.get().is_none() {
        let meta = meta.cast::<Type<M>>().map_or("<metaclass>".into(), |m| m.body.short_name.to_string());
        let class = t.class_name(&namespace);
        let message = format!("{meta}.__prepare__() must return a mapping, not {class}");
        return Err(t.raise(Kind::TypeError, message));
    }
    Ok(namespace)
}

/// `type.__new__` must have put the class into the cell that the methods' `__class__` refers to.
fn check_cell<M: Memory>(t: &mut Thread<M>, cell: &Obj<M>, class: &Obj<M>, name: &Obj<M>) -> Result<(), Raise> {
    let (Some(cell), Some(_)) = (cell.cast::<Cell<M>>(), class.cast::<Type<M>>()) else { return Ok(()) };
    let found = cell.body.value.get(t).map(|v| v.own());
    if found.as_ref().is_some_and(|f| f.is(class)) {
        return Ok(());
    }
    let name = t.repr(name)?;
    let shown = t.repr(class)?;
    let (name, shown) = (to_text(&name), to_text(&shown));
    match found {
        None => {
            let message =
                format!("__class__ not set defining {name} as {shown}. Was __classcell__ propagated to type.__new__?");
            Err(t.raise(Kind::RuntimeError, message))
        }
        Some(other) => {
            let other = t.repr(&other)?;
            let message = format!("__class__ set to {} defining {name} as {shown}", to_text(&other));
            Err(t.raise(Kind::TypeError, message))
        }
    }
}

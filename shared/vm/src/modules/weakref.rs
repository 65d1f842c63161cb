//! `_weakref`

use crate::args::Args;
use crate::context::Thread;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Obj, R};
use crate::types::ids::Builtin;
use crate::types::weakref::get;
use crate::types::{dict, int, list, weakproxy};

/// Makes the module.
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    Maker::new(t, "_weakref")
        .doc("Weak-reference support module.")
        .class("ref", Builtin::WeakRef)
        .class("ReferenceType", Builtin::WeakRef)
        .class("ProxyType", Builtin::WeakProxy)
        .class("CallableProxyType", Builtin::CallableProxy)
        .function("proxy(object, callback=None, /)", |t, args| weakproxy::new(t, &args[0], args.some(1)))
        .function("getweakrefcount(object, /)", |t, args| {
            let n = references(t, &args[0]).len();
            Ok(int::from_usize(t, n))
        })
        .function("getweakrefs(object, /)", |t, args| {
            let found = references(t, &args[0]);
            Ok(list::from_vec(t, found))
        })
        .function("_remove_dead_weakref(dct, key, /)", remove_dead)
        .finish()
}

fn references<M: Memory>(t: &mut Thread<M>, target: &Obj<M>) -> Vec<Obj<M>> {
    if target.word().is_ptr() { t.interp.weak.references(t, target) } else { Vec::new() }
}

/// Removes an entry whose value is a reference to something dead, and leaves one that was set anew meanwhile.
fn remove_dead<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (table, key) = (&args[0], &args[1]);
    if let Some(reference) = dict::get(t, table, key)?
        && get(t, &reference).is_none()
    {
        let old = dict::remove(t, table, key)?;
        drop(old);
    }
    Ok(Obj::NONE)
}

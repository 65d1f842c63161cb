//! `_warnings`: the state that `warnings` works on, and warnings from native code. The deciding and the showing are the
//! library's own Python.

use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::import;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Obj, R, Raise};
use crate::types::{dict, int, list, tuple};

/// `_warnings`
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let filters = default_filters(t);
    let (default, once) = (t.intern("default"), dict::new(t));
    Maker::new(t, "_warnings")
        .set("filters", filters)
        .set("_defaultaction", default)
        .set("_onceregistry", once)
        .functions(&[
            ("warn(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=())", |t, a| {
                forward(t, "warn", a, &["skip_file_prefixes"])
            }),
            (
                "warn_explicit(message, category, filename, lineno, module=None, registry=None, module_globals=None, \
                 source=None)",
                |t, a| forward(t, "warn_explicit", a, &[]),
            ),
            ("_filters_mutated_lock_held()", |_, _| Ok(Obj::NONE)),
            ("_filters_mutated()", |_, _| Ok(Obj::NONE)),
            ("_acquire_lock()", |_, _| Ok(Obj::NONE)),
            ("_release_lock()", |_, _| Ok(Obj::NONE)),
        ])
        .finish()
}

/// What is shown and what is not when the program says nothing.
fn default_filters<M: Memory>(t: &mut Thread<M>) -> Obj<M> {
    let rows = [
        ("default", Kind::DeprecationWarning, Some("__main__")),
        ("ignore", Kind::DeprecationWarning, None),
        ("ignore", Kind::PendingDeprecationWarning, None),
        ("ignore", Kind::ImportWarning, None),
        ("ignore", Kind::ResourceWarning, None),
    ];
    let mut filters = Vec::new();
    for (action, kind, module) in rows {
        let class = t.exception_class(kind).to_obj();
        let module = module.map_or(Obj::NONE, |m| t.intern(m));
        let row = vec![t.intern(action), Obj::NONE, class, module, int::from_i64(t, 0)];
        filters.push(tuple::from_vec(t, row));
    }
    list::from_vec(t, filters)
}

/// Calls the function of that name in the library's pure-Python version.
fn forward<M: Memory>(t: &mut Thread<M>, name: &str, args: Args<'_, M>, keywords: &[&str]) -> R<M> {
    let f = import::attribute(t, "_py_warnings", name)?;
    let positional = args.slots.len() - keywords.len().min(args.slots.len());
    let mut slots: Vec<Obj<M>> = args.slots.iter().take(positional.max(1)).cloned().collect();
    for slot in &mut slots {
        if slot.is_null() {
            *slot = Obj::NONE;
        }
    }
    if name == "warn" {
        if slots.len() > 2 && slots[2].is_none() {
            slots[2] = int::from_i64(t, 1);
        }
        slots.truncate(4);
    }
    t.call(&f, &slots)
}

/// Warns of source text. A filter that makes an error of it makes a `SyntaxError`, with its place.
pub fn warn_syntax<M: Memory>(
    t: &mut Thread<M>,
    warning: &parallax_front::SyntaxError,
    filename: &str,
) -> Result<(), Raise> {
    let f = import::attribute(t, "warnings", "warn_explicit")?;
    let class = t.exception_class(Kind::SyntaxWarning).to_obj();
    let (message, file) = (t.str(&warning.message), t.str(filename));
    let line = int::from_i64(t, warning.line.into());
    match t.call(&f, &[message, class, file, line]) {
        Ok(_) => Ok(()),
        Err(_) if t.raised_is(Kind::SyntaxWarning) => {
            t.clear_raised();
            Err(t.raise_syntax(warning, filename))
        }
        Err(raise) => Err(raise),
    }
}

/// Warns from native code.
pub fn warn<M: Memory>(t: &mut Thread<M>, kind: Kind, message: &str) -> Result<(), Raise> {
    let f = import::attribute(t, "warnings", "warn")?;
    let (message, class) = (t.str(message), t.exception_class(kind).to_obj());
    t.call(&f, &[message, class])?;
    Ok(())
}

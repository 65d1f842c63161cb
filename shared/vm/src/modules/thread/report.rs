//! `_thread._excepthook`: what is printed when a thread dies of an exception.

use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::structseq::{self, Fields};
use crate::object::{Obj, R};
use crate::types::str::to_text;
use crate::types::tuple;

/// `_ExceptHookArgs`
pub(crate) fn class<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let shown = &["exc_type", "exc_value", "exc_traceback", "thread"];
    structseq::class(t, "_thread._ExceptHookArgs", &Fields { shown, hidden: &[] })
}

/// Prints the exception that ended a thread, unless it is `SystemExit`.
pub(crate) fn excepthook<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let items = match args[0].cast::<tuple::Tuple<M>>() {
        Some(_) => tuple::items(&args[0]),
        None => &[],
    };
    let [class, value, _, thread, ..] = items else {
        return Err(t.raise(Kind::TypeError, "_thread._excepthook argument type must be ExceptHookArgs"));
    };
    if class.is(&t.exception_class(Kind::SystemExit).to_obj()) {
        return Ok(Obj::NONE);
    }
    let name = if thread.is_none() {
        t.ident.to_string()
    } else {
        match t.getattr_opt_str(thread, "_name")? {
            Some(name) => to_text(&name).into_owned(),
            None => t.ident.to_string(),
        }
    };
    crate::finalize::print_exception(t, &format!("Exception in thread {name}:"), value);
    Ok(Obj::NONE)
}

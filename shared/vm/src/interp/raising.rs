//! `raise`, `except` and `with`.

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::interp::ops::bound;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::{Type, flags, ids, tuple};

/// Does an exception match a class or a tuple of them in `except`?
#[inline(never)]
pub fn exception_matches<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, pattern: &Obj<M>) -> Result<bool, Raise> {
    bound!(t pattern);
    if pattern.shape() == ids::TUPLE {
        for one in tuple::items(pattern) {
            if exception_matches(t, exc, one)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    match pattern.cast::<Type<M>>() {
        Some(class) if class.body.has(flags::EXCEPTION) => Ok(t.is_instance(exc, class)),
        _ => {
            let message = "catching classes that do not inherit from BaseException is not allowed";
            Err(t.raise(Kind::TypeError, message))
        }
    }
}

/// `raise exc [from cause]`
#[inline(never)]
pub fn raise<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, cause: Option<&Obj<M>>) -> Raise {
    if exc.is_null() || cause.is_some_and(|c| c.is_null()) {
        return t.unbound_operand();
    }
    let made = match t.exception_from(exc) {
        Ok(made) => made,
        Err(e) => return e,
    };
    if let Some(cause) = cause {
        let cause = if cause.is_none() {
            Obj::NONE
        } else {
            match t.exception_from(cause) {
                Ok(cause) => cause,
                Err(_) => {
                    t.clear_raised();
                    return t.raise(Kind::TypeError, "exception causes must derive from BaseException");
                }
            }
        };
        t.set_cause(&made, cause);
    }
    t.raise_obj(made)
}

/// Bare `raise`.
#[inline(never)]
pub fn raise_again<M: Memory>(t: &mut Thread<M>) -> Raise {
    match t.handled_exception() {
        Some(exc) => t.set_raised(exc),
        None => t.raise(Kind::RuntimeError, "No active exception to reraise"),
    }
}

/// The `AssertionError` class.
#[inline(never)]
pub fn assertion_error<M: Memory>(t: &Thread<M>) -> Obj<M> {
    t.exception_class(Kind::AssertionError).to_obj()
}

/// Enters a context manager: its bound `__exit__`, and what `__enter__` gave.
#[inline(never)]
pub fn with_enter<M: Memory>(t: &mut Thread<M>, manager: &Obj<M>) -> Result<(Obj<M>, Obj<M>), Raise> {
    bound!(t manager);
    let class = t.class_name(manager);
    let enter = t.lookup_special(manager, "__enter__")?;
    let exit = t.lookup_special(manager, "__exit__")?;
    let missing = match (&enter, &exit) {
        (None, _) => "__enter__",
        (_, None) => "__exit__",
        _ => "",
    };
    let (Some(enter), Some(exit)) = (enter, exit) else {
        let message =
            format!("'{class}' object does not support the context manager protocol (missed {missing} method)");
        return Err(t.raise(Kind::TypeError, message));
    };
    let entered = t.call(&enter, &[])?;
    Ok((exit, entered))
}

/// `exit(type, exc, traceback)`
#[inline(never)]
pub fn with_except<M: Memory>(t: &mut Thread<M>, exit: &Obj<M>, exc: &Obj<M>) -> R<M> {
    let class = t.class_of(exc).to_obj();
    let traceback = t.getattr_str(exc, "__traceback__")?;
    t.call(exit, &[class, exc.clone(), traceback])
}

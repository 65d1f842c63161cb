//! `raise`, `except` and `with`.

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::interp::ops::bound;
use crate::lookup;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::class::as_class;
use crate::types::special::Name;
use crate::types::{Type, flags, ids, tuple};
use crate::value::Word;

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

/// What `with` needs of a context manager, looked up but not called.
pub struct Manager {
    /// `__enter__` and its first argument, for registers; no pointer where the method is bound or takes none.
    pub enter: [Word; 2],
    /// The same for `__exit__`.
    pub exit: [Word; 2],
}

/// Looks a context manager's methods up. What the words own is the caller's.
#[inline(never)]
pub fn with_methods<M: Memory>(t: &mut Thread<M>, manager: &Obj<M>) -> Result<Manager, Raise> {
    bound!(t manager);
    let enter = method(t, manager, Name::Enter)?;
    let exit = method(t, manager, Name::Exit);
    if let (Some(enter), Ok(Some(exit))) = (enter, &exit) {
        return Ok(Manager { enter, exit: *exit });
    }
    for word in enter.into_iter().flatten() {
        // SAFETY: the word is given up.
        unsafe { M::release(t, word) }
    }
    exit?;
    let missing = if enter.is_none() { "__enter__" } else { "__exit__" };
    let class = t.class_name(manager);
    let message = format!("'{class}' object does not support the context manager protocol (missed {missing} method)");
    Err(t.raise(Kind::TypeError, message))
}

/// A special method for a call from registers: callable and receiver, as in [`Manager`].
fn method<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: Name) -> Result<Option<[Word; 2]>, Raise> {
    let name = t.interp.specials.name(name);
    let class = t.class_of(obj);
    let Some(found) = lookup::in_class(t, class, &name) else { return Ok(None) };
    if found.shape() == ids::FUNCTION || found.shape() == ids::METHOD_DESCRIPTOR {
        // SAFETY: both words are valid now.
        return Ok(Some(unsafe { [M::hold(t, found.word()), M::hold(t, obj.word())] }));
    }
    let (found, class) = (found.own(), class.to_obj());
    let value = match t.class_of(&found).body.slots.descr_get.get() {
        Some(get) => get(t, &found, Some(obj), as_class(&class))?,
        None => found,
    };
    Ok(Some([value.into_word(), Word(0)]))
}

/// `exit(type, exc, traceback)`, with a receiver in front if there is one.
#[inline(never)]
pub fn with_except<M: Memory>(t: &mut Thread<M>, exit: &Obj<M>, receiver: &Obj<M>, exc: &Obj<M>) -> R<M> {
    let class = t.class_of(exc).to_obj();
    let traceback = t.getattr_str(exc, "__traceback__")?;
    if receiver.word().is_ptr() {
        return t.call(exit, &[receiver.clone(), class, exc.clone(), traceback]);
    }
    t.call(exit, &[class, exc.clone(), traceback])
}

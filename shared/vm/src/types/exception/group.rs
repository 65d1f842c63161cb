//! Exception groups: making, and cutting in two by a condition.

use crate::args::{Args, Call};
use crate::context::Thread;
use crate::exceptions::{Family, Kind};
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::build::Builder;
use crate::types::exception::*;
use crate::types::{TypeObj, flags, list, tuple};

/// `BaseExceptionGroup.__new__(message, exceptions)`
pub(super) fn new<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let args = call.positional();
    let [message, inner] = args else {
        let message = format!("BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)", args.len());
        return Err(t.raise(Kind::TypeError, message));
    };
    if message.cast::<crate::types::str::Str<M>>().is_none() {
        let message = format!("BaseExceptionGroup.__new__() argument 1 must be str, not {}", t.class_name(message));
        return Err(t.raise(Kind::TypeError, message));
    }
    if !t.class_of(inner).body.has(flags::SEQUENCE) && t.lookup_special(inner, "__getitem__")?.is_none() {
        return Err(t.raise(Kind::TypeError, "second argument (exceptions) must be a sequence"));
    }
    let items = t.collect(inner)?;
    if items.is_empty() {
        return Err(t.raise(Kind::ValueError, "second argument (exceptions) must be a non-empty sequence"));
    }
    let mut plain = true;
    for (i, item) in items.iter().enumerate() {
        if exception(item).is_none() {
            let message = format!("Item {i} of second argument (exceptions) is not an exception");
            return Err(t.raise(Kind::ValueError, message));
        }
        plain &= t.is_exception(item, Kind::Exception);
    }
    let mut class = class;
    if std::ptr::eq(class, t.exception_class(Kind::BaseExceptionGroup)) {
        if plain {
            class = t.interp.shapes.class(Kind::ExceptionGroup as u32);
        }
    } else if !plain && t.is_subclass(class, t.exception_class(Kind::Exception)) {
        let message = match std::ptr::eq(class, t.exception_class(Kind::ExceptionGroup)) {
            true => "Cannot nest BaseExceptions in an ExceptionGroup".to_string(),
            false => format!("Cannot nest BaseExceptions in '{}'", class.body.short_name),
        };
        return Err(t.raise(Kind::TypeError, message));
    }
    let exc = bare(t, class, Family::Group, tuple::from_slice(t, args));
    set_extra(t, &exc, GROUP_MESSAGE, message.clone());
    set_extra(t, &exc, GROUP_EXCEPTIONS, tuple::from_vec(t, items));
    Ok(exc)
}

/// Adds the methods of groups.
pub(super) fn methods<'a, M: Memory>(b: Builder<'a, M>) -> Builder<'a, M> {
    b.getter("message", |t, exc| Ok(extra(t, exc, GROUP_MESSAGE)))
        .getter("exceptions", |t, exc| Ok(extra(t, exc, GROUP_EXCEPTIONS)))
        .method("derive(self, excs, /)", derive)
        .method("split(self, matcher_value, /)", split)
        .method("subgroup(self, matcher_value, /)", subgroup)
        .classmethod("__class_getitem__(cls, object, /)", class_getitem)
}

fn class_getitem<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let types = crate::import::import_module(t, "types")?;
    let alias = t.getattr_str(&types, "GenericAlias")?;
    t.call(&alias, &[args[0].clone(), args[1].clone()])
}

fn derive<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let class = t.exception_class(Kind::BaseExceptionGroup).to_obj();
    let message = extra(t, &args[0], GROUP_MESSAGE);
    t.call(&class, &[message, args[1].clone()])
}

fn split<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    check_condition(t, &args[1])?;
    let (yes, no) = divide(t, &args[0], &args[1])?;
    Ok(tuple::from_vec(t, vec![yes, no]))
}

fn subgroup<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    check_condition(t, &args[1])?;
    Ok(divide(t, &args[0], &args[1])?.0)
}

fn is_exception_class<M: Memory>(value: &Obj<M>) -> bool {
    value.cast::<crate::types::Type<M>>().is_some_and(|class| class.body.has(flags::EXCEPTION))
}

fn check_condition<M: Memory>(t: &mut Thread<M>, condition: &Obj<M>) -> Result<(), Raise> {
    let is_class = condition.cast::<crate::types::Type<M>>().is_some();
    let right = if condition.shape() == crate::types::ids::TUPLE {
        tuple::items(condition).iter().all(is_exception_class)
    } else {
        is_exception_class(condition) || !is_class && t.class_of(condition).body.slots.call.get().is_some()
    };
    if right {
        return Ok(());
    }
    let message = "expected an exception type, a tuple of exception types, or a callable (other than a class)";
    Err(t.raise(Kind::TypeError, message))
}

fn fits<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, condition: &Obj<M>) -> Result<bool, Raise> {
    if let Some(class) = condition.cast::<crate::types::Type<M>>() {
        return Ok(t.is_instance(exc, class));
    }
    if condition.shape() == crate::types::ids::TUPLE {
        let classes = tuple::items(condition).iter().filter_map(|c| c.cast::<crate::types::Type<M>>());
        return Ok(classes.into_iter().any(|class| t.is_instance(exc, class)));
    }
    let answer = t.call(condition, std::slice::from_ref(exc))?;
    t.truth(&answer)
}

/// What of a group fits the condition, and the rest; `None` (Python's) for nothing.
fn divide<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, condition: &Obj<M>) -> Result<(Obj<M>, Obj<M>), Raise> {
    t.check_native_stack()?;
    if fits(t, exc, condition)? {
        return Ok((exc.clone(), Obj::NONE));
    }
    if !t.is_exception(exc, Kind::BaseExceptionGroup) {
        return Ok((Obj::NONE, exc.clone()));
    }
    let inner = extra(t, exc, GROUP_EXCEPTIONS);
    let (mut yes, mut no) = (Vec::new(), Vec::new());
    for item in tuple::items(&inner) {
        let (y, n) = divide(t, item, condition)?;
        yes.extend(Some(y).filter(|y| !y.is_none()));
        no.extend(Some(n).filter(|n| !n.is_none()));
    }
    Ok((part(t, exc, yes)?, part(t, exc, no)?))
}

/// A group like `exc` with other members.
fn part<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, members: Vec<Obj<M>>) -> R<M> {
    if members.is_empty() {
        return Ok(Obj::NONE);
    }
    let members = list::from_vec(t, members);
    let part = t.call_method(exc, "derive", &[members])?;
    if !t.is_exception(&part, Kind::BaseExceptionGroup) {
        return Err(t.raise(Kind::TypeError, "derive must return an instance of BaseExceptionGroup"));
    }
    let trace = traceback(t, exc);
    set_traceback(t, &part, trace);
    let handled = context(t, exc);
    if !handled.is_none() {
        set_context(t, &part, handled);
    }
    let from = cause(t, exc);
    set_cause(t, &part, from);
    if let Some(at) = exception(&part) {
        at.body.suppress.store(suppressed(exc), Ordering::Relaxed);
    }
    let name = t.intern("__notes__");
    if let Some(notes) = t.getattr_opt(exc, &name)?
        && notes.cast::<list::List<M>>().is_some()
    {
        let notes = list::from_vec(t, list::to_vec(t, &notes));
        t.setattr(&part, &name, Some(&notes))?;
    }
    Ok(part)
}

//! The exception classes: `BaseException` with its methods, then all others from the table of kinds.

use std::sync::atomic::Ordering;

use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::{Family, Kind};
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::build::Builder;
use crate::types::exception::{self as exc_type, *};
use crate::types::ids::Builtin;
use crate::types::{dict, flags, list, tuple};

/// Defines every exception class.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Exception<M>>(t, Builtin::BaseException, "BaseException")
        .flag(flags::EXCEPTION)
        .slots(|s| {
            s.new.set(Some(super::fill::new));
            s.init.set(Some(super::fill::init));
            s.repr.set(Some(super::text::repr));
            s.str.set(Some(super::text::str));
        })
        .getset("__dict__", crate::types::object::get_dict, Some(crate::types::object::set_dict))
        .getset("args", get_args, Some(set_args))
        .getset("__cause__", |t, exc| Ok(cause(t, exc)), Some(set_cause_attr))
        .getset("__context__", |t, exc| Ok(context(t, exc)), Some(set_context_attr))
        .getset("__traceback__", |t, exc| Ok(traceback(t, exc)), Some(set_traceback_attr))
        .getset("__suppress_context__", |_, exc| Ok(Obj::bool(suppressed(exc))), Some(set_suppress))
        .method("with_traceback(self, object, /)", with_traceback)
        .method("add_note(self, object, /)", add_note)
        .method("__reduce__(self, /)", reduce)
        .method("__setstate__(self, object, /)", setstate)
        .finish();
    for &kind in Kind::DERIVED {
        define_kind(t, kind);
    }
}

fn define_kind<M: Memory>(t: &mut Thread<M>, kind: Kind) {
    let base = kind.base().builtin();
    let mut b = Builder::new::<Exception<M>>(t, kind.builtin(), kind.name()).base_id(base).flag(flags::EXCEPTION);
    if kind == Kind::ExceptionGroup {
        b = b.base_id(Builtin::Exception);
    }
    b = match kind {
        Kind::StopIteration => field::<M, VALUE>(b, "value"),
        Kind::SystemExit => field::<M, VALUE>(b, "code"),
        Kind::NameError => field::<M, NAME_NAME>(b, "name"),
        Kind::AttributeError => field::<M, ATTRIBUTE_OBJ>(field::<M, ATTRIBUTE_NAME>(b, "name"), "obj"),
        Kind::ImportError => {
            let b = field::<M, IMPORT_NAME>(field::<M, IMPORT_MSG>(b, "msg"), "name");
            field::<M, IMPORT_NAME_FROM>(field::<M, IMPORT_PATH>(b, "path"), "name_from")
        }
        Kind::OSError => {
            let b = field::<M, OS_STRERROR>(field::<M, OS_ERRNO>(b, "errno"), "strerror");
            let b = field::<M, OS_FILENAME2>(field::<M, OS_FILENAME>(b, "filename"), "filename2");
            b.getset("characters_written", get_written, Some(set_field::<M, OS_WRITTEN>))
        }
        Kind::SyntaxError => {
            let b = field::<M, SYNTAX_FILENAME>(field::<M, SYNTAX_MSG>(b, "msg"), "filename");
            let b = field::<M, SYNTAX_OFFSET>(field::<M, SYNTAX_LINENO>(b, "lineno"), "offset");
            let b = field::<M, SYNTAX_END_LINENO>(field::<M, SYNTAX_TEXT>(b, "text"), "end_lineno");
            let b = field::<M, SYNTAX_END_OFFSET>(b, "end_offset");
            field::<M, 8>(field::<M, 7>(b, "print_file_and_line"), "_metadata")
        }
        Kind::UnicodeDecodeError | Kind::UnicodeEncodeError | Kind::UnicodeTranslateError => {
            let b = field::<M, UNICODE_OBJECT>(field::<M, UNICODE_ENCODING>(b, "encoding"), "object");
            let b = field::<M, UNICODE_END>(field::<M, UNICODE_START>(b, "start"), "end");
            field::<M, UNICODE_REASON>(b, "reason")
        }
        Kind::BaseExceptionGroup => super::group::methods(b),
        _ => b,
    };
    b.finish();
}

/// A plain attribute that is an extra field.
fn field<'a, M: Memory, const I: usize>(b: Builder<'a, M>, name: &'static str) -> Builder<'a, M> {
    b.getset(name, |t, exc| Ok(extra(t, exc, I)), Some(set_field::<M, I>))
}

fn set_field<M: Memory, const I: usize>(t: &mut Thread<M>, exc: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    set_extra(t, exc, I, value.cloned().unwrap_or(Obj::NONE));
    Ok(())
}

fn get_written<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> R<M> {
    let written = extra(t, exc, OS_WRITTEN);
    if written.is_none() {
        return Err(t.raise(Kind::AttributeError, "characters_written"));
    }
    Ok(written)
}

fn get_args<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> R<M> {
    Ok(exc_type::args(t, exc))
}

fn set_args<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let Some(value) = value else { return Err(t.raise(Kind::TypeError, "args may not be deleted")) };
    let values = t.collect(value)?;
    let values = tuple::from_vec(t, values);
    if let Some(at) = exception(exc) {
        put(t, at, &at.body.args, values);
    }
    Ok(())
}

/// An exception or `None`, else a `TypeError`.
fn exception_or_none<M: Memory>(t: &mut Thread<M>, value: Option<&Obj<M>>, name: &str) -> R<M> {
    match value {
        None => Err(t.raise(Kind::TypeError, format!("__{name}__ may not be deleted"))),
        Some(value) if value.is_none() || exception(value).is_some() => Ok(value.clone()),
        Some(_) => Err(t.raise(Kind::TypeError, format!("exception {name} must be None or derive from BaseException"))),
    }
}

fn set_cause_attr<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let value = exception_or_none(t, value, "cause")?;
    set_cause(t, exc, value);
    Ok(())
}

fn set_context_attr<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let value = exception_or_none(t, value, "context")?;
    if let Some(at) = exception(exc) {
        put_or_clear(t, at, &at.body.context, value);
    }
    Ok(())
}

fn set_traceback_attr<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let Some(value) = value else { return Err(t.raise(Kind::TypeError, "__traceback__ may not be deleted")) };
    if !value.is_none() && value.shape() != crate::types::ids::TRACEBACK {
        return Err(t.raise(Kind::TypeError, "__traceback__ must be a traceback or None"));
    }
    set_traceback(t, exc, value.clone());
    Ok(())
}

fn set_suppress<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let Some(value) = value else { return Err(t.raise(Kind::TypeError, "can't delete numeric/char attribute")) };
    if !value.word().is_bool() {
        return Err(t.raise(Kind::TypeError, "attribute value type must be bool"));
    }
    if let Some(at) = exception(exc) {
        at.body.suppress.store(value.word() == crate::value::Word::TRUE, Ordering::Relaxed);
    }
    Ok(())
}

fn with_traceback<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    set_traceback_attr(t, &args[0], Some(&args[1]))?;
    Ok(args[0].clone())
}

/// Adds a note to the exception on its way.
pub fn note_raised<M: Memory>(t: &mut Thread<M>, note: &str) -> Result<(), Raise> {
    let exc = t.take_raised();
    let note = t.str(note);
    append_note(t, &exc, &note)?;
    let _ = t.set_raised(exc);
    Ok(())
}

fn add_note<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    append_note(t, &args[0], &args[1])
}

fn append_note<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, note: &Obj<M>) -> R<M> {
    if note.cast::<crate::types::str::Str<M>>().is_none() {
        let message = format!("note must be a str, not '{}'", t.class_name(note));
        return Err(t.raise(Kind::TypeError, message));
    }
    let name = t.intern("__notes__");
    match t.getattr_opt(exc, &name)? {
        Some(notes) if notes.cast::<list::List<M>>().is_some() => list::append(t, &notes, note.clone()),
        Some(_) => return Err(t.raise(Kind::TypeError, "Cannot add note: __notes__ is not a list")),
        None => {
            let notes = list::from_vec(t, vec![note.clone()]);
            t.setattr(exc, &name, Some(&notes))?;
        }
    }
    Ok(Obj::NONE)
}

/// The instance dict, if it has entries.
fn state<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
    let name = t.intern("__dict__");
    let found = t.getattr_opt(exc, &name)?;
    Ok(found.filter(|d| dict::len(t, d) > 0))
}

fn reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let exc = &args[0];
    let mut state = state(t, exc)?;
    let mut arguments = exc_type::args(t, exc);
    let keep: &[(&str, usize)] = match family_of(t, t.class_of(exc)) {
        Family::Import => &[("name", IMPORT_NAME), ("path", IMPORT_PATH), ("name_from", IMPORT_NAME_FROM)],
        Family::Attribute => &[("name", ATTRIBUTE_NAME)],
        _ => &[],
    };
    for &(name, index) in keep {
        let value = extra(t, exc, index);
        if value.is_none() {
            continue;
        }
        let target = match state.take() {
            Some(old) => dict::copy(t, &old),
            None => dict::new(t),
        };
        let key = t.intern(name);
        dict::set(t, &target, key, value)?;
        state = Some(target);
    }
    let [filename, other] = [OS_FILENAME, OS_FILENAME2].map(|i| extra(t, exc, i));
    let is_os = family_of(t, t.class_of(exc)) == Family::Os;
    if is_os && !filename.is_none() && tuple::items(&arguments).len() == 2 {
        let mut all = tuple::items(&arguments).to_vec();
        all.push(filename);
        if !other.is_none() {
            all.extend([Obj::NONE, other]);
        }
        arguments = tuple::from_vec(t, all);
    }
    let mut parts = vec![t.class_of(exc).to_obj(), arguments];
    parts.extend(state);
    Ok(tuple::from_vec(t, parts))
}

fn setstate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if args[1].is_none() {
        return Ok(Obj::NONE);
    }
    if args[1].cast::<dict::Dict<M>>().is_none() {
        return Err(t.raise(Kind::TypeError, "state is not a dictionary"));
    }
    for (key, value) in dict::items(t, &args[1]) {
        t.setattr(&args[0], &key, Some(&value))?;
    }
    Ok(Obj::NONE)
}

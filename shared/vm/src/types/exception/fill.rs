//! Making exceptions from a call: `__new__`, `__init__`, and how each family reads its arguments.

use crate::args::Call;
use crate::context::Thread;
use crate::exceptions::{Family, Kind};
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::exception::{self as exc_type, *};
use crate::types::str::to_text;
use crate::types::{TypeObj, int, list, tuple};

/// `BaseException.__new__`
pub(super) fn new<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let family = family_of(t, class);
    match family {
        Family::Group => return super::group::new(t, class, call),
        Family::Os => return new_os(t, class, call),
        _ => {}
    }
    let args = tuple::from_slice(t, call.positional());
    Ok(bare(t, class, family, args))
}

/// `BaseException.__init__`
pub(super) fn init<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, call: Call<'_, M>) -> Result<(), Raise> {
    let family = family_of(t, t.class_of(exc));
    let positional = call.positional();
    if family == Family::Os && !inits_in_init(t, t.class_of(exc)) {
        return Ok(());
    }
    let allowed: &[(&str, usize)] = match family {
        Family::Import => &[("name", IMPORT_NAME), ("path", IMPORT_PATH), ("name_from", IMPORT_NAME_FROM)],
        Family::Name => &[("name", NAME_NAME)],
        Family::Attribute => &[("name", ATTRIBUTE_NAME), ("obj", ATTRIBUTE_OBJ)],
        _ => &[],
    };
    for (name, value) in call.names.iter().zip(call.keyword_values()) {
        let name = to_text(name);
        match allowed.iter().find(|a| a.0 == name) {
            Some(&(_, index)) => set_extra(t, exc, index, value.clone()),
            None => return Err(unexpected_keyword(t, exc, family, &name)),
        }
    }
    if family == Family::Group {
        return Ok(());
    }
    if family == Family::Unicode {
        check_unicode(t, exc, positional)?;
    }
    if family == Family::Syntax {
        check_syntax(t, positional)?;
    }
    set_args(t, exc, positional);
    if family != Family::Plain {
        fill(t, exc, family, positional);
    }
    Ok(())
}

fn unexpected_keyword<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, family: Family, name: &str) -> Raise {
    let class = match family {
        Family::Import => "ImportError".into(),
        Family::Name => "NameError".into(),
        Family::Attribute => "AttributeError".into(),
        _ => {
            let message = format!("{}() takes no keyword arguments", t.class_name(exc));
            return t.raise(Kind::TypeError, message);
        }
    };
    let class: String = class;
    t.raise(Kind::TypeError, format!("{class}() got an unexpected keyword argument '{name}'"))
}

/// Sets `args`, unless they are these already (after `__new__`).
fn set_args<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, values: &[Obj<M>]) {
    let Some(at) = exception(exc) else { return };
    let same = at.body.args.get(t).is_some_and(|old| {
        let old = tuple::items(&old);
        old.len() == values.len() && old.iter().zip(values).all(|(a, b)| a.is(b))
    });
    if !same {
        put(t, at, &at.body.args, tuple::from_vec(t, values.to_vec()));
    }
}

/// Sets the extras that follow from the arguments.
pub(super) fn fill<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, family: Family, args: &[Obj<M>]) {
    match family {
        Family::Plain | Family::Name | Family::Attribute => {}
        Family::Stop => set_extra(t, exc, VALUE, args.first().cloned().unwrap_or(Obj::NONE)),
        Family::Exit => {
            let code = match args {
                [] => Obj::NONE,
                [one] => one.clone(),
                _ => exc_type::args(t, exc),
            };
            set_extra(t, exc, VALUE, code);
        }
        Family::Import => {
            if let [message] = args {
                set_extra(t, exc, IMPORT_MSG, message.clone());
            }
        }
        Family::Os => fill_os(t, exc, args),
        Family::Syntax => fill_syntax(t, exc, args),
        Family::Unicode => {
            // Without `encoding` (UnicodeTranslateError) the fields begin at the second place.
            let skip = usize::from(args.len() == 4);
            for (i, value) in args.iter().enumerate() {
                set_extra(t, exc, i + skip, value.clone());
            }
        }
        Family::Group => {
            for (i, value) in args.iter().enumerate() {
                let value = if i == GROUP_EXCEPTIONS && value.shape() == crate::types::ids::LIST {
                    tuple::from_vec(t, list::to_vec(t, value))
                } else {
                    value.clone()
                };
                set_extra(t, exc, i, value);
            }
        }
    }
}

// ---- OSError

/// Are the arguments read by `__init__`, because a class overrides it but not `__new__`?
fn inits_in_init<M: Memory>(t: &Thread<M>, class: &TypeObj<M>) -> bool {
    let base = &t.exception_class(Kind::OSError).body.slots;
    !class.body.slots.init.same(&base.init) && class.body.slots.new.same(&base.new)
}

fn new_os<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    if inits_in_init(t, class) {
        return Ok(bare(t, class, Family::Os, tuple::empty(t)));
    }
    let args = call.positional();
    if !call.names.is_empty() {
        let message = format!("{}() takes no keyword arguments", class.body.short_name);
        return Err(t.raise(Kind::TypeError, message));
    }
    let exact = std::ptr::eq(class, t.exception_class(Kind::OSError));
    let errno = if exact && args.len() >= 2 && args.len() <= 5 { int::to_i64(&args[0]) } else { None };
    let class = errno.map(Kind::of_errno).map_or(class, |kind| t.exception_class(kind));
    let exc = bare(t, class, Family::Os, tuple::from_slice(t, args));
    fill_os(t, &exc, args);
    Ok(exc)
}

fn fill_os<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, args: &[Obj<M>]) {
    if !(2..=5).contains(&args.len()) {
        return;
    }
    set_extra(t, exc, OS_ERRNO, args[0].clone());
    set_extra(t, exc, OS_STRERROR, args[1].clone());
    let Some(filename) = args.get(2).filter(|f| !f.is_none()) else { return };
    if t.is_exception(exc, Kind::BlockingIOError) && int::to_i64(filename).is_some() {
        set_extra(t, exc, OS_WRITTEN, filename.clone());
        return;
    }
    set_extra(t, exc, OS_FILENAME, filename.clone());
    if let Some(other) = args.get(4).filter(|f| !f.is_none()) {
        set_extra(t, exc, OS_FILENAME2, other.clone());
    }
    set_args(t, exc, &args[..2]);
}

// ---- SyntaxError

fn check_syntax<M: Memory>(t: &mut Thread<M>, args: &[Obj<M>]) -> Result<(), Raise> {
    let [_, place] = args else { return Ok(()) };
    let given = t.collect(place)?.len();
    if given < 4 {
        let message = format!("function takes at least 4 arguments ({given} given)");
        return Err(t.raise(Kind::TypeError, message));
    }
    if given > 7 {
        return Err(t.raise(Kind::TypeError, format!("function takes at most 7 arguments ({given} given)")));
    }
    if given == 5 {
        return Err(t.raise(Kind::TypeError, "end_offset must be provided when end_lineno is provided"));
    }
    Ok(())
}

fn fill_syntax<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, args: &[Obj<M>]) {
    if let Some(message) = args.first() {
        set_extra(t, exc, SYNTAX_MSG, message.clone());
    }
    let [_, place] = args else { return };
    if place.shape() == crate::types::ids::TUPLE {
        for (i, value) in tuple::items(place).iter().take(6).enumerate() {
            set_extra(t, exc, SYNTAX_FILENAME + i, value.clone());
        }
    } else if let Ok(values) = t.collect(place) {
        for (i, value) in values.into_iter().take(6).enumerate() {
            set_extra(t, exc, SYNTAX_FILENAME + i, value);
        }
    } else {
        t.clear_raised();
    }
}

// ---- Unicode errors

fn check_unicode<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, args: &[Obj<M>]) -> Result<(), Raise> {
    let translate = t.is_exception(exc, Kind::UnicodeTranslateError);
    let want = if translate { 4 } else { 5 };
    if args.len() != want {
        let message = format!("function takes exactly {want} arguments ({} given)", args.len());
        return Err(t.raise(Kind::TypeError, message));
    }
    let object = if t.is_exception(exc, Kind::UnicodeDecodeError) { "bytes" } else { "str" };
    let kinds: &[&str] = &["str", object, "int", "int", "str"];
    for (i, (value, want)) in args.iter().zip(&kinds[5 - args.len()..]).enumerate() {
        let right = match *want {
            "str" => value.cast::<crate::types::str::Str<M>>().is_some(),
            "int" => int::to_big(value).is_some(),
            _ => crate::types::bytes::view(value).is_some() || i == 1,
        };
        if !right {
            let message = format!("argument {} must be {want}, not {}", i + 1, t.class_name(value));
            return Err(t.raise(Kind::TypeError, message));
        }
    }
    Ok(())
}

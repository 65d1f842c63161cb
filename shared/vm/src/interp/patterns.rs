//! `match`: what class, mapping and sequence patterns ask.

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::str::to_text;
use crate::types::{Type, dict, flags, ids, tuple};
use crate::value::Word;

/// Does the value's class have a flag?
#[inline(never)]
pub fn has_flag<M: Memory>(t: &Thread<M>, obj: &Obj<M>, flag: u32) -> Word {
    Word::bool(t.class_of(obj).body.has(flag))
}

/// The values under `keys`, or None.
#[inline(never)]
pub fn match_keys<M: Memory>(t: &mut Thread<M>, subject: &Obj<M>, keys: &Obj<M>) -> R<M> {
    let keys = tuple::items(keys).to_vec();
    let mut values = Vec::with_capacity(keys.len());
    let mut seen: Vec<Obj<M>> = Vec::new();
    let missing = t.alloc(crate::types::build::Plain);
    let get = t.getattr_str(subject, "get")?;
    for key in keys {
        for other in &seen {
            if t.eq(&key, other)? {
                let text = t.repr(&key)?;
                let message = format!("mapping pattern checks duplicate key ({})", to_text(&text));
                return Err(t.raise(Kind::ValueError, message));
            }
        }
        seen.push(key.clone());
        let value = t.call(&get, &[key, missing.clone()])?;
        if value.is(&missing) {
            return Ok(Obj::NONE);
        }
        values.push(value);
    }
    Ok(tuple::from_vec(t, values))
}

/// The attributes that a class pattern asks for, or None.
#[inline(never)]
pub fn match_class<M: Memory>(
    t: &mut Thread<M>,
    subject: &Obj<M>,
    pattern: &Obj<M>,
    names: &Obj<M>,
    positional: usize,
) -> R<M> {
    let Some(c) = pattern.cast::<Type<M>>() else {
        return Err(t.raise(Kind::TypeError, "called match pattern must be a class"));
    };
    if !t.isinstance(subject, pattern)? {
        return Ok(Obj::NONE);
    }
    let mut values = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    if positional > 0 {
        let match_args = t.getattr_opt_str(pattern, "__match_args__")?;
        let class_name = c.body.short_name.to_string();
        match match_args {
            None if c.body.has(flags::SELF_MATCH) => {
                if positional > 1 {
                    let message = format!("{class_name}() accepts 1 positional sub-pattern ({positional} given)");
                    return Err(t.raise(Kind::TypeError, message));
                }
                values.push(subject.clone());
            }
            other => {
                let args = other.unwrap_or_else(|| tuple::empty(t));
                if args.shape() != ids::TUPLE {
                    let class = t.class_name(&args);
                    let message = format!("{class_name}.__match_args__ must be a tuple (got {class})");
                    return Err(t.raise(Kind::TypeError, message));
                }
                let args = tuple::items(&args).to_vec();
                if args.len() < positional {
                    let (n, s) = (args.len(), if args.len() == 1 { "" } else { "s" });
                    let message = format!("{class_name}() accepts {n} positional sub-pattern{s} ({positional} given)");
                    return Err(t.raise(Kind::TypeError, message));
                }
                for name in &args[..positional] {
                    if crate::types::str::view(name).is_none() {
                        let class = t.class_name(name);
                        let message = format!("__match_args__ elements must be strings (got {class})");
                        return Err(t.raise(Kind::TypeError, message));
                    }
                    if !match_attribute(t, subject, name, &class_name, &mut seen, &mut values)? {
                        return Ok(Obj::NONE);
                    }
                }
            }
        }
    }
    let class_name = c.body.short_name.to_string();
    for name in tuple::items(names).to_vec() {
        if !match_attribute(t, subject, &name, &class_name, &mut seen, &mut values)? {
            return Ok(Obj::NONE);
        }
    }
    Ok(tuple::from_vec(t, values))
}

fn match_attribute<M: Memory>(
    t: &mut Thread<M>,
    subject: &Obj<M>,
    name: &Obj<M>,
    class_name: &str,
    seen: &mut Vec<String>,
    values: &mut Vec<Obj<M>>,
) -> Result<bool, Raise> {
    let text = to_text(name).into_owned();
    if seen.contains(&text) {
        let message = format!("{class_name}() got multiple sub-patterns for attribute '{text}'");
        return Err(t.raise(Kind::TypeError, message));
    }
    seen.push(text);
    let name = t.intern_obj(name);
    match t.getattr_opt(subject, &name)? {
        Some(value) => {
            values.push(value);
            Ok(true)
        }
        None => Ok(false),
    }
}

/// A dict of what `keys` leave of a mapping.
#[inline(never)]
pub fn match_rest<M: Memory>(t: &mut Thread<M>, subject: &Obj<M>, keys: &Obj<M>) -> R<M> {
    let rest = dict::new(t);
    dict::methods::merge(t, &rest, subject)?;
    for key in tuple::items(keys).to_vec() {
        dict::remove(t, &rest, &key)?;
    }
    Ok(rest)
}

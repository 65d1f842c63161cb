//! Struct sequences: tuples whose items have names (`time.struct_time`, `os.stat_result`). A class is derived from
//! `tuple`; names beyond the visible items live in the instance's `__dict__`.

use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::make_class;
use crate::object::{Obj, R};
use crate::types::build::Getter;
use crate::types::ids::Builtin;
use crate::types::native::{Native, NativeKind};
use crate::types::str::to_text;
use crate::types::{descriptors, int, tuple};

/// The names of a struct sequence.
pub struct Fields {
    /// Names of the items; an empty one has none.
    pub shown: &'static [&'static str],
    /// Names that are not items.
    pub hidden: &'static [&'static str],
}

fn item<M: Memory, const I: usize>(_: &mut Thread<M>, o: &Obj<M>) -> R<M> {
    Ok(tuple::items(o).get(I).cloned().unwrap_or(Obj::NONE))
}

fn getter<M: Memory>(i: usize) -> Getter<M> {
    macro_rules! pick {
        ($($n:literal)*) => { match i { $($n => item::<M, $n>,)* _ => unreachable!("no struct sequence is that long") } };
    }
    pick!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21)
}

/// Makes and keeps the class with this full name (`time.struct_time`).
pub fn class<M: Memory>(t: &mut Thread<M>, full: &'static str, fields: &Fields) -> R<M> {
    if let Some(kept) = t.kept(full) {
        return Ok(kept.own());
    }
    let (home, name) = full.rsplit_once('.').unwrap_or(("builtins", full));
    let mut entries = Vec::new();
    for (i, field) in fields.shown.iter().enumerate().filter(|(_, f)| !f.is_empty()) {
        entries.push((*field, descriptors::getset(t, field, getter(i), None)));
    }
    let count = fields.shown.len();
    let named = fields.shown.iter().filter(|f| !f.is_empty());
    let home = t.intern(home);
    entries.push(("__module__", home));
    entries.push(("n_sequence_fields", int::from_i64(t, count as i64)));
    entries.push(("n_fields", int::from_i64(t, (count + fields.hidden.len()) as i64)));
    entries.push(("n_unnamed_fields", int::from_i64(t, (count - named.clone().count()) as i64)));
    let names: Vec<Obj<M>> = named.map(|f| t.intern(f)).collect();
    entries.push(("__match_args__", tuple::from_vec(t, names)));
    let all: Vec<Obj<M>> = fields.shown.iter().chain(fields.hidden).map(|f| t.intern(f)).collect();
    entries.push(("__fields__", tuple::from_vec(t, all)));
    for (signature, kind, f) in [
        ("__new__(cls, sequence, dict={})", NativeKind::Static, new as crate::args::NativeFn<M>),
        ("__repr__(self, /)", NativeKind::Method, repr),
        ("__reduce__(self, /)", NativeKind::Method, reduce),
        ("__replace__(self, /, **changes)", NativeKind::Method, replace),
    ] {
        let key = signature.split('(').next().expect("split gives one part");
        let signature = crate::args::Signature::parse(signature);
        entries.push((key, Native::make(t, kind, signature, f, name)));
    }
    let base = t.builtin(Builtin::Tuple).to_obj();
    let class = make_class(t, name, &[base], entries)?;
    t.keep(full, class.clone());
    Ok(class)
}

/// An instance.
pub fn make<M: Memory>(
    t: &mut Thread<M>,
    full: &'static str,
    fields: &Fields,
    values: Vec<Obj<M>>,
    hidden: Vec<Obj<M>>,
) -> R<M> {
    let class = class(t, full, fields)?;
    let made = instance(t, &class, values)?;
    for (name, value) in fields.hidden.iter().zip(hidden) {
        let name = t.intern(name);
        t.setattr(&made, &name, Some(&value))?;
    }
    Ok(made)
}

fn instance<M: Memory>(t: &mut Thread<M>, class: &Obj<M>, values: Vec<Obj<M>>) -> R<M> {
    let base = t.builtin(Builtin::Tuple).to_obj();
    let values = tuple::from_vec(t, values);
    t.call_method(&base, "__new__", &[class.clone(), values])
}

fn field_names<M: Memory>(t: &mut Thread<M>, class: &Obj<M>) -> Result<(Vec<Obj<M>>, usize), crate::object::Raise> {
    let names = t.getattr_str(class, "__fields__")?;
    let count = t.getattr_str(class, "n_sequence_fields")?;
    Ok((tuple::items(&names).to_vec(), int::to_i64(&count).unwrap_or(0) as usize))
}

fn new<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let class = args[0].clone();
    let (names, count) = field_names(t, &class)?;
    let mut values = t.collect(&args[1])?;
    let short = t.getattr_str(&class, "__name__")?;
    let short = t.text(&short);
    if values.len() < count || values.len() > names.len() {
        let (what, bound) = if names.len() == count {
            ("a", count)
        } else if values.len() < count {
            ("an at least", count)
        } else {
            ("an at most", names.len())
        };
        let message = format!("{short}() takes {what} {bound}-sequence ({}-sequence given)", values.len());
        return Err(t.raise(Kind::TypeError, message));
    }
    let extra = values.split_off(count);
    let made = instance(t, &class, values)?;
    for (i, name) in names[count..].iter().enumerate() {
        let value = match (extra.get(i), args.some(2)) {
            (Some(value), _) => value.clone(),
            (None, Some(dict)) => crate::types::dict::get(t, dict, name)?.unwrap_or(Obj::NONE),
            (None, None) => Obj::NONE,
        };
        t.setattr(&made, name, Some(&value))?;
    }
    Ok(made)
}

fn repr<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let class = t.class_of(&args[0]).to_obj();
    let (names, count) = field_names(t, &class)?;
    let home = t.getattr_str(&class, "__module__")?;
    let short = t.getattr_str(&class, "__name__")?;
    let mut text = format!("{}.{}(", to_text(&home), to_text(&short));
    for (i, value) in tuple::items(&args[0]).to_vec().iter().enumerate().take(count) {
        let shown = t.repr(value)?;
        let comma = if i == 0 { "" } else { ", " };
        text.push_str(&format!("{comma}{}={}", to_text(&names[i]), to_text(&shown)));
    }
    text.push(')');
    Ok(t.string(text))
}

fn reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let class = t.class_of(&args[0]).to_obj();
    let items = tuple::from_vec(t, tuple::items(&args[0]).to_vec());
    let dict = t.getattr_str(&args[0], "__dict__")?;
    let state = tuple::from_vec(t, vec![items, dict]);
    Ok(tuple::from_vec(t, vec![class, state]))
}

fn replace<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let class = t.class_of(&args[0]).to_obj();
    let (names, _) = field_names(t, &class)?;
    let mut values = Vec::new();
    for name in &names {
        let given = args.names.iter().position(|n| to_text(n) == to_text(name));
        values.push(match given {
            Some(i) => args.values[i].clone(),
            None => t.getattr(&args[0], name)?,
        });
    }
    for name in args.names {
        if !names.iter().any(|n| to_text(n) == to_text(name)) {
            let list = crate::types::list::from_vec(t, vec![name.clone()]);
            let shown = t.repr(&list)?;
            return Err(t.raise(Kind::TypeError, format!("Got unexpected field name(s): {}", to_text(&shown))));
        }
    }
    let values = crate::types::list::from_vec(t, values);
    t.call(&class, &[values])
}

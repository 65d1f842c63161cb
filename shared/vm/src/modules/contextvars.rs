//! `_contextvars`. A context is a dict from variables to values that is never changed in place: setting a variable gives
//! the context a new dict, so copying a context copies one reference. Which context a thread is in stands in a table of
//! the interpreter, by thread.

use crate::args::{Args, Call};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::{Memory, Section};
use crate::modules::Maker;
use crate::object::{Held, Layout, Obj, Payload, R, Raise, Slot};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::str::{to_text, view};
use crate::types::{TypeObj, dict, flags, int};
use crate::value::Word;

/// Payload of `contextvars.Context`.
pub struct Vars<M: Memory> {
    /// Variables and values. Replaced under the section.
    map: Slot<M>,
    /// `True` while entered. Replaced under the section.
    entered: Slot<M>,
}

// SAFETY: told apart by shape; both references are visited.
unsafe impl<M: Memory> Payload<M> for Vars<M> {
    const SHAPE: u32 = ids::CONTEXT;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.map.word());
        f(self.entered.word());
    }
}

/// Payload of `contextvars.ContextVar`. Read-only.
pub struct ContextVar<M: Memory> {
    name: Held<M>,
    /// NULL: none.
    default: Held<M>,
}

// SAFETY: told apart by shape; both references are visited.
unsafe impl<M: Memory> Payload<M> for ContextVar<M> {
    const SHAPE: u32 = ids::CONTEXT_VAR;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.name.word());
        f(self.default.word());
    }
}

/// Payload of `contextvars.Token`.
pub struct Token<M: Memory> {
    context: Held<M>,
    var: Held<M>,
    /// What the variable had before; NULL: nothing.
    old: Held<M>,
    /// `True` once used. Replaced under the section.
    used: Slot<M>,
}

// SAFETY: told apart by shape; all references are visited.
unsafe impl<M: Memory> Payload<M> for Token<M> {
    const SHAPE: u32 = ids::CONTEXT_TOKEN;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        for held in [&self.context, &self.var, &self.old] {
            f(held.word());
        }
        f(self.used.word());
    }
}

const NULL: Word = Word::NULL;

fn null<M: Memory>() -> Obj<M> {
    // SAFETY: the null word owns nothing.
    unsafe { Obj::from_word(NULL) }
}

fn vars<M: Memory>(obj: &Obj<M>) -> &Vars<M> {
    &obj.cast::<Vars<M>>().expect("methods of Context get one").body
}

fn make_context<M: Memory>(t: &Thread<M>, map: Obj<M>) -> Obj<M> {
    t.alloc(Vars { map: Slot::fresh(map), entered: Slot::fresh(Obj::bool(false)) })
}

fn replace<M: Memory>(t: &Thread<M>, obj: &Obj<M>, slot: &Slot<M>, value: Obj<M>) {
    let head = obj.head().expect("an object");
    let section = Section::enter(t, head);
    let old = slot.set(&section, head, value);
    drop(section);
    drop(old);
}

fn map_of<M: Memory>(t: &Thread<M>, context: &Obj<M>) -> Obj<M> {
    vars(context).map.get(t).expect("always set").own()
}

// ---- The current context.

fn threads<M: Memory>(t: &Thread<M>) -> Obj<M> {
    if let Some(table) = t.kept("contexts") {
        return table.own();
    }
    let table = dict::new(t);
    t.keep("contexts", table.clone());
    table
}

fn set_current<M: Memory>(t: &mut Thread<M>, context: Option<Obj<M>>) -> Result<Option<Obj<M>>, Raise> {
    let table = threads(t);
    let key = int::from_i64(t, t.ident as i64);
    let old = dict::get(t, &table, &key)?;
    match context {
        Some(context) => dict::set(t, &table, key, context)?,
        None => drop(dict::remove(t, &table, &key)?),
    }
    Ok(old)
}

fn current<M: Memory>(t: &mut Thread<M>) -> Result<Option<Obj<M>>, Raise> {
    let Some(table) = t.kept("contexts").map(|c| c.own()) else { return Ok(None) };
    let key = int::from_i64(t, t.ident as i64);
    dict::get(t, &table, &key)
}

fn current_or_new<M: Memory>(t: &mut Thread<M>) -> R<M> {
    if let Some(context) = current(t)? {
        return Ok(context);
    }
    let map = dict::new(t);
    let context = make_context(t, map);
    set_current(t, Some(context.clone()))?;
    Ok(context)
}

fn copy_context<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    let context = current_or_new(t)?;
    let map = map_of(t, &context);
    Ok(make_context(t, map))
}

// ---- Context

fn new_context<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    if !call.slots.is_empty() {
        return Err(t.raise(Kind::TypeError, "Context() does not accept any arguments"));
    }
    let map = dict::new(t);
    Ok(make_context(t, map))
}

fn run<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let context = args[0].clone();
    let entered = vars(&context).entered.get(t).is_some_and(|e| e.word() == Word::TRUE);
    if entered {
        let shown = t.repr(&context)?;
        let message = format!("cannot enter context: {} is already entered", to_text(&shown));
        return Err(t.raise(Kind::RuntimeError, message));
    }
    replace(t, &context, &vars(&context).entered, Obj::bool(true));
    let outer = set_current(t, Some(context.clone()))?;
    let mut slots = args.rest.to_vec();
    slots.extend(args.values.iter().cloned());
    let result = t.call_with(&args[1], Call { slots: &slots, names: args.names });
    // What the call raised stays as it is while the context is left.
    let raised = if result.is_err() { Some(t.take_raised()) } else { None };
    replace(t, &context, &vars(&context).entered, Obj::bool(false));
    set_current(t, outer)?;
    match raised {
        Some(error) => Err(t.set_raised(error)),
        None => result,
    }
}

fn expect_var<M: Memory>(t: &mut Thread<M>, key: &Obj<M>) -> Result<(), Raise> {
    if key.cast::<ContextVar<M>>().is_some() {
        return Ok(());
    }
    let shown = t.repr(key)?;
    Err(t.raise(Kind::TypeError, format!("a ContextVar key was expected, got {}", to_text(&shown))))
}

fn context_item<M: Memory>(t: &mut Thread<M>, context: &Obj<M>, key: &Obj<M>) -> R<M> {
    expect_var(t, key)?;
    let map = map_of(t, context);
    match dict::get(t, &map, key)? {
        Some(value) => Ok(value),
        None => Err(t.raise_key(key)),
    }
}

fn context_get<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    expect_var(t, &args[1])?;
    let map = map_of(t, &args[0]);
    Ok(dict::get(t, &map, &args[1])?.unwrap_or_else(|| args.get(2).cloned().unwrap_or(Obj::NONE)))
}

fn define_context<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Vars<M>>(t, Builtin::ContextVarsContext, "_contextvars.Context")
        .module("_contextvars")
        .is_final()
        .flag(flags::MAPPING)
        .slots(|s| {
            s.new.set(Some(new_context));
            s.getitem.set(Some(context_item));
            s.len.set(Some(|t, c| {
                let map = map_of(t, c);
                t.len(&map)
            }));
            s.iter.set(Some(|t, c| {
                let map = map_of(t, c);
                t.iter(&map)
            }));
            s.contains.set(Some(|t, c, key| {
                expect_var(t, key)?;
                let map = map_of(t, c);
                t.contains(&map, key)
            }));
            s.hash.set(Some(crate::types::object::identity_hash));
        })
        .method("run(self, callable, /, *args, **kwargs)", run)
        .method("copy(self, /)", |t, a| {
            let map = map_of(t, &a[0]);
            Ok(make_context(t, map))
        })
        .method("get(self, key, default=None, /)", context_get)
        .method("keys(self, /)", |t, a| {
            let map = map_of(t, &a[0]);
            t.call_method(&map, "keys", &[])
        })
        .method("values(self, /)", |t, a| {
            let map = map_of(t, &a[0]);
            t.call_method(&map, "values", &[])
        })
        .method("items(self, /)", |t, a| {
            let map = map_of(t, &a[0]);
            t.call_method(&map, "items", &[])
        })
        .finish();
}

// ---- ContextVar

fn new_var<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    fn make<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
        if view(&args[1]).is_none() {
            return Err(t.raise(Kind::TypeError, "context variable name must be a str"));
        }
        let default = args.get(2).cloned().unwrap_or_else(null);
        Ok(t.alloc(ContextVar { name: Held::fresh(args[1].clone()), default: Held::fresh(default) }))
    }
    super::io::bind(t, "ContextVar(cls, name, /, *, default=None)", class, call, make)
}

fn var_get<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if let Some(context) = current(t)? {
        let map = map_of(t, &context);
        if let Some(value) = dict::get(t, &map, &args[0])? {
            return Ok(value);
        }
    }
    if let Some(default) = args.get(1) {
        return Ok(default.clone());
    }
    let default = args[0].cast::<ContextVar<M>>().map(|v| (*v.body.default).clone());
    match default.filter(|d| !d.is_null()) {
        Some(default) => Ok(default),
        None => Err(t.raise_args(Kind::LookupError, vec![args[0].clone()])),
    }
}

fn assign<M: Memory>(
    t: &mut Thread<M>,
    var: &Obj<M>,
    value: Option<Obj<M>>,
) -> Result<(Obj<M>, Option<Obj<M>>), Raise> {
    let context = current_or_new(t)?;
    let map = map_of(t, &context);
    let old = dict::get(t, &map, var)?;
    let map = dict::copy(t, &map);
    match value {
        Some(value) => dict::set(t, &map, var.clone(), value)?,
        None => drop(dict::remove(t, &map, var)?),
    }
    replace(t, &context, &vars(&context).map, map);
    Ok((context, old))
}

fn var_set<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (context, old) = assign(t, &args[0], Some(args[1].clone()))?;
    Ok(t.alloc(Token {
        context: Held::fresh(context),
        var: Held::fresh(args[0].clone()),
        old: Held::fresh(old.unwrap_or_else(null)),
        used: Slot::fresh(Obj::bool(false)),
    }))
}

fn reset<M: Memory>(t: &mut Thread<M>, var: &Obj<M>, token: &Obj<M>) -> R<M> {
    let Some(body) = token.cast::<Token<M>>().map(|o| &o.body) else {
        let shown = t.repr(token)?;
        return Err(t.raise(Kind::TypeError, format!("expected an instance of Token, got {}", to_text(&shown))));
    };
    if body.used.get(t).is_some_and(|u| u.word() == Word::TRUE) {
        let shown = t.repr(token)?;
        return Err(t.raise(Kind::RuntimeError, format!("{} has already been used once", to_text(&shown))));
    }
    if !body.var.is(var) {
        let shown = t.repr(token)?;
        let message = format!("{} was created by a different ContextVar", to_text(&shown));
        return Err(t.raise(Kind::ValueError, message));
    }
    let context = current_or_new(t)?;
    if !body.context.is(&context) {
        let shown = t.repr(token)?;
        return Err(t.raise(Kind::ValueError, format!("{} was created in a different Context", to_text(&shown))));
    }
    replace(t, token, &body.used, Obj::bool(true));
    let old = (*body.old).clone();
    assign(t, var, if old.is_null() { None } else { Some(old) })?;
    Ok(Obj::NONE)
}

fn address<M: Memory>(obj: &Obj<M>) -> usize {
    obj.word().address() as usize
}

fn var_repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let body = &obj.cast::<ContextVar<M>>().expect("a slot of ContextVar").body;
    let (name, default) = ((*body.name).clone(), (*body.default).clone());
    let name = t.repr(&name)?;
    let default = if default.is_null() { String::new() } else { format!(" default={}", to_text(&t.repr(&default)?)) };
    Ok(t.string(format!("<ContextVar name={}{default} at {:#x}>", to_text(&name), address(obj))))
}

fn token_repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let body = &obj.cast::<Token<M>>().expect("a slot of Token").body;
    let used = if body.used.get(t).is_some_and(|u| u.word() == Word::TRUE) { " used" } else { "" };
    let var = (*body.var).clone();
    let var = t.repr(&var)?;
    Ok(t.string(format!("<Token{used} var={} at {:#x}>", to_text(&var), address(obj))))
}

fn old_value<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let old = obj.cast::<Token<M>>().map_or_else(null, |o| (*o.body.old).clone());
    if old.is_null() { missing(t) } else { Ok(old) }
}

/// `Token.MISSING`
fn missing<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let class = t.builtin(Builtin::ContextToken).to_obj();
    t.getattr_str(&class, "MISSING")
}

/// Defines the three classes.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    define_context(t);
    Builder::new::<ContextVar<M>>(t, Builtin::ContextVar, "_contextvars.ContextVar")
        .module("_contextvars")
        .is_final()
        .slots(|s| {
            s.new.set(Some(new_var));
            s.repr.set(Some(var_repr));
        })
        .method("get(self, default=None, /)", var_get)
        .method("set(self, value, /)", var_set)
        .method("reset(self, token, /)", |t, a| reset(t, &a[0], &a[1]))
        .classmethod("__class_getitem__(cls, key, /)", |_, a| Ok(a[0].clone()))
        .getter("name", |_, o| Ok(o.cast::<ContextVar<M>>().map_or(Obj::NONE, |v| (*v.body.name).clone())))
        .finish();
    let marker = t.str("<Token.MISSING>");
    Builder::new::<Token<M>>(t, Builtin::ContextToken, "_contextvars.Token")
        .module("_contextvars")
        .is_final()
        .flag(flags::NO_NEW)
        .slots(|s| s.repr.set(Some(token_repr)))
        .attr("MISSING", marker)
        .classmethod("__class_getitem__(cls, key, /)", |_, a| Ok(a[0].clone()))
        .method("__enter__(self, /)", |_, a| Ok(a[0].clone()))
        .method("__exit__(self, type, value, traceback, /)", |t, a| {
            let var = a[0].cast::<Token<M>>().map_or(Obj::NONE, |o| (*o.body.var).clone());
            reset(t, &var, &a[0])
        })
        .getter("var", |_, o| Ok(o.cast::<Token<M>>().map_or(Obj::NONE, |v| (*v.body.var).clone())))
        .getter("old_value", old_value)
        .finish();
}

/// `_contextvars`
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    Maker::new(t, "_contextvars")
        .class("Context", Builtin::ContextVarsContext)
        .class("ContextVar", Builtin::ContextVar)
        .class("Token", Builtin::ContextToken)
        .function("copy_context()", copy_context)
        .finish()
}

//! Binding arguments to parameters: in place where the call fits, into a window of its own otherwise, with CPython's
//! messages where it does not.

use crate::args::Call;
use crate::code::CodeBody;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::interp::call::room;
use crate::memory::Memory;
use crate::object::{Obj, Raise};
use crate::types::function::FunctionObj;
use crate::types::str::to_text;
use crate::types::{dict, tuple};
use crate::value::Word;

/// Binds a call to the parameters: fills registers `0..nlocals` at `base`. On error nothing is left in them.
///
/// # Safety
/// `room` has checked the window at `base`, and it holds no pointers yet.
pub unsafe fn fill<M: Memory>(
    t: &mut Thread<M>,
    function: &FunctionObj<M>,
    code: &CodeBody<M>,
    base: *mut Word,
    call: Call<'_, M>,
) -> Result<(), Raise> {
    let pos = call.positional();
    let argcount = code.argcount as usize;
    // SAFETY: (all writes below) registers of a window that `room` has checked and that holds no pointers yet.
    let put = |i: usize, w: Word| unsafe { *base.add(i) = w };
    if code.simple && call.names.is_empty() && pos.len() == argcount {
        for (i, arg) in pos.iter().enumerate() {
            // SAFETY: a borrowed argument is valid.
            put(i, unsafe { M::hold(t, arg.word()) });
        }
        for i in argcount..code.nlocals as usize {
            put(i, Word::NULL);
        }
        return Ok(());
    }
    for i in 0..code.nlocals as usize {
        put(i, Word::NULL);
    }
    let top = t.top.get();
    // What is filled so far must be known as this thread's registers while binding may raise or compare names.
    // SAFETY: inside the stack.
    t.top.set(unsafe { base.add(code.nlocals as usize) });
    let result = bind(t, function, code, base, call);
    if result.is_err() {
        // SAFETY: the window is being given up.
        unsafe { crate::interp::unwind::drop_registers(t, base, 0, code.nlocals as usize) };
    }
    t.top.set(top);
    result
}

fn bind<M: Memory>(
    t: &mut Thread<M>,
    function: &FunctionObj<M>,
    code: &CodeBody<M>,
    base: *mut Word,
    call: Call<'_, M>,
) -> Result<(), Raise> {
    let c = &code.code;
    let pos = call.positional();
    let (argcount, kwonly) = (c.argcount as usize, c.kwonly as usize);
    let named = argcount + kwonly;
    // SAFETY: a register of the window, see `fill`.
    let put = |i: usize, w: Word| unsafe { *base.add(i) = w };
    // SAFETY: as above.
    let get = |i: usize| unsafe { *base.add(i) };
    let given = pos.len().min(argcount);
    for (i, arg) in pos[..given].iter().enumerate() {
        // SAFETY: the caller's argument is valid; registers need not count what the model protects otherwise.
        put(i, unsafe { M::hold(t, arg.word()) });
    }
    if c.flags.varargs {
        put(named, tuple::from_vec(t, pos[given..].to_vec()).into_word());
    }
    let extra = if c.flags.varkw { Some(dict::new(t)) } else { None };
    if let Some(extra) = &extra {
        put(named + c.flags.varargs as usize, extra.clone().into_word());
    }
    let mut positional_as_keyword: Vec<String> = Vec::new();
    for (name, value) in call.names.iter().zip(call.keyword_values()) {
        let at = name.word().as_counted();
        let find = |w: &Word| w.as_counted() == at;
        let posonly = c.posonly as usize;
        let slot = code.varnames[posonly..named].iter().position(find).map(|i| i + posonly).or_else(|| {
            let text = to_text(name);
            c.varnames[posonly..named].iter().position(|n| **n == *text).map(|i| i + posonly)
        });
        match slot {
            // SAFETY: as above.
            Some(i) if get(i) == Word::NULL => put(i, unsafe { M::hold(t, value.word()) }),
            Some(_) => {
                let (f, n) = (qualname(t, function), to_text(name));
                return Err(t.raise(Kind::TypeError, format!("{f}() got multiple values for argument '{n}'")));
            }
            None => match &extra {
                Some(extra) => dict::set_str(t, extra, name.clone(), value.clone()),
                None => {
                    let text = to_text(name).into_owned();
                    if c.varnames[..posonly].iter().any(|n| **n == *text) {
                        positional_as_keyword.push(text);
                        continue;
                    }
                    return Err(unexpected_keyword(t, function, code, &text));
                }
            },
        }
    }
    if !positional_as_keyword.is_empty() {
        let f = qualname(t, function);
        let list = positional_as_keyword.join(", ");
        let message = format!("{f}() got some positional-only arguments passed as keyword arguments: '{list}'");
        return Err(t.raise(Kind::TypeError, message));
    }
    if pos.len() > argcount && !c.flags.varargs {
        return Err(too_many(t, function, code, pos.len(), base));
    }
    if given < argcount {
        let defaults = function.body.defaults.get(t).map(|d| d.own()).filter(|d| !d.is_none());
        let items = defaults.as_ref().map_or(&[][..], |d| tuple::items(d));
        let first = argcount - items.len().min(argcount);
        let mut missing = Vec::new();
        for i in given..argcount {
            if get(i) == Word::NULL {
                match i.checked_sub(first).and_then(|k| items.get(k)) {
                    Some(value) => put(i, value.clone().into_word()),
                    None => missing.push(c.varnames[i].to_string()),
                }
            }
        }
        if !missing.is_empty() {
            return Err(missing_arguments(t, function, "positional", &missing));
        }
    }
    if kwonly > 0 {
        let defaults = function.body.kwdefaults.get(t).map(|d| d.own()).filter(|d| !d.is_none());
        let mut missing = Vec::new();
        for i in argcount..named {
            if get(i) == Word::NULL {
                // SAFETY: an immortal interned name.
                let name = unsafe { Obj::<M>::from_word(code.varnames[i]) };
                match defaults.as_ref().and_then(|d| dict::get_str(t, d, &name).map(|v| v.own())) {
                    Some(value) => put(i, value.into_word()),
                    None => missing.push(c.varnames[i].to_string()),
                }
            }
        }
        if !missing.is_empty() {
            return Err(missing_arguments(t, function, "keyword-only", &missing));
        }
    }
    Ok(())
}

fn qualname<M: Memory>(t: &Thread<M>, function: &FunctionObj<M>) -> String {
    function.body.qualname.get(t).map(|n| to_text(&n).into_owned()).unwrap_or_default()
}

#[cold]
fn unexpected_keyword<M: Memory>(t: &mut Thread<M>, f: &FunctionObj<M>, code: &CodeBody<M>, text: &str) -> Raise {
    let name = qualname(t, f);
    let c = &code.code;
    let named = &c.varnames[c.posonly as usize..(c.argcount + c.kwonly) as usize];
    let hint = crate::suggest::closest(text, named.iter().map(|n| &**n));
    let hint = hint.map_or(String::new(), |h| format!(". Did you mean '{h}'?"));
    t.raise(Kind::TypeError, format!("{name}() got an unexpected keyword argument '{text}'{hint}"))
}

#[cold]
fn missing_arguments<M: Memory>(t: &mut Thread<M>, f: &FunctionObj<M>, kind: &str, names: &[String]) -> Raise {
    let quoted: Vec<_> = names.iter().map(|n| format!("'{n}'")).collect();
    let list = match &quoted[..] {
        [one] => one.clone(),
        [a, b] => format!("{a} and {b}"),
        more => format!("{}, and {}", more[..more.len() - 1].join(", "), more[more.len() - 1]),
    };
    let (name, n) = (qualname(t, f), names.len());
    let plural = if n == 1 { "" } else { "s" };
    t.raise(Kind::TypeError, format!("{name}() missing {n} required {kind} argument{plural}: {list}"))
}

#[cold]
fn too_many<M: Memory>(
    t: &mut Thread<M>,
    f: &FunctionObj<M>,
    code: &CodeBody<M>,
    given: usize,
    base: *mut Word,
) -> Raise {
    let c = &code.code;
    let defaults = f.body.defaults.get(t).map_or(0, |d| if d.is_none() { 0 } else { tuple::items(&d).len() });
    let (name, high) = (qualname(t, f), c.argcount as usize);
    let low = high - defaults.min(high);
    let (takes, plural) =
        if low == high { (high.to_string(), high != 1) } else { (format!("from {low} to {high}"), true) };
    let named = high..high + c.kwonly as usize;
    // SAFETY: registers of the window.
    let keywords = named.filter(|&i| unsafe { *base.add(i) } != Word::NULL).count();
    let (were, more) = if keywords > 0 {
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let text =
            format!(" positional argument{} (and {keywords} keyword-only argument{})", plural(given), plural(keywords));
        ("were", text)
    } else {
        (if given == 1 { "was" } else { "were" }, String::new())
    };
    let s = if plural { "s" } else { "" };
    t.raise(Kind::TypeError, format!("{name}() takes {takes} positional argument{s} but {given}{more} {were} given"))
}

/// Binds a call whose arguments stand where the callee's registers begin: positional arguments, keywords that name
/// parameters, defaults, `*args`. False, with nothing changed, when the general way must be gone: a `**kwargs`
/// parameter, keywords that are not the interned names of parameters, and everything that is an error.
///
/// # Safety
/// `n` arguments stand at `first`, the last ones for `names`; `room` has checked the window.
pub unsafe fn bind_in_place<M: Memory>(
    t: &mut Thread<M>,
    function: &FunctionObj<M>,
    code: &CodeBody<M>,
    first: *mut Word,
    n: usize,
    names: &[Obj<M>],
) -> bool {
    let c = &code.code;
    let (argcount, kwonly) = (c.argcount as usize, c.kwonly as usize);
    let (named, npos) = (argcount + kwonly, n - names.len());
    if c.flags.varkw || names.len() > KEYWORDS || named > 64 || npos > argcount && !c.flags.varargs {
        return false;
    }
    let given = npos.min(argcount);
    // Which parameters have an argument, and where the keywords' values go.
    let mut bound: u64 = if given == 64 { u64::MAX } else { (1 << given) - 1 };
    let mut places = [0u8; KEYWORDS];
    for (name, place) in names.iter().zip(&mut places) {
        let at = name.word().as_counted();
        let posonly = c.posonly as usize;
        let Some(i) = code.varnames[posonly..named].iter().position(|w| w.as_counted() == at) else { return false };
        let i = i + posonly;
        if bound >> i & 1 != 0 {
            return false;
        }
        bound |= 1 << i;
        *place = i as u8;
    }
    let all: u64 = if named == 64 { u64::MAX } else { (1 << named) - 1 };
    let defaults = function.body.defaults.get(t);
    let defaults = defaults.as_ref().filter(|d| !d.is_none()).map_or(&[][..], |d| tuple::items(d));
    let first_default = argcount - defaults.len().min(argcount);
    let kwdefaults = function.body.kwdefaults.get(t).filter(|d| !d.is_none());
    let missing = all & !bound;
    let mut rest = missing;
    while rest != 0 {
        let i = rest.trailing_zeros() as usize;
        rest &= rest - 1;
        let has =
            if i < argcount { i >= first_default } else { default_of(t, kwdefaults.as_deref(), code, i).is_some() };
        if !has {
            return false;
        }
    }
    // SAFETY: (block) by the caller's word; nothing below raises, polls or drops.
    unsafe {
        let mut values = [Word::NULL; KEYWORDS];
        for (i, value) in values[..names.len()].iter_mut().enumerate() {
            *value = std::mem::replace(&mut *first.add(npos + i), Word(0));
        }
        let extra = if c.flags.varargs {
            crate::interp::build::build_tuple(t, first.add(given), npos - given).into_word()
        } else {
            Word::NULL
        };
        for i in given..code.nlocals as usize {
            *first.add(i) = Word::NULL;
        }
        // What stood behind the registers of the named variables was moved out.
        clean(first.add(code.nlocals as usize), first.add(n));
        if c.flags.varargs {
            *first.add(named) = extra;
        }
        for (value, place) in values[..names.len()].iter().zip(places) {
            *first.add(place as usize) = *value;
        }
        let mut rest = missing;
        while rest != 0 {
            let i = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            *first.add(i) = if i < argcount {
                M::hold(t, defaults[i - first_default].word())
            } else {
                default_of(t, kwdefaults.as_deref(), code, i).map_or(Word::NULL, |v| M::hold(t, v.word()))
            };
        }
    }
    true
}

/// Most keywords of a call that [`bind_in_place`] binds.
const KEYWORDS: usize = 8;

/// The default of keyword-only parameter `i`.
fn default_of<'a, M: Memory>(
    t: &'a Thread<M>,
    defaults: Option<&'a Obj<M>>,
    code: &CodeBody<M>,
    i: usize,
) -> Option<crate::object::Val<'a, M>> {
    // SAFETY: an immortal interned name.
    let name = std::mem::ManuallyDrop::new(unsafe { Obj::<M>::from_word(code.varnames[i]) });
    dict::get_str(t, defaults?, &name)
}

/// Binds into a window above the arguments, then moves the result down over them.
///
/// # Safety
/// As [`call_window`].
#[inline(never)]
pub unsafe fn bind_above<M: Memory>(
    t: &mut Thread<M>,
    function: &FunctionObj<M>,
    code: &CodeBody<M>,
    first: *mut Word,
    n: usize,
    names: &[Obj<M>],
) -> Result<(), Raise> {
    // SAFETY: (block) by the caller's word.
    unsafe {
        let above = first.add(n);
        room(t, above, code.nregs as usize)?;
        let slots = std::slice::from_raw_parts(first.cast::<Obj<M>>(), n);
        fill(t, function, code, above, Call { slots, names })?;
        crate::interp::unwind::drop_registers(t, first, 0, n);
        std::ptr::copy(above, first, code.nlocals as usize);
        clean(first.add(code.nlocals as usize), above.add(code.nlocals as usize));
    }
    Ok(())
}

/// Overwrites moved-out words.
///
/// # Safety
/// `from..to` are words that own nothing any more.
unsafe fn clean(from: *mut Word, to: *mut Word) {
    let mut at = from;
    while at < to {
        // SAFETY: by the caller's word.
        unsafe {
            *at = Word(0);
            at = at.add(1);
        }
    }
}

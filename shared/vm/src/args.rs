//! Arguments of native functions and the signatures that they are bound to.
//!
//! A native function declares its signature as text, `"split(self, /, sep=None, maxsplit=-1)"`; the text is parsed once.
//! The caller's arguments are then bound to it, so a native function sees its parameters by position, missing ones as
//! nothing, and wrong calls fail with CPython's wording before it runs. Calls with plain positional arguments are
//! handed on as they stand in the registers.

use smallvec::SmallVec;

use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::value::Word;

/// A native function.
pub type NativeFn<M> = fn(&mut Thread<M>, Args<'_, M>) -> R<M>;

/// Arguments, bound to the signature.
pub struct Args<'a, M: Memory> {
    /// The declared parameters by position; missing ones at the end are cut off or NULL.
    pub slots: &'a [Obj<M>],
    /// What `*args` collects.
    pub rest: &'a [Obj<M>],
    /// Names of what `**kwargs` collects.
    pub names: &'a [Obj<M>],
    /// Values of what `**kwargs` collects.
    pub values: &'a [Obj<M>],
}

impl<M: Memory> Clone for Args<'_, M> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<M: Memory> Copy for Args<'_, M> {}

impl<'a, M: Memory> Args<'a, M> {
    /// Positional arguments only.
    #[inline(always)]
    pub fn positional(slots: &'a [Obj<M>]) -> Self {
        Args { slots, rest: &[], names: &[], values: &[] }
    }

    /// Parameter `i`, if it was given.
    #[inline(always)]
    pub fn get(&self, i: usize) -> Option<&'a Obj<M>> {
        self.slots.get(i).filter(|o| !o.is_null())
    }

    /// Parameter `i`, if it was given and is not `None`.
    #[inline]
    pub fn some(&self, i: usize) -> Option<&'a Obj<M>> {
        self.get(i).filter(|o| !o.is_none())
    }

    /// Number of declared parameters that may have been given.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Nothing given?
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }
}

impl<'a, M: Memory> std::ops::Index<usize> for Args<'a, M> {
    type Output = Obj<M>;
    /// A required parameter.
    #[inline(always)]
    fn index(&self, i: usize) -> &Obj<M> {
        &self.slots[i]
    }
}

/// How a caller passes arguments: positional ones, then the values of the keyword ones.
pub struct Call<'a, M: Memory> {
    /// Positional arguments, then keyword values.
    pub slots: &'a [Obj<M>],
    /// Keyword names (strings), as many as there are keyword values.
    pub names: &'a [Obj<M>],
}

impl<M: Memory> Clone for Call<'_, M> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<M: Memory> Copy for Call<'_, M> {}

impl<'a, M: Memory> Call<'a, M> {
    /// The positional arguments.
    pub fn positional(&self) -> &'a [Obj<M>] {
        &self.slots[..self.slots.len() - self.names.len()]
    }
    /// The keyword values.
    pub fn keyword_values(&self) -> &'a [Obj<M>] {
        &self.slots[self.slots.len() - self.names.len()..]
    }
}

/// A parsed signature.
#[derive(Debug)]
pub struct Signature {
    /// Function name.
    pub name: Box<str>,
    /// Parameter names; positional ones first.
    pub params: Box<[Box<str>]>,
    /// How many may be given by position only.
    pub posonly: usize,
    /// How many may be given by position.
    pub positional: usize,
    /// How many must be given (the first ones).
    pub required: usize,
    /// Which keyword-only ones must be given.
    pub required_keywords: Box<[usize]>,
    /// Has `*args`.
    pub varargs: bool,
    /// Has `**kwargs`.
    pub varkw: bool,
    /// The parameter list as text (`__text_signature__`).
    pub text: Box<str>,
}

impl Signature {
    /// Parses `name(parameters)`. Panics on a malformed text, which is a mistake in the VM's own tables.
    pub fn parse(text: &str) -> Signature {
        let open = text.find('(').expect("a signature has parentheses");
        let list = &text[open + 1..text.len() - 1];
        let mut s = Signature {
            name: text[..open].into(),
            params: Box::default(),
            posonly: 0,
            positional: 0,
            required: 0,
            required_keywords: Box::default(),
            varargs: false,
            varkw: false,
            text: text[open..].into(),
        };
        let mut params: Vec<Box<str>> = Vec::new();
        let mut required_keywords = Vec::new();
        let mut keyword_only = false;
        for part in split_top(list) {
            match part {
                "" => {}
                "/" => s.posonly = params.len(),
                "*" => keyword_only = true,
                _ if part.starts_with("**") => s.varkw = true,
                _ if part.starts_with('*') => (s.varargs, keyword_only) = (true, true),
                _ => {
                    let name = part.split(['=', ':']).next().expect("split gives one part").trim();
                    let has_default = part.contains('=');
                    if !keyword_only {
                        s.positional += 1;
                        if !has_default {
                            s.required = s.positional;
                        }
                    } else if !has_default {
                        required_keywords.push(params.len());
                    }
                    params.push(name.trim_start_matches('$').into());
                }
            }
        }
        s.params = params.into();
        s.required_keywords = required_keywords.into();
        s
    }

    /// Fewest and most positional arguments of a call that can be handed on as it is; (1, 0) when none can.
    pub fn takes(&self) -> (u8, u8) {
        if self.varargs || !self.required_keywords.is_empty() || self.positional > u8::MAX as usize {
            return (1, 0);
        }
        (self.required as u8, self.positional as u8)
    }

    /// The arguments of a call by position only, if they need no binding.
    #[inline(always)]
    pub fn direct<'a, M: Memory>(&self, slots: &'a [Obj<M>]) -> Option<Args<'a, M>> {
        if self.fits(slots.len()) {
            return Some(Args::positional(slots));
        }
        if !self.varargs || slots.len() < self.required || !self.required_keywords.is_empty() {
            return None;
        }
        let (slots, rest) = slots.split_at(slots.len().min(self.positional));
        Some(Args { slots, rest, names: &[], values: &[] })
    }

    /// May a call with `n` positional arguments be handed on as it is?
    #[inline(always)]
    pub fn fits(&self, n: usize) -> bool {
        n >= self.required && n <= self.positional && !self.varargs && self.required_keywords.is_empty()
    }
}

/// Splits at commas outside brackets and quotes.
fn split_top(list: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0;
    let mut quote = None;
    list.split(move |c: char| {
        match (quote, c) {
            (Some(q), _) if q == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0 && quote.is_none()
    })
    .map(str::trim)
}

/// Calls `f` with the arguments bound to `sig`. `skip` parameters at the front (self) are left out of counts in
/// messages.
pub fn call_bound<M: Memory>(
    t: &mut Thread<M>,
    sig: &Signature,
    f: NativeFn<M>,
    call: Call<'_, M>,
    skip: usize,
    owner: &str,
) -> R<M> {
    let positional = call.positional();
    let n = positional.len();
    if call.names.is_empty()
        && let Some(args) = sig.direct(positional)
    {
        return f(t, args);
    }
    if n < sig.required && call.names.is_empty() || n > sig.positional && !sig.varargs {
        return Err(count_error(t, sig, n, call.names.len(), skip, owner));
    }
    let given = n.min(sig.positional);
    let rest = &positional[given..];
    // Borrowed words: the caller's slots keep them; nothing here drops them.
    let mut slots: SmallVec<[std::mem::ManuallyDrop<Obj<M>>; 8]> = SmallVec::new();
    // SAFETY: (this one and below) views of arguments that outlive the call, never dropped.
    let view = |w: Word| std::mem::ManuallyDrop::new(unsafe { Obj::from_word(w) });
    slots.extend(positional[..given].iter().map(|o| view(o.word())));
    slots.resize_with(sig.params.len(), || view(Word::NULL));
    let mut names: SmallVec<[std::mem::ManuallyDrop<Obj<M>>; 4]> = SmallVec::new();
    let mut values: SmallVec<[std::mem::ManuallyDrop<Obj<M>>; 4]> = SmallVec::new();
    for (name, value) in call.names.iter().zip(call.keyword_values()) {
        let text = crate::types::str::to_text(name);
        match sig.params.iter().skip(sig.posonly).position(|p| **p == *text).map(|i| i + sig.posonly) {
            Some(i) if slots[i].is_null() => slots[i] = view(value.word()),
            Some(i) => {
                let message = if i < sig.positional {
                    let at = i + 1 - skip;
                    format!("argument for {}() given by name ('{text}') and position ({at})", sig.name)
                } else {
                    format!("{}() got multiple values for keyword argument '{text}'", sig.name)
                };
                return Err(t.raise(Kind::TypeError, message));
            }
            None if sig.varkw => {
                names.push(view(name.word()));
                values.push(view(value.word()));
            }
            None => return Err(keyword_error(t, sig, &text, skip, owner)),
        }
    }
    for i in (0..sig.required).chain(sig.required_keywords.iter().copied()) {
        if slots[i].is_null() {
            return Err(missing_error(t, sig, i, n, skip, owner));
        }
    }
    let args = Args { slots: as_objs(&slots), rest, names: as_objs(&names), values: as_objs(&values) };
    f(t, args)
}

fn as_objs<M: Memory>(views: &[std::mem::ManuallyDrop<Obj<M>>]) -> &[Obj<M>] {
    // SAFETY: ManuallyDrop is a transparent wrapper.
    unsafe { std::slice::from_raw_parts(views.as_ptr().cast(), views.len()) }
}

fn full_name(sig: &Signature, owner: &str) -> String {
    if owner.is_empty() { sig.name.to_string() } else { format!("{owner}.{}", sig.name) }
}

#[cold]
fn count_error<M: Memory>(t: &mut Thread<M>, sig: &Signature, n: usize, kw: usize, skip: usize, owner: &str) -> Raise {
    let given = n.saturating_sub(skip);
    let (low, high) = (sig.required.saturating_sub(skip), sig.positional.saturating_sub(skip));
    let name = full_name(sig, owner);
    let plural = |k: usize| if k == 1 { "" } else { "s" };
    if n < skip {
        return t.raise(Kind::TypeError, format!("unbound method {name}() needs an argument"));
    }
    let only_positional = sig.posonly == sig.params.len();
    let message = if !only_positional && high == 0 {
        format!("{}() takes no positional arguments", sig.name)
    } else if !only_positional && given > high {
        let what = if sig.params.len() > sig.positional { "positional argument" } else { "argument" };
        let bound = if low == high { "exactly" } else { "at most" };
        format!("{}() takes {bound} {high} {what}{} ({} given)", sig.name, plural(high), given + kw)
    } else if !only_positional && n < sig.posonly {
        let least = sig.posonly.min(sig.required).saturating_sub(skip);
        let bound = if least < high { "at least" } else { "exactly" };
        format!("{}() takes {bound} {least} positional argument{} ({given} given)", sig.name, plural(least))
    } else if !only_positional {
        format!("{}() missing required argument '{}' (pos {})", sig.name, sig.params[n], n + 1 - skip)
    } else if low == high {
        match high {
            0 => format!("{name}() takes no arguments ({given} given)"),
            1 => format!("{name}() takes exactly one argument ({given} given)"),
            _ => format!("{} expected {high} arguments, got {given}", sig.name),
        }
    } else if given < low {
        format!("{} expected at least {low} argument{}, got {given}", sig.name, plural(low))
    } else {
        format!("{} expected at most {high} argument{}, got {given}", sig.name, plural(high))
    };
    t.raise(Kind::TypeError, message)
}

#[cold]
fn keyword_error<M: Memory>(t: &mut Thread<M>, sig: &Signature, text: &str, skip: usize, owner: &str) -> Raise {
    let message = if sig.posonly == sig.params.len() {
        format!("{}() takes no keyword arguments", full_name(sig, owner))
    } else {
        let _ = skip;
        format!("{}() got an unexpected keyword argument '{text}'", sig.name)
    };
    t.raise(Kind::TypeError, message)
}

#[cold]
fn missing_error<M: Memory>(t: &mut Thread<M>, sig: &Signature, i: usize, n: usize, skip: usize, owner: &str) -> Raise {
    if i < sig.posonly {
        return count_error(t, sig, n, 0, skip, owner);
    }
    let message = if i < sig.positional {
        format!("{}() missing required argument '{}' (pos {})", sig.name, sig.params[i], i + 1 - skip)
    } else {
        format!("{}() missing required keyword-only argument: '{}'", sig.name, sig.params[i])
    };
    t.raise(Kind::TypeError, message)
}

impl<M: Memory> Context<M> {
    /// A view of owned handles as call slots.
    pub fn slots<'a>(&self, objs: &'a [Obj<M>]) -> Call<'a, M> {
        Call { slots: objs, names: &[] }
    }
}

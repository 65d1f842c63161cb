//! Code objects as the VM runs them: the compiler's plain data with constants and names made into objects.

use std::cell::UnsafeCell;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use parallax_front::{Code, Const, Instr};

use crate::context::Context;
use crate::memory::Memory;
use crate::object::{Layout, Obj, Object, Payload};
use crate::types::{bytes, complex, float, ids, int, set, tuple};
use crate::value::Word;

/// Payload of a code object. Read-only after it is made, the instructions excepted, which belong to the memory model.
/// Code objects, their names and constants are immortal: frames and caches refer to them without counting.
pub struct CodeBody<M: Memory> {
    /// What the compiler made.
    pub code: Arc<Code>,
    /// Index for per-thread tables.
    pub id: u32,
    /// Number of named registers.
    pub nlocals: u16,
    /// Size of the register window.
    pub nregs: u16,
    /// Positional parameters.
    pub argcount: u16,
    /// Only positional parameters: a call with the right number of arguments needs no binding.
    pub simple: bool,
    /// Constants as uncounted words.
    pub consts: Box<[Word]>,
    /// Attribute and global names as uncounted words of interned strings.
    pub names: Box<[Word]>,
    /// `co_name` as an uncounted word.
    pub name: Word,
    /// `co_qualname` as an uncounted word.
    pub qualname: Word,
    /// Names of the registers.
    pub varnames: Box<[Word]>,
    /// The instructions where the model runs one copy for all threads. Guarded by the model.
    pub instrs: Box<[UnsafeCell<Instr>]>,
    _model: std::marker::PhantomData<fn(M)>,
}

/// A code object.
pub type CodeObj<M> = Object<M, CodeBody<M>>;

// SAFETY: the layout `Code` is this struct's alone; what it refers to is immortal and need not be visited.
unsafe impl<M: Memory> Payload<M> for CodeBody<M> {
    const SHAPE: u32 = ids::CODE;
    const LAYOUT: Layout = Layout::Code;
    fn visit(&self, _: &mut dyn FnMut(Word)) {}
}

impl<M: Memory> CodeBody<M> {
    /// The code object for what the compiler made (and, through its constants, for all nested code).
    pub fn load(ctx: &Context<M>, code: &Arc<Code>) -> Obj<M> {
        let names = |list: &[Arc<str>]| -> Box<[Word]> {
            list.iter().map(|n| ctx.intern(n).into_word().as_uncounted()).collect()
        };
        let f = &code.flags;
        let body = CodeBody {
            code: code.clone(),
            id: ctx.interp.next_code_id.fetch_add(1, Ordering::Relaxed),
            nlocals: code.nlocals(),
            nregs: code.nregs,
            argcount: code.argcount,
            simple: f.function && !(f.varargs || f.varkw) && code.kwonly == 0,
            consts: code.consts.iter().map(|c| eternal(ctx, constant(ctx, c))).collect(),
            names: names(&code.names),
            varnames: names(&code.varnames),
            name: ctx.intern(&code.name).into_word().as_uncounted(),
            qualname: ctx.intern(&code.qualname).into_word().as_uncounted(),
            instrs: code.instrs.iter().map(|&i| UnsafeCell::new(i)).collect(),
            _model: std::marker::PhantomData,
        };
        let word = eternal(ctx, ctx.alloc(body));
        // SAFETY: the object is immortal.
        unsafe { Obj::from_word(word) }
    }
}

/// Makes an object immortal and known to all threads; the uncounted word.
pub fn eternal<M: Memory>(ctx: &Context<M>, obj: Obj<M>) -> Word {
    let word = obj.into_word();
    if !word.is_ptr() {
        return word;
    }
    // SAFETY: the word is owned, and from now on by everyone.
    unsafe {
        M::publish(ctx, word);
        M::immortalize(ctx, word);
    }
    word.as_uncounted()
}

/// Makes an object immortal; the uncounted word. What it refers to is shared only once a second thread may exist, when
/// the interpreter's roots are: until then its graph (a class reaches its module's globals) costs what private
/// objects cost. For objects that are among the roots.
pub fn lasting<M: Memory>(ctx: &Context<M>, obj: Obj<M>) -> Word {
    let word = obj.into_word();
    if !word.is_ptr() {
        return word;
    }
    // SAFETY: the word is owned, and from now on by everyone.
    unsafe {
        if ctx.interp.threads.started() {
            M::publish(ctx, word);
        }
        M::immortalize(ctx, word);
    }
    word.as_uncounted()
}

/// As [`lasting`], of an object that the collector may free.
pub fn deferred<M: Memory>(ctx: &Context<M>, obj: &Obj<M>) {
    let word = obj.word();
    // SAFETY: the word is owned; nobody else counts the object while it is private, and a shared one is deferred already.
    unsafe {
        M::defer(ctx, word);
        if ctx.interp.threads.started() {
            M::publish(ctx, word);
        }
    }
}

/// The object for a constant.
pub fn constant<M: Memory>(ctx: &Context<M>, c: &Const) -> Obj<M> {
    let all = |list: &[Const]| list.iter().map(|c| constant(ctx, c)).collect::<Vec<_>>();
    match c {
        Const::None => Obj::NONE,
        Const::Bool(b) => Obj::bool(*b),
        // SAFETY: a special word owns nothing.
        Const::Ellipsis => unsafe { Obj::from_word(Word::ELLIPSIS) },
        Const::Int(i) => int::from_i64(ctx, *i),
        Const::Big(b) => int::from_big(ctx, b.clone()),
        Const::Float(f) => float::new(ctx, *f),
        Const::Complex(re, im) => complex::new(ctx, *re, *im),
        Const::Str(s) => ctx.intern(s),
        Const::Wide(points) => ctx.str_from_points(points),
        Const::Bytes(b) => bytes::from_slice(ctx, b),
        Const::Tuple(list) => tuple::from_vec(ctx, all(list)),
        Const::FrozenSet(list) => set::frozen_from_constants(ctx, all(list)),
        Const::Code(code) => CodeBody::load(ctx, code),
    }
}

//! Calls that are not the loop's fast path: entering Python code from native code, calling whatever a call window holds.

use crate::args::Call;
use crate::code::CodeBody;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::interp::bind::{bind_above, bind_in_place, fill};
use crate::interp::frame::{self, BELOW};
use crate::interp::places;
use crate::memory::{Header, Memory};
use crate::object::{Obj, R, Raise};
use crate::types::function::{Function, FunctionObj, Method};
use crate::types::{TypeObj, dict, ids, tuple};
use crate::value::Word;

/// Where a new frame's registers begin when native code calls: above everything in use.
fn entry_base<M: Memory>(t: &Thread<M>) -> *mut Word {
    // SAFETY: `room` is checked by whoever fills the frame; the four words below fit the stack's slack.
    unsafe { t.top.get().add(BELOW) }
}

/// `RecursionError` unless a frame of `nregs` registers fits at `base` and the recursion limit allows it.
#[inline(always)]
pub fn room<M: Memory>(t: &mut Thread<M>, base: *mut Word, nregs: usize) -> Result<(), Raise> {
    if t.depth.get() >= t.interp.recursion_limit() || base.wrapping_add(nregs) >= t.stack_limit {
        return Err(too_deep(t));
    }
    Ok(())
}

#[cold]
fn too_deep<M: Memory>(t: &mut Thread<M>) -> Raise {
    t.raise(Kind::RecursionError, "maximum recursion depth exceeded")
}

/// Calls a Python function from native code.
pub fn call_function<M: Memory>(t: &mut Thread<M>, f: &Obj<M>, call: Call<'_, M>) -> R<M> {
    // SAFETY: this is the call slot of functions.
    let function = unsafe { f.cast_unchecked::<Function<M>>() };
    let code = &function.body.code().body;
    let base = entry_base(t);
    room(t, base, code.nregs as usize)?;
    // SAFETY: `room` was checked, and nothing is live above the running frame.
    unsafe { fill(t, function, code, base, call)? };
    // SAFETY: the arguments are in place and the words below are free; the function is valid and held for its register.
    unsafe {
        let f = Obj::from_word(M::hold(t, f.word()));
        enter_and_run(t, f, base, Word::NULL, 0)
    }
}

/// Runs a code object that works on a namespace (module, class body, `exec`).
pub fn run_namespace<M: Memory>(t: &mut Thread<M>, f: &Obj<M>, namespace: Obj<M>) -> R<M> {
    // SAFETY: the callers made the function.
    let function = unsafe { f.cast_unchecked::<Function<M>>() };
    let code = &function.body.code().body;
    let base = entry_base(t);
    room(t, base, code.nregs as usize)?;
    // SAFETY: the registers are in the reserved stack.
    unsafe {
        for i in 0..code.nlocals as usize {
            *base.add(i) = Word::NULL;
        }
        enter_and_run(t, f.clone(), base, namespace.into_word(), frame::NAMESPACE)
    }
}

/// Builds the frame words below `base` and runs the loop until the frame is left.
///
/// # Safety
/// `base` is `entry_base`, the registers below `nlocals` are filled, `companion` is owned (or no pointer).
pub unsafe fn enter_and_run<M: Memory>(
    t: &mut Thread<M>,
    f: Obj<M>,
    base: *mut Word,
    companion: Word,
    bits: u64,
) -> R<M> {
    // SAFETY: by the caller's word.
    unsafe {
        let code = &f.cast_unchecked::<Function<M>>().body.code().body;
        let (start, nregs) = (M::instructions(t, code), code.nregs as usize);
        push_entry(t, base, f.into_word(), companion, bits);
        t.top.set(base.add(nregs));
        crate::interp::run(t, start)
    }
}

/// The four words of an entry frame; makes it the running frame.
///
/// # Safety
/// As [`enter_and_run`]; `function` is owned.
pub unsafe fn push_entry<M: Memory>(t: &mut Thread<M>, base: *mut Word, function: Word, companion: Word, bits: u64) {
    let previous = t.frame.get();
    // SAFETY: by the caller's word; frames of one thread lie on one stack.
    unsafe {
        let down = if previous.is_null() { 0 } else { base.offset_from(previous) as usize };
        *base.sub(4) = companion;
        *base.sub(3) = frame::link(down, 0, frame::ENTRY | bits);
        *base.sub(2) = Word(t.pc.get().wrapping_add(1) as u64);
        *base.sub(1) = function;
    }
    t.frame.set(base);
    t.depth.set(t.depth.get() + 1);
}

/// What the loop does after a window was looked at.
pub enum Called<M: Memory> {
    /// The call is done.
    Value(Obj<M>),
    /// A frame stands ready: the function (owned) and its base. `INIT` in the flags when the companion is the result.
    Frame(Word, *mut Word, u64),
}

/// Calls what the window at `w` holds, with `slots` (positional, then keywords) at `first`. Consumes the window.
///
/// # Safety
/// The window belongs to the running frame: callable at `w`, arguments from `first`, nothing live above.
pub unsafe fn call_window<M: Memory>(
    t: &mut Thread<M>,
    w: *mut Word,
    first: *mut Word,
    mut n: usize,
    names: &[Obj<M>],
) -> Result<Called<M>, Raise> {
    // SAFETY: (block) the window and, as nothing above is live, the words behind it are this frame's.
    unsafe {
        let callee = &*w.cast::<Obj<M>>();
        if callee.shape() == ids::METHOD {
            // A bound method: its receiver becomes the first argument. Registers need not count either.
            let m = &callee.cast_unchecked::<Method<M>>().body;
            let (f, receiver) = (M::hold(t, m.function.word()), M::hold(t, m.receiver.word()));
            std::ptr::copy(first, first.add(1), n);
            *first = receiver;
            n += 1;
            drop(Obj::<M>::from_word(std::mem::replace(&mut *w, f)));
        }
        let callee = &*w.cast::<Obj<M>>();
        let slots = std::slice::from_raw_parts(first.cast::<Obj<M>>(), n);
        let call = Call { slots, names };
        match callee.shape() {
            ids::FUNCTION => {
                let function = callee.cast_unchecked::<Function<M>>();
                let code = &function.body.code().body;
                return enter_function(t, function, code, w, first, n, names);
            }
            ids::NATIVE | ids::METHOD_DESCRIPTOR => {
                let result = crate::types::native::call(t, &callee.clone(), call);
                drop_window(t, w, first, n);
                return result.map(Called::Value);
            }
            _ => {}
        }
        if n == 1 && names.is_empty() && t.builtin(ids::Builtin::Str).is(callee) {
            // `str(x)`: no detour over `type.__call__` and the signature.
            let text = t.str_of(&slots[0]);
            drop_window(t, w, first, n);
            return text.map(Called::Value);
        }
        if let Some(class) = callee.cast::<crate::types::Type<M>>()
            && t.class_of_word(class.word()).body.root_shape == ids::TYPE
        {
            if let Some(init) = places::plain_init(t, class) {
                return enter_init(t, class, init, w, first, n, names);
            }
            t.check_native_stack()?;
            let result = crate::types::class::type_call(t, callee, call);
            drop_window(t, w, first, n);
            return result.map(Called::Value);
        }
        let result = t.call_with(&callee.clone(), call);
        drop_window(t, w, first, n);
        result.map(Called::Value)
    }
}

/// Calls `f` for an instruction that has no window of its own, with `args` above everything that the running frame uses.
/// Callable and arguments are words of registers: owned, or protected otherwise.
///
/// # Safety
/// The words are valid; `t` runs a frame whose `top` is right.
#[inline(never)]
pub unsafe fn call_above<M: Memory, const N: usize>(
    t: &mut Thread<M>,
    f: Word,
    args: [Word; N],
) -> Result<Called<M>, Raise> {
    // SAFETY: (block) nothing is live above `top`, and the stack has slack for a window of a few words.
    unsafe {
        let w = t.top.get();
        let first = w.add(BELOW);
        args.into_iter().enumerate().for_each(|(i, word)| *first.add(i) = word);
        if f.is_ptr() && (*f.address().cast::<M::Header>()).shape() == ids::FUNCTION {
            let code = &(*f.address().cast::<FunctionObj<M>>()).body.code().body;
            let fits = first.add(code.nregs as usize) < t.stack_limit && t.depth.get() < t.interp.recursion_limit();
            if code.simple && code.argcount as usize == N && fits {
                *w = Word(0);
                for i in N..code.nlocals as usize {
                    *first.add(i) = Word::NULL;
                }
                return Ok(Called::Frame(f, first, 0));
            }
        }
        *w = f;
        t.top.set(first.add(N));
        let called = call_window(t, w, first, N, &[]);
        t.top.set(w);
        if called.is_err() {
            drop_window(t, w, first, N + 1);
        }
        called
    }
}

/// Drops callable and arguments.
///
/// # Safety
/// As [`call_window`].
pub unsafe fn drop_window<M: Memory>(t: &Thread<M>, w: *mut Word, first: *mut Word, n: usize) {
    // SAFETY: by the caller's word.
    unsafe {
        crate::interp::unwind::drop_registers(t, first, 0, n);
        crate::interp::unwind::take_register(t, w);
    }
}

/// Turns a window into a frame of a function that may need binding.
///
/// # Safety
/// As [`call_window`].
unsafe fn enter_function<M: Memory>(
    t: &mut Thread<M>,
    function: &FunctionObj<M>,
    code: &CodeBody<M>,
    w: *mut Word,
    first: *mut Word,
    n: usize,
    names: &[Obj<M>],
) -> Result<Called<M>, Raise> {
    // SAFETY: (block) by the caller's word.
    unsafe {
        if code.simple && names.is_empty() && n == code.argcount as usize {
            room(t, first, code.nregs as usize)?;
            for i in n..code.nlocals as usize {
                *first.add(i) = Word::NULL;
            }
        } else {
            room(t, first, (code.nregs as usize).max(n))?;
            if !bind_in_place(t, function, code, first, n, names) {
                bind_above(t, function, code, first, n, names)?;
            }
        }
        let f = std::mem::replace(&mut *w, Word(0));
        Ok(Called::Frame(f, first, 0))
    }
}

/// `cls(…)` as a frame of `__init__`.
///
/// # Safety
/// As [`call_window`].
unsafe fn enter_init<M: Memory>(
    t: &mut Thread<M>,
    class: &TypeObj<M>,
    init: Word,
    w: *mut Word,
    first: *mut Word,
    n: usize,
    names: &[Obj<M>],
) -> Result<Called<M>, Raise> {
    // SAFETY: (block) by the caller's word; `first` is `w + BELOW` or one more, where the first word is clean; the class
    // held the function just now.
    unsafe {
        let init = M::hold(t, init);
        let instance = t.alloc_of(class, crate::types::build::Plain).into_word();
        for i in (0..n).rev() {
            *first.add(i + 1) = *first.add(i);
        }
        *first = M::retain(t, instance);
        crate::interp::unwind::take_register(t, w);
        let companion = first.sub(BELOW);
        *companion = instance;
        let function = &*init.address().cast::<FunctionObj<M>>();
        let code = &function.body.code().body;
        let entered = enter_function(t, function, code, companion, first, n + 1, names);
        match entered {
            Ok(Called::Frame(instance, base, _)) => {
                // `enter_function` took the word where a callable stands: here that is the instance.
                *base.sub(BELOW) = instance;
                Ok(Called::Frame(init, base, frame::INIT))
            }
            other => {
                drop(Obj::<M>::from_word(if init.is_counted() { init } else { Word::NONE }));
                other
            }
        }
    }
}

/// `f(*args, **kwargs)`
pub fn call_ex<M: Memory>(t: &mut Thread<M>, f: &Obj<M>, args: &Obj<M>, kwargs: Option<&Obj<M>>) -> R<M> {
    if args.shape() != ids::TUPLE {
        let class = t.class_name(args);
        let name = crate::interp::build::callable_name(t, f);
        let message = format!("{name} argument after * must be an iterable, not {class}");
        return Err(t.raise(Kind::TypeError, message));
    }
    let Some(kwargs) = kwargs.filter(|k| dict::len(t, k) > 0) else {
        return t.call(f, tuple::items(args));
    };
    let mut slots = tuple::items(args).to_vec();
    let mut names = Vec::new();
    for (name, value) in dict::items(t, kwargs) {
        if crate::types::str::view(&name).is_none() {
            return Err(t.raise(Kind::TypeError, "keywords must be strings"));
        }
        names.push(name);
        slots.push(value);
    }
    t.call_with(f, Call { slots: &slots, names: &names })
}

//! The functions of `sys`.

use std::sync::atomic::Ordering;

use crate::args::{Args, Call, NativeFn};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::interp::frame::Frame;
use crate::memory::Memory;
use crate::modules::structseq;
use crate::object::{Obj, R};
use crate::report::{self, sys_attribute};
use crate::types::int::parse::LOWEST_LIMIT;
use crate::types::str::Str;
use crate::types::{dict, exception, float, int, module, tuple};

/// The reference count that is shown for what is never counted.
const IMMORTAL: i64 = 0xc000_0000;

/// Signatures and functions.
pub(super) fn table<M: Memory>() -> Vec<(&'static str, NativeFn<M>)> {
    vec![
        ("exit(status=None, /)", exit),
        ("exc_info()", exc_info),
        ("exception()", |t, _| Ok(t.handled_exception().unwrap_or(Obj::NONE))),
        ("excepthook(exctype, value, traceback, /)", excepthook),
        ("unraisablehook(unraisable, /)", unraisablehook),
        ("displayhook(object, /)", displayhook),
        ("breakpointhook(*args, **kws)", breakpointhook),
        ("getrecursionlimit()", |t, _| Ok(int::from_i64(t, t.interp.recursion_limit().into()))),
        ("setrecursionlimit(limit, /)", setrecursionlimit),
        ("getswitchinterval()", |t, _| Ok(float::new(t, M::switch_interval(&t.interp.global)))),
        ("setswitchinterval(interval, /)", setswitchinterval),
        ("getrefcount(object, /)", getrefcount),
        ("getsizeof(object, default=None)", getsizeof),
        ("intern(string, /)", intern),
        ("_is_interned(string, /)", |t, a| {
            let interned = t.intern_obj(&a[0]);
            Ok(Obj::bool(interned.is(&a[0])))
        }),
        ("getdefaultencoding()", |t, _| Ok(t.intern("utf-8"))),
        ("getfilesystemencoding()", |t, _| Ok(t.intern("utf-8"))),
        ("getfilesystemencodeerrors()", |t, _| Ok(t.intern("surrogateescape"))),
        ("_getframe(depth=0, /)", getframe),
        ("_getframemodulename(depth=0)", getframemodulename),
        ("_current_frames()", current_frames),
        ("_current_exceptions()", current_exceptions),
        ("_is_gil_enabled()", |_, _| Ok(Obj::bool(M::GIL))),
        ("is_finalizing()", |t, _| Ok(Obj::bool(t.interp.threads.is_over()))),
        ("get_int_max_str_digits()", |t, _| Ok(int::from_usize(t, t.interp.max_digits.load(Ordering::Relaxed)))),
        ("set_int_max_str_digits(maxdigits)", set_max_digits),
        ("audit(event, /, *args)", none),
        ("addaudithook(hook)", none),
        ("settrace(function, /)", none),
        ("setprofile(function, /)", none),
        ("_settraceallthreads(function, /)", none),
        ("_setprofileallthreads(function, /)", none),
        ("gettrace()", none),
        ("getprofile()", none),
        ("call_tracing(func, args, /)", |t, a| {
            let args = t.collect(&a[1])?;
            t.call(&a[0], &args)
        }),
        ("_clear_type_cache()", none),
        ("_clear_internal_caches()", none),
        ("getallocatedblocks()", |t, _| Ok(int::from_i64(t, 0))),
        ("getunicodeinternedsize(*, _only_immortal=False)", |t, _| Ok(int::from_i64(t, 0))),
        ("getdlopenflags()", |t, _| Ok(int::from_i64(t, libc::RTLD_NOW.into()))),
        ("setdlopenflags(flags, /)", none),
        ("_get_cpu_count_config()", |t, _| Ok(int::from_i64(t, -1))),
        ("get_asyncgen_hooks()", |t, _| {
            structseq::make(t, "sys.asyncgen_hooks", &super::ASYNCGEN_HOOKS, vec![Obj::NONE, Obj::NONE], Vec::new())
        }),
        ("set_asyncgen_hooks(firstiter=None, finalizer=None)", none),
        ("get_coroutine_origin_tracking_depth()", |t, _| Ok(int::from_i64(t, 0))),
        ("set_coroutine_origin_tracking_depth(depth)", none),
        ("is_stack_trampoline_active()", |_, _| Ok(Obj::bool(false))),
        ("is_remote_debug_enabled()", |_, _| Ok(Obj::bool(false))),
    ]
}

/// What this interpreter has no use for.
fn none<M: Memory>(_: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    Ok(Obj::NONE)
}

fn exit<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let values = match args.some(0) {
        None => Vec::new(),
        Some(status) if status.shape() == crate::types::ids::TUPLE => tuple::items(status).to_vec(),
        Some(status) => vec![status.clone()],
    };
    Err(t.raise_args(Kind::SystemExit, values))
}

fn exc_info<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    let parts = match t.handled_exception() {
        Some(exc) => {
            let trace = exception::traceback(t, &exc);
            vec![t.class_of(&exc).to_obj(), exc, trace]
        }
        None => vec![Obj::NONE, Obj::NONE, Obj::NONE],
    };
    Ok(tuple::from_vec(t, parts))
}

fn excepthook<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let exc = &args[1];
    if exception::exception(exc).is_none() {
        let class = t.class_name(exc);
        let text = format!("TypeError: print_exception(): Exception expected for value, {class} found\n");
        report::write_error(t, &text);
        return Ok(Obj::NONE);
    }
    let given = args[2].shape() == crate::types::ids::TRACEBACK;
    if given && exception::traceback(t, exc).is_none() {
        exception::set_traceback(t, exc, args[2].clone());
    }
    report::print(t, exc);
    Ok(Obj::NONE)
}

fn unraisablehook<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let exc = t.getattr_str(&args[0], "exc_value")?;
    let message = t.getattr_str(&args[0], "err_msg")?;
    let object = t.getattr_str(&args[0], "object")?;
    report::print_unraisable(t, &exc, &message, &object);
    Ok(Obj::NONE)
}

fn displayhook<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if args[0].is_none() {
        return Ok(Obj::NONE);
    }
    let builtins = crate::import::import_module(t, "builtins")?;
    module::set(t, &builtins, "_", Obj::NONE);
    let text = t.repr(&args[0])?;
    let Some(out) = sys_attribute(t, "stdout").filter(|f| !f.is_none()) else {
        return Err(t.raise(Kind::RuntimeError, "lost sys.stdout"));
    };
    t.call_method(&out, "write", &[text])?;
    let end = t.intern("\n");
    t.call_method(&out, "write", &[end])?;
    module::set(t, &builtins, "_", args[0].clone());
    Ok(Obj::NONE)
}

fn breakpointhook<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let wanted = std::env::var("PYTHONBREAKPOINT").unwrap_or_default();
    let wanted = if wanted.is_empty() { "pdb.set_trace" } else { &wanted };
    if wanted == "0" {
        return Ok(Obj::NONE);
    }
    let (home, name) = wanted.rsplit_once('.').unwrap_or(("builtins", wanted));
    let found = crate::import::import_module(t, home)?;
    let hook = t.getattr_str(&found, name)?;
    let mut slots = args.rest.to_vec();
    slots.extend(args.values.iter().cloned());
    t.call_with(&hook, Call { slots: &slots, names: args.names })
}

fn setrecursionlimit<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let limit = t.index_i64(&args[0])?;
    let Some(limit) = u32::try_from(limit).ok().filter(|l| *l >= 1) else {
        if limit > 0 {
            return Err(t.raise(Kind::OverflowError, "Python int too large to convert to C int"));
        }
        return Err(t.raise(Kind::ValueError, "recursion limit must be greater or equal than 1"));
    };
    let depth = t.depth.get();
    if depth >= limit {
        let message =
            format!("cannot set the recursion limit to {limit} at the recursion depth {depth}: the limit is too low");
        return Err(t.raise(Kind::RecursionError, message));
    }
    t.interp.set_recursion_limit(limit);
    Ok(Obj::NONE)
}

fn setswitchinterval<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let seconds = t.float_arg(&args[0])?;
    if seconds <= 0.0 || seconds.is_nan() {
        return Err(t.raise(Kind::ValueError, "switch interval must be strictly positive"));
    }
    M::set_switch_interval(&t.interp.global, seconds);
    Ok(Obj::NONE)
}

fn getrefcount<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let word = args[0].word();
    if !word.is_ptr() {
        return Ok(int::from_i64(t, IMMORTAL));
    }
    if args[0].head().is_some_and(|head| M::is_shared(t, head)) {
        // Registers do not count it, and what was dropped may wait to be freed: a stopped world settles both.
        M::stop_the_world(t, |_| ());
    }
    // SAFETY: the argument is borrowed, so its word is valid.
    let count = unsafe { M::count(t, word) };
    Ok(int::from_i64(t, i64::try_from(count).unwrap_or(IMMORTAL).min(IMMORTAL)))
}

fn getsizeof<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let found = match t.lookup_special(&args[0], "__sizeof__")? {
        Some(f) => t.call(&f, &[]),
        None => {
            let class = t.class_name(&args[0]);
            Err(t.raise(Kind::TypeError, format!("Type {class} doesn't define __sizeof__")))
        }
    };
    let size = match (found, args.get(1)) {
        (Ok(size), _) => t.index_i64(&size)?,
        (Err(_), Some(default)) if t.raised_is(Kind::TypeError) => {
            t.clear_raised();
            return Ok(default.clone());
        }
        (Err(raise), _) => return Err(raise),
    };
    if size < 0 {
        return Err(t.raise(Kind::ValueError, "__sizeof__() should return >= 0"));
    }
    Ok(int::from_i64(t, size))
}

fn intern<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if args[0].shape() != crate::types::ids::STR {
        let class = t.class_name(&args[0]);
        let message = match args[0].cast::<Str<M>>() {
            Some(_) => format!("can't intern {class}"),
            None => format!("intern() argument must be str, not {class}"),
        };
        return Err(t.raise(Kind::TypeError, message));
    }
    Ok(t.intern_obj(&args[0]))
}

fn depth_of<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> Result<usize, crate::object::Raise> {
    let depth = match args.get(0) {
        Some(depth) => t.index_i64(depth)?,
        None => 0,
    };
    Ok(usize::try_from(depth).unwrap_or(0))
}

fn getframe<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let depth = depth_of(t, args)?;
    match t.frame_object(depth) {
        Some(frame) => Ok(frame),
        None => Err(t.raise(Kind::ValueError, "call stack is not deep enough")),
    }
}

fn getframemodulename<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let depth = depth_of(t, args)?;
    let mut frame = Frame::current(t);
    for _ in 0..depth {
        frame = frame.and_then(|f| f.caller());
    }
    let Some(frame) = frame else { return Ok(Obj::NONE) };
    let (globals, name) = (frame.globals(), t.intern("__name__"));
    Ok(dict::get_str(t, &globals, &name).map_or(Obj::NONE, |v| v.own()))
}

fn current_frames<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    let frames = dict::new(t);
    if let Some(frame) = t.frame_object(0) {
        let ident = int::from_usize(t, t.ident as usize);
        dict::set(t, &frames, ident, frame)?;
    }
    Ok(frames)
}

fn current_exceptions<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    let all = dict::new(t);
    let ident = int::from_usize(t, t.ident as usize);
    let handled = t.handled_exception().unwrap_or(Obj::NONE);
    dict::set(t, &all, ident, handled)?;
    Ok(all)
}

fn set_max_digits<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let digits = t.index_i64(&args[0])?;
    match usize::try_from(digits).ok().filter(|d| *d == 0 || *d >= LOWEST_LIMIT) {
        Some(digits) => {
            t.interp.max_digits.store(digits, Ordering::Relaxed);
            Ok(Obj::NONE)
        }
        None => {
            let message = format!("maxdigits must be >= {LOWEST_LIMIT} or 0 for unlimited");
            Err(t.raise(Kind::ValueError, message))
        }
    }
}

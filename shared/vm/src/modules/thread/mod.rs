//! `_thread`: what `threading` is built on.

mod handle;
mod local;
mod lock;
mod report;
mod rlock;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Obj, R, Raise};
use crate::threads::{self, State};
use crate::types::ids::{self, Builtin};
use crate::types::{dict, int, tuple};

pub use lock::RawLock;

/// Longest timeout in seconds (`TIMEOUT_MAX`).
const TIMEOUT_MAX: f64 = 9_223_372_036.0;

/// Defines the types of the module.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    lock::define(t);
    rlock::define(t);
    handle::define(t);
    local::define(t);
}

/// Makes the module.
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let error = t.exception_class(Kind::RuntimeError).to_obj();
    let hook_args = report::class(t)?;
    Maker::new(t, "_thread")
        .doc("Threads and locks.")
        .set("error", error)
        .set("_ExceptHookArgs", hook_args)
        .float("TIMEOUT_MAX", TIMEOUT_MAX)
        .class("LockType", Builtin::Lock)
        .class("lock", Builtin::Lock)
        .class("RLock", Builtin::RLock)
        .class("_ThreadHandle", Builtin::ThreadHandle)
        .class("_local", Builtin::ThreadLocal)
        .functions(&[
            ("allocate_lock()", |t, _| Ok(lock::new(t))),
            ("allocate()", |t, _| Ok(lock::new(t))),
            ("start_new_thread(function, args, kwargs=None, /)", start_new_thread),
            ("start_new(function, args, kwargs=None, /)", start_new_thread),
            ("start_joinable_thread(function, handle=None, daemon=True)", start_joinable_thread),
            ("_make_thread_handle(ident, /)", handle::make_running),
            ("get_ident()", |t, _| Ok(int::from_i64(t, t.ident as i64))),
            ("get_native_id()", native_id),
            ("_get_main_thread_ident()", |t, _| Ok(int::from_i64(t, t.interp.threads.main_ident() as i64))),
            ("_is_main_interpreter()", |_, _| Ok(Obj::bool(true))),
            ("daemon_threads_allowed()", |_, _| Ok(Obj::bool(true))),
            ("_count()", |t, _| Ok(int::from_usize(t, t.interp.threads.running()))),
            ("stack_size(size=0, /)", stack_size),
            ("_shutdown()", |t, _| threads::join_all(t).map(|()| Obj::NONE)),
            ("exit()", |t, _| Err(t.raise_args(Kind::SystemExit, Vec::new()))),
            ("exit_thread()", |t, _| Err(t.raise_args(Kind::SystemExit, Vec::new()))),
            ("interrupt_main(signum=2, /)", interrupt_main),
            ("set_name(name, /)", set_name),
            ("_excepthook(args, /)", report::excepthook),
        ])
        .finish()
}

fn start_new_thread<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (f, list) = (&args[0], &args[1]);
    if !t.is_callable(f) {
        return Err(t.raise(Kind::TypeError, "first arg must be callable"));
    }
    if list.cast::<tuple::Tuple<M>>().is_none() {
        return Err(t.raise(Kind::TypeError, "2nd arg must be a tuple"));
    }
    let keywords = match args.some(2) {
        None => Vec::new(),
        Some(k) if dict::is_dict(k) => dict::items(t, k),
        Some(_) => return Err(t.raise(Kind::TypeError, "optional 3rd arg must be a dictionary")),
    };
    let ident = threads::start(t, f, tuple::items(list), &keywords, Arc::default(), true)?;
    Ok(int::from_i64(t, ident as i64))
}

fn start_joinable_thread<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let f = &args[0];
    if !t.is_callable(f) {
        return Err(t.raise(Kind::TypeError, "thread function must be callable"));
    }
    let daemon = match args.get(2) {
        Some(d) => t.truth(d)?,
        None => true,
    };
    let handle = match args.some(1) {
        Some(h) if h.shape() == ids::THREAD_HANDLE => h.clone(),
        Some(_) => return Err(t.raise(Kind::TypeError, "'handle' must be a _ThreadHandle")),
        None => handle::new(t, Arc::default()),
    };
    let Some(life) = handle::life(&handle) else {
        return Err(t.raise(Kind::TypeError, "'handle' must be a _ThreadHandle"));
    };
    if !life.advance(State::New, State::Starting) {
        return Err(t.raise(Kind::RuntimeError, "thread already started"));
    }
    threads::start(t, f, &[], &[], life, daemon)?;
    Ok(handle)
}

fn native_id<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    // SAFETY: gettid only answers.
    let id = unsafe { libc::syscall(libc::SYS_gettid) };
    Ok(int::from_i64(t, id))
}

fn stack_size<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let old = t.interp.threads.stack_size.load(Ordering::Relaxed);
    if let Some(size) = args.get(0) {
        let size = t.index_i64(size)?;
        if size < 0 {
            return Err(t.raise(Kind::ValueError, "size must be 0 or a positive value"));
        }
        if size != 0 && size < 32 << 10 {
            return Err(t.raise(Kind::ValueError, format!("size not valid: {size} bytes")));
        }
        // The native stack carries our frames, which are larger: no less than what one needs to start.
        let size = if size == 0 { 0 } else { (size as usize).max(MIN_STACK) };
        t.interp.threads.stack_size.store(size, Ordering::Relaxed);
    }
    Ok(int::from_usize(t, old))
}

const MIN_STACK: usize = 2 << 20;

fn interrupt_main<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let signum = match args.get(0) {
        Some(n) => t.index_i64(n)?,
        None => 2,
    };
    if !(1..65).contains(&signum) {
        return Err(t.raise(Kind::ValueError, "signal number out of range"));
    }
    crate::modules::signal::trip(t, signum as i32);
    let main = t.interp.threads.main_ident();
    t.interp.threads.request(main, crate::context::poll::SIGNAL);
    Ok(Obj::NONE)
}

fn set_name<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mut name = t.text(&args[0]).into_bytes();
    name.truncate(15);
    if let Ok(name) = std::ffi::CString::new(name) {
        // SAFETY: a name of at most 15 bytes for the calling thread.
        unsafe { libc::pthread_setname_np(libc::pthread_self(), name.as_ptr()) };
    }
    Ok(Obj::NONE)
}

/// A timeout argument: `None` waits for ever.
fn deadline<M: Memory>(t: &mut Thread<M>, timeout: Option<f64>) -> Result<Option<Instant>, Raise> {
    match timeout {
        None => Ok(None),
        Some(s) if s > TIMEOUT_MAX => Err(t.raise(Kind::OverflowError, "timestamp out of range for platform time_t")),
        Some(s) => Ok(Instant::now().checked_add(Duration::from_secs_f64(s.max(0.0)))),
    }
}

/// `acquire(blocking=True, timeout=-1)` of both locks: whether to block, and until when.
/// Seconds: a float or an integer.
fn seconds<M: Memory>(t: &mut Thread<M>, value: &Obj<M>) -> Result<f64, Raise> {
    match crate::types::float::value(value) {
        Some(seconds) => Ok(seconds),
        None => {
            let whole = t.index(value)?;
            t.float_arg(&whole)
        }
    }
}

fn acquire_arguments<M: Memory>(t: &mut Thread<M>, args: &Args<'_, M>) -> Result<(bool, Option<Instant>), Raise> {
    let blocking = match args.get(1) {
        Some(b) => t.truth(b)?,
        None => true,
    };
    let timeout = match args.get(2) {
        Some(s) => seconds(t, s)?,
        None => -1.0,
    };
    if timeout.is_nan() {
        return Err(t.raise(Kind::ValueError, "Invalid value NaN (not a number)"));
    }
    if !blocking && timeout != -1.0 {
        return Err(t.raise(Kind::ValueError, "can't specify a timeout for a non-blocking call"));
    }
    if timeout < 0.0 && timeout != -1.0 {
        return Err(t.raise(Kind::ValueError, "timeout value must be a non-negative number"));
    }
    let until = deadline(t, (timeout != -1.0).then_some(timeout))?;
    Ok((blocking, until))
}

//! `_signal`: Python handlers for signals. The handler that the operating system calls only notes the signal and asks the
//! main thread to poll; the Python handler runs there.

use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, AtomicU32, AtomicUsize, Ordering};

use crate::args::Args;
use crate::context::{Thread, poll};
use crate::exceptions::Kind;
use crate::import;
use crate::memory::Memory;
use crate::modules::{Maker, errno};
use crate::object::{Obj, R, Raise};
use crate::types::{dict, float, int, list, module, tuple};

const COUNT: usize = 65;

// The one exception from "no statics": a signal belongs to the process, and its handler has no other way to say so.
static ARRIVED: [AtomicBool; COUNT] = [const { AtomicBool::new(false) }; COUNT];
static POLL_WORD: AtomicPtr<AtomicU32> = AtomicPtr::new(std::ptr::null_mut());
static WAKEUP_FD: AtomicI32 = AtomicI32::new(-1);
static MAIN_THREAD: AtomicUsize = AtomicUsize::new(0);

/// The system may choose any thread for a signal; a blocking call is only interrupted in the one that runs this. So the
/// signal is sent on to the main thread.
extern "C" fn note(number: i32) {
    let main = MAIN_THREAD.load(Ordering::Acquire);
    // SAFETY: both functions may be called in a signal handler; the main thread outlives its registration.
    unsafe {
        if main != 0 && libc::pthread_self() as usize != main {
            libc::pthread_kill(main as libc::pthread_t, number);
            return;
        }
    }
    if let Some(flag) = ARRIVED.get(number as usize) {
        flag.store(true, Ordering::Release);
    }
    let word = POLL_WORD.load(Ordering::Acquire);
    if !word.is_null() {
        // SAFETY: the word is part of the main thread's context, which `forget` unlinks before it goes.
        unsafe { &*word }.fetch_or(poll::SIGNAL, Ordering::Release);
    }
    let fd = WAKEUP_FD.load(Ordering::Relaxed);
    if fd >= 0 {
        let byte = number as u8;
        // SAFETY: writes one byte that lives here; `write` may be called in a signal handler.
        unsafe { libc::write(fd, (&raw const byte).cast(), 1) };
    }
}

/// Signals go to this thread from now on.
pub fn adopt<M: Memory>(t: &Thread<M>) {
    POLL_WORD.store((&raw const t.poll).cast_mut(), Ordering::Release);
    // SAFETY: asks who runs.
    MAIN_THREAD.store(unsafe { libc::pthread_self() } as usize, Ordering::Release);
}

/// The main thread's context is about to go.
pub fn forget() {
    MAIN_THREAD.store(0, Ordering::Release);
    POLL_WORD.store(std::ptr::null_mut(), Ordering::Release);
}

/// Acts as if a signal had arrived, if Python has a handler for it (`_thread.interrupt_main`).
pub fn trip<M: Memory>(t: &mut Thread<M>, number: i32) {
    let has_handler = match handler(t, number) {
        Ok(f) => !f.is_none() && int::to_i64(&f).is_none(),
        Err(_) => {
            t.clear_raised();
            false
        }
    };
    if has_handler && let Some(flag) = ARRIVED.get(number as usize) {
        flag.store(true, Ordering::Release);
    }
}

fn install(number: i32, action: usize) -> bool {
    // SAFETY: a zeroed sigaction is a valid one; the handler is one of ours or a constant of the system.
    unsafe {
        let mut new: libc::sigaction = std::mem::zeroed();
        new.sa_sigaction = action;
        libc::sigemptyset(&raw mut new.sa_mask);
        libc::sigaction(number, &raw const new, std::ptr::null_mut()) == 0
    }
}

fn current(number: i32) -> usize {
    // SAFETY: reads the disposition into a zeroed one.
    unsafe {
        let mut old: libc::sigaction = std::mem::zeroed();
        libc::sigaction(number, std::ptr::null(), &raw mut old);
        old.sa_sigaction
    }
}

/// Ctrl-C becomes `KeyboardInterrupt`; called once for a program (not for a library's interpreter).
pub fn start<M: Memory>(t: &mut Thread<M>) -> Result<(), Raise> {
    adopt(t);
    let own = import::import_module(t, "_signal")?;
    let handler = module::get(t, &own, "default_int_handler").unwrap_or(Obj::NONE);
    if current(libc::SIGINT) != libc::SIG_IGN {
        set_handler(t, libc::SIGINT, handler)?;
        install(libc::SIGINT, note as *const () as usize);
    }
    Ok(())
}

/// Dies by SIGINT as a program without a handler does, so that a shell sees it.
pub fn die_by_interrupt() {
    install(libc::SIGINT, libc::SIG_DFL);
    // SAFETY: ends this process.
    unsafe { libc::kill(libc::getpid(), libc::SIGINT) };
}

fn table<M: Memory>(t: &Thread<M>) -> Obj<M> {
    t.kept("signal.handlers").expect("made with the module").own()
}

fn handler<M: Memory>(t: &mut Thread<M>, number: i32) -> R<M> {
    if t.kept("signal.handlers").is_none() {
        return Ok(Obj::NONE);
    }
    let key = int::from_i64(t, number as i64);
    let table = table(t);
    match dict::get(t, &table, &key)? {
        Some(handler) => Ok(handler),
        None => Ok(match current(number) {
            libc::SIG_DFL => int::from_i64(t, 0),
            libc::SIG_IGN => int::from_i64(t, 1),
            _ => Obj::NONE,
        }),
    }
}

fn set_handler<M: Memory>(t: &mut Thread<M>, number: i32, handler: Obj<M>) -> Result<(), Raise> {
    let key = int::from_i64(t, number as i64);
    let table = table(t);
    dict::set(t, &table, key, handler)
}

/// Runs the Python handlers of the signals that arrived. Called at polls of the main thread.
pub fn run_handlers<M: Memory>(t: &mut Thread<M>) -> Result<(), Raise> {
    for (number, flag) in ARRIVED.iter().enumerate() {
        if !flag.swap(false, Ordering::AcqRel) {
            continue;
        }
        if t.kept("signal.handlers").is_none() {
            continue;
        }
        let f = handler(t, number as i32)?;
        if f.is_none() || int::to_i64(&f).is_some() {
            continue;
        }
        let frame = t.frame_object(0).unwrap_or(Obj::NONE);
        let number = int::from_i64(t, number as i64);
        if let Err(raise) = t.call(&f, &[number, frame]) {
            // The others wait for the next poll.
            if ARRIVED.iter().any(|f| f.load(Ordering::Relaxed)) {
                t.request(poll::SIGNAL);
            }
            return Err(raise);
        }
    }
    Ok(())
}

const NAMES: &[(&str, i32)] = &[
    ("SIGHUP", libc::SIGHUP),
    ("SIGINT", libc::SIGINT),
    ("SIGQUIT", libc::SIGQUIT),
    ("SIGILL", libc::SIGILL),
    ("SIGTRAP", libc::SIGTRAP),
    ("SIGABRT", libc::SIGABRT),
    ("SIGIOT", libc::SIGIOT),
    ("SIGBUS", libc::SIGBUS),
    ("SIGFPE", libc::SIGFPE),
    ("SIGKILL", libc::SIGKILL),
    ("SIGUSR1", libc::SIGUSR1),
    ("SIGSEGV", libc::SIGSEGV),
    ("SIGUSR2", libc::SIGUSR2),
    ("SIGPIPE", libc::SIGPIPE),
    ("SIGALRM", libc::SIGALRM),
    ("SIGTERM", libc::SIGTERM),
    ("SIGSTKFLT", libc::SIGSTKFLT),
    ("SIGCHLD", libc::SIGCHLD),
    ("SIGCLD", libc::SIGCHLD),
    ("SIGCONT", libc::SIGCONT),
    ("SIGSTOP", libc::SIGSTOP),
    ("SIGTSTP", libc::SIGTSTP),
    ("SIGTTIN", libc::SIGTTIN),
    ("SIGTTOU", libc::SIGTTOU),
    ("SIGURG", libc::SIGURG),
    ("SIGXCPU", libc::SIGXCPU),
    ("SIGXFSZ", libc::SIGXFSZ),
    ("SIGVTALRM", libc::SIGVTALRM),
    ("SIGPROF", libc::SIGPROF),
    ("SIGWINCH", libc::SIGWINCH),
    ("SIGIO", libc::SIGIO),
    ("SIGPOLL", libc::SIGPOLL),
    ("SIGPWR", libc::SIGPWR),
    ("SIGSYS", libc::SIGSYS),
];

/// `_signal`
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let handlers = dict::new(t);
    t.keep("signal.handlers", handlers);
    let numbers: Vec<(&str, i64)> = NAMES.iter().map(|&(name, number)| (name, number as i64)).collect();
    Maker::new(t, "_signal")
        .ints(&numbers)
        .ints(&[
            ("SIG_DFL", 0),
            ("SIG_IGN", 1),
            ("NSIG", COUNT as i64),
            ("SIG_BLOCK", libc::SIG_BLOCK as i64),
            ("SIG_UNBLOCK", libc::SIG_UNBLOCK as i64),
            ("SIG_SETMASK", libc::SIG_SETMASK as i64),
            ("ITIMER_REAL", libc::ITIMER_REAL as i64),
            ("ITIMER_VIRTUAL", libc::ITIMER_VIRTUAL as i64),
            ("ITIMER_PROF", libc::ITIMER_PROF as i64),
            ("SIGRTMIN", libc::SIGRTMIN() as i64),
            ("SIGRTMAX", libc::SIGRTMAX() as i64),
        ])
        .functions(&[
            ("signal(signalnum, handler, /)", signal),
            ("getsignal(signalnum, /)", getsignal),
            ("default_int_handler(signalnum, frame, /)", default_int_handler),
            ("raise_signal(signalnum, /)", raise_signal),
            ("alarm(seconds, /)", alarm),
            ("pause()", pause),
            ("setitimer(which, seconds, interval=0.0, /)", setitimer),
            ("getitimer(which, /)", getitimer),
            ("set_wakeup_fd(fd, /, *, warn_on_full_buffer=True)", set_wakeup_fd),
            ("siginterrupt(signalnum, flag, /)", |_, _| Ok(Obj::NONE)),
            ("strsignal(signalnum, /)", strsignal),
            ("valid_signals()", valid_signals),
            ("pthread_sigmask(how, mask, /)", pthread_sigmask),
            ("pthread_kill(thread_id, signalnum, /)", pthread_kill),
        ])
        .finish()
}

fn number<M: Memory>(t: &mut Thread<M>, arg: &Obj<M>) -> Result<i32, Raise> {
    let n = t.index_i64(arg)?;
    if (1..COUNT as i64).contains(&n) {
        Ok(n as i32)
    } else {
        Err(t.raise(Kind::ValueError, "signal number out of range"))
    }
}

fn signal<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let n = number(t, &args[0])?;
    if !t.is_main {
        let message = "signal only works in main thread of the main interpreter";
        return Err(t.raise(Kind::ValueError, message));
    }
    let action = match int::to_i64(&args[1]) {
        Some(0) => libc::SIG_DFL,
        Some(1) => libc::SIG_IGN,
        _ if t.is_callable(&args[1]) => note as *const () as usize,
        _ => {
            let message = "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object";
            return Err(t.raise(Kind::TypeError, message));
        }
    };
    t.poll()?;
    let old = handler(t, n)?;
    adopt(t);
    if !install(n, action) {
        return Err(errno::raise_last(t, None));
    }
    let new = match int::to_i64(&args[1]) {
        Some(plain) => int::from_i64(t, plain),
        None => args[1].clone(),
    };
    set_handler(t, n, new)?;
    Ok(old)
}

fn getsignal<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let n = number(t, &args[0])?;
    handler(t, n)
}

fn default_int_handler<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    let error = t.new_exception(Kind::KeyboardInterrupt, vec![]);
    Err(t.raise_obj(error))
}

fn raise_signal<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let n = t.index_i64(&args[0])? as i32;
    // SAFETY: sends a signal to this thread.
    if t.blocking(|| unsafe { libc::raise(n) }) != 0 {
        return Err(errno::raise_last(t, None));
    }
    t.poll()?;
    Ok(Obj::NONE)
}

fn alarm<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let seconds = t.index_i64(&args[0])?;
    // SAFETY: sets a timer of this process.
    let left = unsafe { libc::alarm(seconds as u32) };
    Ok(int::from_i64(t, left as i64))
}

fn pause<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    // SAFETY: waits for a signal.
    t.blocking(|| unsafe { libc::pause() });
    t.poll()?;
    Ok(Obj::NONE)
}

fn to_timeval(seconds: f64) -> libc::timeval {
    libc::timeval { tv_sec: seconds.trunc() as i64, tv_usec: (seconds.fract() * 1e6).round() as i64 }
}

fn timer_pair<M: Memory>(t: &mut Thread<M>, timer: &libc::itimerval) -> Obj<M> {
    let seconds = |v: &libc::timeval| v.tv_sec as f64 + v.tv_usec as f64 * 1e-6;
    let pair = vec![float::new(t, seconds(&timer.it_value)), float::new(t, seconds(&timer.it_interval))];
    tuple::from_vec(t, pair)
}

fn setitimer<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let which = t.index_i64(&args[0])?;
    let first = t.float_arg(&args[1])?;
    let interval = match args.get(2) {
        Some(interval) => t.float_arg(interval)?,
        None => 0.0,
    };
    let new = libc::itimerval { it_interval: to_timeval(interval), it_value: to_timeval(first) };
    let mut old = libc::itimerval { it_interval: to_timeval(0.0), it_value: to_timeval(0.0) };
    // SAFETY: reads one timer and writes another.
    if unsafe { libc::setitimer(which as _, &raw const new, &raw mut old) } != 0 {
        return Err(errno::raise_last(t, None));
    }
    Ok(timer_pair(t, &old))
}

fn getitimer<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let which = t.index_i64(&args[0])?;
    let mut now = libc::itimerval { it_interval: to_timeval(0.0), it_value: to_timeval(0.0) };
    // SAFETY: writes one timer.
    if unsafe { libc::getitimer(which as _, &raw mut now) } != 0 {
        return Err(errno::raise_last(t, None));
    }
    Ok(timer_pair(t, &now))
}

fn set_wakeup_fd<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if !t.is_main {
        let message = "set_wakeup_fd only works in main thread of the main interpreter";
        return Err(t.raise(Kind::ValueError, message));
    }
    let fd = t.index_i64(&args[0])? as i32;
    let old = WAKEUP_FD.swap(fd, Ordering::Relaxed);
    Ok(int::from_i64(t, old as i64))
}

fn strsignal<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let n = number(t, &args[0])?;
    // SAFETY: strsignal gives a C string or null.
    let text = unsafe {
        let at = libc::strsignal(n);
        if at.is_null() { None } else { Some(std::ffi::CStr::from_ptr(at).to_string_lossy().into_owned()) }
    };
    Ok(text.filter(|s| !s.starts_with("Unknown")).map_or(Obj::NONE, |s| t.string(s)))
}

fn numbers_set<M: Memory>(t: &mut Thread<M>, numbers: impl Iterator<Item = i32>) -> R<M> {
    let items = numbers.map(|n| int::from_i64(t, n as i64)).collect();
    let items = list::from_vec(t, items);
    let class = t.builtin(crate::types::ids::Builtin::Set).to_obj();
    t.call(&class, &[items])
}

fn valid_signals<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    numbers_set(t, (1..COUNT as i32).filter(|n| !matches!(n, 32 | 33)))
}

fn pthread_sigmask<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let how = t.index_i64(&args[0])? as i32;
    let mut wanted = Vec::new();
    for item in t.collect(&args[1])? {
        wanted.push(number(t, &item)?);
    }
    // SAFETY: both sets are initialised here before they are read.
    let (result, blocked) = unsafe {
        let mut new: libc::sigset_t = std::mem::zeroed();
        let mut old: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut new);
        for &n in &wanted {
            libc::sigaddset(&raw mut new, n);
        }
        let result = libc::pthread_sigmask(how, &raw const new, &raw mut old);
        let blocked: Vec<i32> = (1..COUNT as i32).filter(|&n| libc::sigismember(&raw const old, n) == 1).collect();
        (result, blocked)
    };
    if result != 0 {
        return Err(errno::raise(t, result, None));
    }
    t.poll()?;
    numbers_set(t, blocked.into_iter())
}

fn pthread_kill<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (thread, n) = (t.index_i64(&args[0])?, number(t, &args[1])?);
    // SAFETY: the caller names a running thread, as the function's documentation demands.
    let result = unsafe { libc::pthread_kill(thread as libc::pthread_t, n) };
    if result != 0 {
        return Err(errno::raise(t, result, None));
    }
    t.poll()?;
    Ok(Obj::NONE)
}

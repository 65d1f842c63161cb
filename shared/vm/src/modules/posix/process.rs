//! Processes: identity, environment, fork and wait, processors.

use std::ffi::CString;

use crate::args::{Args, NativeFn};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::posix::path::{c_path, decode, encode};
use crate::modules::{errno, structseq};
use crate::object::{Obj, R, Raise};
use crate::types::{bytes, dict, float, int, list, tuple};

/// The functions of this file.
pub fn functions<M: Memory>() -> Vec<(&'static str, NativeFn<M>)> {
    vec![
        ("getpid()", |t, _| Ok(int::from_i64(t, std::process::id() as i64))),
        // SAFETY: (this one and those below that only ask or set a number) no memory is touched.
        ("getppid()", |t, _| number(t, unsafe { libc::getppid() } as i64)),
        // SAFETY: numbers only.
        ("getuid()", |t, _| number(t, unsafe { libc::getuid() } as i64)),
        // SAFETY: numbers only.
        ("geteuid()", |t, _| number(t, unsafe { libc::geteuid() } as i64)),
        // SAFETY: numbers only.
        ("getgid()", |t, _| number(t, unsafe { libc::getgid() } as i64)),
        // SAFETY: numbers only.
        ("getegid()", |t, _| number(t, unsafe { libc::getegid() } as i64)),
        // SAFETY: numbers only.
        ("getpgrp()", |t, _| number(t, unsafe { libc::getpgrp() } as i64)),
        // SAFETY: numbers only.
        ("setsid()", |t, _| number(t, unsafe { libc::setsid() } as i64)),
        ("getpgid(pid, /)", |t, a| {
            let pid = t.index_i64(&a[0])? as i32;
            // SAFETY: numbers only.
            number(t, unsafe { libc::getpgid(pid) } as i64)
        }),
        ("setpgid(pid, pgrp, /)", |t, a| {
            let (pid, group) = (t.index_i64(&a[0])? as i32, t.index_i64(&a[1])? as i32);
            // SAFETY: numbers only.
            number(t, unsafe { libc::setpgid(pid, group) } as i64)
        }),
        ("nice(increment, /)", |t, a| {
            let step = t.index_i64(&a[0])? as i32;
            // SAFETY: numbers only.
            Ok(int::from_i64(t, unsafe { libc::nice(step) } as i64))
        }),
        ("fork()", fork),
        ("wait()", |t, _| wait_for(t, -1, 0)),
        ("waitpid(pid, options, /)", |t, a| {
            let (pid, options) = (t.index_i64(&a[0])?, t.index_i64(&a[1])?);
            wait_for(t, pid as i32, options as i32)
        }),
        ("waitstatus_to_exitcode(status)", waitstatus_to_exitcode),
        ("kill(pid, signal, /)", kill),
        ("killpg(pgid, signal, /)", |t, a| {
            let (group, n) = (t.index_i64(&a[0])? as i32, t.index_i64(&a[1])? as i32);
            // SAFETY: numbers only.
            number(t, unsafe { libc::killpg(group, n) } as i64).map(|_| Obj::NONE)
        }),
        ("_exit(status)", |t, a| {
            let status = t.index_i64(&a[0])?;
            // SAFETY: ends the process.
            unsafe { libc::_exit(status as i32) }
        }),
        // SAFETY: ends the process.
        ("abort()", |_, _| unsafe { libc::abort() }),
        ("execv(path, argv, /)", execv),
        ("execve(path, argv, env)", execve),
        ("system(command)", system),
        ("urandom(size, /)", urandom),
        ("getrandom(size, flags=0)", urandom),
        ("cpu_count()", cpu_count),
        ("sched_yield()", |t, _| {
            // SAFETY: gives up the processor.
            t.blocking(|| unsafe { libc::sched_yield() });
            Ok(Obj::NONE)
        }),
        ("sched_getaffinity(pid, /)", sched_getaffinity),
        ("sched_setaffinity(pid, mask, /)", sched_setaffinity),
        ("getloadavg()", getloadavg),
        ("times()", times),
        ("uname()", uname),
        ("strerror(code, /)", |t, a| {
            let code = t.index_i64(&a[0])? as i32;
            Ok(t.string(crate::exceptions::strerror(code)))
        }),
        ("putenv(name, value, /)", putenv),
        ("unsetenv(name, /)", unsetenv),
        ("getlogin()", |t, _| Err(errno::raise(t, libc::ENOENT, None))),
        ("getgroups()", getgroups),
        ("sysconf(name, /)", sysconf),
        ("register_at_fork(*, before=None, after_in_child=None, after_in_parent=None)", register_at_fork),
        ("WIFEXITED(status)", |t, a| Ok(Obj::bool(libc::WIFEXITED(status(t, a)?)))),
        ("WIFSIGNALED(status)", |t, a| Ok(Obj::bool(libc::WIFSIGNALED(status(t, a)?)))),
        ("WIFSTOPPED(status)", |t, a| Ok(Obj::bool(libc::WIFSTOPPED(status(t, a)?)))),
        ("WIFCONTINUED(status)", |t, a| Ok(Obj::bool(libc::WIFCONTINUED(status(t, a)?)))),
        ("WCOREDUMP(status, /)", |t, a| Ok(Obj::bool(libc::WCOREDUMP(status(t, a)?)))),
        ("WEXITSTATUS(status)", |t, a| {
            let s = status(t, a)?;
            Ok(int::from_i64(t, libc::WEXITSTATUS(s) as i64))
        }),
        ("WTERMSIG(status)", |t, a| {
            let s = status(t, a)?;
            Ok(int::from_i64(t, libc::WTERMSIG(s) as i64))
        }),
        ("WSTOPSIG(status)", |t, a| {
            let s = status(t, a)?;
            Ok(int::from_i64(t, libc::WSTOPSIG(s) as i64))
        }),
    ]
}

fn number<M: Memory>(t: &mut Thread<M>, n: i64) -> R<M> {
    if n == -1 { Err(errno::raise_last(t, None)) } else { Ok(int::from_i64(t, n)) }
}

fn status<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> Result<i32, Raise> {
    Ok(t.index_i64(&args[0])? as i32)
}

// ---- Fork and wait.

fn hooks<M: Memory>(t: &Thread<M>, name: &'static str) -> Option<Obj<M>> {
    t.kept(name).map(|h| h.own())
}

const HOOKS: [&str; 3] = ["fork.before", "fork.child", "fork.parent"];

fn register_at_fork<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    for (i, name) in HOOKS.into_iter().enumerate() {
        let Some(f) = args.some(i) else { continue };
        let list = match hooks(t, name) {
            Some(list) => list,
            None => {
                let list = list::from_vec(t, vec![]);
                t.keep(name, list.clone());
                list
            }
        };
        list::append(t, &list, f.clone());
    }
    Ok(Obj::NONE)
}

fn run_hooks<M: Memory>(t: &mut Thread<M>, name: &'static str, backwards: bool) {
    let Some(hooks) = hooks(t, name) else { return };
    let mut all = list::to_vec(t, &hooks);
    if backwards {
        all.reverse();
    }
    for hook in all {
        if t.call(&hook, &[]).is_err() {
            crate::finalize::unraisable(t, "Exception ignored in fork hook", &hook);
        }
    }
}

fn fork<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    run_hooks(t, HOOKS[0], true);
    let pid = M::stop_the_world(t, |t| {
        let interp = t.interp.clone();
        // SAFETY: no other thread touches objects now, nor is one inside the list of threads or the model's state: the
        // child has this thread alone, and finds them whole.
        interp.threads.fork(t, || M::fork(t, || unsafe { libc::fork() }))
    });
    if pid == 0 {
        t.interp.modules.imports.after_fork(t.ident);
        super::super::signal::adopt(t);
        run_hooks(t, HOOKS[1], false);
    } else {
        run_hooks(t, HOOKS[2], false);
    }
    number(t, pid as i64)
}

fn wait_for<M: Memory>(t: &mut Thread<M>, pid: i32, options: i32) -> R<M> {
    loop {
        let mut status = 0;
        let (result, code) = t.blocking(|| {
            // SAFETY: one number is written.
            let result = unsafe { libc::waitpid(pid, &raw mut status, options) };
            (result, std::io::Error::last_os_error().raw_os_error().unwrap_or(0))
        });
        match code {
            _ if result >= 0 => {
                let pair = vec![int::from_i64(t, result as i64), int::from_i64(t, status as i64)];
                return Ok(tuple::from_vec(t, pair));
            }
            libc::EINTR => t.poll()?,
            code => return Err(errno::raise(t, code, None)),
        }
    }
}

fn waitstatus_to_exitcode<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = status(t, args)?;
    if libc::WIFEXITED(s) {
        return Ok(int::from_i64(t, libc::WEXITSTATUS(s) as i64));
    }
    if libc::WIFSIGNALED(s) {
        return Ok(int::from_i64(t, -(libc::WTERMSIG(s) as i64)));
    }
    Err(t.raise(Kind::ValueError, format!("invalid wait status: {s}")))
}

fn kill<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (pid, n) = (t.index_i64(&args[0])? as i32, t.index_i64(&args[1])? as i32);
    // SAFETY: numbers only.
    if unsafe { libc::kill(pid, n) } != 0 {
        return Err(errno::raise_last(t, None));
    }
    t.poll()?;
    Ok(Obj::NONE)
}

fn c_strings<M: Memory>(t: &mut Thread<M>, list: &Obj<M>) -> Result<Vec<CString>, Raise> {
    let mut out = Vec::new();
    for item in t.collect(list)? {
        let item = super::path::fspath(t, &item)?;
        match CString::new(encode(&item)) {
            Ok(text) => out.push(text),
            Err(_) => return Err(t.raise(Kind::ValueError, "embedded null byte")),
        }
    }
    Ok(out)
}

fn pointers(strings: &[CString]) -> Vec<*const libc::c_char> {
    strings.iter().map(|s| s.as_ptr()).chain([std::ptr::null()]).collect()
}

fn execv<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let path = c_path(t, &args[0], "execv")?;
    let argv = c_strings(t, &args[1])?;
    if argv.is_empty() {
        return Err(t.raise(Kind::ValueError, "execv() arg 2 must not be empty"));
    }
    // SAFETY: the list of C strings ends in null and outlives the call.
    unsafe { libc::execv(path.as_ptr(), pointers(&argv).as_ptr()) };
    Err(errno::raise_last(t, Some(&args[0])))
}

fn execve<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let path = c_path(t, &args[0], "execve")?;
    let argv = c_strings(t, &args[1])?;
    let mut env = Vec::new();
    let items = t.call_method(&args[2], "items", &[])?;
    for pair in t.collect(&items)? {
        let pair = tuple::items(&pair).to_vec();
        let mut entry = encode(&pair[0]);
        entry.push(b'=');
        entry.extend(encode(&pair[1]));
        env.extend(CString::new(entry));
    }
    // SAFETY: both lists of C strings end in null and outlive the call.
    unsafe { libc::execve(path.as_ptr(), pointers(&argv).as_ptr(), pointers(&env).as_ptr()) };
    Err(errno::raise_last(t, Some(&args[0])))
}

fn system<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let command = c_path(t, &args[0], "system")?;
    // SAFETY: the command is a C string.
    let status = t.blocking(|| unsafe { libc::system(command.as_ptr()) });
    Ok(int::from_i64(t, status as i64))
}

// ---- The machine.

fn urandom<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let n = t.index_i64(&args[0])?;
    if n < 0 {
        return Err(t.raise(Kind::ValueError, "negative argument not allowed"));
    }
    let mut data = vec![0u8; n as usize];
    let mut at = 0;
    while at < data.len() {
        // SAFETY: the rest of the buffer has the length that is passed.
        let got = unsafe { libc::getrandom(data[at..].as_mut_ptr().cast(), data.len() - at, 0) };
        if got < 0 {
            return Err(errno::raise_last(t, None));
        }
        at += got as usize;
    }
    Ok(bytes::from_slice(t, &data))
}

fn cpu_count<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    // SAFETY: asks for a number.
    let n = unsafe { libc::sysconf(libc::_SC_NPROCESSORS_ONLN) };
    Ok(if n > 0 { int::from_i64(t, n) } else { Obj::NONE })
}

fn sched_getaffinity<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let pid = t.index_i64(&args[0])? as i32;
    // SAFETY: one set is written and then read within its size.
    let cpus: Option<Vec<usize>> = unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        let done = libc::sched_getaffinity(pid, size_of::<libc::cpu_set_t>(), &raw mut set) == 0;
        done.then(|| (0..libc::CPU_SETSIZE as usize).filter(|&i| libc::CPU_ISSET(i, &set)).collect())
    };
    let Some(cpus) = cpus else { return Err(errno::raise_last(t, None)) };
    let items = cpus.iter().map(|&i| int::from_i64(t, i as i64)).collect();
    let items = list::from_vec(t, items);
    let class = t.builtin(crate::types::ids::Builtin::Set).to_obj();
    t.call(&class, &[items])
}

fn sched_setaffinity<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let pid = t.index_i64(&args[0])? as i32;
    let mut cpus = Vec::new();
    for item in t.collect(&args[1])? {
        cpus.push(t.index_i64(&item)?);
    }
    // SAFETY: the set is filled within its size and then read.
    let done = unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        for &cpu in cpus.iter().filter(|c| (0..libc::CPU_SETSIZE as i64).contains(*c)) {
            libc::CPU_SET(cpu as usize, &mut set);
        }
        libc::sched_setaffinity(pid, size_of::<libc::cpu_set_t>(), &raw const set)
    };
    if done == 0 { Ok(Obj::NONE) } else { Err(errno::raise_last(t, None)) }
}

fn getloadavg<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    let mut loads = [0f64; 3];
    // SAFETY: three numbers are written.
    if unsafe { libc::getloadavg(loads.as_mut_ptr(), 3) } != 3 {
        return Err(t.raise(Kind::OSError, "Load averages are unobtainable"));
    }
    let loads = loads.iter().map(|&l| float::new(t, l)).collect();
    Ok(tuple::from_vec(t, loads))
}

/// Names of a `times_result`.
pub const TIMES_RESULT: structseq::Fields =
    structseq::Fields { shown: &["user", "system", "children_user", "children_system", "elapsed"], hidden: &[] };

fn times<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    // SAFETY: one struct is written.
    let (elapsed, tms, ticks) = unsafe {
        let mut tms: libc::tms = std::mem::zeroed();
        (libc::times(&raw mut tms), tms, libc::sysconf(libc::_SC_CLK_TCK) as f64)
    };
    let values = [tms.tms_utime, tms.tms_stime, tms.tms_cutime, tms.tms_cstime, elapsed];
    let values = values.iter().map(|&n| float::new(t, n as f64 / ticks)).collect();
    structseq::make(t, "posix.times_result", &TIMES_RESULT, values, vec![])
}

/// Names of a `uname_result`.
pub const UNAME_RESULT: structseq::Fields =
    structseq::Fields { shown: &["sysname", "nodename", "release", "version", "machine"], hidden: &[] };

fn uname<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    // SAFETY: one struct of C strings is written.
    let name = unsafe {
        let mut name: libc::utsname = std::mem::zeroed();
        if libc::uname(&raw mut name) != 0 {
            return Err(errno::raise_last(t, None));
        }
        name
    };
    let parts = [&name.sysname, &name.nodename, &name.release, &name.version, &name.machine];
    let values = parts
        .iter()
        .map(|part| {
            let bytes: Vec<u8> = part.iter().take_while(|&&c| c != 0).map(|&c| c as u8).collect();
            decode(t, &bytes)
        })
        .collect();
    structseq::make(t, "posix.uname_result", &UNAME_RESULT, values, vec![])
}

fn getgroups<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    let mut groups = vec![0 as libc::gid_t; 1 << 12];
    // SAFETY: the buffer has the length that is passed.
    let n = unsafe { libc::getgroups(groups.len() as i32, groups.as_mut_ptr()) };
    if n < 0 {
        return Err(errno::raise_last(t, None));
    }
    let items = groups[..n as usize].iter().map(|&g| int::from_i64(t, g as i64)).collect();
    Ok(list::from_vec(t, items))
}

/// Names for `os.sysconf`.
pub const SYSCONF: &[(&str, i32)] = &[
    ("SC_ARG_MAX", libc::_SC_ARG_MAX),
    ("SC_CLK_TCK", libc::_SC_CLK_TCK),
    ("SC_NPROCESSORS_CONF", libc::_SC_NPROCESSORS_CONF),
    ("SC_NPROCESSORS_ONLN", libc::_SC_NPROCESSORS_ONLN),
    ("SC_OPEN_MAX", libc::_SC_OPEN_MAX),
    ("SC_PAGESIZE", libc::_SC_PAGESIZE),
    ("SC_PAGE_SIZE", libc::_SC_PAGESIZE),
    ("SC_PHYS_PAGES", libc::_SC_PHYS_PAGES),
    ("SC_AVPHYS_PAGES", libc::_SC_AVPHYS_PAGES),
    ("SC_IOV_MAX", libc::_SC_IOV_MAX),
    ("SC_SEM_NSEMS_MAX", libc::_SC_SEM_NSEMS_MAX),
];

fn sysconf<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let name = match int::to_i64(&args[0]) {
        Some(number) => number as i32,
        None => {
            let text = t.text(&args[0]);
            match SYSCONF.iter().find(|row| row.0 == text) {
                Some(row) => row.1,
                None => return Err(t.raise(Kind::ValueError, "unrecognized configuration name")),
            }
        }
    };
    // SAFETY: asks for a number.
    let value = unsafe { libc::sysconf(name) };
    Ok(int::from_i64(t, value))
}

// ---- Environment.

/// The environment as `posix.environ` has it: bytes to bytes.
pub fn environ<M: Memory>(t: &mut Thread<M>) -> R<M> {
    use std::os::unix::ffi::OsStrExt;
    let all = dict::new(t);
    for (name, value) in std::env::vars_os() {
        let (name, value) = (bytes::from_slice(t, name.as_bytes()), bytes::from_slice(t, value.as_bytes()));
        dict::set(t, &all, name, value)?;
    }
    Ok(all)
}

fn env_text<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<CString, Raise> {
    match CString::new(encode(obj)) {
        Ok(text) => Ok(text),
        Err(_) => Err(t.raise(Kind::ValueError, "embedded null byte")),
    }
}

fn putenv<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (name, value) = (env_text(t, &args[0])?, env_text(t, &args[1])?);
    if name.as_bytes().contains(&b'=') {
        return Err(t.raise(Kind::ValueError, "illegal environment variable name"));
    }
    // SAFETY: two C strings, which the call copies. Other threads of the VM read the environment only through it.
    if unsafe { libc::setenv(name.as_ptr(), value.as_ptr(), 1) } != 0 {
        return Err(errno::raise_last(t, None));
    }
    Ok(Obj::NONE)
}

fn unsetenv<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let name = env_text(t, &args[0])?;
    // SAFETY: as in `putenv`.
    if unsafe { libc::unsetenv(name.as_ptr()) } != 0 {
        return Err(errno::raise_last(t, None));
    }
    Ok(Obj::NONE)
}

//! Descriptors: the functions of `posix` that take numbers of open files.

use crate::args::{Args, NativeFn};
use crate::context::Thread;
use crate::memory::Memory;
use crate::modules::errno;
use crate::modules::posix::path::{c_path, dir_fd};
use crate::modules::{io, structseq};
use crate::object::{Obj, R, Raise};
use crate::types::{bytes, int, tuple};

/// The functions of this file.
pub fn functions<M: Memory>() -> Vec<(&'static str, NativeFn<M>)> {
    vec![
        ("open(path, flags, mode=511, *, dir_fd=None)", open),
        ("close(fd)", close),
        ("closerange(fd_low, fd_high, /)", closerange),
        ("read(fd, length, /)", read),
        ("write(fd, data, /)", write),
        ("lseek(fd, position, whence, /)", lseek),
        ("dup(fd, /)", dup),
        ("dup2(fd, fd2, inheritable=True)", dup2),
        ("pipe()", |t, _| pipe(t, libc::O_CLOEXEC)),
        ("pipe2(flags, /)", |t, a| {
            let flags = t.index_i64(&a[0])? as i32;
            pipe(t, flags)
        }),
        ("isatty(fd, /)", |t, a| {
            let fd = t.index_i64(&a[0])? as i32;
            // SAFETY: asks about a number.
            Ok(Obj::bool(unsafe { libc::isatty(fd) } == 1))
        }),
        ("ftruncate(fd, length, /)", |t, a| {
            let (fd, size) = (t.index_i64(&a[0])? as i32, t.index_i64(&a[1])?);
            // SAFETY: numbers only.
            check(t, |_| unsafe { libc::ftruncate(fd, size) })
        }),
        ("fsync(fd)", |t, a| {
            let fd = fileno(t, &a[0])?;
            // SAFETY: a number only.
            check(t, |_| unsafe { libc::fsync(fd) })
        }),
        ("fdatasync(fd)", |t, a| {
            let fd = fileno(t, &a[0])?;
            // SAFETY: a number only.
            check(t, |_| unsafe { libc::fdatasync(fd) })
        }),
        ("set_inheritable(fd, inheritable, /)", set_inheritable),
        ("get_inheritable(fd, /)", |t, a| {
            let flags = fd_flags(t, &a[0])?;
            Ok(Obj::bool(flags & libc::FD_CLOEXEC == 0))
        }),
        ("get_blocking(fd, /)", |t, a| {
            let fd = t.index_i64(&a[0])? as i32;
            // SAFETY: asks about a number.
            match unsafe { libc::fcntl(fd, libc::F_GETFL) } {
                -1 => Err(errno::raise_last(t, None)),
                flags => Ok(Obj::bool(flags & libc::O_NONBLOCK == 0)),
            }
        }),
        ("set_blocking(fd, blocking, /)", set_blocking),
        ("get_terminal_size(fd=1, /)", get_terminal_size),
        ("ttyname(fd, /)", ttyname),
    ]
}

/// A descriptor, or an object with `fileno()`.
pub fn fileno<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<i32, Raise> {
    if let Some(fd) = int::to_i64(obj) {
        return Ok(fd as i32);
    }
    let Some(f) = t.getattr_opt_str(obj, "fileno")? else {
        let message = "argument must be an int, or have a fileno() method.";
        return Err(t.raise(crate::exceptions::Kind::TypeError, message));
    };
    let fd = t.call(&f, &[])?;
    Ok(t.index_i64(&fd)? as i32)
}

fn check<M: Memory>(t: &mut Thread<M>, f: impl FnOnce(()) -> i32) -> R<M> {
    if t.blocking(|| f(())) >= 0 { Ok(Obj::NONE) } else { Err(errno::raise_last(t, None)) }
}

fn open<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let path = c_path(t, &args[0], "open")?;
    let flags = t.index_i64(&args[1])? as i32 | libc::O_CLOEXEC;
    let mode = match args.get(2) {
        Some(mode) => t.index_i64(mode)? as u32,
        None => 0o777,
    };
    let dir = dir_fd(t, args.some(3))?;
    if flags & libc::O_ACCMODE == libc::O_RDONLY
        && let Some(fd) = super::library::open(path.to_bytes())
    {
        return Ok(int::from_i64(t, fd as i64));
    }
    // SAFETY: the path is a C string.
    let fd = t.blocking(|| unsafe { libc::openat(dir, path.as_ptr(), flags, mode) });
    if fd < 0 { Err(errno::raise_last(t, Some(&args[0]))) } else { Ok(int::from_i64(t, fd as i64)) }
}

fn close<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let fd = t.index_i64(&args[0])? as i32;
    // SAFETY: the program closes its own descriptor.
    check(t, |_| unsafe { libc::close(fd) })
}

fn closerange<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (low, high) = (t.index_i64(&args[0])? as i32, t.index_i64(&args[1])? as i32);
    for fd in low.max(0)..high {
        // SAFETY: the program closes its own descriptors.
        unsafe { libc::close(fd) };
    }
    Ok(Obj::NONE)
}

fn read<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (fd, n) = (t.index_i64(&args[0])? as i32, t.index_i64(&args[1])?);
    if n < 0 {
        return Err(errno::raise(t, libc::EINVAL, None));
    }
    let mut data = vec![0u8; n as usize];
    loop {
        let (n, code) = t.blocking(|| {
            // SAFETY: the buffer has the length that is passed.
            let n = unsafe { libc::read(fd, data.as_mut_ptr().cast(), data.len()) };
            (n, std::io::Error::last_os_error().raw_os_error().unwrap_or(0))
        });
        match code {
            _ if n >= 0 => return Ok(bytes::from_slice(t, &data[..n as usize])),
            libc::EINTR => t.poll()?,
            code => return Err(errno::raise(t, code, None)),
        }
    }
}

fn write<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let fd = t.index_i64(&args[0])? as i32;
    let data = io::bytes_like(t, &args[1])?;
    loop {
        let (n, code) = t.blocking(|| {
            // SAFETY: the slice is valid for its length.
            let n = unsafe { libc::write(fd, data.as_ptr().cast(), data.len()) };
            (n, std::io::Error::last_os_error().raw_os_error().unwrap_or(0))
        });
        match code {
            _ if n >= 0 => return Ok(int::from_i64(t, n as i64)),
            libc::EINTR => t.poll()?,
            code => return Err(errno::raise(t, code, None)),
        }
    }
}

fn lseek<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (fd, offset, whence) = (t.index_i64(&args[0])?, t.index_i64(&args[1])?, t.index_i64(&args[2])?);
    // SAFETY: numbers only.
    let at = unsafe { libc::lseek(fd as i32, offset, whence as i32) };
    if at < 0 { Err(errno::raise_last(t, None)) } else { Ok(int::from_i64(t, at)) }
}

fn dup<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let fd = t.index_i64(&args[0])? as i32;
    // SAFETY: numbers only.
    let new = unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0) };
    if new < 0 { Err(errno::raise_last(t, None)) } else { Ok(int::from_i64(t, new as i64)) }
}

fn dup2<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (from, to) = (t.index_i64(&args[0])? as i32, t.index_i64(&args[1])? as i32);
    let inheritable = match args.get(2) {
        Some(flag) => t.truth(flag)?,
        None => true,
    };
    // SAFETY: numbers only.
    let new =
        unsafe { if inheritable || from == to { libc::dup2(from, to) } else { libc::dup3(from, to, libc::O_CLOEXEC) } };
    if new < 0 { Err(errno::raise_last(t, None)) } else { Ok(int::from_i64(t, new as i64)) }
}

fn pipe<M: Memory>(t: &mut Thread<M>, flags: i32) -> R<M> {
    let mut ends = [0i32; 2];
    // SAFETY: two numbers are written.
    if unsafe { libc::pipe2(ends.as_mut_ptr(), flags) } != 0 {
        return Err(errno::raise_last(t, None));
    }
    let ends = ends.iter().map(|&fd| int::from_i64(t, fd as i64)).collect();
    Ok(tuple::from_vec(t, ends))
}

fn fd_flags<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<i32, Raise> {
    let fd = t.index_i64(obj)? as i32;
    // SAFETY: asks about a number.
    let flags = unsafe { libc::fcntl(fd, libc::F_GETFD) };
    if flags < 0 { Err(errno::raise_last(t, None)) } else { Ok(flags) }
}

fn set_inheritable<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let flags = fd_flags(t, &args[0])?;
    let fd = t.index_i64(&args[0])? as i32;
    let keep = t.truth(&args[1])?;
    let flags = if keep { flags & !libc::FD_CLOEXEC } else { flags | libc::FD_CLOEXEC };
    // SAFETY: numbers only.
    check(t, |_| unsafe { libc::fcntl(fd, libc::F_SETFD, flags) })
}

fn set_blocking<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let fd = t.index_i64(&args[0])? as i32;
    let blocking = t.truth(&args[1])?;
    // SAFETY: numbers only.
    let flags = unsafe { libc::fcntl(fd, libc::F_GETFL) };
    if flags < 0 {
        return Err(errno::raise_last(t, None));
    }
    let flags = if blocking { flags & !libc::O_NONBLOCK } else { flags | libc::O_NONBLOCK };
    // SAFETY: numbers only.
    check(t, |_| unsafe { libc::fcntl(fd, libc::F_SETFL, flags) })
}

/// Names of a `terminal_size`.
pub const TERMINAL_SIZE: structseq::Fields = structseq::Fields { shown: &["columns", "lines"], hidden: &[] };

fn get_terminal_size<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let fd = match args.get(0) {
        Some(fd) => t.index_i64(fd)? as i32,
        None => 1,
    };
    // SAFETY: one winsize is written.
    let (result, size) = unsafe {
        let mut size: libc::winsize = std::mem::zeroed();
        (libc::ioctl(fd, libc::TIOCGWINSZ, &raw mut size), size)
    };
    if result != 0 {
        return Err(errno::raise_last(t, None));
    }
    let values = [size.ws_col, size.ws_row].iter().map(|&n| int::from_i64(t, n as i64)).collect();
    structseq::make(t, "os.terminal_size", &TERMINAL_SIZE, values, vec![])
}

fn ttyname<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let fd = t.index_i64(&args[0])? as i32;
    let mut name = vec![0u8; 256];
    // SAFETY: the buffer has the length that is passed.
    let code = unsafe { libc::ttyname_r(fd, name.as_mut_ptr().cast(), name.len()) };
    if code != 0 {
        return Err(errno::raise(t, code, None));
    }
    let end = name.iter().position(|&b| b == 0).unwrap_or(0);
    Ok(super::path::decode(t, &name[..end]))
}

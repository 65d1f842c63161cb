//! Files and folders: the functions of `posix` that take paths.

use std::ffi::CStr;

use crate::args::{Args, NativeFn};
use crate::context::Thread;
use crate::memory::Memory;
use crate::modules::errno;
use crate::modules::posix::library;
use crate::modules::posix::path::{self, Target, c_path, decode, dir_fd, like};
use crate::modules::posix::stat::{self, mode_of};
use crate::object::{Obj, R, Raise};
use crate::types::{bytes, int, list, tuple};

/// The functions of this file.
pub fn functions<M: Memory>() -> Vec<(&'static str, NativeFn<M>)> {
    vec![
        ("stat(path, *, dir_fd=None, follow_symlinks=True)", stat::stat),
        ("lstat(path, *, dir_fd=None)", stat::lstat),
        ("fstat(fd)", stat::fstat),
        ("getcwd()", |t, _| getcwd(t).map(|d| decode(t, &d))),
        ("getcwdb()", |t, _| getcwd(t).map(|d| bytes::from_slice(t, &d))),
        // SAFETY: the path is a C string.
        ("chdir(path)", |t, a| one(t, a, "chdir", |p| unsafe { libc::chdir(p.as_ptr()) })),
        // SAFETY: a number only.
        ("fchdir(fd)", |t, a| by_fd(t, a, |fd| unsafe { libc::fchdir(fd) })),
        ("mkdir(path, mode=511, *, dir_fd=None)", mkdir),
        ("rmdir(path, *, dir_fd=None)", |t, a| unlink_with(t, a, "rmdir", libc::AT_REMOVEDIR)),
        ("unlink(path, *, dir_fd=None)", |t, a| unlink_with(t, a, "unlink", 0)),
        ("remove(path, *, dir_fd=None)", |t, a| unlink_with(t, a, "remove", 0)),
        ("rename(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", |t, a| rename(t, a, "rename")),
        ("replace(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", |t, a| rename(t, a, "replace")),
        ("link(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)", link),
        ("symlink(src, dst, target_is_directory=False, *, dir_fd=None)", symlink),
        ("readlink(path, *, dir_fd=None)", readlink),
        ("chmod(path, mode, *, dir_fd=None, follow_symlinks=True)", chmod),
        ("chown(path, uid, gid, *, dir_fd=None, follow_symlinks=True)", chown),
        ("access(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)", access),
        ("truncate(path, length)", truncate),
        ("utime(path, times=None, *, ns=None, dir_fd=None, follow_symlinks=True)", utime),
        ("mkfifo(path, mode=438, *, dir_fd=None)", mkfifo),
        ("listdir(path=None)", listdir),
        ("umask(mask, /)", umask),
        ("sync()", |t, _| {
            // SAFETY: asks the system to write its caches.
            t.blocking(|| unsafe { libc::sync() });
            Ok(Obj::NONE)
        }),
        ("fspath(path)", |t, a| path::fspath(t, &a[0])),
        ("_path_exists(path)", |t, a| Ok(Obj::bool(mode_of(t, &a[0], true)?.is_some()))),
        ("_path_lexists(path)", |t, a| Ok(Obj::bool(mode_of(t, &a[0], false)?.is_some()))),
        ("_path_isdir(s)", |t, a| is_kind(t, a, libc::S_IFDIR)),
        ("_path_isfile(path)", |t, a| is_kind(t, a, libc::S_IFREG)),
        ("_path_normpath(path)", normpath),
        ("_path_splitroot_ex(path)", splitroot),
    ]
}

fn fail<M: Memory>(t: &mut Thread<M>, path: Option<&Obj<M>>) -> Raise {
    errno::raise_last(t, path)
}

fn one<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, name: &str, f: impl FnOnce(&CStr) -> i32) -> R<M> {
    let path = c_path(t, &args[0], name)?;
    if t.blocking(|| f(&path)) == 0 { Ok(Obj::NONE) } else { Err(fail(t, Some(&args[0]))) }
}

fn by_fd<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, f: impl FnOnce(i32) -> i32) -> R<M> {
    let fd = t.index_i64(&args[0])? as i32;
    if t.blocking(|| f(fd)) == 0 { Ok(Obj::NONE) } else { Err(fail(t, None)) }
}

fn getcwd<M: Memory>(t: &mut Thread<M>) -> Result<Vec<u8>, Raise> {
    use std::os::unix::ffi::OsStringExt;
    match std::env::current_dir() {
        Ok(path) => Ok(path.into_os_string().into_vec()),
        Err(error) => Err(t.raise_io(&error, None)),
    }
}

fn mode_arg<M: Memory>(t: &mut Thread<M>, arg: Option<&Obj<M>>, default: u32) -> Result<u32, Raise> {
    match arg {
        Some(mode) => Ok(t.index_i64(mode)? as u32),
        None => Ok(default),
    }
}

fn mkdir<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mode = mode_arg(t, args.get(1), 0o777)?;
    let dir = dir_fd(t, args.some(2))?;
    // SAFETY: the path is a C string.
    one(t, args, "mkdir", |p| unsafe { libc::mkdirat(dir, p.as_ptr(), mode) })
}

fn mkfifo<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mode = mode_arg(t, args.get(1), 0o666)?;
    let dir = dir_fd(t, args.some(2))?;
    // SAFETY: the path is a C string.
    one(t, args, "mkfifo", |p| unsafe { libc::mkfifoat(dir, p.as_ptr(), mode) })
}

fn unlink_with<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, name: &str, flags: i32) -> R<M> {
    let dir = dir_fd(t, args.some(1))?;
    // SAFETY: the path is a C string.
    one(t, args, name, |p| unsafe { libc::unlinkat(dir, p.as_ptr(), flags) })
}

fn pair_error<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> Raise {
    let code = std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO);
    t.raise_os_error2(code, Some(&args[0]), Some(&args[1]))
}

fn rename<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, name: &str) -> R<M> {
    let (from, to) = (c_path(t, &args[0], name)?, c_path(t, &args[1], name)?);
    let (a, b) = (dir_fd(t, args.some(2))?, dir_fd(t, args.some(3))?);
    // SAFETY: both paths are C strings.
    let done = t.blocking(|| unsafe { libc::renameat(a, from.as_ptr(), b, to.as_ptr()) });
    if done == 0 { Ok(Obj::NONE) } else { Err(pair_error(t, args)) }
}

fn link<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (from, to) = (c_path(t, &args[0], "link")?, c_path(t, &args[1], "link")?);
    let (a, b) = (dir_fd(t, args.some(2))?, dir_fd(t, args.some(3))?);
    // SAFETY: both paths are C strings.
    let done = t.blocking(|| unsafe { libc::linkat(a, from.as_ptr(), b, to.as_ptr(), 0) });
    if done == 0 { Ok(Obj::NONE) } else { Err(pair_error(t, args)) }
}

fn symlink<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (from, to) = (c_path(t, &args[0], "symlink")?, c_path(t, &args[1], "symlink")?);
    let dir = dir_fd(t, args.some(3))?;
    // SAFETY: both paths are C strings.
    let done = t.blocking(|| unsafe { libc::symlinkat(from.as_ptr(), dir, to.as_ptr()) });
    if done == 0 { Ok(Obj::NONE) } else { Err(pair_error(t, args)) }
}

fn readlink<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let path = c_path(t, &args[0], "readlink")?;
    let dir = dir_fd(t, args.some(1))?;
    let mut buffer = vec![0u8; libc::PATH_MAX as usize];
    // SAFETY: the buffer has the length that is passed.
    let n = t.blocking(|| unsafe { libc::readlinkat(dir, path.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len()) });
    if n < 0 {
        return Err(fail(t, Some(&args[0])));
    }
    Ok(like(t, Some(&args[0]), &buffer[..n as usize]))
}

fn chmod<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mode = t.index_i64(&args[1])? as u32;
    let dir = dir_fd(t, args.some(2))?;
    match path::target(t, &args[0], "chmod")? {
        // SAFETY: numbers only.
        Target::Fd(fd) => match t.blocking(|| unsafe { libc::fchmod(fd, mode) }) {
            0 => Ok(Obj::NONE),
            _ => Err(fail(t, None)),
        },
        // SAFETY: the path is a C string.
        Target::Path(path) => match t.blocking(|| unsafe { libc::fchmodat(dir, path.as_ptr(), mode, 0) }) {
            0 => Ok(Obj::NONE),
            _ => Err(fail(t, Some(&args[0]))),
        },
    }
}

fn chown<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (uid, gid) = (t.index_i64(&args[1])? as u32, t.index_i64(&args[2])? as u32);
    let dir = dir_fd(t, args.some(3))?;
    // SAFETY: the path is a C string.
    one(t, args, "chown", |p| unsafe { libc::fchownat(dir, p.as_ptr(), uid, gid, 0) })
}

fn access<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let path = c_path(t, &args[0], "access")?;
    let mode = t.index_i64(&args[1])? as i32;
    let dir = dir_fd(t, args.some(2))?;
    if library::place(path.to_bytes()).is_some() {
        return Ok(Obj::bool(mode & libc::W_OK == 0));
    }
    // SAFETY: the path is a C string.
    Ok(Obj::bool(t.blocking(|| unsafe { libc::faccessat(dir, path.as_ptr(), mode, 0) }) == 0))
}

fn truncate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let size = t.index_i64(&args[1])?;
    // SAFETY: the path is a C string.
    one(t, args, "truncate", |p| unsafe { libc::truncate(p.as_ptr(), size) })
}

fn utime<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let now = libc::timespec { tv_sec: 0, tv_nsec: libc::UTIME_NOW };
    let mut times = [now, now];
    if let Some(ns) = args.some(2) {
        for (slot, value) in times.iter_mut().zip(t.collect(ns)?) {
            let ns = t.index_i64(&value)?;
            *slot = libc::timespec { tv_sec: ns.div_euclid(1_000_000_000), tv_nsec: ns.rem_euclid(1_000_000_000) };
        }
    } else if let Some(seconds) = args.some(1) {
        for (slot, value) in times.iter_mut().zip(t.collect(seconds)?) {
            let s = t.float_arg(&value)?;
            *slot = libc::timespec { tv_sec: s.floor() as i64, tv_nsec: ((s - s.floor()) * 1e9) as i64 };
        }
    }
    let dir = dir_fd(t, args.some(3))?;
    let follow = match args.get(4) {
        Some(flag) => t.truth(flag)?,
        None => true,
    };
    let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    match path::target(t, &args[0], "utime")? {
        // SAFETY: two timespecs are read.
        Target::Fd(fd) => match unsafe { libc::futimens(fd, times.as_ptr()) } {
            0 => Ok(Obj::NONE),
            _ => Err(fail(t, None)),
        },
        Target::Path(path) => {
            // SAFETY: the path is a C string, and two timespecs are read.
            match t.blocking(|| unsafe { libc::utimensat(dir, path.as_ptr(), times.as_ptr(), flags) }) {
                0 => Ok(Obj::NONE),
                _ => Err(fail(t, Some(&args[0]))),
            }
        }
    }
}

fn umask<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mask = t.index_i64(&args[0])? as u32;
    // SAFETY: sets a number of this process.
    let old = unsafe { libc::umask(mask) };
    Ok(int::from_i64(t, old as i64))
}

/// Names in a folder, without `.` and `..`, and the kind that the folder says they have.
pub fn read_folder<M: Memory>(t: &mut Thread<M>, folder: &CStr, shown: &Obj<M>) -> Result<Vec<(Vec<u8>, u8)>, Raise> {
    if let Some(names) = library::list(folder.to_bytes()) {
        let kind = |folder: bool| if folder { libc::DT_DIR } else { libc::DT_REG };
        return Ok(names.into_iter().map(|(name, folder)| (name.into_bytes(), kind(folder))).collect());
    }
    let result = t.blocking(|| {
        let mut names = Vec::new();
        // SAFETY: the stream is opened, read and closed here; each entry is read before the next call.
        unsafe {
            let stream = libc::opendir(folder.as_ptr());
            if stream.is_null() {
                return Err(std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO));
            }
            loop {
                let entry = libc::readdir(stream);
                if entry.is_null() {
                    break;
                }
                let name = CStr::from_ptr((*entry).d_name.as_ptr()).to_bytes();
                if name != b"." && name != b".." {
                    names.push((name.to_vec(), (*entry).d_type));
                }
            }
            libc::closedir(stream);
        }
        Ok(names)
    });
    result.map_err(|code| errno::raise(t, code, Some(shown)))
}

fn listdir<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let here = t.str(".");
    let given = args.some(0);
    let target = given.unwrap_or(&here);
    let folder = c_path(t, target, "listdir")?;
    let names = read_folder(t, &folder, target)?;
    let items = names.iter().map(|(name, _)| like(t, given, name)).collect();
    Ok(list::from_vec(t, items))
}

fn is_kind<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, kind: u32) -> R<M> {
    Ok(Obj::bool(mode_of(t, &args[0], true)?.is_some_and(|mode| mode & libc::S_IFMT == kind)))
}

/// `posixpath.normpath`
fn normpath<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let given = path::fspath(t, &args[0])?;
    let data = path::encode(&given);
    let slashes = match data.iter().take_while(|&&b| b == b'/').count() {
        2 => 2,
        n => n.min(1),
    };
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in data.split(|&b| b == b'/') {
        match part {
            b"" | b"." => {}
            b".." if slashes > 0 && parts.is_empty() => {}
            b".." if parts.last().is_some_and(|p| *p != b"..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let mut out = vec![b'/'; slashes];
    out.extend(parts.join(&b'/'));
    if out.is_empty() {
        out.push(b'.');
    }
    Ok(like(t, Some(&given), &out))
}

/// `posixpath.splitroot`: drive (always empty), root, rest.
fn splitroot<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let given = path::fspath(t, &args[0])?;
    let data = path::encode(&given);
    let root = match data.iter().take_while(|&&b| b == b'/').count() {
        2 => 2,
        n => n.min(1),
    };
    let parts = [&data[..0], &data[..root], &data[root..]].map(|p| like(t, Some(&given), p));
    Ok(tuple::from_vec(t, parts.into()))
}

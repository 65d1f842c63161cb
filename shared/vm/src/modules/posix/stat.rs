//! `os.stat` and its relatives, `os.stat_result`.

use std::ffi::CStr;

use crate::args::Args;
use crate::context::Thread;
use crate::memory::Memory;
use crate::modules::posix::library::{self, Place};
use crate::modules::posix::path::{self, Target};
use crate::modules::{errno, structseq};
use crate::object::{Obj, R, Raise};
use crate::types::{float, int};

/// Names of a `stat_result`.
pub const STAT_RESULT: structseq::Fields = structseq::Fields {
    shown: &["st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size", "", "", ""],
    hidden: &[
        "st_atime",
        "st_mtime",
        "st_ctime",
        "st_atime_ns",
        "st_mtime_ns",
        "st_ctime_ns",
        "st_blksize",
        "st_blocks",
        "st_rdev",
    ],
};

/// What the operating system says of a file.
pub fn to_result<M: Memory>(t: &mut Thread<M>, st: &libc::stat) -> R<M> {
    let whole = [
        st.st_mode as i64,
        st.st_ino as i64,
        st.st_dev as i64,
        st.st_nlink as i64,
        st.st_uid as i64,
        st.st_gid as i64,
        st.st_size,
        st.st_atime,
        st.st_mtime,
        st.st_ctime,
    ];
    let values = whole.iter().map(|&n| int::from_i64(t, n)).collect();
    let times = [(st.st_atime, st.st_atime_nsec), (st.st_mtime, st.st_mtime_nsec), (st.st_ctime, st.st_ctime_nsec)];
    let mut hidden: Vec<Obj<M>> = times.iter().map(|&(s, ns)| float::new(t, s as f64 + ns as f64 * 1e-9)).collect();
    hidden.extend(times.iter().map(|&(s, ns)| int::from_i64(t, s * 1_000_000_000 + ns)));
    hidden.extend([st.st_blksize, st.st_blocks, st.st_rdev as i64].iter().map(|&n| int::from_i64(t, n)));
    structseq::make(t, "os.stat_result", &STAT_RESULT, values, hidden)
}

/// A zeroed `stat`.
fn zeroed() -> libc::stat {
    // SAFETY: a stat is numbers.
    unsafe { std::mem::zeroed() }
}

fn of_library(place: &Place) -> libc::stat {
    let mut st = zeroed();
    st.st_nlink = 1;
    (st.st_mode, st.st_size) = match place {
        Place::File(size) => (libc::S_IFREG | 0o444, *size as i64),
        Place::Folder => (libc::S_IFDIR | 0o555, 0),
    };
    st
}

/// `fstatat`, which also knows the packed library.
pub fn stat_path<M: Memory>(t: &mut Thread<M>, path: &CStr, dir: i32, follow: bool) -> Result<libc::stat, i32> {
    if let Some(place) = library::place(path.to_bytes()) {
        return Ok(of_library(&place));
    }
    let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    t.blocking(|| {
        let mut st = zeroed();
        // SAFETY: the path is a C string; one stat is written.
        if unsafe { libc::fstatat(dir, path.as_ptr(), &raw mut st, flags) } == 0 {
            Ok(st)
        } else {
            Err(std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO))
        }
    })
}

fn stat_any<M: Memory>(
    t: &mut Thread<M>,
    obj: &Obj<M>,
    dir: i32,
    follow: bool,
    name: &str,
) -> Result<libc::stat, Raise> {
    match path::target(t, obj, name)? {
        Target::Path(path) => stat_path(t, &path, dir, follow).map_err(|code| errno::raise(t, code, Some(obj))),
        Target::Fd(fd) => {
            let mut st = zeroed();
            // SAFETY: one stat is written.
            if unsafe { libc::fstat(fd, &raw mut st) } == 0 { Ok(st) } else { Err(errno::raise_last(t, None)) }
        }
    }
}

/// `stat(path, *, dir_fd, follow_symlinks)`
pub fn stat<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let dir = path::dir_fd(t, args.some(1))?;
    let follow = match args.get(2) {
        Some(flag) => t.truth(flag)?,
        None => true,
    };
    let st = stat_any(t, &args[0], dir, follow, "stat")?;
    to_result(t, &st)
}

/// `lstat(path, *, dir_fd)`
pub fn lstat<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let dir = path::dir_fd(t, args.some(1))?;
    let st = stat_any(t, &args[0], dir, false, "lstat")?;
    to_result(t, &st)
}

/// `fstat(fd)`
pub fn fstat<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let fd = t.index_i64(&args[0])?;
    let fd = int::from_i64(t, fd);
    let st = stat_any(t, &fd, libc::AT_FDCWD, true, "fstat")?;
    to_result(t, &st)
}

/// The mode bits of a path, or nothing: for `isdir` and its like, which never raise for a missing file.
pub fn mode_of<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, follow: bool) -> Result<Option<u32>, Raise> {
    match stat_any(t, obj, libc::AT_FDCWD, follow, "stat") {
        Ok(st) => Ok(Some(st.st_mode)),
        Err(raise) => {
            use crate::exceptions::Kind;
            if t.raised_is(Kind::OSError) || t.raised_is(Kind::ValueError) {
                t.clear_raised();
                return Ok(None);
            }
            Err(raise)
        }
    }
}

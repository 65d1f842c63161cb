//! `posix`: what `os` rests on.

pub mod dir;
pub mod fd;
pub mod fs;
pub mod library;
pub mod path;
pub mod process;
pub mod stat;

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::{Maker, structseq};
use crate::object::R;
use crate::types::ids::Builtin;
use crate::types::{dict, int, list};

/// Defines the types of the module.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    dir::define(t);
}

/// `posix`
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let environ = process::environ(t)?;
    let stat_result = structseq::class(t, "os.stat_result", &stat::STAT_RESULT)?;
    let terminal_size = structseq::class(t, "os.terminal_size", &fd::TERMINAL_SIZE)?;
    let times_result = structseq::class(t, "posix.times_result", &process::TIMES_RESULT)?;
    let uname_result = structseq::class(t, "posix.uname_result", &process::UNAME_RESULT)?;
    let error = t.exception_class(Kind::OSError).to_obj();
    let sysconf_names = dict::new(t);
    for &(name, number) in process::SYSCONF {
        let (key, value) = (t.intern(name), int::from_i64(t, number as i64));
        dict::set_fresh(t, &sysconf_names, key, value);
    }
    let have: Vec<_> = HAVE.iter().map(|name| t.str(name)).collect();
    let have = list::from_vec(t, have);
    let constants: Vec<(&str, i64)> = CONSTANTS.iter().map(|&(name, value)| (name, value as i64)).collect();
    let mut m = Maker::new(t, "posix")
        .functions(&fs::functions())
        .functions(&fd::functions())
        .functions(&process::functions())
        .function("scandir(path=None)", dir::scandir)
        .ints(&constants)
        .set("environ", environ)
        .set("stat_result", stat_result)
        .set("terminal_size", terminal_size)
        .set("times_result", times_result)
        .set("uname_result", uname_result)
        .set("sysconf_names", sysconf_names)
        .set("error", error)
        .set("_have_functions", have);
    m = m.class("DirEntry", Builtin::DirEntry);
    m.finish()
}

/// What `os` derives its `supports_…` sets from.
const HAVE: [&str; 17] = [
    "HAVE_FACCESSAT",
    "HAVE_FCHDIR",
    "HAVE_FCHMOD",
    "HAVE_FCHMODAT",
    "HAVE_FCHOWNAT",
    "HAVE_FSTATAT",
    "HAVE_FTRUNCATE",
    "HAVE_FUTIMENS",
    "HAVE_LINKAT",
    "HAVE_LSTAT",
    "HAVE_MKDIRAT",
    "HAVE_MKFIFOAT",
    "HAVE_OPENAT",
    "HAVE_READLINKAT",
    "HAVE_RENAMEAT",
    "HAVE_SYMLINKAT",
    "HAVE_UNLINKAT",
];

const CONSTANTS: &[(&str, i32)] = &[
    ("O_RDONLY", libc::O_RDONLY),
    ("O_WRONLY", libc::O_WRONLY),
    ("O_RDWR", libc::O_RDWR),
    ("O_APPEND", libc::O_APPEND),
    ("O_CREAT", libc::O_CREAT),
    ("O_EXCL", libc::O_EXCL),
    ("O_TRUNC", libc::O_TRUNC),
    ("O_NONBLOCK", libc::O_NONBLOCK),
    ("O_NDELAY", libc::O_NDELAY),
    ("O_SYNC", libc::O_SYNC),
    ("O_DSYNC", libc::O_DSYNC),
    ("O_CLOEXEC", libc::O_CLOEXEC),
    ("O_DIRECTORY", libc::O_DIRECTORY),
    ("O_NOFOLLOW", libc::O_NOFOLLOW),
    ("O_NOCTTY", libc::O_NOCTTY),
    ("O_PATH", libc::O_PATH),
    ("O_TMPFILE", libc::O_TMPFILE),
    ("O_ACCMODE", libc::O_ACCMODE),
    ("F_OK", libc::F_OK),
    ("R_OK", libc::R_OK),
    ("W_OK", libc::W_OK),
    ("X_OK", libc::X_OK),
    ("WNOHANG", libc::WNOHANG),
    ("WUNTRACED", libc::WUNTRACED),
    ("WCONTINUED", libc::WCONTINUED),
    ("P_PID", 1),
    ("P_PGID", 2),
    ("P_ALL", 0),
    ("EX_OK", 0),
    ("EX_USAGE", 64),
    ("EX_DATAERR", 65),
    ("EX_NOINPUT", 66),
    ("EX_UNAVAILABLE", 69),
    ("EX_SOFTWARE", 70),
    ("EX_OSERR", 71),
    ("EX_CANTCREAT", 73),
    ("EX_IOERR", 74),
    ("EX_NOPERM", 77),
    ("EX_CONFIG", 78),
    ("NGROUPS_MAX", 65536),
    ("TMP_MAX", 238_328),
    ("SEEK_DATA", libc::SEEK_DATA),
    ("SEEK_HOLE", libc::SEEK_HOLE),
    ("GRND_NONBLOCK", 1),
    ("GRND_RANDOM", 2),
    ("PRIO_PROCESS", 0),
    ("PRIO_PGRP", 1),
    ("PRIO_USER", 2),
];

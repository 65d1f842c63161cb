//! `FileIO`: an open file without a buffer.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::errno;
use crate::modules::io::base::{self, unsupported};
use crate::modules::io::file::{Access, BUFFER_SIZE, File};
use crate::object::{Held, Layout, Obj, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::str::to_text;
use crate::types::{TypeObj, bytes, int};
use crate::value::Word;

/// Payload of `FileIO`. Read-only; the file guards itself.
pub struct FileIO<M: Memory> {
    /// The file.
    pub file: Arc<File>,
    /// `name`: a path or a descriptor.
    pub name: Held<M>,
}

// SAFETY: the layout `FileIo` is this struct's alone; its one reference is visited.
unsafe impl<M: Memory> Payload<M> for FileIO<M> {
    const SHAPE: u32 = ids::FILE_IO;
    const LAYOUT: Layout = Layout::FileIo;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.name.word());
    }
}

/// A raw file object over an open descriptor.
pub fn wrap<M: Memory>(ctx: &Context<M>, file: Arc<File>, name: Obj<M>) -> Obj<M> {
    ctx.alloc(FileIO { file, name: Held::fresh(name) })
}

/// The file of a raw file object.
pub fn file_of<M: Memory>(obj: &Obj<M>) -> Option<Arc<File>> {
    obj.cast::<FileIO<M>>().map(|f| f.body.file.clone())
}

fn this<M: Memory>(args: Args<'_, M>) -> Arc<File> {
    file_of(&args[0]).expect("methods of FileIO get one")
}

/// Reads a mode such as `rb+`. Text and binary letters are the caller's business.
pub fn parse_mode<M: Memory>(t: &mut Thread<M>, mode: &str) -> Result<Access, Raise> {
    let mut access = Access::default();
    let mut kinds = 0;
    let mut plus = false;
    for c in mode.chars() {
        match c {
            'r' => (access.read, kinds) = (true, kinds + 1),
            'w' => (access.write, access.truncate, kinds) = (true, true, kinds + 1),
            'a' => (access.write, access.append, kinds) = (true, true, kinds + 1),
            'x' => (access.write, access.create, kinds) = (true, true, kinds + 1),
            '+' if !plus => plus = true,
            'b' => {}
            _ => return Err(t.raise(Kind::ValueError, format!("invalid mode: {mode}"))),
        }
    }
    if kinds != 1 {
        let message = "Must have exactly one of create/read/write/append mode and at most one plus";
        return Err(t.raise(Kind::ValueError, message));
    }
    if plus {
        (access.read, access.write) = (true, true);
    }
    Ok(access)
}

fn open_flags(access: Access) -> i32 {
    let base = match (access.read, access.write) {
        (true, true) => libc::O_RDWR,
        (false, true) => libc::O_WRONLY,
        _ => libc::O_RDONLY,
    };
    let mut flags = base | libc::O_CLOEXEC;
    if access.append {
        flags |= libc::O_APPEND | libc::O_CREAT;
    }
    if access.create {
        flags |= libc::O_EXCL | libc::O_CREAT;
    }
    if access.truncate {
        flags |= libc::O_TRUNC | libc::O_CREAT;
    }
    flags
}

/// Opens a path (or takes a descriptor) as an unbuffered file.
pub fn open<M: Memory>(
    t: &mut Thread<M>,
    target: &Obj<M>,
    access: Access,
    closefd: bool,
    opener: Option<&Obj<M>>,
    limit: usize,
) -> Result<Arc<File>, Raise> {
    if let Some(fd) = int::to_i64(target) {
        if fd < 0 {
            return Err(t.raise(Kind::ValueError, "negative file descriptor"));
        }
        let fd = fd as i32;
        let mut stat = std::mem::MaybeUninit::<libc::stat>::uninit();
        // SAFETY: fstat writes one stat.
        if unsafe { libc::fstat(fd, stat.as_mut_ptr()) } != 0 {
            return Err(errno::raise_last(t, Some(target)));
        }
        return Ok(Arc::new(File::new(fd, closefd, access, limit)));
    }
    if !closefd {
        return Err(t.raise(Kind::ValueError, "Cannot use closefd=False with file name"));
    }
    let flags = open_flags(access);
    let path = crate::modules::posix::path::path_bytes(t, target, "open")?;
    let fd = match opener {
        Some(opener) => {
            let flags = int::from_i64(t, flags as i64);
            let fd = t.call(opener, &[target.clone(), flags])?;
            match int::to_i64(&fd) {
                Some(fd) if fd >= 0 => fd as i32,
                Some(fd) => return Err(t.raise(Kind::ValueError, format!("opener returned {fd}"))),
                None => return Err(t.raise(Kind::TypeError, "expected integer from opener")),
            }
        }
        None => match crate::modules::posix::library::open(&path) {
            Some(fd) if !access.write => fd,
            _ => open_path(t, &path, flags, target)?,
        },
    };
    let file = Arc::new(File::new(fd, true, access, limit));
    let mut stat = std::mem::MaybeUninit::<libc::stat>::uninit();
    // SAFETY: fstat writes one stat, which is read only when it succeeded.
    let is_folder = unsafe {
        libc::fstat(fd, stat.as_mut_ptr()) == 0 && stat.assume_init().st_mode & libc::S_IFMT == libc::S_IFDIR
    };
    if is_folder {
        return Err(errno::raise(t, libc::EISDIR, Some(target)));
    }
    if access.append {
        // SAFETY: acts on a number; a pipe has no position, and that is all right.
        unsafe { libc::lseek(fd, 0, libc::SEEK_END) };
    }
    Ok(file)
}

fn open_path<M: Memory>(t: &mut Thread<M>, path: &[u8], flags: i32, target: &Obj<M>) -> Result<i32, Raise> {
    let Ok(c_path) = std::ffi::CString::new(path) else {
        return Err(t.raise(Kind::ValueError, "embedded null byte"));
    };
    loop {
        let (fd, code) = t.blocking(|| {
            // SAFETY: the path is a C string.
            let fd = unsafe { libc::open(c_path.as_ptr(), flags, 0o666) };
            (fd, std::io::Error::last_os_error().raw_os_error().unwrap_or(0))
        });
        match code {
            _ if fd >= 0 => return Ok(fd),
            libc::EINTR => t.poll()?,
            code => return Err(errno::raise(t, code, Some(target))),
        }
    }
}

fn new<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    fn make<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
        let mode = args.get(2).map_or("r".into(), |m| to_text(m).into_owned());
        let access = parse_mode(t, &mode)?;
        let closefd = match args.get(3) {
            Some(flag) => t.truth(flag)?,
            None => true,
        };
        let file = open(t, &args[1], access, closefd, args.some(4), BUFFER_SIZE)?;
        let class = crate::types::class::as_class(&args[0]);
        Ok(t.alloc_of(class, FileIO { file, name: Held::fresh(args[1].clone()) }))
    }
    super::bind(t, "FileIO(cls, file, mode='r', closefd=True, opener=None)", class, call, make)
}

fn read<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let file = this(args);
    check_readable(t, &file, "File not open for reading")?;
    let size = match args.some(1) {
        Some(size) => t.index_i64(size)?,
        None => -1,
    };
    if size < 0 {
        return readall(t, args);
    }
    let mut data = vec![0; size as usize];
    match file.read_once(t, &mut data)? {
        Some(n) => Ok(bytes::from_slice(t, &data[..n])),
        None => Ok(Obj::NONE),
    }
}

fn readall<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let file = this(args);
    check_readable(t, &file, "File not open for reading")?;
    let mut all = Vec::new();
    let mut part = vec![0; BUFFER_SIZE];
    loop {
        match file.read_once(t, &mut part)? {
            None if all.is_empty() => return Ok(Obj::NONE),
            None | Some(0) => return Ok(bytes::from_slice(t, &all)),
            Some(n) => all.extend_from_slice(&part[..n]),
        }
    }
}

fn readinto<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let file = this(args);
    check_readable(t, &file, "File not open for reading")?;
    let mut data = vec![0; t.len(&args[1])?];
    match file.read_once(t, &mut data)? {
        Some(n) => {
            super::copy_into(t, &args[1], &data[..n])?;
            Ok(int::from_i64(t, n as i64))
        }
        None => Ok(Obj::NONE),
    }
}

fn write<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let file = this(args);
    check_writable(t, &file, "File not open for writing")?;
    let data = super::bytes_like(t, &args[1])?;
    loop {
        let (n, code) = file.write_once(t, &data);
        match code {
            _ if n >= 0 => return Ok(int::from_i64(t, n as i64)),
            libc::EINTR => t.poll()?,
            libc::EAGAIN => return Ok(Obj::NONE),
            code => return Err(errno::raise(t, code, None)),
        }
    }
}

/// `UnsupportedOperation` unless the file was opened for reading.
pub fn check_readable<M: Memory>(t: &mut Thread<M>, file: &File, message: &str) -> Result<(), Raise> {
    file.check_open(t)?;
    if file.access.read { Ok(()) } else { Err(unsupported(t, message)) }
}

/// `UnsupportedOperation` unless the file was opened for writing.
pub fn check_writable<M: Memory>(t: &mut Thread<M>, file: &File, message: &str) -> Result<(), Raise> {
    file.check_open(t)?;
    if file.access.write { Ok(()) } else { Err(unsupported(t, message)) }
}

/// Offset and origin of a seek.
pub fn seek_args<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> Result<(i64, i32), Raise> {
    let offset = t.index_i64(&args[1])?;
    let whence = match args.get(2) {
        Some(whence) => t.index_i64(whence)?,
        None => 0,
    };
    Ok((offset, whence as i32))
}

fn seek<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (offset, whence) = seek_args(t, args)?;
    let at = this(args).raw_seek(t, offset, whence)?;
    Ok(int::from_i64(t, at))
}

fn tell<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let at = this(args).raw_seek(t, 0, libc::SEEK_CUR)?;
    Ok(int::from_i64(t, at))
}

fn truncate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let file = this(args);
    check_writable(t, &file, "File not open for writing")?;
    let size = match args.some(1) {
        Some(size) => t.index_i64(size)?,
        None => file.raw_seek(t, 0, libc::SEEK_CUR)?,
    };
    let size = file.truncate(t, Some(size))?;
    Ok(int::from_i64(t, size))
}

/// `fileno()`
pub fn fileno<M: Memory>(t: &mut Thread<M>, file: &File) -> R<M> {
    file.check_open(t)?;
    Ok(int::from_i64(t, file.fd() as i64))
}

/// The mode as `FileIO.mode` shows it.
pub fn mode_text(access: Access) -> &'static str {
    match access {
        Access { create: true, read: true, .. } => "xb+",
        Access { create: true, .. } => "xb",
        Access { append: true, read: true, .. } => "ab+",
        Access { append: true, .. } => "ab",
        Access { read: true, write: true, .. } => "rb+",
        Access { read: true, .. } => "rb",
        _ => "wb",
    }
}

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let (file, name) = match obj.cast::<FileIO<M>>() {
        Some(f) => (f.body.file.clone(), (*f.body.name).clone()),
        None => return Ok(t.str("<_io.FileIO>")),
    };
    if file.is_closed() {
        return Ok(t.str("<_io.FileIO [closed]>"));
    }
    let name = t.repr(&name)?;
    let closefd = if file.owns_fd.load(Ordering::Relaxed) { "True" } else { "False" };
    let text = format!("<_io.FileIO name={} mode='{}' closefd={closefd}>", to_text(&name), mode_text(file.access));
    Ok(t.string(text))
}

/// Defines `FileIO`.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    let raw = t.kept("_io._RawIOBase").expect("defined before").own();
    let builder = Builder::new::<FileIO<M>>(t, Builtin::FileIO, "_io.FileIO")
        .module("_io")
        .base(crate::types::class::as_class(&raw))
        .slots(|s| {
            s.new.set(Some(new));
            s.init.set(Some(super::no_init));
            s.repr.set(Some(repr));
        });
    base::common(builder)
        .method("read(self, size=-1, /)", read)
        .method("readall(self, /)", readall)
        .method("readinto(self, buffer, /)", readinto)
        .method("write(self, b, /)", write)
        .method("seek(self, pos, whence=0, /)", seek)
        .method("tell(self, /)", tell)
        .method("truncate(self, size=None, /)", truncate)
        .method("close(self, /)", |t, a| this(a).close(t).map(|()| Obj::NONE))
        .method("flush(self, /)", |t, a| this(a).check_open(t).map(|()| Obj::NONE))
        .method("fileno(self, /)", |t, a| fileno(t, &this(a)))
        .method("isatty(self, /)", |t, a| this(a).check_open(t).map(|()| Obj::bool(this(a).is_terminal())))
        .method("readable(self, /)", |t, a| this(a).check_open(t).map(|()| Obj::bool(this(a).access.read)))
        .method("writable(self, /)", |t, a| this(a).check_open(t).map(|()| Obj::bool(this(a).access.write)))
        .method("seekable(self, /)", |t, a| this(a).check_open(t).map(|()| Obj::bool(this(a).is_seekable())))
        .getter("closed", |_, o| Ok(Obj::bool(file_of(o).is_none_or(|f| f.is_closed()))))
        .getter("closefd", |_, o| Ok(Obj::bool(file_of(o).is_some_and(|f| f.owns_fd.load(Ordering::Relaxed)))))
        .getter("mode", |t, o| Ok(t.str(file_of(o).map_or("rb", |f| mode_text(f.access)))))
        .getter("name", |_, o| Ok(o.cast::<FileIO<M>>().map_or(Obj::NONE, |f| (*f.body.name).clone())))
        .getter("_blksize", |t, _| Ok(int::from_i64(t, BUFFER_SIZE as i64)))
        .finish();
}

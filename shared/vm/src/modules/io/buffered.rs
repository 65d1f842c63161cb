//! `BufferedReader`, `BufferedWriter`, `BufferedRandom`: views of a file through its buffer. Over raw objects written in
//! Python the library's own pure-Python classes do the work.

use std::sync::Arc;

use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::io::base::{self, unsupported};
use crate::modules::io::file::File;
use crate::modules::io::fileio::{self, FileIO, check_readable, check_writable};
use crate::object::{Held, Layout, Obj, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::str::to_text;
use crate::types::{TypeObj, bytes, int};
use crate::value::Word;

/// Payload of the three buffered classes. Read-only; the file guards itself.
pub struct Buffered<M: Memory> {
    /// The file below.
    pub file: Arc<File>,
    /// The raw file object.
    pub raw: Held<M>,
}

// SAFETY: the layout `Buffered` is this struct's alone; its one reference is visited.
unsafe impl<M: Memory> Payload<M> for Buffered<M> {
    const SHAPE: u32 = ids::BUFFERED_READER;
    const LAYOUT: Layout = Layout::Buffered;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.raw.word());
    }
}

/// A buffered object over a raw one, of the class that suits the file.
pub fn wrap<M: Memory>(ctx: &Context<M>, file: Arc<File>, raw: Obj<M>) -> Obj<M> {
    let id = match (file.access.read, file.access.write) {
        (true, true) => Builtin::BufferedRandom,
        (false, true) => Builtin::BufferedWriter,
        _ => Builtin::BufferedReader,
    };
    ctx.alloc_of(ctx.builtin(id), Buffered { file, raw: Held::fresh(raw) })
}

/// The file of a buffered object.
pub fn file_of<M: Memory>(obj: &Obj<M>) -> Option<Arc<File>> {
    obj.cast::<Buffered<M>>().map(|b| b.body.file.clone())
}

fn this<M: Memory>(args: Args<'_, M>) -> Arc<File> {
    file_of(&args[0]).expect("methods of buffered files get one")
}

fn make<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let class = crate::types::class::as_class(&args[0]);
    let Some(raw) = args[1].exact::<FileIO<M>>() else {
        return super::in_python(t, &class.body.short_name, &args.slots[1..]);
    };
    let file = raw.body.file.clone();
    let (read, write) = match &*class.body.short_name {
        "BufferedReader" => (true, false),
        "BufferedWriter" => (false, true),
        _ => (true, true),
    };
    if read {
        check_readable(t, &file, "File or stream is not readable.")?;
    }
    if write {
        check_writable(t, &file, "File or stream is not writable.")?;
    }
    Ok(t.alloc_of(class, Buffered { file, raw: Held::fresh(args[1].clone()) }))
}

fn new<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    super::bind(t, "Buffered(cls, raw, buffer_size=131072)", class, call, make)
}

fn size_arg<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> Result<Option<usize>, Raise> {
    match args.some(1) {
        None => Ok(None),
        Some(size) => match t.index_i64(size)? {
            size if size >= 0 => Ok(Some(size as usize)),
            -1 => Ok(None),
            _ => Err(t.raise(Kind::ValueError, "read length must be non-negative or -1")),
        },
    }
}

fn read<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let file = this(args);
    check_readable(t, &file, "read")?;
    let size = size_arg(t, args)?;
    let data = file.read(t, size)?;
    Ok(bytes::from_slice(t, &data))
}

fn read1<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let file = this(args);
    check_readable(t, &file, "read1")?;
    let size = size_arg(t, args)?.unwrap_or(super::file::BUFFER_SIZE);
    let data = file.read_some(t, size)?;
    Ok(bytes::from_slice(t, &data))
}

fn readline<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let file = this(args);
    check_readable(t, &file, "readline")?;
    let size = size_arg(t, args)?;
    let data = file.read_line(t, size)?;
    Ok(bytes::from_slice(t, &data))
}

fn readinto<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let file = this(args);
    check_readable(t, &file, "readinto")?;
    let room = t.len(&args[1])?;
    let data = file.read(t, Some(room))?;
    super::copy_into(t, &args[1], &data)?;
    Ok(int::from_i64(t, data.len() as i64))
}

fn readinto1<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let file = this(args);
    check_readable(t, &file, "readinto1")?;
    let room = t.len(&args[1])?;
    let data = file.read_some(t, room)?;
    super::copy_into(t, &args[1], &data)?;
    Ok(int::from_i64(t, data.len() as i64))
}

fn peek<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let file = this(args);
    check_readable(t, &file, "peek")?;
    let data = file.peek(t)?;
    Ok(bytes::from_slice(t, &data))
}

fn next<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
    let Some(file) = file_of(obj) else { return Ok(None) };
    check_readable(t, &file, "readline")?;
    let data = file.read_line(t, None)?;
    Ok(if data.is_empty() { None } else { Some(bytes::from_slice(t, &data)) })
}

fn write<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let file = this(args);
    if file.is_closed() {
        return Err(t.raise(Kind::ValueError, "write to closed file"));
    }
    check_writable(t, &file, "write")?;
    let data = super::bytes_like(t, &args[1])?;
    file.write(t, &data)?;
    Ok(int::from_i64(t, data.len() as i64))
}

fn flush<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let file = this(args);
    if file.is_closed() {
        return Err(t.raise(Kind::ValueError, "flush of closed file"));
    }
    file.flush(t)?;
    Ok(Obj::NONE)
}

fn seek<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let file = this(args);
    file.check_open(t)?;
    let (offset, whence) = fileio::seek_args(t, args)?;
    if !file.is_seekable() {
        return Err(unsupported(t, "File or stream is not seekable."));
    }
    let at = file.seek(t, offset, whence)?;
    Ok(int::from_i64(t, at))
}

fn tell<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let at = this(args).tell(t)?;
    Ok(int::from_i64(t, at))
}

fn truncate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let file = this(args);
    check_writable(t, &file, "truncate")?;
    let size = match args.some(1) {
        Some(size) => Some(t.index_i64(size)?),
        None => None,
    };
    let size = file.truncate(t, size)?;
    Ok(int::from_i64(t, size))
}

fn raw_of<M: Memory>(obj: &Obj<M>) -> Obj<M> {
    obj.cast::<Buffered<M>>().map_or(Obj::NONE, |b| (*b.body.raw).clone())
}

fn detach<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    this(args).flush(t)?;
    Ok(raw_of(&args[0]))
}

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let class = t.class_name(obj);
    let raw = raw_of(obj);
    let name = t.getattr_str(&raw, "name")?;
    let name = t.repr(&name)?;
    Ok(t.string(format!("<_io.{class} name={}>", to_text(&name))))
}

/// Defines the three classes.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    let parent = t.kept("_io._BufferedIOBase").expect("defined before").own();
    let kinds = [
        (Builtin::BufferedReader, "BufferedReader"),
        (Builtin::BufferedWriter, "BufferedWriter"),
        (Builtin::BufferedRandom, "BufferedRandom"),
    ];
    for (id, name) in kinds {
        let mut b = Builder::new::<Buffered<M>>(t, id, name).module("_io").base(crate::types::class::as_class(&parent));
        b = base::common(b).slots(|s| {
            s.new.set(Some(new));
            s.init.set(Some(super::no_init));
            s.repr.set(Some(repr));
            s.next.set(Some(next));
        });
        if id != Builtin::BufferedWriter {
            b = b
                .method("read(self, size=-1, /)", read)
                .method("read1(self, size=-1, /)", read1)
                .method("readline(self, size=-1, /)", readline)
                .method("readinto(self, buffer, /)", readinto)
                .method("readinto1(self, buffer, /)", readinto1)
                .method("peek(self, size=0, /)", peek);
        }
        if id != Builtin::BufferedReader {
            b = b.method("write(self, buffer, /)", write);
        }
        b.method("flush(self, /)", flush)
            .method("seek(self, target, whence=0, /)", seek)
            .method("tell(self, /)", tell)
            .method("truncate(self, pos=None, /)", truncate)
            .method("detach(self, /)", detach)
            .method("close(self, /)", |t, a| this(a).close(t).map(|()| Obj::NONE))
            .method("fileno(self, /)", |t, a| fileio::fileno(t, &this(a)))
            .method("isatty(self, /)", |t, a| this(a).check_open(t).map(|()| Obj::bool(this(a).is_terminal())))
            .method("readable(self, /)", |t, a| this(a).check_open(t).map(|()| Obj::bool(this(a).access.read)))
            .method("writable(self, /)", |t, a| this(a).check_open(t).map(|()| Obj::bool(this(a).access.write)))
            .method("seekable(self, /)", |t, a| this(a).check_open(t).map(|()| Obj::bool(this(a).is_seekable())))
            .getter("closed", |_, o| Ok(Obj::bool(file_of(o).is_none_or(|f| f.is_closed()))))
            .getter("raw", |_, o| Ok(raw_of(o)))
            .getter("name", |t, o| t.getattr_str(&raw_of(o), "name"))
            .getter("mode", |t, o| t.getattr_str(&raw_of(o), "mode"))
            .finish();
    }
}

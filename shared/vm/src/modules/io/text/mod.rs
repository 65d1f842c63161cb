//! `TextIOWrapper` over a buffered file, for encodings in which a line feed is one byte (UTF-8, ASCII, Latin-1). Text is
//! decoded as it is asked for, so positions are plain byte offsets. Other encodings and other buffers are served by the
//! library's own pure-Python class.

mod reading;
mod writing;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use crate::locks::Mutex;

use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::io::base;
use crate::modules::io::buffered;
use crate::modules::io::file::File;
use crate::modules::io::fileio::{self, check_writable};
use crate::object::{Held, Layout, Obj, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::str::{to_text, view};
use crate::types::{TypeObj, int, tuple};
use crate::value::Word;
use reading::{line, read, readline};
use writing::write;
pub use writing::write_text;

/// Encodings served here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// UTF-8
    Utf8,
    /// ASCII
    Ascii,
    /// ISO 8859-1
    Latin1,
}

/// What `newline=` says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Newline {
    /// All line ends are read as `\n`.
    Universal,
    /// All line ends are recognised and kept.
    Kept,
    /// Only `\n`.
    Line,
    /// Only `\r`.
    Return,
    /// Only `\r\n`.
    Both,
}

/// How a text file is set up. `reconfigure` replaces it as a whole.
#[derive(Clone)]
pub struct Setup {
    /// The encoding.
    pub encoding: Encoding,
    /// Its name as given.
    pub encoding_name: Arc<str>,
    /// The error handler.
    pub errors: Arc<str>,
    /// Line ends.
    pub newline: Newline,
}

/// Payload of `TextIOWrapper`.
pub struct TextIo<M: Memory> {
    /// The file below.
    pub file: Arc<File>,
    /// The buffered object.
    pub buffer: Held<M>,
    /// Encoding, errors, line ends; never held across anything.
    setup: Mutex<Setup>,
    /// Flush at each line end.
    line_buffering: AtomicBool,
    /// Flush at each write.
    write_through: AtomicBool,
    /// Line ends seen by a universal reader: 1 `\r`, 2 `\n`, 4 `\r\n`.
    seen: AtomicU8,
    /// The mode as given to `open`.
    mode: Mutex<Arc<str>>,
}

// SAFETY: the layout `TextIo` is this struct's alone; its one reference is visited.
unsafe impl<M: Memory> Payload<M> for TextIo<M> {
    const SHAPE: u32 = ids::TEXT_IO;
    const LAYOUT: Layout = Layout::TextIo;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.buffer.word());
    }
}

/// The encoding with this name, if it is one of ours.
pub fn known_encoding(name: &str) -> Option<Encoding> {
    match name.to_ascii_lowercase().replace('_', "-").as_str() {
        "utf-8" | "utf8" | "u8" | "cp65001" => Some(Encoding::Utf8),
        "ascii" | "us-ascii" | "646" => Some(Encoding::Ascii),
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "l1" => Some(Encoding::Latin1),
        _ => None,
    }
}

/// A text file over a buffered one.
pub fn wrap<M: Memory>(ctx: &Context<M>, buffer: Obj<M>, setup: Setup, line_buffering: bool, mode: &str) -> Obj<M> {
    let file = buffered::file_of(&buffer).expect("callers pass a native buffered file");
    ctx.alloc(TextIo {
        file,
        buffer: Held::fresh(buffer),
        setup: Mutex::new(setup),
        line_buffering: AtomicBool::new(line_buffering),
        write_through: AtomicBool::new(false),
        seen: AtomicU8::new(0),
        mode: Mutex::new(mode.into()),
    })
}

/// The payload's parts that outlive a call into Python.
fn parts<M: Memory>(obj: &Obj<M>) -> (Arc<File>, Setup) {
    let text = &obj.cast::<TextIo<M>>().expect("methods of TextIOWrapper get one").body;
    (text.file.clone(), text.setup.lock().clone())
}

fn payload<M: Memory>(obj: &Obj<M>) -> &TextIo<M> {
    &obj.cast::<TextIo<M>>().expect("methods of TextIOWrapper get one").body
}

/// Reads a `newline=` argument.
pub fn newline_arg<M: Memory>(t: &mut Thread<M>, arg: Option<&Obj<M>>) -> Result<Newline, Raise> {
    let Some(arg) = arg else { return Ok(Newline::Universal) };
    if view(arg).is_none() {
        let class = t.class_name(arg);
        return Err(t.raise(Kind::TypeError, format!("open() argument 'newline' must be str or None, not {class}")));
    }
    Ok(match &*to_text(arg) {
        "" => Newline::Kept,
        "\n" => Newline::Line,
        "\r" => Newline::Return,
        "\r\n" => Newline::Both,
        _ => {
            let shown = t.repr(arg)?;
            return Err(t.raise(Kind::ValueError, format!("illegal newline value: {}", to_text(&shown))));
        }
    })
}

fn make<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let class = crate::types::class::as_class(&args[0]);
    let encoding_name: Arc<str> = args.some(2).map_or("utf-8".into(), |e| (*to_text(e)).into());
    let encoding_name = if &*encoding_name == "locale" { "utf-8".into() } else { encoding_name };
    let (Some(encoding), Some(file)) = (known_encoding(&encoding_name), buffered::file_of(&args[1])) else {
        return super::in_python(t, "TextIOWrapper", &args.slots[1..]);
    };
    let errors: Arc<str> = args.some(3).map_or("strict".into(), |e| (*to_text(e)).into());
    let newline = newline_arg(t, args.some(4))?;
    let flag = |t: &mut Thread<M>, i: usize| args.get(i).map_or(Ok(false), |f| t.truth(f));
    let (line_buffering, write_through) = (flag(t, 5)?, flag(t, 6)?);
    let buffer = args[1].clone();
    Ok(t.alloc_of(
        class,
        TextIo {
            file,
            buffer: Held::fresh(buffer),
            setup: Mutex::new(Setup { encoding, encoding_name, errors, newline }),
            line_buffering: AtomicBool::new(line_buffering),
            write_through: AtomicBool::new(write_through),
            seen: AtomicU8::new(0),
            mode: Mutex::new("".into()),
        },
    ))
}

fn new<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let signature = "TextIOWrapper(cls, buffer, encoding=None, errors=None, newline=None, line_buffering=False, \
                     write_through=False)";
    super::bind(t, signature, class, call, make)
}

fn reconfigure<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (file, mut setup) = parts(&args[0]);
    if let Some(encoding) = args.some(1) {
        let name: Arc<str> = (*to_text(encoding)).into();
        let Some(known) = known_encoding(&name) else {
            return Err(t.raise(Kind::LookupError, format!("unknown encoding: {name}")));
        };
        (setup.encoding, setup.encoding_name) = (known, name);
        if args.some(2).is_none() {
            setup.errors = "strict".into();
        }
    }
    if let Some(errors) = args.some(2) {
        setup.errors = (*to_text(errors)).into();
    }
    if args.get(3).is_some() {
        setup.newline = newline_arg(t, args.some(3))?;
    }
    file.flush(t)?;
    let text = payload(&args[0]);
    *text.setup.lock() = setup;
    for (i, flag) in [(4, &text.line_buffering), (5, &text.write_through)] {
        if let Some(value) = args.some(i) {
            flag.store(t.truth(value)?, Ordering::Relaxed);
        }
    }
    Ok(Obj::NONE)
}

fn seek<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (file, _) = parts(&args[0]);
    file.check_open(t)?;
    let (offset, whence) = fileio::seek_args(t, args)?;
    if !file.is_seekable() {
        return Err(base::unsupported(t, "underlying stream is not seekable"));
    }
    match whence {
        0 if offset < 0 => {
            return Err(t.raise(Kind::ValueError, format!("negative seek position {offset}")));
        }
        1 if offset != 0 => return Err(base::unsupported(t, "can't do nonzero cur-relative seeks")),
        2 if offset != 0 => return Err(base::unsupported(t, "can't do nonzero end-relative seeks")),
        0..=2 => {}
        _ => return Err(t.raise(Kind::ValueError, format!("invalid whence ({whence}, should be 0, 1 or 2)"))),
    }
    let at = file.seek(t, offset, whence)?;
    Ok(int::from_i64(t, at))
}

fn tell<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (file, _) = parts(&args[0]);
    file.check_open(t)?;
    if !file.is_seekable() {
        return Err(base::unsupported(t, "underlying stream is not seekable"));
    }
    let at = file.tell(t)?;
    Ok(int::from_i64(t, at))
}

fn truncate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (file, _) = parts(&args[0]);
    check_writable(t, &file, "truncate")?;
    let size = match args.some(1) {
        Some(size) => Some(t.index_i64(size)?),
        None => None,
    };
    let size = file.truncate(t, size)?;
    Ok(int::from_i64(t, size))
}

fn newlines<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let seen = payload(obj).seen.load(Ordering::Relaxed);
    let kinds: Vec<Obj<M>> =
        [(1, "\r"), (2, "\n"), (4, "\r\n")].iter().filter(|k| seen & k.0 != 0).map(|k| t.str(k.1)).collect();
    Ok(match kinds.len() {
        0 => Obj::NONE,
        1 => kinds[0].clone(),
        _ => tuple::from_vec(t, kinds),
    })
}

fn buffer_of<M: Memory>(obj: &Obj<M>) -> Obj<M> {
    (*payload(obj).buffer).clone()
}

fn detach<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    parts(&args[0]).0.flush(t)?;
    Ok(buffer_of(&args[0]))
}

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let name = t.getattr_opt_str(&buffer_of(obj), "name")?;
    let name = match name {
        Some(name) => format!(" name={}", to_text(&t.repr(&name)?)),
        None => String::new(),
    };
    let (_, setup) = parts(obj);
    let mode = payload(obj).mode.lock().clone();
    let mode = if mode.is_empty() { String::new() } else { format!(" mode='{mode}'") };
    Ok(t.string(format!("<_io.TextIOWrapper{name}{mode} encoding='{}'>", setup.encoding_name)))
}

fn flush<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (file, _) = parts(&args[0]);
    file.check_open(t)?;
    file.flush(t)?;
    Ok(Obj::NONE)
}

fn file<M: Memory>(obj: &Obj<M>) -> Arc<File> {
    payload(obj).file.clone()
}

/// From now on each write is flushed (`-u`).
pub fn set_write_through<M: Memory>(obj: &Obj<M>) {
    payload(obj).write_through.store(true, Ordering::Relaxed);
}

/// Is it a native text file?
pub fn file_of<M: Memory>(obj: &Obj<M>) -> Option<Arc<File>> {
    obj.cast::<TextIo<M>>().map(|o| o.body.file.clone())
}

fn set_mode<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    match value {
        Some(value) => {
            *payload(obj).mode.lock() = (*to_text(value)).into();
            Ok(())
        }
        None => Err(t.raise(Kind::AttributeError, "cannot delete attribute")),
    }
}

/// Defines `TextIOWrapper`.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    let parent = t.kept("_io._TextIOBase").expect("defined before").own();
    let b = Builder::new::<TextIo<M>>(t, Builtin::TextIOWrapper, "_io.TextIOWrapper")
        .module("_io")
        .base(crate::types::class::as_class(&parent));
    base::common(b)
        .slots(|s| {
            s.new.set(Some(new));
            s.init.set(Some(super::no_init));
            s.repr.set(Some(repr));
            s.next.set(Some(line));
        })
        .method("write(self, text, /)", write)
        .method("read(self, size=-1, /)", read)
        .method("readline(self, size=-1, /)", readline)
        .method("flush(self, /)", flush)
        .method("seek(self, cookie, whence=0, /)", seek)
        .method("tell(self, /)", tell)
        .method("truncate(self, pos=None, /)", truncate)
        .method("detach(self, /)", detach)
        .method(
            "reconfigure(self, *, encoding=None, errors=None, newline=None, line_buffering=None, write_through=None)",
            reconfigure,
        )
        .method("close(self, /)", |t, a| file(&a[0]).close(t).map(|()| Obj::NONE))
        .method("fileno(self, /)", |t, a| fileio::fileno(t, &file(&a[0])))
        .method("isatty(self, /)", |t, a| file(&a[0]).check_open(t).map(|()| Obj::bool(file(&a[0]).is_terminal())))
        .method("readable(self, /)", |t, a| file(&a[0]).check_open(t).map(|()| Obj::bool(file(&a[0]).access.read)))
        .method("writable(self, /)", |t, a| file(&a[0]).check_open(t).map(|()| Obj::bool(file(&a[0]).access.write)))
        .method("seekable(self, /)", |t, a| file(&a[0]).check_open(t).map(|()| Obj::bool(file(&a[0]).is_seekable())))
        .getter("closed", |_, o| Ok(Obj::bool(file(o).is_closed())))
        .getter("buffer", |_, o| Ok(buffer_of(o)))
        .getter("name", |t, o| t.getattr_str(&buffer_of(o), "name"))
        .getset("mode", |t, o| Ok(t.str(&payload(o).mode.lock().clone())), Some(set_mode))
        .getter("encoding", |t, o| Ok(t.str(&parts(o).1.encoding_name)))
        .getter("errors", |t, o| Ok(t.str(&parts(o).1.errors)))
        .getter("newlines", newlines)
        .getter("line_buffering", |_, o| Ok(Obj::bool(payload(o).line_buffering.load(Ordering::Relaxed))))
        .getter("write_through", |_, o| Ok(Obj::bool(payload(o).write_through.load(Ordering::Relaxed))))
        .finish();
}

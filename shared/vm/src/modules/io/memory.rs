//! `BytesIO` and `StringIO`: files that are only memory.

use crate::args::{Args, Call};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::io::base;
use crate::object::{Layout, Locked, Obj, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::str::{Text, to_text, view};
use crate::types::{TypeObj, bytes, int};
use crate::value::Word;

/// Content and position, in bytes or code points.
struct State<U> {
    data: Vec<U>,
    at: usize,
    closed: bool,
    /// `StringIO` only: write `\n` as this, read all line ends as `\n`.
    write_end: &'static str,
    universal: bool,
}

impl<U: Copy + Default> State<U> {
    fn new() -> Self {
        State { data: Vec::new(), at: 0, closed: false, write_end: "\n", universal: false }
    }

    fn write(&mut self, new: &[U]) {
        if new.is_empty() {
            return;
        }
        if self.at > self.data.len() {
            self.data.resize(self.at, U::default());
        }
        let over = (self.data.len() - self.at).min(new.len());
        self.data[self.at..self.at + over].copy_from_slice(&new[..over]);
        self.data.extend_from_slice(&new[over..]);
        self.at += new.len();
    }

    fn read(&mut self, limit: Option<usize>) -> Vec<U> {
        let start = self.at.min(self.data.len());
        let end = limit.map_or(self.data.len(), |l| start.saturating_add(l).min(self.data.len()));
        self.at = self.at.max(end);
        self.data[start..end].to_vec()
    }

    fn line(&mut self, limit: Option<usize>, is_end: impl Fn(U) -> bool) -> Vec<U> {
        let start = self.at.min(self.data.len());
        let rest = &self.data[start..];
        let end = rest.iter().position(|&u| is_end(u)).map_or(rest.len(), |i| i + 1);
        self.read(Some(limit.map_or(end, |l| l.min(end))))
    }
}

macro_rules! payload {
    ($name:ident, $unit:ty, $shape:ident, $layout:ident) => {
        /// Payload; guarded by the object's section.
        pub struct $name(Locked<State<$unit>>);
        // SAFETY: the layout is this struct's alone; it owns no references.
        unsafe impl<M: Memory> Payload<M> for $name {
            const SHAPE: u32 = ids::$shape;
            const LAYOUT: Layout = Layout::$layout;
            fn visit(&self, _: &mut dyn FnMut(Word)) {}
        }
        impl $name {
            fn with<M: Memory, A>(
                t: &mut Thread<M>,
                obj: &Obj<M>,
                f: impl FnOnce(&mut State<$unit>) -> A,
            ) -> Result<A, Raise> {
                let object = obj.cast::<$name>().expect("methods get an object of their class");
                let done = object.body.0.with(t, &object.head, |s| if s.closed { None } else { Some(f(s)) });
                done.ok_or_else(|| t.raise(Kind::ValueError, "I/O operation on closed file."))
            }
        }
    };
}

payload!(BytesIo, u8, BYTES_IO, BytesIo);
payload!(StringIo, u32, STRING_IO, StringIo);

fn limit_arg<M: Memory>(t: &mut Thread<M>, arg: Option<&Obj<M>>) -> Result<Option<usize>, Raise> {
    match arg {
        Some(limit) => Ok(usize::try_from(t.index_i64(limit)?).ok()),
        None => Ok(None),
    }
}

fn new_position<M: Memory>(t: &mut Thread<M>, offset: i64, whence: i64, at: usize, end: usize) -> Result<usize, Raise> {
    let base = match whence {
        0 if offset < 0 => return Err(t.raise(Kind::ValueError, format!("negative seek value {offset}"))),
        0 => 0,
        1 => at as i64,
        2 => end as i64,
        _ => {
            return Err(t.raise(Kind::ValueError, format!("invalid whence ({whence}, should be 0, 1 or 2)")));
        }
    };
    Ok(base.saturating_add(offset).max(0) as usize)
}

fn whence_arg<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> Result<(i64, i64), Raise> {
    let offset = t.index_i64(&args[1])?;
    let whence = match args.get(2) {
        Some(whence) => t.index_i64(whence)?,
        None => 0,
    };
    Ok((offset, whence))
}

// ---- BytesIO

fn new_bytes<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, _: Call<'_, M>) -> R<M> {
    Ok(t.alloc_of(class, BytesIo(Locked::new(State::new()))))
}

fn init_bytes<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, call: Call<'_, M>) -> Result<(), Raise> {
    fn fill<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
        if let Some(initial) = args.some(1) {
            let data = super::bytes_like(t, initial)?.into_owned();
            BytesIo::with(t, &args[0], |s| (s.data, s.at) = (data, 0))?;
        }
        Ok(Obj::NONE)
    }
    super::bind_self(t, "BytesIO(self, initial_bytes=b'')", obj, call, fill).map(drop)
}

fn bytes_write<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let data = super::bytes_like(t, &args[1])?;
    BytesIo::with(t, &args[0], |s| s.write(&data))?;
    Ok(int::from_i64(t, data.len() as i64))
}

fn bytes_read<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let limit = limit_arg(t, args.some(1))?;
    let data = BytesIo::with(t, &args[0], |s| s.read(limit))?;
    Ok(bytes::from_slice(t, &data))
}

fn bytes_readinto<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let room = t.len(&args[1])?;
    let data = BytesIo::with(t, &args[0], |s| s.read(Some(room)))?;
    super::copy_into(t, &args[1], &data)?;
    Ok(int::from_i64(t, data.len() as i64))
}

fn bytes_line<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let limit = limit_arg(t, args.some(1))?;
    let data = BytesIo::with(t, &args[0], |s| s.line(limit, |b| b == b'\n'))?;
    Ok(bytes::from_slice(t, &data))
}

fn bytes_next<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
    let data = BytesIo::with(t, obj, |s| s.line(None, |b| b == b'\n'))?;
    Ok(if data.is_empty() { None } else { Some(bytes::from_slice(t, &data)) })
}

fn bytes_value<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let data = BytesIo::with(t, &args[0], |s| s.data.clone())?;
    Ok(bytes::from_slice(t, &data))
}

fn bytes_buffer<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let data = bytes_value(t, args)?;
    let class = t.builtin(Builtin::MemoryView).to_obj();
    t.call(&class, &[data])
}

fn bytes_seek<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (offset, whence) = whence_arg(t, args)?;
    let (at, end) = BytesIo::with(t, &args[0], |s| (s.at, s.data.len()))?;
    let to = new_position(t, offset, whence, at, end)?;
    BytesIo::with(t, &args[0], |s| s.at = to)?;
    Ok(int::from_i64(t, to as i64))
}

fn bytes_truncate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let size = limit_arg(t, args.some(1))?;
    let size = BytesIo::with(t, &args[0], |s| {
        let size = size.unwrap_or(s.at);
        s.data.truncate(size);
        size
    })?;
    Ok(int::from_i64(t, size as i64))
}

fn yes<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    base::check_closed(t, &args[0])?;
    Ok(Obj::bool(true))
}

fn define_bytes<M: Memory>(t: &mut Thread<M>) {
    let parent = t.kept("_io._BufferedIOBase").expect("defined before").own();
    let b = Builder::new::<BytesIo>(t, Builtin::BytesIO, "_io.BytesIO")
        .module("_io")
        .base(crate::types::class::as_class(&parent));
    base::common(b)
        .slots(|s| {
            s.new.set(Some(new_bytes));
            s.init.set(Some(init_bytes));
            s.next.set(Some(bytes_next));
        })
        .method("write(self, b, /)", bytes_write)
        .method("read(self, size=-1, /)", bytes_read)
        .method("read1(self, size=-1, /)", bytes_read)
        .method("readinto(self, buffer, /)", bytes_readinto)
        .method("readline(self, size=-1, /)", bytes_line)
        .method("getvalue(self, /)", bytes_value)
        .method("getbuffer(self, /)", bytes_buffer)
        .method("seek(self, pos, whence=0, /)", bytes_seek)
        .method("tell(self, /)", |t, a| BytesIo::with(t, &a[0], |s| s.at).map(|at| int::from_i64(t, at as i64)))
        .method("truncate(self, size=None, /)", bytes_truncate)
        .method("flush(self, /)", |t, a| BytesIo::with(t, &a[0], |_| Obj::NONE))
        .method("close(self, /)", |t, a| {
            let data = BytesIo::with(t, &a[0], |s| {
                s.closed = true;
                std::mem::take(&mut s.data)
            });
            if data.is_err() {
                t.clear_raised();
            }
            Ok(Obj::NONE)
        })
        .method("readable(self, /)", yes)
        .method("writable(self, /)", yes)
        .method("seekable(self, /)", yes)
        .getter("closed", |t, o| {
            let object = o.cast::<BytesIo>().expect("a getter gets an object of its class");
            Ok(Obj::bool(object.body.0.with(t, &object.head, |s| s.closed)))
        })
        .finish();
}

// ---- StringIO

fn points<M: Memory>(text: &Obj<M>) -> Vec<u32> {
    match view(text) {
        Some(Text::Ascii(ascii)) => ascii.iter().map(|&b| b as u32).collect(),
        Some(Text::Wide(wide)) => wide.to_vec(),
        None => Vec::new(),
    }
}

fn to_string<M: Memory>(t: &Thread<M>, data: &[u32]) -> Obj<M> {
    crate::types::str::from_wide(t, data)
}

const LF: u32 = b'\n' as u32;
const CR: u32 = b'\r' as u32;

/// Line ends of what is written, as `newline=` wants them.
fn adjusted(s: &State<u32>, text: Vec<u32>) -> Vec<u32> {
    let mut out = text;
    if s.universal && out.contains(&CR) {
        let mut plain = Vec::with_capacity(out.len());
        for (i, &c) in out.iter().enumerate() {
            match c {
                CR => plain.push(LF),
                LF if i > 0 && out[i - 1] == CR => {}
                _ => plain.push(c),
            }
        }
        out = plain;
    }
    if s.write_end != "\n" {
        out = out
            .into_iter()
            .flat_map(|c| if c == LF { Vec::from_iter(s.write_end.chars().map(u32::from)) } else { vec![c] })
            .collect();
    }
    out
}

fn new_string<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, _: Call<'_, M>) -> R<M> {
    Ok(t.alloc_of(class, StringIo(Locked::new(State::new()))))
}

fn init_string<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, call: Call<'_, M>) -> Result<(), Raise> {
    fn fill<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
        let (universal, end) = match args.get(2) {
            None => (false, "\n"),
            Some(newline) if newline.is_none() => (true, "\n"),
            Some(newline) => match &*to_text(newline) {
                "\r" => (false, "\r"),
                "\r\n" => (false, "\r\n"),
                _ => (false, "\n"),
            },
        };
        let initial = match args.some(1) {
            Some(text) if view(text).is_some() => points(text),
            Some(other) => {
                let class = t.class_name(other);
                let message = format!("initial_value must be str or None, not {class}");
                return Err(t.raise(Kind::TypeError, message));
            }
            None => Vec::new(),
        };
        StringIo::with(t, &args[0], |s| {
            (s.universal, s.write_end) = (universal, end);
            let data = adjusted(s, initial);
            (s.data, s.at) = (data, 0);
        })?;
        Ok(Obj::NONE)
    }
    super::bind_self(t, "StringIO(self, initial_value='', newline='\\n')", obj, call, fill).map(drop)
}

fn string_write<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if view(&args[1]).is_none() {
        let class = t.class_name(&args[1]);
        return Err(t.raise(Kind::TypeError, format!("string argument expected, got '{class}'")));
    }
    let text = points(&args[1]);
    let n = text.len();
    StringIo::with(t, &args[0], |s| {
        let text = adjusted(s, text);
        s.write(&text);
    })?;
    Ok(int::from_i64(t, n as i64))
}

fn string_read<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let limit = limit_arg(t, args.some(1))?;
    let data = StringIo::with(t, &args[0], |s| s.read(limit))?;
    Ok(to_string(t, &data))
}

fn take_line(s: &mut State<u32>, limit: Option<usize>) -> Vec<u32> {
    match s.write_end {
        "\r" => s.line(limit, |c| c == CR),
        _ => s.line(limit, |c| c == LF),
    }
}

fn string_line<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let limit = limit_arg(t, args.some(1))?;
    let data = StringIo::with(t, &args[0], |s| take_line(s, limit))?;
    Ok(to_string(t, &data))
}

fn string_next<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
    let data = StringIo::with(t, obj, |s| take_line(s, None))?;
    Ok(if data.is_empty() { None } else { Some(to_string(t, &data)) })
}

fn string_value<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let data = StringIo::with(t, &args[0], |s| s.data.clone())?;
    Ok(to_string(t, &data))
}

fn string_seek<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (offset, whence) = whence_arg(t, args)?;
    if whence != 0 && offset != 0 {
        return Err(t.raise(Kind::OSError, "Can't do nonzero cur-relative seeks"));
    }
    let (at, end) = StringIo::with(t, &args[0], |s| (s.at, s.data.len()))?;
    let to = new_position(t, offset, whence, at, end)?;
    StringIo::with(t, &args[0], |s| s.at = to)?;
    Ok(int::from_i64(t, to as i64))
}

fn string_truncate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let size = limit_arg(t, args.some(1))?;
    let size = StringIo::with(t, &args[0], |s| {
        let size = size.unwrap_or(s.at);
        s.data.truncate(size);
        size
    })?;
    Ok(int::from_i64(t, size as i64))
}

fn define_string<M: Memory>(t: &mut Thread<M>) {
    let parent = t.kept("_io._TextIOBase").expect("defined before").own();
    let b = Builder::new::<StringIo>(t, Builtin::StringIO, "_io.StringIO")
        .module("_io")
        .base(crate::types::class::as_class(&parent));
    base::common(b)
        .slots(|s| {
            s.new.set(Some(new_string));
            s.init.set(Some(init_string));
            s.next.set(Some(string_next));
        })
        .method("write(self, s, /)", string_write)
        .method("read(self, size=-1, /)", string_read)
        .method("readline(self, size=-1, /)", string_line)
        .method("getvalue(self, /)", string_value)
        .method("seek(self, pos, whence=0, /)", string_seek)
        .method("tell(self, /)", |t, a| StringIo::with(t, &a[0], |s| s.at).map(|at| int::from_i64(t, at as i64)))
        .method("truncate(self, pos=None, /)", string_truncate)
        .method("flush(self, /)", |t, a| StringIo::with(t, &a[0], |_| Obj::NONE))
        .method("close(self, /)", |t, a| {
            let data = StringIo::with(t, &a[0], |s| {
                s.closed = true;
                std::mem::take(&mut s.data)
            });
            if data.is_err() {
                t.clear_raised();
            }
            Ok(Obj::NONE)
        })
        .method("readable(self, /)", yes)
        .method("writable(self, /)", yes)
        .method("seekable(self, /)", yes)
        .getter("line_buffering", |_, _| Ok(Obj::bool(false)))
        .getter("closed", |t, o| {
            let object = o.cast::<StringIo>().expect("a getter gets an object of its class");
            Ok(Obj::bool(object.body.0.with(t, &object.head, |s| s.closed)))
        })
        .finish();
}

/// Defines both classes.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    define_bytes(t);
    define_string(t);
}

//! `TextIOWrapper` over a buffered file, for encodings in which a line feed is one byte (UTF-8, ASCII, Latin-1). Text is
//! decoded as it is asked for, so positions are plain byte offsets. Other encodings and other buffers are served by the
//! library's own pure-Python class.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use parking_lot::Mutex;

use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::io::base;
use crate::modules::io::buffered;
use crate::modules::io::file::File;
use crate::modules::io::fileio::{self, check_readable, check_writable};
use crate::object::{Held, Layout, Obj, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::str::{Text, to_text, view};
use crate::types::{TypeObj, bytes, int, tuple};
use crate::value::Word;

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

// ---- Making.

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

// ---- Writing.

/// Writes a string to a text file of this type: what `print` calls.
pub fn write_text<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, text: &Obj<M>) -> Result<(), Raise> {
    let body = payload(obj);
    let file = body.file.clone();
    if file.is_closed() {
        return Err(t.raise(Kind::ValueError, "I/O operation on closed file."));
    }
    if !file.access.write {
        return Err(base::unsupported(t, "not writable"));
    }
    let (encoding, newline) = {
        let setup = body.setup.lock();
        (setup.encoding, setup.newline)
    };
    let translate = matches!(newline, Newline::Return | Newline::Both);
    let mut line_end = false;
    match view(text) {
        Some(Text::Ascii(ascii)) if !translate => {
            line_end = memchr::memchr2(b'\n', b'\r', ascii).is_some();
            file.write(t, ascii)?;
        }
        _ => {
            let encoded = encode(t, obj, text, encoding)?;
            line_end = line_end || memchr::memchr2(b'\n', b'\r', &encoded).is_some();
            match newline {
                Newline::Return | Newline::Both => {
                    let end: &[u8] = if newline == Newline::Both { b"\r\n" } else { b"\r" };
                    let mut out = Vec::with_capacity(encoded.len());
                    for (i, line) in encoded.split(|&b| b == b'\n').enumerate() {
                        if i > 0 {
                            out.extend_from_slice(end);
                        }
                        out.extend_from_slice(line);
                    }
                    file.write(t, &out)?;
                }
                _ => file.write(t, &encoded)?,
            }
        }
    }
    let body = payload(obj);
    if body.write_through.load(Ordering::Relaxed) || line_end && body.line_buffering.load(Ordering::Relaxed) {
        let flushed = file.flush(t);
        if flushed.is_err() {
            file.forget();
        }
        return flushed;
    }
    Ok(())
}

/// The text as bytes. Lone surrogates and characters that the encoding lacks go the way of the error handler.
fn encode<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, text: &Obj<M>, encoding: Encoding) -> Result<Vec<u8>, Raise> {
    match view(text) {
        Some(Text::Ascii(ascii)) => return Ok(ascii.to_vec()),
        Some(Text::Wide(points)) => {
            let limit = match encoding {
                Encoding::Utf8 => char::MAX as u32,
                Encoding::Ascii => 0x7f,
                Encoding::Latin1 => 0xff,
            };
            if points.iter().all(|&p| p <= limit && !(0xd800..0xe000).contains(&p)) {
                let mut out = Vec::with_capacity(points.len() + points.len() / 2);
                for &p in points {
                    let c = char::from_u32(p).unwrap_or(char::REPLACEMENT_CHARACTER);
                    if encoding == Encoding::Utf8 {
                        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                    } else {
                        out.push(p as u8);
                    }
                }
                return Ok(out);
            }
        }
        None => {
            let class = t.class_name(text);
            return Err(t.raise(Kind::TypeError, format!("write() argument must be str, not {class}")));
        }
    }
    let (_, setup) = parts(obj);
    let (name, errors) = (t.str(&setup.encoding_name), t.str(&setup.errors));
    let data = t.call_method(text, "encode", &[name, errors])?;
    Ok(bytes::view(&data).unwrap_or_default().to_vec())
}

fn write<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let Some(text) = view(&args[1]) else {
        let class = t.class_name(&args[1]);
        return Err(t.raise(Kind::TypeError, format!("write() argument must be str, not {class}")));
    };
    let n = text.len();
    write_text(t, &args[0], &args[1])?;
    Ok(int::from_i64(t, n as i64))
}

// ---- Reading.

/// Bytes as text.
fn decode<M: Memory>(t: &mut Thread<M>, setup: &Setup, data: &[u8]) -> R<M> {
    match setup.encoding {
        Encoding::Latin1 => Ok(t.string(data.iter().map(|&b| b as char).collect())),
        Encoding::Utf8 | Encoding::Ascii => {
            let plain = setup.encoding == Encoding::Utf8 || data.is_ascii();
            if plain && let Ok(text) = std::str::from_utf8(data) {
                return Ok(t.str(text));
            }
            let object = bytes::from_slice(t, data);
            let (name, errors) = (t.str(&setup.encoding_name), t.str(&setup.errors));
            t.call_method(&object, "decode", &[name, errors])
        }
    }
}

/// Takes bytes up to and with the next line end; `limit` counts bytes.
fn take_line<M: Memory>(t: &mut Thread<M>, file: &File, setup: &Setup, limit: usize) -> Result<Vec<u8>, Raise> {
    if matches!(setup.newline, Newline::Line) {
        return file.read_line(t, (limit != usize::MAX).then_some(limit));
    }
    let mut out: Vec<u8> = Vec::new();
    loop {
        let mut buffer = file.fill(t)?;
        let mut ahead = buffer.ahead();
        if ahead.is_empty() || out.len() >= limit {
            return Ok(out);
        }
        let end = match setup.newline {
            Newline::Both => memchr::memmem::find(ahead, b"\r\n").map(|i| i + 2),
            Newline::Return => memchr::memchr(b'\r', ahead).map(|i| i + 1),
            _ => match memchr::memchr2(b'\n', b'\r', ahead) {
                Some(i) if ahead[i] == b'\r' => {
                    if i + 1 == ahead.len() {
                        // Is a line feed next? Look before deciding.
                        buffer = file.fill_more(t, buffer)?;
                        ahead = buffer.ahead();
                    }
                    Some(if ahead.get(i + 1) == Some(&b'\n') { i + 2 } else { i + 1 })
                }
                other => other.map(|i| i + 1),
            },
        };
        let n = end.unwrap_or_else(|| {
            let half = matches!(setup.newline, Newline::Both) && ahead.len() > 1 && ahead.ends_with(b"\r");
            ahead.len() - half as usize
        });
        let n = n.min(limit - out.len());
        out.extend_from_slice(&ahead[..n]);
        buffer.consume(n);
        if end == Some(n) {
            return Ok(out);
        }
    }
}

/// Makes all line ends `\n` and notes which kinds there were.
fn translate(seen: &AtomicU8, data: Vec<u8>) -> Vec<u8> {
    if memchr::memchr(b'\r', &data).is_none() {
        if data.contains(&b'\n') {
            seen.fetch_or(2, Ordering::Relaxed);
        }
        return data;
    }
    let mut out = Vec::with_capacity(data.len());
    let mut kinds = 0;
    let mut i = 0;
    while i < data.len() {
        match data[i] {
            b'\r' if data.get(i + 1) == Some(&b'\n') => {
                kinds |= 4;
                i += 1;
                out.push(b'\n');
            }
            b'\r' => {
                kinds |= 1;
                out.push(b'\n');
            }
            b'\n' => {
                kinds |= 2;
                out.push(b'\n');
            }
            byte => out.push(byte),
        }
        i += 1;
    }
    seen.fetch_or(kinds, Ordering::Relaxed);
    out
}

fn reader<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<(Arc<File>, Setup), Raise> {
    let (file, setup) = parts(obj);
    check_readable(t, &file, "not readable")?;
    // What was written to a terminal shows before the program waits for an answer: `input` sees to that.
    Ok((file, setup))
}

fn line<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
    let (file, setup) = reader(t, obj)?;
    let data = take_line(t, &file, &setup, usize::MAX)?;
    if data.is_empty() {
        return Ok(None);
    }
    let data = if setup.newline == Newline::Universal { translate(&payload(obj).seen, data) } else { data };
    decode(t, &setup, &data).map(Some)
}

/// Length in bytes of the first `chars` characters that `data` holds whole; `None` if it holds fewer.
fn prefix(encoding: Encoding, data: &[u8], chars: usize) -> Option<usize> {
    if encoding != Encoding::Utf8 {
        return (data.len() >= chars).then_some(chars);
    }
    let mut at = 0;
    for _ in 0..chars {
        let width = match data.get(at)? {
            0..0x80 => 1,
            0xc0..0xe0 => 2,
            0xe0..0xf0 => 3,
            0xf0.. => 4,
            _ => 1,
        };
        at += width;
    }
    (at <= data.len()).then_some(at)
}

fn readline<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let limit = match args.some(1) {
        Some(limit) => t.index_i64(limit)?,
        None => -1,
    };
    if limit < 0 {
        let found = line(t, &args[0])?;
        return Ok(found.unwrap_or_else(|| t.str("")));
    }
    let (file, setup) = reader(t, &args[0])?;
    // A line of so many characters at most: a longer one is given back from its cut on.
    let data = take_line(t, &file, &setup, (limit as usize).saturating_mul(4))?;
    let cut = prefix(setup.encoding, &data, limit as usize).unwrap_or(data.len());
    if cut < data.len() {
        file.seek(t, cut as i64 - data.len() as i64, libc::SEEK_CUR)?;
    }
    let data = data[..cut].to_vec();
    let data = if setup.newline == Newline::Universal { translate(&payload(&args[0]).seen, data) } else { data };
    decode(t, &setup, &data)
}

fn read<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let size = match args.some(1) {
        Some(size) => t.index_i64(size)?,
        None => -1,
    };
    let (file, setup) = reader(t, &args[0])?;
    let mut data = Vec::new();
    if size < 0 {
        data = file.read(t, None)?;
    } else {
        take_chars(t, &file, &setup, size as usize, &mut data)?;
    }
    let data = if setup.newline == Newline::Universal { translate(&payload(&args[0]).seen, data) } else { data };
    decode(t, &setup, &data)
}

/// Takes the bytes of so many characters; a translated `\r\n` counts as one.
fn take_chars<M: Memory>(
    t: &mut Thread<M>,
    file: &File,
    setup: &Setup,
    chars: usize,
    out: &mut Vec<u8>,
) -> Result<(), Raise> {
    let mut left = chars;
    while left > 0 {
        let mut buffer = file.fill(t)?;
        if buffer.ahead().is_empty() {
            return Ok(());
        }
        let mut had = 0;
        let mut whole = whole_chars(setup, buffer.ahead(), left);
        while whole.1 == 0 && buffer.ahead().len() > had {
            // Not even one whole character: read on, unless the file ends here.
            had = buffer.ahead().len();
            buffer = file.fill_more(t, buffer)?;
            whole = whole_chars(setup, buffer.ahead(), left);
        }
        let (bytes, count) = if whole.1 == 0 { (buffer.ahead().len(), left) } else { whole };
        out.extend_from_slice(&buffer.ahead()[..bytes]);
        buffer.consume(bytes);
        left -= count.min(left);
    }
    Ok(())
}

/// Bytes and number of at most `most` whole characters at the front of `data`.
fn whole_chars(setup: &Setup, data: &[u8], most: usize) -> (usize, usize) {
    let (mut at, mut count) = (0, 0);
    let universal = setup.newline == Newline::Universal;
    while count < most && at < data.len() {
        let width = if universal && data[at] == b'\r' {
            match data.get(at + 1) {
                Some(b'\n') => 2,
                Some(_) => 1,
                None => break,
            }
        } else {
            match prefix(setup.encoding, &data[at..], 1) {
                Some(width) => width,
                None => break,
            }
        };
        at += width;
        count += 1;
    }
    (at, count)
}

// ---- Position and the rest.

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

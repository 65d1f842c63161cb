//! Reading text: bytes of the file below decoded, cut into lines or counts of characters, line ends translated.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use super::{Encoding, Newline, Setup, parts, payload};
use crate::args::Args;
use crate::context::Thread;
use crate::memory::Memory;
use crate::modules::io::file::File;
use crate::modules::io::fileio::check_readable;
use crate::object::{Obj, R, Raise};
use crate::types::bytes;

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
pub(super) fn translate(seen: &AtomicU8, data: Vec<u8>) -> Vec<u8> {
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

pub(super) fn line<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
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

pub(super) fn readline<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
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

pub(super) fn read<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
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

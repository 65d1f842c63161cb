//! `str(exception)` and `repr(exception)`.

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::exception::*;
use crate::types::str::{Text, to_text, view};
use crate::types::{bytes, int};

/// Slot `repr`.
pub(super) fn repr<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> R<M> {
    let name = t.class_name(exc);
    let args = args(t, exc);
    let text = match tuple::items(&args) {
        [one] => {
            let one = t.repr(one)?;
            format!("{name}({})", to_text(&one))
        }
        _ => {
            let all = t.repr(&args)?;
            format!("{name}{}", to_text(&all))
        }
    };
    Ok(t.string(text))
}

fn plain<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> R<M> {
    let args = args(t, exc);
    match tuple::items(&args) {
        [] => Ok(t.str("")),
        [one] => t.str_of(one),
        _ => t.str_of(&args),
    }
}

/// Slot `str` of `BaseException`; the same for all kinds, each in its way.
pub(super) fn str<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> R<M> {
    match family_of(t, t.class_of(exc)) {
        Family::Os => os(t, exc),
        Family::Syntax => syntax(t, exc),
        Family::Unicode => unicode(t, exc),
        Family::Group => group(t, exc),
        Family::Import => {
            let message = extra(t, exc, IMPORT_MSG);
            if message.cast::<crate::types::str::Str<M>>().is_some() { Ok(message) } else { plain(t, exc) }
        }
        _ if t.is_exception(exc, Kind::KeyError) => {
            let args = args(t, exc);
            match tuple::items(&args) {
                [one] => t.repr(one),
                _ => plain(t, exc),
            }
        }
        _ => plain(t, exc),
    }
}

/// The text of an exception for a report: `<exception str() failed>` when `__str__` raises.
pub fn message<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> String {
    match t.str_of(exc) {
        Ok(text) => to_text(&text).into_owned(),
        Err(_) => {
            t.clear_raised();
            "<exception str() failed>".into()
        }
    }
}

fn show<M: Memory>(t: &mut Thread<M>, value: &Obj<M>) -> Result<String, Raise> {
    let text = t.str_of(value)?;
    Ok(to_text(&text).into_owned())
}

fn os<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> R<M> {
    let [errno, strerror, filename, other] =
        [OS_ERRNO, OS_STRERROR, OS_FILENAME, OS_FILENAME2].map(|index| extra(t, exc, index));
    let given = !errno.is_none() && !strerror.is_none();
    if filename.is_none() && !given {
        return plain(t, exc);
    }
    let mut text = format!("[Errno {}] {}", show(t, &errno)?, show(t, &strerror)?);
    if !filename.is_none() {
        let name = t.repr(&filename)?;
        text += &format!(": {}", to_text(&name));
        if !other.is_none() {
            let other = t.repr(&other)?;
            text += &format!(" -> {}", to_text(&other));
        }
    }
    Ok(t.string(text))
}

fn syntax<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> R<M> {
    let [msg, filename, line] = [SYNTAX_MSG, SYNTAX_FILENAME, SYNTAX_LINENO].map(|index| extra(t, exc, index));
    let msg = show(t, &msg)?;
    let line = int::to_big(&line);
    let base = filename.cast::<crate::types::str::Str<M>>().map(|_| {
        let name = to_text(&filename);
        name.rsplit('/').next().unwrap_or_default().to_owned()
    });
    let text = match (base, line) {
        (None, None) => msg,
        (Some(file), Some(line)) => format!("{msg} ({file}, line {line})"),
        (Some(file), None) => format!("{msg} ({file})"),
        (None, Some(line)) => format!("{msg} (line {line})"),
    };
    Ok(t.string(text))
}

fn unicode<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> R<M> {
    let [encoding, object, start, end, reason] =
        [UNICODE_ENCODING, UNICODE_OBJECT, UNICODE_START, UNICODE_END, UNICODE_REASON].map(|i| extra(t, exc, i));
    if object.is_none() {
        return Ok(t.str(""));
    }
    let reason = show(t, &reason)?;
    let clip = |value: &Obj<M>| usize::try_from(int::to_i64(value).unwrap_or(0)).unwrap_or(0);
    let (start, end) = (clip(&start), clip(&end));
    let decode = t.is_exception(exc, Kind::UnicodeDecodeError);
    let verb = match decode {
        true => "decode",
        false if t.is_exception(exc, Kind::UnicodeEncodeError) => "encode",
        false => "translate",
    };
    let codec = if verb == "translate" { String::new() } else { format!("'{}' codec ", show(t, &encoding)?) };
    let unit = if decode {
        bytes::view(&object).and_then(|b| b.get(start)).map(|b| format!("byte 0x{b:02x}"))
    } else {
        character(&object, start).map(|c| format!("character {}", escaped(c)))
    };
    let many = if decode { "bytes" } else { "characters" };
    let text = match unit {
        Some(unit) if end == start + 1 => format!("{codec}can't {verb} {unit} in position {start}: {reason}"),
        _ => {
            let last = end as i64 - 1;
            format!("{codec}can't {verb} {many} in position {start}-{last}: {reason}")
        }
    };
    Ok(t.string(text))
}

fn character<M: Memory>(text: &Obj<M>, index: usize) -> Option<u32> {
    match view(text)? {
        Text::Ascii(s) => s.get(index).map(|&b| b.into()),
        Text::Wide(s) => s.get(index).copied(),
    }
}

fn escaped(c: u32) -> String {
    match c {
        0..=0xff => format!("'\\x{c:02x}'"),
        0x100..=0xffff => format!("'\\u{c:04x}'"),
        _ => format!("'\\U{c:08x}'"),
    }
}

fn group<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> R<M> {
    let (message, inner) = (extra(t, exc, GROUP_MESSAGE), extra(t, exc, GROUP_EXCEPTIONS));
    let message = show(t, &message)?;
    let n = tuple::items(&inner).len();
    Ok(t.string(format!("{message} ({n} sub-exception{})", if n == 1 { "" } else { "s" })))
}

//! Filling up to a width: `center`, `ljust`, `rjust`, `zfill`, `expandtabs`.

use super::arg::me;
use super::find::unchanged;
use super::payload::{ascii_with, from_buf};
use super::text::{Text, TextBuf};
use super::view;
use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::build::Builder;
use crate::types::units::MOST;

fn fill_char<M: Memory>(t: &mut Thread<M>, o: Option<&Obj<M>>) -> Result<u32, Raise> {
    let Some(o) = o else { return Ok(32) };
    match view(o) {
        Some(text) if text.len() == 1 => Ok(text.at(0)),
        Some(_) => Err(t.raise(Kind::TypeError, "The fill character must be exactly one character long")),
        None => {
            let kind = t.class_name(o);
            Err(t.raise(Kind::TypeError, format!("The fill character must be a unicode character, not {kind}")))
        }
    }
}

/// Pads with what `sides` makes of the missing width: how much goes to the left.
fn pad_by<M: Memory>(t: &mut Thread<M>, args: &Args<'_, M>, left_of: fn(usize, usize) -> usize) -> R<M> {
    let s = me(args);
    let width = t.index_i64(&args[1])?;
    let fill = fill_char(t, args.get(2))?;
    let width = usize::try_from(width).unwrap_or(0);
    if width <= s.len() {
        return Ok(unchanged(t, &args[0]));
    }
    if width > MOST {
        return Err(t.raise(Kind::MemoryError, ""));
    }
    let missing = width - s.len();
    let left = left_of(missing, width);
    pad(t, s, left, missing - left, fill)
}

fn pad<M: Memory>(t: &mut Thread<M>, s: Text<'_>, left: usize, right: usize, fill: u32) -> R<M> {
    if let (Text::Ascii(s), 2.., 0..128) = (s, s.len() + left + right, fill) {
        return Ok(ascii_with(t, s.len() + left + right, |w| {
            w.fill(fill as u8, left);
            w.put(s);
            w.fill(fill as u8, right);
        }));
    }
    let mut out = TextBuf::with_capacity(s.len() + left + right);
    out.fill(fill, left);
    out.push_text(s);
    out.fill(fill, right);
    Ok(from_buf(t, out))
}

fn ljust<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    pad_by(t, &args, |_, _| 0)
}

fn rjust<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    pad_by(t, &args, |missing, _| missing)
}

fn center<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    pad_by(t, &args, |missing, width| missing / 2 + (missing & width & 1))
}

fn zfill<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = me(&args);
    let width = usize::try_from(t.index_i64(&args[1])?).unwrap_or(0);
    if width <= s.len() {
        return Ok(unchanged(t, &args[0]));
    }
    if width > MOST {
        return Err(t.raise(Kind::MemoryError, ""));
    }
    let mut out = TextBuf::with_capacity(width);
    let sign = s.get(0).filter(|&c| c == 43 || c == 45);
    if let Some(sign) = sign {
        out.push(sign);
    }
    out.fill(48, width - s.len());
    out.push_text(s.slice(sign.is_some() as usize..s.len()));
    Ok(from_buf(t, out))
}

fn expandtabs<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = me(&args);
    let size = match args.get(1) {
        None => 8,
        Some(o) => usize::try_from(t.index_i64(o)?).unwrap_or(0),
    };
    let mut out = TextBuf::with_capacity(s.len() + 16);
    let mut column = 0;
    for c in s.chars() {
        match c {
            9 if size > 0 => {
                let n = size - column % size;
                if out.len().saturating_add(n) > MOST {
                    return Err(t.raise(Kind::MemoryError, ""));
                }
                out.fill(32, n);
                column += n;
            }
            9 => {}
            _ => {
                out.push(c);
                column = if c == 10 || c == 13 { 0 } else { column + 1 };
            }
        }
    }
    Ok(from_buf(t, out))
}

/// Adds the methods of this file.
pub(super) fn add<M: Memory>(b: Builder<'_, M>) -> Builder<'_, M> {
    b.method("center(self, width, fillchar=' ', /)", center)
        .method("ljust(self, width, fillchar=' ', /)", ljust)
        .method("rjust(self, width, fillchar=' ', /)", rjust)
        .method("zfill(self, width, /)", zfill)
        .method("expandtabs(self, /, tabsize=8)", expandtabs)
}

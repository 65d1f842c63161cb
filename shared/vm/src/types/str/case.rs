//! Case: `lower`, `upper`, `title`, `capitalize`, `swapcase`, `casefold`.

use rustpython_unicode::case;

use super::arg::me;
use super::chars;
use super::payload::{ascii_with, from_buf};
use super::text::{Text, TextBuf};
use crate::args::Args;
use crate::context::Thread;
use crate::memory::Memory;
use crate::object::R;
use crate::types::build::Builder;

/// A string whose ASCII form is made byte by byte, others by `wide`.
fn mapped<M: Memory>(
    t: &mut Thread<M>,
    args: &Args<'_, M>,
    ascii: impl Fn(u8) -> u8,
    wide: impl FnOnce(&[u32], &mut TextBuf),
) -> R<M> {
    match me(args) {
        Text::Ascii(s) => Ok(ascii_with(t, s.len(), |w| w.put_mapped(s, ascii))),
        Text::Wide(s) => {
            let mut out = TextBuf::with_capacity(s.len());
            wide(s, &mut out);
            Ok(from_buf(t, out))
        }
    }
}

fn lower<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    mapped(t, &args, |c| c.to_ascii_lowercase(), |s, out| (0..s.len()).for_each(|i| push_lower(s, i, out)))
}

fn upper<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    mapped(t, &args, |c| c.to_ascii_uppercase(), |s, out| s.iter().for_each(|&c| push_upper(c, out)))
}

fn swapcase<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let swap = |c: u8| if c.is_ascii_alphabetic() { c ^ 32 } else { c };
    mapped(t, &args, swap, |s, out| {
        for (i, &c) in s.iter().enumerate() {
            if chars::is_upper(c) {
                push_lower(s, i, out);
            } else if chars::is_lower(c) {
                push_upper(c, out);
            } else {
                out.push(c);
            }
        }
    })
}

fn casefold<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    mapped(
        t,
        &args,
        |c| c.to_ascii_lowercase(),
        |s, out| {
            for &c in s {
                push_by(c, out, case::casefold_str);
            }
        },
    )
}

fn capitalize<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    match me(&args) {
        Text::Ascii(s) => Ok(ascii_with(t, s.len(), |w| {
            if let Some((first, rest)) = s.split_first() {
                w.fill(first.to_ascii_uppercase(), 1);
                w.put_mapped(rest, |c| c.to_ascii_lowercase());
            }
        })),
        Text::Wide(s) => {
            let mut out = TextBuf::with_capacity(s.len());
            push_by(s[0], &mut out, case::capitalize_str);
            (1..s.len()).for_each(|i| push_lower(s, i, &mut out));
            Ok(from_buf(t, out))
        }
    }
}

fn title<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mut in_word = false;
    match me(&args) {
        Text::Ascii(s) => Ok(ascii_with(t, s.len(), |w| {
            for &c in s {
                w.fill(if in_word { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() }, 1);
                in_word = c.is_ascii_alphabetic();
            }
        })),
        Text::Wide(s) => {
            let mut out = TextBuf::with_capacity(s.len());
            for (i, &c) in s.iter().enumerate() {
                if in_word {
                    push_lower(s, i, &mut out)
                } else {
                    push_by(c, &mut out, case::capitalize_str)
                }
                in_word = chars::is_cased(c);
            }
            Ok(from_buf(t, out))
        }
    }
}

const CAPITAL_SIGMA: u32 = 0x3a3;

/// The lower case of character `i`; a capital sigma at the end of a word has a form of its own.
fn push_lower(s: &[u32], i: usize, out: &mut TextBuf) {
    let c = s[i];
    if c == CAPITAL_SIGMA {
        let cased = |c: Option<&u32>| c.is_some_and(|&c| chars::is_cased(c));
        let before = cased(s[..i].iter().rev().find(|&&c| !chars::is_case_ignorable(c)));
        let after = cased(s[i + 1..].iter().find(|&&c| !chars::is_case_ignorable(c)));
        out.push(if before && !after { 0x3c2 } else { 0x3c3 });
        return;
    }
    match char::from_u32(c) {
        Some(c) => c.to_lowercase().for_each(|c| out.push(c as u32)),
        None => out.push(c),
    }
}

fn push_upper(c: u32, out: &mut TextBuf) {
    match char::from_u32(c) {
        Some(c) => c.to_uppercase().for_each(|c| out.push(c as u32)),
        None => out.push(c),
    }
}

/// What a mapping of whole strings makes of one character.
fn push_by(c: u32, out: &mut TextBuf, f: fn(&str) -> String) {
    match char::from_u32(c) {
        Some(c) => out.push_str(&f(c.encode_utf8(&mut [0; 4]))),
        None => out.push(c),
    }
}

/// Adds the methods of this file.
pub(super) fn add<M: Memory>(b: Builder<'_, M>) -> Builder<'_, M> {
    b.method("lower(self, /)", lower)
        .method("upper(self, /)", upper)
        .method("swapcase(self, /)", swapcase)
        .method("casefold(self, /)", casefold)
        .method("capitalize(self, /)", capitalize)
        .method("title(self, /)", title)
}

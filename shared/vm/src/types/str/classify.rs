//! Questions about all characters: `isalpha` and its kin.

use super::arg::me;
use super::chars;
use super::text::Text;
use crate::args::Args;
use crate::context::Thread;
use crate::memory::Memory;
use crate::object::{Obj, R};
use crate::types::build::Builder;

/// Holds for every character, and there is one.
fn all(text: Text<'_>, f: impl Fn(u32) -> bool) -> bool {
    !text.is_empty()
        && match text {
            Text::Ascii(s) => s.iter().all(|&c| f(c as u32)),
            Text::Wide(s) => s.iter().all(|&c| f(c)),
        }
}

macro_rules! every {
    ($($name:ident $test:ident)*) => {
        $(fn $name<M: Memory>(_: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
            Ok(Obj::bool(all(me(&args), chars::$test)))
        })*
    };
}

every! {
    isalpha is_alpha
    isalnum is_alnum
    isdecimal is_decimal
    isdigit is_digit
    isnumeric is_numeric
    isspace is_space
}

fn isascii<M: Memory>(_: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    Ok(Obj::bool(matches!(me(&args), Text::Ascii(_))))
}

fn isprintable<M: Memory>(_: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    Ok(Obj::bool(me(&args).chars().all(chars::is_printable)))
}

/// Is the text an identifier (keywords included)?
pub fn is_identifier(text: Text<'_>) -> bool {
    text.get(0).is_some_and(chars::is_id_start) && text.chars().skip(1).all(chars::is_id_continue)
}

fn isidentifier<M: Memory>(_: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    Ok(Obj::bool(is_identifier(me(&args))))
}

fn cased(text: Text<'_>, wanted: fn(u32) -> bool, other: fn(u32) -> bool) -> bool {
    let mut any = false;
    for c in text.chars() {
        if other(c) || chars::is_title(c) {
            return false;
        }
        any |= wanted(c);
    }
    any
}

fn islower<M: Memory>(_: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    Ok(Obj::bool(cased(me(&args), chars::is_lower, chars::is_upper)))
}

fn isupper<M: Memory>(_: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    Ok(Obj::bool(cased(me(&args), chars::is_upper, chars::is_lower)))
}

fn istitle<M: Memory>(_: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (mut any, mut in_word) = (false, false);
    for c in me(&args).chars() {
        if chars::is_upper(c) || chars::is_title(c) {
            if in_word {
                return Ok(Obj::bool(false));
            }
            (any, in_word) = (true, true);
        } else if chars::is_lower(c) {
            if !in_word {
                return Ok(Obj::bool(false));
            }
            any = true;
        } else {
            in_word = false;
        }
    }
    Ok(Obj::bool(any))
}

/// Adds the methods of this file.
pub(super) fn add<M: Memory>(b: Builder<'_, M>) -> Builder<'_, M> {
    b.method("isalpha(self, /)", isalpha)
        .method("isalnum(self, /)", isalnum)
        .method("isdecimal(self, /)", isdecimal)
        .method("isdigit(self, /)", isdigit)
        .method("isnumeric(self, /)", isnumeric)
        .method("isspace(self, /)", isspace)
        .method("isascii(self, /)", isascii)
        .method("isprintable(self, /)", isprintable)
        .method("isidentifier(self, /)", isidentifier)
        .method("islower(self, /)", islower)
        .method("isupper(self, /)", isupper)
        .method("istitle(self, /)", istitle)
}

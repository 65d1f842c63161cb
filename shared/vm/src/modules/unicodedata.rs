//! `unicodedata`: properties and names of characters, normal forms.

use rustpython_unicode::data::{LookupResult, Ucd, character_name};
use rustpython_unicode::normalize::{NormalizeForm, is_normalized, normalize};
use rustpython_wtf8::{CodePoint, Wtf8Buf};

use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Obj, R, Raise};
use crate::types::str::arg::kind_of;
use crate::types::str::{Text, TextBuf, from_buf, to_char, to_text, view};
use crate::types::{float, int};

/// Makes the module.
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let old = database::<M, false>(Maker::new(t, "ucd_3_2_0")).finish()?;
    let names = Maker::new(t, "unicodedata").doc("The Unicode character database.").set("ucd_3_2_0", old);
    database::<M, true>(names).finish()
}

/// Adds the functions of one version of the database: the present one or that of Unicode 3.2.
fn database<M: Memory, const MODERN: bool>(m: Maker<'_, M>) -> Maker<'_, M> {
    m.text("unidata_version", &Ucd::new(MODERN).unidata_version())
        .function("category(chr, /)", |t, a| property(t, a, "category", |c| Ucd::new(MODERN).category(c)))
        .function("bidirectional(chr, /)", |t, a| {
            property(t, a, "bidirectional", |c| Ucd::new(MODERN).bidirectional(c))
        })
        .function("east_asian_width(chr, /)", |t, a| {
            property(t, a, "east_asian_width", |c| Ucd::new(MODERN).east_asian_width(c))
        })
        .function("decomposition(chr, /)", |t, a| {
            let c = char_arg(t, &a[0], "decomposition() argument")?;
            Ok(t.string(Ucd::new(MODERN).decomposition(c)))
        })
        .function("combining(chr, /)", |t, a| {
            let c = char_arg(t, &a[0], "combining() argument")?;
            Ok(int::from_i64(t, Ucd::new(MODERN).combining(c) as i64))
        })
        .function("mirrored(chr, /)", |t, a| {
            let c = char_arg(t, &a[0], "mirrored() argument")?;
            Ok(int::from_i64(t, Ucd::new(MODERN).mirrored(c) as i64))
        })
        .function("decimal(chr, default=None, /)", |t, a| {
            let c = char_arg(t, &a[0], "decimal() argument 1")?;
            let value = Ucd::new(MODERN).decimal(c).map(|v| int::from_i64(t, v as i64));
            or_default(t, value, a, "not a decimal")
        })
        .function("digit(chr, default=None, /)", |t, a| {
            let c = char_arg(t, &a[0], "digit() argument 1")?;
            let value = Ucd::new(MODERN).digit(c).map(|v| int::from_i64(t, v as i64));
            or_default(t, value, a, "not a digit")
        })
        .function("numeric(chr, default=None, /)", |t, a| {
            let c = char_arg(t, &a[0], "numeric() argument 1")?;
            let value = Ucd::new(MODERN).numeric(c).map(|v| float::new(t, v));
            or_default(t, value, a, "not a numeric character")
        })
        .function("name(chr, default=None, /)", |t, a| {
            let c = char_arg(t, &a[0], "name() argument 1")?;
            let value = c.to_char().filter(|&c| Ucd::new(MODERN).membership(c)).and_then(character_name);
            let value = value.map(|n| t.string(n));
            or_default(t, value, a, "no such name")
        })
        .function("lookup(name, /)", |t, a| lookup(t, a, Ucd::new(MODERN)))
        .function("normalize(form, unistr, /)", normalized)
        .function("is_normalized(form, unistr, /)", |t, a| {
            let form = form(t, &a[0])?;
            Ok(Obj::bool(is_normalized(form, &wtf8(t, &a[1])?)))
        })
}

/// The one character of an argument.
fn char_arg<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, what: &str) -> Result<CodePoint, Raise> {
    match view(o) {
        Some(text) if text.len() == 1 => Ok(CodePoint::from_u32(text.at(0)).unwrap_or(to_char(0xfffd).into())),
        Some(text) => {
            let n = text.len();
            let message = format!("{what} must be a unicode character, not a string of length {n}");
            Err(t.raise(Kind::TypeError, message))
        }
        None => {
            let kind = kind_of(t, o);
            Err(t.raise(Kind::TypeError, format!("{what} must be a unicode character, not {kind}")))
        }
    }
}

fn property<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, name: &str, f: fn(CodePoint) -> &'static str) -> R<M> {
    let c = char_arg(t, &args[0], &format!("{name}() argument"))?;
    Ok(t.intern(f(c)))
}

fn or_default<M: Memory>(t: &mut Thread<M>, value: Option<Obj<M>>, args: Args<'_, M>, message: &str) -> R<M> {
    match value.or_else(|| args.get(1).cloned()) {
        Some(value) => Ok(value),
        None => Err(t.raise(Kind::ValueError, message)),
    }
}

fn lookup<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, ucd: Ucd) -> R<M> {
    let name = to_text(&args[0]);
    match ucd.lookup(&name) {
        Some(LookupResult::Character(c)) => Ok(t.str(c.encode_utf8(&mut [0; 4]))),
        Some(LookupResult::Sequence(s)) => Ok(t.str(s)),
        None => {
            let message = t.string(format!("undefined character name '{name}'"));
            Err(t.raise_key(&message))
        }
    }
}

fn form<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> Result<NormalizeForm, Raise> {
    to_text(o).parse().map_err(|()| t.raise(Kind::ValueError, "invalid normalization form"))
}

fn wtf8<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> Result<Wtf8Buf, Raise> {
    match view(o) {
        Some(text) => Ok(text.chars().filter_map(CodePoint::from_u32).collect()),
        None => {
            let kind = kind_of(t, o);
            Err(t.raise(Kind::TypeError, format!("argument 2 must be str, not {kind}")))
        }
    }
}

fn normalized<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let form = form(t, &args[0])?;
    if let Some(Text::Ascii(_)) = view(&args[1]) {
        return Ok(args[1].clone());
    }
    let text = normalize(form, &wtf8(t, &args[1])?);
    let mut out = TextBuf::with_capacity(text.len());
    text.code_points().for_each(|c| out.push(c.to_u32()));
    Ok(from_buf(t, out))
}

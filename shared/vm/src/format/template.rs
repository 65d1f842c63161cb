//! `str.format`: templates with replacement fields, and the parsers that the `string` module uses.

use std::ops::Range;

use super::format_value;
use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::str::{Text, TextBuf, ascii_only, equal, from_buf, from_text, view};
use crate::types::{int, str};

/// A mistake in a template.
pub type Mistake = &'static str;

/// A piece of a template: literal text and the field that follows it.
#[derive(Debug)]
pub struct Piece {
    /// Literal text before the field.
    pub literal: Range<usize>,
    /// The field, if one follows.
    pub field: Option<Field>,
}

/// A replacement field.
#[derive(Debug)]
pub struct Field {
    /// `0.name[key]`
    pub name: Range<usize>,
    /// What follows the colon.
    pub spec: Range<usize>,
    /// Does the specification have fields of its own?
    pub nested: bool,
    /// The character behind the exclamation mark.
    pub conversion: Option<u32>,
}

const OPEN: u32 = 123;
const CLOSE: u32 = 125;

/// The piece at `pos`, `None` at the end. Moves `pos` behind it.
pub fn next_piece(s: Text<'_>, pos: &mut usize) -> Result<Option<Piece>, Mistake> {
    if *pos >= s.len() {
        return Ok(None);
    }
    let start = *pos;
    let Some(brace) = (start..s.len()).find(|&i| matches!(s.at(i), OPEN | CLOSE)) else {
        *pos = s.len();
        return Ok(Some(Piece { literal: start..s.len(), field: None }));
    };
    let c = s.at(brace);
    let doubled = s.get(brace + 1) == Some(c);
    *pos = brace + 1;
    if doubled {
        *pos += 1;
        return Ok(Some(Piece { literal: start..brace + 1, field: None }));
    }
    if c == CLOSE {
        return Err("Single '}' encountered in format string");
    }
    if *pos >= s.len() {
        return Err("Single '{' encountered in format string");
    }
    let field = parse_field(s, pos)?;
    Ok(Some(Piece { literal: start..brace, field: Some(field) }))
}

fn parse_field(s: Text<'_>, pos: &mut usize) -> Result<Field, Mistake> {
    let start = *pos;
    let mut end = None;
    while let Some(c) = s.get(*pos) {
        *pos += 1;
        match c {
            OPEN => return Err("unexpected '{' in field name"),
            91 => {
                while s.get(*pos).is_some_and(|c| c != 93) {
                    *pos += 1;
                }
            }
            CLOSE | 58 | 33 => {
                end = Some(c);
                break;
            }
            _ => {}
        }
    }
    let Some(end) = end else { return Err("expected '}' before end of string") };
    let name = start..*pos - 1;
    let mut conversion = None;
    if end == 33 {
        let Some(c) = s.get(*pos) else { return Err("end of string while looking for conversion specifier") };
        conversion = Some(c);
        *pos += 1;
        match s.get(*pos) {
            Some(CLOSE) => {
                *pos += 1;
                return Ok(Field { name, spec: *pos - 1..*pos - 1, nested: false, conversion });
            }
            Some(58) => *pos += 1,
            Some(_) => return Err("expected ':' after conversion specifier"),
            None => {}
        }
    } else if end == CLOSE {
        return Ok(Field { name, spec: *pos - 1..*pos - 1, nested: false, conversion });
    }
    let first = *pos;
    let (mut depth, mut nested) = (1, false);
    while let Some(c) = s.get(*pos) {
        *pos += 1;
        match c {
            OPEN => {
                nested = true;
                depth += 1;
            }
            CLOSE => {
                depth -= 1;
                if depth == 0 {
                    return Ok(Field { name, spec: first..*pos - 1, nested, conversion });
                }
            }
            _ => {}
        }
    }
    Err("unmatched '{' in format spec")
}

/// A step from an object to a part of it.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// `.name`
    Attribute(Range<usize>),
    /// `[3]`
    Index(i64),
    /// `[key]`
    Key(Range<usize>),
}

/// The number that the whole text is, if it is one.
pub fn integer(s: Text<'_>) -> Result<Option<i64>, Mistake> {
    if s.is_empty() {
        return Ok(None);
    }
    let mut value = 0i64;
    for c in s.chars() {
        let Some(d) = str::chars::decimal(c) else { return Ok(None) };
        value = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(d as i64))
            .ok_or("Too many decimal digits in format string")?;
    }
    Ok(Some(value))
}

/// Where the first part of a field name ends.
pub fn first_end(name: Text<'_>) -> usize {
    name.chars().position(|c| matches!(c, 46 | 91)).unwrap_or(name.len())
}

/// The step at `pos` of a field name, `None` at its end.
pub fn next_step(name: Text<'_>, pos: &mut usize) -> Result<Option<Step>, Mistake> {
    let Some(c) = name.get(*pos) else { return Ok(None) };
    *pos += 1;
    let start = *pos;
    let step = match c {
        46 => {
            while name.get(*pos).is_some_and(|c| !matches!(c, 46 | 91)) {
                *pos += 1;
            }
            Step::Attribute(start..*pos)
        }
        91 => {
            while name.get(*pos).is_some_and(|c| c != 93) {
                *pos += 1;
            }
            if *pos == name.len() {
                return Err("Missing ']' in format string");
            }
            *pos += 1;
            let key = start..*pos - 1;
            match integer(name.slice(key.clone()))? {
                Some(i) => Step::Index(i),
                None => Step::Key(key),
            }
        }
        _ => return Err("Only '.' or '[' may follow ']' in format field specifier"),
    };
    match &step {
        Step::Attribute(r) | Step::Key(r) if r.is_empty() => Err("Empty attribute in format string"),
        _ => Ok(Some(step)),
    }
}

/// How fields have been numbered so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbering {
    Unknown,
    Automatic(i64),
    Manual,
}

/// Where values come from.
enum Source<'a, M: Memory> {
    /// Arguments of `format`: positional, names, values.
    Arguments(&'a [Obj<M>], &'a [Obj<M>], &'a [Obj<M>]),
    /// The mapping of `format_map`.
    Mapping(&'a Obj<M>),
}

struct Job<'a, M: Memory> {
    source: Source<'a, M>,
    numbering: Numbering,
}

fn wrong<M: Memory>(t: &mut Thread<M>, mistake: Mistake) -> Raise {
    t.raise(Kind::ValueError, mistake)
}

impl<M: Memory> Job<'_, M> {
    fn expand(&mut self, t: &mut Thread<M>, s: Text<'_>, depth: u32, out: &mut TextBuf) -> Result<(), Raise> {
        if depth == 0 {
            return Err(t.raise(Kind::ValueError, "Max string recursion exceeded"));
        }
        let mut pos = 0;
        while let Some(piece) = next_piece(s, &mut pos).map_err(|m| wrong(t, m))? {
            out.push_text(s.slice(piece.literal));
            let Some(field) = piece.field else { continue };
            let mut value = self.field_value(t, s.slice(field.name))?;
            if let Some(c) = field.conversion {
                value = convert(t, &value, c)?;
            }
            let spec = s.slice(field.spec);
            let spec = if field.nested {
                let mut expanded = TextBuf::new();
                self.expand(t, spec, depth - 1, &mut expanded)?;
                from_buf(t, expanded)
            } else {
                from_text(t, spec)
            };
            let text = format_value(t, &value, &spec)?;
            out.push_text(view(&text).unwrap_or(Text::EMPTY));
        }
        Ok(())
    }

    fn field_value(&mut self, t: &mut Thread<M>, name: Text<'_>) -> R<M> {
        let mut pos = first_end(name);
        let first = name.slice(0..pos);
        let mut index = integer(first).map_err(|m| wrong(t, m))?;
        if first.is_empty() || index.is_some() {
            index = Some(self.number(t, index)?);
        }
        let mut value = match index {
            Some(i) => self.positional(t, i)?,
            None => self.named(t, first)?,
        };
        while let Some(step) = next_step(name, &mut pos).map_err(|m| wrong(t, m))? {
            value = match step {
                Step::Attribute(r) => {
                    let attribute = from_text(t, name.slice(r));
                    let attribute = t.intern_obj(&attribute);
                    t.getattr(&value, &attribute)?
                }
                Step::Index(i) => {
                    let key = int::from_i64(t, i);
                    t.getitem(&value, &key)?
                }
                Step::Key(r) => {
                    let key = from_text(t, name.slice(r));
                    t.getitem(&value, &key)?
                }
            };
        }
        Ok(value)
    }

    /// The number of a field with this explicit number, or the next one.
    fn number(&mut self, t: &mut Thread<M>, explicit: Option<i64>) -> Result<i64, Raise> {
        let mistake = match (self.numbering, explicit) {
            (Numbering::Manual, None) => "cannot switch from manual field specification to automatic field numbering",
            (Numbering::Automatic(_), Some(_)) => {
                "cannot switch from automatic field numbering to manual field specification"
            }
            (_, Some(i)) => {
                self.numbering = Numbering::Manual;
                return Ok(i);
            }
            (Numbering::Automatic(i), None) => {
                self.numbering = Numbering::Automatic(i + 1);
                return Ok(i);
            }
            (Numbering::Unknown, None) => {
                self.numbering = Numbering::Automatic(1);
                return Ok(0);
            }
        };
        Err(wrong(t, mistake))
    }

    fn positional(&self, t: &mut Thread<M>, i: i64) -> R<M> {
        match self.source {
            Source::Mapping(_) => Err(t.raise(Kind::ValueError, "Format string contains positional fields")),
            Source::Arguments(items, ..) => match usize::try_from(i).ok().and_then(|i| items.get(i)) {
                Some(value) => Ok(value.clone()),
                None => {
                    let message = format!("Replacement index {i} out of range for positional args tuple");
                    Err(t.raise(Kind::IndexError, message))
                }
            },
        }
    }

    fn named(&self, t: &mut Thread<M>, name: Text<'_>) -> R<M> {
        let key = from_text(t, name);
        match self.source {
            Source::Mapping(mapping) => t.getitem(mapping, &key),
            Source::Arguments(_, names, values) => match names.iter().position(|n| equal(n, &key)) {
                Some(i) => Ok(values[i].clone()),
                None => Err(t.raise_key(&key)),
            },
        }
    }
}

/// `!r`, `!s`, `!a`
fn convert<M: Memory>(t: &mut Thread<M>, value: &Obj<M>, c: u32) -> R<M> {
    match c {
        114 => t.repr(value),
        115 => t.str_of(value),
        97 => {
            let repr = t.repr(value)?;
            Ok(ascii_only(t, repr))
        }
        _ => {
            let shown = if c > 32 && c < 127 { (c as u8 as char).to_string() } else { format!("\\x{c:x}") };
            Err(t.raise(Kind::ValueError, format!("Unknown conversion specifier {shown}")))
        }
    }
}

fn run<M: Memory>(t: &mut Thread<M>, template: &Obj<M>, source: Source<'_, M>) -> R<M> {
    let s = view(template).unwrap_or(Text::EMPTY);
    let mut out = TextBuf::with_capacity(s.len() + 32);
    Job { source, numbering: Numbering::Unknown }.expand(t, s, 2, &mut out)?;
    Ok(from_buf(t, out))
}

/// `template.format(*args, **kwargs)`
pub fn format_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    run(t, &args[0], Source::Arguments(args.rest, args.names, args.values))
}

/// `template.format_map(mapping)`
pub fn format_map_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    run(t, &args[0], Source::Mapping(&args[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_a_template() {
        let s = Text::Ascii(b"a{{b{0.x[}]!r:>{w}}c}}");
        let mut pos = 0;
        let mut seen = Vec::new();
        while let Some(piece) = next_piece(s, &mut pos).expect("well formed") {
            let part = |r: Range<usize>| s.slice(r).to_cow().into_owned();
            let field = piece.field.map(|f| (part(f.name), part(f.spec), f.nested, f.conversion));
            seen.push((part(piece.literal), field));
        }
        assert_eq!(seen[0], ("a{".to_string(), None));
        assert_eq!(seen[1], ("b".to_string(), Some(("0.x[}]".into(), ">{w}".into(), true, Some(114)))));
        assert_eq!(seen[2], ("c}".to_string(), None));
    }

    #[test]
    fn steps_of_a_name() {
        let name = Text::Ascii(b"0.x[1][a]");
        let mut pos = first_end(name);
        assert_eq!(next_step(name, &mut pos), Ok(Some(Step::Attribute(2..3))));
        assert_eq!(next_step(name, &mut pos), Ok(Some(Step::Index(1))));
        assert_eq!(next_step(name, &mut pos), Ok(Some(Step::Key(7..8))));
        assert_eq!(next_step(name, &mut pos), Ok(None));
    }
}

//! `_string`: the template parsers that `string.Formatter` uses.

use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::format::template::{Step, first_end, integer, next_piece, next_step};
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Obj, R, Raise};
use crate::types::str::{Text, from_char, from_text, view};
use crate::types::{int, tuple};

/// Makes the module.
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    Maker::new(t, "_string")
        .doc("string helper module")
        .function("formatter_parser(string, /)", formatter_parser)
        .function("formatter_field_name_split(string, /)", field_name_split)
        .finish()
}

fn text<'a, M: Memory>(t: &mut Thread<M>, o: &'a Obj<M>) -> Result<Text<'a>, Raise> {
    view(o).ok_or_else(|| {
        let kind = t.class_name(o);
        t.raise(Kind::TypeError, format!("expected str, got {kind}"))
    })
}

/// `(literal, field name, specification, conversion)` for each piece of a template.
fn formatter_parser<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = text(t, &args[0])?;
    let mut rows = Vec::new();
    let mut pos = 0;
    while let Some(piece) = next_piece(s, &mut pos).map_err(|m| t.raise(Kind::ValueError, m))? {
        let literal = from_text(t, s.slice(piece.literal));
        let row = match piece.field {
            Some(field) => vec![
                literal,
                from_text(t, s.slice(field.name)),
                from_text(t, s.slice(field.spec)),
                field.conversion.map_or(Obj::NONE, |c| from_char(t, c)),
            ],
            None => vec![literal, Obj::NONE, Obj::NONE, Obj::NONE],
        };
        rows.push(tuple::from_vec(t, row));
    }
    let rows = tuple::from_vec(t, rows);
    t.iter(&rows)
}

/// The first part of a field name, and an iterator over `(is attribute, name or key)` of the others.
fn field_name_split<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let name = text(t, &args[0])?;
    let mut pos = first_end(name);
    let first = name.slice(0..pos);
    let first = match integer(first).map_err(|m| t.raise(Kind::ValueError, m))? {
        Some(i) => int::from_i64(t, i),
        None => from_text(t, first),
    };
    let mut steps = Vec::new();
    while let Some(step) = next_step(name, &mut pos).map_err(|m| t.raise(Kind::ValueError, m))? {
        let row = match step {
            Step::Attribute(r) => vec![Obj::bool(true), from_text(t, name.slice(r))],
            Step::Index(i) => vec![Obj::bool(false), int::from_i64(t, i)],
            Step::Key(r) => vec![Obj::bool(false), from_text(t, name.slice(r))],
        };
        steps.push(tuple::from_vec(t, row));
    }
    let steps = tuple::from_vec(t, steps);
    let steps = t.iter(&steps)?;
    Ok(tuple::from_vec(t, vec![first, steps]))
}

//! The modules `_suggestions` and `_carets`: what the library's `traceback` leaves to native code.

use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Obj, R};
use crate::report::{carets, frames};
use crate::types::str::{Str, to_text};
use crate::types::{ids, int, tuple};

/// Makes `_suggestions`.
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    Maker::new(t, "_suggestions").function("_generate_suggestions(candidates, item, /)", generate).finish()
}

/// Makes `_carets`.
pub fn init_carets<M: Memory>(t: &mut Thread<M>) -> R<M> {
    Maker::new(t, "_carets")
        .function("anchors(segment, /)", anchors)
        .function("show(start_offset, end_offset, all_lines, /)", show)
        .finish()
}

/// Where the table of modules finds `_carets`.
pub mod marks {
    pub use super::init_carets as init;
}

fn generate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if args[0].shape() != ids::LIST {
        return Err(t.raise(Kind::TypeError, "candidates must be a list"));
    }
    let items = t.collect(&args[0])?;
    if items.iter().any(|i| i.cast::<Str<M>>().is_none()) {
        return Err(t.raise(Kind::TypeError, "all elements in 'candidates' must be strings"));
    }
    let texts: Vec<_> = items.iter().map(|i| to_text(i)).collect();
    let nearest = crate::suggest::closest(&to_text(&args[1]), texts.iter().map(|c| &**c));
    Ok(nearest.map_or(Obj::NONE, |name| t.str(name)))
}

/// Where in an expression its operator or brackets stand: start line, start column, end line, end column; or `None`.
fn anchors<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let Some(found) = carets::anchors(&to_text(&args[0])) else { return Ok(Obj::NONE) };
    let places = [found.start.line, found.start.column, found.end.line, found.end.column];
    let places = places.iter().map(|&n| int::from_usize(t, n)).collect();
    Ok(tuple::from_vec(t, places))
}

/// Are there carets under an expression in these lines?
fn show<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (start, end) = (t.index_i64(&args[0])?, t.index_i64(&args[1])?);
    let lines = t.collect(&args[2])?;
    let lines: Vec<Vec<char>> = lines.iter().map(|l| to_text(l).chars().collect()).collect();
    let clip = |n: i64| usize::try_from(n).unwrap_or(0);
    Ok(Obj::bool(frames::shows_carets(&lines, clip(start), clip(end))))
}

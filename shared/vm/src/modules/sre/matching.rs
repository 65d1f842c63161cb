//! `re.Match`.

use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::sre::engine::{Found, part};
use crate::modules::sre::pattern::{self, Pattern};
use crate::object::{Held, Layout, Obj, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::str::to_text;
use crate::types::{alias, dict, flags, int, tuple};
use crate::value::Word;

/// Payload of a match. Read-only.
pub struct Match<M: Memory> {
    pattern: Held<M>,
    string: Held<M>,
    found: Found,
    pos: usize,
    end: usize,
}

// SAFETY: told apart by shape; both references are visited.
unsafe impl<M: Memory> Payload<M> for Match<M> {
    const SHAPE: u32 = ids::SRE_MATCH;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.pattern.word());
        f(self.string.word());
    }
}

/// A match object.
pub fn new<M: Memory>(
    t: &Thread<M>,
    pattern: &Obj<M>,
    string: &Obj<M>,
    found: Found,
    pos: usize,
    end: usize,
) -> Obj<M> {
    let (pattern, string) = (Held::fresh(pattern.clone()), Held::fresh(string.clone()));
    t.alloc(Match { pattern, string, found, pos, end })
}

fn this<M: Memory>(obj: &Obj<M>) -> &Match<M> {
    &obj.cast::<Match<M>>().expect("methods of Match get one").body
}

fn of_pattern<M: Memory>(m: &Match<M>) -> &Pattern<M> {
    pattern::body(&m.pattern)
}

/// The number of a group given by number or name.
fn group_index<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &Obj<M>) -> Result<usize, Raise> {
    let m = this(obj);
    let index = if crate::import::is_str(key) {
        let table = (*of_pattern(m).groupindex).clone();
        dict::get(t, &table, key)?.and_then(|i| int::to_i64(&i))
    } else if t.class_of(key).body.slots.index.get().is_some() {
        Some(t.index_i64(key)?)
    } else {
        None
    };
    match index.and_then(|i| usize::try_from(i).ok()) {
        Some(i) if i < m.found.spans.len() => Ok(i),
        _ => Err(t.raise(Kind::IndexError, "no such group")),
    }
}

/// The text of a group, or the default where it took no part.
fn group_text<M: Memory>(t: &Thread<M>, obj: &Obj<M>, i: usize, default: Option<&Obj<M>>) -> Obj<M> {
    let m = this(obj);
    match m.found.spans[i] {
        Some((from, to)) => part(t, &m.string, from, to),
        None => default.cloned().unwrap_or(Obj::NONE),
    }
}

fn group<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let obj = &args[0];
    match args.rest {
        [] => Ok(group_text(t, obj, 0, None)),
        [one] => getitem(t, obj, one),
        many => {
            let mut items = Vec::new();
            for key in many {
                items.push(getitem(t, obj, key)?);
            }
            Ok(tuple::from_vec(t, items))
        }
    }
}

fn getitem<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &Obj<M>) -> R<M> {
    let i = group_index(t, obj, key)?;
    Ok(group_text(t, obj, i, None))
}

fn groups<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let n = this(&args[0]).found.spans.len();
    let items = (1..n).map(|i| group_text(t, &args[0], i, args.get(1))).collect();
    Ok(tuple::from_vec(t, items))
}

fn groupdict<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let result = dict::new(t);
    let table = (*of_pattern(this(&args[0])).groupindex).clone();
    for (name, index) in dict::items(t, &table) {
        let i = int::to_i64(&index).unwrap_or(0) as usize;
        let value = group_text(t, &args[0], i, args.get(1));
        dict::set(t, &result, name, value)?;
    }
    Ok(result)
}

fn span_of<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> Result<(i64, i64), Raise> {
    let i = match args.get(1) {
        Some(key) => group_index(t, &args[0], key)?,
        None => 0,
    };
    Ok(this(&args[0]).found.spans[i].map_or((-1, -1), |(from, to)| (from as i64, to as i64)))
}

fn pair<M: Memory>(t: &Thread<M>, (from, to): (i64, i64)) -> Obj<M> {
    tuple::from_vec(t, vec![int::from_i64(t, from), int::from_i64(t, to)])
}

fn regs<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let spans = this(obj).found.spans.iter();
    let spans = spans.map(|s| pair(t, s.map_or((-1, -1), |(from, to)| (from as i64, to as i64)))).collect();
    Ok(tuple::from_vec(t, spans))
}

fn lastgroup<M: Memory>(_: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let m = this(obj);
    let names = tuple::items(&of_pattern(m).indexgroup);
    Ok(if m.found.last == 0 { Obj::NONE } else { names.get(m.found.last).cloned().unwrap_or(Obj::NONE) })
}

fn lastindex<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    Ok(match this(obj).found.last {
        0 => Obj::NONE,
        last => int::from_i64(t, last as i64),
    })
}

fn expand<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (pattern, string) = ((*this(&args[0]).pattern).clone(), (*this(&args[0]).string).clone());
    let template = pattern::template_of(t, &pattern, &args[1])?;
    let mut parts = Vec::new();
    fill(t, &template, &string, &this(&args[0]).found, &mut parts);
    pattern::join(t, &string, &parts)
}

/// The parts of a filled template.
pub fn fill<M: Memory>(t: &Thread<M>, template: &[Obj<M>], string: &Obj<M>, found: &Found, parts: &mut Vec<Obj<M>>) {
    for item in template {
        match int::to_i64(item) {
            Some(group) => {
                if let Some(Some((from, to))) = found.spans.get(group as usize) {
                    parts.push(part(t, string, *from, *to));
                }
            }
            None => parts.push(item.clone()),
        }
    }
}

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let (from, to) = this(obj).found.whole();
    let text = group_text(t, obj, 0, None);
    let text = t.repr(&text)?;
    Ok(t.string(format!("<re.Match object; span=({from}, {to}), match={}>", to_text(&text))))
}

/// Defines the class.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Match<M>>(t, Builtin::SreMatch, "re.Match")
        .module("re")
        .is_final()
        .flag(flags::NO_NEW)
        .slots(|s| {
            s.repr.set(Some(repr));
            s.getitem.set(Some(getitem));
        })
        .method("group(self, /, *args)", group)
        .method("groups(self, /, default=None)", groups)
        .method("groupdict(self, /, default=None)", groupdict)
        .method("start(self, group=0, /)", |t, a| span_of(t, a).map(|s| int::from_i64(t, s.0)))
        .method("end(self, group=0, /)", |t, a| span_of(t, a).map(|s| int::from_i64(t, s.1)))
        .method("span(self, group=0, /)", |t, a| span_of(t, a).map(|s| pair(t, s)))
        .method("expand(self, /, template)", expand)
        .method("__copy__(self, /)", |_, a| Ok(a[0].clone()))
        .method("__deepcopy__(self, memo, /)", |_, a| Ok(a[0].clone()))
        .classmethod("__class_getitem__(cls, key, /)", alias::class_getitem)
        .getter("pos", |t, o| Ok(int::from_i64(t, this(o).pos as i64)))
        .getter("endpos", |t, o| Ok(int::from_i64(t, this(o).end as i64)))
        .getter("string", |_, o| Ok((*this(o).string).clone()))
        .getter("re", |_, o| Ok((*this(o).pattern).clone()))
        .getter("lastindex", lastindex)
        .getter("lastgroup", lastgroup)
        .getter("regs", regs)
        .finish();
}

//! `re.Pattern` and its scanners.

use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::sre::engine::{Found, How, Run, Subject, part, subject};
use crate::modules::sre::matching;
use crate::object::{Held, Layout, Locked, Obj, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::slots::CmpOp;
use crate::types::str::{TextBuf, from_buf, to_text, view};
use crate::types::{alias, bytes, flags, int, list, tuple};
use crate::value::Word;

/// Payload of a pattern. Read-only.
pub struct Pattern<M: Memory> {
    source: Held<M>,
    flags: i64,
    code: Box<[u32]>,
    groups: usize,
    /// Group numbers by name.
    pub groupindex: Held<M>,
    /// Group names by number.
    pub indexgroup: Held<M>,
    /// Is it for bytes? Unknown for a pattern made without a source.
    for_bytes: Option<bool>,
}

// SAFETY: told apart by shape; all references are visited.
unsafe impl<M: Memory> Payload<M> for Pattern<M> {
    const SHAPE: u32 = ids::SRE_PATTERN;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        for held in [&self.source, &self.groupindex, &self.indexgroup] {
            f(held.word());
        }
    }
}

/// Payload of a scanner and of the iterator of `finditer`: where to go on. Guarded by the section.
pub struct Scanner<M: Memory> {
    pattern: Held<M>,
    string: Held<M>,
    pos: usize,
    end: usize,
    /// Where to go on, whether an empty match there is refused, and matches found in advance, last first.
    place: Locked<(usize, bool, Option<Vec<Found>>)>,
}

// SAFETY: told apart by shape; both references are visited.
unsafe impl<M: Memory> Payload<M> for Scanner<M> {
    const SHAPE: u32 = ids::SRE_SCANNER;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.pattern.word());
        f(self.string.word());
    }
}

/// The payload of a pattern object.
pub fn body<M: Memory>(obj: &Obj<M>) -> &Pattern<M> {
    &obj.cast::<Pattern<M>>().expect("methods of Pattern get one").body
}

/// `_sre.compile(pattern, flags, code, groups, groupindex, indexgroup)`
pub fn compile<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mut code = Vec::new();
    for word in t.collect(&args[2])? {
        code.push(t.index_i64(&word)? as u32);
    }
    let source = args[0].clone();
    let for_bytes = if source.is_none() { None } else { Some(view(&source).is_none()) };
    let (flags, groups) = (t.index_i64(&args[1])?, t.index_i64(&args[3])? as usize);
    Ok(t.alloc(Pattern {
        source: Held::fresh(source),
        flags,
        code: code.into(),
        groups,
        groupindex: Held::fresh(args[4].clone()),
        indexgroup: Held::fresh(args[5].clone()),
        for_bytes,
    }))
}

// ---- One match.

fn bounds<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, len: usize) -> Result<(usize, usize), Raise> {
    let mut limit = |i: usize, default: usize| -> Result<usize, Raise> {
        match args.get(i) {
            Some(at) => Ok(t.index_i64(at)?.clamp(0, len as i64) as usize),
            None => Ok(default),
        }
    };
    Ok((limit(2, 0)?, limit(3, len)?))
}

fn once<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, how: How) -> R<M> {
    let p = body(&args[0]);
    let subject = subject(t, &args[1], p.for_bytes)?;
    let (pos, end) = bounds(t, args, subject.len())?;
    let found = Run::new(&subject, &p.code, p.groups, pos, end).next(how);
    Ok(found.map_or(Obj::NONE, |f| matching::new(t, &args[0], &args[1], f, pos, end)))
}

// ---- All matches.

/// Calls `f` with each match between the bounds, `most` at most (0: all).
fn each<M: Memory>(p: &Pattern<M>, subject: &Subject<'_>, pos: usize, end: usize, most: usize) -> Vec<Found> {
    let mut run = Run::new(subject, &p.code, p.groups, pos, end);
    let mut all = Vec::new();
    while (most == 0 || all.len() < most)
        && let Some(found) = run.next(How::Search)
    {
        all.push(found);
    }
    all
}

fn findall<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let p = body(&args[0]);
    let subject = subject(t, &args[1], p.for_bytes)?;
    let (pos, end) = bounds(t, args, subject.len())?;
    let empty = part(t, &args[1], 0, 0);
    let text = |t: &Thread<M>, span: Option<(usize, usize)>| match span {
        Some((from, to)) => part(t, &args[1], from, to),
        None => empty.clone(),
    };
    let mut items = Vec::new();
    let mut run = Run::new(&subject, &p.code, p.groups, pos, end);
    while let Some(found) = run.next(How::Search) {
        items.push(match p.groups {
            0 | 1 => text(t, found.spans[p.groups]),
            _ => {
                let groups = found.spans[1..].iter().map(|&s| text(t, s)).collect();
                tuple::from_vec(t, groups)
            }
        });
    }
    Ok(list::from_vec(t, items))
}

fn make_scanner<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, in_advance: bool) -> R<M> {
    let p = body(&args[0]);
    let subject = subject(t, &args[1], p.for_bytes)?;
    let (pos, end) = bounds(t, args, subject.len())?;
    // Text beyond ASCII is prepared anew for each run, so there all matches are found in one.
    let found = (in_advance && matches!(subject, Subject::Wide(..))).then(|| {
        let mut all = each(p, &subject, pos, end, 0);
        all.reverse();
        all
    });
    let (pattern, string) = (Held::fresh(args[0].clone()), Held::fresh(args[1].clone()));
    Ok(t.alloc(Scanner { pattern, string, pos, end, place: Locked::new((pos, false, found)) }))
}

fn step<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, how: How) -> R<M> {
    let scanner = obj.cast::<Scanner<M>>().expect("methods of a scanner get one");
    let s = &scanner.body;
    let (pattern, string) = ((*s.pattern).clone(), (*s.string).clone());
    let p = body(&pattern);
    let (start, must_advance, ready) =
        s.place.with(t, &scanner.head, |place| (place.0, place.1, place.2.as_mut().map(Vec::pop)));
    let found = match ready {
        Some(found) => found,
        None => {
            let subject = subject(t, &string, p.for_bytes)?;
            let mut run = Run::new(&subject, &p.code, p.groups, start, s.end);
            run.resume(start, must_advance);
            let found = run.next(how);
            let next = found.as_ref().map_or((usize::MAX, false), |f| (f.whole().1, f.whole().0 == f.whole().1));
            s.place.with(t, &scanner.head, |place| (place.0, place.1) = next);
            found
        }
    };
    Ok(found.map_or(Obj::NONE, |f| matching::new(t, &pattern, &string, f, s.pos, s.end)))
}

fn finditer<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    make_scanner(t, args, true)
}

fn next<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
    let found = step(t, obj, How::Search)?;
    Ok(if found.is_none() { None } else { Some(found) })
}

fn split<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let p = body(&args[0]);
    let subject = subject(t, &args[1], p.for_bytes)?;
    let most = match args.get(2) {
        Some(most) => t.index_i64(most)?,
        None => 0,
    };
    let mut items = Vec::new();
    let mut last = 0;
    let all = if most < 0 { Vec::new() } else { each(p, &subject, 0, subject.len(), most as usize) };
    for found in &all {
        let (from, to) = found.whole();
        items.push(part(t, &args[1], last, from));
        for span in &found.spans[1..] {
            items.push(span.map_or(Obj::NONE, |(a, b)| part(t, &args[1], a, b)));
        }
        last = to;
    }
    items.push(part(t, &args[1], last, subject.len()));
    Ok(list::from_vec(t, items))
}

// ---- Substitution.

/// A replacement as literals and group numbers.
pub fn template_of<M: Memory>(t: &mut Thread<M>, pattern: &Obj<M>, repl: &Obj<M>) -> Result<Vec<Obj<M>>, Raise> {
    let plain = match view(repl) {
        Some(text) => !text.chars().any(|c| c == b'\\' as u32),
        None => bytes::view(repl).is_some_and(|b| !b.contains(&b'\\')),
    };
    if plain {
        return Ok(vec![repl.clone()]);
    }
    let f = crate::import::attribute(t, "re", "_compile_template")?;
    let template = t.call(&f, &[pattern.clone(), repl.clone()])?;
    t.collect(&template)
}

/// Joins parts to a string or bytes, as the subject is.
pub fn join<M: Memory>(t: &mut Thread<M>, like: &Obj<M>, parts: &[Obj<M>]) -> R<M> {
    if view(like).is_some() {
        let mut text = TextBuf::new();
        for part in parts {
            match view(part) {
                Some(piece) => text.push_text(piece),
                None => return Err(wrong_item(t, part, "str")),
            }
        }
        return Ok(from_buf(t, text));
    }
    let mut all = Vec::new();
    for part in parts {
        match bytes::view(part) {
            Some(piece) => all.extend_from_slice(piece),
            None => return Err(wrong_item(t, part, "a bytes-like object")),
        }
    }
    Ok(bytes::from_slice(t, &all))
}

fn wrong_item<M: Memory>(t: &mut Thread<M>, item: &Obj<M>, wanted: &str) -> Raise {
    let class = t.class_name(item);
    t.raise(Kind::TypeError, format!("sequence item 0: expected {wanted} instance, {class} found"))
}

fn substitute<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> Result<(Obj<M>, usize), Raise> {
    let p = body(&args[0]);
    let (repl, string) = (&args[1], &args[2]);
    let template = if t.is_callable(repl) { None } else { Some(template_of(t, &args[0], repl)?) };
    let subject = subject(t, string, p.for_bytes)?;
    let most = match args.get(3) {
        Some(most) => t.index_i64(most)?.max(0) as usize,
        None => 0,
    };
    let len = subject.len();
    let all = each(p, &subject, 0, len, most);
    let count = all.len();
    if count == 0 {
        return Ok((part(t, string, 0, len), 0));
    }
    let mut parts = Vec::new();
    let mut last = 0;
    for found in all {
        let (from, to) = found.whole();
        if from > last {
            parts.push(part(t, string, last, from));
        }
        last = to;
        match &template {
            Some(template) => matching::fill(t, template, string, &found, &mut parts),
            None => {
                let found = matching::new(t, &args[0], string, found, 0, len);
                let piece = t.call(repl, &[found])?;
                if !piece.is_none() {
                    parts.push(piece);
                }
            }
        }
    }
    if last < len {
        parts.push(part(t, string, last, len));
    }
    Ok((join(t, string, &parts)?, count))
}

fn subn<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (text, count) = substitute(t, args)?;
    let count = int::from_i64(t, count as i64);
    Ok(tuple::from_vec(t, vec![text, count]))
}

// ---- The rest.

const FLAG_NAMES: [(i64, &str); 8] = [
    (2, "re.IGNORECASE"),
    (4, "re.LOCALE"),
    (8, "re.MULTILINE"),
    (16, "re.DOTALL"),
    (32, "re.UNICODE"),
    (64, "re.VERBOSE"),
    (128, "re.DEBUG"),
    (256, "re.ASCII"),
];

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let p = body(obj);
    let (source, mut bits) = ((*p.source).clone(), p.flags);
    if p.for_bytes == Some(false) && bits & (4 | 32 | 256) == 32 {
        bits &= !32;
    }
    let shown = t.repr(&source)?;
    let shown: String = to_text(&shown).chars().take(200).collect();
    let mut names: Vec<String> =
        FLAG_NAMES.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, name)| name.to_string()).collect();
    let rest = FLAG_NAMES.iter().fold(bits, |rest, (bit, _)| rest & !bit);
    if rest != 0 {
        names.push(format!("{rest:#x}"));
    }
    let flags = if names.is_empty() { String::new() } else { format!(", {}", names.join("|")) };
    Ok(t.string(format!("re.compile({shown}{flags})")))
}

fn compare<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    let (Some(x), Some(y)) = (a.cast::<Pattern<M>>(), b.cast::<Pattern<M>>()) else {
        return Ok(Obj::not_implemented());
    };
    let (x, y) = (&x.body, &y.body);
    let same = x.flags == y.flags && x.code == y.code && x.for_bytes == y.for_bytes && t.eq(&x.source, &y.source)?;
    match op {
        CmpOp::Eq => Ok(Obj::bool(same)),
        CmpOp::Ne => Ok(Obj::bool(!same)),
        _ => Ok(Obj::not_implemented()),
    }
}

fn hash<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<i64, Raise> {
    let p = body(obj);
    let source = (*p.source).clone();
    let code = p.code.iter().fold(p.flags, |h, &w| h.wrapping_mul(31).wrapping_add(w as i64));
    Ok(t.hash(&source)? ^ (code & i64::MAX))
}

fn groupindex<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let table = (*body(obj).groupindex).clone();
    let class = t.builtin(Builtin::MappingProxy).to_obj();
    t.call(&class, &[table])
}

/// Defines both classes.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Pattern<M>>(t, Builtin::SrePattern, "re.Pattern")
        .module("re")
        .is_final()
        .flag(flags::NO_NEW)
        .slots(|s| {
            s.repr.set(Some(repr));
            s.compare.set(Some(compare));
            s.hash.set(Some(hash));
        })
        .method("match(self, /, string, pos=0, endpos=sys.maxsize)", |t, a| once(t, a, How::Match))
        .method("fullmatch(self, /, string, pos=0, endpos=sys.maxsize)", |t, a| once(t, a, How::Full))
        .method("search(self, /, string, pos=0, endpos=sys.maxsize)", |t, a| once(t, a, How::Search))
        .method("findall(self, /, string, pos=0, endpos=sys.maxsize)", findall)
        .method("finditer(self, /, string, pos=0, endpos=sys.maxsize)", finditer)
        .method("scanner(self, /, string, pos=0, endpos=sys.maxsize)", |t, a| make_scanner(t, a, false))
        .method("split(self, /, string, maxsplit=0)", split)
        .method("sub(self, /, repl, string, count=0)", |t, a| substitute(t, a).map(|s| s.0))
        .method("subn(self, /, repl, string, count=0)", subn)
        .method("__copy__(self, /)", |_, a| Ok(a[0].clone()))
        .method("__deepcopy__(self, memo, /)", |_, a| Ok(a[0].clone()))
        .classmethod("__class_getitem__(cls, key, /)", alias::class_getitem)
        .getter("pattern", |_, o| Ok((*body(o).source).clone()))
        .getter("flags", |t, o| Ok(int::from_i64(t, body(o).flags)))
        .getter("groups", |t, o| Ok(int::from_i64(t, body(o).groups as i64)))
        .getter("groupindex", groupindex)
        .finish();
    Builder::new::<Scanner<M>>(t, Builtin::SreScanner, "_sre.SRE_Scanner")
        .module("_sre")
        .is_final()
        .flag(flags::NO_NEW)
        .slots(|s| {
            s.iter.set(Some(|_, it| Ok(it.clone())));
            s.next.set(Some(next));
        })
        .method("match(self, /)", |t, a| step(t, &a[0], How::Match))
        .method("search(self, /)", |t, a| step(t, &a[0], How::Search))
        .getter("pattern", |_, o| Ok(o.cast::<Scanner<M>>().map_or(Obj::NONE, |s| (*s.body.pattern).clone())))
        .finish();
}

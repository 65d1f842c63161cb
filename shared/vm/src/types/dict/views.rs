//! `dict_keys`, `dict_values` and `dict_items`: live views; the first and the last behave like sets.

use super::iterators::{self, Part};
use super::{DictObj, cast, contains, get_hashed, hash_in, items, keys, values};
use crate::args::Args;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Held, Layout, Obj, Object, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::sequence;
use crate::types::set;
use crate::types::slots::{BinOp, CmpOp, Slots};
use crate::types::{flags, mappingproxy, tuple};
use crate::value::Word;

/// A view; its shape says of what.
pub struct DictView<M: Memory> {
    dict: Held<M>,
}

// SAFETY: the layout `DictView` is this struct's alone; the one reference is visited.
unsafe impl<M: Memory> Payload<M> for DictView<M> {
    const SHAPE: u32 = ids::DICT_KEYS;
    const LAYOUT: Layout = Layout::DictView;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.dict.word());
    }
}

/// A view of a dict.
pub fn new<M: Memory>(ctx: &Context<M>, dict: &Obj<M>, part: Part) -> Obj<M> {
    let shape = match part {
        Part::Keys => ids::DICT_KEYS,
        Part::Values => ids::DICT_VALUES,
        Part::Items => ids::DICT_ITEMS,
    };
    ctx.alloc_shape(shape, size_of::<Object<M, DictView<M>>>(), DictView { dict: Held::fresh(dict.clone()) })
}

fn part<M: Memory>(view: &Obj<M>) -> Option<Part> {
    match view.shape() {
        ids::DICT_KEYS => Some(Part::Keys),
        ids::DICT_VALUES => Some(Part::Values),
        ids::DICT_ITEMS => Some(Part::Items),
        _ => None,
    }
}

fn this<'a, M: Memory>(t: &mut Thread<M>, view: &'a Obj<M>) -> Result<(&'a Obj<M>, &'a DictObj<M>, Part), Raise> {
    if let Some(part) = part(view) {
        // SAFETY: these shapes stand for this payload.
        let dict: &Obj<M> = &unsafe { view.cast_unchecked::<DictView<M>>() }.body.dict;
        if let Some(d) = cast(dict) {
            return Ok((dict, d, part));
        }
    }
    let class = t.class_name(view);
    Err(t.raise(Kind::TypeError, format!("descriptor doesn't apply to a '{class}' object")))
}

fn iter<M: Memory>(t: &mut Thread<M>, view: &Obj<M>) -> R<M> {
    let (dict, _, part) = this(t, view)?;
    Ok(iterators::new(t, dict, part, false))
}

fn reversed<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (dict, _, part) = this(t, &args[0])?;
    Ok(iterators::new(t, dict, part, true))
}

fn len<M: Memory>(t: &mut Thread<M>, view: &Obj<M>) -> Result<usize, Raise> {
    Ok(this(t, view)?.1.body.len())
}

/// New handles on what a view shows, at one moment; `None` if it is no view.
pub fn snapshot<M: Memory>(ctx: &Context<M>, view: &Obj<M>) -> Option<Vec<Obj<M>>> {
    let dict = dict_of(view)?;
    Some(match part(view)? {
        Part::Keys => keys(ctx, dict),
        Part::Values => values(ctx, dict),
        Part::Items => items(ctx, dict).into_iter().map(|(k, v)| tuple::from_array(ctx, [k, v])).collect(),
    })
}

fn repr<M: Memory>(t: &mut Thread<M>, view: &Obj<M>) -> R<M> {
    let items = snapshot(t, view).unwrap_or_default();
    let name = t.class_name(view);
    sequence::repr_guarded(t, view, "...", |t| {
        let mut text = format!("{name}([");
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                text.push_str(", ");
            }
            sequence::push_repr(t, &mut text, item)?;
        }
        text.push_str("])");
        Ok(text)
    })
}

fn contains_slot<M: Memory>(t: &mut Thread<M>, view: &Obj<M>, item: &Obj<M>) -> Result<bool, Raise> {
    let (_, d, part) = this(t, view)?;
    if part == Part::Keys {
        return contains(t, d, item);
    }
    let [key, value] = tuple::items(item) else { return Ok(false) };
    let hash = hash_in(t, key, "dict key")?;
    match get_hashed(t, d, key, hash)? {
        Some(found) => t.eq(&found, value),
        None => Ok(false),
    }
}

/// A set or a view that behaves like one.
fn is_setlike<M: Memory>(obj: &Obj<M>) -> bool {
    set::cast(obj).is_some() || matches!(part(obj), Some(Part::Keys | Part::Items))
}

fn all_in<M: Memory>(t: &mut Thread<M>, items: &Obj<M>, container: &Obj<M>) -> Result<bool, Raise> {
    let it = t.iter(items)?;
    while let Some(item) = t.next(&it)? {
        if !t.contains(container, &item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn compare<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    if !is_setlike(a) || !is_setlike(b) {
        return Ok(Obj::not_implemented());
    }
    let (m, n) = (t.len(a)?, t.len(b)?);
    let answer = match op {
        CmpOp::Eq => m == n && all_in(t, a, b)?,
        CmpOp::Ne => m != n || !all_in(t, a, b)?,
        CmpOp::Lt => m < n && all_in(t, a, b)?,
        CmpOp::Le => m <= n && all_in(t, a, b)?,
        CmpOp::Gt => m > n && all_in(t, b, a)?,
        CmpOp::Ge => m >= n && all_in(t, b, a)?,
    };
    Ok(Obj::bool(answer))
}

fn difference<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let result = set::from_iterable(t, a)?;
    let target = set::cast(&result).expect("a set was made");
    set::operators::difference_update(t, target, b)?;
    Ok(result)
}

fn union<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let result = set::from_iterable(t, a)?;
    let target = set::cast(&result).expect("a set was made");
    set::update(t, target, b)?;
    Ok(result)
}

fn intersection<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    // The view is asked; the other operand (the shorter of two set-likes) is walked.
    let (mut asked, mut walked) = if matches!(part(a), Some(Part::Keys | Part::Items)) { (a, b) } else { (b, a) };
    if is_setlike(walked) && t.len(walked)? > t.len(asked)? {
        std::mem::swap(&mut asked, &mut walked);
    }
    let result = set::new(t);
    let it = t.iter(walked)?;
    while let Some(item) = t.next(&it)? {
        if t.contains(asked, &item)? {
            set::add(t, &result, item)?;
        }
    }
    Ok(result)
}

fn symmetric_difference<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let result = set::from_iterable(t, a)?;
    let target = set::cast(&result).expect("a set was made");
    let other = set::from_iterable(t, b)?;
    set::operators::symmetric_difference_update(t, target, &other)?;
    Ok(result)
}

fn isdisjoint<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    this(t, &args[0])?;
    let (mut asked, mut walked) = (&args[0], &args[1]);
    if is_setlike(walked) && t.len(walked)? > t.len(asked)? {
        std::mem::swap(&mut asked, &mut walked);
    }
    let it = t.iter(walked)?;
    while let Some(item) = t.next(&it)? {
        if t.contains(asked, &item)? {
            return Ok(Obj::bool(false));
        }
    }
    Ok(Obj::bool(true))
}

fn mapping<M: Memory>(t: &mut Thread<M>, view: &Obj<M>) -> R<M> {
    let (dict, ..) = this(t, view)?;
    Ok(mappingproxy::new(t, dict.clone()))
}

fn set_slots<M: Memory>(s: &Slots<M>) {
    s.compare.set(Some(compare));
    s.contains.set(Some(contains_slot));
    s.bin[BinOp::Sub as usize].set(Some(difference));
    s.bin[BinOp::Or as usize].set(Some(union));
    s.bin[BinOp::And as usize].set(Some(intersection));
    s.bin[BinOp::Xor as usize].set(Some(symmetric_difference));
}

/// Makes the types.
pub(super) fn define<M: Memory>(t: &mut Thread<M>) {
    for (id, name) in
        [(Builtin::DictKeys, "dict_keys"), (Builtin::DictValues, "dict_values"), (Builtin::DictItems, "dict_items")]
    {
        let b = Builder::new::<DictView<M>>(t, id, name)
            .is_final()
            .flag(flags::NO_NEW)
            .slots(|s| {
                s.repr.set(Some(repr));
                s.len.set(Some(len));
                s.iter.set(Some(iter));
            })
            .method("__reversed__(self, /)", reversed)
            .getter("mapping", mapping);
        if id == Builtin::DictValues {
            b.finish();
        } else {
            b.slots(set_slots).attr("__hash__", Obj::NONE).method("isdisjoint(self, other, /)", isdisjoint).finish();
        }
    }
}

/// The dict behind a view.
pub fn dict_of<M: Memory>(view: &Obj<M>) -> Option<&Obj<M>> {
    part(view)?;
    // SAFETY: these shapes stand for this payload.
    Some(&unsafe { view.cast_unchecked::<DictView<M>>() }.body.dict)
}

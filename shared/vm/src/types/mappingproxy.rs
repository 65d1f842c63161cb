//! `mappingproxy`: a read-only view of a mapping (the namespace of a class).

use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Held, Layout, Obj, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::sequence::{self, this};
use crate::types::slots::{BinOp, CmpOp};
use crate::types::str::to_text;
use crate::types::{TypeObj, flags};
use crate::value::Word;

/// The mapping that is shown.
pub struct MappingProxy<M: Memory> {
    mapping: Held<M>,
}

// SAFETY: the layout `MappingProxy` is this struct's alone; the one reference is visited.
unsafe impl<M: Memory> Payload<M> for MappingProxy<M> {
    const SHAPE: u32 = ids::MAPPING_PROXY;
    const LAYOUT: Layout = Layout::MappingProxy;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.mapping.word());
    }
}

/// A proxy of a mapping.
pub fn new<M: Memory>(ctx: &Context<M>, mapping: Obj<M>) -> Obj<M> {
    ctx.alloc(MappingProxy { mapping: Held::fresh(mapping) })
}

fn inner<'a, M: Memory>(t: &mut Thread<M>, obj: &'a Obj<M>) -> Result<&'a Obj<M>, Raise> {
    Ok(&this::<M, MappingProxy<M>>(t, obj)?.body.mapping)
}

/// The mapping behind a proxy; any other object stands for itself.
fn unwrap<M: Memory>(obj: &Obj<M>) -> &Obj<M> {
    obj.exact::<MappingProxy<M>>().map_or(obj, |p| &p.body.mapping)
}

fn construct<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [mapping] = sequence::bind(t, "mappingproxy", ["mapping"], 1, 0, call)?;
    let mapping = mapping.expect("required");
    let class = &t.class_of(mapping).body;
    let sequence = class.has(flags::SEQUENCE) || matches!(mapping.shape(), ids::STR | ids::BYTES | ids::BYTEARRAY);
    if class.slots.getitem.get().is_none() || sequence {
        let class = t.class_name(mapping);
        return Err(t.raise(Kind::TypeError, format!("mappingproxy() argument must be a mapping, not {class}")));
    }
    Ok(new(t, mapping.clone()))
}

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let mapping = inner(t, obj)?;
    let shown = t.repr(mapping)?;
    Ok(t.string(format!("mappingproxy({})", to_text(&shown))))
}

fn compare<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    t.compare(unwrap(a), unwrap(b), op)
}

fn or<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    t.binary(BinOp::Or, unwrap(a), unwrap(b))
}

fn inplace_or<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, _: &Obj<M>) -> R<M> {
    let class = t.class_name(a);
    Err(t.raise(Kind::TypeError, format!("'|=' is not supported by {class}; use '|' instead")))
}

macro_rules! forward {
    ($($name:ident $method:literal)*) => {
        $(fn $name<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
            let mapping = inner(t, &args[0])?;
            let given = args.slots[1..].iter().take_while(|o| !o.is_null()).count();
            t.call_method(mapping, $method, &args.slots[1..1 + given])
        })*
    };
}

forward! { get "get" keys "keys" values "values" items "items" copy "copy" reversed "__reversed__" }

/// Makes the type.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<MappingProxy<M>>(t, Builtin::MappingProxy, "mappingproxy")
        .is_final()
        .flag(flags::MAPPING)
        .doc("Read-only proxy of a mapping.")
        .slots(|s| {
            s.new.set(Some(construct));
            s.repr.set(Some(repr));
            s.str.set(Some(|t, o| {
                let mapping = inner(t, o)?;
                t.str_of(mapping)
            }));
            s.compare.set(Some(compare));
            s.hash.set(Some(|t, o| {
                let mapping = inner(t, o)?;
                t.hash(mapping)
            }));
            s.len.set(Some(|t, o| {
                let mapping = inner(t, o)?;
                t.len(mapping)
            }));
            s.iter.set(Some(|t, o| {
                let mapping = inner(t, o)?;
                t.iter(mapping)
            }));
            s.getitem.set(Some(|t, o, key| {
                let mapping = inner(t, o)?;
                t.getitem(mapping, key)
            }));
            s.contains.set(Some(|t, o, key| {
                let mapping = inner(t, o)?;
                t.contains(mapping, key)
            }));
            s.bin[BinOp::Or as usize].set(Some(or));
            s.inplace[BinOp::Or as usize].set(Some(inplace_or));
        })
        .method("get(self, key, default=None, /)", get)
        .method("keys(self, /)", keys)
        .method("values(self, /)", values)
        .method("items(self, /)", items)
        .method("copy(self, /)", copy)
        .method("__reversed__(self, /)", reversed)
        .classmethod("__class_getitem__(cls, item, /)", crate::types::alias::class_getitem)
        .finish();
}

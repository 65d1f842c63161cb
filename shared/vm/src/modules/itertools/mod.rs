//! `itertools`: all of its iterators. State that one step changes in several places is behind the object's section;
//! Python code runs outside of it. Threads that share an iterator may get an item twice or miss one (`count` excepted,
//! which programs use to number things); nothing breaks.

mod chains;
mod combinatoric;
mod grouping;
mod numbers;
mod selecting;

use crate::context::Thread;
use crate::memory::{Memory, Section};
use crate::modules::Maker;
use crate::object::{Obj, Object, Payload, R, Slot};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::iterators::{self, Next};

/// An iterator with references that never change, with slots that do, and with other fields.
macro_rules! stateful {
    ($(#[$doc:meta])* $name:ident $shape:ident { $($held:ident),* } [ $($slot:ident),* ] $($field:ident: $ty:ty),*) => {
        $(#[$doc])*
        pub(super) struct $name<M: Memory> { $($held: Held<M>,)* $($slot: Slot<M>,)* $($field: $ty,)* }
        // SAFETY: told apart by its shape, which is this struct's alone; all references are visited.
        unsafe impl<M: Memory> Payload<M> for $name<M> {
            const SHAPE: u32 = ids::$shape;
            const LAYOUT: Layout = Layout::Other;
            #[allow(unused_variables)]
            fn visit(&self, f: &mut dyn FnMut(Word)) {
                $(f(self.$held.word());)*
                $(f(self.$slot.word());)*
            }
        }
    };
}
pub(super) use stateful;

/// Replaces what a slot holds; `None` empties it.
fn put<M: Memory, P>(t: &mut Thread<M>, object: &Object<M, P>, slot: &Slot<M>, value: Option<Obj<M>>) {
    let old = {
        let s = Section::<M>::enter(t, &object.head);
        match value {
            Some(value) => slot.set(&s, &object.head, value),
            None => slot.take(&s),
        }
    };
    drop(old);
}

/// An iterator type of this module on its way.
fn builder<'a, M: Memory, P: Payload<M>>(
    t: &'a mut Thread<M>,
    id: Builtin,
    name: &'static str,
    next: fn(&mut Thread<M>, &Obj<M>) -> Next<M>,
) -> Builder<'a, M> {
    iterators::builder::<M, P>(t, id, name, next).module("itertools")
}

fn define<M: Memory>(t: &mut Thread<M>) {
    if t.interp.shapes.try_class(ids::COUNT_ITER).is_some() {
        return;
    }
    numbers::define(t);
    chains::define(t);
    selecting::define(t);
    combinatoric::define(t);
    grouping::define(t);
}

/// Makes the module.
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    define(t);
    let names = [
        ("count", Builtin::Count),
        ("cycle", Builtin::Cycle),
        ("repeat", Builtin::Repeat),
        ("accumulate", Builtin::Accumulate),
        ("batched", Builtin::Batched),
        ("chain", Builtin::Chain),
        ("combinations", Builtin::Combinations),
        ("combinations_with_replacement", Builtin::CombinationsReplacement),
        ("compress", Builtin::Compress),
        ("dropwhile", Builtin::DropWhile),
        ("filterfalse", Builtin::FilterFalse),
        ("groupby", Builtin::GroupBy),
        ("islice", Builtin::ISlice),
        ("pairwise", Builtin::Pairwise),
        ("permutations", Builtin::Permutations),
        ("product", Builtin::Product),
        ("starmap", Builtin::StarMap),
        ("takewhile", Builtin::TakeWhile),
        ("zip_longest", Builtin::ZipLongest),
        ("_grouper", Builtin::Grouper),
        ("_tee", Builtin::Tee),
    ];
    let maker = Maker::new(t, "itertools").doc("Functional tools for creating and using iterators.");
    names
        .into_iter()
        .fold(maker, |m, (name, id)| m.class(name, id))
        .function("tee(iterable, n=2, /)", grouping::tee)
        .finish()
}

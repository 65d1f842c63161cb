//! The constants of one code object, each once. `1`, `1.0` and `True` are different constants, as are `0.0` and `-0.0`.

use std::collections::HashMap;
use std::sync::Arc;

use num_bigint::BigInt;

use crate::code::{Code, Const};

#[derive(PartialEq, Eq, Hash)]
enum Key {
    None,
    Ellipsis,
    Bool(bool),
    Int(i64),
    Big(BigInt),
    Float(u64),
    Complex(u64, u64),
    Str(Arc<str>),
    Wide(Arc<[u32]>),
    Bytes(Arc<[u8]>),
    Tuple(Vec<Key>),
    FrozenSet(Vec<Key>),
    Code(*const Code),
}

fn key(value: &Const) -> Key {
    match value {
        Const::None => Key::None,
        Const::Ellipsis => Key::Ellipsis,
        Const::Bool(b) => Key::Bool(*b),
        Const::Int(n) => Key::Int(*n),
        Const::Big(n) => Key::Big(n.clone()),
        Const::Float(x) => Key::Float(x.to_bits()),
        Const::Complex(re, im) => Key::Complex(re.to_bits(), im.to_bits()),
        Const::Str(s) => Key::Str(s.clone()),
        Const::Wide(s) => Key::Wide(s.clone()),
        Const::Bytes(s) => Key::Bytes(s.clone()),
        Const::Tuple(items) => Key::Tuple(items.iter().map(key).collect()),
        Const::FrozenSet(items) => Key::FrozenSet(items.iter().map(key).collect()),
        Const::Code(code) => Key::Code(Arc::as_ptr(code)),
    }
}

/// A growing list of constants.
#[derive(Default)]
pub(crate) struct Consts {
    list: Vec<Const>,
    map: HashMap<Key, u32>,
}

impl Consts {
    /// The index of that constant.
    pub(crate) fn add(&mut self, value: &Const) -> u32 {
        let next = self.list.len() as u32;
        let index = *self.map.entry(key(value)).or_insert(next);
        if index == next {
            self.list.push(value.clone());
        }
        index
    }

    pub(crate) fn finish(self) -> Box<[Const]> {
        self.list.into()
    }
}

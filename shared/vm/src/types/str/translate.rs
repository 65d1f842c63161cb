//! Character by character: `translate` and `maketrans`.

use super::arg::{self, me};
use super::payload::from_buf;
use super::text::{Text, TextBuf};
use super::view;
use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::build::Builder;
use crate::types::{dict, ids, int};

/// What a table says about one character.
enum Entry<M: Memory> {
    Same,
    Nothing,
    Char(u32),
    Text(Obj<M>),
}

impl<M: Memory> Clone for Entry<M> {
    fn clone(&self) -> Self {
        match self {
            Entry::Same => Entry::Same,
            Entry::Nothing => Entry::Nothing,
            Entry::Char(c) => Entry::Char(*c),
            Entry::Text(o) => Entry::Text(o.clone()),
        }
    }
}

fn look_up<M: Memory>(t: &mut Thread<M>, table: &Obj<M>, c: u32) -> Result<Entry<M>, Raise> {
    let key = int::from_i64(t, c as i64);
    let found = if table.shape() == ids::DICT {
        dict::get(t, table, &key)?
    } else {
        match t.getitem(table, &key) {
            Ok(value) => Some(value),
            Err(_) if t.raised_is(Kind::LookupError) => {
                t.clear_raised();
                None
            }
            Err(e) => return Err(e),
        }
    };
    let Some(value) = found else { return Ok(Entry::Same) };
    if value.is_none() {
        return Ok(Entry::Nothing);
    }
    if view(&value).is_some() {
        return Ok(Entry::Text(value));
    }
    match int::to_big(&value).map(|_| int::to_i64(&value)) {
        Some(Some(c)) if (0..0x11_0000).contains(&c) => Ok(Entry::Char(c as u32)),
        Some(_) => Err(t.raise(Kind::ValueError, "character mapping must be in range(0x110000)")),
        None => Err(t.raise(Kind::TypeError, "character mapping must return integer, None or str")),
    }
}

fn translate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = me(&args);
    let mut seen: Vec<Option<Entry<M>>> = vec![None; 128];
    let mut out = TextBuf::with_capacity(s.len());
    for i in 0..s.len() {
        let c = s.at(i);
        let entry = match seen.get(c as usize) {
            Some(Some(entry)) => entry.clone(),
            slot => {
                let remember = slot.is_some();
                let entry = look_up(t, &args[1], c)?;
                if remember {
                    seen[c as usize] = Some(entry.clone());
                }
                entry
            }
        };
        match entry {
            Entry::Same => out.push(c),
            Entry::Nothing => {}
            Entry::Char(c) => out.push(c),
            Entry::Text(text) => out.push_text(view(&text).unwrap_or(Text::EMPTY)),
        }
    }
    Ok(from_buf(t, out))
}

fn maketrans<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let table = dict::new(t);
    let Some(to) = args.get(1) else {
        return table_of_dict(t, &args[0], table);
    };
    let Some(from) = view(&args[0]) else {
        let message = "first maketrans argument must be a string if there is a second argument";
        return Err(t.raise(Kind::TypeError, message));
    };
    let to = arg::text(t, to, "maketrans() argument 2")?;
    if from.len() != to.len() {
        return Err(t.raise(Kind::ValueError, "the first two maketrans arguments must have equal length"));
    }
    for i in 0..from.len() {
        let (key, value) = (int::from_i64(t, from.at(i) as i64), int::from_i64(t, to.at(i) as i64));
        dict::set(t, &table, key, value)?;
    }
    if let Some(gone) = args.get(2) {
        let gone = arg::text(t, gone, "maketrans() argument 3")?;
        for c in gone.chars() {
            let key = int::from_i64(t, c as i64);
            dict::set(t, &table, key, Obj::NONE)?;
        }
    }
    Ok(table)
}

fn table_of_dict<M: Memory>(t: &mut Thread<M>, from: &Obj<M>, table: Obj<M>) -> R<M> {
    if from.shape() != ids::DICT {
        let message = "if you give only one argument to maketrans it must be a dict";
        return Err(t.raise(Kind::TypeError, message));
    }
    for (key, value) in dict::items(t, from) {
        let key = match view(&key) {
            Some(text) if text.len() == 1 => int::from_i64(t, text.at(0) as i64),
            Some(_) => return Err(t.raise(Kind::ValueError, "string keys in translate table must be of length 1")),
            None if int::to_big(&key).is_some() => key,
            None => {
                return Err(t.raise(Kind::TypeError, "keys in translate table must be strings or integers"));
            }
        };
        dict::set(t, &table, key, value)?;
    }
    Ok(table)
}

/// Adds the methods of this file.
pub(super) fn add<M: Memory>(b: Builder<'_, M>) -> Builder<'_, M> {
    b.method("translate(self, table, /)", translate).staticmethod("maketrans(x, y=None, z=None, /)", maketrans)
}

//! Interned strings: one immortal object per text, so that names compare by identity.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};

use dashmap::DashMap;
use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;

use super::hash::SipKey;
use super::payload::immortal;
use super::text::{Text, TextBuf};
use crate::context::Context;
use crate::memory::Memory;
use crate::object::{Obj, Val};
use crate::value::Word;

/// The interned strings of an interpreter.
pub struct Interned<M: Memory> {
    /// Objects by hash; more than one only when hashes collide.
    table: DashMap<i64, SmallVec<[Word; 2]>, FxBuildHasher>,
    /// The strings of one character below 256, made on first use.
    chars: Box<[AtomicU64; 256]>,
    empty: AtomicU64,
    memory: PhantomData<fn() -> M>,
}

impl<M: Memory> Default for Interned<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M: Memory> Interned<M> {
    /// An empty table.
    pub fn new() -> Self {
        Interned {
            table: DashMap::default(),
            chars: Box::new([const { AtomicU64::new(Word::NULL.0) }; 256]),
            empty: AtomicU64::new(Word::NULL.0),
            memory: PhantomData,
        }
    }

    /// The interned string with this text, whose kind is canonical (wide only if it must be).
    pub fn get(&self, ctx: &Context<M>, text: Text<'_>) -> Obj<M> {
        self.get_hashed(ctx, text, SipKey::new(ctx.interp.hash_seed).text(text))
    }

    pub(super) fn get_hashed(&self, ctx: &Context<M>, text: Text<'_>, hash: i64) -> Obj<M> {
        if let Some(found) = self.table.get(&hash).and_then(|words| find::<M>(&words, text)) {
            return handle(ctx, found);
        }
        let new = immortal(ctx, text, hash);
        let mut words = self.table.entry(hash).or_default();
        match find::<M>(&words, text) {
            // Another thread was faster; ours stays behind as a spare immortal, which is rare and small.
            Some(found) => handle(ctx, found),
            None => {
                words.push(new.word().as_counted());
                new
            }
        }
    }

    /// The string of one character below 256.
    #[inline(always)]
    pub fn char(&self, ctx: &Context<M>, c: u32) -> Obj<M> {
        let word = Word(self.chars[c as usize].load(Ordering::Acquire));
        if word != Word::NULL { handle(ctx, word) } else { self.char_slow(ctx, c) }
    }

    #[cold]
    fn char_slow(&self, ctx: &Context<M>, c: u32) -> Obj<M> {
        let mut buf = TextBuf::new();
        buf.push(c);
        let obj = self.get(ctx, buf.as_text());
        self.chars[c as usize].store(obj.word().as_counted().0, Ordering::Release);
        obj
    }

    /// The empty string.
    #[inline(always)]
    pub fn empty(&self, ctx: &Context<M>) -> Obj<M> {
        let word = Word(self.empty.load(Ordering::Acquire));
        if word != Word::NULL {
            return handle(ctx, word);
        }
        let obj = self.get(ctx, Text::EMPTY);
        self.empty.store(obj.word().as_counted().0, Ordering::Release);
        obj
    }
}

fn handle<M: Memory>(ctx: &Context<M>, word: Word) -> Obj<M> {
    // SAFETY: interned objects are immortal, hence valid; `retain` gives a word that the handle owns.
    unsafe { Obj::from_word(M::retain(ctx, word)) }
}

fn find<M: Memory>(words: &[Word], text: Text<'_>) -> Option<Word> {
    words.iter().copied().find(|&w| {
        // SAFETY: interned objects are immortal, hence valid.
        let val = unsafe { Val::<M>::new(w) };
        super::view(&val).is_some_and(|t| t.same(text))
    })
}

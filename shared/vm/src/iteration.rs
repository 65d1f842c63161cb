//! Loops of native code over what Python calls an iterable. Every step polls, so that an endless one can be interrupted
//! and holds nobody up.

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, Raise};
use crate::types::{list, tuple};

impl<M: Memory> Thread<M> {
    /// The next item; `None` at the end (no exception is pending then).
    #[inline]
    pub fn next(&mut self, it: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
        self.poll()?;
        self.step(it)
    }

    /// As [`Thread::next`], for a caller that polls itself.
    #[inline]
    pub fn step(&mut self, it: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
        match self.step_or_stop(it) {
            Err(_) if self.raised_is(Kind::StopIteration) => {
                self.clear_raised();
                Ok(None)
            }
            other => other,
        }
    }

    /// As [`Thread::next`], but the end of an iterator that returns a value is a `StopIteration` with that value.
    /// Polls: a native loop over an endless iterator can be interrupted and stopped like one in Python.
    #[inline]
    pub fn next_or_stop(&mut self, it: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
        self.poll()?;
        self.step_or_stop(it)
    }

    #[inline]
    fn step_or_stop(&mut self, it: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
        match self.class_of(it).body.slots.next.get() {
            Some(next) => next(self, it),
            None => {
                let class = self.class_name(it);
                Err(self.raise(Kind::TypeError, format!("'{class}' object is not an iterator")))
            }
        }
    }

    /// Calls `f` with each item of an iterable.
    pub fn iterate(
        &mut self,
        obj: &Obj<M>,
        f: &mut dyn FnMut(&mut Thread<M>, Obj<M>) -> Result<(), Raise>,
    ) -> Result<(), Raise> {
        if obj.shape() == crate::types::ids::TUPLE {
            for item in tuple::items(obj) {
                self.poll()?;
                f(self, item.clone())?;
            }
            return Ok(());
        }
        if obj.shape() == crate::types::ids::LIST {
            let mut i = 0;
            while let Some(item) = list::get(self, obj, i).map(|v| v.own()) {
                self.poll()?;
                f(self, item)?;
                i += 1;
            }
            return Ok(());
        }
        let it = self.iter(obj)?;
        while let Some(item) = self.next(&it)? {
            f(self, item)?;
        }
        Ok(())
    }

    /// All items of an iterable.
    pub fn collect(&mut self, obj: &Obj<M>) -> Result<Vec<Obj<M>>, Raise> {
        if let Some(items) = crate::types::sequence::snapshot(self, obj) {
            return Ok(items);
        }
        let mut items = Vec::new();
        self.iterate(obj, &mut |_, item| {
            items.push(item);
            Ok(())
        })?;
        Ok(items)
    }
}

//! `set` and `frozenset`: a hash table that is read without a lock and changed inside the object's section.
//!
//! As in `dict`, keys that are strings or no objects are compared here; for others Python is asked outside the section,
//! and the look-up goes on from where it stood, or starts again when the keys moved meanwhile.

mod iterator;
pub mod methods;
pub mod operators;
mod table;

use crate::context::{Context, Thread};
use crate::memory::{CellWord, Memory, Section};
use crate::object::{Held, Layout, Obj, Object, Payload, Raise, Val};
use crate::types::dict::{self, hash_in, hash_known};
use crate::types::{TypeObj, ids};
use crate::value::Word;
pub use methods::define;
use table::{Cursor, Probe, Table};

/// A set, frozen or not.
pub struct Set<M: Memory> {
    table: Table<M>,
    frozen: bool,
    /// Hash of a frozen set, −1 until it is asked for (which is never a hash).
    hash: M::Cell,
}

/// An object that is a set.
pub type SetObj<M> = Object<M, Set<M>>;

impl<M: Memory> Set<M> {
    fn fresh(table: Table<M>, frozen: bool) -> Set<M> {
        Set { table, frozen, hash: M::Cell::new(u64::MAX) }
    }

    /// Works on the keys of one moment. `f` has no `&mut Thread`: it cannot run Python, block or poll.
    #[inline(always)]
    fn at_one_moment<A>(&self, ctx: &Context<M>, head: &M::Header, f: impl FnOnce(&Table<M>) -> A) -> A {
        // A frozen set does not change after it was made.
        let _section = (!self.frozen).then(|| Section::<M>::enter(ctx, head));
        f(&self.table)
    }

    /// Works on the keys inside the section. What `f` takes out should be returned and dropped outside.
    #[inline(always)]
    fn change<A>(&self, ctx: &Context<M>, head: &M::Header, f: impl FnOnce(&Table<M>) -> A) -> A {
        let _section = Section::<M>::enter(ctx, head);
        f(&self.table)
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Takes all keys out.
    fn take(&self, ctx: &Context<M>, head: &M::Header) -> Keys<M> {
        self.change(ctx, head, |table| Keys::owned(table.take(ctx, head)))
    }

    /// Is it a frozenset?
    pub fn is_frozen(&self) -> bool {
        self.frozen
    }
}

impl<M: Memory> Drop for Set<M> {
    fn drop(&mut self) {
        for entry in self.table.keys() {
            // SAFETY: the set is going; it owns its keys.
            drop(unsafe { Obj::<M>::from_word(entry.key) });
        }
    }
}

// SAFETY: layout `Set` is this struct's alone; its references are the live keys.
unsafe impl<M: Memory> Payload<M> for Set<M> {
    const SHAPE: u32 = ids::SET;
    const LAYOUT: Layout = Layout::Set;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        self.table.keys().for_each(|e| f(e.key));
    }
    fn outside(&self) -> usize {
        self.table.bytes()
    }
    fn clear(&self, t: &mut Thread<M>, head: &M::Header) {
        if !self.frozen {
            drop(self.take(t, head));
        }
    }
}

/// A table whose keys are owned; dropping it drops them.
pub(crate) struct Keys<M: Memory>(Table<M>);

impl<M: Memory> Keys<M> {
    fn owned(table: Table<M>) -> Self {
        Keys(table)
    }

    fn into_table(mut self) -> Table<M> {
        std::mem::take(&mut self.0)
    }
}

impl<M: Memory> Drop for Keys<M> {
    fn drop(&mut self) {
        for entry in self.0.keys() {
            // SAFETY: these keys are owned here.
            drop(unsafe { Obj::<M>::from_word(entry.key) });
        }
    }
}

/// The set behind a handle, if it is one (or derived), frozen or not.
#[inline(always)]
pub fn cast<M: Memory>(obj: &Obj<M>) -> Option<&SetObj<M>> {
    obj.cast::<Set<M>>()
}

/// An empty set.
pub fn new<M: Memory>(ctx: &Context<M>) -> Obj<M> {
    ctx.alloc(Set::<M>::fresh(Table::default(), false))
}

/// A set or frozenset with the keys of `keys`: of a built-in class, `class` being given otherwise.
fn make<M: Memory>(ctx: &Context<M>, keys: Keys<M>, frozen: bool, class: Option<&TypeObj<M>>) -> Obj<M> {
    let payload = Set::<M>::fresh(keys.into_table(), frozen);
    match class {
        Some(class) => ctx.alloc_of(class, payload),
        None => {
            let shape = if frozen { ids::FROZENSET } else { ids::SET };
            ctx.alloc_shape(shape, size_of::<SetObj<M>>(), payload)
        }
    }
}

/// The keys of a set with new handles, at one moment.
pub(crate) fn duplicate<M: Memory>(ctx: &Context<M>, set: &SetObj<M>) -> Keys<M> {
    set.body.at_one_moment(ctx, &set.head, |table| {
        let copy = table.duplicate();
        for entry in copy.keys() {
            // SAFETY: valid inside the section; the count becomes the copy's.
            std::mem::forget(unsafe { Val::<M>::new(entry.key) }.own());
        }
        Keys::owned(copy)
    })
}

/// New handles on all keys with their hashes, at one moment.
pub(crate) fn hashed_keys<M: Memory>(ctx: &Context<M>, set: &SetObj<M>) -> Vec<(i64, Obj<M>)> {
    set.body.at_one_moment(ctx, &set.head, |table| {
        // SAFETY: valid inside the section.
        table.keys().map(|e| (e.hash, unsafe { Val::<M>::new(e.key) }.own())).collect()
    })
}

/// New handles on all keys, at one moment; nothing if it is no set.
pub fn to_vec<M: Memory>(ctx: &Context<M>, set: &Obj<M>) -> Vec<Obj<M>> {
    cast(set).map_or_else(Vec::new, |s| hashed_keys(ctx, s).into_iter().map(|(_, key)| key).collect())
}

/// Finds a key with any `__eq__` and calls `act` inside the section with its place, or with a free one.
#[inline(always)]
fn find_then<M: Memory, A>(
    t: &mut Thread<M>,
    set: &SetObj<M>,
    key: &Obj<M>,
    hash: i64,
    act: impl FnOnce(&Context<M>, &Table<M>, Result<usize, usize>) -> A,
) -> Result<A, Raise> {
    let ctx: &Context<M> = t;
    let done = set.body.change(ctx, &set.head, |table| match table.probe(&mut Cursor::new(hash), key.word()) {
        Probe::Found(i) => Ok(act(ctx, table, Ok(i))),
        Probe::Missing(i) => Ok(act(ctx, table, Err(i))),
        Probe::Ask(_) => Err(act),
    });
    match done {
        Ok(answer) => Ok(answer),
        Err(act) => find_slowly(t, set, key, hash, act),
    }
}

#[cold]
fn find_slowly<M: Memory, A, F: FnOnce(&Context<M>, &Table<M>, Result<usize, usize>) -> A>(
    t: &mut Thread<M>,
    set: &SetObj<M>,
    key: &Obj<M>,
    hash: i64,
    act: F,
) -> Result<A, Raise> {
    enum Step<M: Memory, A, F> {
        Done(A),
        Restart(F),
        Ask(F, usize, Obj<M>),
    }
    let mut act = act;
    'restart: loop {
        let mut cursor = Cursor::new(hash);
        let mut version = None;
        let mut equal: Option<(usize, Obj<M>)> = None;
        loop {
            let ctx: &Context<M> = t;
            let step = set.body.change(ctx, &set.head, |table| {
                if *version.get_or_insert(table.version()) != table.version() {
                    return Step::Restart(act);
                }
                if let Some((i, key)) = &equal
                    && table.places()[*i].key().is(key.word())
                {
                    return Step::Done(act(ctx, table, Ok(*i)));
                }
                match table.probe(&mut cursor, key.word()) {
                    Probe::Found(i) => Step::Done(act(ctx, table, Ok(i))),
                    Probe::Missing(i) => Step::Done(act(ctx, table, Err(i))),
                    Probe::Ask(i) => {
                        // SAFETY: in the table, inside the section.
                        let candidate = unsafe { Val::<M>::new(table.places()[i].key()) }.own();
                        cursor.step(table.places().len() - 1);
                        Step::Ask(act, i, candidate)
                    }
                }
            });
            match step {
                Step::Done(answer) => return Ok(answer),
                Step::Restart(again) => {
                    act = again;
                    continue 'restart;
                }
                Step::Ask(again, i, candidate) => {
                    act = again;
                    let same = t.eq(&candidate, key)?;
                    equal = same.then_some((i, candidate));
                }
            }
        }
    }
}

/// Is the key there, as far as that is known without running Python?
#[inline(always)]
pub fn contains_known<M: Memory>(ctx: &Context<M>, set: &SetObj<M>, key: &Obj<M>) -> Option<bool> {
    find_known(ctx, set, key, hash_known(ctx, key)?)
}

#[inline(always)]
fn find_known<M: Memory>(ctx: &Context<M>, set: &SetObj<M>, key: &Obj<M>, hash: i64) -> Option<bool> {
    let _section = Section::<M>::reading(ctx, &set.head);
    match set.body.table.probe(&mut Cursor::new(hash), key.word()) {
        Probe::Found(_) => Some(true),
        Probe::Missing(_) => Some(false),
        Probe::Ask(_) => None,
    }
}

/// Is the key there?
#[inline]
pub fn contains<M: Memory>(t: &mut Thread<M>, set: &SetObj<M>, key: &Obj<M>) -> Result<bool, Raise> {
    match contains_known(t, set, key) {
        Some(known) => Ok(known),
        None => {
            let hash = hash_in(t, key, "set element")?;
            contains_hashed(t, set, key, hash)
        }
    }
}

pub(crate) fn contains_hashed<M: Memory>(
    t: &mut Thread<M>,
    set: &SetObj<M>,
    key: &Obj<M>,
    hash: i64,
) -> Result<bool, Raise> {
    match find_known(t, set, key, hash) {
        Some(known) => Ok(known),
        None => find_slowly(t, set, key, hash, |_, _, place| place.is_ok()),
    }
}

/// Adds a key to a set; does nothing if it is none.
#[inline]
pub fn add<M: Memory>(t: &mut Thread<M>, set: &Obj<M>, key: Obj<M>) -> Result<(), Raise> {
    match cast(set) {
        Some(s) => insert(t, s, &key),
        None => Ok(()),
    }
}

/// Adds a key.
#[inline]
pub fn insert<M: Memory>(t: &mut Thread<M>, set: &SetObj<M>, key: &Obj<M>) -> Result<(), Raise> {
    let hash = hash_in(t, key, "set element")?;
    add_hashed(t, set, key, hash)
}

#[inline(always)]
pub(crate) fn add_hashed<M: Memory>(t: &mut Thread<M>, set: &SetObj<M>, key: &Obj<M>, hash: i64) -> Result<(), Raise> {
    find_then(t, set, key, hash, |ctx, table, place| {
        if let Err(free) = place {
            let key = Held::<M>::new(ctx, &set.head, key.clone());
            table.insert_at(ctx, &set.head, free, hash, key.into_obj().into_word());
        }
    })
}

/// Removes a key; whether it was there.
pub fn discard<M: Memory>(t: &mut Thread<M>, set: &SetObj<M>, key: &Obj<M>) -> Result<bool, Raise> {
    let hash = hash_in(t, key, "set element")?;
    discard_hashed(t, set, key, hash)
}

pub(crate) fn discard_hashed<M: Memory>(
    t: &mut Thread<M>,
    set: &SetObj<M>,
    key: &Obj<M>,
    hash: i64,
) -> Result<bool, Raise> {
    let removed = find_then(t, set, key, hash, |_, table, place| {
        // SAFETY: the table forgot the word.
        place.ok().map(|i| unsafe { Obj::<M>::from_word(table.remove_at(i)) })
    })?;
    Ok(removed.is_some())
}

/// Adds all items of an iterable.
pub fn update<M: Memory>(t: &mut Thread<M>, set: &SetObj<M>, iterable: &Obj<M>) -> Result<(), Raise> {
    if let Some(other) = cast(iterable) {
        if std::ptr::eq(other, set) {
            return Ok(());
        }
        if set.body.len() == 0 {
            return fill(t, set, other);
        }
        let keys = hashed_keys(t, other);
        return add_all(t, set, keys);
    }
    if let Some(other) = iterable.exact::<dict::Dict<M>>() {
        let keys = dict::hashed_keys(t, other);
        return add_all(t, set, keys);
    }
    if let Some(items) = crate::types::sequence::snapshot(t, iterable) {
        let mut keys = Vec::with_capacity(items.len());
        for item in items {
            keys.push((dict::hash_in(t, &item, "set element")?, item));
        }
        return add_all(t, set, keys);
    }
    t.iterate(iterable, &mut |t, item| insert(t, set, &item))
}

/// Adds keys whose hashes are known, at one moment as far as no Python is needed.
fn add_all<M: Memory>(t: &mut Thread<M>, set: &SetObj<M>, keys: Vec<(i64, Obj<M>)>) -> Result<(), Raise> {
    let done = at_once(t, set, &keys, |ctx, table, hash, key, place| {
        if let Err(free) = place {
            let key = Held::<M>::new(ctx, &set.head, key.clone());
            table.insert_at(ctx, &set.head, free, hash, key.into_obj().into_word());
        }
    });
    for (hash, key) in &keys[done..] {
        add_hashed(t, set, key, *hash)?;
    }
    Ok(())
}

/// Works on the places of these keys inside one section, up to the first that needs Python; how many were done.
fn at_once<M: Memory>(
    t: &mut Thread<M>,
    set: &SetObj<M>,
    keys: &[(i64, Obj<M>)],
    mut act: impl FnMut(&Context<M>, &Table<M>, i64, &Obj<M>, Result<usize, usize>),
) -> usize {
    let ctx: &Context<M> = t;
    set.body.change(ctx, &set.head, |table| {
        for (i, (hash, key)) in keys.iter().enumerate() {
            match table.probe(&mut Cursor::new(*hash), key.word()) {
                Probe::Found(place) => act(ctx, table, *hash, key, Ok(place)),
                Probe::Missing(free) => act(ctx, table, *hash, key, Err(free)),
                Probe::Ask(_) => return i,
            }
        }
        keys.len()
    })
}

/// Gives a set that was empty the keys of another, unless another thread was faster.
fn fill<M: Memory>(t: &mut Thread<M>, set: &SetObj<M>, other: &SetObj<M>) -> Result<(), Raise> {
    let keys = duplicate(t, other);
    let ctx: &Context<M> = t;
    let left = set.body.change(ctx, &set.head, |table| {
        if table.len() != 0 {
            return keys;
        }
        for entry in keys.0.keys() {
            // SAFETY: `keys` owns the word; only published, not taken.
            std::mem::forget(Held::<M>::new(ctx, &set.head, unsafe { Obj::from_word(entry.key) }));
        }
        Keys::owned(table.replace(ctx, &set.head, keys.into_table()))
    });
    for entry in left.0.keys().collect::<Vec<_>>() {
        // SAFETY: `left` owns the key during the loop.
        let key = unsafe { Val::<M>::new(entry.key) };
        add_hashed(t, set, &key.own(), entry.hash)?;
    }
    Ok(())
}

/// A set of the items of an iterable.
pub fn from_iterable<M: Memory>(t: &mut Thread<M>, iterable: &Obj<M>) -> crate::object::R<M> {
    let set = new(t);
    if let Some(s) = cast(&set) {
        update(t, s, iterable)?;
    }
    Ok(set)
}

/// The keys of the items of an iterable, for a set in the making.
fn keys_of<M: Memory>(t: &mut Thread<M>, iterable: &Obj<M>) -> Result<Keys<M>, Raise> {
    if let Some(other) = cast(iterable) {
        return Ok(duplicate(t, other));
    }
    let set = from_iterable(t, iterable)?;
    let set = cast(&set).expect("a set was made");
    Ok(set.body.take(t, &set.head))
}

/// A frozenset of the items of an iterable.
pub fn frozen_from_iterable<M: Memory>(t: &mut Thread<M>, iterable: &Obj<M>) -> crate::object::R<M> {
    let keys = keys_of(t, iterable)?;
    Ok(make(t, keys, true, None))
}

/// Number of keys; 0 if it is no set.
pub fn len<M: Memory>(set: &Obj<M>) -> usize {
    cast(set).map_or(0, |s| s.body.len())
}

/// A frozenset of constants: numbers, strings, bytes, `None`, `...` and tuples of these.
pub fn frozen_from_constants<M: Memory>(ctx: &Context<M>, items: Vec<Obj<M>>) -> Obj<M> {
    // SAFETY: hashing and comparing constants runs no Python, polls nowhere and blocks nowhere, so this token is as
    // good as the borrowed context.
    let t = &mut unsafe { Thread::new(ctx) };
    let set = new(t);
    let s = cast(&set).expect("a set was made");
    for item in &items {
        // Constants hash; should one not, it is left out and the comparison with it is simply false.
        let _ = insert(t, s, item);
    }
    let keys = s.body.take(t, &s.head);
    make(t, keys, true, None)
}

//! The table behind `set`: open addressing with short linear runs, in CPython's order, so that sets of numbers show
//! themselves as people expect.

use crate::memory::Memory;
use crate::types::dict::equal_known;
use crate::value::Word;

const LINEAR_PROBES: usize = 9;

/// A place of the table: NULL key when unused, TOMBSTONE when deleted.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub(super) hash: i64,
    pub(super) key: Word,
}

const UNUSED: Entry = Entry { hash: 0, key: Word::NULL };

impl Entry {
    #[inline(always)]
    pub(super) fn is_live(&self) -> bool {
        self.key != Word::NULL && self.key != Word::TOMBSTONE
    }
}

/// Keys with their hashes. The words are owned by whoever owns the table; it does not drop them itself.
#[derive(Default)]
pub(super) struct Table {
    entries: Vec<Entry>,
    /// Places that are not unused.
    fill: usize,
    /// Live keys.
    used: usize,
    finger: usize,
    /// Changes when keys move: a larger table, another table. A key's place never does without.
    pub(super) version: u64,
}

/// Where a look-up stands.
#[derive(Clone, Copy)]
pub(super) struct Cursor {
    pub(super) hash: i64,
    base: usize,
    at: usize,
    perturb: u64,
}

impl Cursor {
    pub(super) fn new(hash: i64) -> Cursor {
        Cursor { hash, base: hash as usize, at: 0, perturb: hash as u64 }
    }

    /// The next place to look at.
    #[inline(always)]
    pub(super) fn step(&mut self, mask: usize) {
        let base = self.base & mask;
        if self.at < self.run(mask) {
            self.at += 1;
            return;
        }
        self.at = 0;
        self.perturb >>= 5;
        self.base = base.wrapping_mul(5).wrapping_add(1).wrapping_add(self.perturb as usize) & mask;
    }

    /// How many neighbours of the base are looked at before the next jump.
    #[inline(always)]
    fn run(&self, mask: usize) -> usize {
        if (self.base & mask) + LINEAR_PROBES <= mask { LINEAR_PROBES } else { 0 }
    }

    #[inline(always)]
    fn place(&self, mask: usize) -> usize {
        (self.base & mask) + self.at
    }
}

/// What a look-up found.
pub(super) enum Probe {
    /// At this place.
    Found(usize),
    /// Not there; this place is free.
    Missing(usize),
    /// The key at this place has the same hash; only Python knows whether it is equal.
    Ask(usize),
}

impl Table {
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.used
    }

    #[inline(always)]
    pub(super) fn mask(&self) -> usize {
        self.entries.len().wrapping_sub(1)
    }

    pub(super) fn bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>()
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = Entry> {
        self.entries.iter().copied().filter(Entry::is_live)
    }

    /// Looks from the cursor on. An empty table has no places: `Missing` then names none.
    #[inline(always)]
    pub(super) fn probe<M: Memory>(&self, cursor: &mut Cursor, key: Word) -> Probe {
        let key = if key.is_ptr() { key.as_counted() } else { key };
        let mask = self.mask();
        if self.entries.is_empty() {
            return Probe::Missing(0);
        }
        loop {
            // A run of neighbours at a time.
            let (base, run) = (cursor.base & mask, cursor.run(mask));
            for (i, entry) in self.entries[base..=base + run].iter().enumerate().skip(cursor.at) {
                if entry.key == key {
                    return Probe::Found(base + i);
                }
                if entry.key == Word::NULL {
                    return Probe::Missing(base + i);
                }
                // The hash of a deleted key is none.
                if entry.hash == cursor.hash {
                    match equal_known::<M>(entry.key, key) {
                        Some(true) => return Probe::Found(base + i),
                        Some(false) => {}
                        None => {
                            cursor.at = i;
                            return Probe::Ask(base + i);
                        }
                    }
                }
            }
            cursor.at = run;
            cursor.step(mask);
        }
    }

    /// Puts a key that is not there at the free place that `probe` named.
    #[inline(always)]
    pub(super) fn insert_at(&mut self, place: usize, hash: i64, key: Word) {
        if self.entries.is_empty() {
            self.version += 1;
            self.entries = vec![UNUSED; 8];
            return self.insert_new(hash, key);
        }
        self.entries[place] = Entry { hash, key };
        self.fill += 1;
        self.used += 1;
        if self.fill * 5 >= self.mask() * 3 {
            self.resize(if self.used > 50_000 { self.used * 2 } else { self.used * 4 });
        }
    }

    /// Puts a key that is known not to be there.
    pub(super) fn insert_new(&mut self, hash: i64, key: Word) {
        if self.entries.is_empty() {
            self.entries = vec![UNUSED; 8];
        }
        let (mask, mut cursor) = (self.mask(), Cursor::new(hash));
        while self.entries[cursor.place(mask)].key != Word::NULL {
            cursor.step(mask);
        }
        self.entries[cursor.place(mask)] = Entry { hash, key };
        self.fill += 1;
        self.used += 1;
    }

    /// Makes room so that `extra` more keys do not fill it.
    pub(super) fn reserve(&mut self, extra: usize) {
        let mask = if self.entries.is_empty() { 7 } else { self.mask() };
        if (self.fill + extra) * 5 >= mask * 3 {
            self.resize((self.used + extra) * 2);
        }
    }

    /// A table of more than `wanted` places without deleted ones.
    fn resize(&mut self, wanted: usize) {
        let size = (wanted + 1).next_power_of_two().max(8);
        let old = std::mem::replace(&mut self.entries, vec![UNUSED; size]);
        (self.fill, self.used) = (0, 0);
        self.version += 1;
        for entry in old.into_iter().filter(Entry::is_live) {
            self.insert_new(entry.hash, entry.key);
        }
    }

    /// Removes the key at a place; its word is the caller's.
    pub(super) fn remove_at(&mut self, place: usize) -> Word {
        let key = self.entries[place].key;
        self.entries[place] = Entry { hash: -1, key: Word::TOMBSTONE };
        self.used -= 1;
        key
    }

    /// Removes some key.
    pub(super) fn pop(&mut self) -> Option<Word> {
        if self.used == 0 {
            return None;
        }
        let mask = self.mask();
        let mut i = self.finger & mask;
        while !self.entries[i].is_live() {
            i = (i + 1) & mask;
        }
        self.finger = i + 1;
        Some(self.remove_at(i))
    }

    /// Takes all keys out.
    pub(super) fn take(&mut self) -> Table {
        let version = self.version + 1;
        std::mem::replace(self, Table { version, ..Table::default() })
    }

    /// The same keys; the caller retains each.
    pub(super) fn duplicate(&self) -> Table {
        let mut copy = Table::default();
        if self.used > 0 {
            copy.reserve(self.used);
            if copy.entries.len() == self.entries.len() && self.fill == self.used {
                copy.entries.copy_from_slice(&self.entries);
                (copy.fill, copy.used) = (self.fill, self.used);
            } else {
                self.keys().for_each(|e| copy.insert_new(e.hash, e.key));
            }
        }
        copy
    }
}

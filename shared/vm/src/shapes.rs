//! Shapes: what the header's number says. A shape names a class and, for its instances, which attribute sits in which
//! word of the attribute area. Setting a new attribute moves an instance to the next shape; instances that were built
//! alike share shapes, so an inline cache compares one 32-bit number.
//!
//! The tables are reserved address space that never moves: readers index them without a lock. Entries are written
//! once, before the number that names them is published; versions change with every change of the class.

use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

use crate::locks::Mutex;
use rustc_hash::FxHashMap;

use crate::memory::Memory;
use crate::region;
use crate::types::{TypeObj, ids};

/// Most shapes of an interpreter.
pub const MAX_SHAPES: u32 = 1 << 21;

/// The attributes of a shape.
#[derive(Default)]
pub struct Keys {
    /// Attribute (address of the interned name) and area index, in the order of their setting.
    pub entries: Vec<(usize, u16)>,
    /// Successors by name. Guarded by the mutex.
    next: Mutex<FxHashMap<usize, u32>>,
}

impl Keys {
    /// Area index of an interned name.
    #[inline]
    pub fn find(&self, name: usize) -> Option<u16> {
        self.entries.iter().find(|e| e.0 == name).map(|e| e.1)
    }
}

/// One row of the table. Both fields are written before the shape's number is handed out.
#[repr(C)]
struct Entry<M: Memory> {
    class: AtomicPtr<TypeObj<M>>,
    keys: AtomicPtr<Keys>,
}

/// All shapes of an interpreter.
pub struct Shapes<M: Memory> {
    entries: *mut Entry<M>,
    versions: *mut AtomicU32,
    count: AtomicU32,
    /// Numbers whose classes are gone. Guarded by the mutex.
    free: Mutex<Vec<u32>>,
    last_version: AtomicU32,
}

// SAFETY: the tables are atomics in memory that lives as long as this value.
unsafe impl<M: Memory> Send for Shapes<M> {}
// SAFETY: as above.
unsafe impl<M: Memory> Sync for Shapes<M> {}

impl<M: Memory> Shapes<M> {
    /// Empty tables with the built-in shapes reserved.
    pub fn new() -> Self {
        Shapes {
            entries: region::reserve(MAX_SHAPES as usize * size_of::<Entry<M>>()).cast(),
            versions: region::reserve(MAX_SHAPES as usize * 4).cast(),
            count: AtomicU32::new(ids::COUNT),
            free: Mutex::default(),
            last_version: AtomicU32::new(1),
        }
    }

    #[inline(always)]
    fn entry(&self, shape: u32) -> &Entry<M> {
        debug_assert!(shape < MAX_SHAPES);
        // SAFETY: inside the reservation, which is zeroed (null pointers) where nothing was written.
        unsafe { &*self.entries.add(shape as usize) }
    }

    /// The class of a shape. Pairs with the release in `define`.
    #[inline(always)]
    pub fn class(&self, shape: u32) -> &TypeObj<M> {
        // SAFETY: a shape that stands in a header was defined, and its class lives as long as its instances.
        unsafe { &*self.entry(shape).class.load(Ordering::Acquire) }
    }

    /// The class of a shape, if the shape was defined.
    #[inline(always)]
    pub fn try_class(&self, shape: u32) -> Option<&TypeObj<M>> {
        // SAFETY: as above.
        unsafe { self.entry(shape).class.load(Ordering::Acquire).as_ref() }
    }

    /// The attributes of a shape.
    #[inline(always)]
    pub fn keys(&self, shape: u32) -> Option<&Keys> {
        // SAFETY: keys are freed with the world stopped only, with the class of the shape.
        unsafe { self.entry(shape).keys.load(Ordering::Acquire).as_ref() }
    }

    /// The version of a shape's class: equal versions mean that no class attribute changed in between.
    #[inline(always)]
    pub fn version(&self, shape: u32) -> &AtomicU32 {
        // SAFETY: inside the reservation.
        unsafe { &*self.versions.add(shape as usize) }
    }

    /// Start of the version table, for the loop.
    pub fn versions(&self) -> *const AtomicU32 {
        self.versions
    }

    /// A number for a new version.
    pub fn new_version(&self) -> u32 {
        self.last_version.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A number for a new shape; `None` when there are too many.
    pub fn reserve(&self) -> Option<u32> {
        if let Some(n) = self.free.lock().pop() {
            return Some(n);
        }
        let n = self.count.fetch_add(1, Ordering::Relaxed);
        if n < MAX_SHAPES { Some(n) } else { None }
    }

    /// Takes back a number that was reserved and never used.
    pub fn give_back(&self, shape: u32) {
        self.free.lock().push(shape);
    }

    /// Takes back the shapes of a class that is gone. No header bears them and the world is stopped, so nobody reads their
    /// rows. Caches compare versions, which are never given out twice, so they tell a shape from a later one of its number.
    ///
    /// # Safety
    /// As said.
    pub unsafe fn forget(&self, shapes: impl Iterator<Item = u32>) {
        let mut free = self.free.lock();
        for shape in shapes {
            let entry = self.entry(shape);
            entry.class.store(null_mut(), Ordering::Release);
            let keys = entry.keys.swap(null_mut(), Ordering::Relaxed);
            if !keys.is_null() {
                // SAFETY: made by `define`; by the caller's word nobody uses it.
                drop(unsafe { Box::from_raw(keys) });
            }
            free.push(shape);
        }
    }

    /// Shapes handed out so far (the next number).
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> u32 {
        self.count.load(Ordering::Relaxed).min(MAX_SHAPES)
    }

    /// Says what a shape is.
    pub fn define(&self, shape: u32, class: *const TypeObj<M>, keys: Keys) {
        self.version(shape).store(self.new_version(), Ordering::Release);
        self.entry(shape).keys.store(Box::into_raw(Box::new(keys)), Ordering::Release);
        self.entry(shape).class.store(class.cast_mut(), Ordering::Release);
    }

    /// The shape after setting attribute `name` (the address of the interned string) on an object of `shape`; `None` when its class has no word left in the area.
    pub fn successor(&self, shape: u32, name: usize) -> Option<u32> {
        let keys = self.keys(shape)?;
        let class = self.class(shape);
        let mut next = keys.next.lock();
        if let Some(&n) = next.get(&name) {
            return Some(n);
        }
        let index = *class.body.inline.get(keys.entries.len())?;
        let n = self.reserve()?;
        let mut entries = keys.entries.clone();
        entries.push((name, index));
        self.define(n, class, Keys { entries, next: Mutex::default() });
        self.version(n).store(self.version(class.body.root_shape).load(Ordering::Acquire), Ordering::Release);
        // The list of a class's shapes: the mutex of `keys` is not enough, as siblings are made under others'.
        class.body.shapes_made.lock().push(n);
        next.insert(name, n);
        Some(n)
    }
}

impl<M: Memory> Drop for Shapes<M> {
    fn drop(&mut self) {
        for shape in 0..self.count.load(Ordering::Relaxed).min(MAX_SHAPES) {
            let keys = self.entry(shape).keys.load(Ordering::Relaxed);
            if !keys.is_null() {
                // SAFETY: made by `define`, dropped once.
                drop(unsafe { Box::from_raw(keys) });
            }
        }
        region::release(self.entries.cast(), MAX_SHAPES as usize * size_of::<Entry<M>>());
        region::release(self.versions.cast(), MAX_SHAPES as usize * 4);
    }
}

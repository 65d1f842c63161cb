//! One model per protocol.

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use loom::thread;

use crate::epoch::{Epoch, Pin, has_expired};
use crate::gate::Gate;
use crate::lock::ByteLock;
use crate::shared::{Fate, SharedCount};

/// Memory that is used and freed.
struct Memory(UnsafeCell<u32>);

// SAFETY: loom reports every access that is not ordered; that is what the models are for.
unsafe impl Sync for Memory {}
// SAFETY: as above.
unsafe impl Send for Memory {}

impl Memory {
    fn new() -> Self {
        Memory(UnsafeCell::new(1))
    }

    fn use_it(&self) {
        // SAFETY: loom checks.
        self.0.with(|p| assert_eq!(unsafe { *p }, 1, "used after it was freed"));
    }

    fn free(&self) {
        // SAFETY: loom checks.
        self.0.with_mut(|p| unsafe {
            assert_eq!(*p, 1, "freed twice");
            *p = 0;
        });
    }
}

/// An object, the cell that refers to it, the epoch and three pins.
struct Scene {
    count: SharedCount,
    memory: Memory,
    linked: AtomicBool,
    second: AtomicBool,
    epoch: Epoch,
    pins: [Pin; 3],
}

impl Scene {
    fn new(count: u32) -> Arc<Scene> {
        Arc::new(Scene {
            count: SharedCount::new(count),
            memory: Memory::new(),
            linked: AtomicBool::new(true),
            second: AtomicBool::new(false),
            epoch: Epoch::new(),
            pins: [Pin::new(), Pin::new(), Pin::new()],
        })
    }

    /// What a queue does with an object retired in `epoch`, for a bounded number of polls of thread `me`.
    fn expire(&self, mut epoch: u64, me: usize, polls: usize) {
        for _ in 0..polls {
            self.epoch.pin(&self.pins[me]);
            self.epoch.advance(self.pins.iter());
            if has_expired(epoch, self.epoch.now()) {
                match self.count.expire() {
                    Fate::Dead => {
                        self.memory.free();
                        break;
                    }
                    Fate::Again => epoch = self.epoch.now(),
                    Fate::Alive => break,
                }
            }
        }
    }
}

#[test]
fn uncounted_read_and_promotion_against_retire() {
    loom::model(|| {
        let s = Scene::new(1);
        let r = s.clone();
        let reader = thread::spawn(move || {
            r.epoch.pin(&r.pins[1]);
            if r.linked.load(Ordering::Acquire) {
                r.memory.use_it();
                // A poll: the register is counted, then the thread pins anew.
                r.count.rise();
                r.epoch.pin(&r.pins[1]);
                r.memory.use_it();
                // Nobody frees it afterwards: either it stays in the writer's queue or this thread would queue it.
                let _ = r.count.fall();
            }
            r.pins[1].unpin();
        });
        s.epoch.pin(&s.pins[0]);
        s.linked.store(false, Ordering::Release);
        if s.count.fall() {
            let epoch = s.epoch.after_unlink();
            s.expire(epoch, 0, 3);
        }
        s.pins[0].unpin();
        reader.join().expect("no assertion failed");
    });
}

#[test]
fn a_lent_object_is_counted_before_its_holder_is_shared() {
    loom::model(|| {
        // A private iterator holds the object uncounted; then it is published, and another thread finds it.
        let s = Scene::new(1);
        let owner = s.clone();
        let owner = thread::spawn(move || {
            owner.epoch.pin(&owner.pins[1]);
            if owner.linked.load(Ordering::Acquire) {
                owner.memory.use_it();
                owner.count.rise();
                owner.second.store(true, Ordering::Release);
            }
            owner.pins[1].unpin();
        });
        let finder = s.clone();
        let finder = thread::spawn(move || {
            finder.epoch.pin(&finder.pins[2]);
            if finder.second.load(Ordering::Acquire) {
                finder.memory.use_it();
            }
            finder.pins[2].unpin();
        });
        s.epoch.pin(&s.pins[0]);
        s.linked.store(false, Ordering::Release);
        if s.count.fall() {
            let epoch = s.epoch.after_unlink();
            s.expire(epoch, 0, 3);
        }
        s.pins[0].unpin();
        owner.join().expect("no assertion failed");
        finder.join().expect("no assertion failed");
        if s.second.load(Ordering::Acquire) {
            s.memory.use_it();
        }
    });
}

#[test]
fn an_object_that_rose_and_fell_again_is_not_freed_under_a_later_reader() {
    loom::model(|| {
        // Retired in epoch 1; thread 1 holds it uncounted since before.
        let s = Scene::new(1);
        s.epoch.pin(&s.pins[1]);
        assert!(s.count.fall());
        let retired = s.epoch.after_unlink();
        let holder = s.clone();
        let holder = thread::spawn(move || {
            holder.count.rise();
            holder.second.store(true, Ordering::Release);
            holder.second.store(false, Ordering::Release);
            let _ = holder.count.fall();
            holder.pins[1].unpin();
        });
        let late = s.clone();
        let late = thread::spawn(move || {
            late.epoch.pin(&late.pins[2]);
            if late.second.load(Ordering::Acquire) {
                late.memory.use_it();
            }
            late.pins[2].unpin();
        });
        s.expire(retired, 0, 3);
        holder.join().expect("no assertion failed");
        late.join().expect("no assertion failed");
    });
}

#[test]
fn an_object_is_retired_once() {
    loom::model(|| {
        // Two counts and a register that holds the object uncounted: however they meet, one fall retires it, and what
        // queued it finds it there until it is looked at.
        let s = Scene::new(2);
        let first = s.clone();
        let first = thread::spawn(move || first.count.fall());
        let holder = s.clone();
        let holder = thread::spawn(move || {
            holder.count.rise();
            holder.count.fall()
        });
        let queued = [s.count.fall(), first.join().expect("no panic"), holder.join().expect("no panic")];
        assert_eq!(queued.iter().filter(|&&q| q).count(), 1, "queued by {queued:?}");
        assert_eq!(s.count.count(), 0);
    });
}

#[test]
fn an_adopted_heap_is_whole() {
    use loom::sync::Mutex;
    loom::model(|| {
        // A thread ends and parks its heap; the next one adopts it, and the private objects of that owner with it. A third
        // looks at the owner of such an object meanwhile and must not take it for its own.
        let heap = Arc::new((Memory::new(), AtomicU16::new(1)));
        let parking = Arc::new(Mutex::new(None));
        let (h, p) = (heap.clone(), parking.clone());
        let old = thread::spawn(move || {
            h.0.use_it();
            *p.lock().expect("not poisoned") = Some(1u16);
        });
        let (h, p) = (heap.clone(), parking.clone());
        let new = thread::spawn(move || {
            let id = p.lock().expect("not poisoned").take().unwrap_or(2);
            if h.1.load(Ordering::Relaxed) == id {
                h.0.free();
            }
        });
        old.join().expect("no assertion failed");
        new.join().expect("no assertion failed");
    });
}

#[test]
fn replaced_store_against_reader() {
    loom::model(|| {
        let s = Scene::new(1);
        let r = s.clone();
        let reader = thread::spawn(move || {
            for _ in 0..2 {
                r.epoch.pin(&r.pins[1]);
                if r.linked.load(Ordering::Acquire) {
                    r.memory.use_it();
                }
            }
            r.pins[1].unpin();
        });
        s.epoch.pin(&s.pins[0]);
        s.linked.store(false, Ordering::Release);
        let epoch = s.epoch.after_unlink();
        for _ in 0..3 {
            s.epoch.pin(&s.pins[0]);
            s.epoch.advance(s.pins.iter());
            if has_expired(epoch, s.epoch.now()) {
                s.memory.free();
                break;
            }
        }
        reader.join().expect("no assertion failed");
    });
}

#[test]
fn set_lookup_against_insertion_removal_and_growth() {
    use loom::sync::atomic::{AtomicPtr, AtomicU64};
    const UNUSED: u64 = 0;
    const REMOVED: u64 = u64::MAX;
    const GOES: u64 = 1;
    const STAYS: u64 = 2;
    const COMES: u64 = 3;
    /// A store of the set: places of hash and key, walked from the first on; the hash of a key is ten times the key.
    struct Places([(AtomicU64, AtomicU64); 4], Memory);
    impl Places {
        fn new() -> Places {
            Places(std::array::from_fn(|_| (AtomicU64::new(0), AtomicU64::new(UNUSED))), Memory::new())
        }
        fn put(&self, place: usize, key: u64) {
            self.0[place].0.store(10 * key, Ordering::Release);
            self.0[place].1.store(key, Ordering::Release);
        }
        fn find(&self, wanted: u64) -> bool {
            self.1.use_it();
            for (hash, key) in &self.0 {
                let found = key.load(Ordering::Acquire);
                if found == UNUSED {
                    return false;
                }
                let hash = hash.load(Ordering::Acquire);
                assert!(found == REMOVED || hash == 10 * found, "key {found} shown before its hash");
                if found == wanted {
                    return true;
                }
            }
            false
        }
    }
    loom::model(|| {
        let s = Scene::new(1);
        let (small, large) = (Box::into_raw(Box::new(Places::new())), Box::into_raw(Box::new(Places::new())));
        // SAFETY: both are freed after the reader has ended; loom watches what the model calls freed.
        let (old, new) = unsafe { (&*small, &*large) };
        old.put(0, GOES);
        old.put(1, STAYS);
        let store = Arc::new(AtomicPtr::new(small));
        let (r, shown) = (s.clone(), store.clone());
        let reader = thread::spawn(move || {
            r.epoch.pin(&r.pins[1]);
            // SAFETY: as above.
            let places = unsafe { &*shown.load(Ordering::Acquire) };
            assert!(places.find(STAYS), "a key that stays was not found");
            places.find(COMES);
            r.pins[1].unpin();
        });
        s.epoch.pin(&s.pins[0]);
        old.0[0].1.store(REMOVED, Ordering::Release);
        old.put(2, COMES);
        new.put(0, STAYS);
        new.put(1, COMES);
        store.store(large, Ordering::Release);
        let epoch = s.epoch.after_unlink();
        for _ in 0..2 {
            s.epoch.pin(&s.pins[0]);
            s.epoch.advance(s.pins.iter());
            if has_expired(epoch, s.epoch.now()) {
                old.1.free();
                break;
            }
        }
        reader.join().expect("no assertion failed");
        // SAFETY: made above, used by nobody any more.
        drop(unsafe { (Box::from_raw(small), Box::from_raw(large)) });
    });
}

#[test]
fn what_is_retired_bears_no_epoch_of_the_past() {
    loom::model(|| {
        // The reader itself moves the epoch on before it pins: had the writer missed that, the epoch it notes would pass
        // while the reader is inside.
        let s = Scene::new(1);
        s.epoch.pin(&s.pins[0]);
        let r = s.clone();
        let reader = thread::spawn(move || {
            r.epoch.advance(r.pins.iter());
            r.epoch.pin(&r.pins[1]);
            if r.linked.load(Ordering::Relaxed) {
                r.memory.use_it();
            }
            r.pins[1].unpin();
        });
        s.linked.store(false, Ordering::Relaxed);
        let epoch = s.epoch.after_unlink();
        for _ in 0..2 {
            s.epoch.pin(&s.pins[0]);
            s.epoch.advance(s.pins.iter());
        }
        if has_expired(epoch, s.epoch.now()) {
            s.memory.free();
        }
        reader.join().expect("no assertion failed");
    });
}

#[test]
fn a_weak_reference_takes_a_living_object_or_none() {
    loom::model(|| {
        // Retired, epoch passed: the queue looks at it while a weak reference is asked.
        let s = Scene::new(1);
        assert!(s.count.fall());
        let table = Arc::new(loom::sync::Mutex::new(true));
        let (r, t) = (s.clone(), table.clone());
        let asker = thread::spawn(move || {
            let known = t.lock().expect("not poisoned");
            if *known && r.count.try_rise() {
                drop(known);
                r.memory.use_it();
                return true;
            }
            false
        });
        let dead = s.count.expire() == Fate::Dead;
        if dead {
            *table.lock().expect("not poisoned") = false;
            s.memory.free();
        }
        let got = asker.join().expect("no assertion failed");
        assert!(!(dead && got));
    });
}

#[test]
fn published_graph_is_seen_whole() {
    loom::model(|| {
        struct Fresh {
            owner: AtomicU16,
            count: SharedCount,
            memory: Memory,
            cell: AtomicBool,
        }
        let f = Arc::new(Fresh {
            owner: AtomicU16::new(1),
            count: SharedCount::new(0),
            memory: Memory::new(),
            cell: AtomicBool::new(false),
        });
        let g = f.clone();
        let reader = thread::spawn(move || {
            if g.cell.load(Ordering::Acquire) {
                assert_eq!(g.owner.load(Ordering::Relaxed), 0);
                g.memory.use_it();
                g.count.rise();
                let _ = g.count.fall();
            }
        });
        f.count.reset(1);
        f.owner.store(0, Ordering::Relaxed);
        f.cell.store(true, Ordering::Release);
        reader.join().expect("no assertion failed");
        assert_eq!(f.count.count(), 1);
    });
}

#[test]
fn object_lock_excludes() {
    loom::model(|| {
        struct Guarded(ByteLock, UnsafeCell<u32>);
        // SAFETY: loom checks.
        unsafe impl Sync for Guarded {}
        // SAFETY: loom checks.
        unsafe impl Send for Guarded {}
        let g = Arc::new(Guarded(ByteLock::new(), UnsafeCell::new(0)));
        let step = |g: &Guarded| {
            g.0.acquire();
            // SAFETY: loom checks.
            g.1.with_mut(|p| unsafe { *p += 1 });
            // SAFETY: acquired above.
            unsafe { g.0.release() };
        };
        let other = g.clone();
        let t = thread::spawn(move || step(&other));
        step(&g);
        t.join().expect("no assertion failed");
        // SAFETY: loom checks.
        g.1.with(|p| assert_eq!(unsafe { *p }, 2));
    });
}

#[test]
fn a_stopped_world_has_one_runner() {
    use loom::sync::{Condvar, Mutex};
    /// `world`'s handshake: the gate, the pause and its two conditions.
    struct World {
        gate: Gate,
        data: UnsafeCell<u32>,
        asked: AtomicBool,
        stopping: Mutex<bool>,
        stopped: Condvar,
        resumed: Condvar,
    }
    // SAFETY: loom checks.
    unsafe impl Sync for World {}
    // SAFETY: loom checks.
    unsafe impl Send for World {}
    impl World {
        fn enter(&self) {
            while !self.gate.enter() {
                let mut pause = self.stopping.lock().expect("not poisoned");
                while self.gate.is_stopped() {
                    pause = self.resumed.wait(pause).expect("not poisoned");
                }
            }
        }
        fn poll(&self) {
            if self.asked.load(Ordering::Relaxed) {
                let mut pause = self.stopping.lock().expect("not poisoned");
                if *pause {
                    self.gate.stop_here();
                    self.stopped.notify_all();
                    while self.gate.is_stopped() {
                        pause = self.resumed.wait(pause).expect("not poisoned");
                    }
                    drop(pause);
                    self.enter();
                }
            }
        }
        fn leave(&self) {
            self.gate.leave();
            // The real one sleeps for a bounded time instead.
            drop(self.stopping.lock().expect("not poisoned"));
            self.stopped.notify_all();
        }
    }
    loom::model(|| {
        let w = Arc::new(World {
            gate: Gate::new(),
            data: UnsafeCell::new(0),
            asked: AtomicBool::new(false),
            stopping: Mutex::new(false),
            stopped: Condvar::new(),
            resumed: Condvar::new(),
        });
        let o = w.clone();
        let thread = thread::spawn(move || {
            // SAFETY: loom checks.
            let touch = || o.data.with_mut(|p| unsafe { *p += 1 });
            o.enter();
            touch();
            o.poll();
            touch();
            o.leave();
        });
        let mut pause = w.stopping.lock().expect("not poisoned");
        *pause = true;
        while !w.gate.try_stop() {
            w.asked.store(true, Ordering::Relaxed);
            pause = w.stopped.wait(pause).expect("not poisoned");
        }
        drop(pause);
        // SAFETY: loom checks.
        w.data.with_mut(|p| unsafe { *p += 10 });
        let mut pause = w.stopping.lock().expect("not poisoned");
        *pause = false;
        w.gate.open();
        w.resumed.notify_all();
        drop(pause);
        thread.join().expect("no assertion failed");
        // SAFETY: loom checks.
        w.data.with(|p| assert_eq!(unsafe { *p }, 12));
    });
}

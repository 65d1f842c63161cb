//! Models of classic biased counts: the merge of the two halves, conditional increments, inboxes.

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, AtomicU16, AtomicU32, Ordering};
use loom::thread;

use crate::biased::{Fall, Fate, SharedCount, merge};
use crate::epoch::{Epoch, Pin, has_expired};
use crate::inbox::Inbox;

const OWNER: u16 = 1;
const MERGE: u32 = 4;

/// An object of `OWNER`, its inbox, a cell that refers to it, the epoch and three pins.
struct Scene {
    local: AtomicU32,
    owner: AtomicU16,
    shared: SharedCount,
    memory: UnsafeCell<u32>,
    linked: AtomicBool,
    inbox: Inbox,
    poll: AtomicU32,
    epoch: Epoch,
    pins: [Pin; 3],
}

// SAFETY: loom reports every access that is not ordered; that is what the models are for.
unsafe impl Sync for Scene {}
// SAFETY: as above.
unsafe impl Send for Scene {}

impl Scene {
    fn new(local: u32) -> Arc<Scene> {
        let scene = Arc::new(Scene {
            local: AtomicU32::new(local),
            owner: AtomicU16::new(OWNER),
            shared: SharedCount::new(0),
            memory: UnsafeCell::new(1),
            linked: AtomicBool::new(true),
            inbox: Inbox::new(),
            poll: AtomicU32::new(0),
            epoch: Epoch::new(),
            pins: [Pin::new(), Pin::new(), Pin::new()],
        });
        scene.inbox.enter(&scene.poll);
        scene
    }

    fn use_it(&self) {
        // SAFETY: loom checks.
        self.memory.with(|p| assert_eq!(unsafe { *p }, 1, "used after it was freed"));
    }

    fn free(&self) {
        // SAFETY: loom checks.
        self.memory.with_mut(|p| unsafe {
            assert_eq!(*p, 1, "freed twice");
            *p = 0;
        });
    }

    fn is_freed(&self) -> bool {
        // SAFETY: loom checks.
        self.memory.with(|p| unsafe { *p == 0 })
    }

    /// `classic::settle`
    fn settle(&self) -> bool {
        if self.owner.load(Ordering::Acquire) == 0 {
            self.shared.fall() == Fall::Retire
        } else {
            merge(&self.local, &self.owner, &self.shared, 1)
        }
    }

    /// `classic::release` of another thread than the owner. True: retired by this thread.
    fn release(&self) -> bool {
        match self.shared.fall() {
            Fall::Done => false,
            Fall::Retire => true,
            Fall::Queue if self.owner.load(Ordering::Acquire) == 0 => self.settle(),
            Fall::Queue => {
                let at = std::ptr::without_provenance_mut(8);
                self.inbox.send(at, MERGE, || self.settle()).unwrap_or(false)
            }
        }
    }

    /// `classic::release` of the owner, where it still is. True: retired by it.
    fn release_mine(&self) -> bool {
        if self.owner.load(Ordering::Relaxed) != OWNER {
            return self.release();
        }
        let n = self.local.load(Ordering::Relaxed);
        self.local.store(n - 1, Ordering::Relaxed);
        n == 1 && merge(&self.local, &self.owner, &self.shared, 0)
    }

    /// `classic::leave`. True: retired meanwhile.
    fn leave(&self) -> bool {
        let mut retired = false;
        loop {
            let sent = self.inbox.leave();
            if sent.is_empty() {
                return retired;
            }
            for _ in sent {
                retired |= self.settle();
            }
        }
    }

    /// Frees a retired object that no register can hold.
    fn bury(&self, retired: bool) -> bool {
        if retired {
            assert_eq!(self.shared.expire(), Fate::Dead);
            self.free();
        }
        retired
    }

    /// What a queue does with an object retired in `epoch`, for a bounded number of polls of thread `me`.
    fn expire(&self, mut epoch: u64, me: usize, polls: usize) {
        for _ in 0..polls {
            self.epoch.pin(&self.pins[me]);
            self.epoch.advance(self.pins.iter());
            if has_expired(epoch, self.epoch.now()) {
                match self.shared.expire() {
                    Fate::Dead => return self.free(),
                    Fate::Again => epoch = self.epoch.now(),
                    Fate::Alive => return,
                }
            }
        }
    }
}

#[test]
fn halves_are_merged_once_and_the_last_reference_retires() {
    loom::model(|| {
        // Two references, both counted by the owner; one was handed to the other thread.
        let s = Scene::new(2);
        let o = s.clone();
        let other = thread::spawn(move || {
            o.use_it();
            o.bury(o.release())
        });
        s.use_it();
        // A poll, perhaps in vain.
        let mut retired = 0;
        if s.poll.load(Ordering::Relaxed) & MERGE != 0 {
            s.poll.fetch_and(!MERGE, Ordering::Acquire);
            retired += s.inbox.take().iter().filter(|_| s.bury(s.settle())).count();
        }
        retired += usize::from(s.bury(s.release_mine()));
        retired += usize::from(s.bury(s.leave()));
        retired += usize::from(other.join().expect("no assertion failed"));
        assert_eq!(retired, 1, "retired once");
        assert!(s.is_freed());
    });
}

#[test]
fn an_owner_that_leaves_leaves_no_merge_behind() {
    loom::model(|| {
        // The owner has handed both references over and stops running, for good perhaps.
        let s = Scene::new(2);
        let threads = [0; 2].map(|_| {
            let o = s.clone();
            thread::spawn(move || {
                o.use_it();
                o.bury(o.release())
            })
        });
        let mut retired = usize::from(s.bury(s.leave()));
        for thread in threads {
            retired += usize::from(thread.join().expect("no assertion failed"));
        }
        assert_eq!(retired, 1, "retired once");
        assert!(s.is_freed());
    });
}

#[test]
fn what_the_owner_did_comes_before_another_frees() {
    loom::model(|| {
        // One reference each: whoever is last frees, and the owner's part is in the word by its merge alone.
        let s = Scene::new(1);
        s.shared.rise();
        let o = s.clone();
        let other = thread::spawn(move || {
            o.use_it();
            o.bury(o.release())
        });
        s.use_it();
        let mine = s.bury(s.release_mine());
        assert!(!s.leave(), "nothing was sent: the count did not go below zero");
        assert!(mine != other.join().expect("no assertion failed"), "freed by one of them");
    });
}

#[test]
fn a_running_owner_is_told_of_a_merge() {
    loom::model(|| {
        // The only reference was handed over: without the word to poll nobody would ever merge.
        let s = Scene::new(1);
        let o = s.clone();
        let other = thread::spawn(move || {
            o.use_it();
            o.bury(o.release())
        });
        while s.poll.load(Ordering::Acquire) & MERGE == 0 {
            thread::yield_now();
        }
        assert_eq!(s.inbox.take().iter().filter(|_| s.bury(s.settle())).count(), 1);
        assert!(!other.join().expect("no assertion failed"));
    });
}

#[test]
fn a_merged_object_that_rose_and_fell_again_is_not_freed_under_a_later_reader() {
    loom::model(|| {
        // Merged and retired in epoch 1 by its owner; thread 1 holds it uncounted since before.
        let s = Scene::new(1);
        s.epoch.pin(&s.pins[1]);
        assert!(s.release_mine());
        s.linked.store(false, Ordering::Relaxed);
        let retired = s.epoch.after_unlink();
        let holder = s.clone();
        let holder = thread::spawn(move || {
            holder.shared.rise();
            holder.linked.store(true, Ordering::Release);
            holder.linked.store(false, Ordering::Release);
            let _ = holder.shared.fall();
            holder.pins[1].unpin();
        });
        let late = s.clone();
        let late = thread::spawn(move || {
            late.epoch.pin(&late.pins[2]);
            if late.linked.load(Ordering::Acquire) {
                late.use_it();
            }
            late.pins[2].unpin();
        });
        s.expire(retired, 0, 3);
        holder.join().expect("no assertion failed");
        late.join().expect("no assertion failed");
    });
}

#[test]
fn conditional_increment_against_the_last_reference_of_the_owner() {
    loom::model(|| {
        let s = Scene::new(1);
        let r = s.clone();
        let reader = thread::spawn(move || {
            let mut retired = false;
            r.epoch.pin(&r.pins[1]);
            if r.linked.load(Ordering::Acquire) {
                if r.shared.rise_if_counted() {
                    if !r.linked.load(Ordering::Acquire) {
                        retired |= r.release(); // the step back
                        r.pins[1].unpin();
                        return retired;
                    }
                } else {
                    // Refused: the epoch has it still.
                    r.shared.rise();
                }
                r.epoch.pin(&r.pins[1]); // counted, so it outlives a poll
                r.use_it();
                retired |= r.release();
            }
            r.pins[1].unpin();
            retired
        });
        s.epoch.pin(&s.pins[0]);
        s.linked.store(false, Ordering::Release);
        if s.release_mine() {
            let epoch = s.epoch.after_unlink();
            s.expire(epoch, 0, 3);
        }
        let _ = s.leave();
        s.pins[0].unpin();
        let later = reader.join().expect("no assertion failed");
        // It is dead, or in the queue of who retired it.
        assert!(s.is_freed() || later || s.shared.expire_stopped() == Fate::Dead);
    });
}

#[test]
fn a_weak_reference_meets_a_merge() {
    loom::model(|| {
        let s = Scene::new(1);
        let w = s.clone();
        let asker = thread::spawn(move || {
            if w.shared.try_rise() {
                w.use_it();
                return (true, w.release());
            }
            (false, false)
        });
        let mine = s.release_mine();
        let mine = s.leave() || mine;
        let (_, later) = asker.join().expect("no assertion failed");
        assert!(mine || later, "somebody has it in a queue");
        assert_eq!(s.shared.expire_stopped(), Fate::Dead);
        s.free();
    });
}

#[test]
fn two_readers_of_a_biased_object_leave_the_count_as_it_was() {
    loom::model(|| {
        let s = Scene::new(1);
        let readers = [0; 2].map(|_| {
            let r = s.clone();
            thread::spawn(move || {
                if !r.shared.rise_if_counted() {
                    r.shared.rise();
                }
                r.use_it();
                r.release()
            })
        });
        for reader in readers {
            assert!(!reader.join().expect("no assertion failed"), "the owner still has it");
        }
        assert!(!s.leave());
        assert_eq!(s.shared.count().wrapping_add(s.local.load(Ordering::Relaxed)), 1);
    });
}

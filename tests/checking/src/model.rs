//! The port, answered with assertions.

use std::alloc::Layout;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parallax_front::Instr;
use parallax_vm::blocks::{Heap, Pool};
use parallax_vm::code::CodeBody;
use parallax_vm::dice;
use parallax_vm::memory::{CellWord, Memory};
use parallax_vm::object::dealloc;
use parallax_vm::value::Word;

use crate::cell::CheckedCell;
use crate::gil::{DROP, GilLock, Holder};
use crate::header::CheckedHeader;
use crate::heap::{self, Quarantine};
use crate::{Context, Thread, rights};

/// The checking model.
pub struct Checking;

/// The lock, the heap that it guards, and the schedule's random numbers.
pub struct Global {
    lock: GilLock<Context>,
    /// Guarded by the global lock.
    pub(crate) heap: Heap,
    /// Guarded by the global lock.
    pub(crate) quarantine: Quarantine,
    /// Relaxed: any order of numbers is a schedule.
    random: AtomicU64,
}

// SAFETY: heap and quarantine are used by the holder of the lock only.
unsafe impl Send for Global {}
// SAFETY: as above.
unsafe impl Sync for Global {}

impl Global {
    /// A number from 0 to `n` - 1.
    fn random(&self, n: u64) -> u64 {
        let x = dice::step(self.random.load(Ordering::Relaxed));
        self.random.store(x, Ordering::Relaxed);
        x % n
    }
}

impl Holder for Context {
    fn request(&self, bits: u32) {
        Context::request(self, bits);
    }

    fn clear(&self, bits: u32) {
        self.poll.fetch_and(!bits, Ordering::Relaxed);
    }
}

/// The count of an immortal object.
const IMMORTAL: u32 = 0xC000_0000;
/// What the count of a deferred object has too much.
const DEFERRED: u32 = 1 << 30;

fn is_deferred(n: u32) -> bool {
    n as i32 >= (DEFERRED / 2) as i32
}

fn address(head: &CheckedHeader) -> usize {
    (&raw const *head).addr()
}

// SAFETY: as for the model of `interp-gil`, whose rules these are.
unsafe impl Memory for Checking {
    const NAME: &'static str = "checking";
    const GIL: bool = true;
    const COUNTERS: bool = false;
    const FEATURES: &'static [&'static str] = &["counts=checked", "switch=random"];
    type Header = CheckedHeader;
    type Cell = CheckedCell;
    type Local = ();
    type Global = Global;
    type Me = ();

    fn new_global() -> Global {
        Global {
            lock: GilLock::new(),
            heap: Heap::new(Arc::new(Pool::default()), 0),
            quarantine: Quarantine::default(),
            random: AtomicU64::new(dice::start(dice::seed().unwrap_or(1), 0)),
        }
    }
    fn new_local(_: &Global) {}
    fn me(_ctx: &Context) {}
    fn current() -> *const Context {
        rights::current()
    }

    unsafe fn retain(_ctx: &Context, word: Word) -> Word {
        if !word.is_ptr() {
            return word;
        }
        // SAFETY: the caller's word is valid, or the assertion says otherwise.
        let head = unsafe { CheckedHeader::of(word) };
        let n = head.count.get();
        if n as i32 >= 0 {
            head.count.set(n + 1);
        }
        word.as_counted()
    }
    unsafe fn hold(ctx: &Context, word: Word) -> Word {
        // SAFETY: as above.
        if word.is_ptr() && (unsafe { CheckedHeader::of(word) }.count.get() as i32) < 0 {
            return word.as_uncounted();
        }
        // SAFETY: as above.
        unsafe { Self::retain(ctx, word) }
    }
    unsafe fn release(ctx: &Context, word: Word) {
        if !word.is_counted() {
            return;
        }
        // SAFETY: as above.
        let head = unsafe { CheckedHeader::of(word) };
        let n = head.count.get() as i32;
        if n < 0 {
            return;
        }
        assert!(n > 0 && n as u32 != DEFERRED, "a count falls below zero at {:p}", word.address());
        head.count.set(n as u32 - 1);
        if n == 1 {
            // SAFETY: the last reference is gone.
            unsafe { dealloc::<Checking>(ctx, word.address()) }
        }
    }
    unsafe fn try_retain(ctx: &Context, word: Word) -> Option<Word> {
        // SAFETY: as above.
        unsafe { if CheckedHeader::of(word).count.get() == 0 { None } else { Some(Self::retain(ctx, word)) } }
    }
    unsafe fn unique(_ctx: &Context, word: Word) -> bool {
        // SAFETY: as above.
        word.is_counted() && unsafe { CheckedHeader::of(word) }.count.get() == 1
    }
    unsafe fn count(_ctx: &Context, word: Word) -> usize {
        // SAFETY: as above.
        let n = unsafe { CheckedHeader::of(word) }.count.get();
        (if is_deferred(n) { n - DEFERRED } else { n }) as usize
    }
    unsafe fn immortalize(_ctx: &Context, word: Word) {
        // SAFETY: as above.
        unsafe { CheckedHeader::of(word) }.count.set(IMMORTAL);
    }
    unsafe fn defer(_ctx: &Context, word: Word) {
        // SAFETY: as above.
        let head = unsafe { CheckedHeader::of(word) };
        let n = head.count.get();
        if n as i32 >= 0 {
            assert!(n > 0 && !is_deferred(n), "an object is deferred twice, or dead, at {:p}", word.address());
            head.count.set(n + DEFERRED);
        }
    }
    unsafe fn settle(_ctx: &Context, word: Word) {
        // SAFETY: as above.
        let head = unsafe { CheckedHeader::of(word) };
        let n = head.count.get();
        if is_deferred(n) {
            assert!(n > DEFERRED, "an object is settled that the collector does not hold, at {:p}", word.address());
            head.count.set(n - DEFERRED);
        }
    }
    unsafe fn is_deferred(word: Word) -> bool {
        // SAFETY: as above.
        is_deferred(unsafe { CheckedHeader::of(word) }.count.get())
    }

    #[track_caller]
    fn lock(_ctx: &Context, head: &CheckedHeader) -> bool {
        head.check();
        assert!(!head.section.replace(true), "a critical section is entered twice at {head:p}");
        rights::enter(address(head), head.count.get() == 1);
        true
    }
    unsafe fn unlock(_ctx: &Context, head: &CheckedHeader) {
        head.check();
        assert!(head.section.replace(false), "a section is left that nobody is in");
        rights::leave(address(head));
    }
    fn is_shared(_ctx: &Context, head: &CheckedHeader) -> bool {
        head.check();
        false
    }

    fn alloc(ctx: &Context, size: usize) -> *mut u8 {
        rights::assert_attached();
        heap::alloc(ctx, size)
    }
    unsafe fn init(_ctx: &Context, at: *mut u8, shape: u32) {
        // SAFETY: `at` is a fresh slot of ours.
        unsafe { at.cast::<CheckedHeader>().write(CheckedHeader::new(shape)) }
    }
    unsafe fn free(ctx: &Context, at: *mut u8, size: usize) {
        // SAFETY: as the caller promises.
        unsafe { heap::free(ctx, at, size) }
    }
    unsafe fn retire(_ctx: &Context, owner: &CheckedHeader, at: *mut u8, layout: Layout) {
        owner.check();
        // SAFETY: the store is unlinked and no other thread runs; poisoned, so that a stale reader finds no word in it.
        unsafe {
            at.write_bytes(0xDB, layout.size());
            std::alloc::dealloc(at, layout);
        }
    }
    fn pool(ctx: &Context) -> &Pool {
        ctx.interp.global.heap.pool()
    }

    #[track_caller]
    unsafe fn store(_ctx: &Context, head: &CheckedHeader, cell: &CheckedCell, new: Word) -> Word {
        head.check();
        assert!(rights::inside(address(head)), "a reference is stored outside its object's section");
        assert!(!new.is_ptr() || new.is_counted(), "an uncounted reference is stored");
        if new.is_ptr() {
            // SAFETY: as above.
            unsafe { CheckedHeader::of(new) };
        }
        let old = cell.load();
        cell.store(new.0);
        Word(old)
    }
    unsafe fn publish(_ctx: &Context, word: Word) {
        if word.is_ptr() {
            // SAFETY: as above.
            unsafe { CheckedHeader::of(word) };
        }
    }

    fn attach(ctx: &Context) {
        ctx.interp.global.lock.acquire(ctx);
        rights::attached(ctx);
        // Asks itself to poll soon: the schedule is the seed's.
        ctx.request(DROP);
    }
    #[track_caller]
    fn detach(ctx: &Context) {
        rights::detaching();
        ctx.interp.global.lock.release(ctx);
    }
    fn poll(t: &mut Thread) {
        rights::assert_free("polls");
        if t.poll.load(Ordering::Relaxed) & DROP == 0 {
            return;
        }
        let interp = t.interp.clone();
        if interp.global.random(4) == 0 {
            rights::detaching();
            interp.global.lock.hand_over(t);
            rights::attached(t);
        }
        if interp.threads.running() > 0 {
            Context::request(t, DROP);
        } else {
            t.clear(DROP);
        }
    }
    fn before_first_thread(_t: &mut Thread) {}
    fn retire_thread(_ctx: &Context) {
        rights::over();
    }
    fn switch_interval(global: &Global) -> f64 {
        global.lock.interval().as_secs_f64()
    }
    fn set_switch_interval(global: &Global, seconds: f64) {
        global.lock.set_interval(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
    }
    fn fork(ctx: &Context, f: impl FnOnce() -> i32) -> i32 {
        let pid = f();
        if pid == 0 {
            // SAFETY: a forked child has one thread.
            unsafe { ctx.interp.global.lock.reset(ctx) }
        }
        pid
    }

    fn stop_the_world<R>(t: &mut Thread, f: impl FnOnce(&mut Thread) -> R) -> R {
        rights::assert_free("stops the world");
        f(t)
    }

    fn instructions(_ctx: &Context, code: &CodeBody<Checking>) -> *mut Instr {
        code.instrs.as_ptr().cast_mut().cast()
    }
}

//! The port, answered for a global lock. Each answer is one line; the modules named in it hold the reasons.

use std::alloc::Layout;

use parallax_front::Instr;
use parallax_vm::blocks::Pool;
use parallax_vm::code::CodeBody;
use parallax_vm::memory::{CellWord, Memory};
use parallax_vm::value::Word;

use crate::cell::GilCell;
use crate::header::GilHeader;
use crate::threads::Local;
use crate::world::Global;
use crate::{Context, Thread, caches, count, heap, threads, world};

/// The memory model with the global lock.
pub struct Gil;

// SAFETY: the contract sentence of the port: a thread touches objects only while it holds the lock, and nothing that a
// holder has read is released by another thread before the holder polls, blocks or detaches.
unsafe impl Memory for Gil {
    const NAME: &'static str = "gil";
    const GIL: bool = true;
    const COUNTERS: bool = cfg!(feature = "counters");
    const FEATURES: &'static [&'static str] = crate::features::FEATURES;
    type Header = GilHeader;
    type Cell = GilCell;
    type Local = Local;
    type Global = Global;
    type Me = ();

    fn new_global() -> Global {
        Global::new()
    }
    fn new_local(global: &Global) -> Local {
        Local::new(global)
    }
    fn me(_ctx: &Context) {}
    #[inline(always)]
    fn current() -> *const Context {
        threads::current()
    }

    #[inline(always)]
    unsafe fn retain(ctx: &Context, word: Word) -> Word {
        // SAFETY: as the caller promises.
        unsafe { count::retain(ctx, word) }
    }
    #[inline(always)]
    unsafe fn hold(ctx: &Context, word: Word) -> Word {
        // SAFETY: as the caller promises.
        unsafe { count::hold(ctx, word) }
    }
    #[inline(always)]
    unsafe fn release(ctx: &Context, word: Word) {
        // SAFETY: as the caller promises.
        unsafe { count::release(ctx, word) }
    }
    unsafe fn try_retain(ctx: &Context, word: Word) -> Option<Word> {
        // SAFETY: as the caller promises.
        unsafe { count::try_retain(ctx, word) }
    }
    #[inline(always)]
    unsafe fn unique(_ctx: &Context, word: Word) -> bool {
        // SAFETY: as the caller promises.
        unsafe { count::unique(word) }
    }
    unsafe fn count(_ctx: &Context, word: Word) -> usize {
        // SAFETY: as the caller promises.
        unsafe { count::count(word) }
    }
    unsafe fn immortalize(_ctx: &Context, word: Word) {
        // SAFETY: as the caller promises.
        unsafe { count::immortalize(word) }
    }
    unsafe fn defer(_ctx: &Context, word: Word) {
        // SAFETY: as the caller promises.
        unsafe { count::defer(word) }
    }
    unsafe fn settle(_ctx: &Context, word: Word) {
        // SAFETY: as the caller promises.
        unsafe { count::settle(word) }
    }
    unsafe fn is_deferred(word: Word) -> bool {
        // SAFETY: as the caller promises.
        unsafe { count::deferred(word) }
    }

    #[inline(always)]
    fn lock(_ctx: &Context, _head: &GilHeader) -> bool {
        false
    }
    #[inline(always)]
    unsafe fn unlock(_ctx: &Context, _head: &GilHeader) {}
    #[inline(always)]
    fn is_shared(_ctx: &Context, _head: &GilHeader) -> bool {
        false
    }

    #[inline(always)]
    fn alloc(ctx: &Context, size: usize) -> *mut u8 {
        heap::alloc(ctx, size)
    }
    #[inline(always)]
    unsafe fn init(_ctx: &Context, at: *mut u8, shape: u32) {
        // SAFETY: `at` is a fresh slot of ours.
        unsafe { at.cast::<GilHeader>().write(GilHeader::new(shape)) }
    }
    #[inline(always)]
    unsafe fn free(ctx: &Context, at: *mut u8, size: usize) {
        // SAFETY: as the caller promises.
        unsafe { heap::free(ctx, at, size) }
    }
    #[inline(always)]
    unsafe fn retire(_ctx: &Context, _owner: &GilHeader, at: *mut u8, layout: Layout) {
        // SAFETY: the store is unlinked and no other thread runs.
        unsafe { std::alloc::dealloc(at, layout) }
    }
    fn pool(ctx: &Context) -> &Pool {
        world::pool(ctx)
    }

    #[inline(always)]
    unsafe fn store(_ctx: &Context, _head: &GilHeader, cell: &GilCell, new: Word) -> Word {
        let old = cell.load();
        cell.store(new.0);
        Word(old)
    }
    #[inline(always)]
    unsafe fn publish(_ctx: &Context, _word: Word) {}

    fn attach(ctx: &Context) {
        threads::attach(ctx);
    }
    fn detach(ctx: &Context) {
        threads::detach(ctx);
    }
    fn poll(t: &mut Thread) {
        threads::poll(t);
    }
    fn before_first_thread(_t: &mut Thread) {}
    fn retire_thread(ctx: &Context) {
        threads::retire_thread(ctx);
    }
    fn switch_interval(global: &Global) -> f64 {
        threads::switch_interval(global)
    }
    fn set_switch_interval(global: &Global, seconds: f64) {
        threads::set_switch_interval(global, seconds);
    }
    fn fork(ctx: &Context, f: impl FnOnce() -> i32) -> i32 {
        threads::fork(ctx, f)
    }

    fn stop_the_world<R>(t: &mut Thread, f: impl FnOnce(&mut Thread) -> R) -> R {
        world::stop(t, f)
    }

    #[inline(always)]
    fn instructions(_ctx: &Context, code: &CodeBody<Gil>) -> *mut Instr {
        caches::instructions(code)
    }
}

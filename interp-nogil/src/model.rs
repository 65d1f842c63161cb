//! The port, answered without a global lock. Each answer is one line; the modules named in it hold the reasons.

use std::alloc::Layout;
use std::cell::Cell;

use parallax_front::Instr;
use parallax_vm::blocks::Pool;
use parallax_vm::code::CodeBody;
use parallax_vm::counters::Event;
use parallax_vm::memory::Memory;
use parallax_vm::value::Word;

use crate::cell::NogilCell;
use crate::header::NogilHeader;
use crate::threads::Local;
use crate::world::Global;
use crate::{Context, Thread, caches, count, counting, deferred, heap, loans, lock, publish, retire, threads, world};

/// The memory model without a global lock.
pub struct Nogil;

// SAFETY: the contract sentence of the port: an attached thread is pinned; what it loads from an object it may reach is
// private to it, immortal, or shared; and a shared object is freed only two epochs after its count fell to zero, which
// takes a poll, a block or a detach of this thread.
unsafe impl Memory for Nogil {
    const NAME: &'static str = "nogil";
    const GIL: bool = false;
    const COUNTERS: bool = cfg!(feature = "counters");
    const LENDS: bool = loans::LENDS;
    const READS_LOCKED: bool = cfg!(feature = "reads-locked");
    const FEATURES: &'static [&'static str] = crate::features::FEATURES;
    type Header = NogilHeader;
    type Cell = NogilCell;
    type Local = Local;
    type Global = Global;
    type Me = u16;

    fn new_global() -> Global {
        Global::new()
    }
    fn new_local(global: &Global) -> Local {
        Local::new(global)
    }
    #[inline(always)]
    fn me(ctx: &Context) -> u16 {
        ctx.local.id
    }
    #[inline(always)]
    fn current() -> *const Context {
        threads::current()
    }

    #[inline(always)]
    unsafe fn retain(ctx: &Context, word: Word) -> Word {
        // SAFETY: as the caller promises.
        unsafe { counting::retain(ctx, ctx.local.id, word) }
    }
    #[inline(always)]
    unsafe fn retain_as(ctx: &Context, me: u16, word: Word) -> Word {
        // SAFETY: as the caller promises.
        unsafe { counting::retain(ctx, me, word) }
    }
    #[inline(always)]
    unsafe fn hold(ctx: &Context, word: Word) -> Word {
        // SAFETY: as the caller promises.
        unsafe { count::hold(ctx, ctx.local.id, word) }
    }
    #[inline(always)]
    unsafe fn hold_as(ctx: &Context, me: u16, word: Word) -> Word {
        // SAFETY: as the caller promises.
        unsafe { count::hold(ctx, me, word) }
    }
    #[inline(always)]
    unsafe fn load(ctx: &Context, cell: &NogilCell) -> Word {
        // SAFETY: as the caller promises.
        unsafe { count::load(ctx, cell) }
    }
    #[inline(always)]
    unsafe fn release(ctx: &Context, word: Word) {
        // SAFETY: as the caller promises.
        unsafe { counting::release(ctx, ctx.local.id, word) }
    }
    #[inline(always)]
    unsafe fn release_as(ctx: &Context, me: u16, word: Word) {
        // SAFETY: as the caller promises.
        unsafe { counting::release(ctx, me, word) }
    }
    #[inline(always)]
    unsafe fn lend(ctx: &Context, place: *const Cell<Word>, word: Word) {
        // SAFETY: as the caller promises.
        unsafe { loans::lend(ctx, place, word) }
    }
    #[inline(always)]
    unsafe fn end_loan(ctx: &Context, place: *const Cell<Word>) {
        loans::end_loan(ctx, place);
    }
    unsafe fn try_retain(ctx: &Context, word: Word) -> Option<Word> {
        // SAFETY: as the caller promises.
        unsafe { counting::try_retain(ctx, word) }
    }
    #[inline(always)]
    unsafe fn unique(ctx: &Context, word: Word) -> bool {
        // SAFETY: as the caller promises.
        unsafe { counting::unique(ctx, word) }
    }
    unsafe fn count(ctx: &Context, word: Word) -> usize {
        // SAFETY: as the caller promises.
        unsafe { counting::count(ctx, word) }
    }
    unsafe fn immortalize(_ctx: &Context, word: Word) {
        // SAFETY: as the caller promises.
        unsafe { counting::immortalize(word) }
    }
    unsafe fn defer(ctx: &Context, word: Word) {
        // SAFETY: as the caller promises.
        unsafe { counting::defer(ctx, word) }
    }
    unsafe fn settle(ctx: &Context, word: Word) {
        // SAFETY: as the caller promises.
        deferred::settle(ctx, unsafe { NogilHeader::of(word) });
    }
    unsafe fn is_deferred(word: Word) -> bool {
        // SAFETY: as the caller promises.
        unsafe { deferred::is(word) }
    }

    #[inline(always)]
    fn lock(ctx: &Context, head: &NogilHeader) -> bool {
        let locked = cfg!(feature = "writes-locked") || Self::is_shared(ctx, head);
        if locked {
            lock::acquire(ctx, &head.lock);
        } else {
            ctx.count(Event::LockSkipped);
        }
        locked
    }
    #[inline(always)]
    unsafe fn unlock(_ctx: &Context, head: &NogilHeader) {
        // SAFETY: as the caller promises.
        unsafe { head.lock.release() }
    }
    #[inline(always)]
    fn is_shared(ctx: &Context, head: &NogilHeader) -> bool {
        !head.is_counted_by(ctx.local.id) && !head.is_owned_by(ctx.local.id)
    }

    #[inline(always)]
    fn alloc(ctx: &Context, size: usize) -> *mut u8 {
        heap::alloc(ctx, size)
    }
    #[inline(always)]
    unsafe fn init(ctx: &Context, at: *mut u8, shape: u32) {
        // SAFETY: `at` is a fresh slot of ours.
        unsafe { at.cast::<NogilHeader>().write(NogilHeader::new(shape, ctx.local.id)) }
    }
    #[inline(always)]
    unsafe fn free(ctx: &Context, at: *mut u8, size: usize) {
        // SAFETY: as the caller promises.
        unsafe { heap::free(ctx, at, size) }
    }
    #[inline(always)]
    unsafe fn retire(ctx: &Context, owner: &NogilHeader, at: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { retire::store(ctx, owner, at, layout) }
    }
    fn pool(ctx: &Context) -> &Pool {
        world::pool(ctx)
    }

    #[inline(always)]
    unsafe fn store(ctx: &Context, head: &NogilHeader, cell: &NogilCell, new: Word) -> Word {
        // SAFETY: as the caller promises.
        unsafe { publish::store(ctx, head, cell, new) }
    }
    #[inline(always)]
    unsafe fn publish(ctx: &Context, word: Word) {
        // SAFETY: as the caller promises.
        unsafe { publish::publish(ctx, word) }
    }
    unsafe fn check_reference(from: &NogilHeader, to: Word) {
        // SAFETY: as the caller promises.
        unsafe { publish::check_reference(from, to) }
    }

    fn attach(ctx: &Context) {
        threads::attach(ctx);
    }
    fn detach(ctx: &Context) {
        threads::detach(ctx);
    }
    fn poll(t: &mut Thread) {
        threads::poll(t);
    }
    fn before_first_thread(t: &mut Thread) {
        publish::publish_roots(t);
    }
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
        world::fork(ctx, f)
    }

    fn stop_the_world<R>(t: &mut Thread, f: impl FnOnce(&mut Thread) -> R) -> R {
        world::stop(t, f)
    }

    #[inline(always)]
    fn instructions(ctx: &Context, code: &CodeBody<Nogil>) -> *mut Instr {
        caches::instructions(ctx, code)
    }
    fn forget_instructions(ctx: &Context, code: &CodeBody<Nogil>) {
        caches::forget(ctx, code);
    }
}

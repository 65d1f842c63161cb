//! Counting as in PEP 703, the alternative to `count`: an object keeps its owner when it is shared. The owner counts
//! with plain additions in the `local` field, all others atomically in the `shared` one (`biased`); registers count
//! their objects like everybody else. Who gave up more references than it took sends the object to its owner
//! (`inbox`), who merges the halves at its next poll.
//!
//! | owner | local | shared | the object is |
//! |---|---|---|---|
//! | a thread, UNCOUNTED, perhaps BIASED | below 0 | – | immortal or deferred |
//! | a thread | > 0 | 0 (or dead) | private to that thread |
//! | a thread, BIASED | > 0 | DEFAULT, WEAK, QUEUED | shared, and counted by that thread in `local` |
//! | 0 | 0 | MERGED | shared, counted in `shared` alone |
//! | a thread | 0 | 0 or dead | being freed by that thread |
//!
//! Sharing decides, as ever, who needs the object's lock for writes; it moves no count here. That a shared object is
//! freed two epochs after its last reference is as ever too: borrowed words rest on it. So a reader whose conditional
//! increment is refused may count the object all the same, where CPython must take the container's lock first.

use std::sync::Arc;

use parallax_vm::counters::Event;
use parallax_vm::locks::Mutex;
use parallax_vm::memory::CellWord;
use parallax_vm::object::dealloc;
use parallax_vm::value::Word;

use crate::cell::NogilCell;
use crate::counting::{retain, rise};
use crate::deferred::{self, is_deferred};
use crate::header::{NOBODY, NogilHeader};
use crate::inbox::Inbox;
use crate::shared::{self, Fall};
use crate::sync::Ordering;
use crate::{Context, Nogil, retire};

/// Bit of the poll word: objects wait in this thread's inbox.
const MERGE: u32 = parallax_vm::context::poll::MODEL << 2;

/// In the owner field: others know the object. Ids of heaps stay below.
const BIASED: u16 = 1 << 15;

/// In the owner field: the owner does not count the object. Ids of heaps stay below.
pub(crate) const UNCOUNTED: u16 = 1 << 14;

/// The largest id of a heap.
pub(crate) const MAX_ID: u16 = UNCOUNTED - 1;

/// Does the thread with this id count the object in `local`? Relaxed: only the owner can find itself here, and others
/// change the field only while it does not run.
#[inline(always)]
pub(crate) fn is_mine(head: &NogilHeader, id: u16) -> bool {
    (head.owner.load(Ordering::Relaxed) ^ id) & !BIASED == 0
}

/// Do registers leave an object with this local count uncounted?
#[inline(always)]
fn stays_uncounted(local: u32) -> bool {
    (local as i32) < 0 && (!cfg!(feature = "immortal-counted") || is_deferred(local))
}

/// A word for a register: all but immortal and deferred objects are counted.
///
/// # Safety
/// The word is valid.
#[inline(always)]
pub(crate) unsafe fn hold(ctx: &Context, me: u16, word: Word) -> Word {
    // SAFETY: (all) by the caller's word.
    unsafe {
        if word.is_ptr() {
            let head = NogilHeader::of(word);
            if !is_mine(head, me) && stays_uncounted(head.local()) {
                ctx.count(Event::RetainImmortal);
                return word.as_uncounted();
            }
        }
        retain(ctx, me, word)
    }
}

/// Reads a cell into a register: another thread's object is counted if its word says that it is alive, and kept if the
/// cell still refers to it then.
///
/// # Safety
/// As for `hold`: what the cell refers to is valid.
#[inline(always)]
pub(crate) unsafe fn load(ctx: &Context, cell: &NogilCell) -> Word {
    let word = Word(cell.load());
    if !word.is_ptr() {
        return word;
    }
    // SAFETY: by the caller's word.
    let head = unsafe { NogilHeader::of(word) };
    if is_mine(head, ctx.local.id) {
        ctx.count(Event::RetainPrivate);
        head.raise_local();
        return word.as_counted();
    }
    let n = head.local();
    if stays_uncounted(n) {
        ctx.count(Event::RetainImmortal);
        return word.as_uncounted();
    }
    if cfg!(feature = "immortal-counted") && (n as i32) < 0 {
        // SAFETY: by the caller's word.
        return unsafe { retain(ctx, ctx.local.id, word) };
    }
    // SAFETY: by the caller's word.
    unsafe { load_shared(ctx, cell, word) }
}

unsafe fn load_shared(ctx: &Context, cell: &NogilCell, word: Word) -> Word {
    ctx.count(Event::RetainShared);
    // SAFETY: (block) valid by the caller's word, which the epoch keeps whatever becomes of the cell.
    unsafe {
        let head = NogilHeader::of(word);
        if !head.shared.rise_if_counted() {
            ctx.count(Event::ReadRefused);
            rise(head);
            return word.as_counted();
        }
        if cell.load() == word.0 {
            return word.as_counted();
        }
        ctx.count(Event::ReadAgain);
        // The step back may be the last one for the object.
        release_shared(ctx, word);
        hold(ctx, ctx.local.id, Word(cell.load()))
    }
}

/// The owner has no reference left.
///
/// # Safety
/// As said.
#[cold]
#[inline(never)]
pub(crate) unsafe fn last(ctx: &Context, word: Word) {
    // SAFETY: (block) nobody can reach a private object any more; a shared one is merged by its owner.
    unsafe {
        let head = NogilHeader::of(word);
        if head.is_owned_by(ctx.local.id) {
            dealloc::<Nogil>(ctx, word.address());
        } else {
            ctx.count(Event::Merged);
            if shared::merge(&head.local, &head.owner, &head.shared, 0) {
                retire::object(ctx, word.address());
            }
        }
    }
}

/// One reference less to a shared object.
///
/// # Safety
/// The caller owned the word.
#[cold]
#[inline(never)]
pub(crate) unsafe fn release_shared(ctx: &Context, word: Word) {
    ctx.count(Event::ReleaseShared);
    // SAFETY: an owned word is valid until its count is given up, and until the epoch of this thread has passed.
    let head = unsafe { NogilHeader::of(word) };
    match head.shared.fall() {
        Fall::Done => (),
        Fall::Retire => retire::object(ctx, word.address()),
        Fall::Queue => send(ctx, head, word.address()),
    }
}

/// Sends an object to its owner, with the reference that was kept for that.
#[cold]
fn send(ctx: &Context, head: &NogilHeader, at: *mut u8) {
    // Acquire: without an owner the word is merged.
    let owner = head.owner.load(Ordering::Acquire) & MAX_ID;
    let last = if owner == NOBODY {
        settle(ctx, head)
    } else {
        ctx.count(Event::Sent);
        let inbox = ctx.interp.global.owners.inbox(owner);
        inbox.send(at, MERGE, || settle(ctx, head)).unwrap_or(false)
    };
    if last {
        retire::object(ctx, at);
    }
}

/// Merges an object that came with one reference. The caller is the owner, or stands in for it. True: the object is
/// retired now.
fn settle(ctx: &Context, head: &NogilHeader) -> bool {
    let n = head.local();
    if (n as i32) < 0 {
        // Immortal or deferred since it was sent.
        if is_deferred(n) {
            deferred::lower(ctx, head, n);
        }
        false
    } else if head.owner.load(Ordering::Acquire) == NOBODY {
        head.shared.fall() == Fall::Retire
    } else {
        shared::merge(&head.local, &head.owner, &head.shared, 1)
    }
}

/// References to an object that is neither immortal nor deferred; exact while no other thread counts.
pub(crate) fn references(head: &NogilHeader) -> u32 {
    if is_shared(head) { head.local().wrapping_add(head.shared.count()) } else { head.local() }
}

// ---- Sharing and owners.

/// May other threads know the object?
#[inline(always)]
pub(crate) fn is_shared(head: &NogilHeader) -> bool {
    let owner = head.owner.load(Ordering::Acquire);
    owner == NOBODY || owner & BIASED != 0
}

/// Makes a private object a shared one, which its owner goes on counting.
pub(crate) fn share(head: &NogilHeader) {
    if head.local() as i32 >= 0 {
        head.shared.clear();
    }
    // Release: a weak reference may look at an object that was revived.
    head.owner.store(head.owner.load(Ordering::Relaxed) | BIASED, Ordering::Release);
}

/// The inboxes of all heap ids.
pub(crate) struct Owners(Mutex<Vec<Arc<Inbox>>>);

/// This thread's inbox.
pub(crate) type Owner = Arc<Inbox>;

impl Owners {
    pub(crate) fn new() -> Self {
        Owners(Mutex::new(Vec::new()))
    }

    /// The inbox of a heap id; ids are given out in order.
    pub(crate) fn inbox(&self, id: u16) -> Arc<Inbox> {
        let id = id as usize;
        let mut all = self.0.lock();
        while all.len() <= id {
            all.push(Arc::new(Inbox::new()));
        }
        all[id].clone()
    }
}

/// This thread runs from now on.
pub(crate) fn enter(owner: &Owner, ctx: &Context) {
    owner.enter(&ctx.poll);
}

/// This thread stops running.
pub(crate) fn leave(ctx: &Context) {
    loop {
        let sent = ctx.local.owner.leave();
        if sent.is_empty() {
            return;
        }
        settle_all(ctx, &sent);
    }
}

/// Serves [`MERGE`], if it is among the bits.
pub(crate) fn serve(ctx: &Context, bits: u32) {
    if bits & MERGE == 0 {
        return;
    }
    // Acquire pairs with the release of the sender.
    ctx.poll.fetch_and(!MERGE, Ordering::Acquire);
    settle_all(ctx, &ctx.local.owner.take());
}

/// The world is stopped: merges what waits in all inboxes. Was there any?
pub(crate) fn serve_all(ctx: &Context) -> bool {
    let inboxes = ctx.interp.global.owners.0.lock().clone();
    let mut any = false;
    for inbox in inboxes.iter() {
        any |= settle_all(ctx, &inbox.take());
    }
    any
}

/// The child of a fork: the other owners are gone.
pub(crate) fn after_fork(ctx: &Context) {
    let owners = &ctx.interp.global.owners;
    // SAFETY: the child of a fork has one thread.
    let inboxes = unsafe {
        let inboxes = std::ptr::read(owners.0.data_ptr());
        inboxes.iter().for_each(|inbox| inbox.renew());
        (&raw const owners.0).cast_mut().write(Mutex::new(inboxes));
        owners.0.lock()
    };
    for inbox in inboxes.iter().filter(|inbox| !Arc::ptr_eq(inbox, &ctx.local.owner)) {
        settle_all(ctx, &inbox.orphan());
    }
}

fn settle_all(ctx: &Context, sent: &[*mut u8]) -> bool {
    for &at in sent {
        ctx.count(Event::Merged);
        // SAFETY: what was sent came with a reference.
        if settle(ctx, unsafe { NogilHeader::of(Word::uncounted(at)) }) {
            retire::object(ctx, at);
        }
    }
    !sent.is_empty()
}

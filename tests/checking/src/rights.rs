//! Who may touch objects: the thread that holds the global lock, as each access asserts. And which critical sections
//! that thread is in.

use std::cell::{Cell, RefCell};

use crate::Context;

thread_local! {
    /// The context of this thread: set when it attaches first.
    static CURRENT: Cell<*const Context> = const { Cell::new(std::ptr::null()) };
    /// Does this thread hold the lock?
    static ATTACHED: Cell<bool> = const { Cell::new(false) };
    /// Addresses of the objects whose sections this thread is in, in the order of entering.
    static SECTIONS: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// The context of the running thread.
pub(crate) fn current() -> *const Context {
    CURRENT.get()
}

/// This thread holds the lock now.
pub(crate) fn attached(ctx: &Context) {
    assert!(!ATTACHED.replace(true), "attached twice");
    CURRENT.set(ctx);
}

/// This thread is about to give the lock up.
#[track_caller]
pub(crate) fn detaching() {
    assert_free("detaches");
    assert!(ATTACHED.replace(false), "detached twice");
}

/// The thread is over.
pub(crate) fn over() {
    CURRENT.set(std::ptr::null());
}

/// Asserts the right to touch objects.
#[track_caller]
pub(crate) fn assert_attached() {
    assert!(ATTACHED.get(), "an object is touched by a thread that is not attached");
}

/// Asserts that the thread is in no section.
#[track_caller]
pub(crate) fn assert_free(what: &str) {
    SECTIONS.with_borrow(|s| assert!(s.is_empty(), "{what} in the critical section of {:#x}", s[s.len() - 1]));
}

/// Enters a section: each once, in the order of addresses. An object that has just been made (`fresh`) may be entered
/// in any order: nobody else knows it.
#[track_caller]
pub(crate) fn enter(at: usize, fresh: bool) {
    SECTIONS.with_borrow_mut(|s| {
        if let Some(&last) = s.last()
            && !fresh
        {
            assert!(last != at, "a critical section is entered twice");
            assert!(last < at, "critical sections are entered out of order: {last:#x}, then {at:#x}");
        }
        s.push(at);
    });
}

/// Leaves a section.
#[track_caller]
pub(crate) fn leave(at: usize) {
    SECTIONS.with_borrow_mut(|s| {
        let i = s.iter().rposition(|&a| a == at).expect("a section is left that was never entered");
        s.remove(i);
    });
}

/// Is the thread in the section of this object?
pub(crate) fn inside(at: usize) -> bool {
    SECTIONS.with_borrow(|s| s.contains(&at))
}

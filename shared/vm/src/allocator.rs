//! The general allocator of both interpreters: stores of lists, dicts and strings, digits.
//!
//! mimalloc, called by its plain entry points where the alignment that it gives anyway is enough. The entry points that
//! take an alignment test it anew at each call, and miss their fast path for sizes that are no multiple of it.

use std::alloc::{GlobalAlloc, Layout};

use libmimalloc_sys as mi;

/// The allocator.
pub struct Allocator;

/// Does a plain allocation of this layout have its alignment? Blocks of 16 bytes and more are aligned to 16, smaller
/// ones to 8.
#[inline(always)]
const fn plain(layout: Layout) -> bool {
    layout.align() <= 8 || layout.align() == 16 && layout.size() >= 16
}

// SAFETY: mimalloc gives and takes memory as the trait asks: of the size and alignment asked for, and of nobody else.
unsafe impl GlobalAlloc for Allocator {
    #[inline(always)]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: (both) nothing is asked of the arguments.
        unsafe {
            if plain(layout) {
                mi::mi_malloc(layout.size()).cast()
            } else {
                mi::mi_malloc_aligned(layout.size(), layout.align()).cast()
            }
        }
    }

    #[inline(always)]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: (both) as above.
        unsafe {
            if plain(layout) {
                mi::mi_zalloc(layout.size()).cast()
            } else {
                mi::mi_zalloc_aligned(layout.size(), layout.align()).cast()
            }
        }
    }

    #[inline(always)]
    unsafe fn dealloc(&self, at: *mut u8, _layout: Layout) {
        // SAFETY: the caller got it here.
        unsafe { mi::mi_free(at.cast()) }
    }

    #[inline(always)]
    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: (both) the caller got it here.
        unsafe {
            if layout.align() <= 8 {
                mi::mi_realloc(at.cast(), size).cast()
            } else {
                mi::mi_realloc_aligned(at.cast(), size, layout.align()).cast()
            }
        }
    }
}

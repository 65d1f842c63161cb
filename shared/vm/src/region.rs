//! Reserved address space: memory that never moves and costs nothing until it is touched.

/// Reserves `bytes` (a multiple of the page size), zeroed, and an inaccessible guard page behind them. Aborts when the address space is exhausted, as no thread
/// can start without its stack.
pub fn reserve(bytes: usize) -> *mut u8 {
    // SAFETY: an anonymous mapping at an address of the kernel's choice touches nothing that exists.
    unsafe {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        let at = libc::mmap(std::ptr::null_mut(), bytes + GUARD, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0);
        if at == libc::MAP_FAILED {
            std::alloc::handle_alloc_error(std::alloc::Layout::new::<u8>());
        }
        libc::mprotect(at.cast::<u8>().add(bytes).cast(), GUARD, libc::PROT_NONE);
        at.cast()
    }
}

/// Gives a reservation back.
pub fn release(at: *mut u8, bytes: usize) {
    // SAFETY: `at` came from `reserve(bytes)`; its owner is being dropped.
    unsafe {
        libc::munmap(at.cast(), bytes + GUARD);
    }
}

const GUARD: usize = 4096;

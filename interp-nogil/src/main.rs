//! `interp-nogil`: Python without a global lock.

/// The general allocator: stores of lists, dicts and strings.
#[cfg(not(feature = "alloc-system"))]
#[global_allocator]
static ALLOCATOR: parallax_vm::allocator::Allocator = parallax_vm::allocator::Allocator;

fn main() {
    std::process::exit(interp_nogil::main_with_args(std::env::args_os().collect()));
}

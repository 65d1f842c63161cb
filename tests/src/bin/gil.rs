//! The interpreter with a global lock, as a program of this crate: Cargo tells the tests of one crate the paths of its own programs only.

/// The general allocator, as in the interpreter itself.
#[global_allocator]
static ALLOCATOR: parallax_vm::allocator::Allocator = parallax_vm::allocator::Allocator;

fn main() {
    std::process::exit(interp_gil::main_with_args(std::env::args_os().collect()));
}

//! The interpreter without a global lock, as a program of this crate: Cargo tells the tests of one crate the paths of its own programs only.

/// The general allocator, as in the interpreter itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    std::process::exit(interp_nogil::main_with_args(std::env::args_os().collect()));
}

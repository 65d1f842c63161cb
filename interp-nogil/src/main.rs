//! `interp-nogil`: Python without a global lock.

/// The general allocator: stores of lists, dicts and strings.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    std::process::exit(interp_nogil::main_with_args(std::env::args_os().collect()));
}

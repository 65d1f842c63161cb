//! The interpreter on the checking model, as a program of this crate: Cargo tells the tests of one crate the paths of its own programs only.

fn main() {
    std::process::exit(interp_checking::main_with_args(std::env::args_os().collect()));
}

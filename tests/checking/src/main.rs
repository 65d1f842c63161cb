//! `interp-checking`: Python on the checking model.

fn main() {
    std::process::exit(interp_checking::main_with_args(std::env::args_os().collect()));
}

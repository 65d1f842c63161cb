//! The command line of the laboratory.

use std::process::ExitCode;

fn main() -> ExitCode {
    parallax_benches::cli::main()
}

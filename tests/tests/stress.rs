//! Everything at once, and then the count: objects made = objects freed.
//!
//! Bounded by default; `PARALLAX_STRESS="SEED SECONDS THREADS"` makes it long: `"7 7200 8"` is two hours with 8 threads.

use parallax_tests::build::Build;

fn check(build: &Build) {
    let args = std::env::var("PARALLAX_STRESS").unwrap_or_else(|_| "1 6 3".to_string());
    let args: Vec<String> = args.split_whitespace().map(str::to_string).collect();
    parallax_tests::suite::check_programs(build, "stress", &args);
}

parallax_tests::on_every_build!(check);

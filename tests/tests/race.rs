//! Containers, classes, generators and threads under fire: no crash, and every invariant holds.
//!
//! `PARALLAX_RACE_SCALE` sets the amount of work; 1 is about a second a program on CPython.

use parallax_tests::build::Build;

fn check(build: &Build) {
    let scale = std::env::var("PARALLAX_RACE_SCALE").unwrap_or_else(|_| "0.2".to_string());
    parallax_tests::suite::check_programs(build, "race", &[scale]);
}

parallax_tests::on_every_build!(check);

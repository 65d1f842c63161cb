//! Whole programs of the kind that people try first with threads: the same visible outcome on every build.

parallax_tests::on_every_build!(|build| parallax_tests::suite::check_programs(build, "seed", &[]));

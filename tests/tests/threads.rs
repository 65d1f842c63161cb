//! Threads to the limit: thousands of them, forks, signals, ends while others run.

parallax_tests::on_every_build!(|build| parallax_tests::suite::check_programs(build, "threads", &[]));

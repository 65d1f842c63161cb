//! What Python's language and built-ins do, area by area, held against CPython's committed output.

parallax_tests::on_every_build!(|build| parallax_tests::suite::check_programs(build, "conformance", &[]));

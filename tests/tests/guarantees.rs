//! What programs may rely on without a lock: single operations on built-ins are atomic (docs: memory model, guarantees).

parallax_tests::on_every_build!(|build| parallax_tests::suite::check_programs(build, "guarantees", &[]));

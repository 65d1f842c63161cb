//! What this binary is, for `--features`, `sys._parallax` and the report: each mechanism, or its plain alternative.

/// The answer to "which one?", by mechanism.
pub const FEATURES: &[&str] = &[
    if cfg!(feature = "header-16") { "header=16" } else { "header=8" },
    if cfg!(feature = "counts-atomic") { "counts=atomic" } else { "counts=plain" },
    if cfg!(feature = "switch-blocking") {
        "switch=blocking"
    } else if cfg!(feature = "switch-checks") {
        "switch=100-polls"
    } else {
        "switch=interval+forced"
    },
    if cfg!(feature = "floats-boxed") { "floats=boxed" } else { "floats=unboxed" },
    if cfg!(feature = "counters") { "counters=on" } else { "counters=off" },
    if cfg!(feature = "alloc-system") { "alloc=system" } else { "alloc=mimalloc" },
    "immortal=yes",
    "caches=shared",
];

#[cfg(all(feature = "switch-blocking", feature = "switch-checks"))]
compile_error!("switch-blocking and switch-checks exclude each other: each says when the lock changes hands");

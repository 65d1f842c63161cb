//! What this binary is, for `--features`, `sys._parallax` and the report: each mechanism, or its plain alternative.

/// The answer to "which one?", by mechanism.
pub const FEATURES: &[&str] = &[
    if cfg!(feature = "header-16") { "header=16" } else { "header=8" },
    if cfg!(feature = "counts-atomic") { "counts=atomic" } else { "counts=plain" },
    if cfg!(feature = "switch-blocking") { "switch=blocking" } else { "switch=interval+forced" },
    if cfg!(feature = "counters") { "counters=on" } else { "counters=off" },
    if cfg!(feature = "alloc-system") { "alloc=system" } else { "alloc=mimalloc" },
    "immortal=yes",
    "caches=shared",
];

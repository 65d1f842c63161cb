//! What this binary is, for `--features`, `sys._parallax` and the report: each mechanism, or its plain alternative.

/// The answer to "which one?", by mechanism.
pub const FEATURES: &[&str] = &[
    "header=16",
    if cfg!(feature = "counts-atomic") { "counts=atomic" } else { "counts=private+shared" },
    if cfg!(feature = "reads-counted") { "reads=counted" } else { "reads=uncounted" },
    if cfg!(feature = "writes-locked") { "private_writes=locked" } else { "private_writes=unlocked" },
    if cfg!(feature = "deferred-counted") { "deferred=counted" } else { "deferred=per-thread" },
    if cfg!(feature = "counters") { "counters=on" } else { "counters=off" },
    if cfg!(feature = "alloc-system") { "alloc=system" } else { "alloc=mimalloc" },
    "immortal=yes",
    "reclamation=own-epochs",
    "caches=per-thread",
];

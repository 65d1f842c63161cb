//! What this binary is, for `--features`, `sys._parallax` and the report: each mechanism, or its plain alternative.

/// The answer to "which one?", by mechanism.
pub const FEATURES: &[&str] = &[
    "header=16",
    if cfg!(feature = "counts-classic") {
        "counts=classic"
    } else if cfg!(feature = "counts-atomic") {
        "counts=atomic"
    } else {
        "counts=private+shared"
    },
    if cfg!(feature = "counts-classic") {
        "reads=conditional"
    } else if cfg!(feature = "reads-counted") {
        "reads=counted"
    } else {
        "reads=uncounted"
    },
    if cfg!(feature = "writes-locked") { "private_writes=locked" } else { "private_writes=unlocked" },
    if cfg!(feature = "deferred-counted") { "deferred=counted" } else { "deferred=per-thread" },
    if cfg!(feature = "counters") { "counters=on" } else { "counters=off" },
    if cfg!(feature = "alloc-system") { "alloc=system" } else { "alloc=mimalloc" },
    if cfg!(feature = "objects-singly") { "objects=singly" } else { "objects=blocks" },
    if cfg!(feature = "floats-boxed") { "floats=boxed" } else { "floats=unboxed" },
    if cfg!(feature = "immortal-counted") { "immortal=counted" } else { "immortal=yes" },
    if cfg!(feature = "reads-locked") { "shared_reads=locked" } else { "shared_reads=lock-free" },
    if cfg!(feature = "stores-held") { "stores=held" } else { "stores=own-epochs" },
    "reclamation=own-epochs",
    "caches=per-thread",
];

#[cfg(all(feature = "counts-classic", feature = "counts-atomic"))]
compile_error!("counts-classic and counts-atomic exclude each other: an owner that counts atomically is not biased");
#[cfg(all(feature = "counts-classic", feature = "reads-counted"))]
compile_error!("counts-classic counts registers already: leave reads-counted out");

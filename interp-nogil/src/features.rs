//! What this binary is, for `--features` and the report.

/// The alternatives built in, by name.
pub const FEATURES: &[&str] =
    &["nogil", "counts=private+shared", "immortal", "reads=uncounted", "epochs=own", "caches=per-thread", "header=16"];

//! What this binary is, for `--features` and the report.

/// The alternatives built in, by name.
pub const FEATURES: &[&str] = &["gil", "counts=plain", "immortal", "switch=interval+forced", "header=8"];

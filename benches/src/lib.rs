//! The measuring laboratory: it runs the workloads on both interpreters and their peers (`runner`), keeps what it found in
//! immutable stores (`store`), and turns stores into a report (`analysis`, `report`) or a comparison (`compare`).
//!
//! It drives executables and links no interpreter, so that it builds at once and can build them itself.

pub mod analysis;
pub mod child;
pub mod cli;
pub mod compare;
pub mod criterion_results;
pub mod interpreters;
pub mod latency;
pub mod machine;
pub mod native;
pub mod plan;
pub mod report;
pub mod rng;
pub mod runner;
pub mod statistics;
pub mod store;
pub mod variants;
pub mod workloads;

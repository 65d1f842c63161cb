//! `cargo bench`: one criterion group a workload and a primitive operation, `gil` and `nogil` side by side in one process.
//!
//! Criterion measures one build wholly, then the other, so this is the everyday comparison; the headline figures come from
//! the paired rounds of `cargo lab report`, which also shows what was measured here. Under `cargo test` every program runs
//! once on each build, without criterion.

mod adapter;
mod primitives;
mod session;
mod workloads;

use std::process::ExitCode;
use std::time::Duration;

use criterion::Criterion;
use parallax_benches::{child, criterion_results, machine, workloads as files};

/// The allocator of both interpreters.
#[global_allocator]
static ALLOCATOR: parallax_vm::allocator::Allocator = parallax_vm::allocator::Allocator;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            child::note(&format!("cargo bench: {reason}"));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let told = |flag: &str| std::env::args().any(|argument| argument == flag);
    let groups: Vec<_> = [primitives::groups()?, workloads::groups()?].into_iter().flatten().collect();
    // Cargo says `--bench` to a bench target unless it tests.
    if !told("--bench") {
        for group in &groups {
            group.once()?;
        }
        println!("{} programs ran once on each build", groups.len());
        return Ok(());
    }
    let mut measured = Vec::new();
    let criterion = Criterion::default().sample_size(20).warm_up_time(Duration::from_millis(500));
    let mut criterion = criterion.measurement_time(Duration::from_secs(2)).configure_from_args();
    for group in &groups {
        group.measure(&mut criterion, &mut measured);
    }
    criterion.final_summary();
    if told("--test") {
        return Ok(());
    }
    if cfg!(debug_assertions) {
        child::note("these interpreters are not optimised: the report will not show what was measured here");
        return criterion_results::stamp(&measured, None);
    }
    criterion_results::stamp(&measured, Some(&machine::Code::here(&files::root())))
}

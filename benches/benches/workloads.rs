//! One criterion group a workload, `gil` and `nogil` side by side: the everyday comparison.
//!
//! Criterion measures one build wholly, then the other, in one process; the headline figures come from the paired rounds
//! of `cargo report`.

mod in_process;

use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use in_process::{calibrate, side_by_side};
use parallax_benches::store::Family;
use parallax_benches::workloads::{Workload, directory, discover};

fn workloads(criterion: &mut Criterion) {
    let found = discover(&directory(), &[]).expect("the workloads are part of the source tree");
    for workload in found {
        let mut group = criterion.benchmark_group(&workload.name);
        group.sample_size(20).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
        match workload.family {
            Family::Single => single(&mut group, &workload),
            _ => team(&mut group, &workload),
        }
        group.finish();
    }
}

type Group<'a> = criterion::BenchmarkGroup<'a, criterion::measurement::WallTime>;

fn single(group: &mut Group<'_>, workload: &Workload) {
    let source = workload.definitions();
    let program = (source.as_str(), workload.name.as_str());
    side_by_side(group, program, ("run", &[]), |on| calibrate(on, "run", &[], 0.002, false), false);
}

fn team(group: &mut Group<'_>, workload: &Workload) {
    let source = workload.definitions();
    let program = (source.as_str(), workload.name.as_str());
    let cores = std::thread::available_parallelism().map_or(1, usize::from) as i64;
    let mut counts = vec![1, 2, cores];
    counts.dedup();
    for threads in counts {
        let call = ("team_seconds", &[threads][..]);
        side_by_side(group, program, call, |on| calibrate(on, "team_seconds", &[1], 0.02, true), true);
    }
}

criterion_group!(benches, workloads);
criterion_main!(benches);

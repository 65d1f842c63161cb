//! What `cargo bench` found, beside the paired rounds: medians of criterion's samples, their ratio, and whether the two agree.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Slowdown;
use super::ratios::Estimate;
use crate::criterion_results::Benchmark;
use crate::store::Store;

/// One benchmark, both builds side by side.
#[derive(Clone, Debug, Serialize)]
pub struct EverydayRow {
    pub group: String,
    /// `2 threads`, for what has threads.
    pub case: Option<String>,
    /// Seconds of one unit of work, or of one operation.
    pub gil: Option<Estimate>,
    pub nogil: Option<Estimate>,
    /// nogil / gil. Not paired: criterion measures one build after the other.
    pub ratio: Option<Estimate>,
    /// The same ratio from the paired rounds, lone, where the program is one of theirs.
    pub paired: Option<Estimate>,
}

impl EverydayRow {
    pub fn is_primitive(&self) -> bool {
        self.group.starts_with("primitive/")
    }

    /// Whether the intervals of the two ways of measuring leave each other out.
    pub fn disagrees(&self) -> bool {
        let intervals = (self.ratio.and_then(|ratio| ratio.interval), self.paired.and_then(|paired| paired.interval));
        matches!(intervals, (Some((low, high)), Some((other_low, other_high))) if high < other_low || other_high < low)
    }
}

/// The rows in the order of their names.
pub(super) fn rows(store: &Store, slowdown: &Slowdown) -> Vec<EverydayRow> {
    let mut groups: BTreeMap<(&str, Option<&str>), [Option<&Benchmark>; 2]> = BTreeMap::new();
    for benchmark in &store.everyday.benchmarks {
        let place = match benchmark.build.as_str() {
            "gil" => 0,
            "nogil" => 1,
            _ => continue,
        };
        groups.entry((&benchmark.group, benchmark.case.as_deref())).or_default()[place] = Some(benchmark);
    }
    let row = |((group, case), [gil, nogil]): ((&str, Option<&str>), [Option<&Benchmark>; 2])| {
        let seconds = |side: Option<&Benchmark>| side.map_or_else(Vec::new, |side| side.seconds.clone());
        let (gil, nogil) = (seconds(gil), seconds(nogil));
        let estimate = |values: &[f64]| Estimate::of(&values.iter().copied().map(Some).collect::<Vec<_>>());
        EverydayRow {
            group: group.to_owned(),
            case: case.map(str::to_owned),
            ratio: Estimate::of_unpaired(&nogil, &gil),
            gil: estimate(&gil),
            nogil: estimate(&nogil),
            paired: slowdown.lone.row(group).filter(|_| case.is_none()).map(|row| row.estimate),
        }
    };
    groups.into_iter().map(row).collect()
}

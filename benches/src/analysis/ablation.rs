//! The price of each mechanism: a variant of a build against the build itself, paired by round.

use serde::Serialize;

use super::ratios::{self, Table};
use super::series::Samples;
use super::{Sides, single_table, table_of};
use crate::store::{Family, Mode, Role, Store};
use crate::variants::Variant;

/// The threads on which the effect on scaling is measured.
const TWO: usize = 2;

/// One variant.
#[derive(Clone, Debug, Serialize)]
pub struct Ablation {
    /// `nogil:counts-classic`
    pub label: String,
    pub meaning: String,
    /// Time / time of the default on one thread that is alone.
    pub lone: Table,
    /// The same beside a thread that wakes each millisecond.
    pub attached: Table,
    /// Throughput / throughput of the default, both on two threads, over the parallel family.
    pub two: Table,
}

/// A row for each variant that was measured.
pub(super) fn ablation(store: &Store, samples: &Samples, sides: &Sides<'_>) -> Vec<Ablation> {
    let row = |label: &str| {
        let variant = Variant::named(label);
        let gil = variant.map_or(label.starts_with("gil:"), |variant| variant.side() == Role::Gil);
        let base = if gil { sides.gil } else { sides.nogil };
        let single = |mode| single_table(store, samples, (label, mode), (base, mode), |point| point.wall);
        // The work is the same, so the throughput is the inverse of the time.
        let parallel = store.programs(Family::Parallel);
        let two = table_of(parallel, samples, TWO, (base, Mode::Team), (label, Mode::Team), |point| point.wall);
        let (mut lone, mut attached, mut two) = (single(Mode::Lone), single(Mode::Attached), two);
        ratios::judge(&mut [&mut lone, &mut attached, &mut two]);
        let meaning = variant.map_or("", |variant| variant.meaning).to_owned();
        Ablation { label: label.to_owned(), meaning, lone, attached, two }
    };
    let variants = store.builds.iter().filter(|build| build.role == Role::Variant);
    variants.map(|build| row(&build.label)).collect()
}

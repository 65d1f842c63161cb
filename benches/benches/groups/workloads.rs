//! A group for each workload of the laboratory.

use parallax_benches::store::Family;
use parallax_benches::workloads::{Workload, directory, discover};

use crate::session::Group;

pub(crate) fn groups() -> Result<Vec<Group>, String> {
    Ok(discover(&directory(), &[])?.iter().map(group).collect())
}

fn group(workload: &Workload) -> Group {
    let teams = if workload.family == Family::Single { vec![0] } else { teams() };
    Group { name: workload.name.clone(), source: workload.definitions(), teams }
}

/// One thread, two, and as many as there are cores.
fn teams() -> Vec<i64> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from) as i64;
    if cores > 2 { vec![1, 2, cores] } else { vec![1, 2] }
}

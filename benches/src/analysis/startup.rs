//! Start-up: an empty program from the start of its process to its end.

use serde::Serialize;

use super::ratios::Estimate;
use crate::statistics::median;
use crate::store::{Role, Store};

#[derive(Clone, Debug, Serialize)]
pub struct Startup {
    pub build: String,
    /// Wall seconds.
    pub seconds: Option<Estimate>,
    /// Relative to the build with the lock, paired by round.
    pub to_gil: Option<Estimate>,
}

/// A row for each build that started at all.
pub(super) fn startups(store: &Store) -> Vec<Startup> {
    let by_round = |label: &str| -> Vec<Option<f64>> {
        let of_round = |round| {
            let own = store.startup.iter().filter(|sample| sample.round == round && sample.build == label);
            median(&own.map(|sample| sample.wall).collect::<Vec<_>>())
        };
        (0..store.suite.rounds).map(of_round).collect()
    };
    let gil = store.build(Role::Gil).map_or_else(Vec::new, |build| by_round(&build.label));
    let row = |label: &str| {
        let own = by_round(label);
        let ratios: Vec<_> = own.iter().zip(&gil).map(|(own, gil)| Some((*own)? / (*gil)?)).collect();
        Startup { build: label.to_owned(), seconds: Estimate::of(&own), to_gil: Estimate::of(&ratios) }
    };
    store.builds.iter().map(|build| row(&build.label)).filter(|row| row.seconds.is_some()).collect()
}

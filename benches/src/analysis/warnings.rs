//! What a reader must know before believing a figure. Each warning has the number, the reason and the next command.

use super::Analysis;
use crate::store::Mode;

/// Rounds of a headline.
const ENOUGH_ROUNDS: u32 = 20;
/// Quartiles further apart than this, relative to the median, are noise.
const WIDE: f64 = 0.05;
/// A machine with more load than this had other things to do.
const BUSY: f64 = 0.3;
/// Names of programs in one warning, at most.
const NAMES: usize = 4;

pub(super) fn warnings(analysis: &Analysis) -> Vec<String> {
    let checks = [rounds, again, noise, load, cores, modified, layouts, everyday, errors];
    checks.iter().filter_map(|check| check(analysis)).collect()
}

fn rounds(analysis: &Analysis) -> Option<String> {
    let rounds = analysis.suite.rounds;
    // A run without a program has none.
    (0 < rounds && rounds < ENOUGH_ROUNDS).then(|| {
        format!(
            "{rounds} round{} instead of {ENOUGH_ROUNDS}{}: intervals from so few rounds are too narrow, and small differences \
             cannot be told from none. For a headline: `cargo lab report --full`.",
            if rounds == 1 { "" } else { "s" },
            if analysis.suite.kind == "quick" { ", and samples of threads shorter than half a second" } else { "" }
        )
    })
}

fn again(analysis: &Analysis) -> Option<String> {
    let figure = analysis.again.suite?;
    let (low, high) = figure.this_suite?;
    (low > 1.0 || high < 1.0).then(|| {
        format!(
            "The A/A row is {:.3} with an interval of {low:.3} to {high:.3}, which leaves out 1: the same build differs from \
             itself here, so differences of that size mean nothing. Quieten the machine and repeat: `cargo lab report --full`.",
            figure.value
        )
    })
}

fn noise(analysis: &Analysis) -> Option<String> {
    let single = |cell: &&super::CellMedian| cell.mode == Mode::Lone;
    let wide: Vec<_> = analysis.cells.iter().filter(single).filter(|cell| cell.spread > WIDE).collect();
    let worst = wide.iter().max_by(|a, b| a.spread.total_cmp(&b.spread))?;
    let all = analysis.cells.iter().filter(single).count();
    Some(format!(
        "{} of {all} lone series spread by more than {:.0} % between quartiles, widest {} on {} with {:.0} %: other work on the \
         machine, or a clock that changes its frequency. Repeat it alone: `cargo lab report --full --only {}`.",
        wide.len(),
        WIDE * 100.0,
        worst.program,
        worst.build,
        worst.spread * 100.0,
        worst.program
    ))
}

fn load(analysis: &Analysis) -> Option<String> {
    let load = analysis.machine.load.filter(|load| *load > BUSY)?;
    Some(format!(
        "The load was {load:.2} when the run began: other programs took part of the machine. End them and repeat: `cargo lab report`."
    ))
}

fn cores(analysis: &Analysis) -> Option<String> {
    (analysis.machine.cores < 2).then(|| {
        "One core: no figure for several threads says anything about parallelism. Repeat on a machine with more: `cargo lab report`."
            .to_owned()
    })
}

fn modified(analysis: &Analysis) -> Option<String> {
    analysis.code.modified.then(|| {
        "The working tree differed from the commit named below: these figures cannot be made again from it. Commit, then: \
         `cargo lab report`."
            .to_owned()
    })
}

fn layouts(analysis: &Analysis) -> Option<String> {
    (analysis.suite.layouts < 2 && analysis.suite.rounds > 0).then(|| {
        "One link order: where code happens to lie moves tiny loops by several per cent, and no interval here holds that. To \
         have it in them: `cargo lab report --layouts 4`."
            .to_owned()
    })
}

fn everyday(analysis: &Analysis) -> Option<String> {
    let apart: Vec<&str> =
        analysis.everyday.iter().filter(|row| row.disagrees()).map(|row| row.group.as_str()).collect();
    let names = apart[..apart.len().min(NAMES)].join(", ");
    (!apart.is_empty()).then(|| {
        format!(
            "Criterion and the paired rounds disagree on {} of {} programs ({names}{}): their intervals leave each other out. The \
             paired rounds count; to repeat criterion's: `cargo bench -- single/`.",
            apart.len(),
            analysis.everyday.iter().filter(|row| row.paired.is_some()).count(),
            if apart.len() > NAMES { ", …" } else { "" }
        )
    })
}

fn errors(analysis: &Analysis) -> Option<String> {
    let first = analysis.errors.first()?;
    Some(format!(
        "{} cells failed, first {} on {} ({}); they are listed below and missing from the means. See one alone: \
         `cargo lab report --only {}`.",
        analysis.errors.len(),
        first.program,
        first.build,
        first.reason,
        first.program
    ))
}

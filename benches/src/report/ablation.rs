//! The price of each mechanism, in words and as two plots.

use super::plots::{self, Lines};
use super::svg::Marker;
use super::text;
use crate::analysis::{Ablation, Estimate, Figure, Row, Table, Verdict};

/// What the pages print; empty where no variant was measured.
#[derive(Default)]
pub(crate) struct View {
    /// Variant, meaning, then value and interval of: alone, attached, two threads.
    pub(crate) rows: Vec<[String; 8]>,
    pub(crate) cost: String,
    pub(crate) effect: String,
    pub(crate) single: usize,
    pub(crate) parallel: usize,
}

impl View {
    pub(crate) fn of(variants: &[Ablation]) -> Self {
        if variants.is_empty() {
            return Self::default();
        }
        let interval = |figure: Option<Figure>| text::interval(figure.and_then(|figure| figure.this_suite));
        let row = |one: &Ablation| {
            let [lone, attached, two] = [one.lone.suite, one.attached.suite, one.two.suite];
            let value = text::figure;
            let cells = [value(lone), interval(lone), value(attached), interval(attached), value(two), interval(two)];
            let [a, b, c, d, e, f] = cells;
            [one.label.clone(), one.meaning.clone(), a, b, c, d, e, f]
        };
        let programs = |of: fn(&Ablation) -> &Table| variants.iter().map(|one| of(one).rows.len()).max().unwrap_or(0);
        let parallel = programs(|one| &one.two);
        Self {
            rows: variants.iter().map(row).collect(),
            cost: cost(variants),
            effect: if parallel == 0 { String::new() } else { effect(variants) },
            single: programs(|one| &one.lone),
            parallel,
        }
    }
}

/// The suite figures of the variants as a table of its own: one row a variant.
fn summary(variants: &[Ablation], of: fn(&Ablation) -> &Table) -> Table {
    let row = |one: &Ablation| {
        let Figure { value, this_suite, .. } = of(one).suite?;
        let estimate = Estimate { value, interval: this_suite, rounds: 0 };
        Some(Row { program: one.label.clone(), estimate, p: None, p_holm: None, verdict: Verdict::Unknown })
    };
    Table { rows: variants.iter().filter_map(row).collect(), suite: None }
}

const LINES: Lines = Lines { left: 190.0, mean: false };

fn cost(variants: &[Ablation]) -> String {
    let (lone, attached) = (summary(variants, |one| &one.lone), summary(variants, |one| &one.attached));
    let series = [("lone", Marker::Circle, &lone), ("attached", Marker::Triangle, &attached)];
    plots::ratios_with(
        "Cost of each alternative on one thread",
        "time / time of the default (right of 1: slower)",
        &series,
        LINES,
    )
}

fn effect(variants: &[Ablation]) -> String {
    let two = summary(variants, |one| &one.two);
    plots::ratios_with(
        "Effect of each alternative on two threads",
        "throughput / that of the default, both on two threads (left of 1: less)",
        &[("two", Marker::Square, &two)],
        LINES,
    )
}

//! Tables of paired ratios: one row a program, one column a round, and what may be said about each row and about the suite.

use serde::Serialize;

use crate::rng::Rng;
use crate::statistics::{bootstrap, geometric_mean, holm, median, paired_p};

/// The seed of all resampling: the same store always gives the same report.
const SEED: u64 = 0x0005_EED0_F0A1;
/// Fewer rounds or programs than this give no interval.
const FEWEST: usize = 3;
const SIGNIFICANT: f64 = 0.05;

/// A median of paired ratios with its 95 % interval over rounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    pub value: f64,
    pub interval: Option<(f64, f64)>,
    pub rounds: usize,
}

impl Estimate {
    pub fn of(ratios: &[Option<f64>]) -> Option<Self> {
        let known: Vec<f64> = ratios.iter().flatten().copied().collect();
        let value = median(&known)?;
        let interval =
            (known.len() >= FEWEST).then(|| bootstrap(&mut Rng::new(SEED), |rng| median(&draw(&known, rng)))).flatten();
        Some(Self { value, interval, rounds: known.len() })
    }

    /// The ratio of two medians whose samples belong to no common rounds; its interval resamples both.
    pub fn of_unpaired(over: &[f64], under: &[f64]) -> Option<Self> {
        let value = median(over)? / median(under)?;
        let rounds = over.len().min(under.len());
        let resample = |rng: &mut Rng| Some(median(&draw(over, rng))? / median(&draw(under, rng))?);
        let interval = (rounds >= FEWEST).then(|| bootstrap(&mut Rng::new(SEED), resample)).flatten();
        Some(Self { value, interval, rounds })
    }

    /// The largest relative distance from 1 that the interval allows.
    fn reach(&self) -> f64 {
        let (low, high) = self.interval.unwrap_or((self.value, self.value));
        (low - 1.0).abs().max((high - 1.0).abs())
    }
}

fn draw(values: &[f64], rng: &mut Rng) -> Vec<f64> {
    values.iter().map(|_| values[rng.below(values.len())]).collect()
}

/// What may be said about a row.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Significantly above 1.
    Above,
    /// Significantly below 1.
    Below,
    /// No significant difference; the ratio lies within this distance of 1.
    Within(f64),
    /// Too few rounds to say anything.
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    pub program: String,
    pub estimate: Estimate,
    /// Of "no difference", before and after Holm's correction.
    pub p: Option<f64>,
    pub p_holm: Option<f64>,
    pub verdict: Verdict,
}

/// A geometric mean over programs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figure {
    pub value: f64,
    /// Resampling rounds: this suite.
    pub this_suite: Option<(f64, f64)>,
    /// Resampling rounds and programs: programs like these.
    pub programs_like_these: Option<(f64, f64)>,
    pub programs: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Table {
    pub rows: Vec<Row>,
    pub suite: Option<Figure>,
}

impl Table {
    /// `columns` holds each program's ratios by round. Programs without any ratio have no row.
    pub fn of(columns: Vec<(String, Vec<Option<f64>>)>) -> Self {
        let known: Vec<&[Option<f64>]> = columns.iter().map(|column| column.1.as_slice()).collect();
        let suite = Figure::of(&known);
        let rows = columns.into_iter().filter_map(|(program, ratios)| {
            let estimate = Estimate::of(&ratios)?;
            let p = paired_p(&ratios.into_iter().flatten().collect::<Vec<_>>());
            Some(Row { program, estimate, p, p_holm: None, verdict: Verdict::Unknown })
        });
        Self { rows: rows.collect(), suite }
    }

    pub fn row(&self, program: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.program == program)
    }
}

/// Corrects the rows of all `tables` together and says what each row shows.
pub(super) fn judge(tables: &mut [&mut Table]) {
    let mut rows: Vec<&mut Row> = tables.iter_mut().flat_map(|table| &mut table.rows).collect();
    let known: Vec<f64> = rows.iter().filter_map(|row| row.p).collect();
    let mut adjusted = holm(&known).into_iter();
    for row in &mut rows {
        if row.p.is_none() {
            continue;
        }
        let p = adjusted.next().expect("one adjusted value for each known p");
        row.p_holm = Some(p);
        let (low, high) = row.estimate.interval.unwrap_or((0.0, f64::INFINITY));
        row.verdict = match p < SIGNIFICANT {
            true if low > 1.0 => Verdict::Above,
            true if high < 1.0 => Verdict::Below,
            _ => Verdict::Within(row.estimate.reach()),
        };
    }
}

impl Figure {
    fn of(columns: &[&[Option<f64>]]) -> Option<Self> {
        let columns: Vec<&[Option<f64>]> =
            columns.iter().copied().filter(|column| column.iter().any(Option::is_some)).collect();
        let medians: Vec<f64> = columns.iter().filter_map(|column| middle(column, None)).collect();
        let value = geometric_mean(&medians)?;
        let rounds = columns.iter().map(|column| column.len()).max()?;
        let resample = |rng: &mut Rng, programs: Option<&[usize]>| {
            let draw: Vec<usize> = (0..rounds).map(|_| rng.below(rounds)).collect();
            let own: Vec<usize> = (0..columns.len()).collect();
            let chosen = programs.unwrap_or(&own).iter();
            // A program that lacks every drawn round keeps its median.
            let values = chosen
                .filter_map(|&index| middle(columns[index], Some(&draw)).or_else(|| middle(columns[index], None)));
            geometric_mean(&values.collect::<Vec<_>>())
        };
        let enough = rounds >= FEWEST;
        let this_suite = enough.then(|| bootstrap(&mut Rng::new(SEED), |rng| resample(rng, None))).flatten();
        let programs_like_these = (enough && columns.len() >= FEWEST)
            .then(|| {
                bootstrap(&mut Rng::new(SEED), |rng| {
                    let programs: Vec<usize> = columns.iter().map(|_| rng.below(columns.len())).collect();
                    resample(rng, Some(&programs))
                })
            })
            .flatten();
        Some(Self { value, this_suite, programs_like_these, programs: columns.len() })
    }
}

/// The median over the rounds in `draw`, or over all.
fn middle(column: &[Option<f64>], draw: Option<&[usize]>) -> Option<f64> {
    match draw {
        None => median(&column.iter().flatten().copied().collect::<Vec<_>>()),
        Some(draw) => {
            median(&draw.iter().filter_map(|&round| column.get(round).copied().flatten()).collect::<Vec<_>>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, ratios: &[f64]) -> (String, Vec<Option<f64>>) {
        (name.to_owned(), ratios.iter().map(|&ratio| Some(ratio)).collect())
    }

    #[test]
    fn rows_are_judged_together() {
        let slower = column("slower", &[1.20, 1.21, 1.19, 1.20, 1.22, 1.20]);
        let faster = column("faster", &[0.80, 0.81, 0.79, 0.80, 0.80, 0.82]);
        let equal = column("equal", &[0.97, 1.02, 1.01, 0.99, 1.00, 1.03]);
        let mut table = Table::of(vec![slower, faster, equal]);
        judge(&mut [&mut table]);
        assert_eq!(table.row("slower").unwrap().verdict, Verdict::Above);
        assert_eq!(table.row("faster").unwrap().verdict, Verdict::Below);
        let Verdict::Within(reach) = table.row("equal").unwrap().verdict else { panic!("{table:?}") };
        assert!(reach > 0.0 && reach < 0.05);
        let suite = table.suite.unwrap();
        assert_eq!(suite.programs, 3);
        let (low, high) = suite.this_suite.unwrap();
        assert!(low <= suite.value && suite.value <= high);
        let (wide_low, wide_high) = suite.programs_like_these.unwrap();
        assert!(wide_low < low && high < wide_high, "programs differ more than rounds do");
    }

    #[test]
    fn one_round_is_no_evidence() {
        let mut table = Table::of(vec![column("once", &[2.0])]);
        judge(&mut [&mut table]);
        let row = &table.rows[0];
        assert_eq!((row.estimate.value, row.estimate.interval, row.verdict), (2.0, None, Verdict::Unknown));
        assert_eq!(table.suite.unwrap().this_suite, None);
    }

    #[test]
    fn missing_rounds_are_left_out() {
        let table =
            Table::of(vec![("gaps".to_owned(), vec![Some(2.0), None, Some(2.0)]), ("none".to_owned(), vec![None; 3])]);
        assert_eq!(table.rows.len(), 1);
        assert_eq!(table.rows[0].estimate.rounds, 2);
        assert_eq!(table.suite.unwrap().programs, 1);
    }
}

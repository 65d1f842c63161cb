//! The few statistics that the report rests on: medians, geometric means, bootstrap intervals, a paired test, Holm's correction.
//! Everything takes plain slices, so that each can be checked against known answers.

use crate::rng::Rng;

/// How many resamples stand behind an interval.
pub const RESAMPLES: usize = 2000;

/// The quantile `q` (0 to 1) of `sorted`, linear between neighbours; `None` for no values.
pub fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = q.clamp(0.0, 1.0) * last as f64;
    let (below, above) = (place.floor() as usize, place.ceil() as usize);
    Some(sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64))
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values
}

pub fn median(values: &[f64]) -> Option<f64> {
    quantile(&sorted(values), 0.5)
}

/// The distance between the quartiles, relative to the median: how noisy a series is.
pub fn spread(values: &[f64]) -> Option<f64> {
    let values = sorted(values);
    let middle = quantile(&values, 0.5)?;
    Some((quantile(&values, 0.75)? - quantile(&values, 0.25)?) / middle)
}

/// The geometric mean of positive values.
pub fn geometric_mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    Some((values.iter().map(|value| value.ln()).sum::<f64>() / values.len() as f64).exp())
}

/// The 95 % percentile bootstrap interval of a statistic that draws its own resample.
pub fn bootstrap(rng: &mut Rng, mut statistic: impl FnMut(&mut Rng) -> Option<f64>) -> Option<(f64, f64)> {
    let draws: Option<Vec<f64>> = (0..RESAMPLES).map(|_| statistic(rng)).collect();
    let draws = sorted(&draws?);
    Some((quantile(&draws, 0.025)?, quantile(&draws, 0.975)?))
}

/// The two-sided p value of "these paired ratios centre on 1": Student's test on their logarithms. `None` for fewer than three.
pub fn paired_p(ratios: &[f64]) -> Option<f64> {
    let count = ratios.len();
    if count < 3 {
        return None;
    }
    let logs: Vec<f64> = ratios.iter().map(|ratio| ratio.ln()).collect();
    let mean = logs.iter().sum::<f64>() / count as f64;
    let variance = logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / (count - 1) as f64;
    if variance == 0.0 {
        return Some(if mean == 0.0 { 1.0 } else { 0.0 });
    }
    Some(student_two_sided(mean / (variance / count as f64).sqrt(), (count - 1) as f64))
}

/// P(|T| >= |t|) for Student's distribution.
pub fn student_two_sided(t: f64, degrees: f64) -> f64 {
    incomplete_beta(degrees / (degrees + t * t), degrees / 2.0, 0.5)
}

/// The regularised incomplete beta function by its continued fraction (Lentz's evaluation).
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    // The fraction converges fast only below the mean; above it the symmetric value is taken.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(1.0 - x, b, a);
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln()).exp() / a;
    let away_from_zero = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let (mut c, mut d) = (1.0, 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for m in 1..300 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let before = fraction;
        for term in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + term * d);
            c = away_from_zero(1.0 + term / c);
            fraction *= c * d;
        }
        if (fraction - before).abs() <= 1e-15 * fraction.abs() {
            break;
        }
    }
    front * fraction
}

/// ln Γ(x) for positive x: Stirling's series, after the recurrence has moved x to where it is exact.
fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut shift) = (x, 0.0);
    while x < 12.0 {
        shift += x.ln();
        x += 1.0;
    }
    let square = x * x;
    let series = (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - 1.0 / (1680.0 * square)) / square) / square) / x;
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series - shift
}

/// Holm's step-down correction: adjusted p values in the order of the given ones.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut floor: f64 = 0.0;
    for (rank, &index) in order.iter().enumerate() {
        floor = floor.max((p_values[index] * (p_values.len() - rank) as f64).min(1.0));
        adjusted[index] = floor;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0), "{a} is not {b}");
    }

    #[test]
    fn medians_and_quantiles() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(quantile(&[0.0, 10.0], 0.25), Some(2.5));
        assert_eq!(spread(&[9.0, 10.0, 11.0]), Some(0.1));
    }

    #[test]
    fn geometric_means() {
        close(geometric_mean(&[2.0, 8.0]).unwrap(), 4.0);
        assert_eq!(geometric_mean(&[]), None);
    }

    /// The interval of a fixed sample from a fixed seed, to the last digit: whoever changes the generator, the number of
    /// resamples or the quantiles changes every report, and must mean to.
    #[test]
    fn a_bootstrap_of_fixed_data_is_the_golden_one() {
        let values = [1.02, 1.05, 0.98, 1.11, 1.07, 1.03, 0.99, 1.04, 1.06, 1.01];
        let interval = bootstrap(&mut Rng::new(42), |rng| {
            let draw: Vec<f64> = values.iter().map(|_| values[rng.below(values.len())]).collect();
            geometric_mean(&draw)
        });
        let (low, high) = interval.unwrap();
        assert_eq!((format!("{low:.9}"), format!("{high:.9}")), ("1.012849957".to_owned(), "1.059082179".to_owned()));
        // About two standard errors of the mean each way, as theory has it.
        let mean = geometric_mean(&values).unwrap();
        assert!((mean - low - 0.024).abs() < 0.006 && (high - mean - 0.024).abs() < 0.006, "{mean}");
    }

    #[test]
    fn student_against_the_tables() {
        // Critical values that every statistics table prints.
        assert!((student_two_sided(2.776_445_105, 4.0) - 0.05).abs() < 1e-9);
        assert!((student_two_sided(2.093_024_054, 19.0) - 0.05).abs() < 1e-9);
        assert!((student_two_sided(63.656_741_162, 1.0) - 0.01).abs() < 1e-9);
        close(student_two_sided(0.0, 7.0), 1.0);
        // One degree of freedom is Cauchy's distribution, two have a closed form.
        close(student_two_sided(1.0, 1.0), 0.5);
        close(student_two_sided(3.0, 2.0), 1.0 - 3.0 / 11f64.sqrt());
    }

    #[test]
    fn paired_test_by_hand() {
        assert_eq!(paired_p(&[1.1, 1.2]), None);
        assert_eq!(paired_p(&[1.0, 1.0, 1.0]), Some(1.0));
        assert_eq!(paired_p(&[2.0, 2.0, 2.0]), Some(0.0));
        assert!(paired_p(&[1.10, 1.11, 1.09, 1.10, 1.12]).unwrap() < 0.001);
        assert!(paired_p(&[0.9, 1.1, 1.0, 0.95, 1.06]).unwrap() > 0.5);
    }

    #[test]
    fn holm_by_hand() {
        let adjusted = holm(&[0.01, 0.04, 0.03, 0.005]);
        for (got, want) in adjusted.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            close(*got, want);
        }
        assert!(holm(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn a_median_lies_inside_and_ignores_order(mut values in prop::collection::vec(0.1f64..100.0, 1..40)) {
            let middle = median(&values).unwrap();
            values.reverse();
            prop_assert_eq!(median(&values), Some(middle));
            let below = values.iter().filter(|value| **value < middle).count();
            let above = values.iter().filter(|value| **value > middle).count();
            prop_assert!(below * 2 <= values.len() && above * 2 <= values.len());
        }

        #[test]
        fn turning_ratios_over_changes_nothing_but_the_sign(ratios in prop::collection::vec(0.5f64..2.0, 3..20)) {
            let over: Vec<f64> = ratios.iter().map(|ratio| 1.0 / ratio).collect();
            prop_assert!((paired_p(&ratios).unwrap() - paired_p(&over).unwrap()).abs() < 1e-6);
            prop_assert!((geometric_mean(&ratios).unwrap() * geometric_mean(&over).unwrap() - 1.0).abs() < 1e-9);
        }

        #[test]
        fn holm_never_lowers_and_keeps_the_order(p in prop::collection::vec(0.0f64..1.0, 1..30)) {
            let adjusted = holm(&p);
            for i in 0..p.len() {
                prop_assert!(adjusted[i] >= p[i] && adjusted[i] <= 1.0);
                for j in 0..p.len() {
                    prop_assert!(p[i] >= p[j] || adjusted[i] <= adjusted[j]);
                }
            }
        }

        #[test]
        fn a_bootstrap_interval_holds_the_sample_between_its_extremes(values in prop::collection::vec(0.5f64..2.0, 3..20)) {
            let (low, high) = bootstrap(&mut Rng::new(3), |rng| {
                let draw: Vec<f64> = values.iter().map(|_| values[rng.below(values.len())]).collect();
                median(&draw)
            }).unwrap();
            let sorted = sorted(&values);
            prop_assert!(sorted[0] <= low && low <= high && high <= sorted[sorted.len() - 1]);
        }
    }
}

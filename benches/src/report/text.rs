//! Numbers as the report prints them.

use crate::analysis::{Estimate, Figure, Verdict};

/// What stands where there is no number.
pub(crate) const NONE: &str = "–";

/// A ratio with as many digits as it can bear: 0.071, 1.08, 12.3.
pub(crate) fn ratio(value: f64) -> String {
    match value {
        value if value >= 9.995 => format!("{value:.1}"),
        value if value >= 0.0995 => format!("{value:.2}"),
        value => format!("{value:.3}"),
    }
}

pub(crate) fn interval(interval: Option<(f64, f64)>) -> String {
    match interval {
        // Two digits would print a narrow interval as a point.
        Some((low, high)) if high - low < 0.006 && high < 9.995 => format!("{low:.3}–{high:.3}"),
        Some((low, high)) => format!("{}–{}", ratio(low), ratio(high)),
        None => NONE.to_owned(),
    }
}

pub(crate) fn optional(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_owned(), ratio)
}

pub(crate) fn estimate(estimate: Option<Estimate>) -> String {
    optional(estimate.map(|estimate| estimate.value))
}

pub(crate) fn figure(figure: Option<Figure>) -> String {
    optional(figure.map(|figure| figure.value))
}

/// `8 %` of 1.08 and of 0.92; one digit more below ten.
pub(crate) fn percent(ratio: f64) -> String {
    let percent = (ratio - 1.0).abs() * 100.0;
    if percent < 9.95 { format!("{percent:.1} %") } else { format!("{percent:.0} %") }
}

/// What a row of time ratios shows; never a win without significance.
pub(crate) fn verdict(verdict: Verdict, value: f64) -> String {
    match verdict {
        // Above all that can be called a percentage, a factor reads better.
        Verdict::Above if value >= 2.0 => format!("{} times slower", ratio(value)),
        Verdict::Below if value <= 0.5 => format!("{} times faster", ratio(1.0 / value)),
        Verdict::Above => format!("{} slower", percent(value)),
        Verdict::Below => format!("{} faster", percent(value)),
        Verdict::Within(reach) => format!("no significant difference (within ±{})", percent(1.0 + reach)),
        Verdict::Unknown => "too few rounds to say".to_owned(),
    }
}

/// `1.25 s`, `21.3 ms`, `830 µs`.
pub(crate) fn duration(seconds: f64) -> String {
    match seconds {
        seconds if seconds >= 1.0 => format!("{seconds:.2} s"),
        seconds if seconds >= 1e-3 => format!("{:.1} ms", seconds * 1e3),
        seconds => format!("{:.0} µs", seconds * 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!([ratio(0.0712), ratio(1.0789), ratio(12.34)], ["0.071", "1.08", "12.3"]);
        assert_eq!(interval(Some((1.061, 1.104))), "1.06–1.10");
        assert_eq!(interval(Some((1.0741, 1.0789))), "1.074–1.079");
        assert_eq!(interval(None), NONE);
        assert_eq!([duration(1.25), duration(0.02134), duration(0.00083)], ["1.25 s", "21.3 ms", "830 µs"]);
    }

    #[test]
    fn verdicts_never_claim_what_is_not_significant() {
        assert_eq!(verdict(Verdict::Above, 1.084), "8.4 % slower");
        assert_eq!(verdict(Verdict::Below, 0.8), "20 % faster");
        assert_eq!(verdict(Verdict::Above, 2.5), "2.50 times slower");
        assert_eq!(verdict(Verdict::Within(0.03), 1.02), "no significant difference (within ±3.0 %)");
        assert_eq!(verdict(Verdict::Unknown, 1.5), "too few rounds to say");
    }
}

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

/// The unit for a time, how many of it are a second, and the digits it bears.
fn unit(seconds: f64) -> (&'static str, f64, usize) {
    match seconds {
        seconds if seconds >= 1.0 => ("s", 1.0, 2),
        seconds if seconds >= 1e-3 => ("ms", 1e3, 1),
        seconds if seconds >= 1e-6 => ("µs", 1e6, if seconds < 1e-4 { 1 } else { 0 }),
        seconds => ("ns", 1e9, if seconds < 1e-8 { 2 } else { 1 }),
    }
}

/// `1.25 s`, `21.3 ms`, `830 µs`, `4.71 ns`.
pub(crate) fn duration(seconds: f64) -> String {
    let (name, factor, digits) = unit(seconds);
    format!("{:.digits$} {name}", seconds * factor)
}

/// A time and its interval, in the unit of the time: `21.3 ms` and `21.1–21.6`.
pub(crate) fn timed(estimate: Option<Estimate>) -> (String, String) {
    let Some(estimate) = estimate else { return (NONE.to_owned(), NONE.to_owned()) };
    let (_, factor, digits) = unit(estimate.value);
    let spread = |(low, high): (f64, f64)| format!("{:.digits$}–{:.digits$}", low * factor, high * factor);
    (duration(estimate.value), estimate.interval.map_or_else(|| NONE.to_owned(), spread))
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
        assert_eq!([duration(4.712e-9), duration(47.12e-9)], ["4.71 ns", "47.1 ns"]);
        let estimate = Estimate { value: 0.02134, interval: Some((0.0211, 0.0216)), rounds: 5 };
        assert_eq!(timed(Some(estimate)), ("21.3 ms".to_owned(), "21.1–21.6".to_owned()));
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

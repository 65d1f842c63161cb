//! The latency family in words, and as histograms on a common axis of time.

use super::svg::{self, Anchor, Marker, Svg};
use super::text::{self, NONE};
use crate::analysis::{Analysis, Delay, Distribution, Fairness, Kind, Latency, Shares};
use crate::store::Role;

/// What the pages print; empty where nothing was measured.
#[derive(Default)]
pub(crate) struct View {
    pub(crate) delays: Vec<Group<6>>,
    pub(crate) plot: String,
    pub(crate) shares: Vec<Group<4>>,
    pub(crate) share_plot: String,
    /// Does an entry want more cores than there are?
    pub(crate) beyond: bool,
    pub(crate) errors: Vec<[String; 4]>,
}

/// One condition, and a line for each build: build, p50, its range over processes, p99, max, samples; or build, ideal, smallest, largest.
pub(crate) struct Group<const N: usize> {
    pub(crate) name: String,
    pub(crate) lines: Vec<[String; N]>,
}

impl View {
    pub(crate) fn of(analysis: &Analysis) -> Self {
        let Latency { delays, shares, errors } = &analysis.latency;
        let error = |error: &crate::analysis::LatencyError| {
            [error.question.to_owned(), error.build.clone(), error.reason.clone(), error.processes.to_string()]
        };
        let look = |build: &str| look(analysis, build);
        Self {
            delays: delays.iter().map(delay).collect(),
            plot: if delays.is_empty() { String::new() } else { histograms(delays, look) },
            shares: shares.iter().map(fairness).collect(),
            share_plot: if shares.is_empty() { String::new() } else { dots(shares, look) },
            beyond: delays.iter().any(|delay| delay.beyond_cores) || shares.iter().any(|shares| shares.beyond_cores),
            errors: errors.iter().map(error).collect(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.delays.is_empty() && self.shares.is_empty()
    }
}

/// One sentence for a run that measured nothing else.
pub(crate) fn sentence(analysis: &Analysis) -> Option<String> {
    let p50 = |role| {
        let label = &analysis.builds.iter().find(|build| build.role == role)?.label;
        let wake = |delay: &&Delay| delay.kind == Kind::Wake && delay.threads == 1;
        let delay = analysis.latency.delays.iter().find(wake)?;
        let own = delay.builds.iter().find(|own| own.build == *label)?;
        Some(text::duration(own.quantiles?.p50))
    };
    match (p50(Role::Gil), p50(Role::Nogil)) {
        (Some(gil), Some(nogil)) => {
            Some(format!("Without the lock: a sleeper wakes {nogil} late beside a computing thread, with it {gil}"))
        }
        _ => {
            let Latency { delays, shares, .. } = &analysis.latency;
            (!delays.is_empty() || !shares.is_empty()).then(|| "What threads suffer from their neighbours".to_owned())
        }
    }
}

/// The class and the shape of a build.
fn look(analysis: &Analysis, build: &str) -> (&'static str, Marker) {
    match analysis.builds.iter().find(|other| other.label == build).map(|build| build.role) {
        Some(Role::Gil) => ("gil", Marker::Circle),
        Some(Role::Nogil) => ("nogil", Marker::Square),
        _ => ("peer", Marker::Triangle),
    }
}

fn count(threads: usize, what: &str, beyond: bool) -> String {
    let mark = if beyond { " *" } else { "" };
    match threads {
        0 => "nothing else running".to_owned(),
        1 => format!("1 thread {what}{mark}"),
        threads => format!("{threads} threads {what}{mark}"),
    }
}

fn name(delay: &Delay) -> String {
    let Delay { kind, threads, beyond_cores, .. } = *delay;
    let heap = delay.objects.map_or_else(String::new, |objects| match objects {
        objects if objects % 1_000_000 == 0 => format!("{} M objects, ", objects / 1_000_000),
        objects => format!("{objects} objects, "),
    });
    match kind {
        Kind::Collection => format!("collection: {heap}{}", count(threads, "running", beyond_cores)),
        Kind::Stall => format!("stall of a running thread: {heap}{}", count(threads, "running", beyond_cores)),
        Kind::Wake => format!("wake-up: {}", count(threads, "computing", beyond_cores)),
        Kind::Handover => format!("hand-over: {}", count(threads, "computing", beyond_cores)),
    }
}

fn delay(delay: &Delay) -> Group<6> {
    let line = |own: &Distribution| {
        let time = |of: fn(&crate::analysis::Quantiles) -> f64| {
            own.quantiles.as_ref().map_or_else(|| NONE.to_owned(), |quantiles| text::duration(of(quantiles)))
        };
        let range = own.quantiles.filter(|_| own.processes > 1).map_or_else(String::new, |quantiles| {
            let (low, high) = quantiles.medians;
            format!("{} – {}", text::duration(low), text::duration(high))
        });
        let samples = own.samples.to_string();
        [own.build.clone(), time(|q| q.p50), range, time(|q| q.p99), time(|q| q.max), samples]
    };
    Group { name: name(delay), lines: delay.builds.iter().map(line).collect() }
}

fn fairness(fairness: &Fairness) -> Group<4> {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let line = |own: &Shares| [own.build.clone(), percent(fairness.ideal), percent(own.smallest), percent(own.largest)];
    let name = count(fairness.threads, "computing", fairness.beyond_cores);
    Group { name, lines: fairness.builds.iter().map(line).collect() }
}

const WIDTH: f64 = 640.0;
const LEFT: f64 = 112.0;
const RIGHT: f64 = 620.0;
/// The line with a group's name, the lane of a build, and the room after a group.
const HEAD: f64 = 18.0;
const LANE: f64 = 22.0;
const GAP: f64 = 8.0;
/// The highest bar of a histogram.
const BAR: f64 = 15.0;

/// The height of all groups, each of so many lanes.
fn height(groups: impl Iterator<Item = usize>) -> f64 {
    groups.map(|lanes| HEAD + LANE * lanes as f64 + GAP).sum()
}

/// A histogram for each build under each condition: bars upwards, the median's mark, a stroke at p99, a line up to the maximum.
fn histograms(delays: &[Delay], look: impl Fn(&str) -> (&'static str, Marker)) -> String {
    let bottom = height(delays.iter().map(|delay| delay.builds.len()));
    let mut page = Svg::new(WIDTH, bottom + 36.0, "Histograms of collections, stalls, wake-ups and hand-overs");
    let bars = || delays.iter().flat_map(|delay| &delay.builds).flat_map(|own| &own.histogram);
    let decade = |ends: f64, round: fn(f64) -> f64| round(ends.log10()) as i32;
    let low = bars().map(|bar| bar.low).reduce(f64::min).map_or(-6, |low| decade(low * 1.0001, f64::floor));
    let high = bars().map(|bar| bar.high).reduce(f64::max).map_or(0, |high| decade(high, f64::ceil)).max(low + 1);
    let x = |seconds: f64| {
        let place = (seconds.max(1e-12).log10() - f64::from(low)) / f64::from(high - low);
        LEFT + place.clamp(0.0, 1.0) * (RIGHT - LEFT)
    };
    for power in low..=high {
        let place = x(10f64.powi(power));
        page.line("grid", (place, 4.0), (place, bottom));
        page.text("tick", (place, bottom + 15.0), Anchor::Middle, decade_name(power));
    }
    page.text("tick", (RIGHT, bottom + 32.0), Anchor::End, "time, each mark ten times the one before (left: better)");
    let mut top = 0.0;
    for delay in delays {
        page.text("label", (0.0, top + 13.0), Anchor::Start, name(delay));
        for (lane, own) in delay.builds.iter().enumerate() {
            let base = top + HEAD + LANE * (lane as f64 + 1.0) - 3.0;
            page.text("tick", (LEFT - 8.0, base), Anchor::End, &own.build);
            histogram(&mut page, own, look(&own.build), base, &x);
        }
        top += HEAD + LANE * delay.builds.len() as f64 + GAP;
    }
    page.finish()
}

fn histogram(svg: &mut Svg, own: &Distribution, look: (&str, Marker), base: f64, x: &impl Fn(f64) -> f64) {
    let (class, marker) = look;
    svg.line("axis", (LEFT, base), (RIGHT, base));
    let most = own.histogram.iter().map(|bar| bar.samples).max().unwrap_or(1) as f64;
    for bar in &own.histogram {
        // A single sample among thousands must be seen.
        let height = (BAR * bar.samples as f64 / most).max(1.5);
        let (from, to) = (x(bar.low), x(bar.high));
        svg.rect(&format!("bar {class}"), (from, base - height), (to - from, height));
    }
    let Some(quantiles) = own.quantiles else {
        svg.text("tick", (LEFT + 6.0, base - 4.0), Anchor::Start, "none");
        return;
    };
    svg.line("whisker", (x(quantiles.p50), base), (x(quantiles.max), base));
    svg.line("whisker", (x(quantiles.p99), base - 5.0), (x(quantiles.p99), base + 3.0));
    let [p50, p99, max] = [quantiles.p50, quantiles.p99, quantiles.max].map(text::duration);
    let hover = format!("{}: p50 {p50}, p99 {p99}, max {max}", own.build);
    svg.marker(&format!("point {class}"), marker, (x(quantiles.p50), base), &hover);
}

/// `1 µs`, `10 ms`, `100 s`.
fn decade_name(power: i32) -> String {
    let (unit, below) = match power {
        0.. => ("s", power),
        -3.. => ("ms", power + 3),
        _ => ("µs", power + 6),
    };
    format!("{} {unit}", 10i64.pow(below.clamp(0, 9).unsigned_abs()))
}

/// A mark for each computing thread, at its share divided by the fair one.
fn dots(fairness: &[Fairness], look: impl Fn(&str) -> (&'static str, Marker)) -> String {
    let bottom = height(fairness.iter().map(|one| one.builds.len()));
    let mut page = Svg::new(WIDTH, bottom + 36.0, "What each computing thread got done, in fair shares");
    let all = |one: &Fairness| one.builds.iter().map(|own| own.largest / one.ideal).fold(0.0, f64::max);
    let high = fairness.iter().map(all).fold(2.0, f64::max).ceil();
    let x = |times: f64| LEFT + times / high * (RIGHT - LEFT);
    let step = if high > 4.0 { 1.0 } else { 0.5 };
    for times in (0..).map(|index| f64::from(index) * step).take_while(|times| *times <= high) {
        page.line(if times == 1.0 { "one" } else { "grid" }, (x(times), 4.0), (x(times), bottom));
        page.text("tick", (x(times), bottom + 15.0), Anchor::Middle, svg::tick(times));
    }
    page.text("tick", (RIGHT, bottom + 32.0), Anchor::End, "share of each thread / fair share");
    let mut top = 0.0;
    for one in fairness {
        page.text("label", (0.0, top + 13.0), Anchor::Start, count(one.threads, "computing", one.beyond_cores));
        for (lane, own) in one.builds.iter().enumerate() {
            let base = top + HEAD + LANE * (lane as f64 + 0.5);
            let (class, marker) = look(&own.build);
            page.text("tick", (LEFT - 8.0, base + 3.5), Anchor::End, &own.build);
            page.line("axis", (LEFT, base), (RIGHT, base));
            page.line("whisker", (x(own.smallest / one.ideal), base), (x(own.largest / one.ideal), base));
            for share in own.processes.iter().flatten() {
                let hover = format!("{}: {:.1} %", own.build, share * 100.0);
                page.marker(&format!("point {class}"), marker, (x(share / one.ideal), base), &hover);
            }
        }
        top += HEAD + LANE * one.builds.len() as f64 + GAP;
    }
    page.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decades_have_names() {
        assert_eq!([-6, -5, -3, -1, 0, 1].map(decade_name), ["1 µs", "10 µs", "1 ms", "100 ms", "1 s", "10 s"]);
    }

    #[test]
    fn conditions_read_well_and_nothing_still_draws() {
        let delay = |kind, objects, threads, beyond_cores| {
            name(&Delay { kind, objects, threads, beyond_cores, builds: Vec::new() })
        };
        assert_eq!(delay(Kind::Collection, Some(3_000_000), 1, false), "collection: 3 M objects, 1 thread running");
        assert_eq!(delay(Kind::Wake, None, 0, false), "wake-up: nothing else running");
        assert_eq!(delay(Kind::Wake, None, 2, true), "wake-up: 2 threads computing *");
        assert!(histograms(&[], |_| ("gil", Marker::Circle)).starts_with("<svg"));
        assert!(dots(&[], |_| ("gil", Marker::Circle)).starts_with("<svg"));
    }
}

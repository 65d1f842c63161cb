//! The plots of the report.

use super::svg::{Anchor, Marker, Scale, Svg, tick};
use super::text;
use crate::analysis::{Curve, Estimate, Figure, Peer, Slowdown, Table, Team};

/// One series of ratios: its class, its marker, its table.
pub(crate) type Series<'a> = (&'static str, Marker, &'a Table);

/// The three slowdowns of each program.
pub(crate) fn slowdown(slowdown: &Slowdown) -> String {
    let series = [
        ("lone", Marker::Circle, &slowdown.lone),
        ("attached", Marker::Triangle, &slowdown.attached),
        ("busy", Marker::Square, &slowdown.busy),
    ];
    ratios(
        "Slowdown of each program without the lock",
        "time without the lock / time with it (left of 1: faster)",
        &series,
    )
}

/// Both builds against an installed Python.
pub(crate) fn peer(peer: &Peer) -> String {
    let series = [("gil", Marker::Circle, &peer.gil), ("nogil", Marker::Square, &peer.nogil)];
    let axis = format!("time / time of {} (left of 1: faster here)", peer.label);
    ratios(&format!("Time of each program against {}", peer.label), &axis, &series)
}

/// How the rows of a plot of ratios are laid out.
#[derive(Clone, Copy)]
pub(crate) struct Lines {
    /// Where the names end and the plot begins.
    pub(crate) left: f64,
    /// Is there a row for the mean?
    pub(crate) mean: bool,
}

fn ratios(title: &str, axis: &str, series: &[Series<'_>]) -> String {
    ratios_with(title, axis, series, Lines { left: 132.0, mean: true })
}

/// A row for the mean and for each program; in it a bar from 1, a whisker and a marker for each series.
pub(crate) fn ratios_with(title: &str, axis: &str, series: &[Series<'_>], lines: Lines) -> String {
    const RIGHT: f64 = 620.0;
    const LANE: f64 = 13.0;
    let row = LANE * series.len() as f64 + 10.0;
    let tables: Vec<&Table> = series.iter().map(|series| series.2).collect();
    let programs = programs(&tables);
    let left = lines.left;
    let bottom = 6.0 + row * (programs.len() + usize::from(lines.mean)) as f64;
    let mut svg = Svg::new(640.0, bottom + 36.0, title);
    let ends = tables.iter().flat_map(|table| &table.rows).flat_map(|row| {
        let (low, high) = row.estimate.interval.unwrap_or((row.estimate.value, row.estimate.value));
        [low, high]
    });
    let x = Scale::around(ends.chain([0.95, 1.05]), (left, RIGHT));
    for value in x.ticks() {
        let class = if (value - 1.0).abs() < 1e-9 { "one" } else { "grid" };
        svg.line(class, (x.at(value), 4.0), (x.at(value), bottom));
        svg.text("tick", (x.at(value), bottom + 15.0), Anchor::Middle, tick(value));
    }
    svg.text("tick", (RIGHT, bottom + 32.0), Anchor::End, axis);
    let names = lines.mean.then_some(None).into_iter().chain(programs.iter().map(Some));
    for (index, program) in names.enumerate() {
        let middle = 4.0 + row * (index as f64 + 0.5);
        let (class, name) = program.map_or(("label strong", "geometric mean"), |program| ("label", short(program)));
        svg.text(class, (left - 10.0, middle + 4.0), Anchor::End, name);
        for (lane, &(class, marker, table)) in series.iter().enumerate() {
            let y = middle + LANE * (lane as f64 - (series.len() - 1) as f64 / 2.0);
            let value = match program {
                None => table.suite.map(|figure| (figure.value, figure.this_suite)),
                Some(program) => table.row(program).map(|row| (row.estimate.value, row.estimate.interval)),
            };
            if let Some(value) = value {
                bar(&mut svg, &x, (class, marker), y, value, name);
            }
        }
    }
    if lines.mean {
        svg.line("axis", (left - 120.0, 4.0 + row), (RIGHT, 4.0 + row));
    }
    svg.finish()
}

/// A value with its interval.
type Value = (f64, Option<(f64, f64)>);

fn bar(svg: &mut Svg, x: &Scale, (class, marker): (&str, Marker), y: f64, (value, interval): Value, program: &str) {
    let (from, to) = (x.at(value.min(1.0)), x.at(value.max(1.0)));
    svg.rect(&format!("bar {class}"), (from, y - 4.0), (to - from, 8.0));
    if let Some((low, high)) = interval {
        svg.line(&format!("whisker {class}"), (x.at(low), y), (x.at(high), y));
    }
    let hover = format!("{program}, {class}: {} [{}]", text::ratio(value), text::interval(interval));
    svg.marker(&format!("point {class}"), marker, (x.at(value), y), &hover);
}

/// All programs of the tables, the slowest in the first table first.
fn programs(tables: &[&Table]) -> Vec<String> {
    let mut programs: Vec<(String, f64)> = Vec::new();
    for row in tables.iter().flat_map(|table| &table.rows) {
        if !programs.iter().any(|(program, _)| *program == row.program) {
            programs.push((row.program.clone(), row.estimate.value));
        }
    }
    programs.sort_by(|a, b| b.1.total_cmp(&a.1));
    programs.into_iter().map(|(program, _)| program).collect()
}

/// `nbody` of `single/nbody`.
pub(crate) fn short(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or(program)
}

/// What one panel of scaling curves shows.
struct Panel<'a> {
    title: &'a str,
    threads: Vec<usize>,
    cores: usize,
    ceiling: Vec<Option<f64>>,
    gil: Vec<Option<Value>>,
    nogil: Vec<Option<Value>>,
}

/// The curve of the whole parallel family.
pub(crate) fn suite_curve(teams: &[Team], cores: usize) -> String {
    let figure = |figure: Option<Figure>| figure.map(|figure| (figure.value, figure.this_suite));
    let panel = Panel {
        title: "geometric mean of the parallel family",
        threads: teams.iter().map(|team| team.threads).collect(),
        cores,
        ceiling: teams.iter().map(|team| team.ceiling.map(|ceiling| ceiling.value)).collect(),
        gil: teams.iter().map(|team| figure(team.gil_gain)).collect(),
        nogil: teams.iter().map(|team| figure(team.nogil_gain)).collect(),
    };
    panel.draw(460.0, 300.0)
}

/// One small panel a program.
pub(crate) fn curves(curves: &[Curve], teams: &[Team], cores: usize) -> Vec<String> {
    let estimate = |estimate: Option<Estimate>| estimate.map(|estimate| (estimate.value, estimate.interval));
    let panel = |curve: &Curve| {
        let panel = Panel {
            title: short(&curve.program),
            threads: curve.points.iter().map(|point| point.threads).collect(),
            cores,
            ceiling: teams.iter().map(|team| team.ceiling.map(|ceiling| ceiling.value)).collect(),
            gil: curve.points.iter().map(|point| estimate(point.gil_scaling)).collect(),
            nogil: curve.points.iter().map(|point| estimate(point.nogil_gain)).collect(),
        };
        panel.draw(280.0, 200.0)
    };
    curves.iter().map(panel).collect()
}

impl Panel<'_> {
    fn draw(&self, width: f64, height: f64) -> String {
        let mut svg = Svg::new(width, height, &format!("Throughput by thread count: {}", self.title));
        let (left, right, top, bottom) = (34.0, width - 12.0, 26.0, height - 34.0);
        let step = (right - left) / self.threads.len().max(1) as f64;
        let x = |index: usize| left + step * (index as f64 + 0.5);
        let highs = |series: &[Option<Value>]| -> Vec<f64> {
            series.iter().flatten().map(|(value, interval)| interval.map_or(*value, |interval| interval.1)).collect()
        };
        let values = [0.0, 1.2].into_iter().chain(self.ceiling.iter().flatten().copied());
        let y = Scale::around(values.chain(highs(&self.gil)).chain(highs(&self.nogil)), (bottom, top));
        svg.text("label strong", (left, 14.0), Anchor::Start, self.title);
        if let Some(first) = self.threads.iter().position(|threads| *threads > self.cores) {
            let from = left + step * first as f64;
            svg.rect("beyond", (from, top), (right - from, bottom - top));
            svg.text("tick", (right - 4.0, bottom - 5.0), Anchor::End, "more threads than cores");
        }
        for value in y.ticks() {
            svg.line(
                if (value - 1.0).abs() < 1e-9 { "one" } else { "grid" },
                (left, y.at(value)),
                (right, y.at(value)),
            );
            svg.text("tick", (left - 6.0, y.at(value) + 3.5), Anchor::End, tick(value));
        }
        for (index, threads) in self.threads.iter().enumerate() {
            svg.text("tick", (x(index), bottom + 14.0), Anchor::Middle, threads);
        }
        svg.text("tick", (right, height - 4.0), Anchor::End, "threads");
        let within = |&(_, value): &(usize, f64)| value <= y.high;
        let ideal = self.threads.iter().map(|threads| *threads as f64).enumerate().filter(within);
        svg.polyline("ideal", &ideal.map(|(index, value)| (x(index), y.at(value))).collect::<Vec<_>>());
        let known = self.ceiling.iter().enumerate().filter_map(|(index, value)| Some((x(index), y.at((*value)?))));
        svg.polyline("ceiling", &known.collect::<Vec<_>>());
        for (name, marker, series) in [("gil", Marker::Circle, &self.gil), ("nogil", Marker::Square, &self.nogil)] {
            self.series(&mut svg, (name, marker), series, &x, &y);
        }
        svg.finish()
    }

    fn series(
        &self,
        svg: &mut Svg,
        (name, marker): (&str, Marker),
        series: &[Option<Value>],
        x: &impl Fn(usize) -> f64,
        y: &Scale,
    ) {
        let places: Vec<(f64, f64)> =
            series.iter().enumerate().filter_map(|(index, point)| Some((x(index), y.at((*point)?.0)))).collect();
        svg.polyline(&format!("curve {name}"), &places);
        for (index, point) in series.iter().enumerate() {
            let Some((value, interval)) = *point else { continue };
            if let Some((low, high)) = interval {
                svg.line(&format!("whisker {name}"), (x(index), y.at(low)), (x(index), y.at(high)));
            }
            let (threads, value_text) = (self.threads[index], text::ratio(value));
            let hover =
                format!("{}, {name}, {threads} threads: {value_text} [{}]", self.title, text::interval(interval));
            svg.marker(&format!("point {name}"), marker, (x(index), y.at(value)), &hover);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_measured_still_draws() {
        assert!(slowdown(&Slowdown::default()).starts_with("<svg"));
        assert!(suite_curve(&[], 2).starts_with("<svg"));
        assert!(curves(&[], &[], 2).is_empty());
    }
}

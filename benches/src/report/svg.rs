//! The little of SVG that the plots need. Colours and fonts come from the page's style sheet through classes, so that a plot
//! follows light, dark and print.

use std::fmt::{Display, Write};

/// A drawing under construction.
pub(crate) struct Svg {
    width: f64,
    height: f64,
    title: String,
    body: String,
}

/// Escapes text for an element or an attribute.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// The shape of a data point: series differ in shape, not in colour alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Marker {
    Circle,
    Square,
    Triangle,
}

impl Svg {
    /// `title` is what a screen reader says.
    pub(crate) fn new(width: f64, height: f64, title: &str) -> Self {
        Self { width, height, title: escape(title), body: String::new() }
    }

    fn push(&mut self, element: std::fmt::Arguments<'_>) {
        self.body.write_fmt(element).expect("writing to a String cannot fail");
    }

    pub(crate) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let ((x1, y1), (x2, y2)) = (from, to);
        self.push(format_args!(r#"<line class="{class}" x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}"/>"#));
    }

    pub(crate) fn rect(&mut self, class: &str, at: (f64, f64), size: (f64, f64)) {
        let ((x, y), (w, h)) = (at, size);
        self.push(format_args!(r#"<rect class="{class}" x="{x:.1}" y="{y:.1}" width="{w:.1}" height="{h:.1}"/>"#));
    }

    pub(crate) fn text(&mut self, class: &str, at: (f64, f64), anchor: Anchor, text: impl Display) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let text = escape(&text.to_string());
        self.push(format_args!(
            r#"<text class="{class}" x="{:.1}" y="{:.1}" text-anchor="{anchor}">{text}</text>"#,
            at.0, at.1
        ));
    }

    pub(crate) fn polyline(&mut self, class: &str, points: &[(f64, f64)]) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        self.push(format_args!(r#"<polyline class="{class}" points="{}"/>"#, points.join(" ")));
    }

    /// A data point; `hover` is shown by the browser when pointed at.
    pub(crate) fn marker(&mut self, class: &str, marker: Marker, at: (f64, f64), hover: &str) {
        let (x, y) = at;
        let shape = match marker {
            Marker::Circle => format!(r#"<circle cx="{x:.1}" cy="{y:.1}" r="4"/>"#),
            Marker::Square => format!(r#"<rect x="{:.1}" y="{:.1}" width="7" height="7"/>"#, x - 3.5, y - 3.5),
            Marker::Triangle => {
                format!(
                    r#"<path d="M{x:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}Z"/>"#,
                    y - 4.6,
                    x + 4.4,
                    y + 3.4,
                    x - 4.4,
                    y + 3.4
                )
            }
        };
        self.push(format_args!(r#"<g class="{class}">{shape}<title>{}</title></g>"#, escape(hover)));
    }

    pub(crate) fn finish(self) -> String {
        let Self { width, height, title, body } = self;
        format!(
            r#"<svg viewBox="0 0 {width:.0} {height:.0}" width="{width:.0}" height="{height:.0}" role="img" aria-label="{title}">{body}</svg>"#
        )
    }
}

/// A linear scale from values to places on the page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    pub(crate) low: f64,
    pub(crate) high: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// A scale that holds all `values`; its ends are round numbers.
    pub(crate) fn around(values: impl Iterator<Item = f64>, place: (f64, f64)) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|value| value.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        let step = Self::step(high - low);
        let (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
        Self { low, high: if high > low { high } else { low + step }, start: place.0, end: place.1 }
    }

    fn step(range: f64) -> f64 {
        let raw = (range / 6.0).max(0.01);
        let power = 10f64.powf(raw.log10().floor());
        [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power).into_iter().find(|step| *step >= raw).unwrap_or(raw)
    }

    pub(crate) fn at(&self, value: f64) -> f64 {
        self.start + (value.clamp(self.low, self.high) - self.low) / (self.high - self.low) * (self.end - self.start)
    }

    pub(crate) fn ticks(&self) -> Vec<f64> {
        let step = Self::step(self.high - self.low);
        let count = ((self.high - self.low) / step).round() as usize;
        (0..=count).map(|index| self.low + index as f64 * step).collect()
    }
}

/// A tick without needless zeros.
pub(crate) fn tick(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_hold_their_values_between_round_ends() {
        let scale = Scale::around([0.97, 1.0, 1.38].into_iter(), (100.0, 500.0));
        assert!(scale.low <= 0.97 && scale.high >= 1.38);
        assert_eq!(scale.at(scale.low), 100.0);
        assert_eq!(scale.at(scale.high), 500.0);
        assert!((3..=12).contains(&scale.ticks().len()));
        let empty = Scale::around(std::iter::empty(), (0.0, 1.0));
        assert!(empty.high > empty.low);
        let point = Scale::around([1.0].into_iter(), (0.0, 1.0));
        assert!(point.high > point.low);
    }

    #[test]
    fn text_is_escaped() {
        let mut svg = Svg::new(10.0, 10.0, "a < b");
        svg.text("label", (0.0, 0.0), Anchor::Start, "<&>");
        let text = svg.finish();
        assert!(text.contains("&lt;&amp;&gt;") && text.contains("a &lt; b") && !text.contains("<&>"));
    }

    #[test]
    fn ticks_are_short() {
        assert_eq!([tick(1.0), tick(1.05), tick(0.5)], ["1", "1.05", "0.5"]);
    }
}

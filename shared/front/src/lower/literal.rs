//! Literals: numbers, strings (with the lone surrogates that the parser cannot represent), f-strings, docstrings.

use num_bigint::BigInt;
use num_traits::Num;
use ruff_python_ast as ruff;
use ruff_text_size::Ranged;

use super::{Lower, span};
use crate::ast::{ExprKind, FormatPart, Part, Span};
use crate::code::Const;
use crate::error::{Result, fail};

/// Digits that a decimal literal may have (as `sys.int_info.default_max_str_digits`).
const MAX_DIGITS: usize = 4300;

impl Lower<'_> {
    pub(super) fn literal(&mut self, expr: &ruff::Expr) -> Result<ExprKind> {
        use ruff::Expr as E;
        let at = span(expr.range());
        Ok(match expr {
            E::NumberLiteral(e) => ExprKind::Const(self.number(&e.value, at)?),
            E::BooleanLiteral(e) => ExprKind::Const(Const::Bool(e.value)),
            E::NoneLiteral(_) => ExprKind::Const(Const::None),
            E::EllipsisLiteral(_) => ExprKind::Const(Const::Ellipsis),
            E::BytesLiteral(e) => ExprKind::Const(Const::Bytes(e.value.bytes().collect())),
            E::StringLiteral(e) => ExprKind::Const(self.string(&e.value)),
            E::FString(e) => self.joined(&e.value)?,
            _ => return fail(at, "invalid syntax"),
        })
    }

    fn number(&self, number: &ruff::Number, at: Span) -> Result<Const> {
        let value = match number {
            ruff::Number::Float(value) => return Ok(Const::Float(*value)),
            ruff::Number::Complex { real, imag } => return Ok(Const::Complex(*real, *imag)),
            ruff::Number::Int(value) => value,
        };
        if let Some(small) = value.as_u64().and_then(|n| i64::try_from(n).ok()) {
            return Ok(Const::Int(small));
        }
        let text: String = self.text(at).chars().filter(|&c| c != '_').collect();
        let (digits, radix) = match text.get(..2) {
            Some("0x" | "0X") => (&text[2..], 16),
            Some("0o" | "0O") => (&text[2..], 8),
            Some("0b" | "0B") => (&text[2..], 2),
            _ => (text.as_str(), 10),
        };
        if radix == 10 && digits.len() > MAX_DIGITS {
            let message = format!(
                "Exceeds the limit ({MAX_DIGITS} digits) for integer string conversion: value has {} digits; use \
                 sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals \
                 to avoid decimal conversion limits.",
                digits.len()
            );
            return fail(at, message);
        }
        match BigInt::from_str_radix(digits, radix) {
            Ok(value) => Ok(crate::fold::normal(value)),
            Err(_) => fail(at, "invalid decimal literal"),
        }
    }

    fn string(&self, value: &ruff::StringLiteralValue) -> Const {
        let mut text = Text::default();
        for literal in value {
            self.string_part(literal, &mut text);
        }
        text.finish()
    }

    fn string_part(&self, literal: &ruff::StringLiteral, text: &mut Text) {
        let raw = literal.flags.prefix().is_raw();
        text.push(&literal.value, self.text(span(literal.content_range())), raw);
    }

    fn joined(&mut self, value: &ruff::FStringValue) -> Result<ExprKind> {
        let mut parts = Parts::default();
        for part in value {
            match part {
                ruff::FStringPart::Literal(literal) => self.string_part(literal, &mut parts.text),
                ruff::FStringPart::FString(fstring) => {
                    self.elements(&fstring.elements, fstring.flags.prefix().is_raw(), &mut parts)?;
                }
            }
        }
        let mut parts = parts.finish();
        Ok(match parts.as_mut_slice() {
            [] => ExprKind::Const(Const::Str("".into())),
            [Part::Text(text)] => ExprKind::Const(text.clone()),
            _ => ExprKind::Joined(parts),
        })
    }

    /// A t-string keeps its parts.
    pub(super) fn template(&mut self, value: &ruff::TStringValue) -> Result<ExprKind> {
        let mut parts = Parts::default();
        for tstring in value {
            self.elements(&tstring.elements, tstring.flags.prefix().is_raw(), &mut parts)?;
        }
        Ok(ExprKind::Template(parts.finish()))
    }

    /// The source of an interpolated expression.
    fn interpolation_text(&self, element: &ruff::InterpolatedElement) -> &str {
        let whole = span(element.range);
        let end = match &element.format_spec {
            Some(spec) => spec.range.start().to_u32() - 1,
            None => whole.end.saturating_sub(1),
        };
        let text = self.text(Span { start: whole.start + 1, end }).trim();
        let text = match element.conversion {
            ruff::ConversionFlag::None => text,
            _ => text.rsplit_once('!').map_or(text, |(text, _)| text),
        };
        let text = if element.debug_text.is_some() { text.trim_end().trim_end_matches('=') } else { text };
        text.trim()
    }

    fn elements(&mut self, elements: &ruff::InterpolatedStringElements, raw: bool, parts: &mut Parts) -> Result<()> {
        for element in elements {
            match element {
                ruff::InterpolatedStringElement::Literal(literal) => {
                    parts.text.push(&literal.value, self.text(span(literal.range)), raw);
                }
                ruff::InterpolatedStringElement::Interpolation(element) => {
                    self.interpolation(element, raw, parts)?;
                }
            }
        }
        Ok(())
    }

    fn interpolation(&mut self, element: &ruff::InterpolatedElement, raw: bool, parts: &mut Parts) -> Result<()> {
        let value = self.expr(&element.expression)?;
        let mut conversion = match element.conversion {
            ruff::ConversionFlag::None => 0,
            ruff::ConversionFlag::Str => 1,
            ruff::ConversionFlag::Repr => 2,
            ruff::ConversionFlag::Ascii => 3,
        };
        if let Some(debug) = &element.debug_text {
            parts.text.push(debug.as_str(), "", true);
            if conversion == 0 && element.format_spec.is_none() {
                conversion = 2;
            }
        }
        let spec = match &element.format_spec {
            Some(spec) => {
                let mut inner = Parts::default();
                self.elements(&spec.elements, raw, &mut inner)?;
                Some(inner.finish()).filter(|parts| !parts.is_empty())
            }
            None => None,
        };
        parts.flush();
        let text = Const::Str(self.interpolation_text(element).into());
        let part = FormatPart { span: span(element.range), value, conversion, text, spec };
        parts.list.push(Part::Value(Box::new(part)));
        Ok(())
    }

    /// Splits a docstring off a block.
    pub(super) fn docstring(&self, body: &[ruff::Stmt]) -> Option<Const> {
        let ruff::Stmt::Expr(statement) = body.first()? else { return None };
        let ruff::Expr::StringLiteral(literal) = &*statement.value else { return None };
        Some(match self.string(&literal.value) {
            Const::Str(text) => Const::Str(clean(&text).into()),
            wide => wide,
        })
    }
}

/// Takes the common indentation from a docstring, as `inspect.cleandoc` does but keeping blank lines at its ends.
fn clean(doc: &str) -> String {
    let doc = doc.replace('\t', "        ");
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let margin = doc.split('\n').skip(1).filter(|l| !l.trim_start_matches(' ').is_empty()).map(indent).min();
    let margin = margin.unwrap_or(0);
    let mut out = String::with_capacity(doc.len());
    for (i, line) in doc.split('\n').enumerate() {
        if i == 0 {
            out.push_str(line.trim_start_matches(' '));
        } else {
            out.push('\n');
            out.push_str(&line[margin.min(indent(line))..]);
        }
    }
    out
}

/// Collects decoded text; code points only once a lone surrogate turned up.
#[derive(Default)]
struct Text {
    plain: String,
    wide: Option<Vec<u32>>,
}

impl Text {
    /// Adds the decoded text of a literal whose source is `source`.
    fn push(&mut self, decoded: &str, source: &str, raw: bool) {
        let suspicious = !raw && decoded.contains('\u{fffd}') && (source.contains("\\u") || source.contains("\\U"));
        if suspicious {
            let points = self.wide.get_or_insert_with(|| self.plain.chars().map(u32::from).collect());
            patch_surrogates(decoded, source, points);
        } else if let Some(points) = &mut self.wide {
            points.extend(decoded.chars().map(u32::from));
        } else {
            self.plain.push_str(decoded);
        }
    }

    fn is_empty(&self) -> bool {
        self.plain.is_empty() && self.wide.is_none()
    }

    fn finish(self) -> Const {
        match self.wide {
            Some(points) if points.iter().any(|p| (0xD800..0xE000).contains(p)) => Const::Wide(points.into()),
            Some(points) => Const::Str(points.into_iter().filter_map(char::from_u32).collect::<String>().into()),
            None => Const::Str(self.plain.into()),
        }
    }
}

/// Each U+FFFD of the decoded text stands, in order, for a written U+FFFD or for an escape in the surrogate range.
fn patch_surrogates(decoded: &str, source: &str, points: &mut Vec<u32>) {
    let mut originals = Vec::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c == '\u{fffd}' {
            originals.push(0xFFFD);
        }
        if c != '\\' {
            continue;
        }
        let Some(kind) = rest.chars().next() else { break };
        rest = &rest[kind.len_utf8()..];
        let width = match kind {
            'u' => 4,
            'U' => 8,
            'N' => {
                if rest.starts_with("{REPLACEMENT CHARACTER}") {
                    originals.push(0xFFFD);
                }
                continue;
            }
            _ => continue,
        };
        if let Some(value) = rest.get(..width).and_then(|digits| u32::from_str_radix(digits, 16).ok())
            && ((0xD800..0xE000).contains(&value) || value == 0xFFFD)
        {
            originals.push(value);
        }
    }
    let mut originals = originals.into_iter();
    let restore = |c: char| if c == '\u{fffd}' { originals.next().unwrap_or(0xFFFD) } else { c.into() };
    points.extend(decoded.chars().map(restore));
}

/// Parts of an f-string under construction: neighbouring texts are merged.
#[derive(Default)]
struct Parts {
    list: Vec<Part>,
    text: Text,
}

impl Parts {
    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.list.push(Part::Text(std::mem::take(&mut self.text).finish()));
        }
    }

    fn finish(mut self) -> Vec<Part> {
        self.flush();
        self.list
    }
}

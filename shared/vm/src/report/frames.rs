//! The entries of a traceback as text: file, line, function, source with carets.

use crate::code::CodeBody;
use crate::context::Thread;
use crate::memory::Memory;
use crate::object::Obj;
use crate::report::carets::{self, Anchors};
use crate::types::traceback::traceback;
use parallax_front::Position;

/// How often the same line is shown before repetitions are only counted.
const SHOWN: usize = 3;

/// The text of a traceback, one entry after the other; source lines with or without carets.
pub fn format<M: Memory>(t: &mut Thread<M>, tb: &Obj<M>, carets: bool) -> String {
    let mut out = String::new();
    let mut last: Option<(String, i64, String)> = None;
    let mut count = 0;
    let mut link = tb.clone();
    while let Some(entry) = traceback(&link) {
        let (file, name) = match entry.body.code.cast::<CodeBody<M>>() {
            Some(code) => (code.body.code.filename.to_string(), code.body.code.name.to_string()),
            None => ("<unknown>".into(), "<unknown>".into()),
        };
        let (line, position) = (entry.body.line(), entry.body.position());
        let here = (file, line, name);
        if last.as_ref() != Some(&here) {
            repeated(&mut out, count);
            count = 0;
        }
        count += 1;
        if count <= SHOWN {
            out += &entry_text(t, &here.0, line, &here.2, if carets { position } else { Position::default() });
        }
        last = Some(here);
        let next = traceback(&link).and_then(|entry| entry.body.next.get(t).map(|next| next.own()));
        link = next.unwrap_or(Obj::NONE);
    }
    repeated(&mut out, count);
    out
}

fn repeated(out: &mut String, count: usize) {
    if count > SHOWN {
        let more = count - SHOWN;
        let plural = if more > 1 { "s" } else { "" };
        *out += &format!("  [Previous line repeated {more} more time{plural}]\n");
    }
}

fn entry_text<M: Memory>(t: &mut Thread<M>, file: &str, line: i64, name: &str, position: Position) -> String {
    let mut out = format!("  File \"{file}\", line {line}, in {name}\n");
    let exact = i64::from(position.line) == line && position.end_column > 0;
    let last = if exact { i64::from(position.end_line.max(position.line)) } else { line };
    let lines: Vec<String> = (line..=last)
        .map(|n| {
            let n = u32::try_from(n).unwrap_or(0);
            let text = crate::import::source_line(t, file, n).unwrap_or_default();
            text.trim_end().to_string()
        })
        .collect();
    if lines.iter().all(|l| l.trim().is_empty()) {
        return out;
    }
    if exact {
        out += &with_carets(&lines, position);
    } else {
        out += &format!("    {}\n", lines[0].trim());
    }
    out
}

/// Characters in the first `bytes` bytes of a line.
fn characters(line: &str, bytes: u32) -> usize {
    let mut end = (bytes as usize).min(line.len());
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    line[..end].chars().count()
}

fn with_carets(original: &[String], position: Position) -> String {
    let lines: Vec<Vec<char>> = dedent(original).iter().map(|l| l.chars().collect()).collect();
    let removed = original[0].chars().count() - lines[0].len();
    let last = lines.len() - 1;
    let start = characters(&original[0], position.column).saturating_sub(removed);
    let end = characters(&original[last], position.end_column).saturating_sub(removed).min(lines[last].len());
    let start = start.min(lines[0].len());
    let segment = segment(&lines, start, end);
    let anchors = carets::anchors(&segment);
    let show = should_show(&lines, start, end, anchors.as_ref(), &segment);
    let shift = |mut a: Anchors| {
        a.start.column += if a.start.line == 0 { start } else { 0 };
        a.end.column += if a.end.line == 0 { start } else { 0 };
        a
    };
    let anchors = anchors.map(shift).filter(|a| a.end.line <= last);
    let mut wanted = vec![0, last];
    if let Some(a) = anchors {
        for line in [a.start.line, a.end.line] {
            wanted.extend((line.saturating_sub(1)..=line + 1).filter(|n| *n <= last));
        }
    }
    wanted.sort_unstable();
    wanted.dedup();
    let mut out = Vec::new();
    let mut previous: Option<usize> = None;
    for line in wanted {
        match previous {
            Some(p) if line - p == 2 => show_line(&mut out, &lines, line - 1, start, end, anchors, show),
            Some(p) if line - p > 2 => out.push(format!("...<{} lines>...", line - p - 1)),
            _ => {}
        }
        show_line(&mut out, &lines, line, start, end, anchors, show);
        previous = Some(line);
    }
    dedent(&out).iter().map(|l| format!("    {l}\n")).collect()
}

/// The text between the two columns of the first and the last line.
fn segment(lines: &[Vec<char>], start: usize, end: usize) -> String {
    let whole: Vec<char> = lines.join(&'\n');
    let behind = lines.last().map_or(0, |last| last.len().saturating_sub(end));
    whole[start.min(whole.len())..(whole.len() - behind).max(start).min(whole.len())].iter().collect()
}

/// Are there carets under the expression between the two columns of the first and the last line?
pub fn shows_carets(lines: &[Vec<char>], start: usize, end: usize) -> bool {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return false };
    let (start, end) = (start.min(first.len()), end.min(last.len()));
    let segment = segment(lines, start, end);
    should_show(lines, start, end, carets::anchors(&segment).as_ref(), &segment)
}

/// Are there carets at all? Not under what fills its line, nor under the call of a plain `return` or assignment.
fn should_show(lines: &[Vec<char>], start: usize, end: usize, anchors: Option<&Anchors>, segment: &str) -> bool {
    let before: String = lines[0][..start].iter().collect();
    let after: String = lines[lines.len() - 1][end..].iter().collect();
    let (before, after) = (before.trim(), after.trim());
    let ends = after.is_empty() || after.starts_with(['#', ';']);
    if ends && anchors.is_some_and(|a| a.is_call) {
        let is_name = |s: &str| !s.is_empty() && s.chars().all(|c| c == '_' || c.is_alphanumeric());
        let callee_is_name = segment.split('(').next().is_some_and(|callee| is_name(callee.trim()));
        let assigns = before.strip_suffix('=').is_some_and(|target| is_name(target.trim()));
        if before == "return" && callee_is_name || assigns {
            return false;
        }
    }
    anchors.is_some() || !before.is_empty() || !after.is_empty()
}

fn show_line(
    out: &mut Vec<String>,
    lines: &[Vec<char>],
    at: usize,
    start: usize,
    end: usize,
    anchors: Option<Anchors>,
    show: bool,
) {
    let line = &lines[at];
    out.push(line.iter().collect());
    if !show {
        return;
    }
    let columns = |n: usize| carets::width(&line[..n.min(line.len())]);
    let blanks = line.iter().take_while(|c| c.is_whitespace()).count();
    let first = if at == 0 { columns(start) } else { 0 };
    let stop = if at == lines.len() - 1 { columns(end) } else { columns(line.len()) };
    let marks = (0..stop).map(|column| {
        if column < blanks || column < first {
            return ' ';
        }
        let Some(a) = anchors else { return '^' };
        let from = at > a.start.line || at == a.start.line && column >= columns(a.start.column);
        let to = at < a.end.line || at == a.end.line && column < columns(a.end.column);
        if from && to { '^' } else { '~' }
    });
    out.push(marks.collect());
}

/// The lines without their common indentation; blank ones become empty.
fn dedent(lines: &[String]) -> Vec<String> {
    let mut margin: Option<&str> = None;
    for line in lines.iter().filter(|l| !l.trim().is_empty()) {
        let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        margin = Some(match margin {
            None => indent,
            Some(old) => {
                let common = old.bytes().zip(indent.bytes()).take_while(|(a, b)| a == b).count();
                &old[..common]
            }
        });
    }
    let margin = margin.unwrap_or("");
    let cut = |line: &String| match line.trim().is_empty() {
        true => String::new(),
        false => line.strip_prefix(margin).unwrap_or(line).to_string(),
    };
    lines.iter().map(cut).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carets(line: &str, column: u32, end_column: u32) -> String {
        let position = Position { line: 1, end_line: 1, column, end_column };
        with_carets(&[line.to_string()], position)
    }

    #[test]
    fn as_in_tracebacks() {
        assert_eq!(carets("    x = a + b", 8, 13), "    x = a + b\n        ~~^~~\n");
        assert_eq!(carets("f()", 0, 3), "    f()\n    ~^^\n");
        assert_eq!(carets("  return g(1)", 9, 13), "    return g(1)\n");
        assert_eq!(carets("raise ValueError(1)", 0, 19), "    raise ValueError(1)\n");
        assert_eq!(carets("print(undefined)", 6, 15), "    print(undefined)\n          ^^^^^^^^^\n");
    }
}

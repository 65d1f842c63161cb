//! A line diff for failure messages: `-` expected, `+` printed, and a few lines around each change.

/// Lines shown around a change.
const CONTEXT: usize = 2;
/// Longest text that is compared line by line; a longer one is cut.
const LINES: usize = 600;
/// Longest diff that is shown.
const SHOWN: usize = 60;

/// The difference between two texts, empty when they are equal.
pub fn diff(expected: &str, actual: &str) -> String {
    if expected == actual {
        return String::new();
    }
    let marked = mark(&lines(expected), &lines(actual));
    let near = |at: usize| {
        let from = at.saturating_sub(CONTEXT);
        marked[from..marked.len().min(at + CONTEXT + 1)].iter().any(|(sign, _)| *sign != ' ')
    };
    let mut text = String::new();
    let mut gap = false;
    let mut shown = 0;
    for (at, (sign, line)) in marked.iter().enumerate() {
        if !near(at) {
            gap = true;
        } else if shown < SHOWN {
            if std::mem::take(&mut gap) {
                text.push_str("    ...\n");
            }
            text.push_str(&format!("    {sign} {line}\n"));
            shown += 1;
        }
    }
    if shown == SHOWN {
        text.push_str("    ... (cut)\n");
    }
    text
}

fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().take(LINES).map(visible).collect();
    if !text.is_empty() && !text.ends_with('\n') {
        lines.push("\\ no newline at the end".to_string());
    }
    lines
}

/// Shows control characters, which a terminal would swallow.
fn visible(line: &str) -> String {
    let short: String = line.chars().take(300).collect();
    short
        .chars()
        .map(|c| if c.is_control() && c != '\t' { c.escape_default().to_string() } else { c.to_string() })
        .collect()
}

/// The longest common subsequence by the quadratic table: the texts are short.
fn mark(a: &[String], b: &[String]) -> Vec<(char, String)> {
    let mut common = vec![vec![0u16; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i][j] = if a[i] == b[j] { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut marked) = (0, 0, Vec::new());
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            marked.push((' ', a[i].clone()));
            i += 1;
            j += 1;
        } else if j == b.len() || (i < a.len() && common[i + 1][j] >= common[i][j + 1]) {
            marked.push(('-', a[i].clone()));
            i += 1;
        } else {
            marked.push(('+', b[j].clone()));
            j += 1;
        }
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::diff;

    #[test]
    fn shows_what_changed_and_its_neighbours() {
        assert_eq!(diff("a\nb\n", "a\nb\n"), "");
        assert_eq!(diff("1\n2\n3\n4\n5\n", "1\n2\n3\n4\nfive\n"), "    ...\n      3\n      4\n    - 5\n    + five\n");
        assert_eq!(diff("a\n", "a"), "      a\n    + \\ no newline at the end\n");
    }
}

//! What is wrong with an escape sequence, as CPython's decoders say it.

/// Explains the first malformed escape of a string or bytes literal, given with its prefix and quotes.
pub(super) fn explain(literal: &str) -> String {
    let quote = literal.find(['"', '\'']).unwrap_or(0);
    let bytes_literal = literal[..quote].contains(['b', 'B']);
    let rest = &literal[quote..];
    let triple = rest.len() >= 6 && (rest.starts_with("\"\"\"") || rest.starts_with("'''"));
    let width = if triple { 3 } else { 1 };
    let body = rest.get(width..rest.len().saturating_sub(width)).unwrap_or("").as_bytes();
    let mut i = 0;
    while i + 1 < body.len() {
        if body[i] != b'\\' {
            i += 1;
            continue;
        }
        let hex = |from: usize, most: usize| {
            body[from.min(body.len())..].iter().take(most).take_while(|b| b.is_ascii_hexdigit()).count()
        };
        let unicode = |end: usize, why: &str| {
            format!("(unicode error) 'unicodeescape' codec can't decode bytes in position {i}-{end}: {why}")
        };
        match body[i + 1] {
            b'x' if hex(i + 2, 2) < 2 => {
                if bytes_literal {
                    return format!("(value error) invalid \\x escape at position {i}");
                }
                return unicode(i + 1 + hex(i + 2, 2), "truncated \\xXX escape");
            }
            b'u' if !bytes_literal && hex(i + 2, 4) < 4 => {
                return unicode(i + 1 + hex(i + 2, 4), "truncated \\uXXXX escape");
            }
            b'U' if !bytes_literal && hex(i + 2, 8) < 8 => {
                return unicode(i + 1 + hex(i + 2, 8), "truncated \\UXXXXXXXX escape");
            }
            b'U' if !bytes_literal => {
                let digits = std::str::from_utf8(&body[i + 2..i + 10]).unwrap_or("0");
                if u32::from_str_radix(digits, 16).is_ok_and(|value| value > 0x10_FFFF) {
                    return unicode(i + 9, "illegal Unicode character");
                }
            }
            b'N' if !bytes_literal => {
                let end = body[i..].iter().position(|&b| b == b'}').map(|n| i + n);
                match end {
                    Some(end) if body.get(i + 2) == Some(&b'{') && end > i + 3 => {
                        let name = std::str::from_utf8(&body[i + 3..end]).unwrap_or("");
                        if !known(name) {
                            return unicode(end, "unknown Unicode character name");
                        }
                    }
                    _ => return unicode(i + 1, "malformed \\N character escape"),
                }
            }
            _ => {}
        }
        i += 2;
    }
    "(unicode error) 'unicodeescape' codec can't decode bytes".to_owned()
}

/// Does the parser know a character of that name?
fn known(name: &str) -> bool {
    ruff_python_parser::parse_expression(&format!("\"\\N{{{name}}}\"")).is_ok()
}

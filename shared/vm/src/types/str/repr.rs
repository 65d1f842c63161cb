//! `repr` and `ascii` of text.

use super::chars;
use super::text::{Text, TextBuf};

/// The quoted form. `ascii`: escape whatever is not ASCII.
pub fn repr_text(text: Text<'_>, ascii: bool) -> TextBuf {
    let has = |q: u8| match text {
        Text::Ascii(s) => memchr::memchr(q, s).is_some(),
        Text::Wide(s) => s.contains(&(q as u32)),
    };
    let quote = if has(b'\'') && !has(b'"') { b'"' } else { b'\'' };
    let mut out = TextBuf::with_capacity(text.len() + 2);
    out.push(quote as u32);
    match text {
        Text::Ascii(s) => {
            let plain = |&c: &u8| (32..127).contains(&c) && c != quote && c != b'\\';
            let mut rest = s;
            while let Some(i) = rest.iter().position(|c| !plain(c)) {
                out.push_ascii(&rest[..i]);
                push_escaped(&mut out, rest[i] as u32, quote, ascii);
                rest = &rest[i + 1..];
            }
            out.push_ascii(rest);
        }
        Text::Wide(s) => s.iter().for_each(|&c| push_escaped(&mut out, c, quote, ascii)),
    }
    out.push(quote as u32);
    out
}

fn push_escaped(out: &mut TextBuf, c: u32, quote: u8, ascii: bool) {
    match c {
        10 => out.push_ascii(b"\\n"),
        13 => out.push_ascii(b"\\r"),
        9 => out.push_ascii(b"\\t"),
        _ if c == quote as u32 || c == 92 => out.push_ascii(&[b'\\', c as u8]),
        _ if c < 128 && (32..127).contains(&c) => out.push(c),
        _ if c >= 128 && !ascii && chars::is_printable(c) => out.push(c),
        _ => push_escape(out, c),
    }
}

/// `\xhh`, `\uhhhh` or `\Uhhhhhhhh`.
pub fn push_escape(out: &mut TextBuf, c: u32) {
    let (letter, digits) = match c {
        0..0x100 => (b'x', 2),
        0x100..0x1_0000 => (b'u', 4),
        _ => (b'U', 8),
    };
    out.push_ascii(&[b'\\', letter]);
    for i in (0..digits).rev() {
        out.push(b"0123456789abcdef"[(c >> (4 * i) & 15) as usize] as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(s: &str, ascii: bool) -> String {
        repr_text(TextBuf::from(s).as_text(), ascii).as_text().to_cow().into_owned()
    }

    #[test]
    fn quotes_and_escapes() {
        assert_eq!(shown("spam", false), "'spam'");
        assert_eq!(shown("it's", false), "\"it's\"");
        assert_eq!(shown("it's \"x\"", false), "'it\\'s \"x\"'");
        assert_eq!(shown("a\\\n\t\u{0}\u{7f}", false), "'a\\\\\\n\\t\\x00\\x7f'");
        assert_eq!(shown("é\u{a0}\u{200b}😀", false), "'é\\xa0\\u200b😀'");
        assert_eq!(shown("é😀", true), "'\\xe9\\U0001f600'");
    }

    #[test]
    fn surrogates_are_escaped() {
        assert!(repr_text(Text::Wide(&[0xd800]), false).as_text().is("'\\ud800'"));
    }
}
